"""One thing has one state: on the timeline, at its unit, in the notice, in the briefing, beside its target."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.delivery.on_time import CLAIMED, DONE, NOT_REACHED, ON_COURSE, UNKNOWN
from core.delivery.owed.targets import dated_targets
from core.delivery.owed.units import unit_page
from core.delivery.status.status import sub_item_status
from core.reports.briefing.briefings import unit_briefing
from core.wording.carrying_out.notice import unit_notice
from core.wording.carrying_out.targets import pace_text
from core.wording.delivery import level_label, standing_sentence
from tests.pages.conftest import Open, seen, unescaped, words
from tests.support.demo_county import Demo, demo
from tests.support.html_tables import tables

__all__ = ["demo"]
AS_OF = date(2023, 11, 30)
# One sub-item of the demonstration county at each level, with the unit that leads it.
CASES = {
    "T05-3": ("red", "education"),
    "T04-13": (NOT_REACHED, "education"),
    "T12-5": (NOT_REACHED, "education"),
    "T04-2": (NOT_REACHED, "education"),
    "T16-4": (CLAIMED, "education"),
    "T05-4": (UNKNOWN, "education"),
    "T03-1": (ON_COURSE, "education"),
    "T04-7": (DONE, "education"),
}


def said_of(app: AppTest, sub_item_id: str) -> str:
    """What a page's table computes of a sub-item."""
    rows = [row for t in tables(app) if "核算" in t for i, row in t.iterrows() if str(i).startswith(f"{sub_item_id} ")]
    [cell] = {str(row["核算"]) for row in rows}
    return unescaped(cell)


@pytest.mark.parametrize("sub_item_id", CASES)
def test_a_sub_item_is_said_alike_wherever_it_stands(open_page: Open, demo: Demo, sub_item_id: str) -> None:
    level, unit_id = CASES[sub_item_id]
    now = demo.on(AS_OF)
    status, page = sub_item_status(now, sub_item_id), unit_page(now, unit_id)
    assert status.standing.level == level
    label = level_label(status.standing, now.plan)
    assert label in said_of(open_page("carrying_out/timeline", task=sub_item_id.split("-")[0]), sub_item_id)
    unit = open_page("carrying_out/units", unit=unit_id)
    unit.button_group[0].set_value("全部牵头")
    assert label in said_of(seen(unit.run()), sub_item_id)

    about = f"{sub_item_id} {status.sub_item.title}"
    notice, briefing = unit_notice(now, page, "来源"), unit_briefing(now, page, "来源", is_demo=True)
    listed = [row for s in briefing.sections for row in s.rows if any(cell.text == about for cell in row)]
    pressing = level in ("red", NOT_REACHED) or status.standing.is_due_in_month_of(AS_OF)
    assert [row[-1].text for row in listed] == ([label] if pressing else [])
    assert about not in notice or f"{about}（{standing_sentence(status.standing)}）" in notice


def test_a_target_is_said_alike_on_the_timeline_and_beside_the_class_sizes(open_page: Open, demo: Demo) -> None:
    pages = [open_page("carrying_out/timeline"), open_page("conclusions/class_sizes")]
    seen_on: dict[str, set[str]] = {}
    for app in pages:
        for table in (t.reset_index() for t in tables(app) if "目标" in (t.index.name, *t.columns)):
            for row in table.to_dict("records"):
                seen_on.setdefault(unescaped(str(row["目标"])), set()).add(unescaped(str(row.get("结论"))))
    for outlook in dated_targets(demo.on(AS_OF)):
        marks = [mark for name, told in seen_on.items() if outlook.target.name in name for mark in told]
        assert marks and all(pace_text(outlook.pace_verdict) in mark for mark in marks), outlook.target.name
    assert "未达到" in words(pages[0])


def test_nothing_is_green_on_a_word_alone(demo: Demo) -> None:
    now = demo.on(AS_OF)
    done = [sub_item_status(now, s.sub_item_id) for s in now.plan.sub_items()]
    done = [status for status in done if status.standing.level == DONE]
    by_documents = [s for s in done if s.basis.value == "evidence"]
    assert by_documents and all(s.evidence_confirmed == s.evidence_required > 0 for s in by_documents)
    by_figures = [s for s in done if s not in by_documents]
    assert by_figures and all(s.metric is not None or s.basis.value == "sub_items" for s in by_figures)
