"""Texts to forward (复制通报文字) and the lines of lists: the county, a department, a township."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.delivery.units import MissingReport, Score, TownshipPage, UnitPage
from core.method.assessment import Assessment
from core.rules.plan import Plan
from core.wording.delivery import issue_state_text, standing_sentence
from core.wording.numbers import whole_text
from core.wording.verdicts import marked

_MOST_LISTED = 5


def unit_name(plan: Plan, unit_id: str, township_code: str | None, township_names: Mapping[str, str]) -> str:
    """A reporting unit's name; a township by its own."""
    if township_code is not None:
        return township_names.get(township_code, township_code)
    return plan.unit(unit_id).name


def missing_sentence(missing: MissingReport, name: str) -> str:
    """One unit on the list of those that have not reported."""
    return f"{name}：应报 {missing.owed} 项，未报 {len(missing.missing)} 项（{_some(missing.missing)}）"


def score_sentence(score: Score, name: str) -> str:
    """A unit's counts with their denominators."""
    in_time = f"已到期 {score.fallen_due} 项中按期 {score.in_time} 项" if score.fallen_due else "尚无到期事项"
    return (
        f"{name}：牵头 {score.leads} 项，{in_time}，逾期 {score.late} 项，本月应报 {score.to_report} 项、"
        f"已报 {score.reported} 项，台账未销号 {score.issues_open} 件（逾期 {score.issues_overdue} 件）"
    )


def unit_briefing(page: UnitPage, plan: Plan, as_of: date) -> str:
    """One unit's position as a text to forward (复制通报文字)."""
    lines = [
        f"【{plan.unit(page.unit_id).full_name}】截至 {as_of}：牵头 {len(page.leads)} 项，逾期 {len(page.late)} 项，"
        f"本月到期 {len(page.due_this_month)} 项，填报与核算不一致 {len(page.diverging)} 项。"
    ]
    lines += [f"逾期：{s.sub_item.title}，{standing_sentence(s.standing)}。" for s in page.late]
    lines += [f"本月到期：{s.sub_item.title}（{s.standing.due}）。" for s in page.due_this_month]
    lines += [f"台账：{i.title}，{issue_state_text(state, plan)}。" for i, state in page.issues if state.is_open]
    return "\n".join(lines)


def township_briefing(page: TownshipPage, plan: Plan, as_of: date) -> str:
    """One township's position as a text to forward."""
    rows = page.school_rows
    classes = "班级数据未报全" if page.classes is None else f"超标班级 {page.classes_over_limit}/{page.classes} 个"
    lines = [f"【{page.name}】截至 {as_of}：学校达标 {rows.met}/{rows.total} 个校段，{classes}。"]
    reported = page.attendance
    if reported is None:
        lines.append("入学与劝返：未报。")
    else:
        served, returned = whole_text(reported.notices_served), whole_text(reported.notices_returned)
        lines.append(
            f"适龄儿童 {whole_text(reported.school_age)} 人，在学 {whole_text(reported.enrolled)} 人；"
            f"送达限期入学、复学通知书 {served} 份，返校 {returned} 人。"
        )
    lines += [f"逾期：{s.sub_item.title}，{standing_sentence(s.standing)}。" for s in page.late]
    lines += [f"台账：{i.title}，{issue_state_text(state, plan)}。" for i, state in page.issues if state.is_open]
    return "\n".join(lines)


def county_briefing(assessment: Assessment, scores: Sequence[Score], names: Sequence[str], as_of: date) -> str:
    """What is overdue by unit, as a text to forward; `names` are the units' names in the order of the scores."""
    late = [(name, s.late) for name, s in zip(names, scores, strict=True) if s.late]
    total = sum(count for _, count in late)
    listed = _some([f"{name} {count} 项" for name, count in late])
    overdue = f"逾期 {total} 项：{listed}。" if late else "没有逾期事项。"
    return f"截至 {as_of}，{assessment.year} 学年判定 {marked(assessment.verdict)}；{overdue}"


def _some(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 项" if len(names) > _MOST_LISTED else ""
    return "、".join(names[:_MOST_LISTED]) + more
