"""实地核查表 written: what was found of a school's figures, the signatures, the correction that its differences become.

    keep_site_checks(store, plan, facts, county_code, draft, actor, now, uploads) -> tuple[Issue, ...]
    sign(store, county_code, draft, actor, now)
    accept_differences(store, standard, county_code, evaluation_id, school_id, actor, now) -> int

Append-only. A table is accepted once both sides have signed all that stands in it; what is written afterwards asks for
new signatures. Nobody signs for both sides, and a name that no login vouches for signs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from core.access import Action, Actor, require
from core.audit import keep_action
from core.batches.corrections import correct_figures
from core.dataset.cells import Misfit, cell_value
from core.dataset.characters import as_compared
from core.delivery.evaluation.evaluations import check_not_before, read_evaluations, standing_evaluation
from core.delivery.evaluation.site_fields import Differing, SiteField, corrections, site_fields
from core.delivery.evaluation.site_tables import Side, SiteTable, read_site_tables
from core.delivery.figures.facts_by_year import FactsByYear
from core.delivery.ledger.ledger import Issue, IssueDraft
from core.delivery.ledger.ledger_writing import add_issues
from core.delivery.records.attachments import Upload
from core.delivery.records.records import add_rows, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, header
from core.delivery.supervision.visits import school_scope
from core.errors import NotPermitted, RequestInvalid
from core.facts.current import current_tables
from core.rules.plan import Plan
from core.rules.standard import Standard
from core.store.database import Store

_MOST_FIELDS, _MOST_PROBLEMS = 400, 10


@dataclass(frozen=True)
class Entry:
    """One figure as found, and as the yearbook has it; `reason` where it is not as filled in."""

    field: str
    found: Decimal
    yearbook: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SiteDraft:
    """What was found at a school; `problems` are put on the ledger. `seen` is the last row its writer had before them."""

    evaluation_id: str
    school_id: str
    entries: tuple[Entry, ...]
    day: date
    problems: tuple[str, ...] = ()
    seen: int = 0


@dataclass(frozen=True, kw_only=True)
class SignatureDraft:
    """A signature of one side under a school's table as it stood at row `seen`.

    `on_paper` names who signed the printed table for the school.
    """

    evaluation_id: str
    school_id: str
    side: Side
    day: date
    seen: int
    on_paper: str = ""


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

    What counts now is read here, not taken from whoever writes. Raises RequestInvalid with the first thing wrong,
    NotPermitted outside the evaluator's own schools.
    """
    known = {s.school_id: s for of_year in facts.schools.values() for s in of_year}
    school = known.get(draft.school_id)
    require(actor, "visit", school_scope(draft.school_id, school.name if school else ""))
    check_day(draft.day, now.date())
    if not draft.entries and not draft.problems:
        raise RequestInvalid("没有填写核查数，也没有发现的问题；请至少填一项。")
    if len(draft.entries) > _MOST_FIELDS or len({e.field for e in draft.entries}) != len(draft.entries):
        raise RequestInvalid(f"一次最多登记 {_MOST_FIELDS} 项，且每项只登记一次。")
    if len(draft.problems) > _MOST_PROBLEMS:
        raise RequestInvalid(f"一次最多建账 {_MOST_PROBLEMS} 个问题，请合并或分次登记。")
    with store.write() as cursor:
        evaluation = standing_evaluation(cursor, county_code, draft.evaluation_id)
        if school is None or draft.school_id not in evaluation["school_ids"]:
            raise RequestInvalid("这所学校没有被抽中；请从抽中的学校中选择。")
        check_not_before(draft.day, evaluation["day"])
        tables = current_tables(store, county_code, year=evaluation["year"])
        fields = {f.field: f for f in site_fields(tables, draft.school_id, evaluation["year"])}
        _refuse_unseen(cursor, county_code, draft)
        rows = [
            {
                "evaluation_id": draft.evaluation_id,
                "school_id": draft.school_id,
                **_checked(entry, fields),
                "day": draft.day,
                **header(number, county_code, actor, now),
            }
            for entry, number in zip(draft.entries, take_numbers(cursor, len(draft.entries)), strict=True)
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


def _checked(entry: Entry, fields: Mapping[str, SiteField]) -> dict[str, Any]:
    """The row of an entry, its numbers as the dictionary allows them. Raises RequestInvalid naming the figure."""
    known = fields.get(entry.field)
    if known is None:
        raise RequestInvalid("有一项不在这所学校的核查表中；请刷新页面后重新填写。")
    found, yearbook = _number(known, entry.found), _number(known, entry.yearbook)
    if found is None:
        raise RequestInvalid(f"“{known.name}”没有核查数。")
    if found != known.filled and not entry.reason.strip():
        raise RequestInvalid(f"“{known.name}”的核查数与填报数不同，须写明原因。")
    return {
        "field": known.field,
        "name": known.name,
        "yearbook": yearbook,
        "filled": known.filled,
        "found": found,
        "note": entry.reason.strip(),
    }


def _number(known: SiteField, number: Decimal | None) -> Decimal | None:
    if number is None:
        return None
    try:
        # Nothing of a room or class is what is not there: 0 is found even where the column begins above it.
        value = number if number == 0 else cell_value(known.column, f"{number:f}", Decimal(1))
    except Misfit as misfit:
        raise RequestInvalid(f"“{known.name}”的数{misfit.found}；应为：{misfit.expected}。") from None
    return None if value is None else Decimal(str(value))


def _refuse_unseen(cursor: duckdb.DuckDBPyConnection, county_code: str, draft: SiteDraft) -> None:
    """Raises RequestInvalid where somebody verified one of the same figures meanwhile."""
    found = cursor.execute(
        "select name, actor from site_checks where county_code = $1 and evaluation_id = $2 and school_id = $3"
        " and number > $4 and list_contains($5, field) order by number limit 1",
        [county_code, draft.evaluation_id, draft.school_id, draft.seen, [e.field for e in draft.entries]],
    ).fetchall()
    if found:
        raise RequestInvalid(f"您填写期间，{found[0][1]}已登记“{found[0][0]}”的核查数；请核对后再登记。")


def sign(store: Store, county_code: str, draft: SignatureDraft, actor: Actor, now: datetime) -> None:
    """Sign a school's table as it stands now.

    The school signs from its own desk; where it signed the printed table, another person than the evaluator who signed
    notes who did (`on_paper`). Raises NotPermitted for one person under both sides.
    """
    check_choice(draft.side, Side, "签字方")
    check_day(draft.day, now.date())
    on_paper = draft.on_paper.strip()
    if draft.side == "evaluator" and on_paper:
        raise RequestInvalid("核查人须本人登录签字，不能代登。")
    action: Action = "visit" if draft.side == "evaluator" or on_paper else "correct"
    require(actor, action, school_scope(draft.school_id))
    if action == "correct" and ("school" not in actor.roles or draft.school_id not in actor.schools):
        raise NotPermitted("学校一方由本校填报员登录签字；已在纸质表上签字的，请登记签字人。")
    with store.write() as cursor:
        standing_evaluation(cursor, county_code, draft.evaluation_id)
        number, day = cursor.execute(
            "select max(number), max(day) from site_checks"
            " where county_code = $1 and evaluation_id = $2 and school_id = $3",
            [county_code, draft.evaluation_id, draft.school_id],
        ).fetchall()[0]
        if number is None:
            raise RequestInvalid("核查表还是空的，没有可签字的内容；请先登记核查数。")
        if number != draft.seen:
            raise RequestInvalid("您打开核查表后，表中又有改动；请核对最新的各数后再签字。")
        check_not_before(draft.day, day)
        table = read_site_tables(store, county_code, draft.evaluation_id, now.date())[draft.school_id]
        _refuse_contradiction(table)
        other = table.signatures.get("school" if draft.side == "evaluator" else "evaluator")
        if other is not None and other.up_to >= number and as_compared(other.actor) == as_compared(actor.name):
            raise NotPermitted("双方应由不同的人签字（代登纸质签字的也算）；您已代表另一方签过。")
        row = {
            "evaluation_id": draft.evaluation_id,
            "school_id": draft.school_id,
            "side": draft.side,
            "on_paper": on_paper,
            "up_to": number,
            "day": draft.day,
            "note": "",
            **header(take_numbers(cursor, 1)[0], county_code, actor, now),
        }
        keep_action(cursor, actor, action, f"核查签字 {draft.evaluation_id} {draft.school_id}", now, after=row)
        add_rows(cursor, "site_signatures", [row])


def _refuse_contradiction(table: SiteTable) -> None:
    """Raises RequestInvalid where classes were found otherwise and the roll as found is not what they add up to."""
    for stage in {f.field.split(".")[1] for f in table.differences if f.field.startswith("class.")}:
        classes = [f.found for f in table.findings.values() if f.field.startswith(f"class.{stage}.")]
        roll = table.findings.get(f"enrolment.{stage}.pupils")
        if roll is None:
            raise RequestInvalid("有班级人数与填报数不同，须同时核查该学段的在校生数。")
        # Classes that nobody verified count as they are filled in, so that all of them must have been.
        total = sum(classes, Decimal(0))
        if total != roll.found:
            raise RequestInvalid(
                f"{roll.name}核查为 {roll.found.normalize():f} 人，所核查各班合计 {total.normalize():f} 人，不一致；"
                "请核查该学段全部班级后再签字。"
            )


def accept_differences(
    store: Store,
    standard: Standard,
    county_code: str,
    evaluation_id: str,
    school_id: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep what both sides signed as found as a draft of corrections; its number.

    Once for a signed table, and as it stands today. Raises RequestInvalid where it is not signed, became a draft before,
    or a figure has changed since; InputRejected where the check-up refuses the figures.
    """
    require(actor, "load", county_code)
    table = read_site_tables(store, county_code, evaluation_id, now.date()).get(school_id, SiteTable())
    if not table.accepted:
        raise RequestInvalid("核查表还没有由双方签字，不能更正。")
    if table.batch_id is not None:
        raise RequestInvalid(f"这张核查表的差异已存为更正草稿（批次 {table.batch_id}），不重复更正。")
    if not table.differences:
        raise RequestInvalid("核查数与填报数没有不同，不用更正。")
    [evaluation] = [e for e in read_evaluations(store, county_code, now.date()) if e.evaluation_id == evaluation_id]
    tables = current_tables(store, county_code, year=evaluation.year)
    differing = [Differing(f.field, f.name, f.filled, f.found) for f in table.differences]
    changes = corrections(tables, school_id, evaluation.year, differing)
    school = table.signed_by("school")
    how = "学校纸质签字，由核查人代登" if school is not None and school.on_paper else "双方已签字"
    reason = f"{evaluation.title}实地核查，{how}"
    batch_id = correct_figures(store, standard, county_code, changes, actor, now, reason)
    with store.write() as cursor:
        row = {
            "evaluation_id": evaluation_id,
            "school_id": school_id,
            "batch_id": batch_id,
            "up_to": table.last,
            # It belongs to the day on which the last side signed: whoever looks at that day sees what became of it.
            "day": max(signature.day for signature in table.signatures.values()),
            "note": "",
            **header(take_numbers(cursor, 1)[0], county_code, actor, now),
        }
        keep_action(cursor, actor, "load", f"核查更正 {evaluation_id} {school_id}", now, after=row)
        add_rows(cursor, "site_acceptances", [row])
    return batch_id
