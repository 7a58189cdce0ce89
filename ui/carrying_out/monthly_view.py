"""The monthly report: all rows on one screen at a desk, one sub-item at a time on a phone; who has not reported."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Actor
from core.delivery.owed.units import may_report, not_reported, to_report
from core.delivery.records.records import UpdateDraft, UpdateKey, reported_in_month
from core.delivery.records.records_writing import append_updates, unit_scope
from core.delivery.status.sub_item_status import SubItemStatus
from core.errors import RequestInvalid
from core.reports.delivery_tables import sub_items_table
from core.rules.plan import TOWNSHIPS_KIND
from core.wording.delivery import REPORTED_LABELS, level_label, receipt_sentence, unit_name
from ui import draft
from ui.carrying_out.unit_view import Chosen
from ui.forms import may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import address
from ui.tables import downloads, sentence_table

_ROW_HEIGHT = 38
_STATUS = {label: status for status, label in REPORTED_LABELS.items()}


@dataclass(frozen=True)
class OpenedReport:
    """What the writer had before their eyes: the pre-filled rows, and the record seen behind each.

    The first `owed` rows are led by the unit; the others it shares in, and reports its part of where it has something to say.
    """

    sub_item_ids: tuple[str, ...]
    seen: tuple[int, ...]
    frame: pd.DataFrame
    owed: int


def monthly_report(view: View, chosen: Chosen | None) -> None:
    """All sub-items of a unit as rows, last month pre-filled, saved together."""
    missing_table(view)
    if chosen is None:
        st.info("选择一个部门或乡镇后，在这里一屏填报本月进展。")
        return
    if chosen.township_code is None and view.plan.unit(chosen.unit_id).kind == TOWNSHIPS_KIND:
        st.info("乡镇分别填报，请选择具体乡镇。")
        return
    form = f"monthly_{chosen.unit_id}_{chosen.township_code}_{view.as_of}"
    opened = draft.opened(form, lambda: _opened(view, chosen))
    st.subheader(plain(f"{chosen.name} {view.as_of:%Y 年 %m 月}月报"), anchor=False)
    if not opened.sub_item_ids:
        st.success(plain(f"{chosen.name}本月没有需要填报的子项。"))
        return
    allowed = may(view, "report", unit_scope(view.plan, chosen.unit_id, chosen.township_code))
    with st.container(key="desk_monthly"):
        _all_at_once(view, chosen, form, opened, allowed)
    with st.container(key="phone_monthly"):
        _one_by_one(view, chosen, form, opened, allowed)
    owed = to_report(view.situation, chosen.unit_id, chosen.township_code)
    table = sub_items_table(view.situation, owed, f"{view.as_of:%Y年%m月}月报")
    downloads(view, [table], chosen.name, key=f"{form}_files")


def _all_at_once(view: View, chosen: Chosen, form: str, opened: OpenedReport, allowed: bool) -> None:
    st.caption(
        "已预填上次填报的内容，改动后一次保存；“状态”留空的行不报送；注“（配合）”的由牵头单位报，有情况的可补报本单位的部分。报有风险或滞后的，须写明如何、何时恢复正常。"
    )
    number = draft.edition(form)
    with st.form(f"{form}_{number}", border=False):
        edited = st.data_editor(
            opened.frame,
            key=f"{form}_rows_{number}",
            hide_index=True,
            placeholder="",
            disabled=True if not allowed else ["子项", "期限", "核算"],
            row_height=_ROW_HEIGHT,
            height=min(len(opened.frame) + 1, 18) * _ROW_HEIGHT + 4,
            column_config={
                "子项": st.column_config.TextColumn(pinned=True, width="medium"),
                "期限": st.column_config.DateColumn(format="YYYY-MM-DD", width="small"),
                "核算": st.column_config.TextColumn(width=150),
                "状态": st.column_config.SelectboxColumn(options=list(_STATUS), width="small"),
                "进度%": st.column_config.NumberColumn(min_value=0, max_value=100, step=1, width="small"),
                "预计完成": st.column_config.DateColumn(format="YYYY-MM-DD", width="small"),
                "说明": st.column_config.TextColumn(max_chars=300, width=150),
                "佐证链接": st.column_config.TextColumn(max_chars=300),
                "恢复正常的措施和时间": st.column_config.TextColumn(max_chars=300),
            },
        )
        actor = writer(view, "填报人", f"{form}_name")
        send_button("保存月报", form, allowed, lambda: _save(view, chosen, opened, edited, actor))


def _one_by_one(view: View, chosen: Chosen, form: str, opened: OpenedReport, allowed: bool) -> None:
    """One sub-item as a form, those not yet reported this month first: nothing lies beyond a narrow screen."""
    told = reported_in_month(view.store, view.county_code, view.as_of, view.as_of)
    reported = {i for i in opened.sub_item_ids if UpdateKey(i, chosen.unit_id, chosen.township_code) in told}
    rows = dict(zip(opened.sub_item_ids, opened.frame.to_dict("records"), strict=True))
    st.caption(f"本月已报 {len(reported)}/{len(rows)} 项，未报的在前；选一项，改动后保存。")
    number = draft.edition(form)
    sub_item_id = st.selectbox(
        "填报的子项",
        sorted(rows, key=lambda i: i in reported),
        format_func=lambda i: f"{'●' if i in reported else '○'} {rows[i]['子项']}",
        key=f"{form}_one_{number}",
    )
    row, place = rows[sub_item_id], f"{form}_one_{sub_item_id}_{number}"
    due = _day(row["期限"])
    st.markdown(f"**{plain(row['子项'])}**  \n{plain(row['核算'])}　:gray[期限]　{plain(due or '—')}")
    with st.form(place, border=False):
        labels = list(_STATUS)
        status = st.selectbox(
            "状态",
            labels,
            index=labels.index(row["状态"]) if row["状态"] in labels else None,
            placeholder="选择状态",
            key=f"{place}_status",
        )
        progress = st.number_input(
            "进度（%）",
            min_value=0,
            max_value=100,
            value=None if pd.isna(row["进度%"]) else int(row["进度%"]),
            step=1,
            key=f"{place}_progress",
        )
        told_now = {
            "状态": status,
            "进度%": progress,
            "预计完成": optional_day("预计完成", _day(row["预计完成"]), f"{place}_forecast"),
            **{
                label: st.text_input(label, value=_text(row[label]), max_chars=300, key=f"{place}_{label}")
                for label in ("说明", "佐证链接", "恢复正常的措施和时间")
            },
        }
        actor = writer(view, "报送人", f"{form}_one_name")

        def write() -> str:
            if status is None:
                raise RequestInvalid(f"{sub_item_id} 没有保存：请先选择“状态”。")
            seen = opened.seen[opened.sub_item_ids.index(sub_item_id)]
            _append(view, [(_draft(view, chosen, sub_item_id, told_now), seen)], actor)
            return f"{chosen.name}已报送 {row['子项']}。"

        send_button("保存这一项", form, allowed, write)


def _opened(view: View, chosen: Chosen) -> OpenedReport:
    owed = to_report(view.situation, chosen.unit_id, chosen.township_code)
    shared = () if chosen.township_code else may_report(view.situation, chosen.unit_id)
    rows = [*(_row(view, status, "") for status in owed), *(_row(view, status, "（配合）") for status in shared)]
    return OpenedReport(
        tuple(s.sub_item.sub_item_id for s in (*owed, *shared)),
        tuple(s.reported.number if s.reported else 0 for s in (*owed, *shared)),
        _typed(pd.DataFrame(rows)),
        len(owed),
    )


def _row(view: View, status: SubItemStatus, part: str) -> dict[str, Any]:
    last = status.reported
    return {
        "子项": f"{status.sub_item.sub_item_id} {status.sub_item.title}{part}",
        "期限": status.standing.due or status.obligation.due,
        "核算": level_label(status.standing, view.plan),
        "状态": REPORTED_LABELS[last.status] if last else None,
        "进度%": last.progress if last else None,
        "预计完成": last.forecast_date if last else None,
        "说明": last.note if last else "",
        "佐证链接": last.evidence_link if last else "",
        "恢复正常的措施和时间": last.path_to_green if last else "",
    }


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Empty columns still know what may be typed into them."""
    if frame.empty:
        return frame
    kinds: dict[str, pd.Series[Any]] = {
        "期限": pd.to_datetime(frame["期限"]),
        "预计完成": pd.to_datetime(frame["预计完成"]),
        "进度%": pd.to_numeric(frame["进度%"]).astype("Int64"),
        "状态": frame["状态"].astype("object"),
    }
    return frame.assign(**kinds)


def _save(view: View, chosen: Chosen, opened: OpenedReport, edited: pd.DataFrame, actor: Actor) -> str:
    drafts = [
        (_draft(view, chosen, sub_item_id, row), seen)
        for sub_item_id, seen, row in zip(opened.sub_item_ids, opened.seen, edited.to_dict("records"), strict=True)
        if row["状态"] in _STATUS
    ]
    _append(view, drafts, actor)
    said = {kept.sub_item_id for kept, _ in drafts}
    left = sum(sub_item_id not in said for sub_item_id in opened.sub_item_ids[: opened.owed])
    ending = f"，{left} 项状态留空未报" if left else ""
    return f"{chosen.name}已报送 {len(drafts)} 项{ending}。"


def _append(view: View, drafts: list[tuple[UpdateDraft, int]], actor: Actor) -> None:
    """Keep the updates; whoever wrote in between is named above the fresh page."""
    for receipt in append_updates(view.store, view.plan, view.county_code, drafts, actor, datetime.now()):
        told = receipt_sentence(receipt)
        if told is not None:
            draft.announce(f"{receipt.record.sub_item_id}：{told}", warning=True)


def _draft(view: View, chosen: Chosen, sub_item_id: str, row: dict[str, Any] | dict[Hashable, Any]) -> UpdateDraft:
    return UpdateDraft(
        sub_item_id=sub_item_id,
        unit_id=chosen.unit_id,
        township_code=chosen.township_code,
        day=view.as_of,
        status=_STATUS[row["状态"]],
        progress=None if pd.isna(row["进度%"]) else int(row["进度%"]),
        forecast_date=_day(row["预计完成"]),
        note=_text(row["说明"]),
        evidence_link=_text(row["佐证链接"]),
        path_to_green=_text(row["恢复正常的措施和时间"]),
    )


def _day(cell: Any) -> date | None:
    return None if pd.isna(cell) else pd.Timestamp(cell).date()


def _text(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def missing_table(view: View) -> None:
    """Who owes this month's report on what."""
    now = view.situation
    missing = not_reported(now, reported_in_month(view.store, view.county_code, view.as_of, view.as_of))
    with st.expander(f"{view.as_of:%Y 年 %m 月}未报送名单：{len(missing)} 个单位"):
        if not missing:
            st.success("各单位本月均已报送。")
        names = dict(now.township_names)
        sentence_table(
            [
                {
                    "单位": f"**[{plain(unit_name(view.plan, m.unit_id, m.township_code, names))}]"
                    f"({address('units', unit=m.township_code or m.unit_id, unit_part='月报')})**",
                    "未报": plain(f"{len(m.missing)}/{m.owed} 项"),
                    "子项": plain("、".join(m.missing)),
                }
                for m in missing
            ]
        )
