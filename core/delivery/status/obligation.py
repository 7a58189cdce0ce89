"""A sub-item as it binds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.delivery.records.amendments import Missed
from core.rules.plan import SubItem


@dataclass(frozen=True)
class Obligation:
    """A sub-item as it binds now: the lead and the due date of the plan, or as confirmed since; `missed` dates stay."""

    sub_item: SubItem
    lead_unit_id: str
    lead_basis: str
    due: date
    due_confirmed: bool
    missed: tuple[Missed, ...] = ()
