"""What each school of a county reported in one year, for the independent witness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

Row = dict[str, str]
Tables = dict[str, list[Row]]

MET, NOT_MET, NOT_ASSESSABLE, NOT_APPLICABLE = "met", "not_met", "not_assessable", "not_applicable"
COMPULSORY = ("primary", "junior")
STAGES_OF_KIND = {
    "primary": ("primary",),
    "teaching_point": ("primary",),
    "junior": ("junior",),
    "vocational": ("junior",),
    "nine_year": ("primary", "junior"),
    "combined_secondary": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
    "special": (),
}
# 1 : 1.1, 1 : 1.2 and 1 : 1.1 : 1.32 are one and the same scale; a pre-school class weighs like a primary one.
WEIGHTS = {"preschool": Fraction(1), "primary": Fraction(1), "junior": Fraction("1.1"), "senior": Fraction("1.32")}
# Every reading that can be chosen, with the choice that is taken by default.
READINGS = {
    "small_teaching_points": "drop",
    "rounding_before_judging": "exact",
    "music_art_rooms": "each",
    "combined_secondary_size": "single_stage",
    "item_schools": "all",
    "retention_formula": "graduates_adjusted",
    "monitoring_window": "three_years",
    "tutoring_veto": "on",
    "vocational_classes": "named",
    "preschool_share": "shared",
    "small_school_funds": "village",
    "special_funds": "special",
    "monitoring_subjects": "present",
    "special_room_classes": "compulsory",
    "relief_shared_teachers": "off",
    "relief_room_area": "off",
    "relief_school_size": "off",
}
Readings = Mapping[str, str]
CLASS_LIMITS = {"primary": 45, "junior": 50}
ROOM_AREAS = {"music": 96, "art": 90}


def number(row: Row | None, column: str) -> Fraction | None:
    """The reported figure; nothing where the row or the figure is not reported."""
    text = (row or {}).get(column, "")
    return Fraction(text) if text else None


def integer(row: Row | None, column: str) -> int | None:
    """The reported whole number; nothing where it is not reported."""
    value = number(row, column)
    return None if value is None else int(value)


def all_of(verdicts: Iterable[str]) -> str:
    """A definite failure decides; otherwise anything unknown leaves the whole unknown."""
    found = set(verdicts)
    if NOT_MET in found:
        return NOT_MET
    return NOT_ASSESSABLE if NOT_ASSESSABLE in found else MET


def verdict_of(holds: bool | None) -> str:
    """The word for a test that holds, fails or cannot be decided."""
    return NOT_ASSESSABLE if holds is None else MET if holds else NOT_MET


def printed_as(value: Fraction, decimals: int) -> Fraction:
    """The figure as the form prints it: rounded half up."""
    step = Fraction(1, 10**decimals)
    return floor(value / step + Fraction(1, 2)) * step


@dataclass(frozen=True)
class School:
    """One school in the year judged, with what it reported."""

    school_id: str
    kind: str
    closed: bool
    reported: dict[str, Row]
    premises: Row | None
    classes: dict[str, list[int]]
    rooms: dict[str, list[Fraction | None]]
    zone: str
    built_year: int | None
    parent: str

    @property
    def ordinary(self) -> bool:
        """Neither a special nor a vocational school."""
        return self.kind not in ("special", "vocational")

    @property
    def stages(self) -> list[str]:
        """Stages the school has by its kind, and those it reported beside them."""
        return [s for s in WEIGHTS if s in self.reported or s in STAGES_OF_KIND[self.kind]]

    def stages_sharing(self, readings: Readings) -> list[str]:
        """The stages that use the premises; a vocational school has pupils of its own whether it reports them or not."""
        stages = [s for s in self.stages if s != "preschool" or readings["preschool_share"] == "shared"]
        return stages if self.kind != "vocational" or "senior" in stages else [*stages, "senior"]

    @property
    def compulsory_stages(self) -> list[str]:
        """Its primary and junior stages; of a vocational school those it reports."""
        return [s for s in self.stages if s in COMPULSORY and (self.kind != "vocational" or s in self.reported)]

    @property
    def is_small(self) -> bool:
        """Whether it is known to have less than a hundred compulsory pupils."""
        return self.pupils_complete and self.least_pupils < 100

    def pupils(self, stage: str) -> int | None:
        """Pupils of one stage; nothing where they are not reported."""
        return integer(self.reported.get(stage), "pupils")

    @property
    def least_pupils(self) -> int:
        """Compulsory pupils the school has at least: the reported ones."""
        return sum(self.pupils(s) or 0 for s in self.compulsory_stages)

    @property
    def pupils_complete(self) -> bool:
        """Whether every compulsory stage has reported its pupils."""
        return all(self.pupils(s) is not None for s in self.compulsory_stages)

    @property
    def class_count(self) -> int:
        """Compulsory classes the school is known to have."""
        return sum(len(self.classes.get(s, [])) for s in self.compulsory_stages)

    @property
    def unknown_class_stages(self) -> list[str]:
        """Compulsory stages of which no class is reported, though they are not known to be empty."""
        stages = self.compulsory_stages
        return [s for s in stages if self.pupils(s) != 0 and not self.classes.get(s)]

    @property
    def has_pupils(self) -> bool | None:
        """Whether the school teaches compulsory pupils at all; nothing where unknown."""
        if self.least_pupils > 0 or self.class_count > 0:
            return True
        return False if self.pupils_complete else None


def open_schools(tables: Tables, year: int) -> list[School]:
    """Schools open in the year and schools closed by then; those still to open are no schools."""

    def of_year(sheet: str, school_id: str) -> list[Row]:
        return [row for row in tables.get(sheet, []) if row["school_id"] == school_id and int(row["year"]) == year]

    schools = []
    for row in tables["schools"]:
        school_id = row["school_id"]
        opened, closed = integer(row, "opened_year"), integer(row, "closed_year")
        if opened is not None and opened > year:
            continue
        classes: dict[str, list[int]] = {}
        for one in of_year("classes", school_id):
            classes.setdefault(one["stage"], []).append(int(one["pupils"]))
        rooms: dict[str, list[Fraction | None]] = {kind: [] for kind in ROOM_AREAS}
        for one in of_year("special_rooms", school_id):
            rooms[one["kind"]].append(number(one, "area_m2"))
        schools.append(
            School(
                school_id,
                row["kind"],
                closed is not None and closed <= year,
                {one["stage"]: one for one in of_year("enrolment", school_id)},
                next(iter(of_year("premises", school_id)), None),
                classes,
                rooms,
                row.get("zone", ""),
                integer(row, "built_year"),
                row.get("parent_school_id", ""),
            )
        )
    return sorted(schools, key=lambda school: school.school_id)
