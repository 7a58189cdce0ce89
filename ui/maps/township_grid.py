"""The townships as tiles in the order in which they lie: a labelled map that reads on any screen, said to be schematic.

Northern townships stand in upper rows, eastern ones further right; nothing is to scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, sqrt

from markupsafe import Markup

GRID_CREDIT = "乡镇按方位排列。"


@dataclass(frozen=True)
class TownshipTile:
    """What a tile says: the name, a figure, shape and word of what fails or is unknown there; `kind` is a class of the style sheet."""

    code: str
    name: str
    figure: str
    failing: tuple[tuple[str, str], ...]
    kind: str
    address: str


def township_grid(tiles: Sequence[TownshipTile], seats: Mapping[str, tuple[float, float]]) -> Markup:
    """The tiles at their places; townships without a known seat follow in a last row of their own."""
    places = places_of({t.code: seats[t.code] for t in tiles if t.code in seats})
    width = max((column for _, column in places.values()), default=2) + 1
    last = max((row for row, _ in places.values()), default=-1)
    without = [t.code for t in tiles if t.code not in places]
    places |= {code: (last + 1 + n // width, n % width) for n, code in enumerate(without)}
    drawn = Markup("").join(_tile(t, *places[t.code]) for t in sorted(tiles, key=lambda t: places[t.code]))
    return Markup('<nav class="township-grid" aria-label="各乡镇" style="--columns:{}">{}</nav>').format(width, drawn)


def _tile(tile: TownshipTile, row: int, column: int) -> Markup:
    # A phone has room for the shape and the number; the key below says the word.
    failing = Markup("").join(Markup(" <em>{}<span> {}</span></em>").format(*said) for said in tile.failing)
    return Markup('<a class="township {}" href="{}" style="grid-row:{};grid-column:{}"><b>{}</b> {}{}</a>').format(
        tile.kind, tile.address, row + 1, column + 1, tile.name, tile.figure, failing
    )


def places_of(seats: Mapping[str, tuple[float, float]]) -> dict[str, tuple[int, int]]:
    """Row and column of each township by the longitude and latitude of its seat: as many in each row, from the north."""
    if not seats:
        return {}
    columns = max(3, ceil(sqrt(len(seats))))
    rows = ceil(len(seats) / max(columns - 1, 1))
    from_north = sorted(seats, key=lambda code: (-seats[code][1], code))
    west = min(lon for lon, _ in seats.values())
    span = max(lon for lon, _ in seats.values()) - west or 1.0
    places: dict[str, tuple[int, int]] = {}
    for row in range(rows):
        codes = from_north[row * len(seats) // rows : (row + 1) * len(seats) // rows]
        codes.sort(key=lambda code: (seats[code][0], code))
        wanted = [(seats[code][0] - west) / span * (columns - 1) for code in codes]
        chosen = min(
            combinations(range(columns), len(codes)),
            key=lambda taken: sum((c - w) ** 2 for c, w in zip(taken, wanted, strict=True)),
        )
        places |= {code: (row, column) for code, column in zip(codes, chosen, strict=True)}
    return places
