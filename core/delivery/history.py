"""A county's history of records, read from a folder of CSV files into the store in one transaction.

    load_history(store, county, folder, actor, now) -> int      rows loaded, 0 without the folder

The files are updates, confirmations, decisions, evidence, reviews, persons, amendments, stages, projects, funds,
registers, visits, letters, issues, steps, cases, case_checks and school_months; every row carries `day` and `actor`, the name it was written under, and may say by
`verified` (1) that whoever loads it has seen who signed. That all is a demonstration is known from the county's batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.history_files import HistoryFiles, Line, Row, at_row, draft_of, without, writer_of
from core.delivery.ledger.ledger import IssueDraft, Step, StepDraft, issue_of
from core.delivery.ledger.ledger_writing import check_issue, check_turn
from core.delivery.projects import Project, add_projects
from core.delivery.records.funds import FundsDraft, check_funds
from core.delivery.records.records import TABLES, ConfirmationDraft, DecisionDraft, UpdateDraft, add_rows, take_numbers
from core.delivery.records.records_writing import check_confirmation, check_decision, check_update, header
from core.delivery.records.stages import CountyStageDraft, check_stage
from core.delivery.supervision.letters import ISSUE
from core.errors import RequestInvalid
from core.method.subjects import Subject
from core.rules.county import County
from core.rules.plan import Plan
from core.store.database import Store


def load_history(store: Store, county: County, folder: Path, actor: Actor, now: datetime) -> int:
    """Load the folder's records through the same checks as records written in the app.

    Raises RequestInvalid, with file and row, when a row is not valid or the county already has records.
    """
    require(actor, "load", county.code)
    if not folder.is_dir():
        return 0
    for table in TABLES:
        if store.rows(f"select count(*) from {table} where county_code = $1", [county.code])[0][0]:
            raise RequestInvalid(f"{county.code} 已有推进记录，没有重复导入。")
    files = HistoryFiles(folder, county.plan, county.code, now.date())
    tables: dict[str, list[Row]] = {
        "sub_item_updates": files.drafts("updates", UpdateDraft, partial(check_update, county.plan, county.code)),
        "confirmations": files.drafts("confirmations", ConfirmationDraft, partial(check_confirmation, county.plan)),
        "decisions": files.drafts("decisions", DecisionDraft, partial(check_decision, county.plan)),
        "responsible_persons": files.persons(),
        "plan_amendments": files.amendments(county),
        "county_stages": files.drafts("stages", CountyStageDraft, check_stage),
        "project_funds": files.drafts("funds", FundsDraft, check_funds),
        "register_entries": files.registers(),
    }
    versions = files.projects()
    evidence, reviews = files.evidence()
    schools = dict(store.rows("select school_id, any_value(township_code) from schools group by school_id"))
    visits, (cases, checks) = files.visits(schools), files.cases(schools)
    tables["attendance_months"] = files.months(schools)
    issue_lines, step_lines = files.lines("issues", "issue", "school_ids"), files.lines("steps", "issue")
    letters = files.letters({line["issue"] for line in issue_lines})
    own = (versions, evidence, reviews, visits, issue_lines, step_lines, letters, cases, checks)
    loaded = sum(map(len, (*tables.values(), *own)))
    with store.write() as cursor:
        numbers = iter(take_numbers(cursor, loaded))

        def numbered(rows: list[Row]) -> list[Row]:
            return [_signed(row, next(numbers), county.code, now) for row in rows]

        for table, rows in tables.items():
            add_rows(cursor, table, numbered(rows))
        documents = numbered([{k: v for k, v in row.items() if k != "evidence"} for row in evidence])
        add_rows(cursor, "evidence_documents", documents)
        number_of = {row["evidence"]: kept["number"] for row, kept in zip(evidence, documents, strict=True)}
        add_rows(
            cursor,
            "evidence_reviews",
            numbered([{**row, "evidence_number": number_of[row["evidence_number"]]} for row in reviews]),
        )
        add_projects(cursor, [Project(**row) for row in numbered(versions)])
        kept_visits = numbered([without(row, "visit") for row in visits])
        add_rows(cursor, "visits", kept_visits)
        visit_numbers = {row["visit"]: kept["number"] for row, kept in zip(visits, kept_visits, strict=True)}
        issues, steps = _ledger(county.plan, county.code, issue_lines, step_lines, visit_numbers, numbered)
        add_rows(cursor, "ledger_issues", issues)
        add_rows(cursor, "ledger_steps", steps)
        issue_numbers = {line["issue"]: row["number"] for line, row in zip(issue_lines, issues, strict=True)}
        add_rows(cursor, "letters", numbered([_about(row, issue_numbers) for row in letters]))
        kept_cases = _with_own_numbers(numbered(cases))
        add_rows(cursor, "attendance_cases", kept_cases)
        about = [{**without(row, "case_row"), "case_number": kept_cases[row["case_row"]]["number"]} for row in checks]
        add_rows(cursor, "attendance_checks", numbered(about))
        keep_action(cursor, actor, "load", f"推进记录 {loaded} 条", now)
    return loaded


def _signed(row: Row, number: int, county_code: str, now: datetime) -> Row:
    """The row under the name it was written under; whoever loads the files vouches for what they say was checked."""
    writer = Actor(row["actor"], verified=row["verified"])
    return {**row, **header(number, county_code, writer, now)}


def _with_own_numbers(cases: list[Row]) -> list[Row]:
    """Cases under numbers of the store: one from a file could be a name, or another case's."""
    numbers: dict[str, str] = {}
    return [{**row, "case_id": numbers.setdefault(row["case_id"], f"K{row['number']:05d}")} for row in cases]


def _about(letter: Row, issue_numbers: Mapping[str, int]) -> Row:
    """The letter with its issues by their numbers in the store."""
    named = [(m, issue_numbers.get(m.removeprefix(ISSUE))) for m in letter["matters"]]
    return {**letter, "matters": [m if number is None else f"{ISSUE}{number}" for m, number in named]}


def _ledger(
    plan: Plan,
    county_code: str,
    issue_lines: list[Line],
    step_lines: list[Line],
    visits: Mapping[str, int],
    numbered: Callable[[list[Row]], list[Row]],
) -> tuple[list[Row], list[Row]]:
    """Issues and their steps, each step in its turn; `issue` is the number within the files."""
    drafts = []
    for position, line in enumerate(issue_lines, 2):
        ids = tuple(line["school_ids"].split())
        draft = draft_of("issues", position, without(line, "issue", "school_ids"), IssueDraft, school_ids=ids)
        with at_row("issues", position):
            if draft.source == "visit" and draft.source_id not in visits:
                raise RequestInvalid(f"没有督导记录“{draft.source_id}”。")
            draft = replace(draft, source_id=str(visits.get(draft.source_id, draft.source_id)))
            check_issue(plan, county_code, draft)
        drafts.append({**vars(draft), **writer_of(line)})
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
        plain = without(line, "issue")
        step = draft_of("steps", position, {**plain, "issue_number": str(issue.number)}, StepDraft)
        with at_row("steps", position):
            check_turn(plan, issue, step, Actor(line["actor"]))
        row = numbered([{**vars(step), **writer_of(line)}])[0]
        by_issue[line["issue"]] = replace(issue, steps=(*issue.steps, Step(**row)))
        rows.append(row)
    return issues, rows
