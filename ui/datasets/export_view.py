"""Workbooks to take away: the template to fill, the figures that count."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.batches.collecting import template_package
from core.batches.workbook import Part, blank_template, export, template
from core.dataset.dictionary import sheets
from core.lake.exporting import facts_package
from core.reports.tables import file_name
from ui.access import while_permitted
from ui.frame import View
from ui.labels import COUNTY_WIDE, plain
from ui.tables import sentence_table

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer_blank_template() -> None:
    """The template without figures, to begin a county with."""
    st.download_button(
        "下载空白填报模板", blank_template, "填报模板_空白.xlsx", _XLSX, icon=":material/download:", on_click="ignore"
    )


def offer_workbooks(view: View) -> None:
    """The template and the export for the county, a township or a school."""
    names = view.assessment.township_names
    schools = {row.school_id: row.name for row in view.assessment.rows}
    parts = {COUNTY_WIDE: Part(view.county_code)}
    parts.update({name: Part(view.county_code, township_code=code) for code, name in names.items()})
    parts.update({f"{name} {s}": Part(view.county_code, school_id=s) for s, name in sorted(schools.items())})
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices_export"):
        chosen = str(st.selectbox("范围", list(parts), key="export_part"))
        year = st.number_input("模板学年", 2000, 2100, view.years[-1] + 1, key="template_year", width=140)
    part = parts[chosen]
    with st.container(horizontal=True):
        st.download_button(
            "下载填报模板",
            lambda: template(view.store, part, int(year or view.year)),
            file_name("填报模板", f"{year}学年", chosen, "xlsx", is_demo=view.is_demo),
            _XLSX,
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
        st.download_button(
            "导出现行数据",
            lambda: export(view.store, part, year=view.year),
            file_name("现行数据", f"{view.year}学年", chosen, "xlsx", is_demo=view.is_demo),
            _XLSX,
            icon=":material/download:",
            on_click="ignore",
        )
        townships = {
            file_name("填报模板", f"{year}学年", n, "xlsx", is_demo=view.is_demo): parts[n] for n in names.values()
        }
        st.download_button(
            f"打包下载 {len(townships)} 个乡镇的模板",
            lambda: template_package(view.store, townships, int(year or view.year)),
            file_name("填报模板", f"{year}学年", "各乡镇", "zip", is_demo=view.is_demo),
            "application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
            help="一个压缩包，每个乡镇一份；各乡镇填好后可以一起上传。",
        )
        st.download_button(
            "供省市汇总的数据",
            while_permitted(
                "view",
                lambda: facts_package(view.store, view.standard, view.county_code, view.county_name, datetime.now()),
            ),
            file_name("汇总数据", "各学年", COUNTY_WIDE, "zip", is_demo=view.is_demo),
            "application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
            help="本县各学年现行数据（Parquet），解压到市、省的汇总库中，由市、省统一判定；不含学生和教师个人信息。",
        )
    st.caption("模板预填上年数字，请逐格改为当年数字；空格表示未报，0 表示没有。")
    with st.expander("数据字典：各表各列、单位与报表来源"):
        for known in sheets():
            st.markdown(f"**{plain(known.name)}**")
            sentence_table(
                [
                    {
                        "列": f"**{plain(c.header)}**",
                        "标识": f"`{c.identifier}`",
                        "必填": "必填" if c.required else "可留空（未报）",
                        "来源报表": plain(c.form or "—"),
                        "说明": plain(c.note or "—"),
                    }
                    for c in known.columns
                ]
            )
