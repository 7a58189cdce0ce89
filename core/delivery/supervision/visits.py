"""Visits of responsible inspectors (责任督学) to schools: what was seen, what the school says, which issues they open.

    read_visits(store, county_code, as_of) -> tuple[Visit, ...]                    the latest first
    keep_visit(store, plan, facts, county_code, draft, actor, now) -> VisitReceipt

The problems found stand on the ledger like any other; the visit keeps what led to them. Append-only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from core.access import Actor, Scope, require
from core.audit import keep_action
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.ledger.ledger import Issue, IssueDraft
from core.delivery.ledger.ledger_writing import add_issues
from core.delivery.records.attachments import Upload, attach
from core.delivery.records.records import Written, add_rows, take_numbers
from core.delivery.records.records_writing import check_day, header
from core.errors import RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

# What a responsible inspector looks at, in the order of the national measures on responsible inspectors.
TOPICS: Mapping[str, str] = {
    "management": "校务管理和制度执行",
    "enrolment": "招生、收费、择校",
    "teaching": "课程开设和课堂教学",
    "pupils": "学生学习、体育锻炼和课业负担",
    "teachers": "教师师德和专业发展",
    "safety": "校园及周边安全、交通安全",
    "canteen": "食堂、食品、饮水及宿舍卫生",
    "spirit": "校风、教风、学风建设",
    "balance": "优质均衡指标与整改",
}
_MOST_PROBLEMS = 10


@dataclass(frozen=True, kw_only=True)
class VisitDraft:
    """A visit: the school, what was looked at (keys of TOPICS), what was seen, what the school says.

    `problems` are put on the ledger, each in one line; the files show what was seen.
    """

    school_id: str
    topics: tuple[str, ...]
    observed: str
    day: date
    response: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Visit(Written):
    """A recorded visit."""

    school_id: str
    topics: tuple[str, ...]
    observed: str
    response: str
    day: date
    note: str


@dataclass(frozen=True)
class VisitReceipt:
    """The visit as kept and the issues that it opened."""

    visit: Visit
    issues: tuple[Issue, ...]


def read_visits(store: Store, county_code: str, as_of: date) -> tuple[Visit, ...]:
    """Every visit by the end of a day."""
    return tuple(
        Visit(**{**row, "topics": tuple(row["topics"])})
        for row in store.records(
            "select * from visits where county_code = $1 and day <= $2 order by day desc, number desc",
            [county_code, as_of],
        )
    )


def keep_visit(
    store: Store,
    plan: Plan,
    facts: FactsByYear,
    county_code: str,
    draft: VisitDraft,
    actor: Actor,
    now: datetime,
    uploads: Sequence[Upload] = (),
) -> VisitReceipt:
    """Keep a visit and put the problems it found on the ledger, all or nothing.

    The files belong to the visit and to each issue it opens: whoever corrects one sees what was seen.
    Raises RequestInvalid with the first thing missing, NotPermitted outside the inspector's own schools.
    """
    known = {s.school_id: s for of_year in facts.schools.values() for s in of_year}
    name = known[draft.school_id].name if draft.school_id in known else ""
    require(actor, "visit", school_scope(draft.school_id, name))
    schools = {school_id: school.township_code for school_id, school in known.items()}
    check_visit(draft, schools, now.date())
    with store.write() as cursor:
        row = {
            **{name: value for name, value in asdict(draft).items() if name != "problems"},
            **header(take_numbers(cursor, 1)[0], county_code, actor, now),
        }
        visit = Visit(**row)
        keep_action(cursor, actor, "visit", f"学校 {draft.school_id}", now, after=row)
        add_rows(cursor, "visits", [row])
        attach(store, cursor, "visit", row, uploads)
        found = [
            IssueDraft(
                title=problem,
                basis=draft.observed,
                day=draft.day,
                source="visit",
                source_id=str(visit.number),
                township_code=schools[draft.school_id],
                school_ids=(draft.school_id,),
            )
            for problem in draft.problems
        ]
        issues = add_issues(store, cursor, plan, facts, county_code, [(issue, uploads) for issue in found], actor, now)
    return VisitReceipt(visit, tuple(issues))


def school_scope(school_id: str, name: str = "") -> Scope:
    """What belongs to a school."""
    return Scope(name or f"学校（{school_id}）", school_ids=frozenset({school_id}))


def check_visit(draft: VisitDraft, schools: Mapping[str, str], today: date) -> None:
    """Raises RequestInvalid with the first thing that a visit lacks; `schools` are the townships by school."""
    check_day(draft.day, today)
    if draft.school_id not in schools:
        raise RequestInvalid("请选择学校；没有列出的学校，请先在“数据管理 → 学校名录”登记。")
    if not draft.topics:
        raise RequestInvalid("请选择督导事项，至少一项。")
    if unknown := set(draft.topics) - set(TOPICS):
        raise RequestInvalid(f"没有督导事项“{'”“'.join(sorted(unknown))}”，请从名单中选择。")
    if not draft.observed.strip():
        raise RequestInvalid("请写明看到的情况：时间、地点、看了什么、结果如何。")
    if len(draft.problems) > _MOST_PROBLEMS:
        raise RequestInvalid(
            f"一次督导最多建账 {_MOST_PROBLEMS} 个问题，现有 {len(draft.problems)} 个，请合并或分次登记。"
        )
