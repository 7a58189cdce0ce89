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
from core.batches import loading, publishing
from core.batches.preview import preview
from core.batches.workbook import Part, export, layout
from core.dataset.rows import Row, Tables
from core.facts.current import current_tables
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_source, open_uploads
from core.method.assessment import Assessment
from core.method.engine import assess
from core.rules.standard_loading import load_standard
from core.store.backup import back_up
from core.store.database import Store
from tests.support.demo_county import DEMO_COUNTY

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
    """Print the seconds of every step, and of what a clerk waits for end to end."""
    standard, began, computed = load_standard(), time.perf_counter(), time.process_time()

    def tell(step: str) -> float:
        nonlocal began, computed
        seconds, own = time.perf_counter() - began, time.process_time() - computed
        # What the processor did for us tells a slow program from a busy machine.
        print(f"{step}: {seconds:.2f} s (computing {own:.2f} s)")
        began, computed = time.perf_counter(), time.process_time()
        return seconds

    tables = large_county()
    print({name: len(rows) for name, rows in tables.items()})
    first = layout(tables, title="测速")
    tables["premises"][0].values["sports_ground_area_m2"] = tables["premises"][1]["sports_ground_area_m2"]
    one_figure = layout(tables, title="测速")
    tables["schools"][0].values["zone"] = None
    every_year = layout(tables, title="测速")
    with tempfile.TemporaryDirectory() as place:
        store = Store.open(Path(place) / "county.duckdb", standard)
        present: dict[int, Assessment] = {}
        tell("prepared")
        for name, content in (("first", first), ("one figure", one_figure), ("every year", every_year)):
            print(f"-- {name}")
            source = open_uploads([(f"{name}.xlsx", content)])
            seconds = tell("read")
            dataset = check(source, earlier=partial(current_tables, store))
            seconds += tell("checked")
            batch_id = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, datetime.now())
            seconds += tell("stored")
            found = preview(store, standard, batch_id, judged=present.__getitem__)
            previewed = tell(f"previewed, {len(found.figures.figures)} figures and {len(found.years)} years changed")
            print(f"** {name}: loaded in {seconds:.2f} s (limit 5), previewed in {previewed:.2f} s more (limit 2)")
            publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, datetime.now(), "测速")
            # The platform has what counts judged before a clerk comes; a preview judges the draft.
            present = {y: assess(store, standard, dataset.county_code, y) for y in dataset.school_years}
            tell("published and judged")
        export(store, Part(dataset.county_code))
        tell("exported")
        back_up(store, Path(place) / "backup.duckdb", LOCAL_ADMINISTRATOR, standard)
        tell("backed up")
        store.close()


if __name__ == "__main__":
    main()
