"""挂图作战: verdict, map, what is due when, who owes what, on one sheet for the wall, A1 or A3.

wall_chart(situation, assessment, scores, judge, source_line, is_demo, sheet, link) -> bytes      PDF

The sheet is drawn for A3, where nothing is smaller than 9 points, and printed twice as large on A1: 18 points.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from core import palette
from core.delivery.owed.scoreboard import Score
from core.delivery.owed.targets import dated_targets
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment, Verdict
from core.method.failures import WORST_FIRST
from core.outlook.remedies.coefficients import Judge
from core.reports.cells import colour_of
from core.reports.link_code import link_code
from core.reports.map_ground import ground
from core.reports.schematic_map import FILL_CLASSES, schematic_map
from core.reports.tables import DEMO_MARK
from core.reports.typesetting import pdf_of, printable
from core.wording.attention import concerns, with_fewest_units
from core.wording.carrying_out.targets import pace_text
from core.wording.positions import county_overdue_sentence, county_parts, day_text, no_plan_sentence, part_change
from core.wording.verdicts import SHAPES, WORDS, county_headline, marked, shortfall_sentence

Sheet = Literal["A1", "A3"]
SMALLEST_POINTS = {"A1": 18, "A3": 9}
_TEMPLATE = Path(__file__).with_name("wall_chart.typ")
_CONCERNS_SHOWN = 8
_BAD_PACES = {PaceVerdict.SHORT, PaceVerdict.MISSED, PaceVerdict.BEHIND}


def wall_chart(
    situation: Situation,
    assessment: Assessment,
    scores: Sequence[Score],
    judge: Judge,
    source_line: str,
    is_demo: bool,
    sheet: Sheet,
    link: str = "",
) -> bytes:
    """The sheet as PDF."""
    schools = situation.facts.schools.get(assessment.year, ())
    drawn = schematic_map(
        ground(situation.county, situation.facts.seats, schools), schools, assessment, lambda row: row.verdict
    )
    before = situation.facts.assessments.get(assessment.year - 1)
    said = {
        "scale": SMALLEST_POINTS[sheet] / SMALLEST_POINTS["A3"],
        "mark": f"{DEMO_MARK}：学校与数字均为虚构" if is_demo else "",
        "title": printable(county_headline(assessment, situation.county.name, situation.standard)),
        "shape": SHAPES[assessment.verdict],
        "colour": colour_of(assessment.verdict),
        "kicker": printable(f"{situation.county.name}义务教育优质均衡发展作战图　截至 {day_text(situation.as_of)}"),
        "summary": printable(f"{shortfall_sentence(assessment)}{county_overdue_sentence(situation)}"),
        "tiles": [
            {
                "title": part.title,
                "value": f"{part.now.met}/{part.now.total} {part.unit}",
                "note": f"{marked(part.now.verdict)}，{part_change(part.now, part.before, part.unit)}",
                "colour": colour_of(part.now.verdict),
            }
            for part in county_parts(assessment, before)
        ],
        "map": drawn.svg,
        "fills": [{"name": name, "colour": colour} for name, colour in FILL_CLASSES],
        "marks": [
            {
                "text": f"{SHAPES[v]} {WORDS[v] if v is not Verdict.NOT_APPLICABLE else '未参评'} {drawn.counts[v]}",
                "colour": colour_of(v),
            }
            for v in WORST_FIRST
            if drawn.counts[v]
        ],
        "phases": _phases(situation),
        "targets": _targets(situation),
        "units": _units(situation, scores),
        "concerns": [
            {
                "name": printable(c.name),
                "mark": marked(c.verdict),
                "colour": colour_of(c.verdict),
                "brief": printable(c.brief or c.reason),
                "lead": printable(c.lead or "未明确"),
            }
            for c in with_fewest_units(
                concerns(assessment, situation.standard, situation.plan)[:_CONCERNS_SHOWN], assessment, judge
            )
        ],
        "noplan": "" if situation.plan.exists else printable(no_plan_sentence(situation.county)),
        "source": printable(source_line),
        "link": link,
        "code": link_code(link) if link else "",
    }
    return pdf_of(_TEMPLATE, {"chart": json.dumps(said, ensure_ascii=False)})


def _phases(situation: Situation) -> list[dict[str, object]]:
    """Each phase with its share of the whole time, and whether it is the one of the day."""
    phases = situation.plan.phases
    days = [(p.to_date - p.from_date).days + 1 for p in phases]
    return [
        {
            "name": printable(p.name),
            "span": f"{p.from_date.year}"
            if p.from_date.year == p.to_date.year
            else f"{p.from_date.year}–{p.to_date.year}",
            "share": share,
            "now": p.from_date <= situation.as_of <= p.to_date,
        }
        for p, share in zip(phases, days, strict=True)
    ]


def _targets(situation: Situation) -> list[dict[str, object]]:
    outlooks = sorted(dated_targets(situation), key=lambda o: o.target.deadline)
    return [
        {
            "name": printable(o.target.name),
            "deadline": str(o.target.deadline),
            "pace": pace_text(o.pace_verdict),
            "colour": palette.RED if o.pace_verdict in _BAD_PACES else palette.INK,
        }
        for o in outlooks
    ]


def _units(situation: Situation, scores: Sequence[Score]) -> list[dict[str, object]]:
    """Every unit that leads something, those that owe most first."""
    names = situation.township_names
    return [
        {
            "name": printable(
                names.get(s.township_code, s.township_code) if s.township_code else situation.plan.unit(s.unit_id).name
            ),
            "leads": s.leads,
            "in_time": f"{s.in_time}/{s.fallen_due}",
            "late": s.late,
            "issues": s.issues_open,
            "issues_late": s.issues_overdue,
        }
        for s in scores
    ]
