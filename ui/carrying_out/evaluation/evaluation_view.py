"""A mock evaluation: drawn, concluded stage by stage, its schools, its protocol."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.delivery.evaluation.draw import drawable
from core.delivery.evaluation.evaluations import (
    STAGES,
    Evaluation,
    EvaluationDraft,
    EvaluationStage,
    StageDraft,
    close_evaluation,
    conclude_stage,
    open_evaluation,
    read_evaluations,
)
from core.delivery.evaluation.site_fields import SiteField, site_fields
from core.delivery.evaluation.site_tables import SiteTable, read_site_tables
from core.delivery.ledger.ledger import Issue
from core.errors import RequestInvalid
from core.facts.current import current_tables
from core.reports.evaluation_documents import Protocol, protocol_document
from core.reports.tables import file_name
from core.wording.carrying_out.evaluation import (
    HOW_DRAWN,
    STAGE_NAMES,
    evaluation_headline,
    number_text,
    stage_text,
    table_state,
)
from core.wording.carrying_out.ledger import issue_name
from core.wording.delivery import signature
from core.wording.positions import day_text
from core.wording.school_names import school_names
from ui import draft
from ui.access import while_permitted
from ui.forms import day_field, may, send_button, writer
from ui.frame import View
from ui.labels import plain
from ui.links import address, linked_choice
from ui.status_view import issue_address, issue_mark
from ui.tables import sentence_table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def choose_evaluation(view: View) -> Evaluation | None:
    """The evaluation that the address names, else the latest."""
    held = read_evaluations(view.store, view.county_code, view.as_of)
    if not held:
        return None
    by_id = {e.evaluation_id: e for e in held}
    titles = {i: f"{e.title}（{e.begun_on}）" for i, e in by_id.items()}
    if len(held) == 1 and st.query_params.get("evaluation") is None:
        return held[0]
    chosen = linked_choice("模拟评估", list(by_id), "evaluation", titles, placeholder="选一次")
    return by_id[chosen] if chosen else held[0]


def tables_of(view: View, evaluation: Evaluation) -> dict[str, SiteTable]:
    """The tables of an evaluation's schools."""
    return read_site_tables(view.store, view.county_code, evaluation.evaluation_id, view.as_of)


def fields_of(view: View, evaluation: Evaluation, school_id: str) -> tuple[SiteField, ...]:
    """The figures of a school as they count now for the evaluation's year."""
    tables = current_tables(view.store, view.county_code, year=evaluation.year)
    return site_fields(tables, school_id, evaluation.year)


def headline(view: View, chosen: Evaluation | None) -> str:
    """The evaluation in one sentence."""
    return evaluation_headline(chosen, {} if chosen is None else tables_of(view, chosen))


def issues_of(view: View, evaluation: Evaluation) -> list[Issue]:
    """The ledger's issues that an evaluation opened."""
    return [
        i for i in view.situation.issues if i.source == "mock_evaluation" and i.source_id == evaluation.evaluation_id
    ]


def draw_form(view: View, *, is_first: bool = False) -> None:
    """Draw a sample and begin."""
    with st.expander("抽样，开始一次模拟评估", expanded=is_first):
        st.caption(HOW_DRAWN)
        schools = drawable(view.assessment_of(view.year))
        allowed = may(view, "supervise")
        form = "evaluation"
        place = f"{form}_{draft.edition(form)}"
        with st.form(place, border=False):
            title = st.text_input("名称", value=f"{view.as_of.year} 年模拟评估", max_chars=60, key=f"{place}_title")
            size = st.number_input(
                f"抽取学校数（参评 {len(schools)} 所）", 1, max(min(len(schools), 60), 1), min(6, max(len(schools), 1)), 1,
                key=f"{place}_size",
            )  # fmt: skip
            seed = st.text_input("抽样种子（如当天抽签的号码）", max_chars=40, key=f"{place}_seed")
            day = day_field(view, "日期", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_writer")

            def write() -> str:
                kept = open_evaluation(view.store, view.situation.facts,
                    EvaluationDraft(title=title, year=view.year, seed=seed, sample_size=int(size), day=day),
                    actor, datetime.now(),
                )  # fmt: skip
                st.query_params["evaluation"] = kept.evaluation_id
                return f"已抽取 {len(kept.school_ids)} 所学校，{kept.title}开始。"

            send_button("抽取学校并开始", form, allowed, write)


def stages(view: View, evaluation: Evaluation) -> None:
    """The five stages: what the figures say, what the group concluded."""
    assessment = view.assessment_of(evaluation.year)
    tables = tables_of(view, evaluation)
    st.header("各环节", anchor=False)
    sentence_table(
        [
            {
                "环节": f"**{number}. {plain(STAGE_NAMES[stage])}**",
                "数据和记录": plain(stage_text(stage, assessment, view.standard, evaluation, tables)),
                "评估组结论": plain(_concluded(view, evaluation, stage)),
            }
            for number, stage in enumerate(STAGES, 1)
        ]
    )
    if evaluation.state == "open":
        _conclude_form(view, evaluation)


def _concluded(view: View, evaluation: Evaluation, stage: EvaluationStage) -> str:
    said = evaluation.conclusions.get(stage)
    if said is None:
        return "○ 待评估组结论"
    if not said.verified:
        return f"○ {'通过' if said.passed else '不通过'}（{signature(said.actor, said.verified, view.actor)}，不作数）：{said.note}"
    word = "● 通过" if said.passed else "▲ 不通过"
    return f"{word}：{said.note}（{signature(said.actor, said.verified, view.actor)}，{said.day}）"


def _conclude_form(view: View, evaluation: Evaluation) -> None:
    with st.expander("登记一个环节的结论"):
        allowed = may(view, "supervise")
        form = f"stage_{evaluation.evaluation_id}"
        place = f"{form}_{draft.edition(form)}"
        with st.form(place, border=False):
            stage = st.selectbox("环节", STAGES, format_func=lambda s: STAGE_NAMES[s], key=f"{place}_stage")
            found = st.segmented_control("结论", ["通过", "不通过"], key=f"{place}_found")
            note = st.text_area("依据", max_chars=500, key=f"{place}_note")
            day = day_field(view, "日期", f"{place}_day")
            actor = writer(view, "登记人", f"{place}_writer")

            def write() -> str:
                if found is None:
                    raise RequestInvalid("没有登记：请选“通过”或“不通过”。")
                kept = StageDraft(
                    evaluation_id=evaluation.evaluation_id,
                    stage=stage,
                    passed=found == "通过",
                    note=note or "",
                    day=day,
                )
                conclude_stage(view.store, view.county_code, kept, actor, datetime.now())
                return f"已登记：{STAGE_NAMES[stage]}{found}。"

            send_button("登记结论", form, allowed, write)


def schools(view: View, evaluation: Evaluation) -> None:
    """The schools drawn, each with its table and the issues found there."""
    tables, names = tables_of(view, evaluation), school_names(view.situation)
    facts = current_tables(view.store, view.county_code, year=evaluation.year)
    st.header("抽中的学校", anchor=False)
    drawn = f"从 {evaluation.year} 学年参评的 {len(evaluation.pool_ids)} 所学校中抽取 {len(evaluation.school_ids)} 所"
    st.caption(plain(f"种子“{evaluation.seed}”，{drawn}。"))
    issues = issues_of(view, evaluation)
    states = view.situation.issue_states
    sentence_table(
        [
            {
                "学校": f"**[{plain(names.get(i, i))}]"
                f"({address('evaluation', evaluation=evaluation.evaluation_id, site=i)})**",
                "核查表": plain(table_state(tables.get(i), site_fields(facts, i, evaluation.year))),
                "问题": "　".join(
                    f"[第 {x.serial} 号]({issue_address(x.serial)}) {issue_mark(states[x.number], view.plan)}"
                    for x in issues
                    if i in x.school_ids
                )
                or "—",
            }
            for i in evaluation.school_ids
        ]
    )


def protocol(view: View, evaluation: Evaluation) -> None:
    """The protocol as a file."""
    st.download_button(
        "下载模拟评估报告（Word）",
        while_permitted("view", lambda: protocol_document(protocol_of(view, evaluation), view.is_demo)),
        file_name("模拟评估报告", evaluation.evaluation_id, evaluation.title, "docx", is_demo=view.is_demo),
        DOCX,
        key=f"protocol_{evaluation.evaluation_id}",
        icon=":material/download:",
        on_click="ignore",
    )


def protocol_of(view: View, evaluation: Evaluation) -> Protocol:
    """What an evaluation comes to as it stands now."""
    tables, names = tables_of(view, evaluation), school_names(view.situation)
    facts = current_tables(view.store, view.county_code, year=evaluation.year)
    assessment = view.assessment_of(evaluation.year)
    fields = {i: site_fields(facts, i, evaluation.year) for i in evaluation.school_ids}
    units = {f.field: f for held in fields.values() for f in held}
    return Protocol(
        title=evaluation.title,
        drawn=f"{evaluation.begun_on} 以种子“{evaluation.seed}”从 {len(evaluation.pool_ids)} 所参评学校中抽取"
        f" {len(evaluation.school_ids)} 所",
        stages=[
            (
                STAGE_NAMES[s],
                stage_text(s, assessment, view.standard, evaluation, tables),
                _concluded(view, evaluation, s),
            )
            for s in STAGES
        ],
        schools=[(names.get(i, i), table_state(tables.get(i), fields[i])) for i in evaluation.school_ids],
        differences=[
            (
                names.get(i, i),
                f.name,
                number_text(units.get(f.field), f.filled),
                number_text(units.get(f.field), f.found),
                f.reason,
            )
            for i in evaluation.school_ids
            if i in tables
            for f in tables[i].differences
        ],
        issues=[
            f"{issue_name(i)}（{'、'.join(names.get(s, s) for s in i.school_ids)}）"
            for i in issues_of(view, evaluation)
        ],
        made_on=f"{view.county_name}　截至 {day_text(view.as_of)}",
    )


def close_form(view: View, evaluation: Evaluation) -> None:
    """End the evaluation: what stands in it stays."""
    if evaluation.state == "closed" or not view.actor.may("supervise"):
        return
    with st.expander("结束这次模拟评估"):
        open_stages = [STAGE_NAMES[s] for s in STAGES if s not in evaluation.conclusions]
        tables = tables_of(view, evaluation)
        unsigned = sum(i not in tables or not tables[i].accepted for i in evaluation.school_ids)
        if open_stages or unsigned:
            left = [f"{'、'.join(open_stages)}还没有结论"] if open_stages else []
            left += [f"{unsigned} 所学校的核查表没有由双方签字"] if unsigned else []
            st.warning(plain(f"结束后不能再登记；现在{'，'.join(left)}。"))
        form = f"close_{evaluation.evaluation_id}"
        with st.form(f"{form}_{draft.edition(form)}", border=False):
            note = st.text_area("小结", max_chars=500, key=f"{form}_note_{draft.edition(form)}")
            actor = writer(view, "登记人", f"{form}_writer_{draft.edition(form)}")

            def write() -> str:
                close_evaluation(
                    view.store,
                    view.county_code,
                    evaluation.evaluation_id,
                    view.as_of,
                    note or "",
                    actor,
                    datetime.now(),
                )
                return f"{evaluation.title}已结束。"

            send_button("结束", form, True, write)
