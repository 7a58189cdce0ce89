"""Figures are rounded half up, as on the form, and never so that they contradict their verdict."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.wording.numbers import (
    NOT_REPORTED,
    against_limit,
    amount_text,
    decimal_text,
    plain_text,
    rounded,
    share_text,
    wan_text,
    whole_text,
)

unhurried = settings(max_examples=150, deadline=None, derandomize=True)
LIMITS = [Decimal(text) for text in ("4.2", "1", "0.9", "4.5", "3.825", "2000", "0.765", "0.50", "0.45", "8000")]
limits = st.sampled_from(LIMITS)
# What a value may lack of its limit, or have above it: anything from a unit to a billionth.
hairs = st.builds(lambda digit, exponent: Decimal(digit).scaleb(-exponent), st.integers(-9, 9), st.integers(0, 9))


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [
        (2.675, 2, "2.68"), (1.005, 2, "1.01"), (0.125, 2, "0.13"), (2.5, 0, "3"), (3.5, 0, "4"), (0.5, 0, "1"),
        (4.4949, 2, "4.49"), (4.495, 2, "4.50"), (0.5005, 3, "0.501"), (0.50049, 3, "0.500"),
        (Decimal("4.445"), 2, "4.45"), (Decimal("1E+3"), 2, "1000.00"),
    ],
)  # fmt: skip
def test_a_half_is_rounded_up(number: float | Decimal, decimals: int, expected: str) -> None:
    assert f"{rounded(number, decimals):f}" == expected


@unhurried
@given(st.decimals(0, 10**6, places=6), st.integers(0, 4))
def test_rounding_moves_a_number_by_half_a_step_at_most_and_halves_upwards(number: Decimal, decimals: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    moved = rounded(number, decimals) - number
    assert -step / 2 < moved <= step / 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (decimal_text(1234.5), "1,234.50"), (decimal_text(None), NOT_REPORTED), (decimal_text(0.0), "0.00"),
        (whole_text(1999.5), "2,000"), (whole_text(None), NOT_REPORTED), (plain_text(Decimal("4.50")), "4.5"),
        (plain_text(Decimal("2000")), "2,000"), (plain_text(Decimal("3.825")), "3.825"),
        (share_text(0.85), "85.0%"), (share_text(Decimal("0.8495"), 1), "85.0%"), (share_text(None), NOT_REPORTED),
        (share_text(1, 0), "100%"), (wan_text(12_345), "1.2 万元"), (wan_text(None), NOT_REPORTED),
        (amount_text(9_999, "元"), "9,999 元"), (amount_text(10_000, "元"), "1.0 万元"), (amount_text(3, "名"), "3 名"),
    ],
)  # fmt: skip
def test_figures_are_written_as_people_read_them(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize(
    ("value", "limit", "at_least", "expected"),
    [
        (4.5, "4.5", True, "4.50"), (4.4999, "4.5", True, "4.4999"), (4.496, "4.5", True, "4.496"),
        (4.494, "4.5", True, "4.49"), (3.8249, "3.825", True, "3.82"), (3.825, "3.825", True, "3.83"),
        (4.4999995, "4.5", True, "4.4999995"), (1999.9999995, "2000", True, "1,999.9999995"),
        (0.5, "0.50", False, "0.500"), (0.5004, "0.50", False, "0.5004"), (0.4996, "0.50", False, "0.500"),
        (0.50000004, "0.50", False, "0.50000004"), (None, "4.5", True, NOT_REPORTED),
    ],
)  # fmt: skip
def test_a_value_gets_the_decimals_that_tell_it_from_its_limit(
    value: float | None, limit: str, at_least: bool, expected: str
) -> None:
    assert against_limit(value, Decimal(limit), at_least, 2 if at_least else 3) == expected


@unhurried
@given(limits, hairs, st.booleans())
def test_what_is_printed_never_contradicts_the_verdict(limit: Decimal, hair: Decimal, at_least: bool) -> None:
    value = float(limit + hair)
    if value < 0:
        value = 0.0
    exact = Decimal(repr(value))
    shown = Decimal(against_limit(value, limit, at_least).replace(",", ""))
    if at_least:
        assert (shown >= limit) == (exact >= limit)
    else:
        assert (shown <= limit) == (exact <= limit)
    assert abs(shown - exact) <= Decimal("0.005")


@unhurried
@given(limits, st.floats(0, 10**6, allow_nan=False, allow_infinity=False), st.booleans())
def test_a_value_far_from_its_limit_is_printed_with_two_decimals(limit: Decimal, value: float, at_least: bool) -> None:
    text = against_limit(value, limit, at_least)
    if abs(Decimal(repr(value)) - limit) > Decimal("0.01"):
        assert text == f"{rounded(value, 2):,f}"
