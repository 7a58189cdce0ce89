"""佐证盒: every paper once, under a number that stays; what is missing is named with who brings it; the package holds what it says."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.delivery.owed.evidence_boxes import Box, box_numbers, evidence_boxes
from core.delivery.records.attachments import Upload
from core.delivery.records.records import EvidenceDraft
from core.delivery.records.records_writing import MOST_PAGES, file_evidence
from core.delivery.status.status import sub_item_statuses
from core.errors import RequestInvalid
from core.facts.county_facts import Judgement, judgements
from core.progress import unheard
from core.reports.evidence import package as packing
from core.reports.evidence.catalogue import catalogue_paper, catalogue_table, missing_table, reminder_paper
from core.reports.evidence.labels import labels_pdf
from core.reports.evidence.package import evidence_package
from core.reports.official.pdf import paper_pdf
from core.reports.official.word import paper_docx
from core.reports.tables import Origin
from core.rules.county import NO_PLAN, County
from core.store.database import Store
from core.wording.carrying_out.evidence import boxes_headline, bringing
from tests.support.demo_county import COUNTY, DEHUA, PLAN, STANDARD, Demo
from tests.support.report_basis import packed, pdf_fonts, pdf_pages, situation_in, word_text
from tests.support.small_county import publish, two_schools

OPENED, NOW = date(2023, 11, 30), datetime(2023, 12, 1, 9)
ORIGIN = Origin("县数据.xlsx", "批次 1", "2023-11-30", "全部", "教督〔2017〕6号", datetime(2023, 11, 30), True)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CLERK = Actor("李四", frozenset({"office"}), verified=True)


@pytest.fixture(scope="module")
def boxes(demo: Demo) -> tuple[Box, ...]:
    """The demonstration county's boxes."""
    return evidence_boxes(demo.on(OPENED), judgements(demo.store, COUNTY, 2023))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of two schools with files beside it."""
    opened = Store.open(tmp_path / "county.duckdb", STANDARD)
    publish(opened, two_schools().tables)
    return opened


def filed(
    store: Store, title: str, *, subject: str = "G5", pages: int | None = 4, uploads: tuple[Upload, ...] = ()
) -> int:
    """A paper put into the catalogue; its number."""
    draft = EvidenceDraft(
        subject=subject, title=title, year=2022, holder_unit_id="education", state="filed", day=date(2023, 3, 1),
        document_number=f"德教〔2023〕{title}号", document_date=date(2023, 2, 1), pages=pages,
    )  # fmt: skip
    return file_evidence(store, PLAN, COUNTY, draft, CLERK, NOW, uploads).number


def box_of(store: Store, number: str, cited: dict[str, Judgement] | None = None) -> Box:
    """The box with a number as it stands after everything written."""
    found = evidence_boxes(situation_in(store, DEHUA, OPENED), cited or {})
    return next(box for box in found if box.number == number)


def test_every_indicator_and_item_has_a_box_and_every_registered_paper_stands_in_exactly_one(
    boxes: tuple[Box, ...], demo: Demo
) -> None:
    numbers = box_numbers(STANDARD)
    assert [box.number for box in boxes][: len(numbers)] == [*numbers.values()]
    assert {"L1", "CV", "G3", "Q9", "S1", "V1", "V7", "P2"} <= {*numbers.values()}
    held = Counter(f.entry.number for box in boxes for f in box.filed)
    filed_papers = {e.number for e in demo.on(OPENED).records.evidence if e.is_filed}
    assert set(held) == filed_papers and max(held.values()) == 1
    printed = [f.number for box in boxes for f in box.filed]
    assert len(set(printed)) == len(printed)
    for box in boxes:
        assert [f.number for f in box.filed] == [f"{box.number}-{n:02}" for n in range(1, len(box.filed) + 1)]


def test_what_is_missing_is_what_the_statuses_say_is_missing(boxes: tuple[Box, ...], demo: Demo) -> None:
    now = demo.on(OPENED)
    lacking = sum(
        s.evidence_required - s.evidence_filed for s in sub_item_statuses(now).values() if s.sub_item.start <= OPENED
    )
    of_sub_items = [m for box in boxes for m in box.missing if m.subject[0] == "T"]
    assert len(of_sub_items) == lacking > 0
    assert all(bringing(m, now) != "未明确" for m in of_sub_items)
    assert f"缺 {sum(len(b.missing) for b in boxes)} 份" in boxes_headline(boxes)


def test_a_papers_number_stays_when_others_come_in_and_when_it_is_registered_anew(store: Store) -> None:
    filed(store, "乙")
    filed(store, "甲")
    before = {f.entry.title: f.number for f in box_of(store, "G5").filed}
    assert before == {"乙": "G5-01", "甲": "G5-02"}
    filed(store, "乙", pages=9)
    filed(store, "丙")
    after = box_of(store, "G5")
    assert {f.entry.title: f.number for f in after.filed} == {**before, "丙": "G5-03"}
    assert after.pages == 4 + 9 + 4 and after.years == (2022,)
    filed(store, "丁", pages=None)
    assert box_of(store, "G5").pages is None, "an uncounted paper makes the sum unknown"


def test_a_document_that_a_judgement_rests_on_is_missing_until_it_is_registered(store: Store) -> None:
    cited = {"G10": Judgement("G10", "met", "编制统筹文件", date(2022, 9, 1), None)}
    [missing] = [m for m in box_of(store, "G10", cited).missing if m.subject == "G10"]
    assert missing.title == "编制统筹文件" and missing.unit_id is not None
    filed(store, "编制统筹文件", subject="G10")
    assert [m for m in box_of(store, "G10", cited).missing if m.subject == "G10"] == []


@pytest.mark.parametrize("pages", [0, -1, MOST_PAGES + 1])
def test_pages_that_no_document_has_are_refused(store: Store, pages: int) -> None:
    with pytest.raises(RequestInvalid, match="页数"):
        filed(store, "甲", pages=pages)


def test_catalogue_and_reminders_say_every_paper_and_every_gap(boxes: tuple[Box, ...], demo: Demo) -> None:
    now = demo.on(OPENED)
    some = tuple(b for b in boxes if b.number in ("L1", "G3", "Q7", "V4", "T01"))
    table, gaps = catalogue_table(now, some), missing_table(now, some)
    assert [row[0] for row in table.rows] == [f.number for b in some for f in b.filed]
    assert len(gaps.rows) == sum(len(b.missing) for b in some)
    pdf = paper_pdf(catalogue_paper(now, some, True))
    pages = pdf_pages(pdf)
    assert pdf_fonts(pdf) == {"NotoSansSC-Regular", "NotoSerifSC-Regular"} and all("演示数据" in p for p in pages)
    whole = "".join(pages)
    for box in some:
        assert all(f.number in whole and packed(f.entry.document_number or "") in whole for f in box.filed)
    assert "本盒还没有材料" in whole
    reminders = word_text(paper_docx(reminder_paper(now, some, True)))
    for box in some:
        for m in box.missing:
            assert packed(m.title) in reminders and f"{packed(bringing(m, now))}缺件催办单" in reminders


def test_a_label_for_every_box_four_on_a_page(boxes: tuple[Box, ...], demo: Demo) -> None:
    pages = pdf_pages(labels_pdf(demo.on(OPENED), boxes, True))
    assert len(pages) == -(-len(boxes) // 4)
    whole = "".join(pages)
    assert whole.count("◇演示数据") == len(boxes) and all(box.number in whole for box in boxes)
    assert labels_pdf(demo.on(OPENED), (), False).startswith(b"%PDF")


def test_the_package_holds_every_file_under_its_papers_number(store: Store) -> None:
    filed(store, "班额台账", uploads=(Upload("扫描1.pdf", PDF), Upload("扫描2.pdf", PDF + b"2")))
    filed(store, "没有扫描件")
    now = situation_in(store, DEHUA, OPENED)
    boxes = evidence_boxes(now, {})
    with zipfile.ZipFile(io.BytesIO(evidence_package(store, now, boxes, CLERK, ORIGIN, unheard))) as package:
        names = package.namelist()
        assert package.read("G5 （五）班额/G5-01(1)_班额台账_德教〔2023〕班额台账号.pdf") == PDF
        assert "G5 （五）班额/G5-01(2)_班额台账_德教〔2023〕班额台账号.pdf" in names
        assert {"佐证材料总目录.xlsx", "佐证材料目录.pdf", "盒脊标签.pdf", "缺件催办单.docx", "说明.txt"} <= {*names}
        told = package.read("说明.txt").decode("utf-8-sig")
        book = openpyxl.load_workbook(io.BytesIO(package.read("佐证材料总目录.xlsx")))
    assert "没有上传扫描件的 1 份：G5-02" in told
    numbers = [row[0].value for row in book["佐证材料总目录"].iter_rows(min_row=3)]
    assert numbers[:2] == ["G5-01", "G5-02"]


def test_what_may_not_be_opened_or_is_lost_is_listed_and_not_left_out_silently(store: Store, tmp_path: Path) -> None:
    filed(store, "班额台账", uploads=(Upload("扫描.pdf", PDF),))
    now = situation_in(store, DEHUA, OPENED)
    boxes = evidence_boxes(now, {})

    def told(actor: Actor) -> str:
        with zipfile.ZipFile(io.BytesIO(evidence_package(store, now, boxes, actor, ORIGIN, unheard))) as package:
            assert not [n for n in package.namelist() if n.startswith("G5") and n.endswith(".pdf")]
            return package.read("说明.txt").decode("utf-8-sig")

    stranger = Actor("王五", frozenset({"liaison"}), verified=True, units=frozenset({"finance"}))
    assert "无权打开" in told(stranger)
    for kept in (tmp_path / "county.attachments").rglob("*"):
        if kept.is_file():
            kept.unlink()
    assert "文件丢失或损坏" in told(CLERK)


def test_more_than_one_package_holds_is_refused_in_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filed(store, "班额台账", uploads=(Upload("扫描.pdf", PDF),))
    now = situation_in(store, DEHUA, OPENED)
    monkeypatch.setattr(packing, "LARGEST_PACKAGE_BYTES", len(PDF) - 1)
    with pytest.raises(RequestInvalid, match="请选一盒分别打包"):
        evidence_package(store, now, evidence_boxes(now, {}), CLERK, ORIGIN, unheard)


def test_a_county_without_a_plan_has_the_standards_boxes_and_what_they_lack(store: Store) -> None:
    county = County(DEHUA.code, "无方案县", NO_PLAN, DEHUA.price_list, DEHUA.map)
    now = situation_in(store, county, OPENED)
    boxes = evidence_boxes(now, judgements(store, COUNTY, 2022))
    assert [b.number for b in boxes] == [*box_numbers(STANDARD).values()]
    assert all(bringing(m, now) == "未明确" for b in boxes for m in b.missing)
    for paper in (catalogue_paper(now, boxes, False), reminder_paper(now, boxes, False)):
        assert paper_pdf(paper).startswith(b"%PDF") and paper.mark == ""
    assert (
        evidence_package(store, now, boxes, LOCAL_ADMINISTRATOR, replace(ORIGIN, is_demo=False), unheard)[:2] == b"PK"
    )
