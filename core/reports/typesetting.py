"""Pages and pictures by typst with the packaged fonts; no browser, no font of the machine, nothing fetched.

pdf_of(template, inputs) -> bytes
pictures_of(svgs) -> list[bytes]           each as PNG, for papers that hold no SVG
printable(text) -> str                     with 〓 for characters that the packaged fonts do not have
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

# What printers set where they have no type for a character.
MISSING = "〓"
_FONTS: list[Path] = [sans_path().parent]
_PICTURES = Path(__file__).with_name("pictures.typ")
# How wide a template's page is that becomes a picture.
PICTURE_POINTS, _POINTS_PER_INCH = 540.0, 72.0
# Sharp on paper at the width of a page.
_DOTS_PER_INCH = 200.0


def pdf_of(template: Path, inputs: Mapping[str, str]) -> bytes:
    """A template with its inputs as PDF; the same inputs give the same bytes."""
    made = typst.compile(
        template,
        root=template.parent,
        font_paths=_FONTS,
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


def picture_of(template: Path, inputs: Mapping[str, str], width_pixels: int) -> bytes:
    """A template that makes one page of 540 points across, as PNG."""
    made: bytes | list[bytes] = typst.compile(
        template,
        root=template.parent,
        font_paths=_FONTS,
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
        format="png",
        ppi=width_pixels / PICTURE_POINTS * _POINTS_PER_INCH,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single picture")
    return made


def pictures_of(svgs: Sequence[str]) -> list[bytes]:
    """The drawings as PNG, one a page, in their order."""
    if not svgs:
        return []
    made: bytes | list[bytes] = typst.compile(
        _PICTURES,
        root=_PICTURES.parent,
        font_paths=_FONTS,
        ignore_system_fonts=True,
        sys_inputs={"drawings": json.dumps(list(svgs), ensure_ascii=False)},
        format="png",
        ppi=_DOTS_PER_INCH,
    )
    return [made] if isinstance(made, bytes) else list(made)


def printable(text: str) -> str:
    """The text as the packaged fonts can print it."""
    if text.isascii():
        return text
    known = _characters()
    return "".join(c if ord(c) in known or c.isspace() else MISSING for c in text)


@cache
def _characters() -> frozenset[int]:
    """The characters that both packaged fonts have."""
    fonts = (TTFont(path, lazy=True) for path in (sans_path(), serif_path()))
    return frozenset.intersection(*(frozenset(font.getBestCmap()) for font in fonts))
