"""The kinds of values that the rules' files consist of, as types that a dataclass declares its keys with.

A key that is missing reads as `Absent`, so that one check of its type says what was expected there. When a file has
faults it is read once more as far as it can be, every faulty value standing as a harmless one of its type, so that
what must hold between its parts is checked all the same: `core.rules.reading` does both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

T = TypeVar("T")
# What a year, or a day, stands as where it could not be read.
UNREAD_YEAR = 1
UNREAD_DAY = date.min


@dataclass(frozen=True)
class Absent:
    """Stands for a key that is missing; `key` is its name where the attribute has another one."""

    key: str = ""


def key(name: str) -> Any:
    """The attribute stands under another name in the file."""
    return Field(validation_alias=name)


def required(name: str) -> Any:
    """The attribute stands under another name in the file, and must be there."""
    return Field(validation_alias=name, default=Absent(name), validate_default=True)


def otherwise(stand_in: object) -> WrapValidator:
    """What a faulty value stands as when a file is read as far as it can be."""

    def read(value: object, validate: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
        try:
            return validate(value)
        except ValidationError:
            if info.context is None:
                raise
            return stand_in

    return WrapValidator(read)


def _table(value: object, info: ValidationInfo) -> object:
    return value if info.context is None or isinstance(value, dict) else {}


def _tables(value: object, info: ValidationInfo) -> object:
    if info.context is None or not isinstance(value, list):
        return _not_empty(value)
    return [table for table in value if isinstance(table, dict)]


def _not_empty(value: object) -> object:
    return Absent() if value == [] else value


def _decimal(value: object) -> object:
    return Decimal(value) if type(value) is int else value


def _each_once(lines: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    if info.context is None and len(set(lines)) < len(lines):
        repeated = sorted({line for line in lines if lines.count(line) > 1})
        raise PydanticCustomError("repeated", "repeated", {"lines": repeated})
    return lines


REQUIRED = Field(default=Absent(), validate_default=True)

# A value that may be absent is `Maybe` of one of these, a required one has its name further down.
NonEmpty = Annotated[str, Field(min_length=1), otherwise("")]
Amount = Annotated[Decimal, BeforeValidator(_decimal), Field(strict=True, ge=0), otherwise(Decimal(1))]
Count = Annotated[int, Field(strict=True, ge=0), otherwise(UNREAD_YEAR)]
Maybe = Annotated[T | None, Field(default=None), otherwise(None)]

Text = Annotated[NonEmpty, REQUIRED]
Id = Annotated[NonEmpty, required("id")]
Number = Annotated[Amount, REQUIRED]
Whole = Annotated[Count, REQUIRED]
Day = Annotated[date, Field(strict=True), otherwise(UNREAD_DAY), REQUIRED]
Flag = Annotated[bool, Field(strict=True), otherwise(False), REQUIRED]
Word = Annotated[T, otherwise(""), REQUIRED]
WholeNumbers = Annotated[
    tuple[Annotated[int, Field(strict=True, ge=0)], ...], BeforeValidator(_not_empty), otherwise((1,)), REQUIRED
]
# Texts that may be absent, each given once; numbers by name, whose names are checked with what they belong to.
Lines = Annotated[tuple[NonEmpty, ...], otherwise(()), AfterValidator(_each_once), Field(default=())]
Numbers = Annotated[Mapping[str, Amount], otherwise({}), Field(default={})]

# Tables: one, one by each name, a list of them.
Section = Annotated[T, BeforeValidator(_table), REQUIRED]
ByName = Annotated[Mapping[str, T], otherwise({}), REQUIRED]
# A list of them that may be empty: a task that was added before its sub-items.
SectionsIfAny = Annotated[tuple[T, ...], otherwise(()), Field(default=())]
Sections = Annotated[tuple[T, ...], BeforeValidator(_tables), otherwise(()), REQUIRED]
