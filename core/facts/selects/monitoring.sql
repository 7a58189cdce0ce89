-- monitoring: one row per grade and subject with a result up to the year.
-- Key: county_code, grade, subject, years_ago.
select
    c.county_code as county_code,
    $year - m.year as years_ago,
    m.grade as grade,
    m.subject as subject,
    m.level as level,
    m.between_school_rate as between_school_rate
from scope_county as c
join {{ store }}.monitoring as m on m.batch_id = c.batch_id and m.year = c.year
where m.year <= $year
