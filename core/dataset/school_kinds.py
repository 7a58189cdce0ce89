"""What kinds of school there are: which stages each teaches, which grades belong to a stage, when a school is open."""

from __future__ import annotations

from core.dataset.cells import Value
from core.dataset.rows import Row

STAGES_OF_KIND: dict[str, tuple[str, ...]] = {
    "primary": ("primary",),
    "teaching_point": ("primary",),
    "junior": ("junior",),
    "vocational": ("junior",),
    "nine_year": ("primary", "junior"),
    "combined_secondary": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
    "special": ("primary", "junior"),
}
# A school of these kinds stands with the stages it reports; every other with all stages of its kind.
STAGES_AS_REPORTED = frozenset({"special"})
GRADES_OF_STAGE = {"primary": range(1, 7), "junior": range(7, 10)}


def is_open(school: Row, year: Value) -> bool:
    """Whether a school of the register is open in a school year."""
    opened, closed = school["opened_year"], school["closed_year"]
    if not isinstance(year, int):
        return False
    return (not isinstance(opened, int) or opened <= year) and (not isinstance(closed, int) or closed > year)
