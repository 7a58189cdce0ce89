"""Which plan goes into a look ahead: nothing more than today, or a saved scenario; its number stands in the address."""

from __future__ import annotations

from core.outlook.what_if.scenario import Scenario, scenarios
from ui.frame import View
from ui.links import linked_choice


def choose_plan(view: View) -> Scenario | None:
    """A saved scenario of the year whose teachers, premises and equipment are taken as there; None for none."""
    kept = {str(s.number): s for s in scenarios(view.store, view.county_code, view.year)}
    names = {number: f"方案 {number} {scenario.name}" for number, scenario in kept.items()}
    number = linked_choice(
        "计入已保存的方案", list(kept), "plan", names, placeholder="不计入" if kept else "尚无已保存的方案"
    )
    return None if number is None else kept[number]
