"""How long the workbooks of all townships take from files to a checked dataset, held against what counts.

    python -m benchmarks.collecting_speed [runs]

The demonstration county's latest year as a workbook for each of its townships. Prints medians and the share of opening;
the first run, which also imports the readers, is left away.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from functools import partial
from statistics import median

from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing
from core.batches.workbook import Part, export
from core.facts.current import current_tables
from core.facts.published import published_years
from core.intake.checkup.checking import home_of
from core.intake.checkup.many_workbooks import check_many, sources_of
from core.intake.reading.workbooks import open_workbooks
from core.rules.standard_loading import load_standard
from core.store.county_files import SHIPPED
from core.store.database import Store

COUNTY = "350526"


def main(runs: int) -> None:
    """Print the medians."""
    standard = load_standard()
    store = Store.open(None, standard)
    importing.import_folder_or_workbook(store, SHIPPED / COUNTY, standard, LOCAL_ADMINISTRATOR, datetime.now())
    counting, year = current_tables(store, COUNTY), max(published_years(store, COUNTY))
    files = [
        (f"{row['name']}.xlsx", export(store, Part(COUNTY, township_code=str(row["code"])), year=year))
        for row in counting["townships"]
    ]
    opened, checked = [], []
    for _ in range(runs + 1):
        began = time.perf_counter()
        sources = sources_of(open_workbooks(files))
        opened.append(time.perf_counter() - began)
        found = check_many(sources, earlier=partial(current_tables, store), home=home_of(store))
        checked.append(time.perf_counter() - began)
    schools = sum(line.schools for line in found.board)
    print(f"{len(files)} workbooks, {schools} schools, {len(found.problems)} findings")
    print(f"opened {median(opened[1:]):.2f} s, checked in all {median(checked[1:]):.2f} s (median of {runs} runs)")
    store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
