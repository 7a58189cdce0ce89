-- Scenarios: imagined changes to one year's facts, kept under a name. A saved scenario is never altered; who wants
-- it otherwise saves a copy. The facts themselves stay as they are.
create sequence scenario_numbers;
create table scenarios (
    number integer primary key default nextval('scenario_numbers'),
    county_code varchar not null check (length(county_code) = 6),
    year integer not null,
    facts_version integer not null,
    name varchar not null check (trim(name) <> ''),
    note varchar not null,
    levers varchar not null,
    changes varchar not null,
    copied_from integer references scenarios (number),
    actor varchar not null check (actor <> ''),
    recorded_at timestamp not null
);
