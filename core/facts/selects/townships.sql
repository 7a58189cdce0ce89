-- townships: one row per township of the year.
-- Key: county_code, township_code.
select c.county_code as county_code, t.code as township_code, t.name as name, t.lon as lon, t.lat as lat
from scope_townships as c
join {{ store }}.townships as t on t.batch_id = c.batch_id and t.code = c.township_code
