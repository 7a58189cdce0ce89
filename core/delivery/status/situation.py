"""Everything that a page of 抓落实 is a function of: the plan, the standard, the facts, the records, the day.

    situation(store, county, standard, as_of, assessments) -> Situation

`assessments` holds the judgement of every published year, {year: Assessment}. A situation never changes; a cache
may keep it under (county_code, facts_version, records_version, as_of, standard and options).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from propcache.api import cached_property

from core.delivery.figures.facts_by_year import FactsByYear, facts_by_year
from core.delivery.figures.sub_item_metrics import MetricResult, evaluate
from core.delivery.ledger.ledger import Issue, IssueState, issue_state, read_issues
from core.delivery.projects import Project, read_projects
from core.delivery.records.records import Records, read_records
from core.delivery.status.obligation import Obligation
from core.delivery.status.sub_item_status import SubItemStatus
from core.method.assessment import Assessment
from core.rules.county import County
from core.rules.plan import Plan, SubItem
from core.rules.plan_metrics import Metric
from core.rules.standard import Standard
from core.store.database import Store


@dataclass(frozen=True)
class Situation:
    """A county's plan on one day; of a county without a plan, what else is reported."""

    county: County
    standard: Standard
    facts: FactsByYear
    records: Records
    projects: tuple[Project, ...]
    issues: tuple[Issue, ...]
    as_of: date
    _obligations: dict[str, Obligation] = field(default_factory=dict, repr=False)
    _metrics: dict[tuple[Metric, int, str | None], MetricResult] = field(default_factory=dict, repr=False)
    # What core.delivery.status.status has worked out, by sub-item and township; it depends on nothing else.
    statuses: dict[tuple[str, str | None], SubItemStatus] = field(default_factory=dict, repr=False)

    @cached_property
    def plan(self) -> Plan:
        """The plan in force: leads as confirmed since; NO_PLAN where the county has none."""
        return self.county.plan.led_by({i: c.lead_unit_id for i, c in self.records.confirmations.items()})

    @property
    def county_code(self) -> str:
        """The county concerned."""
        return self.facts.county_code

    @property
    def year(self) -> int | None:
        """The school year whose facts count on the day."""
        return self.facts.year_at(self.as_of)

    @property
    def assessment(self) -> Assessment | None:
        """The judgement that counts on the day."""
        return None if self.year is None else self.facts.assessments[self.year]

    @property
    def township_names(self) -> Mapping[str, str]:
        """The townships by code, as the day's facts list them."""
        return {} if self.assessment is None else self.assessment.township_names

    def metric(self, metric: Metric, year: int, township_code: str | None = None) -> MetricResult:
        """A metric in a year, evaluated once."""
        key = (metric, year, township_code)
        if key not in self._metrics:
            self._metrics[key] = evaluate(metric, self.plan, self.standard, self.facts, year, township_code)
        return self._metrics[key]

    def obligation(self, sub_item: SubItem) -> Obligation:
        """Who leads a sub-item now, on what basis (clause, default, confirmed), and by when."""
        known = self._obligations.get(sub_item.sub_item_id)
        if known is None:
            known = self._obligations[sub_item.sub_item_id] = self._obligation_of(sub_item)
        return known

    def _obligation_of(self, sub_item: SubItem) -> Obligation:
        confirmed = self.records.confirmations.get(sub_item.sub_item_id)
        if confirmed is None:
            return Obligation(sub_item, sub_item.lead.unit_id, sub_item.lead.basis, sub_item.due, False)
        return Obligation(sub_item, confirmed.lead_unit_id, "confirmed", confirmed.due, True)

    @cached_property
    def issue_states(self) -> Mapping[int, IssueState]:
        """How every issue of the ledger stands, by its number."""
        return {issue.number: issue_state(issue, self.plan, self.facts, self.as_of) for issue in self.issues}


def situation(
    store: Store,
    county: County,
    standard: Standard,
    as_of: date,
    assessments: Mapping[int, Assessment],
) -> Situation:
    """Read what stands on a day."""
    return Situation(
        county=county,
        standard=standard,
        facts=facts_by_year(store, standard, county.code, assessments),
        records=read_records(store, county.code, as_of),
        projects=read_projects(store, county.code, as_of),
        issues=read_issues(store, county.code, as_of),
        as_of=as_of,
    )
