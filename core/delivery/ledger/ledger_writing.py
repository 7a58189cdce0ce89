"""Writing the supervision ledger: opening an issue, then one step after the other, each with the files attached to it.

    open_issue(store, plan, facts, county_code, draft, actor, now, uploads) -> Issue
    take_steps(store, plan, facts, county_code, drafts, actor, now, uploads) -> Issue
    add_issues, add_steps                                             the same inside a write that is under way

`facts` are the county's current ones: an issue is not opened twice, and closing looks at the metric.
All raise RequestInvalid with the sentence that says what is missing; nothing is written then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

import duckdb

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
    IssueSource,
    IssueState,
    Step,
    StepDraft,
    correctors,
    issue_of,
    issue_state,
    next_steps,
    read_issues,
)
from core.delivery.records.attachments import Upload, attach
from core.delivery.records.records import add_rows, take_numbers
from core.delivery.records.records_writing import (
    check_choice,
    check_day,
    check_sub_item,
    check_term,
    check_township,
    check_unit,
    header,
    unit_scope,
)
from core.errors import RequestInvalid
from core.method.assessment import Verdict
from core.method.subjects import Subject
from core.rules.plan import Plan
from core.store.database import Store


def open_issue(
    store: Store,
    plan: Plan,
    facts: FactsByYear,
    county_code: str,
    draft: IssueDraft,
    actor: Actor,
    now: datetime,
    uploads: Sequence[Upload] = (),
) -> Issue:
    """Put a problem on the ledger; refuses one whose subject is on it and still open."""
    require(actor, "supervise", county_code)
    if draft.source == "visit":
        raise RequestInvalid("责任督学随访发现的问题，请登记督导记录，由它建账。")
    if draft.source == "mock_evaluation" and draft.source_id:
        raise RequestInvalid("实地核查发现的问题，请在模拟评估的核查表中登记，由它建账。")
    with store.write() as cursor:
        return add_issues(store, cursor, plan, facts, county_code, [(draft, uploads)], actor, now)[0]


def add_issues(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    plan: Plan,
    facts: FactsByYear,
    county_code: str,
    drafts: Sequence[tuple[IssueDraft, Sequence[Upload]]],
    actor: Actor,
    now: datetime,
) -> list[Issue]:
    """Put problems on the ledger in a write whose guard the actor has passed."""
    known_issues = read_issues(store, county_code, now.date())
    added: list[Issue] = []
    for given, uploads in drafts:
        draft = replace(given, subject=given.subject or _subject_of_source(given))
        check_issue(plan, county_code, draft)
        check_day(draft.day, now.date())
        for known in known_issues:
            again = bool(draft.subject) and known.subject == draft.subject
            if again and issue_state(known, plan, facts, max(draft.day, known.day)).is_open:
                raise RequestInvalid(f"“{known.title}”已在台账上（第 {known.serial} 号）且未销号，不重复建账。")
        number = take_numbers(cursor, 1)[0]
        kept = draft if draft.subject else replace(draft, subject=str(Subject.manual(number)))
        row = {**asdict(kept), **header(number, county_code, actor, now)}
        serial = len(known_issues) + len(added) + 1
        keep_action(cursor, actor, "supervise", f"台账第 {serial} 号", now, after=row)
        add_rows(cursor, "ledger_issues", [row])
        attach(store, cursor, "issue", row, uploads)
        added.append(issue_of({**row, "serial": serial}))
    return added


def _subject_of_source(draft: IssueDraft) -> str:
    """An item that cannot be judged is decided by its own figures once they are in."""
    return str(Subject.of_item(draft.source_id)) if draft.source == "unknown" and draft.source_id else ""


def take_step(
    store: Store, plan: Plan, facts: FactsByYear, county_code: str, draft: StepDraft, actor: Actor, now: datetime
) -> Issue:
    """Record the next step of an issue; the issue as it then stands."""
    return take_steps(store, plan, facts, county_code, [draft], actor, now)


def take_steps(
    store: Store,
    plan: Plan,
    facts: FactsByYear,
    county_code: str,
    drafts: Sequence[StepDraft],
    actor: Actor,
    now: datetime,
    uploads: Sequence[Upload] = (),
) -> Issue:
    """Record steps of one issue that belong together, all or none; files belong to the last of them.

    The issue as it then stands also holds what others recorded meanwhile.
    """
    with store.write() as cursor:
        return add_steps(store, cursor, plan, facts, county_code, drafts, actor, now, uploads)


def add_steps(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    plan: Plan,
    facts: FactsByYear,
    county_code: str,
    drafts: Sequence[StepDraft],
    actor: Actor,
    now: datetime,
    uploads: Sequence[Upload] = (),
    *,
    guarded: bool = True,
) -> Issue:
    """Record steps in a write that is under way; `guarded` is False where its own guard lets the actor take them."""
    issues = {issue.number: issue for issue in read_issues(store, county_code, now.date())}
    issue = issues.get(drafts[0].issue_number) if len({draft.issue_number for draft in drafts}) == 1 else None
    if issue is None:
        raise RequestInvalid("台账上没有这件问题，链接可能不完整；请从台账列表中选择。")
    for draft in drafts:
        check_day(draft.day, now.date())
        if guarded:
            require(actor, step_action(draft.step_id), issue_scope(plan, issue))
        check_step(plan, facts, issue, draft, actor)
        row = {**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now)}
        before = asdict(issue.steps[-1]) if issue.steps else None
        subject = f"台账第 {issue.serial} 号"
        keep_action(cursor, actor, step_action(draft.step_id), subject, now, before=before, after=row)
        add_rows(cursor, "ledger_steps", [row])
        if draft is drafts[-1]:
            attach(store, cursor, "step", row, uploads)
        issue = replace(issue, steps=(*issue.steps, Step(**row)))
    return issue


def step_action(step_id: str) -> Action:
    """What taking a step is, as rights name it: the office assigns, the unit corrects, another person checks and closes."""
    if step_id in (CORRECTING, EVIDENCE):
        return "correct"
    return "check" if step_id in (RECHECK, CLOSED) else "supervise"


def issue_scope(plan: Plan, issue: Issue) -> Scope:
    """Whose matter an issue is: that of the unit, or the school, that it was last assigned to."""
    assigned = issue.latest(ASSIGNED)
    if assigned is not None and assigned.school_id:
        return Scope(f"学校（{assigned.school_id}）", school_ids=frozenset({assigned.school_id}))
    return unit_scope(plan, (assigned.unit_id if assigned else None) or "", issue.township_code)


def opening_scope(plan: Plan, issue: Issue) -> Scope:
    """Whose files an issue's are: of whoever corrects it, and of the schools concerned."""
    scope = issue_scope(plan, issue)
    return replace(scope, school_ids=scope.school_ids | set(issue.school_ids))


def check_issue(plan: Plan, county_code: str, draft: IssueDraft) -> None:
    """Raises RequestInvalid when an issue says too little, or names as its source what is not there."""
    check_township(county_code, draft.township_code)
    check_choice(draft.source, IssueSource, "问题来源")
    if not draft.title.strip() or not draft.basis.strip():
        raise RequestInvalid("建账须写明问题和依据。")
    if draft.source == "overdue":
        if not draft.source_id:
            raise RequestInvalid("来源为任务逾期的，须选择是哪项具体措施。")
        check_sub_item(plan, draft.source_id)
    if draft.source == "unknown" and draft.source_id not in {route.subject for route in plan.routes}:
        raise RequestInvalid("来源为数据无法判定的，须选择是哪个指标。")


def check_step(plan: Plan, facts: FactsByYear, issue: Issue, draft: StepDraft, actor: Actor) -> None:
    """Raises RequestInvalid when the step is out of turn, lacks something, or is taken by the wrong person."""
    latest = issue.steps[-1].day if issue.steps else issue.day
    state = issue_state(issue, plan, facts, max(draft.day, latest))
    if not state.is_open:
        raise RequestInvalid(f"第 {issue.serial} 号问题已销号，现有数据没有显示反弹，不能再登记。")
    check_turn(plan, issue, draft, actor)
    check_term(plan, draft.day, draft.due, draft.note)
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
        if not (draft.unit_id or draft.school_id) or not draft.person.strip() or draft.due is None:
            raise RequestInvalid(f"{place}：交办须填写责任单位、责任人和时限。")
        if draft.unit_id and draft.school_id:
            raise RequestInvalid(f"{place}：一次交办只能给一个单位或一所学校。")
        if draft.unit_id:
            check_unit(plan, draft.unit_id)
        if draft.school_id and draft.school_id not in issue.school_ids:
            raise RequestInvalid(f"{place}不涉及学校“{draft.school_id}”，不能交给它整改；请从涉及的学校中选择。")
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
            raise RequestInvalid(f"{place}：核验须写明通过或不通过。")
        if not draft.passed and not draft.note.strip():
            raise RequestInvalid(f"{place}：核验不通过的，须写明还差什么。")


def _check_second_person(issue: Issue, actor: Actor, place: str) -> None:
    if as_compared(actor.name) in correctors(issue):
        raise RequestInvalid(f"{place}：{actor.name.strip()}参与了整改，核验和销号须由另一人办理。")


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
