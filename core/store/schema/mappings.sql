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
