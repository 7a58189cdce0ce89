"""The saved scenarios of a year beside the present and one another."""

from __future__ import annotations

import streamlit as st

from core.errors import PlatformError
from core.outlook.what_if.cost import Cost, cost_of
from core.outlook.what_if.scenario import Scenario, scenarios
from core.reports.scenario_table import NO_LONGER_FITS, RefusedScenario, ScenarioResult, part_share, scenario_table
from core.wording.scenario import cost_text, scenario_text
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address
from ui.planning.adjustments import OPENED
from ui.tables import downloads, sentence_table


def saved_scenarios(view: View) -> None:
    """Every saved scenario judged again on the figures that count now."""
    kept = scenarios(view.store, view.county_code, view.year)
    st.subheader(f"已保存的方案 {len(kept)} 个", anchor=False)
    if not kept:
        st.markdown("还没有保存的方案。")
        return
    present = ScenarioResult(None, "现状", "", view.assessment, Cost(()))
    results = [present, *(_result(view, scenario) for scenario in kept)]
    sentence_table([_line(result) for result in results])
    downloads(view, [scenario_table(results)], "", key="scenarios")


def _result(view: View, scenario: Scenario) -> ScenarioResult | RefusedScenario:
    """A scenario on the figures that count now; one that they no longer allow hides no other."""
    now = view.baseline
    try:
        return ScenarioResult(
            scenario.number,
            scenario.name,
            _origin(scenario) + scenario_text(scenario.levers, now),
            view.with_changes(scenario.changes),
            cost_of(scenario.changes, now.facts, view.county.prices, scenario.levers),
        )
    except PlatformError as refusal:
        return RefusedScenario(scenario.number, scenario.name, str(refusal))


def _origin(scenario: Scenario) -> str:
    return "" if scenario.copied_from is None else f"由第 {scenario.copied_from} 号方案改成："


def _line(result: ScenarioResult | RefusedScenario) -> dict[str, str]:
    name = plain(result.name)
    if result.number is not None:
        name = f"[{result.number} {name}]({address('scenario', **{OPENED: str(result.number)})})"
    if isinstance(result, RefusedScenario):
        shares = dict.fromkeys(("达标学校", "差异系数", "政府保障"), "")
        return {
            "方案": f"**{name}**",
            "全县": NO_LONGER_FITS,
            **shares,
            "内容": plain(result.words),
            "费用与周期": "",
        }
    judged = result.judged
    return {
        "方案": f"**{name}**",
        "全县": verdict_mark(judged.verdict),
        "达标学校": part_share(judged.schools_part),
        "差异系数": part_share(judged.balance_part),
        "政府保障": part_share(judged.items_part("government")),
        "内容": plain(result.words),
        "费用与周期": "" if result.number is None else plain(cost_text(result.cost)),
    }
