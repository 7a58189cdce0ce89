"""Says which batches count: a draft published, a batch taken out again, each step kept with who and why."""

from __future__ import annotations

from datetime import datetime

import duckdb

from core.access import Actor, require
from core.audit import keep_action
from core.batches.batch_bases import why_held, why_no_whole_county, why_outdated
from core.batches.register import batch
from core.dataset.characters import as_compared
from core.dataset.typed_texts import check_typed
from core.errors import RequestInvalid
from core.store.database import Store


def publish(store: Store, batch_id: int, actor: Actor, now: datetime, reason: str) -> int:
    """Let a batch count from now on; returns the publication's number.

    Raises RequestInvalid for one that counts already, was copied from figures that have changed since, was loaded as
    the whole county's before other townships came in, or brings what schools judged well of themselves and was loaded by
    the same person.
    """
    # Nobody else decides between the look at what counts and the entry.
    with store.write() as cursor:
        found = batch(store, batch_id)
        require(actor, "publish", found.county_code)
        if found.state == "published":
            raise RequestInvalid(f"批次 {batch_id} 已经发布。")
        is_draft = found.state == "draft"
        refusal = why_outdated(store, batch_id, is_draft=is_draft)
        refusal = refusal or (why_no_whole_county(store, batch_id) if is_draft else "")
        if refusal:
            raise RequestInvalid(refusal)
        if (
            actor.verified
            and as_compared(actor.name) == as_compared(found.actor)
            and (new := _new_school_verdicts(store, batch_id))
        ):
            raise RequestInvalid(f"批次 {batch_id} 有学校自评为“符合”的新结论 {new} 项，须由上传人以外的人核验后发布。")
        return _append(cursor, batch_id, "publish", actor, now, reason)


def _new_school_verdicts(store: Store, batch_id: int) -> int:
    """How many items a batch says a school fulfils that what counts now does not say on the same document."""
    [(number,)] = store.rows(
        """
        select count(*)
        from school_judgements as j
        where
            j.batch_id = $1
            and j.status = 'met'
            and not exists (
                select 1
                from school_judgements as k
                join schools as s on s.batch_id = k.batch_id and s.school_id = k.school_id
                join current_coverage as c
                    on c.batch_id = k.batch_id and c.township_code = s.township_code and c.year = k.year
                where
                    k.school_id = j.school_id
                    and k.year = j.year
                    and k.item = j.item
                    and k.status = j.status
                    and k.document is not distinct from j.document
            )
        """,
        [batch_id],
    )
    return int(number)


def withdraw(store: Store, batch_id: int, actor: Actor, now: datetime, reason: str) -> int:
    """Take a batch out again: where it counted, the batch published before it counts; a draft waits no longer.

    It stays on record and can be published again. Raises RequestInvalid without a reason, for one that is out
    already, and for one whose figures live on in later batches, naming these in the order to withdraw them.
    """
    if not reason.strip():
        raise RequestInvalid("请写明撤回的理由。")
    with store.write() as cursor:
        found = batch(store, batch_id)
        require(actor, "publish", found.county_code)
        if found.state == "withdrawn":
            raise RequestInvalid(f"批次 {batch_id} 已经撤回，不需要再撤回。")
        refusal = why_held(store, batch_id)
        if refusal:
            raise RequestInvalid(refusal)
        return _append(cursor, batch_id, "withdraw", actor, now, reason)


def _append(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, action: str, actor: Actor, now: datetime, reason: str
) -> int:
    check_typed(reason)
    word = {"publish": "发布", "withdraw": "撤回"}[action]
    keep_action(cursor, actor, "publish", f"{word}批次 {batch_id}", now, after=reason)
    return int(
        cursor.execute(
            "insert into publications (batch_id, action, actor, recorded_at, reason) values ($1, $2, $3, $4, $5)"
            " returning number",
            [batch_id, action, actor.name, now, reason],
        ).fetchall()[0][0]
    )
