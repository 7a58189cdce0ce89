"""Pupils year by year: who starts, moves up, moves to the county town or leaves, and the classes they form."""

from __future__ import annotations

import math
from collections import defaultdict

from demo.county import GRADES, MILESTONE, County, Roll, Row, apportion, stream

# Largest class that a school of the county town forms, by year: (share of schools, pupils).
CLASS_CAPS = (
    ((0.15, 69), (0.45, 60), (0.80, 55), (1.0, 50)),
    ((0.15, 68), (0.40, 59), (0.80, 55), (1.0, 50)),
    ((0.12, 57), (0.34, 54), (1.0, 50)),
    ((0.15, 53), (1.0, 50)),
    ((0.30, 50), (1.0, 47)),
    ((0.08, 47), (1.0, 45)),
)
JUNIOR_EXTRA_SEATS = 5  # once the caps fall below 50, junior classes may be this much larger
ENTRY_TREND = (1.01, 1.0, 0.98, 0.965, 0.945)  # first-graders of the county town, year on year


def first_roll(county: County) -> Roll:
    """Pupils by grade in the first year: each stage's size spread over its grades."""
    roll: Roll = {}
    for school in county.open_schools(county.first):
        draw, grades = stream(county.seed, school.id, "first roll"), roll.setdefault(school.id, {})
        for stage in school.stages:
            for step, grade in enumerate(GRADES[stage]):
                slope = 1.05 - 0.02 * step if stage == "primary" else 1.02 - 0.02 * step
                share = school.size[stage] / len(GRADES[stage])
                grades[grade] = round(share * slope * draw.uniform(0.96, 1.04))
    return roll


def next_roll(county: County, year: int) -> Roll:
    """Pupils by grade one year on: every child moves up, moves to the county town, or leaves."""
    elapsed, old = year - county.first, county.rolls[year - 1]
    families_move = elapsed == MILESTONE  # a single year, which no trend foretells
    new: Roll = {s.id: {g: 0 for t in s.stages for g in GRADES[t]} for s in county.open_schools(year)}
    to_town: dict[int, int] = defaultdict(int)  # grade → children coming to the county town
    town_entry = 0

    for school in (s for s in county.schools if s.id in old and s.ordinary):
        draw, before = stream(county.seed, school.id, "roll", year), old[school.id]
        refuge = school if school.taught_in(year) else county.local(school.township, "primary")
        home = new[refuge.id] if refuge and refuge.taught_in(year) else None
        stay = draw.uniform(0.995, 1.008)
        if not school.central:
            stay = draw.uniform(0.95, 0.985) - (0.2 if families_move else 0)
        for grade, pupils in before.items():
            if grade not in (6, 9, 12):
                kept = math.floor(pupils * stay + draw.random()) if home else 0
                if home:
                    home[grade + 1] += kept
                if not school.central:
                    to_town[grade + 1] += pupils - kept
        if 10 in before:
            new[school.id][10] = round(before[10] * draw.uniform(0.98, 1.03))
        if school.central:
            town_entry += before.get(1, 0)
        elif home and 1 in before:
            births = before[1] * draw.uniform(0.9, 0.98) * (0.8 if families_move else 1)
            home[1] += math.floor(births + draw.random())
            to_town[1] += before[1] // 5 if families_move else 0
        leavers = before.get(6, 0)
        own = school if "junior" in school.stages else county.local(school.township, "junior")
        stayers = round(leavers * (0.8 if school.central else 0.72)) if own else 0
        to_town[7] += round((leavers - stayers) * 0.9)  # some go on outside the county
        if own:
            new[own.id][7] += stayers
    for school in county.open_schools(year):
        draw = stream(county.seed, school.id, "roll", year)
        for grade in () if school.ordinary else new[school.id]:
            first_grade = (30, 40) if school.kind == "vocational" else (7, 10)
            # Its own pupils come from every school of the county.
            moved_up = old[school.id].get(grade - 1) if grade != 10 else None
            new[school.id][grade] = moved_up or draw.randint(*(first_grade if grade < 10 else (130, 150)))

    town = [s for s in county.open_schools(year) if s.central and s.ordinary]
    primaries = [s for s in town if "primary" in s.stages]
    entry = apportion(
        round(town_entry * ENTRY_TREND[min(elapsed, len(ENTRY_TREND)) - 1]),
        [s.size["primary"] for s in primaries],
    )
    for school, children in zip(primaries, entry, strict=True):
        seats = min(children, 305) if elapsed > 1 else children  # at most seven classes
        new[school.id][1] += seats
        to_town[1] += children - seats
    receiving = {
        "primary": [s for s in primaries if not s.private and s.size["primary"] < 1600],
        "junior": [s for s in town if s.kind in ("junior", "combined_secondary")],
    }
    for grade, children in sorted(to_town.items()):
        stage = "primary" if grade in GRADES["primary"] else "junior"
        shares = apportion(children, [s.size[stage] for s in receiving[stage]])
        for school, arrivals in zip(receiving[stage], shares, strict=True):
            new[school.id][grade] += arrivals
    for campus in (s for s in primaries if s.id not in old):  # relieves the crowded schools
        for school in (s for s in primaries if s is not campus):
            for grade in range(2, 6):
                crowded = school.crowding.get("primary", 1) < 0.5
                moved = round(new[school.id][grade] * (0.13 if crowded else 0.05))
                new[school.id][grade] -= moved
                new[campus.id][grade] += moved
    return new


def make_classes(county: County) -> list[Row]:
    """Every class and its pupils; a cohort keeps its classes and is split when they get large."""
    rows: list[Row] = []
    formed: dict[tuple[str, int, int], int] = {}
    for year, school, stage in county.reported():
        caps = CLASS_CAPS[min(year - county.first, len(CLASS_CAPS) - 1)]
        crowding = school.crowding.get(stage, 1.0)
        cap = next(pupils for share, pupils in caps if crowding <= share)
        cap += JUNIOR_EXTRA_SEATS if stage == "junior" and cap < 50 else 0
        for grade in GRADES[stage] if stage != "senior" else ():
            pupils = county.rolls[year][school.id][grade]
            draw = stream(county.seed, school.id, year, grade)
            before = formed.get((school.id, year - 1, grade - 1), 0) if grade != 7 else 0
            count = max(math.ceil(pupils / cap), before if pupils >= 25 * before else 0)
            formed[school.id, year, grade] = count
            sizes = apportion(pupils, [1.0] * count)
            for i in range(0, count - 1, 2):
                moved = min(draw.randint(0, 2), cap - sizes[i], sizes[i + 1] - 1)
                sizes[i], sizes[i + 1] = sizes[i] + moved, sizes[i + 1] - moved
            rows += [
                {"school_id": school.id, "year": year, "stage": stage, "grade": grade,
                 "class_no": number, "pupils": size}
                for number, size in enumerate(sizes, 1)
            ]  # fmt: skip
    return rows
