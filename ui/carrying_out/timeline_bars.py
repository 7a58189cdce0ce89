"""The bars of the timeline: targets, sub-items, tasks and projects with baseline, forecast and actual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.delivery.on_time import AT_RISK, DONE, NOT_REACHED, ON_COURSE, severity
from core.delivery.owed.targets import TargetOutlook
from core.delivery.owed.units import project_standing
from core.delivery.projects import Project
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.sub_item_status import SubItemStatus
from core.palette import BLUE, GREEN, GREY, ORANGE, RED, YELLOW_FILL
from core.rules.plan import Task
from core.wording.carrying_out.targets import PACE_SIGNS, PACE_WORDS
from core.wording.delivery import level_label, level_sign
from ui.carrying_out.timeline_chart import Bar
from ui.frame import View

_COLOURS = {
    DONE: GREEN,
    ON_COURSE: BLUE,
    AT_RISK: ORANGE,
    NOT_REACHED: RED,
    "yellow": YELLOW_FILL,
    "orange": ORANGE,
    "red": RED,
}
_PACE_COLOURS = {
    PaceVerdict.REACHED: GREEN,
    PaceVerdict.HELD: BLUE,
    PaceVerdict.ON_PACE: BLUE,
    PaceVerdict.BEHIND: ORANGE,
    PaceVerdict.SHORT: RED,
    PaceVerdict.MISSED: RED,
    PaceVerdict.LATE: GREEN,
    PaceVerdict.UNDECIDED: GREY,
    PaceVerdict.HISTORY: GREY,
}


def target_bar(view: View, outlook: TargetOutlook) -> Bar:
    """A dated target: its deadline, the day whose facts decide it, and from when the deadline was moved."""
    filed = view.filed_deadline(outlook.target.target_id)
    moved = filed is not None and filed != outlook.target.deadline
    was = f"；原期限 {filed}" if moved else ""
    return Bar(
        outlook.target.name,
        PACE_SIGNS[outlook.pace_verdict],
        f"期限 {outlook.target.deadline}{was}；{PACE_WORDS[outlook.pace_verdict]}",
        _PACE_COLOURS[outlook.pace_verdict],
        baseline=(min(filed, outlook.target.deadline), max(filed, outlook.target.deadline))
        if filed and moved
        else None,
        due=outlook.target.deadline,
        milestone=outlook.decided_on,
    )


def sub_item_bar(view: View, status: SubItemStatus) -> Bar:
    """A sub-item as planned, as worked on, and as its lead expects it to end."""
    return Bar(
        f"{status.sub_item.sub_item_id} {status.sub_item.title}",
        level_sign(status.standing.level, view.plan),
        f"{status.obligation.due} 到期；{level_label(status.standing, view.plan)}",
        _COLOURS.get(status.standing.level, GREY),
        baseline=(status.sub_item.start, status.sub_item.due),
        actual=_worked(status.sub_item.start, _completed(view, [status]), view.as_of),
        due=status.obligation.due,
        forecast=_forecast([status]),
    )


def task_bar(view: View, task: Task, held: list[SubItemStatus]) -> Bar:
    """A task over all its shown sub-items, coloured as the worst of them."""
    start = min(s.sub_item.start for s in held)
    hardest = worst(view, held)
    done = sum(s.standing.level == DONE for s in held)
    return Bar(
        f"{task.task_id} {task.title}",
        level_sign(hardest.standing.level, view.plan),
        f"具体措施完成 {done}/{len(held)}，逾期 {sum(s.is_late for s in held)}",
        _COLOURS.get(hardest.standing.level, GREY),
        baseline=(start, max(s.sub_item.due for s in held)),
        actual=_worked(start, _completed(view, held), view.as_of),
        due=max(s.obligation.due for s in held),
        forecast=_forecast(held),
    )


def project_bar(view: View, project: Project) -> Bar:
    """A project as planned, as built, and as it is expected to end."""
    standing = project_standing(view.situation, project)
    planned = (project.planned_start, project.planned_completion)
    start, end = planned
    begun = start is not None and (project.progress or project.actual_completion)
    done = project.actual_completion is not None
    return Bar(
        project.name,
        level_sign(standing.level, view.plan),
        f"计划 {start or '…'} 至 {end or '…'}；{level_label(standing, view.plan)}",
        _COLOURS.get(standing.level, GREY),
        baseline=(start, end) if start and end else None,
        actual=_worked(start, project.actual_completion, view.as_of) if start and begun else None,
        due=end,
        forecast=None if done else project.forecast_completion,
    )


def _worked(start: date, completed: date | None, as_of: date) -> tuple[date, date] | None:
    end = completed or as_of
    return (start, end) if end > start else None


def _completed(view: View, held: Sequence[SubItemStatus]) -> date | None:
    days = [s.standing.completed_on for s in held]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _forecast(held: Sequence[SubItemStatus]) -> date | None:
    days = [
        s.reported.forecast_date
        for s in held
        if s.reported is not None and s.reported.forecast_date is not None and s.standing.completed_on is None
    ]
    return max(days, default=None)


def worst(view: View, held: Sequence[SubItemStatus]) -> SubItemStatus:
    """The sub-item that stands worst."""

    def badness(status: SubItemStatus) -> tuple[int, bool, int]:
        rank = severity(view.plan.warnings, status.standing.level)
        return (rank or 0, status.standing.level != DONE, status.standing.days_late)

    return max(held, key=badness)
