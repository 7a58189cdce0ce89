"""Batches in words: the state of each, what counts of it, and the steps that led there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from core.batches.counting import BatchStanding, YearStanding
from core.batches.register import Publication

STATE_WORDS = {
    "draft": "草稿",
    "current": "现行",
    "partly": "部分现行",
    "replaced": "已被替换",
    "withdrawn": "已撤回",
    "dropped": "已放弃",
    "empty": "无覆盖范围",
}
_NOT_COUNTING = {
    "draft": "尚未发布，不计入结论",
    "withdrawn": "撤回后不再计入结论",
    "dropped": "没有发布过，不计入结论",
    "empty": "没有任何乡镇或学年的数据，不影响结论",
}
_ACTIONS = {"publish": "发布", "withdraw": "撤回"}
_COUNTY_SHEETS = "县级数据"
_NAMED = 3


def standing_text(standing: BatchStanding) -> str:
    """What counts of a batch now, by school years; where it counts no more, which batch took its place."""
    if standing.state in _NOT_COUNTING:
        return _NOT_COUNTING[standing.state]
    grouped = groupby(standing.years, key=lambda year: _year_text(year, standing.batch.batch_id))
    return "；".join(years_text([year.year for year in held]) + text for text, held in grouped)


def _year_text(year: YearStanding, batch_id: int) -> str:
    own = [name for name, counting in year.counted_by if counting == batch_id]
    replaced: dict[int | None, list[str | None]] = {}
    for name, counting in year.counted_by:
        if counting != batch_id:
            replaced.setdefault(counting, []).append(name)
    if not replaced:
        return f"{places_text(own)}现行"
    if not own and len(replaced) == 1:
        return f"已被批次 {next(iter(replaced))} 替换"
    lost = "，".join(f"{places_text(names)}已被批次 {number} 替换" for number, names in replaced.items())
    return f"{lost}，其余{places_text(own)}现行" if own else lost


def withdrawal_text(before: BatchStanding, after: BatchStanding) -> str:
    """What taking a batch out changed: whose figures count now where it counted before."""
    number = before.batch.batch_id
    regained = [
        YearStanding(
            year.year, tuple(now for was, now in zip(year.counted_by, then.counted_by, strict=True) if was[1] == number)
        )
        for year, then in zip(before.years, after.years, strict=True)
    ]
    held = [year for year in regained if year.counted_by]
    if not held:
        return f"批次 {number} 已撤回；它没有现行的数据，现行数据不变。"
    grouped = groupby(held, key=_regained_text)
    said = "；".join(years_text([year.year for year in years]) + text for text, years in grouped)
    return f"批次 {number} 已撤回：{said}。"


def _regained_text(year: YearStanding) -> str:
    places: dict[int | None, list[str | None]] = {}
    for name, counting in year.counted_by:
        places.setdefault(counting, []).append(name)
    return "，".join(
        f"{places_text(names)}现在没有批次提供" if number is None else f"{places_text(names)}恢复为批次 {number} 的数据"
        for number, names in places.items()
    )


def places_text(names: Sequence[str | None]) -> str:
    """Townships and the county's own sheets; more than a few townships only by number."""
    townships = [name for name in names if name is not None]
    parts = []
    if townships:
        parts.append("、".join(townships) if len(townships) <= _NAMED else f" {len(townships)} 个乡镇")
    if None in names:
        parts.append(_COUNTY_SHEETS)
    return "和".join(parts)


def years_text(years: Sequence[int]) -> str:
    """School years in order, such as 2018–2023 学年; those with gaps between them one by one."""
    if not years:
        return "无学年"
    unbroken = len(years) > 1 and years[-1] - years[0] == len(years) - 1
    return f"{years[0]}–{years[-1]} 学年" if unbroken else f"{'、'.join(map(str, years))} 学年"


def _step_text(step: Publication, action: str) -> str:
    return f"{step.recorded_at:%Y-%m-%d %H:%M} {action}，{step.actor}：{step.reason.strip() or '未写说明'}"


def history_text(standing: BatchStanding) -> str:
    """How a batch came in and everything that was decided about it: when, by whom and why."""
    found = standing.batch
    note = f"：{found.note}" if found.note.strip() else ""
    opening = f"{found.loaded_at:%Y-%m-%d %H:%M} 存为草稿，{found.actor}{note}"
    actions = ["放弃" if standing.state == "dropped" else _ACTIONS[step.action] for step in standing.steps]
    steps = (_step_text(step, action) for step, action in zip(standing.steps, actions, strict=True))
    return "；".join([opening, *steps])
