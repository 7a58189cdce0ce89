"""Column mappings: which sheet of another form's export is which table of ours, and which of its columns is which."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.dataset.cells import Misfit, cell_value
from core.dataset.characters import spoilt_character
from core.dataset.dictionary import Column, Sheet, sheets, unit_factor
from core.errors import RequestInvalid

LONGEST_NAME = 60
LAST_HEADER_ROW = 200
MOST_HEADER_ROWS = 10
_FORMAT, _VERSION = "column-mapping", 1
_QUANTITIES = ("integer", "decimal")


@dataclass(frozen=True)
class FieldSource:
    """Where one column of ours comes from: a column of theirs by its title, or several that are added up.

    `unit` is the unit of their figures, ours when empty. `first_characters` cuts longer codes, 0 keeps them whole.
    """

    columns: tuple[str, ...]
    unit: str = ""
    first_characters: int = 0


@dataclass(frozen=True)
class MappedSheet:
    """One sheet of the export and the table of ours that it fills, wholly or with some columns.

    Header rows count from 1 as the sheet shows them. `constants` hold for every row; `texts` say, by column of ours,
    which text stands for which code. Rows in which the column titled `rows_with` is empty or 0 are passed over. Where
    `blanks_are_zero` somebody has said that an empty cell of figures means none.
    """

    sheet: str
    table: str
    header_rows: tuple[int, int]
    fields: Mapping[str, FieldSource]
    constants: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows_with: str = ""
    blanks_are_zero: bool = False

    @property
    def table_name(self) -> str:
        """The Chinese name of our table; an unknown one stands for itself."""
        known = _sheet(self.table)
        return known.name if known else self.table

    @property
    def titles(self) -> tuple[str, ...]:
        """Every title of theirs that the mapping needs."""
        used = [title for source in self.fields.values() for title in source.columns]
        return tuple(dict.fromkeys([*used, self.rows_with] if self.rows_with else used))


@dataclass(frozen=True)
class ColumnMapping:
    """A whole mapping under its name; several sheets may fill one table, joined by its key."""

    name: str
    sheets: tuple[MappedSheet, ...]

    @property
    def tables(self) -> dict[str, frozenset[str]]:
        """The tables that the mapping fills, each with the columns that it speaks of."""
        spoken: dict[str, set[str]] = {}
        for mapped in self.sheets:
            spoken.setdefault(mapped.table, set()).update(mapped.fields, mapped.constants)
        return {table: frozenset(columns) for table, columns in spoken.items()}

    @property
    def unmapped(self) -> dict[str, tuple[str, ...]]:
        """The data items of the mapped tables that no sheet supplies, by the table's name; the year is asked apart."""
        found = {}
        for table, spoken in self.tables.items():
            known = _sheet(table)
            columns = known.columns if known else ()
            missing = tuple(c.name for c in columns if c.identifier not in {*spoken, "year"})
            if known and missing:
                found[known.name] = missing
        return found

    @property
    def needs_year(self) -> bool:
        """Whether a sheet carries no school year of its own, so that somebody has to say it."""
        return any(_has_year(mapped.table) and "year" not in mapped.fields for mapped in self.sheets)

    @property
    def saved_year(self) -> int | None:
        """The school year written into the mapping as a constant, None when there is none."""
        years = [mapped.constants["year"] for mapped in self.sheets if "year" in mapped.constants]
        return int(years[0]) if years else None


def _has_year(table: str) -> bool:
    known = _sheet(table)
    return known is not None and any(c.identifier == "year" for c in known.columns)


def _sheet(identifier: str) -> Sheet | None:
    return next((s for s in sheets() if s.identifier == identifier), None)


def mapping_text(mapping: ColumnMapping) -> str:
    """The mapping as JSON, to keep and to hand on."""
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        "name": mapping.name,
        "sheets": [
            {
                "sheet": mapped.sheet,
                "table": mapped.table,
                "header_rows": list(mapped.header_rows),
                "fields": {
                    column: {
                        "columns": list(source.columns),
                        **({"unit": source.unit} if source.unit else {}),
                        **({"first_characters": source.first_characters} if source.first_characters else {}),
                    }
                    for column, source in mapped.fields.items()
                },
                "constants": dict(mapped.constants),
                "texts": {column: dict(texts) for column, texts in mapped.texts.items()},
                "rows_with": mapped.rows_with,
                **({"blanks_are_zero": True} if mapped.blanks_are_zero else {}),
            }
            for mapped in mapping.sheets
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def mapping_from(text: str) -> ColumnMapping:
    """The mapping in a JSON text. Raises RequestInvalid with every fault found in it."""
    mapping = kept_mapping(text)
    refuse_faulty(mapping)
    return mapping


def kept_mapping(text: str) -> ColumnMapping:
    """The mapping in a JSON text that was kept; what an older dictionary allowed is refused only when it is used.

    Raises RequestInvalid when the text is no mapping.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise RequestInvalid(f"列对应文件不是有效的 JSON（{fault}），请选择由本平台导出的文件。") from None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise RequestInvalid("这不是列对应文件，请选择由本平台导出的 .json 文件。")
    if content.get("version") != _VERSION:
        raise RequestInvalid(f"列对应文件的版本为 {content.get('version')}，本程序需要 {_VERSION}。")
    try:
        return _read(content)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as fault:
        raise RequestInvalid(f"列对应文件的内容不完整（{type(fault).__name__}：{fault}），请重新导出。") from None


def _read(content: Mapping[str, Any]) -> ColumnMapping:
    return ColumnMapping(
        str(content["name"]).strip(),
        tuple(
            MappedSheet(
                sheet=str(part["sheet"]),
                table=str(part["table"]),
                header_rows=(int(part["header_rows"][0]), int(part["header_rows"][1])),
                fields={
                    str(column): FieldSource(
                        tuple(str(title) for title in source["columns"]),
                        str(source.get("unit", "")),
                        int(source.get("first_characters", 0)),
                    )
                    for column, source in part["fields"].items()
                },
                constants={str(column): str(value) for column, value in part.get("constants", {}).items()},
                texts={
                    str(column): {str(found): str(code) for found, code in texts.items()}
                    for column, texts in part.get("texts", {}).items()
                },
                rows_with=str(part.get("rows_with", "")),
                blanks_are_zero=part.get("blanks_are_zero") is True,
            )
            for part in content["sheets"]
        ),
    )


def refuse_faulty(mapping: ColumnMapping) -> None:
    """Raises RequestInvalid with every fault of a mapping, each with its place and what to do."""
    found = list(faults(mapping))
    if found:
        raise RequestInvalid(f"列对应“{mapping.name}”有 {len(found)} 处问题：" + "；".join(found) + "。")


def faults(mapping: ColumnMapping) -> Iterator[str]:
    """What is wrong with a mapping itself, whatever file it is used on."""
    if not mapping.name.strip():
        yield "没有名称，请填写名称"
    elif mapping.name.lower().endswith(".json"):
        yield "名称不能以 .json 结尾，以免与文件混淆"
    elif len(mapping.name) > LONGEST_NAME:
        yield f"名称有 {len(mapping.name)} 个字，最多 {LONGEST_NAME} 个字"
    spoilt = spoilt_character(mapping_text(mapping))
    if spoilt:
        yield f"文字中有不能显示的字符（{spoilt}），请重新填写"
    if not mapping.sheets:
        yield "没有对应任何工作表，请至少对应一张"
    for mapped in mapping.sheets:
        known = _sheet(mapped.table)
        if known is None:
            yield f"工作表“{mapped.sheet}”对应的表 {mapped.table} 不存在，应为数据字典中的表"
        else:
            yield from (f"工作表“{mapped.sheet}”→“{known.name}”：{fault}" for fault in _sheet_faults(mapped, known))
    for table, spoken in mapping.tables.items():
        known = _sheet(table)
        for column in known.columns if known else ():
            if column.required and not column.is_key and column.identifier not in {*spoken, "year"}:
                yield f"“{known.name if known else table}”表的“{column.name}”必填，请指明来自哪一列，或填固定值"


def _sheet_faults(mapped: MappedSheet, known: Sheet) -> Iterator[str]:
    first, last = mapped.header_rows
    if not 1 <= first <= last <= LAST_HEADER_ROW or last - first >= MOST_HEADER_ROWS:
        yield f"表头行 {first} 至 {last} 不对，应在 1 至 {LAST_HEADER_ROW} 之间，最多 {MOST_HEADER_ROWS} 行"
    columns = {c.identifier: c for c in known.columns}
    for name in dict.fromkeys([*mapped.fields, *mapped.constants, *mapped.texts]):
        if name not in columns:
            yield f"没有数据项 {name}，应为数据字典中的列"
    for name, source in mapped.fields.items():
        if name in columns:
            yield from _source_faults(columns[name], source)
            if name in mapped.constants and name != "year":
                yield f"“{columns[name].name}”既有来源列又有固定值，请只留一样"
    for name, value in mapped.constants.items():
        if name in columns:
            yield from _value_faults(columns[name], value, "固定值")
    for name, texts in mapped.texts.items():
        for code in dict.fromkeys(texts.values()) if name in columns else ():
            yield from _value_faults(columns[name], code, "文字对应")
    for column in known.columns:
        if column.is_key and column.identifier not in {*mapped.fields, *mapped.constants, "year"}:
            yield f"缺少“{column.name}”，请指明来自哪一列，或填固定值"


def _source_faults(column: Column, source: FieldSource) -> Iterator[str]:
    if not source.columns or not all(title.strip() for title in source.columns):
        yield f"“{column.name}”没有写明来自哪一列"
    if len(source.columns) > 1 and column.type not in _QUANTITIES:
        yield f"“{column.name}”不是数量，不能由 {len(source.columns)} 列相加"
    if source.unit and (column.type not in _QUANTITIES or unit_factor(column.unit, source.unit) is None):
        yield f"“{column.name}”的单位“{source.unit}”无法换算为“{column.unit or '无单位'}”"
    if source.first_characters and (column.type != "text" or source.first_characters < 0):
        yield f"“{column.name}”不能只取前 {source.first_characters} 位"


def _value_faults(column: Column, value: str, what: str) -> Iterator[str]:
    try:
        missing = cell_value(column, value, Decimal(1)) is None
    except Misfit as misfit:
        yield f"“{column.name}”的{what}{misfit.found}，应为{misfit.expected}"
        return
    if missing:
        yield f"“{column.name}”的{what}是空的"
