"""A first proposal for a column mapping, from the names that the dictionary and the official forms give each column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from core.dataset.cells import cell_text, is_empty
from core.dataset.characters import half_width
from core.dataset.dictionary import Column, Sheet, sheet, sheets, unit_factor
from core.dataset.rows import Tables
from core.intake.mapping.column_mapping import FieldSource, MappedSheet
from core.intake.mapping.header_titles import SEPARATOR, guessed_header, titles
from core.intake.mapping.text_suggestions import name_title_of, suggested_texts
from core.intake.reading.raw_sheets import RawSheet, Source

_LIKE_ENOUGH = 0.6
_FORM = re.compile(r"(\d{4})")
_UNIT = re.compile(r"[（(]([^（()）]*)[)）]")
_TOTALS = frozenset({"合计", "计", "小计", "总计", "总数", "人数"})
_OF_THESE = "其中："
_HALVES = ("男", "女")
_STAGE_WORDS = {"primary": "小学", "junior": "初中"}
_FEWEST_FIELDS = 2
_GRADUATES = "研究生"
_JUNIOR_DEGREES = ("博士", "博士研究生", "硕士", "硕士研究生", _GRADUATES, "本科", "大学本科")
_DEGREES = {"primary": (*_JUNIOR_DEGREES, "专科", "大专", "大学专科"), "junior": _JUNIOR_DEGREES}
_PE_ARTS = ("体育", "体育与健康", "音乐", "美术", "艺术")
_TOWNSHIP_CODES, _TOWNSHIP_DIGITS = frozenset({"code", "township_code"}), 9
_ROW_NAMES = ("school_id", "code", "township_code")
_WORDS_ABOVE = 5
# Every title is held against every column of ours, a millisecond each. The official forms together have some thousand;
# for sheets beyond it a person says what they are.
_MOST_TITLES = 3_000


@dataclass(frozen=True)
class _Candidate:
    """One column of theirs, or two that are added up, with the words by which it may be recognised."""

    titles: tuple[str, ...]
    words: tuple[str, ...]


def suggested_sheets(source: Source, register: Tables | None = None) -> tuple[MappedSheet, ...]:
    """What the sheets of an export probably are. `register` holds the schools that count now, whose ids are kept.

    A proposal may be incomplete; a person looks at it and completes it.
    """
    found: list[MappedSheet] = []
    compared = 0
    for raw in source.sheets:
        if raw.is_hidden or len(raw.rows) <= 1:
            continue
        compared += max(map(len, raw.rows))
        if compared <= _MOST_TITLES:
            found.extend(_suggested(raw, register))
    return tuple(found)


def suggested_sheet(raw: RawSheet, table: str, header: tuple[int, int], register: Tables | None = None) -> MappedSheet:
    """The proposal for one sheet of which a person has said which table it is and where its header stands."""
    return _for_table(raw, sheet(table), header, titles(raw, *header), register)


def _suggested(raw: RawSheet, register: Tables | None) -> Iterator[MappedSheet]:
    header = guessed_header(raw)
    their_titles = titles(raw, *header)
    best: tuple[float, Sheet] | None = None
    for known in sheets():
        recognised = _with_names_as_keys(known, _recognised(known, their_titles), their_titles, register)
        # What names a row comes first in every table of schools and townships.
        if known.columns[0].identifier not in _ROW_NAMES or known.columns[0].identifier not in recognised:
            continue
        score = _form_bonus(raw, known) + sum(
            likeness / 2 if known.column(name).is_key else likeness for name, (_, likeness) in recognised.items()
        )
        if len(recognised) >= _FEWEST_FIELDS and (best is None or score > best[0]):
            best = score, known
    if best is None:
        return
    stages = [s for s, word in _STAGE_WORDS.items() if any(word in t.split(SEPARATOR) for t in their_titles)]
    if best[1].identifier == "enrolment" and len(stages) > 1:
        yield from (_of_stage(raw, header, their_titles, stage, register) for stage in stages)
    else:
        yield _for_table(raw, best[1], header, their_titles, register)
    if best[1].identifier == "schools" and not (register and register["townships"]):
        townships = _for_table(raw, sheet("townships"), header, their_titles, register)
        if "code" in townships.fields:
            yield townships


def _of_stage(
    raw: RawSheet, header: tuple[int, int], their_titles: Sequence[str], stage: str, register: Tables | None
) -> MappedSheet:
    """One row a school for each stage, where a sheet has the stages side by side."""
    others = {word for s, word in _STAGE_WORDS.items() if s != stage}
    own = [t if not others & set(t.split(SEPARATOR)) else "" for t in their_titles]
    proposal = _for_table(raw, sheet("enrolment"), header, own, register)
    pupils = proposal.fields.get("pupils")
    fields = {c: s for c, s in proposal.fields.items() if c != "stage"}
    return replace(
        proposal,
        fields=fields,
        constants={**proposal.constants, "stage": stage},
        rows_with=pupils.columns[0] if pupils else "",
    )


def _for_table(
    raw: RawSheet, known: Sheet, header: tuple[int, int], their_titles: Sequence[str], register: Tables | None
) -> MappedSheet:
    recognised = _with_names_as_keys(known, _recognised(known, their_titles), their_titles, register)
    fields = {name: source for name, (source, _) in recognised.items()}
    constants: dict[str, str] = {}
    columns = {c.identifier for c in known.columns}
    if "stage" in columns and "stage" not in fields:
        stage = _stage(raw, header, their_titles, known)
        if stage:
            # What the list is called says more than its grades: junior forms count theirs from one.
            constants["stage"] = stage
        elif "grade" in fields:
            fields["stage"] = fields["grade"]
    for name, source in _sums(known, their_titles, constants.get("stage", "")).items():
        fields.setdefault(name, source)
    for name in _TOWNSHIP_CODES & set(fields):
        fields[name] = _cut_to_township(raw, header, their_titles, fields[name])
    proposal = MappedSheet(raw.label, known.identifier, header, fields, constants)
    return replace(proposal, texts=suggested_texts(raw, proposal, their_titles, register))


def _with_names_as_keys(
    known: Sheet,
    recognised: dict[str, tuple[FieldSource, float]],
    their_titles: Sequence[str],
    register: Tables | None,
) -> dict[str, tuple[FieldSource, float]]:
    """A list without codes is known by the schools' names, where there are schools to know."""
    title = name_title_of(their_titles)
    is_of_schools = known.columns[0].identifier == "school_id" and known.identifier != "schools"
    if not is_of_schools or "school_id" in recognised or title is None or not (register and register["schools"]):
        return recognised
    return {"school_id": (FieldSource((title,)), _LIKE_ENOUGH), **recognised}


def _sums(known: Sheet, their_titles: Sequence[str], stage: str) -> dict[str, FieldSource]:
    """Figures of ours that theirs give in parts: teachers by degree, which counts by stage, and by subject."""
    if known.identifier != "enrolment":
        return {}
    wanted = {"teachers_above_degree": _DEGREES.get(stage, ()), "pe_arts_teachers": _PE_ARTS}
    found = {}
    for name, words in wanted.items():
        parts = [title for title in their_titles if _UNIT.sub("", title.split(SEPARATOR)[-1]) in words]
        # All graduates, where doctors and masters stand beside them, would count twice.
        if any(t.split(SEPARATOR)[-1].startswith(("博士", "硕士")) for t in parts):
            parts = [t for t in parts if t.split(SEPARATOR)[-1] != _GRADUATES]
        if parts:
            found[name] = FieldSource(tuple(parts))
    return found


def _cut_to_township(
    raw: RawSheet, header: tuple[int, int], their_titles: Sequence[str], source: FieldSource
) -> FieldSource:
    """Codes of villages begin with that of their township."""
    place = list(their_titles).index(source.columns[0])
    codes = [cell_text(row[place]) for row in raw.rows[header[1] :] if place < len(row) and not is_empty(row[place])]
    longer = [code for code in codes if code.isascii() and code.isdigit() and len(code) > _TOWNSHIP_DIGITS]
    return replace(source, first_characters=_TOWNSHIP_DIGITS) if longer else source


def _recognised(known: Sheet, their_titles: Sequence[str]) -> dict[str, tuple[FieldSource, float]]:
    """The columns of ours that theirs probably are, each with its likeness from 0 to 1."""
    candidates = list(_candidates(their_titles))
    pairs = sorted(
        (
            (-_likeness(column, candidate), place, position)
            for place, column in enumerate(known.columns)
            for position, candidate in enumerate(candidates)
        ),
    )
    fields: dict[str, tuple[FieldSource, float]] = {}
    used: set[str] = set()
    for score, place, position in pairs:
        column, candidate = known.columns[place], candidates[position]
        is_sum = len(candidate.titles) > 1
        if -score < _LIKE_ENOUGH or column.identifier in fields or used & set(candidate.titles):
            continue
        if not is_sum or column.type in ("integer", "decimal"):
            source = FieldSource(candidate.titles, _unit(column, candidate.titles[0]))
            fields[column.identifier] = source, -score
            used |= set(candidate.titles)
    return {c.identifier: fields[c.identifier] for c in known.columns if c.identifier in fields}


def _candidates(their_titles: Iterable[str]) -> Iterator[_Candidate]:
    listed = [title for title in their_titles if title]
    halves: dict[str, dict[str, str]] = {}
    for title in listed:
        *above, last = (_UNIT.sub("", part).removeprefix(_OF_THESE) for part in title.split(SEPARATOR))
        is_total = last in _TOTALS and above
        words = [*above[-1:]] if is_total else [last, "".join([*above[-1:], last])]
        if last in _HALVES and above:
            halves.setdefault(SEPARATOR.join(above), {})[last] = title
        elif words:
            yield _Candidate((title,), tuple(words))
    for parent, children in halves.items():
        total = any(t.startswith(parent + SEPARATOR) and t.split(SEPARATOR)[-1] in _TOTALS for t in listed)
        if not total and set(children) == set(_HALVES):
            yield _Candidate(tuple(children.values()), (parent.split(SEPARATOR)[-1],))


def _likeness(column: Column, candidate: _Candidate) -> float:
    names = (column.name, *column.other_names)
    return max(_ratio(name, word) for name in names for word in candidate.words)


def _ratio(name: str, word: str) -> float:
    """How much two words have in common, 0 where it cannot be enough: to find out exactly is slow."""
    together = len(name) + len(word)
    if 2 * min(len(name), len(word)) < _LIKE_ENOUGH * together or set(name).isdisjoint(word):
        return 0.0
    return SequenceMatcher(None, name, word).ratio()


def _unit(column: Column, title: str) -> str:
    """The unit in a title when figures have to be converted from it."""
    for unit in _UNIT.findall(title):
        if column.type in ("integer", "decimal") and unit_factor(column.unit, unit) not in (None, 1):
            return str(unit)
    return ""


def _form_bonus(raw: RawSheet, known: Sheet) -> float:
    forms = {number for c in known.columns for number in _FORM.findall(c.form)}
    return 2.0 if forms & set(_FORM.findall(_words_above(raw))) else 0.0


def _words_above(raw: RawSheet, rows: int = _WORDS_ABOVE) -> str:
    texts = [cell for row in raw.rows[:rows] for cell in row if isinstance(cell, str)]
    return half_width(" ".join([raw.label, *texts]))


def _stage(raw: RawSheet, header: tuple[int, int], their_titles: Sequence[str], known: Sheet) -> str:
    words = _words_above(raw, header[0] - 1) + " ".join(their_titles)
    named = [stage for stage, word in _STAGE_WORDS.items() if word in words]
    if len(named) == 1:
        return named[0]
    pairs = {tuple(_FORM.findall(c.form)) for c in known.columns if len(_FORM.findall(c.form)) == len(_STAGE_WORDS)}
    for numbers in pairs:
        for stage, number in zip(_STAGE_WORDS, numbers, strict=True):
            if number in raw.label:
                return stage
    return ""
