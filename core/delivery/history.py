"""A county's history of records, read from a folder of CSV files into the store in one transaction.

    load_history(store, county, folder, actor, now) -> int      rows loaded, 0 without the folder

The files are updates, confirmations, decisions, evidence, reviews, persons, amendments, stages, projects, funds,
registers, visits, letters, issues and steps; every row carries `day` and `actor`, the name it was written under, and may say by
`verified` (1) that whoever loads it has seen who signed. That all is a demonstration is known from the county's batch.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.ledger.ledger import IssueDraft, Step, StepDraft, issue_of
from core.delivery.ledger.ledger_writing import check_issue, check_turn
from core.delivery.projects import Project, ProjectDraft, add_projects, check_project
from core.delivery.records.amendments import AmendmentDraft, check_amendment, plan_with
from core.delivery.records.funds import FundsDraft, check_funds
from core.delivery.records.persons import PersonKey, ResponsiblePersonDraft, check_person
from core.delivery.records.records import (
    TABLES,
    ConfirmationDraft,
    DecisionDraft,
    EvidenceDraft,
    ReviewDraft,
    UpdateDraft,
    add_rows,
    take_numbers,
)
from core.delivery.records.records_writing import (
    check_confirmation,
    check_day,
    check_decision,
    check_evidence,
    check_second_person,
    check_update,
    header,
)
from core.delivery.records.registers import RegisterDraft, check_entry
from core.delivery.records.stages import CountyStageDraft, check_stage
from core.delivery.supervision.letters import ISSUE, LetterDraft, check_letter
from core.delivery.supervision.visits import VisitDraft, check_visit
from core.errors import RequestInvalid
from core.method.subjects import Subject
from core.rules.county import County
from core.rules.plan import Plan
from core.rules.plan_amending import Change, entry_from
from core.store.database import Store

Line = dict[str, str]
Row = dict[str, Any]


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
    visits = files.visits(store)
    issue_lines, step_lines = files.lines("issues", "issue", "school_ids"), files.lines("steps", "issue")
    letters = files.letters({line["issue"] for line in issue_lines})
    own = (versions, evidence, reviews, visits, issue_lines, step_lines, letters)
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
        kept_visits = numbered([_without(row, "visit") for row in visits])
        add_rows(cursor, "visits", kept_visits)
        visit_numbers = {row["visit"]: kept["number"] for row, kept in zip(visits, kept_visits, strict=True)}
        issues, steps = _ledger(county.plan, county.code, issue_lines, step_lines, visit_numbers, numbered)
        add_rows(cursor, "ledger_issues", issues)
        add_rows(cursor, "ledger_steps", steps)
        issue_numbers = {line["issue"]: row["number"] for line, row in zip(issue_lines, issues, strict=True)}
        add_rows(cursor, "letters", numbered([_about(row, issue_numbers) for row in letters]))
        keep_action(cursor, actor, "load", f"推进记录 {loaded} 条", now)
    return loaded


def _signed(row: Row, number: int, county_code: str, now: datetime) -> Row:
    """The row under the name it was written under; whoever loads the files vouches for what they say was checked."""
    writer = Actor(row["actor"], verified=row["verified"])
    return {**row, **header(number, county_code, writer, now)}


@dataclass(frozen=True)
class HistoryFiles:
    """The CSV files of a folder, read into checked rows."""

    folder: Path
    plan: Plan
    county_code: str
    today: date

    def lines(self, name: str, *keys: str) -> list[Line]:
        """The lines of a file, which may be missing. Raises RequestInvalid for one without these columns."""
        return _lines(self.folder, name, *keys)

    def drafts(self, name: str, kind: type[Any], check: Callable[[Any, date], None]) -> list[Row]:
        """The checked rows of a file, with the name each was written under."""
        rows = []
        for position, line in enumerate(self.lines(name), 2):
            draft = _draft(name, position, line, kind)
            with _at(name, position):
                check(draft, self.today)
            rows.append({**vars(draft), **_writer(line)})
        return rows

    def evidence(self) -> tuple[list[Row], list[Row]]:
        """The documents, and what a second person found of them; `evidence` is a document's number within the files."""
        rows: dict[str, Row] = {}
        for position, line in enumerate(self.lines("evidence", "evidence"), 2):
            draft = _draft("evidence", position, _without(line, "evidence"), EvidenceDraft)
            with _at("evidence", position):
                check_evidence(self.plan, self.county_code, draft, self.today)
            rows[line["evidence"]] = {**vars(draft), **_writer(line), "evidence": line["evidence"]}
        reviews = []
        for position, line in enumerate(self.lines("reviews", "evidence"), 2):
            if line["evidence"] not in rows:
                raise RequestInvalid(f"reviews.csv 第 {position} 行：没有佐证“{line['evidence']}”。")
            plain = {**_without(line, "evidence"), "evidence_number": "0"}
            draft = _draft("reviews", position, plain, ReviewDraft)
            with _at("reviews", position):
                check_day(draft.day, self.today)
                check_second_person(rows[line["evidence"]], line["actor"])
            reviews.append({**vars(draft), **_writer(line), "evidence_number": line["evidence"]})
        return list(rows.values()), reviews

    def persons(self) -> list[Row]:
        """Who answers for what."""
        rows = []
        for position, line in enumerate(self.lines("persons", "kind", "identifier", "township_code"), 2):
            key = PersonKey(line["kind"], line["identifier"], line["township_code"] or None)  # type: ignore[arg-type]
            plain = _without(line, "kind", "identifier", "township_code")
            draft = _draft("persons", position, plain, ResponsiblePersonDraft, key=key)
            with _at("persons", position):
                check_person(self.county_code, draft, self.today)
            kept = {name: value for name, value in vars(draft).items() if name != "key"}
            rows.append({**kept, "subject": key.subject, "township_code": key.township_code, **_writer(line)})
        return rows

    def amendments(self, county: County) -> list[Row]:
        """The changes of the plan, which together must leave one."""
        rows, changes = [], []
        for position, line in enumerate(self.lines("amendments", "entry"), 2):
            entry = entry_from(line["entry"]) if line["entry"] else None
            draft = _draft("amendments", position, _without(line, "entry"), AmendmentDraft, entry=entry)
            with _at("amendments", position):
                check_amendment(county, draft, self.today)
            changes.append(Change(draft.section, draft.entry_id, entry))
            kept = {"entry": line["entry"] or None, "plan_file": county.plan_file}
            rows.append({**vars(draft), **kept, **_writer(line)})
        with _at("amendments", len(rows) + 1):
            plan_with(county, changes)
        return rows

    def registers(self) -> list[Row]:
        """What the plan names without listing it."""
        rows = []
        for position, line in enumerate(self.lines("registers", "school_ids"), 2):
            ids = tuple(line["school_ids"].split())
            draft = _draft("registers", position, _without(line, "school_ids"), RegisterDraft, school_ids=ids)
            with _at("registers", position):
                check_entry(self.plan, draft, self.today)
            rows.append({**vars(draft), **_writer(line)})
        return rows

    def visits(self, store: Store) -> list[Row]:
        """The visits to schools; `visit` is a visit's number within the files."""
        schools = dict(store.rows("select school_id, any_value(township_code) from schools group by school_id"))
        rows = []
        for position, line in enumerate(self.lines("visits", "visit", "topics"), 2):
            topics = tuple(line["topics"].split())
            draft = _draft("visits", position, _without(line, "visit", "topics"), VisitDraft, topics=topics)
            with _at("visits", position):
                check_visit(draft, schools, self.today)
            rows.append({**_without(vars(draft), "problems"), **_writer(line), "visit": line["visit"]})
        return rows

    def letters(self, issues: Set[str]) -> list[Row]:
        """The letters as they came to stand, about `issues` by their number within the files."""
        rows = []
        for position, line in enumerate(self.lines("letters", "letter", "matters"), 2):
            matters = tuple(line["matters"].split())
            made = {"letter_id": line["letter"], "matters": matters}
            draft = _draft("letters", position, _without(line, "letter", "matters"), LetterDraft, **made)
            with _at("letters", position):
                check_letter(self.plan, self.county_code, draft, self.today)
                if unknown := [m for m in matters if m.startswith(ISSUE) and m.removeprefix(ISSUE) not in issues]:
                    raise RequestInvalid(f"没有问题“{unknown[0].removeprefix(ISSUE)}”。")
            rows.append({**vars(draft), **_writer(line)})
        return rows

    def projects(self) -> list[Row]:
        """Every version of every project, with its filled slots."""
        slots = [slot.slot_id for slot in self.plan.project_slots]
        rows = []
        for position, line in enumerate(self.lines("projects"), 2):
            filled = {slot: line[slot] for slot in slots if line.get(slot)}
            draft = _draft("projects", position, _without(line, *slots), ProjectDraft, slots=filled)
            with _at("projects", position):
                check_project(self.plan, self.county_code, draft, self.today)
            rows.append({**vars(draft), **_writer(line)})
        return rows


def _writer(line: Line) -> Row:
    return {"actor": line["actor"], "verified": line.get("verified") == "1"}


def _about(letter: Row, issue_numbers: Mapping[str, int]) -> Row:
    """The letter with its issues by their numbers in the store."""
    named = [(m, issue_numbers.get(m.removeprefix(ISSUE))) for m in letter["matters"]]
    return {**letter, "matters": [m if number is None else f"{ISSUE}{number}" for m, number in named]}


def _without(line: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {column: text for column, text in line.items() if column not in columns}


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
        draft = _draft("issues", position, _without(line, "issue", "school_ids"), IssueDraft, school_ids=ids)
        with _at("issues", position):
            if draft.source == "visit" and draft.source_id not in visits:
                raise RequestInvalid(f"没有督导记录“{draft.source_id}”。")
            draft = replace(draft, source_id=str(visits.get(draft.source_id, draft.source_id)))
            check_issue(plan, county_code, draft)
        drafts.append({**vars(draft), **_writer(line)})
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
        plain = _without(line, "issue")
        step = _draft("steps", position, {**plain, "issue_number": str(issue.number)}, StepDraft)
        with _at("steps", position):
            check_turn(plan, issue, step, Actor(line["actor"]))
        row = numbered([{**vars(step), **_writer(line)}])[0]
        by_issue[line["issue"]] = replace(issue, steps=(*issue.steps, Step(**row)))
        rows.append(row)
    return issues, rows


def _draft(name: str, position: int, line: Mapping[str, str], kind: type[Any], **made: object) -> Any:
    """A draft from its cells, each read as the draft's field wants it; an empty cell says nothing."""
    types = {field.name: str(field.type) for field in fields(kind)}
    cells = {c: text for c, text in line.items() if c not in ("actor", "verified")}
    try:
        return kind(**{c: _value(types.get(c, "str"), text) for c, text in cells.items()}, **made)
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
