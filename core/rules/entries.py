"""Reads one TOML file of rules, noting every fault instead of stopping at the first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.errors import RulesInvalid
from core.rules.standard import STAGES


def read_entries(path: Path) -> Entries:
    """The file's top table, numbers as Decimal. Raises RulesInvalid when it is no TOML file."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise RulesInvalid(path, ["文件不存在"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RulesInvalid(path, [f"不是有效的 TOML 文件（{fault}）"]) from None
    return Entries(raw)


class Entries:
    """A table of the file that notes what is missing, mistyped or unknown instead of stopping."""

    def __init__(self, table: Mapping[str, Any], where: str = "", faults: list[str] | None = None) -> None:
        self.table = table
        self.where = where
        self.faults: list[str] = [] if faults is None else faults

    def _fault(self, key: str, sentence: str) -> None:
        self.faults.append(f"{self.where}{key} {sentence}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; absent without a default is a fault."""
        value = self.table.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            self._fault(key, "缺失或不是文字")
            return ""
        return value

    def number(self, key: str) -> Decimal:
        """A number that is not negative."""
        return self._decimal(key, self.table.get(key))

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self.number(key)
        if value != value.to_integral_value():
            self._fault(key, "应为整数")
        return int(value)

    def _decimal(self, key: str, value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self._fault(key, "缺失或不是数字")
            return Decimal(1)
        if value < 0:
            self._fault(key, "不能为负数")
        return Decimal(value)

    def numbers(self, key: str) -> dict[str, Decimal]:
        """A table of numbers by name."""
        table = self.table.get(key, {})
        if not isinstance(table, dict):
            self._fault(key, "应为一组数字")
            return {}
        return {name: self._decimal(f"{key}.{name}", value) for name, value in table.items()}

    def named_numbers(self, key: str, names: Sequence[str]) -> dict[str, Decimal]:
        """Exactly these numbers; a missing or unknown one is a fault."""
        numbers = self.numbers(key)
        for name in names:
            if name not in numbers:
                self._fault(f"{key}.{name}", "缺失")
                numbers[name] = Decimal(1)
        for name in numbers:
            if name not in names:
                self._fault(f"{key}.{name}", "是未知的名称")
        return numbers

    def per_stage(self, key: str) -> dict[str, Decimal]:
        """A number for each compulsory stage."""
        numbers = self.numbers(key)
        for stage in STAGES:
            if stage not in numbers:
                self._fault(f"{key}.{stage}", "缺失")
                numbers[stage] = Decimal(1)
        return numbers

    def texts(self, key: str) -> dict[str, str]:
        """A table of texts by name."""
        table = self.table.get(key)
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            self._fault(key, "缺失或不是一组文字")
            return {}
        return dict(table)

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self.table.get(key)
        if not isinstance(value, bool):
            self._fault(key, "应为 true 或 false")
        return bool(value)

    def day(self, key: str) -> date:
        """A date."""
        value = self.table.get(key)
        if not isinstance(value, date):
            self._fault(key, "缺失或不是日期")
            return date.min
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed words."""
        value = self.text(key)
        if value and value not in allowed:
            self._fault(key, f"为“{value}”，应为 {'、'.join(allowed)} 之一")
        return value

    def section(self, key: str) -> Entries:
        """A sub-table; its faults name it."""
        table = self.table.get(key)
        if not isinstance(table, dict):
            self._fault(key, "这一节缺失")
            table = {}
        return Entries(table, f"{self.where}{key}.", self.faults)

    def sections(self, key: str, name: str) -> list[Entries]:
        """A list of tables, each named by one of its entries."""
        tables = self.table.get(key)
        if not isinstance(tables, list) or not tables:
            self._fault(key, "这一节缺失")
            return []
        return [Entries(t, f"{self.where}{key}[{t.get(name, n)}].", self.faults) for n, t in enumerate(tables)]

    def only(self, *known: str) -> None:
        """Every other name in this table is a fault."""
        for key in self.table:
            if key not in known:
                self._fault(key, "是未知的名称")
