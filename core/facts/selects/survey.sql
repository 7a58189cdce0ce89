-- survey: one row per surveyed group of the year.
-- Key: county_code, survey_group.
select
    c.county_code as county_code,
    v."group" as survey_group,
    v.valid as valid,
    v.satisfied as satisfied
from scope_county as c
join {{ store }}.survey as v on v.batch_id = c.batch_id and v.year = c.year
where c.year = $year
