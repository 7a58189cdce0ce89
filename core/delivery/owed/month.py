"""What a unit answers this month, by its divisions (股室): what is late, due or changed; what is unchanged owes nothing.

    month_of(situation, unit_id, reported, township_code=None) -> Month      reported: records.reported_in_month(…)
    not_reported(situation, reported) -> tuple[MissingReport, ...]
    reporters(situation) -> tuple[tuple[str, str | None], ...]
    to_report(situation, unit_id, township_code=None) -> tuple[SubItemStatus, ...]      all that a unit may report on

Only what somebody wrote this month counts as answered; what they wrote before is never counted again.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from enum import StrEnum

from core.delivery.on_time import AT_RISK
from core.delivery.records.records import UpdateKey
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_status
from core.delivery.status.sub_item_status import SubItemStatus
from core.rules.plan import TOWNSHIPS_KIND, Division

# A division that is asked more answers none of it with care.
MOST_QUESTIONS = 10


class Asking(StrEnum):
    """Why something is asked about, the most pressing first."""

    LATE = "late"
    DUE = "due"
    SHORT = "short"
    DIVERGING = "diverging"
    TROUBLED = "troubled"
    PROMISED = "promised"
    FIRST = "first"


@dataclass(frozen=True)
class Question:
    """A sub-item that is asked about; `answered` where the unit reported on it this month."""

    status: SubItemStatus
    reasons: tuple[Asking, ...]
    answered: bool

    @property
    def sub_item_id(self) -> str:
        """Which sub-item it is."""
        return self.status.sub_item.sub_item_id


@dataclass(frozen=True)
class DivisionMonth:
    """A division's month: at most MOST_QUESTIONS `asked`, what would be asked `beyond` them, what is unchanged.

    `division` is None for what no division is named for.
    """

    division: Division | None
    asked: tuple[Question, ...]
    beyond: tuple[Question, ...]
    unchanged: tuple[SubItemStatus, ...]

    @property
    def division_id(self) -> str:
        """The division's id, empty where there is none."""
        return self.division.division_id if self.division else ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The sub-items still to be answered."""
        return tuple(q.sub_item_id for q in self.asked if not q.answered)


@dataclass(frozen=True)
class Month:
    """A unit's month; `shared` is what it takes part in and may report on, owing nothing."""

    unit_id: str
    township_code: str | None
    divisions: tuple[DivisionMonth, ...]
    shared: tuple[SubItemStatus, ...]

    @property
    def asked(self) -> tuple[Question, ...]:
        """All that is asked, division by division."""
        return tuple(question for division in self.divisions for question in division.asked)

    @property
    def missing(self) -> tuple[str, ...]:
        """The sub-items still to be answered."""
        return tuple(i for division in self.divisions for i in division.missing)


@dataclass(frozen=True)
class MissingReport:
    """A unit, or one township, that has not answered all that it is asked this month."""

    unit_id: str
    township_code: str | None
    missing: tuple[str, ...]
    owed: int


def month_of(situation: Situation, unit_id: str, reported: Set[UpdateKey], township_code: str | None = None) -> Month:
    """What a unit, or a township in its place, is asked; of a plan that is history nobody is asked anything."""
    leads = to_report(situation, unit_id, township_code)
    listed = situation.plan.divisions_of(unit_id)
    groups: dict[str, list[SubItemStatus]] = {**{d.division_id: [] for d in listed}, "": []}
    for status in leads:
        named = status.sub_item.division_id
        groups[named if named in groups else ""].append(status)
    divisions = []
    for division in (*listed, None):
        statuses = groups[division.division_id if division else ""]
        if statuses:
            keys = [UpdateKey(s.sub_item.sub_item_id, unit_id, township_code) for s in statuses]
            answered = [key in reported for key in keys]
            divisions.append(_division_month(situation, division, statuses, answered))
    shared = () if township_code else may_report(situation, unit_id)
    return Month(unit_id, township_code, tuple(divisions), shared)


def _division_month(
    situation: Situation, division: Division | None, statuses: list[SubItemStatus], answered: list[bool]
) -> DivisionMonth:
    questions, unchanged = [], []
    for status, said in zip(statuses, answered, strict=True):
        reasons = _reasons(situation, status)
        if reasons or said:
            questions.append(Question(status, reasons, said))
        else:
            unchanged.append(status)
    order = list(Asking)
    # Which are the ten follows from the reasons alone: answering something else clears none of them.
    questions.sort(key=lambda q: order.index(q.reasons[0]) if q.reasons else len(order))
    first, rest = questions[:MOST_QUESTIONS], questions[MOST_QUESTIONS:]
    asked, beyond = [*first, *(q for q in rest if q.answered)], [q for q in rest if not q.answered]
    asked.sort(key=lambda q: q.answered)
    return DivisionMonth(division, tuple(asked), tuple(beyond), tuple(unchanged))


def _reasons(situation: Situation, status: SubItemStatus) -> tuple[Asking, ...]:
    if situation.plan_is_history:
        return ()
    last, as_of = status.reported, situation.as_of
    promised = last is not None and last.forecast_date is not None and last.forecast_date < as_of
    holds = {
        Asking.LATE: status.is_late,
        Asking.DUE: status.standing.is_due_in_month_of(as_of),
        Asking.SHORT: status.is_short or status.standing.level == AT_RISK,
        Asking.DIVERGING: status.diverging,
        Asking.TROUBLED: last is not None and last.status in ("risk", "late"),
        Asking.PROMISED: promised and last is not None and last.status != "done",
        Asking.FIRST: last is None,
    }
    return tuple(reason for reason in Asking if holds[reason])


def to_report(situation: Situation, unit_id: str, township_code: str | None = None) -> tuple[SubItemStatus, ...]:
    """What a unit may report on this month: what it leads, has begun, and had not completed before this month."""
    found = []
    for sub_item in situation.plan.sub_items():
        obligation = situation.obligation(sub_item)
        if obligation.lead_unit_id != unit_id or sub_item.start > situation.as_of:
            continue
        status = sub_item_status(situation, sub_item.sub_item_id, township_code)
        first = situation.as_of.replace(day=1)
        completed = status.standing.completed_on
        over = sub_item.recurring is None and completed is not None and completed < first
        reported = status.reported is not None and status.reported.status == "done" and status.reported.day < first
        if not (over and reported) and not (sub_item.recurring and obligation.due < first):
            found.append(status)
    return tuple(found)


def may_report(situation: Situation, unit_id: str) -> tuple[SubItemStatus, ...]:
    """The begun sub-items that a department shares in and does not lead, each with its own last report in `reported`."""
    sharing = [s for s in situation.plan.obligations_of(unit_id) if s.start <= situation.as_of]
    found = []
    for sub_item in sharing:
        obligation = situation.obligation(sub_item)
        if obligation.lead_unit_id == unit_id or (
            sub_item.recurring and obligation.due < situation.as_of.replace(day=1)
        ):
            continue
        own = situation.records.updates.get(UpdateKey(sub_item.sub_item_id, unit_id))
        found.append(replace(sub_item_status(situation, sub_item.sub_item_id), reported=own))
    return tuple(found)


def reporters(situation: Situation) -> tuple[tuple[str, str | None], ...]:
    """Every unit that leads something, the townships one by one."""
    listed: list[tuple[str, str | None]] = []
    leading = {situation.obligation(s).lead_unit_id for s in situation.plan.sub_items()}
    for unit in situation.plan.units:
        if unit.unit_id in leading:
            townships = sorted(situation.township_names) if unit.kind == TOWNSHIPS_KIND else [None]
            listed += [(unit.unit_id, code) for code in townships]
    return tuple(listed)


def not_reported(situation: Situation, reported: Set[UpdateKey]) -> tuple[MissingReport, ...]:
    """Who has not answered what is asked this month (未报送名单)."""
    found = []
    for unit_id, township_code in reporters(situation):
        month = month_of(situation, unit_id, reported, township_code)
        if month.missing:
            found.append(MissingReport(unit_id, township_code, month.missing, len(month.asked)))
    return tuple(found)
