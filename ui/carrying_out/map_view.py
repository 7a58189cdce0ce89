"""The map page's parts: the choices, the map itself, the legend with counts, the inset, the list that mirrors it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from core.delivery.figures.pairs import pair_gaps
from core.delivery.projects import Project, read_projects
from core.delivery.status.situation import Situation
from core.facts.school_facts import school_places
from core.method.assessment import Assessment, Verdict
from core.method.failures import WORST_FIRST
from core.naming import named
from core.reports.map_ground import Ground, ground
from core.reports.schematic_map import FILL_CLASSES, county_inset, share_class
from core.wording.numbers import decimal_text, whole_text
from core.wording.verdicts import SHAPES, WORDS
from ui.carrying_out.map_layers import data_layer
from ui.carrying_out.map_marks import SchoolMark, TownshipFill, layer_verdict, mark_detail, school_marks, township_fills
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain, stage_name, verdict_mark
from ui.links import school_address
from ui.maps.map_assets import serve_leaflet
from ui.maps.map_ground import base_map, in_bounds
from ui.tables import sentence_table

_CENTRE = "城关中心区"
_VERDICT_LAYER = "综合结论"
_HEIGHT = 520
_MOST_NAMED = 1


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
    """Year by slider back from the page's school year, layer, place, what lies over it; all in the URL."""
    layers = {_VERDICT_LAYER: None, **{i.short_name: i.code for i in view.standard.indicators}}
    places = [COUNTY_WIDE] if ground_of(view).town is None else [_CENTRE, COUNTY_WIDE]
    with st.container(horizontal=True, key="choices_map", vertical_alignment="bottom"):
        place = st.segmented_control(
            "范围", places, default=places[0], required=True, key="map_view", bind="query-params"
        )
        layer = str(st.selectbox("图层", list(layers), key="layer", bind="query-params", width=170))
        beside = st.selectbox("并排比较", ["不比较", *view.years], key="beside", bind="query-params", width=110)
        with_pairs = st.toggle("结对与小片区", key="pairs", bind="query-params")
        with_projects = st.toggle("项目", value=True, key="projects", bind="query-params")
    year = view.year
    if len(view.earlier_years) > 1:
        year = int(
            st.slider(
                "拖动看各学年",
                view.earlier_years[0],
                view.year,
                view.year,
                key="map_year",
                bind="query-params",
                format="%d 学年",
            )
        )
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
    opens_on = under.town if choice.in_centre and under.town is not None else under.whole
    pairs = _pair_lines(view.situation, shown) if choice.with_pairs else []
    answer = st_folium(
        base_map(opens_on),
        key=f"{key}_{choice.view}",
        height=_HEIGHT,
        use_container_width=True,
        center=(opens_on.lat, opens_on.lon),
        zoom=opens_on.zoom,
        feature_group_to_add=data_layer(under, shown.fills, shown.marks, shown.projects, pairs),
        returned_objects=["last_active_drawing"],
    )
    drawing = (answer or {}).get("last_active_drawing") or {}
    properties: dict[str, Any] | None = drawing.get("properties")
    return properties


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
    swatches = "".join(
        f'<span><i style="background:{colour}"></i>{escape(words)} {classes[words, colour]} 个</span>'
        for words, colour in FILL_CLASSES
    )
    st.html(f'<p class="fills-key">全县 {len(fills)} 个乡镇，底色为达标学校比例{swatches}</p>')


def _counts_line(where: str, marks: Sequence[SchoolMark], projects: Sequence[Project]) -> str:
    """Every shape with its word and how many schools of a place it stands for."""
    words = {**WORDS, Verdict.NOT_APPLICABLE: "未参评"}
    shapes = [_shape_line(v, words[v], sum(m.verdict is v for m in marks)) for v in WORST_FIRST]
    unlocated = sum(m.place.lon is None or m.place.lat is None for m in marks)
    parts = [f"**{where} {len(marks)} 所**", *shapes, f"未定位 {unlocated} 所", f":blue[■] 项目 {len(projects)} 个"]
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


def headline(shown: MapContent, choice: MapChoice) -> str:
    """The map in one sentence."""
    failing = [m.place.name for m in shown.marks if m.verdict is Verdict.NOT_MET]
    # As many names as a line holds: a heading that wraps in one year and not in the next would move the map.
    what = "未达标学校" if choice.code is None else f"{choice.layer_name}未达标学校"
    names = f"：{named(failing, most=_MOST_NAMED)}" if failing else ""
    unknown = sum(m.verdict is Verdict.NOT_ASSESSABLE for m in shown.marks)
    pending = f"，另有 {unknown} 所无法判定" if unknown else ""
    return f"{shown.year} 学年全县{what} {len(failing)} 所{names}{pending}"


def inset(view: View, shown: MapContent, choice: MapChoice) -> None:
    """The county as an inset beside the central area, which is framed."""
    under = ground_of(view)
    if not choice.in_centre or under.town_bounds is None:
        return
    drawn = county_inset(under, shown.assessment, lambda row: layer_verdict(row, choice.code), under.town_bounds)
    with st.container(key="desk_inset"):
        st.image(drawn, width="stretch", alt=f"{shown.year} 学年全县各乡镇达标示意图，方框为城关中心区")


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
