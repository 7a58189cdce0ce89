-- school_items: one row per school and county item that is judged school by school: G3, G4, G5, G6, Q4.
-- Clause: 政府保障程度（三）（四）（五）（六）, 教育质量（四）. Schools: open, with compulsory pupils (or none known),
-- teaching points of any size and private schools included. `failing` counts schools, for G5 classes.
-- A definite failure decides; a missing figure makes the school not assessable.
with evaluated as (
    select distinct
        r.county_code as county_code,
        r.school_id as school_id
    from school_rows as r
    where r.left_out is null
),

compulsory as (
    select
        c.county_code as county_code,
        c.school_id as school_id,
        min(c.name) as name,
        min(c.kind) as kind,
        min(c.township_code) as township_code,
        sum(c.pupils) as known_pupils,
        case when count(c.pupils) = count(*) then sum(c.pupils) end as pupils,
        sum(c.classes) as classes,
        sum(c.over_limit) as over_limit,
        max(c.largest) as largest,
        min(case when c.known then 1 else 0 end) as classes_known
    from class_sizes as c
    group by c.county_code, c.school_id
),

premises_of as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        min(r.zone) as zone,
        min(r.built_year) as built_year,
        max(r.operating_funds_yuan) as operating_funds_yuan,
        max(r.training_budget_yuan) as training_budget_yuan,
        case
            when count(r.migrant_pupils) = count(*) then sum(r.migrant_pupils)
        end as migrant_pupils
    from resources as r
    where r.stage in ('primary', 'junior')
    group by r.county_code, r.school_id
),

reliefs as (
    select
        c.*,
        p.operating_funds_yuan as operating_funds_yuan,
        p.training_budget_yuan as training_budget_yuan,
        coalesce(
            k.relief_room_area = 'on' and p.zone = 'rural' and c.classes_known = 1
            and c.largest < n.relief_room_area_largest_class_below, false
        ) as small_rural,
        coalesce(k.relief_room_area = 'on' and p.built_year <= n.relief_room_area_built_until, false) as old_rooms,
        coalesce(
            k.relief_school_size = 'on'
            and (p.built_year <= n.relief_school_size_built_until or p.migrant_pupils > n.relief_school_size_migrant_share_over * c.pupils), false
        ) as size_relieved
    from compulsory as c
    join premises_of as p on p.county_code = c.county_code and p.school_id = c.school_id
    cross join numbers as n
    cross join choices as k
    where c.pupils is null or c.pupils > 0
),

in_scope as (
    select
        r.*,
        e.school_id is not null as is_evaluated,
        case
            when r.small_rural and r.kind in ('primary', 'teaching_point') then n.relief_room_area_area_rural_primary
            when r.small_rural then n.relief_room_area_area_rural_junior
            when r.old_rooms then n.relief_room_area_music_area_old
            else n.music_art_rooms_music_room_area
        end as music_area,
        case
            when r.small_rural and r.kind in ('primary', 'teaching_point') then n.relief_room_area_area_rural_primary
            when r.small_rural then n.relief_room_area_area_rural_junior
            when r.old_rooms then n.relief_room_area_art_area_old
            else n.music_art_rooms_art_room_area
        end as art_area,
        case
            when
                r.kind in ('nine_year', 'twelve_year')
                or (r.kind = 'combined_secondary' and k.combined_secondary_size = 'multi_stage')
                then case when r.size_relieved then n.relief_school_size_multi_stage_pupils else n.school_size_multi_stage_pupils end
            when r.size_relieved then n.relief_school_size_single_stage_pupils
            else n.school_size_single_stage_pupils
        end as size_limit
    from reliefs as r
    cross join numbers as n
    cross join choices as k
    left join evaluated as e on e.county_code = r.county_code and e.school_id = r.school_id
),

covered as (
    select s.*
    from in_scope as s
    cross join choices as k
    where k.item_schools = 'all' or s.is_evaluated
),

room_counts as (
    select
        s.county_code as county_code,
        s.school_id as school_id,
        sum(case when r.kind = 'music' and r.area_m2 >= s.music_area then 1 else 0 end) as music_sure,
        sum(case when r.kind = 'music' and (r.area_m2 is null or r.area_m2 >= s.music_area) then 1 else 0 end)
            as music_possible,
        sum(case when r.kind = 'art' and r.area_m2 >= s.art_area then 1 else 0 end) as art_sure,
        sum(case when r.kind = 'art' and (r.area_m2 is null or r.area_m2 >= s.art_area) then 1 else 0 end)
            as art_possible
    from covered as s
    left join rooms as r on r.county_code = s.county_code and r.school_id = s.school_id
    group by s.county_code, s.school_id
),

room_reports as (
    select
        r.county_code as county_code,
        count(*) as room_count
    from rooms as r
    group by r.county_code
),

quotas as (
    select
        f.county_code as county_code,
        max(f.value) as quota_primary_yuan
    from figures as f
    where f.figure = 'quota_primary_yuan'
    group by f.county_code
)

select
    s.county_code as county_code,
    s.school_id as school_id,
    s.name as name,
    s.township_code as township_code,
    'G3' as code,
    case
        when coalesce(q.room_count, 0) = 0 or s.classes_known = 0 then 'not_assessable'
        when k.music_art_rooms = 'summed'
            then case
                when (n.music_sure + n.art_sure) * x.music_art_rooms_classes_per_room >= s.classes then 'met'
                when (n.music_possible + n.art_possible) * x.music_art_rooms_classes_per_room >= s.classes then 'not_assessable'
                else 'not_met'
            end
        when n.music_sure * x.music_art_rooms_classes_per_room >= s.classes and n.art_sure * x.music_art_rooms_classes_per_room >= s.classes then 'met'
        when n.music_possible * x.music_art_rooms_classes_per_room >= s.classes
            and n.art_possible * x.music_art_rooms_classes_per_room >= s.classes then 'not_assessable'
        else 'not_met'
    end as verdict,
    1 as failing,
    cast(s.classes as double) as found,
    cast(ceil(s.classes / x.music_art_rooms_classes_per_room) as double) as required,
    n.music_sure as music_rooms,
    n.art_sure as art_rooms,
    s.small_rural or s.old_rooms as relieved
from covered as s
join room_counts as n on n.county_code = s.county_code and n.school_id = s.school_id
cross join numbers as x
cross join choices as k
left join room_reports as q on q.county_code = s.county_code
union all
select
    s.county_code as county_code,
    s.school_id as school_id,
    s.name as name,
    s.township_code as township_code,
    'G4' as code,
    case
        when coalesce(s.known_pupils, 0) > s.size_limit then 'not_met'
        when s.pupils is null then 'not_assessable'
        else 'met'
    end as verdict,
    1 as failing,
    cast(s.known_pupils as double) as found,
    cast(s.size_limit as double) as required,
    null as music_rooms,
    null as art_rooms,
    s.size_relieved as relieved
from covered as s
union all
select
    s.county_code as county_code,
    s.school_id as school_id,
    s.name as name,
    s.township_code as township_code,
    'G5' as code,
    case
        when s.over_limit > 0 then 'not_met'
        when s.classes_known = 0 then 'not_assessable'
        else 'met'
    end as verdict,
    cast(s.over_limit as integer) as failing,
    cast(s.largest as double) as found,
    null as required,
    null as music_rooms,
    null as art_rooms,
    false as relieved
from covered as s
union all
select
    s.county_code as county_code,
    s.school_id as school_id,
    s.name as name,
    s.township_code as township_code,
    'G6' as code,
    case
        when s.operating_funds_yuan >= x.small_school_funds_funded_pupils * q.quota_primary_yuan then 'met'
        when s.pupils is null or s.operating_funds_yuan is null or q.quota_primary_yuan is null then 'not_assessable'
        else 'not_met'
    end as verdict,
    1 as failing,
    cast(s.operating_funds_yuan as double) as found,
    cast(x.small_school_funds_funded_pupils * q.quota_primary_yuan as double) as required,
    null as music_rooms,
    null as art_rooms,
    false as relieved
from in_scope as s
cross join numbers as x
left join quotas as q on q.county_code = s.county_code
where s.kind in ('primary', 'teaching_point') and (s.pupils is null or s.pupils < x.small_school_funds_funded_pupils)
union all
select
    s.county_code as county_code,
    s.school_id as school_id,
    s.name as name,
    s.township_code as township_code,
    'Q4' as code,
    case
        when s.training_budget_yuan is null or s.operating_funds_yuan is null then 'not_assessable'
        when s.training_budget_yuan >= x.training_budget_share * s.operating_funds_yuan then 'met'
        else 'not_met'
    end as verdict,
    1 as failing,
    cast(s.training_budget_yuan as double) as found,
    cast(x.training_budget_share * s.operating_funds_yuan as double) as required,
    null as music_rooms,
    null as art_rooms,
    false as relieved
from covered as s
cross join numbers as x
