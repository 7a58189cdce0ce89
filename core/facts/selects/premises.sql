-- premises: one row per open school that reported premises: ㎡, yuan, rooms.
-- Key: county_code, school_id.
select
    s.county_code as county_code,
    p.school_id as school_id,
    {% for fact in school_facts %}
    p.{{ fact }} as {{ fact }}{{ "," if not loop.last }}
    {% endfor %}
from open_schools as s
join {{ store }}.premises as p on p.batch_id = s.batch_id and p.school_id = s.school_id
where p.year = $year
