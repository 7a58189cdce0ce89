-- county_verdict: one row per county: the verdict and how many of each part are met.
-- Clause: the county passes when no veto, preconditions, every school row, all coefficients, all government and
-- quality items and satisfaction are met. A definite failure decides; otherwise anything missing, or a county
-- without a single evaluated row, is not assessable.
-- Key: county_code.
with parts as (
    select v.county_code as county_code, 'schools' as part, v.verdict as verdict
    from school_verdicts as v
    union all
    select b.county_code as county_code, 'balance' as part, b.verdict as verdict
    from balance as b
    union all
    select i.county_code as county_code, i.part as part, i.verdict as verdict
    from county_items as i
),

counted as (
    select
        p.county_code as county_code,
        sum(case when p.part = 'schools' then 1 else 0 end) as school_rows,
        sum(case when p.verdict = 'not_met' then 1 else 0 end) as not_met_count,
        sum(case when p.verdict = 'not_assessable' then 1 else 0 end) as unknown_count
    from parts as p
    group by p.county_code
)

select
    c.county_code as county_code,
    c.not_met_count as not_met_count,
    c.unknown_count as unknown_count,
    case
        when c.not_met_count > 0 then 'not_met'
        when c.unknown_count > 0 or c.school_rows = 0 then 'not_assessable'
        else 'met'
    end as verdict
from counted as c
