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
    due date not null,
    rests_on varchar
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

-- The documents that an item or a sub-item requires, per year (of a monthly one per month): filed, by whom, or missing.
-- A document is more than its title: without its number and date an entry proves nothing.
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
    state varchar not null check (state in ('filed', 'missing')),
    month integer,
    document_number varchar,
    document_date date,
    pages integer
);

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
    lat decimal(9, 6),
    tendered_on date,
    contract_on date,
    contract_yuan decimal(18, 2),
    accepted_on date
);

-- The filled slots of a project's version (六个一); a slot without a row is blank.
create table project_slots (
    number integer references projects (number),
    slot_id varchar,
    content varchar not null check (content <> ''),
    primary key (number, slot_id)
);

-- A problem, where it was found, and what that says of it: a visit's number, a sub-item's or an item's code.
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
    school_ids varchar[] not null,
    source varchar not null check (
        source in ('figures', 'inspection', 'visit', 'mock_evaluation', 'complaint', 'overdue', 'unknown', 'other')
    ),
    source_id varchar not null
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
    school_id varchar,
    check (not without_metric or note <> ''),
    check (unit_id is null or school_id is null)
);

-- What a responsible inspector saw at a school; the problems found stand on the ledger.
create table visits (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    school_id varchar not null check (school_id <> ''),
    topics varchar[] not null,
    observed varchar not null check (observed <> ''),
    response varchar not null
);

-- Letters to units and schools; a later row of the same letter_id says how it reads and stands. The program issues none.
create table letters (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    letter_id varchar not null check (letter_id <> ''),
    kind varchar not null check (kind <> ''),
    unit_id varchar,
    township_code varchar check (length(township_code) = 9),
    school_id varchar,
    recipient varchar not null,
    matters varchar[] not null,
    title varchar not null check (title <> ''),
    content varchar not null check (content <> ''),
    state varchar not null check (state in ('draft', 'issued', 'received', 'answered', 'withdrawn')),
    document_number varchar not null,
    signer varchar not null,
    issued_on date,
    reply_by date,
    received_by varchar not null,
    received_on date,
    check ((unit_id is null) <> (school_id is null)),
    check (state in ('draft', 'withdrawn') or (document_number <> '' and signer <> '' and issued_on is not null))
);

-- Files attached to what was written; the content is kept once under its hash in the folder beside the data file.
create table attachments (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    record_kind varchar not null check (record_kind in ('issue', 'step', 'document', 'visit', 'letter')),
    record_number integer not null,
    name varchar not null check (name <> ''),
    media_type varchar not null check (media_type <> ''),
    size_bytes bigint not null check (size_bytes > 0),
    sha256 varchar not null check (length(sha256) = 64)
);

-- Drafts of the self-evaluation report as they were kept: `figures` is what each stated, as JSON [[key, name, value], …].
create table report_drafts (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    year integer not null,
    batches varchar not null,
    standard_id varchar not null check (standard_id <> ''),
    figures varchar not null check (figures <> '')
);

-- What a page stated when somebody pinned it: whose figures, on what day, from which batches, by which rules.
create table pins (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    year integer not null,
    address varchar not null check (address <> ''),
    about_kind varchar not null check (about_kind in ('county', 'school', 'township', 'unit')),
    about_id varchar not null check (about_id <> ''),
    facts_version integer not null,
    batches varchar not null,
    standard_id varchar not null check (standard_id <> ''),
    figures varchar not null check (figures <> '')
);
