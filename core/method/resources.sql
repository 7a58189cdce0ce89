-- resources: one row per school and stage of the year, open or closed, with changes laid over the facts.
-- Row: county_code, school_id, stage. Units: persons, ㎡, yuan, rooms. An open school stands with every stage of
-- its kind, reported or not
-- (a special school with those it reports); a figure that was not reported stays null whatever is added to it.
with listed as (
    select
        s.county_code as county_code,
        s.school_id as school_id,
        k.stage as stage
    from schools as s
    join kind_stages as k on k.kind = s.kind
    where
        s.kind <> 'special'
        or s.state = 'closed'
        or s.school_id not in (select e.school_id from enrolment as e where e.county_code = s.county_code)
    union
    select
        e.county_code as county_code,
        e.school_id as school_id,
        e.stage as stage
    from enrolment as e
),

stage_changes as (
    select
        c.county_code as county_code,
        c.school_id as school_id,
        c.stage as stage,
        max(case when c.fact = 'pupils' and c.operation = 'set' then c.amount end) as pupils_set,
        sum(case when c.fact = 'pupils' and c.operation = 'add' then c.amount else 0 end) as pupils_added,
        max(case when c.fact = 'teachers' and c.operation = 'set' then c.amount end) as teachers_set,
        sum(case when c.fact = 'teachers' and c.operation = 'add' then c.amount else 0 end) as teachers_added,
        max(case when c.fact = 'teachers_above_degree' and c.operation = 'set' then c.amount end) as above_degree_set,
        sum(case when c.fact = 'teachers_above_degree' and c.operation = 'add' then c.amount else 0 end)
            as above_degree_added,
        max(case when c.fact = 'backbone_teachers' and c.operation = 'set' then c.amount end) as backbone_set,
        sum(case when c.fact = 'backbone_teachers' and c.operation = 'add' then c.amount else 0 end) as backbone_added,
        max(case when c.fact = 'pe_arts_teachers' and c.operation = 'set' then c.amount end) as pe_arts_set,
        sum(case when c.fact = 'pe_arts_teachers' and c.operation = 'add' then c.amount else 0 end) as pe_arts_added
    from changes as c
    where c.stage is not null
    group by c.county_code, c.school_id, c.stage
),

school_changes as (
    select
        c.county_code as county_code,
        c.school_id as school_id,
        max(case when c.fact = 'teaching_area_m2' and c.operation = 'set' then c.amount end) as teaching_set,
        sum(case when c.fact = 'teaching_area_m2' and c.operation = 'add' then c.amount else 0 end) as teaching_added,
        max(case when c.fact = 'indoor_sports_area_m2' and c.operation = 'set' then c.amount end) as indoor_set,
        sum(case when c.fact = 'indoor_sports_area_m2' and c.operation = 'add' then c.amount else 0 end)
            as indoor_added,
        max(case when c.fact = 'sports_ground_area_m2' and c.operation = 'set' then c.amount end) as ground_set,
        sum(case when c.fact = 'sports_ground_area_m2' and c.operation = 'add' then c.amount else 0 end)
            as ground_added,
        max(case when c.fact = 'equipment_value_yuan' and c.operation = 'set' then c.amount end) as equipment_set,
        sum(case when c.fact = 'equipment_value_yuan' and c.operation = 'add' then c.amount else 0 end)
            as equipment_added,
        max(case when c.fact = 'multimedia_rooms' and c.operation = 'set' then c.amount end) as multimedia_set,
        sum(case when c.fact = 'multimedia_rooms' and c.operation = 'add' then c.amount else 0 end)
            as multimedia_added
    from changes as c
    where c.stage is null
    group by c.county_code, c.school_id
),

changed as (
    select
        l.county_code as county_code,
        l.school_id as school_id,
        l.stage as stage,
        s.name as name,
        s.kind as kind,
        s.township_code as township_code,
        s.zone as zone,
        s.central_area as central_area,
        s.ownership as ownership,
        s.sponsor_code as sponsor_code,
        s.built_year as built_year,
        s.parent_school_id as parent_school_id,
        s.state as state,
        e.school_id is not null as reported,
        coalesce(sc.pupils_set, e.pupils) + coalesce(sc.pupils_added, 0) as pupils,
        coalesce(sc.teachers_set, e.teachers) + coalesce(sc.teachers_added, 0) as teachers,
        coalesce(sc.above_degree_set, e.teachers_above_degree) + coalesce(sc.above_degree_added, 0)
            as teachers_above_degree,
        coalesce(sc.backbone_set, e.backbone_teachers) + coalesce(sc.backbone_added, 0) as backbone_teachers,
        coalesce(sc.pe_arts_set, e.pe_arts_teachers) + coalesce(sc.pe_arts_added, 0) as pe_arts_teachers,
        e.shared_pe_arts_teachers as shared_pe_arts_teachers,
        e.certified_teachers as certified_teachers,
        e.trained_teachers as trained_teachers,
        e.contract_teachers as contract_teachers,
        e.migrant_pupils as migrant_pupils,
        coalesce(pc.teaching_set, p.teaching_area_m2) + coalesce(pc.teaching_added, 0) as teaching_area_m2,
        coalesce(pc.indoor_set, p.indoor_sports_area_m2) + coalesce(pc.indoor_added, 0) as indoor_sports_area_m2,
        coalesce(pc.ground_set, p.sports_ground_area_m2) + coalesce(pc.ground_added, 0) as sports_ground_area_m2,
        coalesce(pc.equipment_set, p.equipment_value_yuan) + coalesce(pc.equipment_added, 0) as equipment_value_yuan,
        coalesce(pc.multimedia_set, p.multimedia_rooms) + coalesce(pc.multimedia_added, 0) as multimedia_rooms,
        p.operating_funds_yuan as operating_funds_yuan,
        p.training_budget_yuan as training_budget_yuan
    from listed as l
    join schools as s on s.county_code = l.county_code and s.school_id = l.school_id
    left join enrolment as e
        on e.county_code = l.county_code and e.school_id = l.school_id and e.stage = l.stage
    left join premises as p on p.county_code = l.county_code and p.school_id = l.school_id
    left join stage_changes as sc
        on sc.county_code = l.county_code and sc.school_id = l.school_id and sc.stage = l.stage
    left join school_changes as pc on pc.county_code = l.county_code and pc.school_id = l.school_id
)

select
    c.*,
    cast(c.teaching_area_m2 - c.indoor_sports_area_m2 as decimal(18, 4)) as teaching_area_net_m2,
    cast(c.sports_ground_area_m2 + c.indoor_sports_area_m2 as decimal(18, 4)) as sports_area_m2
from changed as c
