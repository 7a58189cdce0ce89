-- figures: one row per county figure of the year.
-- Key: county_code, figure.
select c.county_code as county_code, f.figure as figure, f.value as value
from scope_county as c
join {{ store }}.county_figures as f on f.batch_id = c.batch_id and f.year = c.year
where c.year = $year
