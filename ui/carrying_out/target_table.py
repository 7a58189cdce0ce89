"""The targets backwards from their deadlines (倒排), and what must grow each year."""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.targets import TargetOutlook, YearlyOutlook, yearly_targets
from core.delivery.records.amendments import missed_deadlines
from core.delivery.status.pace import PaceVerdict
from core.method.assessment import Verdict
from core.rules.plan_metrics import GrowthMetric
from core.wording.carrying_out.targets import (
    change_text,
    growth_text,
    outlook_sentence,
    recovery_sentence,
    value_text,
    yearly_sentence,
)
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.links import address
from ui.status_view import pace_mark
from ui.tables import sentence_table


def targets_table(view: View, outlooks: Sequence[TargetOutlook]) -> None:
    """Each target: value and verdict, the pace it has and the pace it needs, the last moment to start."""
    settled = (PaceVerdict.REACHED, PaceVerdict.LATE, PaceVerdict.HELD, PaceVerdict.ON_PACE)
    sentence_table(
        [_target_line(view, o) for o in outlooks], pressing=[o.pace_verdict not in settled for o in outlooks]
    )


def _target_line(view: View, outlook: TargetOutlook) -> dict[str, str]:
    year = max(outlook.values, default=None)
    values = outlook.values[year] if year is not None else ()
    return {
        "目标": f"**{plain(outlook.target.name)}**  \n:small[{plain(_dates(view, outlook))}]",
        "现值": plain("；".join(dict.fromkeys(value_text(v, outlook) for v in values)) or "…"),
        "结论": pace_mark(outlook.pace_verdict),
        "近年每年": plain(_each(outlook, [p.observed for p in outlook.paces])),
        "今后每年需": "—" if outlook.decided else plain(_each(outlook, [p.required for p in outlook.paces])),
        "最迟启动": _latest_start(view, outlook),
    }


def _dates(view: View, outlook: TargetOutlook) -> str:
    target = outlook.target
    missed = missed_deadlines(view.situation.amendments, view.county.plan_as_filed, target.target_id)
    filed = view.filed_deadline(target.target_id)
    was = "；".join(f"原期限 {m.due} 未达到，{m.replaced_on} 改期（{m.rests_on}）" for m in missed)
    if not was and filed not in (None, target.deadline):
        was = f"原方案为 {filed}"
    moved = f"（{was}）" if was else ""
    return f"期限 {target.deadline}{moved}，按 {outlook.decided_on} 的情况判定"


def _each(outlook: TargetOutlook, paces: Sequence[float | None]) -> str:
    named = [
        f"{stage_name(p.part)} {change_text(pace, outlook)}"
        if p.part in ("primary", "junior")
        else change_text(pace, outlook)
        for p, pace in zip(outlook.paces, paces, strict=True)
    ]
    return "；".join(dict.fromkeys(named)) or "—"


def _latest_start(view: View, outlook: TargetOutlook) -> str:
    if outlook.decided:
        words = f":small[{plain(recovery_sentence(outlook) or '已判定')}]"
        lost = outlook.pace_verdict in (PaceVerdict.SHORT, PaceVerdict.MISSED)
        if not (lost and view.actor.may("plan")):
            return words
        link = address("plan", plan_part="方案调整", section="dated_targets", entry=outlook.target.target_id)
        return f"{words}  \n[重新安排期限]({link})"
    sentence = f":small[{plain(outlook_sentence(outlook))}]"
    last = outlook.last_start
    if last is None:
        return sentence
    passed = last < view.as_of
    return f"{f':red[▲ {last:%Y-%m} 已过]' if passed else f'**{last:%Y-%m}**'}  \n{sentence}"


def yearly_table(view: View) -> None:
    """What must grow each year, year by year."""
    outlooks = yearly_targets(view.situation)
    sentence_table([_yearly_line(o) for o in outlooks], pressing=[_presses(o) for o in outlooks])


def _presses(outlook: YearlyOutlook) -> bool:
    """Whether a year did not grow, or is not known."""
    return outlook.verdict is not Verdict.MET


def _yearly_line(outlook: YearlyOutlook) -> dict[str, str]:
    latest, metric = outlook.latest, outlook.sub_item.metric
    failed = "、".join(f"{year} 年" for year in outlook.failed_years)
    amount = growth_text(latest, metric) if latest is not None and isinstance(metric, GrowthMetric) else "…"
    return {
        "年度目标": f"**{plain(outlook.target.name)}**",
        "结论": verdict_mark(outlook.verdict),
        "最近一年": "… 尚无数据" if latest is None else plain(f"{latest.year} 年 {amount}"),
        "逐年": plain(yearly_sentence(outlook)),
        "未增长年份": plain(failed or "—"),
    }
