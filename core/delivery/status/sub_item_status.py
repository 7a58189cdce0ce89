"""Where a sub-item stands, and what decides it; worked out by core.delivery.status.status."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.delivery.figures.sub_item_metrics import MetricResult
from core.delivery.on_time import NOT_REACHED, Reason, Standing
from core.delivery.records.amendments import Missed
from core.delivery.records.records import SubItemUpdate
from core.delivery.status.obligation import Obligation
from core.rules.plan import SubItem


class Basis(StrEnum):
    """What decides a sub-item."""

    METRIC = "metric"
    EVIDENCE = "evidence"
    RECORDS = "records"
    SUB_ITEMS = "sub_items"


class Divergence(StrEnum):
    """How the reported status differs from the computed one."""

    DONE_BUT_METRIC_FAILS = "done_but_metric_fails"
    DONE_BUT_EVIDENCE_MISSING = "done_but_evidence_missing"
    REPORTED_BETTER = "reported_better"
    REPORTED_WORSE = "reported_worse"


@dataclass(frozen=True)
class SubItemStatus:
    """Where a sub-item stands on the day, by the figures and documents, and what its lead reports.

    `last` is how the last occurrence fallen due stands, None while nothing has fallen due. `metric` is that of the
    facts' year; `reported` the lead's latest update (of the worst township at county level);
    `evidence_filed` of `evidence_required` documents, `evidence_confirmed` of
    them by a second person; `behind` the townships
    at a warning level, `differing` those whose report contradicts the computation; `shared` what co-units
    last reported of their part.
    """

    sub_item: SubItem
    obligation: Obligation
    township_code: str | None
    standing: Standing
    last: Standing | None
    basis: Basis
    metric: MetricResult | None
    evidence_filed: int
    evidence_confirmed: int
    evidence_required: int
    reported: SubItemUpdate | None
    divergence: Divergence | None
    behind: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    shared: tuple[SubItemUpdate, ...] = ()

    @property
    def diverging(self) -> bool:
        """Whether report and computation contradict each other, here or in a township."""
        return self.divergence is not None or bool(self.differing)

    @property
    def missed(self) -> tuple[Missed, ...]:
        """The dates that had passed when others were set, but for those by which it was there after all."""
        completed = self.standing.completed_on
        return tuple(m for m in self.obligation.missed if completed is None or completed > m.due)

    @property
    def is_short(self) -> bool:
        """Whether what decides it is in and falls short although the due date has not come."""
        return self.standing.level == NOT_REACHED

    @property
    def is_late(self) -> bool:
        """Whether it is past its due date."""
        return self.standing.reason is Reason.OVERDUE
