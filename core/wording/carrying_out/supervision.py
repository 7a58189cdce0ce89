"""挂牌督导 in words: how many schools have an inspector, how many visits are still owed this month."""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.inspections import SchoolInspection
from core.delivery.status.situation import Situation


def visits_owed(school: SchoolInspection, situation: Situation) -> int:
    """How many visits a school is still owed in the month of the day; none where the county sets no number."""
    rules = situation.plan.supervision
    return 0 if rules is None else max(rules.visits_per_month - school.this_month, 0)


def inspection_headline(schools: Sequence[SchoolInspection], situation: Situation) -> str:
    """Schools, those without an inspector, those owed a visit this month, issues not closed."""
    if not schools:
        return "当日数据中没有学校"
    without = sum(s.inspector is None for s in schools)
    owed = sum(visits_owed(s, situation) > 0 for s in schools)
    still = sum(s.open_issues for s in schools)
    named = f"中 {without} 所未明确责任督学" if without else "都有责任督学"
    visited = f"本月 {owed} 所还须随访" if owed else "本月随访次数已够"
    if situation.plan.supervision is None:
        visited = f"本月随访 {sum(s.this_month for s in schools)} 次"
    return f"{len(schools)} 所学校{named}，{visited}，未销号问题 {still} 件"
