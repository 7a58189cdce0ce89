"""Figures that no school and no county has, whatever the others report: usually a wrong unit."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache

from core.dataset.cells import Value
from core.dataset.dictionary import DATA, UNIT_FACTORS, codes, figure_unit, name_of, sheet
from core.dataset.rows import Row, Tables
from core.errors import Problem
from core.naming import figure_text

_FEWEST_PUPILS = Decimal(50)
_THREE_DIGITS = Context(prec=3)
_PEOPLE_UNITS = frozenset({"人", "名"})
_Key = tuple[str, Value, Value]
_PER_WORDS = {"pupils": "每名学生", "teachers": "每名专任教师"}


@dataclass(frozen=True)
class PlausibleFigure:
    """Between what a figure lies, by itself or for each of what `per` counts; `none_is_odd` where 0 is no figure either.

    `per` is empty, `pupils`, `teachers` or a county figure; `source` says what the limits are taken from.
    """

    sheet: str
    figure: str
    per: str
    at_least: Decimal
    at_most: Decimal
    none_is_odd: bool
    source: str

    def holds(self, figure: Decimal, of: Decimal) -> bool:
        """Whether the figure for so many of `per` is one that occurs."""
        if not figure:
            return not (self.none_is_odd and (of >= _FEWEST_PUPILS or self.per != "pupils"))
        # A handful of pupils may have much each; so little as nobody has is wrong for them too.
        most = max(of, _FEWEST_PUPILS) if self.per == "pupils" else of
        return self.at_least * of <= figure <= self.at_most * most


@cache
def plausible_figures() -> tuple[PlausibleFigure, ...]:
    """What data/plausible_figures.csv says."""
    with (DATA / "plausible_figures.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            PlausibleFigure(
                row["sheet"],
                row["figure"],
                row["per"],
                Decimal(row["at_least"]),
                Decimal(row["at_most"]),
                row["none_is_odd"] == "1",
                row["source"],
            )
            for row in csv.DictReader(file)
        )


def implausible_figures(tables: Tables, *, is_complete: bool = True) -> Iterator[Problem]:
    """A WARN for every figure of a school or of the county that lies outside of what occurs.

    Where schools are missing from the tables, no figure of the county is held against the pupils of those that are there.
    """
    counted, unknown = _counted(tables)
    for known in plausible_figures():
        if known.sheet == "county_figures":
            if is_complete or known.per not in _PER_WORDS:
                yield from _of_county(known, tables, counted, unknown)
        else:
            yield from _of_schools(known, tables, counted, unknown)
    yield from _parts_of_people(tables)


def _counted(tables: Tables) -> tuple[dict[_Key, Decimal], set[_Key]]:
    """Pupils and teachers by school and year, and by year under no school; and of which of them some were not reported."""
    counted: dict[_Key, Decimal] = defaultdict(Decimal)
    unknown: set[_Key] = set()
    for row in tables["enrolment"]:
        for column in ("pupils", "teachers"):
            number = row[column]
            for key in ((column, row["school_id"], row["year"]), (column, None, row["year"])):
                if isinstance(number, int):
                    counted[key] += number
                elif row["stage"] != "preschool":
                    unknown.add(key)
    return counted, unknown


def _of_schools(
    known: PlausibleFigure, tables: Tables, counted: dict[_Key, Decimal], unknown: set[_Key]
) -> Iterator[Problem]:
    for row in tables[known.sheet]:
        figure, key = _number(row[known.figure]), ("pupils", row["school_id"], row["year"])
        if known.sheet == "enrolment":
            # Pre-school classes report pupils only.
            of = None if row["stage"] == "preschool" else _number(row["pupils"])
        else:
            of = None if key in unknown else counted.get(key)
        if figure is not None and of and not known.holds(figure, of):
            yield _problem(known, row, known.figure, figure, of)


def _of_county(
    known: PlausibleFigure, tables: Tables, counted: dict[_Key, Decimal], unknown: set[_Key]
) -> Iterator[Problem]:
    rows = tables["county_figures"]
    others = {row["year"]: _number(row["value"]) for row in rows if row["figure"] == known.per}
    for row in rows:
        if row["figure"] != known.figure:
            continue
        figure, key = _number(row["value"]), (known.per, None, row["year"])
        if known.per in _PER_WORDS:
            of = None if key in unknown else counted.get(key)
        else:
            of = others.get(row["year"]) if known.per else Decimal(1)
        if figure is not None and of and not known.holds(figure, of):
            yield _problem(known, row, "value", figure, of)


def _problem(known: PlausibleFigure, row: Row, column: str, figure: Decimal, of: Decimal) -> Problem:
    of_county = known.sheet == "county_figures"
    unit = figure_unit(known.figure)
    what = name_of("figure", known.figure) if of_county else sheet(known.sheet).column(known.figure).name
    per = _PER_WORDS.get(known.per, f"每名{name_of('figure', known.per).removesuffix('数')}") if known.per else ""
    advice, times = _advice(known, figure, of, unit)
    share = f"，合{per} {_short(figure / of)} {unit}" if known.per else f" {unit}"
    return Problem(
        "WARN",
        sheet(known.sheet).name,
        row.number,
        sheet(known.sheet).column(column).name,
        f"{what} {figure_text(figure)}{share}，不合常理",
        f"{per or what} {figure_text(known.at_least)} 至 {figure_text(known.at_most)} {unit}（参照{known.source}）",
        advice,
        times=times,
    )


def _advice(known: PlausibleFigure, figure: Decimal, of: Decimal, unit: str) -> tuple[str, Decimal | None]:
    """The unit in which the figure would be one that occurs, where there is such a unit, and what turns it into ours."""
    for (kept, found), factor in _units_of(unit):
        if figure and known.holds(figure * factor, of):
            return f"疑似以{found}填报，请换算为{kept}，属实的写明原因", factor
        # What is divided by the sum of many schools may as well be too large because some are missing.
        if figure and known.per not in _PER_WORDS and known.holds(figure / factor, of):
            return f"疑似多乘了 {factor:,}，请换算为{kept}，属实的写明原因", 1 / factor
    return "请核对单位和位数，属实的写明原因", None


def _units_of(unit: str) -> list[tuple[tuple[str, str], Decimal]]:
    if unit in _PEOPLE_UNITS:
        return [((unit, f"万{unit}"), Decimal(10_000))]
    # The unit that offices use most stands first among those that would do.
    return sorted(
        (entry for entry in UNIT_FACTORS.items() if entry[0][0] == unit), key=lambda entry: entry[0][1] != f"万{unit}"
    )


def _parts_of_people(tables: Tables) -> Iterator[Problem]:
    """A WARN for every county figure that counts people by parts: it is given in ten thousands."""
    known = sheet("county_figures")
    told = {f.figure for f in plausible_figures()}
    for row in tables["county_figures"]:
        number, figure = _number(row["value"]), str(row["figure"])
        entry = codes("figure").get(figure)
        if entry and entry.unit in _PEOPLE_UNITS and figure not in told and number is not None and number % 1:
            yield Problem(
                "WARN",
                known.name,
                row.number,
                known.column("value").name,
                f"{entry.name} {figure_text(number)} {entry.unit}，不是整数",
                f"以{entry.unit}为单位的整数",
                f"疑似以万{entry.unit}填报，请换算为{entry.unit}",
            )


def _number(value: Value) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _short(figure: Decimal) -> str:
    """Three digits, as much as a reader needs to see what is wrong."""
    return f"{figure:,.0f}" if figure >= 100 else figure_text(_THREE_DIGITS.create_decimal(figure))
