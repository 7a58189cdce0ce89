"""What still counts of every batch, what took its place, and who decided so and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from core.batches.batch_bases import CELLS
from core.batches.register import Batch, Publication, batch, batches, publications
from core.store.database import Store

_CELLS = f"""
with cells as ({CELLS}),
counting as (
    select county_code, township_code, year, batch_id from current_coverage
    union all
    select county_code, null, year, batch_id from current_county_sheets
)
select cells.batch_id, cells.year, t.name, counting.batch_id
from cells
left join townships as t on t.batch_id = cells.batch_id and t.code = cells.township_code
left join counting
    on counting.county_code = cells.county_code
    and counting.year = cells.year
    and counting.township_code is not distinct from cells.township_code
where cells.county_code = $1
order by cells.batch_id, cells.year, cells.township_code nulls last
"""
_COUNTING = """
select batch_id
from (
    select batch_id, county_code, year from current_coverage
    union
    select batch_id, county_code, year from current_county_sheets
)
join live_batches using (batch_id, county_code)
where county_code = $1 and year = $2
order by number desc
"""


@dataclass(frozen=True)
class YearStanding:
    """One school year of a batch: the townships that it covers, and by which batch each counts now.

    A name of None is the county's own sheets; a batch of None says that no batch counts there.
    """

    year: int
    counted_by: tuple[tuple[str | None, int | None], ...]


@dataclass(frozen=True)
class BatchStanding:
    """A batch, what counts of it, and its steps in the order in which they were taken.

    `state` is draft, current (all of it counts), partly, replaced (nothing does any more), withdrawn, or dropped
    (withdrawn without ever having counted), or empty (published, but it covers nothing that could count).
    """

    batch: Batch
    state: str
    years: tuple[YearStanding, ...]
    steps: tuple[Publication, ...]


def batch_standings(store: Store, county_code: str) -> list[BatchStanding]:
    """How every batch of a county stands now, the newest first."""
    covered: dict[int, dict[int, list[tuple[str | None, int | None]]]] = defaultdict(lambda: defaultdict(list))
    for batch_id, year, township, counting in store.rows(_CELLS, [county_code]):
        covered[batch_id][year].append((township, counting))
    steps: dict[int, list[Publication]] = defaultdict(list)
    for step in reversed(publications(store)):
        steps[step.batch_id].append(step)
    return [
        _standing(
            found,
            tuple(YearStanding(year, tuple(cells)) for year, cells in covered[found.batch_id].items()),
            tuple(steps[found.batch_id]),
        )
        for found in batches(store)
        if found.county_code == county_code
    ]


def batch_standing(store: Store, batch_id: int) -> BatchStanding:
    """How one batch stands now. Raises RequestInvalid when there is none of this number."""
    county_code = batch(store, batch_id).county_code
    return next(s for s in batch_standings(store, county_code) if s.batch.batch_id == batch_id)


def _standing(found: Batch, years: tuple[YearStanding, ...], steps: tuple[Publication, ...]) -> BatchStanding:
    state = found.state
    if state == "withdrawn" and not any(step.action == "publish" for step in steps):
        state = "dropped"
    elif state == "published":
        own = [batch_id == found.batch_id for year in years for _, batch_id in year.counted_by]
        state = "empty" if not own else "current" if all(own) else "partly" if any(own) else "replaced"
    return BatchStanding(found, state, years, steps)


def counting_batches(store: Store, county_code: str, year: int) -> list[Batch]:
    """The batches from which the figures of a county's school year come, the last published first."""
    known = {found.batch_id: found for found in batches(store)}
    return [known[batch_id] for (batch_id,) in store.rows(_COUNTING, [county_code, year])]
