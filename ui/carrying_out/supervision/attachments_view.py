"""Attached files on the screen: the field that takes them, their names as links, pictures small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.content_kinds import ENDINGS, LARGEST_BYTES, MOST_AT_ONCE
from core.delivery.records.attachments import Attachment, Upload
from ui.frame import View
from ui.labels import plain


def upload_field(label: str, key: str) -> list[UploadedFile]:
    """Photographs, scans and papers; a phone offers its camera."""
    return list(
        st.file_uploader(
            f"{label}（图片、PDF、OFD、Office，每个不超过 {LARGEST_BYTES // 1_000_000} MB，一次最多 {MOST_AT_ONCE} 个）",
            type=list(ENDINGS),
            accept_multiple_files=True,
            max_upload_size=LARGEST_BYTES // 1_000_000,
            key=key,
        )
    )


def uploads_of(files: Sequence[UploadedFile]) -> tuple[Upload, ...]:
    """The files as they are handed to a write."""
    return tuple(Upload(file.name, file.getvalue()) for file in files)


def attachment_links(view: View, record_number: int) -> str:
    """The files of a record as links, for Markdown places; names only for whoever may not open any."""
    return "、".join(map(_link if view.actor.may("open") else _name, _held(view, [record_number])))


def pictures(view: View, record_numbers: Iterable[int]) -> None:
    """The pictures of some records, small, each a link to the whole one."""
    shown = {a.sha256: a for a in _held(view, record_numbers) if a.kind.is_picture}
    if shown and view.actor.may("open"):
        with st.container(key=f"pictures_{min(a.number for a in shown.values())}"):
            st.markdown(
                "　".join(
                    f"[![{plain(a.name)}](attachments/{a.number}/small)](attachments/{a.number})"
                    for a in shown.values()
                )
            )


def _held(view: View, record_numbers: Iterable[int]) -> list[Attachment]:
    held = view.situation.attachments
    return [attachment for number in record_numbers for attachment in held.get(number, ())]


def _link(held: Attachment) -> str:
    return f"[{plain(held.name)}](attachments/{held.number})"


def _name(held: Attachment) -> str:
    return plain(held.name)
