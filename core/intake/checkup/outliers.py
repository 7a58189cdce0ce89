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


def unusual_figures(tables: Tables, counting: Tables | None = None) -> Iterator[Problem]:
    """A WARN for every figure per pupil that lies far from that of the other schools of its stage, or is none at all.

    Of the schools that are not in the dataset the latest of the `counting` rows stand beside it: one township's few
    schools are held against the whole county's.
    """
    peers = _latest_of_others(tables, counting) if counting else {}
    for column in ("teachers", "teachers_above_degree", "backbone_teachers", "pe_arts_teachers"):
        yield from _unusual("enrolment", column, tables, peers, group_of=lambda row: row["stage"])
    for column in ("teaching_area_m2", "sports_ground_area_m2", "equipment_value_yuan", "multimedia_rooms"):
        yield from _unusual("premises", column, tables, peers, group_of=lambda row: None)


def _latest_of_others(tables: Tables, counting: Tables) -> Tables:
    """The latest rows of schools that the dataset does not list."""
    listed = {row["school_id"] for row in tables["schools"]}
    latest: dict[Value, int] = {}
    for row in counting["enrolment"]:
        if row["school_id"] not in listed and isinstance(row["year"], int):
            latest[row["school_id"]] = max(row["year"], latest.get(row["school_id"], 0))
    return {s: [r for r in counting[s] if latest.get(r["school_id"]) == r["year"]] for s in ("enrolment", "premises")}


def _with_pupils(sheet_id: str, tables: Tables) -> Iterator[tuple[Row, int]]:
    """The rows with the pupils that their figures serve: of the stage, or of the whole school."""
    of_school: dict[tuple[Value, Value], int] = defaultdict(int)
    for row in tables.get("enrolment", []):
        count = row[_PUPILS]
        of_school[row["school_id"], row["year"]] += count if isinstance(count, int) else 0
    for row in tables.get(sheet_id, []):
        count = row[_PUPILS] if sheet_id == "enrolment" else of_school[row["school_id"], row["year"]]
        if isinstance(count, int) and count >= _SMALL_SCHOOL_PUPILS:
            yield row, count


def _unusual(
    sheet_id: str, column: str, tables: Tables, peers: Tables, *, group_of: Callable[[Row], Value]
) -> Iterator[Problem]:
    groups: dict[Value, list[tuple[Row, int, float]]] = defaultdict(list)
    others: dict[Value, list[tuple[Row, float]]] = defaultdict(list)
    without: dict[Value, int] = defaultdict(int)
    for row, pupils in _with_pupils(sheet_id, tables):
        figure = row[column]
        if isinstance(figure, int | Decimal):
            groups[group_of(row)].append((row, pupils, float(figure)))
    for row, pupils in _with_pupils(sheet_id, peers):
        share = _positive(row[column])
        if share is not None:
            others[group_of(row)].append((row, share / pupils))
        without[group_of(row)] += row[column] == 0
    known = sheet(sheet_id).column(column)
    for group, members in groups.items():
        having = [(row, figure / pupils) for row, pupils, figure in members if figure > 0]
        compared = [*having, *others[group]]
        if len({row["school_id"] for row, _ in compared}) < _FEWEST:
            continue
        spread = _Spread.of(share for _, share in compared)
        reach = max(_FAR_SPREADS * spread.width, _LEAST_FAR)
        far = [(row, share) for row, share in having if abs(math.log(share) - spread.middle) > reach]
        none_at_all = len(members) - len(having) + without[group]
        if none_at_all * _NONE_IS_RARE <= len(members) + len(others[group]) + without[group]:
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
    """A WARN for every figure that changed as figures of its kind hardly ever do, and by much, since it was last given.

    `earlier` rows stand in for the years that the dataset does not carry itself. Of several years a figure may change
    by as many times as much.
    """
    for sheet_id, key, column, least in _WATCHED:
        pairs = list(_pairs(tables[sheet_id], (earlier or {}).get(sheet_id, []), key, column))
        known = sheet(sheet_id).column(column)
        reach = _reach_of_jumps(sheet_id, [p.now / p.then for p in pairs if p.now and p.years == 1])
        for pair in pairs:
            if pair.now == 0:
                is_far = pair.then < 1 or pair.then >= max(least, _LEAST_LOST)
            else:
                is_far = (
                    abs(math.log(pair.now / pair.then)) >= reach * pair.years and abs(pair.now - pair.then) >= least
                )
            if is_far:
                yield _jump(known, pair)


def _reach_of_jumps(sheet_id: str, ratios: list[float]) -> float:
    if sheet_id == "county_figures":
        # County figures differ in kind; only a change of an order of magnitude speaks of a wrong unit.
        return _WRONG_UNIT
    if len(ratios) < _FEWEST:
        return _SURE_JUMP
    return min(max(_JUMP_SPREADS * _Spread.of(ratios).width, _LEAST_JUMP), _SURE_JUMP)


@dataclass(frozen=True)
class _Pair:
    """A row's figure, and the last one before it, so many years earlier."""

    row: Row
    now: float
    then: float
    years: int


def _pairs(rows: list[Row], earlier: list[Row], key: tuple[str, ...], column: str) -> Iterator[_Pair]:
    """Rows with a figure and the last positive one before it; nothing reported is not nothing there."""
    by_key: dict[tuple[Value, ...], dict[int, Value]] = defaultdict(dict)
    for row in (*earlier, *rows):
        year = row["year"]
        if isinstance(year, int):
            by_key[tuple(row[k] for k in key)][year] = row[column]
    for row in rows:
        year, now = row["year"], row[column]
        if not isinstance(year, int) or not isinstance(now, int | Decimal):
            continue
        given = by_key[tuple(row[k] for k in key)]
        before = max((y for y, value in given.items() if y < year and value is not None), default=None)
        then = None if before is None else _positive(given[before])
        if before is not None and then is not None:
            yield _Pair(row, float(now), then, year - before)


def _jump(column: Column, pair: _Pair) -> Problem:
    before = "上年" if pair.years == 1 else f" {pair.years} 年前"
    return Problem(
        "WARN",
        sheet(column.sheet).name,
        pair.row.number,
        column.name,
        f"由{before} {_short(pair.then)} 变为 {figure_text(pair.row[column.identifier])}",
        f"与{before.strip()}相近",
        "请核对单位和位数，属实的写明原因",
    )


def _positive(value: Value) -> float | None:
    """The figure where a ratio can be formed with it."""
    return float(value) if isinstance(value, int | Decimal) and value > 0 else None


def _short(figure: float) -> str:
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.3g}"
