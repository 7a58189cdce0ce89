"""Everything that a page of 抓落实 is a function of: the plan, the standard, the facts, the records, the day.

    situation(store, county, standard, as_of, facts) -> Situation

`facts` hold the figures and the judgement of every published year. A situation never changes; a cache may keep it
under (county_code, facts_version, records_version, as_of, standard and options).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from propcache.api import cached_property

from core.delivery.attendance.cases import AttendanceCase, read_cases
from core.delivery.attendance.counts import attendance_followed
from core.delivery.attendance.months import AttendanceMonth, read_months
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.figures.sub_item_metrics import MetricResult, evaluate
from core.delivery.ledger.ledger import ASSIGNED, Issue, IssueState, issue_state, read_issues
from core.delivery.projects import Project, first_planned, read_projects
from core.delivery.records.amendments import Amendment, Missed, missed_deadlines, of_this_plan, read_amendments
from core.delivery.records.attachments import Attachment, attachments_of
from core.delivery.records.funds import ProjectFunds, read_funds
from core.delivery.records.persons import PersonKey, ResponsiblePerson, persons_of
from core.delivery.records.records import Records, read_records
from core.delivery.records.registers import RegisterEntry, read_registers
from core.delivery.records.stages import CountyStage, stage_on
from core.delivery.status.obligation import Obligation
from core.delivery.status.record_metrics import Recorded, recorded
from core.delivery.status.sub_item_status import SubItemStatus
from core.delivery.supervision.letters import Letter, read_letters
from core.delivery.supervision.visits import Visit, read_visits
from core.method.assessment import Assessment
from core.rules.county import County
from core.rules.plan import TOWNSHIPS_KIND, Plan, SubItem
from core.rules.plan_metrics import Metric, RecordMetric, TargetMetric
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
    persons: Mapping[PersonKey, ResponsiblePerson] = field(default_factory=dict)
    funds: Mapping[str, tuple[ProjectFunds, ...]] = field(default_factory=dict)
    registers: tuple[RegisterEntry, ...] = ()
    stage: CountyStage | None = None
    first_planned: Mapping[str, date] = field(default_factory=dict)
    amendments: tuple[Amendment, ...] = ()
    visits: tuple[Visit, ...] = ()
    letters: tuple[Letter, ...] = ()
    attachments: Mapping[int, tuple[Attachment, ...]] = field(default_factory=dict)
    cases: tuple[AttendanceCase, ...] = ()
    months: Mapping[tuple[str, date], AttendanceMonth] = field(default_factory=dict)
    _obligations: dict[str, Obligation] = field(default_factory=dict, repr=False)
    _metrics: dict[tuple[Metric, int, str | None], MetricResult] = field(default_factory=dict, repr=False)
    # What core.delivery.status.status has worked out, by sub-item and township; it depends on nothing else.
    statuses: dict[tuple[str, str | None], SubItemStatus] = field(default_factory=dict, repr=False)
    # Of these, what each township leads: every page asks for all of them.
    statuses_of_townships: dict[str, Mapping[str, SubItemStatus]] = field(default_factory=dict, repr=False)

    @cached_property
    def plan(self) -> Plan:
        """The plan in force: leads as confirmed since; NO_PLAN where the county has none."""
        return self.county.plan.led_by({i: c[-1].lead_unit_id for i, c in self.records.confirmations.items()})

    @property
    def plan_is_history(self) -> bool:
        """Whether the county is recognised: the plan that led there is kept as it was, and nothing of it is overdue."""
        return self.stage is not None and self.stage.stage == "recognised"

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
        if isinstance(metric, RecordMetric):
            self._metrics[key] = recorded(metric, self.recorded)
        elif key not in self._metrics:
            self._metrics[key] = evaluate(metric, self.plan, self.standard, self.facts, year, township_code)
        return self._metrics[key]

    def obligation(self, sub_item: SubItem) -> Obligation:
        """Who leads a sub-item now, on what basis (clause, default, confirmed), and by when."""
        known = self._obligations.get(sub_item.sub_item_id)
        if known is None:
            known = self._obligations[sub_item.sub_item_id] = self._obligation_of(sub_item)
        return known

    def _obligation_of(self, sub_item: SubItem) -> Obligation:
        confirmed = self.records.confirmations.get(sub_item.sub_item_id, ())
        lead, basis = sub_item.lead.unit_id, str(sub_item.lead.basis)
        if confirmed:
            lead, basis = confirmed[-1].lead_unit_id, "confirmed"
        if isinstance(sub_item.metric, TargetMetric):
            # By when a target is due stands with the target.
            target_id = sub_item.metric.target_id
            missed = missed_deadlines(self.amendments, self.county.plan_as_filed, target_id)
            deadline = self.plan.dated_target(target_id).deadline
            return Obligation(sub_item, lead, basis, deadline, bool(missed or confirmed), missed)
        if not confirmed:
            return Obligation(sub_item, lead, basis, sub_item.due, False)
        dues = [sub_item.due, *(c.due for c in confirmed)]
        # A date that had passed when another took its place was missed, whatever the new one says.
        missed = tuple(
            Missed(before, c.day, c.rests_on or c.note)
            for before, c in zip(dues, confirmed, strict=False)
            if before < c.day and before != c.due and sub_item.recurring is None
        )
        return Obligation(sub_item, lead, basis, confirmed[-1].due, True, missed)

    def person(self, sub_item_id: str, township_code: str | None = None) -> ResponsiblePerson | None:
        """Who answers for a sub-item by name, in a township for what each township leads.

        Who was named before another unit took the lead answers no more.
        """
        found = self.persons.get(PersonKey("sub_item", sub_item_id, township_code))
        leads = [(c.day, c.lead_unit_id) for c in self.records.confirmations.get(sub_item_id, ())]
        filed = next((s.lead.unit_id for s in self.plan.sub_items() if s.sub_item_id == sub_item_id), "")
        before = [filed, *(unit for _, unit in leads)]
        changed = [day for (day, unit), previous in zip(leads, before, strict=False) if unit != previous]
        return None if found is not None and changed and found.day < changed[-1] else found

    def places(self, sub_item: SubItem) -> tuple[str | None, ...]:
        """Where a sub-item is answered for: in each township that leads it, else once (None)."""
        by_township = self.plan.unit(self.obligation(sub_item).lead_unit_id).kind == TOWNSHIPS_KIND
        return tuple(sorted(self.township_names)) if by_township and self.township_names else (None,)

    @cached_property
    def recorded(self) -> Recorded:
        """What decides the sub-items that the county's own records decide."""
        begun = [s for s in self.plan.sub_items() if s.start <= self.as_of]
        return Recorded(
            self.plan,
            self.as_of,
            self.projects,
            self.first_planned,
            tuple((issue, self.issue_states[issue.number]) for issue in self.issues),
            self.named_for(begun),
        )

    def named_for(self, sub_items: Iterable[SubItem]) -> tuple[bool, ...]:
        """Whether somebody answers by name, once for each place that answers for each of the sub-items."""
        return tuple(self.person(s.sub_item_id, place) is not None for s in sub_items for place in self.places(s))

    def issues_at(self, unit_id: str) -> tuple[tuple[Issue, IssueState], ...]:
        """The ledger's issues last assigned to a unit, with how they stand."""
        states = self.issue_states
        at = ((issue, issue.latest(ASSIGNED)) for issue in self.issues)
        return tuple(
            (i, states[i.number]) for i, assigned in at if assigned is not None and assigned.unit_id == unit_id
        )

    def issues_of_school(self, school_id: str) -> tuple[tuple[Issue, IssueState], ...]:
        """The ledger's issues that concern a school, with how they stand."""
        return tuple((i, self.issue_states[i.number]) for i in self.issues if school_id in i.school_ids)

    @cached_property
    def issue_states(self) -> Mapping[int, IssueState]:
        """How every issue of the ledger stands, by its number."""
        return {issue.number: issue_state(issue, self.plan, self.facts, self.as_of) for issue in self.issues}


def situation(
    store: Store,
    county: County,
    standard: Standard,
    as_of: date,
    facts: FactsByYear,
) -> Situation:
    """Read what stands on a day; of the sub-items, what was said of the plan in force."""
    since = county.plan_counts_from
    own = {s.sub_item_id for s in county.plan.sub_items()}
    records = read_records(store, county.code, as_of).since(since, own)
    cases = read_cases(store, county.code, as_of)
    persons = persons_of(store, county.code, as_of)
    return Situation(
        county=county,
        standard=standard,
        facts=replace(facts, attendance_followed=attendance_followed(facts.attendance, cases)),
        records=records,
        projects=read_projects(store, county.code, as_of),
        issues=read_issues(store, county.code, as_of),
        as_of=as_of,
        persons={k: p for k, p in persons.items() if k.kind != "sub_item" or since is None or p.day >= since},
        funds=read_funds(store, county.code, as_of),
        registers=read_registers(store, county.code, as_of),
        stage=stage_on(store, county.code, as_of),
        first_planned=first_planned(store, county.code, as_of),
        amendments=of_this_plan(read_amendments(store, county.code, as_of), county),
        visits=read_visits(store, county.code, as_of),
        letters=read_letters(store, county.code, as_of),
        attachments=attachments_of(store, county.code, as_of),
        cases=cases,
        months=read_months(store, county.code, as_of),
    )
