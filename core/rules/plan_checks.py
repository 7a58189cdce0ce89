"""What must hold between the parts of a plan, each breach as a Chinese sentence saying where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from core.rules.declared import UNREAD_DAY, UNREAD_YEAR
from core.rules.plan import DatedTarget, Plan, SubItem, Task
from core.rules.plan_metrics import (
    ClassShare,
    CompositeCv,
    GrowthMetric,
    IndicatorMetric,
    ItemMetric,
    LargestClass,
    Measure,
    Metric,
    OversizedSchoolShare,
    SubItemsDone,
    TargetMetric,
    VetoMetric,
)
from core.rules.responsibility import Responsibility


def reference_faults(plan: Plan) -> list[str]:
    """Every id that stands twice or is unknown, every date or number that contradicts another."""
    return [
        *_repeated(plan),
        *_unknown_units(plan),
        *_phase_faults(plan),
        *(fault for task in plan.tasks for fault in _task_faults(plan, task)),
        *(fault for target in plan.dated_targets for fault in _dated_target_faults(plan, target)),
        *_yearly_target_faults(plan),
        *_warning_faults(plan),
        *_letter_faults(plan),
        *_route_faults(plan),
        *_division_faults(plan),
    ]


def _repeated(plan: Plan) -> Iterator[str]:
    targets = [
        *(t.target_id for t in plan.dated_targets),
        *(t.target_id for t in plan.yearly_targets),
    ]
    for section, ids in (
        ("goals", [g.goal_id for g in plan.goals]),
        ("phases", [p.phase_id for p in plan.phases]),
        ("units", [u.unit_id for u in plan.units]),
        ("tasks", [t.task_id for t in plan.tasks]),
        ("sub_items", [s.sub_item_id for s in plan.sub_items()]),
        ("dated_targets、yearly_targets", targets),
        ("project_slots", [s.slot_id for s in plan.project_slots]),
        ("ledger_steps", [s.step_id for s in plan.ledger_steps]),
        ("warnings.levels", [level.level_id for level in plan.warnings.levels]),
        ("supervision.letters", [str(letter.kind) for letter in plan.supervision.letters] if plan.supervision else []),
        ("remedies", [r.remedy_id for r in plan.remedies]),
        ("routes", [r.subject for r in plan.routes]),
        ("divisions", [d.division_id for d in plan.divisions]),
    ):
        for repeated in sorted({i for i in ids if i and ids.count(i) > 1}):
            yield f"{section} 中编号“{repeated}”重复"


def _unknown(where: str, what: str, ids: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    stand = set(known)
    for missing in ids:
        if missing and missing not in stand:
            yield f"{where} {what}“{missing}”未在文件中列出"


def _unknown_units(plan: Plan) -> Iterator[str]:
    known = [u.unit_id for u in plan.units]
    office = [plan.leading_group.office.unit_id]
    yield from _unknown("leading_group.office.unit", "单位", office, known)
    for unit in plan.units:
        yield from _unknown(f"units[{unit.unit_id}].members", "单位", unit.members, known)
        if (unit.kind == "group") != bool(unit.members):
            yield f"units[{unit.unit_id}] 单位组须列出成员，其他单位不列成员"
    for route in plan.routes:
        units = (route.lead_unit_id, *route.co_unit_ids)
        yield from _unknown(f"routes[{route.subject}]", "单位", units, known)
        if route.lead_unit_id in route.co_unit_ids:
            yield f"routes[{route.subject}] 配合单位与牵头单位重复"


def _phase_faults(plan: Plan) -> Iterator[str]:
    ended = UNREAD_DAY
    for phase in plan.phases:
        if UNREAD_DAY in (phase.from_date, phase.to_date):
            continue
        if phase.to_date < phase.from_date:
            yield f"phases[{phase.phase_id}] 结束日期 {phase.to_date} 早于 {phase.from_date}"
        if phase.from_date <= ended:
            yield f"phases[{phase.phase_id}] 开始日期 {phase.from_date} 与上一阶段重叠"
        ended = phase.to_date


def _task_faults(plan: Plan, task: Task) -> Iterator[str]:
    where = f"tasks[{task.task_id}]"
    yield from _unknown(f"{where}.goal", "目标", [task.goal_id], [g.goal_id for g in plan.goals])
    yield from _responsibility_faults(plan, where, task.lead, task.co_units)
    for sub_item in task.sub_items:
        place = f"{where}.sub_items[{sub_item.sub_item_id}]"
        if sub_item.sub_item_id and not sub_item.sub_item_id.startswith(f"{task.task_id}-"):
            yield f"{place}.id 应以“{task.task_id}-”开头"
        yield from _responsibility_faults(plan, place, sub_item.lead, sub_item.co_units)
        yield from _date_faults(plan, place, sub_item)
        if sub_item.metric is None and not sub_item.evidence:
            yield f"{place}.metric 与 evidence 不能同时为空，须有量化指标或佐证材料"
        if sub_item.metric is not None:
            yield from _decider_faults(plan, f"{place}.metric", sub_item.metric)


def _responsibility_faults(
    plan: Plan, where: str, lead: Responsibility, co_units: tuple[Responsibility, ...]
) -> Iterator[str]:
    known = [u.unit_id for u in plan.units]
    yield from _unknown(f"{where}.lead", "单位", [lead.unit_id], known)
    sharing = [r.unit_id for r in co_units]
    yield from _unknown(f"{where}.co_units", "单位", sharing, known)
    everyone = [lead.unit_id, *sharing]
    for repeated in sorted({u for u in everyone if u and everyone.count(u) > 1}):
        yield f"{where} 单位“{repeated}”在牵头与配合单位中重复"


def _date_faults(plan: Plan, where: str, sub_item: SubItem) -> Iterator[str]:
    if UNREAD_DAY in (sub_item.start, sub_item.due):
        return
    if sub_item.due < sub_item.start:
        yield f"{where}.due 完成期限 {sub_item.due} 早于开始日期 {sub_item.start}"
    for key, day in (("start", sub_item.start), ("due", sub_item.due)):
        if not any(p.from_date <= day <= p.to_date for p in plan.phases):
            yield f"{where}.{key} 日期 {day} 不在任何实施阶段内"


def _decider_faults(plan: Plan, where: str, decider: Metric | Measure) -> Iterator[str]:
    """A code must have a route, so that its shortfall reaches somebody; a target must stand."""
    match decider:
        case ItemMetric(code) | IndicatorMetric(code) | VetoMetric(code, _):
            if code and code not in [r.subject for r in plan.routes]:
                yield f"{where} “{code}”在 routes 中没有分办单位"
        case TargetMetric(target_id):
            targets = [t.target_id for t in plan.dated_targets]
            yield from _unknown(where, "限期目标", [target_id], targets)


def _dated_target_faults(plan: Plan, target: DatedTarget) -> Iterator[str]:
    where = f"dated_targets[{target.target_id}]"
    year, deadline = target.by_year, target.deadline
    if year != UNREAD_YEAR and deadline != UNREAD_DAY:
        if (deadline.year, deadline.month, deadline.day) != (year, 12, 31):
            yield f"{where}.deadline {deadline} 不是目标年份 {year} 年的 12 月 31 日"
        if target.snapshot_year is not None and target.snapshot_year > year:
            yield f"{where}.snapshot_year {target.snapshot_year} 晚于目标年份 {year}"
    yield from _decider_faults(plan, f"{where}.measure", target.measure)
    if isinstance(target.measure, SubItemsDone):
        yield from _completion_faults(plan, where, target.measure)
    elif target.snapshot_year is None:
        yield f"{where}.snapshot_year 缺失，须写明由哪一年的数据判定"
    needs_limit = isinstance(target.measure, ClassShare | OversizedSchoolShare | LargestClass | CompositeCv)
    limits = [x for x in (target.limit, target.limit_from) if x is not None]
    if needs_limit and (target.operator is None or len(limits) != 1):
        yield f"{where} 须有 operator，并在 limit 与 limit_from 中填写一项"
    if not needs_limit and (target.operator is not None or limits):
        yield f"{where} 的 measure 自带判定，不应再填 operator、limit 或 limit_from"


def _completion_faults(plan: Plan, where: str, measure: SubItemsDone) -> Iterator[str]:
    """A target made of sub-items needs at least one, none of them decided by a target again."""
    if not measure.sub_item_ids:
        yield f"{where}.measure.ids 缺失"
    by_id = {s.sub_item_id: s for s in plan.sub_items()}
    yield from _unknown(f"{where}.measure.ids", "具体措施", measure.sub_item_ids, by_id)
    for sub_item_id in measure.sub_item_ids:
        if sub_item_id in by_id and isinstance(by_id[sub_item_id].metric, TargetMetric):
            yield f"{where}.measure.ids 具体措施“{sub_item_id}”又由限期目标判定，循环引用"


def _yearly_target_faults(plan: Plan) -> Iterator[str]:
    by_id = {s.sub_item_id: s for s in plan.sub_items()}
    for target in plan.yearly_targets:
        where = f"yearly_targets[{target.target_id}]"
        yield from _unknown(f"{where}.sub_item", "具体措施", [target.sub_item_id], by_id)
        sub_item = by_id.get(target.sub_item_id)
        if sub_item is not None and not isinstance(sub_item.metric, GrowthMetric):
            yield f"{where}.sub_item 具体措施“{target.sub_item_id}”的 metric 应为 growth"
        if target.last_year < target.first_year:
            yield f"{where}.last_year {target.last_year} 早于 first_year {target.first_year}"


def _warning_faults(plan: Plan) -> Iterator[str]:
    levels = plan.warnings.levels
    known = [level.level_id for level in levels]
    repaired = [plan.warnings.repaired_level]
    yield from _unknown("warnings.repaired_level", "预警等级", repaired, known)
    expected: int | None = 1
    for level in levels:
        if level.days_late_from != expected:
            yield f"warnings.levels[{level.level_id}] 逾期天数应与上一等级衔接"
        end = level.days_late_to
        if end is not None and end < level.days_late_from:
            yield f"warnings.levels[{level.level_id}] 逾期天数止于 {end}，小于起始天数"
        expected = None if end is None else end + 1
    if levels and levels[-1].days_late_to is not None:
        yield f"warnings.levels[{levels[-1].level_id}] 最后一个等级不应有 days_late_to"


def _letter_faults(plan: Plan) -> Iterator[str]:
    letters = plan.supervision.letters if plan.supervision else ()
    for milder, letter in pairwise(letters):
        if letter.days_late_from <= milder.days_late_from:
            yield f"supervision.letters[{letter.kind}] 逾期天数应大于上一种文书的 {milder.days_late_from} 天"
    if letters and letters[0].days_late_from < 1:
        yield f"supervision.letters[{letters[0].kind}] 逾期天数应从 1 天起"


def _division_faults(plan: Plan) -> Iterator[str]:
    units, known = {d.division_id: d.unit_id for d in plan.divisions}, {u.unit_id for u in plan.units}
    for division in plan.divisions:
        yield from _unknown(f"divisions[{division.division_id}].unit", "单位", [division.unit_id], known)
    for sub_item in plan.sub_items():
        named = sub_item.division_id
        where = f"sub_items[{sub_item.sub_item_id}].division"
        yield from _unknown(where, "股室", [named or ""], units)
        if named in units and units[named] in known and units[named] != sub_item.lead.unit_id:
            yield f"{where} “{named}”是“{units[named]}”的股室，牵头单位是“{sub_item.lead.unit_id}”"


def _route_faults(plan: Plan) -> Iterator[str]:
    known = [r.remedy_id for r in plan.remedies]
    for route in plan.routes:
        where = f"routes[{route.subject}].remedies"
        yield from _unknown(where, "补救办法", route.remedy_ids, known)
        leads = {s.sub_item_id: s.lead.unit_id for s in plan.measuring(route.subject)}
        if leads and route.lead_unit_id not in leads.values():
            told = "、".join(f"{sub_item_id} 为 {unit_id}" for sub_item_id, unit_id in leads.items())
            yield f"routes[{route.subject}].lead 为“{route.lead_unit_id}”，与衡量它的具体措施的牵头单位（{told}）不一致"
        if not route.remedy_ids:
            yield f"{where} 缺失，须写明补救办法"
    for remedy in plan.remedies:
        if remedy.months < 1:
            yield f"remedies[{remedy.remedy_id}].months 应为正整数"
