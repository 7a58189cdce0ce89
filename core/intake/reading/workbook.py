"""A workbook as sheets of raw cells: looked through part by part first, then laid out by the reader."""

from __future__ import annotations

import io
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import join, normpath
from typing import TYPE_CHECKING

from core.dataset.cells import Cell
from core.intake.reading.bounds import LONGEST_SHEET_NAME, MOST_SHEETS, Room, rejected
from core.intake.reading.open_document import OPEN_DOCUMENT_CONTENT, looked_through_open_document
from core.intake.reading.raw_sheets import Place, RawSheet, merged_within
from core.intake.reading.sheet_xml import SheetScan, TextLengths
from core.intake.reading.workbook_package import TORN_PACKAGE, CountedPackage

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{_BOOK}"/></Relationships>'
)
_SAVE_AS = "请在表格软件中另存为 .xlsx 后重新上传"


def workbook_sheets(name: str, content: bytes) -> list[RawSheet]:
    """The sheets of a workbook in their order. Raises InputRejected when it cannot be opened or cannot be a county's."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CountedPackage(name, content) as package:
            is_open_document = package.holds(OPEN_DOCUMENT_CONTENT) and not package.holds(_BOOK)
        checked, broken = (
            looked_through_open_document(name, content) if is_open_document else _looked_through(name, content)
        )
        workbook: CalamineWorkbook = CalamineWorkbook.from_filelike(io.BytesIO(checked))
        return [
            _raw_sheet(workbook, meta.name, meta.typ, meta.visible, broken.get(meta.name, {}))
            for meta in workbook.sheets_metadata
        ]
    except (CalamineError, *TORN_PACKAGE):
        raise rejected(name, "打不开，可能已加密或损坏", "未加密、未损坏的工作簿", _SAVE_AS) from None


@dataclass(frozen=True)
class _Relation:
    """Where a part of the workbook stands, and what it is."""

    kind: str
    path: str


def _looked_through(name: str, content: bytes) -> tuple[bytes, dict[str, dict[Place, str]]]:
    """The package of the parts that were looked through, and by sheet the places that hold no result."""
    with CountedPackage(name, content) as package:
        package.add("_rels/.rels", _ROOT)
        relations = _relations(name, package)
        labels = _labels(name, package)
        paths = {label: relations[number].path for label, number in labels.items()}
        if len(set(paths.values())) < len(paths):
            raise rejected(name, "有两张工作表指向同一内容", "每张工作表各有内容的工作簿", _SAVE_AS)
        lengths = TextLengths(name)
        for relation in relations.values():
            if relation.kind == "sharedStrings" and package.holds(relation.path):
                package.read(relation.path, lengths.start, lengths.end, lengths.text)
            elif relation.kind == "styles" and package.holds(relation.path):
                package.read(relation.path, lambda *_: None)
        broken, room = {}, Room()
        for label, number in labels.items():
            if relations[number].kind == "worksheet":
                broken[label] = _scanned(package, relations[number].path, label, lengths.lengths, room)
        return package.checked(), broken


def _scanned(package: CountedPackage, path: str, label: str, lengths: array[int], room: Room) -> dict[Place, str]:
    scan = SheetScan(label, lengths, room)
    package.read(path, scan.start, scan.end, scan.text)
    return scan.broken


def _relations(name: str, package: CountedPackage) -> dict[str, _Relation]:
    found: dict[str, _Relation] = {}
    single: set[str] = set()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag != "Relationship" or attributes.get("TargetMode") == "External":
            return
        number, target = attributes.get("Id", ""), attributes.get("Target", "")
        kind = attributes.get("Type", "").rpartition("/")[2]
        if number in found or kind in single:
            raise rejected(name, "有两个同名的部件", "每个部件一份的工作簿", _SAVE_AS)
        single.update({kind} & {"sharedStrings", "styles"})
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        found[number] = _Relation(kind, path)

    package.read(_RELATIONS, start)
    return found


def _labels(name: str, package: CountedPackage) -> dict[str, str]:
    """The relation of every sheet by its label, in their order."""
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag != "sheet":
            return
        label = attributes.get("name", "")
        if len(label) > LONGEST_SHEET_NAME:
            shown = f"有工作表的名称有 {len(label):,} 个字符（“{label[:20]}……”）"
            raise rejected(name, shown, f"不超过 {LONGEST_SHEET_NAME} 个字符", "请改短工作表的名称")
        if label in found:
            raise rejected(name, f"有两张名为“{label}”的工作表", "每张工作表各有名称", "请改名或删除其中一张")
        found[label] = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if len(found) > MOST_SHEETS:
            raise rejected(name, f"有超过 {MOST_SHEETS} 张工作表", "一个县的工作簿", "请删除无关的工作表")

    package.read(_BOOK, start)
    return found


def _raw_sheet(
    workbook: CalamineWorkbook, label: str, kind: object, visible: object, broken: Mapping[Place, str]
) -> RawSheet:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    is_hidden = visible != SheetVisibleEnum.Visible
    if kind != SheetTypeEnum.WorkSheet:
        return RawSheet(label, [], is_hidden=is_hidden)
    sheet = workbook.get_sheet_by_name(label)
    # Rows above the used range are kept, so that a row number is the one the office sees.
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    return RawSheet(
        label, rows, is_hidden=is_hidden, merged=merged_within(rows, sheet.merged_cell_ranges or ()), broken=broken
    )
