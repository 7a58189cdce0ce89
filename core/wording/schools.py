"""What is said of one school, on its page, in its briefing and its notice alike."""

from __future__ import annotations

from collections.abc import Sequence

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, SchoolRow, Verdict
from core.rules.standard import Standard
from core.wording.numbers import whole_text
from core.wording.remedies import row_remedy
from core.wording.verdicts import WORDS, row_name, row_reason


def school_headline(rows: Sequence[SchoolRow]) -> str:
    """A school's position as a title; each stage of its own where it has several."""
    if len(rows) == 1:
        return f"{rows[0].name}{WORDS[rows[0].verdict]}，{_met(rows[0])}"
    stages = "，".join(f"{name_of('stage', row.stage)}{WORDS[row.verdict]}（{_met(row)}）" for row in rows)
    return f"{rows[0].name}：{stages}"


def _met(row: SchoolRow) -> str:
    return f"{row.met_count}/{len(row.indicators)} 项指标达标"


def school_summary(assessment: Assessment, rows: Sequence[SchoolRow], standard: Standard) -> str:
    """Where the school is, how large, and why it does not pass, to the full stop."""
    first = rows[0]
    pupils = "、".join(
        f"{name_of('stage', row.stage) if len(rows) > 1 else ''}在校生 {whole_text(row.pupils)} 人" for row in rows
    )
    reasons = [f"{row_name(row)}：{reason}" for row in rows if (reason := row_reason(row, standard))]
    said = f"{assessment.township_names[first.township_code]}，{name_of('kind', first.kind)}，{pupils}"
    return "；".join((said, *(reasons or ["符合学校达标规定"]))) + "。"


def remedy_sentences(rows: Sequence[SchoolRow], standard: Standard) -> list[str]:
    """How each stage that does not pass is put right."""
    return [
        f"{f'{row_name(row)}：' if len(rows) > 1 else ''}{row_remedy(row, standard)}"
        for row in rows
        if row.verdict is not Verdict.MET
    ]
