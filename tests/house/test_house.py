"""House rules that a reader relies on: one place for each thing, no number of the law outside the rules' files."""

import ast
import io
import re
import tokenize
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from core import palette
from tests.house.source_files import ROOT, files, python_files, shown, tree

# Limits and floors so particular that whoever writes one in code has written down the law.
# One half is said only where a judgement is made: elsewhere it is an ordinary number of drawing and comparing.
LAW = ("0.45", "0.50", "0.85", "4.2", "5.3", "7.5", "10.2", "5.8", "3.825", "6.375", "1.32", "0.765", "4.505")
LAW_NUMBERS = {Decimal(number) for number in LAW}
LAW_TEXT = re.compile(r"(?<![\d.])0*(?:" + "|".join(re.escape(n.rstrip("0")) + "0*" for n in LAW) + r")(?![\d.])")
LARGEST_FILE, LARGEST_FOLDER, LARGEST_STORE = 400, 20, 8
VAGUE = ("util", "helper", "common", "misc", "tools", "manager")
BROAD = {"Exception", "BaseException"}


def docstrings(module: ast.Module) -> set[tuple[int, int]]:
    """Where the docstrings of a file begin."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = set()
    for node in ast.walk(module):
        if isinstance(node, owners) and ast.get_docstring(node, clean=False) is not None:
            found.add((node.body[0].lineno, node.body[0].col_offset))
    return found


def law_in(path: Path, hits: list[str]) -> list[str]:
    """The hits that count in a file."""
    judges = path.relative_to(ROOT).parts[:2] in {("core", room) for room in ("rules", "method", "wording", "reports")}
    return [hit for hit in hits if judges or hit.rstrip("0") not in ("0.5", ".5")]


def law_in_python(path: Path) -> list[str]:
    """Numbers of the law in the code and strings of a file; a docstring may hold them in an example line only."""
    text = path.read_text("utf-8")
    prose = docstrings(tree(path))
    found = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NUMBER:
            plain = re.fullmatch(r"[\d._]+", token.string)
            hits = [token.string] if plain and Decimal(token.string.replace("_", "")) in LAW_NUMBERS else []
        elif token.type == tokenize.STRING and token.start in prose:
            lines = [line for line in token.string.splitlines() if ">>>" not in line]
            hits = LAW_TEXT.findall("\n".join(lines))
        elif token.type in (tokenize.STRING, tokenize.COMMENT):
            hits = LAW_TEXT.findall(token.string)
        else:
            hits = []
        found += [f"{shown(path)}:{token.start[0]} {hit}" for hit in law_in(path, hits)]
    return found


def test_no_number_of_the_law_stands_in_code_or_sql() -> None:
    # The maker of the invented county is told apart from the rules: what it draws is compared with them, not taken.
    found = [hit for path in python_files() if path.parent.name != "demo" for hit in law_in_python(path)]
    for path in files(".sql"):
        found += [f"{shown(path)} {hit}" for hit in law_in(path, LAW_TEXT.findall(path.read_text("utf-8")))]
    assert found == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("x >= 0.85", 1), ("x >= .5", 0), ("x = 0.5", 1), ("limit = 4.20", 1), ("24.2", 0), ("4.25", 0), ("v10.2.1", 0)],
)
def test_the_search_for_numbers_of_the_law_finds_them(text: str, found: int) -> None:
    assert len(LAW_TEXT.findall(text)) == found


def test_a_method_file_is_one_select_that_says_its_row_and_divides_in_no_test() -> None:
    found = []
    listed = files(".sql", folders=("core/method",))
    for path in listed:
        text = path.read_text("utf-8")
        code = re.sub(r"--.*|\{%.*?%\}", "", text)
        if not text.startswith(f"-- {path.stem}: one row per"):
            found.append(f"{shown(path)} does not begin by saying its row")
        if ";" in code or not re.search(r"^\s*(with|select)\b", code):
            found.append(f"{shown(path)} is not one SELECT")
        for condition in re.findall(r"\bwhen\b(.*?)\bthen\b", code, flags=re.DOTALL):
            if "/" in condition:
                found.append(f"{shown(path)} has a quotient inside a test: {condition.strip()}")
    assert listed and found == []


def test_a_file_is_short_enough_to_be_read() -> None:
    lengths = {shown(p): len(p.read_text("utf-8").splitlines()) for p in [*python_files(), *files(".sql")]}
    assert {name: length for name, length in lengths.items() if length > LARGEST_FILE} == {}


def test_a_folder_is_small_enough_to_be_seen() -> None:
    sizes = Counter(path.parent for path in [*python_files(), *files(".sql", ".html", ".css", ".toml", ".csv", ".md")])
    assert {shown(folder): size for folder, size in sizes.items() if size > LARGEST_FOLDER} == {}
    assert len(list((ROOT / "core" / "store").glob("*.py"))) <= LARGEST_STORE


def test_a_file_is_named_for_what_it_holds() -> None:
    named = {shown(path): re.split(r"[_/.]", shown(path).lower()) for path in [*python_files(), *files(".sql")]}
    assert [name for name, words in named.items() if any(w in VAGUE or w.rstrip("s") in VAGUE for w in words)] == []


def test_no_error_is_swallowed_unseen() -> None:
    found = []
    for path in python_files():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else BROAD
            last = node.body[-1]
            # A clean-up may see everything, if it lets everything go on.
            if names & BROAD and not (isinstance(last, ast.Raise) and last.exc is None):
                found.append(f"{shown(path)}:{node.lineno}")
    assert found == []


def test_every_write_leaves_its_trace_in_the_record_of_actions() -> None:
    untraced = []
    for path in files(".py", folders=("core", "ui")):
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef) and _calls(function, "write", of="store"):
                traced = _calls(function, "keep_action") or any(
                    _calls(called, "keep_action") for called in _called_within(path, function)
                )
                if not traced:
                    untraced.append(f"{shown(path)}:{function.lineno} {function.name}")
    assert untraced == []


def _calls(function: ast.FunctionDef, name: str, of: str = "") -> bool:
    """Whether a function calls another by this name, of an object by that name where one is given."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr == name:
                return not of or ast.unparse(called.value).endswith(of)
            if isinstance(called, ast.Name) and called.id == name and not of:
                return True
    return False


def _called_within(path: Path, function: ast.FunctionDef) -> list[ast.FunctionDef]:
    """The functions of the same file that a function calls by name."""
    named = {n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    return [n for n in tree(path).body if isinstance(n, ast.FunctionDef) and n.name in named]


def public(module: ast.Module) -> list[ast.ClassDef | ast.FunctionDef]:
    """The public functions and classes of a file."""
    defined = [node for node in module.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    return [node for node in defined if not node.name.startswith("_")]


def test_everything_public_in_core_says_what_it_is() -> None:
    listed = files(".py", folders=("core",))
    silent = [shown(path) for path in listed if not ast.get_docstring(tree(path))]
    silent += [
        f"{shown(p)}:{node.lineno} {node.name}"
        for p in listed
        for node in public(tree(p))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_core_reads_no_clock() -> None:
    clocks = {("datetime", "now"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    # The command line is where the time comes in.
    calls = [
        f"{shown(path)}:{node.lineno}"
        for path in files(".py", folders=("core",))
        if path.name not in ("__main__.py", "store_commands.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in clocks
    ]
    assert calls == []


def users_of(word: str) -> set[str]:
    """The shipped Python files whose code, not whose prose, holds a word."""
    return {
        shown(path)
        for path in python_files()
        if any(
            (isinstance(node, ast.Attribute) and node.attr.startswith(word))
            or (isinstance(node, ast.Name) and node.id.startswith(word))
            or (isinstance(node, ast.keyword) and node.arg == word)
            or (isinstance(node, ast.alias) and node.name.startswith(word))
            for node in ast.walk(tree(path))
        )
    }


def test_each_thing_of_the_screen_has_one_place() -> None:
    assert users_of("cache_data") | users_of("cache_resource") == {"ui/cache.py", "ui/planning/outlook_cache.py"}
    assert users_of("session_state") == {"ui/draft.py"}
    assert users_of("unsafe_allow_html") == set(), "data becomes markup"


def test_markup_is_written_by_us_alone() -> None:
    """What becomes HTML is a literal, and whatever is put into it is escaped; the one exception is the Markdown of cells."""
    written = []
    for path in python_files():
        if path == ROOT / "ui" / "markup" / "inline.py":
            continue
        for call in (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)):
            is_markup = isinstance(call.func, ast.Name) and call.func.id == "Markup"
            is_html = isinstance(call.func, ast.Attribute) and call.func.attr == "html" and bool(call.args)
            made = call.args[0] if call.args else None
            if (is_markup and not isinstance(made, ast.Constant)) or (is_html and isinstance(made, ast.JoinedStr)):
                written.append(f"{shown(path)}:{call.lineno}")
    assert written == []


def colours_in(path: Path) -> list[str]:
    """Every colour that a file writes down, as #RRGGBB."""
    return [hit.upper() for hit in re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8"))]


def test_every_colour_stands_in_the_palette_alone() -> None:
    named = (getattr(palette, name) for name in dir(palette) if name.isupper())
    known = {colour for value in named for colour in ([value] if isinstance(value, str) else value)}
    home = ROOT / "core" / "palette.py"
    assert set(colours_in(home)) == known
    assert [shown(p) for p in python_files() if p != home and p.parent.name != "demo" and colours_in(p)] == []
    # What cannot read Python repeats them, and nothing else.
    dress = [ROOT / ".streamlit" / "config.toml", *files(".css", ".html", ".typ")]
    assert {shown(p): sorted(set(colours_in(p)) - known) for p in dress if set(colours_in(p)) - known} == {}
    assert sum(map(len, map(colours_in, dress))) > 0


def test_every_page_stands_in_a_section() -> None:
    pages = files(".py", folders=("pages",))
    assert pages and {len(p.relative_to(ROOT / "pages").parts) for p in pages} == {2}


def test_a_page_knows_its_draft_and_asks_nobody_for_it_later() -> None:
    # A file is made long after its page, where no page runs: whoever asked then would be told that there is none.
    asking = {shown(path) for path in python_files() if re.search(r"\bviewed_draft\b", path.read_text("utf-8"))}
    assert asking == {"ui/shared.py", "ui/frame.py", "ui/cache.py"}
