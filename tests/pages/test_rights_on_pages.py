"""With --lan everybody sees what their roles let them do, and a page refuses who may do nothing on it."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest

from core.access import LOCAL_ADMINISTRATOR, ROLES, Role
from core.errors import NotPermitted
from core.people.people import disabled, keep_people, person, renamed
from core.store.database import Store
from tests.pages.conftest import Open, words
from tests.support.html_tables import tables
from tests.support.rights import OTHER_UNIT, OWN_TOWNSHIP, OWN_UNIT, may, someone
from ui.access import while_permitted

NOW = datetime(2024, 1, 2, 9)


@pytest.fixture
def logged_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A server of the network in whose store a person of every role stands; a test says whose session it is."""
    keep_people(store, [someone(role) for role in ROLES], LOCAL_ADMINISTRATOR, NOW)
    monkeypatch.setenv("COUNTY_LAN", "1")
    return monkeypatch


def as_(monkeypatch: pytest.MonkeyPatch, account: str | None) -> None:
    monkeypatch.setattr("ui.access.account_at_screen", lambda: account)


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_a_duty_open_for_those_who_have_it(logged_in: pytest.MonkeyPatch, open_page: Open, role: Role) -> None:
    as_(logged_in, role)
    for page, actions in (("datasets/people", ("people",)), ("datasets/batches", ("load", "publish", "backup"))):
        app = open_page(page)
        allowed = any(may(role, action) for action in actions)
        assert bool(app.tabs) == allowed, page
        assert ("请联系系统管理员" in words(app)) == (not allowed), page
    overview = open_page("conclusions/overview")
    assert someone(role).name in words(overview), "who is logged in stands on every page"


@pytest.mark.parametrize(
    ("unit", "place"), [(OWN_UNIT, "own unit"), (OTHER_UNIT, "other unit"), (OWN_TOWNSHIP, "own township")]
)
@pytest.mark.parametrize("role", ["viewer", "liaison", "office"])
def test_the_monthly_report_is_open_to_its_own_unit(
    logged_in: pytest.MonkeyPatch, open_page: Open, role: Role, unit: str, place: str
) -> None:
    as_(logged_in, role)
    app = open_page("carrying_out/units", unit=unit, unit_part="月报")
    other = next(field for field in app.selectbox if field.label == "填报哪一项")
    other.set_value(other.options[0].split()[0]).run()
    [save] = [button for button in app.button if button.label == "保存这一项"]
    assert save.disabled == (not may(role, "report", place))
    assert not [field for field in app.text_input if "姓名" in field.label], "who is logged in types no name"


def test_who_is_disabled_is_out_at_the_next_click(logged_in: pytest.MonkeyPatch, open_page: Open, store: Store) -> None:
    as_(logged_in, "office")
    app = open_page("carrying_out/timeline")
    assert app.title
    known = person(store, "office")
    assert known is not None
    keep_people(store, [disabled(known)], LOCAL_ADMINISTRATOR, NOW)
    app.run()
    assert not app.title
    assert "登录已失效" in words(app) and "重新登录" in words(app)


@pytest.mark.parametrize("account", [None, "nobody"])
def test_without_a_session_there_is_nothing_but_the_way_to_log_in(
    logged_in: pytest.MonkeyPatch, open_page: Open, account: str | None
) -> None:
    as_(logged_in, account)
    app = open_page("conclusions/schools", township="350526100")
    assert not app.title and not tables(app) and not app.tabs
    assert "township%3D350526100" in words(app), "the way back leads to just this page"


def test_a_file_is_made_only_for_who_may_have_it_by_then(
    logged_in: pytest.MonkeyPatch, store: Store, open_page: Open
) -> None:
    logged_in.setattr("ui.access._account_of", lambda session: session or None)
    logged_in.setattr("ui.access.st", SimpleNamespace(user={"session": "administrator"}))
    backup, table = while_permitted("backup", lambda: b"all"), while_permitted("view", lambda: b"table")
    assert (backup(), table()) == (b"all", b"table")
    known = person(store, "administrator")
    assert known is not None
    second = renamed(known, person_id="second", name="另一人")
    keep_people(store, [second, renamed(known, roles=("viewer",))], LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(NotPermitted):
        backup()
    assert table() == b"table"
    keep_people(store, [renamed(known, is_active=False)], LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(NotPermitted, match="登录已失效"):
        table()


def test_a_person_is_registered_changed_and_let_go(
    logged_in: pytest.MonkeyPatch, open_page: Open, store: Store
) -> None:
    as_(logged_in, "administrator")
    app = open_page("datasets/people")
    fields = {field.label: field for field in app.text_input}
    fields["账号（必填，登录用，以后不能改）"].set_value("wang.wu")
    fields["姓名（必填）"].set_value("王五")
    next(box for box in app.multiselect if box.label == "岗位（必填）").set_value(["viewer"])
    next(button for button in app.button if button.label == "登记").click().run()
    assert not app.exception and "王五（wang.wu）已保存。" in words(app)
    known = person(store, "wang.wu")
    assert known is not None and known.changed_by == someone("administrator").name
    app = open_page("datasets/people", people_part="操作记录")
    said = words(app)
    assert "王五（wang.wu）" in said and "记录链完整" in said and "查看联系方式" in said
