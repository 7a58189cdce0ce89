"""Two people who do the same at the same moment: one is taken, the other is told of it."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.access import Actor
from core.batches import loading
from core.batches.register import batches
from core.errors import RequestInvalid
from core.intake.checkup.checking import Dataset, check
from core.intake.mapping.column_mapping import ColumnMapping, FieldSource, MappedSheet
from core.intake.mapping.mapping_records import save_mapping, saved_mappings
from core.intake.reading.sources import open_uploads
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.books import csv_files, small_tables
from tests.support.published_store import NOW

TIMES = 8
PEOPLE = tuple(Actor(name) for name in ("甲", "乙"))


@pytest.fixture(scope="module")
def small() -> Dataset:
    """A dataset of few rows, so that only the look and the writing take time."""
    tables = dict(small_tables())
    for name in ("classes", "enrolment", "special_rooms", "county_figures", "judgements", "attendance", "survey"):
        tables[name] = tables[name][:1]
    return check(open_uploads([*csv_files(tables).items()]))


def both(act: Callable[[Actor], object]) -> list[str]:
    """What each of two is answered who act at the same moment; empty where nothing was said against it."""
    answers: list[str] = []
    start = threading.Barrier(len(PEOPLE))

    def one(actor: Actor) -> None:
        start.wait()
        try:
            act(actor)
            answers.append("")
        except RequestInvalid as refusal:
            answers.append(str(refusal))

    threads = [threading.Thread(target=one, args=(actor,)) for actor in PEOPLE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_the_same_file_loaded_by_two_at_once_is_one_draft(store: Store, standard: Standard, small: Dataset) -> None:
    for number in range(TIMES):
        same = replace(small, sha256=f"file {number}")
        first, second = both(lambda actor, same=same: loading.load(store, same, standard, actor, NOW))  # type: ignore[misc]
        [draft] = [b for b in batches(store) if b.sha256 == same.sha256]
        assert (first, second) == ("", f"这份数据与批次 {draft.batch_id} 完全相同，没有重复导入。")


def test_different_files_loaded_by_two_at_once_are_both_kept(store: Store, standard: Standard, small: Dataset) -> None:
    before = len(batches(store))
    assert both(lambda actor: loading.load(store, replace(small, sha256=actor.name), standard, actor, NOW)) == ["", ""]
    assert len(batches(store)) == before + 2


def test_the_same_mapping_saved_by_two_at_once_is_kept_once(store: Store) -> None:
    part = MappedSheet("表", "townships", (1, 1), {"code": FieldSource(("代码",))})
    for number in range(TIMES):
        mapping = ColumnMapping(f"对应 {number}", (part,))
        first, second = both(lambda actor, mapping=mapping: save_mapping(store, mapping, actor, NOW))  # type: ignore[misc]
        assert (first, second) == ("", f"列对应“{mapping.name}”已经保存，没有改动。")
    assert len(saved_mappings(store)) == TIMES
