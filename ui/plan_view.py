"""The cheapest plan: the terms, the answer with its proven bound, who gets what, kept as a scenario."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import streamlit as st

from core.method.comparison import compare
from core.outlook.cheapest import SALARY_YEARS, Plan, Purchase
from core.outlook.levers import RESOURCES
from core.outlook.scenario import save_scenario
from core.reports.tables import WAN_YUAN, WHOLE, ReportColumn, ReportTable
from core.wording.comparison import change_texts, parts_text
from core.wording.numbers import amount_text, wan_text
from core.wording.outlook import plan_text
from core.wording.scenario import PRICE_ASSUMPTION, SIMULATION
from core.wording.verdicts import row_name
from ui import cache
from ui.frame import View
from ui.labels import plain, stage_name
from ui.tables import downloads, sentence_table

_YUAN_PER_WAN = 10_000
_LISTED = 40


@dataclass(frozen=True)
class Terms:
    """Budget in yuan (None: as much as it takes), and the most that a school may add of each resource."""

    budget_yuan: Decimal | None
    caps: tuple[tuple[str, int], ...]


def choose_terms() -> Terms:
    """Budget and caps, in the address."""
    with st.container(horizontal=True, key="choices_plan", vertical_alignment="bottom"):
        budget = st.number_input(
            "预算（万元，不填为不限）", min_value=0, value=None, step=50, key="budget", bind="query-params", width=220
        )
    caps: list[tuple[str, int]] = []
    with st.expander("每校新增上限（不填为不限）"):
        for code, resource in RESOURCES.items():
            unit = "万元" if resource.unit == "元" else resource.unit
            most = st.number_input(
                f"{code} {resource.name}（{unit}）",
                min_value=0,
                value=None,
                step=1,
                key=f"most_{code}",
                bind="query-params",
            )
            if most is not None:
                caps.append((code, int(most) * (_YUAN_PER_WAN if resource.unit == "元" else 1)))
    return Terms(None if budget is None else Decimal(int(budget)) * _YUAN_PER_WAN, tuple(caps))


def make_plan(view: View, terms: Terms) -> Plan:
    """The cheapest plan under the terms, judged again by the method."""
    with st.spinner("正在求解……"):
        return cache.cheapest(view.county_code, view.year, terms.budget_yuan, terms.caps)


def plan_sentence(plan: Plan) -> str:
    """What it takes, or why it cannot be, in one sentence."""
    effect = parts_text(compare(plan.before, plan.after))
    if plan.bindings:
        return "在这些上限下无法全部达标"
    if not plan.complete:
        return f"预算不足以全部达标，用 {wan_text(plan.cost_yuan)} 可做到：{effect}"
    if not plan.purchases:
        return "各校与差异系数均无可补的缺口"
    return f"最少约需 {wan_text(plan.cost_yuan)}：{effect}"


def plan_notes(view: View, plan: Plan) -> None:
    """What is bought in one sentence with the proven bound, or what binds; what can still not be judged."""
    now = cache.baseline(view.county_code, view.year)
    (st.error if plan.bindings else st.markdown)(plain(plan_text(plan, now)))
    st.caption(plain(f"教师费用按 {SALARY_YEARS} 年计。{PRICE_ASSUMPTION}。"))
    names = [row_name(row) for key in plan.unreported if (row := view.assessment.row(*key))]
    if names:
        st.warning(plain(f"数据未报、补报前无法判定：{'、'.join(names)}。"))


def plan_tables(view: View, plan: Plan) -> None:
    """What is bought in all, and for whom."""
    if not plan.purchases:
        return
    by_code: dict[str, list[Purchase]] = defaultdict(list)
    for purchase in plan.purchases:
        by_code[purchase.code].append(purchase)
    sentence_table(
        [
            {
                "资源": f"**{plain(RESOURCES[code].name)}**",
                "新增": plain(amount_text(sum(p.units for p in bought), RESOURCES[code].unit)),
                "学校": f"{len({p.school_id for p in bought})} 所",
                "费用": plain(wan_text(sum((p.yuan for p in bought), Decimal(0)))),
            }
            for code, bought in sorted(by_code.items())
        ]
    )
    names = {row.school_id: row.name for row in view.assessment.rows}
    ordered = sorted(plan.purchases, key=lambda p: (-p.yuan, p.school_id))
    columns = ("学校", "学段", "资源", "新增", "单位", "费用（万元）")
    formats = ("General", "General", "General", WHOLE, "General", WAN_YUAN)
    table = ReportTable(
        "达标规划",
        tuple(ReportColumn(c, "", f) for c, f in zip(columns, formats, strict=True)),
        tuple(
            (
                names[p.school_id],
                stage_name(p.stage) if p.stage else "全校",
                RESOURCES[p.code].name,
                p.units,
                RESOURCES[p.code].unit,
                p.yuan / _YUAN_PER_WAN,
            )
            for p in ordered
        ),
        (SIMULATION, PRICE_ASSUMPTION),
    )
    st.subheader("补在哪些学校", anchor=False)
    sentence_table(
        [
            {
                "学校": f"**{plain(names[p.school_id])}**",
                "学段": stage_name(p.stage) if p.stage else "全校",
                "补什么": plain(f"{RESOURCES[p.code].name} {amount_text(p.units, RESOURCES[p.code].unit)}"),
                "费用": plain(wan_text(p.yuan)),
            }
            for p in ordered[:_LISTED]
        ]
    )
    if len(ordered) > _LISTED:
        st.caption(f"共 {len(ordered)} 项，表中列出费用最高的 {_LISTED} 项，全部见下载文件。")
    downloads(view, [table], "", key="plan")
    st.subheader("结论改变", anchor=False)
    texts = change_texts(compare(plan.before, plan.after), view.standard)
    st.markdown("\n".join(f"- {plain(t)}" for t in texts) or "没有结论改变。")


def keep_as_scenario(view: View, plan: Plan) -> None:
    """The plan opened as a scenario: frozen, compared with others on the scenario page."""
    with st.form("keep_plan", border=True):
        name = st.text_input("存为方案，名称", placeholder="如：最低费用达标方案")
        wanted = st.form_submit_button("保存", disabled=not (view.actor.can_write and plan.changes))
    if wanted:
        now = cache.baseline(view.county_code, view.year)
        kept = save_scenario(view.store, now, name, plan.changes, view.actor, datetime.now(), note="达标规划")
        st.success(plain(f"已保存为第 {kept.number} 号方案“{kept.name}”，可在“情景推演”中比较。"))
