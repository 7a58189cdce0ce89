"""The findings of a check-up as a list to work down: each with its school, corrected in its place or explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256

import pandas as pd
import streamlit as st

from core.dataset.personal import masked
from core.errors import Problem, count_of, of_every_kind
from core.intake.checkup.corrected_rows import SourceCells, TypedCell
from core.intake.checkup.fault_rows import LEVEL_NAMES, fault_workbook, findings_workbook
from core.intake.reading.raw_sheets import Source
from core.naming import named
from core.reports.tables import file_name
from ui.labels import plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHAPES = {"FAIL": "▲ ", "WARN": "◆ "}
# What a reader scrolls through; more is for the file.
_LISTED = 2_000
_ONE_BY_ONE = 20
_NUMBERS_SHOWN = 12
_CORRECTION, _EMPTY = "更正为", "（空）"

# What was typed or adopted at once, under the fingerprint of the file that it corrects.
Action = Mapping[str, Sequence[TypedCell]]


def typed_for(source: Source, actions: Sequence[Action]) -> tuple[TypedCell, ...]:
    """Everything that was typed so far into the cells of a file."""
    return tuple(cell for action in actions for cell in action.get(source.found_as, ()))


def show_findings(problems: Sequence[Problem]) -> None:
    """All findings, to read."""
    st.dataframe(_grid(of_every_kind(problems, _LISTED)), hide_index=True)
    _say_how_many(problems)


def correct_findings(sources: Sequence[Source], problems: Sequence[Problem], actions: list[Action]) -> None:
    """All findings, each that stands in a cell with what is to stand there instead; applied together.

    What is applied is added to the `actions` so far, as the next round of its file, and the page drawn anew.
    """
    files = {source.name: SourceCells(source) for source in sources}
    alone = files[sources[0].name] if len(sources) == 1 else None
    cells_of = [(files.get(problem.file, alone), problem) for problem in problems]
    placed = {id(p): cells for cells, p in cells_of if cells is not None and cells.has(p)}
    listed = of_every_kind(problems, _LISTED)
    grid = _grid(listed)
    place = list(grid.columns).index("发现")
    grid.insert(place, "现为", [masked(placed[id(p)].text(p)) if id(p) in placed else "—" for p in listed])
    grid.insert(place + 1, _CORRECTION, "")
    with st.form("work_down_" + "".join(source.sha256[:8] for source in sources)[:64], border=False):
        edited = st.data_editor(
            grid,
            hide_index=True,
            disabled=[title for title in grid.columns if title != _CORRECTION],
            column_config={
                _CORRECTION: st.column_config.TextColumn(help=f"直接在这里填正确的内容；应为空的填“{_EMPTY}”。")
            },
        )
        wanted = st.form_submit_button("应用更正并重新体检", icon=":material/check:")
    proposals = [(placed[id(p)], p, text) for p in problems if id(p) in placed and (text := placed[id(p)].proposed(p))]
    if proposals and st.button(
        f"采用建议的单位换算 {len(proposals)} 处",
        icon=":material/calculate:",
        help="只改“建议”中指明疑似单位有误的格，可以撤销。",
    ):
        actions.append(_action(proposals))
        st.rerun()
    _say_how_many(problems)
    if not wanted:
        return
    filled = [(n, _typed_text(text)) for n, text in enumerate(edited[_CORRECTION])]
    filled = [(n, text) for n, text in filled if text]
    elsewhere = [n + 1 for n, _ in filled if id(listed[n]) not in placed]
    if elsewhere:
        st.error(f"第 {named([str(n) for n in elsewhere])} 处不在某一格，请在原文件或下载的问题行中更正。")
    elif not filled:
        st.info(f"没有填写更正：请在“{_CORRECTION}”一列填写。")
    else:
        texts = [(listed[n], "" if text == _EMPTY else text) for n, text in filled]
        actions.append(_action([(placed[id(p)], p, text) for p, text in texts]))
        st.rerun()


def _typed_text(text: object) -> str:
    """What stands in an edited cell; a cell that was emptied again holds no text."""
    return "" if pd.isna(text) else str(text).strip()  # type: ignore[call-overload]


def _action(texts: Sequence[tuple[SourceCells, Problem, str]]) -> Action:
    typed: dict[str, list[TypedCell]] = defaultdict(list)
    for cells, problem, text in texts:
        typed[cells.source.found_as].append(cells.typed(problem, text))
    return typed


def offer_to_undo(originals: Sequence[str], actions: list[Action]) -> None:
    """What was typed into the files that are there, by their first fingerprints, and the last of it to be taken back."""
    mine = [action for action in actions if set(action) & set(originals)]
    typed = [cell for action in mine for original in originals for cell in action.get(original, ())]
    if not typed:
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.caption(plain(f"本页已更正 {len(typed)} 格：{named([_typed_words(cell) for cell in typed], '格', most=6)}。"))
    if right.button("撤销最近一次更正", icon=":material/undo:"):
        actions.remove(mine[-1])
        st.rerun()


def _typed_words(cell: TypedCell) -> str:
    return f"{cell.sheet}第 {cell.row} 行{cell.column}→{cell.text or _EMPTY}"


def _grid(problems: Sequence[Problem]) -> pd.DataFrame:
    in_files = any(p.file for p in problems)
    return pd.DataFrame(
        [
            {
                "处": n,
                "级别": _SHAPES[p.level] + LEVEL_NAMES[p.level],
                **({"文件": p.file} if in_files else {}),
                "学校": p.school,
                "工作表": p.sheet,
                "行": "" if p.row is None else str(p.row),
                "列": p.column or "",
                "发现": p.found,
                "建议": p.advice,
                "应为": p.expected,
            }
            for n, p in enumerate(problems, start=1)
        ]
    )


def _say_how_many(problems: Sequence[Problem]) -> None:
    if len(problems) > _LISTED:
        st.caption(
            f"共 {sum(p.stands_for for p in problems):,} 处，表中列出 {_LISTED:,} 处，各类都在其中；更多的见下载文件。"
        )


def offer_findings(sources: Sequence[Source], problems: Sequence[Problem], *, is_mapped: bool) -> None:
    """The findings as a file: rows to correct and hand in, or for many files or another form's export a list."""
    stem = named([source.name.rsplit(".", 1)[0] for source in sources], "个文件")
    as_list = is_mapped or len(sources) > 1
    if as_list:
        label, name = "下载问题清单", file_name("问题清单", stem, "", "xlsx")
    else:
        label, name = "下载问题行（更正后与原文件一起上传）", file_name("问题行", stem, "", "xlsx")
    st.download_button(
        label,
        lambda: findings_workbook(problems) if as_list else fault_workbook(sources[0], problems),
        name,
        _XLSX,
        icon=":material/download:",
        on_click="ignore",
    )


def ask_for_reasons(warnings: Sequence[Problem], number: int, *, one_by_one: bool) -> list[str]:
    """The reason for each warning: one for all that say the same of different rows, or one each.

    `number` tells this form from the one sent before.
    """
    groups: dict[object, list[int]] = {}
    for place, warning in enumerate(warnings):
        groups.setdefault(place if one_by_one else warning.kind, []).append(place)
    labels = [_of_group(warnings, places) for places in groups.values()]
    if len(labels) > _ONE_BY_ONE:
        filled = st.data_editor(
            pd.DataFrame({"提示": labels, "说明（必填）": ""}),
            hide_index=True,
            disabled=["提示"],
            key=f"grid_{number}_{_fingerprint(*labels)}",
        )
        texts = [_typed_text(text) for text in filled["说明（必填）"]]
    else:
        # A reason stays with what it was written for, whatever is corrected meanwhile.
        texts = [
            st.text_input(
                plain(label),
                placeholder="说明（必填）",
                key=f"reason_{number}_{_fingerprint(*(warnings[place].sentence() for place in places))}",
            ).strip()
            for label, places in zip(labels, groups.values(), strict=True)
        ]
    given = [""] * len(warnings)
    for text, places in zip(texts, groups.values(), strict=True):
        for place in places:
            given[place] = text
    return given


def _fingerprint(*texts: str) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:16]


def _of_group(warnings: Sequence[Problem], places: Sequence[int]) -> str:
    first = warnings[places[0]]
    if len(places) == 1:
        return f"第 {places[0] + 1} 处　{first.sentence()}"
    numbers = named([str(place + 1) for place in places], most=_NUMBERS_SHOWN)
    count = count_of([warnings[place] for place in places], "WARN")
    return f"第 {numbers} 处，同类共 {count:,} 处，一并说明　如：{first.sentence()}"
