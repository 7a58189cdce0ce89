"""Which counties and years have figures that count, by which version, and whether they are synthetic."""

from __future__ import annotations

from core.store.database import Store


def is_demo(store: Store, county_code: str) -> bool:
    """Whether synthetic figures ever came into this store: their records stay in it, so everything made from it says so."""
    return bool(store.rows("select bool_or(is_demo) from batches where county_code = $1", [county_code])[0][0])


def facts_version(store: Store) -> int:
    """The number of the last publication; 0 while nothing was published."""
    return int(store.rows("select coalesce(max(number), 0) from publications")[0][0])


def published_counties(store: Store) -> list[str]:
    """The codes of the counties whose figures count."""
    return [c for (c,) in store.rows("select distinct county_code from live_batches order by 1")]


def published_years(store: Store, county_code: str) -> list[int]:
    """The school years of a county for which figures count, in order."""
    return [
        y
        for (y,) in store.rows(
            "select distinct year from current_coverage where county_code = $1 order by 1",
            [county_code],
        )
    ]


def county_of(store: Store) -> str:
    """The county whose store this is, by the first batch that came into it; empty while none did."""
    found = store.rows("select arg_min(county_code, batch_id) from batches")
    return str(found[0][0] or "")
