"""Where the county stands with its recognition; once recognised, what has slid since."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.records.stages import CountyStageDraft, Stage, enter_stage, stages
from core.method.assessment import Verdict
from core.method.comparison import compare
from core.wording.carrying_out.plan import STAGE_LABELS
from core.wording.delivery import signature
from core.wording.items import item_name
from core.wording.verdicts import row_name
from ui import draft
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.status_view import day_text
from ui.tables import sentence_table


def stage(view: View) -> None:
    """The stage, how it was entered, the form; the yearly monitoring of a recognised county."""
    entered = stages(view.store, view.county_code, view.as_of)
    now: Stage = entered[-1].stage if entered else "creating"
    st.markdown(
        f"**{plain(f'{view.county_name}处于{STAGE_LABELS[now]}阶段')}**"
        + ("" if now != "recognised" else "　原方案转为历史方案，不再计逾期；每年复查，先看滑坡项。")
    )
    if now == "recognised":
        _monitoring(view, entered[-1].day.year)
    if entered:
        sentence_table(
            [
                {
                    "阶段": f"**{plain(STAGE_LABELS[s.stage])}**",
                    "自": day_text(s.day),
                    "依据": plain(s.document or "—"),
                    "说明": plain(s.note or "—"),
                    "登记": plain(signature(s.actor, s.verified, view.actor)),
                }
                for s in reversed(entered)
            ]
        )
    _form(view)


def slid(view: View, recognised_in: int) -> list[dict[str, str]]:
    """What was met when the county was recognised and is not met in the year looked at, the county's items first."""
    before_years = [year for year in view.years if year <= recognised_in]
    if not before_years or before_years[-1] >= view.year:
        return []
    found = compare(view.assessment_of(before_years[-1]), view.assessment)
    lost = (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)
    lines = [
        {"滑坡项": f"**{plain(item_name(after.code, view.standard))}**", "认定时": verdict_mark(old.verdict), "现在": verdict_mark(after.verdict)}
        for old, after in found.items
        if old.verdict is Verdict.MET and after.verdict in lost
    ]  # fmt: skip
    lines += [
        {
            "滑坡项": f"**{plain(f'{stage_name(after.stage)}{view.standard.indicator(after.code).short_name}差异系数')}**",
            "认定时": verdict_mark(old.verdict),
            "现在": verdict_mark(after.verdict),
        }
        for old, after in found.balance
        if old.verdict is Verdict.MET and after.verdict in lost
    ]
    lines += [
        {"滑坡项": f"**{plain(row_name(c.row))}**", "认定时": verdict_mark(c.before.verdict), "现在": verdict_mark(c.after.verdict)}
        for c in found.rows
        if c.before is not None and c.after is not None and c.before.verdict is Verdict.MET and c.after.verdict in lost
    ]  # fmt: skip
    return lines


def _monitoring(view: View, recognised_in: int) -> None:
    lines = slid(view, recognised_in)
    st.header(f"监测复查：{view.year} 学年比认定时滑坡 {len(lines)} 项", anchor=False)
    if lines:
        sentence_table(lines)
    else:
        st.info("认定时达标、现在不达标的没有；认定以后的数据尚未发布的，发布后再看。")


def _form(view: View) -> None:
    with st.expander("登记阶段：创建、申报、认定"):
        allowed = may(view, "plan")
        form = "county_stage"
        place = f"{form}_{draft.edition(form)}"
        with st.form(place, border=False):
            chosen = st.selectbox(
                "阶段", list(STAGE_LABELS), format_func=lambda s: STAGE_LABELS[s], key=f"{place}_stage"
            )
            document = st.text_input("文号或公告名称（申报、认定必填）", key=f"{place}_document", max_chars=100)
            note = st.text_input("说明", key=f"{place}_note", max_chars=200)
            day = day_field(view, "自何日起", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_name")

            def write() -> str:
                kept = CountyStageDraft(stage=chosen or "creating", day=day, document=document or "", note=note or "")
                entered = enter_stage(view.store, view.county_code, kept, actor, datetime.now())
                return f"已登记：自 {entered.day} 起为{STAGE_LABELS[entered.stage]}阶段。"

            send_button("登记", form, allowed, write)
