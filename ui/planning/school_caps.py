"""Caps of single schools in a plan: they stand in the address as school:kind:amount, in place of the cap of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import RequestInvalid
from core.outlook.what_if.levers import RESOURCES, resource_of
from core.wording.numbers import amount_text
from ui.frame import View
from ui.labels import plain

SchoolCap = tuple[str, str, int]
_ADDRESS = "school_caps"
_YUAN_PER_WAN = 10_000


def amount_unit(code: str) -> str:
    """The unit in which the page asks for a resource: money in 万元."""
    unit = resource_of(code).unit
    return "万元" if unit == "元" else unit


def whole_units(code: str, amount: int) -> int:
    """An amount as the page asks for it in the resource's own unit: 万元 become yuan."""
    return amount * (_YUAN_PER_WAN if resource_of(code).unit == "元" else 1)


def school_cap_text(view: View, cap: SchoolCap) -> str:
    """A cap as an official would say it."""
    school_id, code, most = cap
    resource = resource_of(code)
    return f"{view.baseline.facts.schools[school_id].name}{resource.name}新增不超过 {amount_text(most, resource.unit)}"


def choose_school_caps(view: View, faults: list[str]) -> tuple[SchoolCap, ...]:
    """The caps of single schools, each with a button that takes it back, and a form for one more.

    Amounts are in the resource's own unit. What the address says wrongly is added to `faults`.
    """
    names = {i: s.name for i, s in view.baseline.facts.schools.items() if s.is_open}
    entries = [entry for entry in st.query_params.get(_ADDRESS, "").split(";") if entry]
    st.markdown("**个别学校另定**　只对该校这一类资源生效，代替上面的上限")
    caps = []
    for place, entry in enumerate(entries):
        try:
            school_id, code, amount = _read(entry, names)
        except RequestInvalid as refusal:
            faults.append(f"{refusal}请在“每校新增上限”中撤销后重新填写。")
            words = entry
        else:
            caps.append((school_id, code, whole_units(code, amount)))
            words = school_cap_text(view, caps[-1])
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(plain(words))
            if st.button("撤销", key=f"uncap_{place}", icon=":material/undo:"):
                _keep([*entries[:place], *entries[place + 1 :]])
    _add(entries, names)
    return tuple(caps)


def _add(entries: Sequence[str], names: Mapping[str, str]) -> None:
    kinds = {code: f"{resource.name}（{amount_unit(code)}）" for code, resource in RESOURCES.items()}
    with st.form("school_cap", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        school_id = st.selectbox(
            "学校", list(names), None, format_func=lambda i: names[i], key="cap_school", placeholder="选择学校"
        )
        code = st.selectbox("资源", list(kinds), format_func=lambda c: kinds[c], key="cap_code")
        # A bound of the field itself would be refused by the browser, in the browser's language.
        most = st.number_input("该校新增上限", value=0, step=1, key="cap_most", width=140)
        sent = st.form_submit_button("加入")
    if not sent:
        return
    if school_id is None:
        st.error("请选择学校。")
        return
    own = f"{school_id}:{code}:"
    try:
        _read(f"{own}{most}", names)
    except RequestInvalid as refusal:
        st.error(plain(refusal))
        return
    # Said again of the same school and kind, it takes the place of what was said before.
    _keep([*(entry for entry in entries if not entry.startswith(own)), f"{own}{most}"])


def _read(entry: str, names: Mapping[str, str]) -> tuple[str, str, int]:
    """School, kind and amount of an entry. Raises RequestInvalid with what is wrong."""
    parts = entry.rsplit(":", 2)
    if len(parts) != 3:
        raise RequestInvalid(f"“个别学校另定”中的“{entry}”不完整，应为学校、资源和上限。")
    school_id, code, written = parts
    if school_id not in names:
        raise RequestInvalid(f"“个别学校另定”中没有学校“{school_id}”，请从本学年的学校中选择。")
    name = resource_of(code).name
    digits = written.removeprefix("-")
    if not (digits.isdecimal() and digits.isascii()):
        raise RequestInvalid(f"{names[school_id]}的{name}上限应为整数，现为“{written}”。")
    if written != digits:
        raise RequestInvalid(f"{names[school_id]}的{name}上限不能为负数，现为 {written} {amount_unit(code)}。")
    return school_id, code, int(digits)


def _keep(entries: Sequence[str]) -> None:
    if entries:
        st.query_params[_ADDRESS] = ";".join(entries)
    else:
        st.query_params.pop(_ADDRESS, None)
    st.rerun()
