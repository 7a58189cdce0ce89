"""一校一案: a school's problems, each with measure, money and its source, person, term, how far it is, closed or not.

school_paper(situation, assessment, school_id, reader, is_demo) -> Paper      of a school with an evaluated row
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.access import Actor
from core.delivery.ledger.ledger import ASSIGNED, Issue, IssueState
from core.delivery.owed.targets import county_goal
from core.delivery.owed.units import project_standing
from core.delivery.projects import Project
from core.delivery.records.funds import SOURCE_NAMES
from core.delivery.records.persons import PersonKey
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment, SchoolRow, Verdict
from core.method.failures import WORST_FIRST
from core.method.subjects import Subject
from core.outlook.remedies.rows import Shortfall, remedy_of
from core.reports.cells import Cell, colour_of, verdict_cell
from core.reports.editions.lists import as_of_subtitle
from core.reports.official.paper import Outline, Paper
from core.reports.tables import DEMO_MARK
from core.rules.prices import Prices
from core.rules.standard import Standard
from core.wording.attention import Concern, concerns
from core.wording.carrying_out.ledger import issue_now, issue_state_text
from core.wording.carrying_out.targets import start_text
from core.wording.delivery import NOBODY_NAMED, level_label, person_text, responsible_text
from core.wording.numbers import NONE_HERE, NOT_REPORTED, against_limit, limit_text, up_wan_text, wan_text
from core.wording.remedies import gap_text
from core.wording.schools import school_headline, school_summary
from core.wording.verdicts import row_name

_NOT_OPENED = "未建账"
_PLAN_COLUMNS = (
    ("问题", 3.8),
    ("整改措施", 4),
    ("资金及来源", 3.2),
    ("责任单位、责任人", 2.8),
    ("时限", 3),
    ("完成情况", 3),
    ("销号", 2.9),
)


def school_paper(situation: Situation, assessment: Assessment, school_id: str, reader: Actor, is_demo: bool) -> Paper:
    """The school's own plan of repair."""
    rows = assessment.rows_of(school_id)
    outline = Outline()
    outline.say(f"{school_headline(rows)}。{school_summary(assessment, rows, situation.standard)}")
    inspector = situation.persons.get(PersonKey("school", school_id))
    outline.say(f"责任督学：{responsible_text(inspector, reader)}。")
    outline.heading(1, "问题和整改")
    lines = _lines(situation, assessment, school_id, reader)
    outline.table("问题和整改", _PLAN_COLUMNS, lines, note="" if lines else "没有需要整改的问题。")
    outline.heading(1, "各项指标")
    for row in rows:
        _indicators(outline, row, situation.standard)
    outline.heading(1, "建设项目和资金")
    _projects(outline, situation, [p for p in situation.projects if p.school_id == school_id])
    outline.sign("校长（签字）：＿＿＿＿＿＿", "牵头单位（签章）：＿＿＿＿＿＿", "＿＿＿＿年＿＿月＿＿日")
    return outline.paper(
        f"{rows[0].name}整改方案（一校一案）",
        as_of_subtitle(situation),
        f"{DEMO_MARK}：学校与数字均为虚构" if is_demo else "",
    )


def _lines(situation: Situation, assessment: Assessment, school_id: str, reader: Actor) -> list[tuple[Cell | str, ...]]:
    """What the figures say fails, then what stands on the ledger; a problem that is on it stands there alone."""
    issues = situation.issues_of_school(school_id)
    opened = {issue.subject for issue, state in issues if state.is_open}
    listed = concerns(assessment, situation.standard, situation.plan)
    failing = [c for c in listed if c.subject.school_id == school_id]
    own = [c for c in failing if not _is_opened(c, opened)]
    return [
        *(_of_concern(situation, assessment, c) for c in own),
        *(_of_issue(situation, issue, state, reader) for issue, state in issues),
    ]


def _is_opened(concern: Concern, opened: set[str]) -> bool:
    """Whether the ledger holds the row itself or one of its indicators."""
    key = str(concern.subject)
    return any(subject == key or subject.startswith(f"{key}:") for subject in opened)


def _of_concern(situation: Situation, assessment: Assessment, concern: Concern) -> tuple[Cell | str, ...]:
    row = assessment.row(concern.subject.school_id or "", concern.subject.stage or "")
    return (
        f"{concern.name}：{concern.reason}",
        concern.remedy or NONE_HERE,
        NONE_HERE if row is None else _money(row, situation.standard, situation.county.prices),
        f"{concern.lead or '未明确'}；{NOBODY_NAMED}",
        start_text(concern.lead_months, county_goal(situation), situation.as_of),
        Cell("未启动", colour_of(Verdict.NOT_MET)) if concern.verdict is Verdict.NOT_MET else "待报数据",
        _NOT_OPENED,
    )


def _money(row: SchoolRow, standard: Standard, prices: Prices) -> str:
    """What the remedy costs at the county's prices, the cheapest of what may be chosen; from which source nobody has said."""
    if row.verdict is Verdict.MET or row.pupils is None:
        return NONE_HERE
    remedy = remedy_of(row, standard)
    musts = [(s.code, _cost(s, prices)) for s in (*remedy.to_limit, *remedy.to_floor)]
    paid = {code: cost for code, cost in musts if cost is not None}
    # The way to the limit begins with the way to the floor, which is paid already.
    choice = sorted(cost - paid.get(s.code, 0) for s in remedy.any_of if (cost := _cost(s, prices)) is not None)
    if len(paid) < len(musts) or len(choice) < remedy.needed:
        return "没有单价，未估算；资金来源待定"
    total = sum(paid.values(), Decimal(0)) + sum(choice[: remedy.needed], Decimal(0))
    return f"按单价估算约 {up_wan_text(total)}；资金来源待定"


def _cost(shortfall: Shortfall, prices: Prices) -> Decimal | None:
    price = prices.get(shortfall.code)
    return None if price is None else price.yuan * shortfall.units


def _of_issue(situation: Situation, issue: Issue, state: IssueState, reader: Actor) -> tuple[Cell | str, ...]:
    step = issue.latest(ASSIGNED)
    who = "未交办"
    if step is not None:
        unit = situation.plan.unit(step.unit_id).name if step.unit_id else "本校"
        who = f"{unit}；{person_text(step.person, reader) if step.person else NOBODY_NAMED}"
    now = issue_now(issue, state)
    closed = issue.closing
    return (
        f"第 {issue.serial} 号 {issue.title}（{issue.day} 建账时{f'；{now}' if now else ''}）",
        issue.latest_text("measures") or NONE_HERE,
        _money_of_projects(situation, issue),
        who,
        "未定" if state.standing.due is None else str(state.standing.due),
        issue.latest_text("progress") or issue_state_text(state, situation.plan),
        f"{closed.day} 销号" if closed is not None and not state.is_open else "未销号",
    )


def _money_of_projects(situation: Situation, issue: Issue) -> str:
    """The planned money of the schools' projects, by source, where the issue is about what they build."""
    subject = Subject.parse(issue.subject)
    built = {i.code for i in situation.standard.indicators if i.measured_by == "school"}
    if subject.kind != "class_size" and subject.code not in built:
        return NONE_HERE
    held = [p for p in situation.projects if p.school_id in issue.school_ids]
    return "；".join(_funds(situation, p) for p in held) or "未列项目"


def _funds(situation: Situation, project: Project) -> str:
    funds = [f for f in situation.funds.get(project.project_id, ()) if f.planned_yuan]
    said = "、".join(f"{SOURCE_NAMES[f.source]} {wan_text(f.planned_yuan)}" for f in funds)
    return f"{project.name}：{said or '资金未登记'}"


def _indicators(outline: Outline, row: SchoolRow, standard: Standard) -> None:
    outline.table(
        f"{row_name(row)}七项指标",
        (("指标", 5), ("结论", 2.2), ("本校", 2), ("标准", 2), ("缺口或余量", 4)),
        [
            (
                f"{standard.indicator(h.code).name}（{standard.indicator(h.code).unit}）",
                verdict_cell(h.verdict, h.borderline),
                against_limit(h.value, h.limit, at_least=True),
                f"≥ {limit_text(h.limit)}",
                gap_text(h, standard.indicator(h.code)),
            )
            for h in sorted(row.indicators, key=lambda h: WORST_FIRST.index(h.verdict))
        ],
    )


def _projects(outline: Outline, situation: Situation, projects: Sequence[Project]) -> None:
    outline.table(
        "建设项目和资金",
        (("项目", 5), ("资金及来源", 4), ("进度", 1.6), ("计划完工", 2.8), ("状态", 3)),
        [
            (
                p.name,
                _funds(situation, p).split("：", 1)[1],
                NOT_REPORTED if p.progress is None else f"{p.progress}%",
                "未定" if p.planned_completion is None else str(p.planned_completion),
                level_label(project_standing(situation, p), situation.plan),
            )
            for p in projects
        ],
        note="" if projects else "没有登记建设项目。",
    )
