-- balance: one row per stage and indicator, always fourteen a county: mean, deviation and coefficient of variation.
-- Clause: 资源配置 校际差异系数. CV = sqrt(Σc). An undefined CV is null and not assessable, never 0; a stage without
-- evaluated rows is not applicable. The allowance keeps an exact tie, computed in doubles, a tie.
-- Key: county_code, stage, code.
with spread as (
    select
        c.county_code as county_code,
        c.stage as stage,
        c.code as code,
        max(c.school_count) as school_count,
        max(c.mean) as mean,
        case when count(c.squared_deviation) = count(*) then sqrt(sum(c.squared_deviation order by c.school_id)) end as sd,
        case when count(c.contribution) = count(*) then sum(c.contribution order by c.school_id) end as variation
    from contributions as c
    group by c.county_code, c.stage, c.code
),

counties as (
    select distinct t.county_code as county_code
    from townships as t
)

select
    k.county_code as county_code,
    l.stage as stage,
    l.code as code,
    b.amount as limit_amount,
    coalesce(s.school_count, 0) as school_count,
    s.mean as mean,
    s.sd as sd,
    sqrt(s.variation) as cv,
    case
        when s.school_count is null then 'not_applicable'
        when s.variation is null then 'not_assessable'
        when o.rounding_before_judging = 'rounded' and s.variation < b.form_amount * b.form_amount then 'met'
        when o.rounding_before_judging <> 'rounded' and s.variation <= b.amount * b.amount + 1e-12 then 'met'
        else 'not_met'
    end as verdict,
    coalesce(
        (s.variation <= b.amount * b.amount + 1e-12) <> (sqrt(s.variation) < b.form_amount), false
    ) as borderline
from counties as k
join limits as l on l.per_pupils is not null
join limits as b on b.rule = 'balance' and b.stage = l.stage
cross join choices as o
left join spread as s on s.county_code = k.county_code and s.stage = l.stage and s.code = l.code
