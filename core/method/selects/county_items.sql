-- county_items: one row per item of the form: G1–G15, Q1–Q9, satisfaction, the vetoes, the preconditions.
-- Clause: 政府保障程度, 教育质量, 社会认可度, 否决情形, 申报条件. An item that needs figures and a judgement fails when
-- either fails and is not assessable when either is missing. Items of the county's own figures come from
-- figure_items; those of its teachers (G9, G12) and school by school (G3–G6, Q4) are added here.
-- Key: county_code, code.
with counties as (
    select distinct i.county_code as county_code
    from figure_items as i
),

staff as (
    select
        c.county_code as county_code,
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
    from counties as c
    left join resources as r
        on
            r.county_code = c.county_code
            and r.state = 'open'
            and r.stage in ('primary', 'junior')
            and r.kind not in (select u.kind from uncounted_kinds as u where u.staff_counts = 0)
    group by c.county_code
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

figured as (
    select
        i.county_code as county_code,
        i.position as position,
        i.code as code,
        i.part as part,
        i.judged as judged,
        i.judgement as judgement,
        coalesce(s.scope, i.scope) as scope,
        coalesce(s.failing, i.failing) as failing,
        coalesce(s.unknown_count, i.unknown_count, f.unknown_count) as unknown_count,
        coalesce(i.numerator, f.numerator) as numerator,
        coalesce(i.denominator, f.denominator) as denominator,
        i.second_numerator as second_numerator,
        i.second_denominator as second_denominator,
        case
            when f.verdict is not null then f.verdict
            when i.code in ('G3', 'G4', 'G5', 'G6', 'Q4')
                then case
                    when s.failing > 0 then 'not_met'
                    when s.unknown_count > 0 then 'not_assessable'
                    when s.scope > 0 then 'met'
                    when i.code = 'G6' then 'not_applicable'
                    else 'not_assessable'
                end
            else i.figures_verdict
        end as figures_verdict
    from figure_items as i
    left join staff_tests as f on f.county_code = i.county_code and f.code = i.code
    left join school_counts as s on s.county_code = i.county_code and s.code = i.code
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
