"""A county's history of records, read from a folder of CSV files into the store in one transaction.

    load_history(store, plan, folder, county_code, actor, now) -> int      rows loaded, 0 without the folder

The files are updates, confirmations, decisions, evidence, projects, issues and steps; every row carries `day` and
`actor`, the name it was written under. Whether all this is a demonstration is known from the county's batch.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.ledger.ledger import IssueDraft, Step, StepDraft, issue_of
from core.delivery.ledger.ledger_writing import check_issue, check_turn
from core.delivery.projects import Project, ProjectDraft, add_projects, check_project
from core.delivery.records.records import (
    TABLES,
    ConfirmationDraft,
    DecisionDraft,
    EvidenceDraft,
    UpdateDraft,
    add_rows,
    take_numbers,
)
from core.delivery.records.records_writing import (
    check_confirmation,
    check_decision,
    check_evidence,
    check_update,
    header,
)
from core.errors import RequestInvalid
from core.method.subjects import Subject
from core.rules.plan import Plan
from core.store.database import Store

Line = dict[str, str]


def load_history(store: Store, plan: Plan, folder: Path, county_code: str, actor: Actor, now: datetime) -> int:
    """Load the folder's records through the same checks as records written in the app.

    Raises RequestInvalid, with file and row, when a row is not valid or the county already has records.
    """
    require(actor, "load", county_code)
    if not folder.is_dir():
        return 0
    for table in TABLES:
        if store.rows(f"select count(*) from {table} where county_code = $1", [county_code])[0][0]:
            raise RequestInvalid(f"{county_code} 已有推进记录，没有重复导入。")
    today = now.date()
    tables: dict[str, list[dict[str, Any]]] = {
        "sub_item_updates": _drafts(
            folder, "updates", UpdateDraft, lambda draft: check_update(plan, county_code, draft, today)
        ),
        "confirmations": _drafts(
            folder, "confirmations", ConfirmationDraft, lambda draft: check_confirmation(plan, draft, today)
        ),
        "decisions": _drafts(folder, "decisions", DecisionDraft, lambda draft: check_decision(plan, draft, today)),
        "evidence_documents": _drafts(
            folder, "evidence", EvidenceDraft, lambda draft: check_evidence(plan, county_code, draft, today)
        ),
    }
    slots = [slot.slot_id for slot in plan.project_slots]
    versions = _projects(folder, slots, lambda draft: check_project(plan, county_code, draft, today))
    issue_lines, step_lines = _lines(folder, "issues", "issue", "school_ids"), _lines(folder, "steps", "issue")
    loaded = sum(map(len, tables.values())) + len(versions) + len(issue_lines) + len(step_lines)
    with store.write() as cursor:
        numbers = iter(take_numbers(cursor, loaded))

        def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [{**row, **header(next(numbers), county_code, Actor(row["actor"]), now)} for row in rows]

        for table, rows in tables.items():
            add_rows(cursor, table, numbered(rows))
        projects = [Project(**row) for row in numbered(versions)]
        add_projects(cursor, projects)
        issues, steps = _ledger(plan, county_code, issue_lines, step_lines, numbered)
        add_rows(cursor, "ledger_issues", issues)
        add_rows(cursor, "ledger_steps", steps)
        keep_action(cursor, actor, "load", f"推进记录 {loaded} 条", now)
    return loaded


def _lines(folder: Path, name: str, *keys: str) -> list[Line]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        missing = {"day", "actor", *keys} - set(reader.fieldnames or ())
        if missing:
            raise RequestInvalid(f"{name}.csv 缺少列：{'、'.join(sorted(missing))}。")
        lines = list(reader)
    for position, line in enumerate(lines, 2):
        if not line["actor"].strip():
            raise RequestInvalid(f"{name}.csv 第 {position} 行：没有经办人姓名。")
    return lines


def _drafts(folder: Path, name: str, kind: type[Any], check: Callable[[Any], None]) -> list[dict[str, Any]]:
    """The checked rows of a file, with the name each was written under."""
    rows = []
    for position, line in enumerate(_lines(folder, name), 2):
        draft = _draft(name, position, line, kind)
        with _at(name, position):
            check(draft)
        rows.append({**vars(draft), "actor": line["actor"]})
    return rows


def _projects(folder: Path, slots: list[str], check: Callable[[ProjectDraft], None]) -> list[dict[str, Any]]:
    rows = []
    for position, line in enumerate(_lines(folder, "projects"), 2):
        filled = {slot: line[slot] for slot in slots if line.get(slot)}
        plain = {column: text for column, text in line.items() if column not in slots}
        draft = replace(_draft("projects", position, plain, ProjectDraft), slots=filled)
        with _at("projects", position):
            check(draft)
        rows.append({**vars(draft), "actor": line["actor"]})
    return rows


def _ledger(
    plan: Plan,
    county_code: str,
    issue_lines: list[Line],
    step_lines: list[Line],
    numbered: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Issues and their steps, each step in its turn; `issue` is the number within the files."""
    drafts = []
    for position, line in enumerate(issue_lines, 2):
        plain = {column: text for column, text in line.items() if column not in ("issue", "school_ids")}
        draft = _draft("issues", position, plain, IssueDraft)
        draft = replace(draft, school_ids=tuple(line["school_ids"].split()))
        with _at("issues", position):
            check_issue(county_code, draft)
        drafts.append({**vars(draft), "actor": line["actor"]})
    issues = [{**row, "subject": row["subject"] or str(Subject.manual(row["number"]))} for row in numbered(drafts)]
    by_issue = {
        line["issue"]: issue_of({**row, "serial": serial})
        for serial, (line, row) in enumerate(zip(issue_lines, issues, strict=True), 1)
    }
    rows = []
    for position, line in enumerate(step_lines, 2):
        issue = by_issue.get(line["issue"])
        if issue is None:
            raise RequestInvalid(f"steps.csv 第 {position} 行：没有问题“{line['issue']}”。")
        plain = {column: text for column, text in line.items() if column != "issue"}
        step = _draft("steps", position, {**plain, "issue_number": str(issue.number)}, StepDraft)
        with _at("steps", position):
            check_turn(plan, issue, step, Actor(line["actor"]))
        row = numbered([{**vars(step), "actor": line["actor"]}])[0]
        by_issue[line["issue"]] = replace(issue, steps=(*issue.steps, Step(**row)))
        rows.append(row)
    return issues, rows


def _draft(name: str, position: int, line: Mapping[str, str], kind: type[Any]) -> Any:
    """A draft from its cells, each read as the draft's field wants it; an empty cell says nothing."""
    types = {field.name: str(field.type) for field in fields(kind)}
    try:
        return kind(**{c: _value(types.get(c, "str"), text) for c, text in line.items() if c != "actor"})
    except (ValueError, InvalidOperation, TypeError) as fault:
        raise RequestInvalid(f"{name}.csv 第 {position} 行：单元格不能读取（{fault}）。") from None


def _value(wanted: str, text: str) -> Any:
    plain, _, optional = wanted.partition(" | ")
    if not text and (optional or plain == "date"):
        return None
    match plain:
        case "date":
            return date.fromisoformat(text)
        case "int":
            return int(text)
        case "Decimal":
            return Decimal(text)
        case "bool":
            return text == "1"
    return text


@contextmanager
def _at(name: str, position: int) -> Iterator[None]:
    """Names the file and row of whatever is refused inside the block."""
    try:
        yield
    except RequestInvalid as refusal:
        raise RequestInvalid(f"{name}.csv 第 {position} 行：{refusal}") from None
