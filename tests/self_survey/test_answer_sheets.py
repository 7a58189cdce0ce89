"""A survey export is counted by what people answered, and nothing is counted that nobody explained."""

from collections.abc import Sequence

import pytest

from core.errors import RequestInvalid
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_uploads
from core.self_survey.answer_sheets import (
    Reading,
    SchoolName,
    SurveyCount,
    counted,
    faults,
    guessed_reading,
    with_texts,
)

SCHOOLS = [SchoolName("A", "浔中中心小学", "浔中镇"), SchoolName("B", "第三中学", "龙浔镇")]


def export(*rows: Sequence[object]) -> Source:
    """A CSV file as a survey system writes one."""
    return open_uploads([("答卷.csv", "\n".join(",".join(map(str, row)) for row in rows).encode())])


ANSWERS = export(
    (
        "序号",
        "提交答卷时间",
        "来自IP",
        "1、您的身份是",
        "2、孩子所在学校",
        "3、您对课程是否满意",
        "4、您对学校总体是否满意",
    ),
    (1, "2023/11/1 8:00", "10.0.0.1", "A. 家长", "浔中中心小学", "不满意", "A. 非常满意"),
    (2, "2023/11/1 8:01", "10.0.0.2", "A. 家长", "浔中镇浔中中心小学", "满意", "B. 基本满意"),
    (3, "2023/11/1 8:02", "10.0.0.3", "A. 家长", "第三中学", "满意", "C. 一般"),
    (4, "2023/11/1 8:03", "10.0.0.4", "A. 家长", "第三中学", "满意", "(空)"),
    (5, "2023/11/1 8:04", "10.0.0.5", "B. 人大代表", "", "满意", "A. 非常满意"),
)


def test_one_answered_questionnaire_a_row_is_counted_by_group_and_school() -> None:
    reading = guessed_reading(ANSWERS, SCHOOLS)
    assert reading.answer_title == "4、您对学校总体是否满意", "the question about the whole decides"
    assert faults(ANSWERS, reading) == []
    assert counted(ANSWERS, reading) == (
        SurveyCount("parents", "A", 2, 2, 2),
        # 一般 is no satisfaction, and an empty answer no valid questionnaire.
        SurveyCount("parents", "B", 2, 1, 0),
        SurveyCount("delegates", None, 1, 1, 1),
    )


def test_a_list_of_counts_is_added_up_without_its_totals() -> None:
    source = export(
        ("学校", "问卷总数", "有效问卷", "满意问卷", "满意率"),
        ("浔中中心小学", 120, 118, 110, 0.93),
        ("第三中学", 80, 80, 61, 0.76),
        ("合计", 200, 198, 171, 0.86),
    )
    reading = guessed_reading(source, SCHOOLS)
    assert faults(source, reading) == ["请选择这份文件是哪类对象的问卷，或哪一列写明对象。"]
    said = Reading(**{**vars(reading), "group": "students"})
    assert counted(source, said) == (
        SurveyCount("students", "A", 120, 118, 110),
        SurveyCount("students", "B", 80, 80, 61),
    )


def test_what_nobody_explained_is_asked_and_not_counted() -> None:
    source = export(
        ("序号", "身份", "学校", "总体满意度"),
        (1, "家长", "浔中小学", "满意"),
        (2, "保安", "第三中学", 5),
    )
    reading = guessed_reading(source, SCHOOLS)
    assert faults(source, reading) == [
        "“总体满意度”一列还有 1 种回答没有对应：5。",
        "“身份”一列还有 1 种对象没有对应：保安。",
        "“学校”一列还有 1 种学校没有对应：浔中小学。",
    ]
    with pytest.raises(RequestInvalid, match="还有 1 种回答没有对应"):
        counted(source, reading)
    said = Reading(
        **{
            **vars(reading),
            "answers": {**reading.answers, "5": "satisfied"},
            "groups": {**reading.groups, "保安": "others"},
            "schools": {**reading.schools, "浔中小学": "A"},
        }
    )
    assert [count.survey_group for count in counted(source, with_texts(source, said, SCHOOLS))] == ["parents", "others"]


def test_two_schools_of_one_name_are_asked_for() -> None:
    twins = [SchoolName("A", "中心小学", "浔中镇"), SchoolName("B", "中心小学", "龙浔镇")]
    source = export(
        ("身份", "学校", "总体满意度", "题数"), ("家长", "中心小学", "满意", 1), ("家长", "浔中镇中心小学", "满意", 1)
    )
    assert faults(source, guessed_reading(source, twins)) == ["“学校”一列还有 1 种学校没有对应：中心小学。"]


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ((10, 12, 9), "应为满意 ≤ 有效 ≤ 总数"),
        ((10, 9, 10), "应为满意 ≤ 有效 ≤ 总数"),
        ((10, 9, ""), "“满意问卷”：“（空）”"),
        ((10, 9, "八"), "“满意问卷”"),
        ((10, 9, -1), "“满意问卷”"),
    ],
)
def test_counts_that_cannot_be_are_refused_with_their_row(counts: tuple[object, ...], says: str) -> None:
    source = export(("学校", "问卷总数", "有效问卷", "满意问卷"), ("第三中学", 80, 80, 61), ("浔中中心小学", *counts))
    reading = Reading(**{**vars(guessed_reading(source, SCHOOLS)), "group": "parents"})
    with pytest.raises(RequestInvalid, match="第 2 行") as refusal:
        counted(source, reading)
    assert says in str(refusal.value)


def test_a_column_of_remarks_is_no_column_of_schools() -> None:
    rows = [("家长", f"意见 {n}", "满意", n) for n in range(700)]
    source = export(("身份", "学校", "总体满意度", "序号"), *rows)
    assert "有 700 种不同的文字，不像学校" in faults(source, guessed_reading(source, SCHOOLS))[0]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(RequestInvalid, match="没有答卷"):
        guessed_reading(export(("身份", "学校", "总体满意度")), SCHOOLS)
