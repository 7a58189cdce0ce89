"""表Ⅰ: the county, its schools, classes, pupils and staff, one line.

    county_form(assessment, standard, figures, places, people) -> (ReportTable, groups)

Primary counts hold teaching points and the primary parts of schools with several stages, junior counts their junior
parts. A sum of which one school did not report its part is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.dataset.dictionary import name_of
from core.facts.school_facts import SchoolPlace, StagePeople
from core.method.assessment import Assessment
from core.reports.tables import PER_PUPIL, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.standard import STAGES, Standard
from core.wording.numbers import rounded

_PEOPLE_PER_WAN = 10_000
# What the county reports of itself, the first two in 万人.
_FIGURES = (
    ("population", "人口总数"),
    ("rural_population", "其中乡村人口"),
    ("villages", "行政村数"),
    ("gdp_per_capita_yuan", "年人均地区生产总值"),
    ("fiscal_revenue_per_capita_yuan", "年人均财政收入"),
    ("rural_income_yuan", "农村居民年人均可支配收入"),
    ("urban_income_yuan", "城镇居民年人均可支配收入"),
)
_KINDS = (
    ("小学", ("primary",)),
    ("一贯制学校", ("nine_year", "twelve_year")),
    ("初中", ("junior",)),
    ("完全中学", ("combined_secondary",)),
    ("特殊教育学校", ("special",)),
    ("教学点", ("teaching_point",)),
)


def county_form(
    assessment: Assessment,
    standard: Standard,
    figures: Mapping[str, Decimal | None],
    places: Sequence[SchoolPlace],
    people: Sequence[StagePeople],
) -> tuple[ReportTable, tuple[tuple[str, int], ...]]:
    """The table, and the headings over its columns with how many each covers."""
    columns = [
        ReportColumn("人口总数", "万人", PER_PUPIL),
        ReportColumn("其中乡村人口", "万人", PER_PUPIL),
        ReportColumn("乡镇数", "个", WHOLE),
        ReportColumn("行政村数", "个", WHOLE),
        *(ReportColumn(name, "元", WHOLE) for _, name in _FIGURES[3:]),
        *(ReportColumn(name, "个" if name == "教学点" else "所", WHOLE) for name, _ in _KINDS),
    ]
    stages = [name_of("stage", stage) for stage in STAGES]
    columns += [ReportColumn(name, "个", WHOLE) for name in stages]
    columns += [ReportColumn(name, "人", WHOLE) for name in stages]
    columns += [ReportColumn(f"{name}{of}", "人", WHOLE) for name in stages for of in ("合计", "其中专任教师")]
    known = {code: figures.get(code) for code, _ in _FIGURES}
    row: list[ReportCell] = [
        _in_wan(known["population"]),
        _in_wan(known["rural_population"]),
        len(assessment.township_names),
        *(_whole(known[code]) for code, _ in _FIGURES[2:]),
        *(sum(place.kind in kinds for place in places) for _, kinds in _KINDS),
        *(_classes(assessment, stage) for stage in STAGES),
        *(_sum(people, stage, "pupils", standard) for stage in STAGES),
        *(_sum(people, stage, column, standard) for stage in STAGES for column in ("staff", "teachers")),
    ]
    groups = (
        ("自然情况", 4),
        ("经济情况", 4),
        ("学校数", len(_KINDS)),
        ("教学班数", 2),
        ("在校学生数", 2),
        ("教职工数", 4),
    )
    notes = (
        "小学各数含一贯制学校小学部、教学点，初中各数含一贯制学校、完全中学初中部和职业学校附设的初中班；有一所学校未报的，合计不填。",
    )
    return ReportTable("表Ⅰ 县（市、区）基本情况", tuple(columns), (tuple(row),), notes), groups


def _in_wan(people: Decimal | None) -> ReportCell:
    return None if people is None else rounded(people / _PEOPLE_PER_WAN, 2)


def _whole(figure: Decimal | None) -> ReportCell:
    return None if figure is None else rounded(figure, 0)


def _classes(assessment: Assessment, stage: str) -> ReportCell:
    sizes = [c for c in assessment.class_sizes if c.stage == stage]
    return sum(c.classes for c in sizes) if all(c.known for c in sizes) else None


def _sum(people: Sequence[StagePeople], stage: str, column: str, standard: Standard) -> ReportCell:
    counts = [getattr(p, column) for p in people if p.stage == stage and p.kind not in standard.uncounted_kinds]
    return None if None in counts else sum(counts)
