"""What is suggested does what it says, and no other choice that the remedy leaves open costs less."""

from functools import partial

from core.method.assessment import Verdict
from core.method.engine import assess
from core.outlook.baseline import Baseline
from core.outlook.remedies.rows import remedy_of
from core.outlook.remedies.suggestions import suggestions
from core.outlook.what_if.lever_changes import changes_for
from core.rules.prices import PRICES, load_price_list
from core.store.database import Store
from tests.support.present import COUNTY, STANDARD, YEAR


def test_every_suggestion_brings_its_row_or_coefficient_to_the_limit(demo: Store, present: Baseline) -> None:
    listed = load_price_list(PRICES)
    found = suggestions(present, listed, partial(lambda changes: assess(demo, STANDARD, COUNTY, YEAR, changes=changes)))
    failing = [r for r in present.assessment.rows if r.verdict is Verdict.NOT_MET]
    over = [b for b in present.assessment.balance if b.verdict is Verdict.NOT_MET]
    assert len(found) == len(failing) + len(over) > 0
    for suggestion in found:
        after = assess(demo, STANDARD, COUNTY, YEAR, changes=changes_for(suggestion.levers, present))
        about = suggestion.subject
        if about.school_id is not None:
            row = after.row(about.school_id, str(about.stage))
            assert row is not None and row.verdict is Verdict.MET
            remedy = remedy_of(next(r for r in failing if r.key == row.key), STANDARD)
            musts = {s.code for s in (*remedy.to_limit, *remedy.to_floor)}
            assert musts <= {lever.code for lever in suggestion.levers}
        else:
            assert after.balance_of(str(about.stage), str(about.code)).verdict is Verdict.MET
        assert suggestion.cost.lines, "each says what it costs"
