"""The digest of every judgement of the demonstration county and of random counties, one line each.

`python -m benchmarks.assess_bytes > before.txt` on one commit, `python -m benchmarks.assess_bytes --against before.txt`
on another: a reshaping of the program that should change no result changes no byte.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.facts.published import published_counties, published_years
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.county_files import demonstration
from core.store.database import Store
from tests.support.counties import random_tables, write_folder

RANDOM_COUNTIES = range(2000, 2050)


def digests(folder: Path, label: str, standard: Standard) -> Iterator[str]:
    """A line for every published year of a county, by default and under every other choice of every option."""
    store = Store.open(None, standard)
    import_folder_or_workbook(store, folder, standard, LOCAL_ADMINISTRATOR, datetime.now())
    (county_code,) = published_counties(store)
    switches = [{}, *({o.option_id: c} for o in standard.options for c in o.choices if c != o.default)]
    for year in published_years(store, county_code):
        for switched in switches:
            assessment = assess(store, standard, county_code, year, choices=switched)
            digest = sha256(assess_json(assessment, standard).encode()).hexdigest()
            yield f"{digest} {label} {year} {' '.join(f'{k}={v}' for k, v in switched.items())}".rstrip()
    store.close()


def all_digests() -> Iterator[str]:
    """The lines of the demonstration county, then of the random ones."""
    standard = load_standard()
    demo = demonstration()
    assert demo is not None, "the demonstration county is not there"
    yield from digests(demo, "demonstration", standard)
    for seed in RANDOM_COUNTIES:
        rng = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            yield from digests(
                write_folder(random_tables(rng, rng.randint(4, 12)), Path(folder)), f"random-{seed}", standard
            )


def main() -> int:
    """Print the lines, or say which differ from those of another commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="what another commit printed")
    options = parser.parse_args()
    lines = list(all_digests())
    if options.against is None:
        print("\n".join(lines))
        return 0
    before = options.against.read_text("utf-8").splitlines()
    differing = sorted(set(before) ^ set(lines), key=lambda line: line.split(" ", 1)[1])
    print("\n".join(differing) or f"{len(lines)} judgements, the same bytes.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
