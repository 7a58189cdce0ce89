-- balance: one row per stage and indicator, always fourteen a county: mean, deviation and coefficient of variation.
-- Clause: 资源配置 校际差异系数. CV² = Σ(P/ΣP)(X/X̄ − 1)², enrolment-weighted, two passes. An undefined CV is null and not
-- assessable, never 0; a stage without evaluated rows is not applicable. Sums are of decimals, so that their order changes
-- nothing; the allowance keeps an exact tie, computed in doubles, a tie.
-- Key: county_code, stage, code.
{% from "macros.jinja" import of_indicator with context %}
with variations as (
    select
        m.county_code as county_code,
        m.stage as stage,
        {% for indicator in indicators %}
        {% set id = indicator.indicator_id %}
        cast(sum(cast(
            case when s.{{ id }} > 0 then
                (m.pupils / s.pupils)
                * (cast(m.{{ id }}_amount as double) / m.pupils / s.{{ id }} - 1)
                * (cast(m.{{ id }}_amount as double) / m.pupils / s.{{ id }} - 1)
            end as decimal(38, 24)
        )) as double) as {{ id }}{{ "," if not loop.last }}
        {% endfor %}
    from school_measures as m
    join stage_means as s on s.county_code = m.county_code and s.stage = m.stage
    group by m.county_code, m.stage
),

counties as (
    select distinct t.county_code as county_code
    from townships as t
),

spread as (
    select
        k.county_code as county_code,
        l.stage as stage,
        l.code as code,
        l.per_pupils as per_pupils,
        b.amount as limit_amount,
        b.form_amount as form_amount,
        s.school_count as school_count,
        {{ of_indicator("s", "") }} as mean,
        {{ of_indicator("v", "") }} as variation
    from counties as k
    join limits as l on l.per_pupils is not null
    join limits as b on b.rule = 'balance' and b.stage = l.stage
    left join stage_means as s on s.county_code = k.county_code and s.stage = l.stage
    left join variations as v on v.county_code = k.county_code and v.stage = l.stage
)

select
    s.county_code as county_code,
    s.stage as stage,
    s.code as code,
    s.limit_amount as limit_amount,
    coalesce(s.school_count, 0) as school_count,
    s.mean * s.per_pupils as mean,
    case when s.mean = 0 then cast(0 as double) else s.mean * s.per_pupils * sqrt(s.variation) end as sd,
    sqrt(s.variation) as cv,
    case
        when s.school_count is null then 'not_applicable'
        when s.variation is null then 'not_assessable'
        when o.rounding_before_judging = 'rounded' and s.variation < s.form_amount * s.form_amount then 'met'
        when o.rounding_before_judging <> 'rounded' and s.variation <= s.limit_amount * s.limit_amount + 1e-12 then 'met'
        else 'not_met'
    end as verdict,
    coalesce(
        (s.variation <= s.limit_amount * s.limit_amount + 1e-12) <> (sqrt(s.variation) < s.form_amount), false
    ) as borderline
from spread as s
cross join choices as o
