"""The money of a project by source: planned, allocated, received, paid, the gap; and its form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from core.delivery.owed.project_money import priced_yuan
from core.delivery.projects import Project
from core.delivery.records.funds import SOURCE_NAMES, FundsDraft, ProjectFunds, Source, keep_funds, totals
from core.delivery.records.records_writing import unit_scope
from core.errors import RequestInvalid
from core.wording.numbers import wan_text
from ui import draft
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.tables import sentence_table

_YUAN_PER_WAN = 10_000
_COLUMNS = {"计划": "planned_yuan", "下达": "allocated_yuan", "到位": "received_yuan", "支付": "paid_yuan"}


def money(view: View, project: Project) -> None:
    """The project's milestones and its money by source, with the gap and what its deliverables would cost at our prices."""
    steps = (
        ("招标", project.tendered_on),
        ("合同", project.contract_on),
        ("完工", project.actual_completion),
        ("竣工验收", project.accepted_on),
    )
    told = "　".join(f":gray[{name}]　{plain(day or '…')}" for name, day in steps)
    contract = (
        f"　:gray[合同金额]　{plain(wan_text(project.contract_yuan))}" if project.contract_yuan is not None else ""
    )
    funds = view.situation.funds.get(project.project_id, ())
    with st.expander(plain(_in_brief(funds))):
        st.markdown(told + contract)
        if funds:
            st.markdown(plain(_sentence(view, project, funds)))
            sentence_table([_line(f) for f in funds])


def _in_brief(funds: Sequence[ProjectFunds]) -> str:
    """What is still missing of a project's money, as the line over the rest."""
    if not funds:
        return "资金尚未登记"
    gap = totals(funds).gap
    return "资金：缺口无法计算，计划或到位没有报全" if gap is None else f"资金：尚未到位 {wan_text(gap)}"


def _sentence(view: View, project: Project, funds: Sequence[ProjectFunds]) -> str:
    whole = totals(funds)
    gap = "缺口无法计算，计划或到位没有报全" if whole.gap is None else f"尚未到位 {wan_text(whole.gap)}"
    words = (
        f"资金：计划 {wan_text(whole.planned)}，下达 {wan_text(whole.allocated)}，到位 {wan_text(whole.received)}，"
        f"支付 {wan_text(whole.paid)}，{gap}。"
    )
    priced = priced_yuan(project, view.county.prices)
    if priced is None or whole.planned is None:
        return words
    apart = whole.planned - priced
    side = f"比测算{'多' if apart > 0 else '少'} {wan_text(abs(apart))}" if apart else "与测算相同"
    return f"{words}按“标准与口径”的单价测算建设内容 {wan_text(priced)}，计划{side}。"


def _line(funds: ProjectFunds) -> dict[str, str]:
    amounts = {name: plain(wan_text(getattr(funds, field))) for name, field in _COLUMNS.items()}
    return {"来源": f"**{plain(SOURCE_NAMES[funds.source])}**", **amounts, "截至": plain(funds.day)}


def funds_form(view: View, project: Project) -> None:
    """What the responsible unit says of the money, every source in one table, in 万元."""
    unit_id = project.unit_id
    held = {f.source: f for f in view.situation.funds.get(project.project_id, ())}
    with st.expander(f"登记“{project.name}”的资金"):
        if unit_id is None:
            st.info("这个项目还没有责任单位，请先在上面填写“一个责任单位”。")
            return
        allowed = may(view, "report", unit_scope(view.plan, unit_id))
        form = f"funds_{project.project_id}"
        place = f"{form}_{draft.edition(form)}"
        rows = [
            {"来源": name, **{c: _wan(getattr(held[s], f)) if s in held else None for c, f in _COLUMNS.items()}}
            for s, name in SOURCE_NAMES.items()
        ]
        with st.form(place, border=False):
            st.caption("单位万元；没有这一来源的整行留空，填错的清空整行即撤回。下达不小于到位，到位不小于支付。")
            edited = st.data_editor(
                pd.DataFrame(rows).astype({c: "float64" for c in _COLUMNS}),
                hide_index=True,
                disabled=["来源"] if allowed else True,
                column_config={
                    c: st.column_config.NumberColumn(min_value=0, step=0.01, format="%.2f") for c in _COLUMNS
                },
                key=f"{place}_rows",
            )
            day = day_field(view, "截至日期", f"{place}_day")
            note = st.text_input("说明", key=f"{place}_note", max_chars=200)
            actor = writer(view, "登记人", f"{place}_name")

            def write() -> str:
                drafts = []
                for source, row in zip(SOURCE_NAMES, edited.to_dict("records"), strict=True):
                    amounts = {field: _yuan(row[column]) for column, field in _COLUMNS.items()}
                    before = held.get(source)
                    is_new = before is None or any(amounts[f] != getattr(before, f) for f in amounts)
                    is_said = any(a is not None for a in amounts.values())
                    if is_new and (is_said or before is not None):
                        drafts.append(_draft(project, source, amounts, day, note or ""))
                if not drafts:
                    raise RequestInvalid("没有改动；请填写至少一个来源的金额。")
                keep_funds(view.store, view.plan, view.county_code, drafts, actor, datetime.now())
                return f"已登记“{project.name}”{len(drafts)} 个来源的资金。"

            send_button("保存资金", form, allowed, write)


def _draft(project: Project, source: Source, amounts: dict[str, Decimal | None], day: date, note: str) -> FundsDraft:
    return FundsDraft(project_id=project.project_id, source=source, day=day, note=note, **amounts)


def _wan(yuan: Decimal | None) -> float | None:
    return None if yuan is None else float(yuan / _YUAN_PER_WAN)


def _yuan(wan: Any) -> Decimal | None:
    return None if pd.isna(wan) else Decimal(str(wan)) * _YUAN_PER_WAN
