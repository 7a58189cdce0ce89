"""The county's plan as typed, cited values: who owes what by when, and which figure decides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from core.rules.declared import (
    Amount,
    Count,
    Day,
    Id,
    Lines,
    Maybe,
    NonEmpty,
    Section,
    Sections,
    SectionsIfAny,
    Text,
    Whole,
    Word,
    key,
    required,
)
from core.rules.plan_metrics import Measure, Metric, Operator, subject_of
from core.rules.responsibility import CoUnits, Responsibility

UnitKind = Literal["department", "townships", "villages", "group"]
# The kind of the one unit that stands for all townships.
TOWNSHIPS_KIND: UnitKind = "townships"
UnitRole = Literal["member", "addressed", "named_in_clause", "issuer"]
Recurrence = Literal["yearly", "monthly"]
Scope = Literal["county", "central_area"]
EscalationKind = Literal["reminder", "order", "talk", "notice"]


@dataclass(frozen=True)
class PlanDocument:
    """The document that lays the plan down."""

    number: Text
    title: Text
    issuer: Text
    issued: Day


@dataclass(frozen=True)
class Goal:
    """One of the plan's goals; every task serves one."""

    goal_id: Id
    name: Text
    clause: Text
    aim: Text


@dataclass(frozen=True)
class Phase:
    """A phase of the plan, both days included."""

    phase_id: Id
    name: Text
    clause: Text
    from_date: Annotated[Day, required("from")]
    to_date: Annotated[Day, required("to")]


@dataclass(frozen=True)
class Unit:
    """A department, the townships, the villages, or a group standing for its `members`."""

    unit_id: Id
    name: Text
    full_name: Text
    kind: Word[UnitKind]
    role: Word[UnitRole]
    members: Lines


@dataclass(frozen=True)
class Division:
    """A division (股室) of a unit, by which its sub-items are reported on."""

    division_id: Id
    name: Text
    unit_id: Annotated[Text, required("unit")]


@dataclass(frozen=True)
class Post:
    """Who holds a role in the leading group, such as 组长 held by 县长."""

    role: Text
    post: Text


@dataclass(frozen=True)
class Office:
    """The leading group's office: the unit it stands in and who heads it."""

    name: Text
    unit_id: Annotated[Text, required("unit")]
    role: Text
    post: Text


@dataclass(frozen=True)
class LeadingGroup:
    """The leading group and its office; its members are the units whose role is `member`.

    `working_groups` is what the plan says of the groups that work beside it.
    """

    name: Text
    clause: Text
    head: Section[Post]
    deputy: Section[Post]
    office: Section[Office]
    duty: Text
    working_groups: Maybe[NonEmpty] = None


@dataclass(frozen=True)
class SubItem:
    """One obligation with its owner and dates; without a metric its evidence alone decides.

    A yearly one falls due on the day and month of `due` in every year from `start` to `due`, a
    monthly one at each month's end in that time.
    """

    sub_item_id: Id
    clause: Text
    title: Text
    lead: Section[Responsibility]
    co_units: CoUnits
    start: Day
    due: Day
    recurring: Maybe[Recurrence]
    deliverable: Text
    metric: Maybe[Metric]
    evidence: Lines
    division_id: Annotated[Maybe[NonEmpty], key("division")] = None


@dataclass(frozen=True)
class Task:
    """A task of the plan with its sub-items."""

    task_id: Id
    clause: Text
    title: Text
    goal_id: Annotated[Text, required("goal")]
    lead: Section[Responsibility]
    co_units: CoUnits
    sub_items: SectionsIfAny[SubItem]


@dataclass(frozen=True)
class DatedTarget:
    """What must be true by a year, decided by the facts of `snapshot_year`.

    `limit` is the plan's own number (a share, 0–1); `limit_from` names a rule of the standard.
    """

    target_id: Id
    name: Text
    clause: Text
    by_year: Whole
    deadline: Day
    snapshot_year: Maybe[Count]
    scope: Word[Scope]
    measure: Section[Measure]
    operator: Maybe[Operator]
    limit: Maybe[Amount]
    limit_from: Maybe[NonEmpty]
    assumption: Maybe[NonEmpty]


@dataclass(frozen=True)
class YearlyTarget:
    """What must grow each year, by the growth metric and clause of its sub-item."""

    target_id: Id
    name: Text
    sub_item_id: Annotated[Text, required("sub_item")]
    first_year: Whole
    last_year: Whole


@dataclass(frozen=True)
class ProjectSlot:
    """One of the 六个一 that every project fills; whose content is a person's name is for the county's own eyes."""

    slot_id: Id
    name: Text
    is_person: Maybe[bool] = None


@dataclass(frozen=True)
class LedgerStep:
    """A step of the supervision ledger, in order, with what is done at it."""

    step_id: Id
    name: Text
    duty: Text


@dataclass(frozen=True)
class WarningLevel:
    """A warning by days late, both ends included; the last level is open (None)."""

    level_id: Id
    name: Text
    days_late_from: Whole
    days_late_to: Maybe[Count]


@dataclass(frozen=True)
class Warnings:
    """The warning levels, mildest first, and the level of what was repaired late in its month."""

    levels: Sections[WarningLevel]
    repaired_level: Text
    assumption: Text

    def level(self, days_late: int) -> WarningLevel | None:
        """The level of so many days late; None when nothing is late."""
        reached = [level for level in self.levels if level.days_late_from <= days_late]
        return reached[-1] if reached else None


@dataclass(frozen=True)
class LetterRule:
    """A kind of letter: from how many days late it is due, and within how many days its answer."""

    kind: Annotated[Word[EscalationKind], required("id")]
    name: Text
    days_late_from: Whole
    reply_days: Whole


@dataclass(frozen=True)
class Supervision:
    """How the county supervises: how often an inspector visits each school, and its letters, the mildest first."""

    visits_per_month: Whole
    letters: Sections[LetterRule]
    assumption: Text

    def due(self, days_late: int) -> LetterRule | None:
        """The letter due at so many days late; None before the first."""
        reached = [letter for letter in self.letters if letter.days_late_from <= days_late]
        return reached[-1] if reached else None


@dataclass(frozen=True)
class Remedy:
    """A way to close a shortfall and the months it takes from start to effect."""

    remedy_id: Id
    name: Text
    months: Whole
    assumption: Text


@dataclass(frozen=True)
class Route:
    """Who closes a shortfall of a subject (a code of the standard, a kind of problem), and how."""

    subject: Text
    name: Text
    lead_unit_id: Annotated[Text, required("lead")]
    co_unit_ids: Annotated[Lines, key("co_units")]
    remedy_ids: Annotated[Lines, key("remedies")]


@dataclass(frozen=True)
class Plan:
    """The whole plan; every id it refers to stands in it."""

    plan_id: Id
    county_code: Text
    document: Section[PlanDocument]
    goals: Sections[Goal]
    phases: Sections[Phase]
    leading_group: Section[LeadingGroup]
    units: Sections[Unit]
    tasks: Sections[Task]
    dated_targets: Sections[DatedTarget]
    yearly_targets: Sections[YearlyTarget]
    project_slots: Sections[ProjectSlot]
    ledger_steps: Sections[LedgerStep]
    warnings: Section[Warnings]
    remedies: Sections[Remedy]
    routes: Sections[Route]
    supervision: Maybe[Supervision] = None
    divisions: SectionsIfAny[Division] = ()

    def sub_items(self) -> Iterator[SubItem]:
        """Every sub-item in the plan's order."""
        return (sub_item for task in self.tasks for sub_item in task.sub_items)

    def sub_item(self, sub_item_id: str) -> SubItem:
        """The sub-item with an id such as T04-7."""
        return next(s for s in self.sub_items() if s.sub_item_id == sub_item_id)

    def unit(self, unit_id: str) -> Unit:
        """The unit with this id; what only an earlier plan named stands under its id, so that its records stay legible."""
        known = self._units_by_id.get(unit_id)
        return known or Unit(unit_id, unit_id, unit_id, "department", "addressed", ())

    @cached_property
    def _units_by_id(self) -> Mapping[str, Unit]:
        return {unit.unit_id: unit for unit in self.units}

    def obligations_of(self, unit_id: str) -> tuple[SubItem, ...]:
        """The sub-items that a unit leads or shares in, alone or through a group."""
        standing_for = {unit_id} | {u.unit_id for u in self.units if unit_id in u.members}
        return tuple(s for s in self.sub_items() if standing_for & {r.unit_id for r in (s.lead, *s.co_units)})

    def divisions_of(self, unit_id: str) -> tuple[Division, ...]:
        """The divisions of a unit in the plan's order."""
        return tuple(d for d in self.divisions if d.unit_id == unit_id)

    def dated_target(self, target_id: str) -> DatedTarget:
        """The dated target with this id."""
        return next(t for t in self.dated_targets if t.target_id == target_id)

    def route(self, subject: str) -> Route:
        """Who closes a shortfall of this subject, such as L5, balance or food_safety."""
        return next(r for r in self.routes if r.subject == subject)

    def remedy(self, remedy_id: str) -> Remedy:
        """The remedy with this id."""
        return next(r for r in self.remedies if r.remedy_id == remedy_id)

    def measuring(self, subject: str) -> tuple[SubItem, ...]:
        """The sub-items whose metric is about a subject: an indicator, an item, a veto or the coefficients."""
        return tuple(s for s in self.sub_items() if subject_of(s.metric) == subject)

    def led_by(self, leads: Mapping[str, str]) -> Plan:
        """The plan with other leads confirmed for some sub-items; who closes what these measure follows them."""

        def lead(route: Route) -> str:
            followed = (s for s in self.measuring(route.subject) if s.lead.unit_id == route.lead_unit_id)
            return next((leads[s.sub_item_id] for s in followed if s.sub_item_id in leads), route.lead_unit_id)

        routes = ((route, lead(route)) for route in self.routes)
        return replace(
            self,
            routes=tuple(
                replace(r, lead_unit_id=unit, co_unit_ids=tuple(u for u in r.co_unit_ids if u != unit))
                for r, unit in routes
            ),
        )

    @property
    def ends(self) -> date | None:
        """The last day of the plan's phases; None where it has none."""
        return max((phase.to_date for phase in self.phases), default=None)

    @property
    def exists(self) -> bool:
        """Whether the county has a plan at all."""
        return bool(self.plan_id)
