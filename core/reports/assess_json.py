"""The assess object: the county's judgement in the fixed form that other programs read."""

from __future__ import annotations

import json
from typing import Any

from core.method.assessment import Assessment, ClassSizes, SchoolRow
from core.rules.standard import STAGES, Standard
from core.wording.item_notes import item_notes
from core.wording.items import item_detail
from core.wording.verdicts import row_reason


def assess_object(assessment: Assessment, standard: Standard) -> dict[str, Any]:
    """The assessment as plain values: unrounded figures, null where nothing can be said."""
    notes: dict[str, list[str]] = {}
    for code, note in item_notes(assessment, standard):
        notes.setdefault(code, []).append(note.removesuffix("。"))
    return {
        "county": assessment.county_code,
        "year": assessment.year,
        "standard": assessment.standard_id,
        "verdict": assessment.verdict.value,
        "rows": [_row(row, standard) for row in assessment.rows],
        "left_out": [{"school_id": x.school_id, "stage": x.stage, "reason": x.reason} for x in assessment.left_out],
        "balance": [
            {
                "stage": b.stage,
                "indicator": b.code,
                "mean": b.mean,
                "sd": b.sd,
                "cv": b.cv,
                "limit": float(b.limit),
                "verdict": b.verdict.value,
            }
            for b in assessment.balance
        ],
        "items": [
            {
                "code": i.code,
                "verdict": i.verdict.value,
                "value": i.value,
                "detail": "；".join((item_detail(i, standard), *notes.get(i.code, ()))),
            }
            for i in assessment.items
        ],
        "class_sizes": {
            stage: _class_sizes([c for c in assessment.class_sizes if c.stage == stage]) for stage in STAGES
        },
        "options": {
            o.option_id: assessment.choices[o.option_id]
            for o in standard.options
            if assessment.choices[o.option_id] != o.default
        },
    }


def assess_json(assessment: Assessment, standard: Standard) -> str:
    """The assess object as one line of JSON."""
    return json.dumps(assess_object(assessment, standard), ensure_ascii=False, allow_nan=False)


def _row(row: SchoolRow, standard: Standard) -> dict[str, Any]:
    return {
        "school_id": row.school_id,
        "stage": row.stage,
        "pupils": row.pupils,
        "verdict": row.verdict.value,
        "met_count": row.met_count,
        "reason": row_reason(row, standard),
        "indicators": {
            h.code: {
                "amount": h.amount,
                "value": h.value,
                "verdict": h.verdict.value,
                "above_floor": h.above_floor,
                "shortfall": h.shortfall,
            }
            for h in row.indicators
        },
    }


def _class_sizes(sizes: list[ClassSizes]) -> dict[str, int]:
    unreported = len({c.school_id for c in sizes if not c.known})
    return {
        "classes": sum(c.classes for c in sizes),
        "over_limit": sum(c.over_limit for c in sizes),
        "51_55": sum(c.large for c in sizes),
        "56_plus": sum(c.oversized for c in sizes),
        "66_plus": sum(c.super_oversized for c in sizes),
        **({"unreported": unreported} if unreported else {}),
    }
