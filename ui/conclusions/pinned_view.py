"""A pinned link opened: what it stated, what counts now beside it, and what changed in between."""

from __future__ import annotations

import streamlit as st

from core.batches.register import publications
from core.delivery.records.pins import Pin, read_pin
from core.delivery.records.stated import changed_figures
from core.wording.delivery import signature
from core.wording.pinned import between, pinned_headline, side_by_side
from core.wording.stated import figures_about
from ui.frame import View
from ui.labels import plain
from ui.tables import sentence_table


def asked_pin(view: View) -> Pin | None:
    """The pin that the address names; the page says so where there is none."""
    asked = st.query_params.get("pin", "")
    found = read_pin(view.store, view.county_code, int(asked)) if asked.isascii() and asked.isdigit() else None
    if found is None:
        st.title("没有这个固定链接", anchor=False)
        st.info(plain(f"固定链接“{asked}”不存在，链接可能不完整；请向发来链接的人核对，或从总览看现在的数字。"))
    return found


def pinned(view: View, pin: Pin) -> None:
    """The two sides, then where the pin comes from."""
    now = figures_about(view.situation, view.assessment, pin.about_kind, pin.about_id)
    changed = changed_figures(pin.figures, now)
    st.title(plain(pinned_headline(pin, view.situation, changed)), anchor=False)
    lines = side_by_side(pin, now)
    sentence_table(
        [
            {
                "项目": f"**{plain(name)}**",
                f"固定时（{pin.day}）": plain(then),
                f"现在（{view.as_of}）": f":orange[◆ {plain(today)}]" if differs else plain(today),
            }
            for name, then, today, differs in lines
        ],
        pressing=[differs for *_, differs in lines],
        fold="没有变化的 {n} 个数字",
    )
    st.header("其间的变化", anchor=False)
    told = between(pin, publications(view.store), view.standard.standard_id, view.situation)
    st.markdown("\n".join(f"- {plain(one)}" for one in told) or "没有发布、撤回数据，判定规则、学年和截至日都没有变。")
    who = signature(pin.actor, pin.verified, view.actor)
    st.caption(
        plain(
            f"第 {pin.number} 号固定链接，{pin.recorded_at:%Y-%m-%d} 由{who}生成；当时为 {pin.year} 学年，截至 {pin.day}，"
            f"{pin.batches}，规则 {pin.standard_id}。"
        )
    )
    st.markdown(f"[打开这一页现在的样子]({pin.address})")
