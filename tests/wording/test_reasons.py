"""The sentence under a verdict names what decided it, with figures that agree with the verdict."""

from typing import Any

import pytest

from core.method.assessment import Verdict
from core.wording.items import item_detail
from core.wording.verdicts import (
    BORDERLINE_SHAPE,
    SHAPES,
    WORDS,
    county_headline,
    county_summary,
    marked,
    row_name,
    row_reason,
    shortfall_sentence,
)
from tests.support.small_county import STANDARD, SmallCounty, judged, two_schools


def details(small: SmallCounty) -> dict[str, str]:
    """The sentence under every item of a county."""
    return {item.code: item_detail(item, STANDARD) for item in judged(small.tables).items}


def test_every_verdict_has_a_word_and_a_shape_of_its_own() -> None:
    assert set(WORDS) == set(SHAPES) == set(Verdict)
    assert len(set(WORDS.values())) == len(set(SHAPES.values())) == len(Verdict)
    assert BORDERLINE_SHAPE not in SHAPES.values()
    assert marked(Verdict.NOT_MET, borderline=True) == "▲ 未达标 ◆临界"


@pytest.mark.parametrize(
    ("figures", "code", "said"),
    [
        ({}, "G7", "8,000 元，标准 ≥ 8,000 元"),
        ({"special_education_funds_yuan": 799_999}, "G7", "7,999.99 元，标准 ≥ 8,000 元"),
        ({"special_education_funds_yuan": ""}, "G7", "数据未报"),
        ({"special_education_pupils": 0}, "G7", "分母为 0，无法计算"),
        ({"teacher_pay_yuan": 89_999}, "G8", "教师平均工资 89,999 元，公务员平均工资 90,000 元；已有符合的结论"),
        ({"rotation_rotated": 99}, "G11", "交流轮岗比例 9.9%（99/1,000），标准 ≥ 10%"),
        ({"rotation_backbone": 19}, "G11", "其中骨干教师比例 19.0%（19/100），标准 ≥ 20%"),
        ({"catchment_junior_in": 949}, "G13", "初中就近划片入学比例 94.9%（949/1,000），标准 ≥ 95%"),
        ({"migrant_children_served": 84_999, "migrant_children_eligible": 100_000}, "G15", "84.999%（84,999/100,000）"),
        ({"cohort_graduated": 949}, "Q1", "初中三年巩固率 94.9%（949/1,000），标准 ≥ 95%"),
        ({"disabled_school_age": ""}, "Q2", "残疾儿童少年入学率：数据未报"),
    ],
)
def test_an_item_says_its_figures(figures: dict[str, Any], code: str, said: str) -> None:
    assert said in details(two_schools(figures=figures))[code]


def test_an_item_names_the_judgement_that_is_missing_or_negative() -> None:
    small = two_schools()
    small.row("judgements", item="G1")["status"] = "not_met"
    small.row("judgements", item="G14")["status"] = ""
    small.row("judgements", item="veto_fraud")["status"] = "not_met"
    small.row("judgements", item="veto_safety")["status"] = ""
    said = details(small)
    assert said["G1"] == "结论为不符合"
    assert said["G14"].endswith("；尚无核查结论")
    assert said["veto_fraud"] == "存在此类情形"
    assert said["veto_safety"] == "尚无核查结论"
    assert said["veto_staffing"] == "未发现此类情形"
    assert said["precondition_monitoring"] == "已有符合的结论"


def test_an_item_counts_what_fails_and_what_is_unknown() -> None:
    small = two_schools()
    small.school("big", "primary", {"primary": 2001})
    small.school("crowded", "junior", {"junior": 112}, classes={"junior": [56, 56]})
    small.school("silent", "primary", {"primary": 500}, operating_funds_yuan=None)
    said = details(small)
    assert said["G4"] == "共 5 所学校，1 所学校不符合"
    assert said["G5"] == "共 5 所学校，2 个班不符合"
    assert said["Q4"] == "共 5 所学校，0 所学校不符合，1 所缺数据"
    assert said["G6"] == "没有不足百人的学校"
    assert said["Q9"] == "共 2 科次，0 个科目不符合"


def test_no_sentence_of_a_county_without_figures_speaks_of_compliance() -> None:
    tables = SmallCounty().tables
    tables["schools"] = [row for row in two_schools().tables["schools"]]
    for sheet in ("county_figures", "judgements", "survey", "monitoring"):
        tables[sheet] = []
    tables["enrolment"] = [row | {"pupils": ""} for row in two_schools().tables["enrolment"]]
    assessment = judged(tables)
    assert assessment.verdict is Verdict.NOT_ASSESSABLE
    for item in assessment.items:
        detail = item_detail(item, STANDARD)
        if item.verdict is Verdict.NOT_ASSESSABLE:
            assert any(word in detail for word in ("未报", "尚无", "缺数据", "没有可判定")), detail
    assert county_headline(assessment, "德化县", STANDARD) == "德化县尚不能判定是否达到国家优质均衡标准"


def test_a_reason_names_every_indicator_that_is_missed_or_missing() -> None:
    small = SmallCounty()
    small.school("S", "primary", {"primary": 1000}, {"L1": 35, "L4": 4400, "L6": ""}, name="演示小学")
    [row] = judged(small.tables).rows
    assert row_reason(row, STANDARD) == (
        "4/7 项达标，需 ≥ 6 项；"
        "每百名学生拥有高于规定学历教师数 3.50 名，低于 85% 底线 3.57 名；"
        "生均教学及辅助用房面积 4.40 ㎡，低于标准 4.50 ㎡；"
        "生均教学仪器设备值未报"
    )


def test_the_smallest_lack_of_the_largest_school_is_printed_below_the_limit() -> None:
    small = SmallCounty()
    small.school("S", "primary", {"primary": 20_000}, {"L6": "39999999.9999", "L5": 149_000})
    [row] = judged(small.tables).rows
    reason = row_reason(row, STANDARD)
    assert reason is not None
    assert "1,999.999999995 元，低于标准 2,000.00 元" in reason


def test_the_stage_is_said_where_a_school_has_several() -> None:
    small = SmallCounty()
    small.school("nine", "nine_year", {"primary": 900, "junior": 1000}, name="演示学校")
    small.school("one", "primary", {"primary": 900}, name="演示小学")
    assert [row_name(row) for row in judged(small.tables).rows] == ["演示学校·小学", "演示学校·初中", "演示小学"]


def test_how_far_the_county_is_from_its_verdict_counts_what_fails_and_what_is_unknown() -> None:
    def said(county: SmallCounty) -> str:
        return shortfall_sentence(judged(county.tables))

    assert said(two_schools()) == "各项均已达标。"
    struck = two_schools()
    struck.row("judgements", item="veto_fraud")["status"] = "not_met"
    assert said(struck) == "还差 1 项否决情形。"
    struck.tables["judgements"].remove(struck.row("judgements", item="Q3"))
    assert said(struck) == "还差 1 项否决情形；另有 1 处数据不全，报齐前不能判定。"
    unknown = two_schools()
    unknown.tables["judgements"].remove(unknown.row("judgements", item="Q3"))
    assert said(unknown) == "1 处数据不全，报齐前不能判定。"


def test_the_summary_says_every_part_and_the_veto_that_strikes() -> None:
    met = judged(two_schools().tables)
    assert county_headline(met, "德化县", STANDARD) == "德化县达到国家优质均衡标准"
    summary = county_summary(met)
    for part in ("参评 2 所学校（按学段分列）", "2/2 所达标", "14/14 项达标", "政府保障 14/14 项达标", "教育质量 9/9 项达标",
                 "社会认可度达标", "未发现否决情形"):  # fmt: skip
        assert part in summary
    struck = two_schools()
    struck.row("judgements", item="veto_fraud")["status"] = "not_met"
    assessment = judged(struck.tables)
    assert assessment.verdict is Verdict.NOT_MET
    assert "触发否决情形 1 项" in county_summary(assessment)
    assert county_headline(assessment, "德化县", STANDARD) == "德化县尚未达到国家优质均衡标准"
