"""What one more unit costs and for how many years salaries count: changed on the page, kept with the county, dated."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.errors import RequestInvalid, RulesInvalid
from core.rules.prices import PriceList
from core.store.county_files import keep_prices
from ui.frame import View
from ui.labels import plain

_PAID = {"once": "一次性", "yearly": "按年"}


def edit_prices(view: View) -> None:
    """The county's prices as a table to change; every plan and scenario of the county goes by them from then on."""
    listed = view.county.price_list
    with st.expander("单价、周期和工资年数（可修改）"):
        dated = (
            f"本县单价，更新于 {listed.dated:%Y-%m-%d}。" if listed.dated else "随系统提供的假设单价，请换成本县的数。"
        )
        st.caption(plain(dated))
        with st.form("prices", border=False):
            edited = st.data_editor(
                _table(listed),
                hide_index=True,
                key="price_table",
                disabled=["项目", "单位", "支付"],
                column_config={
                    "单价（元）": st.column_config.NumberColumn(min_value=0.01, required=True),
                    "周期（月）": st.column_config.NumberColumn(min_value=0, max_value=240, step=1, required=True),
                    "依据": st.column_config.TextColumn(max_chars=200, required=True),
                },
            )
            years = st.number_input("工资和按年经费计入几年", 1, 20, listed.salary_years, key="salary_years", width=220)
            wanted = st.form_submit_button("保存为本县单价", disabled=not view.actor.may("plan"))
        if wanted:
            try:
                keep_prices(
                    view.store, view.county_code, _as_edited(listed, edited, int(years)), view.actor, datetime.now()
                )
            except (RequestInvalid, RulesInvalid) as refused:
                st.error(plain(f"单价没有保存：{refused}"))
                return
            st.rerun()


def _table(listed: PriceList) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "项目": [p.name for p in listed.prices],
            "单位": [p.unit for p in listed.prices],
            "单价（元）": [float(p.yuan) for p in listed.prices],
            "支付": [_PAID[p.paid] for p in listed.prices],
            "周期（月）": [p.lead_months for p in listed.prices],
            "依据": [p.note for p in listed.prices],
        }
    )


def _as_edited(listed: PriceList, edited: pd.DataFrame, years: int) -> PriceList:
    """The list with the cells as they stand; a price that was changed is the county's own."""
    rows = edited.to_dict("records")
    prices = []
    for price, row in zip(listed.prices, rows, strict=True):
        yuan = Decimal(repr(float(row["单价（元）"]))).normalize()
        prices.append(
            replace(
                price,
                yuan=yuan,
                lead_months=int(row["周期（月）"]),
                note=str(row["依据"]),
                assumption=price.assumption and yuan == price.yuan,
            )
        )
    return replace(listed, prices=tuple(prices), salary_years=years)
