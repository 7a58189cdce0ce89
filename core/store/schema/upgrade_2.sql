-- From format 1 to 2: column mappings came in. An upgrade is history: it stays as it is when the schema goes on.
create sequence mapping_numbers;
create table column_mappings (
    number integer primary key default nextval('mapping_numbers'),
    name varchar not null check (trim(name) <> ''),
    content varchar not null,
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null
);
