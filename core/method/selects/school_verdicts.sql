-- school_verdicts: one row per evaluated school row: does the school pass at this stage?
-- Clause: 资源配置 学校达标规定: at least so many indicators met and every one at its floor. A definite failure
-- decides; otherwise anything missing makes the row not assessable.
-- Key: county_code, school_id, stage.
with counted as (
    select
        h.county_code as county_code,
        h.school_id as school_id,
        h.stage as stage,
        sum(case when h.verdict = 'met' then 1 else 0 end) as met_count,
        sum(case when h.verdict = 'not_met' then 1 else 0 end) as not_met_count,
        sum(case when h.verdict = 'not_assessable' then 1 else 0 end) as unknown_count,
        sum(case when not h.above_floor then 1 else 0 end) as below_floor_count
    from school_indicators as h
    group by h.county_code, h.school_id, h.stage
)

select
    c.county_code as county_code,
    c.school_id as school_id,
    c.stage as stage,
    c.met_count as met_count,
    c.not_met_count as not_met_count,
    c.unknown_count as unknown_count,
    c.below_floor_count as below_floor_count,
    case
        when c.below_floor_count > 0 then 'not_met'
        when c.met_count + c.unknown_count < n.school_rule_minimum_met then 'not_met'
        when c.unknown_count > 0 then 'not_assessable'
        else 'met'
    end as verdict
from counted as c
cross join numbers as n
