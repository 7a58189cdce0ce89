"""The supervision ledger in Chinese: what an issue is about, what it was when it was found, and what it is now."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.access import Actor
from core.dataset.dictionary import name_of
from core.delivery.ledger.ledger import CLOSED, REOPENED, Issue, IssueState, Step
from core.delivery.on_time import Reason
from core.delivery.owed.proposals import Proposal
from core.method.assessment import Assessment, Verdict
from core.method.subjects import Subject
from core.rules.plan import Plan
from core.rules.standard import Standard
from core.wording.delivery import CV_DECIMALS, level_label, person_text
from core.wording.items import item_detail, item_name
from core.wording.numbers import against_limit, amount_text, decimal_text, limit_text, plain_text, whole_text
from core.wording.verdicts import WORDS

ISSUE_STATES = {
    "open": "已建账，待交办",
    "assigned": "已交办，待整改",
    "correcting": "整改中",
    "evidence": "已报佐证，待核验",
    "recheck": "已核验",
    "closed": "已销号",
    REOPENED: "数据反弹，重新打开",
}
_CLOSED_BY_NAME = "已登记销号，核验、销号人身份未确认，不作数"
_NOW = {
    Verdict.MET: "现已达标",
    Verdict.NOT_MET: "现仍未达标",
    Verdict.NOT_ASSESSABLE: "现数据未报全",
    Verdict.NOT_APPLICABLE: "现已不参评",
}
_CLOSED_SAYS = {
    Verdict.MET: "数据没有反弹",
    Verdict.NOT_MET: "数据仍未达标",
    Verdict.NOT_ASSESSABLE: "现有数据未报全，是否反弹无法判定",
    Verdict.NOT_APPLICABLE: "本学年已不参评",
}


def issue_state_text(state: IssueState, plan: Plan) -> str:
    """How an issue stands, with the days it is late."""
    text = _CLOSED_BY_NAME if state.step_id == CLOSED and state.is_open else ISSUE_STATES[state.step_id]
    if state.reopened_on is not None:
        return f"{text}（自 {state.reopened_on} 起）"
    overdue = state.is_open and state.standing.reason is Reason.OVERDUE
    return f"{text}，{level_label(state.standing, plan)}" if overdue else text


def closed_text(issue: Issue, state: IssueState) -> str:
    """What a closed issue's figures say now, and whether it was closed by them or for a documented reason."""
    closing, found = issue.closing, state.finding
    if not found.has_metric:
        says = "没有指标可核"
    elif closing is not None and closing.without_metric and found.verdict is Verdict.MET:
        says = "数据现已达标"
    else:
        says = _CLOSED_SAYS[found.verdict]
    reason = "凭理由" if closing is not None and closing.without_metric else ""
    return f"已{reason}销号，{says}，不需要办理。"


def issue_title(proposal: Proposal, assessment: Assessment, standard: Standard) -> str:
    """A proposed issue in one line: where and what."""
    if proposal.kind == "item":
        return f"{item_name(proposal.code, standard)}{WORDS[Verdict.NOT_MET]}"
    stage = name_of("stage", proposal.stage or "")
    if proposal.kind == "balance":
        return f"{stage}{standard.indicator(proposal.code).short_name}差异系数超过限值"
    school = school_name(assessment, proposal.school_ids[0])
    if proposal.kind == "class_size":
        return f"{school}{stage} {whole_text(proposal.shortfall)} 个班超过班额标准"
    indicator = standard.indicator(proposal.code)
    below = "低于底线" if proposal.below_floor else "未达标"
    return f"{school}{stage}{indicator.short_name}{below}"


def issue_basis(proposal: Proposal, assessment: Assessment, standard: Standard) -> str:
    """The rule that a proposed issue breaks, with the figures of the school year."""
    year = f"{assessment.year} 学年"
    if proposal.kind == "item":
        clause = standard.item(proposal.code).clause
        return f"{clause}；{year}：{item_detail(assessment.item(proposal.code), standard)}"
    if proposal.value is None or proposal.limit is None:
        return f"{year}数据未报全"
    if proposal.kind == "class_size":
        return (
            f"{standard.item('G5').clause}；{year}最大班额 {whole_text(proposal.value)} 人，"
            f"标准 ≤ {plain_text(proposal.limit)} 人，{whole_text(proposal.shortfall)}/{proposal.total} 个班超标"
        )
    if proposal.kind == "balance":
        cv_limit = standard.balance.limit[proposal.stage or ""]
        value = against_limit(proposal.value, cv_limit, at_least=False, decimals=CV_DECIMALS)
        return f"{standard.balance.clause}；{year}差异系数 {value}，限值 {limit_text(cv_limit, 3)}"
    indicator = standard.indicator(proposal.code)
    limit = indicator.limit[proposal.stage or ""]
    missing = "" if proposal.shortfall is None else f"，缺 {amount_text(proposal.shortfall, indicator.amount_unit)}"
    return (
        f"{indicator.clause}；{year} {against_limit(proposal.value, limit, at_least=True)} {indicator.unit}，"
        f"标准 ≥ {limit_text(limit)}{missing}"
    )


def school_name(assessment: Assessment, school_id: str) -> str:
    """A school's name in the year judged, else its id."""
    named = {c.school_id: c.name for c in assessment.class_sizes}
    named |= {row.school_id: row.name for row in assessment.rows}
    return named.get(school_id, school_id)


def issue_now(issue: Issue, state: IssueState) -> str:
    """What the figures say of an issue now, such as 现 5 个班; empty where none decides it."""
    found = state.finding
    if not found.has_metric:
        return ""
    if found.verdict is not Verdict.NOT_MET:
        return _NOW[found.verdict]
    if found.value is None:
        return _NOW[Verdict.NOT_MET]
    match Subject.parse(issue.subject).kind:
        case "class_size":
            return f"现 {whole_text(found.value)} 个班"
        case "balance":
            return f"现差异系数 {decimal_text(found.value, CV_DECIMALS)}"
        case "row" if found.limit is not None:
            shown = against_limit(found.value, Decimal(str(found.limit)), at_least=True)
            return f"现 {shown}，标准 {plain_text(found.limit)}"
    return _NOW[Verdict.NOT_MET]


def issue_then_and_now(issue: Issue, state: IssueState) -> str:
    """An issue as it was found, with the day, and what it is now: its title alone would repeat old counts."""
    now = issue_now(issue, state)
    return f"{issue.title}（{issue.day} 建账时{f'；{now}' if now else ''}）"


def issue_name(issue: Issue) -> str:
    """An issue as people speak of it: its number on the county's ledger and its title."""
    return f"第 {issue.serial} 号 {issue.title}"


def intervening_text(others: Sequence[Step], plan: Plan, reader: Actor) -> str:
    """What the second of two people at one issue is told: who recorded what meanwhile, and that both are kept."""
    names = {step.step_id: step.name for step in plan.ledger_steps}
    last = others[-1]
    return (
        f"您办理期间，{person_text(last.actor, reader)}已于 {last.recorded_at:%Y-%m-%d %H:%M} 登记“{names[last.step_id]}”；"
        "两次登记都已保留，请核对是否一致。"
    )
