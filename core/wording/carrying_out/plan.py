"""What the plan lays down, in Chinese: what decides a sub-item, how often it falls due, what an entry says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.dataset.dictionary import figure_name
from core.delivery.records.amendments import SECTION_NAMES
from core.delivery.records.stages import Stage
from core.rules.plan import Plan, SubItem
from core.rules.plan_metrics import (
    BalanceMetric,
    ComparisonMetric,
    GrowthMetric,
    IndicatorMetric,
    ItemMetric,
    LedgerMetric,
    PairGapMetric,
    PersonsMetric,
    ProjectsDoneMetric,
    ProjectSlotsMetric,
    RatioMetric,
    TargetMetric,
    VetoMetric,
)
from core.rules.standard import Standard
from core.wording.items import item_name
from core.wording.numbers import plain_text, share_text

STAGE_LABELS: Mapping[Stage, str] = {"creating": "创建", "declared": "已申报", "recognised": "已认定（监测复查）"}
# The keys of a plan's entry as people call them.
KEY_NAMES: Mapping[str, str] = {
    "title": "名称",
    "name": "名称",
    "full_name": "全称",
    "clause": "条款",
    "aim": "要求",
    "goal": "所属目标",
    "lead": "牵头单位",
    "co_units": "配合单位",
    "start": "开始",
    "due": "期限",
    "recurring": "周期",
    "deliverable": "成果",
    "evidence": "应有佐证",
    "metric": "判断",
    "measure": "衡量",
    "by_year": "目标年份",
    "deadline": "期限",
    "snapshot_year": "判定数据年份",
    "limit": "限值",
    "assumption": "说明",
    "from": "起",
    "to": "止",
    "first_year": "首年",
    "last_year": "末年",
    "months": "周期（月）",
    "kind": "类别",
    "role": "身份",
    "remedies": "补救办法",
    "days_late_from": "逾期天数起",
    "days_late_to": "逾期天数止",
    "sub_item": "具体措施",
    "members": "成员",
    "scope": "范围",
    "operator": "比较",
    "limit_from": "限值来源",
}
_RECURRING = {None: "", "yearly": "，每年", "monthly": "，每月"}


def recurrence_words(sub_item: SubItem) -> str:
    """How often a sub-item falls due; empty for once."""
    return _RECURRING[sub_item.recurring]


def metric_words(sub_item: SubItem, plan: Plan, standard: Standard) -> str:
    """What decides a sub-item."""
    match sub_item.metric:
        case None:
            return "无量化指标，按佐证"
        case ItemMetric(code) | VetoMetric(code, _):
            return item_name(code, standard)
        case IndicatorMetric(code):
            return f"{standard.indicator(code).short_name}，学校全部达标"
        case BalanceMetric():
            return "差异系数全部达标"
        case GrowthMetric() as growth:
            per = f"÷{figure_name(growth.per)}" if growth.per else ""
            return f"{figure_name(growth.figure)}{per}{'不下降' if growth.requires == 'no_fall' else '逐年增长'}"
        case RatioMetric() as ratio:
            return f"{figure_name(ratio.numerator)}÷{figure_name(ratio.denominator)} {_SIGNS[ratio.operator]} {share_text(ratio.limit, 0)}"
        case ComparisonMetric() as compared:
            return f"{figure_name(compared.figure)} {_SIGNS[compared.operator]} {figure_name(compared.target)}"
        case PairGapMetric():
            return "结对学校差距不扩大"
        case TargetMetric(target_id):
            return f"限期目标“{plan.dated_target(target_id).name}”"
        case ProjectSlotsMetric():
            return "项目“六个一”登记齐全"
        case ProjectsDoneMetric() as done:
            return f"计划 {done.planned_by} 前完工的项目全部完工"
        case LedgerMetric():
            return "台账问题都有人办、没有逾期和反弹"
        case PersonsMetric():
            return "每项具体措施都明确了责任人"


_SIGNS = {">=": "≥", "<=": "≤"}


def entry_words(entry: Mapping[str, Any] | None, plan: Plan, only: set[str] | None = None) -> str:
    """An entry of the plan's file in one line, the units by name; only these keys where they are given."""
    if entry is None:
        return "—"
    units = {unit.unit_id: unit.name for unit in plan.units}
    order = [*(key for key in KEY_NAMES if key in entry), *(key for key in entry if key not in KEY_NAMES)]
    parts = [
        f"{KEY_NAMES.get(key, key)}：{_value(entry[key], units).removesuffix('。')}"
        for key in order
        if key not in ("id", "subject") and (only is None or key in only)
    ]
    return "；".join(parts) or "—"


def entry_label(section: str, entry_id: str, entry: Mapping[str, Any] | None) -> str:
    """An entry by its section and name, a task and a sub-item by their numbers too."""
    named = entry or {}
    name = str(named.get("title") or named.get("name") or entry_id)
    number = f"{entry_id} " if section in ("tasks", "sub_items") and name != entry_id else ""
    return f"{SECTION_NAMES[section]}：{number}{name}"


def changed_keys(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> set[str]:
    """The keys in which two versions of an entry differ."""
    old, new = before or {}, after or {}
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}


def _value(value: object, units: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return "、".join(text for each in value.values() if (text := _value(each, units)))
    if isinstance(value, list | tuple):
        return "、".join(_value(each, units) for each in value)
    if isinstance(value, Decimal | float):
        return plain_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return units.get(str(value), _WORDS.get(str(value), str(value)))


_WORDS = {
    "default": "",
    "clause": "",
    "yearly": "每年",
    "monthly": "每月",
    "county": "全县",
    "central_area": "城关中心区",
    "department": "部门",
    "member": "成员单位",
    "addressed": "主送单位",
    "named_in_clause": "条款提及",
}
