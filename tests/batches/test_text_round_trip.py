"""What looks like a formula, a number or an escape goes out as text and comes in again as it was."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest

from core.batches.changed_figures import figure_changes
from core.batches.workbook import layout
from core.dataset.rows import Row
from core.errors import Problem
from core.facts.current import current_tables
from core.intake.checkup.checking import check
from core.intake.checkup.corrected_rows import with_corrections
from core.intake.checkup.fault_rows import fault_workbook, findings_workbook
from core.intake.reading.sources import open_uploads
from core.reports.tables import Origin, ReportColumn, ReportTable, csv_of, file_name, workbook_of
from core.store.database import Store
from tests.support.books import csv_files, small_tables

NAMES = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|'/C calc'!A0", "'=1", "＝1+1", "_x0041_", "_x000D_",
    "1e5", "00012", "TRUE", "2023-09-01", "#DIV/0!", "<b>&amp;</b>", "{{ 1 }}", "http://a.b/c", "50%", "{=1}",
)  # fmt: skip
ORIGIN = Origin("来源", "批次 1", "2023 学年", "", "标准", datetime(2024, 1, 1), False)


def texts_of(content: bytes, sheet: str) -> list[tuple[object, str]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [(cell.value, cell.data_type) for row in book[sheet].iter_rows() for cell in row if cell.value is not None]


def test_texts_go_out_as_text_and_come_in_unchanged(store: Store) -> None:
    tables = current_tables(store, "350526")
    for sheet, column in (("schools", "name"), ("judgements", "note"), ("classes", "class_no")):
        rows = tables[sheet]
        kept = [text for text in NAMES if sheet != "classes" or text.isascii()][: len(rows)]
        for place, text in enumerate(kept):
            rows[place] = Row(rows[place].number, {**rows[place].values, column: text})
    content = layout(tables, title="导出")
    assert {kind for _, kind in texts_of(content, "判定")} <= {"s", "n", "d"}
    again = check(open_uploads([("回传.xlsx", content)]))
    assert [row["note"] for row in again.tables["judgements"]][: len(NAMES)] == list(NAMES)
    assert figure_changes(tables, again.tables).is_empty


def test_rows_with_faults_go_out_as_text_and_come_in_unchanged() -> None:
    tables = {name: [list(row) for row in rows] for name, rows in small_tables().items()}
    header, *rows = tables["judgements"]
    for row, text in zip(rows, NAMES, strict=False):
        row[header.index("note")], row[header.index("year")] = text, "二〇二三"
    source = open_uploads([*csv_files(tables).items()])
    problems = [Problem("FAIL", "判定", number, "学年", "=1+1", "@x") for number in range(2, len(NAMES) + 2)]
    content = fault_workbook(source, problems)
    assert "f" not in {kind for sheet in ("判定", "说明") for _, kind in texts_of(content, sheet)}
    assert "f" not in {kind for _, kind in texts_of(findings_workbook(problems), "问题")}
    back = with_corrections(source, [open_uploads([("更正.xlsx", content)])])
    [sheet] = [sheet for sheet in back.sheets if sheet.label == "judgements"]
    assert [row[header.index("note")] for row in sheet.rows[1 : len(NAMES) + 1]] == list(NAMES)


def test_a_report_writes_no_formula_into_a_workbook_or_a_csv_file() -> None:
    starts = ("=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "－1", "＠x")
    table = ReportTable("=表", (ReportColumn("=列"), ReportColumn("值")), tuple((text, "x") for text in starts))
    kinds = {kind for _, kind in texts_of(workbook_of([table], ORIGIN), "=表")}
    assert kinds == {"s"}
    lines = list(csv.reader(io.StringIO(csv_of(table, ORIGIN).decode("utf-8-sig"), newline="")))
    assert [line[0] for line in lines] == [f"'{text}" for text in ("=列", *starts)]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..", "a\r\nSet-Cookie: x=1", "校" * 300, "a\x00b", "x\u202egpj.exe", 'a";filename="b', "C:\\x", "\ud800", "."],
    ids=ascii,
)  # fmt: skip
def test_a_file_name_made_from_a_text_is_one_name_and_short_enough(name: str) -> None:
    made = file_name("问题行", name, name, "xlsx", is_demo=True)
    assert len(made.encode()) < 220
    assert made.startswith("问题行_") and made.endswith("_演示数据.xlsx")
    assert made.isprintable() and not set(made) & set('/\\:*?"<>| \u202e')
