"""A county's own survey: files add up, are taken out with a reason, and never decide the item."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.errors import NotPermitted, RequestInvalid
from core.reports.survey_tables import self_survey_by_group, self_survey_by_school
from core.rules.standard import Standard
from core.self_survey.answer_sheets import SurveyCount
from core.self_survey.self_surveys import (
    SelfSurveyDraft,
    Tally,
    keep_self_survey,
    self_surveys,
    withdraw_self_survey,
)
from core.store.database import Store
from core.wording.self_survey import missing_groups_text, self_survey_sentence, silent_schools_text

COUNTY, NOW = "350526", datetime(2023, 11, 30, 9)
LIMIT = Decimal("0.85")
PARENTS = SelfSurveyDraft(
    year=2023,
    day=date(2023, 11, 1),
    title="秋季自测",
    source_name="家长.xlsx",
    sha256="1",
    counts=(SurveyCount("parents", "A", 100, 90, 76), SurveyCount("parents", "B", 50, 50, 48)),
)
TEACHERS = replace(
    PARENTS,
    day=date(2023, 11, 20),
    source_name="教师.xlsx",
    sha256="2",
    counts=(SurveyCount("teachers", "A", 10, 10, 10),),
)


@pytest.fixture
def store(standard: Standard) -> Store:
    """An empty store."""
    return Store.open(None, standard)


def keep(store: Store, *drafts: SelfSurveyDraft) -> list[int]:
    return [keep_self_survey(store, COUNTY, draft, LOCAL_ADMINISTRATOR, NOW).number for draft in drafts]


def test_files_of_one_title_are_one_survey_by_group_and_school(store: Store) -> None:
    keep(store, PARENTS, TEACHERS)
    [survey] = self_surveys(store, COUNTY, 2023, date(2023, 11, 30))
    assert survey.total == Tally(160, 150, 134)
    assert survey.by_group() == {"parents": Tally(150, 140, 124), "teachers": Tally(10, 10, 10)}
    assert list(survey.by_school()) == ["A", "B"], "86 of 100 are less than 48 of 50"
    assert survey.day == date(2023, 11, 20)
    assert self_survey_sentence(survey, LIMIT) == (
        "县级自测（秋季自测，截至 2023-11-20）：收回问卷 160 份，有效 150 份，满意率 89.3%，不低于认定要求的 85%。"
        "县级自测只供工作参考，社会认可度以上级组织的满意度调查为准。"
    )
    assert missing_groups_text(survey) == "没有问卷的对象：学生、校长、人大代表、政协委员、其他群众。"
    assert silent_schools_text(survey, [("A", "甲校"), ("C", "丙校")]) == "没有问卷的学校 1 所：丙校。"
    assert self_survey_by_group(survey).rows[0][:4] == ("合计", 160, 150, 134)
    assert [row[0] for row in self_survey_by_school(survey, {"A": "甲校", "B": "乙校"}, LIMIT).rows] == ["甲校", "乙校"]


@pytest.mark.parametrize(
    ("satisfied", "words"), [(8499, "84.99%，低于"), (8500, "85.0%，不低于"), (8501, "85.0%，不低于")]
)
def test_the_share_never_contradicts_its_standing(store: Store, satisfied: int, words: str) -> None:
    keep(store, replace(PARENTS, counts=(SurveyCount("parents", None, 10_000, 10_000, satisfied),)))
    [survey] = self_surveys(store, COUNTY, 2023, date(2023, 11, 30))
    assert words in self_survey_sentence(survey, LIMIT)


def test_a_survey_counts_from_its_day_and_the_latest_comes_first(store: Store) -> None:
    keep(store, PARENTS, replace(TEACHERS, title="冬季自测"))
    assert [s.title for s in self_surveys(store, COUNTY, 2023, date(2023, 11, 19))] == ["秋季自测"]
    assert [s.title for s in self_surveys(store, COUNTY, 2023, date(2023, 11, 20))] == ["冬季自测", "秋季自测"]
    assert self_surveys(store, COUNTY, 2022, date(2023, 11, 30)) == ()


def test_a_file_is_taken_out_with_a_reason_and_can_come_in_again(store: Store) -> None:
    first, second = keep(store, PARENTS, TEACHERS)
    with pytest.raises(RequestInvalid, match="已计入"):
        keep(store, PARENTS)
    with pytest.raises(RequestInvalid, match="理由"):
        withdraw_self_survey(store, COUNTY, first, " ", LOCAL_ADMINISTRATOR, NOW)
    withdraw_self_survey(store, COUNTY, first, "重复导出", LOCAL_ADMINISTRATOR, NOW)
    [survey] = self_surveys(store, COUNTY, 2023, date(2023, 11, 30))
    assert [file.number for file in survey.files] == [second]
    with pytest.raises(RequestInvalid, match="已经撤回"):
        withdraw_self_survey(store, COUNTY, first, "再次", LOCAL_ADMINISTRATOR, NOW)
    keep(store, PARENTS)
    assert len(self_surveys(store, COUNTY, 2023, date(2023, 11, 30))[0].files) == 2


def test_readers_names_and_days_are_guarded_where_it_is_written(store: Store) -> None:
    with pytest.raises(NotPermitted):
        keep_self_survey(store, COUNTY, PARENTS, READER, NOW)
    for wrong, says in ((replace(PARENTS, title=" "), "起名"), (replace(PARENTS, day=date(2024, 1, 1)), "晚于今天")):
        with pytest.raises(RequestInvalid, match=says):
            keep(store, wrong)
    [number] = keep(store, PARENTS)
    with pytest.raises(NotPermitted):
        withdraw_self_survey(store, COUNTY, number, "理由", READER, NOW)
