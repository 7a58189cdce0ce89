"""The step that is named under an item is the least that makes the item pass, and names school and task."""

from __future__ import annotations

import re

import pytest

from core.method.assessment import Verdict
from core.wording.item_remedies import item_remedy
from tests.support.demo_county import PLAN
from tests.support.small_county import STANDARD, SmallCounty, judged, two_schools


def step(county: SmallCounty, code: str) -> str:
    """The next step under one item of a county."""
    assessment = judged(county.tables)
    return item_remedy(assessment, assessment.item(code), STANDARD, PLAN)


@pytest.mark.parametrize(
    ("code", "figure", "held"),
    [
        ("G7", "special_education_funds_yuan", 799_000),
        ("G8", "teacher_pay_yuan", 89_000),
        ("G11", "rotation_rotated", 90),
        ("G11", "rotation_backbone", 12),
        ("G13", "catchment_primary_in", 980),
        ("G13", "catchment_junior_in", 900),
        ("G14", "quota_places_allocated", 444),
        ("G15", "migrant_children_served", 800),
        ("Q1", "cohort_graduated", 900),
        ("Q2", "disabled_inclusive", 333),
    ],
)
def test_the_step_is_the_least_that_makes_the_item_pass(code: str, figure: str, held: int) -> None:
    said = step(two_schools(figures={figure: held}), code)
    found = re.search(r"由 ([\d,]+) .增加到 ([\d,]+) ", said)
    assert found is not None, said
    more = int(found[2].replace(",", "")) - int(found[1].replace(",", ""))
    verdicts = [judged(two_schools(figures={figure: held + n}).tables).item(code).verdict for n in (more, more - 1)]
    assert verdicts == [Verdict.MET, Verdict.NOT_MET]


def test_the_step_names_the_school_and_the_task() -> None:
    small = two_schools()
    small.school("big", "primary", {"primary": 2001})
    small.school("crowded", "junior", {"junior": 112}, classes={"junior": [56, 56]})
    small.school("poor", "primary", {"primary": 500}, training_budget_yuan=1)
    small.school("plain", "primary", {"primary": 600}, rooms={"music": [96], "art": [96, 96]})
    assert step(small, "G4") == "big学校在校生由 2,001 人减到 2,000 人以内（任务 T04-14 教育局牵头）"
    assert "crowded学校2 个班超过限值，最大班额由 56 人降到 50 人以内" in step(small, "G5")
    assert step(small, "G3") == "plain学校合格音乐教室由 1 间增加到 2 间"
    assert re.fullmatch(r"poor学校教师培训经费由 1 元增加到 [\d,]+ 元（任务 T09-6 教育局牵头）", step(small, "Q4"))


def test_what_is_not_known_is_to_be_reported() -> None:
    small = two_schools(figures={"disabled_school_age": ""})
    small.tables["judgements"].remove(small.row("judgements", item="G1"))
    small.row("judgements", item="veto_fraud")["status"] = "not_met"
    small.school("silent", "primary", {"primary": 500}, operating_funds_yuan=None)
    assert step(small, "Q2").startswith("补报残疾儿童少年入学率的数据（任务")
    assert step(small, "G1").startswith("组织核查，补报核查结论和佐证文件（任务")
    assert step(small, "Q4").startswith("补报silent学校的公用经费和教师培训经费")
    assert step(small, "veto_fraud") == "消除该情形并重新核查"


def test_no_item_is_left_without_a_step() -> None:
    nothing = two_schools()
    for sheet in ("county_figures", "judgements", "survey", "monitoring", "special_rooms"):
        nothing.tables[sheet].clear()
    assessment = judged(nothing.tables)
    for result in assessment.items:
        if result.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE):
            said = item_remedy(assessment, result, STANDARD, PLAN)
            assert said.startswith(("补报", "组织核查")), f"{result.code}: {said}"
