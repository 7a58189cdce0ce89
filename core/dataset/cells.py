"""What one cell says: a number, a date, a code, in the forms in which offices type them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from unicodedata import normalize

from core.dataset.characters import folded, half_width, spoilt_character, without_invisible
from core.dataset.dictionary import Column, code_called, codes, unit_factor
from core.dataset.personal import masked

Cell = object
Value = str | int | Decimal | date | None

# The longest name of a school has some forty characters, its code a dozen; a note is a paragraph, not a document.
LONGEST_IDENTIFIER, LONGEST_NAME, LONGEST_NOTE = 60, 100, 2_000
CHOOSE_FROM_LIST = "请按模板的下拉列表填写"
_SHOWN_LENGTH = 40
# Amounts have at most four decimals, or nothing is judged on them; ratios and places are often quotients, and are kept
# to more decimals than any limit has.
_STORED_DECIMALS = Decimal("0.0001")
_DECIMALS = {
    "lon": Decimal("0.000001"),
    "lat": Decimal("0.000001"),
    "between_school_rate": Decimal("0.0000000001"),
    "value": Decimal("0.00000001"),
}
# What a spreadsheet's own arithmetic leaves behind the last digit.
_CALCULATION_NOISE = Decimal("1e-13")
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$", re.ASCII)
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$", re.ASCII)
_WITH_UNIT = re.compile(r"^(?P<number>[+-]?\d[\d,]*(\.\d+)?)\s*(?P<unit>[^\d\s.,].*)$", re.ASCII)
_YEAR = re.compile(
    r"^(\d{4})(?:\s*[-–—~/至]\s*(\d{4}|\d{2}))?\s*(?:学年度?|年度?)?\s*(?:秋季?(?:学期|学年)?|学年初)?$", re.ASCII
)
# When a school was founded: a year, often with its month, in every writing.
_FOUNDED = re.compile(
    r"^(1[89]\d\d|20\d\d)(?:\s*[-/.年]?\s*(0?[1-9]|1[0-2])(?:\s*[-/.月]\s*\d{1,2})?)?\s*[年月日]?$", re.ASCII
)
_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]\d{1,2}:\d{2}(:\d{2})?)?$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$", re.ASCII)
_FIRST_SPREADSHEET_DAY = date(1899, 12, 30)
_SPREADSHEET_DAYS = range(32_874, 73_051)  # 1990 to 2099
# A spreadsheet counts its days from 1900 on and miscounts the first weeks; no document that is judged on is as old.
_YEARS_OF_DAYS = range(1901, 2101)
_NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九", 1)}
_GRADE = re.compile(r"([一二三四五六七八九1-9])年级")
_LOWER_SECONDARY = re.compile(r"初([一二三])")
_LAST_PRIMARY_GRADE = 6
_DASHES = re.compile("[–—－~～至]")
# Degrees, minutes and seconds, as surveyors and telephones write them.
_DEGREES = re.compile(
    r"^[东北EN]?[经纬]?\s*(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'’分])?\s*(?:(\d{1,2}(?:\.\d+)?)\s*[″\"”秒])?\s*[EN]?$",
    re.ASCII,
)
_FLAGS = {"1": 1, "0": 0, "是": 1, "否": 0, "true": 1, "false": 0}
_IDENTIFIERS = ("school_id", "township_code", "parent_school_id", "paired_school_id", "code")
_TOWNSHIP_CODES = ("code", "township_code")
_LONG_CODE = re.compile(r"^\d{12}$", re.ASCII)
_REFERENCE_COLUMNS = (*_IDENTIFIERS, "class_no")
_NOTES = ("document", "note")
# Greek and Cyrillic letters look like Latin ones, Arabic digits count like ours: each makes a second school beside the
# real one. Every other sign may stand in a code: it is text for whoever shows it.
_FOREIGN_LETTERS = re.compile("[\u0370-\u052f\u0600-\u06ff]")
# From here on a spreadsheet's number has lost its last digits.
_FIRST_INEXACT = 10**15


class Misfit(Exception):
    """A cell that does not fit its column: found, expected, advice."""

    def __init__(self, found: str, expected: str, advice: str = "") -> None:
        self.found, self.expected, self.advice = found, expected, advice
        super().__init__(found)


def is_empty(cell: Cell) -> bool:
    """Whether nothing was reported here."""
    return cell is None or (isinstance(cell, str) and not without_invisible(cell))


def cell_text(cell: Cell) -> str:
    """The cell as one line of text without invisible characters; a whole number without its decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return without_invisible(str(cell))


def shown(cell: Cell) -> str:
    """The cell's text as a finding shows it: personal numbers masked, cut where it is long."""
    text = masked(cell_text(cell))
    return f"{text[:_SHOWN_LENGTH]}……" if len(text) > _SHOWN_LENGTH else text


def quoted(cell: Cell) -> str:
    """The same in quotation marks."""
    return f"“{shown(cell)}”"


def is_reference(column: Column) -> bool:
    """Whether the column holds numbers that name a school, township or class."""
    return column.identifier in _REFERENCE_COLUMNS


def cell_value(column: Column, cell: Cell, factor: Decimal) -> Value:
    """The typed value of a cell in the store's unit, None when empty. Raises Misfit."""
    if is_empty(cell):
        return None
    match column.type:
        case "text":
            return _text_value(column, cell)
        case "code":
            return _code(column, cell)
        case "flag":
            return _flag(cell)
        case "date":
            return day_of(cell)
        case "year" if column.identifier == "built_year":
            return int(_in_range(column, cell, _founded(cell)))
        case "year":
            return int(_in_range(column, cell, _year(cell)))
        case "integer" if column.identifier == "grade" and (grade := grade_called(cell_text(cell))):
            return grade
        case "integer":
            return int(_in_range(column, cell, _whole(cell, number_in(column, cell) * factor)))
        case "decimal":
            return _in_range(column, cell, _fitted(column, cell, number_in(column, cell) * factor))


def grade_called(text: str) -> int:
    """The grade from 1 to 9 that a text names, such as 三年级 or 初一; 0 when it names none."""
    found = _GRADE.search(text)
    if found:
        return _NUMERALS.get(found[1]) or int(found[1])
    found = _LOWER_SECONDARY.search(text)
    return _LAST_PRIMARY_GRADE + _NUMERALS[found[1]] if found else 0


def _text_value(column: Column, cell: Cell) -> str:
    spoilt = spoilt_character(cell) if isinstance(cell, str) else ""
    if spoilt:
        raise Misfit(f"文字中有不能显示的字符（{spoilt}）", "可以显示的文字", "可能是转换编码时损坏的，请重新填写")
    if isinstance(cell, float) and not math.isfinite(cell):
        raise Misfit(f"{quoted(cell)}不是文字", "文字")
    if is_reference(column) and isinstance(cell, float) and abs(cell) >= _FIRST_INEXACT:
        raise Misfit(f"{quoted(cell)}是超过 15 位的数字，末位已失真", "文字", "请把单元格设为“文本”后重填")
    text = folded(cell_text(cell)) if is_reference(column) else normalize("NFC", cell_text(cell))
    if column.identifier in _TOWNSHIP_CODES and _LONG_CODE.match(text):
        # Statistics write a place in twelve digits; the first nine are its township.
        text = text[:9]
    longest = _longest(column)
    if len(text) > longest:
        raise Misfit(f"文字有 {len(text):,} 个字符", f"不超过 {longest:,} 个字符", "请缩短，或核对是否填错了列")
    if column.identifier in _IDENTIFIERS and (foreign := _FOREIGN_LETTERS.search(text)):
        raise Misfit(
            f"{quoted(cell)}中的“{foreign[0]}”是其他文字的字母或数字", "拉丁字母、数字、汉字和符号", "请重新输入这个字"
        )
    return (code_called(column.codes, text) or text) if column.codes else text


def _longest(column: Column) -> int:
    if is_reference(column):
        return LONGEST_IDENTIFIER
    return LONGEST_NOTE if column.identifier in _NOTES else LONGEST_NAME


def _code(column: Column, cell: Cell) -> str:
    text = _DASHES.sub("-", re.sub(r"\s+", "", half_width(cell_text(cell))))
    for entry in codes(column.codes).values():
        if text.lower() == entry.code.lower() or text in map(half_width, (entry.name, *entry.other_names)):
            return entry.code
    known = [c.name for c in codes(column.codes).values()]
    raise Misfit(
        f"{quoted(cell)}不在代码表中", "、".join(known[:12]) + ("……" if len(known) > 12 else ""), CHOOSE_FROM_LIST
    )


def _flag(cell: Cell) -> int:
    text = half_width(cell_text(cell)).lower()
    if text not in _FLAGS:
        raise Misfit(f"{quoted(cell)}不是“是”或“否”", "1（是）或 0（否）")
    return _FLAGS[text]


def day_of(cell: Cell) -> date:
    """The day that a cell names. Raises Misfit."""
    found = _day(cell)
    if found.year in _YEARS_OF_DAYS:
        return found
    raise Misfit(f"{quoted(cell)}超出范围", f"{_YEARS_OF_DAYS.start} 至 {_YEARS_OF_DAYS.stop - 1} 年的日期")


def _day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and math.isfinite(cell) and int(cell) in _SPREADSHEET_DAYS:
        return _FIRST_SPREADSHEET_DAY + timedelta(days=int(cell))
    plain = half_width(cell_text(cell))
    found = _DATE.match(plain) or _COMPACT_DATE.match(plain)
    if found:
        year, month, day = (int(part) for part in found.groups()[:3])
        try:
            return date(year, month, day)
        except ValueError:
            raise Misfit(f"{quoted(cell)}不是存在的日期", "形如 2023-09-01 的日期") from None
    raise Misfit(f"{quoted(cell)}不是日期", "形如 2023-09-01 的日期", "请写全年、月、日")


def _year(cell: Cell) -> Decimal:
    """The first calendar year of a school year, also written 2023-2024 学年."""
    if isinstance(cell, date | time | timedelta):
        raise Misfit(f"{quoted(cell)}是日期", "四位年份，如 2023", "请把单元格格式改为“常规”后重新填写")
    plain = half_width(cell_text(cell))
    found = _YEAR.match(plain)
    if not found:
        raise Misfit(f"{quoted(cell)}不是学年", "四位年份，如 2023", "2023–2024 学年填 2023")
    first, second = int(found[1]), found[2]
    if second is not None and int(second) not in (first + 1, (first + 1) % 100):
        raise Misfit(f"{quoted(cell)}不是相邻的两年", "四位年份，如 2023", "2023–2024 学年填 2023")
    return Decimal(first)


def _founded(cell: Cell) -> Decimal:
    """The year in which a school was founded; a month or day beside it does not matter."""
    if isinstance(cell, date):
        return Decimal(cell.year)
    found = _FOUNDED.match(half_width(cell_text(cell)))
    if not found:
        raise Misfit(f"{quoted(cell)}不是建校年份", "四位年份或年月，如 1968、196809、1968年9月")
    return Decimal(found[1])


def number_in(column: Column, cell: Cell) -> Decimal:
    """The plain number in a cell, in whatever unit it stands. Raises Misfit."""
    if isinstance(cell, bool):
        raise Misfit("是逻辑值而不是数字", "数字")
    if column.identifier in ("lon", "lat") and (found := _DEGREES.match(half_width(cell_text(cell)))):
        degrees, minutes, seconds = (Decimal(part or 0) for part in found.groups())
        return degrees + minutes / 60 + seconds / 3600
    if isinstance(cell, date | time | timedelta):
        raise Misfit(f"{quoted(cell)}是日期或时间而不是数字", "数字", "请把单元格格式改为“常规”后重新填写")
    plain = half_width(repr(cell) if isinstance(cell, float) else cell_text(cell)).strip()
    if _THOUSANDS.match(plain):
        plain = plain.replace(",", "")
    if _NUMBER.match(plain):
        return Decimal(plain)
    raise Misfit(f"{quoted(cell)}不是数字", "数字", _unit_advice(column, plain) or "未报请留空，没有请填 0")


def _unit_advice(column: Column, plain: str) -> str:
    """What to type instead of a number with its unit."""
    found = _WITH_UNIT.match(plain)
    if not found:
        return ""
    unit, number = found["unit"].strip(), Decimal(found["number"].replace(",", ""))
    factor = unit_factor(column.unit, unit)
    if factor is None:
        return f"“{unit}”请不要写在单元格里，单位以表头为准"
    value = f"{number * factor:f}"
    value = value.rstrip("0").rstrip(".") if "." in value else value
    return f"单位写在表头，单元格只填数字；按{column.unit or '小数'}填写时为 {value}"


def _whole(cell: Cell, number: Decimal) -> Decimal:
    if abs(number) < Decimal(10) ** 15 and number == number.to_integral_value():
        return number.to_integral_value()
    raise Misfit(f"{quoted(cell)}不是整数", "整数")


def _fitted(column: Column, cell: Cell, number: Decimal) -> Decimal:
    if abs(number) >= Decimal(10) ** 13:
        raise Misfit(f"{quoted(cell)}过大", "合理范围内的数字", "请核对单位和位数")
    # A nought keeps no sign: it would be exported as -0.
    return number.quantize(_DECIMALS.get(column.identifier, _STORED_DECIMALS), ROUND_HALF_UP) + 0


def is_rounded(column: Column, cell: Cell, factor: Decimal) -> bool:
    """Whether an amount has more decimals than are stored, beyond what a spreadsheet's own arithmetic leaves behind."""
    if column.type != "decimal" or column.identifier in _DECIMALS or is_empty(cell):
        return False
    if isinstance(cell, int | float) and factor >= 1 and float(cell * 10_000).is_integer():
        # Nearly every cell: to tell it by its digits would take as long as to read it.
        return False
    number = number_in(column, cell) * factor
    return abs(number.quantize(_STORED_DECIMALS, ROUND_HALF_UP) - number) > abs(number) * _CALCULATION_NOISE


def _in_range(column: Column, cell: Cell, number: Decimal) -> Decimal:
    low, high = column.minimum, column.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"{low if low is not None else '不限'} 至 {high if high is not None else '不限'}"
        advice = "请核对是否多填了负号" if low == 0 and number < 0 else "请核对单位，以及是否多写或少写位数"
        raise Misfit(f"{quoted(cell)}超出范围", f"{bounds}之间的数字", advice)
    return number
