"""When a sub-item falls due, and when what it owes was there.

    due_dates(obligation) -> list[date]                              one, one a year, or one a month
    completion(situation, obligation, due, township_code) -> date | None

With a metric, the figures of the year in which it falls due decide, for a dated target those of its snapshot; a later
year that meets it repairs it. What is neither dated by a target nor recurring must last: it may lapse again. Without a
metric the required documents decide, of a monthly one those of its month; each counts once a second person has
confirmed it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from core.delivery.attendance.counts import attendance_followed, cases_of
from core.delivery.figures.facts_by_year import in_place_by
from core.delivery.figures.sub_item_metrics import evaluate
from core.delivery.records.records import EvidenceDocument, EvidenceReview
from core.delivery.status.obligation import Obligation
from core.delivery.status.record_metrics import recorded, recorded_on
from core.delivery.status.situation import Situation
from core.rules.plan import SubItem
from core.rules.plan_metrics import RatioMetric, RecordMetric, TargetMetric


@dataclass(frozen=True)
class EvidenceCount:
    """How many of the required documents are filed, and of these how many confirmed by a second person.

    `filed_on` is the day of the last one once all are filed, `proven_on` that of the last one once all are confirmed.
    """

    filed: int
    confirmed: int
    required: int
    filed_on: date | None
    proven_on: date | None


def due_dates(obligation: Obligation) -> list[date]:
    """Every day on which the obligation falls due, in order."""
    sub_item, due = obligation.sub_item, obligation.due
    if sub_item.recurring == "yearly":
        days = [_on(year, due.month, due.day) for year in range(sub_item.start.year, due.year + 1)]
    elif sub_item.recurring == "monthly":
        months = range(sub_item.start.year * 12 + sub_item.start.month - 1, due.year * 12 + due.month)
        days = [_on(month // 12, month % 12 + 1, 31) for month in months]
    else:
        days = [due]
    return [day for day in days if day >= sub_item.start] or [due]


def _on(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def evidence_count(situation: Situation, obligation: Obligation, due: date, township_code: str | None) -> EvidenceCount:
    """The documents that a sub-item requires: of the month or the year for a recurring one, else of any year."""
    sub_item, reviews = obligation.sub_item, situation.records.reviews
    entries: dict[str, list[EvidenceDocument]] = {title: [] for title in sub_item.evidence}
    for document in situation.records.evidence_by_subject.get((sub_item.sub_item_id, township_code), ()):
        if document.title in entries and is_of(document, sub_item, due):
            entries[document.title].append(document)
    filed: list[date] = []
    proven: list[date] = []
    for held in entries.values():
        held.sort(key=lambda d: (d.day, d.number))
        standing = [d for d in held if d.is_filed and not is_returned(reviews.get(d.number))]
        # The last word on a document counts: what was taken back or sent back is not filed, whatever stood before.
        if not standing or standing[-1] is not held[-1]:
            continue
        filed.append(standing[0].day)
        confirmed = [d for d in standing if (review := reviews.get(d.number)) is not None and review.proves]
        if confirmed and confirmed[-1] is standing[-1]:
            proven.append(confirmed[0].day)
    required = len(entries)
    return EvidenceCount(
        filed=len(filed),
        confirmed=len(proven),
        required=required,
        filed_on=max(filed) if required and len(filed) == required else None,
        proven_on=max(proven) if required and len(proven) == required else None,
    )


def is_returned(review: EvidenceReview | None) -> bool:
    """Whether a second person, whom a login vouches for, sent the document back."""
    return review is not None and review.verified and not review.confirmed


def is_of(document: EvidenceDocument, sub_item: SubItem, due: date) -> bool:
    """Whether a document belongs to what falls due on a day."""
    if sub_item.recurring is None:
        return True
    return document.year == due.year and (sub_item.recurring != "monthly" or document.month == due.month)


def completion(situation: Situation, obligation: Obligation, due: date, township_code: str | None) -> date | None:
    """The day by which what fell due was there, None while it is not."""
    sub_item = obligation.sub_item
    metric = sub_item.metric
    if isinstance(metric, RecordMetric):
        if situation.as_of < sub_item.start:
            return None
        fulfilled = recorded(metric, situation.recorded).fulfilled
        return recorded_on(metric, situation.recorded) or (min(due, situation.as_of) if fulfilled else None)
    if metric is not None:
        return _metric_completion(situation, obligation, due, township_code)
    return evidence_count(situation, obligation, due, township_code).proven_on


def _metric_completion(
    situation: Situation, obligation: Obligation, due: date, township_code: str | None
) -> date | None:
    sub_item = obligation.sub_item
    years = situation.facts.years_until(situation.as_of)
    met = {year: metric_fulfilled(situation, obligation, year, township_code) for year in years}
    decisive = deciding_year(situation, obligation, due)
    if decisive is not None:
        repaired = [year for year in years if year >= decisive and met[year]]
        if not repaired:
            return None
        return max(in_place_by(repaired[0]), _shown_by_cases(situation, obligation, repaired[0], township_code))
    # What is to last counts from the first of the years that meet it without a break up to now.
    lasting: int | None = None
    for year in reversed(years):
        if not met[year]:
            break
        lasting = year
    return None if lasting is None else max(in_place_by(lasting), min(sub_item.start, due))


def _shown_by_cases(situation: Situation, obligation: Obligation, year: int, township_code: str | None) -> date:
    """From which day on the proven cases meet a metric that the reported attendance alone does not; else the first day."""
    metric = obligation.sub_item.metric
    if not isinstance(metric, RatioMetric) or metric.kind != "attendance":
        return date.min
    as_reported = replace(situation.facts, attendance_followed={})
    if evaluate(metric, situation.plan, situation.standard, as_reported, year, township_code).fulfilled:
        return date.min
    proven = sorted(
        {c.outcome_on for c in cases_of(situation.cases, year, township_code) if not c.is_open and c.outcome_on}
    )
    for day in proven:
        known = [c if c.outcome_on and c.outcome_on <= day else replace(c, checked=None) for c in situation.cases]
        then = replace(as_reported, attendance_followed=attendance_followed(situation.facts.attendance, known))
        if evaluate(metric, situation.plan, situation.standard, then, year, township_code).fulfilled:
            return day
    return date.min


def deciding_year(situation: Situation, obligation: Obligation, due: date) -> int | None:
    """The school year that settles the matter: that of a recurring due date, or a dated target's snapshot."""
    metric = obligation.sub_item.metric
    if isinstance(metric, TargetMetric):
        return situation.plan.dated_target(metric.target_id).snapshot_year or due.year
    return due.year if obligation.sub_item.recurring is not None else None


def last_year_in_time(situation: Situation, obligation: Obligation, due: date) -> int:
    """The last school year whose figures can still show by the due date that the matter is there."""
    settling = deciding_year(situation, obligation, due)
    if settling is not None:
        return settling
    return due.year if in_place_by(due.year) <= due else due.year - 1


def metric_fulfilled(situation: Situation, obligation: Obligation, year: int, township_code: str | None) -> bool:
    """Whether a year's figures meet the sub-item's metric."""
    metric = obligation.sub_item.metric
    return metric is not None and situation.metric(metric, year, township_code).fulfilled
