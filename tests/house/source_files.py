"""The source files that the house rules read."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE_FOLDERS = ("core", "ui", "pages", "demo")


def files(*suffixes: str, folders: tuple[str, ...] = SOURCE_FOLDERS) -> list[Path]:
    """The source files with these endings, in order."""
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in suffixes)


def python_files() -> list[Path]:
    """Every Python file that is shipped."""
    return [*files(".py"), *(p for p in (ROOT / "app.py", ROOT / "run.py") if p.exists())]


def shown(path: Path) -> str:
    """A file as a fault names it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    """The full name of every module that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{shown(path)} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
