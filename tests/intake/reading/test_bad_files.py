"""Files that are no workbook, and CSV files as they come out of other programs, are refused in words."""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from core.__main__ import assess_source
from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing, register
from core.errors import InputRejected, RequestInvalid
from core.intake.reading.sources import open_source
from core.reports.assess_json import assess_json
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.books import DEMO, Book, Tables, checked, csv_files, demo_tables, sentences, small_tables

NOW = datetime(2023, 11, 30, 9, 0)


def zip_of(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "是空文件"),
        (b"school_id,year\n1,2", "不是工作簿"),
        (b"%PDF-1.7", "不是工作簿"),
        (b"PK\x03\x04 and nothing more", "打不开"),
        (zip_of(readme=b"hello"), "打不开"),
        (zip_of(xl__workbook=b"<workbook/>"), "打不开"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "设有打开密码"),
        (COMPOUND, "打不开"),
    ],
    ids=["empty", "text", "pdf", "torn zip", "other zip", "nearly a workbook", "encrypted", "old format"],
)
def test_what_is_no_workbook_is_named(content: bytes, says: str) -> None:
    dataset, problems = checked(("上报.xlsx", content))
    assert dataset is None
    assert says in sentences(problems)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_a_torn_workbook_is_named(kept: float) -> None:
    content = Book(small_tables()).content()
    dataset, problems = checked(("上报.xlsx", content[: int(len(content) * kept)]))
    assert dataset is None
    assert "打不开" in sentences(problems)


def spoiled_csv(name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    files = csv_files(small_tables())
    assert old in files[name]
    return files | {name: files[name].replace(old, new, 1)}


def encoded(name: str, encoding: str) -> dict[str, bytes]:
    files = csv_files(small_tables())
    return files | {name: files[name].decode().encode(encoding)}


@pytest.mark.parametrize(
    ("files", "level", "sheet", "row", "says"),
    [
        (spoiled_csv("schools.csv", b"350526-0001", b"\xff\xfe350526-0001"), "FAIL", "schools", 2, "文件编码认不出来"),
        (encoded("enrolment.csv", "utf-16-le"), "FAIL", "enrolment", None, "有空字符，不是文本"),
        (spoiled_csv("enrolment.csv", b",107,", b",\"1,07,"), "FAIL", "enrolment", None, "不是有效的 CSV"),
        (spoiled_csv("enrolment.csv", b",1939,", b",1,939,"), "FAIL", "在校生与教师", 2, "单元格多于表头的列数"),
        (spoiled_csv("enrolment.csv", b",0,114,197\r\n", b"\r\n"), "WARN", "在校生与教师", 2, "只有 11 格，缺少"),
        (spoiled_csv("enrolment.csv", b"school_id,year", b"school_id;year"), "FAIL", "在校生与教师", 1, "缺少这一列"),
        ({**csv_files(small_tables()), "survey.csv": b"year;group;issued\n2022;all;5\n"}, "FAIL", "满意度调查", 1, "以逗号分隔的各列"),
        ({**csv_files(small_tables()), "survey.csv": b""}, "FAIL", "满意度调查", 1, "这张表是空的"),
        ({**csv_files(small_tables()), "notes.csv": b"a,b\n1,2\n"}, "WARN", "notes", None, "不认识的工作表"),
        (spoiled_csv("judgements.csv", "（演示）".encode(), b"13859712345"), "FAIL", "判定", 2, "手机号码"),
        ({k: v for k, v in csv_files(small_tables()).items() if k != "classes.csv"}, "FAIL", "班级", None, "缺少这张表"),
    ],
    ids=["no encoding", "utf-16 unmarked", "open quote", "long row", "short row", "semicolon", "semicolons", "no text",
         "unknown file", "phone", "missing file"],
)  # fmt: skip
def test_each_fault_of_a_csv_file_is_named(
    files: dict[str, bytes], level: str, sheet: str, row: int | None, says: str
) -> None:
    _, problems = checked(*files.items())
    assert any(
        (p.level, p.sheet) == (level, sheet) and (row is None or p.row == row) and says in p.sentence()
        for p in problems
    ), sentences(problems)


def test_csv_comes_with_or_without_bom_and_any_line_end() -> None:
    files = {
        name: b"\xef\xbb\xbf" + content.replace(b"\r\n", b"\n") for name, content in csv_files(small_tables()).items()
    }
    dataset, problems = checked(*files.items())
    assert dataset is not None and not problems, sentences(problems)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "没有文件"),
        ([("a.xlsx", b"x"), ("b.xlsx", b"y")], "a.xlsx、b.xlsx"),
        ([("a.csv", b"x"), ("b.xlsx", b"y")], "一个工作簿（.xlsx、.xls 或 .ods），或若干 .csv 文件"),
        ([("上报.docx", zip_of(word__document=b"<w/>"))], "“上报.docx”是Word 文档"),
        ([("上报.PDF", b"%PDF-1.7")], "“上报.PDF”是PDF 文件"),
        ([("说明.txt", b"hello"), ("a.csv", b"x")], "“说明.txt”是文本文件"),
        ([("上报.zip", zip_of(a=b"x"))], "请先解压"),
    ],
)
def test_a_strange_set_of_files_is_named(files: list[tuple[str, bytes]], says: str) -> None:
    _, problems = checked(*files)
    assert says in sentences(problems)


def test_a_folder_without_csv_and_a_missing_path_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="没有 CSV 文件"):
        open_source(tmp_path)
    with pytest.raises(InputRejected, match="找不到"):
        open_source(tmp_path / "nothing.xlsx")


def as_workbook(tables: Tables, folder: Path) -> Path:
    path = folder / "上报.xlsx"
    path.write_bytes(Book(tables).content())
    return path


def test_a_workbook_and_csv_files_of_the_same_figures_are_judged_byte_for_byte_alike(tmp_path: Path) -> None:
    standard = load_standard()
    from_csv, _ = assess_source(DEMO, 2023, standard)
    from_workbook, dataset = assess_source(as_workbook(demo_tables(), tmp_path), 2023, standard)
    assert not dataset.warnings
    assert assess_json(from_workbook, standard) == assess_json(from_csv, standard)


def fingerprint(store: Store) -> str:
    """Everything in the store."""
    tables = [name for (name,) in store.rows("select table_name from duckdb_tables() order by 1")]
    return json.dumps([store.rows(f'select * from "{name}" order by all') for name in tables], default=str)


def test_nothing_of_a_refused_input_gets_in(tmp_path: Path) -> None:
    standard = load_standard()
    store = Store.open(None, standard)
    good = as_workbook(small_tables(), tmp_path)
    importing.import_folder_or_workbook(store, good, standard, LOCAL_ADMINISTRATOR, NOW)
    before = fingerprint(store)
    bad = tmp_path / "坏.xlsx"
    book = Book(small_tables())
    book.put("班级", 5, "班级人数", "四十")
    bad.write_bytes(book.content())
    with pytest.raises(InputRejected, match="数据未导入：发现 1 处错误，原有数据未改动"):
        importing.import_folder_or_workbook(store, bad, standard, LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(RequestInvalid, match="完全相同，没有重复导入"):
        importing.import_folder_or_workbook(store, good, standard, LOCAL_ADMINISTRATOR, NOW)
    assert fingerprint(store) == before
    assert hashlib.sha256(good.read_bytes()).hexdigest() == register.batch(store, 1).sha256
    store.close()
