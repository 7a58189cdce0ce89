"""Reads a plan from its TOML file and reports every fault of the file at once."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

from core.errors import RulesInvalid
from core.rules.entries import Entries, read_entries
from core.rules.plan import (
    Basis,
    DatedTarget,
    Goal,
    LeadingGroup,
    LedgerStep,
    Phase,
    Plan,
    PlanDocument,
    Post,
    ProjectSlot,
    Recurrence,
    Remedy,
    Responsibility,
    Route,
    Scope,
    SubItem,
    Task,
    Unit,
    UnitKind,
    UnitRole,
    WarningLevel,
    Warnings,
    YearlyTarget,
)
from core.rules.plan_checks import reference_faults
from core.rules.plan_metrics_loading import (
    lines,
    optional_text,
    read_measure,
    read_metric,
    read_operator,
)


def load_plan(path: Path) -> Plan:
    """The plan in `path`. Raises RulesInvalid with every fault of the file."""
    entries = read_entries(path)
    plan = _plan(entries)
    faults = entries.faults + reference_faults(plan)
    if faults:
        raise RulesInvalid(path, faults)
    return plan


def _plan(top: Entries) -> Plan:
    top.only(
        "id",
        "county_code",
        "document",
        "goals",
        "phases",
        "leading_group",
        "units",
        "tasks",
        "dated_targets",
        "yearly_targets",
        "project_slots",
        "ledger_steps",
        "warnings",
        "remedies",
        "routes",
    )
    return Plan(
        plan_id=top.text("id"),
        county_code=top.text("county_code"),
        document=_document(top.section("document")),
        goals=tuple(_goal(e) for e in top.sections("goals", "id")),
        phases=tuple(_phase(e) for e in top.sections("phases", "id")),
        leading_group=_leading_group(top.section("leading_group")),
        units=tuple(_unit(e) for e in top.sections("units", "id")),
        tasks=tuple(_task(e) for e in top.sections("tasks", "id")),
        dated_targets=tuple(_dated_target(e) for e in top.sections("dated_targets", "id")),
        yearly_targets=tuple(_yearly_target(e) for e in top.sections("yearly_targets", "id")),
        project_slots=tuple(_project_slot(e) for e in top.sections("project_slots", "id")),
        ledger_steps=tuple(_ledger_step(e) for e in top.sections("ledger_steps", "id")),
        warnings=_warnings(top.section("warnings")),
        remedies=tuple(_remedy(e) for e in top.sections("remedies", "id")),
        routes=tuple(_route(e) for e in top.sections("routes", "subject")),
    )


def _document(entry: Entries) -> PlanDocument:
    entry.only("number", "title", "issuer", "issued")
    return PlanDocument(entry.text("number"), entry.text("title"), entry.text("issuer"), entry.day("issued"))


def _goal(entry: Entries) -> Goal:
    entry.only("id", "name", "clause", "aim")
    return Goal(entry.text("id"), entry.text("name"), entry.text("clause"), entry.text("aim"))


def _phase(entry: Entries) -> Phase:
    entry.only("id", "name", "clause", "from", "to")
    return Phase(
        entry.text("id"),
        entry.text("name"),
        entry.text("clause"),
        entry.day("from"),
        entry.day("to"),
    )


def _leading_group(entry: Entries) -> LeadingGroup:
    entry.only("name", "clause", "head", "deputy", "office", "duty")
    head, deputy, office = (entry.section(key) for key in ("head", "deputy", "office"))
    head.only("role", "post")
    deputy.only("role", "post")
    office.only("name", "unit", "role", "post")
    return LeadingGroup(
        name=entry.text("name"),
        clause=entry.text("clause"),
        head=Post(head.text("role"), head.text("post")),
        deputy=Post(deputy.text("role"), deputy.text("post")),
        office_name=office.text("name"),
        office_unit_id=office.text("unit"),
        office_head=Post(office.text("role"), office.text("post")),
        duty=entry.text("duty"),
    )


def _unit(entry: Entries) -> Unit:
    entry.only("id", "name", "full_name", "kind", "role", "members")
    return Unit(
        unit_id=entry.text("id"),
        name=entry.text("name"),
        full_name=entry.text("full_name"),
        kind=cast(UnitKind, entry.choice("kind", get_args(UnitKind))),
        role=cast(UnitRole, entry.choice("role", get_args(UnitRole))),
        members=lines(entry, "members"),
    )


def _lead(entry: Entries) -> Responsibility:
    lead = entry.section("lead")
    lead.only("unit", "basis")
    basis = lead.choice("basis", get_args(Basis))
    return Responsibility(lead.text("unit"), cast(Basis, basis))


def _co_units(entry: Entries) -> tuple[Responsibility, ...]:
    if "co_units" not in entry.table:
        return ()
    by_basis = entry.section("co_units")
    bases: tuple[Basis, ...] = get_args(Basis)
    by_basis.only(*bases)
    return tuple(Responsibility(u, basis) for basis in bases for u in lines(by_basis, basis))


def _task(entry: Entries) -> Task:
    entry.only("id", "clause", "title", "goal", "lead", "co_units", "sub_items")
    return Task(
        task_id=entry.text("id"),
        clause=entry.text("clause"),
        title=entry.text("title"),
        goal_id=entry.text("goal"),
        lead=_lead(entry),
        co_units=_co_units(entry),
        sub_items=tuple(_sub_item(e) for e in entry.sections("sub_items", "id")),
    )


def _sub_item(entry: Entries) -> SubItem:
    entry.only(
        "id",
        "clause",
        "title",
        "lead",
        "co_units",
        "start",
        "due",
        "recurring",
        "deliverable",
        "metric",
        "evidence",
    )
    recurring = entry.choice("recurring", get_args(Recurrence)) if "recurring" in entry.table else None
    evidence = lines(entry, "evidence")
    if "metric" not in entry.table and not evidence:
        entry.faults.append(f"{entry.where}metric 与 evidence 不能同时为空，须有量化指标或佐证材料")
    return SubItem(
        sub_item_id=entry.text("id"),
        clause=entry.text("clause"),
        title=entry.text("title"),
        lead=_lead(entry),
        co_units=_co_units(entry),
        start=entry.day("start"),
        due=entry.day("due"),
        recurring=cast(Recurrence | None, recurring),
        deliverable=entry.text("deliverable"),
        metric=read_metric(entry.section("metric")) if "metric" in entry.table else None,
        evidence=evidence,
    )


def _dated_target(entry: Entries) -> DatedTarget:
    entry.only(
        "id",
        "name",
        "clause",
        "by_year",
        "deadline",
        "snapshot_year",
        "scope",
        "measure",
        "operator",
        "limit",
        "limit_from",
        "assumption",
    )
    return DatedTarget(
        target_id=entry.text("id"),
        name=entry.text("name"),
        clause=entry.text("clause"),
        by_year=entry.whole("by_year"),
        deadline=entry.day("deadline"),
        snapshot_year=entry.whole("snapshot_year") if "snapshot_year" in entry.table else None,
        scope=cast(Scope, entry.choice("scope", get_args(Scope))),
        measure=read_measure(entry.section("measure")),
        operator=read_operator(entry) if "operator" in entry.table else None,
        limit=entry.number("limit") if "limit" in entry.table else None,
        limit_from=optional_text(entry, "limit_from"),
        assumption=optional_text(entry, "assumption"),
    )


def _yearly_target(entry: Entries) -> YearlyTarget:
    entry.only("id", "name", "sub_item", "first_year", "last_year")
    return YearlyTarget(
        entry.text("id"),
        entry.text("name"),
        entry.text("sub_item"),
        entry.whole("first_year"),
        entry.whole("last_year"),
    )


def _project_slot(entry: Entries) -> ProjectSlot:
    entry.only("id", "name")
    return ProjectSlot(entry.text("id"), entry.text("name"))


def _ledger_step(entry: Entries) -> LedgerStep:
    entry.only("id", "name", "duty")
    return LedgerStep(entry.text("id"), entry.text("name"), entry.text("duty"))


def _warnings(entry: Entries) -> Warnings:
    entry.only("repaired_level", "assumption", "levels")
    return Warnings(
        levels=tuple(_warning_level(e) for e in entry.sections("levels", "id")),
        repaired_level=entry.text("repaired_level"),
        assumption=entry.text("assumption"),
    )


def _warning_level(entry: Entries) -> WarningLevel:
    entry.only("id", "name", "days_late_from", "days_late_to")
    return WarningLevel(
        entry.text("id"),
        entry.text("name"),
        entry.whole("days_late_from"),
        entry.whole("days_late_to") if "days_late_to" in entry.table else None,
    )


def _remedy(entry: Entries) -> Remedy:
    entry.only("id", "name", "months", "assumption")
    return Remedy(entry.text("id"), entry.text("name"), entry.whole("months"), entry.text("assumption"))


def _route(entry: Entries) -> Route:
    entry.only("subject", "name", "lead", "co_units", "remedies")
    return Route(
        entry.text("subject"),
        entry.text("name"),
        entry.text("lead"),
        lines(entry, "co_units"),
        lines(entry, "remedies"),
    )
