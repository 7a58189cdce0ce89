"""The county's workbook going out: the template to fill, the figures as they count, the rows to be corrected."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core import palette
from core.batches.corrections import township_tables
from core.dataset.cells import Value
from core.dataset.dictionary import Column, Sheet, codes, sheets
from core.dataset.rows import Row, Tables
from core.dataset.school_kinds import is_open
from core.dataset.sheet_kinds import COUNTY_SHEETS
from core.errors import RequestInvalid
from core.facts.current import current_tables
from core.facts.published import is_demo
from core.store.database import Store

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_CODE_SHEET, _NOTE_SHEET = "代码", "说明"
_FREE_ROWS = 1000
_WIDE = 12
# Last year's judgements and surveys are no starting point: of these only the keys are filled in.
_KEYS_ONLY = frozenset({"judgements", "survey"})
_NOT_PREFILLED = frozenset({"monitoring"})
_RULES = (
    "空格表示未报，0 表示没有；两者结论不同，请不要用 0 代替未报。",
    "单位以表头为准，单元格里只填数字；表头单位改为“万元”时按万元理解，其他换算请先算好。",
    "学年填起始年份：2023 表示 2023–2024 学年，以 2023 年 9 月 1 日为准。",
    "灰色斜体为预填的上年数字，请逐格改为当年数字；各校在校生与教师全部与上年相同的，不予导入。",
    "“在校生与教师”“校舍与设备”“入学与劝返”中与上年相同的行，“班级”“县级数据”过半的行与上年相同的，会提示核对；"
    "“专用教室”没有变化的不用改。",
    "班级人数合计须等于在校生数；没有各班人数的，在“班额分档”表按档填班数。高中班级不填。",
    "表名和表头请勿改动；没有数据的表保留表头。不要填写身份证号、手机号码等个人信息。",
)


@dataclass(frozen=True)
class Part:
    """What a workbook is about: a whole county, one township, or one school of it."""

    county_code: str
    township_code: str | None = None
    school_id: str | None = None


def template(store: Store, part: Part, year: int) -> bytes:
    """An empty workbook for a school year, with the register and last year's figures filled in beforehand.

    Raises RequestInvalid when the township or school is unknown.
    """
    years = [y for (y,) in store.rows(_YEARS, {"county": part.county_code, "year": year})]
    tables = _part_of(current_tables(store, part.county_code, year=years[0] if years else year), part)
    closed = {row["school_id"] for row in tables["schools"] if not is_open(row, year)}
    filled = {
        name: _prefilled(name, [row for row in rows if name == "schools" or row["school_id"] not in closed], year)
        for name, rows in tables.items()
    }
    return layout(filled, title=f"{year} 学年填报模板", marked=is_demo(store, part.county_code), is_prefilled=True)


def blank_template() -> bytes:
    """The template without any figures, for a county of which nothing is stored yet."""
    return layout({known.identifier: [] for known in sheets()}, title="填报模板")


_YEARS = """
select distinct year from (
    select year, county_code from current_coverage union select year, county_code from current_county_sheets
)
where county_code = $county and year <= $year order by year desc limit 1
"""


def export(store: Store, part: Part, *, year: int | None = None) -> bytes:
    """The figures that count now in the layout of the template; loaded again they give the same figures."""
    tables = _part_of(current_tables(store, part.county_code, year=year), part)
    return layout(tables, title="现行数据导出", marked=is_demo(store, part.county_code))


def _part_of(tables: Tables, part: Part) -> Tables:
    if part.school_id is not None:
        home = [row for row in tables["schools"] if row["school_id"] == part.school_id]
        if not home:
            raise RequestInvalid(f"没有学校 {part.school_id}。")
        kept = township_tables(tables, {home[0]["township_code"]})
        for name, rows in kept.items():
            if name not in ("townships", *COUNTY_SHEETS):
                kept[name] = [row for row in rows if row["school_id"] == part.school_id]
        return kept
    if part.township_code is not None:
        if part.township_code not in {row["code"] for row in tables["townships"]}:
            raise RequestInvalid(f"没有乡镇 {part.township_code}。")
        return township_tables(tables, {part.township_code})
    return tables


def _prefilled(name: str, rows: Sequence[Row], year: int) -> list[Row]:
    if name in _NOT_PREFILLED:
        return []
    keys = {c.identifier for s in sheets() if s.identifier == name for c in s.columns if c.is_key}
    filled = []
    for row in rows:
        values = {c: v for c, v in row.values.items() if name not in _KEYS_ONLY or c in keys}
        if "year" in values:
            values["year"] = year
        filled.append(Row(row.number, values))
    return filled


def layout(tables: Tables, *, title: str, marked: bool = False, is_prefilled: bool = False) -> bytes:
    """Tables as a workbook: Chinese headers with units, drop-downs, notes, and a sheet that explains them.

    `marked` says that the figures are synthetic.
    """
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        ranges = _code_ranges()
        styles = _Styles(book)
        for known in sheets():
            page = book.add_worksheet(known.name)
            _write_sheet(page, known, tables[known.identifier], styles, ranges, is_prefilled)
        _write_notes(book.add_worksheet(_NOTE_SHEET), title, styles, marked)
        _write_codes(book.add_worksheet(_CODE_SHEET))
    return buffer.getvalue()


class _Styles:
    """The few ways in which a cell of the workbook looks."""

    def __init__(self, book: Workbook) -> None:
        header = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
        self.required = book.add_format({**header, "bg_color": palette.HEADER_REQUIRED})
        self.header = book.add_format({**header, "bg_color": palette.HEADER})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._body: dict[tuple[str, bool], Format] = {}
        self._book = book

    def body(self, column: Column, is_prefilled: bool) -> Format:
        """A data cell: text stays text, a figure filled in beforehand is grey."""
        kind = {"text": "@", "date": "yyyy-mm-dd"}.get(column.type, "General")
        key = (kind, is_prefilled)
        if key not in self._body:
            grey = {"font_color": palette.PREFILLED, "italic": True} if is_prefilled else {}
            self._body[key] = self._book.add_format({"num_format": kind, **grey})
        return self._body[key]


def _write_sheet(
    page: Worksheet,
    known: Sheet,
    rows: Sequence[Row],
    styles: _Styles,
    ranges: Mapping[str, str],
    is_prefilled: bool,
) -> None:
    last = len(rows) + _FREE_ROWS
    for place, column in enumerate(known.columns):
        page.write_string(0, place, column.header, styles.required if column.required else styles.header)
        remark = _remark(column)
        if remark:
            page.write_comment(0, place, remark, {"x_scale": 1.5})
        # The format of the whole column keeps what people add later as text where it must be.
        page.set_column(place, place, max(_WIDE, 2 * len(column.header) + 2), styles.body(column, False))
        figure = is_prefilled and not column.is_key and column.type in ("integer", "decimal")
        for number, row in enumerate(rows, 1):
            _write_value(page, number, place, column, row[column.identifier], styles.body(column, figure))
        _restrict(page, place, last, column, ranges)
    page.freeze_panes(1, max(1, len(known.key)))


def _write_value(page: Worksheet, row: int, place: int, column: Column, value: Value, style: Format) -> None:
    match value:
        case None:
            return
        case date():
            page.write_datetime(row, place, value, style)
        case int() | Decimal():
            # Fifteen digits are what a spreadsheet's number holds; longer ones are kept exact as text.
            exact = len(f"{value:f}".replace(".", "").strip("-0")) <= 15 if isinstance(value, Decimal) else True
            if exact:
                page.write_number(row, place, float(value), style)
            else:
                page.write_string(row, place, f"{value:f}", style)
        case str():
            page.write_string(row, place, _label(column, value), style)


def _label(column: Column, code: str) -> str:
    if not column.codes:
        return code
    entry = codes(column.codes).get(code)
    return entry.label if entry else code


def _restrict(page: Worksheet, place: int, last: int, column: Column, ranges: Mapping[str, str]) -> None:
    if column.codes:
        page.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": ranges[column.codes],
                "error_type": "warning" if column.type == "text" else "stop",
                "error_title": column.name,
                "error_message": "请从下拉列表中选择",
            },
        )
    elif column.type in ("integer", "decimal", "year") and column.minimum is not None and column.maximum is not None:
        page.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "decimal" if column.type == "decimal" else "integer",
                "criteria": "between",
                "minimum": float(column.minimum),
                "maximum": float(column.maximum),
                "error_title": column.name,
                "error_message": f"请填 {column.minimum} 至 {column.maximum} 之间的数字，未报留空",
            },
        )


def _remark(column: Column) -> str:
    parts = [column.note, f"统计表：{column.form}" if column.form else "", "必填" if column.required else ""]
    return "\n".join(part for part in parts if part)


def _code_lists() -> list[str]:
    return list(dict.fromkeys(c.codes for s in sheets() for c in s.columns if c.codes))


def _code_ranges() -> dict[str, str]:
    from xlsxwriter.utility import xl_range_abs

    return {
        name: f"={_CODE_SHEET}!{xl_range_abs(1, place, len(codes(name)), place)}"
        for place, name in enumerate(_code_lists())
    }


def _write_codes(page: Worksheet) -> None:
    for place, name in enumerate(_code_lists()):
        page.write_string(0, place, name)
        for row, entry in enumerate(codes(name).values(), 1):
            page.write_string(row, place, entry.label)
    page.hide()


def _write_notes(page: Worksheet, title: str, styles: _Styles, marked: bool) -> None:
    page.write_string(0, 0, f"{title}（演示数据）" if marked else title, styles.title)
    for number, rule in enumerate(_RULES, 1):
        page.write_string(number, 0, f"{number}. {rule}")
    top = len(_RULES) + 2
    for place, header in enumerate(("工作表", "列", "必填", "统计表", "说明", "可填", "示例")):
        page.write_string(top, place, header, styles.header)
    lines = [(s, c) for s in sheets() for c in s.columns]
    for number, (known, column) in enumerate(lines, top + 1):
        allowed = "、".join(e.name for e in codes(column.codes).values()) if column.codes else _range(column)
        cells = (known.name, column.header, "是" if column.required else "", column.form, column.note, allowed)
        for place, text in enumerate((*cells, column.example)):
            page.write_string(number, place, text, styles.wrapped)
    for place, width in enumerate((14, 30, 6, 18, 30, 40, 24)):
        page.set_column(place, place, width)


def _range(column: Column) -> str:
    if column.type == "flag":
        return "1（是）或 0（否）"
    if column.minimum is None or column.maximum is None:
        return "日期" if column.type == "date" else ""
    return f"{column.minimum:,} 至 {column.maximum:,}" if column.type != "year" else "四位年份"
