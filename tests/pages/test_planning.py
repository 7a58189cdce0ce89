"""The planning pages: single adjustments taken in and back, a saved scenario opened, moves, delays, chances."""

import re
from datetime import datetime
from decimal import Decimal

from core.access import LOCAL_ADMINISTRATOR
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from core.outlook.baseline import Place, baseline
from core.outlook.what_if.codec import to_text
from core.outlook.what_if.levers import AddResource, ClassCap, MovePupils, MoveTeachers, PupilsPercent
from core.outlook.what_if.scenario import save_scenario
from core.rules.standard_loading import load_standard
from core.store.county_files import county
from core.store.database import Store
from tests.pages.conftest import COUNTY, Open, press, seen, title, typed, unescaped, words
from tests.support.books import csv_files, small_tables
from tests.support.html_tables import tables
from tests.support.small_county import COUNTY as SMALL_COUNTY
from tests.support.small_county import YEAR as SMALL_YEAR
from tests.support.small_county import publish, publish_dataset, two_schools

SCENARIO, CHEAPEST = "planning/scenario", "planning/cheapest"
FORECAST, COMING = "planning/forecast", "planning/coming_years"
YEAR = 2023


def keep(store: Store, name: str = "补短方案", *levers: AddResource) -> int:
    """A saved scenario, of eight teachers more where nothing else is said."""
    now = baseline(store, load_standard(), COUNTY, YEAR)
    kept = save_scenario(store, now, name, levers or [AddResource("L2", 8)], LOCAL_ADMINISTRATOR, datetime(2024, 1, 3))
    return kept.number


def test_an_adjustment_is_judged_listed_and_taken_back(open_page: Open) -> None:
    app = open_page(SCENARIO)
    next(p for p in app.button_group if p.label == "添加一项调整").set_value("项目完工")
    press(seen(app.run()), "加入方案")
    assert "运动场扩建" in words(app) and "增加体育运动场地 4,200 ㎡" in words(app)
    assert '"finish_project"' in app.query_params["also"]
    assert "没有新增投入。在建项目已列投资，不另计费用：" in words(app) and "2024-03-31 完工" in words(app)
    press(app, "加入方案")
    assert "不能重复计入" in app.error[0].value
    press(app, "删去")
    assert "also" not in app.query_params and "增加体育运动场地" not in words(app)


def test_a_class_is_opened_in_one_grade(open_page: Open) -> None:
    app = open_page(SCENARIO)
    next(p for p in app.button_group if p.label == "添加一项调整").set_value("增开班级")
    seen(app.run()).selectbox(key="classes_school").set_value("350526-0007")
    press(app, "加入方案")
    assert "远庄小学（演示） 1 年级增开 1 个班，学生均分到各班" in words(app)
    assert "（五）班额 未达标→达标" in words(app)


def test_an_adjustment_that_cannot_be_is_refused_and_nothing_is_kept(open_page: Open) -> None:
    app = open_page(SCENARIO)
    next(p for p in app.button_group if p.label == "添加一项调整").set_value("停办学校")
    press(seen(app.run()), "加入方案")
    assert "永久性保留学校，撤并须写明理由" in app.error[0].value and "also" not in app.query_params
    broken = open_page(SCENARIO, also="[{")
    assert "方案内容无法读取" in broken.error[0].value and "学校达标 71/75" in title(broken)


def test_what_no_longer_fits_together_can_still_be_taken_back(open_page: Open) -> None:
    moved = to_text([MovePupils(10, "350526-0001", "NEW-1", "primary")])
    app = open_page(SCENARIO, also=moved)
    assert "请删去与之有关的调整" in app.error[0].value
    press(app, "删去")
    assert "also" not in app.query_params and not app.error
    for wrong in ("²", "٣"):
        assert "链接中的方案" in unescaped(open_page(SCENARIO, opened=wrong).warning[0].value)
    assert "班额上限" in open_page(SCENARIO, also='[{"type":"class_cap","stage":"senior","cap":40}]').error[0].value


def test_a_saved_scenario_opens_by_its_number_is_changed_and_kept(open_page: Open, store: Store) -> None:
    number = keep(store)
    app = open_page(SCENARIO, opened=str(number))
    assert "全县增加县级以上骨干教师 8 名" in words(app) and f"由方案 {number} **补短方案** 打开" in words(app)
    assert "opened" not in app.query_params and app.query_params["edited"] == str(number)
    assert not [b for b in app.button if "改写" in b.label], "nothing is changed yet"
    app.slider(key="slide_0_amount").set_value(9)
    assert "全县增加县级以上骨干教师 9 名" in words(seen(app.run()))
    typed(app, "方案名称（必填）", "补短方案")
    press(app, "保存")
    assert "已有方案“补短方案”" in app.error[0].value
    typed(app, "方案名称（必填）", "补九名")
    press(app, "保存")
    kept = open_page(SCENARIO, scenario_part="已保存的方案")
    assert f"由第 {number} 号方案改成：全县增加县级以上骨干教师 9 名" in words(kept)
    press(app, "全部恢复现状")
    assert {"also", "edited"}.isdisjoint(app.query_params) and "**方案**　" not in words(app)
    assert "没有第 999 号方案" in open_page(SCENARIO, opened="999").error[0].value
    assert "链接中的方案“x”" in unescaped(open_page(SCENARIO, opened="x").warning[0].value)
    assert "请先在页面上方选择该学年" in open_page(SCENARIO, opened=str(number), year="2022").error[0].value


def test_a_link_of_an_earlier_edition_still_opens_the_same_scenario(open_page: Open, store: Store) -> None:
    number = keep(store)
    moved = MoveTeachers("L2", 1, "350526-0001", "350526-0002", "primary")
    app = open_page(SCENARIO, opened=str(number), also=to_text([moved]))
    assert app.query_params["also"] == to_text([AddResource("L2", 8), moved])
    app = open_page(
        SCENARIO, lever_L6="30", lever_place="远庄小学（演示） 350526-0007", lever_pupils="-5", lever_regroup="true"
    )
    school = Place("school", "350526-0007")
    cap, percent = ClassCap("primary", 45, school), PupilsPercent(Decimal(-5), school)
    assert app.query_params["also"] == to_text([percent, cap, AddResource("L6", 300_000, school)])
    assert not any(key.startswith("lever_") for key in app.query_params)
    capped = open_page(SCENARIO, lever_regroup="true", lever_cap_primary="viele")
    assert "链接中的" in words(capped) and '"cap":45' in capped.query_params["also"]


def test_every_unit_shows_from_the_first_on_and_in_both_directions(open_page: Open) -> None:
    school = Place("school", "350526-0007")
    app = open_page(SCENARIO, also=to_text([AddResource("L2", 1, school)]))
    assert title(app).startswith("学校达标 71/75")
    changed = tables(app)[0]
    [line] = [row for name, row in changed.iterrows() if name == "远庄小学（演示） 骨干教师"]
    assert (line["现状"], line["方案"], line["结论"]) == ("缺 2 名", "缺 1 名", "▲ 未达标")
    [line] = [row for name, row in changed.iterrows() if name == "小学骨干教师差异系数"]
    assert line["现状"] > line["方案"] and re.fullmatch(r"0\.\d{3}", line["现状"])
    assert re.search("其余 74 所学校（分学段计）、13 项差异系数没有变化", words(app))
    app.number_input(key="type_0_amount").set_value(-3)
    fewer = tables(seen(app.run()))[0]
    assert fewer.loc["远庄小学（演示） 骨干教师", "方案"] == "缺 5 名"


def test_what_a_county_wide_amount_is_shared_by_is_chosen_and_said(open_page: Open) -> None:
    by_need, by_pupils = (open_page(SCENARIO, also=to_text([AddResource("L2", 4, by=by)])) for by in ("need", "pupils"))
    assert "先补缺口小的学校" in words(by_need) and "按学生数分配" in words(by_pupils)
    assert not tables(by_need)[0].equals(tables(by_pupils)[0])


def test_a_suggestion_is_one_press_and_does_what_it_says(open_page: Open) -> None:
    app = open_page(SCENARIO)
    [button] = [b for b in app.button if "远庄小学" in b.label]
    assert unescaped(button.label).endswith(")") or "万元" in button.label
    seen(button.click().run())
    assert "- 远庄小学（演示） 未达标→达标" in words(app) and title(app).startswith("学校达标 71→72/75")
    assert not [b for b in app.button if "远庄小学" in b.label], "what is taken in is suggested no more"


def test_scenarios_are_renamed_and_compared_three_at_a_time(open_page: Open, store: Store) -> None:
    school = Place("school", "350526-0007")
    first = keep(store, "甲")
    second = keep(store, "乙", AddResource("L2", 2, school), AddResource("L5", 151, school))
    app = open_page(SCENARIO, scenario_part="已保存的方案", compared=f"{first}-{second}-999")
    compared = next(t for t in tables(app) if "现状" in t.columns)
    assert list(compared.columns) == ["现状", f"{first} 甲", f"{second} 乙"]
    assert list(compared.index)[:2] == ["全县", "达标学校"]
    different = next(t for t in tables(app) if t.index.name == "结论不同之处")
    assert list(different.loc["远庄小学（演示）"]) == ["▲ 未达标", "▲ 未达标", "● 达标"]
    next(s for s in app.selectbox if s.label == "哪个方案").set_value(second)
    typed(app, "新名称（必填）", "甲")
    press(app, "改名")
    assert "已有方案“甲”" in app.error[0].value
    typed(app, "新名称（必填）", "丙")
    press(app, "改名")
    assert f"第 {second} 号方案改名为“丙”" in words(app)


def test_a_plan_with_moves_names_who_goes_where(open_page: Open) -> None:
    app = open_page(CHEAPEST, year="2019", moves="true", moves_km="20")
    assert "差异系数" in title(app) and "教师跨校交流" in words(app) and "千米" in words(app)
    alone = open_page(CHEAPEST, year="2019")
    assert "教师跨校交流" not in words(alone).replace("允许教师跨校交流", "")
    ahead = open_page(CHEAPEST, pupils_of="2025 学年预测")
    assert title(ahead).startswith("按 2025 学年预测学生数，")


def test_a_figure_that_cannot_be_is_refused_in_chinese(open_page: Open) -> None:
    for wrong, sentence in (
        ({"budget": "-5"}, "预算不能为负数，现为 -5 万元"),
        ({"posts": "-3"}, "可用编制不能为负数，现为 -3 名"),
        ({"most_L5": "-1"}, "体育运动场地的每校新增上限不能为负数，现为 -1 ㎡"),
        ({"moves": "true", "moves_km": "0"}, "交流距离应为 1–200 千米，现为 0 千米"),
        ({"school_caps": "350526-0007:L5:-3"}, "体育运动场地上限不能为负数，现为 -3 ㎡"),
        ({"school_caps": "350526-0007:L5"}, "不完整"),
        ({"school_caps": "999:L5:1"}, "没有学校“999”"),
        ({"school_caps": "350526-0007:L9:1"}, "没有指标“L9”"),
        ({"school_caps": "350526-0007:L2:²"}, "应为整数"),
    ):
        [refusal] = open_page(CHEAPEST, **wrong).error
        assert sentence in unescaped(refusal.value)


def test_a_plan_buys_for_the_items_says_what_still_fails_and_when_the_money_is_due(open_page: Open) -> None:
    whole = open_page(CHEAPEST)
    assert title(whole).endswith("仍不达标 2 项")
    assert "仍不达标 2 项：（十三）就近划片入学、（九）质量监测" in words(whole)
    assert "增加增班教室 1 间" in words(whole) and "**分年度资金**" in [m.value for m in whole.markdown]
    rows_only = open_page(CHEAPEST, rows_only="true")
    assert "仍不达标 4 项：（三）音美教室、（五）班额、" in words(rows_only) and "增班教室" not in words(rows_only)
    short = open_page(CHEAPEST, posts="2")
    assert "预算、编制或上限不够一并解决" in words(short) and "仍不达标 4 项" in title(short)


def test_prices_and_years_of_salary_are_changed_on_the_page_and_kept_with_the_county(
    store: Store, open_page: Open
) -> None:
    app = open_page(CHEAPEST)
    assert "按 3 年计" in words(app)
    app.number_input(key="salary_years").set_value(5)
    changed = press(app, "保存为本县单价")
    assert not changed.exception and "按 5 年计" in words(changed) and "单价更新于" in words(changed)
    assert county(store, COUNTY).price_list.salary_years == 5


def test_a_cap_of_one_school_is_taken_in_counts_and_is_taken_back(open_page: Open) -> None:
    # Two of what this school lacks are enough; without ground and rooms one of them stays short.
    app = open_page(CHEAPEST, school_caps="350526-0007:L5:0;350526-0007:L4:0")
    assert "远庄小学（演示）体育运动场地新增不超过 0 ㎡" in words(app)
    assert "在这些上限下学校与差异系数无法全部达标" in title(app) and "远庄小学（演示）" in unescaped(
        app.error[0].value
    )
    elsewhere = open_page(CHEAPEST, school_caps="350526-0007:L5:0;350526-0007:L4:0", most_L5="100000")
    assert "在这些上限下学校与差异系数无法全部达标" in title(elsewhere), (
        "what one school is allowed stands above what all are"
    )
    app = press(press(app, "撤销"), "撤销")
    assert "school_caps" not in app.query_params and "最少约需" in title(app)

    next(s for s in app.selectbox if s.key == "cap_school").set_value("350526-0007")
    next(n for n in app.number_input if n.key == "cap_most").set_value(-1)
    assert "不能为负数" in press(app, "加入").error[0].value and "school_caps" not in app.query_params
    next(n for n in app.number_input if n.key == "cap_most").set_value(7)
    press(app, "加入")
    assert app.query_params["school_caps"] in ("350526-0007:L1:7", ["350526-0007:L1:7"])
    assert "高于规定学历教师新增不超过 7 名" in words(app)


def test_what_each_budget_buys_is_asked_for(open_page: Open) -> None:
    assert "尚未全部达标" not in words(open_page(CHEAPEST))
    assert "已报数据全部达标" in words(open_page(CHEAPEST, frontier="true"))


def test_a_delay_says_what_is_later(open_page: Open, store: Store) -> None:
    in_time = open_page(COMING)
    assert "到 2028 学年仍有 2 处不达标" in title(in_time) and "没有完工日期" in in_time.warning[0].value
    late = open_page(COMING, late="P06", late_months="2")
    assert "推迟使 1 处更晚达标" in title(late) and "2025 学年达标" in words(late)
    with_plan = open_page(COMING, plan=str(keep(store)))
    assert "到 2028 学年仍有 1 处不达标" in title(with_plan), "the plan closes one of the two gaps that stay"


def test_the_chance_is_given_with_its_interval(open_page: Open, empty_store: Store) -> None:
    # A chance is many judgements: eight schools of the county tell as much about the page as all of them.
    publish_dataset(empty_store, check(open_uploads(list(csv_files(small_tables()).items()))))
    app = open_page(FORECAST, chance="true", plan=str(keep(empty_store)))
    assert "次抽样中" in words(app) and "95% 区间" in words(app)


def test_a_scenario_that_no_longer_fits_hides_no_other(open_page: Open, empty_store: Store) -> None:
    county = two_schools()
    county.school("X", "primary", {"primary": 120})
    publish(empty_store, county.tables)
    now = baseline(empty_store, load_standard(), SMALL_COUNTY, SMALL_YEAR)
    for name, levers in (
        ("给X添教室", [AddResource("L7", 1, Place("school", "X"))]),
        ("全县添", [AddResource("L2", 2)]),
    ):
        save_scenario(empty_store, now, name, levers, LOCAL_ADMINISTRATOR, datetime(2023, 1, 3))
    county.row("schools", school_id="X")["closed_year"] = "2022"
    for sheet in ("enrolment", "premises", "classes", "special_rooms"):
        county.tables[sheet] = [row for row in county.tables[sheet] if row["school_id"] != "X"]
    publish(empty_store, county.tables)

    app = open_page(SCENARIO, scenario_part="已保存的方案")
    kept = tables(app)[-1]
    assert [str(name).split(" ")[0] for name in kept.index] == ["现状", "2", "1"]
    assert list(kept["全县"].str.contains("未推演")) == [False, False, True]
    assert "X" in unescaped(kept["内容"].iloc[-1]) and unescaped(kept["内容"].iloc[1]) != ""
    assert not app.error and "数据截至" in app.caption[-1].value
