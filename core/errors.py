"""Everything the platform refuses, said in Chinese: where, what was found, what was expected, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

Level = Literal["FAIL", "WARN"]

# A fault that every school of a large county has is listed at each; beyond it people correct a kind, not a cell.
LISTED_OF_A_KIND = 200
# A sheet has a few dozen kinds of fault; only an input that is no workbook of ours has more.
MOST_KINDS = 1_000
# What differs between two findings of a kind: quoted words and figures.
_VARYING = re.compile(r"“[^”]*”|[\d.,%-]+")


@dataclass(frozen=True)
class Problem:
    """One finding in an input: FAIL stops the batch, WARN is confirmed with a reason.

    `row` counts as the sheet shows it (the header is row 1); `column` is the header as found or expected.
    `stands_for` says for how many findings it speaks, `school` of which school it speaks, empty where of none; `times`
    is by how much the figure would have to be multiplied to be one that occurs, where its unit seems to be wrong; `file`
    is named where several were handed in.
    """

    level: Level
    sheet: str
    row: int | None
    column: str | None
    found: str
    expected: str
    advice: str = ""
    stands_for: int = 1
    school: str = ""
    times: Decimal | None = None
    file: str = ""

    @property
    def kind(self) -> tuple[str, ...]:
        """What it has in common with the same fault of other rows."""
        return self.level, self.sheet, self.column or "", _VARYING.sub("", self.found)

    def sentence(self) -> str:
        """The finding as one line an official can act on."""
        place = f"“{self.file}”" if self.file else ""
        place += f"工作表“{self.sheet}”" if self.sheet else "文件"
        if self.row is not None:
            place += f"第 {self.row} 行"
        if self.column:
            place += f"“{self.column}”列"
        if self.school:
            place += f"（{self.school}）"
        advice = f"；{self.advice}" if self.advice else ""
        return f"{place}：{self.found}；应为：{self.expected}{advice}。"


class Findings:
    """Findings as they are made: all are counted, of every kind the first are kept."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._kept: list[Problem] = []
        self._first: dict[tuple[str, ...], Problem] = {}
        self._counted: dict[tuple[str, ...], int] = {}
        self.extend(problems)

    def append(self, problem: Problem) -> None:
        """Take one finding in."""
        kind = problem.kind
        if kind not in self._first and len(self._first) >= MOST_KINDS:
            kind = (problem.level,)
        number = self._counted.get(kind, 0)
        self._first.setdefault(kind, problem)
        self._counted[kind] = number + 1
        if number < LISTED_OF_A_KIND:
            self._kept.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take findings in, one after the other."""
        for problem in problems:
            self.append(problem)

    def listed(self) -> list[Problem]:
        """The findings that are kept, and for every kind with more one that says how many."""
        more = [(self._first[kind], number - LISTED_OF_A_KIND) for kind, number in self._counted.items()]
        return [*self._kept, *(_more(first, number) for first, number in more if number > 0)]


def _more(first: Problem, number: int) -> Problem:
    advice = "请先更正已列出的，再次上传时列出其余" if first.level == "FAIL" else "请与已列出的一并核实"
    found = f"与“{first.found.replace('“', '').replace('”', '')}”同类的还有 {number:,} 处，没有逐处列出"
    return Problem(first.level, first.sheet, None, first.column, found, first.expected, advice, number)


def count_of(problems: Iterable[Problem], level: Level) -> int:
    """How many findings of a level there are, those that are not listed among them."""
    return sum(p.stands_for for p in problems if p.level == level)


def of_every_kind(problems: Sequence[Problem], most: int) -> list[Problem]:
    """So many findings in their order, the first of every kind among them."""
    first = {problem.kind: place for place, problem in reversed(list(enumerate(problems)))}
    chosen = sorted(first.values())[:most]
    others = sorted(set(range(len(problems))) - set(chosen))
    return [problems[place] for place in sorted([*chosen, *others[: most - len(chosen)]])]


class PlatformError(Exception):
    """A refusal with a Chinese sentence; nothing was changed."""


class RulesInvalid(PlatformError):
    """A rules or plan file that cannot be used, with every fault found in it."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.path = path
        self.faults = faults
        super().__init__(f"规则文件 {path.name} 有 {len(faults)} 处问题：" + "；".join(faults))


class InputRejected(PlatformError):
    """An input that was not loaded, with what was found in it; the old data stays untouched."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        listed = [p.sentence() for p in problems if p.level == "FAIL"]
        super().__init__(f"数据未导入：发现 {self.failures:,} 处错误，原有数据未改动。\n" + "\n".join(listed))

    @property
    def failures(self) -> int:
        """How many faults there are, those that are not listed among them."""
        return count_of(self.problems, "FAIL")


class StoreUnavailable(PlatformError):
    """The store's file is held by another process, damaged or unwritable."""


class NotPermitted(PlatformError):
    """An action that this person may not take."""


class FiguresMissing(PlatformError):
    """A question that cannot be answered before further figures are in; the sentence says which."""


class RequestInvalid(PlatformError):
    """A request that makes no sense as it stands, such as an unknown county, year or option."""
