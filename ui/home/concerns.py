"""What stands between the county and its goal: what to add, who leads, when it must start; one line each."""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.targets import county_goal
from core.reports.tables import WHOLE, ReportColumn, ReportTable
from core.wording.attention import Concern, concerns, with_fewest_units
from core.wording.carrying_out.targets import start_text
from core.wording.numbers import NONE_HERE
from core.wording.positions import WORST, WORST_TITLE
from core.wording.verdicts import marked
from ui import cache
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address, school_address
from ui.tables import downloads, sentence_table


def worst_concerns(view: View) -> list[Concern]:
    """The concerns that stand first, a coefficient with how little brings it within its limit, worked out once a state."""

    def found() -> list[Concern]:
        listed = concerns(view.assessment, view.standard, view.situation.plan)
        return with_fewest_units(listed[:WORST], view.assessment, view.with_changes)

    return cache.told(view.key, view.year, view.as_of, "worst concerns", found)


def concern_list(view: View, listed: Sequence[Concern]) -> None:
    """Where it fails, how to repair it, who leads and when it must start at the latest."""
    goal = county_goal(view.situation)
    sentence_table(
        [
            {
                "对象": f"{verdict_mark(c.verdict, c.borderline, worded=False)} "
                f"**[{plain(c.name)}]({concern_address(c)})**",
                "怎么补": plain(c.brief or c.remedy or c.reason),
                "牵头": _answering(c),
                "最迟启动": plain(start_text(c.lead_months, goal, view.as_of)),
            }
            for c in listed
        ]
    )


def concern_downloads(view: View, listed: Sequence[Concern]) -> None:
    """The same in full, with the reasons, as files."""
    columns = (
        *map(ReportColumn, ("对象", "结论", "差在哪", "怎么补", "责任单位")),
        ReportColumn("见效约需", "个月", WHOLE),
    )
    rows = tuple(
        (c.name, marked(c.verdict, c.borderline), c.reason, c.remedy, c.owner or NONE_HERE, c.lead_months or NONE_HERE)
        for c in listed
    )
    downloads(view, [ReportTable(WORST_TITLE, columns, rows)], "", key="concerns")


def _answering(concern: Concern) -> str:
    if not concern.lead:
        return "—"
    others = f" :small[配合 {len(concern.supporting)} 个单位]" if concern.supporting else ""
    return f"**{plain(concern.lead)}**{others}"


def concern_address(concern: Concern) -> str:
    """Where the concern is looked at: the school, the coefficient, the items."""
    about = concern.subject
    if about.school_id is not None:
        return school_address(about.school_id)
    if about.kind == "balance":
        return address("balance", stage=str(about.stage), indicator=str(about.code))
    return address("class_sizes" if about.code in ("G4", "G5") else "items")
