"""The documents tell the truth: their links and paths exist, their commands work, their numbers are the standard's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.__main__ import command_names
from core.rules.standard import STAGES
from core.rules.standard_loading import load_standard
from tests.house.source_files import ROOT, files, python_files, shown

DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
# What a running platform makes, or an office supplies.
MADE = ("data/county.duckdb", "data/backups", "data/本县.duckdb")
STANDARD = load_standard()


def paths_in(text: str) -> Iterator[str]:
    """The paths of the repository that a text names, in links or in code."""
    yield from re.findall(r"`((?:core|ui|pages|demo|data|tests|docs|benchmarks|\.streamlit)/[^`\s*<]+)`", text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_every_link_and_path_of_a_document_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    links = [link for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text) if not (path.parent / link).exists()]
    assert links == []
    if path.name != "CHANGELOG.md":
        named = [p for p in paths_in(text) if not p.startswith(MADE) and not (ROOT / p).exists()]
        assert named == []


def test_the_usual_changes_name_their_files() -> None:
    text = (ROOT / "docs" / "changing.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "**" in line]
    assert len(rows) == 12
    assert [row for row in rows if not list(paths_in(row))] == []
    assert "docs/changing.md" in (ROOT / "README.md").read_text("utf-8"), "a newcomer is told where to begin"


def test_every_setting_is_described() -> None:
    read = {name for path in [*python_files()] for name in re.findall(r"\"(COUNTY_[A-Z_]+)\"", path.read_text("utf-8"))}
    assert read
    described = "".join(
        (ROOT / name).read_text("utf-8") for name in ("docs/guide-administrators.md", "docs/changing.md")
    )
    assert sorted(name for name in read if described.count(name) < 2) == []


def test_every_command_that_a_document_shows_exists_and_every_command_is_shown() -> None:
    shown_commands = set()
    for path in DOCUMENTS:
        if path.name != "CHANGELOG.md":
            shown_commands |= set(re.findall(r"python -m core ([a-z]+)", path.read_text("utf-8")))
    assert shown_commands <= set(command_names())
    guide = (ROOT / "docs" / "guide-administrators.md").read_text("utf-8")
    assert [name for name in command_names() if not re.search(rf"`{name}\b", guide)] == []
    for module in re.findall(
        r"python -m (benchmarks\.\w+|demo\.\w+)", "".join(p.read_text("utf-8") for p in DOCUMENTS)
    ):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module


def table(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose header begins with these words."""
    lines = text[text.index(f"| {first}") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_indicators_of_the_method_are_the_standards() -> None:
    text = (ROOT / "docs" / "method.md").read_text("utf-8")
    rows = {row[0]: row for row in table(text, "code | id | T")}
    assert list(rows) == [i.code for i in STANDARD.indicators]
    derived = {d.fact: d for d in STANDARD.derived_facts}
    for indicator in STANDARD.indicators:
        _, name, total, per, *limits = rows[indicator.code]
        assert name == f"`{indicator.indicator_id}`"
        parts = derived.get(indicator.fact)
        facts = (indicator.fact,) if parts is None else (*parts.added, *parts.subtracted)
        assert [fact for fact in facts if f"`{fact}`" not in total] == []
        assert per == ("pupil" if indicator.per_pupils == 1 else f"{indicator.per_pupils} pupils")
        assert limits == [str(indicator.limit[stage]) for stage in STAGES]


def test_the_splits_of_the_method_are_the_standards() -> None:
    text = (ROOT / "docs" / "method.md").read_text("utf-8")
    stages = ("preschool", "primary", "junior", "senior")
    said = {
        row[0].split("`")[1]: {stage: cell for stage, cell in zip(stages, row[1:], strict=True) if cell}
        for row in table(text, "mix | preschool")
    }
    weights = STANDARD.splits.weights
    assert said == {mix: {s: str(w) for s, w in of_mix.items()} for mix, of_mix in weights.items()}


def test_the_numbers_of_the_items_stand_in_the_method() -> None:
    text = (ROOT / "docs" / "method.md").read_text("utf-8")
    rows = {row[1]: row[2] for row in table(text, "code | id | test")}
    missing = []
    for item in STANDARD.items:
        numbers = [*item.numbers.values(), *item.limit.values()]
        test = next((test for ids, test in rows.items() if f"`{item.item_id}`" in ids), "")
        told = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", test.replace("Ⅲ", "3"))}
        missing += [f"{item.code} {n}" for n in numbers if float(n) not in told and n != 1]
    assert missing == []


def test_every_option_of_the_standard_stands_in_the_method_with_its_default() -> None:
    text = (ROOT / "docs" / "method.md").read_text("utf-8")
    rows = {row[0].split("`")[1]: row[1] for row in table(text, "id | default | other")}
    assert set(rows) == {o.option_id for o in STANDARD.options}
    assert [o.option_id for o in STANDARD.options if f"`{o.default}`" not in rows[o.option_id]] == []


def test_every_file_of_the_method_is_described() -> None:
    text = (ROOT / "docs" / "method.md").read_text("utf-8")
    assert [shown(p) for p in files(".sql", folders=("core/method",)) if f"{p.stem}.sql" not in text] == []


def test_every_decision_has_a_date_and_a_status() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert records
    undated = [
        shown(p)
        for p in records
        if not re.search(r"20\d\d-\d\d-\d\d", p.read_text("utf-8"))
        or not re.search(r"(?i)accepted|proposed|superseded", p.read_text("utf-8"))
    ]
    assert undated == []
