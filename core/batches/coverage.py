"""What a batch speaks for, which decides what it replaces when it is published."""

from __future__ import annotations

from dataclasses import dataclass

from core.intake.checkup.checking import Dataset
from core.store.database import Store


@dataclass(frozen=True)
class Coverage:
    """What a batch speaks for: these townships in these school years, the county's own sheets in these years."""

    townships: tuple[str, ...]
    years: tuple[int, ...]
    county_years: tuple[int, ...]
    whole_county: bool


def coverage_of(store: Store, dataset: Dataset, also_year: int | None = None) -> Coverage:
    """What a dataset speaks for by the rows that it carries; `also_year` is covered without any."""
    years = tuple(sorted({*dataset.school_years, *(() if also_year is None else (also_year,))}))
    townships = tuple(str(row["code"]) for row in dataset.tables["townships"])
    known = {
        code
        for (code,) in store.rows(
            "select distinct township_code from current_coverage where county_code = $1",
            [dataset.county_code],
        )
    }
    county_years = tuple(sorted({*dataset.county_years, *years}))
    return Coverage(townships, years, county_years, known <= set(townships))
