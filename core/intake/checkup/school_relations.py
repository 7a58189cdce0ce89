"""What the figures of one school must say together, whoever else reports: the relations that statistics offices check."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from core.dataset.cells import Value, quoted
from core.dataset.dictionary import name_of, sheet
from core.dataset.rows import Row, Tables
from core.errors import Problem

# What is counted alike at every stage; the degree that is asked for differs from stage to stage.
_TEACHERS = ("teachers", "backbone_teachers", "pe_arts_teachers")
_DIFFERING = ("teachers_above_degree", "certified_teachers")
# Two small staffs may well be as large as each other, unless the degree and certificates are alike as well.
_FEWEST_TEACHERS, _FEWEST_ALL_ALIKE = 20, 8
# Rooms with a screen are classrooms, and some others; music and art rooms are far fewer than classes.
_ROOMS_PER_CLASS, _OTHER_ROOMS = 3, 20
# What the first digits of an identifier say of a school, and which kinds it cannot be.
_KINDS_AGAINST_CODE = {"21": ("junior",), "31": ("primary", "teaching_point")}
_IDENTIFIER_DIGITS = 10
_COMPULSORY = ("primary", "junior")


def school_relations(tables: Tables) -> Iterator[Problem]:
    """A WARN for everything that a school's figures say against each other."""
    for checks in (_pupils_have_teachers, _one_staff_twice, _rooms_for_classes, _code_against_kind, _one_place_twice):
        yield from checks(tables)


def _problem(sheet_id: str, row: Row, column: str, found: str, expected: str, advice: str) -> Problem:
    known = sheet(sheet_id)
    return Problem("WARN", known.name, row.number, known.column(column).name, found, expected, advice)


def _family(school: Row) -> set[Value]:
    """The school and those that the register names with it."""
    return {school[column] for column in ("school_id", "parent_school_id", "predecessor_id")} - {None}


def _pupils_have_teachers(tables: Tables) -> Iterator[Problem]:
    # The teachers of a point are often counted at the school that it belongs to.
    points = {row["school_id"] for row in tables["schools"] if row["parent_school_id"] is not None}
    for row in tables["enrolment"]:
        if row["stage"] == "preschool" or row["school_id"] in points:
            continue
        if isinstance(row["pupils"], int) and row["pupils"] > 0 and row["teachers"] == 0:
            yield _problem(
                "enrolment",
                row,
                "teachers",
                f"在校生 {row['pupils']} 人，专任教师 0 名",
                "有学生的学段有专任教师",
                "教师由其他学校派出的写明情况；没有填报的请留空",
            )


def _one_staff_twice(tables: Tables) -> Iterator[Problem]:
    """Teachers of a school with several stages who are all reported at each of them."""
    stages: dict[tuple[Value, Value], list[Row]] = defaultdict(list)
    for row in tables["enrolment"]:
        if row["stage"] in (*_COMPULSORY, "senior"):
            stages[row["school_id"], row["year"]].append(row)
    for rows in stages.values():
        seen: dict[tuple[Value, ...], Row] = {}
        for row in rows:
            staff = tuple(row[column] for column in _TEACHERS)
            teachers = row["teachers"]
            told = [number for number in staff if number is not None]
            if not isinstance(teachers, int) or len(told) < 2 or not row["pupils"]:
                continue
            before = seen.setdefault(staff, row)
            all_alike = all(row[c] is not None and row[c] == before[c] for c in _DIFFERING)
            if before is not row and teachers >= (_FEWEST_ALL_ALIKE if all_alike else _FEWEST_TEACHERS):
                stage, other = name_of("stage", str(row["stage"])), name_of("stage", str(before["stage"]))
                yield _problem(
                    "enrolment",
                    row,
                    "teachers",
                    f"{stage}和{other}两个学段（第 {before.number} 行）的教师数完全相同，均为 {teachers} 名",
                    "每名教师只在一个学段填报",
                    "全校教师在两个学段重复填报的，请按任教学段拆分",
                )


def _rooms_for_classes(tables: Tables) -> Iterator[Problem]:
    classes = _classes(tables)
    # Classes above lower secondary are in no sheet, their rooms are.
    higher = {(row["school_id"], row["year"]) for row in tables["enrolment"] if row["stage"] not in _COMPULSORY}
    for key in higher:
        classes.pop(key, None)
    for row in tables["premises"]:
        known, rooms = classes[row["school_id"], row["year"]], row["multimedia_rooms"]
        if known and isinstance(rooms, int) and rooms > _ROOMS_PER_CLASS * known + _OTHER_ROOMS:
            yield _problem(
                "premises",
                row,
                "multimedia_rooms",
                f"网络多媒体教室 {rooms} 间，全校 {known} 个班",
                f"不超过 {_ROOMS_PER_CLASS * known + _OTHER_ROOMS} 间",
                "请核对是否把设备台数填成教室间数，属实的写明原因",
            )
    special: dict[tuple[Value, Value, Value], list[Row]] = defaultdict(list)
    for row in tables["special_rooms"]:
        special[row["school_id"], row["year"], row["kind"]].append(row)
    for (school_id, year, kind), rooms_of_kind in special.items():
        known = classes[school_id, year]
        if known and len(rooms_of_kind) > known:
            name = name_of("room_kind", str(kind))
            yield _problem(
                "special_rooms",
                rooms_of_kind[-1],
                "kind",
                f"{year} 学年{name} {len(rooms_of_kind)} 间，全校 {known} 个班",
                "专用教室不多于班数",
                "请核对是否重复填报",
            )


def _classes(tables: Tables) -> Counter[tuple[Value, Value]]:
    """The classes of a school and year; of a grade that is given by rolls and by bands the rolls count."""
    rolls: Counter[tuple[Value, ...]] = Counter()
    for row in tables["classes"]:
        rolls[row["school_id"], row["year"], row["stage"], row["grade"]] += 1
    classes: Counter[tuple[Value, Value]] = Counter()
    for key, number in rolls.items():
        classes[key[0], key[1]] += number
    for row in tables["class_bands"]:
        number_in_band = row["classes"]
        if (row["school_id"], row["year"], row["stage"], row["grade"]) not in rolls and isinstance(number_in_band, int):
            classes[row["school_id"], row["year"]] += number_in_band
    return classes


def _code_against_kind(tables: Tables) -> Iterator[Problem]:
    for row in tables["schools"]:
        code = str(row["school_id"])
        if len(code) == _IDENTIFIER_DIGITS and row["kind"] in _KINDS_AGAINST_CODE.get(code[:2], ()):
            kind, others = name_of("kind", str(row["kind"])), {"21": "小学", "31": "中学"}
            yield _problem(
                "schools",
                row,
                "kind",
                f"标识码 {code} 以 {code[:2]} 开头，是{others[code[:2]]}的代码，类别为{kind}",
                "学校类别与标识码一致",
                "请核对学校类别和标识码",
            )


def _one_place_twice(tables: Tables) -> Iterator[Problem]:
    first: dict[tuple[Value, Value], Row] = {}
    for row in tables["schools"]:
        place = row["lon"], row["lat"]
        # Whoever has closed may well have stood where another stands now.
        if row["closed_year"] is not None or not all(isinstance(degree, Decimal) for degree in place):
            continue
        before = first.setdefault(place, row)
        # A point and the school that it belongs to often share a campus.
        if before is not row and not _family(row) & _family(before):
            yield _problem(
                "schools",
                row,
                "lon",
                f"坐标与第 {before.number} 行的{quoted(before['name'] or before['school_id'])}完全相同",
                "每所学校各有坐标",
                "请核对是否复制了另一所学校的坐标，同一校园的写明情况",
            )
