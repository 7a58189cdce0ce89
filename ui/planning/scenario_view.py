"""The present and the imagined side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from core.errors import PlatformError
from core.method.assessment import BalanceResult, Verdict
from core.method.changes import Change, SchoolChange
from core.method.comparison import Comparison, HoldingChange, changed_coefficients, changed_holdings, compare
from core.outlook.what_if.cost import Cost, cost_of
from core.outlook.what_if.lever_changes import changes_for
from core.outlook.what_if.levers import Lever
from core.outlook.what_if.scenario import change_scenario, save_scenario
from core.reports.scenario_table import coefficient_table, cost_table
from core.reports.tables import ReportColumn, ReportTable
from core.rules.standard import STAGES
from core.wording.numbers import against_limit, amount_text, limit_text, wan_text
from core.wording.planning.comparison import change_texts, parts_moved
from core.wording.planning.scenario import (
    COMMITTED,
    PRICE_ASSUMPTION,
    SIMULATION,
    class_size_text,
    completion_text,
    cost_text,
    delivered_text,
    scenario_text,
)
from core.wording.remedies import gap_text
from core.wording.verdicts import row_name
from ui import charts
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.planning.lever_address import edited_scenario
from ui.tables import downloads, sentence_table

_LISTED = 15


@dataclass(frozen=True)
class Imagined:
    """What the levers come to: the changes, and their judgement beside that of the facts."""

    changes: tuple[Change | SchoolChange, ...]
    comparison: Comparison


def imagine(view: View, levers: Sequence[Lever]) -> Imagined:
    """The levers as changes, judged by the same method as the facts."""
    changes = tuple(changes_for(levers, view.baseline))
    after = view.judged(changes=changes) if changes else view.assessment
    return Imagined(changes, compare(view.assessment, after))


def answer_band(imagined: Imagined, cost: Cost) -> None:
    """What the levers come to, in two lines that stay in sight while any of them moves."""
    money = [("一次性", cost.once_yuan), ("每年", cost.yearly_yuan)]
    figures = [Markup("<span>{} <b>{}</b></span>").format(name, wan_text(yuan)) for name, yuan in money if yuan]
    if cost.lead_months:
        figures.append(Markup("<span>最长 <b>{}</b> 个月见效</span>").format(cost.lead_months))
    if not figures:
        figures.append(Markup("<span>没有新增投入</span>"))
    with st.container(key="answer_band", gap="small"):
        st.title(plain(parts_moved(imagined.comparison)), anchor=False)
        st.html(Markup('<p class="band">{}</p>').format(Markup("").join(figures)))


def cost_of_levers(view: View, levers: Sequence[Lever], imagined: Imagined) -> Cost:
    """What the levers cost."""
    return cost_of(imagined.changes, view.baseline.facts, view.county.prices, levers)


def scenario_words(view: View, levers: Sequence[Lever], imagined: Imagined, cost: Cost) -> None:
    """The levers in words, what they do to classes, and what they cost; to be read aloud or copied."""
    if not imagined.changes:
        return
    with st.expander("方案的文字、费用明细"):
        st.markdown(f"**方案**　{plain(scenario_text(levers, view.baseline))}")
        st.markdown(f"**班额**　{plain(class_size_text(imagined.comparison.before, imagined.comparison.after))}")
        st.markdown(f"**费用与周期**　{plain(cost_text(cost))}")
        if cost.lines or cost.projects:
            sentence_table(_cost_lines(cost))
            downloads(view, [cost_table(cost)], "方案", key="costs")
            st.caption(plain(f"{PRICE_ASSUMPTION}。{COMMITTED}。" if cost.projects else f"{PRICE_ASSUMPTION}。"))


def _cost_lines(cost: Cost) -> list[dict[str, str]]:
    """What is to be paid, then the projects whose money is committed."""
    lines = [
        {
            "内容": f"**{plain(line.name)}**",
            "数量": plain(amount_text(line.quantity, line.unit)),
            "费用": plain(wan_text(line.yuan)),
            "支付": {"once": "一次性", "yearly": "每年"}[line.paid],
            "何时见效": f"约 {line.lead_months} 个月",
        }
        for line in cost.lines
    ]
    lines += [
        {
            "内容": f"**{plain(project.name)}**",
            "数量": plain(delivered_text(project)),
            "费用": "已列投资，不另计",
            "支付": "—",
            "何时见效": plain(completion_text(project)),
        }
        for project in cost.projects
    ]
    return lines


def keep_scenario(view: View, levers: Sequence[Lever], imagined: Imagined) -> None:
    """Save the levers under a name, or in the place of the scenario that was opened."""
    edited = edited_scenario(view)
    with st.form("save_scenario", border=True):
        name = st.text_input("方案名称（必填）", placeholder="如：2024 年补充骨干教师", max_chars=60)
        note = st.text_input("说明", placeholder="可不填", max_chars=200)
        allowed = view.actor.may("imagine") and bool(imagined.changes)
        if not view.actor.may("imagine"):
            st.caption("您的岗位不能保存方案；可以复制本页地址。")
        elif not imagined.changes:
            st.caption("还没有任何调整，先添加调整再保存。")
        wanted = st.form_submit_button("保存", disabled=not allowed)
    now, at = view.baseline, datetime.now()
    if wanted:
        copied = None if edited is None else edited.number
        try:
            kept = save_scenario(view.store, now, name, levers, view.actor, at, note=note, copied_from=copied)
        except PlatformError as refusal:
            st.error(plain(refusal))
            return
        st.success(plain(f"已保存为第 {kept.number} 号方案“{kept.name}”。"))
    if edited is None or not allowed or edited.levers == tuple(levers):
        return
    if st.button(f"改写第 {edited.number} 号方案", icon=":material/save:"):
        try:
            kept = change_scenario(view.store, now, edited.number, levers, view.actor, at)
        except PlatformError as refusal:
            st.error(plain(refusal))
            return
        st.success(plain(f"第 {kept.number} 号方案“{kept.name}”已改写。"))


def changes_since_now(view: View, comparison: Comparison) -> None:
    """What is not quite as it is today, from the first unit on: verdicts, gaps, coefficients; nothing else."""
    st.header("与现状相比，改变了什么", anchor=False)
    verdicts = change_texts(replace(comparison, balance=()), view.standard)
    st.markdown("\n".join(f"- {plain(text)}" for text in verdicts) if verdicts else "没有学校、项目的结论改变。")
    holdings, coefficients = changed_holdings(comparison), changed_coefficients(comparison)
    rows = [_holding_line(view, c) for c in holdings] + [_coefficient_line(view, *pair) for pair in coefficients]
    # What changes its verdict stands open, and as much of the rest as a screen holds.
    decided = [c.before.verdict is not c.after.verdict for c in holdings]
    decided += [was.verdict is not now.verdict for was, now in coefficients]
    rest = [n for n, presses in enumerate(decided) if not presses][: max(_LISTED - sum(decided), 0)]
    opened = [presses or n in rest for n, presses in enumerate(decided)]
    sentence_table(rows, pressing=opened, fold="其余 {n} 处有变化、结论不变")
    still = len({row.key for row in comparison.after.rows} - {c.row.key for c in holdings})
    st.caption(
        f"其余 {still} 所学校（分学段计）、{len(comparison.after.balance) - len(coefficients)} 项差异系数没有变化。"
    )


def _holding_line(view: View, change: HoldingChange) -> dict[str, str]:
    indicator = view.standard.indicator(change.after.code)
    return {
        "对象": f"**{plain(row_name(change.row))}** {plain(indicator.short_name)}",
        "现状": plain(gap_text(change.before, indicator)),
        "方案": plain(gap_text(change.after, indicator)),
        "结论": _verdict_change(change.before.verdict, change.after.verdict),
    }


def _coefficient_line(view: View, was: BalanceResult, now: BalanceResult) -> dict[str, str]:
    name = f"{stage_name(now.stage)}{view.standard.indicator(now.code).short_name}差异系数"
    return {
        "对象": f"**{plain(name)}**",
        "现状": plain(against_limit(was.cv, was.limit, at_least=False, decimals=3)),
        "方案": plain(against_limit(now.cv, now.limit, at_least=False, decimals=3)),
        "结论": f"{_verdict_change(was.verdict, now.verdict)} :small[限值 {plain(limit_text(now.limit, 3))}]",
    }


def _verdict_change(before: Verdict, after: Verdict) -> str:
    if before is after:
        return verdict_mark(after)
    return f"{verdict_mark(before)} → {verdict_mark(after)}"


def coefficient_comparison(view: View, comparison: Comparison) -> None:
    """The fourteen coefficients against their limits, with a tick where they stand today."""
    box = st.expander("十四项差异系数", key="coefficients", on_change="rerun", bind="query-params")
    # Two charts are drawn when looked at: they would be drawn anew at every move of a lever.
    if not box.open:
        return
    with box:
        for column, stage in zip(st.columns(2), STAGES, strict=True):
            with column:
                st.markdown(f"**{stage_name(stage)}**（竖线为现状）")
                after = [comparison.after.balance_of(stage, i.code) for i in view.standard.indicators]
                before = {b.code: b.cv for b in comparison.before.balance if b.stage == stage}
                name = f"{stage_name(stage)}差异系数（{SIMULATION}）"
                charts.show(charts.coefficient_bars(after, view.standard, before), key=f"cv_{stage}", name=name)
        table = coefficient_table(comparison, view.standard)
        downloads(view, [table], "现状" if comparison.after is comparison.before else "方案", key="coefficients")


def change_files(view: View, comparison: Comparison) -> None:
    """Every change of state as a file."""
    texts = change_texts(comparison, view.standard)
    table = ReportTable("结论改变", (ReportColumn("改变"),), tuple((text,) for text in texts), (SIMULATION,))
    if texts:
        downloads(view, [table], "方案", key="changed_states")
