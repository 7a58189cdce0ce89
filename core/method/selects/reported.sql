-- reported: one row per school and stage of the year, open or closed, as its figures were reported.
-- Units: persons, ㎡, yuan, rooms. An open school stands with every stage of
-- its kind, reported or not (of some kinds with those it reports). No change touches this relation.
-- Key: county_code, school_id, stage.
with reporting as (
    select distinct e.county_code as county_code, e.school_id as school_id
    from enrolment as e
),

listed as (
    select s.county_code as county_code, s.school_id as school_id, k.stage as stage
    from schools as s
    join kind_stages as k on k.kind = s.kind
    where k.as_reported = 0 or s.state = 'closed'
    union all
    select s.county_code as county_code, s.school_id as school_id, k.stage as stage
    from schools as s
    join kind_stages as k on k.kind = s.kind
    left join reporting as r on r.county_code = s.county_code and r.school_id = s.school_id
    where k.as_reported = 1 and s.state <> 'closed' and r.school_id is null
),

stages as (
    select
        coalesce(l.county_code, e.county_code) as county_code,
        coalesce(l.school_id, e.school_id) as school_id,
        coalesce(l.stage, e.stage) as stage,
        e.school_id is not null as reported,
        {% for fact in stage_facts %}
        e.{{ fact }} as {{ fact }}{{ "," if not loop.last }}
        {% endfor %}
    from listed as l
    full join enrolment as e
        on e.county_code = l.county_code and e.school_id = l.school_id and e.stage = l.stage
)

select
    l.county_code as county_code,
    l.school_id as school_id,
    l.stage as stage,
    s.name as name,
    s.kind as kind,
    s.township_code as township_code,
    s.zone as zone,
    s.central_area as central_area,
    s.ownership as ownership,
    s.sponsor_code as sponsor_code,
    s.built_year as built_year,
    s.parent_school_id as parent_school_id,
    s.permanent as permanent,
    s.state as state,
    l.reported as reported,
    {% for fact in stage_facts %}
    l.{{ fact }} as {{ fact }},
    {% endfor %}
    {% for fact in school_facts %}
    p.{{ fact }} as {{ fact }}{{ "," if not loop.last }}
    {% endfor %}
from stages as l
join schools as s on s.county_code = l.county_code and s.school_id = l.school_id
left join premises as p on p.county_code = l.county_code and p.school_id = l.school_id
