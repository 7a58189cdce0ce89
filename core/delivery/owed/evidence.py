"""The documents that a sub-item requires, each with its entries of the evidence catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from core.delivery.records.records import EvidenceDocument
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import SubItemStatus


@dataclass(frozen=True)
class Required:
    """A document that a sub-item requires, and the entries of the catalogue under its name, the latest last."""

    title: str
    entries: tuple[EvidenceDocument, ...]

    @property
    def filed(self) -> tuple[EvidenceDocument, ...]:
        """The entries that say it is filed."""
        return tuple(entry for entry in self.entries if entry.state == "filed")


def required_documents(situation: Situation, status: SubItemStatus) -> list[Required]:
    """The required documents of the occurrence that counts now."""
    sub_item, due = status.sub_item, status.standing.due or status.obligation.due
    entries = [
        e
        for e in situation.records.evidence
        if e.subject == sub_item.sub_item_id and (sub_item.recurring is None or e.year == due.year)
    ]
    return [
        Required(title, tuple(e for e in entries if e.title == title)) for title in dict.fromkeys(sub_item.evidence)
    ]
