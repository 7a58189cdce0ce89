"""What needs attention, as a table at a desk and as cards on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.wording.attention import Concern
from core.wording.numbers import NONE_HERE
from core.wording.positions import WORST_TITLE
from core.wording.verdicts import marked
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address, school_address
from ui.tables import downloads, sentence_table


def concern_list(view: View, concerns: Sequence[Concern]) -> None:
    """Where it fails, how to repair it, who owes it and when it must start at the latest."""
    if not concerns:
        return
    sentence_table(
        [
            {
                "对象": f"**[{plain(c.name)}]({_address(c)})**  \n{verdict_mark(c.verdict, c.borderline)}",
                "差在哪": plain(c.reason),
                "怎么补": plain(c.remedy),
                "责任单位": plain(c.owner or "—"),
                "见效约需": f"{c.lead_months} 个月" if c.lead_months else "—",
            }
            for c in concerns
        ]
    )
    columns = (
        *map(ReportColumn, ("对象", "结论", "差在哪", "怎么补", "责任单位")),
        ReportColumn("见效约需", "个月", WHOLE),
    )
    rows = tuple(
        (c.name, marked(c.verdict, c.borderline), c.reason, c.remedy, c.owner or NONE_HERE, c.lead_months or NONE_HERE)
        for c in concerns
    )
    downloads(view, [ReportTable(WORST_TITLE, columns, rows)], "", key="concerns")


def _address(concern: Concern) -> str:
    """Where the concern is looked at: the school, the coefficient, the items."""
    about = concern.subject
    if about.school_id is not None:
        return school_address(about.school_id)
    if about.kind == "balance":
        return address("balance", stage=str(about.stage), indicator=str(about.code))
    return address("class_sizes" if about.code in ("G4", "G5") else "items")
