"""The money of a building project by source: planned, allocated, received, paid; in yuan, None where nobody said.

    read_funds(store, county_code, as_of) -> dict[str, tuple[ProjectFunds, ...]]      by project_id
    keep_funds(store, plan, county_code, drafts, actor, now) -> tuple[ProjectFunds, ...]
    totals(funds) -> FundTotals

The latest row of a project and a source counts. A sum over sources of which one is not known is not known either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.records.owners import project_unit
from core.delivery.records.records import Written, add_rows, standing_row, take_numbers
from core.delivery.records.records_writing import check_choice, check_day, header, unit_scope
from core.errors import RequestInvalid
from core.rules.plan import Plan
from core.store.database import Store

Source = Literal["central", "province", "city", "county", "bonds", "other"]
SOURCE_NAMES: Mapping[Source, str] = {
    "central": "中央",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "bonds": "债券",
    "other": "其他",
}
_MOST_YUAN = Decimal(100_000_000_000)


@dataclass(frozen=True, kw_only=True)
class FundsDraft:
    """The money of one source for a project as it stands on a day, in yuan."""

    project_id: str
    source: Source
    day: date
    planned_yuan: Decimal | None = None
    allocated_yuan: Decimal | None = None
    received_yuan: Decimal | None = None
    paid_yuan: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectFunds(FundsDraft, Written):
    """A recorded state of one source's money."""


@dataclass(frozen=True)
class FundTotals:
    """Sums over the sources, None where one of them is not known; `gap` is what is planned and has not come in.

    What one source brings too much fills no other's gap.
    """

    planned: Decimal | None
    allocated: Decimal | None
    received: Decimal | None
    paid: Decimal | None
    gap: Decimal | None


def totals(funds: Sequence[FundsDraft]) -> FundTotals:
    """The sums over the sources of one project; a source of which nothing is said any more is none."""
    sources = [
        f for f in funds if any(a is not None for a in (f.planned_yuan, f.allocated_yuan, f.received_yuan, f.paid_yuan))
    ]

    def total(amounts: list[Decimal | None]) -> Decimal | None:
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None

    def gap(funds: FundsDraft) -> Decimal | None:
        planned, received = funds.planned_yuan, funds.received_yuan
        return None if planned is None or received is None else max(planned - received, Decimal(0))

    return FundTotals(
        total([f.planned_yuan for f in sources]),
        total([f.allocated_yuan for f in sources]),
        total([f.received_yuan for f in sources]),
        total([f.paid_yuan for f in sources]),
        total([gap(f) for f in sources]),
    )


def read_funds(store: Store, county_code: str, as_of: date) -> dict[str, tuple[ProjectFunds, ...]]:
    """The money of every project as it stood at the end of a day, its sources in their usual order."""
    rows = store.records(
        "select * from project_funds where county_code = $1 and day <= $2 qualify"
        " row_number() over (partition by project_id, source order by day desc, number desc) = 1",
        [county_code, as_of],
    )
    order = list(SOURCE_NAMES)
    found: dict[str, tuple[ProjectFunds, ...]] = {}
    for row in sorted(rows, key=lambda r: order.index(r["source"])):
        found[row["project_id"]] = (*found.get(row["project_id"], ()), ProjectFunds(**row))
    return found


def keep_funds(
    store: Store,
    plan: Plan,
    county_code: str,
    drafts: Sequence[FundsDraft],
    actor: Actor,
    now: datetime,
) -> tuple[ProjectFunds, ...]:
    """Keep what the responsible unit says of a project's money, all sources or none."""
    for draft in drafts:
        check_funds(draft, now.date())
    with store.write() as cursor:
        for project_id in {draft.project_id for draft in drafts}:
            unit_id = project_unit(cursor, county_code, project_id)
            if unit_id is None:
                raise RequestInvalid(f"没有项目“{project_id}”，或它还没有责任单位；请先登记项目。")
            require(actor, "report", unit_scope(plan, unit_id))
        numbers = take_numbers(cursor, len(drafts))
        records = tuple(
            ProjectFunds(**asdict(draft), **header(number, county_code, actor, now))
            for draft, number in zip(drafts, numbers, strict=True)
        )
        for record in records:
            before = standing_row(
                cursor,
                "project_funds",
                county_code=county_code,
                project_id=record.project_id,
                source=record.source,
            )
            subject = f"项目资金 {record.project_id} {SOURCE_NAMES[record.source]}"
            keep_action(cursor, actor, "report", subject, now, before=before, after=asdict(record))
        add_rows(cursor, "project_funds", [asdict(record) for record in records])
    return records


def check_funds(draft: FundsDraft, today: date) -> None:
    """Raises RequestInvalid with the first thing wrong about a project's money."""
    check_day(draft.day, today)
    check_choice(draft.source, Source, "资金来源")
    place = f"{SOURCE_NAMES[draft.source]}资金"
    amounts = {
        "计划": draft.planned_yuan,
        "下达": draft.allocated_yuan,
        "到位": draft.received_yuan,
        "支付": draft.paid_yuan,
    }
    for name, amount in amounts.items():
        if amount is not None and not (amount.is_finite() and 0 <= amount <= _MOST_YUAN):
            raise RequestInvalid(f"{place}{name} {amount} 元不在 0 至 {_MOST_YUAN:,} 元之间，请核对单位。")
    steps = [(name, amount) for name, amount in amounts.items() if amount is not None and name != "计划"]
    for (above, more), (below, less) in pairwise(steps):
        if less > more:
            raise RequestInvalid(f"{place}{below} {less:,} 元大于{above} {more:,} 元，请核对。")
