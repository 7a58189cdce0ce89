"""Each his own paper, with the figures of their page; the picture and the sheet for the wall; all of them in one run."""

import io
import re
import zipfile
from datetime import date
from math import sqrt

import pytest
from docx import Document
from PIL import Image
from pypdf import PdfReader

from core.access import LOCAL_ADMINISTRATOR, READER
from core.delivery.owed.scoreboard import scoreboard
from core.delivery.owed.units import township_page, unit_page
from core.delivery.records.records import reported_in_month
from core.delivery.status.situation import Situation
from core.method.assessment import Verdict
from core.progress import Stopped
from core.reports.briefing.briefings import county_briefing
from core.reports.editions.bundle import EditionRun, edition_counts, editions
from core.reports.editions.county_picture import WIDTH_PIXELS, county_picture
from core.reports.editions.school_paper import school_paper
from core.reports.editions.unit_paper import township_paper, unit_paper
from core.reports.editions.wall_chart import SMALLEST_POINTS, wall_chart
from core.reports.evaluation_documents import Protocol, protocol_document, protocol_paper
from core.reports.official.paper import Grid, Heading, Paper, Paragraph
from core.reports.official.pdf import paper_pdf
from core.reports.official.word import paper_docx
from core.rules.county import NO_PLAN, County
from core.wording.attention import concerns
from core.wording.positions import board_headline, open_issues, owed_now, unit_headline, unit_summary
from core.wording.schools import school_headline
from core.wording.verdicts import county_headline
from tests.support.demo_county import DEHUA, PLAN, STANDARD, Demo
from tests.support.report_basis import basis_of, packed, pdf_fonts, pdf_pages, situation_in, word_text
from tests.support.small_county import stored, two_schools

OPENED = date(2023, 11, 30)
SOURCE = "演示数据 · 批次 1"


def grid(paper: Paper, title: str) -> list[list[str]]:
    """The rows of the table with a title; none where it says that it has none."""
    found = [b for b in paper.blocks if isinstance(b, Grid) and b.title.split("　")[1] == title]
    return [[cell.text for cell in row] for g in found for row in g.rows]


def paragraphs(paper: Paper) -> str:
    """What stands between the tables."""
    return " ".join(b.text for b in paper.blocks if isinstance(b, Paragraph | Heading))


def _area(matrix: list[float]) -> float:
    """How many times larger a matrix makes an area."""
    return matrix[0] * matrix[3] - matrix[1] * matrix[2]


def run_of(demo: Demo, now: Situation) -> EditionRun:
    """A run of the day."""
    basis = basis_of(demo.store, now)
    return EditionRun(now, basis.assessment, basis.judge, basis.scores, None, LOCAL_ADMINISTRATOR, SOURCE, True)


@pytest.mark.parametrize("unit_id", ["education", "finance", "civil_affairs"])
def test_a_departments_paper_lists_what_its_page_lists(demo: Demo, unit_id: str) -> None:
    now = demo.on(OPENED)
    page = unit_page(now, unit_id)
    paper = unit_paper(now, page, LOCAL_ADMINISTRATOR, True)
    said = paragraphs(paper)
    assert packed(unit_headline(now, page)) in packed(said) and packed(unit_summary(now, page)) in packed(said)
    duties = grid(paper, "牵头的具体措施")
    assert [row[0] for row in duties] == [s.sub_item.sub_item_id for s in page.leads]
    assert [row[1] for row in grid(paper, "逾期、未达到和本月到期的任务")] == [o.name for o in owed_now(now, page)]
    assert [row[0] for row in grid(paper, "未销号的台账问题")] == [str(i.serial) for i, _ in open_issues(page.issues)]
    pledged = grid(paper, "责任事项")
    assert [row[0] for row in pledged] == [row[0] for row in duties]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row[2]) for row in pledged)
    word = word_text(paper_docx(paper))
    assert PLAN.leading_group.name in word and "责任书" in word


def test_names_and_telephones_stand_in_it_only_for_who_may_see_them(demo: Demo) -> None:
    now = demo.on(OPENED)
    page = unit_page(now, "education")
    names = {p.person for p in now.persons.values()}
    shown = word_text(paper_docx(unit_paper(now, page, LOCAL_ADMINISTRATOR, True)))
    hidden = word_text(paper_docx(unit_paper(now, page, READER, True)))
    assert any(name in shown for name in names) and not any(name in hidden for name in names)
    assert not re.search(r"000-\d{7}", hidden)


def test_a_townships_paper_names_its_failing_schools(demo: Demo) -> None:
    now, judged = demo.on(OPENED), demo.assessments[2023]
    for code in now.township_names:
        page = township_page(now, code)
        paper = township_paper(now, page, LOCAL_ADMINISTRATOR, True)
        failing = [c.name for c in concerns(judged, STANDARD, PLAN) if c.township_code == code]
        assert [row[0] for row in grid(paper, "未达标和无法判定的学校")] == failing
        assert len(grid(paper, "牵头的具体措施")) == len(page.sub_items)


def test_a_schools_plan_says_measure_money_person_term_and_closing_of_every_problem(demo: Demo) -> None:
    now, judged = demo.on(OPENED), demo.assessments[2023]
    for school_id in {row.school_id for row in judged.rows}:
        rows = judged.rows_of(school_id)
        paper = school_paper(now, judged, school_id, LOCAL_ADMINISTRATOR, True)
        assert packed(school_headline(rows)) in packed(paragraphs(paper))
        lines = grid(paper, "问题和整改")
        issues = now.issues_of_school(school_id)
        assert len(lines) >= len(issues)
        for issue, state in issues:
            [line] = [row for row in lines if row[0].startswith(f"第 {issue.serial} 号 ")]
            assert (line[6] == "未销号") == state.is_open
        failing = [r for r in rows if r.verdict is not Verdict.MET]
        assert bool(lines) or not failing, "what fails is never without a line"
        for line in lines:
            assert all(cell for cell in line)
        if not lines:
            assert "没有需要整改的问题" in paragraphs(paper)


def test_what_is_not_on_the_ledger_yet_is_priced_and_said_to_be_not_begun() -> None:
    small = two_schools()
    small.school("F", "primary", {"primary": 100}, {"L4": 10, "L5": 10, "L6": 10})
    with stored(small.tables) as store:
        now = situation_in(store, DEHUA, date(2023, 3, 1))
        assert now.assessment is not None
        paper = school_paper(now, now.assessment, "F", LOCAL_ADMINISTRATOR, False)
    [line] = grid(paper, "问题和整改")
    assert "按单价估算约" in line[2] and "资金来源待定" in line[2]
    assert line[5:] == ["未启动", "未建账"] and paper.mark == ""


def test_the_picture_is_1080_pixels_wide_and_high_enough_for_what_it_says(demo: Demo) -> None:
    now = demo.on(OPENED)
    basis = basis_of(demo.store, now)
    picture = Image.open(
        io.BytesIO(county_picture(county_briefing(now, basis.assessment, basis.scores, basis.judge, SOURCE, True)))
    )
    assert picture.format == "PNG" and picture.width == WIDTH_PIXELS == 1080 and picture.height > 1080


@pytest.mark.parametrize(("sheet", "size"), [("A1", (2384, 1684)), ("A3", (1191, 842))])
def test_the_wall_chart_is_one_sheet_with_verdict_targets_units_and_no_small_type(
    demo: Demo, sheet: str, size: tuple[int, int]
) -> None:
    now = demo.on(OPENED)
    basis = basis_of(demo.store, now)
    pdf = wall_chart(now, basis.assessment, basis.scores, basis.judge, SOURCE, True, sheet)  # type: ignore[arg-type]
    [page] = PdfReader(io.BytesIO(pdf)).pages
    assert all(
        abs(found - wanted) < 4 for found, wanted in zip((page.mediabox.width, page.mediabox.height), size, strict=True)
    )
    [text] = pdf_pages(pdf)
    assert packed(county_headline(basis.assessment, "德化县", STANDARD)) in text and "◇演示数据" in text
    assert all(packed(t.name) in text for t in PLAN.dated_targets)
    assert all(now.plan.unit(s.unit_id).name in text for s in basis.scores if s.township_code is None)
    assert pdf_fonts(pdf) == {"NotoSansSC-Regular"}
    sizes: list[float] = []

    def note(text: str, outer: list[float], inner: list[float], _: object, size: float) -> None:
        if text.strip():
            sizes.append(size * sqrt(abs(_area(outer) * _area(inner))))

    page.extract_text(visitor_text=note)
    assert min(sizes) >= SMALLEST_POINTS[sheet] - 0.01  # type: ignore[index]


def test_one_run_makes_every_paper_and_lists_them() -> None:
    told: list[float] = []
    with stored(two_schools().tables) as store:
        now = situation_in(store, DEHUA, date(2023, 3, 1))
        basis = basis_of(store, now)
        run = EditionRun(now, basis.assessment, basis.judge, basis.scores, None, LOCAL_ADMINISTRATOR, SOURCE, True)
        with zipfile.ZipFile(io.BytesIO(editions(run, told.append))) as package:
            names = package.namelist()
            listed = package.read("目录.txt").decode("utf-8-sig")
    assert told == sorted(told) and told[-1] == 1.0
    counts = {who: number for who, number, _ in edition_counts(run)}
    for who, kinds in (("部门", 2), ("乡镇", 2), ("学校", 2)):
        assert sum(name.startswith(f"{who}/") for name in names) == kinds * counts[who]
    assert {name.split("/")[1].split("_")[0] for name in names if name.startswith("全县/")} == {
        "简报", "简报图片", "作战图A1", "作战图A3", "领导小组会议材料"}  # fmt: skip
    assert all(name in listed for name in names if name != "目录.txt")
    assert all("演示数据" in name for name in names if name != "目录.txt")
    assert len(set(names)) == len(names)


def test_every_paper_of_a_draft_says_that_it_does_not_count() -> None:
    with stored(two_schools().tables) as store:
        now = situation_in(store, DEHUA, date(2023, 3, 1))
        basis = basis_of(store, now)
        run = EditionRun(now, basis.assessment, basis.judge, basis.scores, None, READER, "草稿批次 7", True, draft=7)
        with zipfile.ZipFile(io.BytesIO(editions(run, lambda _: None))) as package:
            papers = [package.read(name) for name in package.namelist() if name.endswith(".docx")]
    assert len(papers) > 20
    for paper in papers:
        header = Document(io.BytesIO(paper)).sections[0].header.paragraphs[0].text
        assert "草稿批次 7 尚未发布" in header and "演示数据" in header


def test_a_run_can_be_stopped(demo: Demo) -> None:
    def stop(_: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        editions(run_of(demo, demo.on(OPENED)), stop)


def test_a_county_without_a_plan_has_its_schools_papers_and_says_what_there_is_not() -> None:
    county = County(DEHUA.code, "无方案县", NO_PLAN, DEHUA.price_list, DEHUA.map)
    small = two_schools()
    small.row("schools", school_id="P")["name"] = "非常长的学校名称" * 12
    with stored(small.tables) as store:
        now = situation_in(store, county, date(2023, 3, 1))
        basis = basis_of(store, now, is_demo=False)
        run = EditionRun(now, basis.assessment, basis.judge, (), None, LOCAL_ADMINISTRATOR, "批次 1", False)
        with zipfile.ZipFile(io.BytesIO(editions(run, lambda _: None))) as package:
            names, listed = package.namelist(), package.read("目录.txt").decode("utf-8-sig")
        assert "没有载入实施方案，没有部门的清单和会议材料" in listed
        assert not [n for n in names if n.startswith("部门/") or "会议材料" in n]
        assert sum(n.startswith("学校/") for n in names) == 4 and all(len(n.encode()) < 255 for n in names)
        scores = scoreboard(now, reported_in_month(store, DEHUA.code, now.as_of, now.as_of))
        [text] = pdf_pages(wall_chart(now, basis.assessment, scores, basis.judge, "批次 1", False, "A3"))
        assert "没有载入实施方案" in text and "无方案县达到国家优质均衡标准" in text
        assert paper_pdf(school_paper(now, basis.assessment, "P", READER, False)).startswith(b"%PDF")


def test_the_board_and_the_papers_count_alike(demo: Demo) -> None:
    now = demo.on(OPENED)
    run = run_of(demo, now)
    late = sum(len(unit_page(now, u.unit_id).late) for u in PLAN.units if u.kind not in ("group", "townships"))
    assert f"逾期 {late + len(unit_page(now, 'townships').late)} 项" in board_headline(now, run.scores)


def test_the_wall_chart_carries_its_link_within_the_sheet(demo: Demo) -> None:
    now, link = demo.on(OPENED), "http://10.0.0.8:8501/pinned?pin=16107"
    basis = basis_of(demo.store, now)
    [text] = pdf_pages(wall_chart(now, basis.assessment, basis.scores, basis.judge, SOURCE, True, "A3", link))
    assert link in text


def test_a_mock_evaluations_protocol_is_an_official_paper() -> None:
    held = Protocol(
        title="2023 年模拟评估",
        drawn="从 75 所中抽取 3 所",
        stages=[("1. 资格审查", "已认定", "通过")],
        schools=[("甲小学", "核查 4 项")],
        differences=[("甲小学", "在校生", "900", "899", "转出")],
        issues=["第 3 号 学籍不符（甲小学）"],
        made_on="德化县　截至 2023 年 11 月 30 日",
    )
    paper = protocol_paper(held, True)
    assert [b.text for b in paper.blocks if isinstance(b, Heading)][:2] == ["一、抽样", "二、各环节结论"]
    word = word_text(protocol_document(held, True))
    assert all(packed(t) in word for t in ("从75所中抽取3所", "甲小学", "转出", "1.第3号学籍不符（甲小学）"))
    assert "演示数据" in paper.mark
