"""A scenario is kept as it was saved, judged like facts, and nothing is saved half."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.errors import NotPermitted, RequestInvalid, RulesInvalid
from core.method.changes import STAGE_FACTS, Change, MergeSchool
from core.method.comparison import compare
from core.method.engine import assess
from core.outlook.baseline import Baseline, Place, baseline
from core.outlook.what_if.cost import cost_of
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import AddResource, ClassCap, FinishProject, Lever, MoveTeachers
from core.outlook.what_if.scenario import (
    change_scenario,
    class_totals,
    load_scenario,
    rename_scenario,
    save_scenario,
    scenarios,
)
from core.reports.scenario_table import ScenarioResult, scenario_table
from core.rules.prices import PRICES, load_prices
from core.store.database import Store
from core.wording.planning.comparison import parts_text
from core.wording.planning.scenario import cost_text, projects_text, scenario_text
from tests.support.present import COUNTY, STANDARD, YEAR

NOW = datetime(2024, 3, 1, 9)
ONE, OTHER = "350526-0001", "350526-0002"
LEVERS: list[Lever] = [AddResource("L2", 8), MoveTeachers("L3", 1, ONE, OTHER, "primary"), ClassCap("primary", 45)]


def test_a_scenario_comes_back_as_it_was_saved_and_is_judged(demo: Store, present: Baseline) -> None:
    levers = [*LEVERS, AddResource("L4", 3000), AddResource("L5", 4000)]
    saved = save_scenario(demo, present, " 骨干教师 ", levers, LOCAL_ADMINISTRATOR, NOW, note="试算")
    assert load_scenario(demo, saved.number) == saved
    assert (saved.name, saved.levers, list(saved.changes)) == ("骨干教师", tuple(levers), changes_for(levers, present))
    assert (saved.actor, saved.recorded_at, saved.year) == (LOCAL_ADMINISTRATOR.name, NOW, YEAR)
    after = assess(demo, STANDARD, COUNTY, YEAR, changes=saved.changes)
    assert after.schools_part.met > present.assessment.schools_part.met
    comparison = compare(present.assessment, after)
    met = present.assessment.schools_part.met
    assert f"达标学校 {met}/" in parts_text(comparison)
    assert f"→{after.schools_part.met}/" in parts_text(comparison)
    assert class_totals(after)[0].over_limit == 0 < class_totals(present.assessment)[0].over_limit


def test_a_copy_goes_to_another_year_and_the_original_stays(demo: Store, present: Baseline) -> None:
    original = save_scenario(demo, present, "原方案", LEVERS[:1], LOCAL_ADMINISTRATOR, NOW)
    earlier = baseline(demo, STANDARD, COUNTY, YEAR - 1)
    copied = save_scenario(
        demo, earlier, "原方案", original.levers, LOCAL_ADMINISTRATOR, NOW, copied_from=original.number
    )
    assert (copied.copied_from, copied.year, copied.levers) == (original.number, YEAR - 1, original.levers)
    assert load_scenario(demo, original.number) == original
    listed = [s.number for s in scenarios(demo, COUNTY)]
    assert listed == sorted(listed, reverse=True)
    assert copied.number not in {s.number for s in scenarios(demo, COUNTY, YEAR)}


@pytest.mark.parametrize(
    ("name", "levers", "sentence"),
    [
        ("", LEVERS, "请填写方案名称"),
        ("长" * 61, LEVERS, "最多 60 个字"),
        ("空", [], "没有任何调整"),
        ("坏", [*LEVERS, AddResource("L9", 1)], "没有指标"),
        ("负", [*LEVERS, AddResource("L7", -900, Place("school", ONE))], "不能为负数"),
        ("无处可去", [*LEVERS, MergeSchool(ONE, ONE, True, "测试")], "不能并入自己"),
    ],
)
def test_a_bad_scenario_is_refused_and_nothing_of_it_is_kept(
    demo: Store, present: Baseline, name: str, levers: list[Lever], sentence: str
) -> None:
    before = scenarios(demo, COUNTY)
    with pytest.raises(RequestInvalid, match=sentence):
        save_scenario(demo, present, name, levers, LOCAL_ADMINISTRATOR, NOW)
    assert scenarios(demo, COUNTY) == before


def test_a_name_is_taken_once_a_year_and_readers_save_nothing(demo: Store, present: Baseline) -> None:
    save_scenario(demo, present, "同名", LEVERS, LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(RequestInvalid, match="已有方案“同名”"):
        save_scenario(demo, present, "同名", LEVERS, LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(NotPermitted):
        save_scenario(demo, present, "访客方案", LEVERS, READER, NOW)
    with pytest.raises(RequestInvalid, match="没有第 9999 号方案"):
        load_scenario(demo, 9999)


def test_the_cost_counts_what_is_added_and_no_move_as_hiring(present: Baseline) -> None:
    prices = load_prices()
    levers = [AddResource("L3", 3), AddResource("L4", 100), MoveTeachers("L1", 2, ONE, OTHER, "primary")]
    cost = cost_of(changes_for(levers, present), present.facts, prices)
    quantities = {line.code: line.quantity for line in cost.lines}
    assert quantities == {"L1": 3, "L4": 100, "teacher_move": quantities["teacher_move"]}
    assert 0 < quantities["teacher_move"] <= 2
    assert cost.once_yuan == 100 * prices["L4"].yuan
    assert cost.yearly_yuan == 3 * prices["L1"].yuan + quantities["teacher_move"] * prices["teacher_move"].yuan
    assert cost.lead_months == prices["L4"].lead_months
    assert "假设" in cost_text(cost)


def test_a_project_under_way_costs_nothing_more_and_keeps_its_own_day(present: Baseline) -> None:
    prices = load_prices()
    project = FinishProject("教学楼", ONE, "2024-03-31", Decimal(1200), Decimal(300))
    bought = AddResource("L5", 500, Place("school", ONE))
    alone = cost_of(changes_for([project], present), present.facts, prices, [project])
    assert (alone.lines, alone.lead_months, alone.projects) == ((), 0, (project,))
    assert cost_text(alone) == (
        "没有新增投入。在建项目已列投资，不另计费用：教学楼（教学及辅助用房 1,200 ㎡、体育运动场地 300 ㎡，2024-03-31 完工）。"
    )
    both = cost_of(changes_for([bought, project], present), present.facts, prices, [bought, project])
    assert both.lines == cost_of(changes_for([bought], present), present.facts, prices).lines
    assert both.lead_months == prices["L5"].lead_months and "不另计费用：教学楼" in cost_text(both)
    table = scenario_table([ScenarioResult(7, "扩建", "", present.assessment, both)])
    assert table.rows[0][-4:] == (float(500 * prices["L5"].yuan / 10_000), 0.0, both.lead_months, projects_text(both))
    undated = scenario_text([replace(project, completed_on="")], present)
    assert undated.startswith("完成在建项目“教学楼”（完工日期未定）：")


def test_a_project_counts_once_and_only_with_a_day_and_an_area(present: Baseline) -> None:
    project = FinishProject("教学楼", ONE, "2024-03-31", Decimal(1200))
    for levers, sentence in (
        ([project, project], "不能重复计入"),
        ([replace(project, completed_on="明年")], "完工日期应为“年-月-日”"),
        ([replace(project, teaching_area_m2=Decimal(0))], "没有给.*交付面积"),
    ):
        with pytest.raises(RequestInvalid, match=sentence):
            changes_for(levers, present)


def test_a_figure_that_is_set_costs_what_it_is_above_the_reported_one(present: Baseline) -> None:
    reported = present.facts.premises[ONE]["multimedia_rooms"]
    assert reported is not None
    up, down = (Change(ONE, None, "multimedia_rooms", "set", reported + more) for more in (5, -5))
    assert [line.quantity for line in cost_of([up], present.facts, load_prices()).lines] == [5]
    assert cost_of([down], present.facts, load_prices()).lines == ()
    assert cost_text(cost_of([], present.facts, load_prices())) == "没有新增投入。"


def test_a_scenario_is_said_in_plain_words(present: Baseline) -> None:
    words = scenario_text([*LEVERS, Change(ONE, "primary", "pupils", "set", Decimal(900))], present)
    assert words.startswith("全县增加县级以上骨干教师 8 名；由")
    assert words.endswith("在校生数设为 900 人。")
    figures = {"backbone_teachers": "增加 2 名", "teaching_area_m2": "增加 2 ㎡", "multimedia_rooms": "增加 2 间",
               "equipment_value_yuan": "增加 2 元", "classes": "增加 2 个", "music_rooms": "增加 2 间"}  # fmt: skip
    for fact, figure in figures.items():
        stage = "primary" if fact in STAGE_FACTS else None
        assert figure in scenario_text([Change(ONE, stage, fact, "add", Decimal(2))], present)
    assert scenario_text([], present) == "没有任何调整。"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("yuan = 3500", "yuan = 0", "大于 0"),
        ('code = "L7"', 'code = "L8"', "缺少单价：L7"),
        ('paid = "once"', 'paid = "monthly"', "once"),
        ("lead_months = 12", "lead_months = 1.5", "整数"),
    ],
)
def test_a_price_list_with_a_fault_is_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(PRICES.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(RulesInvalid, match=fault):
        load_prices(path)


def test_every_price_says_that_it_is_assumed() -> None:
    assert all(price.assumption and price.note for price in load_prices().values())


def test_a_saved_scenario_is_renamed_and_changed_by_who_saved_it_and_the_record_keeps_what_was(
    demo: Store, present: Baseline
) -> None:
    planner, other = (replace(LOCAL_ADMINISTRATOR, name=name) for name in ("张三", "李四"))
    kept = save_scenario(demo, present, "改前", [AddResource("L2", 3)], planner, NOW)
    taken = save_scenario(demo, present, "别的", [AddResource("L2", 4)], other, NOW)
    assert rename_scenario(demo, kept.number, " 改后 ", other, NOW).name == "改后"
    changed = change_scenario(demo, present, kept.number, [AddResource("L2", 5)], planner, NOW)
    assert (changed.name, changed.levers) == ("改后", (AddResource("L2", 5),))
    assert list(changed.changes) == changes_for([AddResource("L2", 5)], present)
    last = demo.rows(
        "select before from audit where subject = $1 order by number desc limit 1", [f"方案 {kept.number}"]
    )
    assert '"amount":3' in str(last[0][0]).replace("\\", "")
    for refused, wrong in (
        (RequestInvalid, lambda: rename_scenario(demo, kept.number, taken.name, planner, NOW)),
        (RequestInvalid, lambda: rename_scenario(demo, kept.number, "长" * 61, planner, NOW)),
        (RequestInvalid, lambda: change_scenario(demo, present, kept.number, [], planner, NOW)),
        (NotPermitted, lambda: change_scenario(demo, present, kept.number, LEVERS, other, NOW)),
        (NotPermitted, lambda: rename_scenario(demo, kept.number, "读者", READER, NOW)),
    ):
        with pytest.raises(refused):
            wrong()
    assert load_scenario(demo, kept.number) == changed


def test_an_amount_is_shared_by_need_or_by_pupils(present: Baseline) -> None:
    by_need, by_pupils = (changes_for([AddResource("L2", 300, by=by)], present) for by in ("need", "pupils"))
    assert {c.fact for c in by_need} == {c.fact for c in by_pupils}
    total = [sum(c.amount for c in changes if isinstance(c, Change)) for changes in (by_need, by_pupils)]
    assert total[0] == total[1]
    largest = max(present.assessment.rows, key=lambda r: r.pupils or 0).school_id
    got = {c.school_id: c.amount for c in by_pupils if isinstance(c, Change)}
    assert got[largest] == max(got.values()), "who has most pupils gets no less than anybody"
    assert {c.school_id: c.amount for c in by_need if isinstance(c, Change)} != got
