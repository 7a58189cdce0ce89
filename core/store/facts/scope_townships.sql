-- scope_townships: one row per township: the batch that counts for it in the year.
select c.county_code as county_code, c.township_code as township_code, c.batch_id as batch_id
from store.current_coverage as c
where c.year = $year and c.county_code = $county
