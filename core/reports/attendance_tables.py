"""控辍保学 as tables to take away: the townships, the cases, the schools' months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.delivery.attendance.cases import AttendanceCase
from core.delivery.owed.attendance import SchoolMonth, TownshipAttendance
from core.reports.tables import WHOLE, ReportCell, ReportColumn, ReportTable
from core.wording.carrying_out.attendance import (
    GRADE_NAMES,
    HOW_IT_COUNTS,
    KIND_NAMES,
    NOTHING_PERSONAL,
    OUTCOME_NAMES,
    PROOF_NAMES,
    SOURCE_NAMES,
    case_state,
    explained_text,
)
from core.wording.numbers import NONE_HERE


def townships_table(found: Sequence[TownshipAttendance], year: int) -> ReportTable:
    """适龄儿童台账: every township as reported and with its cases counted."""
    counted = ("适龄人数", "在学人数", "送达通知书", "返校人数")
    columns = (
        ReportColumn("乡镇"),
        *(ReportColumn(name, "人" if "人数" in name else "份", WHOLE) for name in counted),
        *(ReportColumn(f"{name}（按个案计）", "", WHOLE) for name in counted),
        ReportColumn("个案", "件", WHOLE),
        ReportColumn("未了结", "件", WHOLE),
        ReportColumn("核对"),
    )
    rows = []
    for t in found:
        figures: list[ReportCell] = []
        for of in (t.reported, t.followed):
            figures += (
                [None] * 4 if of is None else [of.school_age, of.enrolled, of.notices_served, of.notices_returned]
            )
        rows.append((t.name, *figures, t.explained.cases, t.explained.open, explained_text(t.explained)))
    return ReportTable(f"{year}学年适龄儿童台账", columns, tuple(rows), (HOW_IT_COUNTS,))


def cases_table(
    cases: Sequence[AttendanceCase],
    title: str,
    schools: Mapping[str, str],
    townships: Mapping[str, str],
    as_of: date,
) -> ReportTable:
    """A ledger of cases, one row a child, without anything that names it."""
    names = ("编号", "乡镇", "学校", "年级", "类别", "来源", "发现日期", "认定辍学日期", "通知书号", "送达日期", "限期", "去向", "去向日期", "凭据", "现状")  # fmt: skip
    rows = tuple(
        (
            c.case_id,
            townships.get(c.township_code, c.township_code),
            schools.get(c.school_id or "", NONE_HERE),
            GRADE_NAMES[c.grade],
            KIND_NAMES[c.kind],
            SOURCE_NAMES[c.source],
            c.found_on,
            c.confirmed_on or NONE_HERE,
            NONE_HERE if c.notice_on is None else f"〔{c.notice_on.year}〕{c.notice_number} 号",
            c.notice_on or NONE_HERE,
            c.term or NONE_HERE,
            OUTCOME_NAMES[c.outcome] if c.outcome else NONE_HERE,
            c.outcome_on or NONE_HERE,
            PROOF_NAMES[c.proof] if c.proof else NONE_HERE,
            case_state(c, as_of),
        )
        for c in cases
    )
    return ReportTable(title, tuple(ReportColumn(name) for name in names), rows, (NOTHING_PERSONAL,))


def months_table(
    found: Sequence[SchoolMonth], month: date, schools: Mapping[str, str], townships: Mapping[str, str]
) -> ReportTable:
    """Every school's month: on the roll, attending, absent, cases open."""
    columns = (
        ReportColumn("学校"),
        ReportColumn("乡镇"),
        *(ReportColumn(name, "人", WHOLE) for name in ("学籍人数", "实到人数", "未到人数")),
        ReportColumn("未了结个案", "件", WHOLE),
        ReportColumn("没有个案", "人", WHOLE),
    )
    rows = tuple(
        (
            schools.get(m.school_id, m.school_id),
            townships.get(m.township_code, m.township_code),
            *((m.said.on_roll, m.said.attending, m.said.absent) if m.said else (None, None, None)),
            m.open_cases,
            m.absent_without_case if m.said else None,
        )
        for m in found
    )
    return ReportTable(f"{month:%Y年%m月}在校月报", columns, rows)
