-- premises: one row per open school that reported premises: ㎡, yuan, rooms.
select
    s.county_code as county_code,
    p.school_id as school_id,
    p.teaching_area_m2 as teaching_area_m2,
    p.indoor_sports_area_m2 as indoor_sports_area_m2,
    p.sports_ground_area_m2 as sports_ground_area_m2,
    p.equipment_value_yuan as equipment_value_yuan,
    p.multimedia_rooms as multimedia_rooms,
    p.operating_funds_yuan as operating_funds_yuan,
    p.training_budget_yuan as training_budget_yuan
from open_schools as s
join store.premises as p on p.batch_id = s.batch_id and p.school_id = s.school_id
where p.year = $year
