"""On time or late, from dates alone: the one rule for sub-items, decisions, projects and ledger issues.

standing(warnings, as_of, start=, due=, completed_on=, forecast=) -> Standing
severity(warnings, level) -> int | None
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.rules.plan import Warnings

ON_COURSE = "on_course"
DONE = "done"
NOT_STARTED = "not_started"
NO_DATE = "no_date"
UNKNOWN = "unknown"
CLAIMED = "claimed"
AT_RISK = "at_risk"
NOT_REACHED = "not_reached"
HISTORY = "history"


class Reason(StrEnum):
    """Why something stands as it does."""

    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    REPAIRED_THIS_MONTH = "repaired_this_month"
    OVERDUE = "overdue"
    FORECAST_AFTER_DUE = "forecast_after_due"
    UNDER_WAY = "under_way"
    NOT_YET_BEGUN = "not_yet_begun"
    NO_DUE_DATE = "no_due_date"
    NO_FACTS = "no_facts"
    METRIC_UNDECIDED = "metric_undecided"
    DECIDED_SHORT = "decided_short"
    PACE_SHORT = "pace_short"
    NOT_KEPT = "not_kept"
    REPORTED_ONLY = "reported_only"
    TO_BE_CONFIRMED = "to_be_confirmed"
    PLAN_IS_HISTORY = "plan_is_history"


@dataclass(frozen=True)
class Standing:
    """A level with its reason.

    `level` is a warning level of the plan (yellow, orange, red) or on_course, done, not_started, no_date, unknown;
    claimed: somebody says it is done, and nothing proves it yet · at_risk: at its pace it cannot be there in time ·
    not_reached: what decides it is in and falls short, although the due date has not come ·
    history: of a plan that led to the county's recognition and binds no more.
    `days_late` counts from the due date to completion or as-of, for a late forecast to the forecast; else 0.
    """

    level: str
    reason: Reason
    due: date | None
    days_late: int = 0
    completed_on: date | None = None

    def is_due_in_month_of(self, day: date) -> bool:
        """Whether it falls due in the month of a day and is not done."""
        in_month = self.due is not None and (self.due.year, self.due.month) == (day.year, day.month)
        return in_month and self.level != DONE


def standing(
    warnings: Warnings,
    as_of: date,
    *,
    due: date | None,
    start: date | None = None,
    completed_on: date | None = None,
    forecast: date | None = None,
) -> Standing:
    """Where something stands on a day; late and then completed keeps the plan's repaired level for that month."""
    if completed_on is not None and completed_on <= as_of:
        late = 0 if due is None else max((completed_on - due).days, 0)
        if late == 0:
            return Standing(DONE, Reason.DONE_IN_TIME, due, 0, completed_on)
        if (completed_on.year, completed_on.month) == (as_of.year, as_of.month):
            return Standing(warnings.repaired_level, Reason.REPAIRED_THIS_MONTH, due, late, completed_on)
        return Standing(DONE, Reason.DONE_LATE, due, late, completed_on)
    if due is None:
        return Standing(NO_DATE, Reason.NO_DUE_DATE, None)
    level = warnings.level((as_of - due).days)
    if level is not None:
        return Standing(level.level_id, Reason.OVERDUE, due, (as_of - due).days)
    if start is not None and as_of < start:
        return Standing(NOT_STARTED, Reason.NOT_YET_BEGUN, due)
    if forecast is not None and forecast > due:
        # A delay foreseen is not yet a delay: the mildest level, however many days it will be.
        return Standing(warnings.levels[0].level_id, Reason.FORECAST_AFTER_DUE, due, (forecast - due).days)
    return Standing(ON_COURSE, Reason.UNDER_WAY, due)


def severity(warnings: Warnings, level: str) -> int | None:
    """0 for nothing wrong, then the warning levels from mildest on; None where nothing can be said."""
    if level in (UNKNOWN, NO_DATE, HISTORY):
        return None
    levels = [warning.level_id for warning in warnings.levels]
    if level in (AT_RISK, NOT_REACHED):
        # What cannot be there in time weighs like the worst delay, what is in danger like the one before it.
        return max(len(levels) - (level == AT_RISK), 1)
    return levels.index(level) + 1 if level in levels else 0
