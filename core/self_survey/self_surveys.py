"""The county's own satisfaction surveys as kept: a file added, a file taken out again, and what a survey came to.

    keep_self_survey(store, county_code, draft, actor, now) -> SelfSurveyFile
    withdraw_self_survey(store, county_code, number, reason, actor, now)
    self_surveys(store, county_code, year, as_of) -> tuple[SelfSurvey, ...]      the latest first

A survey is made of the files kept under one title in one school year. Nothing of it reaches the judgement: the item is
decided by the survey that the state holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.records import Written, add_rows, take_numbers
from core.delivery.records.records_writing import check_day, header
from core.errors import RequestInvalid
from core.self_survey.answer_sheets import SurveyCount
from core.store.database import Store

LONGEST_TITLE = 40


@dataclass(frozen=True, kw_only=True)
class SelfSurveyDraft:
    """A file to be kept: for which school year, held until which day, and its counts."""

    year: int
    day: date
    title: str
    source_name: str
    sha256: str
    counts: tuple[SurveyCount, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SelfSurveyFile(SelfSurveyDraft, Written):
    """A file as kept."""


@dataclass(frozen=True)
class Tally:
    """Questionnaires added up: returned, of these valid, of these satisfied."""

    returned: int
    valid: int
    satisfied: int

    @property
    def share(self) -> float | None:
        """Satisfied of valid; None where no questionnaire is valid."""
        return self.satisfied / self.valid if self.valid else None


@dataclass(frozen=True)
class SelfSurvey:
    """One survey of the county's own: its files and the day of the last one."""

    title: str
    files: tuple[SelfSurveyFile, ...]

    @property
    def day(self) -> date:
        """The day up to which it was held."""
        return max(file.day for file in self.files)

    @property
    def total(self) -> Tally:
        """All questionnaires together."""
        return _tally(count for file in self.files for count in file.counts)

    def by_group(self) -> dict[str, Tally]:
        """What each group said, in the order of the form."""
        counts = [count for file in self.files for count in file.counts]
        groups = dict.fromkeys(count.survey_group for count in counts)
        return {group: _tally(c for c in counts if c.survey_group == group) for group in groups}

    def by_school(self) -> dict[str, dict[str, Tally]]:
        """What each group of each school said, by school_id, the least satisfied first; questionnaires of no school are out."""
        found: dict[str, dict[str, list[SurveyCount]]] = {}
        for count in (count for file in self.files for count in file.counts):
            if count.school_id is not None:
                found.setdefault(count.school_id, {}).setdefault(count.survey_group, []).append(count)
        told = [
            (school, {g: _tally(counts) for g, counts in groups.items()}) for school, groups in sorted(found.items())
        ]
        return dict(sorted(told, key=lambda school: _share_or_last(all_of(school[1]))))


def all_of(groups: dict[str, Tally]) -> Tally:
    """Several groups together."""
    return Tally(*(sum(getattr(t, name) for t in groups.values()) for name in ("returned", "valid", "satisfied")))


def _share_or_last(tally: Tally) -> float:
    return 1.0 if tally.share is None else tally.share


def _tally(counts: Iterable[SurveyCount]) -> Tally:
    listed = list(counts)
    return Tally(*(sum(getattr(c, name) for c in listed) for name in ("returned", "valid", "satisfied")))


def keep_self_survey(
    store: Store, county_code: str, draft: SelfSurveyDraft, actor: Actor, now: datetime
) -> SelfSurveyFile:
    """Keep what a file came to. Raises RequestInvalid without a title, for a day to come, or for the same file again."""
    require(actor, "load", county_code)
    title = draft.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise RequestInvalid(f"请给这次自测起名，不超过 {LONGEST_TITLE} 个字，如“2023 年秋季满意度自测”。")
    check_day(draft.day, now.date())
    with store.write() as cursor:
        for kept in _standing(store, county_code, draft.year, now.date()):
            if kept.sha256 == draft.sha256 and kept.title == title:
                raise RequestInvalid(f"文件“{kept.source_name}”已计入“{title}”，不重复计入。")
        kept_file = SelfSurveyFile(
            **{**vars(draft), "title": title}, **header(take_numbers(cursor, 1)[0], county_code, actor, now)
        )
        _add(cursor, kept_file)
        keep_action(
            cursor, actor, "load", f"满意度自测“{title}”", now, after={"file": draft.source_name, "year": draft.year}
        )
        counts = [{"number": kept_file.number, **vars(count)} for count in draft.counts]
        add_rows(cursor, "self_survey_counts", counts)
    return kept_file


def withdraw_self_survey(
    store: Store, county_code: str, number: int, reason: str, actor: Actor, now: datetime
) -> SelfSurveyFile:
    """Take a file out of its survey again; it stays on record. Raises RequestInvalid without a reason or for one not in."""
    require(actor, "load", county_code)
    if not reason.strip():
        raise RequestInvalid("请写明撤回的理由。")
    with store.write() as cursor:
        years = store.rows(
            "select year from self_surveys where county_code = $1 and number = $2", [county_code, number]
        )
        standing = _standing(store, county_code, years[0][0], now.date()) if years else ()
        kept = next((file for file in standing if file.number == number), None)
        if kept is None:
            raise RequestInvalid("这份自测文件已经撤回，或链接不完整；请刷新页面后核对。")
        withdrawal = header(take_numbers(cursor, 1)[0], county_code, actor, now)
        keep_action(
            cursor, actor, "load", f"撤回满意度自测“{kept.title}”", now, before={"file": kept.source_name}, after=reason
        )
        _add(cursor, replace(kept, **withdrawal, note=reason.strip()), withdraws=number)
    return kept


def _add(cursor: duckdb.DuckDBPyConnection, file: SelfSurveyFile, withdraws: int | None = None) -> None:
    row = {name: value for name, value in vars(file).items() if name != "counts"}
    add_rows(cursor, "self_surveys", [{**row, "withdraws": withdraws}])


def self_surveys(store: Store, county_code: str, year: int, as_of: date) -> tuple[SelfSurvey, ...]:
    """The surveys of a school year that were held by a day, the latest first."""
    titles: dict[str, list[SelfSurveyFile]] = {}
    for file in _standing(store, county_code, year, as_of):
        titles.setdefault(file.title, []).append(file)
    found = [SelfSurvey(title, tuple(files)) for title, files in titles.items()]
    return tuple(sorted(found, key=lambda survey: (survey.day, survey.files[-1].number), reverse=True))


def _standing(store: Store, county_code: str, year: int, as_of: date) -> tuple[SelfSurveyFile, ...]:
    """The files that count, in the order in which they were kept."""
    counts: dict[int, list[SurveyCount]] = {}
    for number, *rest in store.rows(
        "select c.number, c.survey_group, c.school_id, c.returned, c.valid, c.satisfied from self_survey_counts as c"
        " join self_surveys as s on s.number = c.number where s.county_code = $1 and s.year = $2 order by c.rowid",
        [county_code, year],
    ):
        counts.setdefault(number, []).append(SurveyCount(*rest))
    files = store.records(
        "select * exclude (withdraws) from self_surveys where county_code = $1 and year = $2 and day <= $3"
        " and withdraws is null and number not in (select withdraws from self_surveys where withdraws is not null)"
        " order by number",
        [county_code, year, as_of],
    )
    return tuple(SelfSurveyFile(**row, counts=tuple(counts.get(row["number"], ()))) for row in files)
