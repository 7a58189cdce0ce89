"""The demonstration county's history is invented, says so, repeats to the byte and agrees with its figures."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.batches.register import batches
from core.delivery.history import load_history
from core.delivery.ledger.issue_subjects import finding
from core.delivery.owed.month import not_reported
from core.delivery.owed.units import project_standing
from core.delivery.projects import blank_slots
from core.delivery.records.records import TABLES, reported_in_month
from core.delivery.status.status import sub_item_statuses
from core.delivery.status.sub_item_status import Divergence
from core.errors import NotPermitted, RequestInvalid
from core.method.assessment import Verdict
from core.reports.assess_json import assess_object
from core.store.county_files import SHIPPED
from core.store.database import Store
from demo.delivery import make_history, write_history
from demo.metrics import County
from tests.support.demo_county import COUNTY, DEHUA, DEMO_COUNTY, LOADED_AT, PLAN, STANDARD, Demo

COUNTY_PLAN = SHIPPED / "350526" / "plan.toml"
RECORDS = DEMO_COUNTY / "records"
OPENED = date(2023, 11, 30)
SEED = 34


def lines(name: str) -> list[dict[str, str]]:
    with (RECORDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_are_what_the_generator_writes(demo: Demo, tmp_path: Path) -> None:
    assessed = {year: assess_object(judged, STANDARD) for year, judged in demo.assessments.items()}
    county = County(DEMO_COUNTY, assessed)
    plan = tomllib.loads(COUNTY_PLAN.read_text("utf-8"))
    write_history(make_history(county, plan, SEED), tmp_path)
    for path in sorted(RECORDS.glob("*.csv")):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_every_row_is_loaded_in_the_order_of_the_files(demo: Demo) -> None:
    files = {"sub_item_updates": "updates", "evidence_documents": "evidence", "ledger_issues": "issues",
             "ledger_steps": "steps", "evidence_reviews": "reviews", "responsible_persons": "persons",
             "plan_amendments": "amendments", "county_stages": "stages", "project_funds": "funds",
             "register_entries": "registers", "attendance_cases": "cases", "attendance_checks": "case_checks",
             "attendance_months": "school_months"}  # fmt: skip
    nothing = {"attachments", "evaluations", "evaluation_stages", "site_checks", "site_signatures", "site_acceptances"}
    total = 0
    for table in (t for t in TABLES if t not in nothing):
        name = files.get(table, table)
        days = [day for (day,) in demo.store.rows(f"select cast(day as varchar) from {table} order by number")]
        assert days == [line["day"] for line in lines(name)], table
        total += len(days)
    assert total == demo.loaded > 10_000


def test_persons_are_invented_and_nothing_happens_after_the_day_the_county_opens(demo: Demo) -> None:
    for path in RECORDS.glob("*.csv"):
        for line in lines(path.stem):
            assert line["actor"].startswith("演示") and line["day"] <= str(OPENED)
            assert line.get("person", "").startswith("演示") or not line.get("person")
    assert {b.is_demo for b in batches(demo.store)} == {True}


def test_every_issue_closed_by_the_figures_met_them_that_day(demo: Demo) -> None:
    situation = demo.on(OPENED)
    closings = [(issue, step) for issue in situation.issues for step in issue.steps if step.step_id == "closed"]
    by_figures = [(issue, step) for issue, step in closings if not step.without_metric]
    assert len(by_figures) > 50 and len(closings) > len(by_figures)
    for issue, step in by_figures:
        found = finding(issue.subject, situation.facts, situation.facts.year_at(step.day))
        assert found.verdict is Verdict.MET, (issue.title, step.day)


def test_an_issue_was_re_opened_by_later_figures(demo: Demo) -> None:
    states = demo.on(date(2020, 9, 15)).issue_states.values()
    assert [state.reopened_on for state in states if state.reopened_on] == [date(2020, 9, 1)]
    [twice] = [issue for issue in demo.on(OPENED).issues if issue.subject == "item:Q9"]
    assert len(twice.round) < len(twice.steps)


def test_the_ledger_shows_every_stage_and_some_delay(demo: Demo) -> None:
    states = demo.on(OPENED).issue_states.values()
    counted = Counter(state.step_id for state in states)
    assert counted["closed"] > counted["correcting"] > 0 and counted["evidence"] > 0
    assert any(state.is_open and state.standing.days_late for state in states)


def test_statuses_differ_as_in_a_real_county(demo: Demo) -> None:
    statuses = sub_item_statuses(demo.on(OPENED))
    levels = Counter(status.standing.level for status in statuses.values())
    assert levels["done"] > levels["red"] > 5 and levels["unknown"] and levels["on_course"]
    assert levels["not_reached"] and levels["claimed"]
    found = {status.divergence for status in statuses.values() if status.divergence}
    assert {Divergence.REPORTED_BETTER, Divergence.REPORTED_WORSE, Divergence.DONE_BUT_METRIC_FAILS} <= found
    assert sum(status.diverging for status in statuses.values()) < len(statuses) / 10


def test_some_units_have_not_reported_this_month(demo: Demo) -> None:
    situation = demo.on(OPENED)
    missing = not_reported(situation, reported_in_month(demo.store, COUNTY, OPENED, OPENED))
    assert [(m.unit_id, m.missing) for m in missing] == [("education", ("T19-3", "T03-5", "T06-8"))]


def test_projects_include_the_new_campus_a_late_one_and_blank_slots(demo: Demo) -> None:
    situation = demo.on(OPENED)
    projects = {project.project_id: project for project in situation.projects}
    assert 10 <= len(projects) <= 14
    campus = next(p for p in projects.values() if p.school_id == "350526-0029")
    school = next(s for s in situation.facts.schools[2021] if s.school_id == campus.school_id)
    assert campus.actual_completion is not None and campus.actual_completion.year == 2021 and school.pupils
    late = [p for p in projects.values() if project_standing(situation, p).level == "red"]
    assert [p.project_id for p in late] == ["P04"]
    assert sum(bool(blank_slots(PLAN, p)) for p in projects.values()) >= 3


def test_loading_twice_or_without_permission_is_refused(demo: Demo) -> None:
    with pytest.raises(RequestInvalid, match="没有重复导入"):
        load_history(demo.store, DEHUA, RECORDS, LOCAL_ADMINISTRATOR, LOADED_AT)
    with pytest.raises(NotPermitted):
        load_history(demo.store, DEHUA, RECORDS, READER, LOADED_AT)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "updates",
            "day,actor,sub_item_id,unit_id,status\n2023-01-20,演示甲,T01-1,finance,late\n",
            "第 2 行.*恢复正常",
        ),
        ("updates", "day,actor,sub_item_id,unit_id,status\n2023-13-20,演示甲,T01-1,finance,late\n", "不能读取"),
        ("updates", "day,actor,sub_item_id,unit_id,status\n2023-01-20,,T01-1,finance,done\n", "没有经办人"),
        ("updates", "day,sub_item_id\n2023-01-20,T01-1\n", "缺少列：actor"),
        ("steps", "day,actor,issue,step_id\n2023-01-20,演示甲,D1,assigned\n", "没有问题“D1”"),
        ("projects", "day,actor,project,progress\n2023-01-20,演示甲,新校区,200\n", "0 至 100"),
    ],
)
def test_a_faulty_history_is_refused_whole_with_file_and_row(
    tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    good = "day,actor,sub_item_id,lead_unit_id,due\n2023-01-20,演示甲,T01-1,finance,2023-12-31\n"
    (tmp_path / "confirmations.csv").write_text(good, "utf-8")
    (tmp_path / f"{name}.csv").write_text(content, "utf-8")
    store = Store.open(None, STANDARD)
    try:
        with pytest.raises(RequestInvalid, match=sentence):
            load_history(store, DEHUA, tmp_path, LOCAL_ADMINISTRATOR, LOADED_AT)
        assert [store.rows(f"select count(*) from {table}")[0][0] for table in TABLES] == [0] * len(TABLES)
        assert load_history(store, DEHUA, tmp_path / "none", LOCAL_ADMINISTRATOR, LOADED_AT) == 0
    finally:
        store.close()
