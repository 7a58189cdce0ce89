"""Imports go one way, file by file: the layers of pyproject.toml hold, no file leads back to itself."""

import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

from tests.house.source_files import ROOT, files, imported, python_files, shown

ROOTS = ("core", "ui", "demo")


def test_every_import_keeps_to_the_layers() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts") :]
    assert "KEPT" in done.stdout


def test_no_file_leads_back_to_itself() -> None:
    graph = grimp.build_graph(*ROOTS, cache_dir=None)
    assert len(graph.modules) > len(ROOTS)
    # Raises CycleError, naming the circle.
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


def test_nothing_imports_a_page_and_no_page_another() -> None:
    outer = {"pages", "app", "run", "tests"}
    importers = [*files(".py", folders=("core", "ui", "demo", "pages"))]
    assert [shown(p) for p in importers if outer & {name.split(".")[0] for name in imported(p)}] == []


def test_run_needs_the_standard_library_only() -> None:
    found = {name.split(".")[0] for name in imported(ROOT / "run.py")}
    assert found <= sys.stdlib_module_names


def test_the_rules_see_every_shipped_file() -> None:
    graph = grimp.build_graph(*ROOTS, cache_dir=None)
    seen = {name.replace(".", "/") for name in graph.modules}
    outside = [
        shown(p)
        for p in python_files()
        if p.relative_to(ROOT).parts[0] in ROOTS and shown(p).removesuffix(".py").removesuffix("/__init__") not in seen
    ]
    assert outside == []
