"""Writing the supervision ledger: opening an issue, then one step after the other.

    open_issue(store, plan, facts, county_code, draft, actor, now) -> Issue
    take_step(store, plan, facts, county_code, draft, actor, now) -> Issue

`facts` are the county's current ones: an issue is not opened twice, and closing looks at the metric.
Both raise RequestInvalid with the sentence that says what is missing; nothing is written then.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from core.access import Action, Actor, Scope, require
from core.audit import keep_action
from core.dataset.characters import as_compared
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.ledger.ledger import (
    ASSIGNED,
    CLOSED,
    CORRECTING,
    EVIDENCE,
    RECHECK,
    Issue,
    IssueDraft,
    IssueState,
    Step,
    StepDraft,
    correctors,
    issue_of,
    issue_state,
    next_steps,
    read_issues,
)
from core.delivery.records.records import add_rows, take_numbers
from core.delivery.records.records_writing import check_day, check_township, check_unit, header, unit_scope
from core.errors import RequestInvalid
from core.method.assessment import Verdict
from core.method.subjects import Subject
from core.rules.plan import Plan
from core.store.database import Store


def open_issue(
    store: Store, plan: Plan, facts: FactsByYear, county_code: str, draft: IssueDraft, actor: Actor, now: datetime
) -> Issue:
    """Put a problem on the ledger; refuses one whose subject is on it and still open."""
    require(actor, "supervise", county_code)
    check_issue(county_code, draft)
    check_day(draft.day, now.date())
    with store.write() as cursor:
        known_issues = read_issues(store, county_code, now.date())
        for known in known_issues:
            again = bool(draft.subject) and known.subject == draft.subject
            if again and issue_state(known, plan, facts, max(draft.day, known.day)).is_open:
                raise RequestInvalid(f"“{known.title}”已在台账上（第 {known.serial} 号）且未销号，不重复立账。")
        number = take_numbers(cursor, 1)[0]
        kept = draft if draft.subject else replace(draft, subject=str(Subject.manual(number)))
        row = {**asdict(kept), **header(number, county_code, actor, now)}
        keep_action(cursor, actor, "supervise", f"台账第 {len(known_issues) + 1} 号", now, after=row)
        add_rows(cursor, "ledger_issues", [row])
    return issue_of({**row, "serial": len(known_issues) + 1})


def take_step(
    store: Store, plan: Plan, facts: FactsByYear, county_code: str, draft: StepDraft, actor: Actor, now: datetime
) -> Issue:
    """Record the next step of an issue; the issue as it then stands."""
    check_day(draft.day, now.date())
    with store.write() as cursor:
        issues = {issue.number: issue for issue in read_issues(store, county_code, now.date())}
        issue = issues.get(draft.issue_number)
        if issue is None:
            raise RequestInvalid("台账上没有这件问题，链接可能不完整；请从台账列表中选择。")
        require(actor, step_action(draft.step_id), issue_scope(plan, issue))
        check_step(plan, facts, issue, draft, actor)
        step = Step(**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now))
        before = asdict(issue.steps[-1]) if issue.steps else None
        keep_action(
            cursor,
            actor,
            step_action(draft.step_id),
            f"台账第 {issue.serial} 号",
            now,
            before=before,
            after=asdict(step),
        )
        add_rows(cursor, "ledger_steps", [asdict(step)])
    return replace(issue, steps=(*issue.steps, step))


def step_action(step_id: str) -> Action:
    """What taking a step is, as rights name it: the office assigns, the unit corrects, another person checks and closes."""
    if step_id in (CORRECTING, EVIDENCE):
        return "correct"
    return "check" if step_id in (RECHECK, CLOSED) else "supervise"


def issue_scope(plan: Plan, issue: Issue) -> Scope:
    """Who answers for an issue: the unit that it was last assigned to, in a township where it has one."""
    unit_id = next((step.unit_id for step in reversed(issue.steps) if step.unit_id), "")
    return unit_scope(plan, unit_id, issue.township_code)


def check_issue(county_code: str, draft: IssueDraft) -> None:
    """Raises RequestInvalid when an issue says too little."""
    check_township(county_code, draft.township_code)
    if not draft.title.strip() or not draft.basis.strip():
        raise RequestInvalid("立账须写明问题和依据。")


def check_step(plan: Plan, facts: FactsByYear, issue: Issue, draft: StepDraft, actor: Actor) -> None:
    """Raises RequestInvalid when the step is out of turn, lacks something, or is taken by the wrong person."""
    latest = issue.steps[-1].day if issue.steps else issue.day
    state = issue_state(issue, plan, facts, max(draft.day, latest))
    if not state.is_open:
        raise RequestInvalid(f"第 {issue.serial} 号问题已销号，现有数据没有显示反弹，不能再登记。")
    check_turn(plan, issue, draft, actor)
    if draft.step_id == CLOSED:
        _check_closing(state, draft, f"第 {issue.serial} 号问题")


def check_turn(plan: Plan, issue: Issue, draft: StepDraft, actor: Actor) -> None:
    """What can be told of a step without figures: its turn, its day, its content, its person."""
    names = {step.step_id: step.name for step in plan.ledger_steps}
    latest = issue.steps[-1].day if issue.steps else issue.day
    place = f"第 {issue.serial} 号问题"
    if draft.step_id not in names:
        raise RequestInvalid(f"{place}：台账没有“{draft.step_id}”这一步；应为：{'、'.join(names.values())}。")
    if draft.day < latest:
        raise RequestInvalid(f"{place}：日期 {draft.day} 早于上一步的 {latest}。")
    allowed = [step.step_id for step in next_steps(issue, plan)]
    if draft.step_id not in allowed:
        current = names[issue.round[-1].step_id] if issue.round else plan.ledger_steps[0].name
        can = "、".join(names[step_id] for step_id in allowed)
        raise RequestInvalid(f"{place}现为“{current}”，还不能登记“{names[draft.step_id]}”；可登记：{can}。")
    _check_content(plan, issue, draft, place)
    if draft.step_id in (RECHECK, CLOSED):
        _check_second_person(issue, actor, place)


def _check_content(plan: Plan, issue: Issue, draft: StepDraft, place: str) -> None:
    if draft.step_id == ASSIGNED:
        if not draft.unit_id or not draft.person.strip() or draft.due is None:
            raise RequestInvalid(f"{place}：交办须填写责任单位、责任人和时限。")
        check_unit(plan, draft.unit_id)
        if draft.due < draft.day:
            raise RequestInvalid(f"{place}：时限 {draft.due} 早于交办日期 {draft.day}。")
    if draft.step_id == CORRECTING:
        begun = any(step.step_id == CORRECTING for step in issue.round)
        if not draft.measures.strip() and not (begun and draft.progress.strip()):
            raise RequestInvalid(f"{place}：整改须填写整改措施；已填过措施的，须填写进展。")
    if draft.step_id == EVIDENCE and not draft.evidence.strip():
        raise RequestInvalid(f"{place}：须填写佐证材料的名称或存放位置。")
    if draft.step_id == RECHECK:
        if draft.passed is None:
            raise RequestInvalid(f"{place}：复核须写明通过或不通过。")
        if not draft.passed and not draft.note.strip():
            raise RequestInvalid(f"{place}：复核不通过的，须写明还差什么。")


def _check_second_person(issue: Issue, actor: Actor, place: str) -> None:
    if as_compared(actor.name) in correctors(issue):
        raise RequestInvalid(f"{place}：{actor.name.strip()}参与了整改，复核和销号须由另一人办理。")


def _check_closing(state: IssueState, draft: StepDraft, place: str) -> None:
    if state.finding.verdict is Verdict.MET and not draft.without_metric:
        return
    if draft.without_metric and draft.note.strip():
        return
    if not state.finding.has_metric:
        raise RequestInvalid(f"{place}没有对应的指标，销号须写明理由和依据。")
    found = {
        Verdict.NOT_MET: "现有数据仍未达标",
        Verdict.NOT_ASSESSABLE: "现有数据无法判定",
        Verdict.NOT_APPLICABLE: "现有数据中已没有这个对象",
        Verdict.MET: "选择了凭理由销号",
    }[state.finding.verdict]
    raise RequestInvalid(f"{place}：{found}；须待数据达标，或写明理由后销号。")
