"""What is said to be missing is enough, and one unit less is not."""

from dataclasses import replace
from decimal import Decimal

from core.method.assessment import SchoolRow, Verdict
from core.method.changes import Change
from core.method.engine import assess
from core.outlook.baseline import Baseline
from core.outlook.remedies.rows import Remedy, Shortfall, county_gaps, gap_totals, losses, remedies, remedy_of
from core.outlook.what_if.levers import RESOURCES
from core.store.database import Store
from tests.support.present import COUNTY, STANDARD, YEAR
from tests.support.small_county import judged, two_schools


def judged_row(demo: Store, key: tuple[str, str], additions: dict[str, int]) -> SchoolRow:
    changes = []
    for code, units in additions.items():
        resource = RESOURCES[code]
        stage = key[1] if resource.is_teacher else None
        facts = ("teachers", *resource.facts) if code == "L2" and units > 0 else resource.facts
        changes += [Change(key[0], stage, fact, "add", Decimal(units)) for fact in facts]
    row = assess(demo, STANDARD, COUNTY, YEAR, changes=changes).row(*key)
    assert row is not None
    return row


def test_every_gap_is_exactly_what_is_missing(demo: Store, present: Baseline) -> None:
    gaps = county_gaps(present.assessment, STANDARD)
    assert gaps
    for gap in gaps:
        key = (gap.school_id, gap.stage)
        enough = judged_row(demo, key, {gap.code: gap.units_missing})
        short = judged_row(demo, key, {gap.code: gap.units_missing - 1})
        assert (short.indicator(gap.code).verdict, enough.indicator(gap.code).verdict) == (Verdict.NOT_MET, Verdict.MET)


def test_the_totals_are_the_same_by_county_and_by_township(present: Baseline) -> None:
    gaps = county_gaps(present.assessment, STANDARD)
    by_township = gap_totals(gaps, by_township=True)
    for total in gap_totals(gaps):
        assert total.units_missing == sum(t.units_missing for t in by_township if t.code == total.code)
        assert total.schools == len({g.school_id for g in gaps if g.code == total.code})


def needs(remedy: Remedy, chosen: tuple[Shortfall, ...]) -> dict[str, int]:
    wanted = {s.code: s.units for s in (*remedy.to_floor, *remedy.to_limit)}
    return wanted | {s.code: s.units for s in chosen}


def test_every_choice_of_a_remedy_makes_the_row_pass_and_one_fewer_does_not(demo: Store, present: Baseline) -> None:
    listed = remedies(present.assessment, STANDARD)
    assert {(r.school_id, r.stage) for r in listed} == {
        row.key for row in present.assessment.rows if row.verdict is Verdict.NOT_MET
    }
    for remedy in listed:
        key = (remedy.school_id, remedy.stage)
        for first in range(len(remedy.any_of) or 1):
            chosen = (remedy.any_of * 2)[first : first + remedy.needed]
            assert judged_row(demo, key, needs(remedy, chosen)).verdict is not Verdict.NOT_MET
            if chosen:
                assert judged_row(demo, key, needs(remedy, chosen[1:])).verdict is Verdict.NOT_MET


def test_who_is_hired_for_sport_music_or_art_counts_for_the_degrees_too() -> None:
    small = two_schools()
    # 29 of 42 with the higher degree, 8 of 9 for sport, music and art, and too little of anything else for five of seven.
    small.school("S", "primary", {"primary": 1000}, {"L1": 29, "L3": 8})
    row = judged(small.tables).row("S", "primary")
    assert row is not None
    assert row.not_met_count == 2 and row.indicator("L1").whole_units_missing() == 13
    lacking_all = replace(row, met_count=4)
    remedy = remedy_of(lacking_all, STANDARD)
    assert {s.code: s.units for s in remedy.to_limit} == {"L1": 12, "L3": 1}


def test_a_row_one_short_with_two_open_may_choose_either(present: Baseline) -> None:
    row = next(r for r in present.assessment.rows if r.verdict is Verdict.NOT_MET and r.unknown_count == 0)
    assert row.not_met_count > 7 - STANDARD.school_rule.minimum_met
    [remedy] = [r for r in remedies(present.assessment, STANDARD) if (r.school_id, r.stage) == row.key]
    assert remedy.needed == 6 - row.met_count
    assert len(remedy.any_of) == row.not_met_count
    strict = replace(STANDARD, school_rule=replace(STANDARD.school_rule, minimum_met=Decimal(7)))
    [all_of] = [r for r in remedies(present.assessment, strict) if (r.school_id, r.stage) == row.key]
    assert (all_of.any_of, all_of.needed, len(all_of.to_limit)) == ((), 0, row.not_met_count)


def test_a_loss_undoes_the_row_and_one_unit_less_does_not(demo: Store, present: Baseline) -> None:
    assert losses(next(r for r in present.assessment.rows if r.verdict is not Verdict.MET), STANDARD) == ()
    rows = [row for row in present.assessment.rows if row.verdict is Verdict.MET]
    tested = 0
    for row in (*[r for r in rows if r.met_count == 6][:2], rows[0]):
        for loss in losses(row, STANDARD):
            held = row.indicator(loss.code).amount or 0
            if loss.code in ("L2", "L7") and held >= loss.units:
                tested += 1
                verdicts = [
                    judged_row(demo, row.key, {loss.code: -lost}).verdict for lost in (loss.units - 1, loss.units)
                ]
                assert verdicts == [Verdict.MET, Verdict.NOT_MET]
    assert tested >= 4
