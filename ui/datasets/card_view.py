"""Official cards of many schools: opened with progress, their year, and the board of who handed in what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.intake.cards.card_check import CheckedCards, years_of_cards
from core.intake.reading.workbooks import Workbook, open_workbooks
from core.naming import named
from ui.labels import plain

_LISTED = 8
# What a school still owes is what the board is read for.
_MISSING_PIXELS = 560


def open_with_progress(files: Sequence[tuple[str, bytes]]) -> list[Workbook]:
    """The workbooks of an upload, the number of those that are open shown while they are opened."""
    place = st.empty()

    def tell(done: int, of: int, name: str) -> None:
        place.progress(done / of, plain(f"正在打开第 {done + 1} 个，共 {of} 个文件：{name}"))

    try:
        return open_workbooks(files, tell)
    finally:
        place.empty()


def choose_year(books: Sequence[Workbook]) -> int:
    """The school year of the cards: as they say, for a person to correct."""
    named_years = years_of_cards(books)
    if len(named_years) > 1:
        st.warning(f"这些卡片写着不同的学年：{'、'.join(map(str, named_years))}。请核对后只上传同一学年的卡片。")
    return int(
        st.number_input(
            "这些卡片是哪个学年（起始年份）",
            2000,
            2100,
            named_years[-1] if named_years else date.today().year,
            key=f"cards_year_{books[0].sha256[:12]}",
            width=260,
        )
    )


def show_board(found: CheckedCards) -> None:
    """Which school handed in which card, and what is still missing."""
    owing = [line for line in found.board if line.missing]
    handed_in = sum(len(line.handed_in) for line in found.board)
    missing = sum(len(line.missing) for line in owing)
    st.markdown(
        plain(
            f"{len(found.board)} 所学校交来 {handed_in} 张卡片，"
            + (f"{len(owing)} 所还缺 {missing} 张。" if owing else "全部交齐。")
        )
    )
    if owing:
        st.caption(
            plain(
                "缺的卡片中的数：另有列表或该学年已有现行数据的，按列表和现行数据；都没有的按未报处理。"
                f"还缺的学校：{named([line.name for line in owing], '所', most=_LISTED)}。"
            )
        )
    with st.expander(f"各校卡片 {len(found.board)} 所", expanded=bool(owing)):
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "学校": line.name,
                        "情况": f"◆ 还缺 {len(line.missing)} 张" if line.missing else "● 齐",
                        "已交": f"{len(line.handed_in)} 张",
                        "还缺": "、".join(line.missing),
                    }
                    for line in sorted(found.board, key=lambda one: (-len(one.missing), one.name))
                ]
            ),
            hide_index=True,
            column_config={"还缺": st.column_config.Column(width=_MISSING_PIXELS)},
        )
    if found.unused:
        st.caption(plain(f"不导入的工作表 {len(found.unused)} 张：{named(found.unused, '张', most=_LISTED)}"))
