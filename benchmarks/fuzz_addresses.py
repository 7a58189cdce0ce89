"""Every parameter of every page given what no link of ours holds: a sentence or the default, never a red box, never long.

    python -m benchmarks.fuzz_addresses [addresses a page]

400 addresses a page take about a quarter of an hour. What a reader asks for by a switch and may take long with a bar of
progress, the chance of a forecast and the frontier of a plan, is left out of the addresses of all parameters.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from streamlit.testing.v1 import AppTest

from ui.links import BOUND
from ui.menu import PAGES

SHELL = PAGES.parent / "ui" / "shell.py"
MOST_SECONDS = 2.0
# What pages read themselves, beside what their widgets keep in the address.
READ = (
    *("as_of", "year", "stage", "township", "draft", "indicator", "school", "project", "issue", "also", "opened"),
    *(
        "school_caps",
        "region_year",
        "county",
        "plan",
        "unit",
        "ledger_unit",
        "task",
        "late",
        "month",
        "origin",
        "answering",
        "document",
        "entry",
    ),
    *("section", "letter", "opinion", "since", "visit", "visit_school"),
    *("division", "case", "evaluation", "site", "q", "edited", "base", "compared", "form", "box", "pin", "days"),
)
PARAMETERS = (*READ, *BOUND)
LONG_WORK = ("frontier", "chance")
_HUGE = '{"type":"pupils_percent","percent":"1e999999"}'
VALUES = (
    *("", "0", "-0", "-1", "1.5", "2023", "true", "²", "１２", "全县", "2023-13-45", "9999-12-31", "0001-01-01"),
    *("9" * 30, "9" * 5_000, "-" + "9" * 400, "1e999", "1e999999", "1e-999999", "NaN", "inf", "0x10", "1_000"),
    *("{{9**(9**9)}}", "{% for i in range(9) %}", "{#", "<script>alert(1)</script>", "[x](http://evil)", "$x^2$"),
    *(
        "' or 1=1 --",
        "../../etc/passwd",
        "\x00",
        "a\nb",
        "\u202egnp.exe",
        "😀" * 60,
        "[]",
        "{}",
        "null",
        "[[[[",
        "x" * 9_000,
    ),
    "[" + ",".join([_HUGE] * 8) + "]",
    "[" + ",".join(['{"type":"add","code":"L1","amount":1}'] * 200) + "]",
    '[{"type":"add","code":"L1","amount":' + "9" * 4_000 + "}]",
    '[{"type":"class_cap","stage":"primary","cap":0}]',
    '[{"type":"open_classes","count":999999999,"school_id":"350526-0007","stage":"primary","grade":1}]',
    "350526-0007:L1:" + "9" * 2_000,
    ";".join(["350526-0007:L1:5"] * 100),
)


def opened(page: Path, address: dict[str, str], *, seconds: int = 60) -> tuple[AppTest, float]:
    """The page at an address, and how long its run took."""
    app = AppTest.from_file(str(SHELL), default_timeout=seconds)
    app.switch_page(f"../pages/{page.parent.name}/{page.name}")
    for key, value in address.items():
        app.query_params[key] = value
    began = time.perf_counter()
    app.run()
    return app, time.perf_counter() - began


def addresses(page: Path, number: int) -> Iterator[dict[str, str]]:
    """So many addresses of a page: mostly one parameter with one value, every tenth all of them at once."""
    drawn = random.Random(page.stem)
    for place in range(number):
        if place % 10:
            yield {drawn.choice(PARAMETERS): drawn.choice(VALUES)}
        else:
            yield {key: drawn.choice(VALUES) for key in PARAMETERS if key not in LONG_WORK}


def main(number: int) -> int:
    """Run so many addresses of every page; the number of faults."""
    os.environ["COUNTY_DB"] = str(Path(tempfile.mkdtemp()) / "county.duckdb")
    times: list[float] = []
    faults = 0
    for page in sorted(PAGES.glob("*/*.py")):
        opened(page, {})
        slowest: tuple[float, dict[str, str]] = (0.0, {})
        for address in addresses(page, number):
            app, took = opened(page, address)
            times.append(took)
            shown = {key: value[:40] for key, value in list(address.items())[:3]}
            slowest = max(slowest, (took, shown), key=lambda one: one[0])
            if app.exception or took > MOST_SECONDS:
                faults += 1
                print(f"{page.stem} {shown}: {took:.1f} s {[e.value[:90] for e in app.exception]}", flush=True)
        print(f"{page.stem}: slowest {slowest[0]:.2f} s {slowest[1]}", flush=True)
    print(f"{len(times)} addresses, median {median(times) * 1000:.0f} ms, worst {max(times):.2f} s, {faults} faults")
    return faults


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 400) > 0)
