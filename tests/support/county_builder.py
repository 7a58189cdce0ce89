"""Writes one random county, sheet by sheet, valid under the dataset contract."""

import random
from fractions import Fraction
from math import ceil, floor

from tests.support.oracle import LIMITS, PER
from tests.support.oracle_facts import ROOM_AREAS, STAGES_OF_KIND, WEIGHTS
from tests.support.oracle_items import COUNTY_CONDITIONS, JUDGED_ONLY

Row = dict[str, str]
Tables = dict[str, list[Row]]

YEAR = 2022
COLUMNS = {
    "townships": "code name lon lat",
    "schools": "school_id name kind township_code zone central_area ownership boarding built_year"
    " opened_year closed_year parent_school_id lon lat",
    "enrolment": "school_id year stage pupils teachers teachers_above_degree backbone_teachers"
    " pe_arts_teachers certified_teachers trained_teachers contract_teachers",
    "premises": "school_id year teaching_area_m2 indoor_sports_area_m2 sports_ground_area_m2"
    " equipment_value_yuan multimedia_rooms operating_funds_yuan training_budget_yuan",
    "classes": "school_id year stage grade class_no pupils",
    "class_bands": "school_id year stage grade band classes",
    "grade_enrolment": "school_id year stage grade pupils",
    "special_rooms": "school_id year kind area_m2",
    "county_figures": "year figure value",
    "judgements": "year item status document document_date note",
    "survey": "year group issued valid satisfied visited visited_satisfied",
    "monitoring": "year grade subject level between_school_rate",
}
TOWNSHIPS = {"350526100": "浔中镇", "350526101": "龙浔镇", "350526102": "三班镇"}
JUDGED = (*JUDGED_ONLY, "G8", "G14", "G15", *COUNTY_CONDITIONS)
GRADES = {"primary": (1, 6), "junior": (7, 9)}
KINDS = (
    ["primary"] * 6 + ["teaching_point"] * 4 + ["junior"] * 4 + ["nine_year"] * 3
    + ["combined_secondary"] * 2 + ["twelve_year"] * 2 + ["special", "vocational"]
)  # fmt: skip
SHARES = (
    ("special_education_funds_yuan", "special_education_pupils", Fraction(8000)),
    ("teacher_pay_yuan", "civil_servant_pay_yuan", Fraction(1)),
    ("rotation_rotated", "rotation_eligible", Fraction(10, 100)),
    ("rotation_backbone", "rotation_rotated", Fraction(20, 100)),
    ("catchment_primary_in", "catchment_primary_all", Fraction(1)),
    ("catchment_junior_in", "catchment_junior_all", Fraction(95, 100)),
    ("quota_places_allocated", "quota_places_planned", Fraction(50, 100)),
    ("migrant_children_served", "migrant_children_eligible", Fraction(85, 100)),
)


def text(value: Fraction | int | None) -> str:
    """The figure as a cell of at most two decimals; nothing where it is not reported."""
    if value is None:
        return ""
    return str(value) if value == int(value) else f"{float(value):.2f}"


def up_to(step: Fraction, value: Fraction) -> Fraction:
    """The least amount in the given unit that reaches the value."""
    return ceil(value / step) * step


class CountyBuilder:
    """Writes one random county, sheet by sheet, for its year and the year before."""

    def __init__(self, rng: random.Random, good: bool) -> None:
        self.rng = rng
        self.good = good
        self.tables: Tables = {sheet: [] for sheet in COLUMNS}
        self.optional = rng.random() < 0.3
        self.quota = Fraction(rng.choice((650, 700, 1150))) + Fraction(rng.choice((0, 55)), 100)
        for code, name in TOWNSHIPS.items():
            self.add("townships", code, name, "118.24", "25.49")

    def add(self, sheet: str, *cells: str | int, **optional: str) -> None:
        """One row of a sheet, in the order of its columns."""
        row = dict(zip(COLUMNS[sheet].split(), map(str, cells), strict=True))
        self.tables[sheet].append(row | (optional if self.optional else {}))

    def maybe(self, value: str) -> str:
        """The cell, sometimes not reported in a wild county."""
        return "" if not self.good and self.rng.random() < 0.03 else value

    def amount(self, needed: Fraction, step: Fraction) -> Fraction:
        """An amount in whole steps, about the limit or its floor, ties with both included."""
        limit, lowest = up_to(step, needed), up_to(step, needed * Fraction(85, 100))
        above = up_to(step, needed * Fraction(self.rng.randint(100, 125), 100))
        if self.good:
            return self.rng.choice((limit, above, above))
        below = self.rng.choice((limit - step, lowest, lowest - step, Fraction(0), above * 3))
        return max(Fraction(0), self.rng.choice((limit, above, above, above, below)))

    def pupils(self, kind: str) -> int:
        """Pupils of one stage, round numbers so that ties occur, and the law's own edges."""
        rng = self.rng
        if kind in ("teaching_point", "special"):
            return rng.choice((49, 50) if self.good else (0, 12, 49, 50, 60, 99, 100))
        usual = rng.choice((rng.randint(100, 700), 110 * rng.randint(1, 6), 100 * rng.randint(1, 6), 500, 1000))
        edges = (0, 1, 10, 50, 99, 100, 2000, 2001, 2400, 2401, 2500, 2501, 3000)
        return rng.choice(edges) if not self.good and rng.random() < 0.15 else usual

    def add_school(self, place: int) -> None:
        """A school with its figures in every year it is open, unless it reports none."""
        rng = self.rng
        first_kinds = ("primary", "junior", "primary", "nine_year")
        kind = first_kinds[place] if place < len(first_kinds) else rng.choice(KINDS)
        opened, closed = rng.choice((("", ""), ("1998", ""), ("1998", ""), (str(YEAR), "")))
        if place >= len(first_kinds) and rng.random() < 0.2:
            opened, closed = rng.choice(
                (
                    (str(YEAR + 1), ""),
                    ("", str(YEAR)),
                    ("1990", str(YEAR - 1)),
                    ("1990", str(YEAR + 1)),
                )
            )
        school_id = f"S{place:03d}"
        self.add(
            "schools", school_id, f"第{place}学校", kind, rng.choice(list(TOWNSHIPS)),
            self.maybe(rng.choice(("urban", "town", "rural"))), self.maybe(rng.choice("01")),
            self.maybe(rng.choice(("public", "public", "private"))), self.maybe(rng.choice("01")),
            self.maybe(rng.choice(("1988", "2010", "2011", "2016", "2017"))), opened, closed,
            rng.choice(("", "S000", "S001", "S003")) if place else "",
            "118.2", "25.5", permanent=rng.choice(("", "0", "1")),
        )  # fmt: skip
        for year in (YEAR - 1, YEAR):
            is_open = int(opened or 0) <= year < int(closed or 9999)
            if is_open and (self.good or rng.random() > 0.03):
                self.add_figures(school_id, kind, year)

    def add_figures(self, school_id: str, kind: str, year: int) -> None:
        """What one open school reports of one year."""
        rng = self.rng
        stages = list(STAGES_OF_KIND[kind]) or rng.choice((["primary"], ["primary", "junior"]))
        if kind in ("primary", "junior", "teaching_point") and rng.random() < 0.15:
            stages.append({"junior": "primary"}.get(kind, "junior"))
        if kind in ("primary", "teaching_point", "nine_year", "twelve_year") and rng.random() < 0.15:
            stages.append("preschool")
        if kind == "vocational" and rng.random() < 0.8:
            stages.append("senior")
        pupils = {stage: self.pupils(kind) for stage in stages}
        reported = [s for s in stages if self.good or kind == "special" or rng.random() > 0.02]
        classes = 0
        for stage in reported:
            unknown = not self.good and rng.random() < 0.03
            if stage in GRADES and not (unknown and rng.random() < 0.5):
                classes += self.add_classes(school_id, year, stage, pupils[stage])
            self.add_enrolment(school_id, year, stage, None if unknown else pupils[stage])
        if self.good or rng.random() > 0.03:
            self.add_premises(school_id, year, pupils)
        for room, full in ROOM_AREAS.items():
            count = ceil(Fraction(classes, 12))
            if not self.good:
                count = max(0, count + rng.choice((0, 0, 0, 0, 1, -1)))
            for _ in range(count):
                short = rng.choice(("", f"{full - 1}.99", "73", "72.99", "67", "66.99", "61", "60.99", "54", "53.99"))
                poor = not self.good and rng.random() < 0.3
                area = short if poor else str(rng.choice((full, full + 20)))
                self.add("special_rooms", school_id, year, room, area)

    def add_enrolment(self, school_id: str, year: int, stage: str, pupils: int | None) -> None:
        """One stage's pupils and teachers."""
        rng = self.rng
        if stage == "preschool":
            optional = dict.fromkeys(("shared_pe_arts_teachers", "staff", "migrant_pupils"), "")
            self.add("enrolment", school_id, year, stage, text(pupils), *[""] * 7, **optional)
            return
        limits = LIMITS["primary" if stage == "primary" else "junior"]
        people = [self.amount(Fraction(limits[code]) * (pupils or 0) / 100, Fraction(1)) for code in ("L1", "L2", "L3")]
        teachers = max(people) + rng.randint(0 if self.good else 1, 4)
        absent = Fraction(not self.good and rng.random() < 0.03)
        certified, trained = max(*people, teachers - absent), teachers - absent
        cells = [teachers, *people, certified, trained, Fraction(rng.randint(0, 3))]
        self.add(
            "enrolment", school_id, year, stage, text(pupils),
            *(self.maybe(text(cell)) for cell in cells),
            shared_pe_arts_teachers=rng.choice(("", "1")), staff=text(teachers + 2),
            migrant_pupils=rng.choice(("", "0", text(min(pupils or 0, (pupils or 0) // 2 + rng.choice((0, 1)))))),
        )  # fmt: skip

    def add_classes(self, school_id: str, year: int, stage: str, pupils: int) -> int:
        """The stage's classes, which together hold its pupils; returns their number."""
        largest = {"primary": 45, "junior": 50}[stage]
        if not self.good and self.rng.random() < 0.15:
            largest = self.rng.choice((46, 51, 55, 56, 65, 66, 70))
        first, last = GRADES[stage]
        rolls = [largest] * (pupils // largest) + [pupils % largest] * (pupils % largest > 0)
        for place, roll in enumerate(rolls):
            grade = first + place % (last - first + 1)
            self.add("classes", school_id, year, stage, grade, place + 1, roll)
        return len(rolls)

    def add_premises(self, school_id: str, year: int, pupils: dict[str, int]) -> None:
        """The school's buildings, equipment and money, shared by all its stages."""
        rng = self.rng
        weighted = sum(WEIGHTS[stage] * count for stage, count in pupils.items())
        taught = [stage for stage, count in pupils.items() if count and stage in LIMITS]

        def total(code: str, step: Fraction) -> Fraction:
            per_stage = [Fraction(LIMITS[stage][code]) * weighted / (WEIGHTS[stage] * PER[code]) for stage in taught]
            decisive = max if self.good else rng.choice
            return self.amount(decisive(per_stage) if per_stage else Fraction(0), step)

        cent = Fraction(1, 100)
        teaching, sports = total("L4", cent), total("L5", cent)
        indoor = sports * rng.choice((0, 0, Fraction(1, 10)))
        indoor = floor(indoor / cent) * cent
        funds = self.amount(max(100, sum(pupils.values())) * self.quota, cent)
        budget = self.amount(funds * Fraction(5, 100), cent)
        cells = [teaching + indoor, indoor, sports - indoor, total("L6", cent)]
        cells += [total("L7", Fraction(1)), funds, budget]
        self.add(
            "premises", school_id, year, *(self.maybe(text(cell)) for cell in cells),
            leased_sports_area_m2=rng.choice(("", "120.5")),
            operating_budget_yuan=rng.choice(("", text(funds), text(floor(budget * 20)), "0" if not self.good else "")),
        )  # fmt: skip

    def add_county_sheets(self, year: int) -> None:
        """The county's own figures, judgements, survey and monitoring."""
        rng = self.rng
        figures: dict[str, Fraction | int] = {"quota_primary_yuan": self.quota, "vacant_posts": 3}
        figures["quota_junior_yuan"] = self.quota + rng.choice((-50, 0, 150))
        if self.optional:
            figures |= {"inclusive_funds_yuan": rng.choice((0, 79_999, 80_000)), "inclusive_pupils": 10}
        for part, whole, least in SHARES:
            counted = rng.choice((20, 100, 200, 333, 2000, 40 if self.good else 0))
            figures.setdefault(whole, counted)
            money = part.endswith("yuan")
            reached = self.amount(least * figures[whole], Fraction(1, 100 if money else 1))
            figures[part] = reached if money else min(reached, figures[whole])
        entered, died = rng.randint(90, 300), rng.randint(0, 3)
        moved_in, moved_out = rng.randint(0, 9), rng.randint(0, 9)
        stayed = self.amount((entered - died) * Fraction(95, 100), Fraction(1))
        graduated = max(0, int(min(stayed, Fraction(entered - died))) + moved_in - moved_out)
        figures |= {"cohort_entered": entered, "cohort_died": died, "cohort_graduated": graduated}
        figures |= {"cohort_transferred_in": moved_in, "cohort_transferred_out": moved_out}
        of_age = rng.choice((20, 40, 41, 2000))
        taught = min(of_age, int(self.amount(of_age * Fraction(95, 100), Fraction(1))))
        figures |= {"disabled_school_age": of_age, "disabled_special_school": taught // 3}
        figures |= {"disabled_inclusive": taught - taught // 3 - taught // 9}
        figures |= {"disabled_home_taught": taught // 9}
        for code, value in figures.items():
            if self.good or rng.random() > 0.03:
                self.add("county_figures", year, code, self.maybe(text(value)))
        for item in JUDGED:
            status = "met" if self.good else rng.choice(["met"] * 12 + ["not_met", ""])
            if self.good or rng.random() > 0.03:
                self.add("judgements", year, item, status, "泉政督〔2022〕1号", f"{year}-10-01", "")
        valid = rng.choice((20, 200, 301, 2000))
        pleased = min(valid, int(self.amount(valid * Fraction(85, 100), Fraction(1))))
        if rng.random() < 0.8:
            self.add("survey", year, "all", valid + 5, self.maybe(str(valid)), pleased, 10, 9)
            self.add("survey", year, "parents", 10, 10, 2, 5, 1)
        else:
            parents, content = valid // 2, pleased // 2
            self.add("survey", year, "parents", valid, self.maybe(str(parents)), content, 10, 9)
            self.add("survey", year, "students", valid, self.maybe(str(valid - parents)), pleased - content, 10, 9)

    def add_monitoring(self) -> None:
        """Results of several years, of which the latest of three count."""
        turns: tuple[tuple[str, ...], ...] = (
            ("chinese", "arts"),
            ("mathematics", "physical_education"),
            ("science", "moral_education"),
        )
        if self.rng.random() < 0.5:
            turns = tuple(
                (*turn, later) for turn, later in zip(turns, ("english", "labour", "mental_health"), strict=True)
            )
        for year in range(YEAR - 4, YEAR + 2):
            for grade, subject in ((grade, subject) for subject in turns[year % 3] for grade in (4, 8)):
                rate, level = self.rng.choice(("0.149", "0.1", "0.1499")), self.rng.choice("3334")
                if not YEAR - 2 <= year <= YEAR or (not self.good and self.rng.random() < 0.06):
                    rate, level = self.rng.choice((("0.15", "3"), ("0.12", "2"), ("0.3", "1")))
                self.add("monitoring", year, grade, subject, self.maybe(level), self.maybe(rate))
