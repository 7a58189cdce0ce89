-- schools: one row per school that has opened by the year; `state` tells whether it is still open. A school that moved
-- to another township counts once, where it was published last.
-- Key: county_code, school_id.
select
    c.county_code as county_code,
    s.school_id as school_id,
    coalesce(s.name, s.school_id) as name,
    s.kind as kind,
    s.township_code as township_code,
    s.zone as zone,
    s.central_area as central_area,
    s.ownership as ownership,
    s.sponsor_code as sponsor_code,
    s.built_year as built_year,
    s.parent_school_id as parent_school_id,
    s.permanent as permanent,
    c.batch_id as batch_id,
    case when s.closed_year <= $year then 'closed' else 'open' end as state
from scope_townships as c
join {{ store }}.schools as s on s.batch_id = c.batch_id and s.township_code = c.township_code
join {{ store }}.live_batches as b on b.batch_id = c.batch_id
where s.opened_year is null or s.opened_year <= $year
qualify row_number() over (partition by s.school_id order by c.has_figures desc, b.number desc, c.township_code) = 1
