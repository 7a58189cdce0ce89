-- school_items: one row per school and county item that is judged school by school: G3, G4, G5, G6, Q4.
-- Clause: 政府保障程度（三）（四）（五）（六）, 教育质量（四）. Schools: open, with compulsory pupils (or none known),
-- teaching points of any size and private schools included; the junior classes of vocational schools for G4 and G5 alone.
-- `failing` counts schools, for G5 classes; `by_budget` tells whether Q4 is measured on the budget or on what was spent.
-- A definite failure decides; a missing figure makes the school not assessable.
-- Key: county_code, school_id, code.
with compulsory as (
    select
        c.county_code as county_code,
        c.school_id as school_id,
        min(c.name) as name,
        min(c.kind) as kind,
        min(c.township_code) as township_code,
        sum(c.pupils) as known_pupils,
        case when count(c.pupils) = count(*) then sum(c.pupils) end as pupils,
        sum(case when c.stage = 'primary' then c.pupils end) as primary_pupils,
        sum(case when c.stage = 'junior' then c.pupils end) as junior_pupils,
        max(case when c.stage = 'primary' and (c.pupils is null or c.pupils > 0) then 1 else 0 end) as may_have_primary,
        max(case when c.stage = 'junior' and (c.pupils is null or c.pupils > 0) then 1 else 0 end) as may_have_junior,
        sum(c.classes) as classes,
        sum(c.over_limit) as over_limit,
        sum(c.unsure) as unsure,
        max(c.largest) as largest,
        case when count(c.largest_at_most) = count(*) then max(c.largest_at_most) end as largest_at_most,
        min(case when c.known then 1 else 0 end) as classes_known,
        max(case when r.school_id is not null and r.left_out is null then 1 else 0 end) as evaluated
    from class_sizes as c
    left join school_rows as r
        on r.county_code = c.county_code and r.school_id = c.school_id and r.stage = c.stage
    group by c.county_code, c.school_id
    having count(c.pupils) < count(*) or sum(c.pupils) > 0
),

-- Classes of other stages are not reported: where there are such pupils, nobody knows all classes of the school.
whole_schools as (
    select
        r.county_code as county_code,
        r.school_id as school_id,
        min(r.zone) as zone,
        min(r.built_year) as built_year,
        max(r.operating_funds_yuan) as operating_funds_yuan,
        max(r.operating_budget_yuan) as operating_budget_yuan,
        max(r.training_budget_yuan) as training_budget_yuan,
        case
            when count(case when r.stage in ('primary', 'junior') and r.migrant_pupils is null then 1 end) = 0
                then sum(case when r.stage in ('primary', 'junior') then r.migrant_pupils end)
        end as migrant_pupils,
        max(case when r.stage not in ('primary', 'junior') and (r.pupils is null or r.pupils > 0) then 1 else 0 end)
            as other_stages
    from resources as r
    group by r.county_code, r.school_id
),

quotas as (
    select
        f.county_code as county_code,
        max(case when f.figure = 'quota_primary_yuan' then f.value end) as quota_primary_yuan,
        max(case when f.figure = 'quota_junior_yuan' then f.value end) as quota_junior_yuan
    from figures as f
    where f.figure in ('quota_primary_yuan', 'quota_junior_yuan')
    group by f.county_code
),

reliefs as (
    select
        c.county_code as county_code,
        c.school_id as school_id,
        c.name as name,
        c.kind as kind,
        c.township_code as township_code,
        c.known_pupils as known_pupils,
        c.pupils as pupils,
        u.kind is not null as attached,
        c.classes as classes,
        c.over_limit as over_limit,
        c.unsure as unsure,
        c.largest as largest,
        c.classes_known as classes_known,
        case when k.special_room_classes = 'all' and p.other_stages = 1 then 0 else c.classes_known end
            as room_classes_known,
        p.operating_funds_yuan as operating_funds_yuan,
        coalesce(p.operating_budget_yuan, p.operating_funds_yuan) as training_base,
        p.operating_budget_yuan is not null as by_budget,
        p.training_budget_yuan as training_budget_yuan,
        k.item_schools = 'all' or c.evaluated = 1 as covered,
        coalesce(
            k.relief_room_area = 'on' and p.zone = 'rural' and c.classes_known = 1
            and c.pupils < n.relief_room_area_pupils_below
            and c.largest_at_most < n.relief_room_area_largest_class_below, false
        ) as small_rural,
        coalesce(
            k.relief_room_area = 'on' and p.zone = 'rural'
            and coalesce(c.known_pupils, 0) < n.relief_room_area_pupils_below
            and c.largest < n.relief_room_area_largest_class_below, false
        ) as maybe_small_rural,
        coalesce(k.relief_room_area = 'on' and p.built_year <= n.relief_room_area_built_until, false) as old_rooms,
        coalesce(
            k.relief_school_size = 'on' and (
                p.built_year <= n.relief_school_size_built_until
                or p.migrant_pupils > n.relief_school_size_migrant_share_over * c.pupils
            ), false
        ) as size_relieved,
        case
            when c.kind in ('primary', 'teaching_point') then n.relief_room_area_area_rural_primary
            else n.relief_room_area_area_rural_junior
        end as small_area,
        -- What a small school must be funded with: each stage's pupils by its quota, filled up at the larger of the quotas.
        case
            when k.small_school_funds = 'village' or c.may_have_junior = 0 then q.quota_primary_yuan
            when c.may_have_primary = 0 then q.quota_junior_yuan
            when q.quota_primary_yuan is null or q.quota_junior_yuan is null then null
            when q.quota_primary_yuan > q.quota_junior_yuan then q.quota_primary_yuan
            else q.quota_junior_yuan
        end as larger_quota,
        case
            when k.small_school_funds = 'village' or c.may_have_junior = 0 or c.may_have_primary = 0 then 0
            when q.quota_primary_yuan > q.quota_junior_yuan
                then c.junior_pupils * (q.quota_primary_yuan - q.quota_junior_yuan)
            else c.primary_pupils * (q.quota_junior_yuan - q.quota_primary_yuan)
        end as less_by
    from compulsory as c
    join whole_schools as p on p.county_code = c.county_code and p.school_id = c.school_id
    cross join numbers as n
    cross join choices as k
    left join excluded_kinds as u on u.kind = c.kind
    left join quotas as q on q.county_code = c.county_code
),

all_rooms as (
    select r.county_code as county_code, r.school_id as school_id, r.kind as kind, r.area_m2 as area_m2
    from rooms as r
    {% if changed %}
    union all
    select a.county_code as county_code, a.school_id as school_id, a.kind as kind, a.area_m2 as area_m2
    from added_rooms as a
    {% endif %}
),

-- A class whose band is divided by the number that makes a school small leaves open which area a room must have.
room_counts as (
    select
        s.county_code as county_code,
        s.school_id as school_id,
        sum(case when r.kind = 'music' and r.area_m2 >= case
            when s.small_rural then s.small_area
            when s.old_rooms then n.relief_room_area_music_area_old
            else n.music_art_rooms_music_room_area
        end then 1 else 0 end) as music_sure,
        sum(case when r.kind = 'music' and (r.area_m2 is null or r.area_m2 >= case
            when s.maybe_small_rural then s.small_area
            when s.old_rooms then n.relief_room_area_music_area_old
            else n.music_art_rooms_music_room_area
        end) then 1 else 0 end) as music_possible,
        sum(case when r.kind = 'art' and r.area_m2 >= case
            when s.small_rural then s.small_area
            when s.old_rooms then n.relief_room_area_art_area_old
            else n.music_art_rooms_art_room_area
        end then 1 else 0 end) as art_sure,
        sum(case when r.kind = 'art' and (r.area_m2 is null or r.area_m2 >= case
            when s.maybe_small_rural then s.small_area
            when s.old_rooms then n.relief_room_area_art_area_old
            else n.music_art_rooms_art_room_area
        end) then 1 else 0 end) as art_possible
    from reliefs as s
    join all_rooms as r on r.county_code = s.county_code and r.school_id = s.school_id
    cross join numbers as n
    group by s.county_code, s.school_id
),

counties_with_rooms as (
    select distinct r.county_code as county_code
    from rooms as r
),

cases as (
    select
        s.county_code as county_code,
        s.school_id as school_id,
        s.name as name,
        s.township_code as township_code,
        s.known_pupils as known_pupils,
        s.pupils as pupils,
        s.classes as classes,
        s.over_limit as over_limit,
        s.unsure as unsure,
        s.largest as largest,
        s.classes_known as classes_known,
        s.room_classes_known as room_classes_known,
        s.operating_funds_yuan as operating_funds_yuan,
        s.training_base as training_base,
        s.by_budget as by_budget,
        s.training_budget_yuan as training_budget_yuan,
        s.small_rural as small_rural,
        s.old_rooms as old_rooms,
        s.size_relieved as size_relieved,
        i.code as code,
        coalesce(r.music_sure, 0) as music_sure,
        coalesce(r.music_possible, 0) as music_possible,
        coalesce(r.art_sure, 0) as art_sure,
        coalesce(r.art_possible, 0) as art_possible,
        c.county_code is not null as rooms_reported,
        k.music_art_rooms as music_art_rooms,
        n.music_art_rooms_classes_per_room as classes_per_room,
        case
            when s.kind in ('nine_year', 'twelve_year')
                or (s.kind = 'combined_secondary' and k.combined_secondary_size = 'multi_stage')
                then case
                    when s.size_relieved then n.relief_school_size_multi_stage_pupils
                    else n.school_size_multi_stage_pupils
                end
            when s.size_relieved then n.relief_school_size_single_stage_pupils
            else n.school_size_single_stage_pupils
        end as size_limit,
        n.small_school_funds_funded_pupils * s.larger_quota as funds_at_most,
        n.small_school_funds_funded_pupils * s.larger_quota - s.less_by as funds_required,
        n.training_budget_share * s.training_base as training_required,
        s.attached and k.vocational_classes = 'fails' as forbidden
    from reliefs as s
    cross join numbers as n
    cross join choices as k
    cross join (select t.code as code from items as t where t.code in ('G3', 'G4', 'G5', 'G6', 'Q4')) as i
    left join room_counts as r on r.county_code = s.county_code and r.school_id = s.school_id
    left join counties_with_rooms as c on c.county_code = s.county_code
    where
        (i.code in ('G4', 'G5') and s.covered)
        or (i.code in ('G3', 'Q4') and s.covered and not s.attached)
        or (
            i.code = 'G6' and not s.attached
            and (k.small_school_funds = 'all' or s.kind in ('primary', 'teaching_point'))
            and coalesce(s.known_pupils, 0) < n.small_school_funds_funded_pupils
        )
)

select
    c.county_code as county_code,
    c.school_id as school_id,
    c.name as name,
    c.township_code as township_code,
    c.code as code,
    case
        when c.code = 'G3'
            then case
                when not c.rooms_reported then 'not_assessable'
                when c.music_art_rooms = 'summed'
                    then case
                        when (c.music_possible + c.art_possible) * c.classes_per_room < c.classes then 'not_met'
                        when c.room_classes_known = 0 or (c.music_sure + c.art_sure) * c.classes_per_room < c.classes
                            then 'not_assessable'
                        else 'met'
                    end
                when c.music_possible * c.classes_per_room < c.classes
                    or c.art_possible * c.classes_per_room < c.classes then 'not_met'
                when c.room_classes_known = 0
                    or c.music_sure * c.classes_per_room < c.classes
                    or c.art_sure * c.classes_per_room < c.classes then 'not_assessable'
                else 'met'
            end
        when c.code = 'G4'
            then case
                when c.forbidden and c.known_pupils > 0 then 'not_met'
                when coalesce(c.known_pupils, 0) > c.size_limit then 'not_met'
                when c.pupils is null then 'not_assessable'
                else 'met'
            end
        when c.code = 'G5'
            then case
                when c.over_limit > 0 then 'not_met'
                when c.classes_known = 0 or c.unsure > 0 then 'not_assessable'
                else 'met'
            end
        when c.code = 'G6'
            then case
                when c.operating_funds_yuan >= c.funds_at_most then 'met'
                when c.pupils is not null and c.operating_funds_yuan >= c.funds_required then 'met'
                when c.pupils is null or c.operating_funds_yuan is null or c.funds_required is null
                    then 'not_assessable'
                else 'not_met'
            end
        else case
            when c.training_budget_yuan is null or c.training_base is null or c.training_base = 0 then 'not_assessable'
            when c.training_budget_yuan >= c.training_required then 'met'
            when coalesce(c.known_pupils, 0) = 0 and c.classes = 0 then 'not_assessable'
            else 'not_met'
        end
    end as verdict,
    cast(case when c.code = 'G5' then c.over_limit else 1 end as integer) as failing,
    cast(
        case c.code
            when 'G3' then c.classes
            when 'G4' then c.known_pupils
            when 'G5' then c.largest
            when 'G6' then c.operating_funds_yuan
            else c.training_budget_yuan
        end as double
    ) as found,
    cast(
        case c.code
            when 'G3' then ceil(c.classes / c.classes_per_room)
            when 'G4' then case when c.forbidden then 0 else c.size_limit end
            when 'G6' then c.funds_required
            when 'Q4' then c.training_required
        end as double
    ) as required,
    case when c.code = 'G3' then c.music_sure end as music_rooms,
    case when c.code = 'G3' then c.art_sure end as art_rooms,
    case when c.code = 'Q4' then c.by_budget end as by_budget,
    (c.code = 'G3' and (c.small_rural or c.old_rooms)) or (c.code = 'G4' and c.size_relieved) as relieved
from cases as c
