"""A mock evaluation: the same sample for the same seed, a table that both sides sign, differences that become corrections."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.batches import publishing
from core.batches.corrections import correct_figures
from core.delivery.evaluation.draw import Drawable, draw, drawable
from core.delivery.evaluation.evaluations import (
    Evaluation,
    EvaluationDraft,
    StageDraft,
    close_evaluation,
    conclude_stage,
    open_evaluation,
    read_evaluations,
)
from core.delivery.evaluation.site_checks import (
    Entry,
    SignatureDraft,
    SiteDraft,
    accept_differences,
    keep_site_checks,
    sign,
)
from core.delivery.evaluation.site_fields import Differing, corrections, site_fields
from core.delivery.evaluation.site_tables import SiteTable, read_site_tables
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.ledger.ledger import IssueDraft, read_issues
from core.delivery.ledger.ledger_writing import open_issue
from core.errors import NotPermitted, RequestInvalid
from core.facts.current import current_tables
from core.method.engine import assess
from core.store.database import Store
from core.wording.carrying_out.evaluation import table_state
from tests.support.demo_county import COUNTY, PLAN, STANDARD, Demo

DAY, NOW = date(2023, 11, 30), datetime(2024, 1, 3, 9)
OFFICE = Actor("演示创建办", frozenset({"office"}), verified=True)
CLERK = Actor("演示数据员", frozenset({"clerk", "office"}), verified=True)
DRAFT = EvaluationDraft(title="2023 年模拟评估", year=2023, seed="17-32-08", sample_size=3, day=DAY)


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Store:
    """The demonstration county in a file of this test's own."""
    return Store.open(Path(shutil.copy(filled, tmp_path / "county.duckdb")), STANDARD)


@pytest.fixture
def facts(demo: Demo) -> FactsByYear:
    """The county's facts."""
    return demo.facts


@pytest.fixture
def begun(store: Store, facts: FactsByYear) -> Evaluation:
    """An evaluation with its sample drawn."""
    return open_evaluation(store, facts, DRAFT, OFFICE, NOW)


def inspector(school_id: str) -> Actor:
    """Who verifies at a school."""
    return Actor("演示核查", frozenset({"inspector"}), verified=True, schools=frozenset({school_id}))


def head(school_id: str) -> Actor:
    """Who signs for a school."""
    return Actor("演示校长", frozenset({"school"}), verified=True, schools=frozenset({school_id}))


# ── the sample ───────────────────────────────────────────────────────────────────────────────────
def test_the_same_seed_draws_the_same_schools_whoever_draws_and_another_draws_others(demo: Demo) -> None:
    schools = drawable(demo.assessments[2023])
    first = draw(schools, "17-32-08", 6)
    assert draw(tuple(reversed(schools)), " 17-32-08 ", 6) == first
    # Written down: it must never change, or a protocol could not be checked any more.
    assert first == (
        "350526-0002", "350526-0064", "350526-0015", "350526-0044", "350526-0003", "350526-0052",
    )  # fmt: skip
    assert draw(schools, "17-32-09", 6) != first
    strata = {s.school_id: s.stratum for s in schools}
    assert len({strata[i] for i in first}) == min(6, len(set(strata.values()))), "every kind of school in turn"


@given(st.sets(st.integers(0, 300), min_size=1, max_size=80), st.text(min_size=1, max_size=40), st.data())
def test_a_sample_has_its_size_no_school_twice_and_does_not_depend_on_the_order(
    numbers: set[int], seed: str, data: st.DataObject
) -> None:
    schools = [Drawable(f"S{n}", frozenset({"primary"} if n % 3 else {"junior"}), bool(n % 2)) for n in numbers]
    size = data.draw(st.integers(1, min(len(schools), 60)))
    if not seed.strip():
        with pytest.raises(RequestInvalid):
            draw(schools, seed, size)
        return
    drawn = draw(schools, seed, size)
    assert len(drawn) == len(set(drawn)) == size
    assert draw(data.draw(st.permutations(schools)), seed, size) == drawn


def test_an_evaluation_is_drawn_from_the_figures_of_its_year_and_keeps_from_which(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    with pytest.raises(RequestInvalid, match="1900 学年没有已发布的数据"):
        open_evaluation(store, facts, replace(DRAFT, year=1900), OFFICE, NOW)
    [held] = read_evaluations(store, COUNTY, DAY)
    assert set(held.pool_ids) == {s.school_id for s in drawable(facts.assessments[2023])} > set(held.school_ids)
    assert site_fields(current_tables(store, COUNTY, year=1900), held.school_ids[0], 1900) == ()


@pytest.mark.parametrize(("seed", "size"), [("", 3), (" ", 3), ("x" * 41, 3), ("1", 0), ("1", 61), ("1", -1)])
def test_a_draw_without_a_seed_or_beyond_the_schools_is_refused(demo: Demo, seed: str, size: int) -> None:
    with pytest.raises(RequestInvalid):
        draw(drawable(demo.assessments[2023]), seed, size)


# ── the table of a school ────────────────────────────────────────────────────────────────────────
def test_the_table_lists_every_input_of_the_indicators_and_of_rooms_sizes_and_classes(store: Store) -> None:
    tables = current_tables(store, COUNTY, year=2023)
    fields = {f.field: f for f in site_fields(tables, "350526-0001", 2023)}
    assert {"enrolment.primary.pupils", "premises.multimedia_rooms", "room.music.1", "room.art.further"} <= set(fields)
    assert any(name.startswith("class.primary.1.") for name in fields)
    codes = "".join(f.indicators for f in fields.values())
    assert all(code in codes for code in ("L1", "L2", "L3", "L4", "L5", "L6", "L7", "G3", "G4", "G5"))
    assert sum(f.filled or 0 for name, f in fields.items() if name.startswith("class.")) == (
        fields["enrolment.primary.pupils"].filled
    )


def found_at(store: Store, school_id: str, only: str = "", **other: str) -> tuple[Entry, ...]:
    """The figures of a school as filled in, some as found otherwise; `__` stands for a point in a field's name."""
    changed = {name.replace("__", "."): Decimal(value) for name, value in other.items()}
    return tuple(
        Entry(f.field, changed.get(f.field, f.filled), None, "现场清点" if f.field in changed else "")
        for f in site_fields(current_tables(store, COUNTY, year=2023), school_id, 2023)
        if f.filled is not None and f.field.startswith(only)
    )


def table_of(store: Store, begun: Evaluation, school: str, as_of: date = DAY) -> SiteTable:
    """A school's table as it stands."""
    return read_site_tables(store, COUNTY, begun.evaluation_id, as_of)[school]


def sign_both(store: Store, begun: Evaluation, school: str) -> None:
    """Both sides sign what stands there."""
    draft = SignatureDraft(
        evaluation_id=begun.evaluation_id, school_id=school, side="evaluator", day=DAY,
        seen=table_of(store, begun, school).last,
    )  # fmt: skip
    sign(store, COUNTY, draft, inspector(school), NOW)
    sign(store, COUNTY, replace(draft, side="school"), head(school), NOW)


def test_a_difference_that_both_sides_signed_is_corrected_once_and_judged_anew(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    entries = found_at(store, school, premises__multimedia_rooms="0")
    draft = SiteDraft(
        evaluation_id=begun.evaluation_id, school_id=school, entries=entries, day=DAY, problems=("多媒体设备停用",)
    )
    [issue] = keep_site_checks(store, PLAN, facts, COUNTY, draft, inspector(school), NOW)
    kept = next(i for i in read_issues(store, COUNTY, DAY) if i.number == issue.number)
    assert (kept.source, kept.source_id, kept.school_ids) == ("mock_evaluation", begun.evaluation_id, (school,))
    fields = site_fields(current_tables(store, COUNTY, year=2023), school, 2023)
    assert "待核查人、学校签字" in table_state(table_of(store, begun, school), fields)
    with pytest.raises(RequestInvalid, match="还没有由双方签字"):
        accept_differences(store, STANDARD, COUNTY, begun.evaluation_id, school, CLERK, NOW)
    sign_both(store, begun, school)
    full = table_of(store, begun, school)
    assert full.accepted and [f.field for f in full.differences] == ["premises.multimedia_rooms"]
    assert table_state(full, fields).startswith("● 核查")

    before = assess(store, STANDARD, COUNTY, 2023)
    number = accept_differences(store, STANDARD, COUNTY, begun.evaluation_id, school, CLERK, NOW)
    assert assess(store, STANDARD, COUNTY, 2023) == before, "a draft counts for nothing"
    publishing.publish(store, number, CLERK, NOW, "已核对")
    [row] = [r for r in assess(store, STANDARD, COUNTY, 2023).rows if r.school_id == school][:1]
    assert row.indicator("L7").value == 0 and row.indicator("L7").verdict.value == "not_met"
    today = date(2024, 1, 3)
    assert table_of(store, begun, school, today).batch_id == number
    with pytest.raises(RequestInvalid, match=f"已存为更正草稿（批次 {number}）"):
        accept_differences(store, STANDARD, COUNTY, begun.evaluation_id, school, CLERK, NOW)

    # What is written afterwards asks for new signatures; who had the old table before them is told.
    again = replace(draft, problems=(), entries=found_at(store, school, "premises"), seen=full.last)
    keep_site_checks(store, PLAN, facts, COUNTY, again, inspector(school), NOW)
    assert not table_of(store, begun, school).accepted
    with pytest.raises(RequestInvalid, match="表中又有改动"):
        sign(
            store, COUNTY,
            SignatureDraft(
                evaluation_id=begun.evaluation_id, school_id=school, side="school", day=DAY, seen=full.last
            ),
            head(school), NOW,
        )  # fmt: skip
    with pytest.raises(RequestInvalid, match="演示核查已登记“教学及辅助用房面积”的核查数"):
        keep_site_checks(store, PLAN, facts, COUNTY, again, OFFICE, NOW)


def published(store: Store, school: str, differing: list[Differing]) -> dict[str, Decimal | None]:
    """What counts once these differences are corrected."""
    changes = corrections(current_tables(store, COUNTY, year=2023), school, 2023, differing)
    number = correct_figures(store, STANDARD, COUNTY, changes, CLERK, NOW, "实地核查")
    publishing.publish(store, number, CLERK, NOW, "已核对")
    return {f.field: f.filled for f in site_fields(current_tables(store, COUNTY, year=2023), school, 2023)}


def test_rooms_and_figures_are_corrected_and_a_room_is_known_by_its_area(store: Store, begun: Evaluation) -> None:
    school = "350526-0001"
    fields = {f.field: f for f in site_fields(current_tables(store, COUNTY, year=2023), school, 2023)}
    gone = Differing("room.music.1", "音乐教室 1 面积", fields["room.music.1"].filled, Decimal(0))
    added = Differing("room.art.further", "另有美术教室", Decimal(0), Decimal(95))
    money = Differing(
        "premises.equipment_value_yuan", "仪器", fields["premises.equipment_value_yuan"].filled, Decimal("123456.78")
    )

    def rooms(listed: dict[str, Decimal | None] | dict[str, object], kind: str) -> int:
        return sum(name.startswith(f"room.{kind}.") for name in listed)

    after = published(store, school, [gone, added, money])
    assert rooms(after, "music") == rooms(fields, "music") - 1 and rooms(after, "art") == rooms(fields, "art") + 1
    assert after["premises.equipment_value_yuan"] == Decimal("123456.78")
    # The same once more: a figure that has changed since is named, no second room is taken away.
    with pytest.raises(RequestInvalid, match="“仪器”的现行数已不是核查时的填报数"):
        published(store, school, [money])
    same_area = [name for name, area in after.items() if name.startswith("room.music.") and area == gone.filled]
    if not same_area:
        with pytest.raises(RequestInvalid, match="“音乐教室 1 面积”的现行数已不是"):
            published(store, school, [gone])


def test_a_roll_found_otherwise_than_its_classes_add_up_to_is_not_signed(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    fields = {f.field: f for f in site_fields(current_tables(store, COUNTY, year=2023), school, 2023)}
    a_class = next(name for name in fields if name.startswith("class.primary."))
    roll = fields["enrolment.primary.pupils"].filled or Decimal(0)
    fewer = str((fields[a_class].filled or Decimal(0)) - 1)
    classes = found_at(store, school, "class.primary", **{a_class.replace(".", "__"): fewer})
    draft = SiteDraft(evaluation_id=begun.evaluation_id, school_id=school, entries=classes, day=DAY)
    keep_site_checks(store, PLAN, facts, COUNTY, draft, OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="须同时核查该学段的在校生数"):
        sign_both(store, begun, school)
    for found, fits in ((roll, False), (roll - 1, True)):
        pupils = (Entry("enrolment.primary.pupils", found, None, "" if found == roll else "转出"),)
        last = table_of(store, begun, school).last
        keep_site_checks(store, PLAN, facts, COUNTY, replace(draft, entries=pupils, seen=last), OFFICE, NOW)
        if not fits:
            with pytest.raises(RequestInvalid, match="所核查各班合计"):
                sign_both(store, begun, school)
    sign_both(store, begun, school)
    number = accept_differences(store, STANDARD, COUNTY, begun.evaluation_id, school, CLERK, NOW)
    publishing.publish(store, number, CLERK, NOW, "已核对")
    after = {f.field: f.filled for f in site_fields(current_tables(store, COUNTY, year=2023), school, 2023)}
    assert after["enrolment.primary.pupils"] == roll - 1 and after[a_class] == Decimal(fewer)


def test_what_changed_after_the_check_is_named_and_not_overwritten(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    entries = found_at(store, school, "premises", premises__multimedia_rooms="5")
    draft = SiteDraft(evaluation_id=begun.evaluation_id, school_id=school, entries=entries, day=DAY)
    keep_site_checks(store, PLAN, facts, COUNTY, draft, OFFICE, NOW)
    sign_both(store, begun, school)
    rooms = next(f for f in table_of(store, begun, school).findings.values() if f.field.endswith("multimedia_rooms"))
    area = next(f for f in table_of(store, begun, school).findings.values() if f.field.endswith("teaching_area_m2"))
    published(store, school, [Differing(rooms.field, "x", rooms.filled, Decimal(77))])
    published(store, school, [Differing(area.field, "x", area.filled, (area.filled or Decimal(0)) + 1)])
    fields = site_fields(current_tables(store, COUNTY, year=2023), school, 2023)
    changed = table_of(store, begun, school).changed_since(fields)
    assert {f.field for f in changed} == {rooms.field, area.field}
    assert {f.field for f in table_of(store, begun, school).changed_since(())} == {e.field for e in entries}
    with pytest.raises(RequestInvalid, match="“网络多媒体教室数”的现行数已不是核查时的填报数"):
        accept_differences(store, STANDARD, COUNTY, begun.evaluation_id, school, CLERK, NOW)


ROOMS = "premises.multimedia_rooms"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"entries": (), "problems": ()}, "没有填写核查数"),
        ({"entries": (Entry(ROOMS, Decimal(2)),)}, "“网络多媒体教室数”的核查数与填报数不同，须写明原因"),
        ({"entries": (Entry(ROOMS, Decimal(-1), None, "x"),)}, "“网络多媒体教室数”的数"),
        ({"entries": (Entry(ROOMS, Decimal("2.5"), None, "x"),)}, "“网络多媒体教室数”的数"),
        ({"entries": (Entry(ROOMS, Decimal("NaN"), None, "x"),)}, "“网络多媒体教室数”的数"),
        ({"entries": (Entry(ROOMS, Decimal("Infinity"), None, "x"),)}, "“网络多媒体教室数”的数"),
        ({"entries": (Entry(ROOMS, Decimal(10**15), None, "x"),)}, "“网络多媒体教室数”的数"),
        ({"entries": (Entry(ROOMS, Decimal(2), Decimal(10**15), "x"),)}, "“网络多媒体教室数”的数"),
        ({"entries": (Entry("premises.pool", Decimal(2), None, "x"),)}, "不在这所学校的核查表中"),
        ({"entries": (Entry(ROOMS, Decimal(2), None, "x"),) * 2}, "每项只登记一次"),
        ({"problems": ("x",) * 11}, "最多建账 10 个问题"),
        ({"day": date(2024, 2, 1)}, "晚于今天"),
        ({"day": date(2023, 11, 29)}, "早于所依据的登记日期 2023-11-30"),
        ({"evaluation_id": "M99999"}, "没有模拟评估"),
    ],
)
def test_a_table_that_cannot_be_is_refused(
    store: Store, facts: FactsByYear, begun: Evaluation, change: dict[str, object], said: str
) -> None:
    school = begun.school_ids[0]
    entries = (Entry(ROOMS, Decimal(1), None, "x"),)
    draft = SiteDraft(evaluation_id=begun.evaluation_id, school_id=school, entries=entries, day=DAY)
    with pytest.raises(RequestInvalid, match=said):
        keep_site_checks(store, PLAN, facts, COUNTY, replace(draft, **change), OFFICE, NOW)  # type: ignore[arg-type]
    assert school not in read_site_tables(store, COUNTY, begun.evaluation_id, date(2024, 1, 3))


def test_who_verifies_signs_for_one_side_and_only_at_schools_that_were_drawn(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    other = next(s.school_id for s in facts.schools[2023] if s.school_id not in begun.school_ids)
    draft = SiteDraft(
        evaluation_id=begun.evaluation_id, school_id=school, entries=found_at(store, school, "premises"), day=DAY
    )
    with pytest.raises(NotPermitted):
        keep_site_checks(store, PLAN, facts, COUNTY, draft, inspector(other), NOW)
    with pytest.raises(RequestInvalid, match="没有被抽中"):
        keep_site_checks(store, PLAN, facts, COUNTY, replace(draft, school_id=other), OFFICE, NOW)
    with pytest.raises(RequestInvalid, match="请在模拟评估的核查表中登记"):
        made_up = IssueDraft(title="x", basis="x", day=DAY, source="mock_evaluation", source_id=begun.evaluation_id)
        open_issue(store, PLAN, facts, COUNTY, made_up, OFFICE, NOW)
    signature = SignatureDraft(evaluation_id=begun.evaluation_id, school_id=school, side="evaluator", day=DAY, seen=0)
    with pytest.raises(RequestInvalid, match="还是空的"):
        sign(store, COUNTY, signature, OFFICE, NOW)
    keep_site_checks(store, PLAN, facts, COUNTY, draft, OFFICE, NOW)
    signature = replace(signature, seen=table_of(store, begun, school).last)
    both = replace(OFFICE, roles=frozenset({"office", "school"}), schools=frozenset({school}))
    sign(store, COUNTY, signature, both, NOW)
    with pytest.raises(NotPermitted, match="双方应由不同的人签字"):
        sign(store, COUNTY, replace(signature, side="school"), both, NOW)
    with pytest.raises(NotPermitted, match="双方应由不同的人签字"):
        sign(store, COUNTY, replace(signature, side="school", on_paper="演示校长"), both, NOW)
    with pytest.raises(NotPermitted, match="由本校填报员登录签字"):
        sign(store, COUNTY, replace(signature, side="school"), replace(OFFICE, name="演示另一人"), NOW)
    with pytest.raises(RequestInvalid, match="不能代登"):
        sign(store, COUNTY, replace(signature, on_paper="某人"), OFFICE, NOW)
    # On paper another person than the evaluator who signed notes who signed for the school, and the table says so.
    sign(store, COUNTY, replace(signature, side="school", on_paper="演示校长 校长"), inspector(school), NOW)
    table = table_of(store, begun, school)
    assert table.accepted
    fields = site_fields(current_tables(store, COUNTY, year=2023), school, 2023)
    assert "（学校纸质签字，代登）" in table_state(table, fields) and table_state(table, fields).startswith("◇")


def test_a_signature_that_no_login_vouches_for_accepts_nothing_and_takes_none_away(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    draft = SiteDraft(
        evaluation_id=begun.evaluation_id, school_id=school, entries=found_at(store, school, "premises"), day=DAY
    )
    keep_site_checks(store, PLAN, facts, COUNTY, draft, LOCAL_ADMINISTRATOR, NOW)
    last = table_of(store, begun, school).last
    typed = replace(LOCAL_ADMINISTRATOR, name="甲")
    signature = SignatureDraft(
        evaluation_id=begun.evaluation_id, school_id=school, side="evaluator", day=DAY, seen=last
    )
    sign(store, COUNTY, signature, typed, NOW)
    assert table_of(store, begun, school).signed_by("evaluator") is None
    sign(store, COUNTY, signature, inspector(school), NOW)
    sign(store, COUNTY, signature, typed, NOW)
    assert table_of(store, begun, school).signed_by("evaluator") is not None


# ── the stages ───────────────────────────────────────────────────────────────────────────────────
def test_stages_are_concluded_with_grounds_and_a_closed_evaluation_takes_nothing_more(
    store: Store, begun: Evaluation
) -> None:
    stage = StageDraft(
        evaluation_id=begun.evaluation_id, stage="qualification", passed=True, note="核对认定文件", day=DAY
    )
    with pytest.raises(RequestInvalid, match="依据"):
        conclude_stage(store, COUNTY, replace(stage, note=" "), OFFICE, NOW)
    with pytest.raises(NotPermitted):
        conclude_stage(store, COUNTY, stage, inspector("350526-0001"), NOW)
    conclude_stage(store, COUNTY, stage, OFFICE, NOW)
    conclude_stage(store, COUNTY, replace(stage, passed=False, note="文件过期"), OFFICE, NOW)
    [held] = read_evaluations(store, COUNTY, DAY)
    assert not held.conclusions["qualification"].passed and held.school_ids == begun.school_ids
    with pytest.raises(RequestInvalid, match="早于所依据的登记日期"):
        close_evaluation(store, COUNTY, begun.evaluation_id, date(2020, 1, 1), "", OFFICE, NOW)
    close_evaluation(store, COUNTY, begun.evaluation_id, DAY, "", OFFICE, NOW)
    [held] = read_evaluations(store, COUNTY, DAY)
    assert held.state == "closed" and held.seed == DRAFT.seed
    with pytest.raises(RequestInvalid, match="已结束"):
        conclude_stage(store, COUNTY, stage, OFFICE, NOW)
