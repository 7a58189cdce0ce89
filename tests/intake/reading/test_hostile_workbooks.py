"""Workbooks that are small as files and without bounds inside are refused in words, before anything is laid out."""

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.errors import InputRejected
from core.intake.reading import bounds
from core.intake.reading.sources import open_uploads
from tests.support.packages import cell, package_of, shared_texts, sheet_xml

ROOT = Path(__file__).parents[3]
ONE = sheet_xml(cell("A1"))
LAUGHS = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefg", "bcdefgh", strict=True))


def merged(*references: str) -> str:
    listed = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    return f"<mergeCells>{listed}</mergeCells>"


def refusal(content: bytes) -> str:
    with pytest.raises(InputRejected) as rejected:
        open_uploads([("上报.xlsx", content)])
    return "\n".join(p.sentence() for p in rejected.value.problems)


def table(rows: int, columns: int, text: str) -> str:
    return f"<row>{text * columns}</row>" * rows


def lying_package(size: int) -> bytes:
    """A sheet of so many bytes that its package says has 500."""
    xml = ONE.replace("<row>", " " * size + "<row>")
    return package_of([xml]).replace(struct.pack("<I", len(xml)), struct.pack("<I", 500))


def with_second_sheet_part() -> bytes:
    buffer = io.BytesIO(package_of([ONE]))
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/worksheets/S0.xml", ONE)
    return buffer.getvalue()


def squeezed(method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package_of([ONE]))) as plain, zipfile.ZipFile(buffer, "w", method) as package:
        for path in plain.namelist():
            package.writestr(path, plain.read(path))
    return buffer.getvalue()


HOSTILE = {
    "a cell far out": (package_of([sheet_xml(cell("A1") + cell("ZZ199999"))]), "单元格 ZZ199999 离表格太远"),
    "a row far out": (package_of([sheet_xml(cell("A200001"))]), "单元格 A200001 离表格太远"),
    "a row far out by its number": (
        package_of([sheet_xml('<row r="900000"><c><v>1</v></c></row>')]),
        "单元格 A900000 离表格太远",
    ),
    "a place that is none": (package_of([sheet_xml(cell("a99999999999"))]), "单元格位置“a99999999999”不存在"),
    "a row that is none": (package_of([sheet_xml('<row r="-1"><c><v>1</v></c></row>')]), "单元格位置“-1”不存在"),
    "sheets that are too many cells together": (
        package_of([sheet_xml(cell("A1") + cell("ZZ900"))] * 5),
        "工作表“S4”：单元格 ZZ900 离表格太远",
    ),
    "many sheets": (package_of([ONE] * 301), "有超过 300 张工作表"),
    "a long sheet name": (package_of([ONE], names=["表" * 5000]), "名称有 5,000 个字符"),
    "two sheets of a name": (package_of([ONE, ONE], names=["学校", "学校"]), "有两张名为“学校”的工作表"),
    "a long text in a cell": (
        package_of([sheet_xml(cell("A1") + cell("A2", "长" * 1_000_000, "str"))]),
        "工作表“S0”第 2 行：以“" + "长" * 20,
    ),
    "a long text in the table": (
        package_of([sheet_xml(cell("A1", "0", "s"))], parts={"xl/sharedStrings.xml": shared_texts("长" * 1_000_000)}),
        "开头的文字超过 32,767 个字符",
    ),
    "one text in many cells": (
        package_of(
            [sheet_xml(table(400, 2, '<c t="s"><v>0</v></c>'))],
            parts={"xl/sharedStrings.xml": shared_texts("长" * 32_000)},
        ),
        "文字太多；应为：全部单元格共不超过 20,000,000 个字符",
    ),
    "ranges one over the other": (
        package_of([sheet_xml(cell("A1") + cell("J900"), behind=merged(*["A1:J900"] * 50_000))]),
        "合并单元格过多或相互重叠",
    ),
    "ranges without number": (
        package_of(
            [sheet_xml(table(30_000, 1, "<c><v>1</v></c>"), behind=merged(*[f"A{n}" for n in range(1, 20_002)]))]
        ),
        "合并单元格过多或相互重叠",
    ),
    "ranges before the cells": (package_of([sheet_xml(ONE, before=merged("A1:B2"))]), "合并单元格过多或相互重叠"),
    "a range that is none": (
        package_of([sheet_xml(cell("A1"), behind=merged("A1:ZZZZZZ99999999999"))]),
        "单元格位置“A1:ZZZZZZ99999999999”不存在",
    ),
    "deep XML": (package_of([sheet_xml("<x>" * 5000 + "</x>" * 5000)]), "层次或标记过多"),
    "a tag without end": (package_of([sheet_xml(f'<row r="{"1" * 1_000_000}"/>')]), "过长的标记"),
    "entities": (
        package_of([f'<!DOCTYPE w [<!ENTITY a "aa">{LAUGHS}]>' + sheet_xml(cell("A1", "&h;", "str"))]),
        "声明了实体",
    ),
    "entities in the table": (
        package_of([ONE], parts={"xl/sharedStrings.xml": "<!DOCTYPE s>" + shared_texts("a")}),
        "声明了实体",
    ),
    "another encoding": (package_of([sheet_xml(cell("A1")).encode("utf-16")]), "打不开"),
    "a path out of the package": (package_of([ONE], parts={"../../etc/x": "x"}), "部件路径指向文件之外"),
    "an absolute path": (package_of([ONE], parts={"/etc/x": "x"}), "部件路径指向文件之外"),
    "a part twice": (with_second_sheet_part(), "有两个同名的部件"),
    "many parts": (package_of([ONE], parts={f"x/{n}": "" for n in range(5_001)}), "含有超过 5,000 个部件"),
    "a lying size": (lying_package(1_000_000), "打不开"),
    "a packing without bounds": (squeezed(zipfile.ZIP_BZIP2), "打不开"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(name: str) -> None:
    content, says = HOSTILE[name]
    assert says in refusal(content)


def test_a_sheet_with_too_many_cells_is_told_apart_from_one_cell_far_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_CELLS", 100)
    assert "单元格太多；应为：全部工作表共不超过 100 个单元格" in refusal(
        package_of([sheet_xml(table(60, 2, "<c><v>1</v></c>"))])
    )


def test_a_false_dimension_and_a_range_over_a_whole_sheet_do_no_harm() -> None:
    before, behind = '<dimension ref="A1:XFD1048576"/>', merged("A1:XFD1048576", "B2:XFD1048576")
    [sheet] = open_uploads([("上报.xlsx", package_of([sheet_xml(cell("A1") + cell("C3"), before=before)]))]).sheets
    assert [len(row) for row in sheet.rows] == [3, 3, 3]
    [sheet] = open_uploads(
        [("上报.xlsx", package_of([sheet_xml(cell("A1") + cell("C30"), behind=merged("B2:XFD9"))]))]
    ).sheets
    assert sheet.merged == (((1, 1), (8, 2)),)
    assert "相互重叠" in refusal(package_of([sheet_xml(table(99, 99, "<c><v>1</v></c>"), behind=behind)]))


def test_formatted_empty_cells_take_no_room() -> None:
    empty = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    [sheet] = open_uploads([("上报.xlsx", package_of([sheet_xml(cell("A1") + empty)]))]).sheets
    assert sheet.rows == [[1.0]]


def test_parts_that_are_not_read_do_no_harm() -> None:
    [sheet] = open_uploads([("上报.xlsx", package_of([ONE], parts={"xl/media/image1.png": b"\0" * 1_000_000}))]).sheets
    assert sheet.rows == [[1.0]]


_PEAK = """
import resource, sys
from core.errors import InputRejected
from core.intake.reading.sources import open_uploads
import python_calamine
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[1:]:
    try:
        open_uploads([("上报.xlsx", open(path, "rb").read())])
    except InputRejected:
        print("refused")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_what_unpacks_to_a_hundred_times_its_size_takes_little_memory(tmp_path: Path) -> None:
    large = {
        "lying": lying_package(40_000_000),
        "text": package_of([ONE], parts={"xl/sharedStrings.xml": shared_texts("x" * 40_000_000)}),
        "far": HOSTILE["a cell far out"][0],
        "repeated": HOSTILE["one text in many cells"][0],
    }
    for name, content in large.items():
        assert len(content) < 1_000_000
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, *(str(tmp_path / name) for name in large)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    *answers, peak = done.stdout.split()
    assert answers == ["refused"] * len(large)
    assert int(peak) < 40_000, "kilobytes beyond what the program takes anyway"
