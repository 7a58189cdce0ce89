"""The figures of a school that are verified on the spot: every input of L1–L7 and of G3–G5, as it counts now.

site_fields(tables, school_id, year) -> tuple[SiteField, ...]
corrections(tables, school_id, year, differing) -> list[AnyCorrection]      what makes the figures found count

Rooms and classes are rows that may turn out not to exist: 0 found takes one away; a further room has a field of its own.
A room has no number of its own: it is known again by its area as it counted when it was verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.batches.corrections import AnyCorrection, Correction, RowsCorrection
from core.dataset.cells import Value
from core.dataset.dictionary import Column, name_of, sheet
from core.dataset.rows import Row, Tables
from core.errors import RequestInvalid

_BY_STAGE = ("pupils", "teachers_above_degree", "backbone_teachers", "pe_arts_teachers")
_OF_SCHOOL = (
    "teaching_area_m2", "indoor_sports_area_m2", "sports_ground_area_m2", "equipment_value_yuan", "multimedia_rooms",
)  # fmt: skip
_INDICATORS: Mapping[str, str] = {
    "pupils": "L1–L7、G4",
    "teachers_above_degree": "L1",
    "backbone_teachers": "L2",
    "pe_arts_teachers": "L3",
    "teaching_area_m2": "L4",
    "indoor_sports_area_m2": "L4、L5",
    "sports_ground_area_m2": "L5",
    "equipment_value_yuan": "L6",
    "multimedia_rooms": "L7",
}
_ROOMS, _CLASSES, _BANDS = "special_rooms", "classes", "class_bands"
_ROOM_KINDS = ("music", "art")
_FURTHER = "further"


@dataclass(frozen=True)
class SiteField:
    """One figure: `field` names it within its school, `indicators` what it counts in, `filled` what counts now."""

    field: str
    name: str
    indicators: str
    filled: Decimal | None
    column: Column

    @property
    def unit(self) -> str:
        """The unit in which the store keeps it."""
        return self.column.unit

    @property
    def whole(self) -> bool:
        """Whether it counts things."""
        return self.column.type == "integer"


@dataclass(frozen=True)
class Differing:
    """A figure that was verified otherwise than it counted then."""

    field: str
    name: str
    filled: Decimal | None
    found: Decimal


def site_fields(tables: Tables, school_id: str, year: int) -> tuple[SiteField, ...]:
    """The figures of a school in a year, in the order of the form; none where the year has no figures of it."""
    own = {name: _own(tables[name], school_id, year) for name in ("enrolment", "premises", _ROOMS, _CLASSES, _BANDS)}
    if not own["enrolment"] and not own["premises"]:
        return ()
    return (*_figures(own), *_room_fields(own[_ROOMS]), *_class_fields(own))


def _figures(own: Mapping[str, Sequence[Row]]) -> Iterator[SiteField]:
    for row in own["enrolment"]:
        stage = str(row["stage"])
        for name in _BY_STAGE:
            column = sheet("enrolment").column(name)
            called = f"{name_of('stage', stage)} {column.name}"
            yield SiteField(f"enrolment.{stage}.{name}", called, _INDICATORS[name], _number(row[name]), column)
    for row in own["premises"]:
        for name in _OF_SCHOOL:
            column = sheet("premises").column(name)
            yield SiteField(f"premises.{name}", column.name, _INDICATORS[name], _number(row[name]), column)


def _room_fields(rooms: Sequence[Row]) -> Iterator[SiteField]:
    column = sheet(_ROOMS).column("area_m2")
    for kind in _ROOM_KINDS:
        name = name_of("room_kind", kind)
        for place, row in enumerate((row for row in rooms if row["kind"] == kind), 1):
            yield SiteField(f"room.{kind}.{place}", f"{name} {place} 面积", "G3", _number(row["area_m2"]), column)
        further = f"另有{name}面积（没有的填 0）"
        yield SiteField(f"room.{kind}.{_FURTHER}", further, "G3", Decimal(0), column)


def _class_fields(own: Mapping[str, Sequence[Row]]) -> Iterator[SiteField]:
    for row in own[_CLASSES]:
        field = f"class.{row['stage']}.{row['grade']}.{row['class_no']}"
        name = f"{name_of('stage', str(row['stage']))}{row['grade']} 年级 {row['class_no']} 班人数"
        yield SiteField(field, name, "G3、G5", _number(row["pupils"]), sheet(_CLASSES).column("pupils"))
    for row in own[_BANDS]:
        field = f"band.{row['stage']}.{row['grade']}.{row['band']}"
        band = name_of("class_band", str(row["band"]))
        name = f"{name_of('stage', str(row['stage']))}{row['grade']} 年级 {band}班数"
        yield SiteField(field, name, "G3、G5", _number(row["classes"]), sheet(_BANDS).column("classes"))


def corrections(tables: Tables, school_id: str, year: int, differing: Sequence[Differing]) -> list[AnyCorrection]:
    """What makes the figures found count, and nothing else.

    Raises RequestInvalid naming a figure that no longer counts as it did when it was verified.
    """
    now = {f.field: f.filled for f in site_fields(tables, school_id, year)}
    key: dict[str, str | int] = {"school_id": school_id, "year": year}
    made: list[AnyCorrection] = []
    for one in differing:
        part, _, rest = one.field.partition(".")
        if part != "room" and (one.field not in now or now[one.field] != one.filled):
            raise _changed_since(one)
        if part == "enrolment":
            stage, column = rest.split(".")
            made.append(Correction("enrolment", {**key, "stage": stage}, column, _text(one.found)))
        elif part == "premises":
            made.append(Correction("premises", key, rest, _text(one.found)))
        elif part == "band":
            stage, grade, band = rest.split(".")
            row = {**key, "stage": stage, "grade": int(grade), "band": band}
            made.append(Correction(_BANDS, row, "classes", _text(one.found)))
    classes = {one.field: one.found for one in differing if one.field.startswith("class.")}
    for stage in sorted({name.split(".")[1] for name in classes}):
        made.append(_classes(tables, key, stage, classes))
    if rooms := [one for one in differing if one.field.startswith("room.")]:
        made.append(_rooms(tables, key, rooms))
    return made


def _changed_since(one: Differing) -> RequestInvalid:
    return RequestInvalid(f"“{one.name}”的现行数已不是核查时的填报数，没有更正；请重新核查、签字。")


def _classes(tables: Tables, key: Mapping[str, str | int], stage: str, found: Mapping[str, Decimal]) -> RowsCorrection:
    """The classes of a stage with those found otherwise; an empty class goes."""
    rows = []
    for row in _own(tables[_CLASSES], str(key["school_id"]), int(key["year"])):
        if row["stage"] != stage:
            continue
        pupils = found.get(f"class.{stage}.{row['grade']}.{row['class_no']}", _number(row["pupils"]))
        if pupils != 0:
            rows.append({"grade": str(row["grade"]), "class_no": str(row["class_no"]), "pupils": _text(pupils)})
    return RowsCorrection(_CLASSES, {**key, "stage": stage}, tuple(rows))


def _rooms(tables: Tables, key: Mapping[str, str | int], differing: Sequence[Differing]) -> RowsCorrection:
    """All special rooms of the school with those found otherwise; of 0 ㎡ there is none."""
    listed = [
        (str(row["kind"]), _number(row["area_m2"]))
        for row in _own(tables[_ROOMS], str(key["school_id"]), int(key["year"]))
    ]
    for one in differing:
        _, kind, place = one.field.split(".")
        if place != _FURTHER:
            if (kind, one.filled) not in listed:
                raise _changed_since(one)
            listed.remove((kind, one.filled))
        if one.found:
            listed.append((kind, one.found))
    return RowsCorrection(_ROOMS, dict(key), tuple({"kind": kind, "area_m2": _text(area)} for kind, area in listed))


def _own(rows: Sequence[Row], school_id: str, year: int) -> list[Row]:
    return [row for row in rows if row["school_id"] == school_id and row["year"] == year]


def _number(value: Value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
