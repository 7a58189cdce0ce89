-- enrolment: one row per open school and reported stage: persons on 1 September.
select
    s.county_code as county_code,
    e.school_id as school_id,
    e.stage as stage,
    e.pupils as pupils,
    e.teachers as teachers,
    e.teachers_above_degree as teachers_above_degree,
    e.backbone_teachers as backbone_teachers,
    e.pe_arts_teachers as pe_arts_teachers,
    e.certified_teachers as certified_teachers,
    e.trained_teachers as trained_teachers,
    e.contract_teachers as contract_teachers,
    e.shared_pe_arts_teachers as shared_pe_arts_teachers,
    e.migrant_pupils as migrant_pupils
from open_schools as s
join store.enrolment as e on e.batch_id = s.batch_id and e.school_id = s.school_id
where e.year = $year
