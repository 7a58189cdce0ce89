"""A department's and a township's own paper: position, 问题清单, 任务清单, 责任清单, 责任书.

    unit_paper(situation, page, reader, is_demo) -> Paper
    township_paper(situation, page, reader, is_demo) -> Paper

`reader` is who takes the paper away: names and telephones stand in it as they may see them.
"""

from __future__ import annotations

from core.access import Actor
from core.delivery.owed.units import TownshipPage, UnitPage
from core.delivery.status.situation import Situation
from core.reports.cells import verdict_cell
from core.reports.editions.lists import as_of_subtitle, duties, issues, pledge, sharing, tasks
from core.reports.official.paper import Outline, Paper
from core.reports.tables import DEMO_MARK
from core.wording.gaps import unit_gaps
from core.wording.positions import (
    no_gaps_sentence,
    township_concerns,
    township_headline,
    township_summary,
    unit_headline,
    unit_summary,
)


def unit_paper(situation: Situation, page: UnitPage, reader: Actor, is_demo: bool) -> Paper:
    """A department's paper."""
    unit = situation.plan.unit(page.unit_id)
    outline = Outline()
    outline.say(f"{unit_headline(situation, page)}。{unit_summary(situation, page)}")
    outline.heading(1, "问题清单")
    outline.heading(2, "有关指标的差距")
    gaps = unit_gaps(situation, page)
    outline.table(
        "有关指标的差距",
        (("指标", 3), ("结论", 2.2), ("差在哪", 5), ("涉及", 5)),
        [(g.name, verdict_cell(g.verdict), g.reason, g.concerned) for g in gaps],
        note="" if gaps else no_gaps_sentence(situation, page),
    )
    outline.heading(2, "台账问题")
    issues(outline, situation, page.issues, reader)
    outline.heading(1, "任务清单")
    tasks(outline, situation, page)
    outline.heading(1, "责任清单")
    outline.say(sharing(situation, page))
    duties(outline, situation, page.leads, reader)
    pledge(outline, situation, unit.full_name, page.unit_id, page.leads, reader)
    return outline.paper(f"{unit.full_name}问题、任务、责任清单", as_of_subtitle(situation), _mark(is_demo))


def township_paper(situation: Situation, page: TownshipPage, reader: Actor, is_demo: bool) -> Paper:
    """A township's paper."""
    outline = Outline()
    outline.say(f"{township_headline(page)}。{township_summary(situation, page)}")
    outline.heading(1, "问题清单")
    outline.heading(2, "未达标和无法判定的学校")
    failing = township_concerns(situation, page.township_code)
    outline.table(
        "未达标和无法判定的学校",
        (("学校", 3), ("结论", 2.2), ("差在哪", 5), ("怎么补", 5), ("牵头单位", 2)),
        [(c.name, verdict_cell(c.verdict, c.borderline), c.reason, c.remedy, c.lead or "未明确") for c in failing],
        note="" if failing else "没有未达标和无法判定的学校。",
    )
    outline.heading(2, "台账问题")
    issues(outline, situation, page.issues, reader)
    outline.heading(1, "任务清单")
    tasks(outline, situation, page)
    outline.heading(1, "责任清单")
    duties(outline, situation, page.sub_items, reader)
    pledge(outline, situation, f"{page.name}人民政府", None, page.sub_items, reader)
    return outline.paper(f"{page.name}问题、任务、责任清单", as_of_subtitle(situation), _mark(is_demo))


def _mark(is_demo: bool) -> str:
    return f"{DEMO_MARK}：学校与数字均为虚构" if is_demo else ""
