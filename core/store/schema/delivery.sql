-- What people write about carrying out the plan. Rows are only ever added; the latest row up to a day is the
-- present. Every row says who wrote it, whether a login vouches for the name, when, and the day it happened.
create sequence record_numbers;

-- How far a unit reports to be with a sub-item; a township writes under the unit standing for all townships.
create table sub_item_updates (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    sub_item_id varchar not null,
    unit_id varchar not null,
    township_code varchar check (length(township_code) = 9),
    status varchar not null check (status in ('not_started', 'on_track', 'risk', 'late', 'done')),
    progress integer check (progress between 0 and 100),
    forecast_date date,
    evidence_link varchar not null,
    path_to_green varchar not null,
    check (status not in ('risk', 'late') or path_to_green <> '')
);

-- Who leads a sub-item and by when, confirmed as the plan presumes or changed.
create table confirmations (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    sub_item_id varchar not null,
    lead_unit_id varchar not null,
    due date not null
);

-- Decisions of the leading group; a later row of the same decision_id says how it stands.
create table decisions (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    decision_id varchar not null check (decision_id <> ''),
    decision varchar not null check (decision <> ''),
    owner_unit_id varchar not null,
    due date,
    status varchar not null check (status in ('open', 'in_progress', 'done', 'cancelled'))
);

-- The documents that an item or a sub-item requires, per year: filed, by whom, or missing.
create table evidence_documents (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    subject varchar not null,
    township_code varchar check (length(township_code) = 9),
    title varchar not null check (title <> ''),
    year integer not null,
    holder_unit_id varchar not null,
    state varchar not null check (state in ('filed', 'missing'))
);

-- One row per version of a project; the latest version up to a day is the project.
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
    lat decimal(9, 6)
);

-- The filled slots of a project's version (六个一); a slot without a row is blank.
create table project_slots (
    number integer references projects (number),
    slot_id varchar,
    content varchar not null check (content <> ''),
    primary key (number, slot_id)
);

create table ledger_issues (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    subject varchar not null check (subject <> ''),
    title varchar not null check (title <> ''),
    basis varchar not null check (basis <> ''),
    township_code varchar check (length(township_code) = 9),
    school_ids varchar[] not null
);

-- What was done about an issue, in the order of the plan's ledger steps.
create table ledger_steps (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    issue_number integer not null references ledger_issues (number),
    step_id varchar not null,
    unit_id varchar,
    person varchar not null,
    due date,
    measures varchar not null,
    progress varchar not null,
    evidence varchar not null,
    passed boolean,
    without_metric boolean not null,
    check (not without_metric or note <> '')
);
