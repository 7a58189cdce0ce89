"""What the county's own satisfaction survey came to, in sentences. It never speaks as a verdict: the state's survey decides."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from core.dataset.dictionary import codes, name_of
from core.self_survey.self_surveys import SelfSurvey, Tally
from core.wording.numbers import NONE_HERE, against_limit, plain_text

SELF_SURVEY = "县级自测"
FOR_REFERENCE = "县级自测只供工作参考，社会认可度以上级组织的满意度调查为准。"
# Of fewer questionnaires one more or less moves the share by more than three points.
_FEW = 30


def group_name(survey_group: str) -> str:
    """A group by itself: 其中家长 as the form lists it is 家长 here."""
    return name_of("survey_group", survey_group).removeprefix("其中")


def satisfied_text(tally: Tally, limit: Decimal) -> str:
    """The share of satisfied questionnaires, written so that it does not contradict its standing against the limit."""
    if tally.share is None:
        return NONE_HERE
    few = f"（只有 {tally.valid} 份）" if tally.valid < _FEW else ""
    return f"{against_limit(tally.share * 100, limit * 100, True, 1)}%{few}"


def self_survey_sentence(survey: SelfSurvey, limit: Decimal) -> str:
    """The survey as it can be read aloud, with what it is and is not."""
    total = survey.total
    counts = f"收回问卷 {total.returned:,} 份，有效 {total.valid:,} 份"
    if total.share is None:
        return f"{SELF_SURVEY}（{survey.title}，截至 {survey.day}）：{counts}，没有有效问卷，得不出满意率。"
    side = "低于" if Decimal(total.satisfied) < limit * total.valid else "不低于"
    return (
        f"{SELF_SURVEY}（{survey.title}，截至 {survey.day}）：{counts}，满意率 {satisfied_text(total, limit)}，"
        f"{side}认定要求的 {plain_text(limit * 100)}%。{FOR_REFERENCE}"
    )


def missing_groups_text(survey: SelfSurvey) -> str:
    """The groups of which no questionnaire came in; empty where all did."""
    missing = [group_name(g) for g in codes("survey_group") if g != "all" and g not in survey.by_group()]
    return f"没有问卷的对象：{'、'.join(missing)}。" if missing else ""


def silent_schools_text(survey: SelfSurvey, open_schools: Collection[tuple[str, str]]) -> str:
    """The open schools (id, name) of which no questionnaire came in; empty where all did or none names its school."""
    heard = survey.by_school()
    silent = [name for school_id, name in open_schools if school_id not in heard]
    return f"没有问卷的学校 {len(silent)} 所：{'、'.join(silent)}。" if heard and silent else ""


def groups_text(groups: dict[str, Tally], limit: Decimal) -> str:
    """What each group of a school said."""
    return "；".join(f"{group_name(g)} {satisfied_text(t, limit)}" for g, t in groups.items())
