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
    Readings,
    Row,
    School,
    Tables,
    all_of,
    number,
    printed_as,
    verdict_of,
)

Item = tuple[str, Fraction | None]

JUDGED_ONLY = ("G1", "G2", "G10", "Q3", "Q5", "Q6", "Q7", "Q8")
COUNTY_CONDITIONS = (
    "veto_exam_admission", "veto_school_choice", "veto_key_schools", "veto_staffing",
    "veto_safety", "veto_fraud", "veto_tutoring", "precondition_basic_balance", "precondition_monitoring",
)  # fmt: skip
ITEM_ORDER = (
    *(f"G{place}" for place in range(1, 16)),
    *(f"Q{place}" for place in range(1, 10)),
    "satisfaction",
    *COUNTY_CONDITIONS,
)


# The first year in which the state monitors a subject, and how a result names it here.
SUBJECTS_OF_2015 = ("chinese", "mathematics", "science", "physical_education", "arts", "moral_education")
SUBJECTS_OF_2021 = (*SUBJECTS_OF_2015, "english", "labour", "mental_health")
FIRST_YEAR_OF_TUTORING = 2018


class CountySheets:
    """The county's figures, judgements and survey of one year."""

    def __init__(self, tables: Tables, year: int, readings: Readings) -> None:
        def of_year(sheet: str, key: str) -> dict[str, Row]:
            return {row[key]: row for row in tables.get(sheet, []) if int(row["year"]) == year}

        self._figures = of_year("county_figures", "figure")
        self._judgements = of_year("judgements", "item")
        self._survey = of_year("survey", "group")
        self.is_printed = readings["rounding_before_judging"] == "rounded"

    def figure(self, code: str) -> Fraction | None:
        """One county figure; nothing where it is not reported."""
        return number(self._figures.get(code), "value")

    def surveyed(self, column: str) -> Fraction | None:
        """A count of the survey: the county's total, or that of its groups where it gives no total."""
        if "all" in self._survey:
            return number(self._survey["all"], column)
        counts = [number(row, column) for row in self._survey.values()]
        known = [count for count in counts if count is not None]
        return sum(known, Fraction(0)) if known and len(known) == len(counts) else None

    def judged(self, code: str) -> Item:
        """What people judged on documents; no judgement leaves it open."""
        return (self._judgements.get(code, {}).get("status") or NOT_ASSESSABLE), None

    def share(self, part: str, whole: str, least: str) -> Item:
        """A share of two county figures, printed in percent, against the least it may be."""
        return self.percentage(self.figure(part), self.figure(whole), least)

    def percentage(self, part: Fraction | None, whole: Fraction | None, least: str) -> Item:
        """A share that the form prints in percent with one decimal, which may be what is judged."""
        verdict, value = at_least(part, whole, Fraction(least))
        if self.is_printed and value is not None:
            verdict = verdict_of(printed_as(100 * value, 1) >= 100 * Fraction(least))
        return verdict, value


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


def room_areas(school: School, readings: Readings, surely: bool) -> dict[str, int]:
    """How large a room must be to count; `surely` or at best, where a school may turn out to be small."""
    if readings["relief_room_area"] == "off":
        return ROOM_AREAS
    largest = max((roll for rolls in school.classes.values() for roll in rolls), default=0)
    may_be_small = school.zone == "rural" and largest < 30
    is_surely_small = school.is_small and not school.unknown_class_stages
    if may_be_small and (is_surely_small if surely else school.least_pupils < 100):
        return dict.fromkeys(ROOM_AREAS, 54 if school.kind in ("primary", "teaching_point") else 61)
    is_old = school.built_year is not None and school.built_year <= 2016
    return {"music": 73, "art": 67} if is_old else ROOM_AREAS


def enough_rooms(school: School, readings: Readings) -> bool | None:
    """G3: one music and one art room of full size for every twelve classes begun, or one of the two."""
    needed = ceil(Fraction(school.class_count, 12))
    certain, possible = {}, {}
    for kind in ROOM_AREAS:
        surely, at_best = (room_areas(school, readings, sure)[kind] for sure in (True, False))
        certain[kind] = sum(one is not None and one >= surely for one in school.rooms[kind])
        possible[kind] = sum(one is None or one >= at_best for one in school.rooms[kind])
    others = readings["special_room_classes"] == "all" and any(
        school.pupils(stage) != 0 for stage in school.stages if stage not in COMPULSORY
    )
    unknown = bool(others or school.unknown_class_stages)
    if readings["music_art_rooms"] == "summed":
        certain, possible = ({"both": sum(counts.values())} for counts in (certain, possible))
    if any(count < needed for count in possible.values()):
        return False
    return None if unknown or any(count < needed for count in certain.values()) else True


def special_rooms(schools: list[School], tables: Tables, year: int, readings: Readings) -> Item:
    """G3: without a single room reported in the county nothing is known of any school's."""
    if not any(int(row["year"]) == year for row in tables.get("special_rooms", [])):
        return NOT_ASSESSABLE, None
    return count_failures(
        [
            in_scope_and(school.has_pupils, enough_rooms(school, readings))
            for school in schools
            if school.has_pupils is not False
        ]
    )


def size_limit(school: School, readings: Readings) -> int:
    """The most compulsory pupils that a school may have."""
    several = school.kind in ("nine_year", "twelve_year") or (
        school.kind == "combined_secondary" and readings["combined_secondary_size"] == "multi_stage"
    )
    migrants = [number(school.reported.get(stage), "migrant_pupils") for stage in school.compulsory_stages]
    known = [count for count in migrants if count is not None]
    many = len(known) == len(migrants) and school.pupils_complete and 2 * sum(known) > school.least_pupils
    is_old = school.built_year is not None and school.built_year <= 2010
    if readings["relief_school_size"] == "on" and (many or is_old):
        return 3000 if several else 2400
    return 2500 if several else 2000


def school_sizes(schools: list[School], readings: Readings) -> Item:
    """G4: no school above 2,000 compulsory pupils, nine- and twelve-year schools 2,500; a vocational one perhaps none."""
    results: list[bool | None] = []
    for school in schools:
        if school.has_pupils is False:
            continue
        forbidden = school.kind == "vocational" and readings["vocational_classes"] == "fails"
        if school.least_pupils > (0 if forbidden else size_limit(school, readings)):
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


def funds_needed(school: School, quotas: dict[str, Fraction | None], at_most: bool) -> Fraction | None:
    """What a school of less than a hundred pupils must be given: each by its stage's quota, the rest by the larger."""
    taught = [stage for stage in school.compulsory_stages if school.pupils(stage) != 0]
    known = [quota for quota in (quotas[stage] for stage in taught) if quota is not None]
    if len(known) < len(taught):
        return None
    own = [(school.pupils(stage) or 0) * quota for stage, quota in zip(taught, known, strict=True)]
    if at_most or not school.pupils_complete:
        return 100 * max(known)
    return sum(own, Fraction(0)) + (100 - school.least_pupils) * max(known)


def small_school_funds(schools: list[School], sheets: CountySheets, readings: Readings) -> Item:
    """G6: primary schools and teaching points of 1 to 99 pupils, or every such school, are funded as if they had 100."""
    results = []
    village = readings["small_school_funds"] == "village"
    quotas = {stage: sheets.figure(f"quota_{'primary' if village else stage}_yuan") for stage in COMPULSORY}
    for school in schools:
        if (village and school.kind not in ("primary", "teaching_point")) or school.least_pupils >= 100:
            continue
        if school.has_pupils is False:
            continue
        funds = number(school.premises, "operating_funds_yuan")
        small = True if school.pupils_complete else None
        enough = product_holds(funds, Fraction(1), funds_needed(school, quotas, at_most=False))
        results.append(in_scope_and(small, enough))
    return count_failures(results) if results else (NOT_APPLICABLE, Fraction(0))


def training_base(school: School) -> Fraction | None:
    """What Q4 is measured on: the budget, else the running funds; 5 % of nothing says nothing."""
    budget = number(school.premises, "operating_budget_yuan")
    base = number(school.premises, "operating_funds_yuan") if budget is None else budget
    return base or None


def training_budgets(schools: list[School]) -> Item:
    """Q4: every school sets aside 5 % of its operating budget for training teachers."""
    results = []
    for school in schools:
        base = training_base(school)
        enough = product_holds(number(school.premises, "training_budget_yuan"), Fraction(5, 100), base)
        if school.has_pupils is not False:
            results.append(None if base is None else in_scope_and(school.has_pupils, enough))
    return count_failures(results)


def every_teacher(schools: Iterable[School], column: str, is_printed: bool) -> Item:
    """G9 and G12: every teacher counts; one stage where some are missing fails the county.

    Where the printed percentage is what is judged, 99.95 % is printed as 100.0 %.
    """
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
    if is_printed and len(known_wholes) == len(wholes) and sum(known_wholes) > 0:
        pairs = zip(parts, known_wholes, strict=True)
        at_best = sum(whole if part is None else min(part, whole) for part, whole in pairs)
        failed = printed_as(100 * at_best / Fraction(sum(known_wholes)), 1) < 100
    elif is_printed:
        failed = False
    if complete and sum(known_wholes) > 0:
        return verdict_of(not failed), sum(known_parts) / Fraction(sum(known_wholes))
    return (NOT_MET if failed else NOT_ASSESSABLE), None


def retention(sheets: CountySheets, formula: str) -> Item:
    """Q1: of the pupils who entered three years ago, those who stayed to graduate; who moved counts above or below."""
    names = ("graduated", "transferred_in", "transferred_out", "entered", "died")
    figures = [sheets.figure(f"cohort_{name}") for name in names]
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(names):
        return NOT_ASSESSABLE, None
    graduated, moved_in, moved_out, entered, died = known
    if formula == "cohort_adjusted":
        return sheets.percentage(graduated, entered + moved_in - moved_out - died, "0.95")
    return sheets.percentage(graduated - moved_in + moved_out, entered - died, "0.95")


def disabled_enrolment(sheets: CountySheets) -> Item:
    """Q2: disabled children taught in special schools, in ordinary ones or at home."""
    places = [sheets.figure(f"disabled_{s}") for s in ("special_school", "inclusive", "home_taught")]
    known = [place for place in places if place is not None]
    taught = sum(known, Fraction(0)) if len(known) == len(places) else None
    return sheets.percentage(taught, sheets.figure("disabled_school_age"), "0.95")


def special_education(sheets: CountySheets, readings: Readings) -> Item:
    """G7: 8,000 yuan a pupil in special schools, or of all pupils with special needs together."""
    sides = []
    for figure in ("funds_yuan", "pupils"):
        special, inclusive = sheets.figure(f"special_education_{figure}"), sheets.figure(f"inclusive_{figure}")
        both_known = special is not None and inclusive is not None
        together = special + inclusive if both_known else None  # type: ignore[operator]
        sides.append(together if readings["special_funds"] == "with_inclusive" else special)
    return at_least(sides[0], sides[1], Fraction(8000))


def national_monitoring(tables: Tables, year: int, readings: Readings) -> Item:
    """Q9: each subject's latest result of three years, level III and schools alike enough."""
    since = year if readings["monitoring_window"] == "same_year" else year - 2
    monitored = SUBJECTS_OF_2021 if year >= 2021 else SUBJECTS_OF_2015
    latest: dict[tuple[str, str], Row] = {}
    for row in sorted(tables.get("monitoring", []), key=lambda one: int(one["year"])):
        if since <= int(row["year"]) <= year:
            latest[row["grade"], row["subject"]] = row
    failing, unknown = set(), not latest
    for (_, subject), row in latest.items():
        level, rate = number(row, "level"), number(row, "between_school_rate")
        if (level is not None and level < 3) or (rate is not None and rate >= Fraction(15, 100)):
            failing.add(subject)
        unknown |= level is None or rate is None
    if failing:
        return NOT_MET, Fraction(len(failing))
    if readings["monitoring_subjects"] == "all":
        unknown |= bool(set(monitored) - {subject for _, subject in latest})
    return (NOT_ASSESSABLE, None) if unknown else (MET, Fraction(0))


def printed(code: str, verdict: str, value: Fraction | None) -> dict[str, Any]:
    """One item as the contract prints it: an undecided item shows no figure."""
    shown = None if value is None or verdict == NOT_ASSESSABLE else float(value)
    return {"code": code, "verdict": verdict, "value": shown}


def county_items(
    tables: Tables, year: int, schools: list[School], readings: Readings, evaluated: set[str]
) -> list[dict[str, Any]]:
    """Every item in the rules' order with its verdict and figure; `evaluated` schools have a row of their own."""
    sheets = CountySheets(tables, year, readings)
    covered = [school for school in schools if readings["item_schools"] == "all" or school.school_id in evaluated]
    ordinary = [school for school in covered if school.ordinary]
    not_special = [school for school in covered if school.kind != "special"]
    every_ordinary = [school for school in schools if school.ordinary]
    not_vocational = [school for school in schools if school.kind != "vocational"]
    satisfied, valid = sheets.surveyed("satisfied"), sheets.surveyed("valid")
    items: dict[str, Item] = {code: sheets.judged(code) for code in JUDGED_ONLY + COUNTY_CONDITIONS}
    items |= {
        "G3": special_rooms(ordinary, tables, year, readings),
        "G4": school_sizes(not_special, readings),
        "G5": class_rolls(not_special),
        "G6": small_school_funds(every_ordinary, sheets, readings),
        "G7": special_education(sheets, readings),
        "G8": both(
            at_least(sheets.figure("teacher_pay_yuan"), sheets.figure("civil_servant_pay_yuan"), Fraction(1)),
            sheets.judged("G8"),
        ),
        "G9": every_teacher(not_vocational, "trained_teachers", sheets.is_printed),
        "G11": both(
            sheets.share("rotation_rotated", "rotation_eligible", "0.10"),
            sheets.share("rotation_backbone", "rotation_rotated", "0.20"),
        ),
        "G12": every_teacher(not_vocational, "certified_teachers", sheets.is_printed),
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
        "Q1": retention(sheets, readings["retention_formula"]),
        "Q2": disabled_enrolment(sheets),
        "Q4": training_budgets(ordinary),
        "Q9": national_monitoring(tables, year, readings),
        "satisfaction": sheets.percentage(satisfied, valid, "0.85"),
    }
    if year < FIRST_YEAR_OF_TUTORING or readings["tutoring_veto"] == "off":
        items["veto_tutoring"] = NOT_APPLICABLE, None
    return [printed(code, *items[code]) for code in ITEM_ORDER]
