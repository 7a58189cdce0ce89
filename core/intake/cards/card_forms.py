"""Which official cards there are and which of their cells is which figure of ours, as `data/official_cards.toml` says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from core.dataset.dictionary import DATA, sheets
from core.rules.declared import Lines, Sections, Text, Word
from core.rules.reading import RulesFile

CARDS = DATA / "official_cards.toml"


@dataclass(frozen=True)
class CardFigure:
    """Where one column of ours stands on a card; the file says what the kinds are."""

    kind: Word[Literal["figure", "sum", "grades", "bands", "text"]]
    table: Text
    column: Text
    rows: Lines
    titles: Lines


@dataclass(frozen=True)
class CardForm:
    """One card: its number and name, the words by which its title is known, the stage that it speaks of, if any."""

    form: Text
    name: Text
    recognised_by: Lines
    stages: Lines
    figures: Sections[CardFigure]

    @property
    def stage(self) -> str | None:
        """The stage of the card, None for cards of the whole school."""
        return self.stages[0] if self.stages else None


@dataclass(frozen=True)
class _CardList:
    cards: Sections[CardForm]


@cache
def card_forms(path: Path = CARDS) -> tuple[CardForm, ...]:
    """The official cards. Raises RulesInvalid with every fault of the file."""
    return _CARD_LISTS.read(path).cards


def _faults_between(listed: _CardList) -> Iterator[str]:
    columns = {s.identifier: {c.identifier for c in s.columns} for s in sheets()}
    for card in listed.cards:
        for figure in card.figures:
            if figure.column not in columns.get(figure.table, set()):
                yield f"cards[{card.name}] 中 {figure.table}.{figure.column} 不是数据字典中的列"


_CARD_LISTS = RulesFile(_CardList, _faults_between)
