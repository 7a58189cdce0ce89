"""A plan's tables with entries put in another's place, added or taken out, and written as JSON and as a file again.

    amended(table, changes) -> dict[str, Any]
    entry_of(table, section, entry_id) -> Mapping | None        the entry as it reads now
    entries_of(table, section) -> list[Mapping]
    entry_text(entry) -> str, entry_from(text) -> dict            JSON, with days and exact numbers as the file has them
    as_file(table) -> str                                         the text of a plan file

An entry is a table of the plan file: a unit, a task without its sub-items, a sub-item, a target. Nothing here says
whether the result is a plan: core.rules.plan_loading does.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import tomli_w

from core.errors import RequestInvalid

Table = dict[str, Any]
# The lists of a plan file whose entries the office may change, and the key that names an entry.
SECTIONS: Mapping[str, str] = {
    "tasks": "id",
    "sub_items": "id",
    "dated_targets": "id",
    "yearly_targets": "id",
    "phases": "id",
    "units": "id",
    "goals": "id",
    "remedies": "id",
    "routes": "subject",
    "project_slots": "id",
    "warning_levels": "id",
    "letters": "id",
    "divisions": "id",
}
# Those that stand inside a table of their own.
_NESTED: Mapping[str, tuple[str, str]] = {
    "warning_levels": ("warnings", "levels"),
    "letters": ("supervision", "letters"),
}
_DAY = "$day"
_LONGEST_ENTRY = 20_000


@dataclass(frozen=True)
class Change:
    """An entry as it now reads, or None where it is taken out."""

    section: str
    entry_id: str
    entry: Mapping[str, Any] | None


def amended(table: Mapping[str, Any], changes: Iterable[Change]) -> Table:
    """The tables with the changes in their order; the given ones stay as they are."""
    plan: Table = copy.deepcopy(dict(table))
    for change in changes:
        _apply(plan, change)
    return plan


def _apply(plan: Table, change: Change) -> None:
    key = SECTIONS[change.section]
    held = _list(plan, change.section, change.entry_id)
    place = next((n for n, entry in enumerate(held) if entry.get(key) == change.entry_id), None)
    if change.entry is None:
        if place is not None:
            held.pop(place)
        return
    new = {**copy.deepcopy(dict(change.entry)), key: change.entry_id}
    if change.section == "tasks":
        new["sub_items"] = held[place].get("sub_items", []) if place is not None else []
    if place is None:
        held.append(new)
    else:
        held[place] = new


def _list(plan: Table, section: str, entry_id: str) -> list[Table]:
    """The list in which an entry of a section stands; a sub-item stands in its task."""
    if section in _NESTED:
        table, name = _NESTED[section]
        nested: list[Table] = plan.setdefault(table, {}).setdefault(name, [])
        return nested
    if section != "sub_items":
        found: list[Table] = plan.setdefault(section, [])
        return found
    task_id = entry_id.rpartition("-")[0]
    for task in plan.get("tasks", []):
        if task.get("id") == task_id:
            sub_items: list[Table] = task.setdefault("sub_items", [])
            return sub_items
    raise RequestInvalid(f"方案中没有任务“{task_id}”，具体措施“{entry_id}”无处可放；请先增加任务。")


def entries_of(table: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """The entries of a section as they read now, a task without its sub-items."""
    if section == "sub_items":
        return [entry for task in table.get("tasks", []) for entry in task.get("sub_items", [])]
    if section in _NESTED:
        outer, name = _NESTED[section]
        return list(table.get(outer, {}).get(name, []))
    return [{k: v for k, v in entry.items() if k != "sub_items"} for entry in table.get(section, [])]


def entry_of(table: Mapping[str, Any], section: str, entry_id: str) -> Mapping[str, Any] | None:
    """An entry as it reads now."""
    key = SECTIONS[section]
    return next((entry for entry in entries_of(table, section) if entry.get(key) == entry_id), None)


def entry_text(entry: Mapping[str, Any]) -> str:
    """An entry as JSON."""
    return json.dumps(entry, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        # A text that looks like a day stays a text.
        return {_DAY: value.isoformat()}
    raise TypeError(f"{type(value).__name__} is no value of a plan file")


def entry_from(text: str) -> Table:
    """An entry from JSON. Raises RequestInvalid for a text that is none, or too long."""
    if len(text) > _LONGEST_ENTRY:
        raise RequestInvalid(f"方案条目共 {len(text):,} 个字，最多 {_LONGEST_ENTRY:,} 个字。")
    try:
        entry = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise RequestInvalid("方案条目不能读取，请重新填写。") from None
    if not isinstance(entry, dict):
        raise RequestInvalid("方案条目不能读取，请重新填写。")
    return {key: _with_days(value) for key, value in entry.items()}


def _with_days(value: object) -> object:
    if isinstance(value, list):
        return [_with_days(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_DAY}:
        try:
            return date.fromisoformat(str(value[_DAY]))
        except ValueError:
            raise RequestInvalid(f"方案条目中的日期“{value[_DAY]}”不能识别。") from None
    return {key: _with_days(each) for key, each in value.items()}


def as_file(table: Mapping[str, Any]) -> str:
    """The tables as the text of a plan file."""
    return tomli_w.dumps(dict(table), multiline_strings=False)
