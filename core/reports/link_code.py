"""A link as a code to scan (QR), for papers and screens.

link_code(link) -> str            SVG
link_code_png(link) -> bytes      PNG, for papers that hold no SVG
"""

from __future__ import annotations

import io

import segno

# Scanned from paper that was copied once: a quarter of it may be lost.
_ERROR_LEVEL, _DOTS = "q", 6


def link_code(link: str) -> str:
    """The code as SVG, without a size of its own."""
    made = io.BytesIO()
    segno.make(link, error=_ERROR_LEVEL, micro=False).save(made, kind="svg", omitsize=True, xmldecl=False)
    return made.getvalue().decode()


def link_code_png(link: str) -> bytes:
    """The code as PNG."""
    made = io.BytesIO()
    segno.make(link, error=_ERROR_LEVEL, micro=False).save(made, kind="png", scale=_DOTS)
    return made.getvalue()
