"""The first administrator of a server: named by command, or made on the first start, and let in by a one-time link."""

from __future__ import annotations

import os
from datetime import date, datetime

import streamlit as st

from core.access import LOCAL_ADMINISTRATOR
from core.people.people import Person, PersonDraft, keep_people, read_people
from core.store.database import Store
from ui.accounts.addresses import own_proxies
from ui.accounts.credentials import first_link, has_password

_FIRST = PersonDraft(person_id="admin", name="系统管理员", roles=("administrator",))


def administrators_to_invite(store: Store) -> list[Person]:
    """The administrators in force who have set no password yet; the first is made where nobody can manage people."""
    today = date.today()
    if not any("administrator" in known.roles and known.may_log_in(today) for known in read_people(store)):
        keep_people(store, [_FIRST], LOCAL_ADMINISTRATOR, datetime.now())
    return [
        known
        for known in read_people(store)
        if "administrator" in known.roles and known.may_log_in(today) and not has_password(known.person_id)
    ]


def say_first_links(store: Store) -> None:
    """Print the one-time links where only who sits at the machine reads them."""
    host = os.environ.get("COUNTY_HOSTS", "").replace("，", ",").split(",")[0].strip()
    # Behind the office's own proxy only its name leads here.
    address = f"https://{host}" if own_proxies() and host else f"http://localhost:{st.get_option('server.port')}"
    for known in administrators_to_invite(store):
        print(
            f"请{known.name}（账号 {known.person_id}）打开 {address}{first_link(known.person_id)} "
            "设置密码（7 日内有效，用后失效）。",
            flush=True,
        )
