"""What the schools of an invented county have: teachers, buildings, grounds, equipment, money, special rooms."""

from __future__ import annotations

import math
from collections import Counter

from demo.county import County, Row, rising, stream

# What an ordinary school of the county has: teachers and rooms per 100 pupils, ㎡ and yuan per
# pupil. A `School.level` of 1.0 means exactly this.
TYPICAL = {
    "primary": {"teachers": 5.2, "backbone": 1.2, "pe_arts": 1.12, "teaching_area": 5.6,
                "sports_area": 9.3, "equipment": 2600.0, "multimedia": 2.9},
    "junior": {"teachers": 7.3, "backbone": 1.27, "pe_arts": 1.13, "teaching_area": 7.2,
               "sports_area": 12.6, "equipment": 3200.0, "multimedia": 3.0},
    "senior": {"teachers": 7.6, "backbone": 1.40, "pe_arts": 0.80, "teaching_area": 7.6,
               "sports_area": 11.0, "equipment": 3600.0, "multimedia": 3.0},
}  # fmt: skip
STAGE_BULK = {"primary": 1.0, "junior": 1.15, "senior": 1.35}  # how much room a pupil takes up


def make_enrolment(county: County) -> list[Row]:
    """Pupils and teachers of every stage of every open school."""
    rows: list[Row] = []
    for year, school, stage in county.reported():
        draw, elapsed = stream(county.seed, school.id, year, stage), year - county.first
        pupils = county.pupils(year, school, stage)
        people = {
            resource: round(
                county.provided_for(year, school, stage, resource) / 100
                * TYPICAL[stage][resource] * school.level(resource, elapsed, stage)
            )
            for resource in ("teachers", "backbone", "pe_arts")
        }  # fmt: skip
        teachers = max(people["teachers"], 1)
        degrees = rising(0.955, 0.99, elapsed) if stage == "primary" else rising(0.9, 0.95, elapsed)
        certified = 1 - 0.006 * max(4 - elapsed, 0) * draw.random()
        trained = rising(0.86, 1, elapsed) + (0.02 * draw.random() if elapsed < 5 else 0)
        contract = rising(0.10, 0.03, elapsed) * draw.uniform(0.4, 1.4)
        migrants = (0.16 if school.private else 0.11) if school.central else 0.01
        rows.append({
            "school_id": school.id, "year": year, "stage": stage, "pupils": pupils,
            "teachers": teachers, "teachers_above_degree": round(teachers * degrees),
            "backbone_teachers": min(people["backbone"], teachers),
            "pe_arts_teachers": min(people["pe_arts"], teachers),
            "certified_teachers": math.floor(teachers * certified),
            "trained_teachers": math.floor(teachers * trained),
            "contract_teachers": math.floor(teachers * contract),
            "shared_pe_arts_teachers": int(not school.central and 0 < pupils < 100),
            "staff": teachers + math.ceil(teachers * (0.25 if school.private else 0.06)),
            "migrant_pupils": round(pupils * migrants * draw.uniform(0.8, 1.2)),
        })  # fmt: skip
    return rows


def make_premises(county: County, figures: list[Row]) -> list[Row]:
    """Buildings, grounds, equipment and money of every open school."""
    quota = {(row["year"], row["figure"]): int(str(row["value"])) for row in figures
             if str(row["figure"]).startswith("quota_")}  # fmt: skip
    rows: list[Row] = []
    for year in county.years:
        for school in county.open_schools(year):
            draw, elapsed = stream(county.seed, school.id, year, "premises"), year - county.first
            stages = school.stages
            bulk = {stage: STAGE_BULK[stage] / STAGE_BULK[stages[0]] for stage in stages}
            amount = {
                resource: school.level(resource, elapsed)
                * max(TYPICAL[stage][resource] / bulk[stage] for stage in bulk)
                * sum(bulk[t] * county.provided_for(year, school, t, resource) for t in bulk)
                for resource in ("teaching_area", "sports_area", "equipment", "multimedia")
            }
            teaching, sports = round(amount["teaching_area"]), round(amount["sports_area"])
            indoor = round(sports * 0.07) if sports > 5000 else 0
            pupils = {stage: county.pupils(year, school, stage) for stage in stages}
            rate = {stage: quota.get((year, f"quota_{stage}_yuan"), 1200) for stage in stages}
            funds = sum(pupils[stage] * rate[stage] for stage in pupils)
            unpaid = elapsed < 2 and stream(county.seed, school.id, "small school").random() < 0.2
            if sum(pupils.values()) < 100 and not unpaid:
                funds = max(funds, 100 * max(rate.values()))
            funds = round(funds * draw.uniform(1.03, 1.09))
            leased = stream(county.seed, school.id, "leased").random() < 0.1 and school.central
            rows.append({
                "school_id": school.id, "year": year, "teaching_area_m2": teaching + indoor,
                "indoor_sports_area_m2": indoor, "sports_ground_area_m2": sports - indoor,
                "equipment_value_yuan": round(amount["equipment"]) // 100 * 100,
                "multimedia_rooms": round(amount["multimedia"] / 100),
                "operating_funds_yuan": funds,
                "training_budget_yuan": math.ceil(
                    funds * (rising(0.046, 0.056, elapsed) + 0.009 * draw.random())
                ),
                "leased_sports_area_m2": 1200 if leased else 0,
            })  # fmt: skip
    return rows


def make_special_rooms(county: County, classes: list[Row]) -> list[Row]:
    """Music and art rooms, one of each for every twelve classes; the last is at times too small."""
    count = Counter((row["school_id"], row["year"]) for row in classes)
    rows: list[Row] = []
    for year in county.years:
        for school in county.open_schools(year):
            draw = stream(county.seed, school.id, "special rooms")
            late = school.weak_for_long and school.kind == "junior"
            years_to_finish = 9 if late else draw.choice((0,) * 13 + (2, 3, 4))
            for kind, full, cramped in (("music", 97, 68), ("art", 91, 62)):
                rooms = math.ceil(count[school.id, year] / 12)
                for number in range(rooms):
                    waits = year - county.first < years_to_finish and number == rooms - 1
                    area = (cramped if waits else full) + draw.randint(0, 18)
                    rows.append({"school_id": school.id, "year": year, "kind": kind,
                                 "area_m2": area})  # fmt: skip
    return rows
