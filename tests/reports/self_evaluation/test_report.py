"""The 自评报告 says what the page and `assess` say, names where every figure comes from, and has something to say of any county."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.delivery.records.report_drafts import ReportDraft, keep_draft, read_drafts
from core.delivery.records.stated import changed_figures
from core.method.assessment import Verdict
from core.reports.assess_json import assess_json
from core.reports.official.paper import Figure, Grid, Heading, Paper, Paragraph, Signature
from core.reports.official.pdf import paper_pdf
from core.reports.official.word import paper_docx
from core.reports.self_evaluation.basis import Basis
from core.reports.self_evaluation.report import self_evaluation
from core.rules.county import NO_PLAN, County
from core.wording.attention import concerns
from core.wording.numbers import against_limit
from core.wording.positions import county_overdue_sentence
from core.wording.stated import stated_figures
from core.wording.verdicts import county_headline, county_summary, row_name
from tests.support.demo_county import DEHUA, PLAN, STANDARD, Demo
from tests.support.report_basis import basis_of, packed, pdf_pages, situation_in, word_text
from tests.support.small_county import COUNTY, SmallCounty, stored, two_schools

OPENED = date(2023, 11, 30)
WITHOUT_PLAN = County(DEHUA.code, "无方案县", NO_PLAN, DEHUA.price_list, DEHUA.map)
PARTS = ["自评结论", "自评依据和方法", "资源配置", "政府保障程度", "教育质量和社会认可度", "申报条件和否决情形",
         "存在问题、原因和整改措施", "实施方案落实情况", "变化情况"]  # fmt: skip


@pytest.fixture(scope="module")
def basis(demo: Demo) -> Basis:
    """The demonstration county on the day that it is looked at."""
    return basis_of(demo.store, demo.on(OPENED))


@pytest.fixture(scope="module")
def paper(basis: Basis) -> Paper:
    """Its report."""
    return self_evaluation(basis)


@contextmanager
def reported(small: SmallCounty, county: County = WITHOUT_PLAN, **changed: object) -> Iterator[Paper]:
    """The report of a small county, made as Word and PDF too."""
    with stored(small.tables) as store:
        found = self_evaluation(basis_of(store, situation_in(store, county, date(2023, 3, 1)), **changed))
        assert paper_pdf(found).startswith(b"%PDF") and paper_docx(found)[:2] == b"PK"
        yield found


def said(paper: Paper) -> str:
    """Everything that the report says, in one line."""
    texts = []
    for block in paper.blocks:
        match block:
            case Heading() | Paragraph():
                texts.append(block.text)
            case Grid():
                texts += [block.title, *(c.text for row in block.rows for c in row), block.note]
            case Figure():
                texts += [block.title, block.note]
            case Signature():
                texts += block.lines
    return " ".join(texts)


def table(paper: Paper, title: str) -> list[list[str]]:
    """The rows of the table with a title."""
    [grid] = [b for b in paper.blocks if isinstance(b, Grid) and b.title.split("　")[1] == title]
    return [[cell.text for cell in row] for row in grid.rows]


def test_the_report_has_its_nine_parts_its_annexes_and_who_signs(paper: Paper) -> None:
    heads = [b.text for b in paper.blocks if isinstance(b, Heading) and b.level == 1]
    assert [h.split("、", 1)[1] for h in heads[:9]] == PARTS
    assert [h.split(" ")[0] for h in heads[9:]] == ["附录一", "附录二", "附录三"]
    [signed] = [b for b in paper.blocks if isinstance(b, Signature)]
    assert signed.lines == ("德化县人民政府", "2023 年 11 月 30 日")
    assert "演示数据" in paper.mark and "第 1 稿" in paper.subtitle


def test_verdict_summary_and_every_result_are_those_of_the_page_and_of_assess(paper: Paper, demo: Demo) -> None:
    judged, text = demo.assessments[2023], said(paper)
    assert county_headline(judged, "德化县", STANDARD) in text and county_summary(judged) in text
    assert county_overdue_sentence(demo.on(OPENED)) in text
    assessed = json.loads(assess_json(judged, STANDARD))
    words = {"met": "达标", "not_met": "未达标", "not_assessable": "无法判定"}
    coefficients = table(paper, "七项指标的县均值和差异系数")
    for place, indicator in enumerate(STANDARD.indicators):
        for side, stage in enumerate(("primary", "junior")):
            [held] = [b for b in assessed["balance"] if (b["stage"], b["indicator"]) == (stage, indicator.code)]
            mean, cv, verdict = coefficients[place][1 + 3 * side : 4 + 3 * side]
            limit = STANDARD.balance.limit[stage]
            assert cv == against_limit(held["cv"], limit, at_least=False, decimals=3)
            assert mean == ("…" if held["mean"] is None else f"{round(held['mean'] + 1e-9, 2):,.2f}")
            assert words[held["verdict"]] in verdict
    items = {i["code"]: i for i in assessed["items"]}
    shown = [*table(paper, "政府保障程度自评情况"), *table(paper, "教育质量和社会认可度自评情况")]
    codes = [i.code for i in judged.items if i.part in ("government", "quality", "satisfaction")]
    for code, row in zip(codes, shown, strict=True):
        assert items[code]["detail"].startswith(row[1]) and words[items[code]["verdict"]] in row[3]
    failing = {row_name(r) for r in judged.rows if r.verdict is not Verdict.MET}
    assert {row[0] for row in table(paper, "未达标和无法判定的学校")} == failing


def test_everything_that_fails_has_its_cause_its_remedy_and_who_answers(paper: Paper, demo: Demo) -> None:
    listed = concerns(demo.assessments[2023], STANDARD, PLAN)
    shown = {
        row[0]: row
        for title in ("未达标和无法判定的学校", "超过限值和无法计算的差异系数", "未达标和无法判定的项目")
        for row in table(paper, title)
    }
    assert set(shown) == {c.name for c in listed}
    for concern in listed:
        _, verdict, reason, remedy, who = shown[concern.name]
        assert concern.reason in reason and remedy not in ("", "—") and concern.lead in who
        assert verdict[0] in "▲○"
    assert "差异主要来自" in shown["小学体育场馆差异系数"][2]


def test_every_figure_of_the_text_and_the_tables_has_its_source_in_the_appendix(paper: Paper) -> None:
    rows = table(paper, "数字来源")
    known = {int(number.strip("〔〕")) for number, _ in rows}
    assert known == set(range(1, len(rows) + 1)) and all(words for _, words in rows)
    used: set[int] = set()
    for block in paper.blocks:
        if isinstance(block, Paragraph | Grid | Figure):
            used |= set(block.sources)
    assert used == known
    body = paper.blocks[: next(i for i, b in enumerate(paper.blocks) if isinstance(b, Signature))]
    # What a document is called and what a reading is are no figures of the county.
    for block in body:
        if isinstance(block, Paragraph) and re.search(r"\d+ (所|项|个|件|处)", block.text):
            assert block.sources, block.text
        if isinstance(block, Grid) and "口径和减免" not in block.title:
            assert block.sources, block.title
    told = " ".join(words for _, words in rows)
    assert "教基5176" in told and "批次 1" in told and "教督〔2017〕6号" in told and "德政办〔2019〕29号" in told


def test_assumptions_reliefs_with_their_years_and_exclusions_by_name_are_stated(paper: Paper, demo: Demo) -> None:
    options = {row[0]: row for row in table(paper, "口径和减免情形")}
    assert set(options) == {o.name for o in STANDARD.options}
    assert "2019 至 2022 学年" in options["学校规模减免"][3] and options["学校规模减免"][1] == "不适用"
    left_out = demo.assessments[2023].left_out
    assert [row[0] for row in table(paper, "未参评的学校")] == [row_name(x) for x in left_out]
    assert "若并入所属学校计算" in said(paper)


def test_word_and_pdf_hold_the_whole_report(paper: Paper) -> None:
    word, pdf = word_text(paper_docx(paper)), "".join(pdf_pages(paper_pdf(paper)))
    for block in paper.blocks:
        if isinstance(block, Grid):
            for row in block.rows:
                assert "".join(packed(c.text) for c in row) in word
                assert all(packed(c.text)[:8] in pdf for c in row)
        elif isinstance(block, Heading | Paragraph):
            assert packed(block.text) in word and packed(block.text)[:10] in pdf


def test_the_next_draft_says_which_figures_changed_since_the_last(basis: Basis) -> None:
    stated = stated_figures(basis.situation, basis.assessment)
    assert len({f.key for f in stated}) == len(stated) > 100
    with stored(two_schools().tables) as store:
        draft = ReportDraft(
            day=date(2023, 11, 1), year=2022, batches="批次 1", standard_id="旧标准", figures=stated[1:], note="送审"
        )
        kept = keep_draft(store, COUNTY, draft, LOCAL_ADMINISTRATOR, datetime(2023, 12, 1, 9))
        assert (kept.serial, kept.note) == (1, "送审")
        again = keep_draft(store, COUNTY, replace(draft, figures=stated), LOCAL_ADMINISTRATOR, datetime(2023, 12, 2, 9))
        assert again.serial == 2 and read_drafts(store, COUNTY) == (kept, again)
    changed = [replace(f, value="5/75 所达标") if f.key == "part:0" else f for f in stated if f.key != "verdict"]
    paper = self_evaluation(replace(basis, previous=replace(kept, figures=tuple(changed))))
    assert table(paper, "与上一稿不同的数字") == [
        ["全县结论", "—", "未达标"],
        ["学校（分学段计）", "5/75 所达标", "71/75 所达标"],
    ]
    assert "两稿的标准版本不同" in said(paper) and "第 2 稿" in paper.subtitle
    assert changed_figures(stated, stated) == []
    gone = changed_figures(stated, stated[1:])
    assert [(c.name, c.after) for c in gone] == [("全县结论", None)]


def test_a_county_without_a_plan_says_so_and_names_no_unit() -> None:
    with reported(two_schools(), is_demo=False) as paper:
        text = said(paper)
        assert "无方案县没有载入实施方案，只按国家标准判定。" in text and "教育局" not in text
        assert "无方案县达到国家优质均衡标准" in text and "没有未达标和无法判定的事项" in text
        assert paper.mark == ""


def test_with_a_failing_school_and_no_plan_the_lead_is_left_to_the_county() -> None:
    small = two_schools()
    small.school("F", "primary", {"primary": 100}, {"L1": 0, "L2": 0})
    with reported(small) as paper:
        assert table(paper, "未达标和无法判定的学校")[0][4].startswith("未明确")
        assert "整改的牵头单位由县人民政府确定" in said(paper)


def test_one_school_none_at_all_and_missing_figures_each_have_a_report_that_says_so() -> None:
    one = SmallCounty()
    one.school("P", "primary", {"primary": 1000})
    with reported(one) as paper:
        assert "小学参评 1 所" in said(paper) and "初中参评 0 所，没有参评学校" in said(paper)
    with reported(SmallCounty()) as paper:
        assert "尚不能判定是否达到国家优质均衡标准" in said(paper)
        assert not [b for b in paper.blocks if isinstance(b, Figure) and "各乡镇" in b.title]
    unknown = two_schools()
    unknown.row("enrolment", school_id="P")["backbone_teachers"] = ""
    unknown.tables["county_figures"].clear()
    unknown.tables["survey"].clear()
    with reported(unknown) as paper:
        text = said(paper)
        assert "无法判定" in text and "数据未报" in text and "社会认可度无法判定" in text


def test_very_long_and_hostile_names_stand_in_the_report_as_they_are() -> None:
    small = two_schools()
    names = ["非常长的学校名称" * 12, '<b>#panic("x")</b>{{7*7}}小学']
    for place, name in enumerate(names):
        small.school(f"S{place}", "primary", {"primary": 100}, {"L1": 0, "L2": 0})
        small.row("schools", school_id=f"S{place}")["name"] = name
    with reported(small) as paper:
        assert {names[0], names[1]} <= {row[0] for row in table(paper, "未达标和无法判定的学校")}
        pdf = "".join(pdf_pages(paper_pdf(paper)))
        assert packed(names[1]) in pdf


def test_a_draft_batch_is_named_on_every_page(basis: Basis) -> None:
    paper = self_evaluation(replace(basis, draft=7))
    assert "草稿批次 7 尚未发布，数字与结论均不作数" in paper.mark
    assert all("草稿批次7尚未发布" in page for page in pdf_pages(paper_pdf(paper)))


def test_before_recognition_ends_the_plan_nothing_is_called_overdue_afterwards(demo: Demo) -> None:
    now = demo.on(OPENED)
    assert now.stage is not None
    later = replace(now, stage=replace(now.stage, stage="recognised"), statuses={})
    paper = self_evaluation(basis_of(demo.store, later))
    assert "原方案转为历史方案，不再计逾期" in said(paper)


def test_a_store_without_reports_has_nothing_closed(demo: Demo) -> None:
    with stored(two_schools().tables) as store:
        now = situation_in(store, DEHUA, date(2023, 3, 1))
        paper = self_evaluation(basis_of(store, now))
    assert "台账没有建账的问题" in said(paper) and "没有登记建设项目" in said(paper)
    assert "附录三" not in said(paper)
