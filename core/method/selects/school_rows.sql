-- school_rows: one row per school and compulsory stage: evaluated, or left out with the first reason that applies.
-- Clause: 资源配置 (which schools count) and the form's note on schools with several stages.
-- For every indicator a column of its name holds the total of its figure: the
-- stage's own where the standard measures by stage, the whole school's where it measures by school; `weight` is the
-- stage's weight and `weighted_pupils` the school's sum of weight × pupils, so that a share is never a quotient.
-- A teaching point that is merged gives each stage to the same stage of its parent, with the stage's share of what the
-- point holds.
-- Key: county_code, school_id, stage.
with school_pupils as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        case when count(r.pupils) = count(*) then sum(r.pupils) end as pupils
    from resources as r
    where r.stage in ('primary', 'junior')
    group by r.county_code, r.school_id
),

judged as (
    select
        r.*,
        case
            when r.state = 'closed' then 'closed'
            when u.reason is not null and (u.pupils_count = 0 or not r.reported or r.pupils = 0) then u.reason
            when r.pupils = 0 then 'no_pupils'
            when r.kind = 'teaching_point' and r.pupils < n.teaching_point_under_50 then 'teaching_point_under_50'
        end as left_out,
        case
            when k.relief_shared_teachers = 'on' and r.zone = 'rural'
                and s.pupils >= n.relief_shared_teachers_pupils_from
                and s.pupils < n.relief_shared_teachers_pupils_below
                then r.shared_pe_arts_teachers
        end as relief_teachers
    from resources as r
    cross join numbers as n
    cross join choices as k
    left join excluded_kinds as u on u.kind = r.kind
    left join school_pupils as s on s.county_code = r.county_code and s.school_id = r.school_id
    where r.stage <> 'preschool' or k.preschool_share = 'shared'
),

mixes as (
    select
        j.county_code as county_code,
        j.school_id as school_id,
        case
            when count(*) = 1 then 'single'
            when max(case when j.stage = 'senior' then 1 else 0 end) = 0 then 'nine_year'
            when max(case when j.stage in ('primary', 'preschool') then 1 else 0 end) = 0 then 'combined_secondary'
            else 'twelve_year'
        end as mix
    from judged as j
    group by j.county_code, j.school_id
),

united as (
    select
        j.*,
        cast(coalesce(w.weight, 1) as decimal(3, 2)) as own_weight,
        case
            when j.left_out = 'teaching_point_under_50' and k.small_teaching_points = 'merge' and parent.school_id is not null
                then j.parent_school_id
            else j.school_id
        end as unit_school_id
    from judged as j
    join mixes as m on m.county_code = j.county_code and m.school_id = j.school_id
    cross join choices as k
    left join weights as w on w.mix = m.mix and w.stage = j.stage
    left join judged as parent
        on
            parent.county_code = j.county_code
            and parent.school_id = j.parent_school_id
            and parent.stage = j.stage
            and parent.stage in ('primary', 'junior')
            and parent.left_out is null
),

unit_mixes as (
    select
        u.county_code as county_code,
        u.unit_school_id as unit_school_id,
        case
            when min(u.stage) = max(u.stage) then 'single'
            when max(case when u.stage = 'senior' then 1 else 0 end) = 0 then 'nine_year'
            when max(case when u.stage in ('primary', 'preschool') then 1 else 0 end) = 0 then 'combined_secondary'
            else 'twelve_year'
        end as mix
    from united as u
    group by u.county_code, u.unit_school_id
),

weighted as (
    select
        u.*,
        cast(coalesce(w.weight, 1) as decimal(3, 2)) as weight
    from united as u
    join unit_mixes as m on m.county_code = u.county_code and m.unit_school_id = u.unit_school_id
    left join weights as w on w.mix = m.mix and w.stage = u.stage
),

stages as (
    select
        w.county_code as county_code,
        w.unit_school_id as school_id,
        w.stage as stage,
        {% for indicator in indicators if indicator.measured_by == "stage" %}
        case when count(w.{{ indicator.fact }}) = count(*) then cast(
            sum(w.{{ indicator.fact }}{{ " + coalesce(w.relief_teachers, 0)" if indicator.fact == "pe_arts_teachers" }})
            as decimal(18, 4)
        ) end as {{ indicator.indicator_id }},
        {% endfor %}
        case when count(w.pupils) = count(*) then cast(sum(w.pupils) as decimal(9, 0)) end as pupils
    from weighted as w
    group by w.county_code, w.unit_school_id, w.stage
),

whole_schools as (
    select
        w.county_code as county_code,
        w.school_id as school_id,
        case when count(w.pupils) = count(*) then sum(w.own_weight * w.pupils) end as weighted_pupils
    from weighted as w
    group by w.county_code, w.school_id
),

school_parts as (
    select
        w.county_code as county_code,
        w.unit_school_id as unit_school_id,
        w.school_id as school_id,
        {% for indicator in indicators if indicator.measured_by == "school" %}
        {% if indicator.fact in facts_of_stages %}
        case when count(w.{{ indicator.fact }}) = count(*) then sum(w.{{ indicator.fact }}) end as {{ indicator.indicator_id }},
        {% else %}
        max(w.{{ indicator.fact }}) as {{ indicator.indicator_id }},
        {% endif %}
        {% endfor %}
        case when count(w.pupils) = count(*) then sum(w.own_weight * w.pupils) end as own_weighted_pupils,
        case when count(w.pupils) = count(*) then sum(w.weight * w.pupils) end as weighted_pupils
    from weighted as w
    group by w.county_code, w.unit_school_id, w.school_id
),

-- What a school gives to a unit: everything, or of a point some of whose stages go elsewhere their share, which is cut to
-- ten decimals.
parts_shared as (
    select
        p.county_code as county_code,
        p.unit_school_id as unit_school_id,
        p.weighted_pupils as weighted_pupils,
        {% for indicator in indicators if indicator.measured_by == "school" %}
        case
            {% if indicator.fact not in facts_of_stages %}
            when p.own_weighted_pupils < s.weighted_pupils
                then cast(
                    cast(p.{{ indicator.indicator_id }} as double) * p.own_weighted_pupils / s.weighted_pupils
                    as decimal(28, 10)
                )
            {% endif %}
            when p.own_weighted_pupils is null or s.weighted_pupils is not null then p.{{ indicator.indicator_id }}
        end as {{ indicator.indicator_id }}{{ "," if not loop.last }}
        {% endfor %}
    from school_parts as p
    join whole_schools as s on s.county_code = p.county_code and s.school_id = p.school_id
),

schools_joined as (
    select
        p.county_code as county_code,
        p.unit_school_id as school_id,
        {% for indicator in indicators if indicator.measured_by == "school" %}
        case when count(p.{{ indicator.indicator_id }}) = count(*)
            then cast(sum(p.{{ indicator.indicator_id }}) as decimal(28, 10)) end as {{ indicator.indicator_id }},
        {% endfor %}
        case when count(p.weighted_pupils) = count(*) then cast(sum(p.weighted_pupils) as decimal(14, 2)) end
            as weighted_pupils
    from parts_shared as p
    group by p.county_code, p.unit_school_id
)

select
    w.county_code as county_code,
    w.school_id as school_id,
    w.stage as stage,
    w.name as name,
    w.kind as kind,
    w.township_code as township_code,
    w.zone as zone,
    w.central_area as central_area,
    w.ownership as ownership,
    w.sponsor_code as sponsor_code,
    w.reported as reported,
    w.left_out as left_out,
    case when w.left_out is null then s.pupils else w.pupils end as pupils,
    {% for indicator in indicators %}
    {{ "s" if indicator.measured_by == "stage" else "p" }}.{{ indicator.indicator_id }} as {{ indicator.indicator_id }},
    {% endfor %}
    coalesce(w.relief_teachers > 0, false) as relieved,
    w.weight as weight,
    p.weighted_pupils as weighted_pupils
from weighted as w
left join stages as s
    on s.county_code = w.county_code and s.school_id = w.school_id and s.stage = w.stage
left join schools_joined as p on p.county_code = w.county_code and p.school_id = w.school_id
where w.stage in ('primary', 'junior')
