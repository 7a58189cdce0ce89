"""Cases of children not at school: their way from found to back, who may write and check them, and no way in for a name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.delivery.attendance.cases import (
    AT_SCHOOL,
    EXCUSED,
    NO_CHILD,
    PROOF_OF,
    AttendanceCase,
    CaseDraft,
    Outcome,
    check_outcome,
    keep_cases,
    read_cases,
)
from core.delivery.attendance.counts import cases_of
from core.delivery.attendance.months import MonthDraft, keep_month, read_months
from core.delivery.history import load_history
from core.errors import NotPermitted, RequestInvalid
from core.store.database import Store
from tests.support.demo_county import COUNTY, DEHUA, PLAN, STANDARD
from tests.support.published_store import published_file, standard

__all__ = ["published_file", "standard"]

TODAY, NOW = date(2023, 11, 30), datetime(2023, 11, 30, 9)
TOWNSHIP, OTHER = "350526100", "350526101"
LIAISON = Actor("张三", frozenset({"liaison"}), verified=True, townships=frozenset({TOWNSHIP}))
REVIEWER = Actor("李四", frozenset({"reviewer"}), verified=True)
FOUND = CaseDraft(
    kind="not_enrolled", source="township", township_code=TOWNSHIP, grade=1, found_on=date(2023, 9, 5), day=TODAY
)
NOTIFIED = replace(FOUND, notice_number=7, notice_on=date(2023, 9, 10), term=date(2023, 9, 20))
BACK = replace(NOTIFIED, outcome="returned", outcome_on=date(2023, 9, 18), proof="attendance_record")
CHILD = "王小明"


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Store:
    """The demonstration county in a file of this test's own."""
    return Store.open(Path(shutil.copy(filled, tmp_path / "county.duckdb")), STANDARD)


@pytest.fixture
def schools(store: Store) -> dict[str, str]:
    """The townships by school."""
    return dict(store.rows("select school_id, any_value(township_code) from schools group by school_id"))


@pytest.fixture
def bare(published_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A county's figures without any records."""
    store = Store.open(Path(shutil.copy(published_file, tmp_path / "bare.duckdb")), STANDARD)
    yield store
    store.close()


Keep = Callable[..., AttendanceCase]


@pytest.fixture
def keep(store: Store, schools: dict[str, str]) -> Keep:
    """Keeps a case as somebody and gives it back as it stands."""

    def kept(draft: CaseDraft, actor: Actor = LIAISON) -> AttendanceCase:
        [case_id] = keep_cases(store, PLAN, schools, COUNTY, [draft], actor, NOW)
        return next(c for c in read_cases(store, COUNTY, TODAY) if c.case_id == case_id)

    return kept


def check(
    store: Store, schools: dict[str, str], case: AttendanceCase, actor: Actor, passed: bool = True
) -> AttendanceCase:
    """Check a case's outcome as somebody; the case as it then stands."""
    check_outcome(store, PLAN, schools, COUNTY, case.number, passed, TODAY, actor, NOW)
    return next(c for c in read_cases(store, COUNTY, TODAY) if c.case_id == case.case_id)


def test_a_case_goes_from_found_to_back_and_counts_once_another_person_has_checked_it(
    store: Store, schools: dict[str, str], keep: Keep
) -> None:
    case = keep(FOUND)
    assert case.is_open and not case.is_late(TODAY)
    case = keep(replace(NOTIFIED, case_id=case.case_id, seen=case.number))
    assert case.is_late(TODAY) and not case.is_late(date(2023, 9, 20))
    case = keep(replace(BACK, case_id=case.case_id, seen=case.number))
    assert case.is_open and not case.at_school, "a word of whoever reports it proves nothing"
    with pytest.raises(NotPermitted, match="应由另一人核查"):
        check(store, schools, case, replace(LIAISON, roles=frozenset({"reviewer"})))
    sent_back = check(store, schools, case, REVIEWER, passed=False)
    assert sent_back.is_open and sent_back.checked is False
    case = check(store, schools, case, REVIEWER)
    assert case.at_school and not case.is_open
    # What is written afterwards is to be checked again.
    case = keep(replace(BACK, case_id=case.case_id, seen=case.number, outcome="lost", proof="search_record"))
    assert case.is_open and case.checked is None
    case = check(store, schools, case, REVIEWER)
    assert case.proven and case.is_open, "that a child cannot be found is no outcome"


def test_a_check_by_a_name_that_no_login_vouches_for_proves_nothing(
    store: Store, schools: dict[str, str], keep: Keep
) -> None:
    case = keep(BACK)
    nobody = replace(LOCAL_ADMINISTRATOR, name="李四")
    case = check(store, schools, case, nobody)
    assert case.checked is None and case.is_open
    # Nor does it undo what a login vouches for.
    assert check(store, schools, case, REVIEWER, passed=False).checked is False
    assert check(store, schools, case, nobody).checked is False
    # And what was written without a login is not proven by whoever then logs in.
    typed = keep(BACK, LOCAL_ADMINISTRATOR)
    assert check(store, schools, typed, REVIEWER).is_open


def test_a_case_written_by_mistake_goes_once_that_is_checked(store: Store, schools: dict[str, str], keep: Keep) -> None:
    case = keep(replace(FOUND, outcome="mistaken", outcome_on=TODAY, proof="roll_record"))
    assert case.is_open
    case = check(store, schools, case, REVIEWER)
    assert case.is_void and not case.is_open and cases_of([case], 2023) == ()
    with pytest.raises(RequestInvalid, match="早于去向的登记日期"):
        earlier = keep(BACK)
        check_outcome(store, PLAN, schools, COUNTY, earlier.number, True, date(2023, 9, 20), REVIEWER, NOW)


def test_the_second_of_two_writers_is_refused_and_nothing_is_lost(keep: Keep) -> None:
    case = keep(FOUND)
    first = keep(replace(NOTIFIED, case_id=case.case_id, seen=case.number))
    with pytest.raises(RequestInvalid, match="您填写期间，张三已更新个案"):
        keep(replace(BACK, case_id=case.case_id, seen=case.number))
    assert keep(replace(BACK, case_id=case.case_id, seen=first.number)).outcome == "returned"


def test_nobody_writes_of_another_townships_or_schools_children(
    store: Store, schools: dict[str, str], keep: Keep
) -> None:
    theirs = keep(replace(FOUND, township_code=OTHER), LOCAL_ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        keep(replace(FOUND, township_code=OTHER))
    with pytest.raises(NotPermitted):
        keep(replace(FOUND, case_id=theirs.case_id, seen=theirs.number))
    own = next(s for s, town in schools.items() if town == TOWNSHIP)
    teacher = Actor("赵六", frozenset({"school"}), verified=True, schools=frozenset({own}))
    assert keep(replace(FOUND, kind="left", school_id=own), teacher).school_id == own
    with pytest.raises(NotPermitted):
        keep(FOUND, teacher)
    with pytest.raises(NotPermitted):
        keep(FOUND, REVIEWER)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(FOUND, day=TODAY + timedelta(days=1)), "晚于今天"),
        (replace(FOUND, found_on=TODAY + timedelta(days=1)), "应在登记日期 2023-11-30 及以前"),
        (replace(FOUND, found_on=date(2019, 9, 1)), "在三年以内"),
        (replace(FOUND, grade=0), "年级 0 应在"),
        (replace(FOUND, grade=10), "年级 10 应在"),
        (replace(FOUND, kind="left"), "离校的须选择原就读学校"),
        (replace(FOUND, school_id="没有这所"), "没有这所学校"),
        (replace(FOUND, notice_number=7), "文书号、送达日期、限期都要填"),
        (replace(NOTIFIED, notice_number=0), "只填序号"),
        (replace(NOTIFIED, notice_on=date(2023, 9, 4)), "送达日期 2023-09-04 应在发现日期"),
        (replace(NOTIFIED, term=date(2023, 9, 10)), "应在送达日期 2023-09-10 之后"),
        (replace(NOTIFIED, term=date(2023, 11, 10)), "距送达超过 60 天"),
        (replace(FOUND, confirmed_on=date(2023, 9, 4)), "确认为辍学的日期"),
        (replace(BACK, proof=None), "去向、日期、凭据都要填"),
        (replace(BACK, proof="exit_record"), "凭据与去向不符"),
        (replace(BACK, outcome_on=date(2023, 12, 1)), "去向日期 2023-12-01 应在"),
    ],
)
def test_what_cannot_be_is_refused_in_words(keep: Keep, wrong: CaseDraft, said: str) -> None:
    with pytest.raises(RequestInvalid, match=said):
        keep(wrong)


# ── no name of a child ───────────────────────────────────────────────────────────────────────────
def test_a_case_has_no_field_that_takes_free_text(keep: Keep) -> None:
    """Every field is a day, a number, a word of a list, or an identifier that must be known: each is tried with a name."""
    kinds = get_type_hints(CaseDraft)
    texts = [f.name for f in fields(CaseDraft) if str in _parts(kinds[f.name])]
    assert set(texts) == {"township_code", "school_id", "case_id"}
    for name in (*texts, "kind", "source", "outcome", "proof", "grade", "notice_number"):
        with pytest.raises((RequestInvalid, NotPermitted, TypeError)):
            keep(replace(BACK, **{name: CHILD}), LOCAL_ADMINISTRATOR)


def _parts(kind: object) -> tuple[object, ...]:
    return get_args(kind) or (kind,)


def test_a_name_typed_as_the_writers_is_not_kept(store: Store, schools: dict[str, str], keep: Keep) -> None:
    case = keep(BACK, replace(LOCAL_ADMINISTRATOR, name=CHILD))
    month = MonthDraft(school_id=next(iter(schools)), month=date(2023, 11, 1), on_roll=9, attending=8, day=TODAY)
    keep_month(store, PLAN, schools, COUNTY, month, replace(LOCAL_ADMINISTRATOR, name=CHILD), NOW)
    assert case.actor == "本机管理员" and not case.verified
    for (table,) in store.rows("select table_name from duckdb_tables()"):
        assert CHILD not in json.dumps(store.records(f'select * from "{table}"'), default=str, ensure_ascii=False)


def test_the_tables_of_cases_have_no_column_for_a_text(store: Store) -> None:
    columns = store.rows(
        "select column_name from duckdb_columns() where table_name like 'attendance_%' and data_type = 'VARCHAR'"
        " and column_name not in (select column_name from duckdb_columns() where table_name = 'attendance')"
    )
    assert {name for (name,) in columns} == {
        "county_code", "actor", "case_id", "kind", "source", "school_id", "outcome", "proof"
    }  # fmt: skip


def test_every_outcome_has_its_paper_and_its_effect() -> None:
    assert set(PROOF_OF) == set(get_args(Outcome)) == AT_SCHOOL | EXCUSED | {"lost", NO_CHILD}
    assert not AT_SCHOOL & EXCUSED


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("cases", {"case": CHILD}),
        ("cases", {"actor": CHILD, "verified": "0"}),
        ("cases", {"kind": CHILD}),
        ("cases", {"source": CHILD}),
        ("cases", {"township_code": CHILD}),
        ("cases", {"school_id": CHILD}),
        ("cases", {"found_on": CHILD}),
        ("cases", {"day": CHILD}),
        ("cases", {"grade": CHILD}),
        ("cases", {"outcome": CHILD}),
        ("case_checks", {"case": CHILD}),
        ("case_checks", {"day": CHILD}),
        ("school_months", {"school_id": CHILD}),
        ("school_months", {"month": CHILD}),
        ("school_months", {"actor": CHILD, "verified": "0"}),
    ],
)
def test_a_name_in_a_folder_of_records_is_neither_kept_nor_repeated(
    bare: Store, tmp_path: Path, name: str, line: dict[str, str]
) -> None:
    lines = {
        "cases": {
            "day": "2023-09-05", "actor": "张三", "verified": "1", "case": "1", "kind": "not_enrolled",
            "source": "township", "township_code": TOWNSHIP, "school_id": "", "grade": "1", "found_on": "2023-09-05",
            "outcome": "",
        },
        "case_checks": {"day": "2023-09-06", "actor": "李四", "verified": "1", "case": "1", "passed": "1"},
        "school_months": {
            "day": "2023-09-06", "actor": "张三", "verified": "1", "school_id": "350526-0001", "month": "2023-09-01",
            "on_roll": "5", "attending": "5",
        },
    }  # fmt: skip
    lines[name] |= line
    for file, row in lines.items():
        (tmp_path / f"{file}.csv").write_text(f"{','.join(row)}\n{','.join(row.values())}\n", "utf-8")
    said = ""
    try:
        load_history(bare, DEHUA, tmp_path, LOCAL_ADMINISTRATOR, datetime(2024, 1, 2, 9))
    except RequestInvalid as refusal:
        said = str(refusal)
    assert CHILD not in said
    for (table,) in bare.rows("select table_name from duckdb_tables()"):
        held = json.dumps(bare.records(f'select * from "{table}"'), default=str, ensure_ascii=False)
        assert CHILD not in held, table


# ── a school's month ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("on_roll", "attending", "month", "said"),
    [
        (10, 11, date(2023, 11, 1), "实到人数 11 应在 0 至学籍人数 10 之间"),
        (-1, 0, date(2023, 11, 1), "学籍人数 -1 应在"),
        (20_001, 0, date(2023, 11, 1), "学籍人数 20,001 应在"),
        (10, 10, date(2023, 12, 1), "应是登记日期 2023-11-30 当月或此前一年内的月份"),
        (10, 10, date(2023, 11, 2), "应是登记日期"),
        (10, 10, date(2022, 11, 1), "应是登记日期"),
        (10, 10, date(1, 1, 1), "应是登记日期"),
        (10.5, 10, date(2023, 11, 1), "应为整数"),
    ],
)
def test_a_month_that_cannot_be_is_refused(
    store: Store, schools: dict[str, str], on_roll: int, attending: int, month: date, said: str
) -> None:
    draft = MonthDraft(school_id=next(iter(schools)), month=month, on_roll=on_roll, attending=attending, day=TODAY)
    with pytest.raises(RequestInvalid, match=said):
        keep_month(store, PLAN, schools, COUNTY, draft, LOCAL_ADMINISTRATOR, NOW)


def test_the_last_word_on_a_month_counts(store: Store, schools: dict[str, str]) -> None:
    school = next(iter(schools))
    for attending in (9, 10):
        draft = MonthDraft(school_id=school, month=date(2023, 11, 1), on_roll=10, attending=attending, day=TODAY)
        keep_month(store, PLAN, schools, COUNTY, draft, LOCAL_ADMINISTRATOR, NOW)
    assert read_months(store, COUNTY, TODAY)[school, date(2023, 11, 1)].absent == 0
