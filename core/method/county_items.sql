-- county_items: one row per item of the form: G1–G15, Q1–Q9, satisfaction, the vetoes, the preconditions.
-- Clause: 政府保障程度, 教育质量, 社会认可度, 否决情形, 申报条件. An item that needs figures and a judgement fails when
-- either fails and is not assessable when either is missing. Ratios are tested as products; a ratio without a
-- positive denominator is undefined and not assessable.
with counties as (
    select distinct s.county_code as county_code
    from schools as s
),

figure_values as (
    select
        c.county_code as county_code,
        max(case when f.figure = 'special_education_funds_yuan' then f.value end) as special_funds,
        max(case when f.figure = 'special_education_pupils' then f.value end) as special_pupils,
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

staff as (
    select
        r.county_code as county_code,
        sum(r.teachers) as teachers,
        sum(r.trained_teachers) as trained,
        sum(r.certified_teachers) as certified,
        sum(case when r.trained_teachers is not null then r.teachers end) as teachers_with_trained,
        sum(case when r.certified_teachers is not null then r.teachers end) as teachers_with_certified,
        sum(case when r.teachers is null or r.trained_teachers is null then 1 else 0 end) as trained_missing,
        sum(case when r.teachers is null or r.certified_teachers is null then 1 else 0 end) as certified_missing,
        sum(case when r.trained_teachers is not null then
            case when r.trained_teachers < r.teachers then r.trained_teachers else r.teachers end
        end) as trained_known,
        sum(case when r.teachers is not null then r.certified_teachers end) as certified_known
    from resources as r
    where r.state = 'open' and r.kind <> 'vocational' and r.stage in ('primary', 'junior')
    group by r.county_code
),

tests as (
    select f.county_code as county_code, 'G7' as code, 1 as part, f.special_funds as numerator,
        f.special_pupils as denominator, n.special_education_funds_yuan_per_pupil as required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G8' as code, 1 as part, f.teacher_pay as numerator,
        f.civil_servant_pay as denominator, 1 as required
    from figure_values as f
    union all
    select f.county_code as county_code, 'G11' as code, 1 as part, f.rotation_rotated as numerator,
        f.rotation_eligible as denominator, n.teacher_rotation_rotated_share as required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G11' as code, 2 as part, f.rotation_backbone as numerator,
        f.rotation_rotated as denominator, n.teacher_rotation_backbone_share as required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G13' as code, 1 as part, f.catchment_primary_in as numerator,
        f.catchment_primary_all as denominator, n.catchment_enrolment_primary as required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G13' as code, 2 as part, f.catchment_junior_in as numerator,
        f.catchment_junior_all as denominator, n.catchment_enrolment_junior as required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G14' as code, 1 as part, f.places_allocated as numerator,
        f.places_planned as denominator, n.quota_places_share as required
    from figure_values as f cross join numbers as n
    union all
    select f.county_code as county_code, 'G15' as code, 1 as part, f.migrants_served as numerator,
        f.migrants_eligible as denominator, n.left_behind_and_migrant_children_share as required
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
        n.retention_share as required
    from figure_values as f cross join numbers as n cross join choices as k
    union all
    select f.county_code as county_code, 'Q2' as code, 1 as part,
        f.disabled_special_school + f.disabled_inclusive + f.disabled_home_taught as numerator,
        f.disabled_school_age as denominator, n.disabled_enrolment_share as required
    from figure_values as f cross join numbers as n
    union all
    select c.county_code as county_code, 'satisfaction' as code, 1 as part, s.satisfied as numerator,
        s.valid as denominator, n.satisfaction_share as required
    from counties as c cross join numbers as n
    left join survey as s on s.county_code = c.county_code and s.survey_group = 'all'
),

tested as (
    select
        t.county_code as county_code,
        t.code as code,
        sum(
            case when t.denominator > 0 and t.numerator < t.required * t.denominator then 1 else 0 end
        ) as failing,
        sum(
            case when t.denominator > 0 and t.numerator is not null then 0 else 1 end
        ) as unknown_count,
        max(case when t.part = 1 then cast(t.numerator as double) end) as numerator,
        max(case when t.part = 1 then cast(t.denominator as double) end) as denominator,
        max(case when t.part = 2 then cast(t.numerator as double) end) as second_numerator,
        max(case when t.part = 2 then cast(t.denominator as double) end) as second_denominator
    from tests as t
    group by t.county_code, t.code
),

staff_tests as (
    select s.county_code as county_code, 'G9' as code,
        case
            when s.trained_missing = 0 then case
                when coalesce(s.teachers, 0) = 0 then 'not_assessable'
                when s.trained_known < n.teacher_training_share * s.teachers then 'not_met'
                else 'met'
            end
            when n.teacher_training_share >= 1 and s.trained_known < s.teachers_with_trained then 'not_met'
            else 'not_assessable'
        end as verdict,
        case when s.trained_missing = 0 then cast(s.trained as double) end as numerator,
        cast(s.teachers as double) as denominator,
        s.trained_missing as unknown_count
    from staff as s cross join numbers as n
    union all
    select s.county_code as county_code, 'G12' as code,
        case
            when s.certified_missing = 0 then case
                when coalesce(s.teachers, 0) = 0 then 'not_assessable'
                when s.certified < n.teacher_certification_share * s.teachers then 'not_met'
                else 'met'
            end
            when n.teacher_certification_share >= 1 and s.certified_known < s.teachers_with_certified then 'not_met'
            else 'not_assessable'
        end as verdict,
        case when s.certified_missing = 0 then cast(s.certified as double) end as numerator,
        cast(s.teachers as double) as denominator,
        s.certified_missing as unknown_count
    from staff as s cross join numbers as n
),

school_counts as (
    select
        s.county_code as county_code,
        s.code as code,
        count(*) as scope,
        sum(case when s.verdict = 'not_met' then s.failing else 0 end) as failing,
        sum(case when s.verdict = 'not_assessable' then 1 else 0 end) as unknown_count
    from school_items as s
    group by s.county_code, s.code
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

figured as (
    select
        c.county_code as county_code,
        i.position as position,
        i.code as code,
        i.part as part,
        i.judged as judged,
        j.status as judgement,
        coalesce(s.scope, m.scope) as scope,
        coalesce(s.failing, m.failing) as failing,
        coalesce(s.unknown_count, m.unknown_count, t.unknown_count, f.unknown_count) as unknown_count,
        coalesce(t.numerator, f.numerator) as numerator,
        coalesce(t.denominator, f.denominator) as denominator,
        t.second_numerator as second_numerator,
        t.second_denominator as second_denominator,
        case
            when f.verdict is not null then f.verdict
            when i.code in ('G3', 'G4', 'G5', 'G6', 'Q4')
                then case
                    when s.failing > 0 then 'not_met'
                    when s.unknown_count > 0 then 'not_assessable'
                    when s.scope > 0 then 'met'
                    when i.code = 'G6' and k.school_count > 0 then 'not_applicable'
                    else 'not_assessable'
                end
            when i.code = 'Q9'
                then case
                    when m.failing > 0 then 'not_met'
                    when m.unknown_count > 0 or m.scope is null then 'not_assessable'
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
    left join (
        select r.county_code as county_code, count(*) as school_count
        from school_rows as r
        where r.left_out is null
        group by r.county_code
    ) as k on k.county_code = c.county_code
    left join judgements as j on j.county_code = c.county_code and j.item = i.code
    left join tested as t on t.county_code = c.county_code and t.code = i.code
    left join staff_tests as f on f.county_code = c.county_code and f.code = i.code
    left join school_counts as s on s.county_code = c.county_code and s.code = i.code
    left join monitoring_counts as m on m.county_code = c.county_code and i.code = 'Q9'
),

decided as (
    select
        g.*,
        case
            when g.figures_verdict = 'not_met' or (g.judged and g.judgement = 'not_met') then 'not_met'
            when g.figures_verdict = 'not_assessable' or (g.judged and g.judgement is null) then 'not_assessable'
            when g.figures_verdict is not null then g.figures_verdict
            else g.judgement
        end as verdict
    from figured as g
)

select
    d.*,
    case
        when d.verdict = 'not_assessable' then null
        when d.code in ('G3', 'G4', 'G5', 'G6', 'Q4', 'Q9') then cast(coalesce(d.failing, 0) as double)
        when d.denominator > 0 then d.numerator / d.denominator
    end as value
from decided as d
