"""Which school rows are looked at: by stage, kind and verdict, all in the URL, within the township of the bar."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.dataset.dictionary import codes
from core.method.assessment import Assessment, LeftOut, PartCount, SchoolRow, Verdict, count
from core.method.failures import WORST_FIRST
from core.rules.standard import STAGES, Standard
from core.wording.verdicts import WORDS, part_text
from ui.draft import put_back
from ui.labels import COUNTY_WIDE, kind_name, plain, stage_name
from ui.pickers import WHOLE_COUNTY

_ALL = "全部"
_NEAR = "接近标准"
_BORDERLINE = "临界"
_CLEARED = {
    "township_choice": WHOLE_COUNTY,
    "school_stage": _ALL,
    "kind": _ALL,
    "verdict": _ALL,
    "name": "",
}


@dataclass(frozen=True)
class Filtered:
    """The chosen school rows, worst first and borderline first inside each verdict; the left-out ones alike.

    `words` say the choice, `among` all of it but the verdict; `verdict` is None when none was chosen.
    """

    rows: list[SchoolRow]
    left_out: list[LeftOut]
    words: str
    among: str
    verdict: Verdict | None

    @property
    def part(self) -> PartCount:
        """How many of the chosen rows are met, failed, unknown."""
        return count(row.verdict for row in self.rows)

    @property
    def answer(self) -> str:
        """How many of the chosen rows stand how; of one verdict alone, how many there are."""
        if self.verdict is not None:
            return f"{self.among or COUNTY_WIDE}{WORDS[self.verdict]}学校 {len(self.rows)} 所（分学段计）"
        return f"{self.words or COUNTY_WIDE} {part_text(self.part, '所学校（分学段计）')}"


def choose_rows(assessment: Assessment, standard: Standard, township: str | None) -> Filtered:
    """The school rows of a township or all, by stage, kind, verdict and name; those left out alike, they have no verdict."""
    with st.container(horizontal=True, key="choices_schools", vertical_alignment="bottom"):
        stage = st.selectbox(
            "学段", [_ALL, *(stage_name(s) for s in STAGES)], key="school_stage", bind="query-params", width=110
        )
        present = {row.kind for row in assessment.rows} | {row.kind for row in assessment.left_out}
        kinds = [kind_name(k) for k in codes("kind") if k in present]
        kind = st.selectbox("类别", [_ALL, *kinds], key="kind", bind="query-params", width=160)
        verdict_names = [WORDS[v] for v in WORST_FIRST[:3]]
        verdict = st.selectbox(
            "结论", [_ALL, *verdict_names, _BORDERLINE, _NEAR], key="verdict", bind="query-params", width=120
        )
        name = st.text_input(
            "校名", key="name", bind="query-params", placeholder="输入校名中的字", width=170, max_chars=30
        ).strip()

    def chosen(school: SchoolRow | LeftOut) -> bool:
        return (
            township in (None, school.township_code)
            and stage in (_ALL, stage_name(school.stage))
            and kind in (_ALL, kind_name(school.kind))
            and name in school.name
        )

    rows = [row for row in assessment.rows if chosen(row) and _has_verdict(row, str(verdict), standard)]
    place = assessment.township_names[township] if township else ""
    words, among = (
        "·".join(filter(None, [place, *(str(w) for w in chosen_words if w != _ALL), f"校名含“{name}”" if name else ""]))
        for chosen_words in ((stage, kind, verdict), (stage, kind))
    )
    return Filtered(
        sorted(rows, key=lambda r: (WORST_FIRST.index(r.verdict), not r.borderline, r.met_count, r.school_id)),
        [x for x in assessment.left_out if verdict == _ALL and chosen(x)],
        words,
        among,
        next((v for v in WORST_FIRST if WORDS[v] == verdict), None),
    )


def nothing_found(filtered: Filtered) -> None:
    """What to do where no school row matches: look at those left out, or clear the filter."""
    left_out = f"另有 {len(filtered.left_out)} 所未参评的学校符合，见下。" if filtered.left_out else ""
    st.info(plain(f"筛选条件：{filtered.words}。{left_out}请换一个条件，或清除筛选看全部学校。"))
    st.button("清除筛选", icon=":material/filter_alt_off:", on_click=put_back, args=(_CLEARED,))


def _has_verdict(row: SchoolRow, chosen: str, standard: Standard) -> bool:
    if chosen == _BORDERLINE:
        return row.borderline
    if chosen == _NEAR:
        return any(h.is_near(standard.rounding.near_share) for h in row.indicators)
    return chosen == _ALL or WORDS[row.verdict] == chosen
