"""The SELECTs that stand in files of their own, with the columns filled in that the dictionary or the standard names.

A file is read as a Jinja template, as dbt projects write theirs: a list of columns stands there once, whatever is in
it. Only this program's own files are templates, and only identifiers are ever filled in.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def statement(file: Path, **names: object) -> str:
    """The SELECT in `file` with its names filled in. Raises jinja2.UndefinedError when one is missing."""
    return _environment(file.parent).get_template(file.name).render(**names)


@cache
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
