"""The board of a collection: which township's or school's workbook is in, and which is still owed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.intake.checkup.many_workbooks import CheckedWorkbooks
from core.naming import named
from ui.labels import plain

_LISTED = 8


def show_files(found: CheckedWorkbooks) -> None:
    """Who handed in what, with how many findings; which townships are in no file."""
    schools = sum(line.schools for line in found.board)
    faulty = [line for line in found.board if line.failures]
    st.markdown(
        plain(
            f"{len(found.board)} 个文件，{schools} 所学校，"
            + (f"{len(faulty)} 个文件有错误。" if faulty else "都没有错误。")
            + (
                f"还缺 {len(found.missing)} 个乡镇：{named(found.missing, '个', most=_LISTED)}。"
                if found.missing
                else ""
            )
        )
    )
    with st.expander(f"各文件 {len(found.board)} 个", expanded=bool(faulty)):
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "文件": line.file,
                        "乡镇": "、".join(line.townships),
                        "学校": f"{line.schools} 所",
                        "情况": f"▲ {line.failures} 处错误" if line.failures else "● 没有错误",
                        "提示": f"{line.warnings} 处" if line.warnings else "",
                    }
                    for line in sorted(found.board, key=lambda line: (-line.failures, line.file))
                ]
            ),
            hide_index=True,
        )
