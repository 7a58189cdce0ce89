"""The lists of a briefing: what fails, what is owed, what stands on the ledger; the colours of their cells."""

from __future__ import annotations

from collections.abc import Sequence

from core import palette
from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.owed.units import TownshipPage, UnitPage
from core.delivery.status.situation import Situation
from core.method.assessment import Verdict
from core.palette import INK
from core.reports.briefing.page import Column, Section
from core.reports.cells import Cell, colour_of, verdict_cell
from core.wording.attention import Concern
from core.wording.carrying_out.ledger import issue_state_text, issue_then_and_now
from core.wording.delivery import level_label
from core.wording.positions import owed_now

# The text colours of the plan's warning levels on white paper, as on screen.
_LEVEL_COLOURS = {"yellow": palette.YELLOW_TEXT, "orange": palette.ORANGE, "red": palette.RED}


def late_colour(late: int) -> str:
    """The colour of a number of late things: nothing late is not yet compliance, part of it may be undecided."""
    return colour_of(Verdict.NOT_MET) if late else INK


def section(
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[Cell, ...]],
    unit: str,
    empty: str,
    *,
    beside: bool = False,
) -> Section:
    """A list with the words for what is left out and for none."""
    return Section(title, columns, tuple(rows), f"等 {len(rows)} {unit}", empty, beside)


def concern_section(title: str, listed: Sequence[Concern], unit: str, empty: str, *, numbered: bool) -> Section:
    """What fails, with reason, remedy and who answers."""
    columns: tuple[Column, ...] = (
        Column("对象", 3),
        Column("判定", 0),
        Column("差在哪", 5),
        Column("怎么补", 4),
        Column("责任单位", 3),
    )
    rows: list[tuple[Cell, ...]] = [
        (Cell(c.name), verdict_cell(c.verdict, c.borderline), Cell(c.reason), Cell(c.remedy), Cell(c.owner or "—"))
        for c in listed
    ]
    if numbered:
        columns = (Column("序号", 0), *columns)
        rows = [(Cell(str(number)), *row) for number, row in enumerate(rows, 1)]
    return section(title, columns, rows, unit, empty)


def owed_section(situation: Situation, page: UnitPage | TownshipPage) -> Section:
    """What is overdue, short or due this month."""
    rows = [
        (
            Cell(owed.kind),
            Cell(owed.name),
            Cell("—" if owed.standing.due is None else str(owed.standing.due)),
            Cell(level_label(owed.standing, situation.plan), _LEVEL_COLOURS.get(owed.standing.level, INK)),
        )
        for owed in owed_now(situation, page)
    ]
    columns = (Column("类别", 0), Column("事项", 1), Column("期限", 0), Column("状态", 0))
    return section("逾期、未达到和本月到期", columns, rows, "项", "没有逾期、未达到和本月到期事项。")


def issue_section(situation: Situation, issues: Sequence[tuple[Issue, IssueState]], *, beside: bool) -> Section:
    """The ledger's open issues."""
    rows = [
        (
            Cell(issue_then_and_now(issue, state)),
            Cell("未定" if state.standing.due is None else str(state.standing.due)),
            Cell(issue_state_text(state, situation.plan), _LEVEL_COLOURS.get(state.standing.level, INK)),
        )
        for issue, state in issues
    ]
    columns = (Column("问题", 3), Column("时限", 0), Column("状态", 2))
    return section("督办台账未销号", columns, rows, "件", "没有未销号问题。", beside=beside)
