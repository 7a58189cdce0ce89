"""County items with figures, formula and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.facts import county_facts, county_series, school_facts
from core.method.assessment import ItemResult, Verdict
from core.method.failures import WORST_FIRST
from core.reports.tables import COEFFICIENT, WHOLE, ReportColumn, ReportTable
from core.wording.attention import owners
from core.wording.explanations import item_explained
from core.wording.item_notes import item_notes
from core.wording.items import (
    contract_teachers_text,
    item_detail,
    item_name,
    item_source,
    item_verdict_text,
    limit_text,
)
from core.wording.numbers import NONE_HERE, whole_text
from core.wording.verdicts import WORDS, marked
from ui.frame import View
from ui.labels import item_mark, plain, verdict_mark
from ui.tables import downloads, sentence_table

_SHOWN_SCHOOLS = 30
_TITLES = {
    "veto": "否决情形与申报条件",
    "government": "政府保障程度",
    "quality": "教育质量",
    "satisfaction": "社会认可度",
}


def items_table(view: View, *parts: str, key: str) -> None:
    """The items of some parts: verdict, what decided it, the evidence, the formula and clause."""
    found = county_facts.judgements(view.store, view.county_code, view.year)
    results = [i for i in view.assessment.items if i.part in parts]
    lines, rows = [], []
    for result in results:
        item = view.standard.item(result.code)
        judgement = found.get(result.code)
        evidence = NONE_HERE
        if item.judged:
            without = "见按学校判定的质量项目" if result.scope else "尚无"
            evidence = judgement.document or "未列佐证文件" if judgement else without
            if judgement and judgement.document_date:
                evidence += f"（{judgement.document_date:%Y-%m-%d}）"
                if judgement.document_date > view.as_of:
                    evidence += "，晚于截至日，不计入"
        detail = item_detail(result, view.standard)
        source = item_source(item)
        lines.append(
            {
                "项目": f"**{plain(item_name(result.code, view.standard))}**",
                "结论": item_mark(result),
                "依据的数与结论": plain(detail),
                "佐证": plain(evidence),
                "牵头": _answering(owners(view.plan, [result.code])),
            }
        )
        rows.append(
            (
                item_name(result.code, view.standard),
                item.name,
                item_verdict_text(result),
                detail,
                evidence,
                source,
            )
        )
    fine = "未发现" if key == "veto" else "达标"
    met = [r.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) and not r.borderline for r in results]
    sentence_table(lines, pressing=[not m for m in met], fold=f"其余 {{n}} 项{fine}：{_names(view, results, met)}")
    with st.expander("这是怎么算的"):
        st.markdown(
            "\n".join(
                f"- **{plain(item_name(r.code, view.standard))}**　{plain(item_explained(r, view.standard))}"
                for r in results
            )
        )
        st.caption(plain(view.batch_source()))
    shown = {item.code for item in results}
    notes = tuple(f"{code}：{note}" for code, note in _notes(view) if code in shown)
    for note in notes:
        st.caption(plain(note))
    columns = tuple(ReportColumn(c) for c in ("项目", "标准", "结论", "依据的数与结论", "佐证", "算法与条款"))
    downloads(view, [ReportTable(_TITLES[key], columns, tuple(rows), notes)], "", key=f"items_{key}")


def _answering(units: Sequence[str]) -> str:
    if not units:
        return NONE_HERE
    lead, *others = units
    return f"**{plain(lead)}**" + (f" :small[配合 {len(others)} 个单位]" if others else "")


def _names(view: View, results: Sequence[ItemResult], chosen: Sequence[bool]) -> str:
    return "、".join(item_name(r.code, view.standard) for r, is_in in zip(results, chosen, strict=True) if is_in)


def _notes(view: View) -> list[tuple[str, str]]:
    subjects = {str(row["subject"]) for row in _monitoring_results(view)}
    return item_notes(view.assessment, view.standard, subjects)


def _monitoring_results(view: View) -> list[dict[str, Any]]:
    """The results that may count in the year looked at, newest first."""
    option, window = "monitoring_window", int(view.standard.item("Q9").numbers["window_years"])
    years = range(view.year, view.year - (1 if view.assessment.choices[option] == "same_year" else window), -1)
    return [row for year in years for row in county_facts.monitoring(view.store, view.county_code, year)]


def staffing_beside_veto(view: View) -> None:
    """The figures beside the veto on unfilled posts: the plan's own measure runs into it."""
    figures = county_facts.figures(view.store, view.county_code, view.year)
    without = view.standard.kinds_without_staff
    contract = (
        county_series.school_sums(view.store, view.county_code, without).get(view.year, {}).get("contract_teachers")
    )
    silent = county_series.without_contract_teachers(view.store, view.county_code, view.year, without)
    verdict = view.assessment.item("veto_staffing").verdict
    st.warning(
        plain(
            f"{contract_teachers_text(contract, silent)}，空编 {whole_text(figures.get('vacant_posts'))} 个；"
            f"“有编不补”的核查结论：{WORDS[verdict]}，须与以上人数一并核验。"
            f"方案三(三)1 提出采取编外合同教师补充教师，与国家标准“有编不补或长期聘用编外教师”的否决情形存在冲突，须一并关注。"
        ),
        icon=":material/warning:",
    )


def school_item_table(view: View) -> None:
    """The schools behind the items that are judged school by school."""
    wanted = [i for i in view.standard.items if any(s.code == i.code for s in view.assessment.school_items)]
    failing = [
        s
        for s in sorted(view.assessment.school_items, key=lambda s: (s.code, WORST_FIRST.index(s.verdict), s.school_id))
        if s.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)
    ]
    with st.expander(f"逐校判定的项目：{len(failing)} 处不符合或缺数据", expanded=bool(failing)):
        if not failing:
            met = f"{'、'.join(i.short_name for i in wanted)}：各校均符合。" if wanted else "没有可逐校判定的数据。"
            st.markdown(plain(met))
            return
        columns = ("学校", "项目", "结论", "现状", "要求", "乡镇")
        rows = tuple(
            (
                s.name,
                item_name(s.code, view.standard),
                marked(s.verdict),
                _found(view, s.code, s.found, s.music_rooms, s.art_rooms),
                _required(view, s.code, s.required),
                view.assessment.township_names[s.township_code],
            )
            for s in failing
        )
        sentence_table(
            [
                {
                    **{column: plain(cell) for column, cell in zip(columns, row, strict=True)},
                    "学校": f"**{plain(s.name)}**",
                    "结论": verdict_mark(s.verdict),
                }
                for s, row in zip(failing[:_SHOWN_SCHOOLS], rows, strict=False)
            ]
        )
        if len(failing) > _SHOWN_SCHOOLS:
            st.caption(plain(f"共 {len(failing)} 处，表中列出前 {_SHOWN_SCHOOLS} 处，全部见下载文件。"))
        downloads(
            view, [ReportTable("逐校判定的项目", tuple(map(ReportColumn, columns)), rows)], "", key="school_items"
        )


def school_judgement_table(view: View) -> None:
    """The schools behind the items that follow from what was judged of each: those that fail or are still open."""
    judged = school_facts.school_judgements(view.store, view.county_code, view.year)
    used = {result.code for result in view.assessment.items if result.scope and view.standard.item(result.code).judged}
    words = {"met": Verdict.MET, "not_met": Verdict.NOT_MET}
    rows = []
    for one in judged:
        is_there = one.document_date is None or one.document_date <= view.as_of
        verdict = words.get(one.status or "", Verdict.NOT_ASSESSABLE) if is_there else Verdict.NOT_ASSESSABLE
        if one.item in used and verdict is not Verdict.MET:
            rows.append((one, verdict))
    if not used:
        return
    rows.sort(key=lambda row: (row[0].item, WORST_FIRST.index(row[1]), row[0].school_id))
    with st.expander(f"按学校判定的质量项目：{len(rows)} 处不符合或尚无结论", expanded=bool(rows)):
        if not rows:
            st.markdown("各校均符合。")
            return
        columns = ("学校", "项目", "结论", "佐证", "乡镇")
        cells = tuple(
            (
                one.name,
                item_name(one.item, view.standard),
                marked(verdict),
                one.document or NONE_HERE,
                view.assessment.township_names.get(one.township_code, one.township_code),
            )
            for one, verdict in rows
        )
        sentence_table(
            [
                {
                    **{column: plain(cell) for column, cell in zip(columns, line, strict=True)},
                    "学校": f"**{plain(line[0])}**",
                    "结论": verdict_mark(verdict),
                }
                for line, (_, verdict) in zip(cells[:_SHOWN_SCHOOLS], rows, strict=False)
            ]
        )
        if len(rows) > _SHOWN_SCHOOLS:
            st.caption(plain(f"共 {len(rows)} 处，表中列出前 {_SHOWN_SCHOOLS} 处，全部见下载文件。"))
        table = ReportTable("按学校判定的质量项目", tuple(map(ReportColumn, columns)), cells)
        downloads(view, [table], "", key="school_judgements")


def _found(view: View, code: str, found: float | None, music: int | None, art: int | None) -> str:
    if code == "G3":
        return f"{whole_text(found)} 个班，合格音乐教室 {whole_text(music)} 间、美术教室 {whole_text(art)} 间"
    unit = {"G4": "人", "G5": "人（最大班）", "G6": "元", "Q4": "元"}[code]
    return f"{whole_text(found)} {unit}"


def _required(view: View, code: str, required: float | None) -> str:
    match code:
        case "G5":
            return limit_text(view.standard.item(code))
        case "G3":
            return f"每类 ≥ {whole_text(required)} 间"
        case "Q4" if required == 0:
            return "公用经费预算或支出为 0，无法核算"
        case "G4" if required == 0:
            return "不得附设初中班"
        case "G4":
            return f"≤ {whole_text(required)} 人"
        case _:
            return f"≥ {whole_text(required)} 元"


def monitoring_table(view: View) -> None:
    """The national monitoring results that the quality item rests on, newest first."""
    numbers = view.standard.item("Q9").numbers
    rows = _monitoring_results(view)
    if not rows:
        st.info("近三年没有填报质量监测结果。")
        return
    with st.expander(f"质量监测结果 {len(rows)} 科次"):
        sentence_table(
            [
                {
                    "科目": f"**{row['grade']} 年级 {plain(row['subject'])}**",
                    "年度": str(row["year"]),
                    "学业水平": "…"
                    if row["level"] is None
                    else _marked(f"{row['level']} 级", row["level"] < numbers["level"]),
                    "校际差异率": "…"
                    if row["between_school_rate"] is None
                    else _marked(
                        f"{row['between_school_rate'].normalize():f}",
                        row["between_school_rate"] >= numbers["between_school_rate"],
                    ),
                }
                for row in rows
            ]
        )
        table = ReportTable(
            "质量监测结果",
            (
                ReportColumn("年级"),
                ReportColumn("科目"),
                ReportColumn("年度"),
                ReportColumn("学业水平", "级", WHOLE),
                ReportColumn("校际差异率", "", COEFFICIENT),
            ),
            tuple(
                (
                    str(r["grade"]),
                    r["subject"],
                    str(r["year"]),
                    r["level"],
                    r["between_school_rate"],
                )
                for r in rows
            ),
        )
        downloads(view, [table], "", key="monitoring")


def _marked(text: str, fails: bool) -> str:
    return f":red[▲ {plain(text)}]" if fails else plain(text)
