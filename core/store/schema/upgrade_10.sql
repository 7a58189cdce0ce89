-- From format 9 to 10: how many pages a document has, kept drafts of the self-evaluation report, pinned links.
alter table evidence_documents add column pages integer;

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
