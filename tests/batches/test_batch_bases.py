"""What was copied from figures that counted is published and withdrawn only where it undoes nobody's work."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing, register
from core.batches.corrections import AnyCorrection, Correction, correct_figures, only_listed_schools
from core.batches.workbook import Part, export
from core.errors import RequestInvalid
from core.facts.current import current_tables
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.books import csv_files, small_tables
from tests.support.published_store import NOW

COUNTY, SCHOOL, NEIGHBOUR, ELSEWHERE = "350526", "350526-0001", "350526-0003", "350526-0034"
_minutes = count(1)


def now() -> datetime:
    """A minute after whatever was done before."""
    return NOW + timedelta(minutes=next(_minutes))


def rooms(school: str, value: str) -> Correction:
    return Correction("premises", {"school_id": school, "year": 2023}, "multimedia_rooms", value)


def figure(name: str, value: str) -> Correction:
    return Correction("county_figures", {"year": 2023, "figure": name}, "value", value)


def draft_of(store: Store, standard: Standard, *corrections: AnyCorrection) -> int:
    return correct_figures(store, standard, COUNTY, corrections, LOCAL_ADMINISTRATOR, now(), "核对原表")


def publish(store: Store, *numbers: int) -> None:
    for number in numbers:
        publishing.publish(store, number, LOCAL_ADMINISTRATOR, now(), "已核对")


def withdraw(store: Store, *numbers: int) -> None:
    for number in numbers:
        publishing.withdraw(store, number, LOCAL_ADMINISTRATOR, now(), "有误")


def county_upload(store: Store, standard: Standard, area: str) -> int:
    """A whole county's figures that stand alone, with another teaching area of one school."""
    files = csv_files(small_tables())
    files["premises.csv"] = files["premises.csv"].replace(
        b"350526-0040,2023,1037,", f"350526-0040,2023,{area},".encode()
    )
    return loading.load(store, check(open_uploads([*files.items()])), standard, LOCAL_ADMINISTRATOR, now())


def counted(store: Store, sheet: str, column: str, **key: str) -> int:
    [found] = [r for r in current_tables(store, COUNTY, year=2023)[sheet] if all(r[c] == v for c, v in key.items())]
    return int(str(found[column]).split(".")[0])


def rooms_of(store: Store, school: str) -> int:
    return counted(store, "premises", "multimedia_rooms", school_id=school)


def test_of_two_drafts_of_one_township_the_second_is_refused(store: Store, standard: Standard) -> None:
    first, second = (draft_of(store, standard, rooms(school, "19")) for school in (SCHOOL, NEIGHBOUR))
    before = rooms_of(store, NEIGHBOUR)
    publish(store, first)
    with pytest.raises(RequestInvalid) as refusal:
        publish(store, second)
    assert f"草稿批次 {second} 不能发布" in str(refusal.value)
    assert f"按批次 {first} 发布以前的现行数据" in str(refusal.value)
    assert "请放弃这个草稿，在现行数据上重新更正" in str(refusal.value)
    assert (rooms_of(store, SCHOOL), rooms_of(store, NEIGHBOUR)) == (19, before)
    withdraw(store, second)
    publish(store, draft_of(store, standard, rooms(NEIGHBOUR, "19")))
    assert (rooms_of(store, SCHOOL), rooms_of(store, NEIGHBOUR)) == (19, 19)


def test_of_two_drafts_of_county_figures_the_second_is_refused(store: Store, standard: Standard) -> None:
    first = draft_of(store, standard, figure("population", "330000"))
    second = draft_of(store, standard, figure("villages", "209"))
    publish(store, first)
    with pytest.raises(RequestInvalid, match=f"按批次 {first} 发布以前"):
        publish(store, second)
    assert counted(store, "county_figures", "value", figure="population") == 330000


def test_drafts_of_different_places_do_not_touch(store: Store, standard: Standard) -> None:
    drafts = [
        draft_of(store, standard, c) for c in (rooms(SCHOOL, "19"), rooms(ELSEWHERE, "9"), figure("villages", "9"))
    ]
    dropped = draft_of(store, standard, rooms(SCHOOL, "23"))
    withdraw(store, dropped)
    publish(store, *drafts)
    assert (rooms_of(store, SCHOOL), rooms_of(store, ELSEWHERE)) == (19, 9)
    withdraw(store, drafts[0], drafts[2], drafts[1])


def test_a_draft_built_on_a_batch_that_was_withdrawn_is_refused(store: Store, standard: Standard) -> None:
    bad = county_upload(store, standard, "1100")
    publish(store, bad)
    draft = draft_of(store, standard, rooms(SCHOOL, "19"))
    withdraw(store, bad)
    with pytest.raises(RequestInvalid, match=f"按批次 {bad} 撤回以前"):
        publish(store, draft)
    publish(store, bad)
    publish(store, draft)
    assert rooms_of(store, SCHOOL) == 19, "what it was copied from counts again"


def test_an_upload_that_stands_alone_may_replace_whatever_counts(store: Store, standard: Standard) -> None:
    upload = county_upload(store, standard, "1100")
    correction = draft_of(store, standard, rooms(SCHOOL, "19"))
    publish(store, correction, upload)
    assert rooms_of(store, SCHOOL) != 19
    assert register.batch(store, upload).base_facts_version is None
    withdraw(store, upload)
    assert rooms_of(store, SCHOOL) == 19


def test_a_correction_that_lives_on_in_a_later_one_is_withdrawn_after_it(store: Store, standard: Standard) -> None:
    before = rooms_of(store, SCHOOL)
    wrong = draft_of(store, standard, rooms(SCHOOL, "19"))
    publish(store, wrong)
    other = draft_of(store, standard, rooms(NEIGHBOUR, "23"))
    publish(store, other)
    with pytest.raises(
        RequestInvalid, match=f"批次 {other} 是在它的数据上.*请依次撤回批次 {other}，再撤回批次 {wrong}。"
    ):
        withdraw(store, wrong)
    assert rooms_of(store, SCHOOL) == 19
    withdraw(store, other, wrong)
    assert rooms_of(store, SCHOOL) == before
    with pytest.raises(RequestInvalid, match=f"^批次 {other} 不能发布：它是按批次 {wrong} 撤回以前"):
        publish(store, other)
    publish(store, wrong, other)
    assert (rooms_of(store, SCHOOL), rooms_of(store, NEIGHBOUR)) == (19, 23)


def test_a_bad_upload_is_withdrawn_after_all_that_was_corrected_on_it(store: Store, standard: Standard) -> None:
    before = current_tables(store, COUNTY)
    bad = county_upload(store, standard, "1100")
    publish(store, bad)
    built = []
    for change in (rooms(SCHOOL, "19"), figure("villages", "9"), rooms(NEIGHBOUR, "23")):
        built.append(draft_of(store, standard, change))
        publish(store, built[-1])
    latest_first = "、".join(f"批次 {number}" for number in reversed(built))
    with pytest.raises(RequestInvalid, match=f"请依次撤回{latest_first}，再撤回批次 {bad}。"):
        withdraw(store, bad)
    withdraw(store, *reversed(built), bad)
    assert current_tables(store, COUNTY) == before


def listed_only(store: Store, standard: Standard, school: str) -> int:
    """The workbook of one school, the township's others completed from what counts."""
    book = export(store, Part(COUNTY, school_id=school), year=2023)
    dataset = only_listed_schools(store, check(open_uploads([(f"{school}.xlsx", book)])))
    return loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, now())


def test_an_upload_of_some_schools_is_held_to_what_completed_it(store: Store, standard: Standard) -> None:
    stale = listed_only(store, standard, NEIGHBOUR)
    correction = draft_of(store, standard, rooms(SCHOOL, "19"))
    publish(store, correction)
    with pytest.raises(RequestInvalid, match=f"按批次 {correction} 发布以前.*重新上传"):
        publish(store, stale)
    withdraw(store, stale)
    fresh = listed_only(store, standard, NEIGHBOUR)
    publish(store, fresh)
    assert rooms_of(store, SCHOOL) == 19
    with pytest.raises(RequestInvalid, match=f"请依次撤回批次 {fresh}，再撤回批次 {correction}"):
        withdraw(store, correction)


@pytest.mark.parametrize("reason", ["", " 　"])
def test_nothing_is_withdrawn_without_a_reason(store: Store, reason: str) -> None:
    with pytest.raises(RequestInvalid, match="请写明撤回的理由"):
        publishing.withdraw(store, 1, LOCAL_ADMINISTRATOR, NOW, reason)
    assert register.batch(store, 1).state == "published"
