"""What is part of what: a part that is larger than its whole is found here, in the tables and in the county figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.dataset.cells import Value
from core.dataset.dictionary import name_of, sheet
from core.dataset.rows import Row, Tables
from core.errors import Level, Problem
from core.naming import figure_text

# Sheet, level, part and whole: two columns of one row.
_COLUMNS: tuple[tuple[str, Level, str, str], ...] = (
    ("enrolment", "FAIL", "teachers_above_degree", "teachers"),
    ("enrolment", "FAIL", "backbone_teachers", "teachers"),
    ("enrolment", "FAIL", "pe_arts_teachers", "teachers"),
    ("enrolment", "FAIL", "certified_teachers", "teachers"),
    ("enrolment", "WARN", "trained_teachers", "teachers"),
    ("enrolment", "WARN", "teachers", "staff"),
    ("enrolment", "WARN", "migrant_pupils", "pupils"),
    ("premises", "FAIL", "indoor_sports_area_m2", "teaching_area_m2"),
    ("premises", "WARN", "training_budget_yuan", "operating_funds_yuan"),
    ("survey", "WARN", "satisfied", "valid"),
    ("survey", "WARN", "valid", "issued"),
    ("survey", "WARN", "visited_satisfied", "visited"),
    ("attendance", "WARN", "enrolled", "school_age"),
    ("attendance", "WARN", "dropped_out", "school_age"),
)


@dataclass(frozen=True)
class _Within:
    """County figures of one year: `parts` together are at most `wholes` together without those who `left`."""

    parts: tuple[str, ...]
    wholes: tuple[str, ...]
    left: tuple[str, ...] = ()


_COUNTY_FIGURES = (
    _Within(("rotation_rotated",), ("rotation_eligible",)),
    _Within(("rotation_backbone",), ("rotation_rotated",)),
    _Within(("catchment_primary_in",), ("catchment_primary_all",)),
    _Within(("catchment_junior_in",), ("catchment_junior_all",)),
    _Within(("quota_places_allocated",), ("quota_places_planned",)),
    _Within(("migrant_children_served",), ("migrant_children_eligible",)),
    _Within(
        ("cohort_graduated",),
        ("cohort_entered", "cohort_transferred_in"),
        ("cohort_transferred_out", "cohort_died"),
    ),
    _Within(("disabled_special_school", "disabled_inclusive", "disabled_home_taught"), ("disabled_school_age",)),
    _Within(("recruits_filled",), ("recruits_planned",)),
    _Within(("aid_served",), ("aid_entitled",)),
    _Within(("fitness_passed",), ("fitness_tested",)),
    _Within(("rural_education_budget_yuan",), ("education_budget_yuan",)),
    _Within(("rural_population",), ("population",)),
)


def parts_within_totals(tables: Tables) -> Iterator[Problem]:
    """A finding for every part that is larger than its whole; what was not reported is no ground for one."""
    for sheet_id, level, part, total in _COLUMNS:
        known = sheet(sheet_id)
        for row in tables[sheet_id]:
            if _is_above(row[part], row[total]):
                yield Problem(
                    level,
                    known.name,
                    row.number,
                    known.column(part).name,
                    f"{row[part]} 大于{known.column(total).name} {row[total]}",
                    f"不大于 {row[total]}",
                )
    yield from _groups_above_all(tables["survey"])
    by_year: dict[Value, dict[str, Row]] = {}
    for row in tables["county_figures"]:
        if isinstance(row["value"], Decimal):
            by_year.setdefault(row["year"], {})[str(row["figure"])] = row
    for reported in by_year.values():
        for within in _COUNTY_FIGURES:
            yield from _above_whole(within, reported)


def _groups_above_all(rows: list[Row]) -> Iterator[Problem]:
    """A WARN where a group of those asked counts more than all of them."""
    known = sheet("survey")
    everybody = {row["year"]: row for row in rows if row["group"] == "all"}
    for row in rows:
        whole = everybody.get(row["year"])
        for column in ("issued", "valid", "satisfied") if whole and whole is not row else ():
            if whole and _is_above(row[column], whole[column]):
                group = name_of("survey_group", str(row["group"]))
                yield Problem(
                    "WARN",
                    known.name,
                    row.number,
                    known.column(column).name,
                    f"{group} {row[column]}，大于全部调查对象的 {whole[column]}（第 {whole.number} 行）",
                    f"不大于 {whole[column]}",
                    "请核对两行的数",
                )


def _above_whole(within: _Within, reported: dict[str, Row]) -> Iterator[Problem]:
    # The parts that are known together are never more than all of them, and who left only lowers the whole:
    # only the whole must be complete for the finding to be certain.
    parts = [reported[figure] for figure in within.parts if figure in reported]
    wholes = [reported[figure] for figure in within.wholes if figure in reported]
    left = [reported[figure] for figure in within.left if figure in reported]
    if not parts or len(wholes) < len(within.wholes):
        return
    found, most = _sum(parts), _sum(wholes) - _sum(left)
    if found <= most:
        return
    together = "合计" if len(parts) > 1 else ""
    whole = " + ".join(map(_name, wholes)) + "".join(f" − {_name(row)}" for row in left)
    known = sheet("county_figures")
    yield Problem(
        "WARN",
        known.name,
        max(parts, key=lambda row: _sum([row])).number,
        known.column("value").name,
        f"{'、'.join(map(_name, parts))}{together} {figure_text(found)}，大于 {figure_text(most)}（{whole}）",
        f"不大于 {figure_text(most)}",
        "请核对两边的数，属实的写明原因",
    )


def _sum(rows: list[Row]) -> Decimal:
    return sum((value for row in rows if isinstance(value := row["value"], Decimal)), Decimal(0))


def _name(row: Row) -> str:
    return name_of("figure", str(row["figure"]))


def _is_above(part: Value, total: Value) -> bool:
    return isinstance(part, int | Decimal) and isinstance(total, int | Decimal) and part > total
