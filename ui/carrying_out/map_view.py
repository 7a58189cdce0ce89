"""The map page's parts: the choices, the map itself, the legend with counts, the inset, the list that mirrors it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from markupsafe import Markup
from streamlit_folium import st_folium

from core.delivery.figures.pairs import pair_gaps
from core.delivery.projects import Project, read_projects
from core.delivery.status.situation import Situation
from core.facts.school_facts import school_places
from core.method.assessment import Assessment, Verdict
from core.method.failures import WORST_FIRST
from core.naming import named
from core.reports.map_ground import Ground, ground
from core.reports.schematic_map import FILL_CLASSES, share_class
from core.rules.county import Bounds, MapView
from core.wording.numbers import decimal_text, whole_text
from core.wording.remedies import missing_text
from core.wording.verdicts import SHAPES, WORDS
from ui.carrying_out.map_layers import data_layer
from ui.carrying_out.map_marks import SchoolMark, TownshipFill, layer_verdict, mark_detail, school_marks, township_fills
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain, stage_name, verdict_mark
from ui.links import address, school_address
from ui.maps.map_assets import serve_leaflet
from ui.maps.map_ground import base_map, in_bounds
from ui.maps.township_grid import TownshipTile, township_grid
from ui.maps.township_tiles import tile_kind, unmet_words
from ui.markup.lines import Line, lines_html
from ui.tables import sentence_table

_CENTRE = "城关中心区"
_VERDICT_LAYER = "综合结论"
_HEIGHT = 400
_LISTED = 8


@dataclass(frozen=True)
class MapChoice:
    """What the map shows."""

    year: int
    beside: int | None
    code: str | None
    layer_name: str
    view: str
    with_pairs: bool
    with_projects: bool

    @property
    def in_centre(self) -> bool:
        """Whether the map opens on the central area alone."""
        return self.view == _CENTRE


def choose_map(view: View) -> MapChoice:
    """The year by a button each, back from the page's school year; layer, place and what lies over it; all in the URL."""
    layers = {_VERDICT_LAYER: None, **{i.short_name: i.code for i in view.standard.indicators}}
    places = [COUNTY_WIDE] if ground_of(view).town is None else [_CENTRE, COUNTY_WIDE]
    year = view.year
    with st.container(horizontal=True, key="choices_map", vertical_alignment="center"):
        if len(view.earlier_years) > 1:
            chosen = st.segmented_control(
                "学年",
                [str(y) for y in view.earlier_years],
                default=str(view.year),
                required=True,
                key="map_year",
                bind="query-params",
                label_visibility="collapsed",
            )
            year = int(chosen or view.year)
        with st.popover("图层与范围", icon=":material/layers:"):
            layer = str(st.selectbox("图层", list(layers), key="layer", bind="query-params"))
            place = st.segmented_control(
                "范围", places, default=places[0], required=True, key="map_view", bind="query-params"
            )
            beside = st.selectbox("并排比较", ["不比较", *view.years], key="beside", bind="query-params")
            with_pairs = st.toggle("结对与小片区", key="pairs", bind="query-params")
            with_projects = st.toggle("项目", value=True, key="projects", bind="query-params")
    return MapChoice(
        year,
        int(beside) if isinstance(beside, int) else None,
        layers[layer],
        layer,
        str(place),
        with_pairs,
        with_projects,
    )


@dataclass(frozen=True)
class MapContent:
    """The content of one map: a year's townships and schools, the projects as they stood on a day of it."""

    year: int
    day: date
    assessment: Assessment
    fills: list[TownshipFill]
    marks: list[SchoolMark]
    projects: tuple[Project, ...]


def content(view: View, year: int, choice: MapChoice) -> MapContent:
    """What stands on the map of a year."""
    assessment = view.assessment_of(year)
    reasons = {e.reason: e.name for e in view.standard.exclusions}
    places = school_places(view.store, view.county_code, year)
    day = min(view.as_of, date(year + 1, 8, 31))
    return MapContent(
        year,
        day,
        assessment,
        township_fills(assessment, choice.code),
        school_marks(assessment, places, choice.code, reasons),
        read_projects(view.store, view.county_code, day) if choice.with_projects else (),
    )


def ground_of(view: View) -> Ground:
    """The ground of the county's maps, the same for every year that the map shows."""
    facts = view.situation.facts
    return ground(view.county, facts.seats, facts.schools.get(view.year, ()))


def draw_map(view: View, shown: MapContent, choice: MapChoice, key: str) -> dict[str, Any] | None:
    """The map; returns the properties of what was clicked."""
    serve_leaflet()
    under = ground_of(view)
    pairs = _pair_lines(view.situation, shown) if choice.with_pairs else []
    answer = st_folium(
        base_map(*_opens_on(view, under, choice)),
        key=f"{key}_{choice.view}_{view.township}",
        height=_HEIGHT,
        use_container_width=True,
        feature_group_to_add=data_layer(under, shown.fills, shown.marks, shown.projects, pairs),
        returned_objects=["last_active_drawing"],
    )
    drawing = (answer or {}).get("last_active_drawing") or {}
    properties: dict[str, Any] | None = drawing.get("properties")
    return properties


def _opens_on(view: View, under: Ground, choice: MapChoice) -> tuple[MapView, Bounds | None]:
    """Where the map opens, and what it must show at any width: a township, the central area, or the county.

    The same for every year, so that the map keeps its place while the year moves.
    """
    outlines = [p for ring in under.outlines.get(view.township or "", ()) for p in ring]
    if outlines:
        lons, lats = zip(*outlines, strict=True)
        return under.whole, (min(lons), max(lats), max(lons), min(lats))
    if choice.in_centre and under.town is not None:
        return under.town, under.town_bounds
    return under.whole, None


def _pair_lines(now: Situation, shown: MapContent) -> list[tuple[str, str, str]]:
    names = {m.place.school_id: m.place.name for m in shown.marks}
    return [
        (
            gap.school_id,
            gap.paired_school_id,
            f"{gap.pairing_kind}：{names.get(gap.school_id, gap.school_id)} — "
            f"{names.get(gap.paired_school_id, gap.paired_school_id)}，{stage_name(gap.stage)}差距 {decimal_text(gap.gap)}",
        )
        for gap in pair_gaps(now.facts, shown.year)
    ]


def legend(view: View, shown: MapContent, choice: MapChoice) -> None:
    """What every colour and shape means, with counts of what the map opens on, the unlocated and unknown too."""
    lines = []
    if choice.in_centre:
        central = _central(shown.marks)
        lines.append(_counts_line(_CENTRE, central, _central_projects(view, shown.projects, central)))
    lines.append(_counts_line(COUNTY_WIDE, shown.marks, shown.projects))
    st.markdown("  \n".join(lines))
    _fills_key(shown.fills)
    st.caption(plain(f"学校图形为{choice.layer_name}，大小按在校生数；一校多学段的取最差一段。"))


def _fills_key(fills: Sequence[TownshipFill]) -> None:
    """The grounds of the townships with their words and how many there are of each."""
    classes = Counter(share_class(fill.part) for fill in fills)
    swatches = Markup("").join(
        Markup('<span><i style="background:{}"></i>{} {} 个</span>').format(colour, words, classes[words, colour])
        for words, colour in FILL_CLASSES
        if classes[words, colour]
    )
    st.html(Markup('<p class="fills-key">底色为达标学校比例{}</p>').format(swatches))


def _counts_line(where: str, marks: Sequence[SchoolMark], projects: Sequence[Project]) -> str:
    """Every shape with its word and how many schools of a place it stands for."""
    words = {**WORDS, Verdict.NOT_APPLICABLE: "未参评"}
    counts = ((v, sum(m.verdict is v for m in marks)) for v in WORST_FIRST)
    parts = [f"**{where} {len(marks)} 所**", *(_shape_line(v, words[v], n) for v, n in counts if n)]
    unlocated = sum(m.place.lon is None or m.place.lat is None for m in marks)
    if unlocated:
        parts.append(f"其中未定位 {unlocated} 所")
    if projects:
        parts.append(f":blue[**建**] 项目 {len(projects)} 个")
    return "　".join(parts)


def _central(marks: Sequence[SchoolMark]) -> list[SchoolMark]:
    """The schools that are reported as standing in the central area, located or not."""
    return [m for m in marks if m.place.central_area]


def _central_projects(view: View, projects: Sequence[Project], central: Sequence[SchoolMark]) -> list[Project]:
    """The projects at these schools, and those without a school of their own that stand in the frame."""
    schools = {m.place.school_id for m in central}
    bounds = ground_of(view).town_bounds
    return [p for p in projects if p.school_id in schools or (p.school_id is None and in_bounds(p.lon, p.lat, bounds))]


def _shape_line(verdict: Verdict, word: str, number: int) -> str:
    colour = {Verdict.MET: "green", Verdict.NOT_MET: "red"}.get(verdict, "gray")
    return f":{colour}[{SHAPES[verdict]}] {word} {number} 所"


def headline(view: View, shown: MapContent, choice: MapChoice) -> str:
    """How many schools fail and in which townships, in one sentence."""
    names = shown.assessment.township_names
    marks = [m for m in shown.marks if view.within(m.place.township_code)]
    failing = [m for m in marks if m.verdict is Verdict.NOT_MET]
    unknown = sum(m.verdict is Verdict.NOT_ASSESSABLE for m in marks)
    what = "" if choice.code is None else choice.layer_name
    pending = f"，另有 {unknown} 所无法判定" if unknown else ""
    if not failing:
        return view.of_township(f"{shown.year} 学年没有{what}未达标学校{pending}")
    if view.township is not None:
        return view.of_township(f"{shown.year} 学年 {len(failing)} 所学校{what}未达标{pending}")
    places = list(dict.fromkeys(names.get(m.place.township_code, "") for m in failing))
    where = f"都在{places[0]}" if len(places) == 1 else f"分布在 {len(places)} 个乡镇（{named(places)}）"
    return f"{shown.year} 学年 {len(failing)} 所学校{what}未达标，{where}{pending}"


def failing_list(view: View, shown: MapContent, choice: MapChoice) -> None:
    """The schools that fail or cannot be judged, with the reason and what is being built; the others by a link."""
    listed = [m for m in shown.marks if m.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)]
    if view.township is not None:
        listed = [m for m in listed if view.within(m.place.township_code)]
    lines = [_failing_line(view, shown, choice, m) for m in listed[:_LISTED]]
    if lines:
        st.html(lines_html(lines))
    more = f"另有 {len(listed) - _LISTED} 所未达标或无法判定，" if len(listed) > _LISTED else ""
    met = sum(m.verdict is Verdict.MET for m in shown.marks if view.within(m.place.township_code))
    st.markdown(f"{more}[达标 {met} 所，见学校一览]({address('schools')})")


def _failing_line(view: View, shown: MapContent, choice: MapChoice, mark: SchoolMark) -> Line:
    title = (
        f"{verdict_mark(mark.verdict, worded=False)} [{plain(mark.place.name)}]({school_address(mark.place.school_id)})"
    )
    place = plain(shown.assessment.township_names.get(mark.place.township_code, ""))
    rows = [row for row in mark.rows if layer_verdict(row, choice.code) is not Verdict.MET]
    reasons = "；".join(missing_text(row, view.standard) for row in rows)
    building = [p for p in shown.projects if p.school_id == mark.place.school_id]
    built = "".join(f"  \n:blue[**建**] {plain(_project_text(p))}" for p in building)
    return Line(title, f":small[:gray[{place}]]  \n{plain(reasons)}{built}")


def _project_text(project: Project) -> str:
    done = project.actual_completion
    due = f"{done} 完工" if done else f"计划 {project.planned_completion or '…'} 完工"
    return f"{project.name}，进度 {'…' if project.progress is None else f'{project.progress}%'}，{due}"


def township_ground(view: View, shown: MapContent) -> None:
    """The whole county as labelled tiles; a click looks at the township, a second one at the county again."""
    seats = view.situation.facts.seats
    tiles = [
        TownshipTile(
            fill.code,
            fill.name,
            f"{fill.part.met}/{fill.part.total}" if fill.part.total else fill.words(),
            unmet_words(fill.part),
            tile_kind(fill.part, chosen=fill.code == view.township),
            address("county_map", township="all" if fill.code == view.township else fill.code),
        )
        for fill in shown.fills
    ]
    st.html(township_grid(tiles, seats))


def mirror_list(shown: MapContent, choice: MapChoice) -> None:
    """The schools of the place that the map opens on as a list, worst first; nothing is only on the map."""
    # Its cells cost the browser more than the whole map: they are sent once somebody looks.
    listed = st.expander("地图上的学校列表", key="list", on_change="rerun", bind="query-params")
    if not listed.open:
        return
    marks = _central(shown.marks) if choice.in_centre else shown.marks
    with listed:
        if choice.in_centre:
            others = len(shown.marks) - len(marks)
            st.caption(plain(f"{_CENTRE} {len(marks)} 所。其余 {others} 所学校，请把“范围”改为“{COUNTY_WIDE}”查看。"))
        sentence_table(
            [
                {
                    "学校": f"**[{plain(m.place.name)}]({school_address(m.place.school_id)})**",
                    "结论": "– 未参评" if m.left_out else verdict_mark(m.verdict),
                    "情况": plain(mark_detail(m, choice.code)),
                    "在校生": whole_text(m.pupils),
                    "乡镇": plain(shown.assessment.township_names.get(m.place.township_code, "")),
                    "位置": "已定位" if m.place.lon is not None else "未定位",
                }
                for m in marks
            ]
        )
