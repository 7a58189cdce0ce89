"""表Ⅵ and the county's own survey beside it, by group and by school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.dataset.dictionary import name_of
from core.reports.tables import SHARE, WHOLE, ReportColumn, ReportTable
from core.self_survey.self_surveys import SelfSurvey, all_of
from core.wording.self_survey import FOR_REFERENCE, SELF_SURVEY, group_name, groups_text

_COUNTS = {
    "issued": "发放问卷",
    "valid": "有效问卷",
    "satisfied": "满意问卷",
    "visited": "走访",
    "visited_satisfied": "走访满意",
}


def survey_table(rows: Sequence[Mapping[str, Any]]) -> ReportTable:
    """The counts of the survey that decides, one row a group, as 表Ⅵ lists them."""
    units = ("份", "份", "份", "人", "人")
    return ReportTable(
        "满意度调查",
        (
            ReportColumn("对象"),
            *(ReportColumn(name, unit, WHOLE) for name, unit in zip(_COUNTS.values(), units, strict=True)),
        ),
        tuple((name_of("survey_group", row["survey_group"]), *(row[c] for c in _COUNTS)) for row in rows),
    )


def self_survey_by_group(survey: SelfSurvey) -> ReportTable:
    """The county's own survey in the columns of 表Ⅵ that questionnaires fill."""
    lines = {"合计": survey.total, **{group_name(group): tally for group, tally in survey.by_group().items()}}
    return ReportTable(
        f"{SELF_SURVEY}（按对象）",
        (
            ReportColumn("对象"),
            *(ReportColumn(name, "份", WHOLE) for name in ("收回问卷", "有效问卷", "满意问卷")),
            ReportColumn("满意率", "", SHARE),
        ),
        tuple((name, t.returned, t.valid, t.satisfied, t.share) for name, t in lines.items()),
        (f"{survey.title}，截至 {survey.day}。", FOR_REFERENCE),
    )


def self_survey_by_school(survey: SelfSurvey, names: Mapping[str, str], limit: Decimal) -> ReportTable:
    """Every school of which questionnaires came in, the least satisfied first."""
    lines = [(names.get(school, school), groups, all_of(groups)) for school, groups in survey.by_school().items()]
    return ReportTable(
        f"{SELF_SURVEY}（按学校）",
        (
            ReportColumn("学校"),
            *(ReportColumn(name, "份", WHOLE) for name in ("收回问卷", "有效问卷", "满意问卷")),
            ReportColumn("满意率", "", SHARE),
            ReportColumn("各对象满意率"),
        ),
        tuple(
            (name, t.returned, t.valid, t.satisfied, t.share, groups_text(groups, limit)) for name, groups, t in lines
        ),
        (f"{survey.title}，截至 {survey.day}。", FOR_REFERENCE),
    )
