-- From format 6 to 7: documents with number, date and month and their confirmation, persons, amendments of the plan,
-- the county's stage, the money of projects, registers of what the plan names without listing it.
alter table evidence_documents add column month integer;
alter table evidence_documents add column document_number varchar;
alter table evidence_documents add column document_date date;
alter table confirmations add column rests_on varchar;
alter table county_files add column counts_from date;

create temporary table kept_projects as select *, null, null, null, null from main.projects;
create temporary table kept_slots as select * from main.project_slots;
drop table main.project_slots;
drop table main.projects;
create table projects (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    project_id varchar not null check (project_id <> ''),
    township_code varchar check (length(township_code) = 9),
    school_id varchar,
    places integer check (places >= 0),
    teaching_area_m2 decimal(18, 4) check (teaching_area_m2 >= 0),
    sports_area_m2 decimal(18, 4) check (sports_area_m2 >= 0),
    rooms integer check (rooms >= 0),
    progress integer check (progress between 0 and 100),
    planned_start date,
    planned_completion date,
    forecast_completion date,
    actual_completion date,
    lon decimal(9, 6),
    lat decimal(9, 6),
    tendered_on date,
    contract_on date,
    contract_yuan decimal(18, 2),
    accepted_on date
);
insert into projects select * from kept_projects;
create table project_slots (
    number integer references projects (number),
    slot_id varchar,
    content varchar not null check (content <> ''),
    primary key (number, slot_id)
);
insert into project_slots select * from kept_slots;
drop table kept_slots;
drop table kept_projects;

-- What a second person found of a filed document; a later entry of the document begins anew.
create table evidence_reviews (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null check (note <> ''),
    evidence_number integer not null references evidence_documents (number),
    confirmed boolean not null
);

-- Who answers by name for a sub-item, project, issue or decision, or is a unit's contact; the latest row counts.
create table responsible_persons (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    subject varchar not null check (subject <> ''),
    township_code varchar check (length(township_code) = 9),
    person varchar not null check (person <> ''),
    post varchar not null,
    phone varchar not null,
    person_id varchar not null
);

-- What the office changed of the plan: an entry of the file as it now reads (JSON), or none where it was taken out.
create table plan_amendments (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null check (note <> ''),
    section varchar not null,
    entry_id varchar not null check (entry_id <> ''),
    entry varchar,
    rests_on varchar not null check (rests_on <> ''),
    plan_file integer not null
);

-- Where the county stands with its recognition, from a day on.
create table county_stages (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    stage varchar not null check (stage in ('creating', 'declared', 'recognised')),
    document varchar not null
);

-- Money of a project by source, in yuan, as it stands on a day; the latest row of a project and source counts.
create table project_funds (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    project_id varchar not null check (project_id <> ''),
    source varchar not null check (source in ('central', 'province', 'city', 'county', 'bonds', 'other')),
    planned_yuan decimal(18, 2) check (planned_yuan >= 0),
    allocated_yuan decimal(18, 2) check (allocated_yuan >= 0),
    received_yuan decimal(18, 2) check (received_yuan >= 0),
    paid_yuan decimal(18, 2) check (paid_yuan >= 0)
);

-- What the plan names without listing it: clusters, entrusted schools, schools kept for good, changes of the layout,
-- the eight programmes, the five centres; the latest row of an entry counts, a withdrawn one no longer.
create table register_entries (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    register varchar not null check (
        register in ('cluster', 'entrusted', 'kept', 'layout', 'programme', 'centre')
    ),
    entry_id varchar not null check (entry_id <> ''),
    name varchar not null check (name <> ''),
    school_ids varchar[] not null,
    supporting_school_id varchar,
    unit_id varchar,
    since date,
    until date,
    content varchar not null,
    withdrawn boolean not null
);
