"""Every paper of the boxes in one zip, a folder a box, files under the papers' numbers, with catalogue, labels and reminders.

evidence_package(store, situation, boxes, actor, origin, tell) -> bytes
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from core.access import Actor
from core.delivery.owed.evidence_boxes import Box, Filed
from core.delivery.records.attachments import Attachment, content
from core.delivery.records.records_writing import unit_scope
from core.delivery.status.situation import Situation
from core.errors import RequestInvalid, StoreUnavailable
from core.progress import Tell
from core.reports.evidence.catalogue import catalogue_paper, catalogue_table, missing_table, reminder_paper
from core.reports.evidence.labels import labels_pdf
from core.reports.official.pdf import paper_pdf
from core.reports.official.word import paper_docx
from core.reports.tables import Origin, file_name, workbook_of
from core.store.database import Store
from core.wording.carrying_out.evidence import box_name

LARGEST_PACKAGE_BYTES = 500_000_000
_PAPERS_SHARE = 0.2


def package_bytes(boxes: Sequence[Box]) -> int:
    """How many bytes the attached files of the boxes have."""
    return sum(a.size_bytes for box in boxes for f in box.filed for a in f.attachments)


def evidence_package(
    store: Store, situation: Situation, boxes: Sequence[Box], actor: Actor, origin: Origin, tell: Tell
) -> bytes:
    """The zip. What the actor may not open, or what is lost, is listed in it and not silently left out.

    Raises RequestInvalid where the files are more than one package may hold.
    """
    size = package_bytes(boxes)
    if size > LARGEST_PACKAGE_BYTES:
        raise RequestInvalid(
            f"附件共 {size / 1_000_000:,.0f} MB，超过一次打包的上限 {LARGEST_PACKAGE_BYTES // 1_000_000} MB；请选一盒分别打包。"
        )
    made, absent = io.BytesIO(), []
    files = [(box, f, a) for box in boxes for f in box.filed for a in f.attachments]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, held in _papers(situation, boxes, origin, tell):
            package.writestr(name, held)
        for place, (box, f, a) in enumerate(files):
            path = f"{_folder(box, situation)}/{_name(f, a)}"
            if not actor.may("open", unit_scope(situation.plan, f.entry.holder_unit_id, f.entry.township_code)):
                absent.append(f"{path}\t无权打开")
            else:
                try:
                    package.writestr(path, content(store, a))
                except StoreUnavailable:
                    absent.append(f"{path}\t文件丢失或损坏，请从备份中找回或由登记人重新上传")
            tell(_PAPERS_SHARE + (1 - _PAPERS_SHARE) * (place + 1) / len(files))
        without = [f.number for box in boxes for f in box.filed if not f.attachments]
        lines = [f"已登记、没有上传扫描件的 {len(without)} 份：{'、'.join(without)}"] if without else []
        lines += [f"没有装入的附件 {len(absent)} 个：", *absent] if absent else []
        package.writestr("说明.txt", "\r\n".join(lines or ["所列材料的附件都在本压缩包中。"]).encode("utf-8-sig"))
    return made.getvalue()


def _papers(situation: Situation, boxes: Sequence[Box], origin: Origin, tell: Tell) -> list[tuple[str, bytes]]:
    tables = [catalogue_table(situation, boxes), missing_table(situation, boxes)]
    held = [("佐证材料总目录.xlsx", workbook_of(tables, origin))]
    tell(_PAPERS_SHARE / 4)
    held.append(("佐证材料目录.pdf", paper_pdf(catalogue_paper(situation, boxes, origin.is_demo))))
    tell(_PAPERS_SHARE / 2)
    held.append(("盒脊标签.pdf", labels_pdf(situation, boxes, origin.is_demo)))
    held.append(("缺件催办单.docx", paper_docx(reminder_paper(situation, boxes, origin.is_demo))))
    tell(_PAPERS_SHARE)
    return held


def _folder(box: Box, situation: Situation) -> str:
    return file_name(box.number, box_name(box, situation), "", "").removesuffix(".").replace("_", " ")


def _name(filed: Filed, attachment: Attachment) -> str:
    """The paper's number and title; of several files of one paper, each with its place."""
    place = filed.attachments.index(attachment) + 1
    number = f"{filed.number}({place})" if len(filed.attachments) > 1 else filed.number
    return file_name(number, filed.entry.title, filed.entry.document_number or "", attachment.kind.endings[0])
