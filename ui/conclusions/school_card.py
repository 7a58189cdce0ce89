"""One school: what fails as a bar against its limit with remedy and lead, what is met in one line, how it got there."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from core.dataset.dictionary import name_of
from core.dataset.school_kinds import CLASS_BANDS
from core.delivery.owed.escalation import letter_standing
from core.delivery.owed.targets import county_goal
from core.delivery.owed.units import project_standing
from core.delivery.records.persons import PersonKey
from core.facts.school_facts import ClassRoll, banded_classes, class_rolls
from core.method.assessment import SchoolIndicator, SchoolRow, Verdict
from core.method.failures import WORST_FIRST
from core.outlook.remedies.rows import losses
from core.reports.school_tables import profile_classes, profile_indicators, profile_years
from core.wording.attention import lead_months_of, owners
from core.wording.carrying_out.letters import letter_state_text
from core.wording.carrying_out.targets import start_text
from core.wording.delivery import NOBODY_NAMED, responsible_text
from core.wording.explanations import indicator_explained
from core.wording.numbers import against_limit, limit_text, plain_text, range_text, whole_text
from core.wording.remedies import gap_text, loss_text
from core.wording.verdicts import SHAPES, row_name
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address
from ui.markup.figures import bullet, sparkline
from ui.status_view import issue_table, level_mark
from ui.tables import downloads, sentence_table

# So few teachers or rooms that one decision can undo the verdict.
_CLOSE_UNITS = 3


def fragility(view: View, row: SchoolRow) -> None:
    """How little undoes a passing row, where it is little."""
    close = [loss for loss in losses(row, view.standard) if loss.units <= _CLOSE_UNITS]
    if close:
        st.markdown(f"**余量很小**　{plain('；'.join(loss_text(loss, view.standard) for loss in close))}。")


def indicators(view: View, row: SchoolRow) -> None:
    """What fails, is unknown or borderline, each with its gap, who leads and the latest start; what is met in one line."""
    pressing = [h for h in row.indicators if h.verdict is not Verdict.MET or h.borderline]
    pressing.sort(key=lambda h: WORST_FIRST.index(h.verdict))
    if pressing:
        sentence_table([_failing_line(view, row, holding) for holding in pressing])
    met = [h for h in row.indicators if h not in pressing]
    if met:
        said = "、".join(
            f"{view.standard.indicator(h.code).short_name} {_value(h)}（≥ {limit_text(h.limit)}）" for h in met
        )
        st.markdown(f":green[{SHAPES[Verdict.MET]} 达标 {len(met)} 项]　{plain(said)}")
    with st.expander("这是怎么算的"):
        st.markdown(
            "\n".join(
                f"- **{plain(view.standard.indicator(h.code).name)}**　{plain(indicator_explained(h, view.standard))}"
                for h in row.indicators
            )
        )
        st.caption(plain(view.batch_source()))
        downloads(view, [profile_indicators(view.assessment, row, view.standard)], row_name(row), key="profile")


def _failing_line(view: View, row: SchoolRow, holding: SchoolIndicator) -> dict[str, str]:
    indicator = view.standard.indicator(holding.code)
    mean = view.assessment.balance_of(row.stage, holding.code).mean
    words = f"本校 {_value(holding)}，标准 {limit_text(holding.limit)}，底线 {limit_text(holding.floor)}"
    lead, *others = (*owners(view.plan, [holding.code]), "")
    supporting = f" :small[配合 {len(others) - 1} 个单位]" if len(others) > 1 else ""
    start = start_text(lead_months_of(view.plan, [holding.code]), county_goal(view.situation), view.as_of)
    drawn = (
        Markup("…")
        if holding.value is None
        else bullet(holding.value, float(holding.limit), float(holding.floor), words)
    )
    return {
        "指标": f"{verdict_mark(holding.verdict, holding.borderline, worded=False)} **{plain(indicator.short_name)}**",
        "对照（长线为标准，短线为底线）": drawn,
        "本校": plain(_value(holding)),
        "标准": plain(f"≥\u00a0{limit_text(holding.limit)}"),
        "县均值": plain("…" if mean is None else against_limit(mean, holding.limit, at_least=True)),
        "差多少": f"**{plain(gap_text(holding, indicator))}**",
        "牵头": f"**{plain(lead)}**{supporting}" if lead else "—",
        "最迟启动": plain(start),
    }


def _value(holding: SchoolIndicator) -> str:
    return against_limit(holding.value, holding.limit, at_least=True)


def about_the_school(view: View, row: SchoolRow) -> None:
    """Its projects, its classes, who inspects it, each in a line; then what it has to put right."""
    now = view.situation
    lines = []
    for project in (p for p in now.projects if p.school_id == row.school_id):
        link = address("projects", part="项目六个一", project=project.project_id)
        due = project.actual_completion or project.planned_completion
        progress = "" if project.progress is None else f"{project.progress}%，"
        lines.append(
            f":gray[项目]　[{plain(project.name)}]({link})　{progress}{plain(f'{due} 完工' if due else '完工日期未定')}　"
            f"{level_mark(project_standing(now, project), view.plan)}"
        )
    over = row.classes_over_limit
    mark = f":red[▲ {over} 个班超过限值]" if over else "没有班级超过限值" if over == 0 else "○ 班级未报全"
    largest = range_text(row.largest_class, row.largest_class_at_most)
    lines.append(f":gray[班额]　{whole_text(row.classes)} 个班，最大 {plain(largest)} 人，{mark}")
    inspector = now.persons.get(PersonKey("school", row.school_id))
    last = next((v for v in now.visits if v.school_id == row.school_id), None)
    named = plain(responsible_text(inspector, view.actor)) if inspector else f":red[▲ {NOBODY_NAMED}]"
    visited = (
        f"[{last.day}]({address('supervision', supervision_part='督导记录', visit=str(last.number))})" if last else "—"
    )
    lines.append(f":gray[责任督学]　{named}　:gray[最近随访]　{visited}")
    for letter in (x for x in now.letters if x.school_id == row.school_id and x.was_sent):
        link = address("supervision", supervision_part="督办文书", letter=letter.letter_id)
        state = letter_state_text(letter, letter_standing(now, letter))
        lines.append(f":gray[文书]　[{plain(letter.title)}]({link})　{plain(state)}")
    st.markdown("  \n".join(lines))
    still = [(issue, state) for issue, state in now.issues_of_school(row.school_id) if state.is_open]
    if still:
        issue_table(view, still, "")
    else:
        st.markdown(":gray[督办台账]　没有未销号的问题。")


def history(view: View, row: SchoolRow) -> None:
    """The indicators over the years, a line each with its course; failing years are marked."""
    years = view.earlier_years
    then = {year: view.assessment_of(year).row(row.school_id, row.stage) for year in years}
    if sum(found is not None for found in then.values()) < 2:
        st.markdown("只有一个学年的数据。")
        return
    verdicts = {
        str(year): "—" if found is None else verdict_mark(found.verdict, worded=False) for year, found in then.items()
    }
    lines: list[dict[str, str]] = [{"指标": "**结论**", "走势": "", **verdicts, "标准": ""}]
    for indicator in view.standard.indicators:
        held = {year: None if found is None else found.indicator(indicator.code) for year, found in then.items()}
        values = [None if h is None else h.value for h in held.values()]
        said = "、".join(f"{year} 学年 {_value(h)}" for year, h in held.items() if h is not None)
        lines.append(
            {
                "指标": f"{plain(indicator.short_name)} :small[:gray[{plain(indicator.unit)}]]",
                "走势": sparkline(values, f"{indicator.short_name}：{said}"),
                **{str(year): _year_cell(h) for year, h in held.items()},
                "标准": plain(f"≥\u00a0{limit_text(indicator.limit[row.stage])}"),
            }
        )
    sentence_table(lines)
    judged = {year: view.assessment_of(year) for year in years}
    downloads(view, [profile_years(judged, row, view.standard)], row_name(row), key="profile_years")


def _year_cell(holding: SchoolIndicator | None) -> str:
    if holding is None:
        return "—"
    if holding.verdict is Verdict.NOT_MET:
        return f":red[▲ {plain(_value(holding))}]"
    return plain(_value(holding))


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
