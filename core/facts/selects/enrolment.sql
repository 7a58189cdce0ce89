-- enrolment: one row per open school and reported stage: persons on 1 September.
-- Key: county_code, school_id, stage.
select
    s.county_code as county_code,
    e.school_id as school_id,
    e.stage as stage,
    {% for fact in stage_facts %}
    e.{{ fact }} as {{ fact }}{{ "," if not loop.last }}
    {% endfor %}
from open_schools as s
join {{ store }}.enrolment as e on e.batch_id = s.batch_id and e.school_id = s.school_id
where e.year = $year
