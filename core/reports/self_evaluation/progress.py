"""八、方案落实: tasks, targets, ledger, projects; then year by year, and since the draft before."""

from __future__ import annotations

from core.delivery.ledger.ledger import ASSIGNED, Issue
from core.delivery.on_time import DONE
from core.delivery.owed.scoreboard import Score
from core.delivery.owed.targets import dated_targets
from core.delivery.owed.units import project_standing
from core.delivery.records.stated import StatedFigure, changed_figures
from core.reports.cells import Cell, verdict_cell
from core.reports.official.paper import Outline
from core.reports.self_evaluation.basis import Basis
from core.reports.self_evaluation.charts import years_chart
from core.wording.carrying_out.funds import funds_sentence
from core.wording.carrying_out.ledger import closed_text, issue_name, issue_state_text, issue_then_and_now
from core.wording.carrying_out.targets import outlook_sentence, pace_text
from core.wording.delivery import level_label, progress_text
from core.wording.numbers import NOT_REPORTED
from core.wording.positions import (
    SUB_ITEM,
    board_headline,
    county_issues,
    county_overdue_sentence,
    day_text,
    is_overdue,
    no_plan_sentence,
    open_issues,
)
from core.wording.school_names import school_names
from core.wording.verdicts import WORDS


def carrying_out(outline: Outline, basis: Basis) -> None:
    """The plan's part; of a county without one, one sentence and what is reported all the same."""
    situation = basis.situation
    outline.heading(1, "实施方案落实情况")
    if situation.plan.exists:
        outline.heading(2, "任务和目标")
        outline.say(county_overdue_sentence(situation), "plan", "records")
        if not situation.plan_is_history:
            outline.say(f"{board_headline(situation, basis.scores)}。", "plan", "records")
            _units(outline, basis)
        _targets(outline, basis)
    else:
        outline.say(no_plan_sentence(situation.county))
    _ledger(outline, basis)
    _projects(outline, basis)


def _units(outline: Outline, basis: Basis) -> None:
    outline.table(
        "各单位牵头具体措施的落实",
        (("单位", 4), ("牵头", 2), ("按期/到期", 2), ("逾期", 2), ("台账未销号", 2), ("其中逾期", 2)),
        [
            (
                _unit_name(basis, s),
                f"{s.leads} 项",
                f"{s.in_time}/{s.fallen_due}",
                f"{s.late} 项",
                f"{s.issues_open} 件",
                f"{s.issues_overdue} 件",
            )
            for s in basis.scores
        ],
        "plan",
        "records",
        "ledger",
        note=f"到期为已到期、可以判定的{SUB_ITEM}；各乡镇共同牵头的{SUB_ITEM}在每个乡镇各计一次。",
    )


def _unit_name(basis: Basis, score: Score) -> str:
    if score.township_code is not None:
        return basis.situation.township_names.get(score.township_code, score.township_code)
    return basis.situation.plan.unit(score.unit_id).name


def _targets(outline: Outline, basis: Basis) -> None:
    outline.table(
        "方案目标的实现",
        (("目标", 5), ("期限", 2.6), ("判断", 3), ("说明", 6)),
        [
            (o.target.name, str(o.target.deadline), pace_text(o.pace_verdict), outlook_sentence(o))
            for o in dated_targets(basis.situation)
        ],
        "plan",
        "batches",
        "records",
    )


def _ledger(outline: Outline, basis: Basis) -> None:
    situation = basis.situation
    every = county_issues(situation)
    still = open_issues(every)
    closed = [(issue, state) for issue, state in every if not state.is_open]
    outline.heading(2, "问题台账")
    if not every:
        outline.say("台账没有建账的问题。", "ledger")
        return
    late = sum(is_overdue(state) for _, state in still)
    again = sum(state.reopened_on is not None for _, state in still)
    reopened = f"，数据反弹重新打开 {again} 件" if again else ""
    outline.say(
        f"建账 {len(every)} 件，已销号 {len(closed)} 件，未销号 {len(still)} 件，其中逾期 {late} 件{reopened}。",
        "ledger",
    )
    outline.table(
        "未销号的问题",
        (("编号", 1.2), ("问题", 6), ("责任单位", 3), ("时限", 2.5), ("状态", 4)),
        [
            (
                str(issue.serial),
                issue_then_and_now(issue, state),
                _assigned_to(basis, issue),
                "未定" if state.standing.due is None else str(state.standing.due),
                issue_state_text(state, situation.plan),
            )
            for issue, state in still
        ],
        "ledger",
        "batches",
        note="没有未销号的问题。" if not still else "",
    )
    if closed:
        outline.say("已销号的问题见附录三。", "ledger")


def closed_issues(outline: Outline, basis: Basis) -> None:
    """附录三: what was closed, when, and what the figures have said since; nothing where nothing was."""
    closed = [(issue, state) for issue, state in county_issues(basis.situation) if not state.is_open]
    if not closed:
        return
    outline.annex("附录三　已销号的问题")
    outline.table(
        "已销号的问题",
        (("问题", 7), ("销号", 2.2), ("销号后的数据", 5)),
        [
            (
                issue_name(issue),
                NOT_REPORTED if issue.closing is None else str(issue.closing.day),
                closed_text(issue, state),
            )
            for issue, state in closed
        ],
    )


def _assigned_to(basis: Basis, issue: Issue) -> str:
    step = issue.latest(ASSIGNED)
    if step is None:
        return "未交办"
    if step.unit_id:
        return basis.situation.plan.unit(step.unit_id).name
    return school_names(basis.situation).get(step.school_id or "", step.school_id or "")


def _projects(outline: Outline, basis: Basis) -> None:
    situation = basis.situation
    outline.heading(2, "建设项目")
    if not situation.projects:
        outline.say("没有登记建设项目。", "projects")
        return
    standings = [project_standing(situation, p) for p in situation.projects]
    outline.say(f"登记项目 {progress_text(standings, '个项目')}；{funds_sentence(situation)}", "projects")
    outline.table(
        "建设项目进展",
        (("项目", 5), ("责任单位", 3), ("进度", 1.5), ("计划完工", 2.5), ("状态", 4)),
        [
            (
                p.name,
                situation.plan.unit(p.unit_id).name if p.unit_id else "未填",
                NOT_REPORTED if p.progress is None else f"{p.progress}%",
                "未定" if p.planned_completion is None else str(p.planned_completion),
                level_label(standing, situation.plan),
            )
            for p, standing in sorted(
                zip(situation.projects, standings, strict=True), key=lambda held: held[1].level == DONE
            )
        ],
        "projects",
    )


def changes(outline: Outline, basis: Basis, stated: tuple[StatedFigure, ...]) -> None:
    """九、变化情况: year by year, then against the draft that was kept last."""
    judged = {y: a for y, a in basis.situation.facts.assessments.items() if y <= basis.assessment.year}
    outline.heading(1, "变化情况")
    outline.heading(2, "历年变化")
    if len(judged) > 1:
        outline.figure("历年达标比例", years_chart(judged), "rows", "balance", "batches")
    outline.table(
        "历年自评结果",
        (("学年", 1.4), ("学校", 2), ("差异系数", 2), ("政府保障", 2), ("教育质量", 2), ("社会认可度", 2), ("全县", 2)),
        [
            (
                str(year),
                *(
                    f"{part.met}/{part.total}"
                    for part in (
                        a.schools_part,
                        a.balance_part,
                        a.items_part("government"),
                        a.items_part("quality"),
                    )
                ),
                WORDS[a.items_part("satisfaction").verdict],
                verdict_cell(a.verdict),
            )
            for year, a in sorted(judged.items())
        ],
        "rows",
        "balance",
        "batches",
        note="各年均按现行口径判定；达标数/参评数。",
    )
    outline.heading(2, "与上一稿相比")
    before = basis.previous
    if before is None:
        outline.say("此前没有留存过自评报告稿。", "drafts")
        return
    changed = changed_figures(before.figures, stated)
    opening = (
        f"上一稿为第 {before.serial} 稿，按 {before.year} 学年数据和截至 {day_text(before.day)}的佐证，"
        f"{before.recorded_at:%Y-%m-%d} 留存（{before.batches}）。"
    )
    rules = "" if before.standard_id == basis.standard.standard_id else "两稿的标准版本不同。"
    outline.say(f"{opening}{rules}{f'{len(changed)} 个数字有变化。' if changed else '各项数字没有变化。'}", "drafts")
    outline.table(
        "与上一稿不同的数字",
        (("项目", 5), ("上一稿", 5), ("本稿", 5)),
        [(c.name, c.before or "—", Cell(c.after or "—")) for c in changed],
        "drafts",
        "batches",
    )
