"""The readable examples in tests/cases/status: on these dates, figures, documents and reports, this is the status."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.owed.units import project_standing
from core.delivery.projects import Project
from core.delivery.records.records import Confirmation, EvidenceDocument, EvidenceReview, Records, SubItemUpdate
from core.delivery.status.record_metrics import Recorded, recorded
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_status
from core.method.assessment import Assessment, Verdict
from core.rules.plan import SubItem
from core.rules.plan_metrics import ProjectsDoneMetric, RatioMetric
from core.rules.responsibility import Responsibility
from core.wording.delivery import level_label
from tests.support.demo_county import COUNTY, DEHUA, PLAN, STANDARD

FOLDER = Path(__file__).parents[2] / "cases" / "status"
CASES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
UNIT, SUB_ITEM, PLANNED = "human_resources", "T07-2", 100
WRITTEN = {"county_code": COUNTY, "actor": "演示甲", "verified": False, "recorded_at": datetime(2024, 1, 2)}


def facts(filled: dict[str, Any]) -> FactsByYear:
    """A county of which only the recruits planned and filled are known; empty is not reported."""
    figures = {
        int(year): {"recruits_planned": Decimal(PLANNED)} | ({} if count == "" else {"recruits_filled": Decimal(count)})
        for year, count in filled.items()
    }
    judged = {
        year: Assessment(COUNTY, year, "", {}, Verdict.NOT_ASSESSABLE, (), (), (), (), (), ()) for year in figures
    }
    return FactsByYear(COUNTY, judged, figures, {}, {}, {}, {}, {})


def sub_item(case: dict[str, Any]) -> SubItem:
    metric = RatioMetric("ratio", "recruits_filled", "recruits_planned", ">=", Decimal(1))
    return SubItem(
        SUB_ITEM, "三(三)1", "示例具体措施", Responsibility(UNIT, "clause"), (), case["start"], case["due"],
        case.get("recurring"), "材料", metric if case.get("metric") else None, tuple(case.get("evidence", ())),
    )  # fmt: skip


def records(case: dict[str, Any]) -> Records:
    as_of: date = case["as_of"]
    updates = [
        SubItemUpdate(number=n, sub_item_id=SUB_ITEM, unit_id=UNIT, **WRITTEN, **update)
        for n, update in enumerate(case.get("updates", ()), 1)
        if update["day"] <= as_of
    ]
    documents = [f for f in case.get("filed", ()) if f["day"] <= as_of]
    filed = [
        EvidenceDocument(
            number=n, subject=SUB_ITEM, holder_unit_id=UNIT, state="filed", year=f["day"].year,
            title=f["title"], day=f["day"], month=f.get("month"), document_number=f.get("number", "演示 1 号"),
            document_date=f["day"], **WRITTEN,
        )
        for n, f in enumerate(documents, 1)
    ]  # fmt: skip
    # By default a second person, logged in, has confirmed what is filed.
    reviews = {
        n: EvidenceReview(number=100 + n, evidence_number=n, confirmed=f.get("reviewed") != "returned", day=f["day"], note="核对原件",
                          **{**WRITTEN, "verified": f.get("reviewed", "verified") in ("verified", "returned")})
        for n, f in enumerate(documents, 1)
        if f.get("reviewed", "verified") != "not"
    }  # fmt: skip
    confirmed = [c for c in case.get("confirmed", ()) if c["day"] <= as_of]
    return Records(
        county_code=COUNTY,
        as_of=as_of,
        updates={update.key: update for update in updates},
        confirmations={
            SUB_ITEM: tuple(
                Confirmation(number=9, sub_item_id=SUB_ITEM, lead_unit_id=UNIT, **WRITTEN, **each) for each in confirmed
            )
        }
        if confirmed
        else {},
        decisions=(),
        evidence=tuple(filed),
        reviews=reviews,
    )


def on(case: dict[str, Any]) -> Situation:
    """The case's one sub-item as the whole plan."""
    tasks = PLAN.tasks
    if "project" not in case:
        tasks = (replace(PLAN.tasks[6], sub_items=(sub_item(case),)),)
    return Situation(
        replace(DEHUA, plan=replace(PLAN, tasks=tasks)),
        STANDARD,
        facts(case.get("filled", {})),
        records(case),
        (),
        (),
        case["as_of"],
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_status_is_that_of_the_case(case: dict[str, Any]) -> None:
    situation, expected = on(case), case["expected"]
    if "project" in case:
        project = Project(number=1, project_id="P1", **WRITTEN, **case["project"])
        standing = project_standing(situation, project)
    else:
        status = sub_item_status(situation, SUB_ITEM)
        standing = status.standing
        assert (status.divergence.value if status.divergence else None) == expected.get("divergence")
        assert status.diverging is ("divergence" in expected)
        assert status.basis.value == expected.get("basis", "metric" if case.get("metric") else status.basis.value)
        assert [str(m.due) for m in status.obligation.missed] == expected.get("missed", [])
        if "evidence_filed" in expected:
            assert (status.evidence_filed, status.evidence_required) == (
                expected["evidence_filed"],
                len(case["evidence"]),
            )
    assert (standing.level, standing.reason.value, standing.days_late) == (
        expected["level"],
        expected["reason"],
        expected["days_late"],
    )
    assert level_label(standing, situation.plan) == expected["label"]


def test_the_cases_cover_what_the_page_must_tell_apart() -> None:
    reasons = {case["expected"]["reason"] for case in CASES.values()}
    assert reasons == {
        "done_in_time", "done_late", "repaired_this_month", "overdue", "forecast_after_due", "under_way",
        "not_yet_begun", "no_due_date", "no_facts", "metric_undecided", "decided_short", "reported_only",
        "to_be_confirmed",
    }  # fmt: skip
    levels = {case["expected"]["level"] for case in CASES.values()}
    assert {level.level_id for level in PLAN.warnings.levels} <= levels


def test_thresholds_come_from_the_plan() -> None:
    case = CASES["late_eight_days"]
    situation = on(case)
    warnings = situation.plan.warnings
    wider = tuple(
        replace(level, days_late_to=9) if n == 0 else replace(level, days_late_from=10) if n == 1 else level
        for n, level in enumerate(warnings.levels)
    )
    moved = replace(
        situation,
        county=replace(situation.county, plan=replace(situation.plan, warnings=replace(warnings, levels=wider))),
        statuses={},
    )
    assert sub_item_status(situation, SUB_ITEM).standing.level == "orange"
    assert sub_item_status(moved, SUB_ITEM).standing.level == "yellow"


def test_a_project_that_is_put_off_stays_one_that_was_to_be_there() -> None:
    late = Project(number=1, project_id="P1", day=date(2021, 1, 5), planned_completion=date(2024, 9, 1), **WRITTEN)
    held = Recorded(PLAN, date(2021, 1, 5), (late,), {"P1": date(2020, 9, 1)}, (), ())
    metric = ProjectsDoneMetric(date(2020, 12, 31))
    assert recorded(metric, held).verdict is Verdict.NOT_MET
    undated = replace(held, projects=(replace(late, planned_completion=None),))
    assert recorded(metric, undated).verdict is Verdict.NOT_MET
    assert recorded(metric, replace(held, first_planned={})).verdict is Verdict.NOT_ASSESSABLE
