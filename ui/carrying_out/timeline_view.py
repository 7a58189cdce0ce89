"""The timeline's parts: the choice, the lines of the chart, the targets backwards from acceptance, the tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.delivery.on_time import DONE
from core.delivery.owed.targets import TargetOutlook, dated_targets, yearly_targets
from core.delivery.owed.units import project_standing
from core.delivery.projects import Project
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.status import sub_item_statuses, township_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.reports.delivery_tables import sub_items_table, targets_table, yearly_targets_table
from core.rules.plan import Task
from core.wording.carrying_out.targets import PACE_WORDS
from core.wording.delivery import level_meanings, progress_text
from ui import charts
from ui.carrying_out.timeline_bars import project_bar, sub_item_bar, target_bar, task_bar, worst
from ui.carrying_out.timeline_chart import Bar, timeline_figure
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain
from ui.links import address, linked_choice
from ui.status_view import back_link, level_mark, level_tone, pace_mark, status_table, unit_link
from ui.tables import downloads, sentence_table

_SHAPES = (
    "浅色框为计划工期，目标的浅色框为原期限到现期限，实心条为已实施的时间，竖短线为期限，空心菱形为预计完成，实心菱形为目标判定日，竖虚线为截至日。"
    "颜色为现状，同一符号写在每行名称之后；任务按其中最差的具体措施着色。"
)


@dataclass(frozen=True)
class TimelineChoice:
    """Whose part of the plan is looked at; None stands for all."""

    unit_id: str | None
    township_code: str | None
    task_id: str | None


EVERYTHING = TimelineChoice(None, None, None)


@dataclass(frozen=True)
class Shown:
    """What stands on the timeline under a choice."""

    statuses: tuple[SubItemStatus, ...]
    targets: tuple[TargetOutlook, ...]
    projects: tuple[Project, ...]


def choose_timeline(view: View) -> TimelineChoice:
    """Department and task, in the address beside the township of the bar."""
    plan = view.plan
    units = {u.unit_id: u.name for u in plan.units if plan.obligations_of(u.unit_id) and u.kind != "group"}
    tasks = {t.task_id: f"{t.task_id} {t.title}" for t in plan.tasks}
    with st.container(horizontal=True, key="choices_timeline", vertical_alignment="bottom"):
        unit_id = linked_choice("部门", list(units), "unit", units, placeholder="全部部门")
        task_id = linked_choice("任务", list(tasks), "task", tasks, placeholder="全部任务，选一项看具体措施")
    return TimelineChoice(unit_id, view.township, task_id)


def content(view: View, choice: TimelineChoice) -> Shown:
    """The sub-items, targets and projects under a choice; targets are the county's, of no township."""
    now, plan = view.situation, view.plan
    code = choice.township_code
    statuses: Iterable[SubItemStatus] = (township_statuses(now, code) if code else sub_item_statuses(now)).values()
    if choice.unit_id is not None:
        owed = {s.sub_item_id for s in plan.obligations_of(choice.unit_id)}
        statuses = [
            s for s in statuses if s.sub_item.sub_item_id in owed or s.obligation.lead_unit_id == choice.unit_id
        ]
    if choice.task_id is not None:
        within = {s.sub_item_id for t in plan.tasks if t.task_id == choice.task_id for s in t.sub_items}
        statuses = [s for s in statuses if s.sub_item.sub_item_id in within]
    held = tuple(statuses)
    ids = {s.sub_item.sub_item_id for s in held}
    targets = tuple(
        t
        for t in dated_targets(now)
        if code is None and (choice == EVERYTHING or (t.sub_item is not None and t.sub_item.sub_item_id in ids))
    )
    projects = tuple(
        p
        for p in now.projects
        if choice.task_id is None and (code is None or p.township_code == code) and choice.unit_id in (None, p.unit_id)
    )
    return Shown(held, targets, projects)


def headline(view: View, shown: Shown, choice: TimelineChoice) -> str:
    """How many of the targets under the choice are reached, missed and undecided; where none are, the county's."""
    outlooks = shown.targets or dated_targets(view.situation)
    opening = f"{scope_words(view, choice)}涉及的 " if shown.targets else f"{COUNTY_WIDE} "
    opening = "" if choice == EVERYTHING else opening

    def number(verdict: PaceVerdict) -> int:
        return sum(o.pace_verdict is verdict for o in outlooks)

    parts = [f"{opening}{len(outlooks)} 项规划目标中 {number(PaceVerdict.REACHED)} 项已达到"]
    for verdict in (
        PaceVerdict.MISSED,
        PaceVerdict.SHORT,
        PaceVerdict.LATE,
        PaceVerdict.BEHIND,
        PaceVerdict.HELD,
        PaceVerdict.ON_PACE,
        PaceVerdict.UNDECIDED,
        PaceVerdict.HISTORY,
    ):
        if number(verdict):
            parts.append(f"{number(verdict)} 项{PACE_WORDS[verdict]}")
    return "，".join(parts)


def summary(view: View, shown: Shown) -> str:
    """What comes next, and how many sub-items and projects are late."""
    coming = sorted(o.target.deadline for o in shown.targets if o.target.deadline >= view.as_of)
    sentences = []
    if coming:
        due = [o for o in shown.targets if o.target.deadline == coming[0]]
        reached = sum(o.pace_verdict is PaceVerdict.REACHED for o in due)
        sentences.append(f"最近到期 {coming[0]}：{len(due)} 项规划目标，已达到 {reached} 项")
    sentences.append(progress_text([s.standing for s in shown.statuses], "项具体措施"))
    if shown.projects:
        sentences.append(progress_text([project_standing(view.situation, p) for p in shown.projects], "个项目"))
    return "；".join(sentences) + "。"


def lines(view: View, shown: Shown, choice: TimelineChoice) -> list[Bar]:
    """The chart's lines: targets, tasks or one task's sub-items, projects."""
    bars = []
    if shown.targets:
        bars += [Bar("目标"), *(target_bar(view, o) for o in shown.targets)]
    if choice.task_id is not None:
        bars += [Bar("具体措施"), *(sub_item_bar(view, s) for s in shown.statuses)]
    elif shown.statuses:
        bars += [Bar("任务"), *(task_bar(view, task, held) for task, held in by_task(view, shown))]
    if shown.projects:
        bars += [Bar("项目"), *(project_bar(view, p) for p in shown.projects)]
    return bars


def timeline_chart(view: View, shown: Shown, choice: TimelineChoice) -> None:
    """The picture, in a window of its own on a phone, since it is longer than the screen."""
    figure = timeline_figure(lines(view, shown, choice), view.plan.phases, view.as_of)
    name = f"时间线-{scope_words(view, choice)}"
    with st.container(key="timeline_window"):
        charts.show(figure, key="timeline", name=name)
    with st.expander("图例"):
        _key(view, shown)


def _key(view: View, shown: Shown) -> None:
    """What every colour and shape of the chart means."""
    lines = []
    if shown.targets:
        lines.append("**目标**　" + "　".join(pace_mark(pace) for pace in PACE_WORDS))
    levels = "　".join(f":{level_tone(level)}[{plain(words)}]" for level, words in level_meanings(view.plan))
    lines += [f"**任务、具体措施、项目**　{levels}", f":gray[{_SHAPES}]"]
    # A caption would pale the colours that it explains.
    st.markdown("  \n".join(f":small[{line}]" for line in lines))


def by_task(view: View, shown: Shown) -> list[tuple[Task, list[SubItemStatus]]]:
    """The shown sub-items by task, in the plan's order."""
    held = {s.sub_item.sub_item_id: s for s in shown.statuses}
    grouped = [(t, [held[s.sub_item_id] for s in t.sub_items if s.sub_item_id in held]) for t in view.plan.tasks]
    return [(task, statuses) for task, statuses in grouped if statuses]


def tasks_table(view: View, shown: Shown, choice: TimelineChoice) -> None:
    """The tasks with their counts, each a link to its sub-items; a chosen task shows them."""
    if choice.task_id is not None:
        status_table(view, shown.statuses, "这项任务在所选范围内没有具体措施。", with_unit=True)
        back_link(view, "timeline", "回到全部任务")
        return
    tasks = by_task(view, shown)
    sentence_table(
        [
            {
                "任务": f"**[{plain(f'{task.task_id} {task.title}')}]({_task_address(choice, task.task_id)})**",
                "完成": plain(f"{sum(s.standing.level == DONE for s in held)}/{len(held)}"),
                "逾期": plain(sum(s.is_late for s in held)),
                "最严重": level_mark(worst(view, held).standing, view.plan),
                "牵头单位": unit_link(view.plan, task.lead.unit_id),
            }
            for task, held in tasks
        ],
        pressing=[any(s.is_late for s in held) for _, held in tasks],
    )


def _task_address(choice: TimelineChoice, task_id: str) -> str:
    more = {"unit": choice.unit_id} if choice.unit_id else {}
    return address("timeline", task=task_id, **more)


def scope_words(view: View, choice: TimelineChoice) -> str:
    """The choice in words, for file names."""
    names = view.situation.township_names
    words = [
        view.plan.unit(choice.unit_id).name if choice.unit_id else "",
        names.get(choice.township_code, "") if choice.township_code else "",
        choice.task_id or "",
    ]
    return "".join(words) or COUNTY_WIDE


def timeline_files(view: View, shown: Shown, outlooks: Sequence[TargetOutlook], scope: str) -> None:
    """The sub-items, the targets and the yearly targets as files."""
    tables = [
        sub_items_table(view.situation, shown.statuses, "时间线"),
        targets_table(outlooks),
        yearly_targets_table(yearly_targets(view.situation)),
    ]
    downloads(view, tables, "" if scope == COUNTY_WIDE else scope, key="timeline")
