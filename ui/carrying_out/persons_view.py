"""Who answers by name at a unit or township: its contact, and the person for each thing it owes."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.records.persons import PersonKey, ResponsiblePersonDraft, name_persons, person_history
from core.delivery.records.records_writing import unit_scope
from core.people.people import read_people
from core.wording.carrying_out.ledger import issue_name
from core.wording.delivery import NOBODY_NAMED, person_text, responsible_text
from ui import draft
from ui.carrying_out.unit_view import Chosen, led_by
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import linked_choice
from ui.status_view import day_text
from ui.tables import sentence_table


def persons(view: View, chosen: Chosen) -> None:
    """The contact in sight, everything without a person counted, and the form that names one."""
    owed = _owed(view, chosen)
    contact = PersonKey("unit", chosen.unit_id, chosen.township_code)
    held = view.situation.persons
    blank = [key for key in owed if key not in held]
    st.markdown(f":gray[联系人]　{plain(responsible_text(held.get(contact), view.actor))}")
    with st.expander(
        f"责任人：{len(owed)} 项中 {len(blank)} 项{NOBODY_NAMED}", expanded="answering" in st.query_params
    ):
        sentence_table(
            [
                {
                    "事项": f"**{plain(name)}**",
                    "责任人": plain(responsible_text(held[key], view.actor))
                    if key in held
                    else f":red[▲ {NOBODY_NAMED}]",
                    "自": day_text(held[key].day if key in held else None),
                }
                for key, name in sorted(owed.items(), key=lambda pair: pair[0] in held)
            ]
        )
        _form(view, chosen, {contact: f"{chosen.name}联系人", **owed})


def _owed(view: View, chosen: Chosen) -> dict[PersonKey, str]:
    """What the unit or township answers for, by name: its sub-items, projects, open issues, decisions."""
    now = view.situation
    owed = {
        PersonKey(
            "sub_item", s.sub_item.sub_item_id, chosen.township_code
        ): f"{s.sub_item.sub_item_id} {s.sub_item.title}"
        for s in led_by(view, chosen)
    }
    if chosen.township_code is not None:
        return owed
    owed |= {PersonKey("project", p.project_id): f"项目 {p.name}" for p in now.projects if p.unit_id == chosen.unit_id}
    owed |= {
        PersonKey("decision", d.decision_id): f"议定事项 {d.decision}"
        for d in now.records.decisions
        if d.owner_unit_id == chosen.unit_id and d.status in ("open", "in_progress")
    }
    owed |= {
        PersonKey("issue", str(issue.number)): issue_name(issue)
        for issue, state in now.issues_at(chosen.unit_id)
        if state.is_open
    }
    return owed


def _form(view: View, chosen: Chosen, names: dict[PersonKey, str]) -> None:
    allowed = may(view, "report", unit_scope(view.plan, chosen.unit_id, chosen.township_code))
    keys = {f"{key.kind}:{key.identifier}": key for key in names}
    subject = linked_choice(
        "事项", list(keys), "answering", {s: names[k] for s, k in keys.items()}, placeholder="选择事项"
    )
    if subject is None:
        return
    key = keys[subject]
    before = view.situation.persons.get(key)
    known = {
        p.person_id: p for p in read_people(view.store) if chosen.unit_id in p.units or chosen.township_code in p.townships
    } if view.actor.sees_names else {}  # fmt: skip
    form = f"person_{chosen.unit_id}_{chosen.township_code}_{subject}"
    place = f"{form}_{draft.edition(form)}"
    account = ""
    if known:
        account = str(
            st.selectbox(
                "从本单位人员中选（可不选）", ["", *known], format_func=lambda p: known[p].name if p else "手工填写", key=f"{place}_who"
            ) or ""
        )  # fmt: skip
    source = known.get(account)
    with st.form(f"{place}_{account}", border=False):
        shown = before if view.actor.sees_names else None
        name = st.text_input(
            "姓名",
            value=source.name if source else shown.person if shown else "",
            key=f"{place}_{account}_name",
            max_chars=20,
        )
        post = st.text_input(
            "职务",
            value=source.post if source else shown.post if shown else "",
            key=f"{place}_{account}_post",
            max_chars=40,
        )
        phone = st.text_input(
            "电话",
            value=source.phone if source else shown.phone if shown else "",
            key=f"{place}_{account}_phone",
            max_chars=20,
        )
        everything = st.checkbox("本单位其余未明确责任人的事项也由他负责", key=f"{place}_{account}_all")
        note = st.text_input("说明（如移交原因）", key=f"{place}_{account}_note", max_chars=200)
        day = day_field(view, "自何日起", f"{place}_{account}_day")
        actor = writer(view, "登记人", f"{place}_{account}_writer")

        def write() -> str:
            held = view.situation.persons
            also = [other for other in names if other != key and other not in held] if everything else []
            drafts = [
                ResponsiblePersonDraft(
                    key=each,  person=(name or "").strip(), day=day, post=post or "", phone=(phone or "").strip(),
                    person_id=account, note=note or "",
                )
                for each in (key, *also)
            ]  # fmt: skip
            name_persons(view.store, view.plan, view.county_code, drafts, actor, datetime.now())
            return f"已明确 {len(drafts)} 项的责任人。"

        send_button("保存责任人", form, allowed, write)
    history = person_history(view.store, view.county_code, key, view.as_of)
    if len(history) > 1:
        st.caption("历任责任人")
        sentence_table(
            [
                {"责任人": f"**{plain(person_text(p.person, view.actor))}**", "职务": plain(p.post or "—"), "自": day_text(p.day), "说明": plain(p.note or "—")}
                for p in reversed(history)
            ]
        )  # fmt: skip
