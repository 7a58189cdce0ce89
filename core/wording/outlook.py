"""Remedies, plans and forecasts in plain sentences."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from core.outlook.baseline import Baseline
from core.outlook.cheapest import Plan
from core.outlook.forecast import BackTest
from core.outlook.forecast_effects import Break
from core.outlook.levelling import BalanceRemedy
from core.outlook.levers import resource_of
from core.outlook.plan_search import Binding
from core.outlook.remedy import Loss, Remedy, Shortfall
from core.rules.standard import Standard
from core.store.dictionary import name_of
from core.wording.attention import item_name
from core.wording.numbers import amount_text, share_text, wan_text

_NUMERALS = "零一二三四五六七"


def remedy_text(remedy: Remedy) -> str:
    """What makes a failing row pass."""
    parts = []
    if remedy.unknown:
        parts.append(f"先补报{'、'.join(resource_of(code).name for code in remedy.unknown)}")
    if remedy.to_limit:
        parts.append("须完成：" + "，".join(_more(s) for s in remedy.to_limit))
    if remedy.to_floor:
        parts.append("至少达到底线：" + "，".join(_more(s) for s in remedy.to_floor))
    if remedy.any_of:
        listed = "；".join(f"{number}. {_more(s)}" for number, s in enumerate(remedy.any_of, 1))
        parts.append(f"完成下列任意{_NUMERALS[remedy.needed]}项即可：{listed}")
    return "；".join(parts) + "。"


def loss_text(loss: Loss) -> str:
    """How little undoes a passing row."""
    resource = resource_of(loss.code)
    verb = "再调出" if resource.is_teacher else "再减少"
    return f"{verb} {amount_text(loss.units, resource.unit)}{resource.name}即不达标"


def balance_remedy_text(remedy: BalanceRemedy, baseline: Baseline) -> str:
    """The fewest units for one coefficient, and the schools that get most of them."""
    resource = resource_of(remedy.code)
    largest = sorted(remedy.additions, key=lambda a: (-a.units, a.school_id))
    named = "、".join(
        f"{baseline.facts.schools[a.school_id].name} {amount_text(a.units, resource.unit)}" for a in largest[:3]
    )
    others = f"等 {len(largest)} 所学校" if len(largest) > len(largest[:3]) else ""
    after = "—" if remedy.cv_after is None else f"{remedy.cv_after:.3f}"
    return (
        f"{name_of('stage', remedy.stage)}{resource.name}：最少增加 {amount_text(remedy.units, resource.unit)}"
        f"（{named}{others}），差异系数 {remedy.cv_before:.3f}→{after}。"
    )


def plan_text(plan: Plan, baseline: Baseline) -> str:
    """What a plan buys, costs and reaches, or which caps make it impossible."""
    if plan.bindings:
        return "在现有上限内不可能全部达标：" + "；".join(binding_text(b, baseline) for b in plan.bindings) + "。"
    if not plan.purchases:
        return "不需要新增投入。" if plan.complete else "预算内没有可以完成的项目。"
    sums: dict[str, int] = defaultdict(int)
    for purchase in plan.purchases:
        sums[purchase.code] += purchase.units
    bought = "，".join(_more(Shortfall(code, units)) for code, units in sorted(sums.items()))
    before, after = plan.before.schools_part, plan.after.schools_part
    reached = "学校与差异系数全部达标" if plan.complete else "预算内不能全部达标"
    proof = ""
    if plan.gap_share is not None and plan.bound_yuan is not None:
        proof = (
            f"；任何全部达标的方案不低于 {wan_text(plan.bound_yuan)}，本方案至多高出 {share_text(plan.gap_share, 2)}"
        )
    return f"{bought}，计 {wan_text(plan.cost_yuan)}，达标校段 {before.met}→{after.met}，{reached}{proof}。"


def binding_text(binding: Binding, baseline: Baseline) -> str:
    """A cap that stands in the way."""
    resource = resource_of(binding.code)
    where = f"{baseline.facts.schools[binding.school_id].name}{name_of('stage', binding.stage)}"
    cap = f"{resource.name}最多增加 {amount_text(binding.cap, resource.unit)}"
    if binding.needed is None:
        return f"{where}{cap}，全县差异系数降不到限值"
    return f"{where}{cap}，需 {amount_text(binding.needed, resource.unit)}"


def back_test_text(test: BackTest) -> str:
    """How far past forecasts were off, beside the plainest guess."""
    return (
        f"提前 {test.years_ahead} 年：预测误差 {share_text(test.error_share)}，"
        f"按“与上年相同”误差 {share_text(test.same_as_last_year_share)}"
    )


def break_text(found: Break, baseline: Baseline, standard: Standard) -> str:
    """A limit that will be broken, and when."""
    is_indicator = any(i.code == found.code for i in standard.indicators)
    name = standard.indicator(found.code).short_name if is_indicator else item_name(found.code, standard)
    stage = name_of("stage", found.stage) if found.stage else ""
    if found.school_id is None:
        return f"{found.year} 学年：{stage}{name}差异系数超过限值"
    return f"{found.year} 学年：{baseline.facts.schools[found.school_id].name}{stage}{name}不再达标"


def _more(shortfall: Shortfall) -> str:
    resource = resource_of(shortfall.code)
    return f"增加{resource.name} {amount_text(Decimal(shortfall.units), resource.unit)}"
