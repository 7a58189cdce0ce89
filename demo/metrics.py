"""What the demonstration county's figures would have said at the time: the plan's metrics, told apart from core.

Used by demo.delivery, so that what people report follows the figures.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from demo.project_list import projects_done

CLASS_LIMIT = {"primary": 45, "junior": 50}
LARGE, OVERSIZED = range(51, 56), 56
CV_LIMIT = {"primary": 0.5, "junior": 0.45}
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one of the county's sheets."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class County:
    """The county's figures, its verdicts by year, and the invented persons of its units."""

    def __init__(self, folder: Path, assessed: Mapping[int, Mapping[str, Any]]) -> None:
        self.assessed = assessed
        self.schools = {row["school_id"]: row for row in read(folder, "schools")}
        self.townships = {row["code"]: row["name"] for row in read(folder, "townships")}
        self.judgements = read(folder, "judgements")
        self.figures = {(int(r["year"]), r["figure"]): r["value"] for r in read(folder, "county_figures")}
        self.attendance = {(r["township_code"], int(r["year"])): r for r in read(folder, "attendance")}
        self.funds: dict[int, float] = defaultdict(float)
        for row in read(folder, "premises"):
            self.funds[int(row["year"])] += float(row["operating_funds_yuan"] or 0)
        self.pupils: dict[int, float] = defaultdict(float)
        for row in read(folder, "enrolment"):
            self.pupils[int(row["year"])] += float(row["pupils"] or 0)
        self.classes: dict[tuple[int, str, str], list[int]] = defaultdict(list)
        for row in read(folder, "classes"):
            self.classes[int(row["year"]), row["school_id"], row["stage"]].append(int(row["pupils"]))
        self.items: dict[int, dict[str, str]] = {
            y: {i["code"]: i["verdict"] for i in a["items"]} for y, a in assessed.items()
        }
        self.said: dict[tuple[str, str, str], tuple[str, date]] = {}
        self._persons: dict[tuple[str, str], str] = {}

    def person(self, unit: str, place: str = "") -> str:
        """The invented person who writes for a unit or a township."""
        number = self._persons.setdefault((unit, place), str(len(self._persons)))
        at = int(number)
        return f"演示{STEMS[at % len(STEMS)]}{BRANCHES[at % len(BRANCHES)]}"

    def documents(self, year: int) -> list[tuple[str, str, date]]:
        """The documents behind the year's judgements: item, title, day."""
        return [
            (r["item"], r["document"], date.fromisoformat(r["document_date"]))
            for r in self.judgements
            if int(r["year"]) == year and r["document"]
        ]

    def over_limit(self, year: int, school_id: str, stage: str) -> int:
        """The classes of a school's stage above the limit."""
        return sum(pupils > CLASS_LIMIT[stage] for pupils in self.classes[year, school_id, stage])

    def number(self, year: int, figure: str) -> float | None:
        """A county figure, or a sum over the schools."""
        if figure == "operating_funds_yuan":
            return self.funds[year] or None
        if figure == "pupils":
            return self.pupils[year] or None
        value = self.figures.get((year, figure), "")
        return float(value) if value else None


def year_at(day: date) -> int:
    """The school year whose figures are known on a day."""
    return day.year if day >= date(day.year, 9, 1) else day.year - 1


def in_place(
    county: County, plan: Mapping[str, Any], item: Mapping[str, Any], place: str, due: date, day: date
) -> bool:
    """Whether what fell due on a date is there by a day, as the figures of its year or later ones show."""
    known, metric = year_at(day), item["metric"]
    if metric["kind"] == "projects_done":
        return projects_done(metric["planned_by"], day)
    if item.get("recurring") or metric["kind"] == "target":
        first = due.year
        if metric["kind"] == "target":
            first = next(t for t in plan["dated_targets"] if t["id"] == metric["id"])["snapshot_year"]
        return any(met(county, plan, metric, year, place) for year in range(first, known + 1))
    return met(county, plan, metric, known, place)


def met(county: County, plan: Mapping[str, Any], metric: Mapping[str, Any], year: int, place: str) -> bool:
    """Whether a metric is met in a school year."""
    if year not in county.assessed:
        return False
    judged, kind = county.assessed[year], metric["kind"]
    if kind in ("item", "veto"):
        return county.items[year][metric["id"]] in ("met", "not_applicable")
    if kind == "indicator":
        return all(r["indicators"][metric["id"]]["verdict"] == "met" for r in judged["rows"])
    if kind == "balance":
        return all(b["verdict"] == "met" for b in judged["balance"])
    if kind == "growth":
        now, before = _quotient(county, metric, year), _quotient(county, metric, year - 1)
        least = metric.get("requires") == "no_fall"
        return now is not None and before is not None and (now > before or (least and now == before))
    if kind == "pair_gap":
        return year > 2018
    if kind == "target":
        target = next(t for t in plan["dated_targets"] if t["id"] == metric["id"])
        return _target_met(county, target, year)
    if kind == "attendance":
        places = [place] if place else list(county.townships)
        part = sum(int(county.attendance[p, year][metric["numerator"]]) for p in places)
        whole = sum(int(county.attendance[p, year][metric["denominator"]]) for p in places)
        return part >= whole * float(metric["limit"])
    part_, whole_ = (
        county.number(year, metric.get("figure", metric.get("numerator", ""))),
        county.number(year, metric.get("target", metric.get("denominator", ""))),
    )
    return part_ is not None and whole_ is not None and part_ >= whole_ * float(metric.get("limit", 1))


def _quotient(county: County, metric: Mapping[str, Any], year: int) -> float | None:
    figure = county.number(year, metric["figure"])
    per = county.number(year, metric["per"]) if "per" in metric else 1.0
    return None if figure is None or not per else figure / per


def _target_met(county: County, target: Mapping[str, Any], year: int) -> bool:
    judged, measure = county.assessed[year], target["measure"]
    central = {i for i, s in county.schools.items() if s["central_area"] == "1" and s["kind"] != "vocational"}
    rolls = [p for (y, i, _), sizes in county.classes.items() if y == year and i in central for p in sizes]
    kind = measure["kind"]
    if kind == "class_share":
        large = measure["band"].endswith("large")
        found = sum(p in LARGE if large else p >= OVERSIZED for p in rolls)
        return found <= float(target["limit"]) * len(rolls)
    if kind == "largest_class":
        return not any(county.over_limit(year, i, stage) for i in central for stage in CLASS_LIMIT)
    if kind == "oversized_school_share":
        return county.items[year]["G4"] == "met" or (year < 2021 and float(target["limit"]) > 0)
    if kind == "composite_cv":
        for stage, limit in CV_LIMIT.items():
            values = [b["cv"] for b in judged["balance"] if b["stage"] == stage]
            if None in values or sum(values) / len(values) > limit:
                return False
        return True
    if kind == "item":
        return county.items[year][measure["id"]] == "met"
    if kind == "comparison":
        figure, required = county.number(year, measure["figure"]), county.number(year, measure["target"])
        return figure is not None and required is not None and figure >= required
    return bool(judged["verdict"] == "met")


def days_on(day: date, days: int) -> date:
    """A working day some days later."""
    later = day + timedelta(days=days)
    return later + timedelta(days=7 - later.weekday()) if later.weekday() > 4 else later
