"""A survey export counted by group and school: one answered questionnaire a row, or one line of counts a row.

    guessed_reading(source, schools) -> Reading      what the columns and their texts probably mean; a person completes it
    faults(source, reading) -> list[str]             what is still open, each in a sentence
    counted(source, reading) -> tuple[SurveyCount, ...]

Of an answered questionnaire only three cells are looked at: who answered, of which school, and whether satisfied. Nothing
else of it, no name, address or telephone, is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.dataset.cells import Cell, Misfit, cell_text, cell_value, is_empty
from core.dataset.characters import half_width
from core.dataset.dictionary import code_called, codes, sheet
from core.errors import RequestInvalid
from core.intake.mapping.header_titles import guessed_header, titles
from core.intake.mapping.text_suggestions import name_forms
from core.intake.reading.raw_sheets import RawSheet, Source
from core.naming import named

SATISFIED, DISSATISFIED, INVALID = "satisfied", "dissatisfied", "invalid"
NO_SCHOOL, LEFT_OUT = "", "-"
EMPTY = "（空）"
# A list of schools or kinds of people, not of remarks.
_MOST_TEXTS = {"answer": 40, "group": 40, "school": 600}
_SHOWN = 5
_OVERALL = re.compile("总体|总的|整体|综合")
_SATISFACTION, _GROUP, _SCHOOL = re.compile("满意"), re.compile("身份|对象|角色|类别|您是"), re.compile("学校")
_COUNTS = {"returned": re.compile("总数|回收|收回|发放|份数"), "valid": re.compile("有效"), "satisfied": _SATISFACTION}
_OPTION = re.compile(r"^[A-Ha-h0-9]{1,2}\s*[.．、:：)）]\s*")
_TOTALS = frozenset({"合计", "总计", "小计", "计", "全县", "全县合计"})


@dataclass(frozen=True)
class SurveyCount:
    """Questionnaires of one group at one school, or of none: returned, of these valid, of these satisfied."""

    survey_group: str
    school_id: str | None
    returned: int
    valid: int
    satisfied: int


@dataclass(frozen=True)
class Reading:
    """How an export is counted: its columns by title, and what the texts in them mean.

    `group` holds for the whole file where no column says it. `counts` are the titles of returned, valid and satisfied
    where a row holds counts instead of an answer.
    """

    sheet: str
    header_row: int = 1
    group: str = ""
    group_title: str = ""
    school_title: str = ""
    answer_title: str = ""
    counts: tuple[str, str, str] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    schools: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SchoolName:
    """A school that answers may come from."""

    school_id: str
    name: str
    township: str


def sheet_of(source: Source, reading: Reading) -> RawSheet:
    """The sheet that is counted. Raises RequestInvalid when the file has no such sheet."""
    found = next((raw for raw in source.sheets if raw.label == reading.sheet), None)
    if found is None:
        raise RequestInvalid(f"文件中没有名为“{reading.sheet}”的工作表。")
    return found


def titles_of(source: Source, reading: Reading) -> list[str]:
    """The titles of the columns, in order, without the empty ones."""
    return [title for title in titles(sheet_of(source, reading), reading.header_row, reading.header_row) if title]


def guessed_reading(source: Source, schools: Sequence[SchoolName]) -> Reading:
    """What an export probably is. Raises RequestInvalid for one without a row below a header."""
    raw = max((s for s in source.sheets if not s.is_hidden), key=lambda s: len(s.rows), default=None)
    if raw is None or len(raw.rows) < 2:
        raise RequestInvalid("文件中没有答卷：应有一行表头，下面一行一份答卷，或一行一个学校的份数。")
    return with_texts(source, _with_columns(source, Reading(raw.label, guessed_header(raw)[1])), schools)


def _with_columns(source: Source, begun: Reading) -> Reading:
    """The columns by their titles; of several questions about satisfaction the one about the whole."""
    listed = titles_of(source, begun)
    group = next((t for t in listed if _GROUP.search(t) and not _SATISFACTION.search(t)), "")
    school = next((t for t in listed if _SCHOOL.search(t) and not _SATISFACTION.search(t) and t != group), "")
    found = {name: [t for t in listed if words.search(t)] for name, words in _COUNTS.items()}
    returned, valid = (next(iter(found[name]), "") for name in ("returned", "valid"))
    satisfied = next((t for t in found["satisfied"] if not re.search("率|不满意", t)), "")
    if valid and satisfied and valid != satisfied:
        return replace(begun, group_title=group, school_title=school, counts=(returned or valid, valid, satisfied))
    asked = found["satisfied"]
    answer = next((t for t in asked if _OVERALL.search(t)), next(iter(asked), ""))
    return replace(begun, group_title=group, school_title=school, answer_title=answer)


def with_texts(source: Source, reading: Reading, schools: Sequence[SchoolName]) -> Reading:
    """The reading with a meaning for every text that can be understood; what a person said stays."""
    names: dict[str, set[str]] = {}
    for school in schools:
        for form in (school.school_id, *name_forms(school.name, school.township)):
            names.setdefault(form, set()).add(school.school_id)

    def school_called(text: str) -> str | None:
        plain = _plain(text)
        if plain in _TOTALS:
            return LEFT_OUT
        ours = names.get(plain, set())
        return next(iter(ours)) if len(ours) == 1 else (NO_SCHOOL if text == EMPTY else None)

    def answer_called(text: str) -> str | None:
        return INVALID if text == EMPTY else code_called("survey_answer", _plain(text))

    def group_called(text: str) -> str | None:
        code = code_called("survey_group", _plain(text))
        return None if code == "all" else code

    def told(title: str, said: Mapping[str, str], called: Callable[[str], str | None]) -> dict[str, str]:
        texts = texts_in(source, reading, title)
        understood = {text: code for text in texts if (code := called(text)) is not None}
        return {**understood, **{text: code for text, code in said.items() if text in texts}}

    return replace(
        reading,
        answers=told(reading.answer_title, reading.answers, answer_called),
        groups=told(reading.group_title, reading.groups, group_called),
        schools=told(reading.school_title, reading.schools, school_called),
    )


def texts_in(source: Source, reading: Reading, title: str) -> dict[str, int]:
    """The different texts of a column with how often each stands in it, the most frequent first."""
    if not title:
        return {}
    return dict(Counter(row[title] for row in _rows(source, reading, (title,))).most_common())


def faults(source: Source, reading: Reading) -> list[str]:
    """What keeps the export from being counted, each in a sentence."""
    found = []
    if not reading.answer_title and reading.counts is None:
        found.append("请选择哪一列是总体满意度的回答（或份数各在哪一列）。")
    if not reading.group and not reading.group_title:
        found.append("请选择这份文件是哪类对象的问卷，或哪一列写明对象。")
    asked = (
        ("answer", reading.answer_title, reading.answers, "回答"),
        ("group", reading.group_title if not reading.group else "", reading.groups, "对象"),
        ("school", reading.school_title, reading.schools, "学校"),
    )
    for kind, title, told, word in asked:
        texts = texts_in(source, reading, title)
        unknown = [text for text in texts if text not in told]
        if len(texts) > _MOST_TEXTS[kind]:
            found.append(f"“{title}”一列有 {len(texts):,} 种不同的文字，不像{word}；请改选别的列。")
        elif unknown:
            found.append(f"“{title}”一列还有 {len(unknown)} 种{word}没有对应：{named(unknown[:_SHOWN], '')}。")
    return found


def counted(source: Source, reading: Reading) -> tuple[SurveyCount, ...]:
    """The questionnaires by group and school. Raises RequestInvalid for what `faults` lists, or for counts that cannot be."""
    if open_points := faults(source, reading):
        raise RequestInvalid("".join(open_points))
    totals: dict[tuple[str, str], list[int]] = {}
    for group, school, counts in _counts(source, reading):
        kept = totals.setdefault((group, school), [0, 0, 0])
        for place, count in enumerate(counts):
            kept[place] += count
    if not totals:
        raise RequestInvalid("文件中没有一份可计入的问卷。")
    order = list(codes("survey_group"))
    return tuple(
        SurveyCount(group, school or None, *kept)
        for (group, school), kept in sorted(totals.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    )


def _counts(source: Source, reading: Reading) -> Iterator[tuple[str, str, tuple[int, int, int]]]:
    wanted = [reading.group_title, reading.school_title, reading.answer_title, *(reading.counts or ())]
    for number, row in enumerate(_rows(source, reading, [t for t in wanted if t]), start=1):
        group = reading.group or reading.groups[row[reading.group_title]]
        school = reading.schools[row[reading.school_title]] if reading.school_title else NO_SCHOOL
        if LEFT_OUT in (school, group):
            continue
        if reading.counts is None:
            answer = reading.answers[row[reading.answer_title]]
            yield group, school, (1, int(answer != INVALID), int(answer == SATISFIED))
            continue
        returned, valid, satisfied = (_whole(number, title, row[title]) for title in reading.counts)
        if not satisfied <= valid <= returned:
            raise RequestInvalid(
                f"表头下第 {number} 行：问卷 {returned:,} 份，有效 {valid:,} 份，满意 {satisfied:,} 份；"
                "应为满意 ≤ 有效 ≤ 总数，请核对后重新上传。"
            )
        yield group, school, (returned, valid, satisfied)


def _whole(number: int, title: str, text: str) -> int:
    try:
        value = cell_value(sheet("survey").column("valid"), text, Decimal(1))
    except Misfit as misfit:
        raise RequestInvalid(f"表头下第 {number} 行“{title}”：{misfit.found}，应为{misfit.expected}。") from None
    return int(str(value))


def _rows(source: Source, reading: Reading, wanted: Sequence[str]) -> Iterator[dict[str, str]]:
    """Every row below the header that says anything, with the text of the wanted columns."""
    raw = sheet_of(source, reading)
    listed = titles(raw, reading.header_row, reading.header_row)
    missing = [title for title in wanted if title not in listed]
    if missing:
        raise RequestInvalid(f"第 {reading.header_row} 行的表头中没有“{'”“'.join(missing)}”。")
    places = {title: listed.index(title) for title in wanted}
    for cells in raw.rows[reading.header_row :]:
        if not all(is_empty(cell) for cell in cells):
            yield {title: _text(cells[place] if place < len(cells) else None) for title, place in places.items()}


def _text(cell: Cell) -> str:
    return EMPTY if is_empty(cell) else cell_text(cell).strip()


def _plain(text: str) -> str:
    """A text as names are compared: without blanks, half-width, without the letter or number of an option."""
    return re.sub(r"\s+", "", _OPTION.sub("", half_width(text).strip()))
