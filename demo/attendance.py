"""The invented cases of children not at school: found, notified, back at school or not, checked by another person or not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from demo.county import stream
from demo.metrics import County, days_on

Row = dict[str, object]
FIRST, MONTHS = date(2023, 9, 4), (date(2023, 9, 1), date(2023, 10, 1), date(2023, 11, 1))
TERM_DAYS, PROOF = 10, {
    "returned": "attendance_record", "home_teaching": "approval", "transferred": "transfer_record", "deferred": "approval",
    "suspended": "approval", "abroad": "exit_record", "registration": "household_record", "lost": "search_record",
}  # fmt: skip
SILENT_SCHOOLS = 5


@dataclass(frozen=True)
class Kind:
    """So many cases of a township that went the same way."""

    township: str
    kind: str
    number: int
    outcome: str = ""
    noticed: bool = True
    checked: bool = True
    dropped_out: bool = False


CASES = (
    Kind("100", "left", 2, "returned"), Kind("100", "not_enrolled", 5, "deferred", noticed=False),
    Kind("100", "not_enrolled", 1, "abroad", noticed=False), Kind("100", "not_enrolled", 1, "home_teaching", noticed=False),
    Kind("100", "not_enrolled", 1, "registration", noticed=False, checked=False),
    Kind("101", "left", 3, "returned"), Kind("101", "left", 1, "lost", dropped_out=True),
    Kind("101", "not_enrolled", 1, "deferred", noticed=False), Kind("101", "not_enrolled", 1, "suspended", noticed=False, checked=False),
    Kind("104", "left", 1, "returned"), Kind("104", "not_enrolled", 1, "deferred", noticed=False),
    Kind("108", "left", 2, "returned"), Kind("108", "not_enrolled", 1, "home_teaching", noticed=False),
    Kind("111", "left", 3, "returned"), Kind("111", "left", 1, "returned", checked=False),
    Kind("204", "left", 2, "returned"), Kind("204", "left", 1, dropped_out=True),
)  # fmt: skip


def make_cases(county: County, seed: int) -> tuple[list[Row], list[Row]]:
    """Every case, a row each time it changed, and the checks of outcomes."""
    rows: list[Row] = []
    checks: list[Row] = []
    stages = _stages(county)
    notices = 0
    for kind in CASES:
        township = f"350526{kind.township}"
        for _ in range(kind.number):
            case = f"K{len({str(r['case']) for r in rows}) + 1:03d}"
            draw = stream(seed, "case", case)
            found = days_on(FIRST, draw.randint(0, 40))
            own = [s for s in stages if county.schools[s]["township_code"] == township]
            school = draw.choice(own) if kind.kind == "left" else ""
            grade = draw.randint(7, 9) if school and stages[school] == {"junior"} else draw.randint(1, 6)
            state: Row = {
                "actor": county.person("townships", township), "verified": 1, "case": case, "kind": kind.kind,
                "source": draw.choice(("school", "township")) if school else "township", "township_code": township,
                "school_id": school, "grade": grade, "found_on": found, "confirmed_on": "", "notice_number": "", "notice_on": "", "term": "", "outcome": "",
                "outcome_on": "", "proof": "",
            }  # fmt: skip
            rows.append({"day": found, **state})
            last = found
            if kind.noticed:
                notices += 1
                last = days_on(found, draw.randint(1, 4))
                state |= {"notice_number": notices, "notice_on": last, "term": last + timedelta(days=TERM_DAYS)}
                rows.append({"day": last, **state})
            if kind.dropped_out:
                last = days_on(last, 14)
                state |= {"confirmed_on": last}
            if kind.outcome:
                last = days_on(last, draw.randint(2, 8))
                state |= {"outcome": kind.outcome, "outcome_on": last, "proof": PROOF[kind.outcome]}
            if kind.dropped_out or kind.outcome:
                rows.append({"day": last, **state})
            if kind.outcome and kind.outcome != "lost" and kind.checked:
                checks.append({"day": days_on(last, 3), "actor": county.person("education", "check"), "verified": 1,
                               "case": case, "passed": 1})  # fmt: skip
    return rows, checks


def make_school_months(county: County, seed: int, cases: list[Row], last: date) -> list[Row]:
    """What schools said of the year's months: all present but for those whose case is open; the last few said nothing."""
    rows: list[Row] = []
    listed = list(_stages(county))
    for month in MONTHS:
        for place, school in enumerate(listed):
            pupils = sum(sum(c) for (year, s, _), c in county.classes.items() if (year, s) == (2023, school))
            day = days_on(month, stream(seed, "month", school, month).randint(0, 9))
            silent = month == MONTHS[-1] and place >= len(listed) - SILENT_SCHOOLS
            if silent or day > last:
                continue
            absent = _open_on(cases, school, day)
            rows.append({"day": day, "actor": county.person("townships", county.schools[school]["township_code"]), "verified": 1, "school_id": school,
                         "month": month, "on_roll": pupils, "attending": pupils - absent})  # fmt: skip
    return rows


def _stages(county: County) -> dict[str, set[str]]:
    """The stages of every school with classes in 2023."""
    found: dict[str, set[str]] = {}
    for (year, school, stage), pupils in sorted(county.classes.items()):
        if year == 2023 and any(pupils):
            found.setdefault(school, set()).add(stage)
    return found


def _open_on(cases: list[Row], school: str, day: date) -> int:
    """How many of a school's cases were open on a day."""
    state = {str(r["case"]): r for r in cases if r["school_id"] == school and date.fromisoformat(str(r["day"])) <= day}
    return sum(not r["outcome"] or r["outcome"] == "lost" for r in state.values())
