"""The boxes of evidence in Chinese: what a box is called, how a paper stands, how much there is."""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.evidence_boxes import BALANCE, Box, Filed, Missing
from core.delivery.status.situation import Situation
from core.wording.delivery import EVIDENCE_STATES, evidence_state
from core.wording.items import item_name
from core.wording.numbers import NONE_HERE, NOT_REPORTED, whole_text


def box_name(box: Box, situation: Situation) -> str:
    """What the box is for."""
    standard = situation.standard
    if box.code == BALANCE:
        return "校际差异系数"
    for indicator in standard.indicators:
        if indicator.code == box.code:
            return indicator.short_name
    if any(item.code == box.code for item in standard.items):
        return item_name(box.code, standard)
    return next((t.title for t in situation.plan.tasks if t.task_id == box.code), box.code)


def filed_state(filed: Filed) -> str:
    """How a registered paper stands."""
    return EVIDENCE_STATES[evidence_state(filed.entry, filed.review)]


def missing_state(missing: Missing) -> str:
    """Why a required paper is not there."""
    return EVIDENCE_STATES[evidence_state(missing.entry, missing.review)]


def bringing(missing: Missing, situation: Situation) -> str:
    """Who has to bring a missing paper."""
    if missing.township_code is not None:
        return situation.township_names.get(missing.township_code, missing.township_code)
    return situation.plan.unit(missing.unit_id).name if missing.unit_id else "未明确"


def asked_for(missing: Missing, situation: Situation) -> str:
    """For which sub-item or item a paper is asked."""
    if any(item.code == missing.subject for item in situation.standard.items):
        return item_name(missing.subject, situation.standard)
    return f"{missing.subject} {situation.plan.sub_item(missing.subject).title}"


def period_text(filed: Filed) -> str:
    """The year, or the month, that a paper is about."""
    entry = filed.entry
    return f"{entry.year}" if entry.month is None else f"{entry.year}-{entry.month:02}"


def years_text(box: Box) -> str:
    """The first and the last year that a box has papers of."""
    years = box.years
    if not years:
        return NONE_HERE
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def pages_text(pages: int | None) -> str:
    """Pages as counted, … where somebody did not count them."""
    return NOT_REPORTED if pages is None else whole_text(pages)


def boxes_headline(boxes: Sequence[Box]) -> str:
    """How much is there, how much of it is verified, how much is missing, and at how many units."""
    filed = [f for box in boxes for f in box.filed]
    missing = [m for box in boxes for m in box.missing]
    confirmed = sum(f.review is not None and f.review.proves for f in filed)
    said = f"佐证材料 {len(boxes)} 盒，已编号 {len(filed)} 份，其中经核验 {confirmed} 份"
    return f"{said}，缺 {len(missing)} 份" if missing else f"{said}，没有缺件"
