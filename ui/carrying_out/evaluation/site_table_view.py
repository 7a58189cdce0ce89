"""实地核查表 of one school: figures found on a phone, printed on A4, signed by both sides, accepted into a correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import streamlit as st

from core.delivery.evaluation.evaluations import Evaluation
from core.delivery.evaluation.site_checks import (
    Entry,
    SignatureDraft,
    SiteDraft,
    accept_differences,
    keep_site_checks,
    sign,
)
from core.delivery.evaluation.site_fields import SiteField
from core.delivery.evaluation.site_tables import Finding, Side, SiteTable
from core.delivery.supervision.visits import school_scope
from core.errors import InputRejected, RequestInvalid
from core.reports.evaluation_documents import site_table, site_table_document
from core.reports.tables import file_name
from core.wording.carrying_out.evaluation import SIDE_NAMES, number_text, table_state
from core.wording.delivery import signature
from core.wording.school_names import school_names
from ui import draft
from ui.access import while_permitted
from ui.carrying_out.evaluation.evaluation_view import DOCX, fields_of, tables_of
from ui.carrying_out.supervision.attachments_view import upload_field, uploads_of
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import address
from ui.tables import downloads, sentence_table

_GROUPS = (
    ("enrolment.", "在校生与教师"),
    ("premises.", "校舍与设备"),
    ("room.", "专用教室"),
    ("class.", "各班人数"),
    ("band.", "各档班数"),
)


def site_table_of(view: View, evaluation: Evaluation) -> bool:
    """Draw the table of the school that the address names; False where it names none that was drawn."""
    school_id = st.query_params.get("site")
    if school_id is None or school_id not in evaluation.school_ids:
        return False
    name = school_names(view.situation).get(school_id, school_id)
    fields = fields_of(view, evaluation, school_id)
    table = tables_of(view, evaluation).get(school_id)
    st.header(plain(f"{name}实地核查表"), anchor=False)
    st.markdown(plain(table_state(table, fields)))
    if not fields:
        st.info(f"{evaluation.year} 学年没有这所学校的数据。")
    if table is not None:
        _found(fields, table)
    if evaluation.state == "open" and fields:
        _form(view, evaluation, school_id, fields, table or SiteTable())
    if evaluation.state == "open" and table is not None:
        _signatures(view, evaluation, school_id, table)
    if table is not None and table.accepted:
        _accept(view, evaluation, school_id, table)
    _papers(view, evaluation, name, fields, table)
    return True


def _found(fields: Sequence[SiteField], table: SiteTable) -> None:
    """What was found otherwise, and what has changed since; what agrees is counted."""
    by_field = {f.field: f for f in fields}
    differing = table.differences
    st.markdown(plain(f"与填报数相同 {len(table.findings) - len(differing)} 项，不同 {len(differing)} 项。"))
    if changed := table.changed_since(fields):
        names = "、".join(f.name for f in changed)
        st.warning(plain(f"核查以后，{len(changed)} 项的现行数已变，或数据中已无此项：{names}。请重新核查、签字。"))
    if not differing:
        return
    batch = f"● 已存为更正草稿，批次 {table.batch_id}" if table.batch_id is not None else "◇ 尚未更正"
    sentence_table(
        [
            {
                "项目": f"**{plain(f.name)}**",
                "年报数": plain(number_text(by_field.get(f.field), f.yearbook)),
                "填报数": plain(number_text(by_field.get(f.field), f.filled)),
                "核查数": plain(number_text(by_field.get(f.field), f.found)),
                "差异": plain(number_text(by_field.get(f.field), f.difference)),
                "原因": plain(f.reason),
                "更正": plain(batch),
            }
            for f in differing
        ],
        pressing=[True] * len(differing),
    )


def _form(view: View, evaluation: Evaluation, school_id: str, fields: Sequence[SiteField], table: SiteTable) -> None:
    """One part of the table at a time: a number is typed only where it differs, the rest agrees with one tick."""
    allowed = may(view, "visit", school_scope(school_id))
    groups = [(title, [f for f in fields if f.field.startswith(start)]) for start, title in _GROUPS]
    groups = [(title, held) for title, held in groups if held]
    titles = [title for title, _ in groups]
    waiting = {t: sum(f.field not in table.findings for f in held) for t, held in groups}
    part = st.segmented_control(
        "核查哪一部分", titles, default=titles[0], required=True, key="site_part",
        format_func=lambda t: f"{t}（待核查 {waiting[t]}）" if waiting[t] else f"{t}（已核查）",
    )  # fmt: skip
    part = str(part or titles[0])
    held = dict(groups)[part]
    form = f"site_{evaluation.evaluation_id}_{school_id}_{part}"
    place = f"{form}_{draft.edition(form)}"
    # What stood there when the form was opened: the tick confirms nothing that came in between.
    opened = draft.opened(form, lambda: (table.last, {f.field: f.filled for f in held}))
    with st.form(place, border=False):
        st.caption("与填报数不同的，填核查数，并展开填原因。其余相同的，勾选下面一项一并确认。")
        typed = {f.field: _field(f, table.findings.get(f.field), place) for f in held}
        agrees = st.checkbox("其余还没有核查的，核查数与填报数相同", key=f"{place}_agrees")
        problems = st.text_area("发现的问题（每行一个，逐个建账；没有的不填）", max_chars=600, key=f"{place}_problems")
        files = upload_field("照片或扫描件", f"{place}_files")
        day = day_field(view, "核查日期", f"{place}_day")
        actor = writer(view, "核查人", f"{place}_writer")

        def write() -> str:
            seen, filled = opened
            if filled != {f.field: f.filled for f in held}:
                draft.sent(form)
                raise RequestInvalid("您填写期间，这所学校的数据有更新；请核对新的填报数后重新填写。")
            kept = keep_site_checks(
                view.store, view.plan, view.situation.facts, view.county_code,
                SiteDraft(
                    evaluation_id=evaluation.evaluation_id, school_id=school_id, entries=_entries(held, typed, agrees, table),
                    day=day, seen=seen,
                    problems=tuple(line.strip() for line in (problems or "").splitlines() if line.strip()),
                ),
                actor, datetime.now(), uploads_of(files),
            )  # fmt: skip
            serials = "、".join(f"第 {issue.serial} 号" for issue in kept)
            return f"已登记{part}的核查数" + (f"，问题已建账：{serials}。" if serials else "。")

        send_button("登记核查数", form, allowed, write)


def _field(field: SiteField, before: Finding | None, place: str) -> tuple[Decimal | None, Decimal | None, str]:
    """The yearbook's number, the number found and the reason, as typed now."""
    said = f"已核查 {number_text(field, before.found)}" if before is not None else "待核查"
    st.markdown(
        f"**{plain(field.name)}**　:gray[{plain(field.indicators)}]　填报 {plain(number_text(field, field.filled))}　{plain(said)}"
    )
    step = 1.0 if field.whole else 0.01
    found = st.number_input("核查数", 0.0, None, None, step, key=f"{place}_{field.field}", placeholder="相同的不填")
    with st.expander("差异原因、年报数"):
        reason = st.text_input("差异原因", max_chars=200, key=f"{place}_{field.field}_r")
        yearbook = st.number_input(
            "年报数", 0.0, None, None, step, key=f"{place}_{field.field}_y", placeholder="可不填"
        )
    return _decimal(yearbook), _decimal(found), (reason or "").strip()


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number)).normalize()


def _entries(
    fields: Sequence[SiteField],
    typed: Mapping[str, tuple[Decimal | None, Decimal | None, str]],
    agrees: bool,
    table: SiteTable,
) -> tuple[Entry, ...]:
    """What was typed, and, where that was ticked, that the rest agrees.

    A figure that nobody filled in agrees with nothing, and one verified before stays as it was found.
    """
    made = []
    for field in fields:
        yearbook, found, reason = typed[field.field]
        if found is not None:
            made.append(Entry(field.field, found, yearbook, reason))
        elif agrees and field.filled is not None and field.field not in table.findings:
            made.append(Entry(field.field, field.filled, yearbook))
    return tuple(made)


def _signatures(view: View, evaluation: Evaluation, school_id: str, table: SiteTable) -> None:
    """Who has signed, and the ways to sign, each with a button of its own."""
    lines = []
    for side, name in SIDE_NAMES.items():
        signed = table.signed_by(side)
        who = "○ 待签字"
        if signed is not None:
            paper = f"（纸质签字：{signed.on_paper}，代登）" if signed.on_paper else ""
            who = f"● {signature(signed.actor, signed.verified, view.actor)}{paper}　{signed.day}"
        lines.append(f"**{plain(name)}**　{plain(who)}")
    st.markdown("  \n".join(lines))
    if table.accepted:
        return
    scope = school_scope(school_id)
    st.caption(
        "签字即确认表中现有各数；此后再改的，须重新签字。" + ("" if view.actor.verified else "未登录的签字不作数。")
    )
    if view.actor.may("visit", scope) and table.signed_by("evaluator") is None:
        _sign(view, evaluation, school_id, table, "evaluator", "核查人签字确认")
    if school_id in view.actor.schools and "school" in view.actor.roles and table.signed_by("school") is None:
        _sign(view, evaluation, school_id, table, "school", "学校签字确认")
    elif view.actor.may("visit", scope) and table.signed_by("school") is None:
        with st.expander("学校已在纸质表上签字的，代为登记"):
            _sign(view, evaluation, school_id, table, "school", "登记学校纸质签字", by_paper=True)


def _sign(
    view: View,
    evaluation: Evaluation,
    school_id: str,
    table: SiteTable,
    side: Side,
    label: str,
    *,
    by_paper: bool = False,
) -> None:
    form = f"sign_{side}_{evaluation.evaluation_id}_{school_id}"
    place = f"{form}_{draft.edition(form)}"
    seen = draft.opened(form, lambda: table.last)
    with st.form(place, border=False):
        paper = ""
        if by_paper:
            paper = st.text_input("签字人姓名和职务", max_chars=40, key=f"{place}_paper") or ""

        def write() -> str:
            if by_paper and not paper.strip():
                raise RequestInvalid("请填写纸质表上签字人的姓名和职务。")
            kept = SignatureDraft(
                evaluation_id=evaluation.evaluation_id, school_id=school_id, side=side, day=view.as_of, seen=seen,
                on_paper=paper,
            )  # fmt: skip
            try:
                sign(view.store, view.county_code, kept, view.actor, datetime.now())
            except RequestInvalid:
                # The next look at the page opens the form on the table as it then stands.
                draft.sent(form)
                raise
            return f"{SIDE_NAMES[side]}已签字。"

        send_button(label, form, True, write)


def _accept(view: View, evaluation: Evaluation, school_id: str, table: SiteTable) -> None:
    """The differences both sides signed for become a draft of corrections, which is previewed and published like any."""
    if not table.differences:
        st.success("核查数与填报数没有不同。")
        return
    if table.batch_id is None:
        allowed = may(view, "load")
        form = f"accept_{evaluation.evaluation_id}_{school_id}"
        with st.form(f"{form}_{draft.edition(form)}", border=False):

            def write() -> str:
                try:
                    number = accept_differences(
                        view.store, view.standard, view.county_code, evaluation.evaluation_id, school_id, view.actor,
                        datetime.now(),
                    )  # fmt: skip
                except InputRejected as rejected:
                    said = "；".join(p.sentence().rstrip("。") for p in rejected.problems[:5])
                    raise RequestInvalid(f"体检没有通过：{said}。请核对核查数。") from None
                return f"更正已存为草稿，批次 {number}；请在“数据管理”中预览、发布后重新判定。"

            send_button(f"把 {len(table.differences)} 项差异存为更正草稿", form, allowed, write)
    st.markdown(f"[到数据管理预览和发布]({address('batches')})")


def _papers(
    view: View, evaluation: Evaluation, name: str, fields: Sequence[SiteField], table: SiteTable | None
) -> None:
    """The table on A4, to fill in by hand or to file, and as a workbook."""
    st.download_button(
        "下载实地核查表（A4，Word）",
        while_permitted("view", lambda: site_table_document(evaluation.title, name, fields, table, view.is_demo)),
        file_name("实地核查表", evaluation.evaluation_id, name, "docx", is_demo=view.is_demo),
        DOCX,
        key=f"site_docx_{evaluation.evaluation_id}",
        icon=":material/print:",
        on_click="ignore",
    )
    downloads(view, [site_table(f"{name}实地核查表", fields, table)], name, key="site_table")
