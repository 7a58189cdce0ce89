"""Carrying out the plan in Chinese: statuses, reports, ledger steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.access import Actor
from core.delivery.figures.sub_item_metrics import Trend
from core.delivery.on_time import (
    AT_RISK,
    CLAIMED,
    DONE,
    HISTORY,
    NO_DATE,
    NOT_REACHED,
    NOT_STARTED,
    ON_COURSE,
    UNKNOWN,
    Reason,
    Standing,
)
from core.delivery.records.persons import ResponsiblePerson
from core.delivery.records.records import (
    DecisionStatus,
    EvidenceDocument,
    EvidenceReview,
    EvidenceState,
    ReportedStatus,
)
from core.delivery.records.records_writing import UpdateReceipt
from core.delivery.status.obligation import Obligation
from core.delivery.status.sub_item_status import Basis, Divergence, SubItemStatus
from core.rules.plan import Plan
from core.rules.plan_metrics import PairGapMetric
from core.wording.numbers import plain_text
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
EVIDENCE_STATES = {
    "missing": "缺",
    "incomplete": "登记未全",
    "filed": "已归档，待核验",
    "returned": "已退回",
    "confirmed": "已核验",
}
EVIDENCE_LABELS: dict[EvidenceState, str] = {"filed": "已归档", "missing": "缺"}
BASIS_LABELS = {"clause": "条款明确", "default": "默认推定", "confirmed": "已确认"}
UNVERIFIED = "身份未确认"
NOBODY_NAMED = "未明确"
# Readers on the network are no office of the county: names stay with who reports.
HIDDEN_NAME = "姓名不公开"
LEVEL_SIGNS = {
    DONE: "绿●",
    ON_COURSE: "蓝◐",
    CLAIMED: "灰◐",
    AT_RISK: "橙◇",
    NOT_REACHED: "红△",
    NOT_STARTED: "灰–",
    NO_DATE: "灰○",
    UNKNOWN: "灰○",
    HISTORY: "灰–",
}
_WARNING_SHAPE = "▲"
_WORDS = {
    DONE: "完成",
    ON_COURSE: "按期",
    CLAIMED: "自报，待佐证",
    AT_RISK: "按近年速度不能按期达到",
    NOT_REACHED: "未达到",
    NOT_STARTED: "未到启动时间",
    NO_DATE: "未定时限",
    UNKNOWN: "无法判定",
    HISTORY: "历史方案",
}
_TO_BE_CONFIRMED = "已归档，待核验"
DIVERGENCE_SENTENCES = {
    Divergence.DONE_BUT_METRIC_FAILS: "填报为已完成，但数据尚未达标",
    Divergence.DONE_BUT_EVIDENCE_MISSING: "填报为已完成，但佐证材料未齐",
    Divergence.REPORTED_BETTER: "填报为正常，但已逾期未完成",
    Divergence.REPORTED_WORSE: "填报为滞后，但按日期和数据并未滞后",
}
BASIS_SENTENCES = {
    Basis.METRIC: "按数据判断",
    Basis.EVIDENCE: "无量化指标，按佐证判断",
    Basis.RECORDS: "按项目、台账、责任人的登记判断",
    Basis.SUB_ITEMS: "按相关具体措施的佐证判断",
}
TREND_WORDS = {Trend.RISE: "增长", Trend.LEVEL: "持平", Trend.FALL: "下降", Trend.UNKNOWN: "无法判定"}
GAP_WORDS = {Trend.RISE: "扩大", Trend.LEVEL: "持平", Trend.FALL: "缩小", Trend.UNKNOWN: "无法判定"}
CV_DECIMALS = 3


def level_label(standing: Standing, plan: Plan) -> str:
    """Shape, colour and days, such as 按期 蓝◐ or 红▲ 逾期 20 天."""
    level = standing.level
    if standing.reason is Reason.TO_BE_CONFIRMED:
        return f"{_TO_BE_CONFIRMED} {level_sign(level, plan)}"
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
        return LEVEL_SIGNS[level]
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
    named = [(DONE, _WORDS[DONE]), (ON_COURSE, _WORDS[ON_COURSE])]
    named += [(CLAIMED, f"{_WORDS[CLAIMED]}或{_TO_BE_CONFIRMED}"), *warned]
    named += [(level, _WORDS[level]) for level in (AT_RISK, NOT_REACHED)]
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
        Reason.DECIDED_SHORT: f"期限 {due}，判定所用的数据已到，未达到；期限前没有新的数据，已不能按期达到",
        Reason.PACE_SHORT: f"期限 {due}，按近年速度不能按期达到",
        Reason.NOT_KEPT: f"应持续做到，至 {due} 逐月核对，目前没有做到",
        Reason.PLAN_IS_HISTORY: f"原期限 {due}，县已通过认定，方案转为历史，不再计逾期",
        Reason.REPORTED_ONLY: f"期限 {due}，单位自报完成，尚无佐证材料",
        Reason.TO_BE_CONFIRMED: f"期限 {due}，材料已按期归档，待另一人核验确认",
    }[standing.reason]


def status_sentence(status: SubItemStatus, plan: Plan) -> str:
    """The computed status, what it rests on, the report beside it and the difference."""
    parts = [level_label(status.standing, plan), standing_sentence(status.standing), BASIS_SENTENCES[status.basis]]
    if status.basis is Basis.EVIDENCE:
        parts[-1] += f"（{evidence_text(status)}）"
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


def evidence_text(status: SubItemStatus) -> str:
    """How many of the required documents are filed and confirmed, such as 2/2 份已归档，1 份已核验."""
    words = f"{status.evidence_filed}/{status.evidence_required} 份已归档"
    return words + (f"，{status.evidence_confirmed} 份已核验" if status.evidence_filed else "")


def evidence_state(document: EvidenceDocument | None, review: EvidenceReview | None) -> str:
    """How a required document stands: a key of EVIDENCE_STATES. A name that no login vouches for confirms nothing."""
    if document is None or document.state == "missing":
        return "missing"
    if not document.is_filed:
        return "incomplete"
    if review is None or (review.confirmed and not review.verified):
        return "filed"
    return "confirmed" if review.confirmed else "returned"


def document_text(document: EvidenceDocument) -> str:
    """A document as papers cite it: title, number, date."""
    number = f" {document.document_number}" if document.document_number else ""
    day = f"（{document.document_date}）" if document.document_date else ""
    return f"{document.title}{number}{day}"


def units_text(plan: Plan, obligation: Obligation) -> str:
    """Who owes a sub-item: the lead first, then who shares in it."""
    lead = obligation.lead_unit_id
    sharing = [plan.unit(r.unit_id).name for r in obligation.sub_item.co_units if r.unit_id != lead]
    behind = f"；配合：{'、'.join(sharing)}" if sharing else ""
    return f"{plan.unit(lead).name}牵头{behind}"


def responsible_text(person: ResponsiblePerson | None, reader: Actor) -> str:
    """Who answers by name, with post and telephone as this reader may see them; a blank shows."""
    if person is None:
        return NOBODY_NAMED
    if not reader.sees_names:
        return f"{person.post or '已明确'}（{HIDDEN_NAME}）"
    return " ".join(part for part in (person.person, person.post, person.phone) if part)


def missed_text(status: SubItemStatus) -> str:
    """The dates that passed unmet before another was set; empty where none did."""
    return "；".join(f"原期限 {m.due} 未完成，{m.replaced_on} 改期（{m.rests_on}）" for m in status.missed)


def metric_text(status: SubItemStatus) -> str:
    """The sub-item's metric in the year whose figures count: verdict and figures."""
    result = status.metric
    if result is None:
        return "无量化指标"
    words = GAP_WORDS if isinstance(status.sub_item.metric, PairGapMetric) else TREND_WORDS
    if result.trend is not None:
        return f"{result.year} 年比上年{words[result.trend]}"
    held, of = result.numerator, result.denominator
    if status.basis is Basis.RECORDS:
        return "尚无登记" if held is None or not of else f"{plain_text(held)}/{plain_text(of)} 符合"
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
        f"您填报期间，{other.actor}已于 {other.recorded_at:%Y-%m-%d %H:%M} 更新了同一具体措施"
        f"（{REPORTED_LABELS[other.status]}）；两次填报都已保留，现以您的为准，请核对。"
    )


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
