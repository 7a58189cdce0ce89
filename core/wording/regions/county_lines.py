"""How many counties pass, and what of one county does not, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from core.lake.results import CountyDetail, CountyResult, FailingRow
from core.method.assessment import PartCount, Verdict, count
from core.rules.standard import Standard
from core.wording.numbers import against_limit, limit_text
from core.wording.verdicts import SHAPES, WORDS, part_text


def region_headline(year: int, counties: Sequence[CountyResult]) -> str:
    """The answer of the page: how many counties of a school year pass."""
    return f"{year} 学年 {part_text(count(c.verdict for c in counties), '个县')}"


def causes(counties: Sequence[CountyResult]) -> list[tuple[str, int]]:
    """What counties fail by, and how many of them; one county may fail by several."""
    return [
        ("学校资源配置", sum(c.schools.not_met > 0 for c in counties)),
        ("校际差异系数", sum(c.coefficients.not_met > 0 for c in counties)),
        (
            "政府保障、教育质量等项目",
            sum(c.not_met > c.schools.not_met + c.coefficients.not_met for c in counties),
        ),
    ]


def county_headline(county: CountyResult, year: int) -> str:
    """One county's verdict with what it rests on."""
    schools, coefficients = county.schools, county.coefficients
    parts = [f"学校 {part_text(schools, '所（分学段计）')}" if schools.total else "没有参评学校"]
    parts.append(f"差异系数 {part_text(coefficients, '项')}" if coefficients.total else "差异系数不适用")
    return f"{county.name} {year} 学年{WORDS[county.verdict]}：{'；'.join(parts)}"


def history_text(detail: CountyDetail) -> str:
    """The county's verdicts year by year."""
    return "　".join(f"{year} 学年 {SHAPES[verdict]} {WORDS[verdict]}" for year, verdict in detail.verdicts)


def short_text(row: FailingRow, standard: Standard) -> str:
    """What a school row lacks, or what was not reported of it."""
    told = []
    for one in row.short:
        indicator = standard.indicator(one.code)
        if one.verdict is Verdict.NOT_ASSESSABLE or one.value is None:
            told.append(f"{indicator.name}未报")
        else:
            unit = indicator.unit.split("/")[0]
            told.append(
                f"{indicator.name} {against_limit(one.value, one.limit, at_least=True)} {unit}，标准 {limit_text(one.limit)} {unit}"
            )
    return "；".join(told)


def share_met(part: PartCount) -> float | None:
    """The share of a part that is met, None where it is empty."""
    return part.met / part.total if part.total else None
