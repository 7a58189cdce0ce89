"""Opening issues on the ledger: what the figures propose, with one click; what people found elsewhere, by hand."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.access import Actor
from core.delivery.ledger.ledger import IssueDraft, IssueSource
from core.delivery.ledger.ledger_writing import open_issue
from core.delivery.owed.overdue import lateness
from core.delivery.owed.proposals import Proposal, proposals
from core.errors import PlatformError, RequestInvalid
from core.method.assessment import Verdict
from core.wording.carrying_out.ledger import issue_basis, issue_name, issue_title
from core.wording.carrying_out.letters import SOURCES
from core.wording.items import item_name
from core.wording.school_names import school_in_year
from ui import draft
from ui.carrying_out.supervision.attachments_view import upload_field, uploads_of
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.status_view import unit_link

_PROPOSED = 10
# Where an issue that somebody opens by hand may come from; visits open their own.
_BY_HAND: tuple[IssueSource, ...] = ("inspection", "mock_evaluation", "complaint", "overdue", "unknown", "other")


def proposed(view: View) -> None:
    """What the figures show and nobody has put on the ledger yet, each opened with one click."""
    waiting = proposals(view.situation)
    judged = view.situation.assessment
    st.header(plain(f"数据显示应建账的 {len(waiting)} 处"), anchor=False)
    if not waiting or judged is None:
        st.info("数据显示的问题都已在台账上。")
        return
    allowed = may(view, "supervise")
    actor = writer(view, "建账人", "proposal_name")
    every = len(waiting) > _PROPOSED and st.toggle(f"全部 {len(waiting)} 处", key="all_proposals", bind="query-params")
    for proposal in waiting if every else waiting[:_PROPOSED]:
        title = issue_title(proposal, judged, view.standard)
        basis = issue_basis(proposal, judged, view.standard)
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(
                f"**{plain(title)}**  \n{plain(basis)}  \n"
                f":gray[建议]　{unit_link(view.plan, proposal.lead_unit_id)}　{plain(_remedy(view, proposal))}"
            )
            if st.button("建账", key=f"open_{proposal.subject}", disabled=not allowed):
                _open(view, proposal, title, basis, actor)


def by_hand(view: View) -> None:
    """A problem that no figure shows: a visit, a mock evaluation, a complaint, something overdue or unknown."""
    with st.expander("手工建账：督导检查、模拟评估、投诉反映等"):
        allowed = may(view, "supervise")
        form = "issue_by_hand"
        place = f"{form}_{draft.edition(form)}"
        townships = dict(view.situation.township_names)
        schools = {
            s.school_id: school_in_year(view.situation, s.school_id, view.year)
            for s in view.situation.facts.schools.get(view.year, ())
        }
        source = st.selectbox(
            "来源",
            list(_BY_HAND),
            index=None,
            format_func=lambda s: SOURCES[s],
            key=f"{place}_source",
            placeholder="从哪里发现的",
        )
        source_id = _source_id(view, source, place)
        with st.form(place, border=False):
            title = st.text_input("问题", key=f"{place}_title", max_chars=100)
            basis = st.text_area("依据：时间、地点、看到什么、违反哪条规定", key=f"{place}_basis", max_chars=500)
            chosen = st.multiselect("涉及学校", list(schools), format_func=lambda s: schools[s], key=f"{place}_schools")
            township = st.selectbox(
                "乡镇",
                list(townships),
                index=None,
                format_func=lambda c: townships[c],
                key=f"{place}_township",
                placeholder="不限乡镇",
            )
            files = upload_field("照片或扫描件", f"{place}_files")
            day = day_field(view, "发现日期", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_writer")

            def write() -> str:
                asked = (("来源", source), ("问题", (title or "").strip()), ("依据", (basis or "").strip()))
                missing = [name for name, given in asked if not given]
                if source is None or missing:
                    raise RequestInvalid(f"还没有填写：{'、'.join(missing)}。")
                kept = IssueDraft(
                    title=title or "",
                    basis=basis or "",
                    day=day,
                    source=source,
                    source_id=source_id,
                    township_code=township,
                    school_ids=tuple(chosen),
                )
                facts = view.situation.facts
                issue = open_issue(
                    view.store, view.plan, facts, view.county_code, kept, actor, datetime.now(), uploads_of(files)
                )
                st.query_params["issue"] = str(issue.serial)
                return f"已建账：{issue_name(issue)}。请交办。"

            send_button("建账登记", form, allowed, write)


def _source_id(view: View, source: IssueSource | None, place: str) -> str:
    """The overdue sub-item, or the item that cannot be judged, where the source is one."""
    if source == "overdue":
        late = {s.sub_item.sub_item_id: s.sub_item.title for s in lateness(view.situation).sub_items}
        return (
            st.selectbox(
                "逾期的具体措施", list(late), index=None, format_func=lambda i: f"{i} {late[i]}", key=f"{place}_overdue"
            )
            or ""
        )
    if source == "unknown":
        unknown = {i.code for i in view.assessment.items if i.verdict is Verdict.NOT_ASSESSABLE}
        routed = [r.subject for r in view.plan.routes if r.subject in unknown]
        return (
            st.selectbox(
                "无法判定的指标",
                routed,
                index=None,
                format_func=lambda code: item_name(code, view.standard),
                key=f"{place}_unknown",
            )
            or ""
        )
    return ""


def _remedy(view: View, proposal: Proposal) -> str:
    names = "、".join(view.plan.remedy(remedy_id).name for remedy_id in proposal.remedy_ids)
    months = f"，最快约需 {proposal.months} 个月" if proposal.months is not None else ""
    return f"{names}{months}"


def _open(view: View, proposal: Proposal, title: str, basis: str, actor: Actor) -> None:
    kept = IssueDraft(
        title=title,
        basis=basis,
        day=view.as_of,
        subject=proposal.subject,
        source="figures",
        township_code=proposal.township_code,
        school_ids=proposal.school_ids,
    )
    try:
        issue = open_issue(view.store, view.plan, view.situation.facts, view.county_code, kept, actor, datetime.now())
    except PlatformError as refusal:
        st.error(plain(refusal))
        return
    draft.announce(f"已建账：{issue_name(issue)}。请交办。")
    st.query_params["issue"] = str(issue.serial)
    st.rerun()
