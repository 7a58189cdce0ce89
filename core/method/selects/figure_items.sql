-- figure_items: one row per county and item of the form: its judgement, and what the county's own figures say of it.
-- Clause: 政府保障程度, 教育质量, 社会认可度, 否决情形, 申报条件. `figures_verdict` is null where the item has no figures
-- of its own. Ratios are tested as products; a ratio without a positive denominator is undefined and not assessable.
-- An item without a judgement of the county follows from those of its schools: one that fails fails it, one that nobody
-- judged leaves it open; `scope`, `failing` and `unknown_count` then count the open schools.
-- No change touches this relation.
-- Key: county_code, code.
with counties as (
    select distinct t.county_code as county_code
    from townships as t
),

figure_values as (
    select
        c.county_code as county_code,
        max(case when f.figure = 'special_education_funds_yuan' then f.value end) as special_funds,
        max(case when f.figure = 'special_education_pupils' then f.value end) as special_pupils,
        max(case when f.figure = 'inclusive_funds_yuan' then f.value end) as inclusive_funds,
        max(case when f.figure = 'inclusive_pupils' then f.value end) as inclusive_pupils,
        max(case when f.figure = 'teacher_pay_yuan' then f.value end) as teacher_pay,
        max(case when f.figure = 'civil_servant_pay_yuan' then f.value end) as civil_servant_pay,
        max(case when f.figure = 'rotation_eligible' then f.value end) as rotation_eligible,
        max(case when f.figure = 'rotation_rotated' then f.value end) as rotation_rotated,
        max(case when f.figure = 'rotation_backbone' then f.value end) as rotation_backbone,
        max(case when f.figure = 'catchment_primary_in' then f.value end) as catchment_primary_in,
        max(case when f.figure = 'catchment_primary_all' then f.value end) as catchment_primary_all,
        max(case when f.figure = 'catchment_junior_in' then f.value end) as catchment_junior_in,
        max(case when f.figure = 'catchment_junior_all' then f.value end) as catchment_junior_all,
        max(case when f.figure = 'quota_places_allocated' then f.value end) as places_allocated,
        max(case when f.figure = 'quota_places_planned' then f.value end) as places_planned,
        max(case when f.figure = 'migrant_children_served' then f.value end) as migrants_served,
        max(case when f.figure = 'migrant_children_eligible' then f.value end) as migrants_eligible,
        max(case when f.figure = 'cohort_entered' then f.value end) as cohort_entered,
        max(case when f.figure = 'cohort_transferred_in' then f.value end) as transferred_in,
        max(case when f.figure = 'cohort_transferred_out' then f.value end) as transferred_out,
        max(case when f.figure = 'cohort_died' then f.value end) as cohort_died,
        max(case when f.figure = 'cohort_graduated' then f.value end) as cohort_graduated,
        max(case when f.figure = 'disabled_school_age' then f.value end) as disabled_school_age,
        max(case when f.figure = 'disabled_special_school' then f.value end) as disabled_special_school,
        max(case when f.figure = 'disabled_inclusive' then f.value end) as disabled_inclusive,
        max(case when f.figure = 'disabled_home_taught' then f.value end) as disabled_home_taught
    from counties as c
    left join figures as f on f.county_code = c.county_code
    group by c.county_code
),

-- The county's total, or the sum of its groups where it reports none; a group without its counts leaves the sum open.
surveyed as (
    select
        v.county_code as county_code,
        case
            when v.has_total = 1 then v.satisfied_in_all
            when v.groups = v.groups_with_satisfied then v.satisfied
        end as satisfied,
        case
            when v.has_total = 1 then v.valid_in_all
            when v.groups = v.groups_with_valid then v.valid
        end as valid
    from (
        select
            s.county_code as county_code,
            max(case when s.survey_group = 'all' then 1 else 0 end) as has_total,
            max(case when s.survey_group = 'all' then s.satisfied end) as satisfied_in_all,
            max(case when s.survey_group = 'all' then s.valid end) as valid_in_all,
            count(*) as groups,
            count(s.satisfied) as groups_with_satisfied,
            count(s.valid) as groups_with_valid,
            cast(sum(s.satisfied) as integer) as satisfied,
            cast(sum(s.valid) as integer) as valid
        from survey as s
        group by s.county_code
    ) as v
),

tests as (
    select f.county_code as county_code, 'G7' as code, 1 as part,
        case k.special_funds when 'with_inclusive' then f.special_funds + f.inclusive_funds else f.special_funds end
            as numerator,
        case k.special_funds when 'with_inclusive' then f.special_pupils + f.inclusive_pupils else f.special_pupils end
            as denominator,
        n.special_education_funds_yuan_per_pupil as required, null as form_required
    from figure_values as f cross join numbers as n cross join choices as k
    union all
    select f.county_code as county_code, 'G8' as code, 1 as part, f.teacher_pay as numerator,
        f.civil_servant_pay as denominator, 1 as required, null as form_required
    from figure_values as f
    union all
    select f.county_code as county_code, 'G11' as code, 1 as part, f.rotation_rotated as numerator,
        f.rotation_eligible as denominator, n.teacher_rotation_rotated_share as required, n.teacher_rotation_rotated_share_form as form_required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G11' as code, 2 as part, f.rotation_backbone as numerator,
        f.rotation_rotated as denominator, n.teacher_rotation_backbone_share as required,
        n.teacher_rotation_backbone_share_form as form_required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G13' as code, 1 as part, f.catchment_primary_in as numerator,
        f.catchment_primary_all as denominator, n.catchment_enrolment_primary as required,
        n.catchment_enrolment_primary_form as form_required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G13' as code, 2 as part, f.catchment_junior_in as numerator,
        f.catchment_junior_all as denominator, n.catchment_enrolment_junior as required,
        n.catchment_enrolment_junior_form as form_required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G14' as code, 1 as part, f.places_allocated as numerator,
        f.places_planned as denominator, n.quota_places_share as required, n.quota_places_share_form as form_required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G15' as code, 1 as part, f.migrants_served as numerator,
        f.migrants_eligible as denominator, n.left_behind_and_migrant_children_share as required,
        n.left_behind_and_migrant_children_share_form as form_required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'Q1' as code, 1 as part,
        case k.retention_formula
            when 'cohort_adjusted' then f.cohort_graduated
            else f.cohort_graduated - f.transferred_in + f.transferred_out
        end as numerator,
        case k.retention_formula
            when 'cohort_adjusted' then f.cohort_entered + f.transferred_in - f.transferred_out - f.cohort_died
            else f.cohort_entered - f.cohort_died
        end as denominator,
        n.retention_share as required, n.retention_share_form as form_required
    from figure_values as f cross join numbers as n cross join choices as k
    union all
    select f.county_code as county_code, 'Q2' as code, 1 as part,
        f.disabled_special_school + f.disabled_inclusive + f.disabled_home_taught as numerator,
        f.disabled_school_age as denominator, n.disabled_enrolment_share as required,
        n.disabled_enrolment_share_form as form_required
    from figure_values as f cross join numbers as n
    union all
    select c.county_code as county_code, 'satisfaction' as code, 1 as part, s.satisfied as numerator,
        s.valid as denominator, n.satisfaction_share as required, n.satisfaction_share_form as form_required
    from counties as c cross join numbers as n
    left join surveyed as s on s.county_code = c.county_code
),

tested as (
    select
        t.county_code as county_code,
        t.code as code,
        sum(
            case
                when t.denominator > 0 and t.numerator < t.denominator
                    * case when k.rounding_before_judging = 'rounded' then coalesce(t.form_required, t.required) else t.required end
                    then 1
                else 0
            end
        ) as failing,
        max(
            case when t.denominator > 0 and (t.numerator < t.required * t.denominator)
                <> (t.numerator < t.form_required * t.denominator) then 1 else 0 end
        ) as borderline,
        sum(
            case when t.denominator > 0 and t.numerator is not null then 0 else 1 end
        ) as unknown_count,
        max(case when t.part = 1 then cast(t.numerator as double) end) as numerator,
        max(case when t.part = 1 then cast(t.denominator as double) end) as denominator,
        max(case when t.part = 2 then cast(t.numerator as double) end) as second_numerator,
        max(case when t.part = 2 then cast(t.denominator as double) end) as second_denominator
    from tests as t
    cross join choices as k
    group by t.county_code, t.code
),

latest_results as (
    select
        m.county_code as county_code,
        m.grade as grade,
        m.subject as subject,
        min(m.years_ago) as years_ago
    from monitoring as m
    cross join numbers as n
    cross join choices as k
    where m.years_ago < case k.monitoring_window when 'same_year' then 1 else n.quality_monitoring_window_years end
    group by m.county_code, m.grade, m.subject
),

monitoring_counts as (
    select
        m.county_code as county_code,
        count(*) as scope,
        count(distinct case
            when m.level < n.quality_monitoring_level or m.between_school_rate >= n.quality_monitoring_between_school_rate then m.subject
        end) as failing,
        sum(case when m.level is null or m.between_school_rate is null then 1 else 0 end) as unknown_count
    from monitoring as m
    join latest_results as r
        on
            r.county_code = m.county_code
            and r.grade = m.grade
            and r.subject = m.subject
            and r.years_ago = m.years_ago
    cross join numbers as n
    group by m.county_code
),

-- The subjects of the state's scheme that have no result which counts.
silent_subjects as (
    select s.county_code as county_code, count(*) as subjects
    from (
        select c.county_code as county_code, w.name as name
        from counties as c
        cross join subjects as w
        left join latest_results as r on r.county_code = c.county_code and r.subject = w.written
        group by c.county_code, w.name
        having count(r.subject) = 0
    ) as s
    group by s.county_code
),

open_count as (
    select o.county_code as county_code, count(*) as schools
    from open_schools as o
    group by o.county_code
),

school_words as (
    select
        w.county_code as county_code,
        w.item as code,
        max(o.schools) as scope,
        sum(case when w.status = 'not_met' then 1 else 0 end) as failing,
        max(o.schools) - count(*) as unknown_count
    from school_judgements as w
    join open_count as o on o.county_code = w.county_code
    group by w.county_code, w.item
),

from_schools as (
    select
        w.county_code as county_code,
        w.code as code,
        w.scope as scope,
        w.failing as failing,
        w.unknown_count as unknown_count,
        case when w.failing > 0 then 'not_met' when w.unknown_count = 0 then 'met' end as judgement
    from school_words as w
    left join judgements as j on j.county_code = w.county_code and j.item = w.code
    where j.status is null
)

select
    c.county_code as county_code,
    i.position as position,
    i.code as code,
    i.part as part,
    i.judged as judged,
    i.applies as applies,
    coalesce(j.status, w.judgement) as judgement,
    coalesce(m.scope, w.scope) as scope,
    coalesce(m.failing, w.failing) as failing,
    coalesce(
        m.unknown_count + case when k.monitoring_subjects = 'all' then coalesce(z.subjects, 0) else 0 end,
        w.unknown_count, t.unknown_count
    ) as unknown_count,
    coalesce(t.borderline = 1, false) as borderline,
    t.numerator as numerator,
    t.denominator as denominator,
    t.second_numerator as second_numerator,
    t.second_denominator as second_denominator,
    case
        when i.code = 'Q9'
            then case
                when m.failing > 0 then 'not_met'
                when m.unknown_count > 0 or m.scope is null then 'not_assessable'
                when k.monitoring_subjects = 'all' and z.subjects > 0 then 'not_assessable'
                else 'met'
            end
        when t.code is not null
            then case
                when t.failing > 0 then 'not_met'
                when t.unknown_count > 0 then 'not_assessable'
                else 'met'
            end
    end as figures_verdict
from counties as c
cross join items as i
cross join choices as k
left join silent_subjects as z on z.county_code = c.county_code
left join judgements as j on j.county_code = c.county_code and j.item = i.code
left join from_schools as w on w.county_code = c.county_code and w.code = i.code
left join tested as t on t.county_code = c.county_code and t.code = i.code
left join monitoring_counts as m on m.county_code = c.county_code and i.code = 'Q9'
