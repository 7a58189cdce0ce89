"""What stands beside the items because no text settles it: schools and subjects that a reading concerns, by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.method.assessment import Assessment, Verdict
from core.naming import named
from core.rules.standard import Standard
from core.wording.numbers import whole_text


def item_notes(
    assessment: Assessment, standard: Standard, subjects: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """One sentence for each such item, after its code; `subjects` are those of which a monitoring result counts, as results
    name them, None where nobody looked.
    """
    found = [
        *(("G4", note) for note in _attached_classes(assessment, standard)),
        *(("Q4", note) for note in _training_base(assessment)),
    ]
    return found if subjects is None else [*found, *(("Q9", n) for n in _silent(assessment, standard, subjects))]


def _attached_classes(assessment: Assessment, standard: Standard) -> Iterator[str]:
    found = [r for r in assessment.rows if r.kind == "vocational"]
    if found:
        option = standard.option("vocational_classes")
        names = named([f"{r.name} {whole_text(r.pupils)} 人" for r in found], "所")
        choice = option.choices[assessment.choices[option.option_id]].removesuffix("（默认）")
        yield f"{option.name}：{names}。规程不允许附设，现{choice}。"


def _training_base(assessment: Assessment) -> Iterator[str]:
    schools = [s for s in assessment.school_items if s.code == "Q4"]
    by_spending = [s for s in schools if not s.by_budget]
    if by_spending:
        how_many = "各校" if len(by_spending) == len(schools) else f"{len(by_spending)} 所学校"
        yield f"{how_many}未报公用经费预算，按公用经费支出核算。"
    for by_budget, what in ((True, "公用经费预算"), (False, "公用经费支出")):
        nothing = [
            s.name
            for s in schools
            if s.required == 0 and s.verdict is Verdict.NOT_ASSESSABLE and bool(s.by_budget) is by_budget
        ]
        if nothing:
            yield f"{named(nothing, '所')}的{what}为 0，无法核算，请核实。"


def _silent(assessment: Assessment, standard: Standard, subjects: Collection[str]) -> Iterator[str]:
    option, year = standard.option("monitoring_subjects"), assessment.year
    silent = [s.name for s in standard.subjects_in(year) if not {*s.names} & {*subjects}]
    if silent:
        choice = option.choices[assessment.choices[option.option_id]].removesuffix("（默认）")
        yield f"{year} 年应监测的科目中没有有效结果的：{'、'.join(silent)}；现按{choice}判定。"
