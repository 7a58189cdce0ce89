"""申报材料 on its page: the report with what changed since its last draft, the six tables, the boxes of evidence."""

from __future__ import annotations

from datetime import date

import pytest

from core.delivery.records.report_drafts import read_drafts
from core.reports.official.paper import Grid
from core.reports.self_evaluation.report import self_evaluation
from core.store.database import Store
from core.wording.verdicts import county_headline, shortfall_sentence
from tests.pages.conftest import COUNTY, Open, press, title, typed, unescaped, words
from tests.support.demo_county import STANDARD, Demo, demo
from tests.support.html_tables import tables
from tests.support.report_basis import basis_of

__all__ = ["demo"]

PAGE, AS_OF = "carrying_out/papers", "2023-11-30"


def test_the_report_stands_under_its_verdict_and_says_what_it_holds(
    open_page: Open, read_store: Store, demo: Demo
) -> None:
    app = open_page(PAGE, as_of=AS_OF)
    judged = demo.assessments[2023]
    assert title(app) == f"{county_headline(judged, '德化县', STANDARD)}，自评报告尚未留存过稿"
    said = unescaped(words(app))
    [openings] = tables(app)
    assert shortfall_sentence(judged) in openings.loc["一、自评结论", "开头"]
    assert "留存后，再出报告时会列出哪些数字变了" in said
    assert [b.proto.label for b in app.get("download_button")][:2] == ["下载自评报告 Word", "下载自评报告 PDF"]


def test_a_draft_is_kept_and_the_next_report_is_held_against_it(open_page: Open, store: Store, demo: Demo) -> None:
    app = open_page(PAGE, as_of="2022-11-30")
    typed(app, "说明（报送谁、第几次审议等）", "送领导小组审议")
    press(app, "留存")
    assert "请先填写姓名" in unescaped(app.error[0].value)
    typed(app, "留存人姓名", "张三")
    press(app, "留存")
    assert "已留存为第 1 稿" in words(app)
    [kept] = read_drafts(store, COUNTY)
    assert (kept.year, kept.day, kept.note, kept.verified) == (2022, date(2022, 11, 30), "送领导小组审议", False)
    assert "现有 0 个数字与它不同" in unescaped(words(app))
    later = open_page(PAGE, as_of=AS_OF)
    assert "已留存 1 稿" in title(later)
    openings, changed, drafts = tables(later)
    assert len(openings) == 9 and "71/75" not in openings.loc["二、自评依据和方法", "开头"]
    assert (changed.loc["学校（分学段计）", "上一稿"], changed.loc["学校（分学段计）", "现在"]) == (
        "73/76 所达标", "71/75 所达标")  # fmt: skip
    assert "张三（身份未确认）" in drafts.iloc[0]["留存"]
    paper = self_evaluation(basis_of(store, demo.on(date(2023, 11, 30)), previous=kept))
    [grid] = [b for b in paper.blocks if isinstance(b, Grid) and "与上一稿不同" in b.title]
    assert len(grid.rows) == len(changed), "paper and page say the same"


def test_the_tables_are_chosen_one_by_one_and_their_check_is_told(open_page: Open, read_store: Store) -> None:
    app = open_page(PAGE, as_of=AS_OF, papers_part="申报表")
    assert title(app) == "申报表六张，表间核对 75 处，没有不一致，2 处因数据未报无法核对"
    assert not app.dataframe
    app = open_page(PAGE, as_of=AS_OF, papers_part="申报表", form="表Ⅳ 政府保障程度")
    [shown] = app.dataframe
    assert len(shown.value) == 15 and list(shown.value.columns) == ["名称", "指标值或简要结论", "是否达标"]
    wrong = open_page(PAGE, as_of=AS_OF, papers_part="申报表", form="表Ⅸ")
    assert "表Ⅸ" in unescaped(wrong.warning[0].value)


def test_the_boxes_lead_to_their_papers_and_to_what_they_lack(open_page: Open, read_store: Store) -> None:
    app = open_page(PAGE, as_of=AS_OF, papers_part="佐证材料")
    assert title(app).startswith("佐证材料 62 盒，已编号 2153 份")
    [boxes] = tables(app)
    assert boxes.loc["Q7 （七）课程开齐开足", "材料"] == "39 份"
    one = open_page(PAGE, as_of=AS_OF, papers_part="佐证材料", box="Q7")
    missing, papers = tables(one)
    assert len(missing) == 6 and missing.loc["各校课程表", "应由谁提供"] == "教育局"
    assert list(papers.index)[:2] == ["Q7-01", "Q7-02"] and len(papers) == 39
    labels = [b.proto.label for b in one.get("download_button")]
    assert {"目录", "盒脊标签", "缺件催办单", "材料打包"} <= {*labels}
    empty = open_page(PAGE, as_of=AS_OF, papers_part="佐证材料", box="G3")
    assert "本盒还没有登记材料" in words(empty)


@pytest.mark.parametrize("part", ["自评报告", "申报表", "佐证材料"])
def test_without_figures_the_page_says_where_to_begin(open_page: Open, empty_store: Store, part: str) -> None:
    app = open_page(PAGE, papers_part=part)
    assert "还没有已发布的数据" in unescaped(words(app)) or "还没有已发布的数据" in app.info[0].value
