"""The saved scenarios of a year beside the present and one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from core.errors import PlatformError
from core.outlook.what_if.cost import Cost, cost_of
from core.outlook.what_if.scenario import Scenario, rename_scenario, scenarios
from core.reports.scenario_table import NO_LONGER_FITS, RefusedScenario, ScenarioResult, part_share, scenario_table
from core.wording.planning.scenario import cost_text, scenario_text
from core.wording.verdicts import row_name
from ui.draft import announce
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.links import address
from ui.planning.lever_address import OPENED
from ui.tables import downloads, sentence_table

_COMPARED, _MOST_COMPARED = "compared", 3


def saved_scenarios(view: View) -> None:
    """Every saved scenario judged again on the figures that count now."""
    kept = scenarios(view.store, view.county_code, view.year)
    st.header(f"已保存的方案 {len(kept)} 个", anchor=False)
    if not kept:
        st.markdown("还没有保存的方案。在“情景”中添加调整，填写名称后保存。")
        return
    results = [_present(view), *(_result(view, scenario) for scenario in kept)]
    sentence_table([_line(result) for result in results])
    downloads(view, [scenario_table(results)], "", key="scenarios")
    if view.actor.may("imagine"):
        _renaming(view, kept)


def _present(view: View) -> ScenarioResult:
    return ScenarioResult(None, "现状", "", view.assessment, Cost(()))


def _renaming(view: View, kept: Sequence[Scenario]) -> None:
    names = {s.number: f"{s.number} {s.name}" for s in kept}
    with st.expander("改名"), st.form("rename_scenario", border=False):
        number = st.selectbox("哪个方案", list(names), format_func=lambda n: names[n])
        name = st.text_input("新名称（必填）", max_chars=60)
        if st.form_submit_button("改名") and number is not None:
            try:
                renamed = rename_scenario(view.store, number, name, view.actor, datetime.now())
            except PlatformError as refusal:
                st.error(plain(refusal))
                return
            announce(f"第 {renamed.number} 号方案改名为“{renamed.name}”。")
            st.rerun()


def compared_scenarios(view: View) -> None:
    """Up to three saved scenarios and the present side by side, in the address."""
    kept = {str(s.number): s for s in scenarios(view.store, view.county_code, view.year)}
    if not kept:
        return
    st.header("并排比较", anchor=False)
    asked = [n for n in st.query_params.get(_COMPARED, "").split("-") if n in kept][:_MOST_COMPARED]
    chosen = st.multiselect(
        "比较哪几个（至多三个）",
        list(kept),
        default=asked,
        format_func=lambda n: f"{n} {kept[n].name}",
        max_selections=_MOST_COMPARED,
        placeholder="选择已保存的方案",
    )
    if chosen != asked:
        st.query_params[_COMPARED] = "-".join(chosen)
    if not chosen:
        return
    results = [_present(view), *(_result(view, kept[number]) for number in chosen)]
    lines = [_line(result) for result in results]
    facts = list(lines[0])[1:]
    sentence_table([{"": f"**{fact}**", **{plain_name(line): line[fact] for line in lines}} for fact in facts])
    judged = [result for result in results if isinstance(result, ScenarioResult)]
    _changes_side_by_side(view, judged)


def plain_name(line: Mapping[str, str]) -> str:
    """The first cell of a scenario's line, without its bold face, as the head of its column."""
    return line["方案"].strip("*")


def _changes_side_by_side(view: View, results: Sequence[ScenarioResult]) -> None:
    """The school rows and coefficients whose verdict is not the same in all of them."""
    rows = []
    keys = dict.fromkeys(row.key for result in results for row in result.judged.rows)
    for key in keys:
        found = [result.judged.row(*key) for result in results]
        verdicts = [None if row is None else row.verdict for row in found]
        if len(set(verdicts)) > 1:
            name = next(row_name(row) for row in found if row is not None)
            rows.append((name, verdicts))
    for number, first in enumerate(results[0].judged.balance):
        verdicts = [result.judged.balance[number].verdict for result in results]
        if len(set(verdicts)) > 1:
            indicator = view.standard.indicator(first.code).short_name
            rows.append((f"{stage_name(first.stage)}{indicator}差异系数", verdicts))
    if not rows:
        st.markdown("各方案的学校与差异系数结论相同。")
        return
    names = [f"{r.number} {r.name}" if r.number is not None else r.name for r in results]
    sentence_table(
        [
            {
                "结论不同之处": f"**{plain(name)}**",
                **{plain(n): "不参评" if v is None else verdict_mark(v) for n, v in zip(names, verdicts, strict=True)},
            }
            for name, verdicts in rows
        ]
    )


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
