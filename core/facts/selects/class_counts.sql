-- class_counts: one row per open school and stage with classes by roll or band: counts by size.
-- Key: county_code, school_id, stage.
select
    s.county_code as county_code,
    k.school_id as school_id,
    k.stage as stage,
    k.classes as classes,
    k.largest as largest,
    k.largest_at_most as largest_at_most,
    k.over_limit as over_limit,
    k.unsure as unsure,
    k.large as large,
    k.oversized as oversized,
    k.super_oversized as super_oversized
from open_schools as s
join {{ store }}.class_counts as k on k.batch_id = s.batch_id and k.school_id = s.school_id
where k.year = $year
