-- From format 7 to 8: where an issue was found, steps assigned to schools, visits, letters, attached files.
create temporary table kept_issues as
select *, case when subject like 'manual:%' then 'other' else 'figures' end, '' from main.ledger_issues;
create temporary table kept_steps as select *, null from main.ledger_steps;
drop table main.ledger_steps;
drop table main.ledger_issues;
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
insert into ledger_issues select * from kept_issues;
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
insert into ledger_steps select * from kept_steps;
drop table kept_steps;
drop table kept_issues;

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
