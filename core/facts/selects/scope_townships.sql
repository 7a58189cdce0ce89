-- scope_townships: one row per township: the batch that counts for it in the year. Where no batch of the year speaks for
-- the whole county, a township without figures stands with the batch that last listed its schools: they are missing,
-- not gone.
-- Key: county_code, township_code.
with covered as (
    select c.county_code as county_code, c.township_code as township_code, c.batch_id as batch_id
    from {{ store }}.current_coverage as c
    where c.year = $year and c.county_code = $county
),

whole_years as (
    select c.year as year
    from {{ store }}.batch_coverage as c
    join {{ store }}.live_batches as b on b.batch_id = c.batch_id
    where b.county_code = $county and b.whole_county
),

registers as (
    select coalesce(max(w.year), 0) as latest, coalesce(max(case when w.year = $year then 1 else 0 end), 0) as complete
    from whole_years as w
    where w.year <= $year
),

expected as (
    select c.county_code as county_code, c.township_code as township_code, arg_max(c.batch_id, c.year) as batch_id
    from {{ store }}.current_coverage as c
    cross join registers as r
    where
        c.county_code = $county
        and r.complete = 0
        and c.year >= r.latest
        and (c.year < $year or r.latest = 0)
        and exists (select 1 from covered as k where k.county_code = c.county_code)
    group by c.county_code, c.township_code
)

select c.county_code as county_code, c.township_code as township_code, c.batch_id as batch_id, 1 as has_figures
from covered as c
union all
select e.county_code as county_code, e.township_code as township_code, e.batch_id as batch_id, 0 as has_figures
from expected as e
where e.township_code not in (select k.township_code from covered as k)
