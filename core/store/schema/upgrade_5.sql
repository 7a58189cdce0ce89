-- From format 4 to 5: the second edition of the dataset: classes by band, pupils by grade, judgements by school, further
-- columns, stages and groups. Tables whose checks grew are made anew with their rows; class counts are derived anew.
alter table schools add column predecessor_id varchar;

create temporary table kept_premises as select *, null from main.premises;
drop table main.premises;
create table premises (
    batch_id integer,
    school_id varchar,
    year integer,
    teaching_area_m2 decimal(18, 4) check (teaching_area_m2 >= 0),
    indoor_sports_area_m2 decimal(18, 4) check (indoor_sports_area_m2 between 0 and teaching_area_m2),
    sports_ground_area_m2 decimal(18, 4) check (sports_ground_area_m2 >= 0),
    equipment_value_yuan decimal(18, 4) check (equipment_value_yuan >= 0),
    multimedia_rooms decimal(9, 0) check (multimedia_rooms >= 0),
    operating_funds_yuan decimal(18, 4) check (operating_funds_yuan >= 0),
    training_budget_yuan decimal(18, 4) check (training_budget_yuan >= 0),
    leased_sports_area_m2 decimal(18, 4) check (leased_sports_area_m2 >= 0),
    operating_budget_yuan decimal(18, 4) check (operating_budget_yuan >= 0),
    primary key (batch_id, school_id, year),
    foreign key (batch_id, school_id) references schools (batch_id, school_id)
);
insert into premises select * from kept_premises;
drop table kept_premises;

create temporary table kept_enrolment as select * from main.enrolment;
drop table main.enrolment;
create table enrolment (
    batch_id integer,
    school_id varchar,
    year integer,
    stage varchar check (stage in ('primary', 'junior', 'senior', 'preschool')),
    pupils decimal(9, 0) check (pupils >= 0),
    teachers decimal(9, 0) check (teachers >= 0),
    teachers_above_degree decimal(9, 0) check (teachers_above_degree between 0 and teachers),
    backbone_teachers decimal(9, 0) check (backbone_teachers between 0 and teachers),
    pe_arts_teachers decimal(9, 0) check (pe_arts_teachers between 0 and teachers),
    certified_teachers decimal(9, 0) check (certified_teachers between 0 and teachers),
    trained_teachers decimal(9, 0) check (trained_teachers >= 0),
    contract_teachers decimal(9, 0) check (contract_teachers >= 0),
    shared_pe_arts_teachers decimal(9, 0) check (shared_pe_arts_teachers >= 0),
    staff decimal(9, 0) check (staff >= 0),
    migrant_pupils decimal(9, 0) check (migrant_pupils >= 0),
    primary key (batch_id, school_id, year, stage),
    foreign key (batch_id, school_id) references schools (batch_id, school_id)
);
insert into enrolment select * from kept_enrolment;
drop table kept_enrolment;

create temporary table kept_survey as select * from main.survey;
drop table main.survey;
create table survey (
    batch_id integer references batches (batch_id),
    year integer,
    "group" varchar check (
        "group" in ('all', 'parents', 'students', 'teachers', 'heads', 'delegates', 'members', 'others')
    ),
    issued decimal(12, 0) check (issued >= 0),
    valid decimal(12, 0) check (valid >= 0),
    satisfied decimal(12, 0) check (satisfied >= 0),
    visited decimal(12, 0) check (visited >= 0),
    visited_satisfied decimal(12, 0) check (visited_satisfied >= 0),
    primary key (batch_id, year, "group")
);
insert into survey select * from kept_survey;
drop table kept_survey;

create table class_bands (
    batch_id integer,
    school_id varchar not null,
    year integer not null,
    stage varchar not null check (stage in ('primary', 'junior')),
    grade integer check (grade between 1 and 9),
    band varchar not null check (
        band in ('<=25', '26-30', '31-35', '36-40', '41-45', '46-50', '51-55', '56-60', '61-65', '>=66')
    ),
    classes integer not null check (classes >= 0),
    foreign key (batch_id, school_id) references schools (batch_id, school_id)
);

create table grade_enrolment (
    batch_id integer,
    school_id varchar,
    year integer,
    stage varchar check (stage in ('primary', 'junior')),
    grade integer check (grade between 1 and 9),
    pupils integer check (pupils >= 0),
    primary key (batch_id, school_id, year, stage, grade),
    foreign key (batch_id, school_id) references schools (batch_id, school_id)
);

create table school_judgements (
    batch_id integer,
    school_id varchar,
    year integer,
    item varchar,
    status varchar check (status in ('met', 'not_met')),
    document varchar,
    document_date date,
    note varchar,
    primary key (batch_id, school_id, year, item),
    foreign key (batch_id, school_id) references schools (batch_id, school_id)
);

drop table class_counts;
create table class_counts (
    batch_id integer,
    school_id varchar,
    year integer,
    stage varchar,
    classes integer not null,
    largest integer not null,
    largest_at_most integer,
    over_limit integer not null,
    unsure integer not null,
    large integer not null,
    oversized integer not null,
    super_oversized integer not null,
    primary key (batch_id, school_id, year, stage)
);

update store_format set rules_fingerprint = 'to be derived anew';
