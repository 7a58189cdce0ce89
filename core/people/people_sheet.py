"""Many people at once: a sheet of accounts, names and duties, read into drafts; the one upload that may carry telephones.

read_people_sheet(source, places, known) -> list[PersonDraft]  Raises InputRejected with every finding at its cell
blank_people_sheet(places) -> bytes                            the sheet to fill in
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.access import ROLE_NAMES
from core.dataset.cells import Cell, Misfit, cell_text, cell_value, is_empty
from core.dataset.dictionary import sheet
from core.errors import InputRejected, Problem
from core.intake.reading.raw_sheets import RawSheet, Source
from core.naming import named
from core.palette import HEADER
from core.people.people import PersonDraft, renamed

_HEADERS = {
    "person_id": "账号",
    "name": "姓名",
    "post": "职务",
    "phone": "电话",
    "roles": "岗位",
    "units": "单位",
    "townships": "乡镇",
    "schools": "学校",
    "expires": "有效期至",
}
_SEVERAL = re.compile(r"[、,，;；\n]+")
_SHEET = "人员"


@dataclass(frozen=True)
class Places:
    """What a person may be responsible for, by code: units of the plan, townships, schools."""

    units: Mapping[str, str]
    townships: Mapping[str, str]
    schools: Mapping[str, str]


@dataclass
class _Findings:
    label: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: int, column: str, found: str, expected: str, advice: str = "") -> None:
        self.problems.append(Problem("FAIL", self.label, row, _HEADERS[column], found, expected, advice))


def read_people_sheet(source: Source, places: Places, known: Sequence[PersonDraft] = ()) -> list[PersonDraft]:
    """The people of the first sheet that has our header. Raises InputRejected, every finding at its cell.

    Of people who are `known` only what the sheet has a column for changes; who is disabled stays disabled.
    """
    for raw in source.sheets:
        for index, cells in enumerate(raw.rows[:10]):
            titles = {cell_text(cell).strip(): place for place, cell in enumerate(cells) if not is_empty(cell)}
            if {_HEADERS["person_id"], _HEADERS["name"], _HEADERS["roles"]} <= titles.keys():
                columns = {c: titles[t] for c, t in _HEADERS.items() if t in titles}
                return _people(raw, index, columns, places, {one.person_id: one for one in known})
    expected = f"一行表头：{'、'.join(_HEADERS.values())}"
    raise InputRejected([Problem("FAIL", "", None, None, "没有找到人员表", expected, "请下载人员表模板填写")])


def _people(
    raw: RawSheet, header: int, columns: Mapping[str, int], places: Places, known: Mapping[str, PersonDraft]
) -> list[PersonDraft]:
    findings = _Findings(raw.label)
    drafts: list[PersonDraft] = []
    rows: dict[str, int] = {}
    for number, cells in enumerate(raw.rows[header + 1 :], start=header + 2):
        if all(is_empty(cell) for cell in cells):
            continue
        texts = {c: _text(cells[place] if place < len(cells) else None) for c, place in columns.items()}
        account = texts["person_id"]
        if account in rows:
            findings.add(number, "person_id", f"“{account}”与第 {rows[account]} 行相同", "每人一个账号")
        rows[account] = number
        roles: Mapping[str, str] = {role: name for role, name in ROLE_NAMES.items()}
        names = {"roles": roles, "units": places.units, "townships": places.townships, "schools": places.schools}
        said: dict[str, Any] = {c: text for c, text in texts.items() if c not in (*names, "expires")}
        said |= {c: _codes(findings, number, c, texts[c], listed) for c, listed in names.items() if c in texts}
        said["roles"] = tuple(role for role in ROLE_NAMES if role in said["roles"])
        if "expires" in columns:
            place = columns["expires"]
            said["expires"] = _day(findings, number, cells[place] if place < len(cells) else None)
        before = renamed(known[account]) if account in known else PersonDraft(person_id=account, name="")
        drafts.append(replace(before, **said))
    if findings.problems:
        raise InputRejected(findings.problems)
    return drafts


def _codes(findings: _Findings, row: int, column: str, text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of the names in a cell, which may hold several; a code stands for itself."""
    found: list[str] = []
    by_name: dict[str, list[str]] = {}
    for code, name in names.items():
        by_name.setdefault(name, []).append(code)
    for part in filter(None, (part.strip() for part in _SEVERAL.split(text))):
        codes = [part] if part in names else by_name.get(part, [])
        if len(codes) != 1:
            expected = "可选：" + named(list(names.values()), "个") if not codes else "填代码，以分清同名的"
            findings.add(row, column, f"“{part}”{'没有登记' if not codes else '不止一个'}", expected)
        found.extend(codes[:1])
    return tuple(dict.fromkeys(found))


def _day(findings: _Findings, row: int, cell: Cell) -> date | None:
    try:
        value = cell_value(sheet("judgements").column("document_date"), cell, Decimal(1))
    except Misfit as misfit:
        findings.add(row, "expires", misfit.found, misfit.expected, misfit.advice)
        return None
    return value if isinstance(value, date) else None


def _text(cell: Cell) -> str:
    return "" if is_empty(cell) else cell_text(cell).strip()


def blank_people_sheet(places: Places) -> bytes:
    """A workbook with the header, one line a role to show how it is filled, and the names that may be used."""
    from xlsxwriter import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        people = book.add_worksheet(_SHEET)
        heading = book.add_format({"bold": True, "bg_color": HEADER, "border": 1})
        for place, title in enumerate(_HEADERS.values()):
            people.write(0, place, title, heading)
        people.set_column(0, len(_HEADERS) - 1, 18)
        people.freeze_panes(1, 2)
        listed: Sequence[tuple[str, Sequence[str]]] = (
            ("岗位", list(ROLE_NAMES.values())),
            ("单位", list(places.units.values())),
            ("乡镇", list(places.townships.values())),
            ("学校", list(places.schools.values())),
        )
        names = book.add_worksheet("可填的名称")
        for place, (title, values) in enumerate(listed):
            names.write(0, place, title, heading)
            names.write_column(1, place, values)
        names.set_column(0, len(listed) - 1, 26)
    return content.getvalue()
