"""Schools of one name are told apart wherever they stand: who chooses one gets that one."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.pages.conftest import Open, title
from tests.support.demo_county import DEMO_COUNTY

NAME = "新村小学"
# Two stand in one township.
SCHOOLS = ("350526-0001", "350526-0002", "350526-0003", "350526-0034")


@pytest.fixture
def namesakes(empty_store: Store, tmp_path: Path) -> dict[str, str]:
    """A store in which four schools have one name; the township's name of each."""
    homes: dict[str, str] = {}
    for source in DEMO_COUNTY.glob("*.csv"):
        rows = list(csv.DictReader(source.open(encoding="utf-8-sig", newline="")))
        for row in rows if source.stem == "schools" else ():
            if row["school_id"] in SCHOOLS:
                row["name"] = NAME
                homes[row["school_id"]] = row["township_code"]
        with (tmp_path / source.name).open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    with (tmp_path / "townships.csv").open(encoding="utf-8") as listed:
        names = {row["code"]: row["name"] for row in csv.DictReader(listed)}
    now = datetime(2024, 1, 2, 9)
    import_folder_or_workbook(empty_store, tmp_path, load_standard(), LOCAL_ADMINISTRATOR, now)
    return {school: names[home] for school, home in homes.items()}


def test_each_of_them_is_reached_by_its_own_line_of_the_picker(namesakes: dict[str, str], open_page: Open) -> None:
    app = open_page("conclusions/profile")
    [picker] = [s for s in app.selectbox if s.label == "学校"]
    listed = [option for option in picker.options if option.startswith(NAME)]
    assert len(set(listed)) == len(listed) == 4 and len(set(picker.options)) == len(picker.options)
    alone = [s for s, home in namesakes.items() if list(namesakes.values()).count(home) == 1]
    assert len(alone) == 2
    for school in SCHOOLS:
        shown = title(open_page("conclusions/profile", school=school))
        told_by = namesakes[school] if school in alone else school
        assert f"{NAME}（{told_by}）" in shown
        assert f"{NAME}（{told_by}）" in listed


@pytest.mark.parametrize(
    "page", ["planning/scenario", "planning/cheapest", "datasets/batches", "carrying_out/projects"]
)
def test_no_picker_has_two_equal_lines(namesakes: dict[str, str], open_page: Open, page: str) -> None:
    address = {"data_part": "更正数据"} if page == "datasets/batches" else {}
    for picker in open_page(page, as_of="2024-01-02", **address).selectbox:
        assert len(set(picker.options)) == len(picker.options), picker.label
