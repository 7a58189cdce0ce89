"""The glossary names what exists, and everything that a result can say stands in it."""

import ast
import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing, register
from core.dataset.dictionary import codes, sheets
from core.delivery.ledger.ledger import REOPENED
from core.delivery.on_time import Reason
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.sub_item_status import Basis, Divergence
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from core.method.assessment import Verdict
from core.rules.standard_loading import load_standard
from core.store.database import Store
from core.wording.carrying_out.ledger import ISSUE_STATES
from core.wording.delivery import DECISION_LABELS, EVIDENCE_LABELS, LEVEL_SIGNS, REPORTED_LABELS
from core.wording.verdicts import WORDS
from tests.house.source_files import ROOT, files, shown, tree
from tests.house.test_house import docstrings
from tests.support.books import csv_files, small_tables
from tests.support.demo_county import PLAN

GLOSSARY = ROOT / "docs" / "glossary.md"
ROW = re.compile(r"\| (?P<term>[^|]+) \| `(?P<identifier>[^`|]+)` \| (?P<unit>[^|]+) \| (?P<meaning>[^|]*) \|")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CODE_LISTS = {
    "Kinds of school": "kind",
    "Stages": "stage",
    "Zones": "zone",
    "Ownership": "ownership",
    "Kinds of special room": "room_kind",
    "Survey groups": "survey_group",
    "Bands of class size": "class_band",
    "Judgements": "judgement",
    "County figures": "figure",
}


@dataclass(frozen=True)
class Entry:
    """One row of the glossary."""

    section: str
    term: str
    identifier: str
    unit: str


@cache
def glossary() -> tuple[Entry, ...]:
    """Every row, in order; a line of a table that is no row is a fault."""
    entries, section = [], ""
    for line in GLOSSARY.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("|") and not line.startswith(("| Chinese |", "|---")):
            found = ROW.fullmatch(line)
            assert found, f"no row of the glossary: {line}"
            unit = found["unit"]
            entries.append(Entry(section, found["term"], found["identifier"], "" if unit == "–" else unit))
    return tuple(entries)


def section(title: str) -> dict[str, str]:
    """The terms of a table by identifier."""
    return {e.identifier: e.term for e in glossary() if e.section == title}


def python_words() -> Iterator[str]:
    """Names and strings of core, without docstrings and comments."""
    for path in files(".py", folders=("core",)):
        module = tree(path)
        prose = docstrings(module)
        for node in ast.walk(module):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    yield name
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                    yield name
                case ast.Constant(value=str(text)) if (node.lineno, node.col_offset) not in prose:
                    yield from WORD.findall(text)


def sql_words() -> Iterator[str]:
    """The words of every SQL file, without comments."""
    for path in files(".sql", folders=("core",)):
        yield from WORD.findall(re.sub(r"--.*", "", path.read_text("utf-8")))


def toml_words(table: Any) -> Iterator[str]:
    """Keys and values of a table of rules."""
    if isinstance(table, dict):
        for key, value in table.items():
            yield key
            yield from toml_words(value)
    elif isinstance(table, list):
        for value in table:
            yield from toml_words(value)
    elif isinstance(table, str):
        yield from WORD.findall(table)


def data_words() -> Iterator[str]:
    """What the rules' files and the dictionary name."""
    for path in sorted((ROOT / "data").rglob("*.toml")):
        yield from toml_words(tomllib.loads(path.read_text("utf-8")))
    for path in sorted((ROOT / "data").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                yield from row


@cache
def known_words() -> frozenset[str]:
    """Every identifier of core and data."""
    return frozenset((*python_words(), *sql_words(), *data_words()))


def values(enum: type[StrEnum]) -> set[str]:
    """The words of an enumeration."""
    return {member.value for member in enum}


def test_every_identifier_of_the_glossary_exists() -> None:
    assert [f"{e.section}: {e.identifier}" for e in glossary() if e.identifier not in known_words()] == []


def test_the_search_does_not_find_what_only_prose_names() -> None:
    prose = {
        word for path in files(".py", folders=("core",)) for word in WORD.findall(ast.get_docstring(tree(path)) or "")
    }
    assert "shortfall" in known_words()
    assert prose - known_words(), f"prose of {shown(GLOSSARY.parents[1] / 'core')} counts as code"


def test_a_table_gives_one_term_one_identifier() -> None:
    terms = Counter((e.section, e.term) for e in glossary())
    identifiers = Counter((e.section, e.identifier) for e in glossary())
    assert [pair for pair, times in (terms + identifiers).items() if times > 1] == []


def rows(title: str) -> set[tuple[str, str, str]]:
    """Identifier, term and unit of every row of a table."""
    return {(e.identifier, e.term, e.unit) for e in glossary() if e.section == title}


def test_every_code_stands_in_the_glossary_by_its_name_and_unit() -> None:
    for title, code_list in CODE_LISTS.items():
        assert rows(title) == {(code, c.name, c.unit) for code, c in codes(code_list).items()}, title


def test_every_fact_of_the_dictionary_stands_in_the_glossary() -> None:
    for sheet in sheets():
        title = f"Sheet {sheet.name} (`{sheet.identifier}`)"
        assert rows(title) == {(c.identifier, c.name, c.unit) for c in sheet.columns}, title


def test_indicators_items_and_exclusions_stand_in_the_glossary_as_the_standard_names_them() -> None:
    standard = load_standard()
    assert section("Resource indicators") == {i.indicator_id: i.name for i in standard.indicators}
    assert section("County items") == {i.item_id: i.short_name for i in standard.items}
    assert section("Why a stage is left out") == {e.reason: e.name for e in standard.exclusions}
    assert {i.part for i in standard.items} <= set(section("Parts of the standard"))


def test_verdicts_stand_in_the_glossary_as_the_screen_says_them() -> None:
    assert section("Verdicts") == {verdict.value: word for verdict, word in WORDS.items()}
    assert set(section("Verdicts")) == values(Verdict)


def test_what_the_plan_names_stands_in_the_glossary() -> None:
    plan = PLAN
    steps = section("Ledger steps")
    assert {k: v for k, v in steps.items() if k != REOPENED} == {s.step_id: s.name for s in plan.ledger_steps}
    assert set(steps) == set(ISSUE_STATES)
    assert section("Project slots") == {s.slot_id: s.name for s in plan.project_slots}
    status = section("Computed status")
    assert {w.level_id: w.name for w in plan.warnings.levels}.items() <= status.items()
    assert LEVEL_SIGNS.keys() <= set(status)


def test_what_people_report_stands_in_the_glossary_as_the_screen_says_it() -> None:
    assert REPORTED_LABELS.items() <= section("Reported status").items()
    assert section("Decisions and evidence") == {**DECISION_LABELS, **EVIDENCE_LABELS}


@pytest.mark.parametrize(
    ("title", "enum"),
    [
        ("Why it stands so", Reason),
        ("Report against computation", Divergence),
        ("Basis of a status", Basis),
        ("Pace", PaceVerdict),
    ],
)
def test_every_word_of_a_result_stands_in_the_glossary(title: str, enum: type[StrEnum]) -> None:
    assert values(enum) <= set(section(title))


def test_every_state_of_a_batch_stands_in_the_glossary() -> None:
    dataset = check(open_uploads(list(csv_files(small_tables()).items())))
    standard, now = load_standard(), datetime(2023, 11, 30)
    store = Store.open(None, standard)
    number = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, now)
    states = [register.batch(store, number).state]
    publishing.publish(store, number, LOCAL_ADMINISTRATOR, now, "")
    states.append(register.batch(store, number).state)
    publishing.withdraw(store, number, LOCAL_ADMINISTRATOR, now, "有误")
    states.append(register.batch(store, number).state)
    store.close()
    assert len(set(states)) == len(states)
    assert set(states) <= set(section("Batches"))
