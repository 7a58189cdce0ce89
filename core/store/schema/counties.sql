-- Files of the county that an office loaded: its name and map, its plan, its prices. The latest of a name is in force and
-- takes the place of the one shipped with the program.
create sequence county_file_numbers;
create table county_files (
    number integer primary key default nextval('county_file_numbers'),
    county_code varchar not null check (length(county_code) = 6),
    name varchar not null check (name <> ''),
    content varchar not null,
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null,
    counts_from date
);
