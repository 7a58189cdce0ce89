"""The computed status of a sub-item beside the reported one.

    sub_item_status(situation, sub_item_id, township_code=None) -> SubItemStatus
    sub_item_statuses(situation) -> dict[str, SubItemStatus]                       the county's, in the plan's order
    township_statuses(situation, township_code) -> dict[str, SubItemStatus]        what the townships lead

What the townships lead stands at county level as it does in the worst township; `behind` names those behind.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.delivery.figures.facts_by_year import in_place_by
from core.delivery.figures.sub_item_metrics import MetricResult
from core.delivery.figures.target_measures import MeasureValue
from core.delivery.on_time import DONE, UNKNOWN, Reason, Standing, severity, standing
from core.delivery.records.records import SubItemUpdate, UpdateKey
from core.delivery.status.due_dates import completion, deciding_year, due_dates, evidence_count, metric_fulfilled
from core.delivery.status.obligation import Obligation
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import Basis, Divergence, SubItemStatus
from core.method.assessment import Verdict
from core.rules.plan import TOWNSHIPS_KIND, Plan, SubItem
from core.rules.plan_metrics import SubItemsDone, TargetMetric


def sub_item_statuses(situation: Situation) -> dict[str, SubItemStatus]:
    """Every sub-item at county level."""
    return {s.sub_item_id: sub_item_status(situation, s.sub_item_id) for s in situation.plan.sub_items()}


def township_statuses(situation: Situation, township_code: str) -> dict[str, SubItemStatus]:
    """The sub-items that the townships lead, as this one stands."""
    return {
        s.sub_item_id: sub_item_status(situation, s.sub_item_id, township_code)
        for s in situation.plan.sub_items()
        if led_by_townships(situation.plan, situation.obligation(s))
    }


def led_by_townships(plan: Plan, obligation: Obligation) -> bool:
    """Whether each township answers for the obligation in its own place."""
    return plan.unit(obligation.lead_unit_id).kind == TOWNSHIPS_KIND


def sub_item_status(situation: Situation, sub_item_id: str, township_code: str | None = None) -> SubItemStatus:
    """One sub-item; without a township the county's, which for what townships lead is the worst of them."""
    key = (sub_item_id, township_code)
    if key not in situation.statuses:
        obligation = situation.obligation(situation.plan.sub_item(sub_item_id))
        townships = sorted(situation.township_names)
        if township_code is None and townships and led_by_townships(situation.plan, obligation):
            each = [sub_item_status(situation, sub_item_id, code) for code in townships]
            situation.statuses[key] = _worst(situation, obligation, each)
        else:
            situation.statuses[key] = _status(situation, obligation, township_code)
    return situation.statuses[key]


def _worst(situation: Situation, obligation: Obligation, each: list[SubItemStatus]) -> SubItemStatus:
    worst = max(each, key=lambda status: _badness(situation, status))
    due = worst.standing.due or obligation.due
    evidence = [evidence_count(situation, obligation, due, status.township_code) for status in each]
    return replace(
        worst,
        township_code=None,
        metric=_metric(situation, obligation, None),
        evidence_filed=sum(count.filed for count in evidence),
        evidence_required=sum(count.required for count in evidence),
        behind=tuple(
            status.township_code or "" for status in each if severity(situation.plan.warnings, status.standing.level)
        ),
        differing=tuple(status.township_code or "" for status in each if status.divergence is not None),
    )


def _badness(situation: Situation, status: SubItemStatus) -> tuple[float, int]:
    rank = severity(situation.plan.warnings, status.standing.level)
    # Unknown is worse than nothing wrong and milder than any warning; done is best.
    return (0.5 if rank is None else rank - 0.5 * (status.standing.level == DONE), status.standing.days_late)


def _status(situation: Situation, obligation: Obligation, township_code: str | None) -> SubItemStatus:
    sub_item = obligation.sub_item
    key = UpdateKey(sub_item.sub_item_id, obligation.lead_unit_id, township_code)
    reported = situation.records.updates.get(key)
    last, where = _last_and_current(situation, obligation, township_code, reported)
    evidence = evidence_count(situation, obligation, where.due or obligation.due, township_code)
    status = SubItemStatus(
        sub_item=sub_item,
        obligation=obligation,
        township_code=township_code,
        standing=where,
        last=last,
        basis=_basis(situation, sub_item),
        metric=_metric(situation, obligation, township_code),
        evidence_filed=evidence.filed,
        evidence_required=evidence.required,
        reported=reported,
        divergence=None,
    )
    return replace(status, divergence=_divergence(situation, status, township_code))


def _basis(situation: Situation, sub_item: SubItem) -> Basis:
    if _sub_items_deciding(situation, sub_item):
        return Basis.SUB_ITEMS
    if sub_item.metric is not None:
        return Basis.METRIC
    return Basis.MONTHLY_REPORT if sub_item.recurring == "monthly" else Basis.EVIDENCE


def _sub_items_deciding(situation: Situation, sub_item: SubItem) -> tuple[str, ...]:
    if not isinstance(sub_item.metric, TargetMetric):
        return ()
    measure = situation.plan.dated_target(sub_item.metric.target_id).measure
    return measure.sub_item_ids if isinstance(measure, SubItemsDone) else ()


def _metric(situation: Situation, obligation: Obligation, township_code: str | None) -> MetricResult | None:
    year, metric = situation.year, obligation.sub_item.metric
    if metric is None or year is None:
        return None
    return situation.metric(metric, year, township_code)


def _last_and_current(
    situation: Situation, obligation: Obligation, township_code: str | None, reported: SubItemUpdate | None
) -> tuple[Standing | None, Standing]:
    """How the last occurrence fallen due stands, and the one that counts now.

    The last one counts while it is open or was just repaired, then the next.
    """
    days = due_dates(obligation)
    past = [day for day in days if day < situation.as_of]
    coming = [day for day in days if day >= situation.as_of]
    last = _standing(situation, obligation, past[-1], township_code, reported) if past else None
    if last is not None and (last.level != DONE or not coming):
        return last, last
    return last, _standing(situation, obligation, coming[0], township_code, reported)


def _completed(situation: Situation, obligation: Obligation, due: date, township_code: str | None) -> date | None:
    deciding = _sub_items_deciding(situation, obligation.sub_item)
    if not deciding:
        return completion(situation, obligation, due, township_code)
    days = [sub_item_status(situation, sub_item_id).standing.completed_on for sub_item_id in deciding]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _standing(
    situation: Situation,
    obligation: Obligation,
    due: date,
    township_code: str | None,
    reported: SubItemUpdate | None,
) -> Standing:
    as_of, warnings = situation.as_of, situation.plan.warnings
    sub_item = obligation.sub_item
    done = _completed(situation, obligation, due, township_code)
    where = standing(
        warnings,
        as_of,
        due=due,
        start=sub_item.start,
        completed_on=done,
        forecast=None if reported is None else reported.forecast_date,
    )
    if where.reason is not Reason.OVERDUE or _basis(situation, sub_item) is not Basis.METRIC:
        return where
    year, decisive = situation.year, deciding_year(situation, obligation, due)
    if year is None or year < (decisive or due.year):
        return Standing(UNKNOWN, Reason.NO_FACTS, due)
    metric = _metric(situation, obligation, township_code)
    if metric is not None and metric.verdict is Verdict.NOT_ASSESSABLE:
        return Standing(UNKNOWN, Reason.METRIC_UNDECIDED, due)
    lapsed = _met_until(situation, obligation, township_code)
    if lapsed is None or lapsed <= due:
        return where
    # It was met after its due date and has failed since: late from the day it was last there.
    return replace(standing(warnings, as_of, due=lapsed), due=due)


def _met_until(situation: Situation, obligation: Obligation, township_code: str | None) -> date | None:
    if deciding_year(situation, obligation, obligation.due) is not None:
        return None
    years = situation.facts.years_until(situation.as_of)
    met = [year for year in years if metric_fulfilled(situation, obligation, year, township_code)]
    following = [year for year in years if met and year > met[-1]]
    return in_place_by(following[0]) if following else None


def _divergence(situation: Situation, status: SubItemStatus, township_code: str | None) -> Divergence | None:
    reported, where = status.reported, status.standing
    if reported is None:
        return None
    proven = where.completed_on is not None
    if reported.status == "done" and not proven:
        day = _meant(status, reported.day)
        if _completed(situation, status.obligation, day, township_code) is None:
            by_metric = status.basis is Basis.METRIC
            return Divergence.DONE_BUT_METRIC_FAILS if by_metric else Divergence.DONE_BUT_EVIDENCE_MISSING
    # A report is held against what could be known on its day, not against what has happened since.
    late = where.reason is Reason.OVERDUE
    if late and reported.status in ("on_track", "not_started") and where.due is not None and reported.day > where.due:
        return Divergence.REPORTED_BETTER
    if reported.status not in ("risk", "late") or severity(situation.plan.warnings, where.level) != 0:
        return None
    if reported.status == "risk" and where.completed_on is None:
        return None
    last = None if status.last is None else status.last.completed_on
    known_since = where.completed_on or last
    return Divergence.REPORTED_WORSE if known_since is None or reported.day > known_since else None


def _meant(status: SubItemStatus, reported_on: date) -> date:
    """The occurrence that a report of done speaks of: the first one due on or after its day."""
    days = due_dates(status.obligation)
    return next((day for day in days if day >= reported_on), days[-1])


def target_parts(situation: Situation, sub_item_ids: tuple[str, ...]) -> tuple[MeasureValue, ...]:
    """A target decided by sub-items, one part each: met once its status says done."""
    parts = []
    for sub_item_id in sub_item_ids:
        status = sub_item_status(situation, sub_item_id)
        verdict = Verdict.MET if status.standing.completed_on is not None else Verdict.NOT_MET
        if status.standing.level == UNKNOWN:
            verdict = Verdict.NOT_ASSESSABLE
        parts.append(MeasureValue(sub_item_id, None, None, verdict, status.evidence_filed, status.evidence_required))
    return tuple(parts)
