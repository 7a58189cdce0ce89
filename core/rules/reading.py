"""Reads a file of rules into the types that declare it, and says every fault of the file in Chinese at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from propcache.api import cached_property
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from core.errors import RulesInvalid
from core.rules.declared import Absent

T = TypeVar("T")
# A table in a list is named by the first of these that it has.
_NAMED_BY = ("id", "code", "subject", "reason")
_SECTIONS = ("dataclass_type", "tuple_type", "dict_type", "model_attributes_type")
_EXPECTED = {
    "string_type": "应为文字",
    "string_too_short": "应为文字",
    "is_instance_of": "应为数字",
    "finite_number": "应为数字",
    "int_type": "应为整数",
    "greater_than_equal": "不能为负数",
    "greater_than": "应大于 0",
    "date_type": "应为日期",
    "bool_type": "应为 true 或 false",
    "dataclass_type": "应为一节",
    "model_attributes_type": "应为一节",
    "dict_type": "应为一组有名称的值",
    "tuple_type": "应为一组值",
}


class RulesFile(Generic[T]):
    """A kind of rules file: the type that declares it, and what finds faults between its parts."""

    def __init__(self, declared: type[T], faults_between: Callable[[T], Iterable[str]]) -> None:
        self._declared = declared
        self._faults_between = faults_between

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._declared)

    def read(self, path: Path) -> T:
        """What such a file says. Raises RulesInvalid with every fault of it."""
        return self.understood(table_of(path), path)

    def understood(self, raw: dict[str, Any], path: Path) -> T:
        """What the content of such a file says; `path` names it in a fault. Raises RulesInvalid with every fault."""
        faults: list[str] = []
        try:
            rules = self._adapter.validate_python(raw, extra="forbid")
        except ValidationError as refused:
            faults = [_sentence(raw, error) for error in refused.errors(include_url=False)]
            # Any context at all makes it read as far as it can be.
            rules = self._adapter.validate_python(raw, extra="ignore", context={})
        faults += self._faults_between(rules)
        if faults:
            raise RulesInvalid(path, faults)
        return rules


def name_faults(where: str, given: Iterable[str], names: Iterable[str]) -> list[str]:
    """Exactly these names must be given; every missing or unknown one."""
    given, names = list(given), list(names)
    missing = [f"{where}.{name} 缺失，应为数字" for name in names if name not in given]
    return missing + [f"{where}.{name} 是未知的名称" for name in given if name not in names]


def table_of(path: Path) -> dict[str, Any]:
    """The content of a rules file as plain tables. Raises RulesInvalid where it is none."""
    try:
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise RulesInvalid(path, ["文件不存在"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RulesInvalid(path, [f"不是有效的 TOML 文件（{fault}）"]) from None


def _sentence(raw: dict[str, Any], error: ErrorDetails) -> str:
    """Where, what was found, what is expected."""
    where, found, context = _place(raw, error), error["input"], error.get("ctx", {})
    match error["type"]:
        case "unexpected_keyword_argument":
            return f"{where} 是未知的名称"
        case "repeated":
            return f"{where} 中“{'”“'.join(context['lines'])}”重复"
        case "union_tag_not_found":
            return f"{where}.kind 缺失，应写明种类"
        case "union_tag_invalid":
            return f"{where}.kind 为{_shown(context['tag'])}，{_one_of(context['expected_tags'])}"
        case kind if kind in _SECTIONS and isinstance(found, Absent):
            return f"{where} 这一节缺失"
        case kind:
            expected = _one_of(context["expected"]) if kind == "literal_error" else _EXPECTED[kind]
            return f"{where} {'缺失' if isinstance(found, Absent) else f'为{_shown(found)}'}，{expected}"


def _place(raw: dict[str, Any], error: ErrorDetails) -> str:
    """The keys down to the value, as `items[class_size].limit.primary`."""
    *above, last = error["loc"]
    if isinstance(error["input"], Absent) and error["input"].key:
        last = error["input"].key
    where = ""
    table: Any = raw
    for step in above:
        if isinstance(step, int):
            where += _entry(table[step], step)
        elif step in table:
            where += f".{step}"
        else:
            continue  # pydantic names the kind of a table too, which is no key of the file
        table = table[step]
    return (where + (_entry(table[last], last) if isinstance(last, int) else f".{last}")).removeprefix(".")


def _entry(entry: object, place: int) -> str:
    names = [entry[name] for name in _NAMED_BY if isinstance(entry.get(name), str)] if isinstance(entry, dict) else []
    return f"[{names[0] if names else f'第 {place + 1} 项'}]"


def _one_of(words: str) -> str:
    return "应为 " + "、".join(re.findall(r"'([^']*)'", words)) + " 之一"


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"“{value}”" if value else "空"
    if isinstance(value, bool):
        return f" {str(value).lower()}"
    return "一组值" if isinstance(value, list | dict) else f" {value}"
