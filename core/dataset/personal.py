"""Recognises personal data in a text: the platform takes counts, never a person's number."""

from __future__ import annotations

import re
from datetime import date

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})((?:19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx](?![0-9A-Za-z])", re.ASCII)
_MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z.])", re.ASCII)
SHORTEST = 11


def personal_number(text: str) -> str:
    """What personal number the text contains, masked; empty when it contains none."""
    for found in _IDENTITY.finditer(text):
        if _is_date(*(int(part) for part in found.groups()[1:])):
            return f"疑似居民身份证号（{found[1]}************）"
    mobile = _MOBILE.search(text)
    return f"疑似手机号码（{mobile[1]}********）" if mobile else ""


def masked(text: str) -> str:
    """The text with identity card and mobile phone numbers masked."""
    return _MOBILE.sub(r"\1********", _IDENTITY.sub(r"\1************", text))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
