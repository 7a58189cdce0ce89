-- resources: one row per school and stage of the year, open or closed, with changes laid over the reported figures.
-- Row: county_code, school_id, stage. Units: persons, ㎡, yuan, rooms. A changed stage or school brings all of its
-- figures anew; a figure that was not reported stays null whatever is added to it.
with listed as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        r.stage as stage,
        r.name as name,
        r.kind as kind,
        r.township_code as township_code,
        r.zone as zone,
        r.central_area as central_area,
        r.ownership as ownership,
        r.sponsor_code as sponsor_code,
        r.built_year as built_year,
        r.parent_school_id as parent_school_id,
        r.state as state,
        r.reported as reported,
        r.pupils as pupils,
        r.teachers as teachers,
        r.teachers_above_degree as teachers_above_degree,
        r.backbone_teachers as backbone_teachers,
        r.pe_arts_teachers as pe_arts_teachers,
        r.certified_teachers as certified_teachers,
        r.trained_teachers as trained_teachers,
        r.shared_pe_arts_teachers as shared_pe_arts_teachers,
        r.migrant_pupils as migrant_pupils,
        r.teaching_area_m2 as teaching_area_m2,
        r.indoor_sports_area_m2 as indoor_sports_area_m2,
        r.sports_ground_area_m2 as sports_ground_area_m2,
        r.equipment_value_yuan as equipment_value_yuan,
        r.multimedia_rooms as multimedia_rooms,
        r.operating_funds_yuan as operating_funds_yuan,
        r.training_budget_yuan as training_budget_yuan
    from reported as r
    union all
    select
        a.county_code as county_code,
        a.school_id as school_id,
        a.stage as stage,
        a.name as name,
        a.kind as kind,
        a.township_code as township_code,
        a.zone as zone,
        a.central_area as central_area,
        a.ownership as ownership,
        a.sponsor_code as sponsor_code,
        a.built_year as built_year,
        null as parent_school_id,
        'open' as state,
        true as reported,
        null as pupils,
        null as teachers,
        null as teachers_above_degree,
        null as backbone_teachers,
        null as pe_arts_teachers,
        null as certified_teachers,
        null as trained_teachers,
        null as shared_pe_arts_teachers,
        null as migrant_pupils,
        null as teaching_area_m2,
        null as indoor_sports_area_m2,
        null as sports_ground_area_m2,
        null as equipment_value_yuan,
        null as multimedia_rooms,
        null as operating_funds_yuan,
        null as training_budget_yuan
    from added_schools as a
),

changed as (
    select
        l.county_code as county_code,
        l.school_id as school_id,
        l.stage as stage,
        l.name as name,
        l.kind as kind,
        l.township_code as township_code,
        l.zone as zone,
        l.central_area as central_area,
        l.ownership as ownership,
        l.sponsor_code as sponsor_code,
        l.built_year as built_year,
        l.parent_school_id as parent_school_id,
        case when x.school_id is not null then 'closed' else l.state end as state,
        l.reported as reported,
        case when e.school_id is not null then e.pupils else l.pupils end as pupils,
        case when e.school_id is not null then e.teachers else l.teachers end as teachers,
        case when e.school_id is not null then e.teachers_above_degree else l.teachers_above_degree end
            as teachers_above_degree,
        case when e.school_id is not null then e.backbone_teachers else l.backbone_teachers end as backbone_teachers,
        case when e.school_id is not null then e.pe_arts_teachers else l.pe_arts_teachers end as pe_arts_teachers,
        case when e.school_id is not null then e.certified_teachers else l.certified_teachers end
            as certified_teachers,
        case when e.school_id is not null then e.trained_teachers else l.trained_teachers end as trained_teachers,
        l.shared_pe_arts_teachers as shared_pe_arts_teachers,
        l.migrant_pupils as migrant_pupils,
        case when p.school_id is not null then p.teaching_area_m2 else l.teaching_area_m2 end as teaching_area_m2,
        case when p.school_id is not null then p.indoor_sports_area_m2 else l.indoor_sports_area_m2 end
            as indoor_sports_area_m2,
        case when p.school_id is not null then p.sports_ground_area_m2 else l.sports_ground_area_m2 end
            as sports_ground_area_m2,
        case when p.school_id is not null then p.equipment_value_yuan else l.equipment_value_yuan end
            as equipment_value_yuan,
        case when p.school_id is not null then p.multimedia_rooms else l.multimedia_rooms end as multimedia_rooms,
        case when p.school_id is not null then p.operating_funds_yuan else l.operating_funds_yuan end
            as operating_funds_yuan,
        case when p.school_id is not null then p.training_budget_yuan else l.training_budget_yuan end
            as training_budget_yuan
    from listed as l
    left join changed_stages as e
        on e.county_code = l.county_code and e.school_id = l.school_id and e.stage = l.stage
    left join changed_premises as p on p.county_code = l.county_code and p.school_id = l.school_id
    left join closed_schools as x on x.county_code = l.county_code and x.school_id = l.school_id
)

select
    c.*,
    cast(c.teaching_area_m2 - c.indoor_sports_area_m2 as decimal(18, 4)) as teaching_area_net_m2,
    cast(c.sports_ground_area_m2 + c.indoor_sports_area_m2 as decimal(18, 4)) as sports_area_m2
from changed as c
