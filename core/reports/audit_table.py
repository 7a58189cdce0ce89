"""The record of actions as a table to take away."""

from __future__ import annotations

from collections.abc import Sequence

from core.audit import EVENT_NAMES, Entry
from core.reports.tables import ReportColumn, ReportTable

_COLUMNS = ("序号", "时间", "账号", "姓名", "身份", "来自", "操作", "对象", "改前", "改后", "校验值")


def audit_table(entries: Sequence[Entry]) -> ReportTable:
    """Every entry whole, with the hash by which the chain is looked through."""
    return ReportTable(
        "操作记录",
        tuple(map(ReportColumn, _COLUMNS)),
        tuple(
            (
                entry.number,
                f"{entry.recorded_at:%Y-%m-%d %H:%M:%S}",
                entry.person_id,
                entry.actor,
                "已确认" if entry.verified else "未确认",
                entry.origin,
                EVENT_NAMES.get(entry.action, entry.action),
                entry.subject,
                entry.before,
                entry.after,
                entry.hash,
            )
            for entry in entries
        ),
    )
