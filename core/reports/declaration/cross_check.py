"""表间核对: whether the declaration's tables agree with one another and with what `assess` says, by what is printed in them.

    cross_checks(forms, assessed, standard) -> tuple[Check, ...]         assessed: core.reports.assess_json.assess_object(…)

It reads the finished tables, not what they were made of: a table that was changed on the way is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.dataset.dictionary import name_of
from core.reports.declaration.forms import Form
from core.reports.tables import ReportCell
from core.rules.standard import STAGES, Standard
from core.wording.numbers import NOT_REPORTED, plain_text, rounded

_PASSES, _MET = "是", "met"
_VALUES_FROM, _COEFFICIENTS_FROM = 6, 2


@dataclass(frozen=True)
class Check:
    """Two figures that must be the same; `agrees` is None where one of them is not known."""

    name: str
    left: str
    right: str
    agrees: bool | None


def cross_checks(forms: Sequence[Form], assessed: Mapping[str, Any], standard: Standard) -> tuple[Check, ...]:
    """Every comparison, in the order of the tables."""
    return tuple(_checks({f.number: [g for g in forms if g.number == f.number] for f in forms}, assessed, standard))


def _checks(forms: Mapping[str, list[Form]], assessed: Mapping[str, Any], standard: Standard) -> Iterator[Check]:
    [basics], [counts], schools, [balance] = forms["表Ⅰ"], forms["表Ⅱ-1"], forms["表Ⅱ-2"], forms["表Ⅲ"]
    rows_of = {s: [r for r in assessed["rows"] if r["stage"] == s] for s in STAGES}
    for place, (stage, table) in enumerate(zip(STAGES, schools, strict=True)):
        name = name_of("stage", stage)
        counted, listed, judged = counts.table.rows[place], table.table.rows, rows_of[stage]
        yield _check(f"{name}参评学校数：表Ⅱ-1 与表Ⅱ-2 行数", counted[1], len(listed))
        yield _check(f"{name}参评学校数：表Ⅱ-2 行数与判定结果", len(listed), len(judged))
        passing = sum(row[-2] == _PASSES for row in listed)
        yield _check(f"{name}综合达标校数：表Ⅱ-1 与表Ⅱ-2", counted[-2], passing)
        yield _check(f"{name}综合达标校数：表Ⅱ-2 与判定结果", passing, sum(r["verdict"] == _MET for r in judged))
        for k, indicator in enumerate(standard.indicators):
            limit = indicator.limit[stage]
            values = [_number(row[_VALUES_FROM + k]) for row in listed]
            reached = sum(v is not None and v >= limit for v in values)
            found = sum(r["indicators"][indicator.code]["verdict"] == _MET for r in judged)
            yield _check(f"{name}{indicator.short_name}达标校数：表Ⅱ-1 与表Ⅱ-2 各校值", counted[2 + 2 * k], reached)
            yield _check(f"{name}{indicator.short_name}达标校数：表Ⅱ-1 与判定结果", counted[2 + 2 * k], found)
        yield _check(
            f"{name}在校生：表Ⅱ-2 合计与判定结果",
            _total([row[3] for row in listed]),
            _total([r["pupils"] for r in judged]),
        )
        yield from _coefficients(balance, stage, place, assessed, standard)
    yield from _county(basics, schools, assessed)
    yield from _items(forms, assessed)


def _coefficients(
    form: Form, stage: str, place: int, assessed: Mapping[str, Any], standard: Standard
) -> Iterator[Check]:
    found = {b["indicator"]: b for b in assessed["balance"] if b["stage"] == stage}
    means, coefficients = form.table.rows[3 * place], form.table.rows[3 * place + 1]
    for k, indicator in enumerate(standard.indicators):
        name = f"{name_of('stage', stage)}{indicator.short_name}"
        held = found[indicator.code]
        yield _rounds_to(f"{name}县均值：表Ⅲ 与判定结果", means[_COEFFICIENTS_FROM + k], held["mean"])
        yield _rounds_to(f"{name}差异系数：表Ⅲ 与判定结果", coefficients[_COEFFICIENTS_FROM + k], held["cv"])


def _county(basics: Form, schools: Sequence[Form], assessed: Mapping[str, Any]) -> Iterator[Check]:
    headers = [c.header for c in basics.table.columns]
    [row] = basics.table.rows
    for stage, form in zip(STAGES, schools, strict=True):
        name = name_of("stage", stage)
        classes, pupils = (i for i, header in enumerate(headers) if header == name and i >= headers.index("教学点"))
        known = assessed["class_sizes"][stage]
        yield _check(
            f"{name}教学班数：表Ⅰ 与判定结果", row[classes], None if "unreported" in known else known["classes"]
        )
        listed = _total([r[3] for r in form.table.rows])
        held = _number(row[pupils])
        # Schools that are left out have pupils too: the county's sum is never smaller.
        agrees = None if held is None or listed is None else held >= listed
        yield Check(f"{name}在校生：表Ⅰ 不少于表Ⅱ-2 合计", _text(row[pupils]), _text(listed), agrees)


def _items(forms: Mapping[str, list[Form]], assessed: Mapping[str, Any]) -> Iterator[Check]:
    items = {i["code"]: i for i in assessed["items"]}
    for number, first in (("表Ⅳ", "G"), ("表Ⅴ", "Q")):
        [form] = forms[number]
        judged = [i for code, i in items.items() if code.startswith(first)]
        yield _check(f"{number} 行数与判定结果", len(form.table.rows), len(judged))
        met = sum(str(row[2]).startswith(_PASSES) for row in form.table.rows)
        yield _check(f"{number} 达标项数与判定结果", met, sum(i["verdict"] == _MET for i in judged))
    [survey] = forms["表Ⅵ"]
    [row] = survey.table.rows
    yield _rounds_to("满意度：表Ⅵ 与判定结果", row[5], items["satisfaction"]["value"])


def _check(name: str, left: ReportCell, right: ReportCell) -> Check:
    one, two = _number(left), _number(right)
    return Check(name, _text(left), _text(right), None if one is None or two is None else one == two)


def _rounds_to(name: str, shown: ReportCell, exact: float | None) -> Check:
    """Whether a printed figure is the exact one rounded half up to the printed digits."""
    printed = _number(shown)
    if printed is None and exact is None:
        return Check(name, _text(shown), NOT_REPORTED, None)
    if printed is None or exact is None:
        return Check(name, _text(shown), NOT_REPORTED if exact is None else repr(exact), False)
    exponent = printed.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return Check(name, _text(shown), repr(exact), rounded(exact, decimals) == printed)


def _number(cell: ReportCell) -> Decimal | None:
    """The number of a cell, without what marks it as 临界; None for a cell without one."""
    if isinstance(cell, str):
        head = cell.split(" ")[0]
        is_share = head.endswith("%")
        digits = head.removesuffix("%")
        if not digits.replace(".", "", 1).isdigit():
            return None
        return Decimal(digits) / 100 if is_share else Decimal(digits)
    return Decimal(str(cell)) if isinstance(cell, int | float | Decimal) else None


def _total(cells: Sequence[ReportCell]) -> Decimal | None:
    numbers = [_number(cell) for cell in cells]
    known = [n for n in numbers if n is not None]
    return sum(known, Decimal(0)) if len(known) == len(numbers) else None


def _text(cell: ReportCell) -> str:
    number = _number(cell)
    return plain_text(number) if number is not None and not isinstance(cell, str) else str(cell or NOT_REPORTED)
