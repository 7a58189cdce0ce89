"""满意度自测: a survey export taken in, its columns and texts explained, its counts kept or taken out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zlib import crc32

import pandas as pd
import streamlit as st

from core.dataset.dictionary import codes
from core.errors import InputRejected, PlatformError
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_uploads
from core.self_survey.answer_sheets import (
    LEFT_OUT,
    NO_SCHOOL,
    Reading,
    SchoolName,
    counted,
    faults,
    guessed_reading,
    texts_in,
    titles_of,
    with_texts,
)
from core.self_survey.self_surveys import (
    LONGEST_TITLE,
    SelfSurveyDraft,
    SelfSurveyFile,
    keep_self_survey,
    self_surveys,
    withdraw_self_survey,
)
from core.wording.delivery import person_text
from core.wording.self_survey import FOR_REFERENCE, group_name, self_survey_sentence
from ui.draft import announce, edition, opened, sent, worked_out
from ui.forms import day_field, may
from ui.frame import View
from ui.labels import plain

_FORM = "self_survey"
_ONE_A_ROW, _COUNTS_A_ROW = "一行一份答卷", "一行是一所学校或一类对象的份数"
_IN_A_COLUMN = "由一列写明"
_OPEN, _NO_SCHOOL, _LEFT_OUT = "请选择", "不属于某所学校", "不计入（合计行等）"
_TEXT, _TIMES, _MEANS = "文件中的文字", "份数", "计为"
_LISTED = 60


def keep_self_surveys(view: View) -> None:
    """Take a file in, and show what is kept."""
    st.markdown(
        "上传问卷系统导出的答卷（每行一份），或手工统计的份数表；只统计对象、学校和是否满意，"
        f"其余各列（姓名、电话、网络地址等）不保存。{FOR_REFERENCE}"
    )
    if may(view, "load"):
        files = st.file_uploader("问卷导出文件（.xlsx、.xls、.ods 或 .csv）", key=f"{_FORM}_{edition(_FORM)}")
        if files is not None:
            _take_in(view, files.name, files.getvalue())
    _kept(view)


def _take_in(view: View, name: str, content: bytes) -> None:
    try:
        source = worked_out(_FORM, (name, content), lambda: open_uploads([(name, content)]))
        form = f"{_FORM}_{source.sha256[:12]}"
        schools = _schools(view)
        guessed = opened(form, lambda: guessed_reading(source, schools))
        reading = _edited(source, guessed, schools, form)
        open_points = faults(source, reading)
    except InputRejected as rejected:
        st.error("\n".join(f"- {plain(p.sentence())}" for p in rejected.problems))
        return
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    if open_points:
        st.warning("还不能计入，请先补上：\n" + "\n".join(f"- {plain(point)}" for point in open_points))
        return
    _confirm(view, source, reading)


def _schools(view: View) -> list[SchoolName]:
    towns = view.assessment.township_names
    return [
        SchoolName(school.school_id, school.name, towns.get(school.township_code, ""))
        for school in view.situation.facts.schools.get(view.year, ())
    ]


def _edited(source: Source, guessed: Reading, schools: list[SchoolName], form: str) -> Reading:
    """The reading as the form says it now."""
    with st.container(border=True):
        st.markdown("**第一步　核对各列**")
        with st.container(horizontal=True):
            labels = [raw.label for raw in source.sheets]
            label = str(st.selectbox("工作表", labels, index=labels.index(guessed.sheet), key=f"{form}_sheet"))
            header = int(st.number_input("表头在第几行", 1, 200, guessed.header_row, key=f"{form}_header"))
        reading = replace(guessed, sheet=label, header_row=header)
        key = f"{form}_{crc32(label.encode())}_{header}"
        listed = titles_of(source, reading)
        ways = [_ONE_A_ROW, _COUNTS_A_ROW]
        way = st.radio("文件的样子", ways, int(guessed.counts is not None), key=f"{key}_way", horizontal=True)
        columns = _columns(reading, listed, way == _COUNTS_A_ROW, key)
        understood = with_texts(source, columns, schools)
        st.markdown("**第二步　核对文字的含义**")
        answers = {code.code: code.name for code in codes("survey_answer").values()}
        groups = {g: group_name(g) for g in codes("survey_group") if g != "all"}
        named = {s.school_id: s.name for s in schools}
        places = {NO_SCHOOL: _NO_SCHOOL, LEFT_OUT: _LEFT_OUT, **_apart(named)}
        told_groups = {} if columns.group else understood.groups
        return replace(
            understood,
            answers=_meanings(source, columns, columns.answer_title, understood.answers, answers, True, key),
            groups=_meanings(
                source, columns, "" if columns.group else columns.group_title, told_groups, groups, True, key
            ),
            schools=_meanings(source, columns, columns.school_title, understood.schools, places, False, key),
        )


def _apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names of schools that can be told apart in a list."""
    listed = list(names.values())
    return {key: name if listed.count(name) == 1 else f"{name}（{key}）" for key, name in names.items()}


def _columns(reading: Reading, listed: list[str], are_counts: bool, key: str) -> Reading:
    groups = {"": _IN_A_COLUMN, **{g: group_name(g) for g in codes("survey_group") if g != "all"}}
    with st.container(horizontal=True):
        group = st.selectbox(
            "这份文件是谁的问卷",
            list(groups),
            format_func=groups.__getitem__,
            key=f"{key}_group",
            help="整份文件同一类对象的，直接选",
        )
        group_title = None if group else _title("写明对象的列", listed, reading.group_title, f"{key}_group_title")
        school_title = _title("写明学校的列（可不选）", listed, reading.school_title, f"{key}_school_title")
    found = replace(reading, group=str(group), group_title=group_title or "", school_title=school_title or "")
    with st.container(horizontal=True):
        if not are_counts:
            answer = _title("总体满意度的回答在哪一列", listed, reading.answer_title, f"{key}_answer")
            return replace(found, answer_title=answer or "", counts=None)
        before = reading.counts or ("", "", "")
        words = ("问卷总数", "有效问卷数", "满意问卷数")
        chosen = [
            _title(word, listed, title, f"{key}_{place}")
            for place, (word, title) in enumerate(zip(words, before, strict=True))
        ]
    returned, valid, satisfied = (title or "" for title in chosen)
    counts = (returned, valid, satisfied) if returned and valid and satisfied else None
    return replace(found, answer_title="", counts=counts)


def _title(label: str, listed: list[str], before: str, key: str) -> str | None:
    index = listed.index(before) if before in listed else None
    return st.selectbox(label, listed, index=index, key=key, placeholder="请选择")


def _meanings(
    source: Source,
    reading: Reading,
    title: str,
    told: Mapping[str, str],
    names: Mapping[str, str],
    all_texts: bool,
    key: str,
) -> dict[str, str]:
    """What the texts of a column mean: all of them to look at, or only those that nobody could tell."""
    if not title:
        return {}
    texts = texts_in(source, reading, title)
    shown = [text for text in texts if all_texts or text not in told][:_LISTED]
    if not shown:
        return dict(told)
    st.caption(plain(title))
    edited = st.data_editor(
        pd.DataFrame(
            {
                _TEXT: shown,
                _TIMES: [texts[text] for text in shown],
                _MEANS: [names.get(told[text], _OPEN) if text in told else _OPEN for text in shown],
            }
        ),
        hide_index=True,
        key=f"{key}_{crc32(title.encode())}",
        disabled=[_TEXT, _TIMES],
        column_config={
            _TEXT: st.column_config.TextColumn(width=130),
            _TIMES: st.column_config.NumberColumn(width=60),
            _MEANS: st.column_config.SelectboxColumn(options=[_OPEN, *names.values()], width=130),
        },
    )
    called = {name: code for code, name in names.items()}
    said = {
        text: called[line[_MEANS]]
        for text, line in zip(shown, edited.to_dict("records"), strict=True)
        if line[_MEANS] in called
    }
    return {**{text: code for text, code in told.items() if text not in shown}, **said}


def _confirm(view: View, source: Source, reading: Reading) -> None:
    """The counts as they would be kept, and the survey they belong to."""
    counts = counted(source, reading)
    st.markdown("**第三步　核对结果并计入**")
    groups: dict[str, list[int]] = {}
    for count in counts:
        kept = groups.setdefault(count.survey_group, [0, 0, 0])
        for place, number in enumerate((count.returned, count.valid, count.satisfied)):
            kept[place] += number
    st.markdown(
        "\n".join(
            f"- {plain(group_name(group))}：收回 {returned:,} 份，有效 {valid:,} 份，满意 {satisfied:,} 份"
            for group, (returned, valid, satisfied) in groups.items()
        )
        + f"\n- 涉及学校 {len({count.school_id for count in counts} - {None})} 所"
    )
    number = edition(_FORM)
    held = self_surveys(view.store, view.county_code, view.year, view.as_of)
    with st.form(f"{_FORM}_keep_{number}", enter_to_submit=False):
        title = st.text_input(
            "自测名称（同名的文件合为一次自测）",
            held[0].title if held else f"{view.year} 学年满意度自测",
            key=f"{_FORM}_title_{number}",
            max_chars=LONGEST_TITLE,
        )
        day = day_field(view, "问卷截止日期", f"{_FORM}_day_{number}")
        wanted = st.form_submit_button(f"计入 {view.year} 学年", type="primary")
    if wanted:
        try:
            keep_self_survey(
                view.store,
                view.county_code,
                SelfSurveyDraft(
                    year=view.year,
                    day=day,
                    title=title or "",
                    source_name=source.name,
                    sha256=source.sha256,
                    counts=counts,
                ),
                view.actor,
                datetime.now(),
            )
        except PlatformError as refusal:
            st.error(plain(refusal))
            return
        announce(f"“{source.name}”已计入“{(title or '').strip()}”，结果见下方和“保障与质量”页。")
        sent(_FORM)
        st.rerun()


def _kept(view: View) -> None:
    held = self_surveys(view.store, view.county_code, view.year, view.as_of)
    if not held:
        st.info(f"{view.year} 学年还没有满意度自测。")
        return
    limit = view.standard.item("satisfaction").numbers["share"]
    for survey in held:
        with st.container(border=True):
            st.markdown(f"**{plain(self_survey_sentence(survey, limit))}**")
            for file in survey.files:
                _file(view, file)


def _file(view: View, file: SelfSurveyFile) -> None:
    returned = sum(count.returned for count in file.counts)
    who = person_text(file.actor, view.actor)
    said = f"{file.source_name}：{returned:,} 份，{who} {file.recorded_at:%Y-%m-%d %H:%M} 计入"
    if not view.actor.may("load"):
        st.markdown(f"- {plain(said)}")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(plain(said))
        reason = st.text_input(
            "撤回的理由", key=f"{_FORM}_reason_{file.number}", label_visibility="collapsed", placeholder="撤回的理由"
        )
        if st.button("撤回", key=f"{_FORM}_withdraw_{file.number}"):
            try:
                withdraw_self_survey(
                    view.store, view.county_code, file.number, reason or "", view.actor, datetime.now()
                )
            except PlatformError as refusal:
                st.error(plain(refusal))
                return
            announce(f"“{file.source_name}”已撤回，不再计入“{file.title}”。")
            st.rerun()
