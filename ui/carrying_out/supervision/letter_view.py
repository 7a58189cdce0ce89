"""督办文书: what is due by days late, every letter and how it stands, one letter with its text and its next state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import get_args

import streamlit as st

from core.access import Actor
from core.delivery.on_time import Reason
from core.delivery.owed.escalation import (
    DueLetter,
    addressee_of,
    awaiting_recheck,
    due_letters,
    letter_standing,
    overdue_matters,
    unmoved,
)
from core.delivery.supervision.letters import (
    NEXT_STATES,
    STATE_NAMES,
    Letter,
    LetterDraft,
    LetterState,
    keep_letter,
    letter_action,
    letter_history,
    letter_scope,
)
from core.errors import PlatformError
from core.reports.letter_document import letter_document
from core.reports.tables import file_name
from core.wording.carrying_out.letters import (
    addressee_name,
    letter_draft,
    letter_name,
    letter_state_text,
    opinion_draft,
)
from core.wording.delivery import person_text, signature
from ui import draft
from ui.carrying_out.supervision.attachments_view import attachment_links, upload_field, uploads_of
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import address, linked_choice
from ui.status_view import back_link, day_text, level_tone
from ui.tables import sentence_table

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# More than any letter may have: a field that cuts a text says nothing of it, the write does.
_MOST_TYPED = 20_000
_STATE_TONES = {"draft": "gray", "withdrawn": "gray"}


def headline(view: View) -> str:
    """How many letters are due, lie as drafts, and have had no answer in time."""
    held = view.situation.letters
    due = due_letters(view.situation)
    late = sum(letter_standing(view.situation, x).reason is Reason.OVERDUE for x in held if x.was_sent)
    drafts = sum(x.state == "draft" for x in held)
    owed = f"应发督办文书 {len(due)} 份" if view.plan.supervision else "方案没有规定逐级督办的天数"
    return f"{owed}，草稿 {drafts} 份，已印发 {sum(x.was_sent for x in held)} 份，回复逾期 {late} 份"


def letters(view: View) -> None:
    """One letter or a new draft; then what is due; then all of them."""
    now = view.situation
    names = {x.letter_id: f"{letter_name(view.plan, x.kind)} {x.title}" for x in now.letters}
    letter_id = linked_choice("文书", list(names), "letter", names, placeholder="选一份看正文和办理情况")
    if letter_id is not None:
        _one_letter(view, next(x for x in now.letters if x.letter_id == letter_id))
        back_link(view, "supervision", "回到全部文书", supervision_part="督办文书")
    elif (visit := st.query_params.get("opinion")) is not None:
        _new_opinion(view, visit)
    _due(view)
    _all(view)


def _due(view: View) -> None:
    """What the days late call for, the harshest first, each drafted with one click."""
    found = due_letters(view.situation)
    st.header(plain(f"按逾期天数应发的 {len(found)} 份"), anchor=False)
    rules = view.plan.supervision
    if rules is None:
        st.info("方案没有规定逐级督办的天数；可在“实施方案 → 方案调整”中补写 supervision 一节。")
        return
    steps = "→".join(f"{rule.name}（逾期 {rule.days_late_from} 天起）" for rule in rules.letters)
    st.caption(plain(f"{steps}。本平台只拟草稿，不代为发文；登记文号、签发人和日期后才算印发。{rules.assumption}"))
    if waiting := awaiting_recheck(view.situation):
        st.caption(plain(f"另有 {waiting} 件问题已报佐证、待我方核验或销号，不列入。"))
    if not found:
        st.success("逾期事项都已发过相应的文书，或没有逾期事项。")
    allowed = view.actor.may("supervise")
    actor = writer(view, "拟稿人", "letter_drafter") if allowed else view.actor
    kinds: dict[str, str] = {"": "按逾期天数", **{str(rule.kind): rule.name for rule in rules.letters}}
    chosen = (
        st.selectbox("拟哪一种", list(kinds), format_func=lambda kind: kinds[kind], key="letter_kind", width=240)
        if allowed and found
        else ""
    )
    for due in found:
        titles = "；".join(f"{m.title}（逾期 {m.days_late} 天）" for m in due.matters[:3])
        more = f"；等 {len(due.matters)} 项" if len(due.matters) > 3 else ""
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(
                f"**{plain(due.rule.name)}**　{plain(addressee_name(view.situation, due.addressee))}　"
                f":red[▲ 最长逾期 {due.days_late} 天]  \n{plain(titles + more)}"
            )
            if due.draft is not None:
                st.markdown(f"[看草稿]({_letter_address(due.draft)})")
            elif allowed and st.button("拟稿", key=f"draft_{due.rule.kind}_{due.addressee.key}"):
                wanted = next((rule for rule in rules.letters if rule.kind == chosen), due.rule)
                _draft(view, replace(due, rule=wanted), actor)
    if still := unmoved(view.situation):
        with st.expander(f"已发过文书、仍未完成的 {len(still)} 项"):
            sentence_table(
                [
                    {
                        "事项": f"**{plain(m.title)}**",
                        "收文单位": plain(addressee_name(view.situation, m.addressee)),
                        "逾期": f":red[▲ {m.days_late} 天]",
                    }
                    for m in still
                ]
            )


def _draft(view: View, due: DueLetter, actor: Actor) -> None:
    try:
        kept = keep_letter(
            view.store,
            view.plan,
            view.situation.facts,
            view.county_code,
            letter_draft(view.situation, due, view.as_of),
            actor,
            datetime.now(),
        )
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    draft.announce(f"已拟{due.rule.name}草稿，请核对正文后印发。")
    st.query_params["letter"] = kept.letter_id
    st.rerun()


def _letter_address(letter: Letter) -> str:
    return address("supervision", supervision_part="督办文书", letter=letter.letter_id)


def _state_mark(view: View, letter: Letter) -> str:
    standing = letter_standing(view.situation, letter)
    tone = _STATE_TONES.get(letter.state) or level_tone(standing.level)
    return f":{tone}[{plain(letter_state_text(letter, standing))}]"


def _all(view: View) -> None:
    held = view.situation.letters
    st.header(plain(f"全部文书 {len(held)} 份"), anchor=False)
    if not held:
        st.info("还没有文书。")
        return
    letter_table(view, held)


def letter_table(view: View, listed: Sequence[Letter]) -> None:
    """Letters, each a link to its text, with how it stands."""
    sentence_table(
        [
            {
                "文书": f"**[{plain(x.title)}]({_letter_address(x)})**",
                "种类": plain(letter_name(view.plan, x.kind)),
                "收文单位": plain(addressee_name(view.situation, addressee_of(x))),
                "文号": plain(x.document_number or "—"),
                "印发": day_text(x.issued_on),
                "回复期限": day_text(x.reply_by),
                "状态": _state_mark(view, x),
            }
            for x in listed
        ]
    )


def _one_letter(view: View, letter: Letter) -> None:
    """The text, what was done with it, the Word file, and the form of its next state."""
    kind = letter_name(view.plan, letter.kind)
    with st.container(border=True):
        st.markdown(f"**{plain(letter.title)}**　{_state_mark(view, letter)}")
        facts = [
            ("收文单位", addressee_name(view.situation, addressee_of(letter))),
            ("责任人", person_text(letter.recipient, view.actor) if letter.recipient else "—"),
            ("文号", letter.document_number or "—"),
            ("签发人", person_text(letter.signer, view.actor) if letter.signer else "—"),
            ("印发", letter.issued_on or "—"),
            (
                "签收",
                f"{person_text(letter.received_by, view.actor)} {letter.received_on}" if letter.received_on else "—",
            ),
            ("回复期限", letter.reply_by or "—"),
        ]
        st.markdown("　".join(f":gray[{name}]　{plain(said)}" for name, said in facts))
        st.code(letter.content, language=None, wrap_lines=True)
        st.download_button(
            "下载 Word",
            lambda: letter_document(letter, kind, view.is_demo),
            file_name(kind, str(letter.issued_on or letter.day), letter.letter_id, "docx", is_demo=view.is_demo),
            _DOCX,
            icon=":material/description:",
            on_click="ignore",
            key=f"docx_{letter.letter_id}",
        )
        sentence_table(
            [
                {
                    "登记": f"**{STATE_NAMES[version.state]}**",
                    "日期": day_text(version.day),
                    "经办人": plain(signature(version.actor, version.verified, view.actor)),
                    "附件": attachment_links(view, version.number) or "—",
                    "说明": plain(version.note or "—"),
                }
                for version in letter_history(view.store, view.county_code, letter.letter_id, view.as_of)
            ]
        )
        _next_state(view, letter)


def _next_state(view: View, letter: Letter) -> None:
    states = list(NEXT_STATES[letter.state])
    if not states:
        still = [m for m in overdue_matters(view.situation) if m.key in letter.matters]
        left = (
            f"所列 {len(letter.matters)} 项中仍有 {len(still)} 项逾期没有完成。" if still else "所列事项已没有逾期的。"
        )
        st.caption(plain(f"已回复；{left}" if letter.state == "answered" else "已作废。"))
        return
    allowed = may(view, letter_action(letter), letter_scope(letter))
    names: dict[LetterState, str] = {**STATE_NAMES, "draft": "修改草稿"}
    form = f"letter_{letter.letter_id}"
    chosen = st.segmented_control(
        "登记",
        states,
        default=states[0],
        required=True,
        format_func=lambda s: names[s],
        key=f"{form}_state_{letter.number}",
    )
    state = next((s for s in get_args(LetterState) if s == chosen), states[0])
    _form(view, _in_state(letter, state), form, allowed)


def _in_state(letter: LetterDraft, state: LetterState) -> LetterDraft:
    """The letter as a draft of its next state."""
    said = {name: getattr(letter, name) for name in LetterDraft.__dataclass_fields__}
    return LetterDraft(**{**said, "state": state, "note": ""})


def _new_opinion(view: View, visit_number: str) -> None:
    """A 督导意见书 from a visit, issued at once or kept as a draft."""
    visit = next((v for v in view.situation.visits if str(v.number) == visit_number), None)
    if visit is None:
        st.warning(plain(f"没有第 {visit_number} 号督导记录，请从督导记录中选择。"))
        return
    states = view.situation.issue_states
    found = [i for i in view.situation.issues if i.source == "visit" and i.source_id == visit_number]
    issues = [issue for issue in found if states[issue.number].is_open]
    made = opinion_draft(view.situation, visit, issues, view.as_of)
    with st.container(border=True):
        st.markdown("**新的督导意见书**")
        state = st.segmented_control(
            "登记",
            ["draft", "issued"],
            default="draft",
            required=True,
            format_func=lambda s: "存为草稿" if s == "draft" else "已印发，交学校整改",
            key=f"opinion_{visit_number}_state",
        )
        allowed = may(view, letter_action(made), letter_scope(made))
        _form(view, replace(made, state="issued" if state == "issued" else "draft"), f"opinion_{visit_number}", allowed)


def _form(view: View, made: LetterDraft, form: str, allowed: bool) -> None:
    """What a letter asks for in the state it is to have."""
    place = f"{form}_{made.state}_{draft.edition(form)}"
    with st.form(place, border=False):
        title, content, recipient = made.title, made.content, made.recipient
        number, signer, issued_on, reply_by = made.document_number, made.signer, made.issued_on, made.reply_by
        received_by, received_on = made.received_by, made.received_on
        is_open = made.state == "draft" or (made.state == "issued" and made.issued_on is None)
        if is_open:
            title = st.text_input("标题", value=title, key=f"{place}_title", max_chars=100)
            content = st.text_area("正文", value=content, key=f"{place}_content", max_chars=_MOST_TYPED, height=320)
            recipient = st.text_input("收文单位责任人", value=recipient, key=f"{place}_recipient", max_chars=20)
            reply_by = optional_day("回复期限", reply_by, f"{place}_reply")
        if made.state == "issued" and is_open:
            number = st.text_input("文号", value=number, key=f"{place}_number", max_chars=60)
            signer = st.text_input("签发人", value=signer, key=f"{place}_signer", max_chars=20)
            issued_on = optional_day("印发日期", issued_on or view.as_of, f"{place}_issued")
        if made.state == "received":
            received_by = st.text_input("签收人", value=received_by, key=f"{place}_received_by", max_chars=20)
            received_on = optional_day("签收日期", view.as_of, f"{place}_received_on")
        note = st.text_input("说明（作废、回复期限超出方案期限的，写明理由）", key=f"{place}_note", max_chars=300)
        files = upload_field("扫描件", f"{place}_files")
        day: date = day_field(view, "登记日期", f"{place}_day")
        actor = writer(view, "经办人", f"{place}_writer")

        def write() -> str:
            kept = keep_letter(
                view.store,
                view.plan,
                view.situation.facts,
                view.county_code,
                replace(
                    made,
                    title=title or "",
                    content=content or "",
                    recipient=recipient or "",
                    document_number=number or "",
                    signer=signer or "",
                    issued_on=issued_on,
                    reply_by=reply_by,
                    received_by=received_by or "",
                    received_on=received_on,
                    note=note or "",
                    day=day,
                ),
                actor,
                datetime.now(),
                uploads_of(files),
            )
            st.query_params["letter"] = kept.letter_id
            st.query_params.pop("opinion", None)
            return f"文书 {kept.letter_id} 已登记：{STATE_NAMES[kept.state]}。"

        send_button("登记", form, allowed, write)
