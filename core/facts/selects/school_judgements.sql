-- school_judgements: one row per open school and item that was judged of it; a document of a later day than asked is not
-- there yet, and a school that nobody judged has no row.
-- Key: county_code, school_id, item.
select s.county_code as county_code, j.school_id as school_id, j.item as item, j.status as status
from open_schools as s
join {{ store }}.school_judgements as j on j.batch_id = s.batch_id and j.school_id = s.school_id
where
    j.year = $year
    and j.status is not null
    and (j.document_date is null or j.document_date <= $as_of)
