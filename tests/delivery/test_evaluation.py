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
from core.delivery.evaluation.draw import Drawable, draw
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
    Finding,
    SignatureDraft,
    SiteDraft,
    keep_site_checks,
    read_site_tables,
    sign,
)
from core.delivery.evaluation.site_fields import corrections, site_fields
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.ledger.ledger import read_issues
from core.errors import NotPermitted, RequestInvalid
from core.facts.current import current_tables
from core.method.engine import assess
from core.store.database import Store
from core.wording.carrying_out.evaluation import drawable, table_state
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
def begun(store: Store, demo: Demo) -> Evaluation:
    """An evaluation with its sample drawn."""
    return open_evaluation(store, COUNTY, drawable(demo.assessments[2023]), DRAFT, OFFICE, NOW)


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


def found_at(store: Store, school_id: str, **other: str) -> tuple[Finding, ...]:
    """Every figure of a school as filled in, some as found otherwise; `_` stands for a point in a field's name."""
    changed = {name.replace("__", "."): Decimal(value) for name, value in other.items()}
    return tuple(
        Finding(f.field, None, f.filled, changed.get(f.field, f.filled), "现场清点" if f.field in changed else "")
        for f in site_fields(current_tables(store, COUNTY, year=2023), school_id, 2023)
        if f.filled is not None
    )


def test_a_difference_that_both_sides_signed_is_corrected_and_judged_anew(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    findings = found_at(store, school, premises__multimedia_rooms="0")
    draft = SiteDraft(
        evaluation_id=begun.evaluation_id, school_id=school, findings=findings, day=DAY, problems=("多媒体设备停用",)
    )
    [issue] = keep_site_checks(store, PLAN, facts, COUNTY, draft, inspector(school), NOW)
    kept = next(i for i in read_issues(store, COUNTY, DAY) if i.number == issue.number)
    assert (kept.source, kept.source_id, kept.school_ids) == ("mock_evaluation", begun.evaluation_id, (school,))

    signature = SignatureDraft(evaluation_id=begun.evaluation_id, school_id=school, side="evaluator", day=DAY)
    sign(store, COUNTY, signature, inspector(school), NOW)
    half = read_site_tables(store, COUNTY, begun.evaluation_id, DAY)[school]
    assert not half.accepted and "待学校签字" in table_state(half, len(findings))
    with pytest.raises(NotPermitted):
        sign(store, COUNTY, replace(signature, side="school"), inspector(school), NOW)
    sign(store, COUNTY, replace(signature, side="school"), head(school), NOW)
    full = read_site_tables(store, COUNTY, begun.evaluation_id, DAY)[school]
    assert full.accepted and [f.field for f in full.differences] == ["premises.multimedia_rooms"]

    before = assess(store, STANDARD, COUNTY, 2023)
    tables = current_tables(store, COUNTY, year=2023)
    changes = corrections(tables, school, 2023, {f.field: f.found for f in full.differences})
    number = correct_figures(store, STANDARD, COUNTY, changes, CLERK, NOW, "实地核查")
    assert assess(store, STANDARD, COUNTY, 2023) == before, "a draft counts for nothing"
    publishing.publish(store, number, CLERK, NOW, "已核对")
    after = assess(store, STANDARD, COUNTY, 2023)
    [row] = [r for r in after.rows if r.school_id == school][:1]
    assert row.indicator("L7").value == 0 and row.indicator("L7").verdict.value == "not_met"
    again = {f.field: f.filled for f in site_fields(current_tables(store, COUNTY, year=2023), school, 2023)}
    assert again["premises.multimedia_rooms"] == 0

    # What is written afterwards asks for new signatures.
    keep_site_checks(store, PLAN, facts, COUNTY, replace(draft, problems=()), inspector(school), NOW)
    assert not read_site_tables(store, COUNTY, begun.evaluation_id, DAY)[school].accepted


def test_rooms_classes_and_rolls_are_corrected_together(store: Store, begun: Evaluation) -> None:
    tables = current_tables(store, COUNTY, year=2023)
    school = "350526-0001"
    fields = {f.field: f for f in site_fields(tables, school, 2023)}
    [first, *_] = [name for name in fields if name.startswith("class.primary.")]
    found = {
        "room.music.1": Decimal(0), "room.art.further": Decimal(95), first: (fields[first].filled or 0) - 1,
        "enrolment.primary.backbone_teachers": Decimal(1), "premises.equipment_value_yuan": Decimal("123456.78"),
    }  # fmt: skip
    changes = corrections(tables, school, 2023, found)
    publishing.publish(
        store, correct_figures(store, STANDARD, COUNTY, changes, CLERK, NOW, "实地核查"), CLERK, NOW, "已核对"
    )
    after = {f.field: f.filled for f in site_fields(current_tables(store, COUNTY, year=2023), school, 2023)}
    rooms = [n for n in fields if n.startswith("room.music.") and not n.endswith("further")]
    assert (
        sum(n.startswith("room.music.") for n in after) == len(rooms)
        and sum(n.startswith("room.art.") for n in after) == sum(n.startswith("room.art.") for n in fields) + 1
    )
    assert after[first] == found[first] and after["premises.equipment_value_yuan"] == Decimal("123456.78")
    assert after["enrolment.primary.pupils"] == (fields["enrolment.primary.pupils"].filled or 0) - 1
    assert corrections(current_tables(store, COUNTY, year=2023), school, 2023, {first: found[first]}) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"findings": (), "problems": ()}, "没有填写核查数"),
        ({"findings": (Finding("premises.multimedia_rooms", None, Decimal(3), Decimal(2)),)}, "须写明原因"),
        ({"findings": (Finding("premises.multimedia_rooms", None, Decimal(3), Decimal(-1), "x"),)}, "应不小于 0"),
        ({"findings": (Finding("premises.multimedia_rooms", Decimal(10**12), None, None),)}, "应不小于 0"),
        ({"findings": (Finding("a", None, None, None),) * 2}, "每项只登记一次"),
        ({"problems": ("x",) * 11}, "最多立账 10 个问题"),
        ({"day": date(2024, 2, 1)}, "晚于今天"),
        ({"evaluation_id": "M99999"}, "没有模拟评估"),
    ],
)
def test_a_table_that_cannot_be_is_refused(
    store: Store, facts: FactsByYear, begun: Evaluation, change: dict[str, object], said: str
) -> None:
    school = begun.school_ids[0]
    draft = SiteDraft(
        evaluation_id=begun.evaluation_id,
        school_id=school,
        findings=(Finding("a", None, None, Decimal(1), "x"),),
        day=DAY,
    )
    with pytest.raises(RequestInvalid, match=said):
        keep_site_checks(store, PLAN, facts, COUNTY, replace(draft, **change), OFFICE, NOW)  # type: ignore[arg-type]


def test_who_verifies_signs_for_one_side_and_only_at_schools_that_were_drawn(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    other = next(s.school_id for s in facts.schools[2023] if s.school_id not in begun.school_ids)
    draft = SiteDraft(evaluation_id=begun.evaluation_id, school_id=school, findings=found_at(store, school), day=DAY)
    with pytest.raises(NotPermitted):
        keep_site_checks(store, PLAN, facts, COUNTY, draft, inspector(other), NOW)
    with pytest.raises(RequestInvalid, match="没有被抽中"):
        keep_site_checks(store, PLAN, facts, COUNTY, replace(draft, school_id=other), OFFICE, NOW)
    signature = SignatureDraft(evaluation_id=begun.evaluation_id, school_id=school, side="evaluator", day=DAY)
    with pytest.raises(RequestInvalid, match="还是空的"):
        sign(store, COUNTY, signature, OFFICE, NOW)
    keep_site_checks(store, PLAN, facts, COUNTY, draft, OFFICE, NOW)
    both = replace(OFFICE, roles=frozenset({"office", "school"}), schools=frozenset({school}))
    sign(store, COUNTY, signature, both, NOW)
    with pytest.raises(NotPermitted, match="双方应由不同的人签字"):
        sign(store, COUNTY, replace(signature, side="school"), both, NOW)
    # On paper the evaluator notes who signed for the school.
    sign(store, COUNTY, replace(signature, side="school", on_paper="演示校长 校长"), OFFICE, NOW)
    assert read_site_tables(store, COUNTY, begun.evaluation_id, DAY)[school].accepted


def test_a_signature_that_no_login_vouches_for_accepts_nothing(
    store: Store, facts: FactsByYear, begun: Evaluation
) -> None:
    school = begun.school_ids[0]
    draft = SiteDraft(evaluation_id=begun.evaluation_id, school_id=school, findings=found_at(store, school), day=DAY)
    keep_site_checks(store, PLAN, facts, COUNTY, draft, LOCAL_ADMINISTRATOR, NOW)
    for name, side in (("甲", "evaluator"), ("乙", "school")):
        signature = SignatureDraft(evaluation_id=begun.evaluation_id, school_id=school, side=side, day=DAY)  # type: ignore[arg-type]
        sign(store, COUNTY, signature, replace(LOCAL_ADMINISTRATOR, name=name), NOW)
    assert not read_site_tables(store, COUNTY, begun.evaluation_id, DAY)[school].accepted


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
    close_evaluation(store, COUNTY, begun.evaluation_id, DAY, "", OFFICE, NOW)
    [held] = read_evaluations(store, COUNTY, DAY)
    assert held.state == "closed" and held.seed == DRAFT.seed
    with pytest.raises(RequestInvalid, match="已结束"):
        conclude_stage(store, COUNTY, stage, OFFICE, NOW)
