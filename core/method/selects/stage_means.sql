-- stage_means: one row per stage with evaluated school rows, with the mean of every indicator: amount per pupil.
-- Clause: 资源配置 校际差异系数, the enrolment-weighted mean; null where any amount of the stage is missing. Sums are of
-- decimals, so that their order changes nothing.
-- Key: county_code, stage.
select
    m.county_code as county_code,
    m.stage as stage,
    count(*) as school_count,
    cast(sum(m.pupils) as double) as pupils,
    {% for indicator in indicators %}
    {% set id = indicator.indicator_id %}
    case when count(m.{{ id }}_amount) = count(*)
        then cast(sum(m.{{ id }}_amount) as double) / cast(sum(m.pupils) as double) end as {{ id }}{{ "," if not loop.last }}
    {% endfor %}
from school_measures as m
group by m.county_code, m.stage
