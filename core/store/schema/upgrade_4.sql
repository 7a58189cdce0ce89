-- From format 3 to 4: the store takes files of the county.
create sequence county_file_numbers;
create table county_files (
    number integer primary key default nextval('county_file_numbers'),
    county_code varchar not null check (length(county_code) = 6),
    name varchar not null check (name <> ''),
    content varchar not null,
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null
);
