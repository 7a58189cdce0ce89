-- class_sizes: one row per open ordinary school and compulsory stage: how many classes, how many over which size.
-- Clause: 政府保障程度（五） and the statistical bands. Teaching points of any size count; special and vocational
-- schools do not. `known` is false where pupils were not reported and no class was listed.
with class_changes as (
    select
        c.county_code as county_code,
        c.school_id as school_id,
        c.stage as stage,
        sum(case when c.fact = 'classes' then c.amount else 0 end) as classes,
        sum(case when c.fact = 'classes_over_limit' then c.amount else 0 end) as over_limit,
        sum(case when c.fact = 'classes_large' then c.amount else 0 end) as large,
        sum(case when c.fact = 'classes_oversized' then c.amount else 0 end) as oversized,
        sum(case when c.fact = 'classes_super_oversized' then c.amount else 0 end) as super_oversized,
        max(case when c.fact = 'largest_class' and c.operation = 'set' then c.amount end) as largest
    from changes as c
    where c.stage is not null
    group by c.county_code, c.school_id, c.stage
)

select
    r.county_code as county_code,
    r.school_id as school_id,
    r.stage as stage,
    r.name as name,
    r.kind as kind,
    r.township_code as township_code,
    r.central_area as central_area,
    r.pupils as pupils,
    coalesce(c.classes > 0, false) or coalesce(r.pupils = 0, false) as known,
    coalesce(c.classes, 0) + coalesce(x.classes, 0) as classes,
    coalesce(c.over_limit, 0) + coalesce(x.over_limit, 0) as over_limit,
    coalesce(c.large, 0) + coalesce(x.large, 0) as large,
    coalesce(c.oversized, 0) + coalesce(x.oversized, 0) as oversized,
    coalesce(c.super_oversized, 0) + coalesce(x.super_oversized, 0) as super_oversized,
    coalesce(x.largest, c.largest, 0) as largest
from resources as r
left join class_counts as c
    on c.county_code = r.county_code and c.school_id = r.school_id and c.stage = r.stage
left join class_changes as x
    on x.county_code = r.county_code and x.school_id = r.school_id and x.stage = r.stage
where r.state = 'open' and r.kind not in ('special', 'vocational') and r.stage in ('primary', 'junior')
