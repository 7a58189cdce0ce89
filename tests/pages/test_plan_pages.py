"""实施方案: every entry can be opened for a change, the registers and the stage are kept, a recognised county is monitored."""

from __future__ import annotations

import pytest

from core.delivery.records.amendments import SECTION_NAMES
from core.delivery.records.funds import read_funds
from core.delivery.records.registers import read_registers
from core.delivery.records.stages import stage_on
from core.rules.plan_amending import SECTIONS, entries_of
from core.store.database import Store
from tests.pages.conftest import Open, press, seen, title, typed, words
from tests.pages.test_carrying_out import AS_OF, COUNTY
from tests.support.demo_county import DEHUA

PLAN_PAGE = "carrying_out/plan"


@pytest.mark.parametrize("section", SECTION_NAMES)
def test_every_part_of_the_plan_opens_for_a_change_and_asks_for_its_ground(open_page: Open, section: str) -> None:
    first = str(entries_of(DEHUA.plan_table, section)[0][SECTIONS[section]])
    app = open_page(PLAN_PAGE, plan_part="方案调整", section=section, entry=first)
    typed(app, "理由", "会议决定")
    typed(app, "登记人姓名", "张三")
    press(app, "保存调整")
    assert "请写明依据" in app.error[0].value


def test_the_plan_says_its_tasks_goals_leading_group_and_what_it_presumes(open_page: Open) -> None:
    app = open_page(PLAN_PAGE)
    assert title(app).startswith("德政办〔2019〕29号：20 项任务、144 项具体措施、13 项限期目标，已调整 3 处")
    said = words(app)
    for words_ in ("学校布局科学化", "组长 县长", "创建办", "启动准备", "“基本消除”按大班额占", "逾期 16 天起"):
        assert words_ in said, words_
    task = words(open_page(PLAN_PAGE, task="T04"))
    assert "教育局牵头；配合：" in task and "竣工验收备案" in task and "演示甲子 分管负责人" in task


def test_an_entry_of_a_register_is_kept_in_its_list(open_page: Open, store: Store) -> None:
    app = open_page(PLAN_PAGE, plan_part="专项清单")
    app.button_group[0].set_value("centre")
    seen(app.run())
    assert "方案提到 5 个，还没有列出" in words(app)
    typed(app, "名称", "教师培训中心")
    typed(app, "登记人姓名", "张三")
    press(app, "登记")
    assert "进修学校“五个中心”“教师培训中心”已登记" in words(app)
    assert "已列 1 个，缺 4 个" in words(app)
    assert [e.name for e in read_registers(store, COUNTY, AS_OF) if e.register == "centre"] == ["教师培训中心"]


def test_a_recognised_county_owes_nothing_of_its_old_plan(open_page: Open, store: Store) -> None:
    app = open_page(PLAN_PAGE, plan_part="创建阶段")
    assert "处于创建阶段" in words(app)
    next(s for s in app.selectbox if s.label == "阶段").set_value("recognised")
    typed(app, "登记人姓名", "张三")
    press(app, "登记")
    assert "须写明文号" in app.error[0].value
    typed(app, "文号或公告名称（申报、认定必填）", "教育部公告 2023 年第 1 号")
    press(app, "登记")
    stage = stage_on(store, COUNTY, AS_OF)
    assert stage is not None and stage.stage == "recognised"
    assert "历史方案" in words(app) and "监测复查" in [s.value.split("：")[0] for s in app.header]
    timeline = open_page("carrying_out/timeline")
    assert "0 个逾期" in words(timeline)
    assert "历史方案" in words(open_page("conclusions/overview"))


def test_the_money_of_a_project_stands_on_its_card(open_page: Open, store: Store) -> None:
    said = words(open_page("carrying_out/projects"))
    funds = read_funds(store, COUNTY, AS_OF)
    assert f"{len(funds)} 个项目已登记资金" in said
    assert "尚未到位" in said and "按“标准与口径”的单价测算建设内容" in said
