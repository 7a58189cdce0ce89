"""模拟评估 on its page: empty, drawn, concluded; a school's table in parts; links that name nothing."""

from __future__ import annotations

from datetime import date

import pytest

from core.delivery.evaluation.evaluations import read_evaluations
from core.delivery.evaluation.site_tables import read_site_tables
from core.delivery.ledger.ledger import read_issues
from core.store.database import Store
from tests.pages.conftest import COUNTY, Open, press, title, typed, unescaped, words

PAGE, AS_OF = "carrying_out/evaluation", date(2023, 11, 30)


def begin(open_page: Open, store: Store) -> str:
    """Draw three schools; the evaluation's id."""
    app = open_page(PAGE)
    assert title(app) == "还没有做过模拟评估" and "谁抽结果都一样" in words(app)
    next(n for n in app.number_input if n.label.startswith("抽取学校数")).set_value(3)
    typed(app, "登记人姓名", "张三")
    press(app, "抽取学校并开始")
    assert "请填写抽样种子" in app.error[0].value
    typed(app, "抽样种子（如当天抽签的号码）", "21")
    press(app, "抽取学校并开始")
    assert "已抽取 3 所学校" in words(app)
    [held] = read_evaluations(store, COUNTY, AS_OF)
    assert len(held.school_ids) == 3
    return held.evaluation_id


def test_the_stages_stand_in_the_states_order_with_what_the_figures_say(open_page: Open, store: Store) -> None:
    evaluation = begin(open_page, store)
    app = open_page(PAGE, evaluation=evaluation)
    said = unescaped(words(app))
    order = [
        said.index(name) for name in ("1. 资格审查", "2. 质量监测", "3. 社会认可度调查", "4. 指标审核", "5. 核查评估")
    ]
    assert order == sorted(order)
    assert "学校（分学段计） 71/75 个达标" in said and said.count("○ 待评估组结论") >= 5
    typed(app, "依据", "核对认定文件和监测结果")
    for field in (f for f in app.text_input if f.label == "登记人姓名"):
        field.set_value("张三")
    press(app, "登记结论")
    assert "请选“通过”或“不通过”" in app.error[0].value
    next(g for g in app.button_group if g.label == "结论").set_value("不通过")
    press(app, "登记结论")
    assert "○ 不通过（张三（身份未确认），不作数）：核对认定文件和监测结果" in unescaped(words(app))
    assert title(app).startswith("2023 年模拟评估（进行中）：1/5 个环节有结论")


def test_a_schools_table_is_filled_in_by_parts_and_its_findings_go_onto_the_ledger(
    open_page: Open, store: Store
) -> None:
    evaluation = begin(open_page, store)
    app = open_page(PAGE, evaluation=evaluation, site="350526-0001")
    said = unescaped(words(app))
    assert "兰屏小学（演示）实地核查表" in [unescaped(s.value) for s in app.header] and "小学 在校生数" in said
    next(n for n in app.number_input if n.label == "核查数").set_value(1890.5)
    typed(app, "核查人姓名", "李四")
    press(app, "登记核查数")
    assert "“小学 在校生数”的数“1890.5”不是整数" in unescaped(app.error[0].value)
    next(n for n in app.number_input if n.label == "核查数").set_value(1890.0)
    next(f for f in app.text_input if f.label == "差异原因").set_value("转出 7 人")
    typed(app, "发现的问题（每行一个，逐个建账；没有的不填）", "学籍与实际不符")
    next(c for c in app.checkbox if c.label.startswith("其余还没有核查的")).check()
    press(app, "登记核查数")
    # Ticked once more, what was found otherwise stays so.
    typed(app, "核查人姓名", "李四")
    next(c for c in app.checkbox if c.label.startswith("其余还没有核查的")).check()
    press(app, "登记核查数")
    assert "没有填写核查数" in app.error[0].value
    table = read_site_tables(store, COUNTY, evaluation, AS_OF)["350526-0001"]
    assert [f.field for f in table.differences] == ["enrolment.primary.pupils"] and len(table.findings) == 4
    issue = read_issues(store, COUNTY, AS_OF)[-1]
    assert (issue.title, issue.source, issue.source_id) == ("学籍与实际不符", "mock_evaluation", evaluation)
    assert "转出 7 人" in words(app) and "◇ 尚未更正" in unescaped(words(app))
    assert "把 1 项差异存为更正草稿" not in [b.label for b in app.button], "both sides sign first"


@pytest.mark.parametrize("site", ["350526-0002", "没有", "'; drop table site_checks"])
def test_a_link_to_a_school_that_was_not_drawn_shows_the_evaluation(open_page: Open, store: Store, site: str) -> None:
    app = open_page(PAGE, evaluation=begin(open_page, store), site=site)
    assert "抽中的学校" in [s.value for s in app.header]
