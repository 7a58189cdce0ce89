"""人员与权限: who works with the platform, in which roles and where; let in by one-time links, out by a press."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import streamlit as st

from core.access import ACTION_NAMES, MAY, ROLE_NAMES, ROLES, require
from core.audit import keep_action
from core.errors import InputRejected, PlatformError
from core.intake.reading.sources import open_uploads
from core.people.people import Person, PersonDraft, disabled, keep_people, read_people, renamed
from core.people.people_sheet import Places, blank_people_sheet, read_people_sheet
from core.reports.tables import ReportColumn, ReportTable
from core.wording.numbers import NONE_HERE
from ui.access import asks_for_login
from ui.draft import announce, edition, opened, sent
from ui.forms import optional_day
from ui.frame import Desk, View
from ui.labels import plain
from ui.tables import downloads, sentence_table

_NEW = "＋ 登记新人员"
_FORM, _SHEET = "person", "people_sheet"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def headline(desk: Desk) -> str:
    """How many people there are, and how many may log in."""
    listed = read_people(desk.store)
    active = sum(known.may_log_in(date.today()) for known in listed)
    return f"登记人员 {len(listed)} 人，可以登录 {active} 人" if listed else "还没有登记人员"


def places_of(desk: Desk) -> Places:
    """What people may be responsible for in this county."""
    if not isinstance(desk, View):
        return Places({}, {}, {})
    schools = desk.situation.facts.schools
    latest = schools[max(schools)] if schools else ()
    return Places(
        {unit.unit_id: unit.name for unit in desk.plan.units if unit.kind == "department"},
        dict(desk.situation.township_names),
        {school.school_id: school.name for school in latest},
    )


def list_people(desk: Desk) -> None:
    """Everybody, then the one chosen to change, invite or let go."""
    if not asks_for_login():
        st.info(
            "现在只在本机使用，不用登录。登记的人员在以 python3 run.py --lan 启动后，用各自的账号从自己的电脑或手机登录。"
        )
    listed, places = read_people(desk.store), places_of(desk)
    if listed:
        opened("contacts", lambda: _note_contacts(desk))
        # On a phone the list is folded: the form below it is what one comes for.
        sentence_table([_line(known, places) for known in listed], pressing=[False] * len(listed))
        if isinstance(desk, View):
            downloads(desk, [_table(listed, places)], "", key="people_files", action="people")
    names = {_NEW: _NEW, **{known.person_id: f"{known.name}（{known.person_id}）" for known in listed}}
    chosen = str(st.selectbox("登记或修改", list(names), format_func=names.__getitem__, key="person_chosen") or _NEW)
    known = next((one for one in listed if one.person_id == chosen), None)
    _edit(desk, known, places)
    if known is not None:
        _let_in_and_out(desk, known)


def _note_contacts(desk: Desk) -> bool:
    """Whoever opens the telephone numbers of others leaves a trace, once for as long as the page stays open."""
    with desk.store.write() as cursor:
        keep_action(cursor, desk.actor, "contacts", "人员与权限", datetime.now())
    return True


def _line(known: Person, places: Places) -> dict[str, str]:
    return {
        "账号": f"`{known.person_id}`",
        "姓名": f"**{plain(known.name)}**",
        "职务": plain(known.post or NONE_HERE),
        "电话": plain(known.phone or NONE_HERE),
        "岗位": plain("、".join(ROLE_NAMES[role] for role in known.roles)),
        "负责范围": plain(_places_text(known, places) or NONE_HERE),
        "状态": _state(known),
    }


def _places_text(known: PersonDraft, places: Places) -> str:
    named = [(known.units, places.units), (known.townships, places.townships), (known.schools, places.schools)]
    return "、".join(names.get(code, code) for codes, names in named for code in codes)


def _state(known: Person) -> str:
    if not known.is_active:
        return ":gray[– 已停用]"
    if not known.may_log_in(date.today()):
        return f":orange[◇ {known.expires} 到期]"
    return ":green[● 在用]" + (f"，{known.expires} 到期" if known.expires else "")


def _table(listed: Sequence[Person], places: Places) -> ReportTable:
    columns = ("账号", "姓名", "职务", "电话", "岗位", "负责范围", "状态", "最近修改", "修改人")
    return ReportTable(
        "人员与权限",
        tuple(map(ReportColumn, columns)),
        tuple(
            (
                known.person_id,
                known.name,
                known.post,
                known.phone,
                "、".join(ROLE_NAMES[role] for role in known.roles),
                _places_text(known, places),
                "在用" if known.may_log_in(date.today()) else "已停用或到期",
                f"{known.recorded_at:%Y-%m-%d %H:%M}",
                known.changed_by,
            )
            for known in listed
        ),
    )


def _edit(desk: Desk, known: Person | None, places: Places) -> None:
    place = f"{_FORM}_{known.person_id if known else ''}_{edition(_FORM)}"
    before = known or PersonDraft(person_id="", name="")
    with st.form(place, enter_to_submit=False):
        with st.container(horizontal=True):
            account = before.person_id or st.text_input(
                "账号（必填，登录用，以后不能改）", key=f"{place}_id", max_chars=30, placeholder="如 zhang.san"
            )
            name = st.text_input("姓名（必填）", before.name, key=f"{place}_name", max_chars=20)
            post = st.text_input("职务", before.post, key=f"{place}_post", max_chars=40)
            phone = st.text_input("电话", before.phone, key=f"{place}_phone", max_chars=20)
        roles = st.multiselect(
            "岗位（必填）",
            list(ROLES),
            list(before.roles),
            format_func=lambda role: ROLE_NAMES[role],
            key=f"{place}_roles",
            placeholder="可选几个",
        )
        units = _several("负责的部门", places.units, before.units, f"{place}_units")
        townships = _several("负责的乡镇", places.townships, before.townships, f"{place}_townships")
        schools = _several("负责的学校（学校填报员、责任督学）", places.schools, before.schools, f"{place}_schools")
        expires = optional_day("有效期至（可不填）", before.expires, f"{place}_expires")
        wanted = st.form_submit_button("保存" if known else "登记", type="primary")
    if wanted:
        draft = PersonDraft(
            person_id=(account or "").strip(),
            name=(name or "").strip(),
            post=(post or "").strip(),
            phone=(phone or "").strip(),
            units=units,
            townships=townships,
            schools=schools,
            roles=tuple(role for role in ROLES if role in roles),
            is_active=known.is_active if known else True,
            expires=expires,
        )
        _keep(desk, [draft], f"{draft.name}（{draft.person_id}）已保存。")


def _several(label: str, names: Mapping[str, str], chosen: tuple[str, ...], key: str) -> tuple[str, ...]:
    listed = dict(names)
    # Whoever left the lists, such as a closed school, stays with the person until somebody takes it away.
    listed.update({code: code for code in chosen if code not in listed})
    picked = st.multiselect(
        label, list(listed), list(chosen), format_func=listed.__getitem__, key=key, placeholder="可选几个，也可不选"
    )
    return tuple(str(code) for code in picked)


def _let_in_and_out(desk: Desk, known: Person) -> None:
    with st.container(horizontal=True):
        if known.is_active and st.button("停用账号", key=f"disable_{known.person_id}"):
            _keep(desk, [disabled(known)], f"{known.name}的账号已停用，下一次点击起不能再看、再写。")
        if not known.is_active and st.button("恢复账号", key=f"enable_{known.person_id}"):
            _keep(desk, [renamed(known, is_active=True)], f"{known.name}的账号已恢复。")
        if asks_for_login() and known.may_log_in(date.today()):
            if st.button("生成登录链接", key=f"invite_{known.person_id}", help="首次登录或忘记密码时用"):
                _invite(desk, known)
            if st.button("作废密码", key=f"forget_{known.person_id}", help="密码可能泄露时用，各处登录一并失效"):
                _forget(desk, known)
    if not asks_for_login():
        st.caption("登录链接在以 --lan 启动后生成。")


def _invite(desk: Desk, known: Person) -> None:
    from ui.accounts.credentials import first_link

    _note_password(desk, known, "生成登录链接")

    host = st.context.headers.get("host", "")
    scheme = "https" if st.context.headers.get("x-forwarded-proto") == "https" else "http"
    st.success(f"请把链接当面或用可靠的方式交给{plain(known.name)}，7 日内有效，用后失效：")
    st.code(f"{scheme}://{host}{first_link(known.person_id)}", language=None, wrap_lines=True)


def _note_password(desk: Desk, known: Person, said: str) -> None:
    require(desk.actor, "people", "人员与权限")
    with desk.store.write() as cursor:
        keep_action(cursor, desk.actor, "password", f"{known.name}（{known.person_id}）", datetime.now(), after=said)


def _forget(desk: Desk, known: Person) -> None:
    from ui.accounts.credentials import forget_password

    _note_password(desk, known, "作废密码")
    forget_password(known.person_id)
    announce(f"{known.name}的密码已作废，各处登录已失效；请生成新的登录链接。")
    st.rerun()


def _keep(desk: Desk, drafts: list[PersonDraft], said: str, then: Callable[[], None] | None = None) -> None:
    try:
        keep_people(desk.store, drafts, desk.actor, datetime.now())
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    if then is not None:
        then()
    announce(said)
    sent(_FORM)
    st.rerun()


def add_many(desk: Desk) -> None:
    """A sheet of people taken in at once."""
    places = places_of(desk)
    st.markdown("填好人员表一次登记；账号已有的按表修改，表里没有的人不变。只有这张表可以写电话。")
    st.download_button(
        "下载人员表模板",
        lambda: blank_people_sheet(places),
        "人员表.xlsx",
        _XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="people_template",
    )
    file = st.file_uploader("人员表（.xlsx、.xls、.ods 或 .csv）", key=f"{_SHEET}_{edition(_SHEET)}")
    if file is None:
        return
    try:
        drafts = read_people_sheet(open_uploads([(file.name, file.getvalue())]), places, read_people(desk.store))
    except InputRejected as rejected:
        st.error("没有登记，请更正后重新上传：\n" + "\n".join(f"- {plain(p.sentence())}" for p in rejected.problems))
        return
    known = {one.person_id for one in read_people(desk.store)}
    if out := [draft.name for draft in drafts if not draft.is_active]:
        st.warning(plain(f"已停用的 {len(out)} 人仍是停用：{'、'.join(out)}。要恢复的，在“人员”页签逐个恢复。"))
    new = [draft for draft in drafts if draft.person_id not in known]
    st.markdown(f"表中 {len(drafts)} 人：新登记 {len(new)} 人，修改 {len(drafts) - len(new)} 人。")
    if st.button("登记", type="primary", key=f"{_SHEET}_keep", disabled=not drafts):
        _keep(desk, drafts, f"已登记 {len(drafts)} 人。", lambda: sent(_SHEET))


def show_rights(_desk: Desk) -> None:
    """Who can do what, as the program holds it."""
    st.markdown(
        "每个岗位可以做什么。联络员、学校填报员、责任督学只能办自己负责的部门、乡镇、学校的事；一人可有几个岗位。"
    )
    sentence_table(
        [
            {
                "岗位": f"**{ROLE_NAMES[role]}**",
                "可以": "、".join(ACTION_NAMES[action] for action, roles in MAY.items() if role in roles),
            }
            for role in ROLES
        ],
    )
