-- From format 2 to 3: a batch copied from what counted says from which facts version. Corrections are told by what they
-- cover, which no upload covers alone, and dated by the clock where it never went back; of all others it is not known.
alter table batches add column base_facts_version integer;

update batches as b
set base_facts_version = (
    select coalesce(max(p.number), 0)
    from publications as p
    where p.recorded_at <= b.loaded_at
        and p.number < coalesce((select min(o.number) from publications as o where o.batch_id = b.batch_id), 2147483647)
)
where starts_with(b.source_name, '更正：')
    and (select count(*) from batch_coverage as c where c.batch_id = b.batch_id)
        = (case when b.whole_county then 0 else 1 end)
    and (select count(*) from batch_county_years as c where c.batch_id = b.batch_id)
        = (case when b.whole_county then 1 else 0 end)
    and not exists (
        select 1
        from publications as p
        join publications as q on q.number > p.number and q.recorded_at < p.recorded_at
    );
