"""The register is changed school by school: renamed, moved, opened, closed, each as a draft with its reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import publishing, register
from core.batches.corrections import RowsCorrection, correct_figures
from core.dataset.dictionary import sheet
from core.dataset.rows import Row
from core.errors import RequestInvalid
from core.facts.current import current_tables
from core.method.engine import assess
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.published_store import NOW

COUNTY, SCHOOL, YEAR = "350526", "350526-0001", 2023


def row_of(store: Store, school_id: str) -> Row | None:
    """What the register says of a school now."""
    rows = current_tables(store, COUNTY, year=YEAR)["schools"]
    return next((row for row in rows if row["school_id"] == school_id), None)


def cells_of(row: Row) -> dict[str, str]:
    """The row as one would type it."""
    columns = [c.identifier for c in sheet("schools").columns if not c.is_key]
    return {c: "" if row[c] is None else str(row[c]) for c in columns}


def written(store: Store, standard: Standard, school_id: str, cells: dict[str, str]) -> int:
    """The change published; returns the batch's number."""
    correction = RowsCorrection("schools", {"school_id": school_id, "year": YEAR}, (cells,))
    batch = correct_figures(store, standard, COUNTY, [correction], LOCAL_ADMINISTRATOR, NOW, "核对后更正")
    publishing.publish(store, batch, LOCAL_ADMINISTRATOR, NOW, "核对后更正")
    return batch


def test_a_school_is_renamed_and_placed_and_that_is_undone(store: Store, standard: Standard) -> None:
    before = row_of(store, SCHOOL)
    assert before is not None
    batch = written(store, standard, SCHOOL, cells_of(before) | {"name": "新名小学", "lon": "118.3", "lat": "25.5"})
    now = row_of(store, SCHOOL)
    assert now is not None and (now["name"], now["lon"], now["lat"]) == ("新名小学", Decimal("118.3"), Decimal("25.5"))
    assert {c: v for c, v in now.values.items() if c not in ("name", "lon", "lat")} == {
        c: v for c, v in before.values.items() if c not in ("name", "lon", "lat")
    }
    publishing.withdraw(store, batch, LOCAL_ADMINISTRATOR, NOW, "改回")
    after = row_of(store, SCHOOL)
    assert after is not None and after.values == before.values


def test_a_school_that_moves_counts_in_its_new_township_alone(store: Store, standard: Standard) -> None:
    before = row_of(store, SCHOOL)
    assert before is not None
    others = {str(row["code"]) for row in current_tables(store, COUNTY)["townships"]} - {str(before["township_code"])}
    target = sorted(others)[0]
    judged = assess(store, standard, COUNTY, YEAR)
    batch = written(store, standard, SCHOOL, cells_of(before) | {"township_code": target})
    assert {township for township, _ in _coverage(store, batch)} == {str(before["township_code"]), target}
    after = assess(store, standard, COUNTY, YEAR)
    assert [row.township_code for row in after.rows if row.school_id == SCHOOL] == [target]
    assert [(r.key, r.verdict) for r in after.rows] == [(r.key, r.verdict) for r in judged.rows]


def _coverage(store: Store, batch: int) -> list[tuple[str, int]]:
    found = store.rows("select township_code, year from batch_coverage where batch_id = $batch", {"batch": batch})
    return [(str(township), int(year)) for township, year in found]


def test_a_new_school_stands_unreported_and_a_closed_one_is_left_out(store: Store, standard: Standard) -> None:
    before = row_of(store, SCHOOL)
    assert before is not None
    written(
        store,
        standard,
        "2135009999",
        cells_of(before) | {"name": "新建小学", "opened_year": str(YEAR), "lon": "", "lat": ""},
    )
    opened = assess(store, standard, COUNTY, YEAR)
    assert [row.pupils for row in opened.rows if row.school_id == "2135009999"] == [None]
    written(
        store,
        standard,
        "2135009999",
        cells_of(before) | {"name": "新建小学", "closed_year": str(YEAR), "lon": "", "lat": ""},
    )
    closed = assess(store, standard, COUNTY, YEAR)
    assert {x.reason for x in closed.left_out if x.school_id == "2135009999"} == {"closed"}
    assert [b.note for b in register.batches(store)][:2] == ["核对后更正", "核对后更正"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("２１３５００９９９９", "2135009999"),
        (" 2135009999 ", "2135009999"),
        ("Ж2135", ""),
        ("x" * 200, ""),
        ("11010519491231002X", ""),
    ],
)
def test_a_new_schools_identifier_is_read_as_in_a_workbook(
    store: Store, standard: Standard, typed: str, kept: str
) -> None:
    before = row_of(store, SCHOOL)
    assert before is not None
    cells = cells_of(before) | {"name": "新建小学", "opened_year": str(YEAR), "lon": "", "lat": ""}
    if not kept:
        with pytest.raises(RequestInvalid, match="学校标识码"):
            written(store, standard, typed, cells)
        return
    written(store, standard, typed, cells)
    assert row_of(store, kept) is not None
    assert {township for township, _ in _coverage(store, 2)} == {str(before["township_code"])}


@pytest.mark.parametrize(
    ("change", "says"),
    [({}, "没有改动"), ({"kind": "大学"}, "学校类别"), ({"lon": "300"}, "经度"), ({"township_code": ""}, "没有填写")],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    store: Store, standard: Standard, change: dict[str, str], says: str
) -> None:
    before = row_of(store, SCHOOL)
    assert before is not None
    count = len(register.batches(store))
    with pytest.raises(RequestInvalid, match=says):
        written(store, standard, SCHOOL, cells_of(before) | change)
    assert len(register.batches(store)) == count
