-- school_indicators: one row per evaluated school row and indicator: surplus, verdict, and the school's part c of CV².
-- Clause: 资源配置（一）至（七）, 校际差异系数. c = (P/ΣP)(X/X̄ − 1)², enrolment-weighted; null where the stage's mean is
-- undefined or any amount of the stage is missing.
-- Key: county_code, school_id, stage, code.
{% from "macros.jinja" import of_indicator with context %}
with listed as (
    select
        m.county_code as county_code,
        m.school_id as school_id,
        m.stage as stage,
        l.code as code,
        l.per_pupils as per_pupils,
        l.amount as limit_amount,
        l.floor_amount as floor_amount,
        m.pupils as pupils,
        {{ of_indicator("m", "") }} as total,
        case when l.measured_by = 'stage' then cast(1 as decimal(3, 2)) else m.weight end as weight,
        case when l.measured_by = 'stage' then cast(m.pupils as decimal(14, 2)) else m.weighted_pupils end
            as weighted_pupils,
        {{ of_indicator("m", "_limit_surplus") }} as surplus,
        {{ of_indicator("m", "_floor_surplus") }} as floor_surplus,
        {{ of_indicator("m", "_form_limit_surplus") }} as form_surplus,
        {{ of_indicator("m", "_form_floor_surplus") }} as form_floor_surplus,
        {{ of_indicator("m", "_amount") }} as amount,
        s.pupils as stage_pupils,
        {{ of_indicator("s", "") }} as mean
    from school_measures as m
    join limits as l on l.stage = m.stage and l.per_pupils is not null
    join stage_means as s on s.county_code = m.county_code and s.stage = m.stage
)

select
    s.county_code as county_code,
    s.school_id as school_id,
    s.stage as stage,
    s.code as code,
    s.per_pupils as per_pupils,
    s.limit_amount as limit_amount,
    s.floor_amount as floor_amount,
    s.pupils as pupils,
    s.total as total,
    s.weight as weight,
    s.weighted_pupils as weighted_pupils,
    s.surplus as surplus,
    s.floor_surplus as floor_surplus,
    case
        when s.surplus is null then 'not_assessable'
        when (case when k.rounding_before_judging = 'rounded' then s.form_surplus else s.surplus end) >= 0 then 'met'
        else 'not_met'
    end as verdict,
    (case when k.rounding_before_judging = 'rounded' then s.form_floor_surplus else s.floor_surplus end) >= 0 as above_floor,
    (s.surplus >= 0) <> (s.form_surplus >= 0) or (s.floor_surplus >= 0) <> (s.form_floor_surplus >= 0) as borderline,
    case
        when s.mean > 0
            then
                (s.pupils / s.stage_pupils)
                * (cast(s.amount as double) / s.pupils / s.mean - 1)
                * (cast(s.amount as double) / s.pupils / s.mean - 1)
    end as contribution
from listed as s
cross join choices as k
