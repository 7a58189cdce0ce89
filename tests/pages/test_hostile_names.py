"""A name is data: it stands on every page as it was written, and runs nowhere."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import folium
import pytest
from streamlit_folium import generate_leaflet_string

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.delivery.projects import ProjectDraft, append_project, read_projects
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.pages.conftest import COUNTY, Open, title, unescaped, words
from tests.support.demo_county import DEMO_COUNTY, PLAN
from ui.carrying_out import map_text
from ui.menu import PAGES

NAMES = [
    "{{9**(9**9)}}小学",
    "{% for i in range(999999999) %}小学",
    "{#注小学",
    "{{ cycler.__init__.__globals__.os.system('id') }}小学",
    "<script>alert(1)</script>小学",
    "<img src=x onerror=alert(1)>小学",
    "[链接](http://evil.example)小学",
    "**粗**:red[红]$x^2$小学",
    "`${alert(1)}`小学",
    "</script><b>%{x}小学",
]
NOW = datetime(2024, 1, 2, 9)
PAGE_NAMES = [f"{path.parent.name}/{path.stem}" for path in sorted(PAGES.glob("*/*.py"))]


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration county with other names for its first schools and a township."""
    folder = tmp_path_factory.mktemp("hostile")
    for source in DEMO_COUNTY.glob("*.csv"):
        rows = list(csv.reader(source.open(encoding="utf-8-sig", newline="")))
        named = {"schools": NAMES, "townships": NAMES[:2]}.get(source.stem, [])
        place = rows[0].index("name") if named else 0
        for row, name in zip(rows[1:], named, strict=False):
            row[place] = name
        with (folder / source.name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows(rows)
    return folder


@pytest.fixture
def hostile(hostile_folder: Path, empty_store: Store) -> Store:
    """A store in which it counts, with a project of such a name."""
    import_folder_or_workbook(empty_store, hostile_folder, load_standard(), LOCAL_ADMINISTRATOR, NOW)
    draft = ProjectDraft(
        day=NOW.date(),
        project_id="{{7*7}}",
        slots={"project": NAMES[0]},
        school_id="350526-0001",
        lon=Decimal("118.24"),
        lat=Decimal("25.49"),
    )
    append_project(empty_store, PLAN, COUNTY, draft, 0, LOCAL_ADMINISTRATOR, NOW)
    assert read_projects(empty_store, COUNTY, date(2024, 1, 2))
    return empty_store


def test_every_page_stands_and_shows_the_name_as_it_was_written(hostile: Store, open_page: Open) -> None:
    for page in PAGE_NAMES:
        open_page(page, as_of="2024-01-02")
    for part in ("更正数据", "批次", "模板与导出", "备份"):
        open_page("datasets/batches", as_of="2024-01-02", data_part=part)
    profile = open_page("conclusions/profile", school="350526-0001", as_of="2024-01-02")
    assert NAMES[0] in title(profile)
    listed = words(open_page("carrying_out/county_map", as_of="2024-01-02", list="true"))
    assert NAMES[1] in unescaped(listed)


@pytest.mark.parametrize("name", NAMES)
def test_the_map_takes_a_name_for_text(name: str) -> None:
    group = folium.FeatureGroup(name="data")
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [118.2, 25.5]},
        "properties": {"id": map_text.identifier(name), "label": map_text.label(name)},
    }
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]}, tooltip=folium.GeoJsonTooltip(["label"], labels=False)
    ).add_to(group)
    ground = folium.Map(tiles=None)
    group.add_to(ground)
    # What was written into the page becomes a template's source here.
    for drawn in (ground.get_root().render(), generate_leaflet_string(group)):
        [label] = re.findall(r'"label": ("[^"]*")', drawn)
        assert json.loads(label) == map_text.label(name)
    assert not set(map_text.label(name)) & set("<>{}")
    assert map_text.label_text(map_text.label(name)) == name
    assert map_text.identifier_text(map_text.identifier(name)) == name
