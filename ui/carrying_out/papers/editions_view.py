"""分发材料: every edition of the county in one run, with its progress; the wall chart and the picture for a chat by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from core.access import Actor
from core.delivery.evaluation.evaluations import read_evaluations
from core.delivery.owed.meeting import meeting_days, since
from core.delivery.owed.scoreboard import scoreboard
from core.delivery.records.records import reported_in_month
from core.reports.briefing.briefings import county_briefing
from core.reports.editions.bundle import EditionRun, edition_counts, editions
from core.reports.editions.county_picture import WIDTH_PIXELS, county_picture
from core.reports.editions.wall_chart import SMALLEST_POINTS, Sheet, wall_chart
from core.reports.evaluation_documents import protocol_paper
from core.reports.official.paper import Paper
from core.reports.tables import file_name
from ui import cache
from ui.access import while_permitted
from ui.carrying_out.evaluation.evaluation_view import protocol_of
from ui.carrying_out.papers.report_view import report_paper
from ui.forwarding import pin_here
from ui.frame import View
from ui.jobs import Job, finished
from ui.labels import plain
from ui.tables import sentence_table

_SHEETS: tuple[Sheet, ...] = ("A1", "A3")


def headline(view: View) -> str:
    """For whom there are papers, and how many."""
    counts = edition_counts(_run(view))
    said = [f"{number} {unit}" for _, number, unit in counts[1:] if number]
    return f"分发材料：{'、'.join(['全县', *said])}各一份"


def editions_of_all(view: View) -> None:
    """What there is, the county's own sheets, and the run that makes everything."""
    run, pin = _run(view), pin_here(view, "county", view.county_code)
    with st.container(horizontal=True):
        for sheet in _SHEETS:
            _file(view, f"作战图 {sheet}", "pdf", "application/pdf", "map", partial(_wall, view, run, sheet, pin))
        _file(view, "简报图片", "png", "image/png", "image", partial(_picture, run))
    sentence_table(
        [
            {"给谁": f"**{who}**", "份数": plain(f"{number} {unit}"), "内容": plain(_CONTENTS[who])}
            for who, number, unit in edition_counts(run)
        ],
        pressing=[True] * 4,
    )
    st.caption(
        plain(
            f"作战图最小字号：A1 {SMALLEST_POINTS['A1']} 磅、A3 {SMALLEST_POINTS['A3']} 磅；简报图片宽 {WIDTH_PIXELS} 像素。"
            "各单位、学校自己的一份也可以在其页面上单独下载。"
        )
    )
    if not st.toggle("生成全部材料", key="make_editions"):
        return
    about = f"editions {view.actor.sees_names} {view.draft}"

    def begun() -> Job[bytes]:
        complete = replace(run, link=pin(view.actor) if view.actor.may("pin") else "")
        return Job(lambda tell: editions(complete, tell))

    job = cache.told(view.key, view.year, view.as_of, about, begun)
    package = finished(job, "正在生成各单位、乡镇、学校的材料 ", "editions")
    st.download_button(
        f"下载全部材料（{len(package) / 1_000_000:,.1f} MB）",
        while_permitted("view", lambda: package),
        file_name(
            "分发材料", f"{view.year}学年-截至{view.as_of:%Y%m%d}", view.county_name, "zip", is_demo=view.is_demo
        ),
        "application/zip",
        key="editions_zip",
        icon=":material/folder_zip:",
        type="primary",
        on_click="ignore",
    )


_CONTENTS = {
    "全县": "简报（PDF、图片）、作战图 A1 和 A3、领导小组会议材料、自评报告，做过模拟评估的附其报告",
    "部门": "简报，问题清单、任务清单、责任清单和责任书",
    "乡镇": "简报，问题清单、任务清单、责任清单和责任书",
    "学校": "一校一单，一校一案（问题、整改措施、资金及来源、责任人、时限、完成情况、销号）",
}


def _run(view: View) -> EditionRun:
    now = view.situation
    days = meeting_days(now)
    return EditionRun(
        situation=now,
        assessment=view.assessment,
        judge=cache.judge_for_jobs(view.key, view.year, view.as_of),
        scores=scoreboard(now, reported_in_month(view.store, view.county_code, view.as_of, view.as_of)),
        since=since(cache.situation(view.key, days[0]), now) if days else None,
        reader=view.actor,
        source_line=view.source_line(),
        is_demo=view.is_demo,
        report=report_paper(view),
        protocol=_protocol(view),
        draft=view.draft,
    )


def _protocol(view: View) -> Paper | None:
    """The last mock evaluation's protocol, None where there was none."""
    held = read_evaluations(view.store, view.county_code, view.as_of)
    return protocol_paper(protocol_of(view, held[0]), view.is_demo) if held else None


def _picture(run: EditionRun) -> bytes:
    return county_picture(
        county_briefing(run.situation, run.assessment, run.scores, run.judge, run.source_line, run.is_demo)
    )


def _wall(view: View, run: EditionRun, sheet: Sheet, pin: Callable[[Actor], str]) -> bytes:
    link = pin(view.actor) if view.actor.may("pin") else ""
    return wall_chart(run.situation, run.assessment, run.scores, run.judge, run.source_line, run.is_demo, sheet, link)


def _file(view: View, label: str, suffix: str, kind: str, icon: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        label,
        while_permitted("view", make),
        file_name(label, f"{view.year}学年-截至{view.as_of:%Y%m%d}", view.county_name, suffix, is_demo=view.is_demo),
        kind,
        key=f"edition_{label}",
        icon=f":material/{icon}:",
        on_click="ignore",
    )
