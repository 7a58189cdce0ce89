-- scope_county: one row per year: the batch whose county sheets count.
-- Key: county_code, year.
select c.county_code as county_code, c.year as year, c.batch_id as batch_id
from {{ store }}.current_county_sheets as c
where c.county_code = $county
