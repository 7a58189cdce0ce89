"""What a batch would change before it counts: figures first, then the verdicts that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.batches import register
from core.batches.changed_figures import FigureChanges, draft_changes
from core.batches.drafts import as_if_published
from core.facts import published
from core.facts.current import REGISTER_SHEETS
from core.method.assessment import Assessment
from core.method.comparison import Comparison, compare
from core.method.engine import assess
from core.rules.standard import Standard
from core.store.database import Store


@dataclass(frozen=True)
class YearPreview:
    """One school year judged on what counts now and with the batch; None on a side without figures.

    Of a year without figures so far, `last` is the latest year before it, with the batch.
    """

    year: int
    before: Assessment | None
    after: Assessment | None
    last: Assessment | None = None

    @property
    def comparison(self) -> Comparison | None:
        """What changes state, where both sides can be judged."""
        return compare(self.before, self.after) if self.before and self.after else None

    @property
    def since_last_year(self) -> Comparison | None:
        """What a new year changes against the one before it, where there is one."""
        return compare(self.last, self.after) if self.last and self.after else None


@dataclass(frozen=True)
class BatchPreview:
    """What publishing a batch would change, the latest school year first."""

    figures: FigureChanges
    years: tuple[YearPreview, ...]


def preview(
    store: Store,
    standard: Standard,
    batch_id: int,
    *,
    choices: Mapping[str, str] | None = None,
    judged: Callable[[int], Assessment] | None = None,
    tell: Callable[[str], None] = lambda step: None,
) -> BatchPreview:
    """Compare a batch with what counts now; only years in which a figure changes are judged.

    `judged` answers a year with its judgement on what counts now where somebody has it already; `tell` hears every
    step in words. Raises RequestInvalid when there is no such batch.
    """
    county = register.batch(store, batch_id).county_code
    before = judged or (lambda year: assess(store, standard, county, year, choices=choices))
    tell("比较改变的数")
    figures = draft_changes(store, batch_id, county)
    tell(f"改变 {len(figures.figures)} 处，准备草稿")
    draft = as_if_published(store, batch_id)
    try:
        known = set(published.published_years(store, county))
        all_years = published.published_years(draft, county)
        years = sorted(_changed_years(figures, all_years), reverse=True)
        with_batch: dict[int, Assessment] = {}

        def after(year: int) -> Assessment:
            if year not in with_batch:
                tell(f"判定 {year} 学年")
                with_batch[year] = assess(draft, standard, county, year, choices=choices)
            return with_batch[year]

        found = []
        for year in years:
            earlier = max((y for y in all_years if y < year), default=None)
            last = None if year in known or earlier is None else after(earlier)
            found.append(YearPreview(year, before(year) if year in known else None, after(year), last))
    finally:
        draft.close()
    return BatchPreview(figures, tuple(found))


def _changed_years(figures: FigureChanges, all_years: list[int]) -> set[int]:
    """The years whose verdicts may change: a register speaks for all, quality monitoring for the years after it."""
    changed: set[int] = set()
    for change in figures.figures:
        year = dict(change.key).get("year")
        if change.sheet in REGISTER_SHEETS or not isinstance(year, int):
            return set(all_years)
        changed |= {y for y in all_years if y == year or (change.sheet == "monitoring" and y > year)}
    return changed
