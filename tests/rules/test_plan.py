"""The county's plan is complete as data: every clause, owner, date, target and route."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import RulesInvalid
from core.rules import plan_metrics as metrics
from core.rules.plan import Plan
from core.rules.plan_loading import load_plan
from core.rules.prices import load_prices
from core.rules.standard_loading import load_standard
from core.store.county_files import SHIPPED

COUNTY_PLAN = SHIPPED / "350526" / "plan.toml"
DATA = SHIPPED.parent

# Every obligation of 德政办〔2019〕29号 by clause: the sub-item and words that its title keeps.
OBLIGATIONS: dict[str, dict[str, str]] = {
    "二(一)": {"T04-6": "永久性保留学校", "T04-14": "学校规模达标", "T04-15": "学校布局"},
    "二": {
        "T01-5": "不足百人学校",
        "T04-13": "全县班额达标",
        "T05-7": "逐项达标",
        "T07-3": "持证上岗",
        "T09-6": "按比例安排教师培训经费",
        "T19-5": "社会认可度",
        "T19-6": "各项指标达到评估标准",
    },
    "三(一)1": {
        "T01-1": "列入年度预算",
        "T01-2": "经费保障机制",
        "T01-3": "农村义务教育投入",
        "T01-4": "生均日常公用经费",
        "T01-7": "绩效工资",
        "T01-8": "不低于公务员",
    },
    "三(一)2": {
        "T02-1": "适龄儿童、少年名册",
        "T02-2": "按时入学",
        "T02-3": "限期入学、复学通知",
        "T02-4": "依法追究",
        "T02-5": "巩固率",
        "T02-6": "周边秩序",
    },
    "三(一)3": {
        "T03-1": "小片区管理",
        "T03-2": "委托管理",
        "T03-3": "名校办分校",
        "T03-4": "乡村小规模学校和乡镇寄宿制学校",
        "T03-5": "校际差距",
        "T03-6": "薄弱学校",
        "T08-7": "骨干教师",
    },
    "三(二)1": {
        "T04-1": "“十三五”",
        "T04-2": "六个一",
        "T04-3": "挂图作战",
        "T04-4": "2018—2035",
        "T04-5": "县城规划总编",
        "T04-7": "2020年基本消除城关中心区大班额",
        "T04-8": "51—55",
        "T04-9": "2020年基本消除城关中心区大校额",
        "T04-10": "2023年全面消除城关中心区大班额",
        "T04-11": "2023年全面消除城关中心区大校额",
        "T04-12": "班额控制到标准以内",
        "T04-16": "提速增效",
    },
    "三(二)2": {
        "T05-1": "核查现有学校",
        "T05-2": "教学及辅助用房",
        "T05-3": "体育运动场馆",
        "T05-4": "教学仪器设备",
        "T05-5": "新建学校",
        "T05-6": "2020年资源配置差异系数",
    },
    "三(二)3": {
        "T06-1": "统一大平台",
        "T06-2": "政府、企业、学校联动",
        "T06-3": "教育城域网",
        "T06-4": "班班通",
        "T06-5": "人人通",
        "T06-6": "培训和比赛",
        "T06-7": "示范校",
    },
    "三(三)1": {
        "T07-1": "编制城乡、区域统筹",
        "T07-2": "招聘任务",
        "T07-4": "编外合同教师",
        "T07-5": "同工同酬",
        "T07-6": "逐年增长",
        "T07-7": "入编",
        "T07-8": "调回",
        "T07-9": "男教师",
        "T07-10": "返乡任教",
    },
    "三(三)2": {
        "T08-1": "备案",
        "T08-2": "2020年职称聘任比例",
        "T08-3": "向一线倾斜",
        "T08-4": "中高级职称教师坚持一线教学",
        "T08-5": "县管校聘",
        "T08-6": "校际交流",
        "T08-8": "师德师风",
    },
    "三(三)3": {
        "T09-1": "五个中心",
        "T09-2": "行动计划",
        "T09-3": "八大提升工程",
        "T09-4": "五年一轮",
        "T09-5": "培训经费逐年增加",
        "T09-7": "评优",
        "T09-8": "名班主任",
    },
    "三(四)1": {
        "T10-1": "德育工作流程图",
        "T10-2": "理想信念",
        "T10-3": "研学实践",
        "T10-4": "劳动教育",
        "T10-5": "家庭教育",
    },
    "三(四)2": {
        "T11-1": "开齐开足",
        "T11-2": "课堂教学",
        "T11-3": "课业负担",
        "T11-4": "小学强基、初中壮腰",
        "T11-5": "教学视导",
        "T11-6": "质量考核方案",
        "T11-8": "抓五比",
        "T11-7": "中考",
    },
    "三(四)3": {
        "T12-1": "教师招聘",
        "T12-2": "书法",
        "T12-3": "锻炼一小时",
        "T12-4": "体质健康监测",
        "T12-5": "2022年美育设施",
        "T12-6": "一校一品",
    },
    "三(五)1": {
        "T13-1": "属地管理",
        "T13-2": "关爱体系",
        "T13-3": "救助保护",
        "T13-4": "卫生保健人员",
        "T13-5": "寄宿",
    },
    "三(五)2": {
        "T14-1": "一人一案",
        "T14-2": "送教上门",
        "T14-3": "15年免费",
        "T14-4": "公用经费标准",
        "T14-5": "特殊教育学校办学条件",
        "T14-6": "特教师资",
    },
    "三(五)3": {
        "T15-1": "应助尽助",
        "T15-2": "数据比对",
        "T15-3": "励志感恩",
        "T15-4": "免费教科书",
        "T15-5": "资金发放和监管",
    },
    "三(六)1": {
        "T16-1": "平安校园",
        "T16-2": "安全工作流程图",
        "T16-3": "风险分级管控",
        "T16-4": "每月安全日自查",
        "T16-5": "交叉检查",
        "T16-6": "毒品预防",
        "T16-7": "防溺水",
        "T16-8": "食品",
    },
    "三(六)2": {
        "T17-1": "周边风险排查",
        "T17-2": "人防、物防、技防",
        "T17-3": "监控联网平台",
        "T17-4": "涉校涉生违法行为",
        "T17-5": "不发生重大校园安全事故",
    },
    "四(一)": {
        "T18-1": "学习文件",
        "T18-2": "现状",
        "T18-3": "责任主体",
        "T18-4": "领导小组、工作小组",
        "T18-5": "宣传",
    },
    "四(二)": {
        "T20-1": "项目管理制度",
        "T20-2": "进度和责任人",
        "T20-3": "研讨会、现场会、推进会",
    },
    "四(三)": {
        "T19-1": "自查",
        "T19-2": "模拟评估",
        "T19-3": "整改",
        "T19-4": "迎接上级评估",
        "T19-7": "验收",
    },
    "五(一)": {"T20-4": "重大问题"},
    "五(二)": {"T20-5": "议事日程"},
    "五(三)": {"T20-6": "倾斜政策"},
    "五(四)": {"T20-7": "突出班额、师资、质量", "T20-8": "薄弱环节"},
}

# What decides the sub-items that the plan ties to a figure.
DECIDED_BY: dict[str, metrics.Metric] = {
    "T01-4": metrics.GrowthMetric("operating_funds_yuan", "pupils", "rise"),
    "T01-5": metrics.ItemMetric("G6"),
    "T01-8": metrics.ItemMetric("G8"),
    "T02-3": metrics.RatioMetric("attendance", "notices_returned", "notices_served", ">=", Decimal(1)),
    "T02-5": metrics.ComparisonMetric("compulsory_retention_share", ">=", "compulsory_retention_target"),
    "T04-2": metrics.ProjectSlotsMetric(),
    "T04-3": metrics.LedgerMetric(),
    "T20-2": metrics.PersonsMetric(),
    "T03-3": metrics.PairGapMetric(),
    "T04-8": metrics.TargetMetric("central_large_classes_2020"),
    "T04-13": metrics.ItemMetric("G5"),
    "T05-3": metrics.IndicatorMetric("L5"),
    "T05-7": metrics.BalanceMetric(),
    "T07-2": metrics.RatioMetric("ratio", "recruits_filled", "recruits_planned", ">=", Decimal(1)),
    "T07-4": metrics.VetoMetric("veto_staffing", ("contract_teachers", "vacant_posts")),
    "T07-5": metrics.ComparisonMetric("contract_teacher_pay_yuan", ">=", "teacher_pay_yuan"),
    "T08-6": metrics.ItemMetric("G11"),
    "T12-4": metrics.GrowthMetric("fitness_passed", "fitness_tested", "no_fall"),
    "T14-2": metrics.ItemMetric("Q2"),
    "T17-5": metrics.VetoMetric("veto_safety", ()),
    "T19-7": metrics.TargetMetric("acceptance_2023"),
}

# Units that a clause names itself, sub-item by sub-item; everybody else is presumed.
NAMED_BY_CLAUSE = {
    "T02-1": {"townships", "villages"},
    "T08-1": {"education", "staffing_office", "human_resources", "finance"},
    "T13-2": {"townships", "villages"},
    "T17-4": {
        "police", "transport", "market_supervision", "health",
        "culture_sports_tourism", "press_broadcasting", "housing_construction",
        "emergency_management",
    },
    "T01-1": set(),
    "T14-1": set(),
}  # fmt: skip

LEADING_GROUP = [
    "教育局", "财政局", "发改局", "自然资源局", "住建局", "编办", "人社局", "卫健局", "残联",
    "市场监管局", "应急管理局", "公安局", "各乡镇政府",
]  # fmt: skip
ALSO_ADDRESSED = [
    "文明办", "审计局", "统计局", "司法局", "民政局", "科技局", "文化体育和旅游局",
    "新闻出版广电局", "生态环境局", "税务局", "总工会", "团县委", "妇联", "关工委", "科协",
]  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(COUNTY_PLAN)


def test_every_obligation_of_every_clause_is_a_sub_item_and_nothing_else_is(plan: Plan) -> None:
    by_clause: dict[str, set[str]] = {}
    for sub_item in plan.sub_items():
        by_clause.setdefault(sub_item.clause, set()).add(sub_item.sub_item_id)
    assert by_clause == {clause: set(ids) for clause, ids in OBLIGATIONS.items()}


@pytest.mark.parametrize(
    ("sub_item_id", "words"),
    [pair for obligations in OBLIGATIONS.values() for pair in obligations.items()],
)
def test_a_sub_item_says_what_the_clause_obliges_to(plan: Plan, sub_item_id: str, words: str) -> None:
    assert words in plan.sub_item(sub_item_id).title


def test_the_tasks_are_the_twenty_of_the_plan_in_order(plan: Plan) -> None:
    assert [t.task_id for t in plan.tasks] == [f"T{n:02}" for n in range(1, 21)]
    assert {t.clause for t in plan.tasks} <= set(OBLIGATIONS)
    assert {t.goal_id for t in plan.tasks} == {g.goal_id for g in plan.goals}


def test_every_sub_item_has_one_named_lead_and_dates_within_the_plan(plan: Plan) -> None:
    for sub_item in plan.sub_items():
        lead = plan.unit(sub_item.lead.unit_id)
        assert lead.kind != "group", sub_item.sub_item_id
        assert date(2019, 1, 1) <= sub_item.start <= sub_item.due <= date(2023, 12, 31)
        assert sub_item.deliverable, sub_item.sub_item_id


def test_every_sub_item_lists_the_documents_that_inspectors_ask_for(plan: Plan) -> None:
    assert [s.sub_item_id for s in plan.sub_items() if not s.evidence] == []


@pytest.mark.parametrize("sub_item_id", DECIDED_BY)
def test_a_sub_item_is_decided_by_its_figure(plan: Plan, sub_item_id: str) -> None:
    assert plan.sub_item(sub_item_id).metric == DECIDED_BY[sub_item_id]


def test_every_indicator_is_moved_by_some_sub_item(plan: Plan) -> None:
    moved = {s.metric.code for s in plan.sub_items() if isinstance(s.metric, metrics.IndicatorMetric)}
    assert moved == {i.code for i in load_standard().indicators}


@pytest.mark.parametrize("sub_item_id", NAMED_BY_CLAUSE)
def test_only_units_that_the_clause_names_are_firm(plan: Plan, sub_item_id: str) -> None:
    sub_item = plan.sub_item(sub_item_id)
    named = {r.unit_id for r in (sub_item.lead, *sub_item.co_units) if r.basis == "clause"}
    assert named == NAMED_BY_CLAUSE[sub_item_id]


def test_the_five_goals_and_three_phases_stand_in_order(plan: Plan) -> None:
    assert [g.name for g in plan.goals] == [
        "学校布局科学化", "办学条件标准化", "师资配置均衡化", "教育管理精细化", "教育质量优质化",
    ]  # fmt: skip
    assert [(p.name, p.from_date.year, p.to_date.year) for p in plan.phases] == [
        ("启动准备", 2019, 2019),
        ("实施争创", 2020, 2022),
        ("迎接验收", 2023, 2023),
    ]
    assert (plan.document.number, plan.document.issued) == ("德政办〔2019〕29号", date(2019, 3, 21))


def test_the_leading_group_and_the_addressed_are_those_of_the_document(plan: Plan) -> None:
    group = plan.leading_group
    assert (group.head.role, group.head.post) == ("组长", "县长")
    assert (group.deputy.role, group.deputy.post) == ("副组长", "分管副县长")
    assert plan.unit(group.office.unit_id).name == "教育局"
    assert [u.name for u in plan.units if u.role == "member"] == LEADING_GROUP
    addressed = [u.name for u in plan.units if u.role == "addressed" and u.kind != "group"]
    assert addressed == ALSO_ADDRESSED
    in_clause_only = [u.name for u in plan.units if u.role == "named_in_clause"]
    assert in_clause_only == ["交通运输局", "村（社区）"]


def test_all_units_stands_for_every_member_and_everybody_addressed(plan: Plan) -> None:
    everybody = plan.unit("all_units")
    assert {plan.unit(m).name for m in everybody.members} == {*LEADING_GROUP, *ALSO_ADDRESSED}


def test_a_group_passes_its_obligations_to_its_members(plan: Plan) -> None:
    audit = {s.sub_item_id for s in plan.obligations_of("audit")}
    assert {"T15-5", "T19-1", "T20-8"} <= audit
    assert "T16-4" not in audit


def test_every_unit_has_something_to_do(plan: Plan) -> None:
    assert [u.name for u in plan.units if not plan.obligations_of(u.unit_id)] == []


def test_targets_hold_the_plans_numbers_and_name_the_national_ones(plan: Plan) -> None:
    judged = {t.target_id: (t.snapshot_year, t.scope, t.operator, t.limit, t.limit_from) for t in plan.dated_targets}
    assert judged == {
        "central_oversized_classes_2020": (2020, "central_area", "<=", Decimal("0.05"), None),
        "central_large_classes_2020": (2020, "central_area", "<=", Decimal("0.15"), None),
        "central_oversized_schools_2020": (2020, "central_area", "<=", Decimal("0.05"), None),
        "resource_balance_2020": (2020, "county", "<=", None, "balance"),
        "title_appointment_2020": (2020, "county", None, None, None),
        "teacher_action_plan_2021": (None, "county", None, None, None),
        "arts_facilities_2022": (2022, "county", None, None, None),
        "central_oversized_classes_2023": (2023, "central_area", "<=", Decimal(0), None),
        "central_oversized_schools_2023": (2023, "central_area", "<=", Decimal(0), None),
        "central_class_sizes_2023": (2023, "central_area", "<=", None, "class_size"),
        "teacher_training_2023": (2023, "county", None, None, None),
        "standard_met_2023": (2023, "county", None, None, None),
        "acceptance_2023": (2022, "county", None, None, None),
    }
    assert {t.clause for t in plan.dated_targets} <= set(OBLIGATIONS)


def test_every_dated_target_is_owned_by_a_sub_item_due_no_later(plan: Plan) -> None:
    for target in plan.dated_targets:
        owners = [
            s
            for s in plan.sub_items()
            if s.metric == metrics.TargetMetric(target.target_id)
            or s.metric == target.measure
            or (isinstance(target.measure, metrics.SubItemsDone) and s.sub_item_id in target.measure.sub_item_ids)
        ]
        assert owners, target.target_id
        assert all(s.due <= target.deadline for s in owners), target.target_id


def test_what_the_plan_wants_to_grow_each_year_is_tied_to_its_figure(plan: Plan) -> None:
    growing = {}
    for target in plan.yearly_targets:
        metric = plan.sub_item(target.sub_item_id).metric
        assert isinstance(metric, metrics.GrowthMetric)
        growing[metric.figure] = (target.first_year, target.last_year)
    assert growing == {
        "operating_funds_yuan": (2020, 2023),
        "rural_education_budget_yuan": (2020, 2023),
        "training_funds_yuan": (2020, 2023),
        "contract_teacher_pay_yuan": (2020, 2023),
    }


def test_rules_that_the_targets_borrow_stand_in_the_national_standard(plan: Plan) -> None:
    standard = load_standard()
    rules = {limit.rule for limit in standard.limits()} | {item.item_id for item in standard.items}
    for target in plan.dated_targets:
        if target.limit_from is not None:
            assert target.limit_from in rules
        if isinstance(target.measure, metrics.ClassShare):
            assert hasattr(standard.class_bands, target.measure.band.removeprefix("class_bands.") + "_from")
        if isinstance(target.measure, metrics.OversizedSchoolShare):
            assert target.measure.size_from in rules


def test_every_indicator_item_veto_and_precondition_has_a_route(plan: Plan) -> None:
    standard = load_standard()
    subjects = {r.subject for r in plan.routes}
    assert {i.code for i in standard.indicators} <= subjects
    assert {i.code for i in standard.items} <= subjects
    assert {"balance", "class_size", "school_size"} <= subjects


@pytest.mark.parametrize(
    ("subject", "who"),
    [
        ("funds", "财政局"), ("pay", "财政局 人社局"), ("posts", "编办"),
        ("recruitment", "人社局 教育局"), ("land", "自然资源局"),
        ("school_buildings", "住建局 发改局"), ("equipment", "教育局"), ("teaching", "教育局"),
        ("disabled_children", "残联 卫健局"), ("left_behind_children", "民政局 各乡镇政府"),
        ("food_safety", "市场监管局"), ("school_surroundings", "公安局"),
        ("enrolment", "各乡镇政府"), ("L1", "教育局 人社局 编办"),
        ("L4", "教育局 住建局 发改局"), ("Q2", "教育局 残联 卫健局"),
    ],
)  # fmt: skip
def test_a_shortfall_goes_to_those_who_can_close_it(plan: Plan, subject: str, who: str) -> None:
    route = plan.route(subject)
    names = [plan.unit(u).name for u in (route.lead_unit_id, *route.co_unit_ids)]
    assert names[: len(who.split())] == who.split()


@pytest.mark.parametrize(
    ("remedy_id", "months"),
    [
        ("recruitment", 9), ("buildings", 24), ("equipment", 6), ("rooms", 8),
        ("sports_ground", 18), ("teacher_moves", 5),
    ],
)  # fmt: skip
def test_a_remedy_takes_its_time(plan: Plan, remedy_id: str, months: int) -> None:
    assert plan.remedy(remedy_id).months == months


def test_every_remedy_serves_some_route(plan: Plan) -> None:
    used = {remedy for route in plan.routes for remedy in route.remedy_ids}
    assert used == {r.remedy_id for r in plan.remedies}


@pytest.mark.parametrize(
    ("days_late", "level"),
    [
        (0, None), (1, "yellow"), (7, "yellow"), (8, "orange"), (15, "orange"), (16, "red"),
        (400, "red"),
    ],
)  # fmt: skip
def test_days_late_turn_yellow_orange_and_red(plan: Plan, days_late: int, level: str | None) -> None:
    reached = plan.warnings.level(days_late)
    assert (reached and reached.level_id) == level
    assert plan.warnings.repaired_level == "yellow"


def test_the_six_slots_and_the_ledgers_steps_stand_in_order(plan: Plan) -> None:
    assert [s.name for s in plan.project_slots] == [
        "一个项目", "一个挂钩领导", "一个责任单位", "一个工期计划", "一套工作制度", "一个微信群",
    ]  # fmt: skip
    assert [s.step_id for s in plan.ledger_steps] == [
        "open", "assigned", "correcting", "evidence", "recheck", "closed",
    ]  # fmt: skip


def test_figures_of_metrics_are_figures_that_come_in(plan: Plan) -> None:
    with (DATA / "codes.csv").open(encoding="utf-8-sig", newline="") as codes:
        figures = {row["code"] for row in csv.DictReader(codes) if row["list"] == "figure"}
    with (DATA / "dictionary.csv").open(encoding="utf-8-sig", newline="") as dictionary:
        columns = {(row["sheet"], row["column"]) for row in csv.DictReader(dictionary)}
    attendance = {column for sheet, column in columns if sheet == "attendance"}
    school_facts = {column for sheet, column in columns if sheet in ("enrolment", "premises")}
    deciders = [*(s.metric for s in plan.sub_items()), *(t.measure for t in plan.dated_targets)]
    for decider in deciders:
        if isinstance(decider, metrics.RatioMetric) and decider.kind == "attendance":
            assert {decider.numerator, decider.denominator} <= attendance
        else:
            assert set(_figures(decider)) <= figures | school_facts, decider


def _figures(decider: metrics.Metric | metrics.Measure | None) -> Iterator[str]:
    match decider:
        case metrics.GrowthMetric(figure, per, _):
            yield from (name for name in (figure, per) if name is not None)
        case metrics.RatioMetric(_, numerator, denominator, _, _):
            yield from (numerator, denominator)
        case metrics.ComparisonMetric(figure, _, target):
            yield from (figure, target)
        case metrics.VetoMetric(_, shown_beside):
            yield from shown_beside


def test_a_loaded_plan_cannot_be_changed(plan: Plan) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.plan_id = "another"  # type: ignore[misc]


REMEDY_OF_PRICE = {
    "L1": "recruitment",
    "L2": "backbone_training",
    "L4": "buildings",
    "L5": "sports_ground",
    "L6": "equipment",
    "L7": "equipment",
    "indoor_sports": "sports_ground",
    "special_room": "rooms",
    "class_room": "buildings",
    "teacher_move": "teacher_moves",
}


def test_a_what_if_takes_as_long_as_the_plans_remedy() -> None:
    months = {remedy.remedy_id: remedy.months for remedy in load_plan(COUNTY_PLAN).remedies}
    assert {code: price.lead_months for code, price in load_prices().items()} == {
        code: months[remedy_id] for code, remedy_id in REMEDY_OF_PRICE.items()
    }


def test_one_unit_leads_what_a_sub_item_measures_and_what_its_shortfall_is_routed_to() -> None:
    plan = load_plan(COUNTY_PLAN)
    measured = [route for route in plan.routes if plan.measuring(route.subject)]
    assert len(measured) > 20
    for route in measured:
        assert route.lead_unit_id in {s.lead.unit_id for s in plan.measuring(route.subject)}, route.subject


def test_a_lead_confirmed_for_a_sub_item_leads_its_shortfall_too() -> None:
    plan = load_plan(COUNTY_PLAN)
    assert plan.route("L4").lead_unit_id == "education"
    moved = plan.led_by({"T05-2": "housing_construction"}).route("L4")
    assert moved.lead_unit_id == "housing_construction"
    assert "housing_construction" not in moved.co_unit_ids
    assert plan.led_by({"T05-2": "housing_construction"}).route("L5") == plan.route("L5")


def test_a_route_that_contradicts_its_sub_item_is_a_fault(tmp_path: Path) -> None:
    text = COUNTY_PLAN.read_text("utf-8")
    route = 'subject = "L7"\nname = "多媒体教室"\nlead = "education"'
    assert route in text
    changed = tmp_path / "plan.toml"
    changed.write_text(text.replace(route, route.replace("education", "audit")), "utf-8")
    with pytest.raises(RulesInvalid, match=r"routes\[L7\]\.lead 为“audit”.*T06-4 为 education.*不一致"):
        load_plan(changed)
