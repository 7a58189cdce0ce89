"""The files of the plan hold what the pages show: every sub-item, target, decision and document, counted alike."""

from __future__ import annotations

from collections import Counter
from datetime import date

from core.access import LOCAL_ADMINISTRATOR
from core.delivery.owed.targets import dated_targets, yearly_targets
from core.delivery.status.status import sub_item_statuses
from core.reports.delivery_tables import (
    decisions_table,
    evidence_table,
    projects_table,
    sub_items_table,
    targets_table,
    yearly_targets_table,
)
from core.reports.school_tables import profile_indicators, profile_years
from core.reports.tables import ReportTable
from core.rules.plan import TOWNSHIPS_KIND
from core.wording.delivery import EVIDENCE_STATES
from tests.support.demo_county import PLAN, STANDARD, Demo

OPENED = date(2023, 11, 30)


def column(table: ReportTable, header: str) -> list[object]:
    """The cells of one column."""
    number = [c.header for c in table.columns].index(header)
    return [row[number] for row in table.rows]


def test_the_sub_items_stand_with_computation_and_report_side_by_side(demo: Demo) -> None:
    now = demo.on(OPENED)
    statuses = sub_item_statuses(now)
    table = sub_items_table(now, statuses.values(), "时间线")
    assert column(table, "具体措施") == list(statuses)
    late = [level for level in column(table, "核算") if "逾期" in str(level)]
    assert len(late) >= sum(s.is_late for s in statuses.values()) > 0
    unreported = sum(s.reported is None for s in statuses.values())
    assert column(table, "填报状态").count("…") == unreported
    assert column(table, "佐证已归档") == [s.evidence_filed for s in statuses.values()]


def test_the_targets_are_those_of_the_plan(demo: Demo) -> None:
    now = demo.on(OPENED)
    assert column(targets_table(dated_targets(now)), "目标") == [t.name for t in PLAN.dated_targets]
    yearly = yearly_targets_table(yearly_targets(now))
    assert column(yearly, "年度目标") == [t.name for t in PLAN.yearly_targets]
    assert any("增长" in str(cell) for cell in column(yearly, "逐年"))


def test_before_any_figures_a_target_is_not_called_reached(demo: Demo) -> None:
    table = targets_table(dated_targets(demo.on(date(2018, 8, 31))))
    assert None in column(table, "现值") and not any("●" in str(c) for c in column(table, "结论"))


def test_the_evidence_catalogue_counts_as_the_sub_items_do(demo: Demo) -> None:
    now = demo.on(OPENED)
    statuses = sub_item_statuses(now)
    table = evidence_table(now, statuses.values())
    counted = Counter((row[0], row[5]) for row in table.rows)
    for sub_item_id, status in statuses.items():
        if PLAN.unit(status.obligation.lead_unit_id).kind == TOWNSHIPS_KIND:
            assert sum(counted[sub_item_id, state] for state in EVIDENCE_STATES.values()) >= status.evidence_required
        else:
            confirmed, waiting = counted[sub_item_id, "已核验"], counted[sub_item_id, "已归档，待核验"]
            assert (confirmed, confirmed + waiting) == (status.evidence_confirmed, status.evidence_filed)
            assert counted[sub_item_id, "缺"] == status.evidence_required - status.evidence_filed


def test_the_decisions_carry_owner_day_and_signature(demo: Demo) -> None:
    now = demo.on(OPENED)
    table = decisions_table(now, now.records.decisions, LOCAL_ADMINISTRATOR)
    assert column(table, "议定事项") == [d.decision for d in now.records.decisions]
    assert all("身份未确认" in str(name) for name in column(table, "登记人"))


def test_the_projects_carry_their_six_slots_with_the_blank_ones_and_units_in_the_headers(demo: Demo) -> None:
    now = demo.on(OPENED)
    table = projects_table(now, now.projects, 2023, LOCAL_ADMINISTRATOR)
    assert column(table, "项目") == [p.name for p in now.projects]
    blank = [[slot for slot in PLAN.project_slots if not p.slots.get(slot.slot_id, "").strip()] for p in now.projects]
    written = zip(*(column(table, slot.name) for slot in PLAN.project_slots), strict=True)
    assert [cells.count("空缺") for cells in written] == [len(slots) for slots in blank]
    assert {"新增学位（个）", "教学及辅助用房（㎡）", "进度（%）"} <= {c.heading for c in table.columns}


def test_a_profile_holds_the_seven_indicators_and_every_year(demo: Demo) -> None:
    judged = demo.assessments
    row = next(r for r in judged[2023].rows if r.school_id == "350526-0007")
    indicators, years = profile_indicators(judged[2023], row, STANDARD), profile_years(judged, row, STANDARD)
    assert column(indicators, "指标") == [i.name for i in STANDARD.indicators]
    assert any(str(gap).startswith("缺 ") for gap in column(indicators, "缺口或余量"))
    assert column(years, "学年") == [str(y) for y in sorted(judged, reverse=True)]
