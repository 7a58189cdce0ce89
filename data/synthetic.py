"""Invented counties in the form of the dataset: the demonstration county and any number like it.

Every school, pupil and figure is invented; only the townships of the demonstration county are real
places. The same code, seed and size always give the same bytes, because every draw comes from a
stream named after what it decides (`stream`), never from one shared sequence.

    python data/synthetic.py --county 350526 --out data/counties/350526 --seed 34
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, object]
Tables = dict[str, list[Row]]
Roll = dict[str, dict[int, int]]  # school_id → grade → pupils, one school year

DEMO_COUNTY = "350526"
MARK = "（演示）"
FEWEST_SCHOOLS = 60
YEARS = range(2018, 2024)
MILESTONE = 3  # years after the first: the new campus opens and families move to the county town

GRADES = {"primary": range(1, 7), "junior": range(7, 10), "senior": range(10, 13)}
KINDS = {  # stages, and how the kind shows in a school's name
    "primary": (("primary",), "小学"),
    "teaching_point": (("primary",), "教学点"),
    "junior": (("junior",), "初级中学"),
    "vocational": (("junior",), "职业技术学校"),
    "nine_year": (("primary", "junior"), "学校"),
    "special": (("primary", "junior"), "特殊教育学校"),
    "combined_secondary": (("junior", "senior"), "中学"),
    "twelve_year": (("primary", "junior", "senior"), "实验学校"),
}
NAME_FIRST = "青云松竹兰溪石白明清文星晨静远映霞丹秀望"
NAME_SECOND = "岭坪泉湖林屏峰塘洲岗坂桥源庄墩"
CLUSTERS = ("东片区", "南片区", "西片区", "北片区")

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
# How likely a school starts out weak in a resource.
WEAKNESS = {"teachers": 0.2, "backbone": 0.7, "pe_arts": 0.35, "teaching_area": 0.5,
            "sports_area": 0.65, "equipment": 0.25, "multimedia": 0.25}  # fmt: skip
WEAK_FOR_LONG = ("backbone", "sports_area", "teaching_area")
# Pupils' worth of a resource that a country school has however small it is, in the first year and
# in the sixth. Small schools are consolidated, but their sports grounds stay where they are.
BASIS = {"teachers": (85, 45), "backbone": (104, 42), "pe_arts": (84, 45),
         "teaching_area": (114, 52), "sports_area": (134, 104), "equipment": (96, 45),
         "multimedia": (80, 40)}  # fmt: skip
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

# County figures that simply grow: value in the first year, growth a year.
GROWING = {
    "quota_primary_yuan": (650, 0.03), "quota_junior_yuan": (850, 0.03),
    "teacher_pay_yuan": (88_000, 0.050), "civil_servant_pay_yuan": (90_200, 0.036),
    "rotation_eligible": (1_120, 0.02), "quota_places_planned": (1_480, 0.03),
    "disabled_school_age": (262, 0.02), "title_appointment_share": (0.845, 0.018),
    "title_appointment_target": (0.90, 0.0), "vacant_posts": (96, -0.16),
    "education_budget_yuan": (812e6, 0.062), "rural_education_budget_yuan": (96.4e6, 0.034),
    "training_funds_yuan": (9.3e6, 0.071), "contract_teacher_pay_yuan": (52_000, 0.055),
    "recruits_planned": (96, 0.05), "aid_entitled": (2_940, -0.02), "population": (329_000, 0.004),
    "rural_population": (92_000, -0.035), "villages": (186, 0.0),
    "gdp_per_capita_yuan": (74_500, 0.068), "fiscal_revenue_per_capita_yuan": (5_600, 0.045),
    "rural_income_yuan": (17_800, 0.082), "urban_income_yuan": (36_900, 0.064),
}  # fmt: skip
# County figures that are a rising part of another: that other, first share, sixth-year share.
RISING = {
    "rotation_rotated": ("rotation_eligible", 0.078, 0.131),
    "rotation_backbone": ("rotation_rotated", 0.152, 0.236),
    "catchment_primary_in": ("catchment_primary_all", 0.958, 0.994),
    "catchment_junior_in": ("catchment_junior_all", 0.931, 0.972),
    "quota_places_allocated": ("quota_places_planned", 0.462, 0.571),
    "migrant_children_served": ("migrant_children_eligible", 0.836, 0.924),
    "recruits_filled": ("recruits_planned", 0.83, 0.97),
    "aid_served": ("aid_entitled", 0.986, 1.0),
    "fitness_passed": ("fitness_tested", 0.896, 0.951),
}
JUDGED = {  # item → the document of each year, years until the requirement was fulfilled
    "G1": ("义务教育学校布局专项规划执行情况", 1), "G2": ("城乡“四统一”落实情况报告", 1),
    "G8": ("教师绩效工资总量核定文件", 1), "G10": ("教职工编制和岗位统筹配置方案", 2),
    "G14": ("优质高中名额分配实施办法", 1), "G15": ("留守儿童关爱服务体系建设报告", 0),
    "Q3": ("学校章程与信息化管理检查通报", 2), "Q5": ("信息技术应用专项视导报告", 3),
    "Q6": ("德育与校园文化评估通报", 1), "Q7": ("课程开设情况专项督导报告", 2),
    "Q8": ("学生课业负担监测报告", 2), "veto_exam_admission": ("招生入学专项检查记录", 0),
    "veto_school_choice": ("招生入学专项检查记录", 0),
    "veto_key_schools": ("均衡编班专项检查记录", 0), "veto_staffing": ("教职工编制使用核查表", 0),
    "veto_safety": ("校园安全责任年度核查报告", 0), "veto_fraud": ("申报数据真实性核查记录", 0),
    "precondition_basic_balance": ("义务教育发展基本均衡县认定公告", 0),
    "precondition_monitoring": ("基本均衡年度监测复查通报", 0),
}  # fmt: skip
MONITORED = (("数学", "体育与健康"), ("语文", "艺术"), ("科学", "德育"))  # in rotation


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


def make_townships(code: str, seed: int) -> list[Row]:
    """The county's townships: the real ones for the demonstration county, else invented ones."""
    draw = stream(seed, code, "townships")
    invented = draw.sample([a + b for a in NAME_FIRST for b in NAME_SECOND], len(PLACES))
    east, north = draw.uniform(-8, 0), draw.uniform(0, 8)
    with (Path(__file__).parent / "geo" / "townships.csv").open(encoding="utf-8-sig") as file:
        real = {line["code"][6:]: line for line in csv.DictReader(file)}
    rows: list[Row] = []
    for suffix, stem in zip(PLACES, invented, strict=True):
        line = real[suffix]
        name, lon, lat = line["name"], float(line["lon"]), float(line["lat"])
        if code != DEMO_COUNTY:
            name, lon, lat = stem + name[-1] + MARK, lon + east, lat + north
        rows.append({"code": code + suffix, "name": name, "lon": round(lon, 5),
                     "lat": round(lat, 5)})  # fmt: skip
    return rows


def found_schools(county: County, count: int) -> None:
    """Found the county town's schools, then those at each township's seat, then the villages'."""
    if count < FEWEST_SCHOOLS:
        raise ValueError(f"at least {FEWEST_SCHOOLS} schools are needed, not {count}")
    code, first, schools = county.code, county.first, county.schools
    draw = stream(county.seed, code, "schools")
    stems = draw.sample([a + b for a in NAME_FIRST for b in NAME_SECOND], count)
    townships = {str(row["code"])[6:]: row for row in county.townships}

    def found(kind: str, suffix: str, **sizes: float) -> School:
        seat, _, cluster = PLACES[suffix]
        township, central, number = townships[suffix], seat == "town", len(schools)
        spread = 0.014 if central else 0.02
        prefix = "" if central else str(township["name"]).removesuffix(MARK)
        row: Row = {
            "school_id": f"{code}-{number + 1:04d}",
            "name": prefix + stems[number] + KINDS[kind][1] + MARK,
            "kind": kind, "township_code": township["code"], "zone": "urban" if central else "town",
            "central_area": int(central), "ownership": "public",
            "boarding": int(not central and "junior" in KINDS[kind][0]),
            "built_year": draw.randint(1958, 2014), "opened_year": None, "closed_year": None,
            "parent_school_id": None,
            "lon": round(float(str(township["lon"])) + draw.uniform(-spread, spread), 5),
            "lat": round(float(str(township["lat"])) + draw.uniform(-spread, spread), 5),
            "sponsor_code": 7, "permanent": int(central),
            "cluster": ("城" if central else "") + CLUSTERS[cluster],
            "paired_school_id": None, "pairing_kind": None,
        }  # fmt: skip
        schools.append(School(county.seed, row, sizes))
        return schools[-1]

    def found_in_town(kind: str, share: float, **sizes: tuple[float, float]) -> list[School]:
        number = round(count * share)
        return [
            found(kind, ("100", "101")[i % 2], **{
                stage: largest + (smallest - largest) * i / (number - 1)
                for stage, (largest, smallest) in sizes.items()
            })
            for i in range(number)
        ]  # fmt: skip

    primaries = found_in_town("primary", 0.19, primary=(2090, 790))
    juniors = found_in_town("junior", 0.066, junior=(1560, 1080))
    nine_year = found_in_town("nine_year", 0.04, primary=(1000, 820), junior=(400, 280))
    secondary = found_in_town("combined_secondary", 0.027, junior=(980, 890), senior=(1900, 1650))
    private = [
        found("twelve_year", "100", primary=600, junior=320, senior=280),
        found("primary", "101", primary=420),
    ]
    for school in private:
        school.row |= {"ownership": "private", "sponsor_code": 10, "boarding": 1, "permanent": 0,
                       "built_year": 2009, "opened_year": 2010}  # fmt: skip
    private[1].row |= {"paired_school_id": primaries[0].id, "pairing_kind": "老带新"}
    found("special", "101", primary=54, junior=24)
    found("vocational", "100", junior=108)
    opened = first + MILESTONE
    found("primary", "100", primary=860).row.update(
        built_year=opened, opened_year=opened, paired_school_id=primaries[1].id,
        pairing_kind="名校办分校",
    )  # fmt: skip

    seats: dict[str, School] = {}
    for suffix, (seat, weight, _) in PLACES.items():
        if seat == "nine":
            size = draw.uniform(0.75, 1.0) * (0.5 + weight / 4)
            seats[suffix] = found("nine_year", suffix, primary=116 * size, junior=64 * size)
        elif seat == "pair":
            seats[suffix] = found("primary", suffix, primary=draw.uniform(120, 190))
            found("junior", suffix, junior=draw.uniform(70, 115))
        elif seat == "leaving":
            seats[suffix] = found("primary", suffix, primary=draw.uniform(24, 34))
    for i, (suffix, school) in enumerate(seats.items()):
        school.row["permanent"] = int(PLACES[suffix][0] != "leaving")
        if i % 2 == 0:
            school.row |= {"paired_school_id": primaries[i % len(primaries)].id,
                           "pairing_kind": "强扶弱"}  # fmt: skip
    seats["200"].empty_from = first + MILESTONE + 1

    villages = [suffix for suffix, (_, weight, _) in PLACES.items() for _ in range(weight)]
    for i in range(count - len(schools)):
        suffix, point = villages[i * 7 % len(villages)], i % 5 in (1, 3)
        size = (96, 74, 32, 118, 88, 14)[i % 6] if point else draw.uniform(34, 60)
        school = found("teaching_point" if point else "primary", suffix, primary=size)
        school.row |= {"zone": "rural", "parent_school_id": seats[suffix].id if point else None}
        if PLACES[suffix][0] == "leaving":
            school.row["closed_year"] = first + MILESTONE
        elif i % 5 == 4:
            school.row["closed_year"] = first + 1 + i // 5 % 5

    crowded = {"primary": primaries + nine_year, "junior": juniors + secondary + nine_year}
    for stage, ranked in crowded.items():
        draw.shuffle(ranked)
        for rank, school in enumerate(ranked):
            school.crowding[stage] = (rank + 0.5) / len(ranked)
    country = [s for s in seats.values() if s.kind == "primary" and s.row["permanent"]]
    for candidates in (primaries[4:], juniors, country, nine_year):
        draw.choice(candidates).weak_for_long = True


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
            new[school.id][grade] = old[school.id].get(grade - 1) or draw.randint(*first_grade)

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


def make_county_figures(county: County, enrolment: list[Row]) -> list[Row]:
    """The county's own figures, taken from the schools where those tell them."""
    by_id = {school.id: school for school in county.schools}
    rows: list[Row] = []

    def cohort(year: int, grade: int) -> int:
        """Children of one grade; cohorts from before the first year were a little smaller."""
        roll, missing = county.rolls[max(year, county.first)], max(county.first - year, 0)
        known = sum(grades.get(grade, 0) for key, grades in roll.items() if by_id[key].ordinary)
        return round(known * 0.985**missing)

    for year in county.years:
        elapsed, draw = year - county.first, stream(county.seed, "county figures", year)
        open_ordinary = [s for s in county.open_schools(year) if s.ordinary]
        values: dict[str, float] = {
            name: round(start * (1 + growth) ** elapsed, 3 if start < 1 else 0)
            for name, (start, growth) in GROWING.items()
        }
        for stage in ("primary", "junior"):
            teaching = [s for s in open_ordinary if stage in s.stages]
            by_catchment = [s for s in teaching if not s.private and not s.row["boarding"]
                            and s.row["zone"] != "rural"]  # fmt: skip
            values[f"catchment_{stage}_all"] = sum(county.pupils(year, s, stage) for s in by_catchment)
            values["fitness_tested"] = values.get("fitness_tested", -240) + sum(
                county.pupils(year, s, stage) for s in teaching
            )
        values["migrant_children_eligible"] = sum(
            int(str(row["migrant_pupils"])) for row in enrolment
            if row["year"] == year and row["stage"] != "senior"
        )  # fmt: skip
        for name, (whole, first, sixth) in RISING.items():
            values[name] = round(values[whole] * rising(first, sixth, elapsed))
        special = sum(sum(county.rolls[year][s.id].values()) for s in county.schools
                      if s.kind == "special")  # fmt: skip
        enrolled = round(values["disabled_school_age"] * rising(0.928, 0.973, elapsed))
        graduated, entered, died = cohort(year - 1, 9), cohort(year - 3, 7), draw.randint(0, 1)
        surplus = graduated - round((entered - died) * rising(0.962, 0.983, elapsed))
        moved = draw.randint(60, 90)
        values |= {
            "special_education_pupils": special,
            "special_education_funds_yuan": special * (8_150 + 260 * elapsed),
            "disabled_special_school": special, "disabled_home_taught": 22 + elapsed,
            "disabled_inclusive": enrolled - special - 22 - elapsed,
            "cohort_entered": entered, "cohort_died": died, "cohort_graduated": graduated,
            "cohort_transferred_in": moved + max(surplus, 0),
            "cohort_transferred_out": moved - min(surplus, 0),
        }  # fmt: skip
        rows += [
            {"year": year, "figure": name, "value": int(value) if value == int(value) else value}
            for name, value in values.items()
        ]
    return rows


def make_judgements(county: County) -> list[Row]:
    """What people judged on documents, item by item and year by year."""
    title_holder = "德化县" if county.code == DEMO_COUNTY else "本县"
    rows: list[Row] = []
    for year in county.years:
        for number, (item, (title, fulfilled_after)) in enumerate(JUDGED.items()):
            met = year - county.first >= fulfilled_after
            rows.append({
                "year": year, "item": item, "status": "met" if met else "not_met",
                "document": f"《{title_holder}{year}学年{title}》{MARK}",
                "document_date": f"{year}-{9 + number % 3:02d}-{10 + number:02d}",
                "note": "" if met else "已列入整改，次年复核",
            })  # fmt: skip
    return rows


def make_survey(county: County) -> list[Row]:
    """The satisfaction survey of each year: everyone asked, and the parents among them."""
    rows: list[Row] = []
    for year in county.years:
        draw, share = stream(county.seed, "survey", year), rising(0.806, 0.884, year - county.first)
        for group, issued, visited in (("all", 5_600, 320), ("parents", 3_900, 190)):
            valid = round(issued * draw.uniform(0.95, 0.98))
            rows.append({
                "year": year, "group": group, "issued": issued, "valid": valid,
                "satisfied": round(valid * (share + draw.uniform(-0.003, 0.003))),
                "visited": visited, "visited_satisfied": round(visited * share),
            })  # fmt: skip
    return rows


def make_monitoring(county: County) -> list[Row]:
    """State quality monitoring, two subjects a year; science in grade 8 stays uneven."""
    rows: list[Row] = []
    for year in county.years:
        for subject in MONITORED[(year - county.first) % len(MONITORED)]:
            for grade in (4, 8):
                draw = stream(county.seed, "monitoring", year, subject, grade)
                uneven = (subject, grade) == ("科学", 8)
                rate = draw.uniform(0.152, 0.168) if uneven else draw.uniform(0.08, 0.14)
                rows.append({"year": year, "grade": grade, "subject": subject,
                             "level": 4 if draw.random() < 0.4 else 3,
                             "between_school_rate": round(rate, 3)})  # fmt: skip
    return rows


def make_attendance(county: County) -> list[Row]:
    """Registered children of school age by township, wherever they go to school."""
    rows: list[Row] = []
    for year in county.years:
        for township in county.townships:
            seat, weight, _ = PLACES[str(township["code"])[6:]]
            draw, elapsed = stream(county.seed, township["code"], year), year - county.first
            registered = (11_800 if seat == "town" else 420 + 330 * weight) * 0.985**elapsed
            children = round(registered * draw.uniform(0.98, 1.02))
            dropped = draw.randint(0, 2 if elapsed < 3 else 1)
            served = dropped + draw.randint(0, 3)
            rows.append({"township_code": township["code"], "year": year, "school_age": children,
                         "enrolled": children - dropped - draw.randint(0, children // 400),
                         "dropped_out": dropped, "notices_served": served,
                         "notices_returned": served - draw.randint(0, dropped)})  # fmt: skip
    return rows


def leave_gaps(tables: Tables, county: County) -> None:
    """What no real county is spared: figures not reported, a setback, a value right at a limit."""
    first, last = county.first, county.years[-1]
    for row in tables["county_figures"]:
        cell = (row["figure"], row["year"])
        if cell in (("rotation_backbone", last), ("title_appointment_target", first + 2)):
            row["value"] = None
        elif cell == ("training_funds_yuan", first + MILESTONE):
            row["value"] = int(str(row["value"])) * 88 // 100
    tables["judgements"] = [
        row for row in tables["judgements"] if (row["item"], row["year"]) != ("veto_staffing", last)
    ]
    sound = [s for s in county.open_schools(last) if s.kind == "primary" and not s.weak_for_long]
    village = [s for s in sound if s.row["zone"] == "rural"][1]
    large = next(s for s in sound if s.central and s.size["primary"] < 1600)
    for row in tables["premises"]:
        if (row["school_id"], row["year"]) == (village.id, last):
            row["equipment_value_yuan"] = None
        if (row["school_id"], row["year"]) == (large.id, last):
            # 4.497 ㎡ a pupil prints as 4.50: the exact figure and the printed one disagree.
            area = 4.497 * county.pupils(last, large, "primary")
            row["teaching_area_m2"] = round(area + float(str(row["indoor_sports_area_m2"])), 1)


def make_county(code: str, seed: int, schools: int = 75, years: range = YEARS) -> Tables:
    """All sheets of one invented county: table name → rows, an empty cell as None.

    Any number of schools from 60 to 300; the county town's share of them stays the same.
    """
    county = County(code, seed, years, make_townships(code, seed))
    found_schools(county, schools)
    county.rolls[county.first] = first_roll(county)
    for year in years[1:]:
        county.rolls[year] = next_roll(county, year)
    classes, enrolment = make_classes(county), make_enrolment(county)
    figures = make_county_figures(county, enrolment)
    tables: Tables = {
        "townships": county.townships,
        "schools": [school.row for school in county.schools],
        "enrolment": enrolment,
        "premises": make_premises(county, figures),
        "classes": classes,
        "special_rooms": make_special_rooms(county, classes),
        "county_figures": figures,
        "judgements": make_judgements(county),
        "survey": make_survey(county),
        "monitoring": make_monitoring(county),
        "attendance": make_attendance(county),
    }
    leave_gaps(tables, county)
    return tables


def write_county(tables: Tables, folder: Path) -> None:
    """Write one CSV file a sheet: UTF-8, LF, identifier headers, None as an empty cell."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Write one invented county as the command line asks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--county", default=DEMO_COUNTY, help="six-digit county code")
    parser.add_argument("--out", type=Path, required=True, help="folder for the CSV files")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--schools", type=int, default=75)
    options = parser.parse_args()
    write_county(make_county(options.county, options.seed, options.schools), options.out)


if __name__ == "__main__":
    main()
