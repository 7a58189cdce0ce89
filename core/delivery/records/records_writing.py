"""Writing about the plan: every write names its actor, passes the guard, and adds rows, never changes one.

    append_update(store, plan, county_code, draft, seen, actor, now) -> UpdateReceipt
    append_updates(store, plan, county_code, [(draft, seen), ...], actor, now) -> tuple[UpdateReceipt, ...]
    confirm(store, plan, county_code, draft, actor, now) -> Confirmation
    decide(store, plan, county_code, draft, actor, now) -> Decision
    file_evidence(store, plan, county_code, draft, actor, now, uploads) -> EvidenceDocument
    review_evidence(store, plan, county_code, draft, actor, now) -> EvidenceReview

`seen` is the number of the latest row of that unit and sub-item that the writer had before its eyes, 0 when
there was none; rows of days after the draft's own do not count as written in between. All raise RequestInvalid with a sentence when the draft is incomplete, NotPermitted for readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, get_args

import duckdb

from core.access import Actor, Scope, require
from core.audit import keep_action
from core.dataset.characters import as_compared
from core.delivery.records.attachments import Upload, attach
from core.delivery.records.owners import lead_of
from core.delivery.records.records import (
    Confirmation,
    ConfirmationDraft,
    Decision,
    DecisionDraft,
    DecisionStatus,
    EvidenceDocument,
    EvidenceDraft,
    EvidenceReview,
    EvidenceState,
    ReportedStatus,
    ReviewDraft,
    SubItemUpdate,
    UpdateDraft,
    add_rows,
    standing_row,
    take_numbers,
)
from core.errors import NotPermitted, RequestInvalid
from core.rules.plan import TOWNSHIPS_KIND, Plan
from core.store.database import Store

# More than any bound volume holds: a slip of the hand, not a document.
MOST_PAGES = 10_000


@dataclass(frozen=True)
class UpdateReceipt:
    """The update as kept, and what others had written meanwhile that the writer had not seen."""

    record: SubItemUpdate
    intervening: tuple[SubItemUpdate, ...]


def header(number: int, county_code: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Who writes and when, as every row carries it."""
    return {
        "number": number,
        "county_code": county_code,
        "actor": actor.name.strip(),
        "verified": actor.verified,
        "recorded_at": now,
    }


def append_update(
    store: Store, plan: Plan, county_code: str, draft: UpdateDraft, seen: int, actor: Actor, now: datetime
) -> UpdateReceipt:
    """Keep one update; the receipt tells what others wrote in between."""
    return append_updates(store, plan, county_code, [(draft, seen)], actor, now)[0]


def append_updates(
    store: Store,
    plan: Plan,
    county_code: str,
    drafts: Sequence[tuple[UpdateDraft, int]],
    actor: Actor,
    now: datetime,
) -> tuple[UpdateReceipt, ...]:
    """Keep a whole monthly report at once, all or nothing; receipts in the order of the drafts."""
    for draft, _ in drafts:
        require(actor, "report", unit_scope(plan, draft.unit_id, draft.township_code))
        check_update(plan, county_code, draft, now.date())
    with store.write() as cursor:
        unseen = [_after(cursor, county_code, draft, seen) for draft, seen in drafts]
        numbers = take_numbers(cursor, len(drafts))
        records = [
            SubItemUpdate(**asdict(draft), **header(number, county_code, actor, now))
            for (draft, _), number in zip(drafts, numbers, strict=True)
        ]
        for record in records:
            key = {"sub_item_id": record.sub_item_id, "unit_id": record.unit_id, "township_code": record.township_code}
            before = standing_row(cursor, "sub_item_updates", county_code=county_code, **key)
            subject = f"{record.sub_item_id} {record.township_code or record.unit_id}"
            keep_action(cursor, actor, "report", subject, now, before=before, after=asdict(record))
        add_rows(cursor, "sub_item_updates", [asdict(record) for record in records])
    return tuple(UpdateReceipt(record, others) for record, others in zip(records, unseen, strict=True))


def _after(
    cursor: duckdb.DuckDBPyConnection, county_code: str, draft: UpdateDraft, seen: int
) -> tuple[SubItemUpdate, ...]:
    result = cursor.execute(
        "select * from sub_item_updates where county_code = $1 and sub_item_id = $2 and unit_id = $3"
        " and township_code is not distinct from $4 and number > $5 and day <= $6 order by number",
        [county_code, draft.sub_item_id, draft.unit_id, draft.township_code, seen, draft.day],
    )
    names = [column[0] for column in result.description or []]
    return tuple(SubItemUpdate(**dict(zip(names, row, strict=True))) for row in result.fetchall())


def confirm(
    store: Store, plan: Plan, county_code: str, draft: ConfirmationDraft, actor: Actor, now: datetime
) -> Confirmation:
    """Confirm a sub-item's lead unit and due date, or change them."""
    require(actor, "plan", county_code)
    check_confirmation(plan, draft, now.date())
    with store.write() as cursor:
        standing = standing_row(cursor, "confirmations", county_code=county_code, sub_item_id=draft.sub_item_id)
        bound = standing["due"] if standing else plan.sub_item(draft.sub_item_id).due
        if draft.due != bound and draft.day <= bound < now.date():
            raise RequestInvalid(
                f"具体措施 {draft.sub_item_id} 的期限 {bound} 已过；改期的日期应在原期限之后，原期限记为未完成。"
            )
        if draft.due != bound:
            check_term(plan, draft.day, draft.due, draft.note or draft.rests_on or "")
        record = Confirmation(**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now))
        before = standing_row(cursor, "confirmations", county_code=county_code, sub_item_id=record.sub_item_id)
        keep_action(cursor, actor, "plan", record.sub_item_id, now, before=before, after=asdict(record))
        add_rows(cursor, "confirmations", [asdict(record)])
    return record


def decide(store: Store, plan: Plan, county_code: str, draft: DecisionDraft, actor: Actor, now: datetime) -> Decision:
    """Record a decision of the leading group, or how a known one now stands."""
    require(actor, "plan", county_code)
    check_decision(plan, draft, now.date())
    with store.write() as cursor:
        number = take_numbers(cursor, 1)[0]
        kept = draft if draft.decision_id else replace(draft, decision_id=f"J{number:05d}")
        row = {**asdict(kept), **header(number, county_code, actor, now)}
        before = standing_row(cursor, "decisions", county_code=county_code, decision_id=kept.decision_id)
        if before is None or before["due"] != kept.due:
            check_term(plan, kept.day, kept.due, kept.note)
        keep_action(cursor, actor, "plan", f"决策 {kept.decision_id}", now, before=before, after=row)
        add_rows(cursor, "decisions", [row])
        decided_on = cursor.execute(
            "select min(day) from decisions where county_code = $1 and decision_id = $2",
            [county_code, kept.decision_id],
        ).fetchall()[0][0]
    return Decision(**row, decided_on=decided_on)


def file_evidence(
    store: Store,
    plan: Plan,
    county_code: str,
    draft: EvidenceDraft,
    actor: Actor,
    now: datetime,
    uploads: Sequence[Upload] = (),
) -> EvidenceDocument:
    """Note that a required document is filed, by whom it is held, or that it is missing; `uploads` are its scans."""
    require(actor, "report", unit_scope(plan, draft.holder_unit_id, draft.township_code))
    check_evidence(plan, county_code, draft, now.date())
    with store.write() as cursor:
        record = EvidenceDocument(**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now))
        key = {
            "subject": record.subject,
            "township_code": record.township_code,
            "title": record.title,
            "year": record.year,
            "month": record.month,
        }
        before = standing_row(cursor, "evidence_documents", county_code=county_code, **key)
        lead = lead_of(cursor, plan, county_code, record.subject)
        if lead is not None:
            check_holder(plan, record, lead)
        if before is not None and not actor.may("report", unit_scope(plan, lead or "", record.township_code)):
            # The entry stands for a document that somebody else may hold; who leads may always say how it stands.
            require(actor, "report", unit_scope(plan, before["holder_unit_id"], before["township_code"]))
        keep_action(cursor, actor, "report", f"佐证 {record.subject}", now, before=before, after=asdict(record))
        add_rows(cursor, "evidence_documents", [asdict(record)])
        attach(store, cursor, "document", asdict(record), uploads)
    return record


def review_evidence(
    store: Store, plan: Plan, county_code: str, draft: ReviewDraft, actor: Actor, now: datetime
) -> EvidenceReview:
    """Confirm a filed document, or send it back, as another person than the one who filed it.

    Raises RequestInvalid when the entry is unknown, superseded or no document, or without a reason; NotPermitted for
    whoever filed it. A review by a name that no login vouches for is kept and proves nothing.
    """
    check_day(draft.day, now.date())
    if not draft.note.strip():
        raise RequestInvalid("请写明核验情况：核对了什么、为什么确认或退回。")
    with store.write() as cursor:
        filed = standing_row(cursor, "evidence_documents", county_code=county_code, number=draft.evidence_number)
        if filed is None:
            raise RequestInvalid(f"没有编号为 {draft.evidence_number} 的佐证登记；请从名单中选择。")
        require(actor, "check", unit_scope(plan, filed["holder_unit_id"], filed["township_code"]))
        key = {name: filed[name] for name in ("subject", "township_code", "title", "year", "month")}
        latest = standing_row(cursor, "evidence_documents", county_code=county_code, **key)
        if latest is None or latest["number"] != draft.evidence_number:
            raise RequestInvalid(f"“{filed['title']}”已另行登记，请按最新的登记核验。")
        if not EvidenceDocument(**filed).is_filed:
            raise RequestInvalid(f"“{filed['title']}”没有文号或成文日期，不能核验；请先补全登记。")
        check_second_person(filed, actor.name)
        record = EvidenceReview(**asdict(draft), **header(take_numbers(cursor, 1)[0], county_code, actor, now))
        before = standing_row(cursor, "evidence_reviews", evidence_number=draft.evidence_number)
        keep_action(cursor, actor, "check", f"佐证 {filed['subject']}", now, before=before, after=asdict(record))
        add_rows(cursor, "evidence_reviews", [asdict(record)])
    return record


def check_holder(plan: Plan, draft: EvidenceDraft, lead_unit_id: str) -> None:
    """Raises RequestInvalid where another unit than those concerned would hold a sub-item's document."""
    sub_item = plan.sub_item(draft.subject)
    sharing = [r.unit_id for r in (sub_item.lead, *sub_item.co_units)]
    concerned = {lead_unit_id, *sharing, *(m for u in plan.units if u.unit_id in sharing for m in u.members)}
    by_township = plan.unit(lead_unit_id).kind == TOWNSHIPS_KIND
    if draft.holder_unit_id not in concerned or (
        by_township and draft.township_code and draft.holder_unit_id != lead_unit_id
    ):
        raise RequestInvalid(
            f"具体措施 {draft.subject} 的佐证由牵头或配合单位保管，不能登记在{plan.unit(draft.holder_unit_id).name}名下。"
        )


def check_second_person(filed: Mapping[str, Any], reviewer: str) -> None:
    """Raises NotPermitted when whoever filed a document would confirm it."""
    if as_compared(filed["actor"]) == as_compared(reviewer):
        raise NotPermitted(f"“{filed['title']}”由{filed['actor']}登记，应由另一人核验。")


def unit_scope(plan: Plan, unit_id: str, township_code: str | None = None) -> Scope:
    """What a unit, or the township standing in its place, answers for."""
    unit = next((unit for unit in plan.units if unit.unit_id == unit_id), None)
    if unit is not None and unit.kind == TOWNSHIPS_KIND and township_code:
        return Scope(f"乡镇 {township_code}", unit_id, township_code)
    return Scope(unit.name if unit else unit_id or "未选单位", unit_id)


def check_day(day: date, today: date) -> None:
    """Raises RequestInvalid for a day that has not come yet."""
    if day > today:
        raise RequestInvalid(f"发生日期 {day} 晚于今天 {today}；请填写实际发生的日期。")


def check_term(plan: Plan, day: date, term: date | None, reason: str) -> None:
    """Raises RequestInvalid for a term past the plan's end that nobody gives a reason for: it would count for nothing."""
    if term is not None and plan.ends is not None and day <= plan.ends < term and not reason.strip():
        raise RequestInvalid(
            f"时限 {term} 在方案结束（{plan.ends}）之后，那时已不能计入方案的完成情况；确需如此的，请在说明中写明理由。"
        )


def check_unit(plan: Plan, unit_id: str) -> None:
    """Raises RequestInvalid when no unit is chosen or the plan does not list it."""
    if not unit_id:
        raise RequestInvalid("没有选择单位；请从单位名单中选择。")
    if not any(unit.unit_id == unit_id for unit in plan.units):
        raise RequestInvalid(f"方案中没有单位“{unit_id}”；请从单位名单中选择。")


def check_sub_item(plan: Plan, sub_item_id: str) -> None:
    """Raises RequestInvalid when the plan does not list the sub-item."""
    if not any(s.sub_item_id == sub_item_id for s in plan.sub_items()):
        raise RequestInvalid(f"方案中没有具体措施“{sub_item_id}”；请从任务清单中选择。")


def check_township(county_code: str, township_code: str | None) -> None:
    """Raises RequestInvalid when a township code is not one of the county's."""
    if township_code is not None and not (len(township_code) == 9 and township_code.startswith(county_code)):
        raise RequestInvalid(f"乡镇代码“{township_code}”不属于本县 {county_code}；应为以县代码开头的九位代码。")


def check_choice(value: str, choices: Any, what: str) -> None:
    """Raises RequestInvalid when a value is none of a literal type's."""
    if value not in get_args(choices):
        raise RequestInvalid(f"{what}“{value}”不在可选范围内；应为：{'、'.join(get_args(choices))}。")


def check_update(plan: Plan, county_code: str, draft: UpdateDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing that an update lacks."""
    check_sub_item(plan, draft.sub_item_id)
    check_unit(plan, draft.unit_id)
    check_township(county_code, draft.township_code)
    check_day(draft.day, today)
    check_choice(draft.status, ReportedStatus, "填报状态")
    place = f"具体措施 {draft.sub_item_id}"
    if (plan.unit(draft.unit_id).kind == "townships") != (draft.township_code is not None):
        raise RequestInvalid(f"{place}：乡镇填报须指明是哪个乡镇，其他单位不填乡镇。")
    if draft.progress is not None and not 0 <= draft.progress <= 100:
        raise RequestInvalid(f"{place}：进度 {draft.progress} 应在 0 至 100 之间。")
    if draft.status in ("risk", "late") and not draft.path_to_green.strip():
        raise RequestInvalid(f"{place}：报有风险或滞后的，须写明如何、何时恢复正常。")


def check_confirmation(plan: Plan, draft: ConfirmationDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a confirmation."""
    check_sub_item(plan, draft.sub_item_id)
    check_unit(plan, draft.lead_unit_id)
    check_day(draft.day, today)
    start = plan.sub_item(draft.sub_item_id).start
    if draft.due < start:
        raise RequestInvalid(f"具体措施 {draft.sub_item_id}：完成期限 {draft.due} 早于开始日期 {start}。")


def check_decision(plan: Plan, draft: DecisionDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a decision."""
    check_unit(plan, draft.owner_unit_id)
    check_day(draft.day, today)
    check_choice(draft.status, DecisionStatus, "办理状态")
    if not draft.decision.strip():
        raise RequestInvalid("议定事项不能为空；请写明决定的内容。")
    if draft.status == "cancelled" and not draft.note.strip():
        raise RequestInvalid("取消议定事项须写明理由。")


def check_evidence(plan: Plan, county_code: str, draft: EvidenceDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about an entry of the evidence catalogue."""
    if not draft.holder_unit_id:
        raise RequestInvalid("没有选择保管单位；材料归谁保管，请从单位名单中选择。")
    check_unit(plan, draft.holder_unit_id)
    check_township(county_code, draft.township_code)
    check_day(draft.day, today)
    check_choice(draft.state, EvidenceState, "归档状态")
    known = {s.sub_item_id for s in plan.sub_items()} | {route.subject for route in plan.routes}
    if draft.subject not in known:
        raise RequestInvalid(f"没有指标或具体措施“{draft.subject}”；佐证材料须归入一个指标或具体措施。")
    if not draft.title.strip():
        raise RequestInvalid("佐证材料名称不能为空。")
    what = f"“{draft.title}”"
    if draft.state == "filed" and not (draft.document_number or "").strip():
        raise RequestInvalid(f"{what}已归档的，须填写文号；没有文号的填本单位的编号。")
    if draft.state == "filed" and draft.document_date is None:
        raise RequestInvalid(f"{what}已归档的，须填写成文日期。")
    if draft.pages is not None and not 1 <= draft.pages <= MOST_PAGES:
        raise RequestInvalid(f"{what}页数 {draft.pages} 应在 1 至 {MOST_PAGES:,} 之间；没有数过的留空。")
    if draft.document_date is not None and draft.document_date > draft.day:
        raise RequestInvalid(f"{what}成文日期 {draft.document_date} 晚于登记日期 {draft.day}。")
    monthly = draft.subject in {s.sub_item_id for s in plan.sub_items() if s.recurring == "monthly"}
    if monthly != (draft.month is not None):
        raise RequestInvalid(
            f"具体措施 {draft.subject} 按月落实，须写明是哪个月的材料。"
            if monthly
            else f"{what}不是按月的材料，不填月份。"
        )
    if draft.month is not None and not 1 <= draft.month <= 12:
        raise RequestInvalid(f"月份 {draft.month} 应在 1 至 12 之间。")
