"""What a judgement says something about, by a stable key: what links, the ledger and lists of failures name alike.

Keys: row:<school_id>:<stage>, row:<school_id>:<stage>:<indicator>, balance:<stage>:<indicator>, item:<code>,
class_size:<school_id>:<stage>, school_item:<school_id>:<code>; anything else (manual:…) no figure decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.rules.standard import STAGES

Kind = Literal["row", "balance", "item", "class_size", "school_item", "manual"]


@dataclass(frozen=True)
class Subject:
    """A subject's parts; what a kind does not have is None."""

    kind: Kind
    school_id: str | None = None
    stage: str | None = None
    code: str | None = None

    @classmethod
    def of_row(cls, school_id: str, stage: str, code: str | None = None) -> Subject:
        """A school row, or one of its indicators."""
        return cls("row", school_id, stage, code)

    @classmethod
    def of_balance(cls, stage: str, code: str) -> Subject:
        """The coefficient of an indicator at a stage."""
        return cls("balance", stage=stage, code=code)

    @classmethod
    def of_item(cls, code: str) -> Subject:
        """A county item."""
        return cls("item", code=code)

    @classmethod
    def of_class_sizes(cls, school_id: str, stage: str) -> Subject:
        """The classes of a school at a stage."""
        return cls("class_size", school_id, stage)

    @classmethod
    def of_school_item(cls, school_id: str, code: str) -> Subject:
        """One school under an item that is judged school by school."""
        return cls("school_item", school_id, code=code)

    @classmethod
    def manual(cls, number: int) -> Subject:
        """An issue that was opened by hand under a number; no figure decides it."""
        return cls("manual", code=str(number))

    @classmethod
    def parse(cls, key: str) -> Subject:
        """The subject with this key; what is none of the kinds is decided by no figure."""
        kind, _, rest = key.partition(":")
        head, _, tail = rest.rpartition(":")
        if kind == "item" and rest:
            return cls.of_item(rest)
        if kind == "school_item" and head and tail:
            return cls.of_school_item(head, tail)
        if kind == "balance" and head and ":" not in head:
            return cls.of_balance(head, tail)
        # A school's own id may hold colons: the stage is what tells where it ends.
        if kind == "class_size" and head and tail in STAGES:
            return cls.of_class_sizes(head, tail)
        if kind == "row" and head and tail in STAGES:
            return cls.of_row(head, tail)
        school_id, _, stage = head.rpartition(":")
        if kind == "row" and school_id and stage in STAGES:
            return cls.of_row(school_id, stage, tail)
        return cls("manual", code=rest if kind == "manual" and rest else None)

    def __str__(self) -> str:
        return ":".join(part for part in (self.kind, self.school_id, self.stage, self.code) if part is not None)
