"""Whatever is handed in is taken or refused in words; what is taken comes back the same."""

import pytest

from benchmarks.fuzz_inputs import answer, spoiled_input
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.books import Book, csv_files, small_tables
from tests.support.samples import seeds

TOGETHER = 12


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """The small county's workbook."""
    return Book(small_tables()).content()


@pytest.mark.parametrize("dozen", seeds(2, 12))
def test_no_damaged_input_crashes(dozen: int, workbook: bytes, standard: Standard) -> None:
    files = csv_files(small_tables())
    for seed in range(5000 + dozen * TOGETHER, 5000 + (dozen + 1) * TOGETHER):
        store = Store.open(None, standard)
        assert answer(spoiled_input(files, workbook, seed), store) in ("taken", "refused"), seed
        store.close()
