"""Finds figures far from their like by median and median deviation, which a few wrong figures cannot move."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from core.dataset.cells import Value
from core.dataset.dictionary import Column, name_of, sheet
from core.dataset.rows import Row, Tables
from core.errors import Problem
from core.naming import figure_text

# Thresholds of warnings only; no verdict depends on them. Distances are between logarithms.
_FEWEST = 12
_NORMAL_SCALE = 1.4826
_FAR_SPREADS = 5
_JUMP_SPREADS = 8
_LEAST_FAR, _LEAST_JUMP, _SURE_JUMP, _WRONG_UNIT = math.log(3), math.log(1.5), math.log(2), math.log(10)
_SMALL_SCHOOL_PUPILS = 50
# None at all is out of the ordinary where at most one figure in so many is none.
_NONE_IS_RARE = 20
_PUPILS = "pupils"
# Fewer than so many may well be gone within a year: the one child who died, the two posts that were vacant. A share,
# which is below one, does not go.
_LEAST_LOST = 8
_OF_STAGE, _OF_SCHOOL = ("school_id", "stage"), ("school_id",)
# Sheet, what tells its rows apart in a year, column, and the least change that matters: pupils, money, and what the
# seven indicators count.
_WATCHED: tuple[tuple[str, tuple[str, ...], str, int], ...] = (
    ("enrolment", _OF_STAGE, "pupils", 100),
    ("enrolment", _OF_STAGE, "teachers", 20),
    ("enrolment", _OF_STAGE, "teachers_above_degree", 20),
    ("enrolment", _OF_STAGE, "backbone_teachers", 8),
    ("enrolment", _OF_STAGE, "pe_arts_teachers", 8),
    ("premises", _OF_SCHOOL, "teaching_area_m2", 1000),
    ("premises", _OF_SCHOOL, "indoor_sports_area_m2", 500),
    ("premises", _OF_SCHOOL, "sports_ground_area_m2", 1000),
    ("premises", _OF_SCHOOL, "equipment_value_yuan", 1_000_000),
    ("premises", _OF_SCHOOL, "multimedia_rooms", 10),
    ("premises", _OF_SCHOOL, "operating_funds_yuan", 1_000_000),
    ("county_figures", ("figure",), "value", 0),
)


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
    """A WARN for every figure per pupil that lies far from that of the other schools of its stage, or is none at all."""
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
    groups: dict[Value, list[tuple[Row, int, float]]] = defaultdict(list)
    for row in rows:
        pupils, figure = pupils_of(row), row[column]
        if isinstance(pupils, int) and pupils >= _SMALL_SCHOOL_PUPILS and isinstance(figure, int | Decimal):
            groups[group_of(row)].append((row, pupils, float(figure)))
    known = sheet(sheet_id).column(column)
    for group, members in groups.items():
        having = [(row, figure / pupils) for row, pupils, figure in members if figure > 0]
        if len({row["school_id"] for row, _ in having}) < _FEWEST:
            continue
        spread = _Spread.of(share for _, share in having)
        reach = max(_FAR_SPREADS * spread.width, _LEAST_FAR)
        far = [(row, share) for row, share in having if abs(math.log(share) - spread.middle) > reach]
        if (len(members) - len(having)) * _NONE_IS_RARE <= len(members):
            # Where even the scarcest of their like would have less than one, none is no surprise.
            scarcest = math.exp(spread.middle - reach)
            far += [(row, 0.0) for row, pupils, figure in members if not figure and scarcest * pupils >= 1]
        for row, share in far:
            whose = f"全县{name_of('stage', str(group))}" if group else "全县学校"
            yield Problem(
                "WARN",
                sheet(sheet_id).name,
                row.number,
                known.name,
                f"{figure_text(row[column])}，合每百名学生 {_short(share * 100)} {known.unit}，与{whose}相差悬殊",
                f"每百名学生 {_short(math.exp(spread.middle) * 100)} {known.unit}左右（中位数）",
                "请核对单位和位数，属实的写明原因",
            )


def jumps(tables: Tables, earlier: Tables | None = None) -> Iterator[Problem]:
    """A WARN for every figure that changed within a year as figures of its kind hardly ever do, and by much.

    `earlier` rows stand in for the years that the dataset does not carry itself.
    """
    for sheet_id, key, column, least in _WATCHED:
        pairs = list(_year_pairs(tables[sheet_id], (earlier or {}).get(sheet_id, []), key, column))
        known = sheet(sheet_id).column(column)
        reach = _reach_of_jumps(sheet_id, [now / then for _, now, then in pairs if now])
        for row, now, then in pairs:
            if now == 0:
                is_far = then < 1 or then >= max(least, _LEAST_LOST)
            else:
                is_far = abs(math.log(now / then)) >= reach and abs(now - then) >= least
            if is_far:
                yield _jump(known, row, then)


def _reach_of_jumps(sheet_id: str, ratios: list[float]) -> float:
    if sheet_id == "county_figures":
        # County figures differ in kind; only a change of an order of magnitude speaks of a wrong unit.
        return _WRONG_UNIT
    if len(ratios) < _FEWEST:
        return _SURE_JUMP
    return min(max(_JUMP_SPREADS * _Spread.of(ratios).width, _LEAST_JUMP), _SURE_JUMP)


def _year_pairs(
    rows: list[Row], earlier: list[Row], key: tuple[str, ...], column: str
) -> Iterator[tuple[Row, float, float]]:
    """Rows with a figure this year and a positive one the year before; nothing reported is not nothing there."""
    by_key = {(*(row[k] for k in key), row["year"]): row[column] for row in (*earlier, *rows)}
    for row in rows:
        year, now = row["year"], row[column]
        then = _positive(by_key.get((*(row[k] for k in key), year - 1 if isinstance(year, int) else None)))
        if isinstance(now, int | Decimal) and then is not None:
            yield row, float(now), then


def _jump(column: Column, row: Row, then: float) -> Problem:
    now = row[column.identifier]
    return Problem(
        "WARN",
        sheet(column.sheet).name,
        row.number,
        column.name,
        f"由上年 {_short(then)} 变为 {figure_text(now)}",
        "与上年相近",
        "请核对单位和位数，属实的写明原因",
    )


def _positive(value: Value) -> float | None:
    """The figure where a ratio can be formed with it."""
    return float(value) if isinstance(value, int | Decimal) and value > 0 else None


def _short(figure: float) -> str:
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.3g}"
