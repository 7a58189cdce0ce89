"""Judges every county of a lake and writes the verdicts as Parquet, on this machine or on a Spark Connect server.

    OUT/<relation>/year=<first year of the school year>/part.parquet
    OUT/result.json        by which standard, readings and engine, which years, how many counties and rows

The result takes its name when everything of it is there: it is written beside, read back and counted before.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import duckdb

from core.disk import settle
from core.errors import RequestInvalid
from core.lake.engines import Engine, EngineFailed, duckdb_engine
from core.lake.layout import COUNTIES, OPEN_SCHOOLS, RELATIONS, rows_column
from core.lake.spark import spark_engine
from core.method.relations import FIXED_FILES, METHOD_FILES, merges, method_relations, rule_relations
from core.naming import named
from core.rules.standard import STAGES, Standard
from core.store.database import rules_fingerprint

MANIFEST = "result.json"
T = TypeVar("T")
# A year is judged again where the engine failed in the middle, a lost worker or connection; then that is said.
_ATTEMPTS = 3
# What is written, by name: the counties, and of every relation what tells who passes and why not.
RESULTS = {
    COUNTIES: "select county_code, name, lon, lat, is_demo, exported_at, facts_version from counties",
    "county_verdict": "select county_code, verdict, not_met_count, unknown_count from county_verdict",
    "balance": (
        "select county_code, stage, code, cast(limit_amount as double) as limit_amount, school_count, mean, sd, cv,"
        " verdict, borderline from balance"
    ),
    "county_items": (
        "select county_code, position, code, part, verdict, cast(value as double) as value, scope, failing,"
        " unknown_count from county_items"
    ),
    "school_verdicts": (
        "select r.county_code, r.school_id, r.stage, r.name, r.kind, r.township_code, cast(r.pupils as bigint) as pupils,"
        " v.verdict, v.met_count, v.not_met_count, v.unknown_count, v.below_floor_count"
        " from school_verdicts as v"
        " join school_rows as r"
        " on r.county_code = v.county_code and r.school_id = v.school_id and r.stage = v.stage"
    ),
    "school_indicators": (
        "select county_code, school_id, stage, code, verdict, above_floor,"
        " cast(limit_amount as double) as limit_amount,"
        " cast(limit_amount as double) + cast(surplus as double) / cast(weighted_pupils as double) as value"
        " from school_indicators where verdict <> 'met'"
    ),
}


@dataclass(frozen=True)
class Judged:
    """What was judged: counts by school year, and whether any of the counties is synthetic."""

    engine: str
    standard: str
    choices: Mapping[str, str]
    judged_at: str
    counties: Mapping[int, int]
    rows: Mapping[str, int]
    is_demo: bool


def judge_lake(
    lake: str,
    out: Path,
    standard: Standard,
    choices: Mapping[str, str],
    now: datetime,
    *,
    remote: str | None = None,
    years: Sequence[int] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Judged:
    """Judge all counties of some school years of a lake, or of all years; `out` must not be there yet.

    Raises RequestInvalid for a lake that is not whole or an `out` that cannot be, EngineFailed where the engine failed
    again and again. Nothing lies at `out` then.
    """
    if out.exists():
        raise RequestInvalid(f"{out} 已经存在；请换一个文件夹，或先移走旧的结果。")
    if remote is None and not (Path(lake) / COUNTIES).is_dir():
        raise RequestInvalid(f"{lake} 不是汇总库：其中没有 {COUNTIES} 文件夹。各县用 to-lake 命令写入后再判定。")

    def engine() -> AbstractContextManager[Engine]:
        return duckdb_engine(Path(lake)) if remote is None else spark_engine(remote, lake)

    chosen = tuple(sorted(standard.choices(choices).items()))
    with _written_beside(out) as part:
        found, engine_name = _again(engine, lambda e: (e.years(), e.name), tell)
        wanted = found if years is None else sorted(set(years))
        absent = [str(year) for year in wanted if year not in found]
        if absent or not wanted:
            raise RequestInvalid(f"汇总库中没有 {'、'.join(absent) or '任何'} 学年的数据，有的学年：{found or '无'}。")
        counties = {}
        for year in wanted:
            _again(engine, lambda e, y=year: _judge_year(e, y, standard, chosen, part), tell)  # type: ignore[misc]
            counties[year] = _check_whole(part, year, standard)
            tell(f"{year} 学年 {counties[year]} 个县已判定")
        judged = Judged(
            engine_name,
            standard.standard_id,
            dict(chosen),
            f"{now:%Y-%m-%d %H:%M}",
            counties,
            {name: _count(part, name, "*") for name in RESULTS},
            _ask(part, COUNTIES, "*", "count(case when is_demo then 1 end)") > 0,
        )
        (part / MANIFEST).write_text(json.dumps(asdict(judged), ensure_ascii=False, indent=1), "utf-8")
        settle(part / MANIFEST)
    return judged


def _again(
    engine: Callable[[], AbstractContextManager[Engine]], ask: Callable[[Engine], T], tell: Callable[[str], None]
) -> T:
    """Ask an engine in a session of its own, and again in a new one where it failed."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            with engine() as opened:
                return ask(opened)
        except EngineFailed as failure:
            said = str(failure).rstrip("。")
            if not left:
                raise EngineFailed(f"{said}；试了 {_ATTEMPTS} 次，请检查后重新运行。") from None
            tell(f"{said}；再试一次（还可再试 {left - 1} 次）。")
    raise AssertionError("every attempt returns or raises")


def _judge_year(engine: Engine, year: int, standard: Standard, chosen: tuple[tuple[str, str], ...], part: Path) -> None:
    engine.begin(year)
    _refuse_what_is_not_whole(engine, year, standard)
    for name, select in (
        *rule_relations(standard, chosen, year),
        ("open_schools", OPEN_SCHOOLS),
        *method_relations((*FIXED_FILES, *METHOD_FILES), standard, merging=merges(dict(chosen)), changed=False),
    ):
        engine.define(name, select)
    for name, select in RESULTS.items():
        file = _file(part, name, year)
        file.parent.mkdir(parents=True, exist_ok=True)
        engine.write(f"{select} order by county_code", file)
        settle(file)


def _refuse_what_is_not_whole(engine: Engine, year: int, standard: Standard) -> None:
    """Hold what the lake has against what each county says that it wrote. Raises RequestInvalid with the first ones."""
    asked = ", ".join(["county_code", "class_rules", *(rows_column(r) for r in RELATIONS)])
    listed = engine.rows(f"select {asked} from {COUNTIES}")
    said = {code: dict(zip(RELATIONS, counts, strict=True)) for code, _, *counts in listed}
    faults = []
    if len(said) < len(listed):
        twice = sorted(code for code, n in Counter(code for code, *_ in listed).items() if n > 1)
        faults.append(f"{named(twice)} 列了不止一次")
    other = sorted(code for code, class_rules, *_ in listed if class_rules != rules_fingerprint(standard))
    if other:
        faults.append(f"{named(other)} 的班级数是按另一套班额标准统计的，请这些县用现行版本重新写入")
    for relation in RELATIONS:
        there = dict(engine.rows(f"select county_code, count(*) as found from {relation} group by county_code"))
        expected = {code: counts[relation] for code, counts in said.items()}
        wrong = sorted(code for code in {*expected, *there} if there.get(code, 0) != expected.get(code, 0))
        if wrong:
            faults.append(
                f"{named(wrong)} 的 {relation} 与所列行数不符（{wrong[0]} 应有 {expected.get(wrong[0], 0)} 行，"
                f"实有 {there.get(wrong[0], 0)} 行）"
            )
    if faults:
        raise RequestInvalid(f"汇总库 {year} 学年的数据不完整，没有判定：" + "；".join(faults) + "。")


def _check_whole(part: Path, year: int, standard: Standard) -> int:
    """Read back what was written of a year: every county with everything that its verdict rests on; returns how many.

    Raises EngineFailed.
    """
    counties = _count(part, COUNTIES, year)
    # The coefficients say over how many school rows they were taken.
    counted = _ask(part, "balance", year, "coalesce(sum(school_count), 0)") // len(standard.indicators)
    expected = {
        "county_verdict": counties,
        "balance": counties * len(STAGES) * len(standard.indicators),
        "county_items": counties * len(standard.items),
        "school_verdicts": counted,
        # A row says how many of its indicators are not met or not known.
        "school_indicators": _ask(part, "school_verdicts", year, "coalesce(sum(not_met_count + unknown_count), 0)"),
    }
    there = {name: _count(part, name, year) for name in expected}
    wrong = [f"{name} 应有 {n} 行，实有 {there[name]} 行" for name, n in expected.items() if there[name] != n]
    if wrong or not counties:
        raise EngineFailed(f"{year} 学年的结果不完整，没有写出：{'；'.join(wrong) or '没有任何县'}。")
    return counties


def _count(part: Path, name: str, year: int | str) -> int:
    return _ask(part, name, year, "count(*)")


def _ask(part: Path, name: str, year: int | str, what: str) -> int:
    with duckdb.connect() as reader:
        found = reader.execute(f"select {what} from read_parquet($1)", [str(_file(part, name, year))]).fetchall()
    return int(found[0][0])


def _file(part: Path, name: str, year: int | str) -> Path:
    return part / name / f"year={year}" / "part.parquet"


@contextmanager
def _written_beside(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its name in the end, and is gone where it does not come to that."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        yield part
        part.rename(out)
    except OSError as fault:
        raise RequestInvalid(f"结果没有写成 {out}（{fault.strerror}），请检查路径、权限和磁盘空间。") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
