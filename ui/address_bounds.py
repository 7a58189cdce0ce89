"""What an address may ask of a page at most, before anything is read or computed from it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,4})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 120
# Lists: a school's cap takes some thirty characters, an adjustment some two hundred.
_LONGER = {"also": 10_000, "school_caps": 3_000}
_NUMBERS = re.compile(
    r"seconds|budget|moves_km|most_.+|late_months|migration|target_year|map_year|lever_(cap_.+|pupils|L[0-9]+)|class_(cap_.+|pupils)"
)
_WHOLE_NUMBERS = {
    "draft": "草稿批次",
    "opened": "方案",
    "edited": "方案",
    "base": "方案",
    "plan": "方案",
    "year": "学年",
    "issue": "台账问题",
    "pin": "固定链接",
    "region_year": "学年",
}
_OTHERS = {
    "q": "查找的内容",
    "also": "方案调整",
    "school_caps": "个别学校上限",
    "as_of": "截至日期",
    "project": "项目",
    "school": "学校",
    "county": "县",
}


def inadmissible(asked: Mapping[str, str]) -> list[str]:
    """The parameters that no link of ours holds: too long, with control characters, or no number where one belongs."""
    return [key for key, value in asked.items() if not _is_admissible(key, value)]


def parameter_name(key: str) -> str | None:
    """What a parameter is called, None where its widget names it."""
    return _WHOLE_NUMBERS.get(key) or _OTHERS.get(key)


def _is_admissible(key: str, value: str) -> bool:
    if len(value) > _LONGER.get(key, _LONGEST) or _CONTROL.search(value):
        return False
    if not value:
        # A field that was emptied.
        return True
    if key in _WHOLE_NUMBERS:
        return bool(_WHOLE.fullmatch(value))
    return not _NUMBERS.fullmatch(key) or bool(_NUMBER.fullmatch(value))
