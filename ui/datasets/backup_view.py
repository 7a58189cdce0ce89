"""The whole store as one file, taken while people work."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.dataset.dictionary import DATA
from core.store.backup import back_up
from ui.frame import View
from ui.labels import plain
from ui.tables import sentence_table

_FOLDER = DATA / "backups"


def back_up_store(view: View) -> None:
    """Take a backup and list those there are; restoring is done with the platform stopped."""
    if st.button("立即备份", icon=":material/save:", disabled=not view.actor.can_write):
        _FOLDER.mkdir(exist_ok=True)
        target = _FOLDER / f"county-{datetime.now():%Y%m%d-%H%M%S}.duckdb"
        with st.spinner("正在备份……"):
            counted = back_up(view.store, target, view.actor, view.standard)
        st.success(plain(f"已备份到 {target}，数据版本 {counted.facts_version}。"))
    kept = sorted(_FOLDER.glob("*.duckdb"), reverse=True) if _FOLDER.is_dir() else []
    if kept:
        sentence_table(
            [
                {
                    "备份文件": f"`{f.name}`",
                    "时间": f"{datetime.fromtimestamp(f.stat().st_mtime):%Y-%m-%d %H:%M}",
                    "大小": f"{f.stat().st_size / 1_048_576:.1f} MB",
                }
                for f in kept
            ]
        )
    else:
        st.markdown("还没有备份。")
    st.caption(
        "恢复须先停止平台，再在程序目录运行：.venv/bin/python -m core restore 备份文件；恢复前先检查备份，原文件保留。"
    )
