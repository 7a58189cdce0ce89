"""The monthly report: by division what is asked this month, what else may be said, who has not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import streamlit as st

from core.access import Actor
from core.delivery.owed.month import DivisionMonth, Month, Question, month_of, not_reported
from core.delivery.records.records import UpdateDraft, reported_in_month
from core.delivery.records.records_writing import append_updates, unit_scope
from core.delivery.status.sub_item_status import SubItemStatus
from core.errors import RequestInvalid
from core.reports.delivery_tables import sub_items_table
from core.rules.plan import TOWNSHIPS_KIND
from core.wording.carrying_out.month import asking_text, division_name, last_said, month_sentence
from core.wording.delivery import REPORTED_LABELS, level_label, receipt_sentence, unit_name
from ui import draft
from ui.carrying_out.month_workbook_view import by_workbook
from ui.carrying_out.unit_view import Chosen
from ui.forms import may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import linked_choice, unit_address
from ui.tables import downloads, sentence_table

_STATUS = {label: status for status, label in REPORTED_LABELS.items()}
_TEXTS = {"note": "说明", "evidence_link": "佐证链接", "path_to_green": "恢复正常的措施和时间"}


@dataclass(frozen=True)
class _Opened:
    """What the writer had before their eyes: the questions open then, and the report that stood behind each sub-item."""

    waiting: frozenset[str]
    seen: Mapping[str, int]


@dataclass(frozen=True)
class _Answer:
    """What one card says now; `status` is None while nothing is chosen, which reports nothing."""

    status: str | None
    progress: int | None
    forecast: date | None
    texts: Mapping[str, str]


def monthly_report(view: View, chosen: Chosen | None) -> None:
    """A unit's month: the questions of a division on one screen, saved together."""
    missing_table(view)
    if chosen is None:
        st.info("选择一个部门或乡镇后，在这里填报本月进展。")
        return
    if chosen.township_code is None and view.plan.unit(chosen.unit_id).kind == TOWNSHIPS_KIND:
        st.info("乡镇分别填报，请选择具体乡镇。")
        return
    st.header(plain(f"{chosen.name} {view.as_of:%Y 年 %m 月}月报"), anchor=False)
    reported = reported_in_month(view.store, view.county_code, view.as_of, view.as_of)
    month = month_of(view.situation, chosen.unit_id, reported, chosen.township_code)
    st.markdown(plain(f"{month_sentence(month)}。"))
    allowed = may(view, "report", unit_scope(view.plan, chosen.unit_id, chosen.township_code))
    division = _division(month)
    if division is not None:
        _questions(view, chosen, month, division, allowed)
    _others(view, chosen, month, division, allowed)
    by_workbook(view, chosen, month, allowed)
    _as_table(view, chosen, month)


def _division(month: Month) -> DivisionMonth | None:
    """The division whose questions are shown: the one chosen, else the first that owes an answer."""
    if len(month.divisions) < 2:
        return next(iter(month.divisions), None)
    by_id = {d.division_id or "none": d for d in month.divisions}
    names = {i: f"{division_name(d)}（{_counts(d)}）" for i, d in by_id.items()}
    chosen = linked_choice("股室", list(by_id), "division", names, placeholder="按股室填报")
    owing = next((i for i, d in by_id.items() if d.missing), next(iter(by_id)))
    return by_id[chosen or owing]


def _counts(division: DivisionMonth) -> str:
    waiting = len(division.missing)
    return f"待答 {waiting} 项" if waiting else "已报齐" if division.asked else "无需填报"


def _form(view: View, chosen: Chosen) -> str:
    return f"monthly_{chosen.unit_id}_{chosen.township_code}_{view.as_of}"


def _led(month: Month) -> list[SubItemStatus]:
    return [s for d in month.divisions for s in (*(q.status for q in (*d.asked, *d.beyond)), *d.unchanged)]


def _opened(month: Month, form: str) -> _Opened:
    """The form as it was opened: who writes in between is told of, and takes no question away."""
    numbers = {s.sub_item.sub_item_id: s.reported.number if s.reported else 0 for s in (*_led(month), *month.shared)}
    return draft.opened(form, lambda: _Opened(frozenset(month.missing), numbers))


def _questions(view: View, chosen: Chosen, month: Month, division: DivisionMonth, allowed: bool) -> None:
    form = f"{_form(view, chosen)}_{division.division_id}"
    opened = _opened(month, form)
    waiting = [q for q in division.asked if not q.answered or q.sub_item_id in opened.waiting]
    if division.division is not None:
        st.markdown(f"**{plain(division_name(division))}**　{plain(_counts(division))}")
    if waiting:
        st.caption("选定状态即为确认本月情况；没有选状态的不报。进度、说明已带入上次内容，有变化的请改。")
        number = draft.edition(form)
        with st.form(f"{form}_{number}", border=False):
            answers = {q.sub_item_id: _card(view, q.status, asking_text(q), f"{form}_{number}") for q in waiting}
            actor = writer(view, "填报人", f"{form}_name")
            send_button("保存月报", form, allowed, lambda: _save(view, chosen, waiting, answers, opened, actor))
    if division.beyond:
        listed = "、".join(f"{q.sub_item_id} {q.status.sub_item.title}" for q in division.beyond)
        st.caption(
            plain(f"每月先问最要紧的 10 项；另有 {len(division.beyond)} 项同样应办，可在“其他事项”中报：{listed}。")
        )
    said = [q for q in division.asked if q.answered]
    if said:
        with st.expander(f"本月已报 {len(said)} 项"):
            sentence_table(
                [
                    {"具体措施": plain(_title(q.status)), "填报": plain(last_said(q.status.reported))}
                    for q in said
                ]
            )  # fmt: skip


def _title(status: SubItemStatus) -> str:
    return f"{status.sub_item.sub_item_id} {status.sub_item.title}"


def _card(view: View, status: SubItemStatus, why: str, form: str) -> _Answer:
    """One question: what it is, why it is asked, what was said last, and the answer."""
    last, place = status.reported, f"{form}_{status.sub_item.sub_item_id}"
    with st.container(border=True):
        st.markdown(
            f"**{plain(_title(status))}**　{plain(why)}  \n"
            f"{plain(level_label(status.standing, view.plan))}　:gray[期限]　"
            f"{plain(status.standing.due or status.obligation.due)}　:gray[上次]　{plain(last_said(last))}"
        )
        chosen = st.segmented_control("状态", list(_STATUS), key=f"{place}_status", label_visibility="collapsed")
        with st.expander("进度、预计完成、说明"):
            progress = st.number_input(
                "进度（%）",
                min_value=0,
                max_value=100,
                value=last.progress if last else None,
                step=1,
                key=f"{place}_progress",
            )
            forecast = optional_day("预计完成", last.forecast_date if last else None, f"{place}_forecast")
            texts = {
                name: st.text_input(
                    label, value=getattr(last, name) if last else "", max_chars=300, key=f"{place}_{name}"
                )
                for name, label in _TEXTS.items()
            }
    return _Answer(chosen, progress, forecast, texts)


def _save(
    view: View,
    chosen: Chosen,
    asked: Sequence[Question],
    answers: Mapping[str, _Answer],
    opened: _Opened,
    actor: Actor,
) -> str:
    drafts = [(_draft(view, chosen, i, a), opened.seen.get(i, 0)) for i, a in answers.items() if a.status is not None]
    if not drafts:
        raise RequestInvalid("没有保存：一项状态也没有选。请逐项选定本月的状态，没有变化的也请选定。")
    _append(view, drafts, actor)
    left = sum(not q.answered and answers[q.sub_item_id].status is None for q in asked)
    return f"{chosen.name}已报送 {len(drafts)} 项" + (f"，还有 {left} 项待答。" if left else "。")


def _others(view: View, chosen: Chosen, month: Month, division: DivisionMonth | None, allowed: bool) -> None:
    """What nobody asks about may still be reported: unchanged sub-items, those of co-units, a word said again."""
    led = [] if division is None else [*(q.status for q in (*division.beyond, *division.asked)), *division.unchanged]
    asked = set() if division is None else set(division.missing)
    listed = {s.sub_item.sub_item_id: (s, "") for s in led if s.sub_item.sub_item_id not in asked}
    listed |= {s.sub_item.sub_item_id: (s, "（配合）") for s in month.shared}
    if not listed:
        return
    with st.expander(
        f"其他事项 {len(listed)} 项：无变化不用报，配合的有情况再报",
        expanded=not month.missing,
        key=f"{_form(view, chosen)}_rest",
    ):
        form = f"{_form(view, chosen)}_other"
        number = draft.edition(form)
        sub_item_id = st.selectbox(
            "填报哪一项",
            list(listed),
            index=None,
            format_func=lambda i: f"{_title(listed[i][0])}{listed[i][1]}",
            key=f"{form}_which_{number}",
            placeholder="选择具体措施",
        )
        if sub_item_id is None:
            return
        status, part = listed[sub_item_id]
        seen = _opened(month, form).seen
        with st.form(f"{form}_{sub_item_id}_{number}", border=False):
            answer = _card(view, status, part, f"{form}_{number}")
            actor = writer(view, "报送人", f"{form}_name")

            def write() -> str:
                if answer.status is None:
                    raise RequestInvalid(f"{sub_item_id} 没有保存：请先选定状态。")
                _append(view, [(_draft(view, chosen, sub_item_id, answer), seen.get(sub_item_id, 0))], actor)
                return f"{chosen.name}已报送 {_title(status)}。"

            send_button("保存这一项", form, allowed, write)


def _append(view: View, drafts: list[tuple[UpdateDraft, int]], actor: Actor) -> None:
    """Keep the updates; whoever wrote in between is named above the fresh page."""
    for receipt in append_updates(view.store, view.plan, view.county_code, drafts, actor, datetime.now()):
        told = receipt_sentence(receipt)
        if told is not None:
            draft.announce(f"{receipt.record.sub_item_id}：{told}", warning=True)


def _draft(view: View, chosen: Chosen, sub_item_id: str, answer: _Answer) -> UpdateDraft:
    texts: dict[str, Any] = {name: text.strip() for name, text in answer.texts.items()}
    return UpdateDraft(
        sub_item_id=sub_item_id,
        unit_id=chosen.unit_id,
        township_code=chosen.township_code,
        day=view.as_of,
        status=_STATUS[answer.status or ""],
        progress=answer.progress,
        forecast_date=answer.forecast,
        **texts,
    )


def _as_table(view: View, chosen: Chosen, month: Month) -> None:
    """Everything that the unit leads this month, to take away."""
    if led := _led(month):
        table = sub_items_table(view.situation, led, f"{view.as_of:%Y年%m月}月报")
        downloads(view, [table], chosen.name, key=f"{_form(view, chosen)}_files")


def missing_table(view: View) -> None:
    """Who owes this month's report on what."""
    now = view.situation
    missing = not_reported(now, reported_in_month(view.store, view.county_code, view.as_of, view.as_of))
    with st.expander(f"{view.as_of:%Y 年 %m 月}未报送名单：{len(missing)} 个单位"):
        if not missing:
            st.success("各单位本月均已报送。")
        names = dict(now.township_names)
        sentence_table(
            [
                {
                    "单位": f"**[{plain(unit_name(view.plan, m.unit_id, m.township_code, names))}]"
                    f"({unit_address(m.unit_id, m.township_code, unit_part='月报')})**",
                    "未报": plain(f"{len(m.missing)}/{m.owed} 项"),
                    "具体措施": plain("、".join(m.missing)),
                }
                for m in missing
            ]
        )
