"""Batches: the draft with what it would change, the history, comparison, rollback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from core.batches import publishing, register
from core.batches.batch_bases import why_outdated
from core.batches.changed_figures import FigureChange, batch_changes
from core.batches.counting import BatchStanding, batch_standing, batch_standings
from core.batches.preview import BatchPreview
from core.batches.register import Batch
from core.errors import RequestInvalid
from core.method.comparison import Comparison
from core.reports.tables import ReportColumn, ReportTable
from core.wording.batches import STATE_WORDS, history_text, places_text, standing_text, withdrawal_text, years_text
from core.wording.planning.comparison import (
    change_texts,
    comparison_sentence,
    schools_since_last_year,
    since_last_year_sentence,
)
from core.wording.verdicts import WORDS
from ui import cache
from ui.draft import announce
from ui.frame import Desk, View
from ui.labels import plain, verdict_mark
from ui.menu import page_file
from ui.tables import downloads, report_table, sentence_table

_STATE_MARKS = {
    "draft": ("orange", "◇"),
    "current": ("green", "●"),
    "partly": ("green", "◐"),
    "replaced": ("gray", "○"),
    "withdrawn": ("gray", "–"),
    "dropped": ("gray", "–"),
    "empty": ("gray", "○"),
}
_LISTED = 20
_FIGURES_SHOWN = 500


def headline(view: View) -> str:
    """Which batch counts, and whether drafts wait."""
    drafts = [b for b in _own(view) if b.state == "draft"]
    waiting = f"，有 {len(drafts)} 个草稿待发布" if drafts else ""
    return f"{view.year} 学年现用{view.batch_words()}{waiting}"


def _own(desk: Desk) -> list[Batch]:
    county_code = desk.county_code if isinstance(desk, View) else None
    return [b for b in register.batches(desk.store) if county_code in (None, b.county_code)]


def draft_to_publish(view: Desk) -> None:
    """The newest drafts with their preview, to be published or looked at on every page."""
    for draft in (b for b in _own(view) if b.state == "draft"):
        with st.container(border=True):
            st.markdown(
                f"**草稿：批次 {draft.batch_id}** {plain(draft.source_name)}，{plain(draft.actor)} {draft.loaded_at:%Y-%m-%d %H:%M}"
            )
            outdated = why_outdated(view.store, draft.batch_id, is_draft=True)
            if outdated:
                st.warning(plain(outdated))
            seen = _preview_with_steps(draft)
            _show_preview(view, draft, seen)
            with st.container(horizontal=True, vertical_alignment="bottom"):
                reason = st.text_input(
                    "发布说明", key=f"publish_reason_{draft.batch_id}", placeholder="如：年度数据定稿"
                )
                if st.button(
                    "发布",
                    type="primary",
                    key=f"publish_{draft.batch_id}",
                    disabled=bool(outdated) or not view.actor.may("publish"),
                ):
                    publishing.publish(view.store, draft.batch_id, view.actor, datetime.now(), reason)
                    announce(f"批次 {draft.batch_id} 已发布，全部页面已按新数据判定。")
                    st.rerun()
                st.page_link(
                    page_file("conclusions/overview"),
                    label="以草稿查看各页",
                    icon=":material/visibility:",
                    query_params={"draft": str(draft.batch_id)},
                )
                if st.button(
                    "放弃草稿", key=f"drop_{draft.batch_id}", type="tertiary", disabled=not view.actor.may("publish")
                ):
                    publishing.withdraw(
                        view.store, draft.batch_id, view.actor, datetime.now(), reason.strip() or "放弃草稿"
                    )
                    announce(f"草稿批次 {draft.batch_id} 已放弃，仍留在批次记录中，可在“批次”页查到。")
                    st.rerun()


def _preview_with_steps(draft: Batch) -> BatchPreview:
    """The preview; while it is worked out, the step it has come to."""
    place = st.empty()

    def tell(step: str) -> None:
        place.status(f"正在比较结论：{step}……")

    seen = cache.preview(draft.batch_id, tell)
    place.empty()
    return seen


def _show_preview(view: Desk, draft: Batch, seen: BatchPreview) -> None:
    if seen.figures.is_empty:
        st.info("这个草稿没有改变任何数。")
        return
    for year in seen.years:
        if year.comparison is None:
            after = WORDS[year.after.verdict] if year.after else "没有数据"
            st.markdown(f"**{year.year} 学年**　新增学年：全县{after}")
            if year.since_last_year is not None:
                _show_since_last_year(view, year.since_last_year)
            continue
        st.markdown(f"**{year.year} 学年**　{plain(comparison_sentence(year.comparison))}")
        texts = change_texts(year.comparison, view.standard)
        st.markdown("\n".join(f"- {plain(t)}" for t in texts[:_LISTED]) or "没有学校、差异系数或项目的结论改变。")
        if len(texts) > _LISTED:
            st.caption(f"另有 {len(texts) - _LISTED} 项结论改变。")
    with st.expander(f"改变的数 {len(seen.figures.figures)} 处"):
        table = _figures_table(f"批次 {draft.batch_id} 改变的数", seen.figures.figures)
        report_table(replace(table, rows=table.rows[:_FIGURES_SHOWN]), key=f"figures_{draft.batch_id}", height=320)
        if len(table.rows) > _FIGURES_SHOWN:
            st.caption(f"列出前 {_FIGURES_SHOWN} 处，全部见下载文件。")
        if isinstance(view, View):
            downloads(view, [table], f"批次{draft.batch_id}", key=f"preview_{draft.batch_id}")


def _show_since_last_year(view: Desk, comparison: Comparison) -> None:
    """What is new of a year that had no figures, school by school, with the reason."""
    schools = schools_since_last_year(comparison, view.standard)
    st.markdown(plain(since_last_year_sentence(comparison, schools)))
    rows = [
        {
            "学校": f"**{plain(school.name)}**",
            f"{comparison.before.year} 学年": "—" if school.before is None else verdict_mark(school.before),
            f"{comparison.after.year} 学年": verdict_mark(school.after),
            "原因": plain(school.reason),
        }
        for school in schools
    ]
    sentence_table(rows[:_LISTED])
    if len(rows) > _LISTED:
        with st.expander(f"其余 {len(rows) - _LISTED} 个"):
            sentence_table(rows[_LISTED:])


def _figures_table(title: str, figures: Sequence[FigureChange]) -> ReportTable:
    return ReportTable(
        title,
        tuple(ReportColumn(c) for c in ("工作表", "行", "列", "原数", "新数")),
        tuple(
            (f.sheet_name, "，".join(str(v) for _, v in f.key), f.column_name, _shown(f.old), _shown(f.new))
            for f in figures
        ),
    )


def _shown(value: object) -> str:
    return "未报" if value is None else str(value)


def batch_history(view: View) -> None:
    """Every batch that ever came in and what counts of it; any two compared; one taken out again."""
    standings = batch_standings(view.store, view.county_code)
    sentence_table(
        [
            {
                "批次": f"**{standing.batch.batch_id}**",
                "状态": _state_mark(standing.state),
                "现在还用哪些": plain(standing_text(standing)),
                "来源与范围": plain(f"{standing.batch.source_name}（{_scope(standing)}）"),
                "经过": plain(history_text(standing)),
                "指纹": f"`{standing.batch.sha256[:12]}`",
            }
            for standing in standings
        ]
    )
    columns = ("批次", "状态", "现在还用哪些", "来源", "范围", "经过", "指纹（SHA-256）")
    rows = tuple(
        (
            s.batch.batch_id,
            STATE_WORDS[s.state],
            standing_text(s),
            s.batch.source_name,
            _scope(s),
            history_text(s),
            s.batch.sha256,
        )
        for s in standings
    )
    downloads(view, [ReportTable("批次记录", tuple(map(ReportColumn, columns)), rows)], "", key="batch_history")
    listed = [standing.batch for standing in standings]
    _confirmed(view, listed)
    _compare(view, listed)
    _withdrawal(view, [standing for standing in standings if standing.batch.state == "published"])


def _state_mark(state: str) -> str:
    colour, shape = _STATE_MARKS[state]
    return f":{colour}[{shape} {STATE_WORDS[state]}]"


def _scope(standing: BatchStanding) -> str:
    """What the batch was made for, whether it still counts there or not."""
    if not standing.years:
        return "不含任何乡镇或学年的数据"
    places = dict.fromkeys(name for year in standing.years for name, _ in year.counted_by)
    return f"{places_text(list(places)).strip()}，{years_text([year.year for year in standing.years])}"


def _withdrawal(view: View, published: Sequence[BatchStanding]) -> None:
    if len(published) < 2 and all(standing.batch.is_demo for standing in published):
        return
    names = {
        standing.batch.batch_id: f"{standing.batch.batch_id}　{STATE_WORDS[standing.state]}　{standing.batch.source_name}"
        for standing in published
    }
    with st.form("rollback"):
        st.markdown(
            "**回滚**：撤回一个批次，它现行之处恢复为此前发布的数据；在它的数据上更正过的，须先撤回更正。"
            "任何数据都不会删除，理由记入上表。"
        )
        chosen = st.selectbox("撤回哪个批次", list(names), format_func=lambda number: names[number])
        reason = st.text_input("理由（必填）")
        if st.form_submit_button("撤回这个批次", disabled=not view.actor.may("publish")):
            before = next(standing for standing in published if standing.batch.batch_id == chosen)
            try:
                publishing.withdraw(view.store, before.batch.batch_id, view.actor, datetime.now(), reason)
            except RequestInvalid as refusal:
                st.error(plain(refusal))
                return
            announce(withdrawal_text(before, batch_standing(view.store, before.batch.batch_id)))
            st.rerun()


def _confirmed(view: View, listed: Sequence[Batch]) -> None:
    kept = [(b.batch_id, w) for b in listed for w in register.confirmed_warnings(view.store, b.batch_id)]
    if kept:
        with st.expander(f"已确认的提示 {len(kept)} 条"):
            sentence_table(
                [
                    {"批次": str(n), "提示": plain(w.sentence), "说明": plain(w.reason or "—")}
                    for n, w in kept[: _LISTED * 5]
                ]
            )


def _compare(view: View, listed: Sequence[Batch]) -> None:
    if len(listed) < 2:
        return
    with st.expander("比较两个批次"):
        numbers = [b.batch_id for b in listed]
        old = st.selectbox("原批次", numbers, index=1)
        new = st.selectbox("新批次", numbers, index=0)
        if old is not None and new is not None and old != new:
            changes = batch_changes(view.store, old, new)
            st.markdown(f"共 {len(changes.figures)} 处不同。")
            table = _figures_table(f"批次 {old} 与 {new}", changes.figures)
            report_table(table, key="compared", height=320)
            downloads(view, [table], f"{old}-{new}", key="compared_batches")
