"""What people type is bounded where it is written, whichever form it came by."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.access import Actor
from core.dataset.cells import LONGEST_NOTE
from core.dataset.typed_texts import check_typed
from core.delivery.records.records import DecisionDraft
from core.delivery.records.records_writing import decide
from core.errors import RequestInvalid
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.demo_county import COUNTY, PLAN

NOW = datetime(2023, 11, 30, 9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("字" * LONGEST_NOTE, None),
        ("字" * (LONGEST_NOTE + 1), "最多 2,000 个字"),
        ("一\n二\t三", None),
        ("一\x07", r"U\+0007"),
    ],
    ids=["a paragraph", "one more", "lines", "a bell"],
)
def test_a_paragraph_of_characters_that_can_be_read(text: str, says: str | None) -> None:
    if says is None:
        check_typed(text)
    else:
        with pytest.raises(RequestInvalid, match=says):
            check_typed(text)


@pytest.mark.parametrize("field", ["decision", "note"])
def test_a_record_of_any_kind_passes_the_bound(field: str) -> None:
    store = Store.open(None, load_standard())
    words = {"decision": "议定", "note": "", field: "字" * (LONGEST_NOTE + 1)}
    with pytest.raises(RequestInvalid, match="最多 2,000 个字"):
        decide(store, PLAN, COUNTY, DecisionDraft(day=NOW.date(), owner_unit_id="education", **words), Actor("甲"), NOW)
    assert store.rows("select count(*) from decisions") == [(0,)]
    store.close()
