-- From format 8 to 9: children who are not at school, mock evaluations with what was verified on the spot.
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
