"""Changes laid over the facts: in list order, never into the facts, and refused where they cannot be."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.errors import RequestInvalid
from core.method.assessment import Assessment, Verdict
from core.method.changes import (
    PREMISES_FACTS,
    Change,
    CloseSchool,
    MergeSchool,
    OpenSchool,
    SchoolChange,
    fingerprint,
)
from core.method.engine import assess
from core.store.database import Store
from tests.support.counties import random_tables
from tests.support.county_builder import TOWNSHIPS, YEAR, Tables
from tests.support.samples import seeds
from tests.support.small_county import COUNTY, STANDARD, dataset, stored, two_schools

TOWNSHIP = next(iter(TOWNSHIPS))
NEW = OpenSchool("NEW", "新校", "primary", TOWNSHIP)


def county(seed: int) -> Tables:
    rng = random.Random(seed)
    return random_tables(rng, rng.randint(4, 8))


def judge(store: Store, *changes: Change | SchoolChange) -> Assessment:
    return assess(store, STANDARD, COUNTY, YEAR, changes=changes)


def add(school_id: str, stage: str | None, fact: str, amount: int | str) -> Change:
    return Change(school_id, stage, fact, "add", Decimal(amount))


def additions(assessment: Assessment, rng: random.Random, count: int) -> list[Change]:
    """Random additions to the evaluated rows."""
    listed = []
    for _ in range(count):
        row = rng.choice(assessment.rows)
        if rng.random() < 0.5:
            listed.append(add(row.school_id, row.stage, rng.choice(("pupils", "teachers")), rng.randint(0, 40)))
        else:
            listed.append(add(row.school_id, None, rng.choice(PREMISES_FACTS[:4]), rng.randint(0, 900)))
    return listed


@pytest.fixture(scope="module", params=seeds(4, 30))
def counted(request: pytest.FixtureRequest) -> Iterator[tuple[int, Store, Assessment]]:
    """A random county that counts, with its seed and its assessment; what is laid over it must never stay."""
    with stored(county(request.param)) as store:
        yield request.param, store, judge(store)


def test_no_change_and_nothing_added_change_nothing(counted: tuple[int, Store, Assessment]) -> None:
    _, store, before = counted
    nothing = [add(row.school_id, row.stage, "pupils", 0) for row in before.rows]
    nothing += [add(row.school_id, None, "sports_ground_area_m2", 0) for row in before.rows]
    assert judge(store, *nothing) == before


def test_additions_commute_and_the_facts_stay(counted: tuple[int, Store, Assessment]) -> None:
    seed, store, before = counted
    if not before.rows:
        return
    rng = random.Random(seed)
    changes = additions(before, rng, 12)
    once = judge(store, *changes)
    rng.shuffle(changes)
    assert judge(store, *changes) == once
    assert judge(store) == before


def test_an_empty_new_school_is_left_out_and_changes_nothing_else(counted: tuple[int, Store, Assessment]) -> None:
    _, store, before = counted
    after = judge(store, NEW)
    assert [e.reason for e in after.left_out if e.school_id == "NEW"] == ["no_pupils"]
    assert (after.rows, after.balance, after.items, after.school_items) == (
        before.rows,
        before.balance,
        before.items,
        before.school_items,
    )


def test_changes_are_read_in_their_order() -> None:
    with stored(two_schools().tables) as store:
        new = (NEW, add("NEW", "primary", "pupils", 30))
        row = judge(store, *new).row("NEW", "primary")
        assert row is not None and row.pupils == 30
        first_set = Change("P", "primary", "pupils", "set", Decimal(500))
        more = add("P", "primary", "pupils", 7)
        assert [pupils(judge(store, *order)) for order in ((first_set, more), (more, first_set))] == [507, 500]
        with pytest.raises(RequestInvalid, match="没有学校“NEW”"):
            judge(store, *reversed(new))


def pupils(assessment: Assessment) -> int | None:
    row = assessment.row("P", "primary")
    assert row is not None
    return row.pupils


def merged_pair() -> Tables:
    small = two_schools()
    small.school("P2", "primary", {"primary": 400})
    return small.tables


@pytest.fixture(scope="module")
def merged_store() -> Iterator[Store]:
    """The county with a school to be merged; changes are laid over it and never stay."""
    with stored(merged_pair()) as store:
        yield store


def test_merging_with_the_premises_keeps_every_mean_and_closes_the_school(merged_store: Store) -> None:
    before, after = judge(merged_store), judge(merged_store, MergeSchool("P2", "P", with_premises=True))
    assert pupils(after) == 1400
    assert after.row("P2", "primary") is None
    assert [e.reason for e in after.left_out if e.school_id == "P2"] == ["closed"]
    assert [b.mean for b in after.balance] == pytest.approx([b.mean for b in before.balance])
    classes = {c.school_id: c.classes for c in before.class_sizes}
    assert {c.school_id: c.classes for c in after.class_sizes}["P"] == classes["P"] + classes["P2"]


def test_merging_without_the_premises_leaves_the_buildings_behind(merged_store: Store) -> None:
    row = judge(merged_store, MergeSchool("P2", "P", with_premises=False)).row("P", "primary")
    assert row is not None
    assert {h.code for h in row.indicators if h.verdict is Verdict.NOT_MET} == {"L4", "L5", "L6", "L7"}


def test_a_chain_of_mergers_ends_at_the_last_school(merged_store: Store) -> None:
    chain = (NEW, MergeSchool("P2", "NEW", with_premises=True), MergeSchool("NEW", "P", with_premises=True))
    assert judge(merged_store, *chain).row("P", "primary") == judge(merged_store, MergeSchool("P2", "P", True)).row(
        "P", "primary"
    )


def test_a_figure_not_reported_stays_so_until_it_is_set() -> None:
    small = two_schools()
    for row in small.tables["premises"]:
        if row["school_id"] == "P":
            row["multimedia_rooms"] = ""
    with stored(small.tables) as store:
        verdicts = [
            judge(store, Change("P", None, "multimedia_rooms", operation, Decimal(50))).rows[1].indicator("L7").verdict
            for operation in ("add", "set")
        ]
        assert verdicts == [Verdict.NOT_ASSESSABLE, Verdict.MET]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([add("P", "primary", "pupils", -1001)], "在校生数不能为负数：现有 1000，减少 1001"),
        ([add("P", "junior", "pupils", 1)], "没有初中学段"),
        ([add("X", None, "multimedia_rooms", 1)], "没有学校“X”"),
        ([add("P", "primary", "teachers", "0.5")], "应为整数"),
        ([add("P", "primary", "backbone_teachers", 9999)], "多于专任教师"),
        ([add("P", None, "music_rooms", -1)], "只能增加"),
        ([add("P", None, "equipment_value_yuan", 10**12)], "过大"),
        ([CloseSchool("P")], "还有小学学生 1000 人没有去处"),
        ([MergeSchool("P", "P", True)], "不能并入自己"),
        ([MergeSchool("P", "J", True)], "没有小学学段"),
        ([MergeSchool("P", "P2", True), add("P", "primary", "pupils", 1)], "已停办"),
        ([NEW, NEW], "已有学校使用"),
        ([OpenSchool("N", "新校", "primary", "999999999")], "不在本县乡镇之列"),
        ([OpenSchool("N", "新校", "college", TOWNSHIP)], "学校类别"),
        ([OpenSchool("N", " ", "primary", TOWNSHIP)], "校名"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_leaves_nothing(
    merged_store: Store, changes: Sequence[Change | SchoolChange], sentence: str
) -> None:
    before = judge(merged_store)
    with pytest.raises(RequestInvalid, match=sentence):
        judge(merged_store, *changes)
    assert judge(merged_store) == before


def test_a_school_to_be_kept_closes_only_with_a_reason() -> None:
    tables = merged_pair()
    for row in tables["schools"]:
        row["permanent"] = "1" if row["school_id"] == "P2" else ""
    with stored(tables) as store:
        with pytest.raises(RequestInvalid, match="永久性保留"):
            judge(store, MergeSchool("P2", "P", True))
        assert judge(store, MergeSchool("P2", "P", True, "危房")).row("P2", "primary") is None


def test_facts_published_or_withdrawn_meanwhile_count_at_once() -> None:
    small = two_schools()
    with stored(small.tables) as store:
        first = judge(store)
        for row in small.tables["enrolment"]:
            if row["school_id"] == "P":
                row["backbone_teachers"] = "0"
        now = datetime(2022, 12, 1)
        batch_id = loading.load(store, dataset(small.tables), STANDARD, LOCAL_ADMINISTRATOR, now)
        assert judge(store) == first
        publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, now, "更正")
        assert judge(store).verdict is Verdict.NOT_MET
        publishing.withdraw(store, batch_id, LOCAL_ADMINISTRATOR, now, "误报")
        assert judge(store) == first


def test_the_same_cursor_serves_other_years_choices_and_standards() -> None:
    with stored(county(3)) as store:
        asked = [
            lambda: assess(store, STANDARD, COUNTY, YEAR - 1),
            lambda: assess(store, STANDARD, COUNTY, YEAR, choices={"small_teaching_points": "merge"}),
            lambda: judge(store),
        ]
        first = [ask() for ask in asked]
        assert [ask() for ask in reversed(asked)] == first[::-1]


def test_a_fingerprint_knows_the_changes_and_their_order() -> None:
    one, other = add("P", "primary", "pupils", 1), add("P", "primary", "pupils", 2)
    assert fingerprint([one, other]) == fingerprint([one, other]) != fingerprint([other, one])


def test_a_change_names_a_known_figure() -> None:
    with pytest.raises(ValueError, match="no fact"):
        add("P", None, "pupils", 1)
    with pytest.raises(ValueError, match="only be added"):
        Change("P", None, "art_rooms", "set", Decimal(1))
