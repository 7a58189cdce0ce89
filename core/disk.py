"""Files that outlast a power cut, and content that is kept once under its own hash.

settle(path)                                        wait until a finished file is on the disk
keep_content(folder, content) -> str                the SHA-256 under which it is kept
content_of(folder, sha256) -> bytes                 Raises ContentLost
copy_contents(source, target, hashes) -> list[str]  those that the source does not hold whole
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

_PART = ".part"


class ContentLost(Exception):
    """Content that a folder should hold and does not, or not as it was."""


def content_file(folder: Path, digest: str) -> Path:
    """Where a content is kept; a folder of a county holds some thousands."""
    return folder / digest[:2] / digest


def keep_content(folder: Path, content: bytes) -> str:
    """Keep a content once, however often it is handed in; it appears whole or not at all. Raises OSError."""
    digest = sha256(content).hexdigest()
    file = content_file(folder, digest)
    if _holds(file, digest):
        return digest
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{digest}.{uuid4().hex[:12]}{_PART}")
    try:
        part.write_bytes(content)
        settle(part)
        part.replace(file)
        settle(file)
    finally:
        part.unlink(missing_ok=True)
    return digest


def content_of(folder: Path, digest: str) -> bytes:
    """What is kept under a hash. Raises ContentLost where it is not there, cannot be read or is not what was kept."""
    try:
        content = content_file(folder, digest).read_bytes()
    except OSError:
        raise ContentLost(digest) from None
    if sha256(content).hexdigest() != digest:
        raise ContentLost(digest)
    return content


def copy_contents(source: Path, target: Path, digests: Iterable[str]) -> list[str]:
    """Copy what a target does not hold yet; returned is what the source does not hold whole. Raises OSError."""
    lost = []
    for digest in digests:
        if _holds(content_file(target, digest), digest):
            continue
        try:
            keep_content(target, content_of(source, digest))
        except ContentLost:
            lost.append(digest)
    return lost


def _holds(file: Path, digest: str) -> bool:
    """Whether a file is whole: one that was damaged is written anew."""
    return file.is_file() and sha256(file.read_bytes()).hexdigest() == digest


def settle(path: Path) -> None:
    """Wait until a finished file, and that its folder knows it, outlast a power cut. Raises OSError."""
    _flush(path, os.O_RDWR)
    if os.name == "posix":
        # Elsewhere no folder can be opened; the file system writes the name down by itself.
        _flush(path.parent, os.O_RDONLY)


def _flush(place: Path, how: int) -> None:
    handle = os.open(place, how)
    try:
        os.fsync(handle)
    except OSError as fault:
        # A network drive may not know how; there is nothing else to wait for.
        if fault.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
