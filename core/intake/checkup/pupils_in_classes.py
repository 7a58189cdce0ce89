"""Pupils, their grades and their classes, by roll and by band of size: what one sheet says must fit the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.dataset.cells import Value, quoted
from core.dataset.dictionary import name_of, sheet
from core.dataset.rows import Row, Tables
from core.dataset.school_kinds import CLASS_BANDS, GRADES_OF_STAGE, is_open
from core.errors import Level, Problem
from core.naming import named

_SHOWN = 5
_BY_GRADE = ("classes", "class_bands", "grade_enrolment")
_Key = tuple[Value, Value, Value]


@dataclass
class _Reported:
    """What the sheets say of the classes of one school, year and stage, by grade; None stands for no grade."""

    rolls: dict[Value, list[int]] = field(default_factory=lambda: defaultdict(list))
    bands: dict[Value, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    band_rows: list[Row] = field(default_factory=list)

    @property
    def counted_bands(self) -> Counter[str]:
        """The classes that are known by their band only: a grade's rolls win."""
        counted: Counter[str] = Counter()
        for grade, classes in self.bands.items():
            if grade not in self.rolls:
                counted += classes
        return counted


def pupils_in_classes(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    """Every finding on grades, classes and pupils together."""
    yield from _grades_fit_stage(tables)
    if not {*_BY_GRADE, "enrolment", "schools"} <= readable:
        return
    reported = _reported(tables)
    yield from _bands_beside_rolls(reported)
    yield from _classes_hold_the_pupils(tables, reported)
    yield from _without_classes(tables, reported)
    yield from _of_no_stage(tables)
    yield from _grades_add_up(tables)


def _problem(
    level: Level, sheet_id: str, row: Row | None, column: str | None, found: str, expected: str, advice: str = ""
) -> Problem:
    known = sheet(sheet_id)
    name = known.column(column).name if column else None
    return Problem(level, known.name, row.number if row else None, name, found, expected, advice)


def _grades_fit_stage(tables: Tables) -> Iterator[Problem]:
    for sheet_id in _BY_GRADE:
        for row in tables[sheet_id]:
            grades = GRADES_OF_STAGE[str(row["stage"])]
            if row["grade"] is not None and row["grade"] not in grades:
                yield _problem(
                    "FAIL",
                    sheet_id,
                    row,
                    "grade",
                    f"{row['grade']} 年级不属于{name_of('stage', str(row['stage']))}",
                    f"{grades.start} 至 {grades.stop - 1}",
                )


def _key(row: Row) -> _Key:
    return row["school_id"], row["year"], row["stage"]


def _reported(tables: Tables) -> dict[_Key, _Reported]:
    reported: dict[_Key, _Reported] = defaultdict(_Reported)
    for row in tables["classes"]:
        pupils = row["pupils"]
        reported[_key(row)].rolls[row["grade"]].append(pupils if isinstance(pupils, int) else 0)
    for row in tables["class_bands"]:
        classes = row["classes"]
        if isinstance(classes, int) and classes:
            of_stage = reported[_key(row)]
            of_stage.bands[row["grade"]][str(row["band"])] += classes
            of_stage.band_rows.append(row)
    return reported


def _bands_beside_rolls(reported: dict[_Key, _Reported]) -> Iterator[Problem]:
    """A WARN for every grade whose bands are not those of its rolls, which count."""
    for of_stage in reported.values():
        for grade in [g for g in of_stage.bands if g in of_stage.rolls]:
            by_roll = Counter(_band_of(pupils) for pupils in of_stage.rolls[grade])
            if by_roll != of_stage.bands[grade]:
                row = next(r for r in of_stage.band_rows if r["grade"] == grade)
                yield _problem(
                    "WARN",
                    "class_bands",
                    row,
                    "classes",
                    f"{grade} 年级分档为{_bands_text(of_stage.bands[grade])}，“班级”表为{_bands_text(by_roll)}",
                    "两者一致",
                    "按“班级”表计算，请核对",
                )


def _classes_hold_the_pupils(tables: Tables, reported: dict[_Key, _Reported]) -> Iterator[Problem]:
    """A FAIL where the pupils of a stage cannot be those of its classes."""
    for row in tables["enrolment"]:
        pupils = row["pupils"]
        if row["stage"] not in GRADES_OF_STAGE or not isinstance(pupils, int) or _key(row) not in reported:
            continue
        of_stage = reported[_key(row)]
        in_rolls = sum(map(sum, of_stage.rolls.values()))
        bands = of_stage.counted_bands
        if not bands:
            if of_stage.rolls and in_rolls != pupils:
                yield _problem(
                    "FAIL",
                    "enrolment",
                    row,
                    "pupils",
                    f"在校生 {pupils} 人，“班级”表合计 {in_rolls} 人",
                    "两者相等",
                    "请核对“班级”表中该校该学年该学段的各班人数",
                )
            continue
        least = in_rolls + sum(CLASS_BANDS[band][0] * classes for band, classes in bands.items())
        tops = [(CLASS_BANDS[band][1], classes) for band, classes in bands.items()]
        most = None if any(top is None for top, _ in tops) else in_rolls + sum((top or 0) * n for top, n in tops)
        if pupils < least or (most is not None and pupils > most):
            beside = f"“班级”表 {in_rolls} 人，其余" if of_stage.rolls else ""
            advice = (
                "有“班级”表的学段，不分年级的班数只能是复式班，请核对是否重复填报"
                if of_stage.rolls and None in of_stage.bands
                else "请核对“班额分档”表中该校该学年该学段的班数"
            )
            yield _problem(
                "FAIL",
                "enrolment",
                row,
                "pupils",
                f"在校生 {pupils} 人，{beside}{_bands_text(bands)}",
                f"{least} 人以上" if most is None else f"{least} 至 {most} 人之间",
                advice,
            )


def _without_classes(tables: Tables, reported: dict[_Key, _Reported]) -> Iterator[Problem]:
    """One WARN a year for the schools with pupils of which no class is reported, by roll or by band."""
    schools = {row["school_id"]: row for row in tables["schools"]}
    silent: dict[Value, dict[Value, str]] = defaultdict(dict)
    for row in tables["enrolment"]:
        school = schools.get(row["school_id"])
        has_pupils = row["stage"] in GRADES_OF_STAGE and row["pupils"] != 0
        if has_pupils and school is not None and is_open(school, row["year"]) and _key(row) not in reported:
            silent[row["year"]][row["school_id"]] = str(school["name"] or row["school_id"])
    for year, names in sorted(silent.items(), key=str):
        yield _problem(
            "WARN",
            "classes",
            None,
            None,
            f"{year} 学年 {len(names)} 所学校有学生而没有填报班级：{named(sorted(names.values()), most=_SHOWN)}",
            "每班一行，或在“班额分档”表按档填班数",
            "按未报处理，班额等项目对这些学校无法判定",
        )


def _of_no_stage(tables: Tables) -> Iterator[Problem]:
    """A WARN for a school's classes or grades of a stage of which it reports no pupils at all."""
    known = {_key(row) for row in tables["enrolment"]}
    # Of a year without any it is said once, elsewhere.
    years = {row["year"] for row in tables["enrolment"]}
    for sheet_id in _BY_GRADE:
        said: set[_Key] = set()
        for row in tables[sheet_id]:
            if row["year"] in years and _key(row) not in known | said:
                said.add(_key(row))
                yield _problem(
                    "WARN",
                    sheet_id,
                    row,
                    "stage",
                    f"{quoted(row['school_id'])}{row['year']} 学年没有填报{name_of('stage', str(row['stage']))}学段的在校生",
                    "有班级的学段填报在校生与教师",
                    "请核对学段；这些行不参与计算",
                )


def _grades_add_up(tables: Tables) -> Iterator[Problem]:
    """A FAIL where the pupils by grade are not those of the stage; grades not reported leave it open."""
    grades: dict[_Key, list[Value]] = defaultdict(list)
    for row in tables["grade_enrolment"]:
        grades[_key(row)].append(row["pupils"])
    for row in tables["enrolment"]:
        pupils, of_grades = row["pupils"], grades.get(_key(row), [])
        known = [number for number in of_grades if isinstance(number, int)]
        if not isinstance(pupils, int) or not of_grades:
            continue
        is_complete = len(known) == len(of_grades)
        if (is_complete and sum(known) != pupils) or sum(known) > pupils:
            yield _problem(
                "FAIL",
                "enrolment",
                row,
                "pupils",
                f"在校生 {pupils} 人，“分年级学生数”表合计 {sum(known)} 人",
                "两者相等",
                "请核对“分年级学生数”表中该校该学年该学段的各年级人数",
            )


def _band_of(pupils: int) -> str:
    return next(band for band, (_, most) in CLASS_BANDS.items() if most is None or pupils <= most)


def _bands_text(bands: Counter[str]) -> str:
    listed = [f"{name_of('class_band', band)} {bands[band]} 个班" for band in CLASS_BANDS if bands[band]]
    return "、".join(listed) or "没有班"
