"""A county figure that is part of another is never larger without being noticed."""

import pytest

from core.errors import Problem
from tests.support.small_county import SmallCounty, dataset


def warnings(**figures: int | None) -> list[Problem]:
    """What the check-up says of the county's figures, the other figures standing at their limits."""
    found = dataset(SmallCounty(figures=figures).tables).warnings
    return [w for w in found if w.sheet == "县级数据"]


IMPOSSIBLE = (
    ({"rotation_rotated": 1001}, "交流轮岗教师数 1001，大于 1000（符合交流条件教师数）"),
    ({"rotation_backbone": 101}, "交流轮岗骨干教师数 101，大于 100（交流轮岗教师数）"),
    ({"catchment_primary_in": 1001}, "城镇公办小学就近划片入学人数 1001，大于 1000"),
    ({"catchment_junior_in": 1001}, "城镇公办初中就近划片入学人数 1001，大于 1000"),
    ({"quota_places_allocated": 1001}, "优质高中分配名额 1001，大于 1000（优质高中招生计划）"),
    ({"migrant_children_served": 1001}, "随迁子女就读公办及政府购买服务人数 1001，大于 1000"),
    ({"disabled_inclusive": 450}, "特教学校就读人数、随班就读人数、送教上门人数合计 1050，大于 1000"),
    ({"recruits_planned": 5, "recruits_filled": 6}, "实际招聘教师数 6，大于 5（计划招聘教师数）"),
    ({"aid_entitled": 5, "aid_served": 6}, "已资助学生数 6，大于 5（应资助学生数）"),
    ({"fitness_tested": 5, "fitness_passed": 6}, "体质健康合格人数 6，大于 5（体质健康测试人数）"),
    ({"population": 50000, "rural_population": 50001}, "乡村人口 50001，大于 50000（常住人口）"),
    ({"education_budget_yuan": 5, "rural_education_budget_yuan": 6}, "农村义务教育投入 6，大于 5（教育经费预算）"),
)


@pytest.mark.parametrize(("figures", "says"), IMPOSSIBLE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_part_above_its_whole_is_named_with_both_figures(figures: dict[str, int], says: str) -> None:
    found = warnings(**figures)
    assert [w.level for w in found] == ["WARN"]
    assert says in found[0].found and found[0].row is not None and found[0].expected.startswith("不大于 ")


def test_graduates_may_exceed_those_who_entered_by_those_who_moved_in() -> None:
    # 1010 entered, 10 died: 1000 are left of them.
    assert not warnings(cohort_graduated=1000)
    assert not warnings(cohort_graduated=1030, cohort_transferred_in=50, cohort_transferred_out=20)
    found = warnings(cohort_graduated=1031, cohort_transferred_in=50, cohort_transferred_out=20)
    assert (
        "初中毕业人数 1031，大于 1030（三年前初一人数 + 三年转入人数 − 三年转出人数 − 三年死亡人数）" in found[0].found
    )


def test_an_unreported_figure_is_no_ground_for_a_finding() -> None:
    assert not warnings(cohort_graduated=5000, cohort_transferred_in=None)
    assert not warnings(rotation_backbone=900, rotation_rotated=None)
    assert warnings(disabled_inclusive=1001, disabled_special_school=None, disabled_home_taught=None)
