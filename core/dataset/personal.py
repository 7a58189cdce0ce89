"""Recognises personal data in a text: the platform takes counts, never a person's number."""

from __future__ import annotations

import re
from datetime import date

from core.dataset.characters import folded

_NO_DIGIT_BEFORE, _NO_DIGIT_BEHIND = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_IDENTITY = re.compile(
    _NO_DIGIT_BEFORE + r"(\d(?:[ -]?\d){5})[ -]?((?:19|20)(?:[ -]?\d){2})[ -]?(\d[ -]?\d)[ -]?(\d[ -]?\d)"
    r"(?:[ -]?\d){3}[ -]?[\dXx]" + _NO_DIGIT_BEHIND,
    re.ASCII,
)
# In the groups in which people write it; with points only all through, or it would be a decimal.
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.])(?:(?:\+|00)? ?\(?(?:\+|00)?86\)?[ -]*)?\(?(1[3-9]\d)\)?"
    r"(?:[ -]*\d{4}[ -]*\d{4}|[ -]\d{3}[ -]\d{5}|\.\d{4}\.\d{4})(?![0-9A-Za-z]|\.\d)",
    re.ASCII,
)
# An area code with its 0 in brackets or before a sign, or with the number in one piece.
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.-])(?:(?:\+|00)86[ -]*)?\(?(0(?:10|2\d|[3-9]\d{2}))(?:\)[ -]*|[ -]+)?[2-8]\d{2,3}[ -]?\d{4}"
    r"(?![0-9A-Za-z]|\.\d|-\d{1,2}(?!\d))",
    re.ASCII,
)
SHORTEST = 11


def personal_number(text: str) -> str:
    """What personal number the text contains in any writing, masked; empty when it contains none."""
    plain = _plain(text)
    for found in _IDENTITY.finditer(plain):
        if _is_date(*(int(re.sub("[ -]", "", part)) for part in found.groups()[1:])):
            return f"疑似居民身份证号（{re.sub('[ -]', '', found[1])}************）"
    mobile = _MOBILE.search(plain)
    if mobile:
        return f"疑似手机号码（{mobile[1]}********）"
    landline = _LANDLINE.search(plain)
    return f"疑似固定电话号码（{landline[1]}-********）" if landline else ""


def masked(text: str) -> str:
    """The text with identity card and telephone numbers masked."""
    if not personal_number(text):
        return text
    without_identity = _IDENTITY.sub(r"\1************", _plain(text))
    return _LANDLINE.sub(r"\1-********", _MOBILE.sub(r"\1********", without_identity))


def _plain(text: str) -> str:
    return text if text.isascii() else folded(text)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
