"""The app on a copy of the demonstration county: what a person sees, types and sends, without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache as cache_once
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core.access import LOCAL_ADMINISTRATOR
from core.batches import importing
from core.delivery.records.records import records_version
from core.facts.published import facts_version
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.demo_county import DEMO_COUNTY, LOADED_AT, filled
from tests.support.html_tables import html_bodies, spoken
from ui import cache
from ui.planning import outlook_cache
from ui.store_of_record import forget_store

__all__ = ["filled"]

ROOT = Path(__file__).parents[2]
COUNTY = DEMO_COUNTY.name
_LONGEST_RUN = 60
Open = Callable[..., AppTest]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that write come after those that read: what the app has judged for one reader serves the next."""
    here = [place for place, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    ordered = sorted((items[place] for place in here), key=_writes)
    for place, item in zip(here, ordered, strict=True):
        items[place] = item


@pytest.fixture(scope="session", autouse=True)
def _components_looked_for_once() -> Iterator[None]:
    """Every AppTest looks through all installed packages for components of Streamlit; they are the same for all."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            manifest_scanner, "scan_component_manifests", cache_once(manifest_scanner.scan_component_manifests)
        )
        yield


def _writes(item: pytest.Item) -> bool:
    return not {"store", "empty_store"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture
def store(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of this test's own, for a test that writes."""
    path = tmp_path / "county.duckdb"
    shutil.copy(filled, path)
    _opened_by_the_app(path, monkeypatch)
    with _opened_anew() as opened:
        yield opened


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of this test's own in which nothing counts yet."""
    monkeypatch.setenv("COUNTY_DEMO", "0")
    _opened_by_the_app(tmp_path / "county.duckdb", monkeypatch)
    st.cache_resource.clear()
    with _opened_anew() as opened:
        yield opened
    st.cache_resource.clear()


@pytest.fixture
def real_store(empty_store: Store) -> Store:
    """A store of this test's own with the same figures, published as a real county's."""
    importing.import_folder_or_workbook(empty_store, DEMO_COUNTY, load_standard(), LOCAL_ADMINISTRATOR, LOADED_AT)
    return empty_store


@contextmanager
def _opened_anew() -> Iterator[Store]:
    _forget_the_store()
    opened = cache.store()
    before = facts_version(opened)
    try:
        yield opened
    finally:
        if facts_version(opened) == before:
            _forget_the_store()
        else:
            # The next store's facts may have the same version and be others.
            st.cache_resource.clear()
        forget_store()
        opened.close()


def _forget_the_store() -> None:
    """Drop what the app knows by a number of this store: batches, records, scenarios.

    Its judgements stay: they are known by the version of the facts, and these are the same in every copy.
    """
    known_by_number = (cache._draft_store, cache._previews, cache._county, cache.situation, cache._told)
    for kept in (*known_by_number, outlook_cache._chances, outlook_cache._coming_years):
        kept.clear()


@pytest.fixture(scope="session")
def read_path(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that reading tests of this worker share."""
    return shutil.copy(filled, tmp_path_factory.mktemp("read") / "county.duckdb")


@pytest.fixture
def read_store(read_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that reading tests share, with what the app has judged on it so far."""
    _opened_by_the_app(read_path, monkeypatch)
    opened = cache.store()
    before = facts_version(opened), records_version(opened)
    yield opened
    assert (facts_version(opened), records_version(opened)) == before, "a test that writes needs a `store` of its own"


def _opened_by_the_app(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTY_DB", str(path))
    for mode in ("COUNTY_LAN", "COUNTY_OPEN_READING"):
        monkeypatch.delenv(mode, raising=False)


@pytest.fixture
def open_page(request: pytest.FixtureRequest) -> Open:
    """Opens a page by the address that a link has, on the test's own store or the one that reading tests share."""
    own = {"store", "empty_store"} & set(request.fixturenames)
    request.getfixturevalue(own.pop() if own else "read_store")

    def opened(page: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "ui" / "shell.py"), default_timeout=_LONGEST_RUN)
        app.switch_page(f"../pages/{page}.py")
        for key, value in address.items():
            app.query_params[key] = value
        return seen(app.run())

    return opened


def seen(app: AppTest) -> AppTest:
    """The app after a run that raised nothing."""
    assert [e.value for e in app.exception] == []
    return app


def title(app: AppTest) -> str:
    """The page's answer, as it reads."""
    return unescaped(app.title[0].value)


def words(app: AppTest) -> str:
    """Everything that the page says, as it reads."""
    parts = [e.value for kind in (app.markdown, app.caption, app.info, app.success, app.warning) for e in kind]
    parts += map(spoken, html_bodies(app))
    return unescaped("\n".join(map(str, parts)))


def unescaped(text: str) -> str:
    """Markdown's escapes taken away."""
    return text.replace("\\", "")


def typed(app: AppTest, label: str, text: str) -> None:
    """Fill in the text field with this label."""
    fields = [f for f in [*app.text_input, *app.text_area] if f.label == label]
    assert len(fields) == 1, f"{label}: {[f.label for f in [*app.text_input, *app.text_area]]}"
    fields[0].set_value(text)


def press(app: AppTest, label: str) -> AppTest:
    """Press the one button with this label, a form's or a plain one."""
    buttons = [b for b in app.button if b.label == label]
    assert buttons, f"{label}: {[b.label for b in app.button]}"
    return seen(buttons[0].click().run())
