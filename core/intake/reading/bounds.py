"""How large an input may be: every bound in one place, checked before anything of that size is laid out in memory."""

from __future__ import annotations

from core.errors import InputRejected, Problem

# Ten years of a county of 500 schools are some 600,000 cells; the room beyond it is for exports with further columns.
MOST_CELLS = 3_000_000
# A cell beyond column ZZ or row 200,000 is a slip of the hand: no form is as wide, no county has as many rows.
MOST_ROWS, MOST_COLUMNS = 200_000, 702
# What a spreadsheet's cell can hold; no program that writes workbooks goes beyond it.
LONGEST_CELL = 32_767
# One text may stand in many cells and is laid out in each: the texts together, not the file, take the memory.
MOST_CHARACTERS = 20_000_000
# A template has a dozen sheets, the yearbook of official forms under a hundred.
MOST_SHEETS, LONGEST_SHEET_NAME = 300, 100
# Of a workbook the parts that hold sheets and texts, of CSV all files together.
LARGEST_UNPACKED_BYTES = 200_000_000
LARGEST_CSV_BYTES = 100_000_000
# What a page takes as an upload, on the command line too.
LARGEST_FILE_BYTES = 200_000_000
# The largest counties of the country have under a thousand schools; every school is held against every year.
MOST_SCHOOLS = 5_000
# Each is looked at for every line of a header; forms have some hundred.
MOST_MERGED = 20_000
# Pictures and comments are parts too; each costs memory by being listed alone.
MOST_PARTS = 5_000
# Formatted empty cells are elements, so that there may be several for each cell that counts.
MOST_ELEMENTS = 6_000_000
# Spreadsheets nest a dozen elements and write tags of a few hundred characters.
DEEPEST_ELEMENT, LONGEST_TAG_BYTES = 100, 250_000
# A line of a CSV file is at most a row of full width; a cell with more line breaks than this is an unclosed quote.
LONGEST_LINE, MOST_LINES_OF_A_ROW = 1_000_000, 10_000
# What file systems allow for the name of a file.
LONGEST_FILE_NAME = 255


def rejected(name: str, found: str, expected: str, advice: str, *, row: int | None = None) -> InputRejected:
    """The refusal of a whole input; `name` is the file, or the sheet where something of it is found."""
    return InputRejected([Problem("FAIL", "", row, None, f"{name} {found}".strip(), expected, advice)])


def refused_sheet(label: str, found: str, expected: str, advice: str, *, row: int | None = None) -> InputRejected:
    """The refusal of an input for what one of its sheets is."""
    return InputRejected([Problem("FAIL", label, row, None, found, expected, advice)])


class Room:
    """What an input may still take up, of all its sheets together; each part of it is counted before it is read."""

    def __init__(self) -> None:
        self.cells = MOST_CELLS
        self.characters = MOST_CHARACTERS

    @property
    def is_full(self) -> bool:
        """Whether more was asked for than there is, so that nothing else can be read."""
        return self.cells < 0 or self.characters < 0

    def take_cells(self, label: str, number: int, last: str, *, are_filled: bool) -> None:
        """Count the rectangle of a sheet. Raises InputRejected when it does not fit; `last` is where it ends."""
        self.cells -= number
        if self.cells >= 0:
            return
        if are_filled:
            advice = "请核对是否选错文件；数据确有这么多时请分几次导入"
            raise refused_sheet(label, "单元格太多", f"全部工作表共不超过 {MOST_CELLS:,} 个单元格", advice)
        raise far_away(label, last)

    def take_text(self, label: str, length: int) -> None:
        """Count the characters of texts. Raises InputRejected when there are too many."""
        self.characters -= length
        if self.characters < 0:
            expected = f"全部单元格共不超过 {MOST_CHARACTERS:,} 个字符"
            raise refused_sheet(label, "文字太多", expected, "请核对是否选错文件，或删除无关的长文字")


def refuse_large(name: str, size: int) -> None:
    """Raises InputRejected for a file that is too large to be looked at."""
    if size > LARGEST_FILE_BYTES:
        expected = f"不超过 {LARGEST_FILE_BYTES // 1_000_000} MB 的文件"
        raise rejected(name, "文件过大", expected, "请核对是否选错文件，或删除其中的图片")


def far_away(label: str, place: str) -> InputRejected:
    """The refusal of a sheet with a cell so far out that the sheet cannot be a table."""
    return refused_sheet(label, f"单元格 {place} 离表格太远", "相连的表格", "请删除该单元格及其间的空行空列")
