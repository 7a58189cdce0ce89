"""The computed status of a sub-item beside the reported one.

    sub_item_status(situation, sub_item_id, township_code=None) -> SubItemStatus
    sub_item_statuses(situation) -> dict[str, SubItemStatus]                       the county's, in the plan's order
    township_statuses(situation, township_code) -> dict[str, SubItemStatus]        what the townships lead

What the townships lead stands at county level as it does in the worst township; `behind` names those behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from core.delivery.figures.facts_by_year import in_place_by
from core.delivery.figures.sub_item_metrics import MetricResult
from core.delivery.figures.target_measures import MeasureValue
from core.delivery.on_time import (
    AT_RISK,
    CLAIMED,
    DONE,
    HISTORY,
    NOT_REACHED,
    UNKNOWN,
    Reason,
    Standing,
    severity,
    standing,
)
from core.delivery.records.records import SubItemUpdate, UpdateKey
from core.delivery.status.due_dates import (
    completion,
    deciding_year,
    due_dates,
    evidence_count,
    last_year_in_time,
    metric_fulfilled,
)
from core.delivery.status.obligation import Obligation
from core.delivery.status.pace import PaceVerdict, figure_values, pace_of
from core.delivery.status.record_metrics import goes_on, recorded
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import Basis, Divergence, SubItemStatus
from core.method.assessment import Verdict
from core.rules.plan import TOWNSHIPS_KIND, Plan, SubItem
from core.rules.plan_metrics import RecordMetric, SubItemsDone, TargetMetric

# Not yet due, by whatever is said of it.
_OPEN = (Reason.UNDER_WAY, Reason.FORECAST_AFTER_DUE, Reason.NOT_YET_BEGUN)


def sub_item_statuses(situation: Situation) -> dict[str, SubItemStatus]:
    """Every sub-item at county level."""
    return {s.sub_item_id: sub_item_status(situation, s.sub_item_id) for s in situation.plan.sub_items()}


def township_statuses(situation: Situation, township_code: str) -> Mapping[str, SubItemStatus]:
    """The sub-items that the townships lead, as this one stands."""
    found = situation.statuses_of_townships.get(township_code)
    if found is None:
        found = situation.statuses_of_townships[township_code] = {
            s.sub_item_id: sub_item_status(situation, s.sub_item_id, township_code)
            for s in situation.plan.sub_items()
            if led_by_townships(situation.plan, situation.obligation(s))
        }
    return found


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
        evidence_confirmed=sum(count.confirmed for count in evidence),
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
        evidence_confirmed=evidence.confirmed,
        evidence_required=evidence.required,
        reported=reported,
        divergence=None,
        shared=_shared(situation, obligation),
    )
    return replace(status, divergence=_divergence(situation, status, township_code))


def _shared(situation: Situation, obligation: Obligation) -> tuple[SubItemUpdate, ...]:
    updates = situation.records.updates
    keys = (UpdateKey(obligation.sub_item.sub_item_id, r.unit_id) for r in obligation.sub_item.co_units)
    return tuple(updates[key] for key in keys if key in updates and key.unit_id != obligation.lead_unit_id)


def _basis(situation: Situation, sub_item: SubItem) -> Basis:
    if _sub_items_deciding(situation, sub_item):
        return Basis.SUB_ITEMS
    if isinstance(sub_item.metric, RecordMetric):
        return Basis.RECORDS
    return Basis.EVIDENCE if sub_item.metric is None else Basis.METRIC


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
    if goes_on(obligation.sub_item.metric):
        # The records tell how it is, not how it was when a month ended.
        now = next((day for day in days if day >= situation.as_of), days[-1])
        return None, _standing(situation, obligation, now, township_code, reported)
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
    sub_item = obligation.sub_item
    done = _completed(situation, obligation, due, township_code)
    where = standing(
        situation.plan.warnings,
        situation.as_of,
        due=due,
        start=sub_item.start,
        completed_on=done,
        forecast=None if reported is None else reported.forecast_date,
    )
    if situation.plan_is_history:
        return where if where.completed_on is not None else Standing(HISTORY, Reason.PLAN_IS_HISTORY, due)
    basis = _basis(situation, sub_item)
    if basis is Basis.EVIDENCE:
        return _claimed(situation, obligation, township_code, where, reported)
    if basis is Basis.RECORDS:
        return _by_records(situation, sub_item, where)
    if basis is not Basis.METRIC:
        return where
    if where.reason in _OPEN:
        return _before_due(situation, obligation, township_code, where)
    return _after_due(situation, obligation, township_code, where) if where.reason is Reason.OVERDUE else where


def _claimed(
    situation: Situation,
    obligation: Obligation,
    township_code: str | None,
    where: Standing,
    reported: SubItemUpdate | None,
) -> Standing:
    """What somebody says is done, until a second person has seen the documents."""
    if where.due is None or where.reason not in (*_OPEN, Reason.OVERDUE):
        return where
    filed_on = evidence_count(situation, obligation, where.due, township_code).filed_on
    if filed_on is not None and filed_on <= where.due:
        return Standing(CLAIMED, Reason.TO_BE_CONFIRMED, where.due)
    is_open = where.reason in _OPEN
    if is_open and reported is not None and reported.status == "done" and _speaks_of(obligation, reported, where.due):
        return Standing(CLAIMED, Reason.REPORTED_ONLY, where.due)
    return where


def _by_records(situation: Situation, sub_item: SubItem, where: Standing) -> Standing:
    """A duty that goes on is not kept as long as the records say so, whenever the next month ends."""
    if where.reason not in (*_OPEN, Reason.OVERDUE) or not isinstance(sub_item.metric, RecordMetric):
        return where
    if where.reason is Reason.NOT_YET_BEGUN:
        return where
    verdict = recorded(sub_item.metric, situation.recorded).verdict
    if verdict is Verdict.NOT_ASSESSABLE:
        return Standing(UNKNOWN, Reason.METRIC_UNDECIDED, where.due)
    if goes_on(sub_item.metric) and where.reason is not Reason.OVERDUE:
        return Standing(NOT_REACHED, Reason.NOT_KEPT, where.due)
    return where


def _before_due(situation: Situation, obligation: Obligation, township_code: str | None, where: Standing) -> Standing:
    """Before the due date: what the last figures in time deny is not reached, what is too slow is at risk."""
    metric, due, year = obligation.sub_item.metric, where.due, situation.year
    if metric is None or due is None or year is None or where.reason is Reason.NOT_YET_BEGUN:
        return where
    last = last_year_in_time(situation, obligation, due)
    if year >= last and situation.metric(metric, last, township_code).verdict is Verdict.NOT_MET:
        return Standing(NOT_REACHED, Reason.DECIDED_SHORT, due)
    if isinstance(metric, TargetMetric):
        target = situation.plan.dated_target(metric.target_id)
        if pace_of(situation, target, figure_values(situation, target)).pace_verdict is PaceVerdict.BEHIND:
            return Standing(AT_RISK, Reason.PACE_SHORT, due)
    return where


def _after_due(situation: Situation, obligation: Obligation, township_code: str | None, where: Standing) -> Standing:
    """Past the due date: unknown as long as the figures say nothing, late from the day on which it was last there."""
    due, year, metric = where.due or obligation.due, situation.year, obligation.sub_item.metric
    settled = last_year_in_time(situation, obligation, due)
    if year is None or year < settled or metric is None:
        return Standing(UNKNOWN, Reason.NO_FACTS, due)
    # What falls due by the year is settled by its own figures: later ones may repair it, unknown ones undo nothing.
    years = {settled} if deciding_year(situation, obligation, due) is not None else {settled, year}
    if all(situation.metric(metric, y, township_code).verdict is not Verdict.NOT_MET for y in years):
        return Standing(UNKNOWN, Reason.METRIC_UNDECIDED, due)
    lapsed = _met_until(situation, obligation, township_code)
    if lapsed is None or lapsed <= due:
        return where
    # It was met after its due date and has failed since: late from the day it was last there.
    return replace(standing(situation.plan.warnings, situation.as_of, due=lapsed), due=due)


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
        day = _meant(status.obligation, reported.day)
        if _completed(situation, status.obligation, day, township_code) is None:
            by_metric = status.basis in (Basis.METRIC, Basis.RECORDS)
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


def _meant(obligation: Obligation, reported_on: date) -> date:
    """The occurrence that a report of done speaks of: the first one due on or after its day."""
    days = due_dates(obligation)
    return next((day for day in days if day >= reported_on), days[-1])


def _speaks_of(obligation: Obligation, reported: SubItemUpdate, due: date) -> bool:
    return _meant(obligation, reported.day) == due


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
