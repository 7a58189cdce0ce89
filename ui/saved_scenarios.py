"""The saved scenarios of a year beside the present and one another."""

from __future__ import annotations

import streamlit as st

from core.outlook.cost import Cost, cost_of
from core.outlook.scenario import scenarios
from core.reports.scenario_table import ScenarioResult, part_share, scenario_table
from core.wording.scenario import cost_text, scenario_text
from ui import cache
from ui.adjustments import OPENED
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address
from ui.tables import downloads, sentence_table


def saved_scenarios(view: View) -> None:
    """Every saved scenario judged again on the figures that count now."""
    kept = scenarios(view.store, view.county_code, view.year)
    st.subheader(f"已保存的方案 {len(kept)} 个", anchor=False)
    if not kept:
        st.markdown("还没有保存的方案。")
        return
    now = view.baseline
    results = [ScenarioResult(None, "现状", "", view.assessment, Cost(()))]
    results += [
        ScenarioResult(
            scenario.number,
            scenario.name,
            scenario_text(scenario.levers, now),
            view.judged(changes=scenario.changes),
            cost_of(scenario.changes, now.facts, cache.prices(), scenario.levers),
        )
        for scenario in kept
    ]
    sentence_table([_line(result) for result in results])
    downloads(view, [scenario_table(results)], "", key="scenarios")


def _line(result: ScenarioResult) -> dict[str, str]:
    judged, name = result.judged, plain(result.name)
    if result.number is not None:
        name = f"[{result.number} {name}]({address('scenario', **{OPENED: str(result.number)})})"
    return {
        "方案": f"**{name}**",
        "全县": verdict_mark(judged.verdict),
        "达标校段": part_share(judged.schools_part),
        "差异系数": part_share(judged.balance_part),
        "政府保障": part_share(judged.items_part("government")),
        "内容": plain(result.words),
        "费用与周期": "" if result.number is None else plain(cost_text(result.cost)),
    }
