"""A cell of a printed table: its text and its colour; a verdict with shape, word and colour."""

from __future__ import annotations

from dataclasses import dataclass

from core.method.assessment import Verdict
from core.palette import GREY, INK
from core.wording.verdicts import VERDICT_COLOURS, marked


@dataclass(frozen=True)
class Cell:
    """One cell's text and its colour."""

    text: str
    colour: str = INK


def colour_of(verdict: Verdict) -> str:
    """The text colour of a verdict."""
    return VERDICT_COLOURS.get(verdict, GREY)


def verdict_cell(verdict: Verdict, borderline: bool = False) -> Cell:
    """A verdict with its shape, word and colour."""
    return Cell(marked(verdict, borderline), colour_of(verdict))
