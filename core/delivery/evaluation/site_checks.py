"""实地核查表: what was found of a school's figures, by whom it is signed, what of it is accepted.

    read_site_tables(store, county_code, evaluation_id, as_of) -> dict[str, SiteTable]        by school
    keep_site_checks(store, plan, facts, county_code, draft, actor, now) -> tuple[Issue, ...]
    sign(store, county_code, draft, actor, now)

Append-only. A table is accepted once both sides have signed all that stands in it; what is written afterwards asks for
new signatures. Nobody signs for both sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.access import Actor, require
from core.audit import keep_action
from core.dataset.characters import as_compared
from core.delivery.evaluation.evaluations import standing_evaluation
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.ledger.ledger import Issue, IssueDraft
from core.delivery.ledger.ledger_writing import add_issues
from core.delivery.records.attachments import Upload
from core.delivery.records.records import Written, add_rows, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, header
from core.delivery.supervision.visits import school_scope
from core.errors import NotPermitted, RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

Side = Literal["evaluator", "school"]
_MOST_FIELDS, _MOST_PROBLEMS = 400, 10
_GREATEST = Decimal(10**12)


@dataclass(frozen=True)
class Finding:
    """One figure as found: of the yearbook, as filled in, as found; `reason` for a difference."""

    field: str
    yearbook: Decimal | None
    filled: Decimal | None
    found: Decimal | None
    reason: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Found less filled in; None while one of them is not known."""
        return None if self.found is None or self.filled is None else self.found - self.filled


@dataclass(frozen=True, kw_only=True)
class SiteDraft:
    """What was found at a school; `problems` are put on the ledger, each in one line, with the same files."""

    evaluation_id: str
    school_id: str
    findings: tuple[Finding, ...]
    day: date
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SignatureDraft:
    """A signature of one side under a school's table; `on_paper` names who signed the printed one for the school."""

    evaluation_id: str
    school_id: str
    side: Side
    day: date
    on_paper: str = ""


@dataclass(frozen=True, kw_only=True)
class Signature(SignatureDraft, Written):
    """A recorded signature, up to the number of the last row that it covers."""

    note: str
    up_to: int


@dataclass(frozen=True)
class SiteTable:
    """A school's table as it stands: the last finding of every field, the number of the last row, the signatures."""

    findings: Mapping[str, Finding] = field(default_factory=dict)
    last: int = 0
    written_by: str = ""
    written_on: date | None = None
    signatures: Mapping[Side, Signature] = field(default_factory=dict)

    def signed_by(self, side: Side) -> Signature | None:
        """The signature of a side that covers all that stands in the table; a name that no login vouches for signs nothing."""
        signature = self.signatures.get(side)
        return signature if signature is not None and signature.verified and signature.up_to >= self.last > 0 else None

    @property
    def accepted(self) -> bool:
        """Whether both sides have signed all of it."""
        return self.signed_by("evaluator") is not None and self.signed_by("school") is not None

    @property
    def differences(self) -> tuple[Finding, ...]:
        """What was found otherwise than filled in."""
        return tuple(f for f in self.findings.values() if f.found is not None and f.found != f.filled)


def read_site_tables(store: Store, county_code: str, evaluation_id: str, as_of: date) -> dict[str, SiteTable]:
    """The tables of an evaluation's schools by the end of a day."""
    key = [county_code, evaluation_id, as_of]
    where = "county_code = $1 and evaluation_id = $2 and day <= $3"
    findings: dict[str, dict[str, Finding]] = {}
    last: dict[str, dict[str, object]] = {}
    for row in store.records(f"select * from site_checks where {where} order by number", key):
        found = Finding(row["field"], row["yearbook"], row["filled"], row["found"], row["note"])
        findings.setdefault(row["school_id"], {})[row["field"]] = found
        last[row["school_id"]] = row
    signatures: dict[str, dict[Side, Signature]] = {}
    for row in store.records(f"select * from site_signatures where {where} order by number", key):
        signatures.setdefault(row["school_id"], {})[row["side"]] = Signature(**row)
    return {
        school: SiteTable(
            of_school,
            int(str(last[school]["number"])),
            str(last[school]["actor"]),
            last[school]["day"],  # type: ignore[arg-type]
            signatures.get(school, {}),
        )
        for school, of_school in findings.items()
    }


def keep_site_checks(
    store: Store,
    plan: Plan,
    facts: FactsByYear,
    county_code: str,
    draft: SiteDraft,
    actor: Actor,
    now: datetime,
    uploads: Sequence[Upload] = (),
) -> tuple[Issue, ...]:
    """Keep what was found and put the problems on the ledger, all or nothing; the issues opened.

    Raises RequestInvalid with the first thing wrong, NotPermitted outside the evaluator's own schools.
    """
    known = {s.school_id: s for of_year in facts.schools.values() for s in of_year}
    school = known.get(draft.school_id)
    require(actor, "visit", school_scope(draft.school_id, school.name if school else ""))
    _check(draft, now.date())
    with store.write() as cursor:
        evaluation = standing_evaluation(cursor, county_code, draft.evaluation_id)
        if school is None or draft.school_id not in evaluation["school_ids"]:
            raise RequestInvalid("这所学校没有被抽中；请从抽中的学校中选择。")
        rows = [
            {
                "evaluation_id": draft.evaluation_id,
                "school_id": draft.school_id,
                "field": finding.field,
                "yearbook": finding.yearbook,
                "filled": finding.filled,
                "found": finding.found,
                "note": finding.reason,
                "day": draft.day,
                **header(number, county_code, actor, now),
            }
            for finding, number in zip(draft.findings, take_numbers(cursor, len(draft.findings)), strict=True)
        ]
        subject = f"实地核查 {draft.evaluation_id} {draft.school_id}"
        keep_action(cursor, actor, "visit", subject, now, after=rows)
        add_rows(cursor, "site_checks", rows)
        issues = [
            IssueDraft(
                title=problem,
                basis=f"{evaluation['title']}，{draft.day} 实地核查",
                day=draft.day,
                source="mock_evaluation",
                source_id=draft.evaluation_id,
                township_code=school.township_code,
                school_ids=(draft.school_id,),
            )
            for problem in draft.problems
        ]
        return tuple(add_issues(store, cursor, plan, facts, county_code, [(i, uploads) for i in issues], actor, now))


def _check(draft: SiteDraft, today: date) -> None:
    check_day(draft.day, today)
    if not draft.findings and not draft.problems:
        raise RequestInvalid("没有填写核查数，也没有发现的问题；请至少填一项。")
    if len(draft.findings) > _MOST_FIELDS or len({f.field for f in draft.findings}) != len(draft.findings):
        raise RequestInvalid(f"一次最多登记 {_MOST_FIELDS} 项，且每项只登记一次。")
    if len(draft.problems) > _MOST_PROBLEMS:
        raise RequestInvalid(f"一次最多立账 {_MOST_PROBLEMS} 个问题，请合并或分次登记。")
    for finding in draft.findings:
        for number in (finding.yearbook, finding.found):
            if number is not None and not 0 <= number < _GREATEST:
                raise RequestInvalid(f"“{finding.field}”的数 {number} 应不小于 0，且在常理之内。")
        if finding.found != finding.filled and finding.found is not None and not finding.reason.strip():
            raise RequestInvalid("核查数与填报数不同的，须写明原因。")


def sign(store: Store, county_code: str, draft: SignatureDraft, actor: Actor, now: datetime) -> None:
    """Sign a school's table as it stands now.

    The school signs from its own desk; where it signed the printed table, the evaluator notes who did (`on_paper`).
    Raises NotPermitted for one person under both sides.
    """
    check_choice(draft.side, Side, "签字方")
    check_day(draft.day, now.date())
    on_paper = draft.side == "school" and bool(draft.on_paper.strip())
    action: Literal["visit", "correct"] = "visit" if draft.side == "evaluator" or on_paper else "correct"
    require(actor, action, school_scope(draft.school_id))
    with store.write() as cursor:
        standing_evaluation(cursor, county_code, draft.evaluation_id)
        found = cursor.execute(
            "select max(number) from site_checks where county_code = $1 and evaluation_id = $2 and school_id = $3",
            [county_code, draft.evaluation_id, draft.school_id],
        ).fetchall()[0][0]
        if found is None:
            raise RequestInvalid("核查表还是空的，没有可签字的内容；请先登记核查数。")
        others = cursor.execute(
            "select actor from site_signatures where county_code = $1 and evaluation_id = $2 and school_id = $3"
            " and side <> $4 and up_to >= $5 and on_paper = ''",
            [county_code, draft.evaluation_id, draft.school_id, draft.side, found],
        ).fetchall()
        if not on_paper and as_compared(actor.name) in {as_compared(name) for (name,) in others}:
            raise NotPermitted("双方应由不同的人签字；您已代表另一方签过。")
        row = {
            "evaluation_id": draft.evaluation_id,
            "school_id": draft.school_id,
            "side": draft.side,
            "on_paper": draft.on_paper.strip(),
            "up_to": int(found),
            "day": draft.day,
            "note": "",
            **header(take_numbers(cursor, 1)[0], county_code, actor, now),
        }
        keep_action(cursor, actor, action, f"核查签字 {draft.evaluation_id} {draft.school_id}", now, after=row)
        add_rows(cursor, "site_signatures", [row])
