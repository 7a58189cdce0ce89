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
        sum(case when r.certified_teachers is not null then
            case when r.certified_teachers < r.teachers then r.certified_teachers else r.teachers end
        end) as certified_known,
        sum(case when r.trained_teachers < r.teachers then r.trained_teachers else r.teachers end) as trained_at_most,
        sum(case when r.certified_teachers < r.teachers then r.certified_teachers else r.teachers end)
            as certified_at_most,
        sum(case when r.teachers is null then 1 else 0 end) as teachers_missing
    from counties as c
    left join resources as r
        on
            r.county_code = c.county_code
            and r.state = 'open'
            and r.stage in ('primary', 'junior')
            and r.kind not in (select u.kind from excluded_kinds as u where u.staff_counts = 0)
    group by c.county_code
),

staff_shares as (
    select s.county_code as county_code, 'G9' as code, s.trained as numerator, s.teachers as denominator,
        s.trained_known as known, s.trained_at_most as at_most, s.trained_missing as unknown_count,
        s.teachers_missing as teachers_missing, s.teachers_with_trained as teachers_known,
        n.teacher_training_share as required, n.teacher_training_share_form as form_required
    from staff as s cross join numbers as n
    union all
    select s.county_code as county_code, 'G12' as code, s.certified as numerator, s.teachers as denominator,
        s.certified_known as known, s.certified_at_most as at_most, s.certified_missing as unknown_count,
        s.teachers_missing as teachers_missing, s.teachers_with_certified as teachers_known,
        n.teacher_certification_share as required, n.teacher_certification_share_form as form_required
    from staff as s cross join numbers as n
),

-- Of a share of everybody one person short is a failure whoever else is missing; of a smaller one, or of a printed one,
-- it is where even the best that was not reported would not help.
staff_tests as (
    select
        a.county_code as county_code,
        a.code as code,
        case
            when a.unknown_count = 0
                then case
                    when coalesce(a.denominator, 0) = 0 then 'not_assessable'
                    when a.known < a.asked * a.denominator then 'not_met'
                    else 'met'
                end
            when a.asked >= 1 and a.known < a.teachers_known then 'not_met'
            when a.teachers_missing = 0 and a.at_most < a.asked * a.denominator then 'not_met'
            else 'not_assessable'
        end as verdict,
        case when a.unknown_count = 0 then cast(a.numerator as double) end as numerator,
        cast(a.denominator as double) as denominator,
        a.unknown_count as unknown_count,
        coalesce(
            a.unknown_count = 0 and a.denominator > 0
            and (a.known < a.required * a.denominator) <> (a.known < a.form_required * a.denominator), false
        ) as borderline
    from (
        select
            s.*,
            case when k.rounding_before_judging = 'rounded' then s.form_required else s.required end as asked
        from staff_shares as s
        cross join choices as k
    ) as a
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
        i.applies as applies,
        i.judgement as judgement,
        coalesce(s.scope, i.scope) as scope,
        coalesce(s.failing, i.failing) as failing,
        coalesce(s.unknown_count, i.unknown_count, f.unknown_count) as unknown_count,
        i.borderline or coalesce(f.borderline, false) as borderline,
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
            when not g.applies then 'not_applicable'
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
