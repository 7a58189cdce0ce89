"""Characters that look like nothing, or like others: what a text is without them, and what it may not hold."""

from __future__ import annotations

import re
import unicodedata

# Characters without a shape of their own: joiners, marks of direction, byte order marks, soft hyphens, fillers and
# selectors of variants. They come along when text is copied, and two names that differ by them look the same.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
_BLANKS = re.compile("[\\s\x00-\x1f\x7f-\x9f]+")
# A control character or half of a pair means a spoilt file, U+FFFD that a character was lost when it was converted.
_SPOILT = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd-\uffff]")
_HALF_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D}
# Hyphens, dashes and minus signs of every width.
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x02D7, 0x2043, 0x2212, 0x2796, 0xFE58, 0xFE63, 0xFF0D], "-")
_APART = re.compile(r"[\s\-_·•・.。,，()（）]+")


def without_invisible(text: str) -> str:
    """The text on one line, without characters that have no shape, and with single ordinary blanks."""
    # Nearly every cell is plain already, and there are millions.
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()


def spoilt_character(text: str) -> str:
    """The first character that no text holds, as its number such as U+0007; empty when there is none."""
    found = _SPOILT.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs as ordinary ones, and the minus sign as a hyphen."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def folded(text: str) -> str:
    """The text with every form of a character as the ordinary one, full-width and circled ones too, dashes as hyphens."""
    if text.isascii():
        return without_invisible(text)
    return unicodedata.normalize("NFKC", without_invisible(text).translate(_DASHES)).translate(_DASHES)


def likeness(text: str) -> str:
    """What two texts have in common that a reader takes for the same."""
    return _APART.sub("", folded(text).casefold())


def as_compared(name: str) -> str:
    """A person's name as it is compared: width, case, blanks and characters without a shape make no other person."""
    return "".join(folded(name).casefold().split())
