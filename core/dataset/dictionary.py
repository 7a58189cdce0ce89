"""The data dictionary: which sheets and columns the county's workbook has, in both languages."""

from __future__ import annotations

import csv
import difflib
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from core.dataset.characters import without_invisible

DATA = Path(__file__).parents[2] / "data"
ColumnType = Literal["text", "code", "integer", "decimal", "flag", "year", "date"]

OPTIONAL_SHEETS = frozenset({"attendance", "class_bands", "grade_enrolment", "school_judgements"})
OPTIONAL_COLUMNS = frozenset(
    {
        ("schools", "sponsor_code"),
        ("schools", "permanent"),
        ("schools", "cluster"),
        ("schools", "paired_school_id"),
        ("schools", "pairing_kind"),
        ("schools", "predecessor_id"),
        ("enrolment", "shared_pe_arts_teachers"),
        ("enrolment", "staff"),
        ("enrolment", "migrant_pupils"),
        ("premises", "leased_sports_area_m2"),
        ("premises", "operating_budget_yuan"),
        ("class_bands", "grade"),
    }
)
# Sheets of the template and of exports that hold no data.
NOTE_SHEETS = frozenset({"说明", "代码", "来源", "示例"})
# Columns that a workbook of faults adds to the rows it hands back.
NOTE_COLUMNS = frozenset({"原行号", "更正轮次", "发出时内容", "问题"})
UNIT_FACTORS = {
    ("元", "千元"): Decimal(1000),
    ("元", "万元"): Decimal(10_000),
    ("元", "百万元"): Decimal(1_000_000),
    ("元", "亿元"): Decimal(100_000_000),
    ("㎡", "公顷"): Decimal(10_000),
    ("㎡", "万平方米"): Decimal(10_000),
    ("㎡", "万㎡"): Decimal(10_000),
    ("", "%"): Decimal("0.01"),
}
_SAME_UNIT = (
    frozenset({"人", "名", "位", "个"}),
    frozenset({"间", "个"}),
    frozenset({"份", "张"}),
    frozenset({"元", "元人民币", "人民币元"}),
    frozenset({"㎡", "平方米", "平米", "m2", "m²", "m^2"}),
    frozenset({"", "°", "度", "小数", "比例"}),
)
_HEADER = re.compile(r"^(?P<name>.*?)[（(](?P<unit>[^（()）]*)[)）]$")
# What is longer resembles no header, and would take long to compare.
_LONGEST_HEADER = 60
_QUANTITIES = ("integer", "decimal")


def unit_factor(kept: str, found: str) -> Decimal | None:
    """What turns a figure in the found unit into the unit the store keeps; None when nothing does."""
    if found == kept or any({kept, found} <= units for units in _SAME_UNIT):
        return Decimal(1)
    return UNIT_FACTORS.get((kept, found))


@dataclass(frozen=True)
class Column:
    """One column of a sheet; `unit` is the unit in which the store keeps it, `other_names` what other forms call it."""

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
    example: str
    other_names: tuple[str, ...]

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
    """One value of a code list in both languages; `unit` for county figures.

    `other_names` are what official code tables and forms call it, their numbers among them.
    """

    code: str
    name: str
    unit: str
    other_names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name with the unit, as a list to choose from shows it."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


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
                    example=row["example"],
                    other_names=tuple(name for name in row["other_names"].split("|") if name),
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
def quantities(identifier: str) -> tuple[str, ...]:
    """The columns of a sheet that hold what was counted or measured, in their order."""
    return tuple(c.identifier for c in sheet(identifier).columns if c.type in _QUANTITIES and not c.is_key)


@cache
def codes(code_list: str) -> dict[str, Code]:
    """A code list, by code."""
    with (DATA / "codes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Code(row["code"], row["name"], row["unit"], tuple(filter(None, row["other_names"].split("|"))))
            for row in csv.DictReader(file)
            if row["list"] == code_list
        }


def code_called(code_list: str, name: str) -> str | None:
    """The code with this Chinese name, which may carry its unit, or another name of it; None when there is none."""
    for entry in codes(code_list).values():
        if name in (entry.name, entry.label, *entry.other_names):
            return entry.code
    return None


def name_of(code_list: str, code: str) -> str:
    """The Chinese name of a code; an unknown code stands for itself."""
    entry = codes(code_list).get(code)
    return entry.name if entry else code


def figure_name(name: str) -> str:
    """The Chinese name of a county figure, or of what the schools report under that name."""
    figure = codes("figure").get(name)
    if figure is not None:
        return figure.name
    return next((column.name for s in sheets() for column in s.columns if column.identifier == name), name)


def figure_unit(name: str) -> str:
    """The unit of a county figure, or of what the schools report under that name."""
    figure = codes("figure").get(name)
    if figure is not None:
        return figure.unit
    return next(column.unit for s in sheets() for column in s.columns if column.identifier == name)


@dataclass(frozen=True)
class HeaderMatch:
    """A header found in a sheet: its column, its language, and the factor into the store's unit."""

    column: Column
    language: Literal["identifier", "chinese"]
    factor: Decimal
    unknown_unit: str | None = None


@cache
def _other_headers(identifier: str) -> dict[str, tuple[str, ...]]:
    """The other names of every column that mean no second column of its sheet."""
    sheet_ = sheet(identifier)
    named = Counter(name for c in sheet_.columns for name in {c.name, *c.other_names})
    return {c.identifier: tuple(name for name in c.other_names if named[name] == 1) for c in sheet_.columns}


def match_header(sheet_: Sheet, header: str) -> HeaderMatch | None:
    """The column a header names, in either language, with an optional unit; None when unknown.

    Blanks, line breaks and the asterisk of an obligatory column do not matter.
    """
    plain = re.sub(r"[\s*＊]+", "", without_invisible(header))
    found = _HEADER.match(plain)
    other_headers = _other_headers(sheet_.identifier)
    for column in sheet_.columns:
        names = (column.name, *other_headers[column.identifier])
        if plain.lower() == column.identifier:
            return HeaderMatch(column, "identifier", Decimal(1))
        if plain in (column.header, *names):
            return HeaderMatch(column, "chinese", Decimal(1))
        if found is None or (found["name"] not in names and found["name"].lower() != column.identifier):
            continue
        language: Literal["identifier", "chinese"] = "chinese" if found["name"] in names else "identifier"
        # Behind the name of a text or a year stands a remark, not a unit.
        factor = unit_factor(column.unit, found["unit"]) if column.type in _QUANTITIES else Decimal(1)
        return HeaderMatch(column, language, factor or Decimal(1), None if factor else found["unit"])
    return None


def nearest_header(sheet_: Sheet, header: str) -> str:
    """The template's header that an unknown one resembles most; empty when none does."""
    plain = re.sub(r"\s+", "", _HEADER.sub(r"\g<name>", header.strip()))
    if len(plain) > _LONGEST_HEADER:
        return ""
    names = {n: c for c in sheet_.columns for n in (c.identifier, c.name)}
    near = difflib.get_close_matches(plain, names, n=1, cutoff=0.5)
    if not near:
        return ""
    return near[0] if near[0] == names[near[0]].identifier else names[near[0]].header
