"""Carrying out the plan in Chinese: statuses, reports, ledger steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.access import Actor
from core.dataset.dictionary import name_of
from core.delivery.figures.sub_item_metrics import Trend
from core.delivery.ledger.ledger import REOPENED, Issue, IssueState
from core.delivery.on_time import DONE, NO_DATE, NOT_STARTED, ON_COURSE, UNKNOWN, Reason, Standing
from core.delivery.owed.proposals import Proposal
from core.delivery.records.records import DecisionStatus, EvidenceState, ReportedStatus
from core.delivery.records.records_writing import UpdateReceipt
from core.delivery.status.sub_item_status import Basis, Divergence, SubItemStatus
from core.method.assessment import Assessment, Verdict
from core.rules.plan import Plan
from core.rules.plan_metrics import PairGapMetric
from core.rules.standard import Standard
from core.wording.items import item_detail, item_name
from core.wording.numbers import against_limit, amount_text, plain_text, whole_text
from core.wording.verdicts import WORDS

REPORTED_LABELS: dict[ReportedStatus, str] = {
    "not_started": "未启动",
    "on_track": "正常推进",
    "risk": "有风险（黄）",
    "late": "滞后（红）",
    "done": "已完成",
}
DECISION_LABELS: dict[DecisionStatus, str] = {
    "open": "待办理",
    "in_progress": "办理中",
    "done": "已办结",
    "cancelled": "已取消",
}
EVIDENCE_LABELS: dict[EvidenceState, str] = {"filed": "已归档", "missing": "缺"}
BASIS_LABELS = {"clause": "条款明确", "default": "默认推定", "confirmed": "已确认"}
UNVERIFIED = "身份未核验"
# Readers on the network are no office of the county: names stay with who reports.
HIDDEN_NAME = "姓名不公开"
LEVEL_SHAPES = {DONE: "●", ON_COURSE: "◐", NOT_STARTED: "–", NO_DATE: "○", UNKNOWN: "○"}
LEVEL_COLOURS = {DONE: "绿", ON_COURSE: "蓝", NOT_STARTED: "灰", NO_DATE: "灰", UNKNOWN: "灰"}
_WARNING_SHAPE = "▲"
_WORDS = {DONE: "完成", ON_COURSE: "按期", NOT_STARTED: "未到启动时间", NO_DATE: "未定时限", UNKNOWN: "无法判定"}
DIVERGENCE_SENTENCES = {
    Divergence.DONE_BUT_METRIC_FAILS: "填报为已完成，但数据尚未达标",
    Divergence.DONE_BUT_EVIDENCE_MISSING: "填报为已完成，但佐证材料未齐",
    Divergence.REPORTED_BETTER: "填报为正常，但已逾期未完成",
    Divergence.REPORTED_WORSE: "填报为滞后，但按日期和数据并未滞后",
}
BASIS_SENTENCES = {
    Basis.METRIC: "按数据判断",
    Basis.EVIDENCE: "无量化指标，按佐证判断",
    Basis.MONTHLY_REPORT: "无量化指标，按当月填报判断",
    Basis.SUB_ITEMS: "按相关子项的佐证判断",
}
TREND_WORDS = {Trend.RISE: "增长", Trend.LEVEL: "持平", Trend.FALL: "下降", Trend.UNKNOWN: "无法判定"}
GAP_WORDS = {Trend.RISE: "扩大", Trend.LEVEL: "持平", Trend.FALL: "缩小", Trend.UNKNOWN: "无法判定"}
ISSUE_STATES = {
    "open": "已立账，待交办",
    "assigned": "已交办，待整改",
    "correcting": "整改中",
    "evidence": "已报佐证，待复核",
    "recheck": "已复核",
    "closed": "已销号",
    REOPENED: "数据反弹，重新打开",
}
_CLOSED_SAYS = {
    Verdict.MET: "数据没有反弹",
    Verdict.NOT_MET: "数据仍未达标",
    Verdict.NOT_ASSESSABLE: "现有数据未报全，是否反弹无法判定",
    Verdict.NOT_APPLICABLE: "本学年已不参评",
}
CV_DECIMALS = 3


def level_label(standing: Standing, plan: Plan) -> str:
    """Shape, colour and days, such as 按期 蓝◐ or 红▲ 逾期 20 天."""
    level = standing.level
    if level in _WORDS:
        return f"{_WORDS[level]} {level_sign(level, plan)}"
    ending = {
        Reason.REPAIRED_THIS_MONTH: f"逾期 {standing.days_late} 天后完成",
        Reason.FORECAST_AFTER_DUE: f"预计逾期 {standing.days_late} 天",
    }.get(standing.reason, f"逾期 {standing.days_late} 天")
    return f"{level_sign(level, plan)} {ending}"


def level_sign(level: str, plan: Plan) -> str:
    """A level's colour and shape, such as 蓝◐ or 红▲."""
    if level in _WORDS:
        return f"{LEVEL_COLOURS[level]}{LEVEL_SHAPES[level]}"
    return next(w.name for w in plan.warnings.levels if w.level_id == level)[:1] + _WARNING_SHAPE


def level_meanings(plan: Plan) -> list[tuple[str, str]]:
    """Every level with its sign and its meaning, for a key."""
    warned = []
    for place, level in enumerate(plan.warnings.levels):
        days = (
            f"{level.days_late_from}–{level.days_late_to} 天"
            if level.days_late_to
            else f"{level.days_late_from} 天及以上"
        )
        words = [f"逾期 {days}"]
        words += ["预计逾期"] if place == 0 else []
        words += ["逾期后本月完成"] if level.level_id == plan.warnings.repaired_level else []
        warned.append((level.level_id, "、".join(words)))
    named = [(DONE, _WORDS[DONE]), (ON_COURSE, _WORDS[ON_COURSE]), *warned]
    named += [(NOT_STARTED, _WORDS[NOT_STARTED]), (NO_DATE, f"{_WORDS[NO_DATE]}或{_WORDS[UNKNOWN]}")]
    return [(level, f"{level_sign(level, plan)} {words}") for level, words in named]


def progress_text(standings: Sequence[Standing], unit: str) -> str:
    """How many are done, late and expected to be late, such as 12 个项目中 10 个完成、1 个逾期."""
    late, expected, repaired = (
        sum(s.reason is reason for s in standings)
        for reason in (Reason.OVERDUE, Reason.FORECAST_AFTER_DUE, Reason.REPAIRED_THIS_MONTH)
    )
    words = f"{len(standings)} {unit}中 {sum(s.level == DONE for s in standings)} 个完成、{late} 个逾期"
    words += f"、{expected} 个预计逾期" if expected else ""
    return words + (f"、{repaired} 个逾期后本月完成" if repaired else "")


def standing_sentence(standing: Standing) -> str:
    """Why something stands as it does."""
    due, days = standing.due, standing.days_late
    return {
        Reason.DONE_IN_TIME: f"期限 {due}，截至 {standing.completed_on} 已完成",
        Reason.DONE_LATE: f"期限 {due}，逾期 {days} 天后完成",
        Reason.REPAIRED_THIS_MONTH: f"期限 {due}，逾期 {days} 天后于本月完成，当月仍予列示",
        Reason.OVERDUE: f"期限 {due}，已逾期 {days} 天",
        Reason.FORECAST_AFTER_DUE: f"期限 {due}，预计晚 {days} 天完成",
        Reason.UNDER_WAY: f"期限 {due}，尚未到期",
        Reason.NOT_YET_BEGUN: f"期限 {due}，未到启动时间",
        Reason.NO_DUE_DATE: "没有时限，须补定",
        Reason.NO_FACTS: f"期限 {due}，当年数据尚未发布",
        Reason.METRIC_UNDECIDED: f"期限 {due}，数据未报全，无法判定",
    }[standing.reason]


def status_sentence(status: SubItemStatus, plan: Plan) -> str:
    """The computed status, what it rests on, the report beside it and the difference."""
    parts = [level_label(status.standing, plan), standing_sentence(status.standing), BASIS_SENTENCES[status.basis]]
    if status.basis is Basis.EVIDENCE:
        parts[-1] += f"（{status.evidence_filed}/{status.evidence_required} 份已归档）"
    elif status.metric is not None:
        parts[-1] += f"（{metric_text(status)}）"
    if status.differing:
        parts.append(f"{len(status.differing)} 个乡镇填报与核算不一致")
    if status.behind:
        parts.append(f"{len(status.behind)} 个乡镇逾期")
    reported = status.reported
    parts.append("尚未填报" if reported is None else f"{reported.day} 填报：{REPORTED_LABELS[reported.status]}")
    if status.divergence is not None:
        parts.append(DIVERGENCE_SENTENCES[status.divergence])
    return "；".join(parts)


def metric_text(status: SubItemStatus) -> str:
    """The sub-item's metric in the year whose figures count: verdict and figures."""
    result = status.metric
    if result is None:
        return "无量化指标"
    words = GAP_WORDS if isinstance(status.sub_item.metric, PairGapMetric) else TREND_WORDS
    if result.trend is not None:
        return f"{result.year} 年比上年{words[result.trend]}"
    shown = f"{result.year} 年{WORDS[result.verdict]}"
    if result.numerator is not None and result.denominator is not None:
        shown += f" {plain_text(result.numerator)}/{plain_text(result.denominator)}"
    return shown


def receipt_sentence(receipt: UpdateReceipt) -> str | None:
    """What the second of two writers is told; None when nobody wrote in between."""
    if not receipt.intervening:
        return None
    other = receipt.intervening[-1]
    return (
        f"您填报期间，{other.actor}已于 {other.recorded_at:%Y-%m-%d %H:%M} 更新了同一子项"
        f"（{REPORTED_LABELS[other.status]}）；两次填报都已保留，现以您的为准，请核对。"
    )


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────
def issue_state_text(state: IssueState, plan: Plan) -> str:
    """How an issue stands, with the days it is late."""
    text = ISSUE_STATES[state.step_id]
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
        return f"{standard.balance.clause}；{year}差异系数 {value}，限值 {plain_text(cv_limit)}"
    indicator = standard.indicator(proposal.code)
    limit = indicator.limit[proposal.stage or ""]
    missing = "" if proposal.shortfall is None else f"，缺 {amount_text(proposal.shortfall, indicator.amount_unit)}"
    return (
        f"{indicator.clause}；{year} {against_limit(proposal.value, limit, at_least=True)} {indicator.unit}，"
        f"标准 ≥ {plain_text(limit)}{missing}"
    )


def school_name(assessment: Assessment, school_id: str) -> str:
    """A school's name in the year judged, else its id."""
    named = {c.school_id: c.name for c in assessment.class_sizes}
    named |= {row.school_id: row.name for row in assessment.rows}
    return named.get(school_id, school_id)


def issue_name(issue: Issue) -> str:
    """An issue as people speak of it: its number on the county's ledger and its title."""
    return f"第 {issue.serial} 号 {issue.title}"


def person_text(name: str, reader: Actor) -> str:
    """A person's name as this reader may see it."""
    return name if reader.sees_names else HIDDEN_NAME


def signature(name: str, verified: bool, reader: Actor) -> str:
    """Who signed a record, as this reader may see it."""
    return person_text(name, reader) if verified or not reader.sees_names else f"{name}（{UNVERIFIED}）"


def unit_name(plan: Plan, unit_id: str, township_code: str | None, township_names: Mapping[str, str]) -> str:
    """A reporting unit's name; a township by its own."""
    if township_code is not None:
        return township_names.get(township_code, township_code)
    return plan.unit(unit_id).name
