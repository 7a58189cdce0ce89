"""Turns the raw cells of each sheet into typed rows, naming every cell that cannot be understood."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal

from core.dataset.cells import Cell, Misfit, Value, cell_text, cell_value, is_empty, is_rounded, quoted, shown
from core.dataset.characters import half_width
from core.dataset.dictionary import (
    NOTE_COLUMNS,
    NOTE_SHEETS,
    Column,
    HeaderMatch,
    Sheet,
    match_header,
    nearest_header,
    sheets,
)
from core.dataset.rows import Row, Tables
from core.dataset.school_kinds import GRADES_OF_STAGE
from core.errors import Findings, Level, Problem
from core.intake.reading.our_layout import header_index, sheet_called
from core.intake.reading.raw_sheets import Place, RawSheet, Source
from core.intake.reading.screening import personal_data
from core.naming import named

_LISTED_ROWS = 20
_JUNIOR_YEARS = len(GRADES_OF_STAGE["junior"])
MEASURES = ("integer", "decimal", "date")
_TOTAL_ROW = re.compile(r"^[^:：]{0,20}(合计|小计|总计|共计|汇总)([（(][^（）()]{0,12}[)）])?[:：]?$")
# Where a total may stand: behind a number and a code that are empty.
_TOTAL_PLACES = 3
_REMARK_ROW = re.compile(r"^(填表|制表|填报|审核|单位负责人|备注|注|说明|数据来源)[^\d]{0,8}[:：]")


def parse(source: Source) -> tuple[Tables, list[Problem]]:
    """The typed rows of every sheet of the contract, and the problems met on the way."""
    problems = Findings()
    tables: Tables = {s.identifier: [] for s in sheets()}
    found: dict[str, RawSheet] = {}
    for raw in source.sheets:
        label = raw.label.strip()
        known = sheet_called(label)
        if known is None:
            problems.extend(personal_data(label, raw.rows))
            if label not in NOTE_SHEETS and any(not is_empty(cell) for row in raw.rows for cell in row):
                problems.append(_unknown_sheet(label))
        elif known.identifier in found:
            problems.append(Problem("FAIL", label, None, None, "同一张表出现两次", "每张表一份", "请只保留一份"))
        else:
            found[known.identifier] = raw
    for known in sheets():
        raw_sheet = found.get(known.identifier)
        if raw_sheet is not None:
            tables[known.identifier] = _SheetReader(known, raw_sheet, problems).rows()
        elif not known.optional:
            expected = f"名为“{known.name}”或 {known.identifier} 的表"
            problems.append(Problem("FAIL", known.name, None, None, "缺少这张表", expected, "没有数据时保留表头即可"))
    return tables, problems.listed()


def _unknown_sheet(label: str) -> Problem:
    names = [name for s in sheets() for name in (s.identifier, s.name)]
    near = difflib.get_close_matches(label, names, n=1)
    advice = f"是否应为“{near[0]}”" if near else "这张表不会导入"
    return Problem("WARN", label, None, None, "不认识的工作表", "模板中的表名", advice)


def remark_in(cells: Sequence[Cell]) -> str:
    """The words by which a row is a total or a signature line; empty for a row of data."""
    place, first = next(((n, cell) for n, cell in enumerate(cells) if not is_empty(cell)), (0, ""))
    words = cell_text(first)
    if place < _TOTAL_PLACES and isinstance(first, str) and _TOTAL_ROW.match(re.sub(r"\s+", "", half_width(words))):
        return words
    is_first = place == 0 or sum(not is_empty(cell) for cell in cells) == 1
    return words if is_first and _REMARK_ROW.match(words) else ""


def passed_over(label: str, rows: Sequence[tuple[int, str]]) -> Problem:
    """What is said, once a sheet, of rows (number, words) that are no data."""
    (first, words), *others = rows
    if not others:
        found = f"{quoted(words)}一行不是数据，没有导入"
    else:
        listed = named([str(number) for number, _ in rows], most=_LISTED_ROWS)
        found = f"{quoted(words)}等 {len(rows)} 行不是数据，没有导入：第 {listed} 行"
    return Problem("WARN", label, first, None, found, "只有数据行", "合计、签名和说明不用上传，可删除")


class _SheetReader:
    """Reads one sheet; every fault goes to `problems`."""

    def __init__(self, sheet: Sheet, raw: RawSheet, problems: Findings) -> None:
        self.sheet = sheet
        self.raw = raw
        self.problems = problems
        self.matches: list[HeaderMatch | None] = []
        self.nearest: dict[str, str] = {}
        self.header = 0
        self.complete = True
        self.remarks: list[tuple[int, str]] = []
        self.changed_over: list[int] = []
        self.counted_from_one: list[int] = []
        self.rounded: list[int] = []

    def _say(
        self, level: Level, row: int | None, column: str | None, found: str, expected: str, advice: str = ""
    ) -> None:
        school = self._school_of(row) if row is not None else ""
        self.problems.append(Problem(level, self.sheet.name, row, column, found, expected, advice, school=school))

    def _school_of(self, number: int) -> str:
        """The identifier of the school in a data row as it is written, empty where there is none."""
        if not self.matches or not self.header + 1 < number <= len(self.raw.rows):
            return ""
        cells = self.raw.rows[number - 1]
        return next(
            (
                half_width(cell_text(cells[place])).strip()
                for place, match in enumerate(self.matches[: len(cells)])
                if match and match.column.identifier == "school_id" and not is_empty(cells[place])
            ),
            "",
        )

    def rows(self) -> list[Row]:
        """The typed rows, those with a fault left out."""
        if self.raw.is_hidden:
            self._say("WARN", None, None, "这张表是隐藏的", "显示的工作表", "仍按这张表导入，请核对其内容")
        index = header_index(self.sheet, self.raw.rows)
        if index is None:
            self._say("FAIL", 1, None, self._first_words(), *self._header_wanted())
            self.problems.extend(personal_data(self.sheet.name, self.raw.rows))
            return []
        self.header = index
        self._match_columns(self.raw.rows[index])
        self.problems.extend(personal_data(self.sheet.name, self.raw.rows, self.matches))
        return self._data_rows() if self.complete else []

    def _first_words(self) -> str:
        words = [quoted(cell) for row in self.raw.rows for cell in row if not is_empty(cell)][:3]
        return f"没有找到表头行，开头是{'、'.join(words)}" if words else "没有找到表头行，这张表是空的"

    def _header_wanted(self) -> tuple[str, str]:
        first = next((row for row in self.raw.rows if any(not is_empty(cell) for cell in row)), [])
        if self.raw.is_csv and len(first) == 1 and re.search(r"[\t;；|]", str(first[0])):
            return "以逗号分隔的各列", "请另存为“CSV UTF-8（逗号分隔）”"
        return "首行为列名：" + "、".join(c.name for c in self.sheet.columns[:4]) + "……", "请使用模板的表头"

    def _match_columns(self, cells: Sequence[Cell]) -> None:
        number = self.header + 1
        seen: set[str] = set()
        for cell in cells:
            header = "" if is_empty(cell) else cell_text(cell)
            match = match_header(self.sheet, header) if header else None
            if header and match is None and header not in NOTE_COLUMNS:
                near = self.nearest[header] = nearest_header(self.sheet, header)
                advice = f"是否应为“{near}”" if near else "这一列不会导入"
                self._say("WARN", number, shown(header), "不认识的列", "模板中的列名", advice)
            if match and match.unknown_unit is not None:
                expected = f"单位为 {match.column.unit}" if match.column.unit else "不带单位"
                self._say("FAIL", number, shown(header), f"单位{quoted(match.unknown_unit)}无法换算", expected)
                self.complete = False
            if match and match.column.identifier in seen:
                self._say("FAIL", number, shown(header), "同一列出现两次", "每列一次", "请删除其中一列")
                self.complete = False
            if match:
                seen.add(match.column.identifier)
            self.matches.append(match)
        self._check_header(cells, seen)

    def _check_header(self, cells: Sequence[Cell], seen: set[str]) -> None:
        number = self.header + 1
        if len({m.language for m in self.matches if m}) > 1:
            found = [cell_text(c) for c, m in zip(cells, self.matches, strict=True) if m and m.language == "identifier"]
            self._say("FAIL", number, None, f"表头中英文混用（{'、'.join(found[:3])}）", "同一张表只用一种列名")
            self.complete = False
        for column in self.sheet.columns:
            if column.identifier in seen or column.optional:
                continue
            similar = [header for header, near in self.nearest.items() if near == column.header]
            advice = f"是否写成了{quoted(similar[0])}" if similar else "没有数据时保留列名、单元格留空"
            self._say("FAIL", number, column.name, "缺少这一列", f"“{column.header}”或 {column.identifier}", advice)
            self.complete = False
        while self.matches and is_empty(cells[len(self.matches) - 1]):
            self.matches.pop()

    def _data_rows(self) -> list[Row]:
        rows: list[Row] = []
        first_seen: dict[tuple[Value, ...], int] = {}
        merged = self._merged_places()
        unnamed: set[int] = set()
        for index in range(self.header + 1, len(self.raw.rows)):
            cells = self.raw.rows[index]
            if self._is_blank(index, cells) or self._is_remark(index + 1, cells):
                continue
            if not self._fits_header(index + 1, cells, unnamed):
                continue
            row = self._row(index, cells, merged)
            if row is None:
                continue
            key = tuple(row[c] for c in self.sheet.key)
            if key and key in first_seen:
                self._say(
                    "FAIL",
                    row.number,
                    "、".join(self.sheet.column(c).name for c in self.sheet.key),
                    f"{quoted('，'.join(str(part) for part in key))}与第 {first_seen[key]} 行重复",
                    "每个组合只出现一次",
                    "请删除或更正其中一行",
                )
                continue
            first_seen[key] = row.number
            rows.append(row)
        self._name_understood()
        if self.remarks:
            self.problems.append(passed_over(self.sheet.name, self.remarks))
        return rows

    def _is_blank(self, index: int, cells: Sequence[Cell]) -> bool:
        if any(not is_empty(cell) for cell in cells):
            return False
        return not any((index, place) in self.raw.broken for place, match in enumerate(self.matches) if match)

    def _is_remark(self, number: int, cells: Sequence[Cell]) -> bool:
        """Whether the row is a total or a signature line, which is passed over, and named in the end."""
        words = remark_in(cells)
        if words:
            self.remarks.append((number, words))
        return bool(words)

    def _fits_header(self, number: int, cells: Sequence[Cell], unnamed: set[int]) -> bool:
        width = len(self.matches)
        beyond = [place for place in range(width, len(cells)) if not is_empty(cells[place])]
        if beyond and self.raw.is_csv:
            advice = "内容中有逗号时，请给该格加引号"
            self._say("FAIL", number, None, "单元格多于表头的列数", f"{width} 列", advice)
            return False
        inside = [p for p in range(min(width, len(cells))) if self._has_no_header(p) and not is_empty(cells[p])]
        for place in (*inside, *beyond):
            if place not in unnamed:
                unnamed.add(place)
                found = f"第 {place + 1} 列没有列名，但有内容{quoted(cells[place])}"
                self._say("WARN", number, None, found, "每列有列名", "这一列没有导入")
        if self.raw.is_csv and len(cells) < width:
            missing = [m.column.name for m in self.matches[len(cells) :] if m]
            if missing:
                found = f"这一行只有 {len(cells)} 格，缺少{'、'.join(missing[:4])}"
                self._say("WARN", number, None, found, f"{width} 格", "缺少的按未报处理，请核对是否错位")
        return True

    def _has_no_header(self, place: int) -> bool:
        return self.matches[place] is None and is_empty(self.raw.rows[self.header][place])

    def _merged_places(self) -> dict[Place, Place]:
        """Every covered place of a merged range among the data, with the place that holds its content."""
        covered: dict[Place, Place] = {}
        for (top, left), (bottom, right) in self.raw.merged:
            inside = self.header < top < len(self.raw.rows) and left < len(self.raw.rows[top])
            if not inside or is_empty(self.raw.rows[top][left]):
                continue
            for row in range(top, min(bottom, len(self.raw.rows) - 1) + 1):
                for place in range(left, min(right, len(self.matches) - 1) + 1):
                    if (row, place) != (top, left):
                        covered[row, place] = (top, left)
        return covered

    def _row(self, index: int, cells: Sequence[Cell], merged: Mapping[Place, Place]) -> Row | None:
        values: dict[str, Value] = {}
        usable = True
        cells = self._coordinates_in_order(index + 1, cells)
        for place, match in enumerate(self.matches):
            if match is None:
                continue
            cell = cells[place] if place < len(cells) else None
            try:
                cell = self._unmerged(index, place, match.column, cell, merged)
                if (index, place) in self.raw.broken:
                    raise Misfit(self.raw.broken[index, place], "数值", "请在表格软件中重新计算并保存，或直接填写数值")
                values[match.column.identifier] = cell_value(match.column, cell, match.factor)
                if is_rounded(match.column, cell, match.factor):
                    self.rounded.append(index + 1)
            except Misfit as misfit:
                self._say("FAIL", index + 1, match.column.name, misfit.found, misfit.expected, misfit.advice)
                usable = False
                continue
            self._name_rewritten(index + 1, match.column, cell)
        if not usable:
            return None
        grade = values.get("grade")
        if values.get("stage") == "junior" and isinstance(grade, int) and 1 <= grade <= _JUNIOR_YEARS:
            # Official forms count the grades of junior schools from one.
            values["grade"] = grade + GRADES_OF_STAGE["junior"].start - 1
            self.counted_from_one.append(index + 1)
        missing = [c.name for c in self.sheet.columns if c.required and values.get(c.identifier) is None]
        for name in missing:
            self._say("FAIL", index + 1, name, "没有填写", "必填", "这一列不能为空")
        return None if missing else Row(index + 1, values)

    def _coordinates_in_order(self, number: int, cells: Sequence[Cell]) -> Sequence[Cell]:
        """The cells, longitude and latitude changed over where each stands in the other's place beyond doubt."""
        places = {m.column.identifier: place for place, m in enumerate(self.matches) if m}
        if not {"lon", "lat"} <= places.keys() or max(places["lon"], places["lat"]) >= len(cells):
            return cells
        columns = {c.identifier: c for c in self.sheet.columns}
        lon, lat = cells[places["lon"]], cells[places["lat"]]
        try:
            cell_value(columns["lon"], lat, Decimal(1)), cell_value(columns["lat"], lon, Decimal(1))
        except Misfit:
            return cells
        if is_empty(lon) or is_empty(lat):
            return cells
        self.changed_over.append(number)
        ordered = list(cells)
        ordered[places["lon"]], ordered[places["lat"]] = lat, lon
        return ordered

    def _name_understood(self) -> None:
        """What was understood otherwise than it was written, once a sheet."""
        for rows, column, found, expected, understood in (
            (self.changed_over, "lon", "经度和纬度填反了", "经度在前、纬度在后", "已对调，请核对"),
            (self.counted_from_one, "grade", "初中年级写作 1 至 3 年级", "7 至 9", "按 7 至 9 年级理解"),
            (self.rounded, None, "有的数超过四位小数", "最多四位小数", "已四舍五入到四位，请按原始凭证核对"),
        ):
            if rows:
                numbers = list(dict.fromkeys(rows))
                listed = named([str(number) for number in numbers], most=_LISTED_ROWS)
                name = self.sheet.column(column).name if column else None
                self._say("WARN", numbers[0], name, f"{found}：第 {listed} 行", expected, understood)

    def _unmerged(self, index: int, place: int, column: Column, cell: Cell, merged: Mapping[Place, Place]) -> Cell:
        """The cell, or the content of the merged cell that covers it where one content can hold for many rows."""
        anchor = merged.get((index, place))
        if anchor is None:
            return cell
        content = self.raw.rows[anchor[0]][anchor[1]]
        if column.type in MEASURES or anchor[1] != place:
            raise Misfit(
                f"与第 {anchor[0] + 1} 行第 {anchor[1] + 1} 列合并为一个单元格{quoted(content)}",
                "每行每列各填一格",
                "请取消合并后逐格填写",
            )
        self._say(
            "WARN", index + 1, column.name, f"合并单元格，按{quoted(content)}理解", "每行各填一格", "请取消合并后核对"
        )
        return content

    def _name_rewritten(self, number: int, column: Column, cell: Cell) -> None:
        if column.type == "text" and isinstance(cell, date | time):
            found = f"{half_width(cell_text(cell))}是日期或时间"
            self._say("WARN", number, column.name, found, "文字", "可能被表格软件自动改写，请把单元格设为“文本”后重填")
