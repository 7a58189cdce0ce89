"""An independent witness of the county's verdict, in exact fractions, under every reading of the rules.

Written from the published rules and the dataset contract alone, sharing no line with the
program: where the two disagree, one of them has misread the rules. It therefore repeats the
numbers of the law literally. Amounts, ratios and CV squared are fractions; a float appears only
in what is printed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.support.oracle_facts import (
    CLASS_LIMITS,
    COMPULSORY,
    MET,
    NOT_APPLICABLE,
    NOT_ASSESSABLE,
    NOT_MET,
    READINGS,
    STAGES_OF_KIND,
    WEIGHTS,
    Readings,
    School,
    Tables,
    all_of,
    number,
    open_schools,
    printed_as,
    verdict_of,
)
from tests.support.oracle_items import county_items

INDICATORS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
LIMITS = {
    "primary": dict(zip(INDICATORS, ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"), strict=True)),
    "junior": dict(zip(INDICATORS, ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"), strict=True)),
}
PER = {code: 100 if code in ("L1", "L2", "L3", "L7") else 1 for code in INDICATORS}
FLOOR_SHARE = Fraction("0.85")
CV_LIMITS = {"primary": Fraction("0.50"), "junior": Fraction("0.45")}
# By how much a coefficient may be above its limit and still be printed as the limit.
HALF_CV = Fraction("0.0005")


def reason_left_out(school: School, stage: str) -> str | None:
    """Why a stage is no evaluated row; nothing where it is one."""
    if school.closed:
        return "closed"
    if school.kind == "special":
        return "special"
    pupils = school.pupils(stage)
    if school.kind == "vocational" and (stage not in school.reported or pupils == 0):
        return "vocational"
    if pupils == 0:
        return "no_pupils"
    if school.kind == "teaching_point" and pupils is not None and pupils < 50:
        return "teaching_point_under_50"
    return None


def left_out(schools: list[School]) -> list[dict[str, Any]]:
    """Reported stages, and the stages of closed schools, that are not evaluated."""
    entries = []
    for school in schools:
        of_kind = COMPULSORY if school.kind == "special" else STAGES_OF_KIND[school.kind]
        for stage in COMPULSORY:
            listed = stage in of_kind if school.closed else stage in school.reported
            reason = reason_left_out(school, stage)
            if listed and reason:
                entries.append({"school_id": school.school_id, "stage": stage, "reason": reason})
    return entries


def plus(*amounts: Fraction | None) -> Fraction | None:
    """The sum; nothing where one of them is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Fraction(0)) if len(known) == len(amounts) else None


def school_total(school: School, stage: str, code: str, readings: Readings) -> Fraction | None:
    """What the stage (L1-L3) or the whole school (L4-L7) holds of one resource."""
    enrolment, premises = school.reported.get(stage), school.premises
    indoor = number(premises, "indoor_sports_area_m2")
    if code == "L4":
        teaching = number(premises, "teaching_area_m2")
        return None if teaching is None or indoor is None else teaching - indoor
    if code == "L5":
        return plus(number(premises, "sports_ground_area_m2"), indoor)
    if code == "L3" and readings["relief_shared_teachers"] == "on":
        teachers = number(enrolment, "pe_arts_teachers")
        is_relieved = school.zone == "rural" and school.is_small and school.least_pupils >= 50
        shared = number(enrolment, "shared_pe_arts_teachers") if is_relieved else None
        return None if teachers is None else teachers + (shared or 0)
    return {
        "L1": number(enrolment, "teachers_above_degree"),
        "L2": number(enrolment, "backbone_teachers"),
        "L3": number(enrolment, "pe_arts_teachers"),
        "L6": number(premises, "equipment_value_yuan"),
        "L7": number(premises, "multimedia_rooms"),
    }[code]


def weighted_pupils(school: School, stages: list[str]) -> Fraction | None:
    """The pupils of some stages by the weight of each."""
    pupils = [(stage, school.pupils(stage)) for stage in stages]
    return plus(*(None if count is None else WEIGHTS[stage] * count for stage, count in pupils))


@dataclass
class Unit:
    """A school as it is judged: with the stages of the small teaching points that are merged into it."""

    school: School
    readings: Readings
    joined: list[tuple[School, str]] = field(default_factory=list)
    leaving: frozenset[str] = frozenset()

    def pupils(self, stage: str) -> int | None:
        """Pupils of a row."""
        counts = [self.school.pupils(stage), *(point.pupils(stage) for point, at in self.joined if at == stage)]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def amount(self, stage: str, code: str) -> Fraction | None:
        """What a row holds of a resource: its own people, its weighted share of the premises."""
        if code in ("L1", "L2", "L3"):
            points = [point for point, at in self.joined if at == stage]
            return plus(*(school_total(one, stage, code, self.readings) for one in (self.school, *points)))
        own = self.school.stages_sharing(self.readings)
        total, weight = school_total(self.school, stage, code, self.readings), weighted_pupils(self.school, own)
        # A small point's own stages that stay where they are keep their share of it.
        staying = [s for s in own if s not in self.leaving]
        if len(staying) < len(own):
            kept = weighted_pupils(self.school, staying)
            total = None if total is None or kept is None or not weight else total * kept / weight
            weight = kept
        for point in {point.school_id: point for point, _ in self.joined}.values():
            coming = weighted_pupils(point, [at for one, at in self.joined if one is point])
            whole = weighted_pupils(point, point.stages_sharing(self.readings))
            held = school_total(point, stage, code, self.readings)
            part = None if held is None or coming is None or not whole else held * coming / whole
            total, weight = plus(total, part), plus(weight, coming)
        pupils = self.pupils(stage)
        if total is None or pupils is None or not weight:
            return None
        return total * WEIGHTS[stage] * pupils / weight


def units(schools: list[School], readings: Readings) -> list[Unit]:
    """Every open school as it is judged."""
    found = {school.school_id: Unit(school, readings) for school in schools}
    if readings["small_teaching_points"] == "merge":
        for school in schools:
            for stage in school.compulsory_stages:
                parent = found.get(school.parent)
                if (
                    parent is not None
                    and reason_left_out(school, stage) == "teaching_point_under_50"
                    and stage in parent.school.compulsory_stages
                    and reason_left_out(parent.school, stage) is None
                ):
                    parent.joined.append((school, stage))
                    found[school.school_id].leaving |= {stage}
    return list(found.values())


def holding(unit: Unit, stage: str, code: str) -> dict[str, Any]:
    """One indicator of one school row, against the limit and 85 % of it."""
    pupils, amount = unit.pupils(stage), unit.amount(stage, code)
    if pupils is None or amount is None:
        return dict.fromkeys(("amount", "value", "above_floor", "shortfall")) | {"verdict": NOT_ASSESSABLE}
    limit, value = Fraction(LIMITS[stage][code]), amount * PER[code] / pupils
    read = printed_as(value, 2) if unit.readings["rounding_before_judging"] == "rounded" else value
    return {
        "amount": amount,
        "value": value,
        "verdict": verdict_of(read >= limit),
        "above_floor": read >= FLOOR_SHARE * limit,
        "shortfall": max(limit * pupils / PER[code] - amount, Fraction(0)),
    }


def school_rows(schools: list[School], readings: Readings) -> list[dict[str, Any]]:
    """The evaluated rows: at least six indicators met, and all seven at 85 % of their limits."""
    rows = []
    for unit in units(schools, readings):
        for stage in unit.school.compulsory_stages:
            if reason_left_out(unit.school, stage):
                continue
            indicators = {code: holding(unit, stage, code) for code in INDICATORS}
            verdicts = [one["verdict"] for one in indicators.values()]
            below_floor = any(one["above_floor"] is False for one in indicators.values())
            if below_floor or verdicts.count(NOT_MET) >= 2:
                verdict = NOT_MET
            else:
                verdict = NOT_ASSESSABLE if NOT_ASSESSABLE in verdicts else MET
            rows.append(
                {
                    "school_id": unit.school.school_id,
                    "stage": stage,
                    "pupils": unit.pupils(stage),
                    "verdict": verdict,
                    "met_count": verdicts.count(MET),
                    "indicators": indicators,
                }
            )
    return rows


def coefficient(stage: str, code: str, rows: list[dict[str, Any]], readings: Readings) -> dict[str, Any]:
    """The enrolment-weighted coefficient of variation of one indicator; CV squared is exact."""
    entry: dict[str, Any] = {
        "stage": stage,
        "indicator": code,
        "mean": None,
        "sd": None,
        "cv": None,
    }
    entry |= {"limit": float(CV_LIMITS[stage]), "verdict": NOT_ASSESSABLE}
    amounts = [row["indicators"][code]["amount"] for row in rows]
    if not rows:
        return entry | {"verdict": NOT_APPLICABLE}
    if None in amounts:
        return entry
    everyone = sum(row["pupils"] for row in rows)
    mean = sum(amounts) / everyone
    variance = sum(
        Fraction(row["pupils"], everyone) * (amount / row["pupils"] - mean) ** 2
        for row, amount in zip(rows, amounts, strict=True)
    )
    entry |= {"mean": float(mean * PER[code]), "sd": math.sqrt(variance) * PER[code]}
    if mean == 0:
        return entry
    squared, limit = variance / mean**2, CV_LIMITS[stage]
    is_within = squared <= limit**2
    if readings["rounding_before_judging"] == "rounded":
        is_within = squared < (limit + HALF_CV) ** 2
    return entry | {"cv": math.sqrt(squared), "verdict": verdict_of(is_within)}


def balance(rows: list[dict[str, Any]], readings: Readings) -> list[dict[str, Any]]:
    """The fourteen coefficients, each judged on its own."""
    return [
        coefficient(stage, code, [row for row in rows if row["stage"] == stage], readings)
        for stage in COMPULSORY
        for code in INDICATORS
    ]


def class_sizes(schools: list[School]) -> dict[str, dict[str, int]]:
    """Compulsory classes by size, for each stage; special schools have none that count."""
    bands = {}
    counted = [one for one in schools if one.kind != "special"]
    for stage in COMPULSORY:
        rolls = [roll for one in counted for roll in one.classes.get(stage, [])]
        bands[stage] = {
            "classes": len(rolls),
            "over_limit": sum(roll > CLASS_LIMITS[stage] for roll in rolls),
            "51_55": sum(51 <= roll <= 55 for roll in rolls),
            "56_plus": sum(roll >= 56 for roll in rolls),
            "66_plus": sum(roll >= 66 for roll in rolls),
        }
        unreported = sum(stage in one.unknown_class_stages for one in counted)
        if unreported:
            bands[stage]["unreported"] = unreported
    return bands


def judge(tables: Tables, year: int, options: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The county's verdict as the assess command prints it, without the words.

    Tables hold the contract's text values, "" where not reported; `options` are the readings chosen.
    """
    readings = READINGS | dict(options or {})
    schools = open_schools(tables, year)
    still_open = [school for school in schools if not school.closed]
    rows = school_rows(still_open, readings)
    evaluated = {row["school_id"] for row in rows}
    coefficients = balance(rows, readings)
    items = county_items(tables, year, still_open, readings, evaluated)
    verdict = all_of(one["verdict"] for one in [*rows, *coefficients, *items])
    for row in rows:
        for one in row["indicators"].values():
            for figure in ("amount", "value", "shortfall"):
                one[figure] = None if one[figure] is None else float(one[figure])
    return {
        "county": tables["townships"][0]["code"][:6],
        "year": year,
        "verdict": NOT_ASSESSABLE if verdict == MET and not rows else verdict,
        "rows": rows,
        "left_out": left_out(schools),
        "balance": coefficients,
        "items": items,
        "class_sizes": class_sizes(still_open),
        "options": {name: choice for name, choice in readings.items() if choice != READINGS[name]},
    }
