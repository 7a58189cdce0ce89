"""Whatever is handed in is taken or refused in words; what is taken comes back the same."""

import pytest

from benchmarks.fuzz_inputs import answer, spoiled_input
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.books import Book, csv_files, small_tables

SEEDS = range(5000, 5048)


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """The small county's workbook."""
    return Book(small_tables()).content()


@pytest.mark.parametrize("first", SEEDS[::12])
def test_no_damaged_input_crashes(first: int, workbook: bytes, standard: Standard) -> None:
    files = csv_files(small_tables())
    for seed in range(first, first + 12):
        store = Store.open(None, standard)
        assert answer(spoiled_input(files, workbook, seed), store) in ("taken", "refused"), seed
        store.close()
