"""The cheapest plan: the terms, the answer with its proven bound, who gets what, kept as a scenario."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import streamlit as st

from core.errors import RequestInvalid
from core.method.comparison import compare
from core.outlook.cheapest.bindings import PostsBinding
from core.outlook.cheapest.cheapest import CheapestPlan, plan_levers
from core.outlook.cheapest.purchases import Purchase, is_yearly, spending
from core.outlook.forecast.forecast import HORIZON
from core.outlook.what_if.levers import RESOURCES
from core.outlook.what_if.scenario import save_scenario
from core.reports.tables import WAN_YUAN, WHOLE, ReportColumn, ReportTable
from core.rules.prices import Prices
from core.rules.standard import Standard
from core.wording.numbers import rounded, wan_text
from core.wording.planning.comparison import change_texts, parts_moved
from core.wording.planning.outlook import binding_text, plan_text, still_failing_text
from core.wording.planning.purchases import purchase_amount, purchase_name, purchase_unit
from core.wording.planning.scenario import PRICE_ASSUMPTION, SIMULATION
from core.wording.school_names import row_names
from ui.frame import View
from ui.jobs import finished
from ui.labels import plain, stage_name
from ui.planning import outlook_cache
from ui.planning.outlook_cache import PlanTerms
from ui.planning.school_caps import amount_unit, choose_school_caps, school_cap_text, whole_units
from ui.tables import downloads, sentence_table

_YUAN_PER_WAN = 10_000
_LISTED = 40
_USUAL_KM, _FARTHEST_KM = 30, 200
_ON_RECORD = "现状"


def choose_terms(view: View) -> PlanTerms:
    """Budget, caps, teacher moves and whose pupils the plan is for, in the address."""
    last = view.earlier_years[-1]
    col_terms, col_caps = st.columns(2)
    with (
        col_terms,
        st.expander("学生数、预算与条件"),
        st.container(horizontal=True, key="choices_plan", vertical_alignment="bottom"),
    ):
        pupils = st.selectbox(
            "学生数",
            [_ON_RECORD, *(f"{last + ahead} 学年预测" for ahead in range(1, HORIZON + 1))],
            key="pupils_of",
            bind="query-params",
            help="按预测学生数规划，到那一年仍然够用；教师、校舍、设备从现状补起",
            width=180,
        )
        budget = st.number_input(
            "预算（万元，不填为不限）", value=None, step=50, key="budget", bind="query-params", width=220
        )
        posts = st.number_input(
            "可用编制（名，不填为不限）",
            value=None,
            step=1,
            key="posts",
            bind="query-params",
            help="新聘教师总数不超过可用编制",
            width=220,
        )
        for_items = not st.toggle(
            "只补学校与差异系数",
            key="rows_only",
            bind="query-params",
            help="默认一并解决班额、音乐美术教室、小规模学校公用经费和教师培训经费",
        )
        moves = st.toggle(
            "允许教师跨校交流",
            key="moves",
            bind="query-params",
            help="县管校聘：公办学校之间同学段调动，调出学校仍须达标；按学校坐标的直线距离限制",
        )
        most_km = st.number_input(
            "交流距离不超过（千米）",
            value=_USUAL_KM,
            step=5,
            key="moves_km",
            bind="query-params",
            disabled=not moves,
            width=220,
        )
    # A bound of the field itself would be refused by the browser, in the browser's language.
    faults: list[str] = []
    if budget is not None and budget < 0:
        faults.append(f"预算不能为负数，现为 {budget} 万元；不限的请留空。")
    if posts is not None and posts < 0:
        faults.append(f"可用编制不能为负数，现为 {posts} 名；不限的请留空。")
    if not 1 <= most_km <= _FARTHEST_KM:
        faults.append(f"交流距离应为 1–{_FARTHEST_KM} 千米，现为 {most_km} 千米。")
    caps: list[tuple[str, int]] = []
    with col_caps, st.expander("每校新增上限（不填为不限）"):
        for code, resource in RESOURCES.items():
            unit = amount_unit(code)
            most = st.number_input(
                f"{resource.name}（{unit}）",
                value=None,
                step=1,
                key=f"most_{code}",
                bind="query-params",
            )
            if most is not None:
                if most < 0:
                    faults.append(f"{resource.name}的每校新增上限不能为负数，现为 {most} {unit}；不限的请留空。")
                caps.append((code, whole_units(code, int(most))))
        school_caps = choose_school_caps(view, faults)
    if school_caps:
        # The box above is folded; what holds is said all the same.
        st.caption(plain(f"个别学校另定：{'；'.join(school_cap_text(view, cap) for cap in school_caps)}。"))
    if faults:
        # Not before every field stands: one that is left out loses what it holds.
        raise RequestInvalid("".join(faults))
    return PlanTerms(
        None if budget is None else Decimal(int(budget)) * _YUAN_PER_WAN,
        tuple(caps),
        school_caps,
        float(most_km) if moves else None,
        None if posts is None else int(posts),
        for_items,
        None if pupils == _ON_RECORD else int(str(pupils)[:4]),
        view.earlier_years,
    )


def make_plan(view: View, terms: PlanTerms) -> CheapestPlan:
    """The cheapest plan under the terms, judged again by the method."""
    return finished(outlook_cache.cheapest(view.key, view.year, view.as_of, terms), "正在求解最低费用方案 ", "plan")


def plan_sentence(plan: CheapestPlan, terms: PlanTerms, standard: Standard) -> str:
    """What it takes, or why it cannot be, and how much of the county fails all the same, in one sentence."""
    failing, _, _ = still_failing_text(plan, standard).partition("：")
    return _plan_sentence(plan, terms) + (f"；{failing}" if failing else "")


def _plan_sentence(plan: CheapestPlan, terms: PlanTerms) -> str:
    effect = parts_moved(compare(plan.before, plan.after))
    pupils = "" if terms.pupils_of is None else f"按 {terms.pupils_of} 学年预测学生数，"
    if plan.bindings:
        posts_alone = all(isinstance(b, PostsBinding) for b in plan.bindings)
        where = "在可用编制内没有找到全部达标的方案" if posts_alone else "在这些上限下学校与差异系数无法全部达标"
        return f"{pupils}{where}"
    compared = compare(plan.before, plan.after)
    if not plan.complete and not (compared.rows or compared.balance):
        return f"{pupils}预算 {wan_text(terms.budget_yuan)}不够，没有学校或差异系数因此达标"
    if not plan.complete:
        return f"{pupils}预算不足以全部达标，用 {wan_text(plan.cost_yuan)}可做到：{effect}"
    if not plan.changes:
        return f"{pupils}各校与差异系数均无可补的缺口"
    least = "最少约需" if plan.is_cheapest else "约需"
    return f"{pupils}{least} {wan_text(plan.cost_yuan)}：{effect}"


def plan_notes(view: View, plan: CheapestPlan, terms: PlanTerms) -> None:
    """What is bought in one sentence with the proven bound, or what binds; what can still not be judged."""
    now = view.baseline
    if plan.bindings:
        lines = "\n".join(f"- {plain(binding_text(binding, now))}" for binding in plan.bindings)
        st.error(f"以下 {len(plan.bindings)} 处受上限所限，须放宽上限才能全部达标：\n\n{lines}")
    else:
        st.markdown(plain(plan_text(plan, now)))
    if failing := still_failing_text(plan, view.standard):
        st.markdown(f"**{plain(failing)}**")
    listed = view.county.price_list
    dated = f"单价更新于 {listed.dated:%Y-%m-%d}。" if listed.dated else ""
    st.caption(plain(f"教师工资和按年拨付的经费按 {listed.salary_years} 年计。{dated}{PRICE_ASSUMPTION}。"))
    if plan.necessary.purchases:
        st.caption(
            "增班按班额限值重新编班，每增一班配一间教室和本校现有班师比的教师；教室计入教学用房，教师计入高学历教师。"
        )
    if plan.necessary.unstaffed:
        listed_names = [view.baseline.facts.schools[i].name for i in plan.necessary.unstaffed]
        st.warning(plain(f"专任教师数未报，增班所需教师没有计入：{'、'.join(listed_names)}。"))
    if plan.left_out:
        st.warning("预算、编制或上限不够一并解决班额、专用教室和经费，本方案只补学校与差异系数。")
    names = row_names(view.situation, plan.unreported).values()
    if names:
        st.warning(plain(f"数据未报、补报前无法判定：{'、'.join(names)}。"))


def plan_tables(view: View, plan: CheapestPlan) -> None:
    """What is bought in all and for whom, who moves where, and what verdicts change."""
    if not plan.changes:
        return
    _totals(plan, view.county.prices)
    _years(view, plan)
    names = {i: s.name for i, s in view.baseline.facts.schools.items()}
    purchases, moves = _purchases(plan, names), _moves(plan, names)
    st.header("补在哪些学校", anchor=False)
    _first(
        [
            {
                "学校": f"**{plain(names[p.school_id])}**",
                "学段": stage_name(p.stage) if p.stage else "全校",
                "补什么": plain(f"{purchase_name(p.code)} {purchase_amount(p.code, p.units)}"),
                "费用": plain(wan_text(p.yuan)),
            }
            for p in _dearest_first(plan)
        ]
    )
    if plan.moves:
        st.header(f"教师跨校交流 {sum(m.count for m in plan.moves)} 名", anchor=False)
        _first(
            [
                {
                    "调动": f"**{plain(names[m.from_school])} → {plain(names[m.to_school])}**",
                    "学段": stage_name(m.stage),
                    "谁": plain(f"{RESOURCES[m.code].name} {m.count} 名"),
                    "直线距离": "坐标未填" if m.km is None else f"{m.km:.1f} 千米",
                }
                for m in plan.moves
            ]
        )
    downloads(view, [purchases, moves] if plan.moves else [purchases], "", key="plan")
    st.header("结论改变", anchor=False)
    texts = change_texts(compare(plan.before, plan.after), view.standard)
    st.markdown("\n".join(f"- {plain(t)}" for t in texts) or "没有结论改变。")


def _years(view: View, plan: CheapestPlan) -> None:
    """When the money is due, one-off and yearly apart."""
    listed = view.county.price_list
    moves = sum((m.yuan for m in plan.moves), Decimal(0))
    years = spending(plan.every_purchase, moves, listed.by_code, view.as_of, listed.salary_years)
    st.markdown("**分年度资金**")
    sentence_table(
        [
            {
                "年度": f"**{y.year}**",
                "一次性": plain(wan_text(y.once_yuan)),
                "按年支付": plain(wan_text(y.yearly_yuan)),
                "合计": plain(wan_text(y.once_yuan + y.yearly_yuan)),
            }
            for y in years
        ]
    )
    st.caption(
        plain(f"自 {view.as_of:%Y-%m-%d} 决定起，一次性投入记在建成、到位的年度，工资和经费自到位年度起逐年支付。")
    )
    columns = ("年度", "一次性（万元）", "按年支付（万元）", "合计（万元）")
    table = ReportTable(
        "分年度资金",
        tuple(ReportColumn(c, "", WAN_YUAN if n else "0") for n, c in enumerate(columns)),
        tuple(
            (y.year, *(v / _YUAN_PER_WAN for v in (y.once_yuan, y.yearly_yuan, y.once_yuan + y.yearly_yuan)))
            for y in years
        ),
        (SIMULATION, PRICE_ASSUMPTION),
    )
    downloads(view, [table], "", key="plan_years")


def _totals(plan: CheapestPlan, prices: Prices) -> None:
    by_code: dict[str, list[Purchase]] = defaultdict(list)
    for purchase in plan.every_purchase:
        by_code[purchase.code].append(purchase)
    lines = [
        {
            "资源": f"**{plain(purchase_name(code))}**",
            "数量": plain(f"新增 {purchase_amount(code, sum(p.units for p in bought))}"),
            "学校": f"{len({p.school_id for p in bought})} 所",
            "支付": "按年" if is_yearly(code, prices) else "一次性",
            "费用": plain(wan_text(sum((p.yuan for p in bought), Decimal(0)))),
        }
        for code, bought in sorted(by_code.items())
    ]
    if plan.moves:
        lines.append(
            {
                "资源": "**教师跨校交流**",
                "数量": f"{sum(m.count for m in plan.moves)} 名",
                "学校": f"{len({m.from_school for m in plan.moves})} 所调出，{len({m.to_school for m in plan.moves})} 所调入",
                "支付": "按年" if prices["teacher_move"].paid == "yearly" else "一次性",
                "费用": plain(wan_text(sum((m.yuan for m in plan.moves), Decimal(0)))),
            }
        )
    sentence_table(lines)


def _dearest_first(plan: CheapestPlan) -> list[Purchase]:
    return sorted(plan.every_purchase, key=lambda p: (-p.yuan, p.school_id))


def _purchases(plan: CheapestPlan, names: Mapping[str, str]) -> ReportTable:
    columns = ("学校", "学段", "资源", "新增", "单位", "费用（万元）")
    formats = ("General", "General", "General", WHOLE, "General", WAN_YUAN)
    return ReportTable(
        "补短板测算",
        tuple(ReportColumn(c, "", f) for c, f in zip(columns, formats, strict=True)),
        tuple(
            (
                names[p.school_id],
                stage_name(p.stage) if p.stage else "全校",
                purchase_name(p.code),
                p.units,
                purchase_unit(p.code),
                p.yuan / _YUAN_PER_WAN,
            )
            for p in _dearest_first(plan)
        ),
        (SIMULATION, PRICE_ASSUMPTION),
    )


def _moves(plan: CheapestPlan, names: Mapping[str, str]) -> ReportTable:
    columns = ("学段", "教师类别", "调出学校", "调入学校", "人数", "直线距离（千米）", "费用（万元）")
    formats = ("General", "General", "General", "General", WHOLE, "0.0", WAN_YUAN)
    return ReportTable(
        "教师跨校交流",
        tuple(ReportColumn(c, "", f) for c, f in zip(columns, formats, strict=True)),
        tuple(
            (
                stage_name(m.stage),
                RESOURCES[m.code].name,
                names[m.from_school],
                names[m.to_school],
                m.count,
                "坐标未填" if m.km is None else rounded(m.km, 1),
                m.yuan / _YUAN_PER_WAN,
            )
            for m in plan.moves
        ),
        (SIMULATION, "公办学校之间同学段调动；调出学校仍达标；距离按学校坐标的直线计算。", PRICE_ASSUMPTION),
    )


def _first(lines: Sequence[dict[str, str]]) -> None:
    """The first of many lines; all of them are in the file."""
    sentence_table(lines[:_LISTED])
    if len(lines) > _LISTED:
        st.caption(f"共 {len(lines)} 项，表中列出前 {_LISTED} 项，全部见下载文件。")


def keep_as_scenario(view: View, plan: CheapestPlan) -> None:
    """The plan kept as a scenario: frozen, compared with others on the scenario page."""
    if not plan.changes:
        return
    with st.form("keep_plan", border=True):
        name = st.text_input("存为方案，名称（必填）", placeholder="如：最低费用达标方案")
        wanted = st.form_submit_button("保存", disabled=not view.actor.may("imagine"))
    if wanted:
        now = view.baseline
        kept = save_scenario(
            view.store, now, name, plan_levers(plan, now), view.actor, datetime.now(), note="补短板测算"
        )
        st.success(plain(f"已保存为第 {kept.number} 号方案“{kept.name}”，可在“情景推演”中比较。"))
