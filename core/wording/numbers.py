"""How figures are written: rounded half up as on the form, never so that the rounding contradicts the verdict."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

NOT_REPORTED = "…"
NONE_HERE = "—"
NOT_APPLICABLE = "×"
# A ten-thousandth of a yuan, the least a cell can lack, is this small for each of 20,000 pupils.
_MOST_DECIMALS = 12
_YUAN_PER_WAN = 10_000


def rounded(number: float | Decimal, decimals: int) -> Decimal:
    """The number rounded half up, as the form rounds."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def decimal_text(number: float | Decimal | None, decimals: int = 2) -> str:
    """A figure with a fixed number of decimals; … where it was not reported."""
    return NOT_REPORTED if number is None else f"{rounded(number, decimals):,f}"


def whole_text(number: float | Decimal | None) -> str:
    """A count; … where it was not reported."""
    return NOT_REPORTED if number is None else f"{int(rounded(Decimal(number), 0)):,}"


def range_text(least: int | None, most: int | None) -> str:
    """A count that is known between two numbers, `most` None where it is open above; … where it was not reported."""
    if least is None or least == most:
        return whole_text(least)
    return f"{least:,} 以上" if most is None else f"{least:,}–{most:,}"


def plain_text(number: float | Decimal) -> str:
    """A limit or an amount without needless zeros."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    text = f"{exact.normalize():f}"
    return text if "." in text else f"{int(exact):,}"


def limit_text(limit: float | Decimal, decimals: int = 2) -> str:
    """A limit with as many digits as the figures beside it, with all of its own where it has more."""
    exact = limit if isinstance(limit, Decimal) else Decimal(repr(limit))
    return plain_text(exact) if rounded(exact, decimals) != exact else decimal_text(exact, decimals)


def share_text(share: float | Decimal | None, decimals: int = 1) -> str:
    """A share 0–1 as a percentage."""
    if share is None:
        return NOT_REPORTED
    exact = share if isinstance(share, Decimal) else Decimal(repr(share))
    return f"{rounded(exact * 100, decimals)}%"


def wan_text(yuan: float | Decimal | None) -> str:
    """Money in 万元 with one decimal."""
    return NOT_REPORTED if yuan is None else f"{rounded(Decimal(yuan) / _YUAN_PER_WAN, 1):,f} 万元"


def up_wan_text(yuan: Decimal) -> str:
    """Money in whole 万元, rounded up: what is asked for must suffice."""
    return f"{int((yuan / _YUAN_PER_WAN).to_integral_value(ROUND_CEILING)):,} 万元"


def rounded_against(value: float, limit: Decimal, at_least: bool, decimals: int = 2) -> Decimal:
    """A value rounded with as many decimals as it takes not to contradict its standing against the limit."""
    exact = Decimal(repr(value))
    for digits in range(decimals, _MOST_DECIMALS):
        shown = rounded(exact, digits)
        if at_least and (shown >= limit) == (exact >= limit):
            return shown
        if not at_least and (shown <= limit) == (exact <= limit):
            return shown
    return rounded(exact, _MOST_DECIMALS)


def against_limit(value: float | None, limit: Decimal, at_least: bool, decimals: int = 2) -> str:
    """A value against its limit for people; … where it was not reported."""
    return NOT_REPORTED if value is None else f"{rounded_against(value, limit, at_least, decimals):,f}"


def amount_text(amount: float | Decimal, unit: str) -> str:
    """A missing or held amount for people: whole teachers, rooms and ㎡, money in 万元."""
    if unit == "元":
        return wan_text(amount) if amount >= _YUAN_PER_WAN else f"{whole_text(amount)} 元"
    return f"{whole_text(amount)} {unit}"
