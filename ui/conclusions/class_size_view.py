"""Classes by size: the county, its townships, the central area, against the law and the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from core.dataset.dictionary import name_of
from core.dataset.school_kinds import CLASS_BANDS
from core.facts.school_facts import BandedClasses, ClassRoll
from core.method.assessment import ClassSizes, Verdict
from core.method.class_bands import band_counts, counted_banded, counted_rolls
from core.reports.tables import SHARE, WHOLE, ReportColumn, ReportTable
from core.rules.standard import STAGES
from core.wording.numbers import plain_text, share_text, whole_text
from core.wording.verdicts import marked
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain, stage_name, verdict_mark
from ui.links import school_address
from ui.tables import downloads, report_table, sentence_table

CENTRAL_AREA = "城关中心区"
_LISTED = 200
_NEAREST = 5


@dataclass(frozen=True)
class Scope:
    """Which classes are looked at."""

    name: str
    stage: str | None
    township_code: str | None
    central_only: bool

    def holds(self, stage: str, township_code: str, central: bool | None) -> bool:
        """Whether a class or school belongs to the scope."""
        return (
            (self.stage is None or stage == self.stage)
            and (self.township_code is None or township_code == self.township_code)
            and (not self.central_only or central is True)
        )


@dataclass(frozen=True)
class BandShares:
    """Counts and shares of classes by band, one entry a year."""

    labels: list[str]
    counts: dict[str, list[int]]
    by_band: dict[str, list[float]]


def headline(view: View) -> str:
    """How many classes exceed the limit, how many are oversized, and how many schools reported no classes."""
    sizes = [c for c in view.assessment.class_sizes if view.within(c.township_code)]
    silent = _silent(sizes)
    if not any(c.classes for c in sizes):
        return view.of_township(f"{silent} 所学校未报班级，班额无法判定" if silent else "没有参评的班级")
    over, classes = sum(c.over_limit for c in sizes), sum(c.classes for c in sizes)
    oversized = sum(c.oversized for c in sizes)
    limits = view.standard.item("G5").limit
    text = "、".join(f"{stage_name(s)} {plain_text(limits[s])} 人" for s in STAGES)
    unknown = f"，另有 {silent} 所未报班级" if silent else ""
    return view.of_township(f"{classes:,} 个班中 {over:,} 个超过限值（{text}），大班额 {oversized:,} 个{unknown}")


def _silent(sizes: Iterable[ClassSizes]) -> int:
    """How many schools reported neither classes nor that they have no pupils."""
    return len({c.school_id for c in sizes if not c.known})


def choose_scope(view: View) -> Scope:
    """Stage and area, in the URL, within the township of the bar."""
    with st.container(horizontal=True, key="choices_classes", vertical_alignment="bottom"):
        place = view.township_name or str(
            st.selectbox("范围", [COUNTY_WIDE, CENTRAL_AREA], key="area", bind="query-params", width=160)
        )
        stage_names = {"全部": None, **{stage_name(s): s for s in STAGES}}
        stage = str(st.selectbox("学段", list(stage_names), key="class_stage", bind="query-params", width=110))
    name = place if stage == "全部" else f"{place}{stage}"
    return Scope(name, stage_names[stage], view.township, place == CENTRAL_AREA)


def _rolls(view: View, year: int, scope: Scope) -> list[ClassRoll]:
    return [
        roll
        for roll in view.store.once(
            f"counted rolls {year}", lambda: counted_rolls(view.store, view.standard, view.county_code, year)
        )
        if scope.holds(roll.stage, roll.township_code, roll.central_area)
    ]


def _banded(view: View, year: int, scope: Scope) -> list[BandedClasses]:
    """The classes that are known by their band only."""
    return [
        classes
        for classes in view.store.once(
            f"counted banded {year}", lambda: counted_banded(view.store, view.standard, view.county_code, year)
        )
        if scope.holds(classes.stage, classes.township_code, classes.central_area)
    ]


def band_shares(view: View, scope: Scope) -> BandShares:
    """Classes by band in every year up to the chosen one."""
    bands = view.standard.class_bands
    labels = bands.labels()
    counts: dict[str, list[int]] = {label: [] for label in labels}
    by_band: dict[str, list[float]] = {label: [] for label in labels}
    for year in view.earlier_years:
        held = band_counts(_rolls(view, year, scope), _banded(view, year, scope), bands)
        for label, count in zip(labels, held, strict=True):
            counts[label].append(count)
            by_band[label].append(count / sum(held) if any(held) else 0)
    return BandShares([str(y) for y in view.earlier_years], counts, by_band)


def band_table(view: View, scope: Scope, shares: BandShares) -> None:
    """The same counts as the chart, as a table and as files."""
    bands = view.standard.class_bands
    table = ReportTable(
        f"班额分布（{scope.name}）",
        (ReportColumn("学年"), *(ReportColumn(label, "", WHOLE) for label in shares.counts)),
        tuple(
            (label, *(counts[n] for counts in shares.counts.values()))
            for n, label in reversed(list(enumerate(shares.labels)))
        ),
        (
            f"单位：个班。大班额为 {bands.oversized_from} 人及以上，其中 {bands.super_oversized_from} 人及以上为超大班额。",
        ),
    )
    with st.expander("各学年班额的数"):
        report_table(table, key="band_table")
        downloads(view, [table], scope.name, key="bands")


@dataclass(frozen=True)
class _Over:
    """Classes over the limit: one by its roll, or those of a grade in one band; `pupils` is the least that each has."""

    school_id: str
    name: str
    stage: str
    township_code: str
    grade: str
    which: str
    pupils: int
    size: str


def _over_limit(view: View, scope: Scope) -> list[_Over]:
    """The classes that are certainly over the limit, largest first."""
    limits = view.standard.item("G5").limit
    found = [
        _Over(
            r.school_id,
            r.name,
            r.stage,
            r.township_code,
            f"{r.grade} 年级",
            f"{r.class_no} 班",
            r.pupils,
            f"{r.pupils} 人",
        )
        for r in _rolls(view, view.year, scope)
        if r.pupils > limits[r.stage]
    ]
    found += [
        _Over(
            b.school_id,
            b.name,
            b.stage,
            b.township_code,
            "不分年级或复式" if b.grade is None else f"{b.grade} 年级",
            f"{b.classes} 个班",
            CLASS_BANDS[b.band][0],
            name_of("class_band", b.band),
        )
        for b in _banded(view, view.year, scope)
        if CLASS_BANDS[b.band][0] > limits[b.stage]
    ]
    return sorted(found, key=lambda o: (-o.pupils, o.school_id))


def oversized_classes(view: View, scope: Scope) -> None:
    """The classes over the limit, largest first, each with its school."""
    limits = view.standard.item("G5").limit
    over = _over_limit(view, scope)
    silent = _silent(c for c in view.assessment.class_sizes if scope.holds(c.stage, c.township_code, c.central_area))
    if silent:
        st.warning(plain(f"{scope.name}有 {silent} 所学校未报班级，是否超过限值无法判定。"))
    if not over:
        if not silent:
            st.success(plain(f"{scope.name}没有超过限值的班级。"))
        return
    sentence_table(
        [
            {
                "学校": f"**[{plain(o.name)}]({school_address(o.school_id)})**",
                "班级": plain(f"{o.grade} {o.which}"),
                "班级人数": f":red[▲ {plain(o.size)}]",
                "限值": plain(f"≤ {plain_text(limits[o.stage])} 人"),
                "至少超出": f"{whole_text(Decimal(o.pupils) - limits[o.stage])} 人",
                "乡镇": plain(view.assessment.township_names[o.township_code]),
            }
            for o in over[:_LISTED]
        ]
    )
    if len(over) > _LISTED:
        st.caption(plain(f"共 {len(over)} 行，表中列出人数最多的 {_LISTED} 行，全部见下载文件。"))
    table = ReportTable(
        f"超过限值的班级（{scope.name}）",
        (
            *(ReportColumn(c) for c in ("学校", "学段", "年级", "班")),
            ReportColumn("班级人数（按档的为下限）", "人", WHOLE),
            ReportColumn("限值", "人", WHOLE),
            ReportColumn("乡镇"),
        ),
        tuple(
            (
                o.name,
                stage_name(o.stage),
                o.grade,
                o.which,
                o.pupils,
                int(limits[o.stage]),
                view.assessment.township_names[o.township_code],
            )
            for o in over
        ),
    )
    downloads(view, [table], scope.name, key="oversized")


def township_table(view: View) -> None:
    """Classes by township, the central area apart."""
    sizes = view.assessment.class_sizes
    groups: list[tuple[str, Sequence[ClassSizes]]] = [
        (COUNTY_WIDE, sizes),
        (CENTRAL_AREA, [c for c in sizes if c.central_area]),
    ]
    groups += [
        (name, [c for c in sizes if c.township_code == code]) for code, name in view.assessment.township_names.items()
    ]
    columns = ("班级", "超过限值", "51–55 人", "大班额", "超大班额")
    silent = "未报班级"
    table = ReportTable(
        "各乡镇班额",
        (
            ReportColumn("范围"),
            *(ReportColumn(c, "个", WHOLE) for c in columns),
            ReportColumn("51–55 人占比", "", SHARE),
            ReportColumn(silent, "所", WHOLE),
        ),
        tuple((name, *_counts(held), _silent(held)) for name, held in groups),
    )
    sentence_table(
        [
            {
                "范围": f"**{plain(row[0])}**",
                **{f"{c}（个）": whole_text(Decimal(str(v))) for c, v in zip(columns, row[1:6], strict=True)},
                "51–55 人占比": "—" if row[6] is None else share_text(Decimal(str(row[6]))),
                f"{silent}（所）": whole_text(Decimal(str(row[7]))),
            }
            for row in table.rows
        ],
        pressing=[n == 0 or any(c.over_limit or not c.known for c in held) for n, (_, held) in enumerate(groups)],
        fold="其余 {n} 个乡镇（片区）均无超限班级",
    )
    downloads(view, [table], "", key="township_classes")


def _counts(sizes: Sequence[ClassSizes]) -> tuple[int, int, int, int, int, float | None]:
    classes = sum(c.classes for c in sizes)
    large = sum(c.large for c in sizes)
    return (
        classes,
        sum(c.over_limit for c in sizes),
        large,
        sum(c.oversized for c in sizes),
        sum(c.super_oversized for c in sizes),
        large / classes if classes else None,
    )


def school_sizes(view: View) -> None:
    """The schools over their size limit, filled up to five with those nearest to it."""
    items = [
        s
        for s in view.assessment.school_items
        if s.code == "G4" and s.found is not None and s.required and view.within(s.township_code)
    ]
    ranked = sorted(items, key=lambda s: -(s.found or 0) / (s.required or 1))
    failing = [s for s in ranked if s.verdict is Verdict.NOT_MET]
    sentence_table(
        [
            {
                "学校": f"**[{plain(s.name)}]({school_address(s.school_id)})**",
                "结论": verdict_mark(s.verdict),
                "义务教育在校生": f"{whole_text(s.found)} 人",
                "限值": plain(f"≤ {whole_text(s.required)} 人"),
                "乡镇": plain(view.assessment.township_names[s.township_code]),
            }
            for s in ranked[: max(_NEAREST, len(failing))]
        ],
        pressing=[s.verdict is not Verdict.MET for s in ranked[: max(_NEAREST, len(failing))]],
        fold="没有超过限值的，最接近的 {n} 所",
    )
    if len(failing) < _NEAREST < len(ranked):
        st.caption(
            plain(
                f"超过限值 {len(failing)} 所，表中列出在校生与限值之比最高的 {_NEAREST} 所；共 {len(ranked)} 所，全部见下载文件。"
            )
        )
    table = ReportTable(
        "学校规模",
        (
            ReportColumn("学校"),
            ReportColumn("结论"),
            ReportColumn("义务教育在校生", "人", WHOLE),
            ReportColumn("限值", "人", WHOLE),
            ReportColumn("乡镇"),
        ),
        tuple(
            (
                s.name,
                marked(s.verdict),
                int(s.found or 0),
                int(s.required or 0),
                view.assessment.township_names[s.township_code],
            )
            for s in ranked
        ),
    )
    downloads(view, [table], "", key="school_sizes")
