"""The documents that a sub-item requires, each with its entries of the evidence catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.delivery.records.records import EvidenceDocument, EvidenceReview
from core.delivery.status.due_dates import is_of, is_returned
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import SubItemStatus


@dataclass(frozen=True)
class Required:
    """A document that a sub-item requires, and the entries of the catalogue under its name, the latest last."""

    title: str
    entries: tuple[EvidenceDocument, ...]
    reviews: Mapping[int, EvidenceReview]

    @property
    def filed(self) -> tuple[EvidenceDocument, ...]:
        """The entries that stand as filed, under a number and a date, and were not sent back."""
        return tuple(e for e in self.entries if e.is_filed and not is_returned(self.reviews.get(e.number)))

    @property
    def confirmed(self) -> tuple[EvidenceDocument, ...]:
        """The filed ones that a second person has confirmed."""
        return tuple(e for e in self.filed if (review := self.reviews.get(e.number)) is not None and review.proves)


def required_documents(situation: Situation, status: SubItemStatus) -> list[Required]:
    """The required documents of the occurrence that counts now."""
    sub_item, due = status.sub_item, status.standing.due or status.obligation.due
    records = situation.records
    found = [e for e in records.evidence if e.subject == sub_item.sub_item_id and is_of(e, sub_item, due)]
    entries = sorted(found, key=lambda e: (e.day, e.number))
    return [
        Required(title, tuple(e for e in entries if e.title == title), records.reviews)
        for title in dict.fromkeys(sub_item.evidence)
    ]


def to_review(situation: Situation) -> tuple[EvidenceDocument, ...]:
    """The filed documents that nobody whom a login vouches for has looked at yet, the oldest first."""
    records = situation.records
    seen = {number for number, review in records.reviews.items() if review.verified}
    waiting = [e for e in records.evidence if e.is_filed and e.number not in seen]
    return tuple(sorted(waiting, key=lambda e: (e.day, e.number)))
