"""The month of a unit as a workbook: handed out with the last report beside every question, taken back by check-up.

    month_workbook(situation, month, is_demo=…) -> bytes
    returned_month(source, situation, month, today) -> ReturnedMonth

A row counts as reported only where its 状态 is filled in: what stood there before is no report.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core import palette
from core.dataset.cells import Cell, Misfit, cell_text, day_of, is_empty, quoted
from core.dataset.typed_texts import check_typed
from core.delivery.owed.month import Month, Question
from core.delivery.records.records import ReportedStatus, UpdateDraft
from core.delivery.records.records_writing import check_update
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import SubItemStatus
from core.errors import Problem, RequestInvalid
from core.intake.reading.raw_sheets import RawSheet, Source
from core.reports.tables import DEMO_MARK
from core.wording.carrying_out.month import asking_text, division_name, last_said
from core.wording.delivery import REPORTED_LABELS, level_label, unit_name

SHEET = "月报"
_NUMBER, _UNIT, _MONTH, _SEEN = "编号", "单位", "月份", "上次填报号"
_STATUS, _PROGRESS, _FORECAST = "状态", "进度%", "预计完成"
_NOTE, _LINK, _PATH = "说明", "佐证链接", "恢复正常的措施和时间"
_FIXED = (_UNIT, _MONTH, _NUMBER, "具体措施", "股室", "期限", "核算", "为何要报", "上次填报")
_ANSWERS = (_STATUS, _PROGRESS, _FORECAST, _NOTE, _LINK, _PATH)
TITLES = (*_FIXED, *_ANSWERS, _SEEN)
_WIDTHS = {"具体措施": 34, "核算": 22, "为何要报": 22, "上次填报": 40, _NOTE: 30, _LINK: 20, _PATH: 30, _STATUS: 16}
_UNCHANGED, _SHARED = "无变化，可不报", "配合事项，有情况的报"
_STATUS_CALLED: dict[str, ReportedStatus] = {
    name: status for status, label in REPORTED_LABELS.items() for name in (label, label.partition("（")[0])
}  # fmt: skip
_HEADER_ROWS = 10
_LONGEST_NUMBER = 9


@dataclass(frozen=True)
class ReturnedMonth:
    """What a returned workbook reports: drafts with the number of the report seen behind each, or what is wrong with it."""

    drafts: tuple[tuple[UpdateDraft, int], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Line:
    status: SubItemStatus
    division: str
    why: str


def month_workbook(situation: Situation, month: Month, *, is_demo: bool) -> bytes:
    """The unit's month: what is asked first, then what may be reported; the answers are empty but for the last texts."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(SHEET)
        fixed = book.add_format(
            {"text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": palette.HEADER_REPORT}
        )
        header = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": palette.HEADER_REPORT})
        text = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1, "num_format": "@"})
        day = book.add_format({"valign": "vcenter", "border": 1, "num_format": "yyyy-mm-dd"})
        number = book.add_format({"valign": "vcenter", "border": 1})
        for place, title in enumerate(TITLES):
            sheet.write_string(0, place, title, header)
            sheet.set_column(place, place, _WIDTHS.get(title, 12))
        sheet.write_comment(0, TITLES.index(_STATUS), "填了状态的行才算报送；留空的不报。")
        lines = list(_lines(month))
        for row, line in enumerate(lines, 1):
            for place, cell in enumerate(_cells(situation, month, line)):
                style = fixed if TITLES[place] not in _ANSWERS else day if isinstance(cell, date) else text
                match cell:
                    case date():
                        sheet.write_datetime(row, place, cell, style)
                    case int():
                        sheet.write_number(row, place, cell, fixed if style is fixed else number)
                    case str():
                        sheet.write_string(row, place, cell, style)
                    case None:
                        sheet.write_blank(row, place, None, day if TITLES[place] == _FORECAST else style)
        last, status = max(len(lines), 1), TITLES.index(_STATUS)
        choices = list(REPORTED_LABELS.values())
        sheet.data_validation(1, status, last, status, {"validate": "list", "source": choices, "error_title": _STATUS})
        progress = TITLES.index(_PROGRESS)
        bounds = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100}
        sheet.data_validation(1, progress, last, progress, bounds)
        sheet.freeze_panes(1, _FIXED.index("股室"))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if is_demo:
            sheet.set_footer(f"&L{DEMO_MARK}")
    return buffer.getvalue()


def _lines(month: Month) -> Iterator[_Line]:
    for division in month.divisions:
        yield from (_asked(q, division_name(division)) for q in (*division.asked, *division.beyond))
    for division in month.divisions:
        yield from (_Line(status, division_name(division), _UNCHANGED) for status in division.unchanged)
    yield from (_Line(status, "", _SHARED) for status in month.shared)


def _asked(question: Question, division: str) -> _Line:
    return _Line(question.status, division, asking_text(question))


def _cells(situation: Situation, month: Month, line: _Line) -> tuple[str | int | date | None, ...]:
    status, last = line.status, line.status.reported
    return (
        _unit_name(situation, month),
        f"{situation.as_of:%Y-%m}",
        status.sub_item.sub_item_id,
        status.sub_item.title,
        line.division,
        status.standing.due or status.obligation.due,
        level_label(status.standing, situation.plan),
        line.why,
        last_said(last),
        None,
        last.progress if last else None,
        last.forecast_date if last else None,
        last.note if last else None,
        last.evidence_link if last else None,
        last.path_to_green if last else None,
        last.number if last else 0,
    )


def _unit_name(situation: Situation, month: Month) -> str:
    return unit_name(situation.plan, month.unit_id, month.township_code, situation.township_names)


def returned_month(source: Source, situation: Situation, month: Month, today: date) -> ReturnedMonth:
    """What the rows with a status say, each checked as if it were typed into the form; nothing counts while one is wrong."""
    raw, header = _sheet(source)
    if raw is None:
        wanted = f"名为“{SHEET}”的工作表，表头含“{_NUMBER}”“{_STATUS}”"
        fault = Problem(
            "FAIL", "", None, None, "不是本平台下载的月报表", wanted, "请下载本单位本月的表，填好后原样上传"
        )
        return ReturnedMonth((), (fault,))
    return _Returned(raw, header, situation, month, today).read()


def _sheet(source: Source) -> tuple[RawSheet | None, int]:
    for raw in sorted(source.sheets, key=lambda s: s.label != SHEET):
        for number, row in enumerate(raw.rows[:_HEADER_ROWS]):
            if {_NUMBER, _STATUS} <= {cell_text(cell) for cell in row if not is_empty(cell)}:
                return raw, number
    return None, 0


class _Returned:
    """A sheet as it is read: its columns by title, the problems found so far."""

    def __init__(self, raw: RawSheet, header: int, situation: Situation, month: Month, today: date) -> None:
        self._raw, self._header, self._situation, self._month, self._today = raw, header, situation, month, today
        titles = [cell_text(cell) for cell in raw.rows[header]]
        self._places = {title: titles.index(title) for title in TITLES if title in titles}
        self._problems: list[Problem] = []
        self._known = {line.status.sub_item.sub_item_id: line.status for line in _lines(month)}

    def read(self) -> ReturnedMonth:
        """Every row with a status as a draft, and everything that is wrong."""
        missing = [t for t in (_UNIT, _MONTH, *_ANSWERS) if t not in self._places]
        if missing:
            self._fault(self._header, None, f"缺少列：{'、'.join(missing)}", "下载时的各列", "请不要删改表头")
            return ReturnedMonth((), tuple(self._problems))
        drafts: dict[str, tuple[UpdateDraft, int]] = {}
        for row in range(self._header + 1, len(self._raw.rows)):
            sub_item_id = cell_text(self._cell(row, _NUMBER)) if not is_empty(self._cell(row, _NUMBER)) else ""
            if is_empty(self._cell(row, _STATUS)) and (row, self._places[_STATUS]) not in self._raw.broken:
                continue
            draft = self._draft(row, sub_item_id)
            if draft is None:
                continue
            if sub_item_id in drafts:
                self._fault(row, _NUMBER, f"{sub_item_id} 填了两行", "一项具体措施一行", "请只留一行的状态")
            drafts[sub_item_id] = draft, self._seen(row)
        if not drafts and not self._problems:
            self._fault(self._header, _STATUS, "没有一行填了状态", "要报送的行填状态", "填好后重新上传")
        return ReturnedMonth(() if self._problems else tuple(drafts.values()), tuple(self._problems))

    def _draft(self, row: int, sub_item_id: str) -> UpdateDraft | None:
        before = len(self._problems)
        for title in (t for t in TITLES if (row, self._places.get(t, -1)) in self._raw.broken):
            self._fault(row, title, "公式没有结果", "填写的内容", "请改为直接填写")
        unit, month = _unit_name(self._situation, self._month), f"{self._situation.as_of:%Y-%m}"
        if cell_text(self._cell(row, _UNIT) or "") != unit:
            self._fault(row, _UNIT, f"是{quoted(self._cell(row, _UNIT) or '')}的表", f"“{unit}”", "请核对是否传错文件")
        if _month_text(self._cell(row, _MONTH)) != month:
            self._fault(row, _MONTH, f"是{quoted(self._cell(row, _MONTH) or '')}的表", f"“{month}”", "请下载本月的表")
        if sub_item_id not in self._known:
            self._fault(row, _NUMBER, f"“{sub_item_id}”不是本单位本月可报的具体措施", "下载时的编号", "请不要改动编号")
        status = _STATUS_CALLED.get(cell_text(self._cell(row, _STATUS)))
        if status is None:
            listed = "、".join(REPORTED_LABELS.values())
            self._fault(row, _STATUS, f"{quoted(self._cell(row, _STATUS))}不是可选的状态", listed, "请从下拉列表选择")
        progress = self._progress(row)
        forecast = self._day(row)
        texts = {title: self._text(row, title) for title in (_NOTE, _LINK, _PATH)}
        if len(self._problems) > before or status is None:
            return None
        draft = UpdateDraft(
            sub_item_id=sub_item_id,
            unit_id=self._month.unit_id,
            township_code=self._month.township_code,
            day=self._situation.as_of,
            status=status,
            progress=progress,
            forecast_date=forecast,
            note=texts[_NOTE],
            evidence_link=texts[_LINK],
            path_to_green=texts[_PATH],
        )
        try:
            check_update(self._situation.plan, self._situation.county_code, draft, self._today)
        except RequestInvalid as refusal:
            self._fault(row, _STATUS, str(refusal).rstrip("。"), "填写完整", "请补充后重新上传")
            return None
        return draft

    def _cell(self, row: int, title: str) -> Cell:
        place, cells = self._places[title], self._raw.rows[row]
        return cells[place] if place < len(cells) else None

    def _progress(self, row: int) -> int | None:
        cell = self._cell(row, _PROGRESS)
        if is_empty(cell):
            return None
        text = cell_text(cell).rstrip("%％")
        if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100:
            return int(text)
        self._fault(row, _PROGRESS, f"{quoted(cell)}不是进度", "0 至 100 的整数", "百分之六十填 60")
        return None

    def _day(self, row: int) -> date | None:
        cell = self._cell(row, _FORECAST)
        if is_empty(cell):
            return None
        try:
            return day_of(cell)
        except Misfit as misfit:
            self._fault(row, _FORECAST, misfit.found, misfit.expected, misfit.advice)
            return None

    def _text(self, row: int, title: str) -> str:
        cell = self._cell(row, title)
        text = "" if is_empty(cell) else cell_text(cell)
        try:
            check_typed(text)
        except RequestInvalid as refusal:
            self._fault(row, title, str(refusal).rstrip("。"), "可以保存的文字")
        return text

    def _seen(self, row: int) -> int:
        """The report that stood there when the file was handed out; 0 where the file does not say, so that others are told."""
        text = cell_text(self._cell(row, _SEEN)) if _SEEN in self._places and self._cell(row, _SEEN) else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 0

    def _fault(self, row: int, title: str | None, found: str, expected: str, advice: str = "") -> None:
        self._problems.append(Problem("FAIL", self._raw.label, row + 1, title, found, expected, advice))


def _month_text(cell: Cell) -> str:
    """The month as year and month, also where a spreadsheet has made a day of it."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    return cell_text(cell) if not is_empty(cell) else ""
