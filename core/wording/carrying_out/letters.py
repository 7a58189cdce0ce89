"""Letters of supervision in plain official Chinese: drafts that people edit, sign and issue; the names of what they are.

letter_draft(situation, due, day) -> LetterDraft                  a letter that is due for what is overdue
opinion_draft(situation, visit, issues, day) -> LetterDraft       what an inspector asks of a school
letter_name(plan, kind) -> str
addressee_name(situation, addressee) -> str
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.delivery.ledger.ledger import ASSIGNED, Issue, IssueSource
from core.delivery.on_time import Reason, Standing
from core.delivery.owed.escalation import Addressee, DueLetter, Matter, addressee_of, due_letters
from core.delivery.records.persons import PersonKey
from core.delivery.status.situation import Situation
from core.delivery.supervision.letters import ISSUE, OPINION, STATE_NAMES, Letter, LetterDraft, LetterKind
from core.delivery.supervision.visits import TOPICS, Visit
from core.naming import held, named
from core.rules.plan import Plan
from core.wording.positions import day_text
from core.wording.school_names import school_names

SOURCES: dict[IssueSource, str] = {
    "figures": "数据显示",
    "inspection": "督导检查",
    "visit": "责任督学随访",
    "mock_evaluation": "模拟评估",
    "complaint": "投诉反映",
    "overdue": "任务逾期",
    "unknown": "数据无法判定",
    "other": "其他",
}
_OPINION_NAME = "督导意见书"
_OPINION_DAYS = 30
DATE_TO_FILL = "　　年　　月　　日"
# A letter names everything that it is about, as far as it holds it.
_LISTED = 80
_ASKS: dict[LetterKind, str] = {
    "reminder": "请抓紧办理，并于 {reply}前书面反馈进展情况和预计完成时间。",
    "order": "请立即组织整改，逐项明确整改措施、责任人和完成时限，于 {reply}前书面报送整改情况并附佐证材料。",
    "talk": "现就上述事项约谈你单位主要负责同志。约谈时间：　　　　；地点：　　　　；约谈人：　　　　。"
    "请准备书面说明（原因、措施、完成时限），并于 {reply}前报送。",
    "notice": "现予通报。请你单位主要负责同志亲自抓落实，于 {reply}前将整改结果书面报告领导小组。",
}


def letter_name(plan: Plan, kind: LetterKind) -> str:
    """What a kind of letter is called, by the county's plan."""
    rules = plan.supervision.letters if plan.supervision else ()
    return next((rule.name for rule in rules if rule.kind == kind), _OPINION_NAME if kind == OPINION else kind)


def addressee_name(situation: Situation, addressee: Addressee) -> str:
    """To whom a letter goes, as its first line names them."""
    if addressee.school_id:
        return school_names(situation).get(addressee.school_id, addressee.school_id)
    if addressee.township_code:
        return f"{situation.township_names.get(addressee.township_code, addressee.township_code)}人民政府"
    return situation.plan.unit(addressee.unit_id or "").full_name


def letter_draft(situation: Situation, due: DueLetter, day: date) -> LetterDraft:
    """A letter that names what is overdue, by how much, and what is asked by when."""
    plan, to = situation.plan, addressee_name(situation, due.addressee)
    reply = day + timedelta(days=due.rule.reply_days)
    content = "\n".join(
        (
            f"{to}：",
            f"根据《{plan.document.title}》（{plan.document.number}），截至 {day_text(day)}，"
            f"由{'你校' if due.addressee.school_id else '你单位'}负责的下列事项已过期限：",
            *_numbered([_matter_text(matter) for matter in due.matters]),
            *_sent_before(situation, due),
            _ASKS[due.rule.kind]
            .format(reply=day_text(reply))
            .replace("你单位", "你校" if due.addressee.school_id else "你单位"),
            *_closing(situation),
        )
    )
    return LetterDraft(
        kind=due.rule.kind,
        title=f"关于{to}义务教育优质均衡发展逾期事项的{due.rule.name}",
        content=content,
        day=day,
        unit_id=due.addressee.unit_id,
        township_code=due.addressee.township_code,
        school_id=due.addressee.school_id,
        recipient=_answering(situation, due),
        matters=tuple(matter.key for matter in due.matters),
        reply_by=reply,
    )


def opinion_draft(situation: Situation, visit: Visit, issues: Sequence[Issue], day: date) -> LetterDraft:
    """What a visit found, and what the school is asked to put right by when."""
    to = addressee_name(situation, Addressee(school_id=visit.school_id))
    reply = day + timedelta(days=_OPINION_DAYS)
    topics = "；".join(TOPICS[topic] for topic in visit.topics if topic in TOPICS)
    found = ["督导发现下列问题：", *_numbered([issue.title for issue in issues])] if issues else []
    content = "\n".join(
        (
            f"{to}：",
            f"{day_text(visit.day)}，责任督学对你校{topics}等情况进行了督导。{visit.observed.strip().rstrip('。')}。",
            *found,
            *([f"学校意见：{visit.response.strip().rstrip('。')}。"] if visit.response.strip() else []),
            f"请于 {day_text(reply)}前完成整改，报送整改报告并附佐证材料。责任督学将到校复查。",
            "责任督学：　　　　　　",
            DATE_TO_FILL,
        )
    )
    return LetterDraft(
        kind=OPINION,
        title=f"{to}督导意见书",
        content=content,
        day=day,
        school_id=visit.school_id,
        matters=tuple(f"{ISSUE}{issue.number}" for issue in issues),
        reply_by=reply,
    )


def _answering(situation: Situation, due: DueLetter) -> str:
    """Who answers at the addressee: a unit's contact; of a school whoever was last asked."""
    to = due.addressee
    if to.unit_id:
        contact = situation.persons.get(PersonKey("unit", to.unit_id, to.township_code))
        return "" if contact is None else contact.person
    numbers = {int(m.key.removeprefix(ISSUE)) for m in due.matters if m.key.startswith(ISSUE)}
    asked = [i.latest(ASSIGNED) for i in situation.issues if i.number in numbers]
    return next((step.person for step in asked if step is not None), "")


def _sent_before(situation: Situation, due: DueLetter) -> list[str]:
    """Which letters about any of this went to the addressee before; nothing is claimed that was not sent."""
    keys = {matter.key for matter in due.matters}
    before = [
        f"{letter_name(situation.plan, x.kind)}（{x.document_number}）"
        for x in sorted(situation.letters, key=lambda x: x.issued_on or date.min)
        if x.was_sent and addressee_of(x) == due.addressee and keys & set(x.matters)
    ]
    return [f"此前已就有关事项发{'、'.join(before)}，至今没有完成。"] if before else []


def _matter_text(matter: Matter) -> str:
    return f"{matter.cited}（期限 {day_text(matter.due)}，逾期 {matter.days_late} 天）"


def _numbered(texts: Sequence[str]) -> list[str]:
    shown = held(len(texts), _LISTED)
    whole = shown == len(texts)
    lines = [
        f"{number}. {text}{'。' if whole and number == shown else '；'}" for number, text in enumerate(texts[:shown], 1)
    ]
    return lines if whole else [*lines, f"等 {len(texts)} 项，另附清单。"]


def _closing(situation: Situation) -> tuple[str, ...]:
    group = situation.plan.leading_group.name
    return (f"{group}办公室" if group else situation.county.name, DATE_TO_FILL)


def letter_state_text(letter: Letter, standing: Standing) -> str:
    """How a letter stands: a draft, or issued and by when its answer is due or came."""
    words = STATE_NAMES[letter.state]
    if not letter.was_sent:
        return words
    if letter.state == "answered":
        late = f"，晚 {standing.days_late} 天" if standing.days_late else ""
        return f"{standing.completed_on} 已回复{late}"
    match standing.reason:
        case Reason.OVERDUE:
            return f"{words}，回复逾期 {standing.days_late} 天"
        case Reason.DONE_IN_TIME:
            return f"{words}，{standing.completed_on} 已回复"
        case Reason.DONE_LATE | Reason.REPAIRED_THIS_MONTH:
            return f"{words}，{standing.completed_on} 回复，晚 {standing.days_late} 天"
    return f"{words}，应于 {letter.reply_by} 前回复"


@dataclass(frozen=True)
class DueLine:
    """Letters of one kind that are due: one, or the same to several townships at once."""

    kind: str
    to: str
    matters: str
    days_late: int
    drafts: tuple[str, ...]


def due_lines(situation: Situation) -> list[DueLine]:
    """The letters due as people list them, the same about the same to several townships in one line."""
    found: dict[tuple[str, tuple[str, ...] | str], list[DueLetter]] = {}
    for due in due_letters(situation):
        alike = tuple(m.key for m in due.matters) if due.addressee.township_code else due.addressee.key
        found.setdefault((due.rule.kind, alike), []).append(due)
    return [_line(situation, group) for group in found.values()]


def _line(situation: Situation, group: Sequence[DueLetter]) -> DueLine:
    first = group[0]
    names = [addressee_name(situation, due.addressee) for due in group]
    kinds = Counter(m.key.partition(":")[0] for m in first.matters)
    parts = "、".join(f"{_KIND_NAMES[kind]} {number}" for kind, number in kinds.items())
    return DueLine(
        first.rule.name,
        names[0] if len(group) == 1 else f"{len(group)} 个乡镇（{named(names)}）",
        f"{len(first.matters)} 项（{parts}）",
        max(due.days_late for due in group),
        tuple(due.draft.letter_id for due in group if due.draft is not None),
    )


_KIND_NAMES = {"sub_item": "规划具体措施", "issue": "台账", "decision": "议定事项"}
