"""What the leading group's meeting pack says: what changed since the last meeting, and five things to decide.

since_sentences(found, situation) -> list[str]
questions(situation, assessment, judge) -> list[Question]
meeting_headline(situation, assessment) -> str
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from core.delivery.on_time import DONE
from core.delivery.owed.escalation import due_letters
from core.delivery.owed.meeting import Since, meeting_days, overdue_decisions
from core.delivery.owed.targets import dated_targets
from core.delivery.owed.units import project_standing
from core.delivery.records.funds import totals
from core.delivery.status.pace import PaceVerdict
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment, Verdict
from core.naming import named
from core.outlook.remedies.coefficients import Judge
from core.wording.attention import Concern, concerns, with_fewest_units
from core.wording.carrying_out.letters import addressee_name, due_lines
from core.wording.carrying_out.targets import outlook_sentence
from core.wording.numbers import wan_text
from core.wording.planning.comparison import comparison_sentence
from core.wording.positions import day_text
from core.wording.verdicts import WORDS, county_headline

MOST = 5
_HARSH = ("talk", "notice")
_LINES = 3


@dataclass(frozen=True)
class Question:
    """Something to decide: the figures it rests on, what is asked, of whom; `page` and `choice` are where it stands."""

    title: str
    figures: str
    ask: str
    units: str
    page: str
    choice: tuple[str, str] | None = None


def meeting_headline(situation: Situation, assessment: Assessment) -> str:
    """Verdict, and how many of the leading group's own decisions and of its letters are due."""
    late, letters = len(overdue_decisions(situation)), len(due_letters(situation))
    own = f"本组议定事项逾期 {late} 项" if late else "本组议定事项没有逾期"
    own = own if situation.records.decisions else "尚未登记本组议定事项"
    due = f"，应发督办文书 {letters} 份" if letters else ""
    return f"{county_headline(assessment, situation.county.name, situation.standard)}；{own}{due}"


def since_texts(found: Since, situation: Situation) -> list[tuple[str, str]]:
    """What changed of figures, tasks, ledger, projects and decisions; what did not change is said too."""
    names = {
        "新完成": [s.sub_item.title for s in found.done],
        "新逾期": [s.sub_item.title for s in found.overdue],
    }
    tasks = [f"{words} {len(titles)} 项（{_quoted(titles)}）" for words, titles in names.items() if titles]
    ledger = [
        f"{words} {len(issues)} 件"
        for words, issues in (("新建账", found.opened), ("销号", found.closed), ("数据反弹", found.reopened))
        if issues
    ]
    ledger += [f"责任督学随访 {len(found.visits)} 次"] if found.visits else []
    ledger += [f"印发督办文书 {len(found.letters)} 份"] if found.letters else []
    projects = _quoted([p.name for p in found.projects_done])
    decided = _quoted([d.decision for d in found.decisions_done])
    return [
        ("数据", _figures_text(found)),
        ("任务", f"{'；'.join(tasks) or '没有新完成、新逾期的具体措施'}。"),
        ("督查", f"{'，'.join(ledger) or '没有变化'}。"),
        ("项目", f"新完工 {len(found.projects_done)} 个（{projects}）。" if projects else "没有新完工的项目。"),
        ("议定事项", f"新办结 {len(found.decisions_done)} 项（{decided}）。" if decided else "没有新办结的事项。"),
    ]


def _quoted(names: Sequence[str]) -> str:
    """The first few of names that hold commas themselves."""
    return named([f"“{name}”" for name in names])


def _figures_text(found: Since) -> str:
    if found.figures is not None:
        return comparison_sentence(found.figures)
    if found.corrected_on is not None:
        return f"没有新的学年数据；其间更正、补报过本学年数据（最近 {day_text(found.corrected_on)}），上次会议时的结论可能与现在不同。"
    return "没有新的学年数据，本学年数据也没有更正，结论未变。"


def questions(situation: Situation, assessment: Assessment, judge: Judge) -> list[Question]:
    """At most five things that only the leading group can decide; each kind has its turn before any has its second."""
    worst = concerns(assessment, situation.standard, situation.plan)
    failing = with_fewest_units([c for c in worst if c.verdict is Verdict.NOT_MET][:MOST], assessment, judge)
    kinds: list[Iterator[Question]] = [
        iter([_of_concern(c) for c in failing]),
        _of_letters(situation),
        _of_money(situation),
        _of_targets(situation),
        _of_unknown([c for c in worst if c.verdict is Verdict.NOT_ASSESSABLE]),
        _of_nobody(situation),
    ]
    return list(islice(_in_turns(kinds), MOST))


def _in_turns(kinds: Sequence[Iterator[Question]]) -> Iterator[Question]:
    waiting = list(kinds)
    while waiting:
        for kind in tuple(waiting):
            found = next(kind, None)
            if found is None:
                waiting.remove(kind)
            else:
                yield found


def _of_concern(concern: Concern) -> Question:
    page = {"row": "schools", "balance": "balance", "item": "items"}.get(concern.subject.kind, "overview")
    months = f"，约需 {concern.lead_months} 个月" if concern.lead_months else ""
    return Question(
        f"{concern.name}{WORDS[concern.verdict]}：定措施和期限",
        concern.reason,
        f"{(concern.remedy or '由责任单位提出整改方案').rstrip('。')}{months}",
        concern.owner,
        page,
    )


def _of_letters(situation: Situation) -> Iterator[Question]:
    """All letters that the leading group itself answers for, asked at once."""
    harsh = [due for due in due_letters(situation) if due.rule.kind in _HARSH]
    if not harsh:
        return
    kinds = Counter(due.rule.name for due in harsh)
    lines = [f"{line.to} {line.matters}，最长逾期 {line.days_late} 天" for line in due_lines(situation)]
    yield Question(
        f"{'、'.join(f'{number} 份{name}' for name, number in kinds.items())}是否印发",
        "；".join(lines[:_LINES]) + (f"；等 {len(lines)} 类" if len(lines) > _LINES else ""),
        "逐份核对后签发，或先发提醒函、督办单",
        named([addressee_name(situation, due.addressee) for due in harsh], "个单位"),
        "supervision",
        ("supervision_part", "督办文书"),
    )


def _of_money(situation: Situation) -> Iterator[Question]:
    gaps = []
    for project in situation.projects:
        gap = totals(situation.funds.get(project.project_id, ())).gap
        if gap and project_standing(situation, project).level != DONE:
            gaps.append((gap, project.name, situation.plan.unit(project.unit_id or "").name))
    if gaps:
        gaps.sort(reverse=True)
        together = wan_text(sum((gap for gap, *_ in gaps), Decimal(0)))
        yield Question(
            "补足在建项目资金缺口",
            f"{len(gaps)} 个项目计划资金尚有 {together}未到位，最多的是{gaps[0][1]} {wan_text(gaps[0][0])}",
            "明确资金来源和到位时间",
            "、".join(dict.fromkeys(unit for *_, unit in gaps if unit)),
            "projects",
            ("part", "项目六个一"),
        )


def _of_targets(situation: Situation) -> Iterator[Question]:
    if situation.plan_is_history:
        return
    for outlook in dated_targets(situation):
        if outlook.pace_verdict in (PaceVerdict.SHORT, PaceVerdict.MISSED):
            lead = situation.plan.unit(outlook.sub_item.lead.unit_id).name if outlook.sub_item else ""
            yield Question(
                f"{outlook.target.name}（{outlook.target.by_year} 年）：补救或按程序改期",
                outlook_sentence(outlook),
                "追加措施，或按程序调整期限并说明依据",
                lead,
                "timeline",
            )


def _of_unknown(unknown: Sequence[Concern]) -> Iterator[Question]:
    if unknown:
        yield Question(
            "责成补报数据",
            f"{len(unknown)} 项无法判定：{named([c.name for c in unknown])}",
            "定补报单位和时限，缺数据不能按达标计",
            named([*dict.fromkeys(u for c in unknown for u in c.owner.split("、") if u)], "个单位"),
            "overview",
        )


def _of_nobody(situation: Situation) -> Iterator[Question]:
    if situation.plan_is_history:
        return
    blank = [
        s.sub_item_id
        for s in situation.plan.sub_items()
        if s.start <= situation.as_of and not all(situation.named_for([s]))
    ]
    if blank:
        yield Question(
            "明确责任人",
            f"{len(blank)} 项具体措施还没有写明责任人：{named(blank)}",
            "由牵头单位在会后写明姓名、职务和电话",
            "",
            "units",
        )


def as_of_line(situation: Situation, since: Since | None) -> str:
    """From when to when the pack reports."""
    begun = "尚未登记过领导小组会议"
    if since is not None:
        is_last = since.day == meeting_days(situation)[0]
        begun = f"{'上次会议（' if is_last else ''}{day_text(since.day)}{'）' if is_last else '会议'}以来"
    return f"截至 {day_text(situation.as_of)}；{begun}"
