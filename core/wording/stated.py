"""Which figures a paper or a link states, each under a key that stays, so that two of them can be compared.

stated_figures(situation, assessment)                  the county: verdict, parts, coefficients, items, school rows
school_figures, township_figures, unit_figures         one of them
figures_about(situation, assessment, kind, identifier) any of these by its kind
"""

from __future__ import annotations

from collections.abc import Iterator

from core.dataset.dictionary import name_of
from core.delivery.on_time import DONE
from core.delivery.owed.overdue import lateness
from core.delivery.owed.units import township_page, unit_page
from core.delivery.records.stated import StatedFigure
from core.delivery.status.situation import Situation
from core.delivery.status.status import sub_item_statuses
from core.method.assessment import Assessment, SchoolRow, count
from core.method.subjects import Subject
from core.rules.standard import Standard
from core.wording.items import item_detail, item_name
from core.wording.numbers import against_limit, whole_text
from core.wording.positions import SUB_ITEM, county_issues, county_parts
from core.wording.verdicts import WORDS, part_text, row_name


def figures_about(situation: Situation, assessment: Assessment, kind: str, identifier: str) -> tuple[StatedFigure, ...]:
    """The figures of whoever a pin is about: school, township, unit, else the county."""
    if kind == "school":
        return school_figures(situation, assessment, identifier)
    if kind == "township":
        return township_figures(situation, assessment, identifier)
    if kind == "unit":
        return unit_figures(situation, identifier)
    return stated_figures(situation, assessment)


def stated_figures(situation: Situation, assessment: Assessment) -> tuple[StatedFigure, ...]:
    """Verdict, parts, coefficients, items, school rows, tasks, issues."""
    return tuple(_of_county(situation, assessment))


def _of_county(situation: Situation, judged: Assessment) -> Iterator[StatedFigure]:
    standard = situation.standard
    yield StatedFigure("verdict", "全县结论", WORDS[judged.verdict])
    yield StatedFigure("year", "判定学年", str(judged.year))
    for number, part in enumerate(county_parts(judged, None)):
        yield StatedFigure(f"part:{number}", part.title, f"{part.now.met}/{part.now.total} {part.unit}达标")
    for b in judged.balance:
        name = f"{name_of('stage', b.stage)}{standard.indicator(b.code).short_name}差异系数"
        value = against_limit(b.cv, b.limit, at_least=False, decimals=3)
        yield StatedFigure(str(Subject.of_balance(b.stage, b.code)), name, f"{value}，{WORDS[b.verdict]}")
    for i in judged.items:
        said = f"{WORDS[i.verdict]}；{item_detail(i, standard)}"
        yield StatedFigure(str(Subject.of_item(i.code)), item_name(i.code, standard), said)
    for row in judged.rows:
        yield _of_row(row)
    if situation.plan.exists:
        statuses = sub_item_statuses(situation).values()
        done = sum(s.standing.level == DONE for s in statuses)
        yield StatedFigure("tasks:done", f"已完成的{SUB_ITEM}", f"{done}/{len(statuses)} 项")
        yield StatedFigure("tasks:late", f"逾期的{SUB_ITEM}", f"{len(lateness(situation).sub_items)} 项")
    issues = county_issues(situation)
    if issues:
        closed = sum(not state.is_open for _, state in issues)
        yield StatedFigure("issues", "已销号的问题", f"{closed}/{len(issues)} 件")


def _of_row(row: SchoolRow) -> StatedFigure:
    said = f"{WORDS[row.verdict]}，{row.met_count}/{len(row.indicators)} 项达标"
    return StatedFigure(str(Subject.of_row(*row.key)), row_name(row), said)


def school_figures(situation: Situation, assessment: Assessment, school_id: str) -> tuple[StatedFigure, ...]:
    """A school's rows, pupils and indicators; none for a school that is not evaluated."""
    return tuple(_of_school(situation.standard, assessment, school_id))


def _of_school(standard: Standard, judged: Assessment, school_id: str) -> Iterator[StatedFigure]:
    for row in judged.rows_of(school_id):
        yield _of_row(row)
        key = str(Subject.of_row(*row.key))
        yield StatedFigure(f"{key}:pupils", f"{row_name(row)}在校生", f"{whole_text(row.pupils)} 人")
        for h in row.indicators:
            indicator = standard.indicator(h.code)
            value = against_limit(h.value, h.limit, at_least=True)
            said = f"{value} {indicator.unit}，{WORDS[h.verdict]}"
            yield StatedFigure(f"{key}:{h.code}", f"{row_name(row)}{indicator.short_name}", said)


def township_figures(situation: Situation, assessment: Assessment, township_code: str) -> tuple[StatedFigure, ...]:
    """A township's schools, what it has late, its issues."""
    rows = [row for row in assessment.rows if row.township_code == township_code]
    page = township_page(situation, township_code)
    part = count(row.verdict for row in rows)
    found = [StatedFigure("part:0", "学校（分学段计）", part_text(part, "所") if part.total else "没有参评学校")]
    found += [_of_row(row) for row in rows]
    if situation.plan.exists:
        found.append(StatedFigure("tasks:late", f"逾期的{SUB_ITEM}", f"{len(page.late)} 项"))
    still = sum(state.is_open for _, state in page.issues)
    return (*found, StatedFigure("issues", "台账未销号", f"{still}/{len(page.issues)} 件"))


def unit_figures(situation: Situation, unit_id: str) -> tuple[StatedFigure, ...]:
    """What a department leads, has done and has late, and its issues."""
    page = unit_page(situation, unit_id)
    done = sum(s.standing.level == DONE for s in page.leads)
    still = sum(state.is_open for _, state in page.issues)
    return (
        StatedFigure("tasks:done", f"已完成的{SUB_ITEM}", f"{done}/{len(page.leads)} 项"),
        StatedFigure("tasks:late", f"逾期的{SUB_ITEM}", f"{len(page.late)} 项"),
        StatedFigure("issues", "台账未销号", f"{still}/{len(page.issues)} 件"),
    )
