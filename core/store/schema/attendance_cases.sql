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
