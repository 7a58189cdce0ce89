"""通报文字: a few plain sentences to paste into a chat, for the county, a department, a township, a school.

    county_notice(situation, assessment, scores, source_line) -> str      the judgement of the year looked at
    unit_notice(situation, page, source_line) -> str
    township_notice(situation, page, source_line) -> str
    school_notice(situation, assessment, school_id, source_line) -> str

`source_line` says where the figures come from, and that they are a demonstration where they are; it ends the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.owed.scoreboard import Score
from core.delivery.owed.units import TownshipPage, UnitPage
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment
from core.naming import held, named
from core.wording.attention import Concern, concerns
from core.wording.carrying_out.ledger import issue_state_text, issue_then_and_now
from core.wording.delivery import standing_sentence
from core.wording.gaps import unit_gaps
from core.wording.positions import (
    SUB_ITEM,
    WORST,
    Owed,
    county_issues,
    county_overdue_sentence,
    county_parts,
    day_text,
    is_overdue,
    no_gaps_sentence,
    open_issues,
    owed_now,
    part_change,
    township_concerns,
    township_summary,
    unit_summary,
)
from core.wording.schools import remedy_sentences, school_headline, school_summary
from core.wording.verdicts import WORDS, county_headline, county_summary


def county_notice(situation: Situation, assessment: Assessment, scores: Sequence[Score], source_line: str) -> str:
    """The county: verdict, the four parts, the change, the worst five, what is overdue by whom."""
    name = situation.county.name
    before = situation.facts.assessments.get(assessment.year - 1)
    changes = [f"{p.title}达标{part_change(p.now, p.before, p.unit)}" for p in county_parts(assessment, before)]
    worst = concerns(assessment, situation.standard, situation.plan)[:WORST]
    return _lines(
        f"【{name}义务教育优质均衡发展情况通报】",
        f"截至 {day_text(situation.as_of)}，按 {assessment.year} 学年数据，{county_headline(assessment, name, situation.standard)}。"
        f"{county_summary(assessment)}",
        f"{'；'.join(changes)}。",
        _numbered("主要短板", [_concern_text(c) for c in worst]),
        county_overdue_sentence(situation),
        _ledger_sentence(county_issues(situation), situation),
        source_line,
    )


def unit_notice(situation: Situation, page: UnitPage, source_line: str) -> str:
    """A department: what it owes, its ledger issues, what its indicators lack."""
    gaps = [f"{gap.name}{WORDS[gap.verdict]}（{gap.reason}）" for gap in unit_gaps(situation, page)]
    return _lines(
        f"【{situation.plan.unit(page.unit_id).full_name}规划任务落实情况通报】",
        unit_summary(situation, page),
        _numbered("请抓紧办理", [_owed_text(owed) for owed in owed_now(situation, page)], "项"),
        _ledger_sentence(page.issues, situation),
        _numbered(f"有关指标差距（{situation.year} 学年）", gaps, "项") or no_gaps_sentence(situation, page),
        source_line,
    )


def township_notice(situation: Situation, page: TownshipPage, source_line: str) -> str:
    """A township: its schools, classes and children, what it owes, its ledger issues."""
    return _lines(
        f"【{page.name}义务教育优质均衡发展情况通报】",
        township_summary(situation, page),
        _numbered(
            "学校", [_concern_text(c) for c in township_concerns(situation, page.township_code)], "所学校（分学段计）"
        ),
        _numbered("请抓紧办理", [_owed_text(owed) for owed in owed_now(situation, page)], "项"),
        _ledger_sentence(page.issues, situation),
        source_line,
    )


def school_notice(situation: Situation, assessment: Assessment, school_id: str, source_line: str) -> str:
    """A school: how it stands, what it lacks and how that is put right, its ledger issues."""
    rows = assessment.rows_of(school_id)
    return _lines(
        f"【{rows[0].name}义务教育优质均衡发展情况】",
        f"截至 {day_text(situation.as_of)}，按 {assessment.year} 学年数据，{school_headline(rows)}。"
        f"{school_summary(assessment, rows, situation.standard)}",
        *(f"怎么补：{sentence}" for sentence in remedy_sentences(rows, situation.standard)),
        _ledger_sentence(situation.issues_of_school(school_id), situation),
        source_line,
    )


def _concern_text(concern: Concern) -> str:
    # A school needs its remedy; an item or a coefficient is better told by its figures.
    said = concern.remedy if concern.subject.kind == "row" else concern.reason
    owner = f"（责任单位：{named(concern.owner.split('、'), '个单位')}）" if concern.owner else ""
    return f"{concern.name}{WORDS[concern.verdict]}，{said}{owner}"


def _owed_text(owed: Owed) -> str:
    kind = "" if owed.kind == SUB_ITEM else f"{owed.kind}："
    return f"{kind}{owed.name}（{standing_sentence(owed.standing)}）"


def _ledger_sentence(issues: Sequence[tuple[Issue, IssueState]], situation: Situation) -> str:
    still = open_issues(issues)
    if not still:
        return "督办台账没有未销号问题。"
    late = sum(is_overdue(state) for _, state in still)
    texts = [f"{issue_then_and_now(issue, state)}，{issue_state_text(state, situation.plan)}" for issue, state in still]
    return _numbered(f"督办台账未销号 {len(still)} 件，其中逾期 {late} 件", texts, "件")


def _numbered(opening: str, texts: Sequence[str], unit: str = "处") -> str:
    """A few things, one a line; what is left out is counted. Empty for nothing."""
    if not texts:
        return ""
    shown = [f"{number}. {text}" for number, text in enumerate(texts[: held(len(texts), WORST)], 1)]
    more = f"等 {len(texts)} {unit}。" if len(texts) > len(shown) else ""
    return f"{opening}：\n" + "；\n".join(shown) + (f"；\n{more}" if more else "。")


def _lines(*paragraphs: str) -> str:
    return "\n".join(p for p in paragraphs if p)
