"""A county in which everything is met, exactly at its limit, and the few figures that a test changes in it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import count as count_up

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.dataset.cells import Cell
from core.intake.checkup.checking import Dataset, check
from core.intake.reading.raw_sheets import RawSheet, Source
from core.method.assessment import Assessment
from core.method.engine import assess
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.county_builder import COLUMNS, GRADES, JUDGED, TOWNSHIPS, YEAR, Row, Tables, up_to
from tests.support.oracle import LIMITS, PER
from tests.support.oracle_facts import ROOM_AREAS, WEIGHTS

Amount = str | int | Fraction | None
SheetRows = Mapping[str, Sequence[Mapping[str, Cell]]]

COUNTY = "350526"
STANDARD = load_standard()
QUOTA_YUAN = 700
OPTIONAL = {
    "enrolment": ("shared_pe_arts_teachers", "migrant_pupils"),
    "premises": ("operating_budget_yuan",),
}
PEOPLE = {"L1": "teachers_above_degree", "L2": "backbone_teachers", "L3": "pe_arts_teachers"}
HOLDINGS = {
    "L4": "teaching_area_m2",
    "L5": "sports_ground_area_m2",
    "L6": "equipment_value_yuan",
    "L7": "multimedia_rooms",
}
# Every ratio stands exactly at its limit.
FIGURES = {
    "quota_primary_yuan": QUOTA_YUAN, "quota_junior_yuan": 900,
    "special_education_funds_yuan": 800_000, "special_education_pupils": 100,
    "teacher_pay_yuan": 90_000, "civil_servant_pay_yuan": 90_000,
    "rotation_eligible": 1000, "rotation_rotated": 100, "rotation_backbone": 20,
    "catchment_primary_in": 1000, "catchment_primary_all": 1000,
    "catchment_junior_in": 950, "catchment_junior_all": 1000,
    "quota_places_allocated": 500, "quota_places_planned": 1000,
    "migrant_children_served": 850, "migrant_children_eligible": 1000,
    "cohort_entered": 1010, "cohort_died": 10, "cohort_graduated": 950,
    "cohort_transferred_in": 0, "cohort_transferred_out": 0,
    "disabled_school_age": 1000, "disabled_special_school": 400,
    "disabled_inclusive": 350, "disabled_home_taught": 200,
}  # fmt: skip


def exact(value: Amount) -> str:
    """The figure as a cell, without rounding; empty where it is not reported."""
    if value is None or isinstance(value, str):
        return value or ""
    fraction = Fraction(value)
    cell = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    assert Fraction(cell) == fraction and Fraction(cell * 10_000).denominator == 1, f"{value} has no exact cell"
    return f"{cell:f}"


def at_limit(code: str, stage: str, pupils: Mapping[str, int], share: Fraction = Fraction(1)) -> Fraction:
    """The school's total of one resource with which this stage stands exactly at a share of its limit."""
    limit = Fraction(LIMITS[stage][code]) * share
    if code in PEOPLE:
        return limit * pupils[stage] / PER[code]
    weights = WEIGHTS if len(pupils) > 1 else {stage: Fraction(1)}
    if set(pupils) == {"junior", "senior"}:
        weights = {"junior": Fraction(1), "senior": Fraction("1.2")}
    weighted = sum(weights[one] * count for one, count in pupils.items())
    return limit * weighted / (weights[stage] * PER[code])


class SmallCounty:
    """Schools and county sheets of one year, valid under the dataset contract."""

    def __init__(self, figures: Mapping[str, Amount] | None = None) -> None:
        self.tables: Tables = {sheet: [] for sheet in COLUMNS}
        for code, name in TOWNSHIPS.items():
            self._add("townships", code=code, name=name, lon="118.24", lat="25.49")
        for figure, value in {**FIGURES, **(figures or {})}.items():
            self._add("county_figures", year=str(YEAR), figure=figure, value=exact(value))
        for item in JUDGED:
            self._add("judgements", year=str(YEAR), item=item, status="met", document="泉政督〔2022〕1号")
        self._add("survey", year=str(YEAR), group="all", issued="1200", valid="1000", satisfied="850")
        for grade in ("4", "8"):
            self._add(
                "monitoring",
                year=str(YEAR - 2),
                grade=grade,
                subject="science",
                level="3",
                between_school_rate="0.1499",
            )

    def _add(self, sheet: str, **cells: str) -> Row:
        row = dict.fromkeys([*COLUMNS[sheet].split(), *OPTIONAL.get(sheet, ())], "") | cells
        self.tables[sheet].append(row)
        return row

    def school(
        self,
        school_id: str,
        kind: str,
        pupils: Mapping[str, int | None],
        holds: Mapping[str, Amount] | None = None,
        *,
        classes: Mapping[str, list[int]] | None = None,
        rooms: Mapping[str, list[Amount]] | None = None,
        **cells: Amount,
    ) -> None:
        """A school that meets everything, but for what is said: its resources by indicator, single cells by column.

        Resources not named stand at the limit, rounded up to whole teachers, rooms or cents.
        """
        known = {stage: count or 0 for stage, count in pupils.items()}
        texts = {column: exact(value) for column, value in cells.items()}
        enough = {
            code: max(
                up_to(Fraction(1) if code in ("L1", "L2", "L3", "L7") else Fraction(1, 100), needed)
                for needed in (at_limit(code, stage, known) for stage in known if stage in LIMITS)
            )
            for code in PER
        }
        held = {code: exact(amount) for code, amount in {**enough, **(holds or {})}.items()}
        opened = dict(
            school_id=school_id,
            name=f"{school_id}学校",
            kind=kind,
            township_code=next(iter(TOWNSHIPS)),
            zone="town",
            central_area="1",
            ownership="public",
            boarding="0",
            built_year="2018",
        )
        self._add("schools", **self._laid_over("schools", opened, texts))
        rolls = dict(classes or {})
        for stage, count in pupils.items():
            teachers = str(max(int(held[code] or 0) for code in PEOPLE))
            people = {PEOPLE[code]: held[code] for code in PEOPLE}
            staff = dict.fromkeys(("teachers", "certified_teachers", "trained_teachers"), teachers)
            stage_row = {"school_id": school_id, "year": str(YEAR), "stage": stage, "pupils": exact(count)}
            if stage == "preschool":
                self._add("enrolment", **stage_row)
                continue
            self._add("enrolment", **self._laid_over("enrolment", stage_row | staff | people, texts))
            if stage != "senior":
                rolls.setdefault(stage, _rolls(stage, known[stage]))
                for number, roll in enumerate(rolls[stage]):
                    self._add(
                        "classes",
                        school_id=school_id,
                        year=str(YEAR),
                        stage=stage,
                        grade=str(GRADES[stage][0]),
                        class_no=str(number + 1),
                        pupils=str(roll),
                    )
        funds = max(100, sum(known.values())) * QUOTA_YUAN
        building = {HOLDINGS[code]: held[code] for code in HOLDINGS}
        building |= {"school_id": school_id, "year": str(YEAR), "indoor_sports_area_m2": "0"}
        building |= {"operating_funds_yuan": str(funds), "training_budget_yuan": exact(Fraction(funds, 20))}
        self._add("premises", **self._laid_over("premises", building, texts))
        needed_rooms = -(-sum(map(len, rolls.values())) // 12)
        for room, area in ROOM_AREAS.items():
            for one in (rooms or {}).get(room, [area] * needed_rooms):
                self._add("special_rooms", school_id=school_id, year=str(YEAR), kind=room, area_m2=exact(one))

    @staticmethod
    def _laid_over(sheet: str, cells: Row, texts: Row) -> Row:
        columns = {*COLUMNS[sheet].split(), *OPTIONAL.get(sheet, ())}
        return cells | {column: text for column, text in texts.items() if column in columns}

    def row(self, sheet: str, **key: str) -> Row:
        """The one row with these cells, to be changed in place."""
        [found] = [row for row in self.tables[sheet] if key.items() <= row.items()]
        return found


def _rolls(stage: str, pupils: int) -> list[int]:
    """Class rolls within the limit that hold the pupils; of a very large school, as large as a sheet allows."""
    largest = (45 if stage == "primary" else 50) if pupils <= 3000 else 300
    return [largest] * (pupils // largest) + [pupils % largest] * (pupils % largest > 0)


def two_schools(**county: Mapping[str, Amount]) -> SmallCounty:
    """A primary and a junior school of 1,000 pupils each, everything met: the county passes."""
    small = SmallCounty(**county)
    small.school("P", "primary", {"primary": 1000})
    small.school("J", "junior", {"junior": 1000})
    return small


def raw_source(tables: SheetRows) -> Source:
    """The county as sheets that nobody has checked."""
    sheets = []
    for sheet, rows in tables.items():
        header = list(rows[0]) if rows else COLUMNS[sheet].split()
        cells: list[list[Cell]] = [[*header], *([row[column] for column in header] for row in rows)]
        sheets.append(RawSheet(sheet, cells))
    digest = hashlib.sha256(repr(sheets).encode()).hexdigest()
    return Source("县数据", digest, sheets)


def dataset(tables: SheetRows) -> Dataset:
    """The county as the store takes it, through every check of the contract."""
    return check(raw_source(tables))


@contextmanager
def stored(tables: SheetRows, standard: Standard = STANDARD) -> Iterator[Store]:
    """A store in memory in which the county is published."""
    store = Store.open(None, standard)
    try:
        publish(store, tables, standard)
        yield store
    finally:
        store.close()


def publish(store: Store, tables: SheetRows, standard: Standard = STANDARD) -> int:
    """Load the county and let it count; returns the batch's number."""
    return publish_dataset(store, dataset(tables), standard)


def publish_dataset(store: Store, checked: Dataset, standard: Standard = STANDARD) -> int:
    """The same for a county that is checked already."""
    now = datetime(2022, 11, 30)
    batch_id = loading.load(store, checked, standard, LOCAL_ADMINISTRATOR, now, also_year=YEAR)
    publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, now, "")
    return batch_id


_COUNTIES_A_STORE = 25
_counties = count_up()


@lru_cache(maxsize=1)
def _store_in_use(number: int) -> Store:
    """A store in memory: opening one costs more than judging a small county in it, until it holds too many."""
    return Store.open(None, STANDARD)


@contextmanager
def counted_after_others(checked: Dataset, standard: Standard = STANDARD) -> Iterator[Store]:
    """A store in which this county counts; other tests' figures counted there before and were withdrawn."""
    store = _store_in_use(next(_counties) // _COUNTIES_A_STORE)
    batch_id = publish_dataset(store, checked, standard)
    try:
        yield store
    finally:
        publishing.withdraw(store, batch_id, LOCAL_ADMINISTRATOR, datetime(2022, 12, 1), "judged")


def judged(tables: SheetRows, standard: Standard = STANDARD, choices: Mapping[str, str] | None = None) -> Assessment:
    """The county's assessment in its year."""
    # Some figures are derived under the standard when they come in.
    with counted_after_others(dataset(tables), standard) as store:
        return assess(store, standard, COUNTY, YEAR, choices=choices)
