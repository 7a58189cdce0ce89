"""The county's plan as typed, cited values: who owes what by when, and which figure decides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.rules.plan_metrics import Measure, Metric, Operator

Basis = Literal["clause", "default"]
UnitKind = Literal["department", "townships", "villages", "group"]
UnitRole = Literal["member", "addressed", "named_in_clause", "issuer"]
Recurrence = Literal["yearly", "monthly"]
Scope = Literal["county", "central_area"]


@dataclass(frozen=True)
class PlanDocument:
    """The document that lays the plan down."""

    number: str
    title: str
    issuer: str
    issued: date


@dataclass(frozen=True)
class Goal:
    """One of the plan's goals; every task serves one."""

    goal_id: str
    name: str
    clause: str
    aim: str


@dataclass(frozen=True)
class Phase:
    """A phase of the plan, both days included."""

    phase_id: str
    name: str
    clause: str
    from_date: date
    to_date: date


@dataclass(frozen=True)
class Unit:
    """A department, the townships, the villages, or a group standing for its `members`."""

    unit_id: str
    name: str
    full_name: str
    kind: UnitKind
    role: UnitRole
    members: tuple[str, ...]


@dataclass(frozen=True)
class Post:
    """Who holds a role in the leading group, such as 组长 held by 县长."""

    role: str
    post: str


@dataclass(frozen=True)
class LeadingGroup:
    """The leading group and its office; its members are the units whose role is `member`."""

    name: str
    clause: str
    head: Post
    deputy: Post
    office_name: str
    office_unit_id: str
    office_head: Post
    duty: str


@dataclass(frozen=True)
class Responsibility:
    """A unit and whether the clause names it or it is presumed (默认推定)."""

    unit_id: str
    basis: Basis


@dataclass(frozen=True)
class SubItem:
    """One obligation with its owner and dates; without a metric its evidence alone decides.

    A yearly one falls due on the day and month of `due` in every year from `start` to `due`, a
    monthly one at each month's end in that time.
    """

    sub_item_id: str
    clause: str
    title: str
    lead: Responsibility
    co_units: tuple[Responsibility, ...]
    start: date
    due: date
    recurring: Recurrence | None
    deliverable: str
    metric: Metric | None
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A task of the plan with its sub-items."""

    task_id: str
    clause: str
    title: str
    goal_id: str
    lead: Responsibility
    co_units: tuple[Responsibility, ...]
    sub_items: tuple[SubItem, ...]


@dataclass(frozen=True)
class DatedTarget:
    """What must be true by a year, decided by the facts of `snapshot_year`.

    `limit` is the plan's own number (a share, 0–1); `limit_from` names a rule of the standard.
    """

    target_id: str
    name: str
    clause: str
    by_year: int
    deadline: date
    snapshot_year: int | None
    scope: Scope
    measure: Measure
    operator: Operator | None
    limit: Decimal | None
    limit_from: str | None
    assumption: str | None


@dataclass(frozen=True)
class YearlyTarget:
    """What must grow each year, by the growth metric and clause of its sub-item."""

    target_id: str
    name: str
    sub_item_id: str
    first_year: int
    last_year: int


@dataclass(frozen=True)
class ProjectSlot:
    """One of the 六个一 that every project fills."""

    slot_id: str
    name: str


@dataclass(frozen=True)
class LedgerStep:
    """A step of the supervision ledger, in order, with what is done at it."""

    step_id: str
    name: str
    duty: str


@dataclass(frozen=True)
class WarningLevel:
    """A warning by days late, both ends included; the last level is open (None)."""

    level_id: str
    name: str
    days_late_from: int
    days_late_to: int | None


@dataclass(frozen=True)
class Warnings:
    """The warning levels, mildest first, and the level of what was repaired late in its month."""

    levels: tuple[WarningLevel, ...]
    repaired_level: str
    assumption: str

    def level(self, days_late: int) -> WarningLevel | None:
        """The level of so many days late; None when nothing is late."""
        reached = [level for level in self.levels if level.days_late_from <= days_late]
        return reached[-1] if reached else None


@dataclass(frozen=True)
class Remedy:
    """A way to close a shortfall and the months it takes from start to effect."""

    remedy_id: str
    name: str
    months: int
    assumption: str


@dataclass(frozen=True)
class Route:
    """Who closes a shortfall of a subject (a code of the standard, a kind of problem), and how."""

    subject: str
    name: str
    lead_unit_id: str
    co_unit_ids: tuple[str, ...]
    remedy_ids: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The whole plan; every id it refers to stands in it."""

    plan_id: str
    county_code: str
    document: PlanDocument
    goals: tuple[Goal, ...]
    phases: tuple[Phase, ...]
    leading_group: LeadingGroup
    units: tuple[Unit, ...]
    tasks: tuple[Task, ...]
    dated_targets: tuple[DatedTarget, ...]
    yearly_targets: tuple[YearlyTarget, ...]
    project_slots: tuple[ProjectSlot, ...]
    ledger_steps: tuple[LedgerStep, ...]
    warnings: Warnings
    remedies: tuple[Remedy, ...]
    routes: tuple[Route, ...]

    def sub_items(self) -> Iterator[SubItem]:
        """Every sub-item in the plan's order."""
        return (sub_item for task in self.tasks for sub_item in task.sub_items)

    def sub_item(self, sub_item_id: str) -> SubItem:
        """The sub-item with an id such as T04-7."""
        return next(s for s in self.sub_items() if s.sub_item_id == sub_item_id)

    def unit(self, unit_id: str) -> Unit:
        """The unit with this id."""
        return next(u for u in self.units if u.unit_id == unit_id)

    def obligations_of(self, unit_id: str) -> tuple[SubItem, ...]:
        """The sub-items that a unit leads or shares in, alone or through a group."""
        standing_for = {unit_id} | {u.unit_id for u in self.units if unit_id in u.members}
        return tuple(s for s in self.sub_items() if standing_for & {r.unit_id for r in (s.lead, *s.co_units)})

    def dated_target(self, target_id: str) -> DatedTarget:
        """The dated target with this id."""
        return next(t for t in self.dated_targets if t.target_id == target_id)

    def route(self, subject: str) -> Route:
        """Who closes a shortfall of this subject, such as L5, balance or food_safety."""
        return next(r for r in self.routes if r.subject == subject)

    def remedy(self, remedy_id: str) -> Remedy:
        """The remedy with this id."""
        return next(r for r in self.remedies if r.remedy_id == remedy_id)

    @property
    def exists(self) -> bool:
        """Whether the county has a plan at all."""
        return bool(self.plan_id)


_NOBODY = Post("", "")
# What a county without a plan has in its place: it names nobody, sets no target and warns of nothing.
NO_PLAN = Plan(
    plan_id="",
    county_code="",
    document=PlanDocument("", "", "", date.min),
    goals=(),
    phases=(),
    leading_group=LeadingGroup("", "", _NOBODY, _NOBODY, "", "", _NOBODY, ""),
    units=(),
    tasks=(),
    dated_targets=(),
    yearly_targets=(),
    project_slots=(),
    ledger_steps=(),
    warnings=Warnings((), "", ""),
    remedies=(),
    routes=(),
)
