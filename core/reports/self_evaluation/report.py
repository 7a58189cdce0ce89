"""The county's 自评报告 as an official paper; core.reports.official makes Word and PDF of it.

self_evaluation(basis) -> Paper
stated_figures(basis) -> tuple[StatedFigure, ...]          what a draft of it states, for the next one
"""

from __future__ import annotations

from collections.abc import Iterator

from core.dataset.dictionary import name_of
from core.delivery.on_time import DONE
from core.delivery.owed.overdue import lateness
from core.delivery.records.report_drafts import StatedFigure
from core.delivery.status.status import sub_item_statuses
from core.method.subjects import Subject
from core.reports.official.paper import Outline, Paper
from core.reports.self_evaluation import progress, repairs, results
from core.reports.self_evaluation.basis import Basis
from core.reports.self_evaluation.origins import origins
from core.reports.tables import DEMO_MARK
from core.wording.items import item_detail, item_name
from core.wording.numbers import NONE_HERE, against_limit, whole_text
from core.wording.positions import county_issues, county_parts, day_text
from core.wording.verdicts import WORDS, row_name


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
    progress.changes(outline, basis, stated_figures(basis))
    outline.sign(f"{situation.county.name}人民政府", day_text(situation.as_of))
    _annexes(outline, basis)
    serial = basis.previous.serial + 1 if basis.previous else 1
    return outline.paper(
        title=f"{situation.county.name}县域义务教育优质均衡发展自评报告",
        subtitle=f"（{basis.assessment.year} 学年，截至 {day_text(situation.as_of)}，第 {serial} 稿）",
        mark="　".join(_marks(basis)),
    )


def _marks(basis: Basis) -> Iterator[str]:
    if basis.is_demo:
        yield f"{DEMO_MARK}：学校与数字均为虚构"
    if basis.draft is not None:
        yield f"草稿批次 {basis.draft} 尚未发布，数字与结论均不作数"


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


def stated_figures(basis: Basis) -> tuple[StatedFigure, ...]:
    """The figures by which two drafts are compared: verdict, parts, coefficients, items, school rows, tasks, issues."""
    return tuple(_stated(basis))


def _stated(basis: Basis) -> Iterator[StatedFigure]:
    judged, standard, situation = basis.assessment, basis.standard, basis.situation
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
        said = f"{WORDS[row.verdict]}，{row.met_count}/{len(row.indicators)} 项达标"
        yield StatedFigure(str(Subject.of_row(*row.key)), row_name(row), said)
    if situation.plan.exists:
        statuses = sub_item_statuses(situation).values()
        done = sum(s.standing.level == DONE for s in statuses)
        yield StatedFigure("tasks:done", "已完成的具体措施", f"{done}/{len(statuses)} 项")
        yield StatedFigure("tasks:late", "逾期的具体措施", f"{len(lateness(situation).sub_items)} 项")
    issues = county_issues(situation)
    if issues:
        closed = sum(not state.is_open for _, state in issues)
        yield StatedFigure("issues", "已销号的问题", f"{closed}/{len(issues)} 件")
