"""Finds figures far from their like by median and median deviation, which a few wrong figures cannot move."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from core.errors import Problem
from core.store.cells import Value
from core.store.dictionary import Column, name_of, sheet
from core.store.parsing import Row, Tables

# Thresholds of warnings only; no verdict depends on them. Distances are between logarithms.
_FEWEST = 12
_NORMAL_SCALE = 1.4826
_FAR_SPREADS = 5
_JUMP_SPREADS = 8
_LEAST_FAR, _LEAST_JUMP, _SURE_JUMP, _WRONG_UNIT = math.log(3), math.log(1.5), math.log(2), math.log(10)
_SMALL_SCHOOL_PUPILS = 50
_PUPILS = "pupils"


@dataclass(frozen=True)
class _Spread:
    """The middle of many positive figures and how far they usually lie from it, in logarithms."""

    middle: float
    width: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> _Spread:
        """The spread of at least one figure."""
        logarithms = [math.log(f) for f in figures]
        middle = median(logarithms)
        return cls(middle, _NORMAL_SCALE * median(abs(x - middle) for x in logarithms))


def unusual_figures(tables: Tables) -> Iterator[Problem]:
    """A WARN for every figure per pupil that lies far from that of the other schools of its stage."""
    for column in ("teachers", "teachers_above_degree", "backbone_teachers", "pe_arts_teachers"):
        yield from _unusual(
            "enrolment", column, tables["enrolment"], lambda row: row[_PUPILS], lambda row: row["stage"]
        )
    pupils: dict[tuple[Value, Value], int] = defaultdict(int)
    for row in tables["enrolment"]:
        count = row[_PUPILS]
        pupils[row["school_id"], row["year"]] += count if isinstance(count, int) else 0
    for column in ("teaching_area_m2", "sports_ground_area_m2", "equipment_value_yuan", "multimedia_rooms"):
        yield from _unusual(
            "premises", column, tables["premises"], lambda row: pupils[row["school_id"], row["year"]], lambda row: None
        )


def _unusual(
    sheet_id: str,
    column: str,
    rows: list[Row],
    pupils_of: Callable[[Row], Value],
    group_of: Callable[[Row], Value],
) -> Iterator[Problem]:
    groups: dict[Value, list[tuple[Row, float]]] = defaultdict(list)
    for row in rows:
        pupils, figure = pupils_of(row), _positive(row[column])
        if isinstance(pupils, int) and pupils >= _SMALL_SCHOOL_PUPILS and figure is not None:
            groups[group_of(row)].append((row, figure / pupils))
    known = sheet(sheet_id).column(column)
    for group, members in groups.items():
        if len({row["school_id"] for row, _ in members}) < _FEWEST:
            continue
        spread = _Spread.of(share for _, share in members)
        reach = max(_FAR_SPREADS * spread.width, _LEAST_FAR)
        for row, share in members:
            if abs(math.log(share) - spread.middle) > reach:
                whose = f"全县{name_of('stage', str(group))}" if group else "全县学校"
                yield Problem(
                    "WARN",
                    sheet(sheet_id).name,
                    row.number,
                    known.name,
                    f"{_plain(row[column])}，合每百名学生 {_short(share * 100)} {known.unit}，与{whose}相差悬殊",
                    f"每百名学生 {_short(math.exp(spread.middle) * 100)} {known.unit}左右（中位数）",
                    "请核对单位和位数，属实的写明原因",
                )


def jumps(tables: Tables, earlier: Tables | None = None) -> Iterator[Problem]:
    """A WARN for every figure that changed within a year as figures of its kind hardly ever do, and by much.

    `earlier` rows stand in for the years that the dataset does not carry itself.
    """
    watched = (
        ("enrolment", ("school_id", "stage"), "pupils", 100),
        ("enrolment", ("school_id", "stage"), "teachers", 20),
        ("premises", ("school_id",), "teaching_area_m2", 1000),
        ("premises", ("school_id",), "sports_ground_area_m2", 1000),
        ("premises", ("school_id",), "equipment_value_yuan", 1_000_000),
        ("premises", ("school_id",), "operating_funds_yuan", 1_000_000),
        ("county_figures", ("figure",), "value", 0),
    )
    for sheet_id, key, column, least in watched:
        pairs = list(_year_pairs(tables[sheet_id], (earlier or {}).get(sheet_id, []), key, column))
        if sheet_id == "county_figures":
            # County figures differ in kind; only a change of an order of magnitude speaks of a wrong unit.
            reach = _WRONG_UNIT
        elif len(pairs) < _FEWEST:
            reach = _SURE_JUMP
        else:
            width = _Spread.of(now / then for _, now, then in pairs).width
            reach = min(max(_JUMP_SPREADS * width, _LEAST_JUMP), _SURE_JUMP)
        for row, now, then in pairs:
            if abs(math.log(now / then)) >= reach and abs(now - then) >= least:
                yield _jump(sheet(sheet_id).column(column), row, then)


def _year_pairs(
    rows: list[Row], earlier: list[Row], key: tuple[str, ...], column: str
) -> Iterator[tuple[Row, float, float]]:
    """Rows with a positive figure this year and the year before."""
    by_key = {(*(row[k] for k in key), row["year"]): row[column] for row in (*earlier, *rows)}
    for row in rows:
        year, now = row["year"], _positive(row[column])
        then = _positive(by_key.get((*(row[k] for k in key), year - 1 if isinstance(year, int) else None)))
        if now is not None and then is not None:
            yield row, now, then


def _jump(column: Column, row: Row, then: float) -> Problem:
    now = row[column.identifier]
    return Problem(
        "WARN",
        sheet(column.sheet).name,
        row.number,
        column.name,
        f"由上年 {_short(then)} 变为 {_plain(now)}",
        "与上年相近",
        "请核对单位和位数，属实的写明原因",
    )


def _positive(value: Value) -> float | None:
    """The figure where a ratio can be formed with it."""
    return float(value) if isinstance(value, int | Decimal) and value > 0 else None


def _plain(value: Value) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _short(figure: float) -> str:
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.3g}"
