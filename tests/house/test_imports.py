"""Imports go one way: pages, then ui, then core; and inside core from room to room in the order of the story."""

from pathlib import Path

import pytest

from tests.house.source_files import ROOT, files, imported, python_files, shown

ROOMS = ("rules", "store", "method", "outlook", "delivery", "wording", "reports")
BELOW_ALL = ("errors", "access", "progress")
SCREEN = ("streamlit", "streamlit_folium", "plotly", "folium", "altair")


def room(path: Path) -> str:
    """The room a core file stands in, or its own name at the top of core."""
    inside = path.relative_to(ROOT / "core")
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def may_import(importer: str, wanted: str) -> bool:
    """Whether a room, or a module at the top of core, may import another."""
    if importer == "__main__":
        return True
    if importer in BELOW_ALL or importer == "__init__":
        return wanted in BELOW_ALL
    return wanted in BELOW_ALL or ROOMS.index(wanted) <= ROOMS.index(importer)


@pytest.mark.parametrize("path", files(".py", folders=("core",)), ids=shown)
def test_a_room_of_core_imports_only_rooms_before_it(path: Path) -> None:
    wanted = {name.split(".")[1] for name in imported(path) if name.startswith("core.")}
    assert [name for name in sorted(wanted) if not may_import(room(path), name)] == []


@pytest.mark.parametrize("path", files(".py", folders=("core",)), ids=shown)
def test_core_needs_no_screen(path: Path) -> None:
    top = {name.split(".")[0] for name in imported(path)}
    assert sorted(top & {*SCREEN, "ui", "pages", "app", "run", "tests"}) == []


@pytest.mark.parametrize("path", files(".py", folders=("ui",)), ids=shown)
def test_ui_imports_no_page(path: Path) -> None:
    top = {name.split(".")[0] for name in imported(path)}
    assert sorted(top & {"pages", "app", "run", "tests"}) == []


@pytest.mark.parametrize("path", files(".py", folders=("pages",)), ids=shown)
def test_a_page_imports_no_other_page(path: Path) -> None:
    assert sorted(name for name in imported(path) if name.split(".")[0] in ("pages", "app", "tests")) == []


def test_the_program_imports_no_test() -> None:
    assert [shown(p) for p in python_files() if any(n.split(".")[0] == "tests" for n in imported(p))] == []


def test_run_needs_the_standard_library_only() -> None:
    own = {"core", "ui", "pages", "streamlit", "duckdb", "pandas", "pytest"}
    assert {name.split(".")[0] for name in imported(ROOT / "run.py")} & own == set()
