"""Which figures a batch was copied from, so that no step undoes another one unseen."""

from __future__ import annotations

from core.store.database import Store

# A batch covers cells: a township in a school year, or the county's own sheets in a year (no township).
CELLS = """
    select b.county_code, c.batch_id, c.township_code, c.year
    from batch_coverage as c
    join batches as b on b.batch_id = c.batch_id
    union all
    select b.county_code, c.batch_id, null, c.year
    from batch_county_years as c
    join batches as b on b.batch_id = c.batch_id
    where b.whole_county
"""
# What counted in the cells of a copying batch when it was made: its facts version, not its own number, decides.
_WITH_BASES = f"""
with cells as ({CELLS}),
live_then as (
    select b.batch_id as copying_id, p.batch_id, max(p.number) as number
    from batches as b
    join publications as p on p.number <= b.base_facts_version
    group by b.batch_id, p.batch_id
    having arg_max(p.action, p.number) = 'publish'
),
bases as (
    select own.county_code, own.batch_id, own.township_code, own.year, arg_max(base.batch_id, l.number) as base_id
    from cells as own
    join live_then as l on l.copying_id = own.batch_id
    join cells as base
        on base.batch_id = l.batch_id
        and base.county_code = own.county_code
        and base.year = own.year
        and base.township_code is not distinct from own.township_code
    group by own.county_code, own.batch_id, own.township_code, own.year
)
"""
_MOVED_ON = (
    _WITH_BASES
    + """
select distinct
    case when l.number > b.base_facts_version then l.batch_id else bases.base_id end as moved_id,
    l.number is not null and l.number > b.base_facts_version as is_published
from cells
join batches as b on b.batch_id = cells.batch_id
left join bases
    on bases.batch_id = cells.batch_id
    and bases.year = cells.year
    and bases.township_code is not distinct from cells.township_code
left join (
    select county_code, township_code, year, batch_id from current_coverage
    union all
    select county_code, null, year, batch_id from current_county_sheets
) as counting
    on counting.county_code = cells.county_code
    and counting.year = cells.year
    and counting.township_code is not distinct from cells.township_code
left join live_batches as l on l.batch_id = counting.batch_id
where cells.batch_id = $1
    and b.base_facts_version is not null
    and counting.batch_id is distinct from bases.base_id
order by moved_id
"""
)
_COPIES = _WITH_BASES + "select distinct batch_id, base_id from bases"


def why_outdated(store: Store, batch_id: int, *, is_draft: bool) -> str:
    """Why a batch copied from figures that were replaced or withdrawn since must not be published, and what to do.

    Empty when it may be; a batch that stands alone copies nothing and may replace whatever counts.
    """
    moved = "、".join(
        f"批次 {moved_id} {'发布' if is_published else '撤回'}"
        for moved_id, is_published in store.rows(_MOVED_ON, [batch_id])
    )
    if not moved:
        return ""
    advice = "请放弃这个草稿，" if is_draft else "请"
    return (
        f"{'草稿' if is_draft else ''}批次 {batch_id} 不能发布：它是按{moved}以前的现行数据更正或补全的，"
        f"照此发布会抹掉此后的改动。{advice}在现行数据上重新更正或重新上传。"
    )


def why_held(store: Store, batch_id: int) -> str:
    """Why a batch whose figures live on in published copies must not be withdrawn before them; empty when it may be.

    The copies are named in the order to withdraw them.
    """
    copies = "、".join(f"批次 {copy}" for copy in _live_copies(store, batch_id))
    if not copies:
        return ""
    return (
        f"批次 {batch_id} 没有撤回：{copies} 是在它的数据上更正或补全的，它的数据还在其中。"
        f"请依次撤回{copies}，再撤回批次 {batch_id}。"
    )


def _live_copies(store: Store, batch_id: int) -> list[int]:
    """The published batches in which figures of this one live on, the last published first."""
    pairs = store.rows(_COPIES)
    found: set[int] = set()
    reached = {batch_id}
    while reached:
        reached = {copy for copy, base in pairs if base in reached} - found
        found |= reached
    live = store.rows("select batch_id from live_batches order by number desc")
    return [copy for (copy,) in live if copy in found]
