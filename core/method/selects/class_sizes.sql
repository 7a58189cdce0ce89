-- class_sizes: one row per open ordinary school and compulsory stage: how many classes, how many over which size.
-- Clause: 政府保障程度（五） and the statistical bands. Teaching points of any size count and the junior classes of
-- vocational schools, special schools do not. `known` is false where no class was reported, by roll or by band, and the pupils are not 0. The largest
-- class has at least `largest` and at most `largest_at_most` pupils, null where its band is open above; `unsure` classes
-- may be over the limit or not.
-- Key: county_code, school_id, stage.
{% from "macros.jinja" import counted with context %}
with counted as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        r.stage as stage,
        r.name as name,
        r.kind as kind,
        r.township_code as township_code,
        r.central_area as central_area,
        r.pupils as pupils,
        {{ counted("classes") }} as classes,
        {{ counted("over_limit") }} as over_limit,
        {{ counted("large") }} as large,
        {{ counted("oversized") }} as oversized,
        {{ counted("super_oversized") }} as super_oversized,
        {{ counted("unsure") }} as unsure,
        {{ counted("largest") }} as largest,
        {{ counted("largest_at_most") }} as largest_at_most
    from resources as r
    left join class_counts as c
        on c.county_code = r.county_code and c.school_id = r.school_id and c.stage = r.stage
    {% if changed %}
    left join changed_classes as x
        on x.county_code = r.county_code and x.school_id = r.school_id and x.stage = r.stage
    {% endif %}
    left join excluded_kinds as u on u.kind = r.kind
    where
        r.state = 'open'
        and r.stage in ('primary', 'junior')
        and (u.kind is null or (u.pupils_count = 1 and r.reported))
)

select
    c.county_code as county_code,
    c.school_id as school_id,
    c.stage as stage,
    c.name as name,
    c.kind as kind,
    c.township_code as township_code,
    c.central_area as central_area,
    c.pupils as pupils,
    coalesce(c.classes > 0, false) or coalesce(c.pupils = 0, false) as known,
    coalesce(c.classes, 0) as classes,
    coalesce(c.over_limit, 0) as over_limit,
    coalesce(c.large, 0) as large,
    coalesce(c.oversized, 0) as oversized,
    coalesce(c.super_oversized, 0) as super_oversized,
    coalesce(c.unsure, 0) as unsure,
    coalesce(c.largest, 0) as largest,
    case when c.classes > 0 then c.largest_at_most else 0 end as largest_at_most
from counted as c
