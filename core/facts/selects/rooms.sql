-- rooms: one row per music or art room of an open school: ㎡.
select s.county_code as county_code, r.school_id as school_id, r.kind as kind, r.area_m2 as area_m2
from open_schools as s
join {{ store }}.special_rooms as r on r.batch_id = s.batch_id and r.school_id = s.school_id
where r.year = $year
