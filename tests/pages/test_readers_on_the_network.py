"""With --lan everybody may look: at what counts, not at drafts, and not at who reported it."""

from __future__ import annotations

import csv
from datetime import datetime

import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from core.rules.standard_loading import load_standard
from core.store.database import Store
from core.wording.delivery import HIDDEN_NAME
from tests.pages.conftest import Open, unescaped, words
from tests.support.books import csv_files, small_tables
from tests.support.demo_county import DEMO_COUNTY
from ui.menu import PAGES

NOW = datetime(2024, 1, 3, 9)
PAGE_NAMES = [f"{path.parent.name}/{path.stem}" for path in sorted(PAGES.glob("*/*.py"))]
# The pages on which records of people stand, each part of them.
PARTS = [("carrying_out/projects", {"part": part}) for part in ("项目六个一", "督办台账", "议定事项", "佐证目录")]


def people() -> set[str]:
    """Everybody whom the demonstration county's records name."""
    found = set()
    for path in (DEMO_COUNTY / "records").glob("*.csv"):
        for row in csv.DictReader(path.open(encoding="utf-8-sig", newline="")):
            found |= {row.get("actor"), row.get("person"), (row.get("linked_leader") or "").split("（")[0]}
    return {name for name in found if name}


@pytest.fixture
def as_reader(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setenv("COUNTY_LAN", "1")
    monkeypatch.setenv("COUNTY_OPEN_READING", "1")


def said_on(open_page: Open, page: str, **address: str) -> str:
    """Everything that a page says, also in folded parts and choices."""
    app = open_page(page, **address)
    shown = [words(app), *(e.value for e in app.error), *(str(box.options) for box in app.selectbox)]
    return unescaped("\n".join(shown))


def test_names_stand_there_for_who_reports(store: Store, open_page: Open) -> None:
    said = "".join(said_on(open_page, page, **address) for page, address in PARTS)
    assert len([name for name in people() if name in said]) > 3


@pytest.mark.usefixtures("as_reader")
def test_no_page_names_a_person_to_a_reader(open_page: Open) -> None:
    pages = [(page, {}) for page in PAGE_NAMES]
    issues = [("carrying_out/projects", {"part": "督办台账", "issue": str(number)}) for number in range(1, 8)]
    said = {
        f"{page} {address}": said_on(open_page, page, **address)
        for page, address in [*pages, *PARTS, *issues, ("carrying_out/units", {"unit": "education"})]
    }
    assert {
        page: sorted(n for n in people() if n in text)
        for page, text in said.items()
        if any(n in text for n in people())
    } == {}
    assert any(HIDDEN_NAME in text for text in said.values())


@pytest.mark.usefixtures("as_reader")
def test_data_management_is_closed_to_readers(open_page: Open) -> None:
    app = open_page("datasets/batches")
    assert "只读访问" in words(app) and "批次 1" not in words(app) and not app.error
    assert [link.proto.label for link in app.get("page_link")] == ["返回总览"]


def test_a_reader_sees_no_draft(store: Store, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = check(open_uploads(list(csv_files(small_tables()).items())))
    draft = loading.load(store, dataset, load_standard(), LOCAL_ADMINISTRATOR, NOW)
    assert "正在以草稿查看" in said_on(open_page, "conclusions/schools", draft=str(draft))
    monkeypatch.setenv("COUNTY_LAN", "1")
    monkeypatch.setenv("COUNTY_OPEN_READING", "1")
    said = said_on(open_page, "conclusions/schools", draft=str(draft))
    assert "正在以草稿查看" not in said and f"批次 {draft} 不存在或已不是草稿" in said
