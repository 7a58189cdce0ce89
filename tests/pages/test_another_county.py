"""Another county opens with its own name and map; without a plan it is judged by the national standard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import streamlit as st

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.errors import InputRejected, RulesInvalid
from core.rules.standard_loading import NATIONAL_STANDARD, load_standard
from core.store.county_files import county, keep_county_files
from core.store.database import Store
from demo import datasets
from tests.method.test_indicators_are_data import EIGHTH
from tests.pages.conftest import ROOT, Open, title, unescaped, words
from tests.support.demo_county import DEMO_COUNTY
from ui import cache, store_of_record
from ui.menu import menu_paths

CODE, NAME = "350427", "沙溪县"
NOW = datetime(2024, 1, 2, 9)
PLAN_PAGES = {"timeline", "units", "projects"}
FOREIGN = ("德化", "2019〕29号", "350526", "浔中", "实施争创", "启动准备")
NAMING_INDICATORS = (
    "conclusions/overview",
    "conclusions/schools",
    "conclusions/profile",
    "carrying_out/county_map",
    "planning/scenario",
    "planning/cheapest",
)
PROFILE = f'code = "{CODE}"\nname = "{NAME}"\n'


@pytest.fixture(scope="session")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another county's figures: other code, other townships, no plan."""
    folder = tmp_path_factory.mktemp("figures")
    datasets.write_county(datasets.make_county(CODE, 5, 60, range(2021, 2024)), folder)
    return folder


@pytest.fixture
def other(figures: Path, empty_store: Store) -> Iterator[Store]:
    """The app's store with that county in it, as a real one."""
    import_folder_or_workbook(empty_store, figures, load_standard(), LOCAL_ADMINISTRATOR, NOW)
    yield empty_store
    st.cache_resource.clear()


def all_words(open_page: Open, name: str) -> str:
    """Title and words of a page."""
    app = open_page(name, as_of="2023-11-30")
    shown = [unescaped(t.value) for t in app.title] + [unescaped(s.value) for s in app.header]
    return "\n".join([*shown, words(app)])


def named(folder: Path, content: str = PROFILE, **files: str) -> Path:
    """A county folder with these files."""
    folder.mkdir(exist_ok=True)
    (folder / "county.toml").write_text(content, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def plan_text() -> str:
    """A plan of the other county: the demonstration county's with its own code, document and title."""
    text = (DEMO_COUNTY / "plan.toml").read_text("utf-8")
    for old, new in (
        ('county_code = "350526"', f'county_code = "{CODE}"'),
        ("德政办〔2019〕29号", "沙政办〔2022〕8号"),
        ("德化县", NAME),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def test_every_page_of_a_county_without_a_plan_speaks_of_it_alone(
    other: Store, open_page: Open, tmp_path: Path
) -> None:
    keep_county_files(other, CODE, named(tmp_path / "files"), LOCAL_ADMINISTRATOR, NOW)
    for path in sorted((ROOT / "pages").glob("*/*.py")):
        page = f"{path.parent.name}/{path.stem}"
        said = all_words(open_page, page)
        assert [word for word in FOREIGN if word in said] == [], page
        if path.stem in PLAN_PAGES:
            assert f"{NAME}没有载入实施方案，只按国家标准判定" in said, page
    assert len(menu_paths()) > len(PLAN_PAGES)
    overview = open_page("conclusions/overview", as_of="2023-11-30")
    assert NAME in title(overview)
    assert f"{NAME}没有载入实施方案" in words(overview), "that nothing is overdue would look like work done"


def test_a_plan_that_the_office_loads_is_that_countys(other: Store, open_page: Open, tmp_path: Path) -> None:
    keep_county_files(other, CODE, named(tmp_path / "files", plan=plan_text()), LOCAL_ADMINISTRATOR, NOW)
    st.cache_resource.clear()
    said = all_words(open_page, "carrying_out/timeline")
    assert "没有载入实施方案" not in said
    assert "沙政办〔2022〕8号" in all_words(open_page, "conclusions/class_sizes")
    assert cache.county_as_filed(cache.key()).plan.document.number == "沙政办〔2022〕8号"


def test_its_map_is_drawn_from_its_own_coordinates(other: Store, open_page: Open) -> None:
    from core.reports.map_ground import ground

    now = cache.situation(cache.key(), NOW.date())
    drawn = ground(now.county, now.facts.seats, now.facts.schools[2023])
    assert set(drawn.outlines) == set(drawn.seats) == set(now.township_names)
    lons, lats = zip(*drawn.seats.values(), strict=True)
    assert min(lons) <= drawn.whole.lon <= max(lons) and min(lats) <= drawn.whole.lat <= max(lats)
    assert drawn.border == (), "no outline of another county"
    assert CODE not in title(open_page("carrying_out/county_map", as_of="2023-11-30"))


def test_figures_of_another_county_are_refused_in_words(other: Store) -> None:
    with pytest.raises(InputRejected, match="属于另一个县（350526）") as refused:
        import_folder_or_workbook(other, DEMO_COUNTY, load_standard(), LOCAL_ADMINISTRATOR, NOW)
    problem = next(p for p in refused.value.problems if "另一个县" in p.found)
    assert (problem.level, problem.column) == ("FAIL", "乡镇代码")
    assert problem.row == 2 and CODE in problem.expected


@pytest.mark.parametrize(
    ("name", "content"),
    [("county.toml", 'code = "350526"\nname = "德化县"\n'), ("plan.toml", "county")],
)
def test_files_of_another_county_are_refused_and_nothing_is_kept(
    other: Store, tmp_path: Path, name: str, content: str
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    text = (DEMO_COUNTY / "plan.toml").read_text("utf-8") if content == "county" else content
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(RulesInvalid, match=f"应为 {CODE}"):
        keep_county_files(other, CODE, folder, LOCAL_ADMINISTRATOR, NOW)
    assert county(other, CODE).name == CODE
    assert other.rows("select count(*) from county_files") == [(0,)]


def test_pages_that_name_indicators_live_with_an_eighth(
    read_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> None:
    text = NATIONAL_STANDARD.read_text("utf-8")
    file = tmp_path / "standard.toml"
    file.write_text(text.replace("[balance]", EIGHTH + "[balance]", 1), "utf-8")
    eighth = load_standard(file)
    for opening in (cache, store_of_record):
        monkeypatch.setattr(opening, "load_standard", lambda: eighth)
    st.cache_resource.clear()
    try:
        for name in NAMING_INDICATORS:
            app = open_page(name, as_of="2023-11-30")
            assert [e.value for e in app.error] == [], name
        assert "持证教师" in all_words(open_page, "datasets/rules")
        assert "/16 项" in title(open_page("conclusions/balance", as_of="2023-11-30"))
    finally:
        st.cache_resource.clear()
