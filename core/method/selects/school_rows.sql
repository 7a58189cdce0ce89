-- school_rows: one row per school and compulsory stage: evaluated, or left out with the first reason that applies.
-- Clause: 资源配置 (which schools count) and the form's note on schools with several stages.
-- Row: county_code, school_id, stage. Teacher facts are the stage's own; school facts are whole, `weight` is the
-- stage's weight and `weighted_pupils` the school's sum of weight × pupils, so that a share is never a quotient.
with judged as (
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
        r.parent_school_id as parent_school_id,
        r.reported as reported,
        r.pupils as pupils,
        r.teachers_above_degree as teachers_above_degree,
        r.backbone_teachers as backbone_teachers,
        r.pe_arts_teachers as pe_arts_teachers,
        r.shared_pe_arts_teachers as shared_pe_arts_teachers,
        r.teaching_area_net_m2 as teaching_area_net_m2,
        r.sports_area_m2 as sports_area_m2,
        r.equipment_value_yuan as equipment_value_yuan,
        r.multimedia_rooms as multimedia_rooms,
        case
            when r.state = 'closed' then 'closed'
            when r.kind = 'special' then 'special'
            when r.kind = 'vocational' then 'vocational'
            when r.pupils = 0 then 'no_pupils'
            when r.kind = 'teaching_point' and r.pupils < n.teaching_point_under_50 then 'teaching_point_under_50'
        end as left_out
    from resources as r
    cross join numbers as n
),

mixes as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        case
            when count(*) = 1 then 'single'
            when max(case when r.stage = 'senior' then 1 else 0 end) = 0 then 'nine_year'
            when max(case when r.stage = 'primary' then 1 else 0 end) = 0 then 'combined_secondary'
            else 'twelve_year'
        end as mix
    from resources as r
    group by r.county_code, r.school_id
),

weighted as (
    select
        j.*,
        cast(coalesce(w.weight, 1) as decimal(3, 2)) as weight,
        case
            when j.left_out = 'teaching_point_under_50' and k.small_teaching_points = 'merge' and parent.school_id is not null
                then j.parent_school_id
            else j.school_id
        end as unit_school_id
    from judged as j
    join mixes as m on m.county_code = j.county_code and m.school_id = j.school_id
    cross join choices as k
    left join weights as w on w.mix = m.mix and w.stage = j.stage
    left join judged as parent
        on
            parent.county_code = j.county_code
            and parent.school_id = j.parent_school_id
            and parent.stage = j.stage
            and parent.left_out is null
),

stages as (
    select
        w.county_code as county_code,
        w.unit_school_id as school_id,
        w.stage as stage,
        case when count(w.pupils) = count(*) then cast(sum(w.pupils) as decimal(9, 0)) end as pupils,
        case when count(w.teachers_above_degree) = count(*) then cast(sum(w.teachers_above_degree) as decimal(18, 4)) end
            as teachers_above_degree,
        case when count(w.backbone_teachers) = count(*) then cast(sum(w.backbone_teachers) as decimal(18, 4)) end
            as backbone_teachers,
        case when count(w.pe_arts_teachers) = count(*) then cast(sum(w.pe_arts_teachers) as decimal(18, 4)) end
            as pe_arts_teachers
    from weighted as w
    group by w.county_code, w.unit_school_id, w.stage
),

school_parts as (
    select
        w.county_code as county_code,
        w.unit_school_id as unit_school_id,
        w.school_id as school_id,
        case when count(w.pupils) = count(*) then sum(w.weight * w.pupils) end as weighted_pupils,
        max(w.teaching_area_net_m2) as teaching_area_net_m2,
        max(w.sports_area_m2) as sports_area_m2,
        max(w.equipment_value_yuan) as equipment_value_yuan,
        max(w.multimedia_rooms) as multimedia_rooms
    from weighted as w
    group by w.county_code, w.unit_school_id, w.school_id
),

premises_shared as (
    select
        p.county_code as county_code,
        p.unit_school_id as school_id,
        case when count(p.weighted_pupils) = count(*) then cast(sum(p.weighted_pupils) as decimal(14, 2)) end
            as weighted_pupils,
        case when count(p.teaching_area_net_m2) = count(*) then cast(sum(p.teaching_area_net_m2) as decimal(18, 4)) end
            as teaching_area_net_m2,
        case when count(p.sports_area_m2) = count(*) then cast(sum(p.sports_area_m2) as decimal(18, 4)) end
            as sports_area_m2,
        case when count(p.equipment_value_yuan) = count(*) then cast(sum(p.equipment_value_yuan) as decimal(18, 4)) end
            as equipment_value_yuan,
        case when count(p.multimedia_rooms) = count(*) then cast(sum(p.multimedia_rooms) as decimal(18, 4)) end
            as multimedia_rooms
    from school_parts as p
    group by p.county_code, p.unit_school_id
)

select
    w.county_code as county_code,
    w.school_id as school_id,
    w.stage as stage,
    w.name as name,
    w.kind as kind,
    w.township_code as township_code,
    w.zone as zone,
    w.central_area as central_area,
    w.ownership as ownership,
    w.sponsor_code as sponsor_code,
    w.reported as reported,
    w.left_out as left_out,
    case when w.left_out is null then s.pupils else w.pupils end as pupils,
    s.teachers_above_degree as teachers_above_degree,
    s.backbone_teachers as backbone_teachers,
    case
        when k.relief_shared_teachers = 'on' and w.zone = 'rural' and w.pupils >= n.relief_shared_teachers_pupils_from
            and w.pupils < n.relief_shared_teachers_pupils_below
            then cast(s.pe_arts_teachers + coalesce(w.shared_pe_arts_teachers, 0) as decimal(18, 4))
        else s.pe_arts_teachers
    end as pe_arts_teachers,
    k.relief_shared_teachers = 'on' and w.zone = 'rural' and w.pupils >= n.relief_shared_teachers_pupils_from
    and w.pupils < n.relief_shared_teachers_pupils_below and w.shared_pe_arts_teachers > 0 as relieved,
    w.weight as weight,
    p.weighted_pupils as weighted_pupils,
    p.teaching_area_net_m2 as teaching_area_net_m2,
    p.sports_area_m2 as sports_area_m2,
    p.equipment_value_yuan as equipment_value_yuan,
    p.multimedia_rooms as multimedia_rooms
from weighted as w
left join stages as s
    on s.county_code = w.county_code and s.school_id = w.school_id and s.stage = w.stage
left join premises_shared as p on p.county_code = w.county_code and p.school_id = w.school_id
cross join numbers as n
cross join choices as k
where w.stage in ('primary', 'junior')
