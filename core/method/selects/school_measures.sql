-- school_measures: one row per evaluated school row, with columns for every indicator.
-- Clause: 资源配置（一）至（七）. The test is exact, in products: surplus = total × weight × per − limit × weighted
-- pupils, met when ≥ 0; the floor likewise; the form_ surpluses tell what the form's rounding would say. `amount` is the
-- row's part of what the school holds.
-- Key: county_code, school_id, stage.
with held as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        r.stage as stage,
        r.pupils as pupils,
        r.weight as weight,
        case when r.pupils is not null then r.weighted_pupils end as weighted_pupils,
        {% for indicator in indicators %}
        {% set id = indicator.indicator_id %}
        r.{{ id }} as {{ id }},
        cast(r.{{ id }}{{ " * r.weight" if indicator.measured_by == "school" }} * l.{{ id }}_per as decimal(38, 12))
            as {{ id }}_weighted,
        l.{{ id }}_limit as {{ id }}_limit,
        l.{{ id }}_floor as {{ id }}_floor,
        l.{{ id }}_form_limit as {{ id }}_form_limit,
        l.{{ id }}_form_floor as {{ id }}_form_floor{{ "," if not loop.last }}
        {% endfor %}
    from school_rows as r
    join stage_limits as l on l.stage = r.stage
    where r.left_out is null
)

select
    h.county_code as county_code,
    h.school_id as school_id,
    h.stage as stage,
    h.pupils as pupils,
    h.weight as weight,
    h.weighted_pupils as weighted_pupils,
    {% for indicator in indicators %}
    {% set id = indicator.indicator_id %}
    {% set pupils = "h.weighted_pupils" if indicator.measured_by == "school" else "h.pupils" %}
    h.{{ id }} as {{ id }},
    {% for bound in ("limit", "floor", "form_limit", "form_floor") %}
    cast(h.{{ id }}_weighted - h.{{ id }}_{{ bound }} * {{ pupils }} as decimal(38, 12)) as {{ id }}_{{ bound }}_surplus,
    {% endfor %}
    {% if indicator.measured_by == "school" %}
    cast(cast(h.{{ id }} as double) * h.weight * h.pupils / h.weighted_pupils as decimal(28, 10))
    {% else %}
    case when h.pupils is not null then cast(h.{{ id }} as decimal(28, 10)) end
    {% endif %} as {{ id }}_amount{{ "," if not loop.last }}
    {% endfor %}
from held as h
