"""An invented county: its kinds of schools and places, what a school is made of, and where every draw comes from."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Row = dict[str, object]
Tables = dict[str, list[Row]]
Roll = dict[str, dict[int, int]]  # school_id → grade → pupils, one school year

DEMO_COUNTY = "350526"
MARK = "（演示）"
YEARS = range(2018, 2024)
MILESTONE = 3  # years after the first: the new campus opens and families move to the county town

GRADES = {"primary": range(1, 7), "junior": range(7, 10), "senior": range(10, 13)}
KINDS = {  # stages, and how the kind shows in a school's name
    "primary": (("primary",), "小学"),
    "teaching_point": (("primary",), "教学点"),
    "junior": (("junior",), "初级中学"),
    "vocational": (("junior", "senior"), "职业技术学校"),
    "nine_year": (("primary", "junior"), "学校"),
    "special": (("primary", "junior"), "特殊教育学校"),
    "combined_secondary": (("junior", "senior"), "中学"),
    "twelve_year": (("primary", "junior", "senior"), "实验学校"),
}

# Last digits of the township code → schools at the seat (pair: a primary and a junior school, nine:
# a nine-year school, leaving: a primary school losing its pupils), weight of its village schools,
# cluster.
PLACES = {
    "100": ("town", 0, 0), "101": ("town", 0, 1), "102": ("pair", 3, 1), "103": ("nine", 2, 0),
    "104": ("pair", 2, 0), "105": ("nine", 1, 0), "106": ("pair", 2, 0), "107": ("nine", 2, 2),
    "108": ("pair", 2, 3), "109": ("nine", 1, 3), "110": ("pair", 3, 1), "111": ("nine", 2, 2),
    "200": ("leaving", 1, 3), "202": ("leaving", 1, 3), "204": ("nine", 1, 3),
    "206": ("nine", 1, 2), "208": ("nine", 1, 2), "209": ("leaving", 0, 2),
}  # fmt: skip

# How likely a school starts out weak in a resource.
WEAKNESS = {"teachers": 0.2, "backbone": 0.7, "pe_arts": 0.35, "teaching_area": 0.5,
            "sports_area": 0.65, "equipment": 0.25, "multimedia": 0.25}  # fmt: skip
WEAK_FOR_LONG = ("backbone", "sports_area", "teaching_area")
# Pupils' worth of a resource that a country school has however small it is, in the first year and
# in the sixth. Small schools are consolidated, but their sports grounds stay where they are.
BASIS = {"teachers": (85, 45), "backbone": (104, 42), "pe_arts": (84, 45),
         "teaching_area": (114, 52), "sports_area": (134, 104), "equipment": (96, 45),
         "multimedia": (80, 40)}  # fmt: skip


def stream(seed: int, *names: object) -> random.Random:
    """The random numbers that decide one named thing, independent of everything else."""
    return random.Random("|".join(str(part) for part in (seed, *names)))


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """A number of pupils in whole shares in proportion to the weights; the shares add up."""
    shares, taken, so_far, whole = [], 0, 0.0, sum(weights)
    for weight in weights:
        so_far += weight
        reached = round(total * so_far / whole)
        shares.append(reached - taken)
        taken = reached
    return shares


def rising(first: float, sixth: float, elapsed: int) -> float:
    """A value on its straight way from the first year's to the sixth year's, then constant."""
    return first + (sixth - first) * min(elapsed / 5, 1)


@dataclass
class School:
    """One invented school: its line in the schools sheet and what shapes its figures."""

    seed: int
    row: Row
    size: dict[str, float]  # pupils by stage in the first year, afterwards its attraction
    crowding: dict[str, float] = field(default_factory=dict)  # 0 most crowded … 1 not at all
    empty_from: int | None = None  # stays open without pupils from this year on
    weak_for_long: bool = False

    def __post_init__(self) -> None:
        self.id, self.kind = str(self.row["school_id"]), str(self.row["kind"])
        self.township, self.central = str(self.row["township_code"]), self.row["central_area"] == 1
        self.stages = KINDS[self.kind][0]
        self.ordinary = self.kind not in ("special", "vocational")

    @property
    def private(self) -> bool:
        return self.row["ownership"] == "private"

    def open_in(self, year: int) -> bool:
        opened, closed = self.row["opened_year"], self.row["closed_year"]
        return not (isinstance(opened, int) and year < opened) and not (isinstance(closed, int) and year >= closed)

    def taught_in(self, year: int) -> bool:
        """Whether the school is open and still has pupils."""
        return self.open_in(year) and (self.empty_from is None or year < self.empty_from)

    def level(self, resource: str, elapsed: int, stage: str = "") -> float:
        """How well the school is provided, 1.0 being typical; a weakness takes years to cure."""
        draw = stream(self.seed, self.id, stage, resource)
        level = rising(draw.uniform(0.80, 1.02), draw.uniform(0.98, 1.14), elapsed)
        depth, years_to_cure = draw.uniform(0.42, 0.74), draw.choice((5, 6))
        weak = draw.random() < WEAKNESS[resource]
        if self.weak_for_long and resource in WEAK_FOR_LONG:
            depth = (0.5 if self.central else 0.25) + 0.15 * draw.random()
            weak, years_to_cure = True, 15
        return level * (depth + (1 - depth) * min(elapsed / years_to_cure, 1)) if weak else level


@dataclass
class County:
    """The schools of one invented county and their rolls, year by year."""

    code: str
    seed: int
    years: range
    townships: list[Row]
    schools: list[School] = field(default_factory=list)
    rolls: dict[int, Roll] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.first = self.years[0]

    def open_schools(self, year: int) -> Iterator[School]:
        return (school for school in self.schools if school.open_in(year))

    def reported(self) -> Iterator[tuple[int, School, str]]:
        """Every stage of every school open in a year, in the order of the sheets."""
        for year in self.years:
            for school in self.open_schools(year):
                for stage in school.stages:
                    yield year, school, stage

    def pupils(self, year: int, school: School, stage: str) -> int:
        return sum(self.rolls[year][school.id][grade] for grade in GRADES[stage])

    def provided_for(self, year: int, school: School, stage: str, resource: str) -> float:
        """Pupils that a resource is provided for: the mean of two years, and a basis.

        The basis makes small schools rich per pupil; it is what the balance figures measure.
        """
        now = self.pupils(year, school, stage)
        known = year - 1 in self.rolls and school.id in self.rolls[year - 1]
        before = self.pupils(year - 1, school, stage) if known else now
        basis = 0.0 if school.central else rising(*BASIS[resource], year - self.first)
        return (now + before) / 2 + basis

    def local(self, township: str, stage: str) -> School | None:
        """The school at a township's seat that teaches a stage."""
        at_seat = (s for s in self.schools if s.township == township and not s.central)
        return next((s for s in at_seat if stage in s.stages), None)
