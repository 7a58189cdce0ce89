"""The figures of a school that are verified on the spot: every input of L1–L7 and of G3–G5, as it counts now.

    site_fields(tables, school_id, year) -> tuple[SiteField, ...]
    corrections(fields, found, year) -> list[AnyCorrection]        what to correct so that what was found counts

Rooms and classes are rows that may turn out not to exist: 0 found takes a room away; a further room has a field of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.batches.corrections import AnyCorrection, Correction, RowsCorrection, class_corrections
from core.dataset.cells import Value
from core.dataset.dictionary import name_of, sheet
from core.dataset.rows import Row, Tables

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
    unit: str
    indicators: str
    filled: Decimal | None
    whole: bool = True


def site_fields(tables: Tables, school_id: str, year: int) -> tuple[SiteField, ...]:
    """The figures of a school in a year, in the order of the form."""
    own = {name: _own(tables[name], school_id, year) for name in ("enrolment", "premises", _ROOMS, _CLASSES, _BANDS)}
    found: list[SiteField] = []
    for row in own["enrolment"]:
        stage = str(row["stage"])
        found += [
            _figure("enrolment", f"enrolment.{stage}.{c}", c, row[c], f"{name_of('stage', stage)} ") for c in _BY_STAGE
        ]
    for row in own["premises"]:
        found += [_figure("premises", f"premises.{c}", c, row[c]) for c in _OF_SCHOOL]
    for kind in _ROOM_KINDS:
        name = name_of("room_kind", kind)
        rooms = [row for row in own[_ROOMS] if row["kind"] == kind]
        for place, row in enumerate(rooms, 1):
            found.append(
                SiteField(f"room.{kind}.{place}", f"{name} {place} 面积", "㎡", "G3", _number(row["area_m2"]), False)
            )
        found.append(
            SiteField(f"room.{kind}.{_FURTHER}", f"另有{name}面积（没有的填 0）", "㎡", "G3", Decimal(0), False)
        )
    for row in own[_CLASSES]:
        field = f"class.{row['stage']}.{row['grade']}.{row['class_no']}"
        name = f"{name_of('stage', str(row['stage']))}{row['grade']} 年级 {row['class_no']} 班人数"
        found.append(SiteField(field, name, "人", "G3、G5", _number(row["pupils"])))
    for row in own[_BANDS]:
        field = f"band.{row['stage']}.{row['grade']}.{row['band']}"
        name = f"{name_of('stage', str(row['stage']))}{row['grade']} 年级 {name_of('class_band', str(row['band']))}班数"
        found.append(SiteField(field, name, "个", "G3、G5", _number(row["classes"])))
    return tuple(found)


def corrections(tables: Tables, school_id: str, year: int, found: Mapping[str, Decimal | None]) -> list[AnyCorrection]:
    """What makes the figures found count; nothing for a figure that is as filled in. `found` is by field."""
    fields = site_fields(tables, school_id, year)
    other = {f.field: found[f.field] for f in fields if f.field in found and found[f.field] not in (None, f.filled)}
    key: dict[str, str | int] = {"school_id": school_id, "year": year}
    made: list[AnyCorrection] = []
    of_classes = {name for name in other if name.startswith("class.")}
    classed: set[str] = set()
    for stage in sorted({name.split(".")[1] for name in of_classes}):
        made += _classes(tables, key, stage, other)
        classed |= {c.key["stage"] for c in made if isinstance(c, Correction) and isinstance(c.key["stage"], str)}
    for name, value in other.items():
        part, _, rest = name.partition(".")
        if part == "enrolment":
            stage, column = rest.split(".")
            if column != "pupils" or stage not in classed:
                made.append(Correction("enrolment", {**key, "stage": stage}, column, _text(value)))
        elif part == "premises":
            made.append(Correction("premises", key, rest, _text(value)))
        elif part == "band":
            stage, grade, band = rest.split(".")
            row = {**key, "stage": stage, "grade": int(grade), "band": band}
            made.append(Correction(_BANDS, row, "classes", _text(value)))
    if any(name.startswith("room.") for name in other):
        made.append(_rooms(tables, key, other))
    return made


def _classes(
    tables: Tables, key: Mapping[str, str | int], stage: str, other: Mapping[str, Decimal | None]
) -> list[AnyCorrection]:
    """The classes of a stage with those found otherwise, and the roll that they add up to; an empty class goes."""
    school_id, year = str(key["school_id"]), int(key["year"])
    rows = []
    for row in _own(tables[_CLASSES], school_id, year):
        if row["stage"] != stage:
            continue
        pupils = other.get(f"class.{stage}.{row['grade']}.{row['class_no']}", _number(row["pupils"]))
        if pupils != 0:
            rows.append({"grade": str(row["grade"]), "class_no": str(row["class_no"]), "pupils": _text(pupils)})
    return class_corrections(tables, school_id, year, stage, rows)


def _rooms(tables: Tables, key: Mapping[str, str | int], other: Mapping[str, Decimal | None]) -> RowsCorrection:
    """All special rooms of the school with those found otherwise; of 0 ㎡ there is none."""
    school_id, year = str(key["school_id"]), int(key["year"])
    rows: list[dict[str, str]] = []
    counted = dict.fromkeys(_ROOM_KINDS, 0)
    for row in _own(tables[_ROOMS], school_id, year):
        kind, area = str(row["kind"]), _number(row["area_m2"])
        if kind in counted:
            counted[kind] += 1
            area = other.get(f"room.{kind}.{counted[kind]}", area)
        if area != 0:
            rows.append({"kind": kind, "area_m2": _text(area)})
    for kind in _ROOM_KINDS:
        if further := other.get(f"room.{kind}.{_FURTHER}"):
            rows.append({"kind": kind, "area_m2": _text(further)})
    return RowsCorrection(_ROOMS, dict(key), tuple(rows))


def _own(rows: Sequence[Row], school_id: str, year: int) -> list[Row]:
    return [row for row in rows if row["school_id"] == school_id and row["year"] == year]


def _figure(sheet_name: str, field: str, column: str, value: Value, before: str = "") -> SiteField:
    known = sheet(sheet_name).column(column)
    whole = known.type == "integer"
    return SiteField(field, f"{before}{known.name}", known.unit, _INDICATORS[column], _number(value), whole)


def _number(value: Value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
