"""The register of schools: one school at a time, its place by a click on the map, each change a batch with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import folium
import streamlit as st
from streamlit_folium import st_folium

from core.batches.corrections import RowsCorrection
from core.dataset.cells import Value
from core.dataset.dictionary import Column, codes, name_of, sheet
from core.dataset.rows import Row
from core.facts.current import current_tables
from core.naming import figure_text
from core.palette import BLUE, INK, OUTLINE, WHITE
from core.reports.map_ground import ground
from ui.datasets.correction_view import send_correction
from ui.draft import choose, edition, opened
from ui.forms import may
from ui.frame import View
from ui.labels import plain
from ui.maps.map_assets import serve_leaflet, shifted, unshifted
from ui.maps.map_ground import MAP_CREDIT, base_map, polygon

_FORM = "register"
_NEW = "＋ 新增学校"
_UNSET = "未填"
_HEIGHT = 380
_PLACES = 6  # decimals of a degree: a tenth of a metre
Place = tuple[float, float]
_OF_SCHOOLS = ("parent_school_id", "paired_school_id", "predecessor_id")


def keep_register(view: View) -> None:
    """Choose a school or begin a new one, change what the register says of it, write why."""
    tables = current_tables(view.store, view.county_code, year=view.year, sheet_ids={"schools", "townships"})
    schools = {str(row["school_id"]): row for row in tables["schools"]}
    townships = {str(row["code"]): str(row["name"] or row["code"]) for row in tables["townships"]}
    st.markdown(
        plain(f"{view.year} 学年的学校名录：新增、改名、改属乡镇、撤并、改坐标，逐校写明理由，存为草稿后核对发布。")
    )
    if not may(view, "load"):
        return
    chosen = str(
        st.selectbox(
            "学校",
            [*sorted(schools, key=lambda s: (str(schools[s]["name"] or s), s)), _NEW],
            format_func=lambda s: s if s == _NEW else _school_label(schools[s]),
            index=None,
            placeholder="输入校名查找，或选“新增学校”",
            key="register_school",
        )
        or ""
    )
    if not chosen:
        return
    now = schools.get(chosen)
    form = f"{_FORM}_{chosen}_{view.year}_{edition(_FORM)}"
    school_id = chosen
    if now is None:
        school_id = st.text_input("学校标识码（必填）", key=f"{form}_id", placeholder="如 2135002601").strip()
        if school_id in schools:
            st.error("这个标识码的学校已在名录中，请在上面选择它。")
            return
    left, right = st.columns(2)
    with right:
        st.caption("在地图上点一下，就是学校的新位置。" + MAP_CREDIT)
        _take_clicked_place(_clicked(view, tables["schools"], now, form), form)
    with left:
        cells = {
            column.identifier: _field(column, now, form, schools, townships)
            for column in sheet("schools").columns
            if not column.is_key
        }
    changed = [
        column.name
        for column in sheet("schools").columns
        if not column.is_key and now is not None and cells[column.identifier] != _typed(now[column.identifier])
    ]
    if now is not None:
        st.markdown(plain(f"改动：{'、'.join(changed)}" if changed else "还没有改动。"))
    if school_id and (changed or now is None):
        correction = RowsCorrection("schools", {"school_id": school_id, "year": view.year}, (cells,))
        send_correction(view, [correction], _FORM)


def _school_label(row: Row) -> str:
    closed = f"（{row['closed_year']} 学年起停办）" if row["closed_year"] is not None else ""
    return f"{row['name'] or ''} {row['school_id']}{closed}"


def _typed(value: Value) -> str:
    """A cell as one would type it."""
    return "" if value is None else figure_text(value)


def _field(column: Column, now: Row | None, form: str, schools: Mapping[str, Row], townships: Mapping[str, str]) -> str:
    """One field of the form; returns the cell as typed."""
    before, key = _typed(now[column.identifier] if now else None), f"{form}_{column.identifier}"
    offered: dict[str, str] | None = None
    if column.identifier == "township_code":
        offered = dict(townships)
    elif column.identifier in _OF_SCHOOLS:
        offered = {"": _UNSET, **{s: _school_label(row) for s, row in schools.items()}}
    elif column.codes:
        listed = {code: name_of(column.codes, code) for code in codes(column.codes)}
        offered = listed if column.required else {"": _UNSET, **listed}
    elif column.type == "flag":
        offered = {"": _UNSET, "1": "是", "0": "否"}
    if offered is None:
        return st.text_input(column.name, before, key=key).strip()
    words = list(offered)
    if before and before not in words:
        words.append(before)
    # Nothing is presumed of a new school: what it must have is chosen, what it may have is left open.
    chosen = st.selectbox(
        column.name,
        words,
        index=words.index(before) if before in words else None,
        format_func=lambda code: offered.get(code, code),
        placeholder="请选择",
        key=key,
    )
    return str(chosen or "")


def _clicked(view: View, rows: Sequence[Row], now: Row | None, form: str) -> Place | None:
    """Where the map was clicked, longitude first; None where it was not yet."""
    serve_leaflet()
    facts = view.situation.facts
    under = ground(view.county, facts.seats, facts.schools.get(view.year, ()))
    group = folium.FeatureGroup(name="data")
    for rings in under.outlines.values():
        folium.GeoJson(
            {"type": "Feature", "properties": {}, "geometry": polygon(rings)},
            style_function=lambda _: {"color": OUTLINE, "weight": 1, "fillColor": WHITE, "fillOpacity": 0.6},
        ).add_to(group)
    for row in rows:
        if row is not now and (place := _place_of(row)):
            _dot(place, 3, INK).add_to(group)
    mine = next(iter(_last_click(form)), _place_of(now) if now else None)
    if mine is not None:
        _dot(mine, 9, BLUE).add_to(group)
    answer = st_folium(
        base_map(under.whole, None),
        key=f"{form}_map",
        height=_HEIGHT,
        use_container_width=True,
        center=(under.whole.lat, under.whole.lon),
        zoom=under.whole.zoom,
        feature_group_to_add=group,
        returned_objects=["last_clicked"],
    )
    clicked = (answer or {}).get("last_clicked")
    return None if not clicked else unshifted(float(clicked["lng"]), float(clicked["lat"]))


def _place_of(row: Row) -> Place | None:
    lon, lat = row["lon"], row["lat"]
    return (float(lon), float(lat)) if isinstance(lon, Decimal) and isinstance(lat, Decimal) else None


def _dot(place: Place, radius: int, colour: str) -> folium.CircleMarker:
    x, y = shifted(*place)
    return folium.CircleMarker(
        (y, x), radius=radius, color=colour, weight=1, fill=True, fill_color=colour, fill_opacity=0.8
    )


def _last_click(form: str) -> list[Place]:
    """The place that was clicked last and stands in the fields; none before the first click."""
    clicks: list[Place] = opened(f"{form}_click", list)
    return clicks


def _take_clicked_place(clicked: Place | None, form: str) -> None:
    """Put a new click into the fields; an old one must not come back over what was typed since."""
    last = _last_click(form)
    if clicked is None or last == [clicked]:
        return
    last[:] = [clicked]
    for column, degrees in zip(("lon", "lat"), clicked, strict=True):
        choose(f"{form}_{column}", f"{degrees:.{_PLACES}f}")
    # The mark follows the click.
    st.rerun()
