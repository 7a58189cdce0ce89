"""The county's 自评报告 as an official paper; core.reports.official makes Word and PDF of it.

self_evaluation(basis) -> Paper
stated_figures(basis) -> tuple[StatedFigure, ...]          what a draft of it states, for the next one
"""

from __future__ import annotations

from core.reports.official.paper import Outline, Paper, of_a_draft
from core.reports.self_evaluation import progress, repairs, results
from core.reports.self_evaluation.basis import Basis
from core.reports.self_evaluation.origins import origins
from core.reports.tables import DEMO_MARK
from core.wording.numbers import NONE_HERE, whole_text
from core.wording.positions import day_text
from core.wording.stated import stated_figures
from core.wording.verdicts import row_name


def self_evaluation(basis: Basis) -> Paper:
    """The whole report: verdict, method, the four parts, what fails, the plan, what changed, sources, who is left out."""
    situation = basis.situation
    outline = Outline(origins(basis))
    results.conclusion(outline, basis)
    results.method(outline, basis)
    results.resources(outline, basis)
    results.government(outline, basis)
    results.quality(outline, basis)
    results.conditions(outline, basis)
    repairs.repairs(outline, basis)
    progress.carrying_out(outline, basis)
    progress.changes(outline, basis, stated_figures(situation, basis.assessment))
    outline.sign(f"{situation.county.name}人民政府", day_text(situation.as_of))
    _annexes(outline, basis)
    serial = basis.previous.serial + 1 if basis.previous else 1
    paper = outline.paper(
        title=f"{situation.county.name}县域义务教育优质均衡发展自评报告",
        subtitle=f"（{basis.assessment.year} 学年，截至 {day_text(situation.as_of)}，第 {serial} 稿）",
        mark=f"{DEMO_MARK}：学校与数字均为虚构" if basis.is_demo else "",
    )
    return of_a_draft(paper, basis.draft)


def _annexes(outline: Outline, basis: Basis) -> None:
    judged, standard = basis.assessment, basis.standard
    outline.annex("附录一　数字来源")
    outline.say("正文和各表的数字按句末、表题后的编号查对；同一数字涉及几个来源的，几个编号并列。")
    outline.table("数字来源", (("编号", 1), ("数字、算法和依据", 12)), outline.source_rows())
    outline.annex("附录二　未参评的学校")
    outline.table(
        "未参评的学校",
        (("学校", 5), ("乡镇", 3), ("在校生（人）", 2), ("原因", 4), ("依据", 4)),
        [
            (
                row_name(x),
                judged.township_names.get(x.township_code, x.township_code),
                NONE_HERE if x.pupils is None else whole_text(x.pupils),
                standard.exclusion(x.reason).name,
                standard.exclusion(x.reason).clause,
            )
            for x in judged.left_out
        ],
        note="没有未参评的学校。" if not judged.left_out else "",
    )
    progress.closed_issues(outline, basis)
