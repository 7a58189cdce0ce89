"""七、存在问题、原因和整改: every school, coefficient and item that fails or cannot be judged, with cause, remedy, who and by when."""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.targets import county_goal
from core.method.assessment import Verdict
from core.naming import named
from core.reports.cells import Cell, verdict_cell
from core.reports.official.paper import Outline
from core.reports.self_evaluation.basis import Basis
from core.wording.attention import Concern, concerns, drivers_text, with_fewest_units
from core.wording.carrying_out.targets import start_text

_COLUMNS = (("对象", 2.8), ("结论", 2.2), ("问题和原因", 5), ("整改措施", 5), ("责任单位、最迟启动", 3.4))
_MOST_SUPPORTING = 2
_KINDS = (
    ("未达标和无法判定的学校", "row", "所学校（分学段计）"),
    ("超过限值和无法计算的差异系数", "balance", "项差异系数"),
    ("未达标和无法判定的项目", "item", "个项目"),
)


def repairs(outline: Outline, basis: Basis) -> None:
    """The whole part."""
    judged = basis.assessment
    listed = with_fewest_units(concerns(judged, basis.standard, basis.situation.plan), judged, basis.judge)
    outline.heading(1, "存在问题、原因和整改措施")
    if not listed:
        outline.say("没有未达标和无法判定的事项。", "rows", "balance", "batches")
        return
    for title, kind, unit in _KINDS:
        held = [c for c in listed if c.subject.kind == kind]
        outline.heading(2, title)
        sources = _sources(kind, held)
        if not held:
            outline.say("没有此类事项。", *sources)
            continue
        outline.say(_count_text(held, unit), *sources)
        outline.table(title, _COLUMNS, [_row(basis, c) for c in held], *sources)
    _by_lead(outline, basis, listed)


def _sources(kind: str, held: Sequence[Concern]) -> tuple[str, ...]:
    if kind != "item":
        return ("rows" if kind == "row" else "balance", "batches")
    return ("batches", *(c.subject.code or "" for c in held))


def _count_text(held: Sequence[Concern], unit: str) -> str:
    failed = sum(c.verdict is Verdict.NOT_MET for c in held)
    unknown = len(held) - failed
    said = [f"{failed} {unit}未达标"] if failed else []
    said += [f"{unknown} {unit}无法判定"] if unknown else []
    return f"共 {'，'.join(said)}。"


def _row(basis: Basis, concern: Concern) -> tuple[Cell | str, ...]:
    reason = concern.reason
    stage, code = concern.subject.stage, concern.subject.code
    if concern.subject.kind == "balance" and stage and code:
        result = basis.assessment.balance_of(stage, code)
        if result.cv is not None:
            reason = f"{reason}；{drivers_text(basis.assessment, result)}"
    start = start_text(concern.lead_months, county_goal(basis.situation), basis.situation.as_of)
    return (
        concern.name,
        verdict_cell(concern.verdict, concern.borderline),
        reason,
        concern.remedy or "—",
        f"{_answering(concern)}；{start}",
    )


def _answering(concern: Concern) -> str:
    if not concern.lead:
        return "未明确"
    supporting = named(concern.supporting, "个单位", _MOST_SUPPORTING)
    return f"{concern.lead}牵头" + (f"，{supporting}配合" if supporting else "")


def _by_lead(outline: Outline, basis: Basis, listed: Sequence[Concern]) -> None:
    """Who leads how much of it: what the county will do next, by unit."""
    outline.heading(2, "下一步安排")
    if not basis.situation.plan.exists:
        outline.say("本县没有载入实施方案，整改的牵头单位由县人民政府确定。")
        return
    by_lead: dict[str, list[Concern]] = {}
    for concern in listed:
        by_lead.setdefault(concern.lead or "未明确", []).append(concern)
    goal = county_goal(basis.situation)
    outline.say(f"上述 {len(listed)} 处问题由 {len(by_lead)} 个单位牵头整改，逐件建账、限期销号。", "plan", "batches")
    outline.table(
        "各牵头单位的整改任务",
        (("牵头单位", 3), ("事项", 1), ("涉及", 8), ("整改最长用时、最迟启动", 4)),
        [
            (
                unit,
                f"{len(held)} 处",
                "、".join(c.name for c in held),
                start_text(max((c.lead_months or 0 for c in held), default=0) or None, goal, basis.situation.as_of),
            )
            for unit, held in by_lead.items()
        ],
        "plan",
        "batches",
    )
