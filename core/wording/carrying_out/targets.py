"""The plan's targets in Chinese: values in their units, paces, what must be started by when, growth by year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.dataset.dictionary import figure_unit, name_of
from core.delivery.figures.sub_item_metrics import MetricResult, Trend
from core.delivery.figures.target_measures import MeasureValue
from core.delivery.owed.targets import TargetOutlook, YearlyOutlook, months_before
from core.delivery.status.pace import PaceVerdict
from core.naming import named
from core.rules.plan_metrics import (
    ClassShare,
    ComparisonMetric,
    CompositeCv,
    CountyVerdict,
    GrowthMetric,
    ItemMetric,
    LargestClass,
    OversizedSchoolShare,
    SubItemsDone,
)
from core.wording.delivery import CV_DECIMALS, TREND_WORDS
from core.wording.numbers import (
    NONE_HERE,
    NOT_REPORTED,
    decimal_text,
    plain_text,
    rounded,
    share_text,
    wan_text,
    whole_text,
)
from core.wording.verdicts import WORDS

PACE_WORDS = {
    PaceVerdict.REACHED: "已达到",
    PaceVerdict.HELD: "目前达到，须保持到判定日",
    PaceVerdict.ON_PACE: "按近年速度可以达到",
    PaceVerdict.BEHIND: "按近年速度不能按期达到",
    PaceVerdict.SHORT: "未达到",
    PaceVerdict.MISSED: "未按期达到",
    PaceVerdict.LATE: "期限后已达到",
    PaceVerdict.UNDECIDED: "无法判定",
    PaceVerdict.HISTORY: "历史方案",
}
PACE_SIGNS = {
    PaceVerdict.REACHED: "绿●",
    PaceVerdict.HELD: "蓝◐",
    PaceVerdict.ON_PACE: "蓝◐",
    PaceVerdict.BEHIND: "橙◇",
    PaceVerdict.SHORT: "红△",
    PaceVerdict.MISSED: "红▲",
    PaceVerdict.LATE: "绿●",
    PaceVerdict.UNDECIDED: "灰○",
    PaceVerdict.HISTORY: "灰–",
}
_MOST_NAMED = 4
_YUAN_PER_WAN = 10_000


def pace_text(pace: PaceVerdict) -> str:
    """How a target stands: sign and word, as every page says it."""
    return f"{PACE_SIGNS[pace]} {PACE_WORDS[pace]}"


def value_text(value: MeasureValue, outlook: TargetOutlook) -> str:
    """A target's value in its own unit, with what it counts."""
    if isinstance(outlook.target.measure, SubItemsDone):
        return f"{value.part} 佐证 {whole_text(value.numerator)}/{whole_text(value.denominator)} 份"
    if value.value is None:
        return WORDS[value.verdict]
    match outlook.target.measure:
        case ClassShare():
            return f"{share_text(value.value)}（{whole_text(value.numerator)}/{whole_text(value.denominator)} 个班）"
        case OversizedSchoolShare():
            return f"{share_text(value.value)}（{whole_text(value.numerator)}/{whole_text(value.denominator)} 所）"
        case LargestClass():
            return (
                f"{name_of('stage', value.part)}最大班额{'至少' if value.is_least else ''} {whole_text(value.value)} 人"
            )
        case CompositeCv():
            shown = decimal_text(value.value, CV_DECIMALS)
            return f"{name_of('stage', value.part)} {shown}（单项 {whole_text(value.numerator)}/{whole_text(value.denominator)} 达标）"
        case ComparisonMetric():
            return f"{plain_text(value.value)}（应达{'数未填报' if value.limit is None else f' {plain_text(value.limit)}'}）"
        case CountyVerdict():
            return f"{whole_text(value.numerator)}/{whole_text(value.denominator)} 项达标"
        case ItemMetric() if value.at_most:
            return f"{whole_text(value.value)} 处不符合"
    return share_text(value.value)


def limit_text(values: Sequence[MeasureValue], outlook: TargetOutlook) -> str:
    """What a target's values are held against, stage by stage where the stages differ; … where nothing says it."""
    texts = []
    for value in values:
        if value.limit is None:
            continue
        largest = isinstance(outlook.target.measure, LargestClass)
        shown = f"{plain_text(value.limit)} 人" if largest else share_text(value.limit, 0)
        stage = f"{name_of('stage', value.part)} " if value.part else ""
        sign = "" if not value.limit else "≤ " if value.at_most else "≥ "
        texts.append(f"{stage}{sign}{shown}")
    return "，".join(texts) or NOT_REPORTED


def change_text(change: float | None, outlook: TargetOutlook) -> str:
    """A pace: the change of a target's value in one year, in its own unit, shares in percentage points."""
    if change is None:
        return "无法计算"
    measure = outlook.target.measure
    counted = isinstance(measure, ItemMetric) and all(v.at_most for vs in outlook.values.values() for v in vs)
    if isinstance(measure, ClassShare | OversizedSchoolShare | CountyVerdict | ItemMetric) and not counted:
        return f"{rounded(change * 100, 1):+f} 个百分点"
    if counted or isinstance(measure, LargestClass):
        return f"{rounded(change, 1):+f} {'处' if counted else '人'}"
    return f"{rounded(change, 3):+f}"


def outlook_sentence(outlook: TargetOutlook) -> str:
    """How a target stands, at what pace, and what must be started by when."""
    if outlook.pace_verdict is PaceVerdict.REACHED:
        return "已达到"
    if outlook.pace_verdict is PaceVerdict.HELD:
        return f"目前达到，须保持到 {outlook.decided_on}"
    if outlook.decided:
        opening = f"已按 {outlook.decided_on} 的情况判定，"
        if outlook.pace_verdict is PaceVerdict.UNDECIDED:
            return f"{opening}数据不全，无法判定"
        lost = "，期限前没有新的数据，已不能按期达到" if outlook.pace_verdict is PaceVerdict.SHORT else ""
        recovery = recovery_sentence(outlook)
        return f"{opening}{PACE_WORDS[outlook.pace_verdict]}{lost}{f'；{recovery}' if recovery else ''}"
    sentence = PACE_WORDS[outlook.pace_verdict]
    if outlook.pace_verdict is PaceVerdict.UNDECIDED:
        sentence = "进度" + sentence
    sentence = f"距 {outlook.decided_on} 判定还有 {outlook.days_left} 天，{sentence}"
    if outlook.last_start is None:
        return sentence
    starts = [
        f"{r.remedy.name} {r.latest_start:%Y-%m}{'' if r.still_possible else '（已过）'}" for r in outlook.remedies
    ]
    if not any(r.still_possible for r in outlook.remedies):
        return f"{sentence}；各种办法都已来不及在判定前见效，须另定期限（{named(starts, '种办法', _MOST_NAMED)}）"
    return f"{sentence}；最迟须于 {outlook.last_start:%Y-%m} 启动（{named(starts, '种办法', _MOST_NAMED)}）"


def start_text(lead_months: int | None, goal: date | None, as_of: date) -> str:
    """When something that takes so many months must be started for a goal; once that is past, when it takes effect."""
    if lead_months is None:
        return NONE_HERE
    if goal is None:
        return f"约需 {lead_months} 个月"
    latest = months_before(goal, lead_months)
    if latest >= as_of.replace(day=1):
        return f"最迟 {latest:%Y-%m}"
    return f"已过 {latest:%Y-%m}，现在启动 {months_before(as_of, -lead_months):%Y-%m} 见效"


def recovery_sentence(outlook: TargetOutlook) -> str:
    """What was missed, begun now: when the remedy takes effect and which year's figures show it first."""
    if outlook.recovery is None:
        return ""
    recovery = outlook.recovery
    return (
        f"现在启动“{recovery.remedy.name}”，约 {recovery.effective_from:%Y-%m} 见效，"
        f"最早由 {recovery.school_year} 年 9 月 1 日的数据反映"
    )


def yearly_sentence(outlook: YearlyOutlook) -> str:
    """A yearly target, year by year: 增长, 持平, 下降 or 无法判定."""
    if not outlook.results:
        return "尚无可比年度"
    words = [f"{y} 年{TREND_WORDS[r.trend or Trend.UNKNOWN]}" for y, r in sorted(outlook.results.items())]
    return "，".join(words)


def growth_text(result: MetricResult, metric: GrowthMetric) -> str:
    """A year's figure and that of the year before, in the figure's unit, money from 万元 on."""
    return f"{_figure(result.value, metric)}（上年 {_figure(result.before, metric)}）"


def _figure(number: float | None, metric: GrowthMetric) -> str:
    if number is None:
        return NOT_REPORTED
    unit = figure_unit(metric.figure)
    if metric.per is not None:
        per = figure_unit(metric.per)
        return share_text(number) if per == unit else f"{plain_text(rounded(number, 2))} {unit}/{per}"
    if unit == "元" and number >= _YUAN_PER_WAN:
        return wan_text(number)
    return f"{plain_text(rounded(number, 2))} {unit}"
