"""这是怎么算的: the clause, the formula with this very figure's own inputs, and the form it came from."""

from __future__ import annotations

from core.dataset.dictionary import name_of
from core.method.assessment import BalanceResult, ItemResult, SchoolIndicator, Verdict
from core.rules.standard import Standard
from core.wording.items import item_detail
from core.wording.numbers import against_limit, decimal_text, limit_text, plain_text, share_text, whole_text
from core.wording.verdicts import WORDS


def indicator_explained(holding: SchoolIndicator, standard: Standard) -> str:
    """How a school's value came about, and how it was compared."""
    indicator = standard.indicator(holding.code)
    source = f"来源：{indicator.source_form}；{standard.documents[indicator.document].number} {indicator.clause}"
    if holding.value is None:
        return f"{indicator.formula}；所需数据未报，不能计算。{source}。"
    amount = f"{decimal_text(holding.amount)} {indicator.amount_unit}"
    per = "" if indicator.per_pupils == 1 else f" × {plain_text(indicator.per_pupils)}"
    weight = ""
    if holding.weight != 1:
        weight = f"；一校多学段，按在校生把 {share_text(holding.weight)} 计入{name_of('stage', holding.stage)}"
    sign = "≥" if holding.verdict is Verdict.MET else "<"
    return (
        f"{indicator.formula} = {amount} ÷ {whole_text(holding.pupils)} 人{per} = "
        f"{against_limit(holding.value, holding.limit, at_least=True)} {indicator.unit}，{sign} {limit_text(holding.limit)}，"
        f"{WORDS[holding.verdict]}{weight}。判定按乘积比较：合计 − 标准 × 学生数 = {plain_text(holding.surplus or 0)}"
        f"（≥ 0 为达标）。{source}。"
    )


def balance_explained(result: BalanceResult, standard: Standard) -> str:
    """How a coefficient of variation came about."""
    rule = standard.balance
    source = f"{standard.documents[rule.document].number} {rule.clause}"
    if result.cv is None or result.mean is None:
        return f"{rule.formula}；有学校数据未报，不能计算。{source}。"
    indicator = standard.indicator(result.code)
    return (
        f"{rule.formula}；县均值 {decimal_text(result.mean)} {indicator.unit}，"
        f"差异系数 {against_limit(result.cv, result.limit, at_least=False, decimals=3)}，限值 ≤ {limit_text(result.limit, 3)}。{source}。"
    )


def item_explained(result: ItemResult, standard: Standard) -> str:
    """What decided an item: its rule, its figures, the papers that it needs."""
    item = standard.item(result.code)
    needed = f"应备材料：{'、'.join(item.evidence)}" if item.evidence else ""
    clauses = (
        item.name,
        item.formula,
        item_detail(result, standard),
        needed,
        f"{standard.documents[item.document].number} {item.clause}",
    )
    return "；".join(filter(None, clauses)) + "。"
