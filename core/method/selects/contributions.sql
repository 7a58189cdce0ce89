-- contributions: one row per evaluated school row and indicator: the school's part c of CV².
-- Clause: 资源配置 校际差异系数. c = (P/ΣP)(X/X̄ − 1)², enrolment-weighted, two passes; null where the stage's mean
-- is undefined or any amount of the stage is missing.
-- Key: county_code, school_id, stage, code.
with means as (
    select
        h.county_code as county_code,
        h.stage as stage,
        h.code as code,
        count(*) as school_count,
        cast(sum(h.pupils) as double) as pupils,
        case when count(h.amount) = count(*) then sum(h.amount order by h.school_id) / cast(sum(h.pupils) as double) end
            as mean
    from school_indicators as h
    group by h.county_code, h.stage, h.code
)

select
    h.county_code as county_code,
    h.school_id as school_id,
    h.stage as stage,
    h.code as code,
    m.school_count as school_count,
    m.mean * h.per_pupils as mean,
    (h.pupils / m.pupils)
    * (h.amount / h.pupils - m.mean)
    * (h.amount / h.pupils - m.mean)
    * h.per_pupils * h.per_pupils as squared_deviation,
    case
        when m.mean > 0
            then
                (h.pupils / m.pupils)
                * (h.amount / h.pupils / m.mean - 1)
                * (h.amount / h.pupils / m.mean - 1)
    end as contribution
from school_indicators as h
join means as m on m.county_code = h.county_code and m.stage = h.stage and m.code = h.code
