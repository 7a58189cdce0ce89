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
