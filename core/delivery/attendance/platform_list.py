"""The national platform's list of pupils in danger of dropping out, read for counts: no name or number of it is kept.

    read_list(source, schools, today) -> PlatformList
    new_cases(entries, cases, schools, today) -> tuple[CaseDraft, ...]

Of every row only the school, the grade and the day are looked at. Without identities the same child cannot be
recognised twice: as many new cases are opened as a school's grade has more entries than open cases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.dataset.cells import Cell, Misfit, cell_text, day_of, grade_called, is_empty
from core.dataset.characters import half_width
from core.delivery.attendance.cases import MOST_AT_ONCE, OLDEST_DAYS, AttendanceCase, CaseDraft, school_year_of
from core.errors import Problem
from core.intake.mapping.text_suggestions import name_forms
from core.intake.reading.raw_sheets import RawSheet, Source

_SCHOOL_ID = re.compile("学校.*(标识码|代码)|^标识码$")
_SCHOOL = re.compile("学校|校名")
_GRADE = re.compile("年级|班级")
_FOUND = re.compile("^(?!.*出生).*(疑似|辍学|离校|标记|登记|异动|发现|认定).*(时间|日期)|^日期$")
# What such lists name of a child; a title is only ever repeated where it is one of these words.
_PERSONAL = ("姓名", "身份证", "证件", "学籍号", "学号", "性别", "出生", "民族", "户口", "户籍", "住址", "地址", "监护人", "家长",
    "联系", "电话", "手机", "健康", "残疾")  # fmt: skip
_COHORT = re.compile(r"(20\d\d)\s*级")
_HEADER_ROWS = 10
_MOST_ROWS = 5_000


@dataclass(frozen=True)
class PlatformEntry:
    """One row: a school, a grade, the day it was found."""

    school_id: str
    grade: int
    found_on: date


@dataclass(frozen=True)
class PlatformList:
    """A list as read: its entries, what was not looked at, what is wrong with it.

    `personal` are the kinds of personal data among its columns, `others` how many further columns were passed over.
    """

    entries: tuple[PlatformEntry, ...]
    personal: tuple[str, ...]
    others: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ListedSchool:
    """A school that rows may name."""

    school_id: str
    name: str
    township: str
    is_junior_only: bool = False


def read_list(source: Source, schools: Sequence[ListedSchool], today: date) -> PlatformList:
    """The entries of every sheet of a list; what cannot be read is told by sheet and row number, never by its content."""
    reading = _Reading(schools, today)
    for place, raw in enumerate((s for s in source.sheets if not s.is_hidden and any(map(any, s.rows))), 1):
        reading.read(raw, f"第 {place} 张表")
    if not reading.entries and not reading.problems:
        reading.fault("", None, None, "没有学生", "一行一名学生", "名单为空的，不用上传；请核对是否选错文件")
    if len(reading.entries) > MOST_AT_ONCE:
        reading.fault(
            "", None, None, f"共 {len(reading.entries):,} 人", f"一次不超过 {MOST_AT_ONCE} 人", "请分乡镇上传"
        )
    return PlatformList(
        () if reading.problems else tuple(reading.entries),
        tuple(word for word in _PERSONAL if word in reading.personal),
        reading.others,
        tuple(reading.problems),
    )


class _Reading:
    """A list as it is read, sheet by sheet; a sheet is called by its place, for it may be called after a child."""

    def __init__(self, schools: Sequence[ListedSchool], today: date) -> None:
        self.entries: list[PlatformEntry] = []
        self.personal: set[str] = set()
        self.others = 0
        self.problems: list[Problem] = []
        self._today, self._names = today, _names(schools)
        self._junior = {school.school_id for school in schools if school.is_junior_only}

    def read(self, raw: RawSheet, called: str) -> None:
        """Read one sheet."""
        found = _header(raw)
        if found is None:
            wanted = "一行表头，学校（或学校标识码）、年级各一列"
            self.fault(called, None, None, "找不到表头", wanted, "请从平台重新导出，不要的表请删去")
            return
        header, titles = found
        columns = {
            "id": _first(titles, _SCHOOL_ID),
            "school": _first(titles, _SCHOOL),
            "grade": _first(titles, _GRADE),
            "found": _first(titles, _FOUND),
        }
        used = {place for place in columns.values() if place is not None}
        left = [title for place, title in enumerate(titles) if title and place not in used]
        self.personal |= {word for word in _PERSONAL if any(word in title for title in left)}
        self.others += sum(not any(word in title for word in _PERSONAL) for title in left)
        rows = raw.rows[header + 1 :]
        if len(rows) > _MOST_ROWS:
            self.fault(called, None, None, f"超过 {_MOST_ROWS:,} 行", f"不超过 {_MOST_ROWS:,} 行", "请分乡镇导出")
        for number, row in enumerate(rows[:_MOST_ROWS], header + 2):
            if not all(is_empty(cell) for cell in row):
                self._row(called, number, row, columns)

    def _row(self, called: str, number: int, row: Sequence[Cell], columns: Mapping[str, int | None]) -> None:
        school_id = _school(row, columns, self._names)
        if school_id is None:
            self.fault(called, number, "学校", "认不出是哪所学校", "名录中的学校或标识码", "请核对名录")
            return
        grade = _grade(_at(row, columns["grade"]), self._today, school_id in self._junior)
        if grade is None:
            self.fault(called, number, "年级", "认不出年级", "一年级至九年级、初一至初三，或入学年份如 2021级", "")
            return
        day = _day(_at(row, columns["found"]), self._today)
        if day is None:
            self.fault(called, number, "日期", "日期不能识别、在今天之后或早于三年前", "形如 2023-09-01 的日期", "")
            return
        self.entries.append(PlatformEntry(school_id, grade, day))

    def fault(self, called: str, row: int | None, column: str | None, found: str, expected: str, advice: str) -> None:
        """Note what is wrong."""
        self.problems.append(Problem("FAIL", called, row, column, found, expected, advice))


def new_cases(
    entries: Sequence[PlatformEntry], cases: Sequence[AttendanceCase], townships: Mapping[str, str], today: date
) -> tuple[CaseDraft, ...]:
    """The cases that a list adds: of each school's grade as many as it has more entries than open cases, the latest found."""
    open_ones = Counter((c.school_id, _grade_now(c, today)) for c in cases if c.is_open)
    drafts: list[CaseDraft] = []
    for entry in sorted(entries, key=lambda e: (e.school_id, e.grade, e.found_on)):
        if open_ones[entry.school_id, entry.grade]:
            open_ones[entry.school_id, entry.grade] -= 1
            continue
        drafts.append(
            CaseDraft(
                kind="left",
                source="platform",
                township_code=townships[entry.school_id],
                school_id=entry.school_id,
                grade=entry.grade,
                found_on=entry.found_on,
                day=today,
            )
        )
    return tuple(drafts)


def gone_cases(
    entries: Sequence[PlatformEntry], cases: Sequence[AttendanceCase], today: date
) -> tuple[AttendanceCase, ...]:
    """The open cases of schools that the list has fewer of than the ledger: their outcome is to be written."""
    listed = Counter((e.school_id, e.grade) for e in entries)
    left = []
    for case in sorted((c for c in cases if c.is_open and c.source == "platform"), key=lambda c: c.found_on):
        key = (case.school_id or "", _grade_now(case, today))
        if listed[key]:
            listed[key] -= 1
        else:
            left.append(case)
    return tuple(left)


def _grade_now(case: AttendanceCase, today: date) -> int:
    """The grade that a case's child would be in: lists name it by today's, the ledger by that in which it was found."""
    return case.grade + school_year_of(today) - case.school_year


def _header(raw: RawSheet) -> tuple[int, list[str]] | None:
    for number, row in enumerate(raw.rows[:_HEADER_ROWS]):
        titles = ["" if is_empty(cell) else half_width(cell_text(cell)) for cell in row]
        schools = {_first(titles, _SCHOOL), _first(titles, _SCHOOL_ID)} - {None}
        grade = _first(titles, _GRADE)
        # A title above the table may name both in one cell.
        if grade is not None and schools - {grade}:
            return number, titles
    return None


def _first(titles: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    if pattern is _SCHOOL:
        return next((n for n, t in enumerate(titles) if pattern.search(t) and not _SCHOOL_ID.search(t)), None)
    return next((n for n, title in enumerate(titles) if pattern.search(title)), None)


def _names(schools: Sequence[ListedSchool]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for school in schools:
        for form in (school.school_id, *name_forms(school.name, school.township)):
            names.setdefault(form, set()).add(school.school_id)
    return names


def _at(row: Sequence[Cell], place: int | None) -> Cell:
    return None if place is None or place >= len(row) else row[place]


def _school(row: Sequence[Cell], columns: Mapping[str, int | None], names: Mapping[str, set[str]]) -> str | None:
    for column in ("id", "school"):
        cell = _at(row, columns[column])
        forms = set[str]() if is_empty(cell) else name_forms(cell_text(cell), "")
        ours = {school_id for form in forms for school_id in names.get(form, ())}
        if len(ours) == 1:
            return next(iter(ours))
    return None


def _grade(cell: Cell, today: date, is_junior_only: bool) -> int | None:
    if is_empty(cell):
        return None
    text = half_width(cell_text(cell))
    if (grade := grade_called(text)) and not re.search(r"\d{2}年级", text):
        return grade
    if cohort := _COHORT.search(text):
        # A class is called by the year in which it began its stage.
        years = school_year_of(today) - int(cohort[1]) + 1
        grade = years + 6 if is_junior_only or "初" in text else years
        return grade if years >= 1 and grade <= 9 else None
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 9 else None


def _day(cell: Cell, today: date) -> date | None:
    """The day of a row, today where the list gives none."""
    if is_empty(cell):
        return today
    try:
        day = day_of(cell)
    except Misfit:
        return None
    return day if 0 <= (today - day).days <= OLDEST_DAYS else None
