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
# Stages that a school of the kind may report beside its own: classes before school, pupils of a vocational school's own.
STAGES_ALLOWED_BESIDE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(STAGES_OF_KIND, ()),
    **dict.fromkeys(("primary", "teaching_point", "nine_year", "twelve_year"), ("preschool",)),
    "vocational": ("senior",),
}
# A school of the kind has pupils of these stages in the same premises, reported or not.
STAGES_SHARING_PREMISES: dict[str, tuple[str, ...]] = {"vocational": ("senior",)}
# Every stage that a school may report.
STAGES_HELD = ("preschool", "primary", "junior", "senior")
# The bands of class size of the official forms, each with its least and its most pupils, None where it is open above. A
# class has a pupil at least.
CLASS_BANDS: dict[str, tuple[int, int | None]] = {
    "<=25": (1, 25),
    "26-30": (26, 30),
    "31-35": (31, 35),
    "36-40": (36, 40),
    "41-45": (41, 45),
    "46-50": (46, 50),
    "51-55": (51, 55),
    "56-60": (56, 60),
    "61-65": (61, 65),
    ">=66": (66, None),
}
GRADES_OF_STAGE = {"primary": range(1, 7), "junior": range(7, 10)}


def is_open(school: Row, year: Value) -> bool:
    """Whether a school of the register is open in a school year."""
    opened, closed = school["opened_year"], school["closed_year"]
    if not isinstance(year, int):
        return False
    return (not isinstance(opened, int) or opened <= year) and (not isinstance(closed, int) or closed > year)
