-- schools: one row per school that has opened by the year; `state` tells whether it is still open. A school that moved
-- to another township counts once, where it was published last. Schools of one name are told apart: by their township,
-- within a township by their identifier, so that nobody who chooses one gets the other.
-- Key: county_code, school_id.
with listed as (
    select
        c.county_code as county_code,
        s.school_id as school_id,
        coalesce(s.name, s.school_id) as name,
        s.kind as kind,
        s.township_code as township_code,
        coalesce(t.name, s.township_code) as township_name,
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
    left join {{ store }}.townships as t on t.batch_id = c.batch_id and t.code = c.township_code
    where s.opened_year is null or s.opened_year <= $year
    qualify row_number() over (partition by s.school_id order by c.has_figures desc, b.number desc, c.township_code) = 1
)

select
    l.county_code as county_code,
    l.school_id as school_id,
    case
        when count(*) over (partition by l.name) = 1 then l.name
        when count(*) over (partition by l.name, l.township_name) = 1 then l.name || '（' || l.township_name || '）'
        else l.name || '（' || l.school_id || '）'
    end as name,
    l.kind as kind,
    l.township_code as township_code,
    l.zone as zone,
    l.central_area as central_area,
    l.ownership as ownership,
    l.sponsor_code as sponsor_code,
    l.built_year as built_year,
    l.parent_school_id as parent_school_id,
    l.permanent as permanent,
    l.batch_id as batch_id,
    l.state as state
from listed as l
