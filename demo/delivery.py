"""An invented history of carrying out the plan: reports, confirmations, decisions, evidence, projects, ledger.

Persons are invented and called 演示 followed by a pair of the sexagenary cycle. What is reported follows what the
county's figures would have said at the time, with the delays, gaps and optimism of real reporting. The same inputs
and seed always give the same bytes. Needs the standard library only; the verdicts come from the assess command.

    python -m demo.delivery --county data/counties/350526 --plan data/plans/dehua-2019-29.toml --seed 34
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from demo.attendance import make_cases, make_school_months
from demo.county import stream
from demo.ledger import make_ledger
from demo.metrics import County, days_on, in_place
from demo.projects import make_decisions, make_funds, make_projects
from demo.responsibility import make_amendments, make_persons, make_registers, make_stages
from demo.supervision import make_inspectors, make_letters, make_school_issues, make_visits

Row = dict[str, object]
FIRST_MONTH, LAST_DAY = date(2019, 4, 1), date(2023, 11, 30)
TOWNSHIPS_MONTHLY_FROM = date(2021, 1, 1)
COLUMNS = {
    "updates": "day actor sub_item_id unit_id township_code status progress forecast_date note evidence_link"
    " path_to_green",
    "confirmations": "day actor sub_item_id lead_unit_id due note",
    "decisions": "day actor decision_id decision owner_unit_id due status note",
    "evidence": "day actor evidence subject township_code title year month document_number document_date"
    " pages holder_unit_id state note",
    "reviews": "day actor verified evidence confirmed note",
    "persons": "day actor kind identifier township_code person post phone note",
    "amendments": "day actor section entry_id entry rests_on note",
    "stages": "day actor stage document note",
    "projects": "day actor project_id project linked_leader responsible_unit schedule working_system chat_group"
    " township_code school_id places teaching_area_m2 sports_area_m2 rooms progress planned_start planned_completion"
    " forecast_completion actual_completion lon lat note tendered_on contract_on contract_yuan accepted_on",
    "funds": "day actor project_id source planned_yuan allocated_yuan received_yuan paid_yuan note",
    "registers": "day actor register entry_id name school_ids supporting_school_id unit_id since until content note",
    "issues": "day actor issue subject title basis source source_id township_code school_ids note",
    "steps": "day actor verified issue step_id unit_id school_id person due measures progress evidence passed"
    " without_metric note",
    "visits": "day actor verified visit school_id topics observed response note",
    "cases": "day actor verified case kind source township_code school_id grade found_on confirmed_on notice_number"
    " notice_on term outcome outcome_on proof",
    "case_checks": "day actor verified case passed",
    "school_months": "day actor verified school_id month on_roll attending",
    "letters": "day actor letter kind unit_id township_code school_id recipient matters title content state"
    " document_number signer issued_on reply_by received_by received_on note",
}
# Sub-items that someone reports more cheerfully than the figures allow, and one reported too darkly.
CHEERFUL = {"T05-3", "T07-2", "T11-4", "T08-7", "T03-5"}
DARK = {"T06-4"}
# Of documents without figures: never complete, and filed late by days in the year given.
NEVER_FILED = {"T06-2": 2023, "T12-6": 2022, "T14-5": 0}
LATE_FILED = {("T04-1", 0): 118, ("T08-5", 0): 47, ("T09-3", 0): 26, ("T20-3", 2021): 33, ("T16-5", 2022): 12,
              ("T11-7", 2023): 95, ("T15-5", 2020): 20, ("T10-3", 2021): 9, ("T01-1", 2019): 15}  # fmt: skip
# Confirmed otherwise than the plan presumes: when, who leads, due, why.
CHANGED = {
    "T06-1": (date(2021, 11, 18), "education", "2022-06-30", "平台招标两次流标，领导小组同意顺延半年"),
    "T13-4": (date(2020, 6, 12), "civil_affairs", "2022-08-31", "寄宿留守儿童生活保障改由民政局牵头"),
    "T09-1": (date(2022, 9, 20), "education", "2023-12-31", "省级示范性进修学校评估时间调整"),
}
SILENT_NOW = {"disabled_federation", "civil_affairs"}
SILENT_TOWNSHIPS = ("206", "209")


def months() -> Iterator[date]:
    """The last day of every month of the history."""
    year, month = FIRST_MONTH.year, FIRST_MONTH.month
    while date(year, month, 1) <= LAST_DAY:
        yield date(year, month, monthrange(year, month)[1])
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def dues(item: Mapping[str, Any], due: date) -> list[date]:
    """The days on which a sub-item falls due, but for the monthly ones."""
    if item.get("recurring") == "yearly":
        return [date(y, due.month, due.day) for y in range(item["start"].year, due.year + 1)
                if date(y, due.month, due.day) >= item["start"]]  # fmt: skip
    return [due]


class History:
    """The county's plan and figures, and the rows written so far."""

    def __init__(self, county: County, plan: Mapping[str, Any], seed: int) -> None:
        self.county, self.plan, self.seed = county, plan, seed
        self.items = [item for task in plan["tasks"] for item in task["sub_items"]]
        self.kind = {unit["id"]: unit["kind"] for unit in plan["units"]}
        self.rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        self.filed: dict[tuple[str, str, int], date] = {}

    def lead(self, item: Mapping[str, Any], day: date) -> str:
        """Who leads a sub-item on a day."""
        changed = CHANGED.get(item["id"])
        return changed[1] if changed and day >= changed[0] else item["lead"]["unit"]

    def due(self, item: Mapping[str, Any], day: date) -> date:
        """By when a sub-item is due, as known on a day."""
        changed = CHANGED.get(item["id"])
        return date.fromisoformat(changed[2]) if changed and day >= changed[0] else item["due"]

    def places(self, unit: str) -> list[str]:
        """Who answers for a unit: itself, or each township."""
        return sorted(self.county.townships) if self.kind[unit] == "townships" else [""]

    def file_evidence(self) -> None:
        """The catalogue: what each sub-item requires, filed in time, late, or missing."""
        for item in self.items:
            if item.get("recurring") == "monthly":
                if "metric" not in item:
                    self._file_monthly(item)
                continue
            for due in dues(item, self.due(item, LAST_DAY)):
                year = due.year if item.get("recurring") else 0
                unit = self.lead(item, due)
                for place in self.places(unit):
                    self._file(item, due, year, unit, place)
        for year in range(2019, 2024):
            for code, document, day in self.county.documents(year):
                self._document(day, "education", "", subject=code, title=document, year=year)

    def _file(self, item: Mapping[str, Any], due: date, year: int, unit: str, place: str) -> None:
        draw = stream(self.seed, "evidence", item["id"], year, place)
        never = NEVER_FILED.get(item["id"]) == year or (place and draw.random() < 0.015)
        late = LATE_FILED.get((item["id"], year), draw.randint(3, 24) if draw.random() < 0.03 else 0)
        if item["id"] in LATE_FILED or not late:
            late = LATE_FILED.get((item["id"], year), 0)
        for number, title in enumerate(item["evidence"]):
            last = number == len(item["evidence"]) - 1
            day = due + timedelta(days=late if last and late else -draw.randint(2, 38))
            day = max(day, item["start"] + timedelta(days=10))
            missing = last and never
            if missing:
                day = due + timedelta(days=5)
            if day > LAST_DAY:
                continue
            if missing:
                self.add("evidence", day, unit, place, evidence=self._next(), subject=item["id"], township_code=place,
                         title=title, year=year or day.year, holder_unit_id=unit, state="missing",
                         note="催报后仍未提交")  # fmt: skip
            else:
                self._document(day, unit, place, subject=item["id"], title=title, year=year or day.year)
            if last and not missing:
                self.filed[item["id"], place, year] = day

    def _file_monthly(self, item: Mapping[str, Any]) -> None:
        """Every month's documents; a month in fifty is forgotten."""
        for end in months():
            if stream(self.seed, "month", item["id"], end).random() < 0.02:
                continue
            for title in item["evidence"]:
                day = end - timedelta(days=stream(self.seed, "monthly", item["id"], title, end).randint(0, 6))
                self._document(day, self.lead(item, day), "", subject=item["id"], title=title, year=end.year,
                               month=end.month)  # fmt: skip

    def _next(self) -> str:
        return f"E{len(self.rows['evidence']) + 1:05d}"

    def _document(self, day: date, unit: str, place: str, **cells: object) -> None:
        """A document with its number and date; the education inspectors look at it some days later."""
        ident = self._next()
        drawn = stream(self.seed, "review", ident)
        counted = stream(self.seed, "pages", ident)
        # One in fifty was put away without counting.
        pages: object = counted.randint(1, 36) if counted.random() >= 0.02 else ""
        written = day - timedelta(days=drawn.randint(0, 5))
        self.add("evidence", day, unit, place, evidence=ident, township_code=place, holder_unit_id=unit, state="filed",
                 document_number=f"演示〔{written.year}〕{ident[1:]}号", document_date=written, pages=pages,
                 **cells)  # fmt: skip
        seen = days_on(day, drawn.randint(4, 21))
        waiting = drawn.random() < 0.02 and day.year == LAST_DAY.year
        if seen <= LAST_DAY and not waiting:
            self.add("reviews", seen, "inspection", verified=1, evidence=ident, confirmed=1,
                     note="核对原件，文号、日期与内容相符")  # fmt: skip

    def confirm(self) -> None:
        """The office confirms who leads and by when; a few things are changed later."""
        for number, item in enumerate(self.items):
            if stream(self.seed, "confirm", item["id"]).random() < 0.72:
                day = date(2019, 5, 20) + timedelta(days=number % 19)
                day = max(day, item["start"])
                self.add("confirmations", min(day, LAST_DAY), "education", sub_item_id=item["id"],
                         lead_unit_id=item["lead"]["unit"], due=item["due"], note="责任分解会确认")  # fmt: skip
            if item["id"] in CHANGED:
                day, unit, due, note = CHANGED[item["id"]]
                self.add("confirmations", day, "education", sub_item_id=item["id"], lead_unit_id=unit, due=due,
                         note=note)  # fmt: skip

    def report(self) -> None:
        """The monthly reports; townships report quarterly until told to report every month."""
        for end in months():
            for item in self.items:
                unit = self.lead(item, end)
                if item["start"] > end:
                    continue
                for place in self.places(unit):
                    if place and end < TOWNSHIPS_MONTHLY_FROM and end.month % 3:
                        continue
                    self._report(item, unit, place, end)

    def _report(self, item: Mapping[str, Any], unit: str, place: str, end: date) -> None:
        draw = stream(self.seed, "report", unit, place, end)
        silent = draw.random() < (0.06 if place else 0.03)
        if end == LAST_DAY:
            silent = unit in SILENT_NOW or place[6:] in SILENT_TOWNSHIPS
        if silent:
            return
        day = end.replace(day=draw.randint(20, 28))
        status, due, path = self._status(item, place, day)
        before = self.county.said.get((item["id"], unit, place))
        if before is not None and before[0] == status == "done" and not item.get("recurring"):
            return
        self.county.said[item["id"], unit, place] = (status, day)
        begun = max((day - item["start"]).days, 0) / max((due - item["start"]).days, 1)
        progress = 100 if status == "done" else min(95, round(begun * 19) * 5)
        noted = before is None or before[0] != status
        self.add("updates", day, unit, place, sub_item_id=item["id"], unit_id=unit, township_code=place,
                 status=status, progress=progress,
                 forecast_date=max(due, day) + timedelta(days=45) if status in ("risk", "late") else None,
                 note=self._note(item, status) if noted and not place else "",
                 path_to_green=path)  # fmt: skip

    def _status(self, item: Mapping[str, Any], place: str, day: date) -> tuple[str, date, str]:
        """What the unit says on a day, of which due date, and how it means to come back."""
        ident, recurring = item["id"], item.get("recurring")
        if recurring == "monthly":
            skipped = stream(self.seed, "month", ident, day).random() < 0.02
            return ("on_track" if skipped else "done", day, "")
        all_due = dues(item, self.due(item, day))
        past = [due for due in all_due if due < day]
        owed = past[-1] if past and not self._done(item, place, past[-1], day) else None
        coming = next((due for due in all_due if due >= day), all_due[-1])
        if owed is None:
            if self._done(item, place, coming, day):
                return ("late", coming, "等待设备更新验收后恢复正常") if ident in DARK else ("done", coming, "")
            near = (coming - day).days < 75
            risky = near and "metric" in item and stream(self.seed, "risk", ident, coming).random() < 0.45
            path = f"倒排到周，确保 {coming:%Y-%m} 前完成" if risky else ""
            return ("risk" if risky else "on_track", coming, path)
        if ident in CHEERFUL or (place and stream(self.seed, "cheer", ident, place, owed).random() < 0.12):
            return ("done" if ident == "T03-5" else "on_track", owed, "")
        slight = (day - owed).days < 20
        return ("risk" if slight else "late", owed, f"逐项补齐，{day.year + (day.month > 8)} 年内完成并报核")

    def _done(self, item: Mapping[str, Any], place: str, due: date, day: date) -> bool:
        if "metric" in item:
            return in_place(self.county, self.plan, item, place, due, day)
        filed = self.filed.get((item["id"], place, due.year if item.get("recurring") else 0))
        return filed is not None and filed <= day

    def _note(self, item: Mapping[str, Any], status: str) -> str:
        made = item["deliverable"]
        return {"on_track": f"{made}：按计划推进", "done": f"{made}：已完成", "risk": f"{made}：进度偏紧",
                "late": f"{made}：未按期完成", "not_started": f"{made}：尚未启动"}[status]  # fmt: skip

    def add(self, table: str, day: date, unit: str, place: str = "", **cells: object) -> None:
        """One row, written under the name of the unit's invented person."""
        self.rows[table].append({"day": day, "actor": self.county.person(unit, place), **cells})


def make_history(county: County, plan: Mapping[str, Any], seed: int) -> dict[str, list[Row]]:
    """Every table of the history, each in the order of its days."""
    history = History(county, plan, seed)
    history.confirm()
    history.file_evidence()
    history.report()
    history.rows["decisions"] = make_decisions(county)
    history.rows["projects"] = make_projects(county)
    history.rows["funds"] = make_funds(county)
    history.rows["persons"] = make_persons(county, history.items, history.kind, CHANGED)
    history.rows["amendments"] = make_amendments(county)
    history.rows["stages"] = make_stages(county)
    history.rows["registers"] = make_registers(county)
    history.rows["issues"], history.rows["steps"] = make_ledger(county, plan, seed, LAST_DAY)
    history.rows["persons"] += make_inspectors(county)
    history.rows["visits"] = make_visits(county, seed, LAST_DAY)
    history.rows["letters"] = make_letters(county)
    found, corrected = make_school_issues(county)
    history.rows["issues"] += found
    history.rows["steps"] += corrected
    history.rows["cases"], history.rows["case_checks"] = make_cases(county, seed)
    history.rows["school_months"] = make_school_months(county, seed, history.rows["cases"], LAST_DAY)
    for name, rows in history.rows.items():
        if name != "steps":
            rows.sort(key=lambda row: str(row["day"]))
    return history.rows


def write_history(tables: Mapping[str, list[Row]], folder: Path) -> None:
    """Each table as a CSV file of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)


def assessed(folder: Path, year: int) -> dict[str, Any]:
    """What the assess command says of a school year."""
    command = [sys.executable, "-m", "core", "assess", "--from", str(folder), "--year", str(year), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--county", type=Path, required=True)
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=34)
    options = parser.parse_args()
    folder = options.county.resolve()
    plan = tomllib.loads(options.plan.read_text("utf-8"))
    county = County(folder, {year: assessed(folder, year) for year in range(2018, 2024)})
    write_history(make_history(county, plan, options.seed), folder / "records")


if __name__ == "__main__":
    main()
