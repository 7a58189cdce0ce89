"""What was looked for from the bar: everything of that name, each a link to its page or line."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from core.wording.finding import KIND_NAMES, Entry, entries, find
from ui import cache
from ui.frame import View
from ui.labels import plain
from ui.links import address, school_address, unit_address
from ui.markup.lines import Line, lines_html

_SHOWN = 12
_EXAMPLES = "可以输入名称中的字，或拼音首字母，如“远庄”“yzxx”“教育局”“班额”“T06”。"


def results(view: View, words: str) -> list[Entry]:
    """What the words find."""
    listed = cache.told(
        view.key,
        view.year,
        view.as_of,
        "entries",
        lambda: entries(view.assessment, view.standard, view.situation),
    )
    return find(listed, words)


def headline(words: str, found: list[Entry]) -> str:
    """How much was found."""
    if not words:
        return "查找学校、单位、条款、任务和台账"
    return f"“{words}”找到 {len(found)} 项" if found else f"没有找到“{words}”"


def found_lines(words: str, found: list[Entry]) -> None:
    """The entries by kind; where nothing was found, what can be looked for."""
    if not found:
        st.markdown(_EXAMPLES)
        return
    for kind, group in groupby(found if len(found) < _SHOWN else sorted(found, key=_order), key=lambda e: e.kind):
        held = list(group)
        st.header(f"{KIND_NAMES[kind]} {len(held)} 项", anchor=False)
        shown = [Line(f"[{plain(e.name)}]({_address(e)})", f":small[:gray[{plain(e.note)}]]") for e in held[:_SHOWN]]
        st.html(lines_html(shown))
        if len(held) > _SHOWN:
            st.caption(f"只列出 {_SHOWN} 项，请再多输入几个字。")


def _order(entry: Entry) -> int:
    return list(KIND_NAMES).index(entry.kind)


def _address(entry: Entry) -> str:
    """Where an entry is looked at."""
    match entry.kind:
        case "school":
            return school_address(entry.identifier)
        case "township":
            return address("", township=entry.identifier)
        case "unit":
            return unit_address(entry.identifier)
        case "indicator":
            return address("balance", indicator=entry.identifier)
        case "item":
            return address("class_sizes" if entry.identifier in ("G4", "G5") else "items")
        case "task" | "sub_item":
            return address("timeline", task=entry.identifier)
        case "project":
            return address("projects", part="项目六个一", project=entry.identifier)
        case "issue":
            return address("projects", part="督办台账", issue=entry.identifier)
