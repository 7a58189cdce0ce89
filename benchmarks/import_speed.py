"""How long a clerk waits: a county of 200 schools and six years from workbook to verdicts before publishing.

python -m benchmarks.import_speed
"""

from __future__ import annotations

import tempfile
import time
from datetime import datetime
from functools import partial
from pathlib import Path

from core.access import LOCAL_ADMINISTRATOR
from core.method.batch_preview import preview
from core.rules.standard_loading import load_standard
from core.store import batches
from core.store.backup import back_up
from core.store.checking import check
from core.store.counties import DEMO_COUNTY
from core.store.current import current_tables
from core.store.database import Store
from core.store.parsing import Row, Tables
from core.store.sources import open_source, open_uploads
from core.store.workbook import Part, export, layout

COPIES = 3
OF_SCHOOLS = ("schools", "enrolment", "premises", "classes", "special_rooms")


def large_county() -> Tables:
    """The demonstration county with every school three times, about 20,000 class rows."""
    tables = check(open_source(DEMO_COUNTY)).tables
    for name in OF_SCHOOLS:
        tables[name] = [_copied(row, copy) for copy in range(COPIES) for row in tables[name]]
    return tables


def _copied(row: Row, copy: int) -> Row:
    names = ("school_id", "parent_school_id", "paired_school_id")
    return Row(row.number, {c: f"{v}-{copy}" if c in names and v else v for c, v in row.values.items()})


def main() -> None:
    """Print the seconds of every step."""
    standard, began = load_standard(), time.perf_counter()

    def tell(step: str) -> None:
        nonlocal began
        now = time.perf_counter()
        print(f"{step}: {now - began:.2f} s")
        began = time.perf_counter()

    tables = large_county()
    print({name: len(rows) for name, rows in tables.items()})
    content = layout(tables, title="测速")
    tables["premises"][0].values["sports_ground_area_m2"] = tables["premises"][1]["sports_ground_area_m2"]
    changed = layout(tables, title="测速")
    with tempfile.TemporaryDirectory() as place:
        store = Store.open(Path(place) / "county.duckdb", standard)
        tell("prepared")
        first = batches.load(
            store, check(open_uploads([("a.xlsx", content)])), standard, LOCAL_ADMINISTRATOR, datetime.now()
        )
        batches.publish(store, first, LOCAL_ADMINISTRATOR, datetime.now(), "测速")
        tell("first workbook read, checked, stored, published")
        source = open_uploads([("b.xlsx", changed)])
        tell("second workbook read")
        dataset = check(source, earlier=partial(current_tables, store))
        tell("checked")
        second = batches.load(store, dataset, standard, LOCAL_ADMINISTRATOR, datetime.now())
        tell("stored")
        found = preview(store, standard, second)
        tell(f"previewed, {len(found.figures.figures)} figures and {len(found.years)} years changed")
        export(store, Part(dataset.county_code))
        tell("exported")
        back_up(store, Path(place) / "backup.duckdb", LOCAL_ADMINISTRATOR, standard)
        tell("backed up")
        store.close()


if __name__ == "__main__":
    main()
