"""The form of a column mapping: sheet by sheet, which table it is, where its header stands, which column is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zlib import crc32

import pandas as pd
import streamlit as st

from core.dataset.dictionary import Column, Sheet, code_called, codes, name_of, sheet, sheets
from core.dataset.rows import Tables
from core.intake.mapping.column_mapping import FieldSource, MappedSheet
from core.intake.mapping.header_titles import guessed_header, titles
from core.intake.mapping.mapping_suggestions import suggested_sheet
from core.intake.mapping.text_suggestions import has_texts, unknown_texts
from core.intake.reading.raw_sheets import RawSheet, Source
from ui.labels import plain

_FIELD, _THEIRS, _UNIT, _FIRST, _CONSTANT = "数据项", "来自哪一列（多列相加）", "单位", "取前几位", "固定值"
_TEXT, _MEANS = "文件中的文字", "含义"
_ROWS_ABOVE_DATA = 3
_WIDEST_PREVIEW = 30
_LISTED = 8
_SECOND = "（第二份）"
_OPEN = "请选择"
_FLAGS = {"1": "是", "0": "否"}


def edited_sheets(
    source: Source, base: Sequence[MappedSheet], register: Tables | None, form: str
) -> tuple[MappedSheet, ...]:
    """What the form says now; it begins with `base`. `form` sets the fields of one form apart from another's."""
    found: list[MappedSheet] = []
    tables = {known.identifier for known in sheets()}
    for raw in source.sheets:
        known = [mapped for mapped in base if mapped.sheet == raw.label and mapped.table in tables]
        key = f"{form}_{crc32(raw.label.encode())}"
        chosen = "、".join(sheet(mapped.table).name for mapped in known) or "不导入"
        with st.expander(f"工作表“{plain(raw.label)}” → {chosen}", expanded=False):
            found.extend(_edited_sheet(raw, known, register, key))
    return tuple(found)


def open_texts(source: Source, parts: Sequence[MappedSheet]) -> list[str]:
    """The texts in columns of codes of which nobody has said what they mean, a sentence a column."""
    raw_sheets = {raw.label: raw for raw in source.sheets}
    found = []
    for part in parts:
        raw, known = raw_sheets[part.sheet], sheet(part.table)
        for name in part.fields:
            texts = unknown_texts(raw, part, titles(raw, *part.header_rows), known.column(name))
            if texts:
                found.append(f"工作表“{part.sheet}”的“{known.column(name).name}”：{'、'.join(texts[:_LISTED])}")
    return found


def _edited_sheet(raw: RawSheet, base: Sequence[MappedSheet], register: Tables | None, key: str) -> list[MappedSheet]:
    options = {name: known for known in sheets() for name in (known.name, known.name + _SECOND)}
    default: list[str] = []
    for mapped in base:
        name = sheet(mapped.table).name
        default.append(name + _SECOND if name in default else name)
    chosen = st.multiselect(
        "这张表是", list(options), default=default, key=f"{key}_tables", placeholder="不导入", help="一张表可以对应几张"
    )
    guessed = base[0].header_rows if base else guessed_header(raw)
    with st.container(horizontal=True):
        first = int(st.number_input("表头首行", 1, 200, guessed[0], key=f"{key}_first", width=140))
        last = int(st.number_input("表头末行", 1, 200, guessed[1], key=f"{key}_last", width=140))
    _first_rows(raw, last)
    kept = {option: mapped for option, mapped in zip(default, base, strict=True) if mapped.header_rows == (first, last)}
    found = []
    for name in chosen:
        begun = kept.get(name) or suggested_sheet(raw, options[name].identifier, (first, last), register)
        st.markdown(f"**{plain(raw.label)} → {plain(name)}**")
        found.append(_edited_table(raw, begun, options[name], f"{key}_{name}_{first}_{last}"))
    return found


def _first_rows(raw: RawSheet, last: int) -> None:
    rows = raw.rows[: last + _ROWS_ABOVE_DATA]
    width = min(max((len(row) for row in rows), default=0), _WIDEST_PREVIEW)
    frame = pd.DataFrame(
        [
            ["" if place >= len(row) or row[place] is None else str(row[place]) for place in range(width)]
            for row in rows
        ],
        columns=[f"第 {place + 1} 列" for place in range(width)],
        index=[f"第 {number} 行" for number in range(1, len(rows) + 1)],
    )
    st.dataframe(frame, height="content")


def _edited_table(raw: RawSheet, begun: MappedSheet, known: Sheet, key: str) -> MappedSheet:
    theirs = titles(raw, *begun.header_rows)
    listed = [title for title in theirs if title]
    frame = pd.DataFrame([_line(column, begun, listed) for column in known.columns])
    edited = st.data_editor(
        frame,
        hide_index=True,
        key=f"{key}_fields",
        disabled=[_FIELD],
        height="content",
        column_config={
            _FIELD: st.column_config.TextColumn(pinned=True, width=230),
            _THEIRS: st.column_config.MultiselectColumn(options=listed, width=320),
            _UNIT: st.column_config.TextColumn(width=80, help="文件中的单位与数据项不同时填写，如 万元、公顷"),
            _FIRST: st.column_config.TextColumn(
                width=80, help="只用于代码：12 位区划代码取前 9 位", validate="^[0-9]*$"
            ),
            _CONSTANT: st.column_config.TextColumn(width=120, help="每行都一样时填写，如学段填“小学”"),
        },
    )
    fields: dict[str, FieldSource] = {}
    constants: dict[str, str] = {}
    for column, line in zip(known.columns, edited.to_dict("records"), strict=True):
        columns = tuple(str(title) for title in line[_THEIRS] or ())
        if columns:
            first = str(line[_FIRST] or "").strip()
            unit = str(line[_UNIT] or "").strip()
            fields[column.identifier] = FieldSource(columns, unit, int(first) if first.isdecimal() else 0)
        elif line[_CONSTANT] and str(line[_CONSTANT]).strip():
            text = str(line[_CONSTANT]).strip()
            constants[column.identifier] = (code_called(column.codes, text) or text) if column.codes else text
    _matches_on_a_phone(known, fields, constants, key)
    needed = begun.rows_with if begun.rows_with in listed else None
    rows_with = st.selectbox(
        "只取这一列有数且不为 0 的行（可不选）",
        listed,
        index=None if needed is None else listed.index(needed),
        key=f"{key}_rows_with",
        placeholder="全部行",
    )
    blanks = st.checkbox(
        "空格表示 0（这张表中数字格空着的是没有，不是未报）", begun.blanks_are_zero, key=f"{key}_blanks_are_zero"
    )
    mapped = MappedSheet(raw.label, known.identifier, begun.header_rows, fields, constants, {}, rows_with or "", blanks)
    return replace(mapped, texts=_edited_texts(raw, mapped, begun, theirs, known, key))


def _matches_on_a_phone(
    known: Sheet, fields: Mapping[str, FieldSource], constants: Mapping[str, str], key: str
) -> None:
    """The same as a list: the grid shows a phone its first column only."""
    lines = []
    for column in known.columns:
        if column.identifier in fields:
            said = " + ".join(fields[column.identifier].columns)
        elif column.identifier in constants:
            said = f"固定值 {constants[column.identifier]}"
        else:
            said = "保存后填写" if column.identifier == "year" else ""
        lines.append(f"- {plain(column.name)}：{plain(said) if said else ':orange[◇ 本表没有对应]'}")
    with st.container(key=f"phone_{key}"):
        st.caption("上表可左右滑动修改；现在的对应是：")
        st.markdown("\n".join(lines))


def _line(column: Column, begun: MappedSheet, listed: Sequence[str]) -> dict[str, object]:
    source = begun.fields.get(column.identifier)
    constant = begun.constants.get(column.identifier, "")
    return {
        _FIELD: f"{column.header}{' *' if column.required else ''}",
        _THEIRS: [title for title in source.columns if title in listed] if source else [],
        _UNIT: source.unit if source else "",
        _FIRST: str(source.first_characters) if source and source.first_characters else "",
        _CONSTANT: name_of(column.codes, constant) if column.codes else constant,
    }


def _edited_texts(
    raw: RawSheet, mapped: MappedSheet, begun: MappedSheet, theirs: Sequence[str], known: Sheet, key: str
) -> dict[str, dict[str, str]]:
    """For every column of codes, the texts found in it and what each means."""
    found: dict[str, dict[str, str]] = {}
    for name in mapped.fields:
        column = known.column(name)
        if has_texts(column):
            same = begun.fields.get(name) == mapped.fields[name]
            told = begun.texts.get(name, {}) if same else {}
            texts = _texts_of_column(raw, mapped, theirs, column, told, f"{key}_{name}")
            if texts:
                found[name] = texts
    return found


def _texts_of_column(
    raw: RawSheet, mapped: MappedSheet, theirs: Sequence[str], column: Column, told: Mapping[str, str], key: str
) -> dict[str, str]:
    meanings = _meanings(column)
    lines = {**{text: meanings.get(code, code) for text, code in told.items()}}
    lines.update(
        {text: _OPEN if meanings else "" for text in unknown_texts(raw, mapped, theirs, column) if text not in told}
    )
    if not lines:
        return {}
    st.caption(plain(f"{column.name}：文件中的文字各是什么"))
    means = (
        st.column_config.SelectboxColumn(options=[_OPEN, *meanings.values()], width=220)
        if meanings
        else st.column_config.TextColumn(width=220)
    )
    edited = st.data_editor(
        pd.DataFrame({_TEXT: list(lines), _MEANS: list(lines.values())}),
        hide_index=True,
        key=f"{key}_{crc32(repr(list(lines)).encode())}",
        disabled=[_TEXT],
        column_config={_TEXT: st.column_config.TextColumn(width=220), _MEANS: means},
    )
    named = {name: code for code, name in meanings.items()}
    return {
        str(line[_TEXT]): named.get(str(line[_MEANS]), str(line[_MEANS]))
        for line in edited.to_dict("records")
        if line[_MEANS] not in (None, "", _OPEN)
    }


def _meanings(column: Column) -> dict[str, str]:
    """The names of a column's codes by code; empty where anything may be written."""
    if column.type == "flag":
        return dict(_FLAGS)
    return {entry.code: entry.name for entry in codes(column.codes).values()} if column.codes else {}
