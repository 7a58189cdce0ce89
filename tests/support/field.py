"""A county of two schools, P with an inspector and a head, in which people visit, write letters and correct."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from dataclasses import field as dataclasses_field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.batches import loading, publishing
from core.delivery.figures.facts_by_year import FactsByYear, facts_by_year
from core.delivery.ledger.ledger import Issue, StepDraft
from core.delivery.ledger.ledger_writing import take_steps
from core.delivery.records.records import DecisionDraft
from core.delivery.records.records_writing import decide
from core.delivery.status.situation import Situation, situation
from core.delivery.supervision.letters import Letter, LetterDraft, keep_letter
from core.delivery.supervision.visits import VisitDraft, VisitReceipt, keep_visit
from core.facts.published import facts_version
from core.method.engine import assess
from core.store.database import Store
from core.wording.carrying_out.letters import opinion_draft
from tests.support.demo_county import DEHUA, PLAN, STANDARD
from tests.support.papers import PHOTO, SCAN
from tests.support.prepared import made_once
from tests.support.small_county import COUNTY, YEAR, SmallCounty, dataset

NOW = datetime(2023, 12, 31, 9)
VISITED = date(2023, 3, 1)
INSPECTOR = Actor("演示乙", frozenset({"inspector"}), verified=True, person_id="yi", schools=frozenset({"P"}))
HEAD = Actor("演示丙", frozenset({"school"}), verified=True, person_id="bing", schools=frozenset({"P"}))
OTHER_HEAD = replace(HEAD, name="演示丁", person_id="ding", schools=frozenset({"J"}))
OFFICE = Actor("演示甲", frozenset({"office"}), verified=True, person_id="jia")


@dataclass
class Field:
    """A county of two schools, in which people supervise on given days."""

    store: Store
    _facts: dict[int, FactsByYear] = dataclasses_field(default_factory=dict)

    def on(self, day: date) -> Situation:
        version = facts_version(self.store)
        if version not in self._facts:
            judged = {YEAR: assess(self.store, STANDARD, COUNTY, YEAR)}
            self._facts[version] = facts_by_year(self.store, STANDARD, DEHUA.code, judged)
        return situation(self.store, DEHUA, STANDARD, day, self._facts[version])

    def visit(self, actor: Actor = INSPECTOR, **cells: Any) -> VisitReceipt:
        said = {"school_id": "P", "topics": ("canteen",), "observed": "留样记录缺 5 天", "day": VISITED,
                "problems": ("食堂留样记录不全",), "response": "情况属实"}  # fmt: skip
        draft = VisitDraft(**{**said, **cells})
        return keep_visit(self.store, PLAN, self.on(VISITED).facts, COUNTY, draft, actor, NOW, [PHOTO])

    def opinion(self, visit: VisitReceipt, actor: Actor = INSPECTOR, **cells: Any) -> Letter:
        made = opinion_draft(self.on(VISITED), visit.visit, visit.issues, VISITED)
        sent = {"state": "issued", "document_number": "意见 1 号", "signer": "演示乙", "issued_on": VISITED,
                "recipient": "演示丙"}  # fmt: skip
        return self.letter(replace(made, **{**sent, **cells}), actor)

    def letter(self, draft: LetterDraft, actor: Actor = OFFICE) -> Letter:
        return keep_letter(self.store, PLAN, self.on(VISITED).facts, COUNTY, draft, actor, NOW)

    def steps(self, issue: Issue, actor: Actor, *drafts: dict[str, Any], day: date = date(2023, 3, 10)) -> Issue:
        made = [StepDraft(issue_number=issue.number, day=day, **draft) for draft in drafts]
        return take_steps(self.store, PLAN, self.on(day).facts, COUNTY, made, actor, NOW, [SCAN])

    def overdue_at(self, due: date, unit_id: str = "finance") -> None:
        """A decision that a unit owes by a day."""
        draft = DecisionDraft(decision="落实经费", owner_unit_id=unit_id, day=date(2023, 1, 5), due=due)
        decide(self.store, PLAN, COUNTY, draft, OFFICE, NOW)


@pytest.fixture(scope="session")
def field_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county before anybody has supervised, in a file that tests copy."""

    def make(path: Path) -> None:
        store = Store.open(path, STANDARD)
        _publish(store)
        store.close()

    return made_once(tmp_path_factory, "field.duckdb", make)


@pytest.fixture
def field(field_file: Path, tmp_path: Path) -> Iterator[Field]:
    """The county in a file of this test's own."""
    with _supervised(Store.open(shutil.copy(field_file, tmp_path / "county.duckdb"), STANDARD)) as opened:
        yield opened


@pytest.fixture
def memory() -> Iterator[Field]:
    """The same in memory: for many writes without files."""
    store = Store.open(None, STANDARD)
    _publish(store)
    with _supervised(store) as opened:
        yield opened


def _publish(store: Store) -> None:
    county = SmallCounty()
    county.school("P", "primary", {"primary": 90}, classes={"primary": [45, 45]})
    county.school("J", "junior", {"junior": 500})
    batch = loading.load(store, dataset(county.tables), STANDARD, LOCAL_ADMINISTRATOR, datetime(2022, 12, 1))
    publishing.publish(store, batch, LOCAL_ADMINISTRATOR, datetime(2022, 12, 1), "")


@contextmanager
def _supervised(store: Store) -> Iterator[Field]:
    begun = facts_version(store)
    opened = Field(store, dict(_begun_with))
    yield opened
    # Every test begins with the same figures: the first to judge them has judged them for the rest.
    _begun_with.update({version: facts for version, facts in opened._facts.items() if version == begun})
    store.close()


_begun_with: dict[int, FactsByYear] = {}
