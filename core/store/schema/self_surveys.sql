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
