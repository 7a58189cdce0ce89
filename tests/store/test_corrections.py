"""A draft shows what it would change; one figure is corrected through the same gate; every step can be undone."""

from collections.abc import Mapping

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.errors import InputRejected, NotPermitted, RequestInvalid
from core.method.assessment import Verdict
from core.method.batch_preview import preview
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard import Standard
from core.store import batches
from core.store.batch_rows import row_counts
from core.store.checking import check
from core.store.corrections import Correction, correct_figures
from core.store.current import batch_tables, current_tables
from core.store.database import Store
from core.store.drafts import as_if_published
from core.store.preview import batch_changes, draft_changes, figure_changes
from core.store.sources import open_uploads
from tests.store.books import csv_files, small_tables
from tests.store.conftest import NOW

COUNTY, SCHOOL = "350526", "350526-0001"
REASON = "抄录错误，已核对原表"


def corrected(
    store: Store, standard: Standard, sheet: str, key: Mapping[str, str | int], column: str, value: str
) -> int:
    change = Correction(sheet, key, column, value)
    return correct_figures(store, standard, COUNTY, [change], LOCAL_ADMINISTRATOR, NOW, REASON)


def smaller_ground(store: Store, standard: Standard) -> int:
    """A draft in which one school loses most of its sports ground."""
    key = {"school_id": SCHOOL, "year": 2023}
    return corrected(store, standard, "premises", key, "sports_ground_area_m2", "６,000")


def judged(store: Store, standard: Standard, year: int = 2023) -> str:
    return assess_json(assess(store, standard, COUNTY, year), standard)


def test_a_correction_waits_as_a_draft_and_changes_one_figure(store: Store, standard: Standard) -> None:
    before = judged(store, standard)
    draft = smaller_ground(store, standard)
    assert judged(store, standard) == before
    changes = draft_changes(store, draft, COUNTY)
    [change] = changes.figures
    assert (change.sheet_name, change.column_name, change.kind) == ("校舍与设备", "运动场地面积（㎡）", "changed")
    assert (dict(change.key), int(str(change.new).split(".")[0])) == ({"school_id": SCHOOL, "year": 2023}, 6000)
    counted = {c.sheet: (c.added, c.removed, c.changed) for c in changes.sheets}
    assert counted.pop("premises") == (0, 0, 1)
    assert set(counted.values()) == {(0, 0, 0)}
    found = batches.batch(store, draft)
    assert (found.state, found.note, found.years, found.townships, found.is_demo) == ("draft", REASON, (2023,), 1, True)
    assert [w.reason for w in batches.confirmed_warnings(store, draft)] == [REASON]


def test_the_preview_names_the_verdicts_that_change(store: Store, standard: Standard) -> None:
    found = preview(store, standard, smaller_ground(store, standard))
    [year] = found.years
    assert year.year == 2023
    assert year.comparison is not None
    [row] = year.comparison.rows
    assert row.before is not None and row.after is not None
    assert (row.before.verdict, row.after.verdict) == (Verdict.MET, Verdict.NOT_MET)
    assert row.after.school_id == SCHOOL


def test_a_draft_looked_at_is_what_publishing_makes_true(store: Store, standard: Standard) -> None:
    draft = smaller_ground(store, standard)
    version = batches.facts_version(store)
    looked_at = as_if_published(store, draft)
    seen = judged(looked_at, standard)
    assert batches.facts_version(looked_at) > version + 1000
    looked_at.close()
    assert batches.facts_version(store) == version
    batches.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    assert judged(store, standard) == seen


def test_publishing_and_taking_back_is_one_step_each_and_deletes_nothing(store: Store, standard: Standard) -> None:
    before, other_year = judged(store, standard), judged(store, standard, 2022)
    draft = smaller_ground(store, standard)
    batches.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    assert judged(store, standard) != before
    assert judged(store, standard, 2022) == other_year
    batches.withdraw(store, draft, LOCAL_ADMINISTRATOR, NOW, "再次核对")
    assert judged(store, standard) == before
    assert [(p.batch_id, p.action) for p in batches.publications(store)] == [
        (draft, "withdraw"), (draft, "publish"), (1, "publish"),
    ]  # fmt: skip
    assert batch_tables(store, draft)["premises"]


def test_figures_that_agree_only_together_are_corrected_together(store: Store, standard: Standard) -> None:
    row = current_tables(store, COUNTY, year=2023)["classes"][0]
    key: dict[str, str | int] = {c: row[c] for c in ("school_id", "year", "stage", "grade", "class_no")}  # type: ignore[misc]
    pupils = Correction("classes", key, "pupils", str(int(str(row["pupils"])) + 1))
    with pytest.raises(InputRejected, match="“班级”表合计"):
        correct_figures(store, standard, COUNTY, [pupils], LOCAL_ADMINISTRATOR, NOW, REASON)
    school: dict[str, str | int] = {c: key[c] for c in ("school_id", "year", "stage")}
    roll = next(
        r for r in current_tables(store, COUNTY, year=2023)["enrolment"] if all(r[c] == v for c, v in school.items())
    )
    total = Correction("enrolment", school, "pupils", str(int(str(roll["pupils"])) + 1))
    draft = correct_figures(store, standard, COUNTY, [pupils, total], LOCAL_ADMINISTRATOR, NOW, REASON)
    assert len(draft_changes(store, draft, COUNTY).figures) == 2


def test_a_county_figure_and_a_judgement_are_corrected_alone(store: Store, standard: Standard) -> None:
    before = current_tables(store, COUNTY)
    key = {"year": 2023, "item": "veto_safety"}
    old = next(r for r in before["judgements"] if (r["year"], r["item"]) == (2023, "veto_safety"))
    new = "不符合" if old["status"] == "met" else "符合"
    draft = corrected(store, standard, "judgements", key, "status", new)
    batches.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    [change] = figure_changes(before, current_tables(store, COUNTY)).figures
    assert {change.old, change.new} == {"met", "not_met"}


def test_a_register_is_corrected_for_one_year(store: Store, standard: Standard) -> None:
    draft = corrected(store, standard, "schools", {"school_id": SCHOOL, "year": 2022}, "zone", "镇区")
    batches.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    zones = {
        year: next(r["zone"] for r in current_tables(store, COUNTY, year=year)["schools"] if r["school_id"] == SCHOOL)
        for year in (2022, 2023)
    }
    assert zones == {2022: "town", 2023: "urban"}


@pytest.mark.parametrize(
    ("sheet", "key", "column", "value", "says"),
    [
        ("premises", {"school_id": SCHOOL, "year": 2023}, "sports_ground_area_m2", "很大", "不是数字"),
        ("premises", {"school_id": SCHOOL, "year": 2023}, "sports_ground_area_m2", "-5", "超出范围"),
        ("premises", {"school_id": SCHOOL, "year": 2023}, "year", "2022", "没有可以更正的列"),
        ("premises", {"school_id": SCHOOL, "year": 2023}, "nothing", "1", "没有可以更正的列"),
        ("nothing", {"school_id": SCHOOL, "year": 2023}, "pupils", "1", "没有可以更正的列"),
        ("premises", {"school_id": "无", "year": 2023}, "multimedia_rooms", "1", "没有这一行"),
        ("enrolment", {"school_id": SCHOOL, "year": 2023}, "teachers", "1", "没有这一行"),
        ("premises", {"school_id": SCHOOL}, "multimedia_rooms", "1", "请指明要更正的学年"),
        ("schools", {"school_id": SCHOOL, "year": 2023}, "kind", "", "不能为空"),
        ("schools", {"school_id": SCHOOL, "year": 2023}, "zone", "城区", "没有改动"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_in_words(
    store: Store, standard: Standard, sheet: str, key: dict[str, str | int], column: str, value: str, says: str
) -> None:
    with pytest.raises(RequestInvalid, match=says):
        corrected(store, standard, sheet, key, column, value)
    assert len(batches.batches(store)) == 1


def test_a_correction_that_fails_the_check_is_refused(store: Store, standard: Standard) -> None:
    key: dict[str, str | int] = {"school_id": SCHOOL, "year": 2023, "stage": "primary"}
    with pytest.raises(InputRejected, match="大于专任教师数"):
        corrected(store, standard, "enrolment", key, "certified_teachers", "2999")


def test_a_correction_needs_a_reason_and_the_right_to_write(store: Store, standard: Standard) -> None:
    change = Correction("premises", {"school_id": SCHOOL, "year": 2023}, "multimedia_rooms", "1")
    with pytest.raises(RequestInvalid, match="理由"):
        correct_figures(store, standard, COUNTY, [change], LOCAL_ADMINISTRATOR, NOW, " ")
    with pytest.raises(NotPermitted):
        correct_figures(store, standard, COUNTY, [change], READER, NOW, REASON)


def test_the_same_correction_twice_says_so(store: Store, standard: Standard) -> None:
    smaller_ground(store, standard)
    with pytest.raises(RequestInvalid, match="批次 2 完全相同"):
        smaller_ground(store, standard)


def test_two_townships_are_corrected_apart(store: Store, standard: Standard) -> None:
    changes = [
        Correction("premises", {"school_id": school, "year": 2023}, "multimedia_rooms", "9")
        for school in (SCHOOL, "350526-0034")
    ]
    with pytest.raises(RequestInvalid, match="一次只更正一个乡镇"):
        correct_figures(store, standard, COUNTY, changes, LOCAL_ADMINISTRATOR, NOW, REASON)


def test_any_two_batches_are_compared(store: Store, standard: Standard) -> None:
    files = csv_files(small_tables())
    files["premises.csv"] = files["premises.csv"].replace(b"350526-0040,2023,1037,", b"350526-0040,2023,1100,")
    files["special_rooms.csv"] = files["special_rooms.csv"].rsplit(b"\r\n", 2)[0] + b"\r\n"
    second = batches.load(store, check(open_uploads([*files.items()])), standard, LOCAL_ADMINISTRATOR, NOW)
    changes = batch_changes(store, 1, second)
    assert {(c.sheet, c.kind) for c in changes.figures} == {("premises", "changed"), ("special_rooms", "removed")}
    assert batch_changes(store, second, second).is_empty


def test_a_warning_must_be_confirmed_with_a_reason(store: Store, standard: Standard) -> None:
    files = csv_files(small_tables())
    files["schools.csv"] = files["schools.csv"].replace(b"25.49322", b"24.1")
    dataset = check(open_uploads([*files.items()]))
    with pytest.raises(RequestInvalid, match="还有 1 处提示没有写明理由"):
        batches.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW, warning_reasons={0: " "})
    assert len(batches.batches(store)) == 1
    batch_id = batches.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW, warning_reasons={0: "坐标待测"})
    [confirmed] = batches.confirmed_warnings(store, batch_id)
    assert confirmed.reason == "坐标待测" and "县域以外" in confirmed.sentence
    assert row_counts(store, batch_id)["schools"] == 8
