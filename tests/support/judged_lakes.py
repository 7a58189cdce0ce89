"""What was written of a lake, read back."""

from pathlib import Path
from typing import Any

import duckdb

from core.method.assessment import Assessment


def rows(out: Path, relation: str, columns: str, order: str) -> list[tuple[Any, ...]]:
    """Columns of a result, of all its years, in an order."""
    with duckdb.connect() as reader:
        return reader.execute(
            f"select {columns} from read_parquet($1, hive_partitioning = true) order by {order}",
            [str(out / relation / "*" / "*.parquet")],
        ).fetchall()


def differences(out: Path, expected: dict[tuple[str, int], Assessment]) -> list[str]:
    """Where the result says something else than each county's own judgement of its year."""
    found: list[str] = []
    verdicts = {(c, y): v for c, y, v in rows(out, "county_verdict", "county_code, year, verdict", "1, 2")}
    if verdicts != {key: a.verdict.value for key, a in expected.items()}:
        found.append(f"verdicts: {verdicts}")
    balance = {
        row[:4]: row[4:]
        for row in rows(out, "balance", "county_code, year, stage, code, school_count, mean, sd, cv, verdict", "1, 2")
    }
    items = {
        row[:3]: row[3:]
        for row in rows(
            out, "county_items", "county_code, year, code, verdict, value, scope, failing, unknown_count", "1, 2"
        )
    }
    schools = {
        row[:4]: row[4:]
        for row in rows(
            out,
            "school_verdicts",
            "county_code, year, school_id, stage, name, verdict, met_count, unknown_count, below_floor_count",
            "1, 2",
        )
    }
    short = {
        row[:5]: row[5:]
        for row in rows(
            out, "school_indicators", "county_code, year, school_id, stage, code, verdict, value, limit_amount", "1, 2"
        )
    }
    for (county, year), assessment in expected.items():
        for b in assessment.balance:
            wanted: tuple[Any, ...] = (b.school_count, b.mean, b.sd, b.cv, b.verdict.value)
            found += _compare((county, year, b.stage, b.code), balance.pop((county, year, b.stage, b.code)), wanted)
        for i in assessment.items:
            wanted = (i.verdict.value, i.value, i.scope, i.failing, i.unknown)
            found += _compare((county, year, i.code), items.pop((county, year, i.code)), wanted)
        for r in assessment.rows:
            wanted = (r.name, r.verdict.value, r.met_count, r.unknown_count, r.below_floor_count)
            found += _compare((county, year, *r.key), schools.pop((county, year, *r.key)), wanted)
            for h in r.indicators:
                if h.verdict.value != "met":
                    wanted = (h.verdict.value, h.value, float(h.limit))
                    found += _compare((county, year, *r.key, h.code), short.pop((county, year, *r.key, h.code)), wanted)
    found += [f"too much: {rest}" for rest in (balance, items, schools, short) if rest]
    return found


def _compare(key: object, there: tuple[Any, ...], wanted: tuple[Any, ...]) -> list[str]:
    same = all(
        abs(float(a) - float(b)) <= 1e-9 * max(1, abs(float(b)))
        if isinstance(b, int | float) and a is not None
        else a == b
        for a, b in zip(there, wanted, strict=True)
    )
    return [] if same else [f"{key}: {there} instead of {wanted}"]
