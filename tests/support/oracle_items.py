"""The county's items, G1 to the preconditions, for the independent witness."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from tests.support.oracle_facts import (
    CLASS_LIMITS,
    COMPULSORY,
    MET,
    NOT_APPLICABLE,
    NOT_ASSESSABLE,
    NOT_MET,
    ROOM_AREAS,
    Row,
    School,
    Tables,
    all_of,
    number,
    verdict_of,
)

Item = tuple[str, Fraction | None]

SIZE_LIMITS = {"nine_year": 2500, "twelve_year": 2500}
JUDGED_ONLY = ("G1", "G2", "G10", "Q3", "Q5", "Q6", "Q7", "Q8")
COUNTY_CONDITIONS = (
    "veto_exam_admission", "veto_school_choice", "veto_key_schools", "veto_staffing",
    "veto_safety", "veto_fraud", "precondition_basic_balance", "precondition_monitoring",
)  # fmt: skip
ITEM_ORDER = (
    *(f"G{place}" for place in range(1, 16)),
    *(f"Q{place}" for place in range(1, 10)),
    "satisfaction",
    *COUNTY_CONDITIONS,
)


class CountySheets:
    """The county's figures, judgements and survey of one year."""

    def __init__(self, tables: Tables, year: int) -> None:
        def of_year(sheet: str, key: str) -> dict[str, Row]:
            return {row[key]: row for row in tables.get(sheet, []) if int(row["year"]) == year}

        self._figures = of_year("county_figures", "figure")
        self._judgements = of_year("judgements", "item")
        self.survey = of_year("survey", "group")

    def figure(self, code: str) -> Fraction | None:
        """One county figure; nothing where it is not reported."""
        return number(self._figures.get(code), "value")

    def judged(self, code: str) -> Item:
        """What people judged on documents; no judgement leaves it open."""
        return (self._judgements.get(code, {}).get("status") or NOT_ASSESSABLE), None

    def share(self, part: str, whole: str, least: str) -> Item:
        """A share of two county figures against the least it may be."""
        return at_least(self.figure(part), self.figure(whole), Fraction(least))


def at_least(part: Fraction | None, whole: Fraction | None, least: Fraction) -> Item:
    """Whether part is at least so much of the whole; a share of nothing is undefined."""
    if part is None or whole is None or whole <= 0:
        return NOT_ASSESSABLE, None
    return verdict_of(part >= least * whole), part / whole


def both(first: Item, second: Item) -> Item:
    """Two tests of one item; the first one's figure stands for it."""
    return all_of([first[0], second[0]]), first[1]


def count_failures(results: Sequence[bool | None]) -> Item:
    """Every school or class must hold; the figure is how many definitely do not."""
    failures = sum(result is False for result in results)
    if failures:
        return NOT_MET, Fraction(failures)
    if not results or None in results:
        return NOT_ASSESSABLE, None
    return MET, Fraction(0)


def in_scope_and(in_scope: bool | None, holds: bool | None) -> bool | None:
    """A requirement on a school that may be outside the requirement's scope."""
    if in_scope is False or holds is True:
        return True
    return holds if in_scope else None


def product_holds(figure: Fraction | None, share: Fraction, base: Fraction | None) -> bool | None:
    """Whether the figure reaches a share of the base; open where either is not reported."""
    return None if figure is None or base is None else figure >= share * base


def enough_rooms(school: School) -> bool | None:
    """G3: one music and one art room of full size for every twelve classes begun."""
    needed = ceil(Fraction(school.class_count, 12))
    counts = []
    for kind, area in ROOM_AREAS.items():
        certain = sum(one is not None and one >= area for one in school.rooms[kind])
        possible = certain + school.rooms[kind].count(None)
        if possible < needed:
            return False
        counts.append(certain >= needed and not school.unknown_class_stages)
    return True if all(counts) else None


def special_rooms(schools: list[School], tables: Tables, year: int) -> Item:
    """G3: without a single room reported in the county nothing is known of any school's."""
    if not any(int(row["year"]) == year for row in tables.get("special_rooms", [])):
        return NOT_ASSESSABLE, None
    return count_failures(
        [in_scope_and(school.has_pupils, enough_rooms(school)) for school in schools if school.has_pupils is not False]
    )


def school_sizes(schools: list[School]) -> Item:
    """G4: no school above 2,000 compulsory pupils, nine- and twelve-year schools 2,500."""
    results: list[bool | None] = []
    for school in schools:
        if school.has_pupils is False:
            continue
        if school.least_pupils > SIZE_LIMITS.get(school.kind, 2000):
            results.append(False)
        else:
            results.append(True if school.pupils_complete else None)
    return count_failures(results)


def class_rolls(schools: list[School]) -> Item:
    """G5: no primary class above 45 pupils, no junior class above 50."""
    results: list[bool | None] = []
    for school in schools:
        results += [None for _ in school.unknown_class_stages]
        for stage in COMPULSORY:
            results += [roll <= CLASS_LIMITS[stage] for roll in school.classes.get(stage, [])]
    return count_failures(results)


def small_school_funds(schools: list[School], quota: Fraction | None) -> Item:
    """G6: primary schools and teaching points of 1 to 99 pupils are funded as if they had 100."""
    results = []
    for school in schools:
        if school.kind not in ("primary", "teaching_point") or school.least_pupils >= 100:
            continue
        if school.has_pupils is False:
            continue
        funds = number(school.premises, "operating_funds_yuan")
        small = True if school.pupils_complete else None
        results.append(in_scope_and(small, product_holds(funds, Fraction(100), quota)))
    return count_failures(results) if results else (NOT_APPLICABLE, Fraction(0))


def training_budgets(schools: list[School]) -> Item:
    """Q4: every school sets aside 5 % of its operating funds for training teachers."""
    return count_failures(
        [
            in_scope_and(
                school.has_pupils,
                product_holds(
                    number(school.premises, "training_budget_yuan"),
                    Fraction(5, 100),
                    number(school.premises, "operating_funds_yuan"),
                ),
            )
            for school in schools
            if school.has_pupils is not False
        ]
    )


def every_teacher(schools: Iterable[School], column: str) -> Item:
    """G9 and G12: every teacher counts; one stage where some are missing fails the county."""
    parts, wholes, failed = [], [], False
    for school in schools:
        # A special school reports at least one stage; which one is its own affair.
        for stage in school.compulsory_stages or COMPULSORY[:1]:
            row = school.reported.get(stage)
            part, whole = number(row, column), number(row, "teachers")
            failed |= part is not None and whole is not None and part < whole
            parts.append(part)
            wholes.append(whole)
    known_parts = [part for part in parts if part is not None]
    known_wholes = [whole for whole in wholes if whole is not None]
    complete = len(known_parts) == len(parts) and len(known_wholes) == len(wholes)
    if complete and sum(known_wholes) > 0:
        return verdict_of(not failed), sum(known_parts) / Fraction(sum(known_wholes))
    return (NOT_MET if failed else NOT_ASSESSABLE), None


def retention(sheets: CountySheets) -> Item:
    """Q1: of the pupils who entered three years ago, those who stayed to graduate."""
    names = ("graduated", "transferred_in", "transferred_out", "entered", "died")
    figures = [sheets.figure(f"cohort_{name}") for name in names]
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(names):
        return NOT_ASSESSABLE, None
    graduated, moved_in, moved_out, entered, died = known
    return at_least(graduated - moved_in + moved_out, entered - died, Fraction(95, 100))


def disabled_enrolment(sheets: CountySheets) -> Item:
    """Q2: disabled children taught in special schools, in ordinary ones or at home."""
    places = [sheets.figure(f"disabled_{s}") for s in ("special_school", "inclusive", "home_taught")]
    known = [place for place in places if place is not None]
    taught = sum(known, Fraction(0)) if len(known) == len(places) else None
    return at_least(taught, sheets.figure("disabled_school_age"), Fraction(95, 100))


def national_monitoring(tables: Tables, year: int) -> Item:
    """Q9: each subject's latest result of three years, level III and schools alike enough."""
    latest: dict[tuple[str, str], Row] = {}
    for row in sorted(tables.get("monitoring", []), key=lambda one: int(one["year"])):
        if year - 2 <= int(row["year"]) <= year:
            latest[row["grade"], row["subject"]] = row
    failing, unknown = set(), not latest
    for (_, subject), row in latest.items():
        level, rate = number(row, "level"), number(row, "between_school_rate")
        if (level is not None and level < 3) or (rate is not None and rate >= Fraction(15, 100)):
            failing.add(subject)
        unknown |= level is None or rate is None
    if failing:
        return NOT_MET, Fraction(len(failing))
    return (NOT_ASSESSABLE, None) if unknown else (MET, Fraction(0))


def printed(code: str, verdict: str, value: Fraction | None) -> dict[str, Any]:
    """One item as the contract prints it: an undecided item shows no figure."""
    shown = None if value is None or verdict == NOT_ASSESSABLE else float(value)
    return {"code": code, "verdict": verdict, "value": shown}


def county_items(tables: Tables, year: int, schools: list[School]) -> list[dict[str, Any]]:
    """Every item in the rules' order with its verdict and figure."""
    sheets = CountySheets(tables, year)
    ordinary = [school for school in schools if school.ordinary]
    not_vocational = [school for school in schools if school.kind != "vocational"]
    survey = sheets.survey.get("all")
    items: dict[str, Item] = {code: sheets.judged(code) for code in JUDGED_ONLY + COUNTY_CONDITIONS}
    items |= {
        "G3": special_rooms(ordinary, tables, year),
        "G4": school_sizes(ordinary),
        "G5": class_rolls(ordinary),
        "G6": small_school_funds(ordinary, sheets.figure("quota_primary_yuan")),
        "G7": sheets.share("special_education_funds_yuan", "special_education_pupils", "8000"),
        "G8": both(sheets.share("teacher_pay_yuan", "civil_servant_pay_yuan", "1"), sheets.judged("G8")),
        "G9": every_teacher(not_vocational, "trained_teachers"),
        "G11": both(
            sheets.share("rotation_rotated", "rotation_eligible", "0.10"),
            sheets.share("rotation_backbone", "rotation_rotated", "0.20"),
        ),
        "G12": every_teacher(not_vocational, "certified_teachers"),
        "G13": both(
            sheets.share("catchment_primary_in", "catchment_primary_all", "1"),
            sheets.share("catchment_junior_in", "catchment_junior_all", "0.95"),
        ),
        "G14": both(
            sheets.share("quota_places_allocated", "quota_places_planned", "0.50"),
            sheets.judged("G14"),
        ),
        "G15": both(
            sheets.share("migrant_children_served", "migrant_children_eligible", "0.85"),
            sheets.judged("G15"),
        ),
        "Q1": retention(sheets),
        "Q2": disabled_enrolment(sheets),
        "Q4": training_budgets(ordinary),
        "Q9": national_monitoring(tables, year),
        "satisfaction": at_least(number(survey, "satisfied"), number(survey, "valid"), Fraction(85, 100)),
    }
    return [printed(code, *items[code]) for code in ITEM_ORDER]
