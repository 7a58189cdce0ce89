-- judgements: one row per judged item of the year.
select c.county_code as county_code, j.item as item, j.status as status
from scope_county as c
join store.judgements as j on j.batch_id = c.batch_id and j.year = c.year
where c.year = $year
