"""The fewest units for a coefficient, and the cheapest plan, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment
from core.naming import named
from core.outlook.baseline import Baseline
from core.outlook.cheapest.bindings import BalanceBinding, Binding, PostsBinding, Shortage
from core.outlook.cheapest.cheapest import CheapestPlan
from core.outlook.forecast.forecast import Forecast
from core.outlook.forecast.forecast_effects import Break
from core.outlook.forecast.spread import INTERVAL_SHARE
from core.outlook.remedies.coefficients import BalanceRemedy
from core.outlook.what_if.levers import resource_of
from core.rules.standard import STAGES, Standard
from core.wording.items import item_name
from core.wording.numbers import amount_text, share_text, up_wan_text, wan_text, whole_text
from core.wording.planning.purchases import purchases_text
from core.wording.verdicts import staged_name

# Of a school's limits those that allow a most: its size and its classes. The others ask for a least.
_AT_MOST = ("G4", "G5")


def balance_remedy_text(remedy: BalanceRemedy, assessment: Assessment) -> str:
    """The fewest units that bring one coefficient within its limit, and the schools that get most of them.

    Where fewer are not ruled out it says that so many do, not that so many are the least.
    """
    resource = resource_of(remedy.code)
    names = {row.school_id: row.name for row in assessment.rows}
    largest = sorted(remedy.additions, key=lambda a: (-a.units, a.school_id))
    where = [f"{names[a.school_id]} {amount_text(a.units, resource.unit)}" for a in largest]
    least = "至少" if remedy.proven else ""
    return (
        f"{resource.name}{least}补 {amount_text(remedy.units, resource.unit)}（{named(where, '所学校')}），"
        f"{name_of('stage', remedy.stage)}差异系数即可降到限值内"
    )


def balance_remedy_line(remedy: BalanceRemedy) -> str:
    """The same in one line: at how many schools, how much in all."""
    resource, places = resource_of(remedy.code), len({a.school_id for a in remedy.additions})
    least = "至少" if remedy.proven else ""
    return f"{places} 校共增{resource.name}{least} {amount_text(remedy.units, resource.unit)}"


def plan_text(plan: CheapestPlan, baseline: Baseline) -> str:
    """What a plan buys, costs and reaches, or which caps make it impossible."""
    if plan.bindings:
        # Caps are proven to be in the way; that no plan hires fewer is not.
        found = all(isinstance(b, PostsBinding) for b in plan.bindings)
        opening = "在可用编制内没有找到全部达标的方案：" if found else "在现有上限内不可能全部达标："
        return opening + "；".join(binding_text(b, baseline) for b in plan.bindings) + "。"
    if not plan.changes:
        return "不需要新增投入。" if plan.complete else f"预算内没有可以完成的项目。{next_row_text(plan, baseline)}"
    moved = f"教师跨校交流 {sum(move.count for move in plan.moves)} 名" if plan.moves else ""
    bought = "，".join(filter(None, (purchases_text(plan.every_purchase), moved)))
    before, after = plan.before.schools_part, plan.after.schools_part
    if not plan.complete and after.met == before.met:
        further = next_row_text(plan, baseline)
        return f"{bought}，计 {wan_text(plan.cost_yuan)}，只缩小差距，没有学校因此达标。{further}"
    if not plan.complete:
        reached = "预算内不能全部达标"
    elif plan.unreported or plan.after.balance_part.unknown:
        reached = "已报数据的学校与差异系数全部达标，未报的仍无法判定"
    else:
        reached = "学校与差异系数全部达标"
    proof = ""
    if plan.is_cheapest:
        proof = "；已证明没有明显更省的方案"
    elif plan.gap_share is not None and plan.bound_yuan is not None:
        proof = (
            f"；任何全部达标的方案不低于 {wan_text(plan.bound_yuan)}，本方案至多高出 {share_text(plan.gap_share, 2)}"
        )
    return f"{bought}，计 {wan_text(plan.cost_yuan)}，达标学校 {before.met}→{after.met}，{reached}{proof}。{next_row_text(plan, baseline)}"


def next_row_text(plan: CheapestPlan, baseline: Baseline) -> str:
    """The budget with which one more row passes, and which; blank where no budget was too small."""
    if plan.next_row is None:
        return ""
    school_id, stage = plan.next_row
    school = baseline.facts.schools[school_id]
    more = "再" if plan.after.schools_part.met > plan.before.schools_part.met else ""
    name = staged_name(school.name, school.kind, stage)
    return f"要{more}使一所学校达标，预算至少需 {up_wan_text(plan.next_yuan)}：最省的是{name}。"


def interval_text(ahead: Forecast) -> str:
    """What an interval holds, and by whose past forecasts it is so wide."""
    share = share_text(Decimal(str(INTERVAL_SHARE)), 0)
    steps = range(1, len(ahead.years) + 1)
    own = [step for step in steps if step in ahead.own_years]
    if not own:
        basis = "往年回测不足，区间宽度按虚构县的回测，属假设"
    elif len(own) == len(steps):
        basis = "区间宽度按本县往年预测的误差"
    else:
        basis = f"区间宽度提前 {own[0] if len(own) == 1 else f'{own[0]}–{own[-1]}'} 年的按本县往年预测的误差，其余按虚构县的回测，属假设"
    return f"区间应包含 {share} 的实际结果；{basis}。按各年级升级率与各乡镇入学趋势推算，划片、招生等做法不变。"


def pupils_basis_text(assessment: Assessment, recorded: Mapping[tuple[int, str], int], standard: Standard) -> str:
    """Whom forecast and what-if count, beside the pupils of the evaluated rows, and who makes the difference."""
    clauses = []
    for stage in STAGES:
        evaluated = sum(row.pupils or 0 for row in assessment.rows if row.stage == stage)
        counted = recorded.get((assessment.year, stage), 0)
        clause = f"{name_of('stage', stage)} {whole_text(counted)} 人"
        if counted != evaluated:
            clause += f"，比参评学校在校生合计 {whole_text(evaluated)} 人{'多' if counted > evaluated else '少'}"
            clause += f" {whole_text(abs(counted - evaluated))} 人{_unevaluated(assessment, stage, standard)}"
        clauses.append(clause)
    return (
        f"本页和情景推演按班级人数计算，{assessment.year} 学年{'；'.join(clauses)}。"
        "班级人数包括未参评学校，不包括特殊教育学校；结论各页只计参评学校。"
    )


def _unevaluated(assessment: Assessment, stage: str, standard: Standard) -> str:
    """The schools with pupils that are counted but not evaluated."""
    held = [
        f"{x.name} {whole_text(x.pupils)} 人（{standard.exclusion(x.reason).name}）"
        for x in assessment.left_out
        if x.stage == stage and x.pupils and x.kind not in standard.uncounted_kinds
    ]
    return f"，其中未参评的有{named(held, '所')}" if held else ""


def break_sentence(found: Sequence[Break]) -> str:
    """How many limits are broken now, and how many more will be."""
    new = [b for b in found if not b.now]
    already = len(found) - len(new)
    now = f"现已超出限值或不足标准 {already} 处" if already else "现无超出限值、不足标准的"
    if not new:
        return f"{now}，预测期内没有新出现的。"
    schools = len({b.school_id for b in new if b.school_id})
    return f"{now}，预测期内新出现 {len(new)} 处{f'，涉及 {schools} 所学校' if schools else ''}。"


def break_limit(found: Break, standard: Standard) -> str:
    """The limit that is broken, by code and name."""
    if found.code in {indicator.code for indicator in standard.indicators}:
        ending = "" if found.school_id else "差异系数"
        return f"{standard.indicator(found.code).short_name}{ending}"
    return item_name(found.code, standard)


def break_stage(found: Break) -> str:
    """The stage concerned, or the whole school."""
    return name_of("stage", found.stage) if found.stage else "全校"


def broken_since(found: Break) -> str:
    """Since when the limit is broken: above a most, or below a least."""
    return f"现已{_broken(found)}" if found.now else f"{found.years[0]} 学年起{_broken(found)}"


def break_years(found: Break) -> str:
    """The coming years in which the limit is broken."""
    if not found.years:
        return "预测期内不再出现"
    spans: list[list[int]] = []
    for year in found.years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return "、".join(str(s[0]) if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spans) + " 学年"


def _broken(found: Break) -> str:
    return "超出" if found.school_id is None or found.code in _AT_MOST else "不足"


def still_failing_text(plan: CheapestPlan, standard: Standard) -> str:
    """What of the county fails all the same once the plan is carried out; blank where nothing does."""
    codes = plan.still_failing
    if not codes:
        return ""
    # Of what money does not mend it says by how much.
    sizes = "".join(
        f"，{_school_name(plan, school_id)}须分流 {more} 人" for school_id, more in plan.necessary.too_large
    )
    return f"仍不达标 {len(codes)} 项：{'、'.join(item_name(code, standard) for code in codes)}{sizes}"


def _school_name(plan: CheapestPlan, school_id: str) -> str:
    """A school of the plan's judgement."""
    return next((s.name for s in plan.after.school_items if s.school_id == school_id), school_id)


def binding_text(binding: Binding, baseline: Baseline) -> str:
    """Which caps stand in the way of a row or a coefficient, and which of them must be raised how far."""
    if isinstance(binding, PostsBinding):
        return f"所得方案须新聘教师 {binding.needed} 名，可用编制只有 {binding.posts} 名"
    if isinstance(binding, BalanceBinding):
        at_cap = f"：{len(binding.school_ids)} 所学校已到上限" if binding.school_ids else ""
        return f"{name_of('stage', binding.stage)}{resource_of(binding.code).name}的差异系数降不到限值{at_cap}"
    school = baseline.facts.schools[binding.school_id]
    clauses = []
    low = [s for s in binding.shortages if s.below_floor]
    if low:
        clauses.append("须至少补到底线：" + "、".join(_shortage(s, s.to_floor) for s in low))
    if binding.needed:
        choice = "" if binding.needed == len(binding.shortages) else f"任意 {binding.needed} 项"
        listed = "、".join(_shortage(s, s.to_limit) for s in binding.shortages)
        clauses.append(f"须放宽下列{choice}：{listed}" if choice else f"须放宽：{listed}")
    return f"{staged_name(school.name, school.kind, binding.stage)}{'；'.join(clauses)}"


def _shortage(shortage: Shortage, needed: int) -> str:
    resource = resource_of(shortage.code)
    return (
        f"{resource.name}（上限 {amount_text(shortage.cap, resource.unit)}，需 {amount_text(needed, resource.unit)}）"
    )
