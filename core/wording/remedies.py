"""What makes a failing school row pass, and how little undoes a passing one, in plain sentences."""

from __future__ import annotations

from decimal import Decimal

from core.method.assessment import SchoolIndicator, SchoolRow, Verdict
from core.outlook.remedies.rows import Loss, Remedy, Shortfall, remedy_of
from core.outlook.what_if.levers import RESOURCES
from core.rules.standard import Indicator, Standard
from core.wording.numbers import amount_text

_NUMERALS = "零一二三四五六七八九十"


def remedy_text(remedy: Remedy, standard: Standard) -> str:
    """What makes a failing row pass."""
    parts = []
    if remedy.unknown:
        parts.append(f"先补报{'、'.join(_name(code, standard) for code in remedy.unknown)}")
    if remedy.to_limit:
        parts.append("须完成：" + "，".join(added_text(s, standard) for s in remedy.to_limit))
    if remedy.to_floor:
        parts.append("至少达到底线：" + "，".join(added_text(s, standard) for s in remedy.to_floor))
    if remedy.any_of:
        listed = "；".join(f"{number}. {added_text(s, standard)}" for number, s in enumerate(remedy.any_of, 1))
        # The way to the limit begins with the way to the floor: nobody adds the two.
        included = {s.code for s in remedy.to_floor} & {s.code for s in remedy.any_of}
        counted = "（已含达到底线所需）" if included else ""
        parts.append(f"完成下列任意{_NUMERALS[remedy.needed]}项即可{counted}：{listed}")
    return "；".join(parts) + "。"


def _name(code: str, standard: Standard) -> str:
    """What one more of an indicator is: the resource that is added, where one can be, else by the indicator's name."""
    return RESOURCES[code].name if code in RESOURCES else standard.indicator(code).short_name


def loss_text(loss: Loss, standard: Standard) -> str:
    """How little undoes a passing row."""
    indicator = standard.indicator(loss.code)
    verb = "再调出" if indicator.measured_by == "stage" else "再减少"
    return f"{verb} {amount_text(loss.units, indicator.amount_unit)}{_name(loss.code, standard)}即不达标"


def row_remedy(row: SchoolRow, standard: Standard) -> str:
    """What a school row must do to pass; nothing for a row that passes."""
    if row.verdict is Verdict.MET:
        return ""
    if row.pupils is None:
        return "补报在校生数。"
    return remedy_text(remedy_of(row, standard), standard)


def row_remedy_line(row: SchoolRow, standard: Standard) -> str:
    """The same in one line: what must be added, then what is to be chosen from."""
    if row.verdict is Verdict.MET or row.pupils is None:
        return row_remedy(row, standard)
    remedy = remedy_of(row, standard)
    parts = [f"先补报{'、'.join(_name(code, standard) for code in remedy.unknown)}"] if remedy.unknown else []
    if musts := [*remedy.to_limit, *remedy.to_floor]:
        parts.append(f"增{'、'.join(_amount(s, standard) for s in musts)}")
    if remedy.any_of:
        choice = f"，任补 {remedy.needed} 项" if remedy.needed < len(remedy.any_of) else ""
        parts.append(f"增{'、'.join(_amount(s, standard) for s in remedy.any_of)}{choice}")
    return "；".join(parts)


def _amount(shortfall: Shortfall, standard: Standard) -> str:
    return f"{_name(shortfall.code, standard)} {amount_text(Decimal(shortfall.units), standard.indicator(shortfall.code).amount_unit)}"


def missing_text(row: SchoolRow, standard: Standard) -> str:
    """What a row lacks of every indicator that it does not meet, in whole units; empty where it meets all."""
    return "、".join(
        f"{standard.indicator(h.code).short_name}{short_gap(h, standard.indicator(h.code))}"
        for h in row.indicators
        if h.verdict is not Verdict.MET
    )


def short_gap(holding: SchoolIndicator, indicator: Indicator) -> str:
    """What a school lacks of an indicator that it does not meet, short enough for a cell."""
    if holding.verdict is Verdict.NOT_ASSESSABLE:
        return "未报"
    return f"缺 {amount_text(holding.whole_units_missing(), indicator.amount_unit)}"


def gap_text(holding: SchoolIndicator, indicator: Indicator) -> str:
    """What a school lacks of one indicator in whole units, or what it could give up."""
    unit = indicator.amount_unit
    if holding.verdict is Verdict.NOT_ASSESSABLE:
        return "数据未报"
    if holding.verdict is Verdict.NOT_MET:
        missing = amount_text(holding.whole_units_missing(), unit)
        return f"缺 {missing}（全校需补 {missing}）" if holding.weight != 1 else f"缺 {missing}"
    spare = holding.whole_units_to_spare()
    return f"高于标准 {amount_text(spare, unit)}" if spare else f"没有余量，再减 1 {unit}即不达标"


def added_text(shortfall: Shortfall, standard: Standard) -> str:
    """So much more of one resource."""
    return f"增加{_amount(shortfall, standard)}"
