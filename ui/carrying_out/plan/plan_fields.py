"""The fields of a plan's entry as a form asks for them, section by section, in the shape of the plan's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import streamlit as st

from core.rules.plan import Division
from core.wording.items import item_name
from ui.frame import View

Kind = Literal[
    "text", "long", "day", "whole", "share", "lines", "unit", "lead", "co_units", "word", "metric", "goal", "division"
]


@dataclass(frozen=True)
class Field:
    """A key of the entry, its label, how it is typed; `words` are the choices of a word by their value in the file.

    `only_new` is asked for a new entry only: who leads a sub-item and by when is confirmed with the unit later on.
    """

    key: str
    label: str
    kind: Kind = "text"
    words: tuple[tuple[str, str], ...] = ()
    only_new: bool = False


_YEARS = (2000, 2100)
_CLAUSE = Field("clause", "条款或文件依据")
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "tasks": (
        _CLAUSE,
        Field("title", "任务名称"),
        Field("goal", "所属目标", "goal"),
        Field("lead", "牵头单位", "lead"),
        Field("co_units", "配合单位", "co_units"),
    ),
    "sub_items": (
        _CLAUSE,
        Field("title", "具体措施名称"),
        Field("lead", "牵头单位", "lead", only_new=True),
        Field("co_units", "配合单位", "co_units"),
        Field("start", "开始", "day"),
        Field("due", "完成期限", "day", only_new=True),
        Field("recurring", "周期", "word", (("", "一次"), ("yearly", "每年"), ("monthly", "每月"))),
        Field("deliverable", "成果"),
        Field("metric", "判断", "metric"),
        Field("evidence", "应有佐证（每行一份）", "lines"),
        Field("division", "股室", "division"),
    ),
    "dated_targets": (
        _CLAUSE,
        Field("name", "目标名称"),
        Field("by_year", "目标年份（期限为该年 12 月 31 日）", "whole"),
        Field("snapshot_year", "判定数据年份（该年 9 月 1 日）", "whole"),
        Field("limit", "限值（比例，0 至 1）", "share"),
        Field("assumption", "说明", "long"),
    ),
    "yearly_targets": (
        Field("name", "目标名称"),
        Field("sub_item", "由哪项具体措施衡量（编号）"),
        Field("first_year", "首年", "whole"),
        Field("last_year", "末年", "whole"),
    ),
    "phases": (_CLAUSE, Field("name", "阶段名称"), Field("from", "起", "day"), Field("to", "止", "day")),
    "units": (
        Field("name", "简称"),
        Field("full_name", "全称"),
        Field("kind", "类别", "word", (("department", "部门"),), only_new=True),
        Field("role", "身份", "word", (("member", "领导小组成员"), ("addressed", "主送单位"), ("named_in_clause", "条款提及"))),
    ),
    "goals": (_CLAUSE, Field("name", "目标名称"), Field("aim", "要求", "long")),
    "remedies": (Field("name", "办法名称"), Field("months", "从启动到见效（月）", "whole"), Field("assumption", "说明", "long")),
    "routes": (
        Field("name", "问题名称"),
        Field("lead", "分办给", "unit"),
        Field("co_units", "配合单位编号（每行一个）", "lines"),
        Field("remedies", "补救办法编号（每行一个）", "lines"),
    ),
    "project_slots": (Field("name", "名称"),),
    "warning_levels": (
        Field("name", "名称"),
        Field("days_late_from", "逾期天数起", "whole"),
        Field("days_late_to", "逾期天数止（最后一级留空）", "whole"),
    ),
    "letters": (
        Field("name", "文书名称"),
        Field("days_late_from", "逾期多少天起", "whole"),
        Field("reply_days", "回复期限（天）", "whole"),
    ),
    "divisions": (Field("name", "股室名称"), Field("unit", "所属单位", "unit")),
}  # fmt: skip


def read_field(view: View, field: Field, before: Mapping[str, Any], key: str) -> Any:
    """Draw the field as it reads now and give back what stands in it, in the shape of the file."""
    now = before.get(field.key)
    match field.kind:
        case "day":
            chosen = st.date_input(
                field.label, value=now if isinstance(now, date) else None, key=key, format="YYYY-MM-DD"
            )
            return chosen if isinstance(chosen, date) else None
        case "whole":
            least, most = _YEARS if field.key.endswith("year") else (0, 9999)
            return st.number_input(
                field.label, min_value=least, max_value=most, value=now, step=1, key=key, placeholder="未填"
            )
        case "share":
            share = st.number_input(
                field.label, min_value=0.0, max_value=1.0, value=None if now is None else float(now), step=0.01, key=key,
                placeholder="未填",
            )  # fmt: skip
            return None if share is None else Decimal(str(share))
        case "lines":
            text = st.text_area(field.label, value="\n".join(now or ()), key=key, max_chars=2000)
            return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))
        case "unit":
            return _unit(view, field.label, now, key)
        case "lead":
            lead = dict(now or {})
            unit = _unit(view, field.label, lead.get("unit"), key)
            return None if unit is None else lead if unit == lead.get("unit") else {"unit": unit, "basis": "default"}
        case "co_units":
            return _co_units(view, field.label, now or {}, key)
        case "word":
            values = [value for value, _ in field.words]
            names = dict(field.words)
            index = values.index(now or "") if (now or "") in values else 0
            return st.selectbox(field.label, values, index=index, format_func=lambda v: names[v], key=key)
        case "metric":
            return _metric(view, field.label, now, key)
        case "goal":
            goals = {g.goal_id: g.name for g in view.plan.goals}
            index = list(goals).index(now) if now in goals else 0
            return st.selectbox(field.label, list(goals), index=index, format_func=lambda g: goals[g], key=key)
        case "division":
            divisions = {"": "不分股室", **{d.division_id: _division_name(view, d) for d in view.plan.divisions}}
            index = list(divisions).index(now) if now in divisions else 0
            return st.selectbox(field.label, list(divisions), index=index, format_func=lambda d: divisions[d], key=key)
        case "long":
            return (st.text_area(field.label, value=now or "", key=key, max_chars=500) or "").strip()
    return (st.text_input(field.label, value=now or "", key=key, max_chars=200) or "").strip()


def _division_name(view: View, division: Division) -> str:
    return f"{view.plan.unit(division.unit_id).name} {division.name}"


def _unit(view: View, label: str, now: str | None, key: str) -> str | None:
    units = {u.unit_id: u.name for u in view.plan.units if u.kind != "group"}
    index = list(units).index(now) if now in units else None
    return st.selectbox(
        label, list(units), index=index, format_func=lambda u: units[u], key=key, placeholder="选择单位"
    )


def _co_units(view: View, label: str, now: Mapping[str, Sequence[str]], key: str) -> dict[str, list[str]]:
    """Who shares in it: whom the clause names stays so, everybody else is presumed."""
    units = {u.unit_id: u.name for u in view.plan.units}
    by_clause = list(now.get("clause", ()))
    chosen = st.multiselect(
        label, list(units), default=[*by_clause, *now.get("default", ())], format_func=lambda u: units[u], key=key
    )
    split = {"clause": [u for u in chosen if u in by_clause], "default": [u for u in chosen if u not in by_clause]}
    return {basis: held for basis, held in split.items() if held}


def _metric(view: View, label: str, now: Mapping[str, Any] | None, key: str) -> Mapping[str, Any] | None:
    """What decides it: nothing but its documents, a rule of the standard, a target of the plan, the records; or as now."""
    plan, standard = view.plan, view.standard
    routed = {route.subject for route in plan.routes}
    choices: dict[str, tuple[str, Mapping[str, Any] | None]] = {"none": ("无量化指标，按佐证", None)}
    if now is not None:
        choices["now"] = ("维持现有判断", now)
    choices |= {
        f"item:{i.code}": (item_name(i.code, view.standard), {"kind": "item", "id": i.code})
        for i in standard.items
        if i.code in routed and not i.code.startswith("veto")
    }
    choices |= {
        f"indicator:{i.code}": (i.short_name, {"kind": "indicator", "id": i.code})
        for i in standard.indicators
        if i.code in routed
    }
    choices |= {
        f"target:{t.target_id}": (f"限期目标：{t.name}", {"kind": "target", "id": t.target_id})
        for t in plan.dated_targets
    }
    choices |= {
        "balance": ("差异系数全部达标", {"kind": "balance"}),
        "project_slots": ("项目“六个一”登记齐全", {"kind": "project_slots"}),
        "ledger": ("督办台账办理情况", {"kind": "ledger"}),
        "persons": ("责任人全部明确", {"kind": "persons"}),
    }
    chosen = st.selectbox(
        label, list(choices), index=0 if now is None else 1, format_func=lambda c: choices[c][0], key=key
    )
    return choices[str(chosen or "none")][1]
