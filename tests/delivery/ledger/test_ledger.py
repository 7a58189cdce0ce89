"""The supervision ledger: in its order, by two persons, closed by the figures, re-opened by the figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER, Actor
from core.batches import loading, publishing
from core.delivery.figures.facts_by_year import FactsByYear, facts_by_year
from core.delivery.ledger.ledger import CLOSED, REOPENED, Issue, IssueDraft, StepDraft, read_issues
from core.delivery.ledger.ledger_writing import open_issue, take_step
from core.delivery.owed.proposals import proposals
from core.delivery.records.records import records_version
from core.delivery.status.situation import Situation, situation
from core.errors import NotPermitted, RequestInvalid
from core.facts.published import facts_version
from core.method.assessment import Verdict
from core.method.engine import assess
from core.method.subjects import Subject
from core.reports.ledger_table import LEDGER_COLUMNS, ledger_rows
from core.store.database import Store
from core.wording.carrying_out.ledger import closed_text, issue_basis, issue_state_text, issue_title
from tests.support.demo_county import DEHUA, PLAN, STANDARD
from tests.support.small_county import COUNTY, YEAR, SmallCounty, dataset

CORRECTOR, INSPECTOR = Actor("演示甲"), Actor("演示乙", verified=True)
SUBJECT = "class_size:P:primary"


def published(class_rolls: list[int] | None) -> SmallCounty:
    """The county with the school's classes; with None, its pupils and classes were not reported."""
    county, pupils = SmallCounty(), None if class_rolls is None else sum(class_rolls)
    county.school("P", "primary", {"primary": pupils}, classes={"primary": class_rolls or []})
    county.school("J", "junior", {"junior": 500})
    return county


@dataclass
class Desk:
    """A county's store, where batches are published and steps are taken on given days."""

    store: Store
    _facts: dict[int, FactsByYear] = field(default_factory=dict)

    def publish(self, class_rolls: list[int] | None, day: date) -> int:
        now = datetime(day.year, day.month, day.day, 12)
        found = dataset(published(class_rolls).tables)
        batch_id = loading.load(self.store, found, STANDARD, LOCAL_ADMINISTRATOR, now)
        publishing.publish(self.store, batch_id, LOCAL_ADMINISTRATOR, now, "")
        return batch_id

    def on(self, day: date) -> Situation:
        version = facts_version(self.store)
        if version not in self._facts:
            judged = {YEAR: assess(self.store, STANDARD, COUNTY, YEAR)}
            self._facts[version] = facts_by_year(self.store, STANDARD, DEHUA.code, judged)
        return situation(self.store, DEHUA, STANDARD, day, self._facts[version])

    def step(self, issue: Issue, step_id: str, day: date, actor: Actor = CORRECTOR, **cells: Any) -> Issue:
        draft = StepDraft(issue_number=issue.number, step_id=step_id, day=day, **cells)
        return take_step(self.store, PLAN, self.on(day).facts, COUNTY, draft, actor, datetime(2023, 12, 31))

    def open(self, day: date, **cells: Any) -> Issue:
        draft = IssueDraft(**{"subject": SUBJECT, "title": "班额超标", "basis": "数据", "day": day, **cells})
        return open_issue(self.store, PLAN, self.on(day).facts, COUNTY, draft, CORRECTOR, datetime(2023, 12, 31))

    def corrected(self, issue: Issue, month: int, evidence: str = "班级花名册") -> Issue:
        issue = self.step(issue, "assigned", date(2023, month, 1), unit_id="education", person="演示甲",
                          due=date(2023, 12, 31))  # fmt: skip
        issue = self.step(issue, "correcting", date(2023, month, 2), measures="增设一个班")
        issue = self.step(issue, "evidence", date(2023, month, 3), evidence=evidence)
        return self.step(issue, "recheck", date(2023, month, 4), INSPECTOR, passed=True)


@pytest.fixture
def desk() -> Iterator[Desk]:
    store = Store.open(None, STANDARD)
    store.rows("set threads = 1")
    yield Desk(store)
    store.close()


def test_the_whole_journey_with_re_opening_by_a_newly_published_batch(desk: Desk) -> None:
    desk.publish([46, 44], date(2022, 11, 30))
    day = date(2023, 1, 10)
    situation = desk.on(day)
    [proposal] = [p for p in proposals(situation) if p.subject == SUBJECT]
    assert (proposal.lead_unit_id, proposal.shortfall, proposal.school_ids) == ("education", 1, ("P",))
    assert situation.assessment is not None
    title = issue_title(proposal, situation.assessment, STANDARD)
    basis = issue_basis(proposal, situation.assessment, STANDARD)
    assert title == "P学校小学 1 个班超过班额标准" and "46 人" in basis and "≤ 45 人" in basis
    issue = desk.open(day, title=title, basis=basis, school_ids=proposal.school_ids)
    assert SUBJECT not in {p.subject for p in proposals(desk.on(day))}
    with pytest.raises(RequestInvalid, match="不重复建账"):
        desk.open(day)

    issue = desk.corrected(issue, 2)
    with pytest.raises(RequestInvalid, match="仍未达标"):
        desk.step(issue, "closed", date(2023, 2, 5), INSPECTOR)
    desk.publish([45, 45], date(2023, 3, 1))
    issue = desk.step(issue, "closed", date(2023, 3, 2), INSPECTOR, note="核对无误")
    closed = desk.on(date(2023, 3, 3))
    assert closed.issue_states[issue.number].step_id == CLOSED
    [row] = ledger_rows(closed, LOCAL_ADMINISTRATOR)
    assert tuple(row) == LEDGER_COLUMNS
    assert (row["责任单位"], row["责任人"], row["状态"], row["销号日期"]) == (
        "教育局", "演示甲", "已销号", date(2023, 3, 2),
    )  # fmt: skip
    assert row["核验人"] == "演示乙"
    with pytest.raises(RequestInvalid, match="没有显示反弹"):
        desk.step(issue, "assigned", date(2023, 3, 4), unit_id="education", person="演示甲", due=date(2023, 9, 1))

    written = records_version(desk.store)
    desk.publish([47, 43], date(2023, 4, 20))
    reopened = desk.on(date(2023, 4, 21))
    state = reopened.issue_states[issue.number]
    assert (state.step_id, state.is_open, state.reopened_on) == (REOPENED, True, date(2023, 4, 20))
    assert state.finding.verdict is Verdict.NOT_MET
    assert records_version(desk.store) == written, "publishing writes nothing into the ledger"
    assert "2023-04-20" in issue_state_text(state, PLAN)
    assert [row["销号日期"] for row in ledger_rows(reopened, LOCAL_ADMINISTRATOR)] == [None]
    assert SUBJECT not in {p.subject for p in proposals(reopened)}

    again = desk.corrected(issue, 5)
    assert len(again.round) == 4 and len(again.steps) == 9
    assert desk.on(date(2023, 5, 5)).issue_states[issue.number].step_id == "recheck"


def test_a_rollback_re_opens_from_its_own_day(desk: Desk) -> None:
    desk.publish([46, 44], date(2022, 11, 30))
    issue = desk.corrected(desk.open(date(2023, 1, 10)), 2)
    better = desk.publish([45, 45], date(2023, 3, 1))
    desk.step(issue, "closed", date(2023, 3, 2), INSPECTOR)
    publishing.withdraw(desk.store, better, LOCAL_ADMINISTRATOR, datetime(2023, 6, 6), "数据有误")
    state = desk.on(date(2023, 6, 7)).issue_states[issue.number]
    assert (state.step_id, state.reopened_on) == (REOPENED, date(2023, 6, 6))


def test_an_issue_closed_for_a_documented_reason_stays_closed(desk: Desk) -> None:
    desk.publish([46, 44], date(2022, 11, 30))
    issue = desk.corrected(desk.open(date(2023, 1, 10)), 2)
    with pytest.raises(RequestInvalid, match="写明理由"):
        desk.step(issue, "closed", date(2023, 2, 5), INSPECTOR, without_metric=True, note=" ")
    desk.step(issue, "closed", date(2023, 2, 5), INSPECTOR, without_metric=True, note="该班已并入新校区，见纪要")
    desk.publish([48, 42], date(2023, 4, 20))
    state = desk.on(date(2023, 4, 21)).issue_states[issue.number]
    assert (state.step_id, state.is_open, state.reopened_on) == (CLOSED, False, None)


@pytest.mark.parametrize("without_metric", [False, True])
def test_a_closed_issue_says_what_its_figures_say_now(desk: Desk, without_metric: bool) -> None:
    desk.publish([46, 44] if without_metric else [45, 45], date(2022, 11, 30))
    issue = desk.corrected(desk.open(date(2023, 1, 10)), 2)
    issue = desk.step(issue, "closed", date(2023, 2, 5), INSPECTOR, without_metric=without_metric, note="见纪要")

    def said() -> str:
        return closed_text(issue, desk.on(date(2023, 4, 21)).issue_states[issue.number])

    if without_metric:
        assert said() == "已凭理由销号，数据仍未达标，不需要办理。"
        desk.publish([45, 45], date(2023, 3, 1))
        assert said() == "已凭理由销号，数据现已达标，不需要办理。"
    else:
        assert said() == "已销号，数据没有反弹，不需要办理。"
    desk.publish(None, date(2023, 4, 20))
    assert "无法判定" in said() and "没有反弹" not in said()


@pytest.mark.parametrize("name", ["演示甲", " 演示甲 ", "演 示 甲"])
def test_the_corrector_neither_re_checks_nor_closes(desk: Desk, name: str) -> None:
    desk.publish([45, 45], date(2022, 11, 30))
    issue = desk.open(date(2023, 1, 10))
    issue = desk.step(issue, "assigned", date(2023, 2, 1), unit_id="education", person="演示丙", due=date(2023, 5, 1))
    issue = desk.step(issue, "correcting", date(2023, 2, 2), measures="增设一个班")
    issue = desk.step(issue, "evidence", date(2023, 2, 3), evidence="花名册")
    for corrector in (name, "演示丙"):
        with pytest.raises(RequestInvalid, match="另一人"):
            desk.step(issue, "recheck", date(2023, 2, 4), Actor(corrector), passed=True)
    issue = desk.step(issue, "recheck", date(2023, 2, 4), INSPECTOR, passed=True)
    with pytest.raises(RequestInvalid, match="另一人"):
        desk.step(issue, "closed", date(2023, 2, 5), Actor(name))
    assert desk.step(issue, "closed", date(2023, 2, 5), INSPECTOR).closing is not None


def test_steps_are_taken_in_their_order_and_with_what_they_need(desk: Desk) -> None:
    desk.publish([45, 45], date(2022, 11, 30))
    issue = desk.open(date(2023, 1, 10))
    for step_id in ("correcting", "evidence", "recheck", "closed"):
        with pytest.raises(RequestInvalid, match="还不能登记"):
            desk.step(issue, step_id, date(2023, 2, 1), INSPECTOR)
    with pytest.raises(RequestInvalid, match="责任单位、责任人和时限"):
        desk.step(issue, "assigned", date(2023, 2, 1), unit_id="education")
    with pytest.raises(RequestInvalid, match="早于上一步"):
        desk.step(issue, "assigned", date(2023, 1, 9), unit_id="education", person="演示甲", due=date(2023, 5, 1))
    issue = desk.step(issue, "assigned", date(2023, 2, 1), unit_id="education", person="演示甲", due=date(2023, 5, 1))
    with pytest.raises(RequestInvalid, match="整改措施"):
        desk.step(issue, "correcting", date(2023, 2, 2), progress="已开工")
    issue = desk.step(issue, "correcting", date(2023, 2, 2), measures="增设一个班")
    issue = desk.step(issue, "correcting", date(2023, 2, 9), progress="已开工")
    with pytest.raises(RequestInvalid, match="佐证"):
        desk.step(issue, "evidence", date(2023, 2, 10))
    issue = desk.step(issue, "evidence", date(2023, 2, 10), evidence="花名册")
    with pytest.raises(RequestInvalid, match="还差什么"):
        desk.step(issue, "recheck", date(2023, 2, 11), INSPECTOR, passed=False)
    issue = desk.step(issue, "recheck", date(2023, 2, 11), INSPECTOR, passed=False, note="花名册不全")
    with pytest.raises(RequestInvalid, match="还不能登记"):
        desk.step(issue, "closed", date(2023, 2, 12), INSPECTOR)
    assert desk.step(issue, "correcting", date(2023, 2, 13), measures="补全花名册").round[-1].step_id == "correcting"
    late = desk.on(date(2023, 5, 9)).issue_states[issue.number]
    assert (late.standing.level, late.standing.days_late) == ("orange", 8)


def test_only_people_who_may_write_touch_the_ledger(desk: Desk) -> None:
    desk.publish([46, 44], date(2022, 11, 30))
    issue = desk.open(date(2023, 1, 10))
    written = records_version(desk.store)
    with pytest.raises(NotPermitted):
        desk.step(issue, "assigned", date(2023, 2, 1), READER, unit_id="education", person="甲", due=date(2023, 5, 1))
    with pytest.raises(NotPermitted):
        desk.step(issue, "assigned", date(2023, 2, 1), Actor(""), unit_id="education", person="甲",
                  due=date(2023, 5, 1))  # fmt: skip
    assert records_version(desk.store) == written


def test_a_problem_that_no_figure_decides_closes_for_a_reason_only(desk: Desk) -> None:
    desk.publish([45, 45], date(2022, 11, 30))
    issue = desk.open(date(2023, 1, 10), subject="", title="校园周边占道经营", basis="联合检查记录")
    assert Subject.parse(issue.subject).kind == "manual"
    issue = desk.corrected(issue, 2, "执法记录")
    with pytest.raises(RequestInvalid, match="没有对应的指标"):
        desk.step(issue, "closed", date(2023, 2, 5), INSPECTOR)
    desk.step(issue, "closed", date(2023, 2, 5), INSPECTOR, without_metric=True, note="已清退")
    [read] = read_issues(desk.store, COUNTY, date(2023, 2, 6))
    assert read.closing is not None
    assert [i.closing for i in read_issues(desk.store, COUNTY, date(2023, 2, 4))] == [None]


@pytest.mark.parametrize(
    ("subject", "parts"),
    [
        ("row:350526-0007:primary:L5", ("row", "350526-0007", "primary", "L5")),
        ("row:350526-0007:junior", ("row", "350526-0007", "junior", None)),
        ("balance:primary:L5", ("balance", None, "primary", "L5")),
        ("item:G5", ("item", None, None, "G5")),
        ("class_size:A:B:junior", ("class_size", "A:B", "junior", None)),
        ("manual:17", ("manual", None, None, "17")),
        ("row:only", ("manual", None, None, None)),
    ],
)
def test_subjects_are_stable_keys(subject: str, parts: tuple[str | None, ...]) -> None:
    found = Subject.parse(subject)
    assert (found.kind, found.school_id, found.stage, found.code) == parts
