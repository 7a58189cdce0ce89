"""What may stand in an official paper: numbered headings, paragraphs, tables, figures, each with its sources.

    Outline       numbers headings as official papers do (一、（一）1.) and sources by their first use, and gives a Paper

Word and PDF are made from the same Paper, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.dataset.characters import without_invisible
from core.reports.cells import Cell

_NUMERALS = "〇一二三四五六七八九"
_LEVELS = 3


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3 with its number, on a new page where it begins an annex."""

    level: int
    text: str
    begins_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `sources` are the numbers of its figures' sources in the appendix."""

    text: str
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table that may run over pages: its title, column names with their shares of the width, rows, a note below."""

    title: str
    columns: tuple[tuple[str, float], ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    sources: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {self.title} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True)
class Figure:
    """A drawn figure as SVG over the text's whole width: its title, a note below, what it shows in words."""

    title: str
    svg: str
    note: str = ""
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Signature:
    """Who signs and when, a line each, to the right."""

    lines: tuple[str, ...]


Block = Heading | Paragraph | Grid | Figure | Signature


@dataclass(frozen=True)
class Paper:
    """A whole paper. `mark` stands on every page, empty where nothing has to be said; `link` is where its figures are checked."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    mark: str = ""
    link: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures in order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))


@dataclass
class Outline:
    """A paper while it is written. `origins` say by key where figures come from, in the words of the appendix."""

    origins: Mapping[str, str] = field(default_factory=dict)
    _blocks: list[Block] = field(default_factory=list)
    _counts: list[int] = field(default_factory=lambda: [0] * _LEVELS)
    _sources: dict[str, int] = field(default_factory=dict)
    _grids: int = 0
    _figures: int = 0

    def heading(self, level: int, text: str) -> None:
        """A heading with the next number of its level."""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (_LEVELS - level)
        self._blocks.append(
            Heading(level, f"{heading_number(level, self._counts[level - 1])}{without_invisible(text)}")
        )

    def annex(self, text: str) -> None:
        """A heading of the first level without a number, on a page of its own."""
        self._blocks.append(Heading(1, without_invisible(text), begins_page=True))

    def sign(self, *lines: str) -> None:
        """Who signs and when."""
        self._blocks.append(Signature(tuple(map(without_invisible, lines))))

    def say(self, text: str, *sources: str) -> None:
        """A paragraph; nothing is said where the text is empty."""
        if text.strip():
            self._blocks.append(Paragraph(without_invisible(text), self._numbers(sources)))

    def table(
        self,
        title: str,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[Cell | str]],
        *sources: str,
        note: str = "",
    ) -> None:
        """A numbered table; without rows only its note, if there is one."""
        if not rows:
            self.say(note, *sources)
            return
        self._grids += 1
        cells = tuple(tuple(_cell(cell) for cell in row) for row in rows)
        self._blocks.append(
            Grid(
                f"表{self._grids}　{without_invisible(title)}",
                tuple(columns),
                cells,
                without_invisible(note),
                self._numbers(sources),
            )
        )

    def figure(self, title: str, svg: str, *sources: str, note: str = "") -> None:
        """A numbered figure."""
        self._figures += 1
        self._blocks.append(
            Figure(
                f"图{self._figures}　{without_invisible(title)}", svg, without_invisible(note), self._numbers(sources)
            )
        )

    def source_rows(self) -> list[tuple[str, str]]:
        """The sources used so far: number and words, in the order of their first use."""
        return [(f"〔{number}〕", self.origins[key]) for key, number in self._sources.items()]

    def paper(self, title: str, subtitle: str, mark: str = "") -> Paper:
        """What was written."""
        return Paper(
            without_invisible(title), without_invisible(subtitle), tuple(self._blocks), without_invisible(mark)
        )

    def _numbers(self, keys: Sequence[str]) -> tuple[int, ...]:
        """The numbers of sources. Raises KeyError for one that nobody described."""
        for key in keys:
            if key not in self.origins:
                raise KeyError(key)
            self._sources.setdefault(key, len(self._sources) + 1)
        return tuple(sorted({self._sources[key] for key in keys}))


def draft_mark(draft: int) -> str:
    """What every paper and page says that is made of figures which do not count yet."""
    return f"草稿批次 {draft} 尚未发布，数字与结论均不作数"


def of_a_draft(paper: Paper, draft: int | None) -> Paper:
    """The paper with that on every page, where a draft is looked at."""
    return paper if draft is None else replace(paper, mark="　".join(filter(None, (paper.mark, draft_mark(draft)))))


def openings(paper: Paper) -> list[tuple[str, str]]:
    """Every numbered heading of the first level with the first paragraph below it, for a look at what a paper says."""
    found: list[tuple[str, str]] = []
    for block in paper.blocks:
        if isinstance(block, Heading) and block.level == 1:
            if block.begins_page:
                break
            found.append((block.text, ""))
        elif isinstance(block, Paragraph) and found and not found[-1][1]:
            found[-1] = (found[-1][0], block.text)
    return found


def heading_number(level: int, number: int) -> str:
    """The number of a heading: 一、 at the first level, （一） at the second, 1. at the third."""
    if level == 1:
        return f"{numeral(number)}、"
    return f"（{numeral(number)}）" if level == 2 else f"{number}."


def numeral(number: int) -> str:
    """A number from 1 to 99 as Chinese numerals."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones else "")


def source_mark(sources: Sequence[int]) -> str:
    """What stands behind a text for its sources, such as 〔1、3–5〕."""
    runs: list[list[int]] = []
    for number in sources:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs]
    return f"〔{'、'.join(texts)}〕" if runs else ""


def _cell(cell: Cell | str) -> Cell:
    return Cell(without_invisible(cell)) if isinstance(cell, str) else Cell(without_invisible(cell.text), cell.colour)
