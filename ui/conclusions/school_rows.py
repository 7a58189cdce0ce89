"""The school rows as a table: what fails first, with the gap in each failing cell; what passes folds, by township.

On a phone a row is its name, seven small squares and what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st
from markupsafe import Markup

from core.method.assessment import Assessment, SchoolIndicator, SchoolRow, Verdict, count
from core.rules.standard import Standard
from core.wording.numbers import against_limit, limit_text, range_text, whole_text
from core.wording.remedies import missing_text, short_gap
from core.wording.verdicts import BORDERLINE_SHAPE, ROWS_UNIT, SHAPES, VERDICT_MARKDOWN, WORDS, part_text, row_name
from ui.labels import stage_name
from ui.links import school_address
from ui.markup.figures import squares

_HEAD = Markup('<th scope="col" role="columnheader" class="{}">{}</th>')
_ROW = Markup(
    '<tr role="row"><th scope="row" role="rowheader"><a href="{}">{}</a> <span class="mark gray small">{}</span></th>'
    '<td role="cell" class="verdict">{}</td>{}<td role="cell" class="strip">{}</td>'
    '<td role="cell" class="number rest">{}</td><td role="cell" class="number rest">{}</td></tr>'
)
_KINDS = {Verdict.MET: "met", Verdict.NOT_MET: "failed", Verdict.NOT_ASSESSABLE: "unknown"}


def school_rows(assessment: Assessment, rows: Sequence[SchoolRow], standard: Standard) -> None:
    """The rows in the order given; those that pass fold behind one line where others do not."""
    names = {i.code: i.short_name for i in standard.indicators}
    pressing = [row for row in rows if row.verdict is not Verdict.MET or row.borderline]
    fine = [row for row in rows if row not in pressing]
    heads = [("", "学校"), ("", "结论"), *(("cell", name) for name in names.values()), ("strip", "七项")]
    heads += [("number rest", "在校生（人）"), ("number rest", "最大班额（人）")]
    head = Markup("").join(_HEAD.format(kind, name) for kind, name in heads)
    bodies = _body("", [_row(row, assessment, standard) for row in pressing])
    more = Markup("")
    if fine:
        grouped = _by_township(fine, assessment, standard, len(heads))
        bodies += _body("folded" if pressing else "", grouped)
    if fine and pressing:
        more = Markup('<button type="button" class="unfold" aria-expanded="false">{}</button>').format(
            f"其余 {len(fine)} 所达标，按乡镇展开"
        )
    table = Markup(
        '<div class="rows schools"><table role="table" class="wide"><thead role="rowgroup"><tr role="row">{}</tr></thead>{}</table>{}</div>'
    )
    st.html(table.format(head, bodies, more))


def _body(kind: str, rows: Sequence[Markup]) -> Markup:
    return (
        Markup('<tbody role="rowgroup" class="{}">{}</tbody>').format(kind, Markup("").join(rows))
        if rows
        else Markup("")
    )


def _by_township(rows: Sequence[SchoolRow], assessment: Assessment, standard: Standard, width: int) -> list[Markup]:
    """The rows under a line for each township that says how all its rows stand."""
    drawn = []
    for code, held in groupby(sorted(rows, key=lambda r: (r.township_code, r.school_id)), lambda r: r.township_code):
        part = count(row.verdict for row in assessment.rows if row.township_code == code)
        words = f"{assessment.township_names[code]}　{part_text(part, ROWS_UNIT)}"
        drawn.append(
            Markup(
                '<tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="{}">{}</th></tr>'
            ).format(width, words)
        )
        drawn += [_row(row, assessment, standard) for row in held]
    return drawn


def _row(row: SchoolRow, assessment: Assessment, standard: Standard) -> Markup:
    place = f"{assessment.township_names[row.township_code]} · {stage_name(row.stage)}"
    mark = Markup('<span class="mark {}">{} {}</span>').format(
        VERDICT_MARKDOWN[row.verdict], SHAPES[row.verdict], WORDS[row.verdict]
    )
    if row.borderline:
        mark += Markup(' <span class="mark violet">{}临界</span>').format(BORDERLINE_SHAPE)
    return _ROW.format(
        school_address(row.school_id),
        row_name(row),
        place,
        mark,
        Markup("").join(_cell(h, standard) for h in row.indicators),
        _strip(row, standard),
        whole_text(row.pupils),
        range_text(row.largest_class, row.largest_class_at_most),
    )


def _cell(holding: SchoolIndicator, standard: Standard) -> Markup:
    """A failing cell says what is missing and the figure; one that is met says so by a dot."""
    kind = _KINDS[holding.verdict]
    if holding.above_floor is False:
        kind = "failed floor"
    if holding.verdict is Verdict.MET:
        words = Markup('<i aria-hidden="true">●</i><span class="heard">达标</span>')
    else:
        value = against_limit(holding.value, holding.limit, at_least=True)
        beside = f"{value}/{limit_text(holding.limit)}" if holding.value is not None else ""
        words = Markup("<b>{}</b> <small>{}</small>").format(
            short_gap(holding, standard.indicator(holding.code)), beside
        )
    if holding.borderline:
        words += Markup(' <span class="mark violet">{}</span>').format(BORDERLINE_SHAPE)
    return Markup('<td role="cell" class="cell {}">{}</td>').format(kind, words)


def _strip(row: SchoolRow, standard: Standard) -> Markup:
    """For a phone: seven squares, then what is missing."""
    kinds = ["floor" if h.above_floor is False else _KINDS[h.verdict] for h in row.indicators]
    return squares(kinds, f"{row.met_count}/{len(row.indicators)} 项达标") + Markup(" {}").format(
        missing_text(row, standard)
    )
