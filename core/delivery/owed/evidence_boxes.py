"""佐证盒: the catalogue's papers by indicator, each under a number that stays, and what is still to come in.

    evidence_boxes(situation, cited) -> tuple[Box, ...]      cited: what the year's judgements rest on, by item

A box for every indicator of the standard in its order, then one for each task whose sub-items move none. A paper is
numbered by when it was first registered, so that nothing that comes in later moves a number that stands on a label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.delivery.owed.evidence import required_documents
from core.delivery.records.attachments import Attachment
from core.delivery.records.records import EvidenceDocument, EvidenceReview
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_statuses
from core.facts.county_facts import Judgement
from core.rules.plan import TOWNSHIPS_KIND, SubItem
from core.rules.plan_metrics import subject_of
from core.rules.standard import Part, Standard

BALANCE = "balance"
# The letter of the boxes whose items have no number of their own.
_LETTERS: Mapping[Part, str] = {"satisfaction": "S", "veto": "V", "precondition": "P"}


@dataclass(frozen=True)
class Filed:
    """A registered paper with its number in the box, such as G3-02."""

    number: str
    entry: EvidenceDocument
    review: EvidenceReview | None
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class Missing:
    """A paper that is required and not there, or was sent back; who has to bring it, for which sub-item or item."""

    title: str
    subject: str
    unit_id: str | None
    township_code: str | None
    entry: EvidenceDocument | None
    review: EvidenceReview | None


@dataclass(frozen=True)
class Box:
    """One box: its number, the code or task that it is for, its papers in order, what it lacks."""

    number: str
    code: str
    filed: tuple[Filed, ...]
    missing: tuple[Missing, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of its papers."""
        return tuple(sorted({filed.entry.year for filed in self.filed}))

    @property
    def pages(self) -> int | None:
        """How many pages it holds, None where one paper's were not counted."""
        counted = [filed.entry.pages for filed in self.filed]
        known = [pages for pages in counted if pages is not None]
        return sum(known) if len(known) == len(counted) else None


def evidence_boxes(situation: Situation, cited: Mapping[str, Judgement]) -> tuple[Box, ...]:
    """Every box, the empty ones too."""
    numbers = box_numbers(situation.standard)
    owners: dict[str, list[SubItem]] = {code: [] for code in numbers}
    tasks: dict[str, list[SubItem]] = {}
    for task in situation.plan.tasks:
        for sub_item in task.sub_items:
            code = subject_of(sub_item.metric)
            if code in owners:
                owners[code].append(sub_item)
            else:
                tasks.setdefault(task.task_id, []).append(sub_item)
    boxes = [_box(situation, cited, number, code, owners[code]) for code, number in numbers.items()]
    return (*boxes, *(_box(situation, cited, task_id, task_id, held) for task_id, held in tasks.items()))


def box_numbers(standard: Standard) -> dict[str, str]:
    """The number of the box of every code: its own where it has one, else a letter for its part and its place there."""
    numbers = {indicator.code: indicator.code for indicator in standard.indicators} | {BALANCE: "CV"}
    places: dict[str, int] = {}
    for item in standard.items:
        letter = _LETTERS.get(item.part)
        if letter is None:
            numbers[item.code] = item.code
        else:
            places[letter] = places.get(letter, 0) + 1
            numbers[item.code] = f"{letter}{places[letter]}"
    return numbers


def _box(
    situation: Situation, cited: Mapping[str, Judgement], number: str, code: str, sub_items: Sequence[SubItem]
) -> Box:
    records = situation.records
    subjects = {code, *(s.sub_item_id for s in sub_items)}
    entries = sorted(
        (e for e in records.evidence if e.subject in subjects and e.is_filed),
        key=lambda e: records.registered[e.number],
    )
    filed = tuple(
        Filed(f"{number}-{place:02}", e, records.reviews.get(e.number), situation.attachments.get(e.number, ()))
        for place, e in enumerate(entries, 1)
    )
    missing = [*_missing_of_item(situation, cited, code), *_missing_of(situation, sub_items)]
    return Box(number, code, filed, tuple(missing))


def _missing_of_item(situation: Situation, cited: Mapping[str, Judgement], code: str) -> Iterator[Missing]:
    """What the standard asks for, and what the year's judgement names, where no such paper is registered under the code."""
    item = next((i for i in situation.standard.items if i.code == code), None)
    if item is None:
        return
    year = situation.year
    held = {e.title for e in situation.records.evidence if e.subject == code and e.is_filed and e.year == year}
    judged = cited.get(code)
    titles = [*item.evidence, *([judged.document] if judged is not None and judged.document else [])]
    lead = next((r.lead_unit_id for r in situation.plan.routes if r.subject == code), None)
    for title in dict.fromkeys(titles):
        if title not in held:
            yield Missing(title, code, lead, None, None, None)


def _missing_of(situation: Situation, sub_items: Sequence[SubItem]) -> Iterator[Missing]:
    """What the occurrences that count now require and do not have; of townships, of each one."""
    statuses = sub_item_statuses(situation)
    for sub_item in sub_items:
        status = statuses[sub_item.sub_item_id]
        if sub_item.start > situation.as_of:
            continue
        lead = status.obligation.lead_unit_id
        by_township = situation.plan.unit(lead).kind == TOWNSHIPS_KIND
        places: list[str | None] = [*situation.township_names] if by_township else [None]
        for required in required_documents(situation, status):
            for place in places:
                here = [e for e in required.entries if e.township_code == place]
                if any(e in required.filed for e in here):
                    continue
                last = here[-1] if here else None
                review = None if last is None else required.reviews.get(last.number)
                yield Missing(required.title, sub_item.sub_item_id, lead, place, last, review)
