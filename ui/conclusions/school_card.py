"""One school: every indicator against limit, floor, county mean and peers; what is missing; its classes."""

from __future__ import annotations

from statistics import median

import streamlit as st

from core.dataset.dictionary import name_of
from core.dataset.school_kinds import CLASS_BANDS
from core.delivery.owed.escalation import letter_standing
from core.delivery.records.persons import PersonKey
from core.facts.school_facts import ClassRoll, banded_classes, class_rolls
from core.method.assessment import Assessment, SchoolIndicator, SchoolRow
from core.outlook.remedies.rows import losses
from core.reports.school_tables import profile_classes, profile_indicators, profile_years
from core.rules.standard import Indicator
from core.wording.carrying_out.letters import letter_state_text
from core.wording.delivery import NOBODY_NAMED, responsible_text
from core.wording.numbers import against_limit, plain_text, whole_text
from core.wording.remedies import gap_text, loss_text
from core.wording.verdicts import row_name, units_text
from ui import charts
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address
from ui.status_view import issue_table
from ui.tables import downloads, sentence_table

# So few teachers or rooms that one decision can undo the verdict.
_CLOSE_UNITS = 3


def fragility(view: View, row: SchoolRow) -> None:
    """How little undoes a passing row, where it is little."""
    close = [loss for loss in losses(row, view.standard) if loss.units <= _CLOSE_UNITS]
    if close:
        st.markdown(f"**余量很小**　{plain('；'.join(loss_text(loss, view.standard) for loss in close))}。")


def supervision_of(view: View, school_id: str) -> None:
    """Who inspects the school, when somebody was last there, and what it has to put right."""
    now = view.situation
    inspector = now.persons.get(PersonKey("school", school_id))
    last = next((v for v in now.visits if v.school_id == school_id), None)
    named = plain(responsible_text(inspector, view.actor)) if inspector else f":red[▲ {NOBODY_NAMED}]"
    visited = (
        f"[{last.day}]({address('supervision', supervision_part='督导记录', visit=str(last.number))})" if last else "—"
    )
    st.markdown(f":gray[责任督学]　{named}　:gray[最近随访]　{visited}")
    for letter in (x for x in now.letters if x.school_id == school_id and x.was_sent):
        link = address("supervision", supervision_part="督办文书", letter=letter.letter_id)
        st.markdown(
            f"[{plain(letter.title)}]({link})　{plain(letter_state_text(letter, letter_standing(now, letter)))}"
        )
    still = [(issue, state) for issue, state in now.issues_of_school(school_id) if state.is_open]
    issue_table(view, still, "没有未销号的问题。")


def indicator_table(view: View, row: SchoolRow) -> None:
    """The seven indicators of one school row, with the gap in whole units and what could be given up."""
    sentence_table([_line(view, row, h) for h in row.indicators])
    downloads(view, [profile_indicators(view.assessment, row, view.standard)], row_name(row), key="profile")


def _line(view: View, row: SchoolRow, holding: SchoolIndicator) -> dict[str, str]:
    indicator = view.standard.indicator(holding.code)
    mean = view.assessment.balance_of(row.stage, holding.code).mean
    return {
        "指标": f"**{indicator.short_name}**",
        "结论": verdict_mark(holding.verdict, holding.borderline),
        "本校": plain(f"{against_limit(holding.value, holding.limit, at_least=True)} {indicator.unit}"),
        "标准": plain(f"≥\u00a0{plain_text(holding.limit)}"),
        "底线": plain(f"≥\u00a0{plain_text(holding.floor)}"),
        "县均值": plain("…" if mean is None else against_limit(mean, holding.limit, at_least=True)),
        "缺口或余量": plain(gap_text(holding, indicator)),
        "这是怎么算的": plain(f"{indicator.formula}；{indicator.clause}；{indicator.source_form}"),
    }


def indicator_histories(view: View, row: SchoolRow) -> None:
    """Small multiples: each indicator over the years."""
    years = list(view.earlier_years)
    judged = {year: view.assessment_of(year) for year in years}
    for pair in _pairs(view.standard.indicators):
        for column, indicator in zip(st.columns(2), pair, strict=False):
            with column:
                st.markdown(f"**{plain(indicator.name)}**（{plain(indicator.unit)}）")
                charts.show(
                    charts.indicator_lines(
                        years,
                        [_value(judged[y].row(row.school_id, row.stage), indicator.code) for y in years],
                        [judged[y].balance_of(row.stage, indicator.code).mean for y in years],
                        [_peer_median(judged[y], row, indicator.code) for y in years],
                        indicator.limit[row.stage],
                        view.standard.floor(indicator, row.stage),
                        indicator.unit,
                    ),
                    key=f"history_{indicator.code}",
                    name=f"{row.name}{indicator.short_name}",
                )


def _pairs(indicators: tuple[Indicator, ...]) -> list[tuple[Indicator, ...]]:
    return [indicators[n : n + 2] for n in range(0, len(indicators), 2)]


def _value(row: SchoolRow | None, code: str) -> float | None:
    return row.indicator(code).value if row else None


def _peer_median(assessment: Assessment, row: SchoolRow, code: str) -> float | None:
    """The median of the rows of the same stage and kind."""
    values = [
        r.indicator(code).value
        for r in assessment.rows
        if r.stage == row.stage and r.kind == row.kind and r.indicator(code).value is not None
    ]
    return median(v for v in values if v is not None) if values else None


def history_table(view: View, row: SchoolRow) -> None:
    """The same figures as the charts, year by year."""
    lines = []
    for year in reversed(view.earlier_years):
        then = view.assessment_of(year).row(row.school_id, row.stage)
        if then is None:
            continue
        lines.append(
            {
                "学年": str(year),
                "结论": verdict_mark(then.verdict, then.borderline),
                "在校生（人）": whole_text(then.pupils),
                **{
                    view.standard.indicator(h.code).short_name: plain(against_limit(h.value, h.limit, at_least=True))
                    for h in then.indicators
                },
            }
        )
    sentence_table(lines)
    st.caption(plain(units_text(view.standard)))
    judged = {year: view.assessment_of(year) for year in view.earlier_years}
    downloads(view, [profile_years(judged, row, view.standard)], row_name(row), key="profile_years")


def class_table(view: View, row: SchoolRow) -> None:
    """The classes of the school row by grade; those over the limit are marked."""
    limit = view.standard.item("G5").limit[row.stage]
    rolls = class_rolls(view.store, view.county_code, view.year, school_id=row.school_id, stage=row.stage)
    banded = banded_classes(view.store, view.county_code, view.year, school_id=row.school_id, stage=row.stage)
    if banded:
        sentence_table(
            [
                {
                    "年级": "不分年级或复式" if b.grade is None else f"{b.grade} 年级",
                    "班额": f":red[▲ {plain(name_of('class_band', b.band))}]"
                    if CLASS_BANDS[b.band][0] > limit
                    else plain(name_of("class_band", b.band)),
                    "班级数（个）": str(b.classes),
                }
                for b in banded
            ]
        )
        st.caption(plain(f"按档填报的班级。班额限值 ≤ {plain_text(limit)} 人（含），▲ 为超过限值的班级。"))
    if not rolls:
        if not banded:
            st.info("没有填报班级。")
        return
    grades: dict[int, list[ClassRoll]] = {}
    for roll in rolls:
        grades.setdefault(roll.grade, []).append(roll)
    sentence_table(
        [
            {
                "年级": f"{grade} 年级",
                "班级数（个）": str(len(classes)),
                "学生数（人）": whole_text(sum(c.pupils for c in classes)),
                "各班人数（人）": "、".join(
                    f":red[▲ {c.pupils}]" if c.pupils > limit else str(c.pupils) for c in classes
                ),
            }
            for grade, classes in sorted(grades.items())
        ]
    )
    st.caption(plain(f"班额限值 ≤ {plain_text(limit)} 人（含），▲ 为超过限值的班级。"))
    downloads(view, [profile_classes(rolls)], row_name(row), key="profile_classes")
