"""The whole store as one file, taken while people work, each day by itself, and carried home by who may."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from core.audit import keep_action
from core.delivery.records.attachments import attached_bytes, lost_attachments, package_of_attachments
from core.naming import named
from core.store.backup import attachments_of_backups, back_up, backups_folder
from ui.access import while_permitted
from ui.frame import View
from ui.labels import plain
from ui.serving.daily_backup import daily_backup_failure
from ui.tables import sentence_table

# What a package may have: it is made in memory.
_LARGEST_PACKAGE = 300_000_000


def back_up_store(view: View) -> None:
    """Take a backup, list those there are, carry one home; restoring is done with the platform stopped."""
    if failure := daily_backup_failure():
        st.warning(plain(f"每日自动备份没有做成：{failure}"))
    if st.button("立即备份", icon=":material/save:", disabled=not view.actor.may("backup")):
        folder = backups_folder()
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"county-{datetime.now():%Y%m%d-%H%M%S-%f}.duckdb"
        with st.spinner("正在备份……"):
            counted = back_up(view.store, target, view.actor, view.standard)
            with view.store.write() as cursor:
                keep_action(cursor, view.actor, "backup", target.name, datetime.now())
        if counted.lost:
            st.warning(plain(f"有 {len(counted.lost)} 个附件缺失或已损坏，没有备份到；请从以前的备份中找回。"))
        st.success(plain(f"已备份到 {target}，数据版本 {counted.facts_version}。"))
    if lost := lost_attachments(view.store):
        names = named([held.name for held in lost], "个")
        st.warning(
            plain(
                f"有 {len(lost)} 个附件的文件不在数据文件旁的附件文件夹中：{names}。请从备份旁的 attachments 文件夹找回。"
            )
        )
    kept = sorted(backups_folder().glob("*.duckdb"), key=lambda file: file.stat().st_mtime, reverse=True)
    if kept:
        sentence_table([{"备份文件": f"`{f.name}`", "时间": _time(f), "大小": _size(f)} for f in kept])
        _carry_home(view, kept)
    else:
        st.markdown("还没有备份。")
    _carry_attachments(view)
    st.caption(
        "平台运行时每天自动备份一次，保留最近 14 天和此前各月的第一份（12 个月）。"
        "恢复须先停止平台，再在程序目录运行：.venv/bin/python -m core restore 备份文件；恢复前先检查备份，原文件保留。"
    )


def _carry_home(view: View, kept: list[Path]) -> None:
    """One of the files, to be kept elsewhere than on this machine."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {file.name: file for file in kept}
        chosen = st.selectbox("把备份另存到本机以外", list(names), key="backup_chosen")

        st.download_button(
            "下载备份",
            while_permitted("backup", lambda: names[str(chosen)].read_bytes()),
            str(chosen),
            "application/octet-stream",
            icon=":material/download:",
            disabled=not view.actor.may("backup"),
        )


def _carry_attachments(view: View) -> None:
    """All attached files in one package, while they fit into memory."""
    size = attached_bytes(view.store)
    if not size:
        return
    if size > _LARGEST_PACKAGE:
        folder = attachments_of_backups(backups_folder())
        st.caption(plain(f"附件共 {size / 1_048_576:,.0f} MB，请直接拷贝文件夹 {folder}，与备份文件放在一起。"))
        return
    st.download_button(
        f"下载附件包（{size / 1_048_576:.1f} MB）",
        while_permitted("backup", lambda: package_of_attachments(view.store)),
        "attachments.zip",
        "application/zip",
        icon=":material/folder_zip:",
        disabled=not view.actor.may("backup"),
        help="解压后的 attachments 文件夹与备份文件放在一起，恢复时自动取用。",
    )


def _time(file: Path) -> str:
    return f"{datetime.fromtimestamp(file.stat().st_mtime):%Y-%m-%d %H:%M}"


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1_048_576:.1f} MB"
