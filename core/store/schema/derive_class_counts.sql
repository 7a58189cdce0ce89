-- Folds a batch's classes into counts per school, year and stage; run by the program, no part of the schema.
-- A grade is counted by its rolls, where it has none by its bands; bands of no grade are all classes of a stage of which
-- nothing else is known, else the classes that several grades share.
insert into class_counts
with rolls as (
    select school_id, year, stage, grade, 1 as classes, pupils as least, pupils as most
    from classes
    where batch_id = $batch_id
),

bands as (
    select
        b.school_id,
        b.year,
        b.stage,
        b.classes,
        b.band,
        cast(regexp_extract(b.band, '[0-9]+') as integer) as first_number,
        cast(regexp_extract(b.band, '[0-9]+$') as integer) as last_number
    from class_bands as b
    where
        b.batch_id = $batch_id
        and b.classes > 0
        and not exists (
            select 1
            from rolls as r
            where r.school_id = b.school_id and r.year = b.year and r.stage = b.stage and r.grade = b.grade
        )
),

counted as (
    select school_id, year, stage, classes, least, most
    from rolls
    union all
    select
        school_id,
        year,
        stage,
        classes,
        case when starts_with(band, '<=') then 1 else first_number end as least,
        case when not starts_with(band, '>=') then last_number end as most
    from bands
),

limited as (
    select *, case stage when 'primary' then $primary else $junior end as class_limit
    from counted
)

select
    $batch_id as batch_id,
    school_id,
    year,
    stage,
    sum(classes) as classes,
    max(least) as largest,
    case when count(most) = count(*) then max(most) end as largest_at_most,
    coalesce(sum(classes) filter (least > class_limit), 0) as over_limit,
    coalesce(sum(classes) filter (least <= class_limit and (most is null or most > class_limit)), 0) as unsure,
    coalesce(sum(classes) filter (least between $large_from and $large_to), 0) as large,
    coalesce(sum(classes) filter (least >= $oversized_from), 0) as oversized,
    coalesce(sum(classes) filter (least >= $super_oversized_from), 0) as super_oversized
from limited
group by school_id, year, stage
