"""A list of names is cut the same way everywhere, and never hides a single one."""

import pytest

from core.naming import held, named


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, ""),
        (3, "甲、乙、丙"),
        (4, "甲、乙、丙、丁"),
        (5, "甲、乙、丙等 5 所"),
    ],
)
def test_no_list_hides_exactly_one_name(count: int, said: str) -> None:
    assert named("甲乙丙丁戊"[:count], "所") == said


def test_what_the_sentence_has_counted_is_not_counted_again() -> None:
    assert named("甲乙丙", most=1) == "甲等"
    assert [held(number, 1) for number in range(5)] == [0, 1, 2, 1, 1]
