"""Hands in damaged workbooks, cards and CSV files at random: each must be taken or refused in words, never crash.

`python -m benchmarks.fuzz_inputs 2000 [first seed]` prints how many were taken, how many refused, and the first crash.
"""

from __future__ import annotations

import io
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading
from core.batches.changed_figures import figure_changes
from core.batches.workbook import layout
from core.errors import InputRejected, RequestInvalid
from core.facts.current import batch_tables
from core.intake.cards.card_check import check_cards
from core.intake.checkup.checking import Dataset, check
from core.intake.checkup.fault_rows import fault_workbook
from core.intake.mapping.column_mapping import ColumnMapping
from core.intake.mapping.mapped_check import check_mapped
from core.intake.mapping.mapping_suggestions import suggested_sheets
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_uploads
from core.intake.reading.workbooks import open_workbooks
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.books import Book, csv_files, small_tables
from tests.support.card_county import YEAR as CARDS_YEAR
from tests.support.card_county import county_of_cards
from tests.support.official_forms import Forms
from tests.support.other_formats import as_ods, as_xls

Files = dict[str, bytes]

WORKBOOK, LISTS = "上报.xlsx", "清单.xlsx"
NASTY = (
    "", " ", "\u3000", "-", "—", "0", "-0", "00012", "1e5", "1e400", "NaN", "inf", "1_000", "１２３", "1,234", "12,34",
    "812人", "３．５万元", "5%", "TRUE", "2023-13-01", "2023年9月1日", "2023-2024学年", "9" * 400, "x" * 40_000, "=1+1",
    "+1", "@x", "'5", "\u202e反向", "\ufeff", "\u200b", "a\nb", "a\tb", '"', "primary", "小学", "合计", "备注：", "#DIV/0!",
    "350526199003071234", "13859712345", "null", "None", "٣٤", "½", "²", "1/2", "😀", "\ud7ff", "0.1e-7", "999999999999999999",
)  # fmt: skip


def spoiled_cells(files: Files, rng: random.Random) -> Files:
    """Write nasty texts into random cells of the CSV files."""
    spoiled = dict(files)
    for _ in range(rng.randint(1, 6)):
        name = rng.choice(sorted(spoiled))
        lines = spoiled[name].decode().split("\r\n")
        row = rng.randrange(len(lines))
        cells = lines[row].split(",")
        cells[rng.randrange(len(cells))] = '"' + rng.choice(NASTY).replace('"', '""') + '"'
        lines[row] = ",".join(cells)
        spoiled[name] = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    return spoiled


def spoiled_bytes(files: Files, rng: random.Random) -> Files:
    """Delete, repeat or overwrite random bytes of one file."""
    name = rng.choice(sorted(files))
    return files | {name: _mutated(files[name], rng, rng.randint(1, 8))}


def spoiled_parts(files: Files, rng: random.Random) -> Files:
    """Damage the XML inside a workbook, and pack it soundly again."""
    [name] = files
    with zipfile.ZipFile(io.BytesIO(files[name])) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    chosen = rng.choice([part for part in parts if part.endswith((".xml", ".rels"))])
    parts[chosen] = _mutated(parts[chosen], rng, rng.randint(1, 6))
    if rng.random() < 0.1:
        del parts[rng.choice(sorted(parts))]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return {name: buffer.getvalue()}


def spoiled_workbook_cells(files: Files, rng: random.Random) -> Files:
    """Write nasty texts over random values in a workbook's sheets."""
    [name] = files
    with zipfile.ZipFile(io.BytesIO(files[name])) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    sheets = [part for part in parts if "worksheets/sheet" in part]
    for _ in range(rng.randint(1, 6)):
        chosen = rng.choice(sheets)
        pieces = parts[chosen].split(b"<v>")
        if len(pieces) > 1:
            place = rng.randrange(1, len(pieces))
            text = rng.choice(NASTY).replace("&", "&amp;").replace("<", "&lt;")
            pieces[place] = text.encode("utf-8", "surrogatepass") + b"</v>" + pieces[place].split(b"</v>", 1)[-1]
            parts[chosen] = b"<v>".join(pieces)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return {name: buffer.getvalue()}


def _mutated(content: bytes, rng: random.Random, times: int) -> bytes:
    changed = bytearray(content)
    for _ in range(times):
        place = rng.randrange(max(1, len(changed)))
        length = rng.choice((1, 1, 4, 40))
        match rng.choice(("drop", "repeat", "noise", "swap")):
            case "drop":
                del changed[place : place + length]
            case "repeat":
                changed[place:place] = changed[place : place + length]
            case "noise":
                changed[place : place + length] = rng.randbytes(length)
            case _:
                changed[place : place + 1] = rng.choice((b"9", b"-", b",", b'"', b"<", b"\0", b"\n", b"\xff"))
    return bytes(changed)


CSV_WAYS: tuple[Callable[[Files, random.Random], Files], ...] = (spoiled_cells, spoiled_cells, spoiled_bytes)
WORKBOOK_WAYS: tuple[Callable[[Files, random.Random], Files], ...] = (
    spoiled_workbook_cells,
    spoiled_workbook_cells,
    spoiled_parts,
    spoiled_bytes,
)


ENCODINGS = ("utf-8", "utf-8", "gb18030", "utf-16")


@dataclass(frozen=True)
class Sound:
    """The undamaged inputs of one county: CSV files, our workbook in each format, a workbook for each school, lists."""

    csv_files: Files
    workbook: bytes
    others: Files
    cards: Files
    lists: bytes


def spoiled_input(sound: Sound, seed: int) -> Files:
    """One damaged input, the same for the same seed."""
    rng = random.Random(seed)
    match rng.choice(("csv", "csv", "workbook", "workbook", "other", "cards", "lists")):
        case "csv":
            spoiled, encoding = rng.choice(CSV_WAYS)(sound.csv_files, rng), rng.choice(ENCODINGS)
            return {
                name: content.decode("utf-8", "replace").encode(encoding, "replace") if encoding != "utf-8" else content
                for name, content in spoiled.items()
            }
        case "workbook":
            return rng.choice(WORKBOOK_WAYS)({WORKBOOK: sound.workbook}, rng)
        case "lists":
            return rng.choice(WORKBOOK_WAYS)({LISTS: sound.lists}, rng)
        case "other":
            name = rng.choice(sorted(sound.others))
            return spoiled_bytes({name: sound.others[name]}, rng)
    cards = dict(sound.cards)
    for name in rng.sample(sorted(cards), 2):
        cards |= rng.choice(WORKBOOK_WAYS)({name: cards[name]}, rng)
    return cards


def answer(files: Files, store: Store) -> str:
    """How an input is answered: taken (then it is stored and read back alike) or refused. Anything else raises."""
    if len(files) > 1 and not any(name.endswith(".csv") for name in files):
        return _answer_to_cards(files, store)
    try:
        source = open_uploads(list(files.items()))
    except InputRejected as rejected:
        assert rejected.problems and all(p.sentence() for p in rejected.problems)
        return "refused"
    if LISTS in files:
        return _answer_to_lists(source, store)
    try:
        dataset = check(source)
    except InputRejected as rejected:
        assert any(p.level == "FAIL" for p in rejected.problems)
        fault_workbook(source, rejected.problems)
        return "refused"
    _store_and_compare(dataset, store)
    return "taken"


def _answer_to_cards(files: Files, store: Store) -> str:
    try:
        dataset = check_cards(open_workbooks(list(files.items())), CARDS_YEAR).dataset
    except InputRejected as rejected:
        assert rejected.problems and all(p.sentence() for p in rejected.problems)
        return "cards refused"
    except RequestInvalid as refusal:
        assert str(refusal)
        return "cards refused"
    loading.load(store, dataset, load_standard(), LOCAL_ADMINISTRATOR, datetime.now())
    return "cards taken"


def _answer_to_lists(source: Source, store: Store) -> str:
    mapping = ColumnMapping("清单", suggested_sheets(source))
    try:
        dataset = check_mapped(source, mapping, year=CARDS_YEAR).dataset
    except InputRejected as rejected:
        assert rejected.problems and all(p.sentence() for p in rejected.problems)
        return "lists refused"
    except RequestInvalid as refusal:
        # The damage is in a header or a sheet's name: the proposal is not complete.
        assert str(refusal)
        return "lists refused"
    loading.load(store, dataset, load_standard(), LOCAL_ADMINISTRATOR, datetime.now())
    return "lists taken"


def _store_and_compare(dataset: Dataset, store: Store) -> None:
    batch_id = loading.load(store, dataset, load_standard(), LOCAL_ADMINISTRATOR, datetime.now())
    stored = batch_tables(store, batch_id)
    assert figure_changes(dataset.tables, stored).is_empty, "the store says otherwise than the input"
    again = check(open_uploads([(WORKBOOK, layout(stored, title="导出"))]))
    assert figure_changes(stored, again.tables).is_empty, "the export says otherwise than the store"


def sound_inputs() -> Sound:
    """The tests' small county, which keeps one input cheap."""
    book = Book(small_tables())
    return Sound(
        csv_files(small_tables()),
        book.content(),
        {"上报.xls": as_xls(book), "上报.ods": as_ods(book)},
        dict(county_of_cards(small_tables(), 0)),
        Forms().content(),
    )


def main(inputs: int, first: int) -> None:
    """Hand in many; the first that crashes ends the run with its seed and traceback."""
    sound = sound_inputs()
    answers: Counter[str] = Counter()
    seed = first
    try:
        for seed in range(first, first + inputs):
            store = Store.open(None, load_standard())
            answers[answer(spoiled_input(sound, seed), store)] += 1
            store.close()
    finally:
        print(f"{dict(answers)}, last seed {seed}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
