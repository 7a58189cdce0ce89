"""盒脊标签: a strip for the spine of every box, four on a page, to cut out.

labels_pdf(situation, boxes, is_demo) -> bytes
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from core.delivery.owed.evidence_boxes import Box
from core.delivery.status.situation import Situation
from core.reports.tables import DEMO_MARK
from core.reports.typesetting import pdf_of, printable
from core.wording.carrying_out.evidence import box_name, years_text

_TEMPLATE = Path(__file__).with_name("labels.typ")
# So many characters fit the strip at its smallest type, one below the other.
_LONGEST_NAME = 24


def labels_pdf(situation: Situation, boxes: Sequence[Box], is_demo: bool) -> bytes:
    """A label each: county, subject, number, name, years, papers."""
    labels = [
        {
            "county": printable(situation.county.name),
            "number": printable(box.number),
            "name": printable(_short(box_name(box, situation))),
            "years": years_text(box),
            "papers": f"{len(box.filed)} 份",
        }
        for box in boxes
    ]
    mark = DEMO_MARK if is_demo else ""
    return pdf_of(_TEMPLATE, {"labels": json.dumps({"labels": labels, "mark": mark}, ensure_ascii=False)})


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
