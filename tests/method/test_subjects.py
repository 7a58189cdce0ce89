"""A subject's key leads back to it, whatever a school's own id looks like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.method.subjects import Subject

SCHOOL_IDS = st.text(alphabet="0123456789-ABab", min_size=1, max_size=12)
STAGES = st.sampled_from(("primary", "junior"))
CODES = st.sampled_from(("L1", "L5", "G5", "Q4", "L8"))


@given(SCHOOL_IDS, STAGES, CODES)
def test_every_key_leads_back_to_its_subject(school_id: str, stage: str, code: str) -> None:
    for subject in (
        Subject.of_row(school_id, stage),
        Subject.of_row(school_id, stage, code),
        Subject.of_balance(stage, code),
        Subject.of_item(code),
        Subject.of_class_sizes(school_id, stage),
        Subject.of_school_item(school_id, code),
        Subject.manual(7),
    ):
        assert Subject.parse(str(subject)) == subject


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        ("row:350526-0007:primary:L5", Subject.of_row("350526-0007", "primary", "L5")),
        ("row:a:b:junior", Subject.of_row("a:b", "junior")),
        ("balance:primary:L5", Subject.of_balance("primary", "L5")),
        ("item:G5", Subject.of_item("G5")),
        ("class_size:350526-0007:junior", Subject.of_class_sizes("350526-0007", "junior")),
    ],
)
def test_keys_as_links_and_ledgers_hold_them(key: str, subject: Subject) -> None:
    assert Subject.parse(key) == subject
    assert str(subject) == key


@pytest.mark.parametrize(
    "key", ["", "row", "row:", "row:x", "row:x:senior", "balance:L5", "item:", "<b>:1", "manual:3"]
)
def test_what_is_no_kind_is_decided_by_no_figure(key: str) -> None:
    assert Subject.parse(key).kind == "manual"
