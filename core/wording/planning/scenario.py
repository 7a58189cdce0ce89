"""Scenarios in plain sentences: what is imagined, what it changes, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment
from core.method.changes import Change, CloseSchool, MergeSchool, OpenSchool
from core.method.overlay import fact_name, fact_unit
from core.outlook.baseline import Baseline, Place
from core.outlook.what_if.cost import Cost
from core.outlook.what_if.levers import (
    AddResource,
    ClassCap,
    FinishProject,
    Lever,
    MovePupils,
    MoveTeachers,
    OpenClasses,
    PupilsPercent,
    resource_of,
)
from core.outlook.what_if.scenario import class_totals
from core.wording.numbers import amount_text, plain_text, wan_text, whole_text

SIMULATION = "模拟，非填报数据"
PRICE_ASSUMPTION = "单价与周期为规划用假设，不是预算"
LEFT_AWAY = "方案中的学生、班级变化和新设、停办、并入学校不计入"
COMMITTED = "在建项目已列投资，不另计费用"


def lever_text(lever: Lever, baseline: Baseline) -> str:
    """One lever as an official would say it."""
    match lever:
        case AddResource():
            resource = resource_of(lever.code)
            verb = "增加" if lever.amount >= 0 else "减少"
            amount = amount_text(abs(lever.amount), resource.unit)
            shared = "（按学生数分配）" if lever.by == "pupils" and lever.place.scope != "school" else ""
            return f"{place_text(lever.place, lever.stage, baseline)}{verb}{resource.name} {amount}{shared}"
        case MoveTeachers():
            route = _route(lever.from_school, lever.to_school, lever.stage, baseline)
            return f"{route}调动{resource_of(lever.code).name} {lever.count} 名"
        case PupilsPercent():
            verb = "增加" if lever.percent >= 0 else "减少"
            return f"{place_text(lever.place, lever.stage, baseline)}学生数{verb} {plain_text(abs(lever.percent))}%"
        case MovePupils():
            route = _route(lever.from_school, lever.to_school, lever.stage, baseline)
            return f"{route}转学生 {whole_text(lever.count)} 人"
        case ClassCap():
            return f"{place_text(lever.place, lever.stage, baseline)}班额不超过 {lever.cap} 人，超过的年级重新编班"
        case OpenClasses():
            return f"{_school(lever.school_id, baseline)} {lever.grade} 年级增开 {lever.count} 个班，学生均分到各班"
        case FinishProject():
            school = _school(lever.school_id, baseline)
            return f"完成在建项目“{lever.name}”（{completion_text(lever)}）：{school}增加{delivered_text(lever)}"
        case Change():
            return _change_text(lever, baseline)
        case OpenSchool():
            township = baseline.facts.township_names.get(lever.township_code, lever.township_code)
            return f"在{township}新设{lever.name}（{name_of('kind', lever.kind)}）"
        case CloseSchool():
            return f"停办{_school(lever.school_id, baseline)}{_reason(lever.reason)}"
        case MergeSchool():
            kept = "校舍设备继续使用" if lever.with_premises else "校舍设备不再使用"
            left, into = _school(lever.school_id, baseline), _school(lever.into, baseline)
            return f"{left}并入{into}，{kept}{_reason(lever.reason)}"


def scenario_text(levers: Sequence[Lever], baseline: Baseline) -> str:
    """All levers of a scenario in one sentence."""
    if not levers:
        return "没有任何调整。"
    return "；".join(lever_text(lever, baseline) for lever in levers) + "。"


def class_size_text(before: Assessment, after: Assessment) -> str:
    """Classes and class sizes on both sides."""
    parts = []
    for old, new in zip(class_totals(before), class_totals(after), strict=True):
        stage = name_of("stage", new.stage)
        parts.append(
            f"{stage}班级 {_arrow(old.classes, new.classes)} 个，超班额 {_arrow(old.over_limit, new.over_limit)} 个，"
            f"最大班额 {_arrow(old.largest, new.largest)} 人"
        )
    return "；".join(parts)


def delivered_text(project: FinishProject) -> str:
    """What a project brings to its school."""
    areas = (("教学及辅助用房", project.teaching_area_m2), ("体育运动场地", project.sports_ground_area_m2))
    return "、".join(f"{name} {amount_text(area, '㎡')}" for name, area in areas if area)


def completion_text(project: FinishProject) -> str:
    """When a project is complete, by its own date."""
    return f"{project.completed_on} 完工" if project.completed_on else "完工日期未定"


def projects_text(cost: Cost) -> str:
    """The projects under way among a scenario, each with what it brings and its own date; blank without any."""
    return "；".join(f"{p.name}（{delivered_text(p)}，{completion_text(p)}）" for p in cost.projects)


def cost_text(cost: Cost) -> str:
    """What the scenario costs and when its last part counts, with the warning that prices are assumed; apart from it
    the projects under way, whose money is committed.
    """
    committed = f"{COMMITTED}：{projects_text(cost)}。" if cost.projects else ""
    if not cost.lines:
        return f"没有新增投入。{committed}"
    parts = []
    for line in cost.lines:
        quantity = "" if line.unit == "元" else f"{amount_text(line.quantity, line.unit)}，"
        yearly = "/年" if line.paid == "yearly" else ""
        parts.append(f"{line.name} {quantity}{wan_text(line.yuan)}{yearly}")
    sums = []
    if cost.once_yuan:
        sums.append(f"一次性投入 {wan_text(cost.once_yuan)}")
    if cost.yearly_yuan:
        sums.append(f"每年 {wan_text(cost.yearly_yuan)}")
    return f"{'，'.join(sums)}，最长周期 {cost.lead_months} 个月（{'；'.join(parts)}）。{PRICE_ASSUMPTION}。{committed}"


def _arrow(old: int, new: int) -> str:
    return whole_text(new) if old == new else f"{whole_text(old)}→{whole_text(new)}"


def place_text(place: Place, stage: str | None, baseline: Baseline) -> str:
    """Where a lever works: the county, a township, a school, at one stage where it is said."""
    where = "全县"
    if place.scope == "school":
        where = _school(place.code, baseline)
    elif place.scope == "township":
        where = baseline.facts.township_names.get(place.code, place.code)
    return where + (name_of("stage", stage) if stage else "")


def _school(school_id: str, baseline: Baseline) -> str:
    known = baseline.facts.schools.get(school_id)
    return known.name if known else f"新设学校（{school_id}）"


def _route(from_school: str, to_school: str, stage: str, baseline: Baseline) -> str:
    return f"由{_school(from_school, baseline)}向{_school(to_school, baseline)}{name_of('stage', stage)}"


def _reason(reason: str) -> str:
    return f"（理由：{reason.strip()}）" if reason.strip() else ""


def _change_text(change: Change, baseline: Baseline) -> str:
    where = _school(change.school_id, baseline) + (name_of("stage", change.stage) if change.stage else "")
    name, unit, amount = fact_name(change.fact), fact_unit(change.fact), abs(change.amount)
    figure = amount_text(amount, unit) if unit == "元" else f"{plain_text(amount)} {unit}"
    if change.operation == "set":
        return f"{where}{name}设为 {figure}"
    return f"{where}{name}{'增加' if change.amount >= 0 else '减少'} {figure}"
