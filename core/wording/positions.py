"""Where the county, a unit and a township stand: what is said of them in notices and briefings alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.delivery.ledger.ledger import ASSIGNED, Issue, IssueState
from core.delivery.on_time import CLAIMED, DONE, NOT_REACHED, UNKNOWN, Reason, Standing
from core.delivery.owed.overdue import Lateness, lateness
from core.delivery.owed.scoreboard import Score
from core.delivery.owed.units import TownshipPage, UnitPage, decision_standing, project_standing
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import SubItemStatus
from core.method.assessment import Assessment, PartCount, Verdict, count
from core.method.failures import WORST_FIRST
from core.rules.county import County
from core.rules.plan import TOWNSHIPS_KIND
from core.wording.attention import Concern, concerns
from core.wording.gaps import unit_codes, unit_gaps
from core.wording.numbers import whole_text
from core.wording.verdicts import WORDS, part_text

WORST = 5
WORST_TITLE = "主要短板"
SUB_ITEM = "具体措施"


@dataclass(frozen=True)
class Part:
    """One of the four parts of the standard: how much of it is met, now and a year before (None: no such year)."""

    title: str
    unit: str
    now: PartCount
    before: PartCount | None


@dataclass(frozen=True)
class Overdue:
    """What one unit, or all townships together, still owes past its day."""

    name: str
    leads: int
    fallen_due: int
    in_time: int
    late: int
    issues_overdue: int

    @property
    def in_time_text(self) -> str:
        """How much of what has fallen due was in time; — for who leads nothing."""
        return f"{self.in_time}/{self.fallen_due}" if self.leads else "—"


@dataclass(frozen=True)
class Owed:
    """Something overdue or due this month: a sub-item, a decision or a project."""

    kind: str
    name: str
    standing: Standing


def day_text(day: date) -> str:
    """A day as official papers write it."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def county_parts(assessment: Assessment, before: Assessment | None) -> tuple[Part, ...]:
    """The four parts in the standard's order."""

    def counted(judged: Assessment) -> tuple[PartCount, ...]:
        return (
            judged.schools_part,
            judged.balance_part,
            judged.items_part("government"),
            judged.items_part("quality", "satisfaction"),
        )

    earlier: tuple[PartCount | None, ...] = (None,) * 4 if before is None else counted(before)
    titles = (("学校（分学段计）", "所"), ("校际差异系数", "项"), ("政府保障程度", "项"), ("教育质量与认可度", "项"))
    return tuple(
        Part(title, unit, now, then)
        for (title, unit), now, then in zip(titles, counted(assessment), earlier, strict=True)
    )


def part_change(now: PartCount, before: PartCount | None, unit: str) -> str:
    """How many more or fewer are met than a year before."""
    if before is None:
        return "上年无数据"
    if now.met == before.met:
        return f"与上年持平（上年 {before.met}/{before.total}）"
    word = "增加" if now.met > before.met else "减少"
    return f"较上年{word} {abs(now.met - before.met)} {unit}（上年 {before.met}/{before.total}）"


def overdue_by_unit(situation: Situation, scores: Sequence[Score]) -> list[Overdue]:
    """Who owes something past its day, those who owe most first; the townships together owe a sub-item once."""
    townships = [s for s in scores if s.township_code is not None]
    found = lateness(situation).sub_items
    together = sum(situation.plan.unit(s.obligation.lead_unit_id).kind == TOWNSHIPS_KIND for s in found)
    listed = [_overdue(situation.plan.unit(s.unit_id).name, [s]) for s in scores if s.township_code is None]
    if townships:
        behind = sum(bool(s.late or s.issues_overdue) for s in townships)
        # What all townships lead counts once, as in the sentence above the table.
        listed.append(replace(_overdue(f"{behind} 个乡镇政府", townships), late=together))
    at_schools = [i.latest(ASSIGNED) for i, state in county_issues(situation) if is_overdue(state)]
    schools = [step.school_id for step in at_schools if step is not None and step.school_id]
    listed.append(Overdue(f"{len(set(schools))} 所学校", 0, 0, 0, 0, len(schools)))
    return sorted((o for o in listed if o.late or o.issues_overdue), key=lambda o: (-o.late, -o.issues_overdue))


def _overdue(name: str, scores: Sequence[Score]) -> Overdue:
    return Overdue(
        name,
        leads=sum(s.leads for s in scores),
        fallen_due=sum(s.fallen_due for s in scores),
        in_time=sum(s.in_time for s in scores),
        late=sum(s.late for s in scores),
        issues_overdue=sum(s.issues_overdue for s in scores),
    )


def no_plan_sentence(county: County) -> str:
    """That a county has no plan, where it has none: that nothing is overdue would look like work done."""
    return f"{county.name}没有载入实施方案，只按国家标准判定。"


def county_overdue_sentence(situation: Situation) -> str:
    """How many sub-items are overdue, at how many units, and who leads them; what the townships lead counts once."""
    if not situation.plan.exists:
        return no_plan_sentence(situation.county)
    if situation.plan_is_history:
        return "县已通过认定，原方案转为历史方案，不再计逾期；按年度监测复查。"
    found = lateness(situation)
    short = f"另有 {len(found.short)} 项未到期限、已判定未达到。" if found.short else ""
    if not found.sub_items:
        return f"规划任务没有逾期事项。{short}"
    units = Counter(situation.plan.unit(s.obligation.lead_unit_id).name for s in found.sub_items)
    led = "、".join(f"{name} {number} 项" for name, number in units.most_common())
    return f"规划任务{overdue_words(found)}：{led}。{short}"


def overdue_words(found: Lateness) -> str:
    """How many sub-items are overdue and at how many units, as every page says it."""
    if not found.sub_items:
        return "没有逾期"
    sides = ((len(found.departments), "个部门"), (len(found.townships), "个乡镇"))
    return f"逾期 {len(found.sub_items)} 项，涉及 {'和 '.join(f'{number} {unit}' for number, unit in sides if number)}"


def board_headline(situation: Situation, scores: Sequence[Score]) -> str:
    """Who leads how much, what is overdue, and how much of the month's reports has come in."""
    found = lateness(situation)
    sides = ((found.departments_leading, "个部门"), (found.townships_leading, "个乡镇"))
    return (
        f"{'和 '.join(f'{number} {unit}' for number, unit in sides if number)}牵头 "
        f"{sum(1 for _ in situation.plan.sub_items())} 项，{overdue_words(found)}；"
        f"本月应报 {sum(s.to_report for s in scores)} 份，已报 {sum(s.reported for s in scores)} 份"
    )


def county_issues(situation: Situation) -> list[tuple[Issue, IssueState]]:
    """Every issue of the ledger with how it stands."""
    states = situation.issue_states
    return [(issue, states[issue.number]) for issue in situation.issues]


def unit_verdict(situation: Situation, page: UnitPage) -> Verdict:
    """Whether a unit is up to date with what it owes; with nothing to owe it does not apply."""
    if page.short or _anything_overdue(situation, page):
        return Verdict.NOT_MET
    if any(s.standing.level == UNKNOWN for s in page.leads):
        return Verdict.NOT_ASSESSABLE
    owes = page.leads or page.issues or page.decisions or page.projects
    return Verdict.MET if owes else Verdict.NOT_APPLICABLE


def unit_headline(situation: Situation, page: UnitPage) -> str:
    """A unit's position as a title."""
    name = situation.plan.unit(page.unit_id).name
    if not page.leads:
        return f"{name}没有牵头具体措施，参与 {len(page.shares)} 项"
    late = f"逾期 {len(page.late)} 项" if page.late else "具体措施没有逾期"
    return f"{name}牵头 {len(page.leads)} 项，{late}"


def unit_summary(situation: Situation, page: UnitPage) -> str:
    """What a unit leads and shares in, what is done, due, undecided and contradicted, what its indicators lack."""
    done = sum(s.standing.level == DONE for s in page.leads)
    undecided = sum(s.standing.level == UNKNOWN for s in page.leads)
    clauses = ["没有牵头具体措施"]
    if page.leads:
        late, due = len(page.late), len(page.due_this_month)
        clauses = [f"牵头 {len(page.leads)} 项具体措施，已完成 {done} 项，逾期 {late} 项，本月到期 {due} 项"]
    if page.short:
        clauses.append(f"未到期限、已判定未达到 {len(page.short)} 项")
    if claimed := sum(s.standing.level == CLAIMED for s in page.leads):
        clauses.append(f"自报完成或已归档、尚待佐证核验 {claimed} 项")
    if undecided:
        clauses.append(f"数据不全、无法判定 {undecided} 项")
    if page.diverging:
        clauses.append(f"填报与核算不一致 {len(page.diverging)} 项")
    clauses.append(f"参与 {len(page.shares)} 项")
    gaps = count(gap.verdict for gap in unit_gaps(situation, page))
    if gaps.total:
        found = ((gaps.not_met, Verdict.NOT_MET), (gaps.unknown, Verdict.NOT_ASSESSABLE))
        clauses.append("有关指标 " + "、".join(f"{number} 项{WORDS[verdict]}" for number, verdict in found if number))
    return f"截至 {day_text(situation.as_of)}，{'；'.join(clauses)}。"


def no_gaps_sentence(situation: Situation, page: UnitPage) -> str:
    """Why no gap is listed: everything is met, no figure is published, or no figure decides."""
    if situation.assessment is None:
        return "当日尚无已发布数据，有关指标无法判定。"
    return "有关指标没有未达标项。" if unit_codes(situation, page) else "没有直接对应的评估指标，按任务落实情况督办。"


def township_verdict(situation: Situation, page: TownshipPage) -> Verdict:
    """The worst of a township's schools, classes, sub-items, projects and issues."""
    verdicts = [page.school_rows.verdict] if page.school_rows.total else []
    if page.classes is None:
        verdicts.append(Verdict.NOT_ASSESSABLE)
    if page.classes_over_limit or page.short or _anything_overdue(situation, page):
        verdicts.append(Verdict.NOT_MET)
    if any(s.standing.level == UNKNOWN for s in page.sub_items):
        verdicts.append(Verdict.NOT_ASSESSABLE)
    return min(verdicts, key=WORST_FIRST.index, default=Verdict.MET)


def township_headline(page: TownshipPage) -> str:
    """A township's position as a title."""
    rows = page.school_rows
    schools = f"{rows.met}/{rows.total} 所学校（分学段计）达标" if rows.total else "没有参评学校"
    return f"{page.name}{schools}，{f'{len(page.late)} 项具体措施逾期' if page.late else '具体措施没有逾期'}"


def township_summary(situation: Situation, page: TownshipPage) -> str:
    """Schools, classes, children and sub-items of a township in figures."""
    schools = part_text(page.school_rows, "所学校（分学段计）") if page.school_rows.total else "没有参评学校"
    if page.classes is None:
        classes = "班级数据未报全"
    else:
        over = f"{page.classes_over_limit} 个超过班额标准" if page.classes_over_limit else "没有超过班额标准的"
        classes = f"{page.classes} 个班中{' ' if page.classes_over_limit else ''}{over}" if page.classes else "没有班级"
    reported = page.attendance
    if reported is None:
        children = "入学与控辍保学数据未报"
    else:
        children = (
            f"适龄儿童少年 {whole_text(reported.school_age)} 人，在学 {whole_text(reported.enrolled)} 人，"
            f"送达限期入学、复学通知书 {whole_text(reported.notices_served)} 份，"
            f"返校 {whole_text(reported.notices_returned)} 人"
        )
    sub_items = (
        f"牵头 {len(page.sub_items)} 项具体措施，逾期 {len(page.late)} 项，本月到期 {len(page.due_this_month)} 项"
    )
    sub_items += f"，未到期限、已判定未达到 {len(page.short)} 项" if page.short else ""
    year = "尚无已发布数据" if situation.year is None else f"{situation.year} 学年"
    return f"截至 {day_text(situation.as_of)}（{year}），{schools}；{classes}；{children}；{sub_items}。"


def township_concerns(situation: Situation, township_code: str) -> list[Concern]:
    """The township's school rows that fail or cannot be judged, the worst first."""
    judged = situation.assessment
    if judged is None:
        return []
    listed = concerns(judged, situation.standard, situation.plan)
    return [c for c in listed if c.township_code == township_code]


def owed_now(situation: Situation, page: UnitPage | TownshipPage) -> list[Owed]:
    """Sub-items, decisions and projects overdue, denied by what decides them, or due this month, in that order."""
    statuses: Sequence[SubItemStatus] = page.leads if isinstance(page, UnitPage) else page.sub_items
    listed = [Owed(SUB_ITEM, f"{s.sub_item.sub_item_id} {s.sub_item.title}", s.standing) for s in statuses]
    if isinstance(page, UnitPage):
        listed += [Owed("议定事项", d.decision, decision_standing(situation, d)) for d in page.decisions]
    listed += [Owed("项目", p.name, project_standing(situation, p)) for p in page.projects]
    late = [owed for owed in listed if owed.standing.reason is Reason.OVERDUE]
    pressing = [*late, *(o for o in listed if o not in late and _presses(o.standing, situation.as_of))]
    return sorted(
        pressing,
        key=lambda o: (
            o.standing.reason is not Reason.OVERDUE,
            o.standing.level != NOT_REACHED,
            -o.standing.days_late,
        ),
    )


def _presses(standing: Standing, as_of: date) -> bool:
    return standing.level == NOT_REACHED or standing.is_due_in_month_of(as_of)


def _anything_overdue(situation: Situation, page: UnitPage | TownshipPage) -> bool:
    owed = any(owed.standing.reason is Reason.OVERDUE for owed in owed_now(situation, page))
    return owed or any(is_overdue(state) for _, state in page.issues)


def is_overdue(state: IssueState) -> bool:
    """Whether an issue is open past its day."""
    return state.is_open and state.standing.reason is Reason.OVERDUE


def open_issues(issues: Sequence[tuple[Issue, IssueState]]) -> list[tuple[Issue, IssueState]]:
    """The issues not yet closed, the longest overdue first."""
    return sorted(((i, s) for i, s in issues if s.is_open), key=lambda found: -found[1].standing.days_late)
