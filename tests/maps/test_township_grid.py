"""The tiles of the townships stand as the townships lie: north above south, west before east, none twice, none lost."""

from hypothesis import given
from hypothesis import strategies as st

from ui.maps.township_grid import TownshipTile, places_of, township_grid

DEGREES = st.tuples(
    st.floats(100, 120, allow_nan=False).map(lambda x: round(x, 3)),
    st.floats(20, 30, allow_nan=False).map(lambda y: round(y, 3)),
)


@given(st.lists(DEGREES, min_size=1, max_size=40, unique=True))
def test_every_township_has_a_place_of_its_own_and_the_order_holds(seats: list[tuple[float, float]]) -> None:
    named = {f"t{n:02}": seat for n, seat in enumerate(seats)}
    places = places_of(named)
    assert places.keys() == named.keys() and len(set(places.values())) == len(named)
    for one, (row, column) in places.items():
        for other, (other_row, other_column) in places.items():
            if row < other_row:
                assert named[one][1] >= named[other][1], "an upper row lies north of a lower one"
            if row == other_row and column < other_column:
                assert named[one][0] <= named[other][0], "within a row the west comes first"


def test_a_township_without_a_seat_follows_in_a_row_of_its_own_and_names_are_text() -> None:
    tiles = [
        TownshipTile(code, name, "1/1", (("▲ 1", "未达标"),), "failed", f"?township={code}")
        for code, name in (("a", "甲镇"), ("b", "<b>乙</b>镇"))
    ]
    drawn = township_grid(tiles, {"a": (118.0, 25.0)})
    assert "&lt;b&gt;乙&lt;/b&gt;镇" in drawn and "<b><b>" not in drawn
    assert "grid-row:2" in drawn and drawn.count('class="township failed"') == 2
    assert township_grid([], {}).startswith("<nav")
