"""An independent witness of the county's verdict, in exact fractions.

Written from the published rules and the dataset contract alone, sharing no line with the
program: where the two disagree, one of them has misread the rules. It therefore repeats the
numbers of the law literally. Amounts, ratios and CV squared are fractions; a float appears only
in what is printed.
"""

import math
from fractions import Fraction
from typing import Any

from tests.support.oracle_facts import (
    CLASS_LIMITS,
    COMPULSORY,
    MET,
    NOT_APPLICABLE,
    NOT_ASSESSABLE,
    NOT_MET,
    STAGES_OF_KIND,
    WEIGHTS,
    School,
    Tables,
    all_of,
    number,
    open_schools,
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


def reason_left_out(school: School, stage: str) -> str | None:
    """Why a stage is no evaluated row; nothing where it is one."""
    if school.closed:
        return "closed"
    if not school.ordinary:
        return school.kind
    pupils = school.pupils(stage)
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


def school_total(school: School, stage: str, code: str) -> Fraction | None:
    """What the stage (L1-L3) or the whole school (L4-L7) holds of one resource."""
    enrolment, premises = school.reported.get(stage), school.premises
    indoor = number(premises, "indoor_sports_area_m2")
    if code == "L4":
        teaching = number(premises, "teaching_area_m2")
        return None if teaching is None or indoor is None else teaching - indoor
    if code == "L5":
        ground = number(premises, "sports_ground_area_m2")
        return None if ground is None or indoor is None else ground + indoor
    return {
        "L1": number(enrolment, "teachers_above_degree"),
        "L2": number(enrolment, "backbone_teachers"),
        "L3": number(enrolment, "pe_arts_teachers"),
        "L6": number(premises, "equipment_value_yuan"),
        "L7": number(premises, "multimedia_rooms"),
    }[code]


def stage_share(school: School, stage: str) -> Fraction | None:
    """The stage's share of the premises, by weighted pupils."""
    weighted: dict[str, Fraction] = {}
    for one in school.stages:
        pupils = school.pupils(one)
        if pupils is None:
            return None
        weighted[one] = WEIGHTS[one] * pupils
    return weighted[stage] / sum(weighted.values())


def holding(school: School, stage: str, code: str) -> dict[str, Any]:
    """One indicator of one school row, against the limit and 85 % of it."""
    pupils, total = school.pupils(stage), school_total(school, stage, code)
    share = Fraction(1) if code in ("L1", "L2", "L3") else stage_share(school, stage)
    if pupils is None or total is None or share is None:
        return dict.fromkeys(("amount", "value", "above_floor", "shortfall")) | {"verdict": NOT_ASSESSABLE}
    amount, needed = total * share, Fraction(LIMITS[stage][code]) * pupils / PER[code]
    return {
        "amount": amount,
        "value": amount * PER[code] / pupils,
        "verdict": verdict_of(amount >= needed),
        "above_floor": amount >= FLOOR_SHARE * needed,
        "shortfall": max(needed - amount, Fraction(0)),
    }


def school_rows(schools: list[School]) -> list[dict[str, Any]]:
    """The evaluated rows: at least six indicators met, and all seven at 85 % of their limits."""
    rows = []
    for school in schools:
        for stage in school.compulsory_stages:
            if reason_left_out(school, stage):
                continue
            indicators = {code: holding(school, stage, code) for code in INDICATORS}
            verdicts = [one["verdict"] for one in indicators.values()]
            below_floor = any(one["above_floor"] is False for one in indicators.values())
            if below_floor or verdicts.count(NOT_MET) >= 2:
                verdict = NOT_MET
            else:
                verdict = NOT_ASSESSABLE if NOT_ASSESSABLE in verdicts else MET
            rows.append(
                {
                    "school_id": school.school_id,
                    "stage": stage,
                    "pupils": school.pupils(stage),
                    "verdict": verdict,
                    "met_count": verdicts.count(MET),
                    "indicators": indicators,
                }
            )
    return rows


def coefficient(stage: str, code: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
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
    squared = variance / mean**2
    return entry | {
        "cv": math.sqrt(squared),
        "verdict": verdict_of(squared <= CV_LIMITS[stage] ** 2),
    }


def balance(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fourteen coefficients, each judged on its own."""
    return [
        coefficient(stage, code, [row for row in rows if row["stage"] == stage])
        for stage in COMPULSORY
        for code in INDICATORS
    ]


def class_sizes(schools: list[School]) -> dict[str, dict[str, int]]:
    """Classes of ordinary schools by size, for each compulsory stage."""
    bands = {}
    for stage in COMPULSORY:
        rolls = [roll for one in schools if one.ordinary for roll in one.classes.get(stage, [])]
        bands[stage] = {
            "classes": len(rolls),
            "over_limit": sum(roll > CLASS_LIMITS[stage] for roll in rolls),
            "51_55": sum(51 <= roll <= 55 for roll in rolls),
            "56_plus": sum(roll >= 56 for roll in rolls),
            "66_plus": sum(roll >= 66 for roll in rolls),
        }
        unreported = sum(stage in one.unknown_class_stages for one in schools if one.ordinary)
        if unreported:
            bands[stage]["unreported"] = unreported
    return bands


def judge(tables: Tables, year: int) -> dict[str, Any]:
    """The county's verdict as the assess command prints it, without the words.

    Tables hold the contract's text values, "" where not reported.
    """
    schools = open_schools(tables, year)
    still_open = [school for school in schools if not school.closed]
    rows = school_rows(still_open)
    coefficients, items = balance(rows), county_items(tables, year, still_open)
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
    }
