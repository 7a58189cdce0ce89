"""The coming years with their finished projects: the first year without a failure, and what a delay costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.delivery.project_effects import (
    LONGEST_DELAY_MONTHS,
    ComingYear,
    Overtaken,
    completion_day,
    earliest,
    overtaken,
    slips,
)
from core.delivery.projects import Project
from core.naming import named
from core.outlook.what_if.scenario import Scenario
from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.wording.numbers import NONE_HERE
from core.wording.planning.chances import failing_name
from core.wording.planning.scenario import LEFT_AWAY, SIMULATION
from core.wording.school_names import row_names
from ui import charts
from ui.frame import View
from ui.jobs import finished
from ui.labels import plain
from ui.links import address, linked_choice
from ui.planning import outlook_cache
from ui.planning.outlook_charts import failing_figure
from ui.planning.plan_choice import choose_plan
from ui.status_view import issue_address
from ui.tables import downloads, sentence_table

_EVERY = "all"
_NEVER = "预测期内不达标"
_MOST_NAMED = 6


@dataclass(frozen=True)
class Asked:
    """Which projects are late by how many months, and which saved plan is taken as there."""

    delays: dict[str, int]
    plan: Scenario | None


@dataclass(frozen=True)
class LookAhead:
    """The coming years in time, and with the delay; the same where nothing is late."""

    on_time: tuple[ComingYear, ...]
    delayed: tuple[ComingYear, ...]


def choose_delay(view: View) -> Asked:
    """One project or all unfinished ones, late by months; a saved plan beside them."""
    under_way = [p for p in view.situation.projects if p.actual_completion is None]
    names = {_EVERY: f"全部未完工项目 {len(under_way)} 个", **{p.project_id: p.name for p in under_way}}
    with st.container(horizontal=True, key="choices_ahead", vertical_alignment="bottom"):
        late = linked_choice("推迟哪个项目", list(names), "late", names, placeholder="全部未完工项目")
        plan = choose_plan(view)
    months = st.slider("推迟（月）", 0, LONGEST_DELAY_MONTHS, 0, key="late_months", bind="query-params")
    chosen = [p.project_id for p in under_way if late in (None, _EVERY, p.project_id)]
    return Asked(dict.fromkeys(chosen, months) if months else {}, plan)


def look_ahead(view: View, asked: Asked) -> LookAhead:
    """Every coming year judged by the method, once in time and once with the delay."""
    plan = None if asked.plan is None else asked.plan.number

    def years(delays: dict[str, int]) -> tuple[ComingYear, ...]:
        job = outlook_cache.coming_years(view.key, view.earlier_years, view.as_of, tuple(sorted(delays.items())), plan)
        return finished(job, "正在逐年判定 ", f"ahead_{bool(delays)}")

    on_time = years({})
    return LookAhead(on_time, years(asked.delays) if asked.delays else on_time)


def earliest_sentence(ahead: LookAhead, asked: Asked) -> str:
    """The earliest year without a failure, and where the delay moves it."""
    first, late = earliest(ahead.on_time), earliest(ahead.delayed)
    last = ahead.on_time[-1]
    if first is None:
        later = len(slips(ahead.on_time, ahead.delayed))
        ending = f"；推迟使 {later} 处更晚达标" if later else ""
        means = "现有项目加所选方案" if asked.plan else "只靠现有项目"
        return f"到 {last.year} 学年仍有 {len(last.failing)} 处不达标，{means}不能全部达标{ending}"
    opening = f"项目按期完成，最早 {first} 学年已报数据的学校与差异系数全部达标"
    if not asked.delays:
        return opening
    if late is None:
        return f"{opening}；推迟后到 {last.year} 学年也不能全部达标"
    return f"{opening}；推迟后{'不变' if late == first else f'最早 {late} 学年'}"


def years_figure(ahead: LookAhead, asked: Asked) -> charts.Figure:
    """Failures by year, in time and late."""
    delayed = [len(y.failing) for y in ahead.delayed] if asked.delays else None
    years = [y.year for y in ahead.on_time]
    return failing_figure(years, [len(y.failing) for y in ahead.on_time], delayed)


def years_table(view: View, ahead: LookAhead) -> None:
    """Year by year: what is finished, what passes, what still fails."""
    names = row_names(view.situation, {key for year in ahead.delayed for key in year.failing})
    projects = {p.project_id: p.name for p in view.situation.projects}
    lines, rows = [], []
    for year in ahead.delayed:
        judged = year.judged
        failing = [failing_name(key, names, view.standard) for key in sorted(year.failing)]
        done = [projects[p] for p in year.finished]
        counts = (
            f"{judged.schools_part.met}/{judged.schools_part.total}",
            f"{judged.balance_part.met}/{judged.balance_part.total}",
        )
        lines.append(
            {
                "学年": f"**{year.year}**{'（现状）' if year is ahead.delayed[0] else ''}",
                "计入的完工项目": plain("、".join(done) or "—"),
                "达标学校": counts[0],
                "差异系数": counts[1],
                "仍不达标": _still(year, failing),
            }
        )
        rows.append((year.year, "、".join(done), *counts, len(failing), "、".join(failing), len(year.unknown)))
    sentence_table(lines)
    columns = ("学年", "计入的完工项目", "达标学校", "差异系数", "不达标处数", "不达标的学校与差异系数", "无法判定处数")
    table = ReportTable(
        "达标年份",
        tuple(ReportColumn(c, "", WHOLE if c.endswith("处数") else "0" if c == "学年" else "General") for c in columns),
        tuple(rows),
        (SIMULATION,),
    )
    downloads(view, [table], "", key="coming_years")


def _still(year: ComingYear, failing: Sequence[str]) -> str:
    unknown = f"　:gray[○ {len(year.unknown)} 处无法判定]" if year.unknown else ""
    if failing:
        return f":red[▲ {len(failing)} 处]　{plain(named(failing, '处', _MOST_NAMED))}{unknown}"
    return unknown.strip("　") or ":green[● 无]"


def what_slips(view: View, ahead: LookAhead, asked: Asked) -> None:
    """What passes later because of the delay, and the dates of the plan that pass meanwhile."""
    st.header("推迟会耽误什么", anchor=False)
    if not asked.delays:
        st.markdown("拖动“推迟”滑块，看哪些学校因此晚达标、哪些时限赶不上。")
        return
    found = slips(ahead.on_time, ahead.delayed)
    names = row_names(view.situation, [slip.key for slip in found])
    if found:
        sentence_table(
            [
                {
                    "学校或差异系数": f"**{plain(failing_name(s.key, names, view.standard))}**",
                    "按期": f"{s.on_time} 学年达标",
                    "推迟后": f":red[▲ {_NEVER if s.delayed is None else f'{s.delayed} 学年达标'}]",
                }
                for s in found
            ]
        )
        slipping = ReportTable(
            "推迟后更晚达标",
            tuple(map(ReportColumn, ("学校或差异系数", "按期达标学年", "推迟后达标学年"))),
            tuple((failing_name(s.key, names, view.standard), s.on_time, s.delayed or _NEVER) for s in found),
            (SIMULATION,),
        )
        downloads(view, [slipping], "", key="slips")
    else:
        st.markdown("没有学校或差异系数因此晚一个学年达标：推迟没有跨过 9 月 1 日的统计时点，或该校另有缺口。")
    late = [o for o in overtaken(view.situation, asked.delays) if o.target_ids or o.issues]
    if late:
        st.markdown("**赶不上的时限**")
        sentence_table([_overtaken_line(view, o) for o in late])
        columns = ("项目", "完工日期", "推迟后完工日期", "期限在此之间的目标", "台账问题")
        rows = tuple(
            (
                _project_name(view, o),
                o.planned,
                o.delayed,
                _target_names(view, o) or NONE_HERE,
                "、".join(f"第 {serial} 号" for serial in o.issues) or NONE_HERE,
            )
            for o in late
        )
        overrun = ReportTable("推迟赶不上的时限", tuple(map(ReportColumn, columns)), rows, (SIMULATION,))
        downloads(view, [overrun], "", key="overtaken")


def _project_name(view: View, found: Overtaken) -> str:
    return next(p.name for p in view.situation.projects if p.project_id == found.project_id)


def _target_names(view: View, found: Overtaken) -> str:
    return "、".join(view.plan.dated_target(t).name for t in found.target_ids)


def _overtaken_line(view: View, found: Overtaken) -> dict[str, str]:
    issues = "、".join(f"[第 {serial} 号]({issue_address(serial)})" for serial in found.issues)
    return {
        "项目": f"**{plain(_project_name(view, found))}**",
        "完工": f"{found.planned} → {found.delayed}",
        "期限在此之间的目标": plain(_target_names(view, found) or NONE_HERE),
        "台账问题": issues or NONE_HERE,
    }


def not_counted(view: View, ahead: LookAhead, asked: Asked) -> None:
    """Projects that cannot count, each with its reason."""
    last = {project_id for year in ahead.delayed for project_id in year.not_counted}
    missing = [p for p in view.situation.projects if p.project_id in last]
    if missing:
        st.warning(plain("未计入：" + "；".join(f"{p.name}（{_reason(view, p)}）" for p in missing) + "。"))
    unknown = sorted({key for year in ahead.delayed for key in year.unknown})
    if unknown:
        names = row_names(view.situation, unknown)
        listed = [failing_name(key, names, view.standard) for key in unknown]
        st.warning(plain(f"数据未报、补报前无法判定：{named(listed, '处', _MOST_NAMED)}。"))
    link = address("projects")
    st.caption(
        f"学生按生源预测，教师和其余条件按现状{f'加所选方案（{LEFT_AWAY}）' if asked.plan else ''}；参评学校数随学生变化，没有学生或不足规模的不参评；项目自完工后的第一个 9 月 1 日起计入，面积计入所在学校，"
        f"教室用于班额超限时增班，学位本身不改变指标。交付内容与日期见[项目与台账]({link})。"
    )


def _reason(view: View, project: Project) -> str:
    if completion_day(project, view.as_of) is None:
        return "没有完工日期，或日期已过而未完工"
    return "未指定学校" if project.school_id is None else "所在学校尚未开办，没有学生数据"
