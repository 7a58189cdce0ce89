"""Levers and changes as text and back: for addresses, and for scenarios that are kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

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
_NAMES = {type_: name for name, type_ in _TYPES.items()}
_DECIMALS = {
    (Change, "amount"),
    (PupilsPercent, "percent"),
    (FinishProject, "teaching_area_m2"),
    (FinishProject, "sports_ground_area_m2"),
}


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
        return [_entry(plain, allowed) for plain in listed]
    except (ValueError, TypeError, KeyError, InvalidOperation, RecursionError):
        raise RequestInvalid("方案内容无法读取：链接不完整或已被改动，请从情景推演页面重新保存或复制链接。") from None


def _entry(plain: dict[str, Any], allowed: Sequence[type[Any]]) -> Any:
    values = dict(plain)
    type_ = _TYPES[values.pop("type")]
    if type_ not in allowed:
        raise TypeError(type_)
    for field in fields(type_):
        if field.name in values:
            values[field.name] = _value(type_, field.name, str(field.type), values[field.name])
    return type_(**values)


def _value(type_: type[Any], name: str, declared: str, value: Any) -> Any:
    if (type_, name) in _DECIMALS:
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError(value)
        return number
    if name == "place":
        scope, code = value
        if scope not in ("county", "township", "school") or not isinstance(code, str):
            raise ValueError(value)
        return Place(scope, code)
    if name == "operation" and value not in ("add", "set"):
        raise ValueError(value)
    kinds = {"str": str, "int": int, "bool": bool}
    for part in declared.split(" | "):
        if part in kinds and type(value) is kinds[part]:
            return value
    if (value is None and "None" in declared) or (name == "operation"):
        return value
    raise TypeError(name)
