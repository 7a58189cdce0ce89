-- open_schools: one row per school open in the year, with the batch that reports it.
-- Key: county_code, school_id.
select s.county_code as county_code, s.school_id as school_id, s.batch_id as batch_id
from schools as s
where s.state = 'open'
