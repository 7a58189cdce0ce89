"""申报表: the six tables as one workbook, each of them on the screen, and whether they agree."""

from __future__ import annotations

import streamlit as st

from core.facts.county_facts import figures, survey
from core.facts.school_facts import grades_taught, school_places, stage_people
from core.reports.assess_json import assess_object
from core.reports.declaration.cross_check import Check, cross_checks
from core.reports.declaration.forms import Declared, Form, declaration
from core.reports.declaration.workbook import declaration_workbook
from core.reports.tables import file_name
from core.wording.verdicts import SHAPES, WORDS
from ui import cache
from ui.access import while_permitted
from ui.frame import View
from ui.labels import plain
from ui.links import linked_choice
from ui.tables import XLSX_TYPE, origin_of, report_table, sentence_table

_AGREES = {True: ":green[● 一致]", False: ":red[▲ 不一致]", None: ":gray[○ 数据未报，无法核对]"}


def headline(view: View) -> str:
    """Whether the tables agree with one another and with the judgement."""
    checks = _checks(view)
    wrong, unknown = (sum(c.agrees is outcome for c in checks) for outcome in (False, None))
    said = f"{wrong} 处不一致" if wrong else "没有不一致"
    missing = f"，{unknown} 处因数据未报无法核对" if unknown else ""
    return f"申报表六张，表间核对 {len(checks)} 处，{said}{missing}"


def tables(view: View) -> None:
    """The workbook, the tables one by one, the cross-check."""
    forms = _forms(view)
    st.download_button(
        "下载申报表 Excel",
        while_permitted(
            "view",
            lambda: declaration_workbook(
                forms, _checks(view), view.county_name, view.year, origin_of(view, ""), view.draft
            ),
        ),
        file_name("申报表", f"{view.year}学年-截至{view.as_of:%Y%m%d}", view.county_name, "xlsx", is_demo=view.is_demo),
        XLSX_TYPE,
        key="declaration_xlsx",
        icon=":material/table:",
        type="primary",
        on_click="ignore",
    )
    marks = [v for form in forms for v in form.marks.values()]
    counted = "，".join(f"{SHAPES[v]} {WORDS[v]} {marks.count(v)} 格" for v in dict.fromkeys(marks))
    st.caption(
        plain(
            f"表Ⅰ至表Ⅵ各一张工作表，按申报表的列和取整，每张下方有填表人、审核人、负责人（签章）、日期；"
            f"未报的格标“…”，不代填。{f'做了标记的有：{counted}。' if counted else ''}"
        )
    )
    by_title = {form.table.title: form for form in forms}
    titles = {title: title for title in by_title}
    chosen = linked_choice("看哪张表", list(titles), "form", titles, placeholder="选一张在这里看")
    if chosen is not None:
        report_table(by_title[chosen].table, key="form_table")
    st.header("表间核对", anchor=False)
    checks = sorted(_checks(view), key=lambda c: (c.agrees is not False, c.agrees is not None))
    sentence_table(
        [
            {
                "核对内容": f"**{plain(c.name)}**",
                "左侧": plain(c.left),
                "右侧": plain(c.right),
                "结果": _AGREES[c.agrees],
            }
            for c in checks
        ],
        pressing=[c.agrees is not True for c in checks],
        fold="一致的 {n} 处",
    )


def _forms(view: View) -> tuple[Form, ...]:
    return cache.told(view.key, view.year, view.as_of, "declaration", lambda: _made(view))


def _made(view: View) -> tuple[Form, ...]:
    store, county, year = view.store, view.county_code, view.year
    return declaration(
        Declared(
            view.assessment,
            view.standard,
            grades_taught(store, county, year),
            figures(store, county, year),
            school_places(store, county, year),
            stage_people(store, county, year),
            survey(store, county, year),
        )
    )


def _checks(view: View) -> tuple[Check, ...]:
    return cross_checks(_forms(view), assess_object(view.assessment, view.standard), view.standard)
