"""佐证材料: the boxes with what each holds and lacks, one box's papers, catalogue, labels, reminders, the package."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.delivery.owed.evidence_boxes import Box, Filed, Missing, evidence_boxes
from core.facts.county_facts import judgements
from core.progress import unheard
from core.reports.evidence.catalogue import catalogue_paper, catalogue_table, missing_table, reminder_paper
from core.reports.evidence.labels import labels_pdf
from core.reports.evidence.package import evidence_package, package_bytes
from core.reports.official.pdf import paper_pdf
from core.reports.official.word import paper_docx
from core.reports.tables import file_name
from core.wording.carrying_out.evidence import (
    asked_for,
    box_name,
    boxes_headline,
    bringing,
    filed_state,
    missing_state,
    pages_text,
    period_text,
    years_text,
)
from ui import cache
from ui.access import while_permitted
from ui.carrying_out.papers.report_view import WORD_TYPE
from ui.carrying_out.supervision.attachments_view import attachment_links
from ui.frame import View
from ui.labels import plain
from ui.links import address, linked_choice
from ui.status_view import back_link
from ui.tables import downloads, origin_of, sentence_table

_PAPERS_SHOWN = 40


def headline(view: View) -> str:
    """How many papers there are, and how many are missing."""
    return boxes_headline(_boxes(view))


def _boxes(view: View) -> tuple[Box, ...]:
    return cache.told(
        view.key,
        view.year,
        view.as_of,
        "boxes",
        lambda: evidence_boxes(view.situation, judgements(view.store, view.county_code, view.year)),
    )


def boxes(view: View) -> None:
    """All boxes, or one with its papers."""
    found = _boxes(view)
    by_number = {box.number: box for box in found}
    names = {box.number: f"{box.number} {box_name(box, view.situation)}" for box in found}
    number = linked_choice("盒", list(by_number), "box", names, placeholder="全部盒，选一盒看材料")
    chosen = found if number is None else (by_number[number],)
    _files(view, chosen, "" if number is None else names[number])
    if number is None:
        sentence_table(
            [_line(view, box) for box in found],
            pressing=[bool(box.missing) or not box.filed for box in found],
            fold="没有缺件的 {n} 盒",
        )
        st.caption("编号按登记先后，登记后不变；材料在“项目与台账 → 佐证目录”登记和核验。")
    else:
        back_link(view, "papers", "回到全部盒", papers_part="佐证材料")
        _papers(view, by_number[number])


def _line(view: View, box: Box) -> dict[str, str]:
    link = address("papers", papers_part="佐证材料", box=box.number)
    empty = not box.filed and not box.missing
    return {
        "盒": f"**[{plain(f'{box.number} {box_name(box, view.situation)}')}]({link})**",
        "材料": plain(f"{len(box.filed)} 份"),
        "缺": ":gray[○ 没有材料]" if empty else f":red[▲ {len(box.missing)} 份]" if box.missing else ":green[● 0]",
        "年度": plain(years_text(box)),
        "页数": plain(pages_text(box.pages) if box.filed else "—"),
    }


def _papers(view: View, box: Box) -> None:
    if box.missing:
        st.header(f"缺 {len(box.missing)} 份", anchor=False)
        sentence_table([_missing_line(view, m) for m in box.missing], pressing=[True] * len(box.missing))
    st.header(f"材料 {len(box.filed)} 份", anchor=False)
    if not box.filed:
        st.info("本盒还没有登记材料；请在“项目与台账 → 佐证目录”登记。")
    sentence_table(
        [_filed_line(view, f) for f in box.filed],
        pressing=[place < _PAPERS_SHOWN for place in range(len(box.filed))],
        fold="其余 {n} 份",
    )


def _missing_line(view: View, missing: Missing) -> dict[str, str]:
    return {
        "材料": f"**{plain(missing.title)}**",
        "状态": f":red[▲ {plain(missing_state(missing))}]",
        "用于": plain(asked_for(missing, view.situation)),
        "应由谁提供": plain(bringing(missing, view.situation)),
    }


def _filed_line(view: View, filed: Filed) -> dict[str, str]:
    entry, situation = filed.entry, view.situation
    place = entry.township_code
    holder = situation.township_names.get(place, place) if place else view.plan.unit(entry.holder_unit_id).name
    return {
        "编号": f"**{plain(filed.number)}**",
        "材料": plain(entry.title) + (f"　{links}" if (links := attachment_links(view, entry.number)) else ""),
        "年度": plain(period_text(filed)),
        "文号": plain(entry.document_number or "—"),
        "页数": plain(pages_text(entry.pages)),
        "提供单位": plain(holder),
        "状态": plain(filed_state(filed)),
    }


def _files(view: View, chosen: tuple[Box, ...], filter_: str) -> None:
    """What can be taken away of the chosen boxes."""
    situation, is_demo = view.situation, view.is_demo
    part = filter_ or "全部"

    def offer(label: str, key: str, suffix: str, kind: str, icon: str, make: Callable[[], bytes]) -> None:
        st.download_button(
            label,
            while_permitted("open" if suffix == "zip" else "view", make),
            file_name(label, f"截至{view.as_of:%Y%m%d}", part, suffix, is_demo=is_demo),
            kind,
            key=f"boxes_{key}",
            icon=f":material/{icon}:",
            on_click="ignore",
        )

    with st.container(horizontal=True):
        pdf, icon = "application/pdf", "picture_as_pdf"
        offer("目录", "catalogue", "pdf", pdf, icon, lambda: paper_pdf(catalogue_paper(situation, chosen, is_demo)))
        offer("盒脊标签", "labels", "pdf", pdf, "label", lambda: labels_pdf(situation, chosen, is_demo))
        if any(box.missing for box in chosen):
            offer(
                "缺件催办单",
                "reminders",
                "docx",
                WORD_TYPE,
                "notification_important",
                lambda: paper_docx(reminder_paper(situation, chosen, is_demo)),
            )
        if view.actor.may("open"):
            actor, origin = view.actor, origin_of(view, part)
            offer(
                "材料打包",
                "package",
                "zip",
                "application/zip",
                "folder_zip",
                lambda: evidence_package(view.store, situation, chosen, actor, origin, unheard),
            )
        downloads(view, [catalogue_table(situation, chosen), missing_table(situation, chosen)], filter_, key="boxes")
    files = sum(len(f.attachments) for box in chosen for f in box.filed)
    st.caption(
        f"打包含目录、标签、催办单和附件 {files} 个（{package_bytes(chosen) / 1_000_000:,.1f} MB），按编号命名。"
    )
