-- school_rows: one row per school and compulsory stage: evaluated, or left out with the first reason that applies.
-- Clause: 资源配置 (which schools count) and the form's note on schools with several stages.
-- For every indicator a column of its name holds the total of its figure: the
-- stage's own where the standard measures by stage, the whole school's where it measures by school; `weight` is the
-- stage's weight and `weighted_pupils` the school's sum of weight × pupils, so that a share is never a quotient.
-- A teaching point that is merged gives each stage to the same stage of its parent, with the stage's share of what the
-- point holds, cut to ten decimals; where the reading lets no point be merged, that part of the statement is left out.
-- Key: county_code, school_id, stage.
{% from "macros.jinja" import share with context %}
{% set held = "held" if merging else "judged" %}
with judged as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        r.stage as stage,
        r.name as name,
        r.kind as kind,
        r.township_code as township_code,
        r.zone as zone,
        r.central_area as central_area,
        r.ownership as ownership,
        r.sponsor_code as sponsor_code,
        r.parent_school_id as parent_school_id,
        r.reported as reported,
        r.pupils as pupils,
        r.shared_pe_arts_teachers as shared_pe_arts_teachers,
        {% for fact in indicators | map(attribute="fact") | unique if fact not in ("pupils", "shared_pe_arts_teachers") %}
        r.{{ fact }} as {{ fact }},
        {% endfor %}
        case
            when r.state = 'closed' then 'closed'
            when u.reason is not null and (u.pupils_count = 0 or not r.reported or r.pupils = 0) then u.reason
            when r.pupils = 0 then 'no_pupils'
            when r.kind = 'teaching_point' and r.pupils < n.teaching_point_under_50 then 'teaching_point_under_50'
        end as left_out
    from resources as r
    cross join numbers as n
    cross join choices as k
    left join excluded_kinds as u on u.kind = r.kind
    where r.stage <> 'preschool' or k.preschool_share = 'shared'
),

{% if merging %}
moves as (
    select j.county_code as county_code, j.school_id as school_id, j.stage as stage, p.school_id as receiver
    from judged as j
    join judged as p on p.county_code = j.county_code and p.school_id = j.parent_school_id and p.stage = j.stage
    where
        j.left_out = 'teaching_point_under_50'
        and j.stage in ('primary', 'junior')
        and p.left_out is null
),

held as (
    select
        j.*,
        m.receiver as receiver,
        case when m.receiver is null then 1 else 0 end as kept
    from judged as j
    left join moves as m on m.county_code = j.county_code and m.school_id = j.school_id and m.stage = j.stage
),

{% endif %}
-- A school by its stages: those that it keeps and those that it gives away.
schools_held as (
    select
        h.county_code as county_code,
        h.school_id as school_id,
        count(*) as stages,
        {% if merging %}
        sum(h.kept) as kept_stages,
        max(h.receiver) as receiver,
        max(case when h.kept = 1 and h.stage = 'senior' then 1 else 0 end) as keeps_senior,
        max(case when h.kept = 1 and h.stage in ('primary', 'preschool') then 1 else 0 end) as keeps_lower,
        {% for stage in stages %}
        coalesce(sum(case when h.stage = '{{ stage }}' and h.kept = 0 then h.pupils end), 0) as moved_{{ stage }},
        {% endfor %}
        {% endif %}
        max(case when h.stage = 'senior' then 1 else 0 end) as has_senior,
        max(case when h.stage in ('primary', 'preschool') then 1 else 0 end) as has_lower,
        count(*) - count(h.pupils) as unknown,
        {% for stage in stages %}
        coalesce(sum(case when h.stage = '{{ stage }}'{{ " and h.kept = 1" if merging }} then h.pupils end), 0)
            as kept_{{ stage }},
        {% endfor %}
        {% for indicator in indicators if indicator.measured_by == "school" %}
        {% if indicator.fact in facts_of_stages and not merging %}
        case when count(h.{{ indicator.fact }}) = count(*) then sum(h.{{ indicator.fact }}) end
            as kept_{{ indicator.indicator_id }},
        {% elif indicator.fact in facts_of_stages %}
        case when count(case when h.kept = 1 then h.{{ indicator.fact }} end) = sum(h.kept)
            then sum(case when h.kept = 1 then h.{{ indicator.fact }} end) end as kept_{{ indicator.indicator_id }},
        case when count(case when h.kept = 0 then h.{{ indicator.fact }} end) = sum(1 - h.kept)
            then sum(case when h.kept = 0 then h.{{ indicator.fact }} end) end as moved_{{ indicator.indicator_id }},
        {% elif merging %}
        max(h.{{ indicator.fact }}) as {{ indicator.indicator_id }},
        {% endif %}
        {% endfor %}
        case
            when count(case when h.stage in ('primary', 'junior') and h.pupils is null then 1 end) = 0
                then sum(case when h.stage in ('primary', 'junior') then h.pupils end)
        end as compulsory_pupils
    from {{ held }} as h
    group by h.county_code, h.school_id
),

mixed as (
    select
        s.*,
        case
            when s.stages = 1 then 'single'
            when s.has_senior = 0 then 'nine_year'
            when s.has_lower = 0 then 'combined_secondary'
            else 'twelve_year'
        end as mix{{ "," if merging }}
        {% if merging %}
        case
            when s.kept_stages <= 1 then 'single'
            when s.keeps_senior = 0 then 'nine_year'
            when s.keeps_lower = 0 then 'combined_secondary'
            else 'twelve_year'
        end as kept_mix
        {% endif %}
    from schools_held as s
),

-- Pupils by the weights of all of the school's stages, and by the weights of those that it keeps. Of a stage that is given
-- away the pupils are known.
weighed as (
    select
        m.*,
        {% for stage in stages %}
        w.{{ stage }}_weight as weight_{{ stage }},
        {% endfor %}
        {% if merging %}
        case when m.unknown = 0 then
            {% for stage in stages %}
            {{ "+ " if not loop.first }}o.{{ stage }}_weight * (m.kept_{{ stage }} + m.moved_{{ stage }})
            {% endfor %}
        end as own_pupils,
        case when m.unknown = 0 then
            {% for stage in stages %}
            {{ "+ " if not loop.first }}o.{{ stage }}_weight * m.kept_{{ stage }}
            {% endfor %}
        end as kept_pupils,
        {% for stage in stages %}
        {{ "+ " if not loop.first }}o.{{ stage }}_weight * m.moved_{{ stage }}
        {% endfor %} as moved_pupils,
        {% endif %}
        case when m.unknown = 0 then
            {% for stage in stages %}
            {{ "+ " if not loop.first }}w.{{ stage }}_weight * m.kept_{{ stage }}
            {% endfor %}
        end as weighted_pupils
    from mixed as m
    {% if merging %}
    join mix_weights as o on o.mix = m.mix
    {% endif %}
    join mix_weights as w on w.mix = {{ "m.kept_mix" if merging else "m.mix" }}
),

-- A stage with what its school holds as a whole.
shared as (
    select
        h.*,
        case h.stage
            {% for stage in stages %}
            when '{{ stage }}' then s.weight_{{ stage }}
            {% endfor %}
        end as weight,
        s.weighted_pupils as weighted_pupils,
        {% for indicator in indicators if indicator.measured_by == "school" %}
        {% if indicator.fact in facts_of_stages %}
        s.kept_{{ indicator.indicator_id }} as {{ indicator.indicator_id }},
        {% else %}
        {{ share("s." + indicator.indicator_id, "kept") if merging else "h." + indicator.fact }}
            as {{ indicator.indicator_id }},
        {% endif %}
        {% endfor %}
        case
            when k.relief_shared_teachers = 'on' and h.zone = 'rural'
                and s.compulsory_pupils >= n.relief_shared_teachers_pupils_from
                and s.compulsory_pupils < n.relief_shared_teachers_pupils_below
                then h.shared_pe_arts_teachers
        end as relief_teachers
    from {{ held }} as h
    join weighed as s on s.county_code = h.county_code and s.school_id = h.school_id
    cross join numbers as n
    cross join choices as k
){{ "," if merging }}

{% if merging %}
stages_received as (
    select
        h.county_code as county_code,
        h.receiver as school_id,
        h.stage as stage,
        {% for indicator in indicators if indicator.measured_by == "stage" %}
        case when count(h.{{ indicator.fact }}) = count(*) then sum(
            h.{{ indicator.fact }}{{ " + coalesce(h.relief_teachers, 0)" if indicator.fact == "pe_arts_teachers" }}
        ) end as {{ indicator.indicator_id }},
        {% endfor %}
        sum(h.pupils) as pupils
    from shared as h
    where h.kept = 0
    group by h.county_code, h.receiver, h.stage
),

shares_received as (
    select
        s.county_code as county_code,
        s.receiver as school_id,
        {% for indicator in indicators if indicator.measured_by == "school" %}
        {% if indicator.fact in facts_of_stages %}
        case when count(s.moved_{{ indicator.indicator_id }}) = count(*)
            then sum(s.moved_{{ indicator.indicator_id }}) end as {{ indicator.indicator_id }},
        {% else %}
        case when count({{ share("s." + indicator.indicator_id, "moved") }}) = count(*)
            then sum({{ share("s." + indicator.indicator_id, "moved") }}) end as {{ indicator.indicator_id }},
        {% endif %}
        {% endfor %}
        sum(
            {% for stage in stages %}
            {{ "+ " if not loop.first }}p.weight_{{ stage }} * s.moved_{{ stage }}
            {% endfor %}
        ) as weighted_pupils
    from weighed as s
    join weighed as p on p.county_code = s.county_code and p.school_id = s.receiver
    group by s.county_code, s.receiver
)

{% endif %}
select
    h.county_code as county_code,
    h.school_id as school_id,
    h.stage as stage,
    h.name as name,
    h.kind as kind,
    h.township_code as township_code,
    h.zone as zone,
    h.central_area as central_area,
    h.ownership as ownership,
    h.sponsor_code as sponsor_code,
    h.reported as reported,
    h.left_out as left_out,
    cast(h.pupils{{ " + coalesce(g.pupils, 0)" if merging }} as decimal(9, 0)) as pupils,
    {% for indicator in indicators %}
    {% if indicator.measured_by == "stage" %}
    cast(
        h.{{ indicator.fact }}{{ " + coalesce(h.relief_teachers, 0)" if indicator.fact == "pe_arts_teachers" }}
        {% if merging %}
        + case when g.school_id is null then 0 else g.{{ indicator.indicator_id }} end
        {% endif %}
        as decimal(18, 4)
    ) as {{ indicator.indicator_id }},
    {% else %}
    cast(
        h.{{ indicator.indicator_id }}
        {% if merging %}
        + case when f.school_id is null then 0 else f.{{ indicator.indicator_id }} end
        {% endif %}
        as decimal(28, 10)
    ) as {{ indicator.indicator_id }},
    {% endif %}
    {% endfor %}
    coalesce(h.relief_teachers > 0, false) as relieved,
    h.weight as weight,
    cast(h.weighted_pupils{{ " + coalesce(f.weighted_pupils, 0)" if merging }} as decimal(14, 2)) as weighted_pupils
from shared as h
{% if merging %}
left join stages_received as g
    on g.county_code = h.county_code and g.school_id = h.school_id and g.stage = h.stage
left join shares_received as f on f.county_code = h.county_code and f.school_id = h.school_id
{% endif %}
where h.stage in ('primary', 'junior')
