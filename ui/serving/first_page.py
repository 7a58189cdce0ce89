"""What the first visitor will ask, worked out while the browser still loads the application."""

from __future__ import annotations

from core.delivery.figures.facts_by_year import snapshot
from core.facts import published
from core.store.database import Store
from ui import cache
from ui.frame import day_shown_first


def make_ready(store: Store) -> None:
    """Judge the county as its first page shows it: the newest year, then the plan over all years."""
    key = cache.key()
    years = published.published_years(store, key.county_code) if key.county_code else []
    if not years:
        return
    is_demo = published.is_demo(store, key.county_code)
    as_of = day_shown_first(cache.county_as_filed(key), years, is_demo=is_demo)
    cache.assessment(key, max(y for y in years if snapshot(y) <= as_of), as_of)
    cache.situation(key, as_of)
