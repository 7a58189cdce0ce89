"""Which school rows are looked at: by township, stage, kind and verdict, all in the URL."""

from __future__ import annotations

import streamlit as st

from core.method.assessment import Assessment, PartCount, SchoolRow, count
from core.rules.standard import STAGES, Standard
from core.store.dictionary import codes
from core.wording.verdicts import ORDER, WORDS
from ui.labels import kind_name, stage_name
from ui.pickers import township_picker

_NEAR = "接近标准"
_BORDERLINE = "临界"


def choose_rows(assessment: Assessment, standard: Standard) -> tuple[list[SchoolRow], str, PartCount]:
    """The chosen rows, worst first and borderline first inside each verdict; the filter in words; their count."""
    with st.container(horizontal=True, key="choices_schools", vertical_alignment="bottom"):
        township = township_picker(assessment)
        stage = st.selectbox(
            "学段", ["全部", *(stage_name(s) for s in STAGES)], key="school_stage", bind="query-params", width=110
        )
        present = {row.kind for row in assessment.rows}
        kinds = [kind_name(k) for k in codes("kind") if k in present]
        kind = st.selectbox("类别", ["全部", *kinds], key="kind", bind="query-params", width=160)
        verdict_names = [WORDS[v] for v in ORDER[:3]]
        verdict = st.selectbox(
            "结论", ["全部", *verdict_names, _BORDERLINE, _NEAR], key="verdict", bind="query-params", width=120
        )
        name = st.text_input(
            "校名", key="name", bind="query-params", placeholder="输入校名中的字", width=170, max_chars=30
        )
    rows = [
        row
        for row in assessment.rows
        if (township is None or row.township_code == township)
        and (stage == "全部" or stage_name(row.stage) == stage)
        and (kind == "全部" or kind_name(row.kind) == kind)
        and (not name or name.strip() in row.name)
        and _has_verdict(row, str(verdict), standard)
    ]
    words = [
        assessment.township_names[township] if township else "",
        *(str(chosen) for chosen in (stage, kind, verdict) if chosen != "全部"),
        f"校名含“{name.strip()}”" if name else "",
    ]
    ordered = sorted(rows, key=lambda r: (ORDER.index(r.verdict), not r.borderline, r.met_count, r.school_id))
    return ordered, "·".join(w for w in words if w), count(r.verdict for r in rows)


def _has_verdict(row: SchoolRow, chosen: str, standard: Standard) -> bool:
    if chosen == _BORDERLINE:
        return row.borderline
    if chosen == _NEAR:
        return any(h.is_near(standard.rounding.near_share) for h in row.holdings)
    return chosen == "全部" or WORDS[row.verdict] == chosen
