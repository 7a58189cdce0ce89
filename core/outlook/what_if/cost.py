"""What a list of changes costs, and when its last part can count, at assumed prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.method.changes import Change, SchoolChange
from core.method.county_facts import CountyFacts, Figures
from core.outlook.what_if.lever_changes import without_projects
from core.outlook.what_if.levers import FinishProject, Levers
from core.rules.prices import Prices

# Whose increase is paid by which price; people are counted over the county, so that a move is no hiring.
_PREMISES = {
    "teaching_area_m2": "L4",
    "sports_ground_area_m2": "L5",
    "equipment_value_yuan": "L6",
    "multimedia_rooms": "L7",
    "indoor_sports_area_m2": "indoor_sports",
    "music_rooms": "special_room",
    "art_rooms": "special_room",
    "classes": "class_room",
}
# Money that is paid every year, yuan for yuan.
_MONEY = {"operating_funds_yuan": "公用经费", "training_budget_yuan": "教师培训经费"}
_PEOPLE = {"teachers": "L1", "backbone_teachers": "L2"}


@dataclass(frozen=True)
class CostLine:
    """So many units of one price, in yuan once or every year; every price is an assumption."""

    code: str
    name: str
    unit: str
    quantity: Decimal
    yuan: Decimal
    paid: Literal["once", "yearly"]
    lead_months: int


@dataclass(frozen=True)
class Cost:
    """The lines and their sums; `lead_months` is the longest lead time, 0 when nothing is bought.

    `projects` are under way: their money is committed and no line, their date is their own and no lead time.
    """

    lines: tuple[CostLine, ...]
    projects: tuple[FinishProject, ...] = ()

    @property
    def once_yuan(self) -> Decimal:
        """What is paid once."""
        return sum((line.yuan for line in self.lines if line.paid == "once"), Decimal(0))

    @property
    def yearly_yuan(self) -> Decimal:
        """What is paid every year."""
        return sum((line.yuan for line in self.lines if line.paid == "yearly"), Decimal(0))

    @property
    def lead_months(self) -> int:
        """Months until the last part counts."""
        return max((line.lead_months for line in self.lines), default=0)


def cost_of(changes: Sequence[Change | SchoolChange], facts: CountyFacts, prices: Prices, levers: Levers = ()) -> Cost:
    """The cost of what the changes add beyond the projects under way among the levers they came from. What is given
    up brings nothing back; opening, closing and merging a school cost what the further changes say.

    Indoor sports rooms are part of the teaching area; their price is for that part of it, as that of a classroom is for its.
    """
    projects = tuple(lever for lever in levers if isinstance(lever, FinishProject))
    increases = _increases(without_projects(changes, projects), facts)
    quantities: dict[str, Decimal] = defaultdict(Decimal)
    for fact, code in _PREMISES.items():
        quantities[code] += sum((max(Decimal(0), more) for more in increases[fact].values()), Decimal(0))
    quantities["L4"] -= _with_class_rooms(increases, prices["class_room"].area_m2 or Decimal(0))
    quantities["L4"] -= min(quantities["L4"], quantities["indoor_sports"])
    for fact, code in _PEOPLE.items():
        by_school = increases[fact].values()
        hired = max(Decimal(0), sum(by_school, Decimal(0)))
        quantities[code] += hired
        if fact == "teachers":
            arriving = sum((max(Decimal(0), more) for more in by_school), Decimal(0))
            quantities["teacher_move"] += arriving - hired
    return Cost(
        tuple(
            CostLine(
                code,
                price.name,
                price.unit,
                quantities[code],
                quantities[code] * price.yuan,
                price.paid,
                price.lead_months,
            )
            for code, price in prices.items()
            if quantities[code]
        )
        + tuple(
            CostLine(fact, name, "元", more, more, "yearly", 0)
            for fact, name in _MONEY.items()
            if (more := sum((max(Decimal(0), one) for one in increases[fact].values()), Decimal(0)))
        ),
        projects,
    )


def _with_class_rooms(increases: Mapping[str, dict[tuple[str, str | None], Decimal]], area: Decimal) -> Decimal:
    """How much of the teaching area comes with the new classrooms of the same school."""
    rooms: dict[str, Decimal] = defaultdict(Decimal)
    for (school_id, _), more in increases["classes"].items():
        rooms[school_id] += max(Decimal(0), more)
    wanted = {school_id: max(Decimal(0), more) for (school_id, _), more in increases["teaching_area_m2"].items()}
    return sum((min(more, rooms[school_id] * area) for school_id, more in wanted.items()), Decimal(0))


def _increases(
    changes: Sequence[Change | SchoolChange], facts: CountyFacts
) -> Mapping[str, dict[tuple[str, str | None], Decimal]]:
    """By figure: how much more each school, or stage of a school, has of it in the end."""
    increases: dict[str, dict[tuple[str, str | None], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for change in changes:
        if isinstance(change, Change):
            key = (change.school_id, change.stage)
            if change.operation == "add":
                increases[change.fact][key] += change.amount
            else:
                increases[change.fact][key] = change.amount - (_reported(change, facts) or 0)
    return increases


def _reported(change: Change, facts: CountyFacts) -> Decimal | None:
    figures: Figures
    if change.stage is None:
        figures = facts.premises.get(change.school_id, {})
    elif change.fact == "classes":
        figures = facts.classes.get((change.school_id, change.stage), {})
    else:
        figures = facts.enrolment.get((change.school_id, change.stage), {})
    return figures.get(change.fact)
