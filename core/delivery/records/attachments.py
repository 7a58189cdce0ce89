"""Files attached to issues, steps, documents, visits and letters: a row each, the content kept once beside the data file.

attach(store, cursor, kind, record, uploads) -> tuple[Attachment, ...]      inside the write of the record itself
attachments_of(store, county_code, as_of) -> dict[int, tuple[Attachment, ...]]      by the record's number
attachment(store, number) -> Attachment | None
content(store, attachment) -> bytes          Raises StoreUnavailable where the file is lost
lost_attachments(store) -> tuple[Attachment, ...]
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import duckdb

from core.content_kinds import KINDS, MOST_AT_ONCE, ContentKind, kind_of, plain_name
from core.delivery.records.records import Written, add_rows, take_numbers
from core.disk import ContentLost, content_file, content_of, keep_content
from core.errors import RequestInvalid, StoreUnavailable
from core.store.database import Store
from core.store.opening import attachments_folder, why_unavailable

RecordKind = Literal["issue", "step", "document", "visit", "letter"]


@dataclass(frozen=True)
class Upload:
    """A file as handed in: its name, whatever it says, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Attachment(Written):
    """A file attached to a record, which `record_kind` and `record_number` name."""

    day: date
    note: str
    record_kind: RecordKind
    record_number: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str

    @property
    def kind(self) -> ContentKind:
        """What the file is."""
        return next(kind for kind in KINDS if kind.media_type == self.media_type)


def attach(
    store: Store,
    cursor: duckdb.DuckDBPyConnection,
    kind: RecordKind,
    record: Mapping[str, Any],
    uploads: Sequence[Upload],
) -> tuple[Attachment, ...]:
    """Keep the files of a record that is being written, under its writer's name; the same file twice is one.

    Raises RequestInvalid for too many or one that may not be attached, StoreUnavailable when the disk takes none.
    """
    if not uploads:
        return ()
    kinds = check_uploads(uploads)
    folder = _folder(store)
    different = {sha256(u.content).hexdigest(): (u, k) for u, k in reversed(list(zip(uploads, kinds, strict=True)))}
    written = {name: record[name] for name in ("county_code", "day", "actor", "verified", "recorded_at")}
    numbers = take_numbers(cursor, len(different))
    kept = []
    for number, (digest, (upload, found)) in zip(numbers, reversed(different.items()), strict=True):
        try:
            keep_content(folder, upload.content)
        except OSError as fault:
            raise StoreUnavailable(why_unavailable(folder, fault.strerror or str(fault))) from None
        kept.append(
            Attachment(
                **written,
                number=number,
                note="",
                record_kind=kind,
                record_number=int(record["number"]),
                name=plain_name(upload.name),
                media_type=found.media_type,
                size_bytes=len(upload.content),
                sha256=digest,
            )
        )
    add_rows(cursor, "attachments", [asdict(attachment) for attachment in kept])
    return tuple(kept)


def check_uploads(uploads: Sequence[Upload]) -> list[ContentKind]:
    """What each file is. Raises RequestInvalid for too many, or the first that may not be attached."""
    if len(uploads) > MOST_AT_ONCE:
        raise RequestInvalid(f"一次最多上传 {MOST_AT_ONCE} 个附件，现有 {len(uploads)} 个；其余的请分次登记。")
    return [kind_of(upload.name, upload.content) for upload in uploads]


def attachments_of(store: Store, county_code: str, as_of: date) -> dict[int, tuple[Attachment, ...]]:
    """Every file attached by the end of a day, by the number of the record to which it belongs."""
    found: dict[int, tuple[Attachment, ...]] = {}
    for row in store.records(
        "select * from attachments where county_code = $1 and day <= $2 order by number", [county_code, as_of]
    ):
        held = Attachment(**row)
        found[held.record_number] = (*found.get(held.record_number, ()), held)
    return found


def attachment(store: Store, number: int) -> Attachment | None:
    """The attachment with this number."""
    found = store.records("select * from attachments where number = $1", [number])
    return Attachment(**found[0]) if found else None


def content(store: Store, held: Attachment) -> bytes:
    """The file's bytes as they were handed in. Raises StoreUnavailable where they are lost, and says what to do."""
    try:
        return content_of(_folder(store), held.sha256)
    except ContentLost:
        raise StoreUnavailable(
            f"附件“{held.name}”的文件不在数据文件旁的附件文件夹中，或已损坏；登记仍在。"
            f"请系统管理员从备份旁的附件文件夹中找回（文件名为 {held.sha256}），或由 {held.day} 登记的人重新上传。"
        ) from None


def lost_attachments(store: Store) -> tuple[Attachment, ...]:
    """The attachments whose files are not there, the oldest first."""
    if store.path is None:
        return ()
    folder = attachments_folder(store.path)
    held = (Attachment(**row) for row in store.records("select * from attachments order by number"))
    return tuple(one for one in held if not content_file(folder, one.sha256).is_file())


def attached_bytes(store: Store) -> int:
    """How many bytes all attached files have, each counted once."""
    return int(
        store.rows(
            "select coalesce(sum(size), 0) from (select any_value(size_bytes) as size from attachments group by sha256)"
        )[0][0]
    )


def package_of_attachments(store: Store) -> bytes:
    """Every attached file as a zip that is unpacked beside a backup: `restore` finds them there.

    What is lost or damaged is listed in it by name: a package that is not whole says so.
    """
    made, lost = io.BytesIO(), []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for digest, name in store.rows("select sha256, min(name) from attachments group by 1 order by 1"):
            try:
                held = content_of(_folder(store), digest)
            except ContentLost:
                lost.append(f"{digest}\t{name}\n")
                continue
            package.writestr(content_file(Path("attachments"), digest).as_posix(), held)
        if lost:
            package.writestr("attachments-missing.txt", "".join(lost))
    return made.getvalue()


def _folder(store: Store) -> Path:
    if store.path is None:
        raise StoreUnavailable("数据只在内存中，没有存放附件的文件夹。")
    return attachments_folder(store.path)
