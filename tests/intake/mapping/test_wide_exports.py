"""A proposal for another form's export takes a bounded time, however many columns the export has."""

import pytest

from core.intake.mapping import mapping_suggestions
from core.intake.mapping.mapping_suggestions import suggested_sheets
from core.intake.reading.raw_sheets import RawSheet, Source

HEADER: list[object] = ["学校标识码", "学校名称", "办学类型", "所在乡镇代码", "办别"]
FORM = [HEADER, ["3135002601", "某某小学", "小学", "350526100", "公办"], ["3135002602", "某校", "小学", "350526100", 1]]


def sheets_proposed(*listed: RawSheet) -> list[str]:
    return [mapped.sheet for mapped in suggested_sheets(Source("教基.xlsx", "x", list(listed)))]


def test_sheets_beyond_the_titles_that_are_compared_get_no_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = [RawSheet(f"表{n}", FORM) for n in range(4)]
    assert {*sheets_proposed(*forms)} == {"表0", "表1", "表2", "表3"}
    monkeypatch.setattr(mapping_suggestions, "_MOST_TITLES", 2 * len(HEADER))
    assert {*sheets_proposed(*forms)} == {"表0", "表1"}


def test_a_wide_sheet_is_not_compared_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    monkeypatch.setattr(mapping_suggestions, "_ratio", lambda name, word: compared.append(word) or 0.0)
    assert sheets_proposed(RawSheet("宽表", [[f"列{n}" for n in range(4_000)], [1] * 4_000])) == []
    assert compared == []
