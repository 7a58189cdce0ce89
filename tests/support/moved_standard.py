"""The national standard with one number moved: every number of the file has a path and can be told another value."""

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.rules.standard import Standard
from core.rules.standard_loading import NATIONAL_STANDARD, load_standard

NAMES = ("code", "reason", "id")
RAW: dict[str, Any] = tomllib.loads(NATIONAL_STANDARD.read_text("utf-8"), parse_float=Decimal)


def number_paths(value: Any = RAW, path: str = "") -> Iterator[str]:
    """The path of every number in the file, such as indicators.L4.limit.primary or class_bands.edges.0."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from number_paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from number_paths(inner, f"{path}.{_name(inner, place)}")
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield path


def _name(entry: Any, place: int) -> str:
    if isinstance(entry, dict):
        return next(str(entry[name]) for name in NAMES if name in entry)
    return str(place)


def _step(table: Any, key: str) -> Any:
    if isinstance(table, list):
        return next(place for place, inner in enumerate(table) if _name(inner, place) == key)
    return key


def moved(path: str, value: Any) -> dict[str, Any]:
    """A copy of the file's tables with the entry at the path set; None takes the entry out."""
    tables = copy.deepcopy(RAW)
    table: Any = tables
    *places, last = path.split(".")
    for place in places:
        table = table[_step(table, place)]
    if value is None:
        del table[last]
    else:
        table[_step(table, last)] = value
    return tables


def written(tables: dict[str, Any], path: Path) -> Path:
    """The tables as a TOML file."""
    path.write_text("".join(f"{key} = {_inline(value)}\n" for key, value in tables.items()), "utf-8")
    return path


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)


def standard_with(path: str, value: Any, folder: Path) -> Standard:
    """The standard read from a file in which this one entry differs."""
    return load_standard(written(moved(path, value), folder / "moved.toml"))
