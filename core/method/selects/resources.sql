-- resources: one row per school and stage of the year, open or closed, with changes laid over the reported figures.
-- Units: persons, ㎡, yuan, rooms. A changed stage or school brings all of its
-- figures anew; a figure that was not reported stays null whatever is added to it. Where nothing can be changed, as of many
-- counties, the reported figures stand.
-- Key: county_code, school_id, stage.
{% if changed %}
with listed as (
    select r.* from reported as r
    union all
    select a.* from added_schools as a
),

changed as (
    select
        l.county_code as county_code,
        l.school_id as school_id,
        l.stage as stage,
        l.name as name,
        l.kind as kind,
        l.township_code as township_code,
        l.zone as zone,
        l.central_area as central_area,
        l.ownership as ownership,
        l.sponsor_code as sponsor_code,
        l.built_year as built_year,
        l.parent_school_id as parent_school_id,
        case when x.school_id is not null then 'closed' else l.state end as state,
        l.reported as reported,
        {% for fact in stage_facts %}
        case when e.school_id is not null then e.{{ fact }} else l.{{ fact }} end as {{ fact }},
        {% endfor %}
        {% for fact in school_facts %}
        case when p.school_id is not null then p.{{ fact }} else l.{{ fact }} end as {{ fact }}{{ "," if not loop.last }}
        {% endfor %}
    from listed as l
    left join changed_stages as e
        on e.county_code = l.county_code and e.school_id = l.school_id and e.stage = l.stage
    left join changed_premises as p on p.county_code = l.county_code and p.school_id = l.school_id
    left join closed_schools as x on x.county_code = l.county_code and x.school_id = l.school_id
)

{% endif %}
select
    c.*
    {% for derived in derived_facts %}
    , cast(c.{{ derived.added | join(" + c.") }}
    {%- for part in derived.subtracted %} - c.{{ part }}{% endfor %} as decimal(18, 4)) as {{ derived.fact }}
    {% endfor %}
from {{ "changed" if changed else "reported" }} as c
