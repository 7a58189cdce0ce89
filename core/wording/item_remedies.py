"""The next step under a county item: which figure must go from what to what, at which school, and whose task it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from math import ceil, floor

from core.method.assessment import Assessment, ItemResult, SchoolItem, Verdict
from core.naming import held, named
from core.rules.plan import Plan
from core.rules.plan_metrics import ItemMetric, VetoMetric
from core.rules.standard import Item, Standard
from core.wording.items import RATIO_NAMES, required_of
from core.wording.numbers import plain_text, range_text, whole_text

# The figure on the left of each item's test and its unit; items of two ratios have two.
_FIGURES = {
    ("G7", 0): ("特殊教育公用经费", "元"),
    ("G8", 0): ("教师年平均工资", "元"),
    ("G9", 0): ("完成五年 360 学时培训的教师", "名"),
    ("G11", 0): ("交流轮岗教师", "名"),
    ("G11", 1): ("其中骨干教师", "名"),
    ("G12", 0): ("持教师资格证的教师", "名"),
    ("G13", 0): ("小学就近划片入学", "人"),
    ("G13", 1): ("初中就近划片入学", "人"),
    ("G14", 0): ("优质高中分配名额", "个"),
    ("G15", 0): ("随迁子女就读公办学校及政府购买服务", "人"),
    ("Q1", 0): ("初中三年巩固人数", "人"),
    ("Q2", 0): ("残疾儿童少年入学", "人"),
    ("satisfaction", 0): ("满意问卷", "份"),
}
_REPORTED = {
    "G3": "班级和专用教室",
    "G4": "在校生数",
    "G5": "班级人数",
    "G6": "公用经费",
    "G9": "教师培训数",
    "G12": "持证教师数",
    "Q4": "公用经费和教师培训经费",
    "Q9": "质量监测结果",
}


def item_remedy(assessment: Assessment, result: ItemResult, standard: Standard, plan: Plan) -> str:
    """What has to be done about an item that fails or cannot be judged, and under which task of the plan."""
    item = standard.item(result.code)
    schools = [s for s in assessment.school_items if s.code == result.code]
    steps = list(_school_steps(assessment, schools, item))
    if len(steps) > (shown := held(len(steps))):
        steps = [*steps[:shown], f"另有 {len(steps) - shown} 所学校"]
    steps += [*_figure_steps(result, item), *_reports(result, schools), *_judgement(result, item)]
    return "；".join(steps or [_otherwise(result, plan)]) + _tasks(result.code, plan)


def _school_steps(assessment: Assessment, schools: list[SchoolItem], item: Item) -> Iterator[str]:
    for school in schools:
        if school.verdict is not Verdict.NOT_MET:
            continue
        # Whole yuan and pupils, never so that the step falls short.
        found, required = whole_text(floor(school.found or 0)), whole_text(ceil(school.required or 0))
        match school.code:
            case "G3":
                yield school.name + _rooms(school, assessment.choices["music_art_rooms"])
            case "G4" if school.required == 0:
                yield f"{school.name}停办附设的初中班，{found} 名学生妥善安置"
            case "G4":
                yield f"{school.name}在校生由 {found} 人减到 {required} 人以内"
            case "G5":
                yield school.name + "，".join(_class_steps(assessment, school.school_id, item))
            case "G6":
                yield f"{school.name}公用经费由 {found} 元增加到 {required} 元"
            case _:
                yield f"{school.name}教师培训经费由 {found} 元增加到 {required} 元"


def _rooms(school: SchoolItem, reading: str) -> str:
    music, art = school.music_rooms or 0, school.art_rooms or 0
    required = int(school.required or 0)
    if reading == "summed":
        return f"合格音乐、美术教室由 {music + art} 间增加到 {required} 间"
    lacking = [(kind, held) for kind, held in (("音乐", music), ("美术", art)) if held < required]
    return "，".join(f"合格{kind}教室由 {held} 间增加到 {required} 间" for kind, held in lacking)


def _class_steps(assessment: Assessment, school_id: str, item: Item) -> Iterator[str]:
    for sizes in assessment.class_sizes:
        if sizes.school_id == school_id and sizes.over_limit:
            limit = plain_text(item.limit[sizes.stage])
            yield f"{sizes.over_limit} 个班超过限值，最大班额由 {range_text(sizes.largest, sizes.largest_at_most)} 人降到 {limit} 人以内"


def _figure_steps(result: ItemResult, item: Item) -> Iterator[str]:
    if result.code == "Q9" and result.failing:
        level, rate = (plain_text(item.numbers[name]) for name in ("level", "between_school_rate"))
        yield f"{result.failing} 个科目学业水平提高到 {level} 级以上、校际差异率降到 {rate} 以下"
    pairs = ((result.numerator, result.denominator), (result.second_numerator, result.second_denominator))
    whole: Decimal | None = None
    for part, (numerator, denominator) in enumerate(pairs):
        if (result.code, part) not in _FIGURES or result.figures_verdict in (None, Verdict.MET):
            continue
        if numerator is None or denominator is None or denominator <= 0:
            yield f"补报{RATIO_NAMES[result.code, part].removeprefix('其中')}的数据"
            continue
        # The backbone teachers of G11 are a share of those who are to move, not of those who moved.
        base = whole if result.code == "G11" and whole is not None else Decimal(repr(denominator))
        now, target = Decimal(repr(numerator)), (base * required_of(item, part)).to_integral_value(ROUND_CEILING)
        whole = max(now, target)
        if now < target:
            name, unit = _FIGURES[result.code, part]
            yield f"{name}由 {whole_text(now)} {unit}增加到 {whole_text(target)} {unit}"


def _reports(result: ItemResult, schools: list[SchoolItem]) -> Iterator[str]:
    unknown = [s.name for s in schools if s.verdict is Verdict.NOT_ASSESSABLE]
    if unknown:
        yield f"补报{named(unknown, '所')}的{_REPORTED[result.code]}"
    elif result.unknown and result.code in _REPORTED:
        yield f"补报 {result.unknown} 处缺少的{_REPORTED[result.code]}"


def _judgement(result: ItemResult, item: Item) -> Iterator[str]:
    if item.judged and result.judgement is None:
        yield "组织核查，补报核查结论和佐证文件"
    elif item.judged and result.judgement is Verdict.NOT_MET:
        yield "消除该情形并重新核查" if item.part == "veto" else "对照标准整改，重新核查取得“符合”的结论"


def _otherwise(result: ItemResult, plan: Plan) -> str:
    """Where no figure says how far to go: what to report, or the plan's ways of repair."""
    if result.verdict is Verdict.NOT_ASSESSABLE:
        return f"补报{_REPORTED.get(result.code, '所需数据')}"
    remedies = [remedy for route in plan.routes if route.subject == result.code for remedy in route.remedy_ids]
    return "、".join(plan.remedy(remedy).name for remedy in remedies)


def _tasks(code: str, plan: Plan) -> str:
    tasks = [
        f"{s.sub_item_id} {plan.unit(s.lead.unit_id).name}牵头"
        for s in plan.sub_items()
        if isinstance(s.metric, ItemMetric | VetoMetric) and s.metric.code == code
    ]
    return f"（任务 {'、'.join(tasks)}）" if tasks else ""
