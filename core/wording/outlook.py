"""The fewest units for a coefficient, and the cheapest plan, in plain sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from core.method.assessment import Assessment
from core.outlook.baseline import Baseline
from core.outlook.cheapest import Plan
from core.outlook.cohorts import UNCOUNTED_KINDS
from core.outlook.levelling import BalanceRemedy
from core.outlook.levers import resource_of
from core.outlook.plan_search import Binding
from core.outlook.remedy import Shortfall
from core.rules.standard import STAGES, Standard
from core.store.dictionary import name_of
from core.store.naming import named
from core.wording.numbers import amount_text, share_text, wan_text, whole_text
from core.wording.remedies import added_text


def balance_remedy_text(remedy: BalanceRemedy, assessment: Assessment) -> str:
    """The fewest units that bring one coefficient within its limit, and the schools that get most of them."""
    resource = resource_of(remedy.code)
    names = {row.school_id: row.name for row in assessment.rows}
    largest = sorted(remedy.additions, key=lambda a: (-a.units, a.school_id))
    where = [f"{names[a.school_id]} {amount_text(a.units, resource.unit)}" for a in largest]
    return (
        f"{resource.name}至少补 {amount_text(remedy.units, resource.unit)}（{named(where, '所学校')}），"
        f"{name_of('stage', remedy.stage)}差异系数即可降到限值内"
    )


def plan_text(plan: Plan, baseline: Baseline) -> str:
    """What a plan buys, costs and reaches, or which caps make it impossible."""
    if plan.bindings:
        return "在现有上限内不可能全部达标：" + "；".join(binding_text(b, baseline) for b in plan.bindings) + "。"
    if not plan.changes:
        return "不需要新增投入。" if plan.complete else "预算内没有可以完成的项目。"
    sums: dict[str, int] = defaultdict(int)
    for purchase in plan.purchases:
        sums[purchase.code] += purchase.units
    parts = [added_text(Shortfall(code, units)) for code, units in sorted(sums.items())]
    if plan.moves:
        parts.append(f"教师跨校交流 {sum(move.count for move in plan.moves)} 名")
    bought = "，".join(parts)
    before, after = plan.before.schools_part, plan.after.schools_part
    if not plan.complete:
        reached = "预算内不能全部达标"
    elif plan.unreported or plan.after.balance_part.unknown:
        reached = "已报数据的校段与差异系数全部达标，未报的仍无法判定"
    else:
        reached = "学校与差异系数全部达标"
    proof = ""
    if plan.gap_share is not None and plan.bound_yuan is not None:
        proof = (
            f"；任何全部达标的方案不低于 {wan_text(plan.bound_yuan)}，本方案至多高出 {share_text(plan.gap_share, 2)}"
        )
    return f"{bought}，计 {wan_text(plan.cost_yuan)}，达标校段 {before.met}→{after.met}，{reached}{proof}。"


def pupils_basis_text(assessment: Assessment, recorded: Mapping[tuple[int, str], int], standard: Standard) -> str:
    """Whom forecast and what-if count, beside the pupils of the evaluated rows, and who makes the difference."""
    clauses = []
    for stage in STAGES:
        evaluated = sum(row.pupils or 0 for row in assessment.rows if row.stage == stage)
        counted = recorded.get((assessment.year, stage), 0)
        clause = f"{name_of('stage', stage)} {whole_text(counted)} 人"
        if counted != evaluated:
            clause += f"，比参评校段在校生合计 {whole_text(evaluated)} 人{'多' if counted > evaluated else '少'}"
            clause += f" {whole_text(abs(counted - evaluated))} 人{_unevaluated(assessment, stage, standard)}"
        clauses.append(clause)
    return (
        f"本页和情景推演按班级人数计算，{assessment.year} 学年{'；'.join(clauses)}。"
        "班级人数包括未参评学校，不包括特殊教育学校和职业学校；结论各页只计参评校段。"
    )


def _unevaluated(assessment: Assessment, stage: str, standard: Standard) -> str:
    """The schools with pupils that are counted but not evaluated."""
    held = [
        f"{x.name} {whole_text(x.pupils)} 人（{standard.exclusion(x.reason).name}）"
        for x in assessment.left_out
        if x.stage == stage and x.pupils and x.kind not in UNCOUNTED_KINDS
    ]
    return f"，其中未参评的有{named(held, '所')}" if held else ""


def binding_text(binding: Binding, baseline: Baseline) -> str:
    """A cap that stands in the way."""
    resource = resource_of(binding.code)
    where = f"{baseline.facts.schools[binding.school_id].name}{name_of('stage', binding.stage)}"
    cap = f"{resource.name}最多增加 {amount_text(binding.cap, resource.unit)}"
    if binding.needed is None:
        return f"{where}{cap}，全县差异系数降不到限值"
    return f"{where}{cap}，需 {amount_text(binding.needed, resource.unit)}"
