-- From format 5 to 6: the county's own satisfaction questionnaires, people, the record of actions.
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
