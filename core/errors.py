"""Everything the platform refuses, said in Chinese: where, what was found, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Level = Literal["FAIL", "WARN"]


@dataclass(frozen=True)
class Problem:
    """One finding in an input: FAIL stops the batch, WARN is confirmed with a reason.

    `row` counts as the sheet shows it (the header is row 1); `column` is the header as found or expected.
    """

    level: Level
    sheet: str
    row: int | None
    column: str | None
    found: str
    expected: str
    advice: str = ""

    def sentence(self) -> str:
        """The finding as one line an official can act on."""
        place = f"工作表“{self.sheet}”" if self.sheet else "文件"
        if self.row is not None:
            place += f"第 {self.row} 行"
        if self.column:
            place += f"“{self.column}”列"
        advice = f"；{self.advice}" if self.advice else ""
        return f"{place}：{self.found}；应为：{self.expected}{advice}。"


class PlatformError(Exception):
    """A refusal with a Chinese sentence; nothing was changed."""


class RulesInvalid(PlatformError):
    """A rules or plan file that cannot be used, with every fault found in it."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.path = path
        self.faults = faults
        super().__init__(f"规则文件 {path.name} 有 {len(faults)} 处问题：" + "；".join(faults))


class InputRejected(PlatformError):
    """An input that was not loaded, with every problem found in it; the old data stays untouched."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        failures = [p for p in problems if p.level == "FAIL"]
        super().__init__(
            f"数据未导入：发现 {len(failures)} 处错误，原有数据未改动。\n" + "\n".join(p.sentence() for p in failures)
        )


class StoreUnavailable(PlatformError):
    """The store's file is held by another process, damaged or unwritable."""


class NotPermitted(PlatformError):
    """An action that this person may not take."""


class RequestInvalid(PlatformError):
    """A request that makes no sense as it stands, such as an unknown county, year or option."""
