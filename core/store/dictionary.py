"""The data dictionary: which sheets and columns the county's workbook has, in both languages."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

DATA = Path(__file__).parents[2] / "data"
ColumnType = Literal["text", "code", "integer", "decimal", "flag", "year", "date"]

OPTIONAL_SHEETS = frozenset({"attendance"})
OPTIONAL_COLUMNS = frozenset(
    {
        ("schools", "sponsor_code"),
        ("schools", "permanent"),
        ("schools", "cluster"),
        ("schools", "paired_school_id"),
        ("schools", "pairing_kind"),
        ("enrolment", "shared_pe_arts_teachers"),
        ("enrolment", "staff"),
        ("enrolment", "migrant_pupils"),
        ("premises", "leased_sports_area_m2"),
    }
)
UNIT_FACTORS = {
    ("元", "元"): Decimal(1),
    ("元", "万元"): Decimal(10000),
    ("㎡", "㎡"): Decimal(1),
    ("㎡", "平方米"): Decimal(1),
    ("㎡", "m2"): Decimal(1),
    ("㎡", "m²"): Decimal(1),
}
_HEADER = re.compile(r"^(?P<name>.*?)\s*[（(]\s*(?P<unit>[^（()）]*)\s*[)）]$")


@dataclass(frozen=True)
class Column:
    """One column of a sheet; `unit` is the unit in which the store keeps it."""

    sheet: str
    identifier: str
    name: str
    unit: str
    type: ColumnType
    is_key: bool
    required: bool
    minimum: Decimal | None
    maximum: Decimal | None
    codes: str
    form: str
    note: str

    @property
    def header(self) -> str:
        """The Chinese header of the template, with the unit."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name

    @property
    def optional(self) -> bool:
        """Whether a sheet without this column is complete."""
        return (self.sheet, self.identifier) in OPTIONAL_COLUMNS


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook, or one CSV file of the folder."""

    identifier: str
    name: str
    columns: tuple[Column, ...]

    @property
    def optional(self) -> bool:
        """Whether a dataset without this sheet is complete."""
        return self.identifier in OPTIONAL_SHEETS

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row; empty where rows may repeat."""
        return tuple(c.identifier for c in self.columns if c.is_key)

    def column(self, identifier: str) -> Column:
        """The column with this identifier."""
        return next(c for c in self.columns if c.identifier == identifier)


@dataclass(frozen=True)
class Code:
    """One value of a code list in both languages; `unit` for county figures."""

    code: str
    name: str
    unit: str


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet of the contract in its order."""
    with (DATA / "dictionary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {row["sheet"]: row["sheet_name"] for row in rows}
    return tuple(
        Sheet(
            identifier,
            name,
            tuple(
                Column(
                    sheet=identifier,
                    identifier=row["column"],
                    name=row["name"],
                    unit=row["unit"],
                    type=row["type"],  # type: ignore[arg-type]
                    is_key=row["key"] == "1",
                    required=row["required"] == "1",
                    minimum=Decimal(row["minimum"]) if row["minimum"] else None,
                    maximum=Decimal(row["maximum"]) if row["maximum"] else None,
                    codes=row["codes"],
                    form=row["form"],
                    note=row["note"],
                )
                for row in rows
                if row["sheet"] == identifier
            ),
        )
        for identifier, name in names.items()
    )


@cache
def sheet(identifier: str) -> Sheet:
    """The sheet with this identifier."""
    return next(s for s in sheets() if s.identifier == identifier)


@cache
def codes(code_list: str) -> dict[str, Code]:
    """A code list, by code."""
    with (DATA / "codes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Code(row["code"], row["name"], row["unit"])
            for row in csv.DictReader(file)
            if row["list"] == code_list
        }


def name_of(code_list: str, code: str) -> str:
    """The Chinese name of a code; an unknown code stands for itself."""
    entry = codes(code_list).get(code)
    return entry.name if entry else code


@dataclass(frozen=True)
class HeaderMatch:
    """A header found in a sheet: its column, its language, and the factor into the store's unit."""

    column: Column
    language: Literal["identifier", "chinese"]
    factor: Decimal
    unknown_unit: str | None = None


def match_header(sheet_: Sheet, header: str) -> HeaderMatch | None:
    """The column a header names, in either language, with an optional unit; None when unknown."""
    for column in sheet_.columns:
        if header == column.identifier:
            return HeaderMatch(column, "identifier", Decimal(1))
    name, unit = header, ""
    for column in sheet_.columns:
        if header == column.name or header == column.header:
            return HeaderMatch(column, "chinese", Decimal(1))
    if found := _HEADER.match(header):
        name, unit = found["name"], found["unit"].strip()
    for column in sheet_.columns:
        if name in (column.name, column.identifier):
            language: Literal["identifier", "chinese"] = "chinese" if name == column.name else "identifier"
            if unit == column.unit:
                return HeaderMatch(column, language, Decimal(1))
            factor = UNIT_FACTORS.get((column.unit, unit))
            return HeaderMatch(column, language, factor or Decimal(1), None if factor else unit)
    return None
