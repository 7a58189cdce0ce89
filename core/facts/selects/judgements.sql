-- judgements: one row per judged item of the year; a document of a later day than asked is not there yet.
-- Key: county_code, item.
select c.county_code as county_code, j.item as item, j.status as status
from scope_county as c
join {{ store }}.judgements as j on j.batch_id = c.batch_id and j.year = c.year
where c.year = $year and (j.document_date is null or j.document_date <= $as_of)
