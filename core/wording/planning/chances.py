"""Chances and coming years in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping

from core.dataset.dictionary import name_of
from core.outlook.forecast.chances import Chances
from core.outlook.forecast.cohort_model import Source
from core.rules.standard import STAGES, Standard
from core.wording.numbers import share_text

SOURCE_WORDS = {
    Source.ENTRIES: "一年级新生人数",
    Source.PROGRESSION: "各年级升级与转学",
    Source.SEVENTH: "小学毕业生升入本县初中的比例",
    Source.SCHOOLS: "学生在各校之间的分布",
}


def chance_sentence(chances: Chances) -> str:
    """How likely the year is without a failure, and how closely so few draws tell it."""
    low, high = chances.whole.interval
    return (
        f"{chances.year} 学年已报数据的学校与差异系数全部达标的把握约 {share_text(chances.whole.share, 0)}"
        f"（{chances.whole.runs} 次抽样中 {chances.whole.passing} 次；只计抽样次数的误差，95% 区间 "
        f"{share_text(low, 0)}–{share_text(high, 0)}）"
    )


def weight_sentence(chances: Chances) -> str:
    """Which uncertainty matters most."""
    most = chances.weightiest
    if most is None or most.source is None:
        return "各种不确定性单独变动都不改变不达标的处数：结果取决于现有的缺口，而不是学生人数的变化。"
    return f"影响最大的不确定性是{SOURCE_WORDS[most.source]}：单独变动就使不达标的处数在 {min(most.failing)}–{max(most.failing)} 处之间。"


def failing_name(key: tuple[str, str], names: Mapping[tuple[str, str], str], standard: Standard) -> str:
    """A school row (school_id, stage) or a coefficient (stage, code) by name."""
    if key[0] in STAGES:
        return f"{name_of('stage', key[0])}{standard.indicator(key[1]).short_name}差异系数"
    return names[key]
