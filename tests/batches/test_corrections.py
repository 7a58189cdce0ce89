"""A draft shows what it would change; one figure is corrected through the same gate; every step can be undone."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from core.access import LOCAL_ADMINISTRATOR, READER
from core.batches import loading, publishing, register
from core.batches.changed_figures import batch_changes, draft_changes, figure_changes
from core.batches.corrections import AnyCorrection, Correction, RowsCorrection, class_corrections, correct_figures
from core.batches.drafts import as_if_published
from core.batches.preview import preview
from core.dataset.rows import Row
from core.errors import InputRejected, NotPermitted, RequestInvalid
from core.facts import published
from core.facts.current import batch_tables, current_tables
from core.intake.checkup.checking import check, check_tables
from core.intake.reading.sources import open_uploads
from core.method.assessment import Assessment, Verdict
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard import Standard
from core.store.database import Store
from core.wording.planning.comparison import schools_since_last_year, since_last_year_sentence
from tests.support.books import csv_files, small_tables
from tests.support.published_store import NOW

COUNTY, SCHOOL = "350526", "350526-0001"
REASON = "抄录错误，已核对原表"


def corrected(
    store: Store, standard: Standard, sheet: str, key: Mapping[str, str | int], column: str, value: str
) -> int:
    change = Correction(sheet, key, column, value)
    return correct_figures(store, standard, COUNTY, [change], LOCAL_ADMINISTRATOR, NOW, REASON)


def smaller_ground(store: Store, standard: Standard, area: str = "６,000") -> int:
    """A draft in which one school loses most of its sports ground."""
    key = {"school_id": SCHOOL, "year": 2023}
    return corrected(store, standard, "premises", key, "sports_ground_area_m2", area)


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
    found = register.batch(store, draft)
    assert (found.state, found.note, found.years, found.townships, found.is_demo) == ("draft", REASON, (2023,), 1, True)
    assert [w.reason for w in register.confirmed_warnings(store, draft)] == [REASON]


def test_the_preview_names_the_verdicts_that_change(store: Store, standard: Standard) -> None:
    found = preview(store, standard, smaller_ground(store, standard))
    [year] = found.years
    assert year.year == 2023
    assert year.comparison is not None
    [row] = year.comparison.rows
    assert row.before is not None and row.after is not None
    assert (row.before.verdict, row.after.verdict) == (Verdict.MET, Verdict.NOT_MET)
    assert row.after.school_id == SCHOOL


def test_a_new_year_is_previewed_against_the_last_school_by_school(store: Store, standard: Standard) -> None:
    counting = current_tables(store, COUNTY, year=2023)
    tables = {
        sheet: [
            Row(row.number, {**row.values, "year": 2024} if isinstance(row["year"], int) else row.values)
            for row in rows
        ]
        for sheet, rows in counting.items()
    }
    for row in tables["premises"]:
        if row["school_id"] == SCHOOL:
            row.values["sports_ground_area_m2"] = Decimal(10)
    tables["premises"] = [row for row in tables["premises"] if row["school_id"] != "350526-0002"]
    dataset = check_tables("新年度", "abc", tables)
    draft = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW,
        warning_reasons=dict.fromkeys(range(len(dataset.warnings)), "已核对"))  # fmt: skip
    [year] = preview(store, standard, draft).years
    assert (year.year, year.before, year.comparison) == (2024, None, None)
    assert year.last is not None and year.last.year == 2023 and year.since_last_year is not None
    listed = schools_since_last_year(year.since_last_year, standard)
    assert [(s.before, s.after) for s in listed][:2] == [
        (Verdict.MET, Verdict.NOT_MET), (Verdict.MET, Verdict.NOT_ASSESSABLE)
    ]  # fmt: skip
    assert all(s.reason for s in listed if s.after is not Verdict.MET)
    sentence = since_last_year_sentence(year.since_last_year, listed)
    assert sentence.startswith("与 2023 学年相比，新未达标 1 个、无法判定 1 个；达标学校 ")


def test_the_difference_of_a_draft_is_that_of_all_rows(store: Store, standard: Standard) -> None:
    key = {"school_id": SCHOOL, "year": 2023}
    rooms = RowsCorrection(
        "special_rooms", key, ({"kind": "music", "area_m2": "96"}, {"kind": "music", "area_m2": "96"})
    )
    ground = Correction("premises", key, "sports_ground_area_m2", "")
    draft = corrected_rows(store, standard, rooms, ground)
    before, after = current_tables(store, COUNTY), current_tables(store, COUNTY, draft=draft)
    assert draft_changes(store, draft, COUNTY) == figure_changes(before, after)


def test_a_preview_takes_what_is_judged_already_and_tells_its_steps(store: Store, standard: Standard) -> None:
    asked: list[int] = []
    steps: list[str] = []

    def present(year: int) -> Assessment:
        asked.append(year)
        return assess(store, standard, COUNTY, year)

    draft = smaller_ground(store, standard)
    assert preview(store, standard, draft, judged=present, tell=steps.append) == preview(store, standard, draft)
    assert asked == [2023]
    assert steps == ["比较改变的数", "改变 1 处，准备草稿", "判定 2023 学年"]


def test_a_draft_looked_at_is_what_publishing_makes_true(store: Store, standard: Standard) -> None:
    draft = smaller_ground(store, standard)
    version = published.facts_version(store)
    looked_at = as_if_published(store, draft)
    seen = judged(looked_at, standard)
    assert published.facts_version(looked_at) > version + 1000
    looked_at.close()
    assert published.facts_version(store) == version
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    assert judged(store, standard) == seen


def test_a_draft_looked_at_is_another_once_something_else_counts(store: Store, standard: Standard) -> None:
    draft, other = smaller_ground(store, standard), smaller_ground(store, standard, "3001")
    versions = []
    for _ in range(2):
        looked_at = as_if_published(store, draft)
        versions.append(published.facts_version(looked_at))
        looked_at.close()
        if len(versions) == 1:
            publishing.publish(store, other, LOCAL_ADMINISTRATOR, NOW, REASON)
    assert versions[0] != versions[1], "whoever keeps judgements by the version judges anew"


def test_publishing_and_taking_back_is_one_step_each_and_deletes_nothing(store: Store, standard: Standard) -> None:
    before, other_year = judged(store, standard), judged(store, standard, 2022)
    draft = smaller_ground(store, standard)
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    assert judged(store, standard) != before
    assert judged(store, standard, 2022) == other_year
    publishing.withdraw(store, draft, LOCAL_ADMINISTRATOR, NOW, "再次核对")
    assert judged(store, standard) == before
    assert [(p.batch_id, p.action) for p in register.publications(store)] == [
        (draft, "withdraw"), (draft, "publish"), (1, "publish"),
    ]  # fmt: skip
    assert batch_tables(store, draft)["premises"]


def test_a_draft_given_up_waits_no_longer_and_can_be_taken_up_again(store: Store, standard: Standard) -> None:
    before, draft = judged(store, standard), smaller_ground(store, standard)
    publishing.withdraw(store, draft, LOCAL_ADMINISTRATOR, NOW, "放弃草稿")
    assert (register.batch(store, draft).state, judged(store, standard)) == ("withdrawn", before)
    assert batch_tables(store, draft)["premises"], "nothing is deleted"
    with pytest.raises(RequestInvalid, match="已经撤回"):
        publishing.withdraw(store, draft, LOCAL_ADMINISTRATOR, NOW, "放弃草稿")
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    assert judged(store, standard) != before


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


def class_rows(store: Store, school: str = SCHOOL, stage: str = "primary") -> list[dict[str, str]]:
    """A school's classes as the grid of the page shows them."""
    return [
        {c: str(row[c]) for c in ("grade", "class_no", "pupils")}
        for row in current_tables(store, COUNTY, year=2023)["classes"]
        if (row["school_id"], row["stage"]) == (school, stage)
    ]


def corrected_rows(store: Store, standard: Standard, *corrections: AnyCorrection) -> int:
    return correct_figures(store, standard, COUNTY, corrections, LOCAL_ADMINISTRATOR, NOW, REASON)


def test_classes_are_corrected_with_the_pupils_they_add_up_to(store: Store, standard: Standard) -> None:
    before, rows = judged(store, standard), class_rows(store)
    now = current_tables(store, COUNTY, year=2023)
    rows[0]["pupils"] = "５８"
    del rows[-1]
    rows.append({"grade": "1", "class_no": "补", "pupils": "31"})
    rows.append({"grade": "", "class_no": " ", "pupils": ""})
    draft = corrected_rows(store, standard, *class_corrections(now, SCHOOL, 2023, "primary", rows))
    changes = draft_changes(store, draft, COUNTY)
    assert {(c.sheet, c.added, c.removed, c.changed) for c in changes.sheets if c.added or c.changed} == {
        ("classes", 1, 1, 1), ("enrolment", 0, 0, 1),
    }  # fmt: skip
    [year] = preview(store, standard, draft).years
    assert year.before is not None and year.after is not None
    over = [next(i.value for i in side.items if i.code == "G5") for side in (year.before, year.after)]
    assert over[0] is not None and over[1] == over[0] + 1, "a class of 58 is one more over the limit"
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    assert judged(store, standard) != before
    publishing.withdraw(store, draft, LOCAL_ADMINISTRATOR, NOW, "再次核对")
    assert judged(store, standard) == before


def test_an_emptied_grid_of_classes_says_nothing_of_the_pupils(store: Store) -> None:
    now = current_tables(store, COUNTY, year=2023)
    [only] = class_corrections(now, SCHOOL, 2023, "primary", [])
    assert isinstance(only, RowsCorrection) and only.sheet == "classes"


def test_classes_that_add_up_to_the_same_leave_the_pupils_alone(store: Store, standard: Standard) -> None:
    rows = class_rows(store)
    for row, change in zip(rows, (1, -1), strict=False):
        row["pupils"] = str(int(row["pupils"]) + change)
    corrections = class_corrections(current_tables(store, COUNTY, year=2023), SCHOOL, 2023, "primary", rows)
    draft = corrected_rows(store, standard, *corrections)
    assert [c.sheet for c in draft_changes(store, draft, COUNTY).figures] == ["classes", "classes"]


def test_rooms_come_and_go(store: Store, standard: Standard) -> None:
    key = {"school_id": SCHOOL, "year": 2023}
    old = [r for r in current_tables(store, COUNTY, year=2023)["special_rooms"] if r["school_id"] == SCHOOL]
    rows = ({"kind": "音乐教室", "area_m2": "96"}, {"kind": "art", "area_m2": ""})
    draft = corrected_rows(store, standard, RowsCorrection("special_rooms", key, rows))
    found = [r for r in batch_tables(store, draft)["special_rooms"] if r["school_id"] == SCHOOL]
    assert sorted((str(r["kind"]), r["area_m2"]) for r in found) == [("art", None), ("music", 96)]
    [counted] = [c for c in draft_changes(store, draft, COUNTY).sheets if c.sheet == "special_rooms"]
    assert (counted.added, counted.removed) == (2, len(old))
    none = corrected_rows(store, standard, RowsCorrection("special_rooms", key, ()))
    assert not [r for r in batch_tables(store, none)["special_rooms"] if r["school_id"] == SCHOOL]


def test_a_survey_a_judgement_and_a_figure_may_be_new_or_taken_out(store: Store, standard: Standard) -> None:
    survey = RowsCorrection(
        "survey", {"year": 2023}, ({"group": "计", "issued": "900", "valid": "800", "satisfied": "700"},)
    )
    judgement = RowsCorrection("judgements", {"year": 2023, "item": "G1"}, ())
    figure = RowsCorrection("county_figures", {"year": 2023, "figure": "villages"}, ({"value": "209"},))
    draft = corrected_rows(store, standard, survey, judgement, figure)
    tables = current_tables(store, COUNTY, year=2023, draft=draft)
    assert [(r["group"], r["valid"], r["visited"]) for r in tables["survey"]] == [("all", 800, None)]
    assert not [r for r in tables["judgements"] if r["item"] == "G1"]
    assert [r["value"] for r in tables["county_figures"] if r["figure"] == "villages"] == [209]
    assert current_tables(store, COUNTY, year=2022, draft=draft) == current_tables(store, COUNTY, year=2022)


ROOMS = {"school_id": SCHOOL, "year": 2023}
CLASSES = {**ROOMS, "stage": "primary"}
ONE = {"grade": "1", "class_no": "1", "pupils": "40"}


@pytest.mark.parametrize(
    ("sheet", "key", "rows", "says"),
    [
        ("nothing", ROOMS, [], "没有可以更正的表"),
        ("special_rooms", {**ROOMS, "stage": "primary"}, [], "没有可以更正的表"),
        ("special_rooms", ROOMS, [{"kind": "舞蹈室", "area_m2": "90"}], "“专用教室”第 1 行教室类别：“舞蹈室”不在代码表中"),
        ("special_rooms", ROOMS, [{"kind": "", "area_m2": "90"}], "“专用教室”第 1 行没有填写教室类别"),
        ("classes", CLASSES, [ONE, ONE], "“班级”第 2 行与第 1 行重复"),
        ("survey", {"year": 2023}, None, "与现行数据相同，没有改动"),
    ],
)  # fmt: skip
def test_rows_that_make_no_sense_are_refused_in_words(
    store: Store,
    standard: Standard,
    sheet: str,
    key: dict[str, str | int],
    rows: list[dict[str, str]] | None,
    says: str,
) -> None:
    if rows is None:
        columns = ("group", "issued", "valid", "satisfied", "visited", "visited_satisfied")
        now = current_tables(store, COUNTY, year=2023)[sheet]
        rows = [{c: "" if row[c] is None else str(row[c]) for c in columns} for row in now]
    with pytest.raises(RequestInvalid, match=says):
        corrected_rows(store, standard, RowsCorrection(sheet, key, tuple(rows)))
    assert len(register.batches(store)) == 1


def test_class_rows_that_fail_the_check_are_refused(store: Store, standard: Standard) -> None:
    now, rows = current_tables(store, COUNTY, year=2023), class_rows(store)
    rows[0]["grade"] = "8"
    with pytest.raises(InputRejected, match="8 年级不属于小学"):
        corrected_rows(store, standard, *class_corrections(now, SCHOOL, 2023, "primary", rows))
    rows[0] |= {"grade": "1", "pupils": "很多"}
    with pytest.raises(RequestInvalid, match="“很多”不是数字"):
        corrected_rows(store, standard, *class_corrections(now, SCHOOL, 2023, "primary", rows))


def test_a_county_figure_and_a_judgement_are_corrected_alone(store: Store, standard: Standard) -> None:
    before = current_tables(store, COUNTY)
    key = {"year": 2023, "item": "veto_safety"}
    old = next(r for r in before["judgements"] if (r["year"], r["item"]) == (2023, "veto_safety"))
    new = "不符合" if old["status"] == "met" else "符合"
    draft = corrected(store, standard, "judgements", key, "status", new)
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
    [change] = figure_changes(before, current_tables(store, COUNTY)).figures
    assert {change.old, change.new} == {"met", "not_met"}


def test_a_register_is_corrected_for_one_year(store: Store, standard: Standard) -> None:
    draft = corrected(store, standard, "schools", {"school_id": SCHOOL, "year": 2022}, "zone", "镇区")
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, REASON)
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
    assert len(register.batches(store)) == 1


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
    second = loading.load(store, check(open_uploads([*files.items()])), standard, LOCAL_ADMINISTRATOR, NOW)
    changes = batch_changes(store, 1, second)
    assert {(c.sheet, c.kind) for c in changes.figures} == {("premises", "changed"), ("special_rooms", "removed")}
    assert batch_changes(store, second, second).is_empty


def test_a_warning_must_be_confirmed_with_a_reason(store: Store, standard: Standard) -> None:
    files = csv_files(small_tables())
    files["schools.csv"] = files["schools.csv"].replace(b"25.49322", b"24.1")
    dataset = check(open_uploads([*files.items()]))
    with pytest.raises(RequestInvalid, match="还有 1 处提示没有写明理由"):
        loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW, warning_reasons={0: " "})
    assert len(register.batches(store)) == 1
    batch_id = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, NOW, warning_reasons={0: "坐标待测"})
    [confirmed] = register.confirmed_warnings(store, batch_id)
    assert confirmed.reason == "坐标待测" and "县域以外" in confirmed.sentence
    assert store.rows("select count(*) from schools where batch_id = $1", [batch_id]) == [(8,)]
