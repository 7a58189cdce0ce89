"""Upload and check-up: every finding at its cell; FAIL blocks, each WARN is confirmed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import streamlit as st

from core.batches import loading
from core.batches.corrections import only_listed_schools
from core.errors import InputRejected, Problem, RequestInvalid, count_of
from core.facts.current import current_tables
from core.intake.cards.card_check import CheckedCards, check_cards, holds_cards
from core.intake.checkup.checking import Dataset, check, home_of
from core.intake.checkup.corrected_rows import TYPED, with_corrections
from core.intake.checkup.kept_only import KEPT_ONLY, kept_only
from core.intake.checkup.many_workbooks import CheckedWorkbooks, check_many, sources_of
from core.intake.mapping.mapped_check import Counting, check_mapped, county_counting
from core.intake.reading.our_layout import is_in_our_layout
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_uploads
from core.intake.reading.workbooks import WORKBOOK_ENDINGS, Workbook, is_archive
from core.naming import named
from ui.datasets.card_view import choose_year, open_with_progress, show_board
from ui.datasets.file_board import show_files
from ui.datasets.mapping_view import ChosenMapping, choose_mapping, kept_mappings
from ui.datasets.working_list import (
    Action,
    ask_for_reasons,
    correct_findings,
    offer_findings,
    offer_to_undo,
    show_findings,
    typed_for,
)
from ui.draft import announce, edition, opened, sent, worked_out
from ui.forms import may
from ui.frame import Desk, View
from ui.labels import plain

_FORM = "upload"


@dataclass(frozen=True)
class _Checked:
    """An input that passed the check-up: its files, of which many cards stand for one."""

    sources: tuple[Source, ...]
    dataset: Dataset
    is_mapped: bool


def upload_workbook(view: Desk) -> None:
    """Take files in, check them, and keep them as a draft once every warning is confirmed."""
    st.markdown(
        "模板 → 上传 → **体检**（错误须更正，提示须逐条说明）→ **预览**（改了哪些数，哪些结论因此改变）→ **发布** → 可回滚"
    )
    if not may(view, "load"):
        return
    number = edition(_FORM)
    left, right = st.columns(2)
    with left:
        files = st.file_uploader(
            "年度数据：模板工作簿、统计报表、各校教基卡片（可多选，或 .zip），或若干 .csv",
            accept_multiple_files=True,
            key=f"workbook_{number}",
        )
    with right:
        rows = st.file_uploader(
            "更正后的问题行（可选，各次的一起上传）", accept_multiple_files=True, key=f"corrected_{number}"
        )
    some = st.checkbox("只更新文件中列出的学校，同乡镇其余学校保持不变", key=f"some_schools_{number}")
    if files:
        given = [(f.name, f.getvalue()) for f in files]
        books = None if rows else _opened_books(given)
        if books is not None and holds_cards(books):
            found = _check_cards(view, books, some)
        elif books is not None:
            offer_to_undo([book.sha256 for book in books], _actions())
            found = _check_many(view, books, some)
        else:
            source = _opened(given, [(f.name, f.getvalue()) for f in rows])
            found = _check(view, source, some) if source is not None else None
        if found is not None:
            count = sum(len(listed) for listed in found.dataset.tables.values())
            st.success(f"体检通过：没有错误，{count_of(found.dataset.warnings, 'WARN')} 处提示，共 {count} 行。")
            if stored := kept_only(found.dataset.tables):
                st.caption(plain(f"{KEPT_ONLY}：{'、'.join(stored)}。"))
            _confirm(view, found)
    kept_mappings(view)


def _opened_books(files: list[tuple[str, bytes]]) -> list[Workbook] | None:
    """Several workbooks, or one with official cards, else None; what is no workbook is another's to name."""
    if not all(is_archive(name) or name.lower().endswith(WORKBOOK_ENDINGS) for name, _ in files):
        return None
    try:
        books = worked_out(_FORM + "_books", files, lambda: open_with_progress(files))
    except InputRejected as rejected:
        if len(files) == 1 and not is_archive(files[0][0]):
            return None
        _refused(rejected.problems)
        st.stop()
    in_archive = any(is_archive(name) for name, _ in files)
    return books if len(books) > 1 or in_archive or holds_cards(books) else None


def _check_cards(view: Desk, books: list[Workbook], only_listed: bool) -> _Checked | None:
    """Cards checked together with the lists beside them, under the board of who handed in what."""
    counting = county_counting(view.store, view.county_code) if isinstance(view, View) else None
    year = choose_year(books)
    identity = ([book.sha256 for book in books], year, only_listed, view.key.facts)
    sources = (Source(named([book.name for book in books], "个文件"), books[0].sha256, []),)

    def read() -> CheckedCards:
        with st.spinner(f"正在体检 {len(books)} 个文件……"):
            cards = check_cards(books, year, counting=counting, home=home_of(view.store))
            base = view.key.facts if cards.keeps else None
            dataset = replace(cards.dataset, base_facts_version=base)
            return replace(cards, dataset=only_listed_schools(view.store, dataset) if only_listed else dataset)

    try:
        found = worked_out(_FORM, identity, read)
    except InputRejected as rejected:
        _refused(rejected.problems, sources, is_mapped=True)
        return None
    except RequestInvalid as refusal:
        st.error(plain(refusal))
        return None
    show_board(found)
    return _Checked(sources, found.dataset, is_mapped=True)


def _check_many(view: Desk, books: list[Workbook], only_listed: bool) -> _Checked | None:
    """The workbooks of several townships or schools checked together, under the board of who handed in."""
    try:
        sources = tuple(
            replace(with_corrections(source, [], typed_for(source, _actions())), name=source.name)
            for source in sources_of(books)
        )
    except InputRejected as rejected:
        _refused(rejected.problems)
        return None
    is_corrected = any(source.rounds for source in sources)

    def read() -> CheckedWorkbooks:
        with st.status(f"正在体检 {len(sources)} 个文件……") as status:
            found = check_many(
                sources,
                earlier=partial(current_tables, view.store),
                home=home_of(view.store),
                tell=lambda done, of, name: status.update(label=f"正在体检 {done + 1}/{of}：{plain(name)}"),
            )
            if found.dataset is None:
                return found
            dataset = replace(
                found.dataset,
                source_name=found.dataset.source_name + (f" + {TYPED}" if is_corrected else ""),
                base_facts_version=view.key.facts if found.keeps else None,
            )
            return replace(found, dataset=only_listed_schools(view.store, dataset) if only_listed else dataset)

    try:
        files = [(source.name, source.sha256) for source in sources]
        found = worked_out(_FORM, (files, only_listed, view.key.facts), read)
    except RequestInvalid as refusal:
        st.error(plain(refusal))
        return None
    show_files(found)
    if found.dataset is None:
        _refused(found.problems, sources)
        return None
    return _Checked(sources, found.dataset, is_mapped=False)


def _opened(files: list[tuple[str, bytes]], corrected: list[tuple[str, bytes]]) -> Source | None:
    """The files as sheets, with every correction in its place; what cannot be opened is named."""
    try:
        source = worked_out(_FORM + "_source", files, lambda: open_uploads(files))
        offer_to_undo([source.sha256], _actions())
        typed = typed_for(source, _actions())
        if not corrected and not typed:
            return source

        def with_all() -> Source:
            return with_corrections(source, [open_uploads([one]) for one in corrected], typed)

        return worked_out(_FORM + "_corrected", (source.sha256, corrected, typed), with_all)
    except InputRejected as rejected:
        _refused(rejected.problems)
        return None


def _actions() -> list[Action]:
    """What was typed on the page into the cells of the files, to be added to."""
    made: list[Action] = opened(_FORM + "_typed", list)
    return made


def _check(view: Desk, source: Source, only_listed: bool) -> _Checked | None:
    """The input checked as a workbook of ours, or through a column mapping; None where it does not pass yet."""
    counting = county_counting(view.store, view.county_code) if isinstance(view, View) else None
    is_mapped = not is_in_our_layout(source)
    chosen = choose_mapping(view, source, counting(None) if counting else None) if is_mapped else None
    if is_mapped and chosen is None:
        return None
    identity = (source.sha256, chosen, only_listed, view.key.facts)
    try:
        dataset, steps = worked_out(_FORM, identity, lambda: _dataset_of(view, source, chosen, counting, only_listed))
    except InputRejected as rejected:
        _refused(rejected.problems, (source,), is_mapped)
        return None
    except RequestInvalid as refusal:
        st.error(plain(refusal))
        return None
    if steps:
        with st.expander(f"没有导入的列和工作表 {len(steps)} 处", expanded=True):
            st.markdown("\n".join(f"- {plain(step)}" for step in steps))
    return _Checked((source,), dataset, is_mapped)


def _dataset_of(
    view: Desk, source: Source, chosen: ChosenMapping | None, counting: Counting | None, only_listed: bool
) -> tuple[Dataset, list[str]]:
    """The dataset, and what a mapping leaves out of it; the steps are shown while they are taken."""
    place, home = st.empty(), home_of(view.store)
    left_out: list[str] = []
    try:
        with place.status("正在体检……", expanded=True):
            st.write(f"逐格核对 {len(source.sheets)} 张表，并与现行数据比较")
            if chosen is None:
                dataset = check(source, earlier=partial(current_tables, view.store), home=home)
            else:
                mapped = check_mapped(source, chosen.mapping, year=chosen.year, counting=counting, home=home)
                dataset, left_out = mapped.dataset, mapped.left_out()
            if only_listed:
                st.write("并入同乡镇其余学校的现行数据")
                dataset = only_listed_schools(view.store, dataset)
    finally:
        place.empty()
    return dataset, left_out


def _refused(problems: Sequence[Problem], sources: Sequence[Source] = (), is_mapped: bool = False) -> None:
    st.error(plain(f"发现 {count_of(problems, 'FAIL'):,} 处错误，数据没有导入，原有数据未改动。请更正后重新上传。"))
    if not sources:
        st.markdown("\n".join(f"- {plain(p.sentence())}" for p in problems))
        return
    _list(sources, problems, is_mapped)


def _list(sources: Sequence[Source], problems: Sequence[Problem], is_mapped: bool) -> None:
    """The findings to work down; rows of another form are corrected where they came from."""
    if is_mapped:
        show_findings(problems)
    else:
        correct_findings(sources, problems, _actions())
    offer_findings(sources, problems, is_mapped=is_mapped)


def _confirm(view: Desk, found: _Checked) -> None:
    """Ask for a reason for every warning and a note; sent together, so that what was typed last counts too."""
    warnings = found.dataset.warnings
    if warnings:
        st.warning(
            f"有 {count_of(warnings, 'WARN')} 处提示，请逐条核实：不对的更正，属实的写明情况，说明将随批次留存。"
        )
        _list(found.sources, warnings, found.is_mapped)
    number = edition(_FORM)
    one_by_one = len(warnings) > 1 and st.checkbox("逐处说明", key=f"one_by_one_{number}")
    with st.form(f"confirm_{number}", enter_to_submit=False, border=bool(warnings)):
        given = ask_for_reasons(warnings, number, one_by_one=one_by_one)
        note = st.text_input("批次说明", placeholder="如：2024 学年初报")
        wanted = st.form_submit_button("存为草稿并预览", type="primary")
    missing = [n for n, text in enumerate(given, start=1) if not text]
    if wanted and missing:
        st.error(f"还有 {len(missing)} 处提示没有说明：第 {'、'.join(map(str, missing))} 处。请补写后再存为草稿。")
    elif wanted:
        _load(view, found, given, note)


def _load(view: Desk, found: _Checked, given: Sequence[str], note: str) -> None:
    rows = sum(len(rows) for rows in found.dataset.tables.values())
    with st.status(f"正在写入 {rows} 行……"):
        batch_id = loading.load(
            view.store,
            found.dataset,
            view.standard,
            view.actor,
            datetime.now(),
            note=note,
            warning_reasons=dict(enumerate(given)),
        )
    announce(f"已存为草稿，批次 {batch_id}；请核对下面的预览后发布。")
    sent(_FORM)
    for part in ("_source", "_books", "_corrected", "_typed"):
        sent(_FORM + part)
    st.rerun()
