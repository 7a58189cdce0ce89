-- school_indicators: one row per evaluated school row and indicator.
-- Clause: 资源配置（一）至（七）. The test is exact, in products: surplus = total × weight × per − limit × weighted
-- pupils, met when ≥ 0; the floor likewise; the form_ surpluses tell what the form's rounding would say.
-- Key: county_code, school_id, stage, code.
with resources_held as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        r.stage as stage,
        l.code as code,
        l.per_pupils as per_pupils,
        l.amount as limit_amount,
        l.floor_amount as floor_amount,
        l.form_amount as form_amount,
        l.form_floor_amount as form_floor_amount,
        r.pupils as pupils,
        case l.code
            {% for indicator in indicators %}
            when '{{ indicator.code }}' then r.{{ indicator.indicator_id }}
            {% endfor %}
        end as total,
        case when l.measured_by = 'stage' then cast(1 as decimal(3, 2)) else r.weight end as weight,
        case
            when r.pupils is null then null
            when l.measured_by = 'stage' then cast(r.pupils as decimal(14, 2))
            else r.weighted_pupils
        end as weighted_pupils
    from school_rows as r
    join limits as l on l.stage = r.stage and l.per_pupils is not null
    where r.left_out is null
),

measured as (
    select
        h.*,
        cast(h.total * h.weight * h.per_pupils as decimal(38, 12)) as weighted_total
    from resources_held as h
),

surpluses as (
    select
        m.*,
        cast(m.weighted_total - m.limit_amount * m.weighted_pupils as decimal(38, 12)) as surplus,
        cast(m.weighted_total - m.floor_amount * m.weighted_pupils as decimal(38, 12)) as floor_surplus,
        cast(m.weighted_total - m.form_amount * m.weighted_pupils as decimal(38, 12)) as form_surplus,
        cast(m.weighted_total - m.form_floor_amount * m.weighted_pupils as decimal(38, 12)) as form_floor_surplus
    from measured as m
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
    cast(s.total as double) * s.weight * s.pupils / s.weighted_pupils as amount,
    case
        when s.surplus is null then 'not_assessable'
        when (case when k.rounding_before_judging = 'rounded' then s.form_surplus else s.surplus end) >= 0 then 'met'
        else 'not_met'
    end as verdict,
    (case when k.rounding_before_judging = 'rounded' then s.form_floor_surplus else s.floor_surplus end) >= 0 as above_floor,
    (s.surplus >= 0) <> (s.form_surplus >= 0) or (s.floor_surplus >= 0) <> (s.form_floor_surplus >= 0) as borderline
from surpluses as s
cross join choices as k
