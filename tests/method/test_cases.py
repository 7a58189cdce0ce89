"""The readable examples in tests/cases/schools: a school with these figures has this verdict, for these reasons.

All of them stand in one county as schools of their own, so that no example leans on another.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from core.method.assessment import Assessment
from core.wording.verdicts import row_reason
from tests.support.small_county import STANDARD, SmallCounty, judged

FOLDER = Path(__file__).parents[1] / "cases" / "schools"
CASES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    county = SmallCounty()
    for school_id, case in CASES.items():
        pupils = {stage: count if isinstance(count, int) else None for stage, count in case["pupils"].items()}
        classes = {stage: [] for stage, count in pupils.items() if count is None}
        county.school(school_id, case["kind"], pupils, case["holds"], classes=classes)
    return judged(county.tables)


@pytest.mark.parametrize(
    ("school_id", "expected"),
    [(school_id, row) for school_id, case in CASES.items() for row in case["rows"]],
    ids=[f"{school_id}-{row['stage']}" for school_id, case in CASES.items() for row in case["rows"]],
)
def test_the_school_has_the_verdict_and_the_reason_of_its_case(
    assessment: Assessment, school_id: str, expected: dict[str, Any]
) -> None:
    row = assessment.row(school_id, expected["stage"])
    assert row is not None
    assert (row.verdict.value, row.met_count) == (expected["verdict"], expected["met_count"])
    reason = row_reason(row, STANDARD)
    if expected["verdict"] == "met":
        assert reason is None
    else:
        assert expected["reason"], "a case that does not pass names its reason"
        assert [part for part in expected["reason"] if part not in (reason or "")] == []


def test_every_row_of_every_case_is_expected(assessment: Assessment) -> None:
    listed = {(school_id, row["stage"]) for school_id, case in CASES.items() for row in case["rows"]}
    assert listed == {row.key for row in assessment.rows}
    assert len(CASES) >= 15
