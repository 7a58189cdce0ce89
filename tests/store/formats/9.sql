-- The store. Facts come in as batches and are never changed; publishing only says which batch counts.
create table store_format (version integer not null, rules_fingerprint varchar not null);

create table codes (list varchar, code varchar, name varchar not null, unit varchar not null, primary key (list, code));

create sequence batch_numbers;
create table batches (
    batch_id integer primary key default nextval('batch_numbers'),
    county_code varchar not null check (length(county_code) = 6),
    source_name varchar not null,
    sha256 varchar not null,
    actor varchar not null check (actor <> ''),
    loaded_at timestamp not null,
    note varchar not null,
    is_demo boolean not null,
    whole_county boolean not null,
    -- The facts version from which the batch was copied, as a correction is; null when it stands alone.
    base_facts_version integer
);

-- What a batch covers: these townships in these school years, and the county's own sheets in these years.
create table batch_coverage (
    batch_id integer references batches (batch_id),
    township_code varchar,
    year integer,
    primary key (batch_id, township_code, year)
);

create table batch_county_years (
    batch_id integer references batches (batch_id),
    year integer,
    primary key (batch_id, year)
);

-- Warnings of the check-up, each confirmed with a reason.
create table batch_warnings (
    batch_id integer references batches (batch_id),
    position integer,
    sentence varchar not null,
    reason varchar not null,
    primary key (batch_id, position)
);

create sequence publication_numbers;
create table publications (
    number integer primary key default nextval('publication_numbers'),
    batch_id integer not null references batches (batch_id),
    action varchar not null check (action in ('publish', 'withdraw')),
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null,
    reason varchar not null
);

create table townships (
    batch_id integer references batches (batch_id),
    code varchar check (length(code) = 9),
    name varchar,
    lon decimal(9, 6),
    lat decimal(9, 6),
    primary key (batch_id, code)
);

create table schools (
    batch_id integer references batches (batch_id),
    school_id varchar,
    name varchar,
    kind varchar not null check (
        kind in ('primary', 'teaching_point', 'junior', 'nine_year', 'combined_secondary', 'twelve_year', 'special',
            'vocational')
    ),
    township_code varchar not null,
    zone varchar check (zone in ('urban', 'town', 'rural')),
    central_area integer check (central_area in (0, 1)),
    ownership varchar check (ownership in ('public', 'private')),
    boarding integer check (boarding in (0, 1)),
    built_year integer,
    opened_year integer,
    closed_year integer,
    parent_school_id varchar,
    lon decimal(9, 6),
    lat decimal(9, 6),
    sponsor_code integer check (sponsor_code between 1 and 10),
    permanent integer check (permanent in (0, 1)),
    cluster varchar,
    paired_school_id varchar,
    pairing_kind varchar,
    predecessor_id varchar,
    primary key (batch_id, school_id),
    foreign key (batch_id, township_code) references townships (batch_id, code)
);

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

create table classes (
    batch_id integer,
    school_id varchar,
    year integer,
    stage varchar check (stage in ('primary', 'junior')),
    grade integer check (grade between 1 and 9),
    class_no varchar,
    pupils integer not null check (pupils >= 0),
    primary key (batch_id, school_id, year, stage, grade, class_no),
    foreign key (batch_id, school_id) references schools (batch_id, school_id)
);

-- Classes by band of size, as the official forms give them; an empty grade stands for all grades, or for classes that
-- several grades share.
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

-- Derived from classes and their bands when a batch comes in; rebuilt when the rules change. The largest class has at
-- least `largest` pupils and at most `largest_at_most`, null where no band ends it; `unsure` classes are in a band that the
-- limit divides.
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

create table special_rooms (
    batch_id integer,
    school_id varchar not null,
    year integer not null,
    kind varchar not null check (kind in ('music', 'art')),
    area_m2 decimal(18, 4) check (area_m2 >= 0),
    foreign key (batch_id, school_id) references schools (batch_id, school_id)
);

create table county_figures (
    batch_id integer references batches (batch_id),
    year integer,
    figure varchar,
    value decimal(24, 8) check (value >= 0),
    primary key (batch_id, year, figure)
);

create table judgements (
    batch_id integer references batches (batch_id),
    year integer,
    item varchar,
    status varchar check (status in ('met', 'not_met')),
    document varchar,
    document_date date,
    note varchar,
    primary key (batch_id, year, item)
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

create table monitoring (
    batch_id integer references batches (batch_id),
    year integer,
    grade integer check (grade between 1 and 9),
    subject varchar,
    level integer check (level >= 1),
    between_school_rate decimal(12, 10) check (between_school_rate between 0 and 1),
    primary key (batch_id, year, grade, subject)
);

create table attendance (
    batch_id integer,
    township_code varchar,
    year integer,
    school_age decimal(9, 0) check (school_age >= 0),
    enrolled decimal(9, 0) check (enrolled >= 0),
    dropped_out decimal(9, 0) check (dropped_out >= 0),
    notices_served decimal(9, 0) check (notices_served >= 0),
    notices_returned decimal(9, 0) check (notices_returned >= 0),
    primary key (batch_id, township_code, year),
    foreign key (batch_id, township_code) references townships (batch_id, code)
);

-- Which batch counts for a township and year: the latest publication covering it that was not withdrawn.
create view live_batches as
select
    b.batch_id as batch_id,
    b.county_code as county_code,
    b.whole_county as whole_county,
    p.number as number
from batches as b
join (
    select
        batch_id,
        max(number) as number,
        arg_max(action, number) as action
    from publications
    group by batch_id
) as p on p.batch_id = b.batch_id
where p.action = 'publish';

create view current_coverage as
select
    b.county_code as county_code,
    c.township_code as township_code,
    c.year as year,
    arg_max(b.batch_id, b.number) as batch_id
from batch_coverage as c
join live_batches as b on b.batch_id = c.batch_id
group by b.county_code, c.township_code, c.year;

create view current_county_sheets as
select
    b.county_code as county_code,
    c.year as year,
    arg_max(b.batch_id, b.number) as batch_id
from batch_county_years as c
join live_batches as b on b.batch_id = c.batch_id
where b.whole_county
group by b.county_code, c.year;
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
    document_date date
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
-- Children of school age who are not at school, case by case and without a word: nothing here can hold a name.
-- A later row of the same case_id says how the case stands.
create table attendance_cases (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    case_id varchar not null check (regexp_full_match(case_id, 'K[0-9]{5,}')),
    kind varchar not null check (kind in ('not_enrolled', 'left')),
    source varchar not null check (source in ('school', 'township', 'platform')),
    township_code varchar not null check (length(township_code) = 9),
    school_id varchar,
    grade integer not null check (grade between 1 and 9),
    found_on date not null,
    confirmed_on date,
    notice_number integer check (notice_number between 1 and 99999),
    notice_on date,
    term date,
    outcome varchar,
    outcome_on date,
    proof varchar,
    check ((notice_on is null) = (notice_number is null)),
    check ((notice_on is null) = (term is null)),
    check ((outcome is null) = (outcome_on is null))
);

-- A second person's check of a case as it stood in one of its rows.
create table attendance_checks (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    case_number integer not null references attendance_cases (number),
    passed boolean not null
);

-- What a school says at a month's end: how many stand on its roll and how many attend.
create table attendance_months (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    school_id varchar not null check (school_id <> ''),
    month date not null check (day(month) = 1),
    on_roll integer not null check (on_roll >= 0),
    attending integer not null check (attending between 0 and on_roll)
);
-- Mock evaluations (模拟评估); a later row of the same evaluation_id says how it stands.
create table evaluations (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    evaluation_id varchar not null check (evaluation_id <> ''),
    title varchar not null check (title <> ''),
    year integer not null,
    seed varchar not null check (seed <> ''),
    sample_size integer not null check (sample_size > 0),
    pool_ids varchar[] not null,
    school_ids varchar[] not null,
    state varchar not null check (state in ('open', 'closed'))
);

-- What the evaluation's group finds at each stage of the procedure.
create table evaluation_stages (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    evaluation_id varchar not null check (evaluation_id <> ''),
    stage varchar not null check (stage <> ''),
    passed boolean not null
);

-- One figure of a school verified on the spot (实地核查表): of the yearbook, as filled in, as found.
create table site_checks (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    evaluation_id varchar not null check (evaluation_id <> ''),
    school_id varchar not null check (school_id <> ''),
    field varchar not null check (field <> ''),
    name varchar not null check (name <> ''),
    yearbook decimal(18, 4),
    filled decimal(18, 4),
    found decimal(18, 4) not null
);

-- Who signed a school's table, and up to which of its rows; a row written later asks for new signatures.
create table site_signatures (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    evaluation_id varchar not null check (evaluation_id <> ''),
    school_id varchar not null check (school_id <> ''),
    side varchar not null check (side in ('evaluator', 'school')),
    on_paper varchar not null,
    up_to integer not null,
    check (side = 'school' or on_paper = '')
);

-- The draft of corrections that a signed table became, so that none becomes two.
create table site_acceptances (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    evaluation_id varchar not null check (evaluation_id <> ''),
    school_id varchar not null check (school_id <> ''),
    batch_id integer not null,
    up_to integer not null
);
-- 满意度自测: what each file of a county's own questionnaires came to; the single answers are not kept. Rows are only ever
-- added: a row that `withdraws` another takes its counts out again.
create table self_surveys (
    number integer primary key,
    county_code varchar not null check (length(county_code) = 6),
    day date not null,
    actor varchar not null check (actor <> ''),
    verified boolean not null,
    recorded_at timestamp not null,
    note varchar not null,
    year integer not null,
    title varchar not null check (title <> ''),
    source_name varchar not null,
    sha256 varchar not null,
    withdraws integer,
    check (withdraws is null or note <> '')
);

create table self_survey_counts (
    number integer not null references self_surveys (number),
    survey_group varchar not null check (
        survey_group in ('parents', 'students', 'teachers', 'heads', 'delegates', 'members', 'others')
    ),
    school_id varchar,
    returned integer not null check (returned >= valid),
    valid integer not null check (valid >= satisfied),
    satisfied integer not null check (satisfied >= 0)
);
-- Scenarios: imagined changes to one year's facts, kept under a name. A saved scenario is never altered; who wants
-- it otherwise saves a copy. The facts themselves stay as they are.
create sequence scenario_numbers;
create table scenarios (
    number integer primary key default nextval('scenario_numbers'),
    county_code varchar not null check (length(county_code) = 6),
    year integer not null,
    facts_version integer not null,
    name varchar not null check (trim(name) <> ''),
    note varchar not null,
    levers varchar not null,
    changes varchar not null,
    copied_from integer references scenarios (number),
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null
);
-- Column mappings: how the columns of another form's export become ours, kept under a name. A mapping is never altered;
-- the latest one of a name is in force.
create sequence mapping_numbers;
create table column_mappings (
    number integer primary key default nextval('mapping_numbers'),
    name varchar not null check (trim(name) <> ''),
    content varchar not null,
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null
);
-- Files of the county that an office loaded: its name and map, its plan, its prices. The latest of a name is in force and
-- takes the place of the one shipped with the program.
create sequence county_file_numbers;
create table county_files (
    number integer primary key default nextval('county_file_numbers'),
    county_code varchar not null check (length(county_code) = 6),
    name varchar not null check (name <> ''),
    content varchar not null,
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null,
    counts_from date
);
-- People, a version a row: the latest of an account is the person. Passwords are not here.
create sequence people_numbers;
create table people (
    number integer primary key,
    person_id varchar not null check (person_id <> ''),
    name varchar not null check (name <> ''),
    post varchar not null,
    phone varchar not null,
    units varchar[] not null,
    townships varchar[] not null,
    schools varchar[] not null,
    roles varchar[] not null,
    is_active boolean not null,
    expires date,
    recorded_at timestamp not null,
    changed_by varchar not null
);

-- The record of actions, chained by hash (core/audit.py); rows are only ever added.
create table audit (
    number integer primary key,
    recorded_at timestamp not null,
    person_id varchar not null,
    actor varchar not null,
    verified boolean not null,
    origin varchar not null,
    action varchar not null,
    subject varchar not null,
    before varchar not null,
    after varchar not null,
    previous varchar not null check (length(previous) = 64),
    hash varchar not null check (length(hash) = 64)
);
