"""The evidence catalogue: per sub-item and per item what is filed and what is missing; and its form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core.delivery.owed.evidence import Required, required_documents, to_review
from core.delivery.records.records import EvidenceDocument, EvidenceDraft, ReviewDraft
from core.delivery.records.records_writing import MOST_PAGES, file_evidence, review_evidence, unit_scope
from core.delivery.status.status import sub_item_statuses
from core.delivery.status.sub_item_status import SubItemStatus
from core.naming import named
from core.reports.delivery_tables import evidence_table
from core.rules.plan import TOWNSHIPS_KIND
from core.rules.plan_metrics import ItemMetric, VetoMetric
from core.wording.delivery import EVIDENCE_LABELS, EVIDENCE_STATES, document_text, evidence_state, signature
from core.wording.items import item_name
from ui import draft
from ui.carrying_out.supervision.attachments_view import attachment_links, upload_field, uploads_of
from ui.forms import day_field, may, optional_day, send_button, writer
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address, linked_choice
from ui.status_view import back_link, unit_link
from ui.tables import downloads, sentence_table


def headline(view: View) -> str:
    """How many of the required documents are filed."""
    statuses = list(sub_item_statuses(view.situation).values())
    filed, required = _sums(statuses)
    confirmed = sum(s.evidence_confirmed for s in statuses)
    return (
        f"具体措施佐证材料应归档 {required} 份，已归档 {filed} 份，其中经核验 {confirmed} 份，缺 {required - filed} 份"
    )


def _sums(statuses: Sequence[SubItemStatus]) -> tuple[int, int]:
    return sum(s.evidence_filed for s in statuses), sum(s.evidence_required for s in statuses)


def catalogue(view: View) -> None:
    """Counts by task, the documents of a chosen task, then the items of the standard."""
    statuses = sub_item_statuses(view.situation)
    tasks = {t.task_id: f"{t.task_id} {t.title}" for t in view.plan.tasks}
    task_id = linked_choice("任务", list(tasks), "task", tasks, placeholder="全部任务，选一项看材料明细")
    if task_id is None:
        held = list(statuses.values())
        sentence_table([_task_line(view, statuses, t) for t in tasks])
    else:
        held = [statuses[s.sub_item_id] for t in view.plan.tasks if t.task_id == task_id for s in t.sub_items]
        sentence_table([_sub_item_line(view, status) for status in held])
        back_link(view, "projects", "回到全部任务", part="佐证目录")
    downloads(view, [evidence_table(view.situation, held)], task_id or "", key="evidence")
    st.header("按国家标准的指标", anchor=False)
    st.caption(f"每项指标的佐证包括：{view.year} 年归入该指标的材料，以及推动该指标的各具体措施的材料。")
    sentence_table(_item_lines(view, list(statuses.values())))


def _task_line(view: View, statuses: dict[str, SubItemStatus], task_id: str) -> dict[str, str]:
    task = next(t for t in view.plan.tasks if t.task_id == task_id)
    held = [statuses[s.sub_item_id] for s in task.sub_items]
    filed, required = _sums(held)
    complete = sum(s.evidence_filed == s.evidence_required for s in held)
    link = address("projects", part="佐证目录", task=task_id)
    return {
        "任务": f"**[{plain(f'{task_id} {task.title}')}]({link})**",
        "已归档": plain(f"{filed}/{required} 份"),
        "缺": _missing(required - filed),
        "材料齐全的具体措施": plain(f"{complete}/{len(held)}"),
    }


def _missing(number: int) -> str:
    return f":red[▲ {number}]" if number else ":green[● 0]"


def _sub_item_line(view: View, status: SubItemStatus) -> dict[str, str]:
    by_township = view.plan.unit(status.obligation.lead_unit_id).kind == TOWNSHIPS_KIND
    words = _township_words if by_township else _document_words
    sub_item = status.sub_item
    return {
        "具体措施": f"**{plain(f'{sub_item.sub_item_id} {sub_item.title}')}**",
        "已归档": plain(f"{status.evidence_filed}/{status.evidence_required} 份"),
        "缺": _missing(status.evidence_required - status.evidence_filed),
        "材料": "  \n".join(words(view, required) for required in required_documents(view.situation, status)),
        "责任单位": unit_link(view.plan, status.obligation.lead_unit_id),
    }


_STATE_MARKS = {
    "missing": ":red[▲ {}]",
    "incomplete": ":red[▲ {}]",
    "returned": ":red[▲ {}]",
    "filed": ":gray[◐ {}]",
    "confirmed": ":green[● {}]",
}


def _state_mark(state: str) -> str:
    return _STATE_MARKS[state].format(EVIDENCE_STATES[state])


def _document_words(view: View, required: Required) -> str:
    last = required.entries[-1] if required.entries else None
    review = None if last is None else required.reviews.get(last.number)
    mark = _state_mark(evidence_state(last, review))
    if last is None or last.state == "missing":
        return f"{mark} {plain(required.title)}"
    holder = view.plan.unit(last.holder_unit_id).name
    words = f"{mark} {plain(f'{document_text(last)}　{holder}保管')}"
    if links := attachment_links(view, last.number):
        words += f"　{links}"
    if review is not None:
        words += f"  \n:small[{plain(f'{review.day} {signature(review.actor, review.verified, view.actor)}：{review.note}')}]"
    return words


def _township_words(view: View, required: Required) -> str:
    names = view.situation.township_names
    filed = {e.township_code for e in required.filed}
    confirmed = {e.township_code for e in required.confirmed}
    absent = [name for code, name in names.items() if code not in filed]
    waiting = [name for code, name in names.items() if code in filed - confirmed]
    if not absent and not waiting:
        return f":green[● {len(names)} 个乡镇{EVIDENCE_STATES['confirmed']}] {plain(required.title)}"
    words = [f":red[▲ {EVIDENCE_STATES['missing']}] {plain(named(absent, '个乡镇'))}"] if absent else []
    words += [f":gray[◐ {EVIDENCE_STATES['filed']}] {plain(named(waiting, '个乡镇'))}"] if waiting else []
    return f"{plain(required.title)}：{'　'.join(words)}"


def _item_lines(view: View, statuses: Sequence[SubItemStatus]) -> list[dict[str, str]]:
    lines = []
    for result in view.assessment.items:
        own = [e for e in view.situation.records.evidence if (e.subject, e.year) == (result.code, view.year)]
        moving = [
            s
            for s in statuses
            if isinstance(s.sub_item.metric, ItemMetric | VetoMetric) and s.sub_item.metric.code == result.code
        ]
        filed, required = _sums(moving)
        own_filed = sum(e.is_filed for e in own)
        total = required + len(own)
        lines.append(
            {
                "指标": f"**{plain(item_name(result.code, view.standard))}**",
                "结论": verdict_mark(result.verdict),
                "已归档": plain(f"{filed + own_filed}/{total} 份") if total else "— 未列材料",
                "缺": _missing(total - filed - own_filed) if total else "—",
                "归入指标的材料": plain("、".join(f"{document_text(e)}（{_own_state(view, e)}）" for e in own) or "—"),
                "推动具体措施": plain("、".join(s.sub_item.sub_item_id for s in moving) or "—"),
            }
        )
    return lines


def _own_state(view: View, document: EvidenceDocument) -> str:
    return EVIDENCE_STATES[evidence_state(document, view.situation.records.reviews.get(document.number))]


def review_form(view: View) -> None:
    """Confirm a filed document or send it back, as another person than the one who filed it."""
    waiting = to_review(view.situation)
    names = {str(e.number): f"{e.subject} {document_text(e)}（{_where(view, e)}）" for e in waiting}
    with st.expander(f"核验佐证：{len(waiting)} 份待核验"):
        if not waiting:
            st.success("已归档的材料都有人核验过。")
            return
        number = linked_choice("待核验的材料", list(names), "document", names, placeholder="选一份材料")
        if number is None:
            return
        document = next(e for e in waiting if str(e.number) == number)
        allowed = may(view, "check", unit_scope(view.plan, document.holder_unit_id, document.township_code))
        st.markdown(
            f"{plain(document_text(document))}  \n:gray[登记]　{plain(document.day)} "
            f"{plain(signature(document.actor, document.verified, view.actor))}　:gray[存放]　{plain(document.note or '—')}"
            + (f"  \n:gray[附件]　{links}" if (links := attachment_links(view, document.number)) else "")
        )
        form = f"review_{number}"
        place = f"{form}_{draft.edition(form)}"
        with st.form(place, border=False):
            outcome = st.radio("核验结论", ["确认", "退回"], horizontal=True, key=f"{place}_outcome")
            note = st.text_input("核对了什么、为什么确认或退回", key=f"{place}_note", max_chars=300)
            day = day_field(view, "核验日期", f"{place}_day")
            actor = writer(view, "核验人", f"{place}_name")
            if not view.actor.verified:
                st.caption("没有登录的核验只作记录，不作为确认：须由另一人登录后核验。")

            def write() -> str:
                kept = ReviewDraft(
                    evidence_number=document.number, confirmed=outcome == "确认", day=day, note=note or ""
                )
                review_evidence(view.store, view.plan, view.county_code, kept, actor, datetime.now())
                return f"“{document.title}”已{outcome}。"

            send_button("保存核验", form, allowed, write)


def _where(view: View, document: EvidenceDocument) -> str:
    names = view.situation.township_names
    code = document.township_code
    return names.get(code, code) if code else view.plan.unit(document.holder_unit_id).name


def evidence_form(view: View) -> None:
    """Enter a document into the catalogue: filed or missing, for which year, who holds it."""
    plan, now = view.plan, view.situation
    with st.expander("登记佐证材料"):
        items = {r.code: item_name(r.code, view.standard) for r in view.assessment.items}
        routed = {r.subject for r in plan.routes}
        sub_items = {s.sub_item_id: f"{s.sub_item_id} {s.title}" for s in plan.sub_items()}
        names = {**sub_items, **{code: name for code, name in items.items() if code in routed}}
        subject = st.selectbox(
            "具体措施或指标", list(names), index=None, format_func=lambda i: names[i], key="evidence_subject"
        )
        if subject is None:
            return
        form = f"evidence_{subject}"
        allowed = may(view, "report")
        place = f"{form}_{draft.edition(form)}"
        owed = now.obligation(plan.sub_item(subject)) if subject in sub_items else None
        units = [u.unit_id for u in plan.units]
        with st.form(place, border=False):
            required = list(dict.fromkeys(plan.sub_item(subject).evidence)) if subject in sub_items else []
            title = st.selectbox(
                "材料名称",
                required,
                index=None,
                accept_new_options=True,
                key=f"{place}_title",
                placeholder="选择应归档的材料，或输入名称",
            )
            state = st.radio(
                "状态",
                list(EVIDENCE_LABELS),
                format_func=lambda s: EVIDENCE_LABELS[s],
                horizontal=True,
                key=f"{place}_state",
            )
            year = st.number_input("所属年度", 2000, view.as_of.year, view.as_of.year, step=1, key=f"{place}_year")
            month = None
            if subject in sub_items and plan.sub_item(subject).recurring == "monthly":
                month = st.number_input("所属月份", 1, 12, view.as_of.month, step=1, key=f"{place}_month")
            document_number = st.text_input("文号（没有文号的填本单位编号）", key=f"{place}_number", max_chars=60)
            document_date = optional_day("成文日期", None, f"{place}_date")
            pages = st.number_input(
                "页数（没有数过的留空）", 1, MOST_PAGES, None, step=1, key=f"{place}_pages", placeholder="未登记"
            )
            holder = st.selectbox(
                "保管单位",
                units,
                index=units.index(owed.lead_unit_id) if owed else None,
                format_func=lambda u: plan.unit(u).name,
                key=f"{place}_holder",
            )
            township = None
            if owed is not None and plan.unit(owed.lead_unit_id).kind == TOWNSHIPS_KIND:
                township = st.selectbox(
                    "乡镇",
                    list(now.township_names),
                    format_func=lambda c: now.township_names[c],
                    key=f"{place}_township",
                )
            note = st.text_input("存放位置或说明", key=f"{place}_note", max_chars=300)
            files = upload_field("扫描件", f"{place}_files")
            day = day_field(view, "登记日期", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_name")

            def write() -> str:
                kept = EvidenceDraft(
                    subject=subject,
                    title=title or "",
                    year=int(year or view.as_of.year),
                    holder_unit_id=holder or "",
                    state=state or "missing",
                    day=day,
                    township_code=township,
                    note=note or "",
                    month=None if month is None else int(month),
                    document_number=(document_number or "").strip() or None,
                    document_date=document_date,
                    pages=None if pages is None else int(pages),
                )
                record = file_evidence(
                    view.store, plan, view.county_code, kept, actor, datetime.now(), uploads_of(files)
                )
                signed = signature(record.actor, record.verified, view.actor)
                ending = "须由另一人核验后才算完成。" if record.is_filed else ""
                return f"已登记“{record.title}”：{EVIDENCE_LABELS[record.state]}（{signed}）。{ending}"

            send_button("登记", form, allowed, write)
