"""Which figures a batch was copied from, so that no step undoes another one unseen."""

from __future__ import annotations

from core.naming import named
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
_OTHER_TOWNSHIPS = """
select distinct coalesce(t.name, t.code) as name
from batches as b
join current_coverage as c on c.county_code = b.county_code
join townships as t on t.batch_id = c.batch_id and t.code = c.township_code
where b.batch_id = $1
    and b.whole_county
    and exists (select 1 from batch_coverage as own where own.batch_id = b.batch_id)
    and c.township_code not in (select own.township_code from batch_coverage as own where own.batch_id = b.batch_id)
order by name
"""
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


def why_no_whole_county(store: Store, batch_id: int) -> str:
    """Why a draft that was loaded as the whole county's must not be published: other townships count by now.

    Empty when it may be, and for the county's own sheets alone, which list no township.
    """
    others = [name for (name,) in store.rows(_OTHER_TOWNSHIPS, [batch_id])]
    if not others:
        return ""
    return (
        f"草稿批次 {batch_id} 不能发布：它导入时被当作全县的数据，现已有{named(others, '个乡镇')}的数据不在其中，"
        "照此发布会连县级数据一并替换。请放弃这个草稿，重新上传同一份文件。"
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
