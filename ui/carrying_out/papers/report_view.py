"""自评报告: to take away as Word and PDF, its drafts kept, and what changed since the last one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from core.delivery.owed.scoreboard import scoreboard
from core.delivery.records.records import reported_in_month
from core.delivery.records.report_drafts import KeptDraft, ReportDraft, keep_draft, read_drafts
from core.delivery.records.stated import StatedFigure, changed_figures
from core.facts.county_facts import judgements
from core.reports.official.paper import Paper, openings
from core.reports.official.pdf import paper_pdf
from core.reports.official.word import paper_docx
from core.reports.self_evaluation.basis import Basis
from core.reports.self_evaluation.report import self_evaluation
from core.reports.tables import file_name
from core.wording.delivery import signature
from core.wording.stated import stated_figures
from core.wording.verdicts import county_headline
from ui import cache, draft
from ui.access import while_permitted
from ui.forms import may, send_button, writer
from ui.forwarding import linked, pin_here
from ui.frame import View
from ui.labels import plain
from ui.tables import sentence_table

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CHANGES_SHOWN = 12


def headline(view: View) -> str:
    """The verdict, and how many drafts are kept."""
    kept = len(read_drafts(view.store, view.county_code))
    said = f"已留存 {kept} 稿" if kept else "尚未留存过稿"
    return f"{county_headline(view.assessment, view.county_name, view.standard)}，自评报告{said}"


def report(view: View) -> None:
    """The files, what they hold, what changed, the drafts."""
    kept = read_drafts(view.store, view.county_code)
    previous = kept[-1] if kept else None
    with st.container(horizontal=True):
        _file(view, previous, "Word", "docx", WORD_TYPE, paper_docx, "description")
        _file(view, previous, "PDF", "pdf", "application/pdf", paper_pdf, "picture_as_pdf")
    sentence_table(
        [{"部分": f"**{plain(head)}**", "开头": plain(opening)} for head, opening in openings(_paper(view, previous))]
    )
    st.caption("按公文格式排版，附数字来源、未参评学校、已销号问题；Word 稿可以再改，改动不回写平台。")
    stated = stated_figures(view.situation, view.assessment)
    st.header("与上一稿相比", anchor=False)
    if previous is None:
        st.info("还没有留存过稿。留存后，再出报告时会列出哪些数字变了。")
    else:
        _changes(previous, stated)
    _keep_form(view, stated)
    _drafts(view, kept)


def report_paper(view: View) -> Paper:
    """The report held against the draft that was kept last."""
    kept = read_drafts(view.store, view.county_code)
    return _paper(view, kept[-1] if kept else None)


def _paper(view: View, previous: KeptDraft | None) -> Paper:
    about = f"report {previous.number if previous else 0} {view.draft}"
    return cache.told(view.key, view.year, view.as_of, about, lambda: self_evaluation(_basis(view, previous)))


def _basis(view: View, previous: KeptDraft | None) -> Basis:
    return Basis(
        situation=view.situation,
        assessment=view.assessment,
        judge=view.with_changes,
        read_as=view.read_as,
        batches=view.counting,
        judgements=judgements(view.store, view.county_code, view.year),
        scores=scoreboard(view.situation, reported_in_month(view.store, view.county_code, view.as_of, view.as_of)),
        previous=previous,
        is_demo=view.is_demo,
        draft=view.draft,
    )


def _file(
    view: View,
    previous: KeptDraft | None,
    kind: str,
    suffix: str,
    media_type: str,
    make: Callable[[Paper], bytes],
    icon: str,
) -> None:
    pin = pin_here(view, "county", view.county_code)
    st.download_button(
        f"下载自评报告 {kind}",
        while_permitted("view", lambda: make(linked(view, _paper(view, previous), pin))),
        file_name(
            "自评报告", f"{view.year}学年-截至{view.as_of:%Y%m%d}", view.county_name, suffix, is_demo=view.is_demo
        ),
        media_type,
        key=f"report_{suffix}",
        icon=f":material/{icon}:",
        type="primary" if suffix == "docx" else "secondary",
        on_click="ignore",
    )


def _changes(previous: KeptDraft, stated: tuple[StatedFigure, ...]) -> None:
    changed = changed_figures(previous.figures, stated)
    st.markdown(
        plain(
            f"上一稿为第 {previous.serial} 稿（{previous.year} 学年，截至 {previous.day}，"
            f"{previous.recorded_at:%Y-%m-%d} 留存）；现有 {len(changed)} 个数字与它不同。"
        )
    )
    sentence_table(
        [
            {"项目": f"**{plain(c.name)}**", "上一稿": plain(c.before or "—"), "现在": plain(c.after or "—")}
            for c in changed
        ],
        pressing=[place < _CHANGES_SHOWN for place in range(len(changed))],
        fold="其余 {n} 个数字",
    )


def _keep_form(view: View, stated: tuple[StatedFigure, ...]) -> None:
    with st.expander("留存为一稿"):
        form = "report_draft"
        allowed = may(view, "plan")
        place = f"{form}_{draft.edition(form)}"
        st.caption("留存的是这一稿的全部数字，不留文字；以后出报告时与它比较。")
        with st.form(place, border=False):
            note = st.text_input("说明（报送谁、第几次审议等）", key=f"{place}_note", max_chars=300)
            actor = writer(view, "留存人", f"{place}_name")

            def write() -> str:
                kept = ReportDraft(
                    day=view.as_of,
                    year=view.year,
                    batches=view.batch_words(),
                    standard_id=view.standard.standard_id,
                    figures=stated,
                    note=note or "",
                )
                record = keep_draft(view.store, view.county_code, kept, actor, datetime.now())
                return f"已留存为第 {record.serial} 稿，共 {len(record.figures)} 个数字。"

            send_button("留存", form, allowed, write)


def _drafts(view: View, kept: tuple[KeptDraft, ...]) -> None:
    if not kept:
        return
    st.header("历次留存", anchor=False)
    sentence_table(
        [
            {
                "稿": f"**第 {one.serial} 稿**",
                "数据": plain(f"{one.year} 学年，截至 {one.day}，{one.batches}"),
                "留存": plain(f"{one.recorded_at:%Y-%m-%d} {signature(one.actor, one.verified, view.actor)}"),
                "说明": plain(one.note or "—"),
            }
            for one in reversed(kept)
        ]
    )
