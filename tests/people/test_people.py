"""People are kept by versions; an account that ends ends at the next look; a sheet takes in many with findings at the cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.errors import InputRejected, NotPermitted, RequestInvalid
from core.intake.reading.sources import open_uploads
from core.people.people import PersonDraft, actor_of, disabled, keep_people, person, read_people, renamed
from core.people.people_sheet import Places, blank_people_sheet, read_people_sheet
from core.rules.standard import Standard
from core.store.database import Store

NOW, TODAY = datetime(2026, 3, 2, 9), date(2026, 3, 2)
ADMIN = PersonDraft(person_id="admin", name="管理员", roles=("administrator",))
LIAISON = PersonDraft(
    person_id="zhang.san", name="张三", post="科员", phone="0595-23520000", roles=("liaison",), units=("education",)
)
PLACES = Places({"education": "教育局"}, {"350526100": "浔中镇"}, {"A": "第一小学", "B": "中心小学", "C": "中心小学"})


@pytest.fixture
def empty(standard: Standard) -> Store:
    """A store without anybody."""
    return Store.open(None, standard)


def test_a_person_is_the_latest_version_and_every_version_stays(empty: Store) -> None:
    keep_people(empty, [ADMIN, LIAISON], LOCAL_ADMINISTRATOR, NOW)
    [changed] = keep_people(empty, [replace(LIAISON, post="股长"), ADMIN], LOCAL_ADMINISTRATOR, NOW)
    assert changed.post == "股长", "who was kept unchanged gets no new version"
    assert [(p.person_id, p.post) for p in read_people(empty)] == [("admin", ""), ("zhang.san", "股长")]
    assert empty.rows("select count(*) from people where person_id = 'zhang.san'") == [(2,)]
    audited = empty.rows("select before, after from audit order by number desc limit 1")[0]
    assert '"post": "科员"' in audited[0] and '"post": "股长"' in audited[1]


@pytest.mark.parametrize(
    ("change", "is_in"),
    [
        ({}, True),
        ({"expires": TODAY}, True),
        ({"expires": date(2026, 3, 1)}, False),
        ({"is_active": False}, False),
    ],
)
def test_an_account_is_in_force_until_it_expires_or_is_disabled(
    empty: Store, change: dict[str, object], is_in: bool
) -> None:
    keep_people(empty, [replace(LIAISON, **change)], LOCAL_ADMINISTRATOR, NOW)  # type: ignore[arg-type]
    known = person(empty, "zhang.san")
    assert known is not None
    actor = actor_of(known, TODAY, "10.0.0.8")
    assert (actor is not None) == is_in
    if actor is not None:
        assert (actor.verified, actor.origin, actor.roles) == (True, "10.0.0.8", {"liaison", "viewer"})


def test_a_person_comes_back_as_they_were(empty: Store) -> None:
    keep_people(empty, [LIAISON], LOCAL_ADMINISTRATOR, NOW)
    [gone] = keep_people(empty, [disabled(read_people(empty)[0])], LOCAL_ADMINISTRATOR, NOW)
    [back] = keep_people(empty, [renamed(gone, is_active=True)], LOCAL_ADMINISTRATOR, NOW)
    assert (back.name, back.units, back.roles, back.is_active) == ("张三", ("education",), ("liaison",), True)


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (replace(LIAISON, person_id="张三"), "小写字母"),
        (replace(LIAISON, person_id="z"), "小写字母"),
        (replace(LIAISON, person_id="../x"), "小写字母"),
        (replace(LIAISON, name=""), "没有姓名"),
        (replace(LIAISON, name="名" * 21), "最多 20 个字"),
        (replace(LIAISON, phone="问办公室"), "不是电话号码"),
        (replace(LIAISON, name="张三\u200b"), "看不见的字符"),
        (replace(LIAISON, name=" 张三"), "多余的空格"),
        (replace(LIAISON, roles=()), "没有岗位"),
        (replace(LIAISON, roles=("king",)), "没有岗位"),
        (replace(LIAISON, units=()), "须写明所联系的部门或乡镇"),
        (replace(LIAISON, roles=("school",)), "须写明学校"),
    ],
)
def test_what_cannot_be_a_person_is_refused_and_nobody_else_is_kept(
    empty: Store, draft: PersonDraft, says: str
) -> None:
    with pytest.raises(RequestInvalid, match=says):
        keep_people(empty, [ADMIN, draft], LOCAL_ADMINISTRATOR, NOW)
    assert read_people(empty) == ()


def test_somebody_must_remain_who_manages_people(empty: Store) -> None:
    keep_people(empty, [ADMIN, LIAISON], LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(RequestInvalid, match="至少保留一名"):
        keep_people(empty, [replace(ADMIN, is_active=False)], LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(RequestInvalid, match="不限期"):
        keep_people(empty, [replace(ADMIN, expires=date(2099, 1, 1))], LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(RequestInvalid, match="出现多次"):
        keep_people(empty, [LIAISON, LIAISON], LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(NotPermitted):
        keep_people(empty, [LIAISON], READER, NOW)


def sheet(*rows: str) -> list[PersonDraft]:
    """The people of a CSV file with our header."""
    content = "\n".join(["账号,姓名,职务,电话,岗位,单位,乡镇,学校,有效期至", *rows])
    return read_people_sheet(open_uploads([("人员.csv", content.encode())]), PLACES)


def test_a_sheet_of_people_is_read_by_the_names_an_office_uses() -> None:
    first, second = sheet(
        "zhang.san,张三,科员,13800000000,部门（乡镇）联络员,教育局,浔中镇,,2027-12-31",
        "li.si,李四,校长,,学校填报员、责任督学,,,第一小学、B,",
    )
    assert (first.phone, first.roles, first.units, first.townships) == (
        "13800000000",
        ("liaison",),
        ("education",),
        ("350526100",),
    )
    assert first.expires == date(2027, 12, 31)
    assert (second.roles, second.schools) == (("school", "inspector"), ("A", "B"))


def test_a_sheet_changes_only_what_it_has_a_column_for_and_lets_nobody_in_again() -> None:
    gone = replace(LIAISON, is_active=False, expires=date(2025, 1, 1))
    content = "账号,姓名,岗位\nzhang.san,张三,创建办".encode()
    [read] = read_people_sheet(open_uploads([("人员.csv", content)]), PLACES, [gone])
    assert read == replace(gone, roles=("office",))


def test_findings_of_a_sheet_of_people_stand_at_their_cells() -> None:
    with pytest.raises(InputRejected) as rejected:
        sheet("zhang.san,张三,,,联络,教育厅,,中心小学,明年", "zhang.san,张三,,,创建办,,,,")
    assert [(p.row, p.column, p.found) for p in rejected.value.problems] == [
        (2, "岗位", "“联络”没有登记"),
        (2, "单位", "“教育厅”没有登记"),
        (2, "学校", "“中心小学”不止一个"),
        (2, "有效期至", rejected.value.problems[3].found),
        (3, "账号", "“zhang.san”与第 2 行相同"),
    ]


def test_the_blank_sheet_comes_back_empty_and_another_file_is_told_apart() -> None:
    blank = blank_people_sheet(PLACES)
    assert read_people_sheet(open_uploads([("人员表.xlsx", blank)]), PLACES) == []
    with pytest.raises(InputRejected, match="没有找到人员表"):
        read_people_sheet(open_uploads([("其他.csv", b"a,b\n1,2")]), PLACES)
