-- school_verdicts: one row per evaluated school row: does the school pass at this stage?
-- Clause: 资源配置 学校达标规定: at least so many indicators met and every one at its floor. A definite failure
-- decides; otherwise anything missing makes the row not assessable.
-- Key: county_code, school_id, stage.
with tested as (
    select
        m.county_code as county_code,
        m.school_id as school_id,
        m.stage as stage,
        {% for indicator in indicators %}
        {% set id = indicator.indicator_id %}
        case when k.rounding_before_judging = 'rounded' then m.{{ id }}_form_limit_surplus else m.{{ id }}_limit_surplus end
            as {{ id }}_limit,
        case when k.rounding_before_judging = 'rounded' then m.{{ id }}_form_floor_surplus else m.{{ id }}_floor_surplus end
            as {{ id }}_floor{{ "," if not loop.last }}
        {% endfor %}
    from school_measures as m
    cross join choices as k
),

counted as (
    select
        t.county_code as county_code,
        t.school_id as school_id,
        t.stage as stage,
        {% for indicator in indicators %}
        {{ "+ " if not loop.first }}case when t.{{ indicator.indicator_id }}_limit >= 0 then 1 else 0 end
        {% endfor %} as met_count,
        {% for indicator in indicators %}
        {{ "+ " if not loop.first }}case when t.{{ indicator.indicator_id }}_limit < 0 then 1 else 0 end
        {% endfor %} as not_met_count,
        {% for indicator in indicators %}
        {{ "+ " if not loop.first }}case when t.{{ indicator.indicator_id }}_limit is null then 1 else 0 end
        {% endfor %} as unknown_count,
        {% for indicator in indicators %}
        {{ "+ " if not loop.first }}case when t.{{ indicator.indicator_id }}_floor < 0 then 1 else 0 end
        {% endfor %} as below_floor_count
    from tested as t
)

select
    c.county_code as county_code,
    c.school_id as school_id,
    c.stage as stage,
    c.met_count as met_count,
    c.not_met_count as not_met_count,
    c.unknown_count as unknown_count,
    c.below_floor_count as below_floor_count,
    case
        when c.below_floor_count > 0 then 'not_met'
        when c.met_count + c.unknown_count < n.school_rule_minimum_met then 'not_met'
        when c.unknown_count > 0 then 'not_assessable'
        else 'met'
    end as verdict
from counted as c
cross join numbers as n
