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
