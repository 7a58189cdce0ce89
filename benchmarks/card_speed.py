"""How long the cards of a county take from files to a checked dataset.

    python -m benchmarks.card_speed [runs]

A workbook a school of the demonstration county, six to ten cards each, and a workbook with what no card says. Prints
medians and the share of opening; the first run, which also imports the readers, is left away.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from core.intake.cards.card_check import check_cards
from core.intake.reading.workbooks import open_workbooks
from tests.support.card_county import YEAR, demo_cards


def main(runs: int) -> None:
    """Print the medians."""
    files = demo_cards()
    opened, checked = [], []
    for _ in range(runs + 1):
        began = time.perf_counter()
        books = open_workbooks(files)
        opened.append(time.perf_counter() - began)
        found = check_cards(books, YEAR)
        checked.append(time.perf_counter() - began)
    cards = sum(len(line.handed_in) for line in found.board)
    print(f"{len(files)} workbooks, {cards} cards of {len(found.board)} schools")
    print(f"opened {median(opened[1:]):.2f} s, checked in all {median(checked[1:]):.2f} s (median of {runs} runs)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
