"""The CSV files of a folder of records, read into checked rows, each refusal with its file and row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from core.access import LOCAL_ADMINISTRATOR
from core.dataset.characters import as_compared
from core.delivery.attendance.cases import CaseDraft, check_case
from core.delivery.attendance.months import MonthDraft, check_month
from core.delivery.projects import ProjectDraft, check_project
from core.delivery.records.amendments import AmendmentDraft, check_amendment, plan_with
from core.delivery.records.persons import PersonKey, ResponsiblePersonDraft, check_person
from core.delivery.records.records import EvidenceDraft, ReviewDraft
from core.delivery.records.records_writing import check_day, check_evidence, check_second_person
from core.delivery.records.registers import RegisterDraft, check_entry
from core.delivery.supervision.letters import ISSUE, LetterDraft, check_letter
from core.delivery.supervision.visits import VisitDraft, check_visit
from core.errors import RequestInvalid
from core.rules.county import County
from core.rules.plan import Plan
from core.rules.plan_amending import Change, entry_from

Line = dict[str, str]
Row = dict[str, Any]


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
            draft = draft_of(name, position, line, kind)
            with at_row(name, position):
                check(draft, self.today)
            rows.append({**vars(draft), **writer_of(line)})
        return rows

    def evidence(self) -> tuple[list[Row], list[Row]]:
        """The documents, and what a second person found of them; `evidence` is a document's number within the files."""
        rows: dict[str, Row] = {}
        for position, line in enumerate(self.lines("evidence", "evidence"), 2):
            draft = draft_of("evidence", position, without(line, "evidence"), EvidenceDraft)
            with at_row("evidence", position):
                check_evidence(self.plan, self.county_code, draft, self.today)
            rows[line["evidence"]] = {**vars(draft), **writer_of(line), "evidence": line["evidence"]}
        reviews = []
        for position, line in enumerate(self.lines("reviews", "evidence"), 2):
            if line["evidence"] not in rows:
                raise RequestInvalid(f"reviews.csv 第 {position} 行：没有佐证“{line['evidence']}”。")
            plain = {**without(line, "evidence"), "evidence_number": "0"}
            draft = draft_of("reviews", position, plain, ReviewDraft)
            with at_row("reviews", position):
                check_day(draft.day, self.today)
                check_second_person(rows[line["evidence"]], line["actor"])
            reviews.append({**vars(draft), **writer_of(line), "evidence_number": line["evidence"]})
        return list(rows.values()), reviews

    def persons(self) -> list[Row]:
        """Who answers for what."""
        rows = []
        for position, line in enumerate(self.lines("persons", "kind", "identifier", "township_code"), 2):
            key = PersonKey(line["kind"], line["identifier"], line["township_code"] or None)  # type: ignore[arg-type]
            plain = without(line, "kind", "identifier", "township_code")
            draft = draft_of("persons", position, plain, ResponsiblePersonDraft, key=key)
            with at_row("persons", position):
                check_person(self.county_code, draft, self.today)
            kept = {name: value for name, value in vars(draft).items() if name != "key"}
            rows.append({**kept, "subject": key.subject, "township_code": key.township_code, **writer_of(line)})
        return rows

    def amendments(self, county: County) -> list[Row]:
        """The changes of the plan, which together must leave one."""
        rows, changes = [], []
        for position, line in enumerate(self.lines("amendments", "entry"), 2):
            entry = entry_from(line["entry"]) if line["entry"] else None
            draft = draft_of("amendments", position, without(line, "entry"), AmendmentDraft, entry=entry)
            with at_row("amendments", position):
                check_amendment(county, draft, self.today)
            changes.append(Change(draft.section, draft.entry_id, entry))
            kept = {"entry": line["entry"] or None, "plan_file": county.plan_file}
            rows.append({**vars(draft), **kept, **writer_of(line)})
        with at_row("amendments", len(rows) + 1):
            plan_with(county, changes)
        return rows

    def registers(self) -> list[Row]:
        """What the plan names without listing it."""
        rows = []
        for position, line in enumerate(self.lines("registers", "school_ids"), 2):
            ids = tuple(line["school_ids"].split())
            draft = draft_of("registers", position, without(line, "school_ids"), RegisterDraft, school_ids=ids)
            with at_row("registers", position):
                check_entry(self.plan, draft, self.today)
            rows.append({**vars(draft), **writer_of(line)})
        return rows

    def visits(self, schools: Mapping[str, str]) -> list[Row]:
        """The visits to schools; `visit` is a visit's number within the files, `schools` the townships by school."""
        rows = []
        for position, line in enumerate(self.lines("visits", "visit", "topics"), 2):
            topics = tuple(line["topics"].split())
            draft = draft_of("visits", position, without(line, "visit", "topics"), VisitDraft, topics=topics)
            with at_row("visits", position):
                check_visit(draft, schools, self.today)
            rows.append({**without(vars(draft), "problems"), **writer_of(line), "visit": line["visit"]})
        return rows

    def cases(self, schools: Mapping[str, str]) -> tuple[list[Row], list[Row]]:
        """The cases of children not at school, a row each time one changed, and what was checked of them.

        `case` is the number within the files; the store gives its own. `case_row` of a check is the place, among the
        cases' rows, of the one that it is about. Nothing of a cell is repeated: it might be a name.
        """
        rows: list[Row] = []
        last: dict[str, int] = {}
        for position, line in enumerate(self.lines("cases", "case"), 2):
            with _at_nameless_row("cases", position):
                draft = draft_of("cases", position, without(line, "case"), CaseDraft)
                check_case(schools, self.county_code, draft, self.today)
                before = rows[last[line["case"]]] if line["case"] in last else None
                if before is not None and (before["kind"], before["found_on"]) != (draft.kind, draft.found_on):
                    raise RequestInvalid("类别和发现日期登记后不能改。")
            last[line["case"]] = len(rows)
            rows.append({**without(vars(draft), "seen"), **nameless_writer_of(line), "case_id": line["case"]})
        checks: list[Row] = []
        for position, line in enumerate(self.lines("case_checks", "case", "passed"), 2):
            with _at_nameless_row("case_checks", position):
                day = date.fromisoformat(line["day"])
                about = rows[last[line["case"]]]
                writers = {as_compared(r["actor"]) for r in rows if r["case_id"] == line["case"]}
                if not about["day"] <= day <= self.today or as_compared(line["actor"]) in writers:
                    raise RequestInvalid("核查应在登记之后，由登记人以外的人办理。")
            row = {"day": day, "passed": line["passed"] == "1", "case_row": last[line["case"]]}
            checks.append({**row, **nameless_writer_of(line)})
        return rows, checks

    def months(self, schools: Mapping[str, str]) -> list[Row]:
        """What schools said of their months."""
        rows = []
        for position, line in enumerate(self.lines("school_months"), 2):
            with _at_nameless_row("school_months", position):
                draft = draft_of("school_months", position, line, MonthDraft)
                if draft.school_id not in schools:
                    raise RequestInvalid("没有这所学校。")
                check_month(draft, self.today)
            rows.append({**vars(draft), **nameless_writer_of(line)})
        return rows

    def letters(self, issues: Set[str]) -> list[Row]:
        """The letters as they came to stand, about `issues` by their number within the files."""
        rows = []
        for position, line in enumerate(self.lines("letters", "letter", "matters"), 2):
            matters = tuple(line["matters"].split())
            made = {"letter_id": line["letter"], "matters": matters}
            draft = draft_of("letters", position, without(line, "letter", "matters"), LetterDraft, **made)
            with at_row("letters", position):
                check_letter(self.plan, self.county_code, draft, self.today)
                if unknown := [m for m in matters if m.startswith(ISSUE) and m.removeprefix(ISSUE) not in issues]:
                    raise RequestInvalid(f"没有问题“{unknown[0].removeprefix(ISSUE)}”。")
            rows.append({**vars(draft), **writer_of(line)})
        return rows

    def projects(self) -> list[Row]:
        """Every version of every project, with its filled slots."""
        slots = [slot.slot_id for slot in self.plan.project_slots]
        rows = []
        for position, line in enumerate(self.lines("projects"), 2):
            filled = {slot: line[slot] for slot in slots if line.get(slot)}
            draft = draft_of("projects", position, without(line, *slots), ProjectDraft, slots=filled)
            with at_row("projects", position):
                check_project(self.plan, self.county_code, draft, self.today)
            rows.append({**vars(draft), **writer_of(line)})
        return rows


def writer_of(line: Line) -> Row:
    """Under which name a row was written, and whether whoever loads it has seen who signed."""
    return {"actor": line["actor"], "verified": line.get("verified") == "1"}


def nameless_writer_of(line: Line) -> Row:
    """The same where a typed name could be a child's: only that of a login is kept."""
    writer = writer_of(line)
    return writer if writer["verified"] else {**writer, "actor": LOCAL_ADMINISTRATOR.name}


def without(line: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    """The line but for these columns."""
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


def draft_of(name: str, position: int, line: Mapping[str, str], kind: type[Any], **made: object) -> Any:
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
def at_row(name: str, position: int) -> Iterator[None]:
    """Names the file and row of whatever is refused inside the block."""
    try:
        yield
    except RequestInvalid as refusal:
        raise RequestInvalid(f"{name}.csv 第 {position} 行：{refusal}") from None


@contextmanager
def _at_nameless_row(name: str, position: int) -> Iterator[None]:
    """Names the file and row of whatever is refused inside the block, and nothing of what stands there."""
    try:
        yield
    except (RequestInvalid, ValueError, TypeError, KeyError):
        # Not chained: a cell that was refused might hold a child's name.
        raise RequestInvalid(
            f"{name}.csv 第 {position} 行：有单元格不符合要求；应为：日期、数字、代码和名录中的学校，且不含姓名。"
        ) from None
