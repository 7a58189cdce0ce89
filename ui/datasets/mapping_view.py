"""An export of another form: said once which column is which, kept under a name, used by itself the next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.dataset.rows import Tables
from core.errors import PlatformError
from core.intake.mapping.column_mapping import (
    LONGEST_NAME,
    ColumnMapping,
    MappedSheet,
    faults,
    mapping_from,
    mapping_text,
)
from core.intake.mapping.mapped_source import years_named
from core.intake.mapping.mapping_records import SavedMapping, fitting_mapping, save_mapping, saved_mappings
from core.intake.mapping.mapping_suggestions import suggested_sheets
from core.intake.reading.raw_sheets import Source
from core.reports.tables import file_name
from ui.datasets.mapping_form import edited_sheets, open_texts
from ui.draft import announce, edition, opened, sent
from ui.frame import Desk, View
from ui.labels import plain
from ui.tables import sentence_table

_NEW = "新建列对应"
_FORM = "mapping"


@dataclass(frozen=True)
class ChosenMapping:
    """The mapping by which a file is read, and its school year where the file does not say it row by row."""

    mapping: ColumnMapping
    year: int | None


def choose_mapping(desk: Desk, source: Source, register: Tables | None) -> ChosenMapping | None:
    """The kept mapping that fits the file, or the form to say one; None until one is kept."""
    st.info(
        "这不是填报模板，按 **列对应** 读取：先核对各张表、各列对应什么，起名保存一次，以后同样的报表自动使用；"
        "保存后随即体检，体检通过才能存为草稿，发布之前现行数据不变。",
        icon=":material/conversion_path:",
    )
    kept = saved_mappings(desk.store)
    fitting = fitting_mapping(desk.store, source)
    names = [_NEW, *(saved.mapping.name for saved in kept)]
    name = _NEW
    if kept:
        name = st.selectbox(
            "列对应：用已保存的，或新建",
            names,
            index=names.index(fitting.mapping.name) if fitting else 0,
            key=f"mapping_{source.sha256[:12]}_{edition(_FORM)}",
        )
    saved = next((s for s in kept if s.mapping.name == name), None)
    _form(desk, source, saved, register)
    if saved is None:
        return None
    mapping = saved.mapping
    return ChosenMapping(mapping, _year(desk, source, mapping) if mapping.needs_year else None)


def _form(desk: Desk, source: Source, saved: SavedMapping | None, register: Tables | None) -> None:
    """The form of a mapping, folded away when it is kept already."""
    form = f"{_FORM}_{source.sha256[:12]}_{saved.number if saved else 0}_{edition(_FORM)}"
    if saved is None:
        base = opened(form, lambda: suggested_sheets(source, register))
        with st.container(border=True):
            st.markdown(
                "**第一步　核对对应**：已按数据字典和统计报表的名称预先对应，请逐张展开核对、补全；不要的表清空“这张表是”。"
            )
            _fields(desk, source, "", base, register, form)
        return
    with st.expander(
        plain(f"查看或修改列对应“{saved.mapping.name}”（{saved.actor} {saved.recorded_at:%Y-%m-%d %H:%M} 保存）")
    ):
        _fields(desk, source, saved.mapping.name, saved.mapping.sheets, register, form)


def _fields(
    desk: Desk, source: Source, name: str, base: Sequence[MappedSheet], register: Tables | None, form: str
) -> None:
    parts = edited_sheets(source, base, register, form)
    mapped = ColumnMapping(name, parts)
    _gaps(desk, source, mapped)
    st.markdown("**第二步　起名保存**")
    label = st.text_input(
        "名称", name, key=f"{form}_name", max_chars=LONGEST_NAME, placeholder="如：教基报表（县教育局统计）"
    )
    mapping = ColumnMapping(label.strip(), parts)
    found = list(faults(mapping))
    unclear = open_texts(source, parts)
    if unclear:
        st.warning("这些文字还没有说明含义，体检时会逐处指出：\n" + "\n".join(f"- {plain(text)}" for text in unclear))
    if found:
        st.warning("还不能保存，请先补上：\n" + "\n".join(f"- {plain(fault)}" for fault in found))
    if st.button("保存列对应并体检", type="primary", key=f"{form}_save", disabled=bool(found)):
        try:
            save_mapping(desk.store, mapping, desk.actor, datetime.now())
        except PlatformError as refusal:
            st.error(plain(refusal))
            return
        announce(f"列对应“{mapping.name}”已保存，以后列名相符的文件自动使用。")
        sent(_FORM)
        st.rerun()


def _gaps(desk: Desk, source: Source, mapping: ColumnMapping) -> None:
    """What the file does not supply and what becomes of it; nothing is left out unsaid."""
    unused = [raw.label for raw in source.sheets if raw.label not in {part.sheet for part in mapping.sheets}]
    if unused:
        st.caption(plain(f"不导入的工作表：{'、'.join(unused)}"))
    if mapping.unmapped:
        kept = "该学年已有现行数据的沿用现行数据，没有的" if isinstance(desk, View) else ""
        lines = [f"- **{plain(table)}**：{plain('、'.join(items))}" for table, items in mapping.unmapped.items()]
        st.markdown(
            f":orange[◇ 这份文件没有提供的数据项]（{kept}按未报处理，有关指标可能无法判定；文件中有这一列的，请在上面补对应）：\n"
            + "\n".join(lines)
        )
    if mapping.needs_year:
        st.caption("有的工作表没有“学年”一列：保存后会请您填写这份文件是哪个学年。")


def _year(desk: Desk, source: Source, mapping: ColumnMapping) -> int:
    named = sorted(years_named(source))
    last = desk.years[-1] if isinstance(desk, View) else datetime.now().year
    guess = named[0] if len(named) == 1 else mapping.saved_year or last
    year = st.number_input(
        "这份文件是哪个学年（起始年份）", 2000, 2100, guess, key=f"mapped_year_{source.sha256[:12]}", width=260
    )
    return int(year)


def kept_mappings(desk: Desk) -> None:
    """The mappings in force with who kept them and when; each to take away, and one from elsewhere to take in."""
    kept = saved_mappings(desk.store)
    with st.expander(f"列对应 {len(kept)} 个：查看、导出、导入"):
        st.markdown(
            "统计报表（教基表等）的导出文件按列对应读取。上传这样的文件即可新建；这里可以把列对应带到另一台机器。"
        )
        sentence_table(
            [
                {
                    "名称": f"**{plain(saved.mapping.name)}**",
                    "工作表": plain("；".join(f"{m.sheet} → {m.table_name}" for m in saved.mapping.sheets)),
                    "保存": plain(f"{saved.actor} {saved.recorded_at:%Y-%m-%d %H:%M}"),
                }
                for saved in kept
            ]
        )
        for saved in kept:
            st.download_button(
                plain(f"导出“{saved.mapping.name}”"),
                mapping_text(saved.mapping),
                file_name("列对应", saved.mapping.name, "", "json"),
                "application/json",
                icon=":material/download:",
                on_click="ignore",
                key=f"mapping_file_{saved.number}",
            )
        if desk.actor.may("load"):
            file = st.file_uploader("导入列对应（.json）", key=f"mapping_upload_{edition('mapping_file')}")
            if file is not None:
                _take_in(desk, file.getvalue())


def _take_in(desk: Desk, content: bytes) -> None:
    try:
        saved = save_mapping(
            desk.store, mapping_from(content.decode("utf-8-sig", "replace")), desk.actor, datetime.now()
        )
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    announce(f"列对应“{saved.mapping.name}”已导入。")
    sent("mapping_file")
    st.rerun()
