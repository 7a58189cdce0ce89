"""Who has something overdue: one count for every page, the departments and the townships each by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from core.delivery.owed.month import reporters
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_statuses, township_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.rules.plan import TOWNSHIPS_KIND


@dataclass(frozen=True)
class Lateness:
    """The county's sub-items that are overdue, and who owes them.

    A sub-item that all townships lead counts once among `sub_items`; each township counts in `townships` by what
    it owes itself. `short` are those not yet due that what decides them denies. `departments_leading` and `townships_leading` are how many lead anything.
    """

    sub_items: tuple[SubItemStatus, ...]
    short: tuple[SubItemStatus, ...]
    departments: tuple[str, ...]
    townships: tuple[str, ...]
    departments_leading: int
    townships_leading: int


def lateness(situation: Situation) -> Lateness:
    """What is overdue on the day, and by whom."""
    statuses = sub_item_statuses(situation).values()
    late = tuple(s for s in statuses if s.is_late)
    leading = reporters(situation)
    codes = [code for _, code in leading if code is not None]
    owing = dict.fromkeys(s.obligation.lead_unit_id for s in late)
    return Lateness(
        sub_items=late,
        short=tuple(s for s in statuses if s.is_short),
        departments=tuple(u for u in owing if situation.plan.unit(u).kind != TOWNSHIPS_KIND),
        townships=tuple(c for c in codes if any(s.is_late for s in township_statuses(situation, c).values())),
        departments_leading=sum(code is None for _, code in leading),
        townships_leading=len(codes),
    )
