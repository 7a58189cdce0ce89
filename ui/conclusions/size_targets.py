"""Class and school sizes against the law's items and the plan's dated targets."""

from __future__ import annotations

import streamlit as st

from core.delivery.owed.targets import TargetOutlook, dated_targets
from core.reports.tables import ReportColumn, ReportTable
from core.rules.plan_metrics import ClassShare, LargestClass, OversizedSchoolShare
from core.wording.carrying_out.targets import limit_text, outlook_sentence, pace_text, value_text
from core.wording.items import item_detail, item_name
from core.wording.items import limit_text as item_limit_text
from core.wording.verdicts import marked
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.status_view import pace_mark
from ui.tables import downloads, sentence_table

_MEASURES = (ClassShare, OversizedSchoolShare, LargestClass)


def targets_table(view: View) -> None:
    """The national items and the plan's dated targets on classes and schools."""
    rows = [
        (
            item_name(code, view.standard),
            f"{view.standard.documents['standard'].number} {view.standard.item(code).clause}",
            marked(view.assessment.item(code).verdict),
            verdict_mark(view.assessment.item(code).verdict),
            item_limit_text(view.standard.item(code)),
            item_detail(view.assessment.item(code), view.standard),
        )
        for code in ("G5", "G4")
    ]
    rows += [_target_row(view, o) for o in dated_targets(view.situation) if isinstance(o.target.measure, _MEASURES)]
    sentence_table(
        [
            {
                "目标": plain(name),
                "依据": plain(basis),
                "结论": mark,
                "限值": plain(limit),
                "现状": plain(now),
            }
            for name, basis, _, mark, limit, now in rows
        ]
    )
    table = ReportTable(
        "班额校额目标",
        tuple(ReportColumn(c) for c in ("目标", "依据", "结论", "限值", "现状")),
        tuple((name, basis, state, limit, now) for name, basis, state, _, limit, now in rows),
    )
    downloads(view, [table], "", key="class_targets")
    if view.year != view.situation.year:
        st.caption(
            plain(f"国家标准两项按 {view.year} 学年判定；方案目标按截至 {view.as_of} 的数据判定，不随所选学年变化。")
        )


def _target_row(view: View, outlook: TargetOutlook) -> tuple[str, str, str, str, str, str]:
    """A dated target as it stands at the as-of day, by the year that decides it."""
    year = max(outlook.values, default=None)
    values = outlook.values[year] if year is not None else ()
    target, shown = outlook.target, "；".join(value_text(v, outlook) for v in values)
    return (
        target.name,
        f"{view.plan.document.number} {target.clause}，期限 {target.deadline}",
        pace_text(outlook.pace_verdict),
        pace_mark(outlook.pace_verdict),
        limit_text(values, outlook),
        f"{year} 学年 {shown}；{outlook_sentence(outlook)}" if shown else "…",
    )
