"""The leading group's meeting pack as one printed page; core.reports.briefing.page makes the PDF.

meeting_pack(situation, assessment, found, scores, judge, source_line, is_demo) -> Briefing
"""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.meeting import Since, overdue_decisions
from core.delivery.owed.scoreboard import Score
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment, Verdict
from core.outlook.remedies.coefficients import Judge
from core.reports.briefing.page import Briefing, Column, Section, Tile
from core.reports.cells import Cell, colour_of
from core.wording.carrying_out.letters import due_lines
from core.wording.carrying_out.meeting import as_of_line, meeting_headline, questions, since_texts
from core.wording.positions import county_parts, overdue_by_unit, part_change
from core.wording.verdicts import county_summary, marked


def meeting_pack(
    situation: Situation,
    assessment: Assessment,
    found: Since | None,
    scores: Sequence[Score],
    judge: Judge,
    source_line: str,
    is_demo: bool,
) -> Briefing:
    """Verdict and parts, what changed, what to decide, own decisions late, letters due, what each unit owes."""
    before = situation.facts.assessments.get(assessment.year - 1)
    changed = [(Cell(topic), Cell(text)) for topic, text in since_texts(found, situation)] if found else []
    return Briefing(
        subject=f"{situation.county.name} 领导小组会议材料",
        verdict=assessment.verdict,
        headline=meeting_headline(situation, assessment),
        summary=f"{as_of_line(situation, found)}。{county_summary(assessment)}",
        tiles=tuple(
            Tile(
                part.title,
                f"{part.now.met}/{part.now.total} {part.unit}",
                f"{marked(part.now.verdict)}，{part_change(part.now, part.before, part.unit)}",
                colour_of(part.now.verdict),
            )
            for part in county_parts(assessment, before)
        ),
        sections=(
            _section(
                "会议以来的变化", (Column("方面", 0), Column("变化", 1)), changed, "项", "还没有登记过上一次会议。"
            ),
            _section(
                "提请决定",
                (Column("事项", 3), Column("依据的数字", 5), Column("建议", 4), Column("责任单位", 2)),
                [
                    (Cell(f"{number}. {q.title}"), Cell(q.figures), Cell(q.ask), Cell(q.units or "—"))
                    for number, q in enumerate(questions(situation, assessment, judge), 1)
                ],
                "项",
                "没有需要提请决定的事项。",
            ),
            _section(
                "本组议定、已逾期的事项",
                (Column("议定事项", 5), Column("责任单位", 2), Column("时限", 0), Column("逾期", 0)),
                [
                    (
                        Cell(d.decision),
                        Cell(situation.plan.unit(d.owner_unit_id).name),
                        Cell(str(standing.due)),
                        Cell(f"{standing.days_late} 天", colour_of(Verdict.NOT_MET)),
                    )
                    for d, standing in overdue_decisions(situation)
                ],
                "项",
                "没有逾期的议定事项。" if situation.records.decisions else "还没有登记过议定事项。",
            ),
            _section(
                "应发未发的督办文书",
                (Column("文书", 0), Column("收文单位", 2), Column("逾期事项", 0), Column("最长", 0)),
                [
                    (Cell(line.kind), Cell(line.to), Cell(line.matters), Cell(f"{line.days_late} 天"))
                    for line in due_lines(situation)
                ],
                "份",
                "没有应发未发的文书。" if situation.plan.supervision else "方案没有规定逐级督办的天数。",
            ),
            _section(
                "各单位逾期",
                (Column("责任单位", 1), Column("按期/到期", 0), Column("逾期", 0), Column("逾期台账", 0)),
                [
                    (Cell(o.name), Cell(o.in_time_text), Cell(str(o.late)), Cell(str(o.issues_overdue)))
                    for o in overdue_by_unit(situation, scores)
                ],
                "个单位",
                "没有逾期事项。",
            ),
        ),
        picture=None,
        source_line=source_line,
        is_demo=is_demo,
    )


def _section(
    title: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]], unit: str, empty: str
) -> Section:
    return Section(title, columns, tuple(rows), f"等 {len(rows)} {unit}", empty)
