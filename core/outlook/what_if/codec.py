"""Levers and changes as text and back: for addresses, and for scenarios that are kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter

from core.errors import RequestInvalid
from core.method.changes import Change, CloseSchool, MergeSchool, OpenSchool, SchoolChange
from core.outlook.baseline import Place
from core.outlook.what_if.levers import (
    AddResource,
    ClassCap,
    FinishProject,
    Lever,
    MovePupils,
    MoveTeachers,
    OpenClasses,
    PupilsPercent,
)

_TYPES: dict[str, type[Any]] = {
    "add": AddResource,
    "move_teachers": MoveTeachers,
    "pupils_percent": PupilsPercent,
    "move_pupils": MovePupils,
    "class_cap": ClassCap,
    "open_classes": OpenClasses,
    "finish_project": FinishProject,
    "change": Change,
    "open": OpenSchool,
    "close": CloseSchool,
    "merge": MergeSchool,
}
_MOST_DIGITS, _MOST_WHOLE, _LONGEST_TEXT = 12, 1_000_000_000_000, 200
_NAMES = {type_: name for name, type_ in _TYPES.items()}


def to_text(entries: Sequence[Lever]) -> str:
    """Levers or changes as one line of JSON; values that are the default are left away."""
    return json.dumps([_plain(entry) for entry in entries], ensure_ascii=False, separators=(",", ":"))


def levers_from(text: str) -> list[Lever]:
    """The levers of a text. Raises RequestInvalid when it is not one that `to_text` wrote."""
    return _entries(text, list(_TYPES.values()))


def changes_from(text: str) -> list[Change | SchoolChange]:
    """The changes of a text. Raises RequestInvalid when it is not one that `to_text` wrote."""
    return _entries(text, [Change, *get_args(SchoolChange)])


def _plain(entry: Lever) -> dict[str, Any]:
    plain: dict[str, Any] = {"type": _NAMES[type(entry)]}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if value == field.default:
            continue
        if isinstance(value, Place):
            value = [value.scope, value.code]
        plain[field.name] = f"{value.normalize():f}" if isinstance(value, Decimal) else value
    return plain


def _entries(text: str, allowed: Sequence[type[Any]]) -> list[Any]:
    try:
        listed = json.loads(text)
        if not isinstance(listed, list):
            raise TypeError("not a list")
        return [_entry(dict(plain), allowed) for plain in listed]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise RequestInvalid("方案内容无法读取：链接不完整或已被改动，请从情景推演页面重新保存或复制链接。") from None


def _entry(values: dict[str, Any], allowed: Sequence[type[Any]]) -> Any:
    name = values.pop("type")
    if _TYPES[name] not in allowed:
        raise TypeError(name)
    if "place" in values:
        values["place"] = dict(zip(("scope", "code"), values["place"], strict=True))
    # As JSON once more: strict reading takes a decimal from text there, and nothing else from anything but its type.
    entry = _reader(name).validate_json(json.dumps(values), strict=True, extra="forbid")
    if not all(_is_sensible(getattr(entry, field.name)) for field in fields(entry)):
        raise ValueError(name)
    return entry


def _is_sensible(value: object) -> bool:
    """Whether a value is within what any county has: arithmetic with a number of a million digits does not end."""
    if isinstance(value, Decimal):
        digits = value.as_tuple().digits
        return value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS and len(digits) <= _MOST_DIGITS
    if isinstance(value, int):
        return abs(value) < _MOST_WHOLE
    return not isinstance(value, str) or len(value) <= _LONGEST_TEXT


@cache
def _reader(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_TYPES[name])
