"""The invented supervision ledger of the demonstration county: opened, corrected and closed as its figures went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.county import stream
from demo.metrics import CLASS_LIMIT, County, days_on

Row = dict[str, object]
YEARS = range(2019, 2024)
STAGE_NAMES = {"primary": "小学", "junior": "初中"}
SHORT = {"L1": "高学历教师", "L2": "骨干教师", "L3": "体艺教师", "L4": "教学用房", "L5": "体育场馆", "L6": "仪器设备",
         "L7": "多媒体教室"}  # fmt: skip
UNITS = {"L1": "名/百人", "L2": "名/百人", "L3": "名/百人", "L4": "㎡/人", "L5": "㎡/人", "L6": "元/人",
         "L7": "间/百人"}  # fmt: skip
MEASURES = {
    "L1": "招聘与校际调配并举，优先补足", "L2": "选派骨干教师任教并列入培养计划", "L3": "单列体艺岗位招聘，走教补充",
    "L4": "改建扩建教学用房", "L5": "扩建运动场，开放室内场馆", "L6": "列入设备采购计划", "L7": "更新多媒体教室",
    "class_size": "控制起始年级招生，增设班级分流", "balance": "向低值学校倾斜配置",
}  # fmt: skip
FEWEST_SHARE = 0.55  # of the shortfalls of a year, this share reaches the ledger
INSPECTOR = ("inspection", "")
LIMIT_DAYS = {"class_size": 1050, "row": 690, "balance": 720, "item": 400}
EXTENDED_DAYS = 360
LARGE_ENOUGH = 4  # classes over the limit that a school needs to get onto the ledger


@dataclass(frozen=True)
class Found:
    """A shortfall in a year's figures, as the ledger words it."""

    kind: str
    subject: str
    title: str
    basis: str
    route: str
    school_ids: tuple[str, ...] = ()
    township: str = ""
    slight: bool = False


def shortfalls(county: County, names: Mapping[str, str], year: int) -> Iterator[Found]:
    """What the year's figures fail: items, class sizes, balance, the indicators of failing rows."""
    judged = county.assessed[year]
    for item in judged["items"]:
        if item["verdict"] == "not_met" and item["code"] not in ("G4", "G5"):
            code = item["code"]
            yield Found("item", f"item:{code}", f"{names[code]}未达标", f"{year} 学年：{item['detail']}", code)
    for school_id, school in county.schools.items():
        for stage, limit in CLASS_LIMIT.items():
            over = county.over_limit(year, school_id, stage)
            if over and school["kind"] != "vocational":
                name = f"{school['name']}{STAGE_NAMES[stage]}"
                yield Found("class_size", f"class_size:{school_id}:{stage}", f"{name} {over} 个班超过班额标准",
                            f"{year} 学年班额标准 ≤ {limit} 人", "class_size", (school_id,),
                            school["township_code"], slight=over < LARGE_ENOUGH)  # fmt: skip
    for result in judged["balance"]:
        if result["verdict"] == "not_met":
            stage, code = result["stage"], result["indicator"]
            yield Found("balance", f"balance:{stage}:{code}", f"{STAGE_NAMES[stage]}{SHORT[code]}差异系数超过限值",
                        f"{year} 学年差异系数 {result['cv']:.3f}，限值 {result['limit']:.2f}", "balance")  # fmt: skip
    for row in judged["rows"]:
        for code, held in row["indicators"].items():
            if row["verdict"] == "not_met" and held["verdict"] == "not_met":
                school = county.schools[row["school_id"]]
                title = f"{school['name']}{STAGE_NAMES[row['stage']]}{SHORT[code]}未达标"
                yield Found("row", f"row:{row['school_id']}:{row['stage']}:{code}", title,
                            f"{year} 学年{SHORT[code]} {held['value']:.2f} {UNITS[code]}，低于标准", code, (row["school_id"],),
                            school["township_code"])  # fmt: skip


class Ledger:
    """The issues and steps written so far, and which subjects are open."""

    def __init__(self, county: County, plan: Mapping[str, Any], seed: int, last: date) -> None:
        self.county, self.seed, self.last = county, seed, last
        self.lead = {route["subject"]: route["lead"] for route in plan["routes"]}
        self.issues: list[Row] = []
        self.steps: list[Row] = []
        self.open: dict[str, tuple[str, Found, date]] = {}
        self.numbers: dict[str, str] = {}

    def raise_issue(self, found: Found, day: date) -> None:
        """Open an issue, assign it and begin the correction."""
        number = f"D{len(self.issues) + 1:03d}"
        self.issues.append({"day": day, "actor": self.county.person("education"), "issue": number,
                            "subject": found.subject, "title": found.title, "basis": found.basis,
                            "source": "figures" if found.subject else "inspection",
                            "township_code": found.township, "school_ids": " ".join(found.school_ids)})  # fmt: skip
        self.numbers[found.subject] = number
        self.assign(number, found, day)

    def assign(self, number: str, found: Found, day: date) -> None:
        """Hand an issue to the unit that its route names, and begin the correction."""
        draw = stream(self.seed, "issue", found.subject, day)
        unit = self.lead[found.route]
        assigned = days_on(day, draw.randint(2, 9))
        due = days_on(assigned, LIMIT_DAYS[found.kind])
        self.step(number, "assigned", assigned, "county_government_office", unit_id=unit,
                  person=self.county.person(unit), due=due)  # fmt: skip
        begun = days_on(assigned, draw.randint(12, 40))
        measures = MEASURES.get(found.route, "对照标准逐项整改")
        self.step(number, "correcting", begun, unit, measures=measures)
        self.open[found.subject] = (number, found, due)

    def step(self, number: str, step_id: str, day: date, unit: str, **cells: object) -> None:
        """One step, unless the history ends before it."""
        if day <= self.last:
            self.steps.append({"day": day, "actor": self.county.person(unit), "issue": number, "step_id": step_id,
                               "verified": int(step_id in ("recheck", "closed")), "without_metric": 0, **cells})  # fmt: skip

    def go_on(self, year: int, failing: set[str]) -> None:
        """With a new year's figures: close what they no longer fail, note progress on the rest."""
        for subject, (number, found, due) in list(self.open.items()):
            draw = stream(self.seed, "round", subject, year)
            unit = self.lead[found.route]
            day = days_on(date(year, 9, 20), draw.randint(0, 30))
            if subject in failing:
                if due < day and draw.random() < 0.6:
                    due = days_on(day, EXTENDED_DAYS)
                    self.step(number, "assigned", day, "county_government_office", unit_id=unit,
                              person=self.county.person(unit), due=due, note="经领导小组同意延期")  # fmt: skip
                    self.open[subject] = (number, found, due)
                self.step(number, "correcting", day, unit, progress=f"{year} 年秋季仍有差距，继续整改")
                continue
            if found.kind != "item" and draw.random() < 0.15 and year == self.last.year:
                self.step(number, "evidence", day, unit, evidence=f"{year} 学年报表及现场照片")
                continue
            self.close(number, unit, day, f"{year} 学年报表及现场照片")
            del self.open[subject]

    def close(self, number: str, unit: str, day: date, evidence: str, reason: str = "") -> None:
        """Evidence, the re-check by another person, the closing."""
        self.step(number, "evidence", day, unit, evidence=evidence)
        self.step(number, "recheck", days_on(day, 6), INSPECTOR[0], passed=1, note="现场核对数据与材料一致")
        self.step(number, "closed", days_on(day, 9), INSPECTOR[0], note=reason or "指标达标，同意销号",
                  without_metric=int(bool(reason)))  # fmt: skip


def make_ledger(county: County, plan: Mapping[str, Any], seed: int, last: date) -> tuple[list[Row], list[Row]]:
    """The issues and steps of the whole history; the steps of an issue stand in their order."""
    ledger = Ledger(county, plan, seed, last)
    names = {route["subject"]: route["name"] for route in plan["routes"]}
    monitoring = Found("item", "item:Q9", "质量监测校际差异偏大", "2019 年监测结果提示校际差异率接近限值", "Q9")
    ledger.raise_issue(monitoring, date(2019, 10, 21))
    ledger.close("D001", ledger.lead["Q9"], date(2020, 1, 13), "2019 年质量监测报告")
    del ledger.open["item:Q9"]
    for year in YEARS:
        found = {f.subject: f for f in shortfalls(county, names, year)}
        ledger.go_on(year, set(found))
        for subject, shortfall in found.items():
            if subject in ledger.numbers and subject not in ledger.open:
                # Its figures fail again: the issue is open again, and a new round begins.
                ledger.assign(ledger.numbers[subject], shortfall, date(year, 10, 19))
            if subject in ledger.numbers or shortfall.slight:
                continue
            draw = stream(seed, "raised", subject, year)
            if year < 2023 and draw.random() < FEWEST_SHARE * (0.6 if shortfall.kind == "row" else 1):
                ledger.raise_issue(shortfall, days_on(date(year, 10, 8), draw.randint(0, 35)))
    manual = Found("item", "", "学校周边流动摊点占道经营", "2023 年 4 月联合检查记录", "school_surroundings",
                   ("350526-0004",), "350526101")  # fmt: skip
    ledger.raise_issue(manual, date(2023, 4, 17))
    number = ledger.open.pop("")[0]
    ledger.close(number, ledger.lead["school_surroundings"], date(2023, 6, 26), "联合执法记录",
                 "摊点已清退，此项没有对应指标，凭联合执法记录销号")  # fmt: skip
    ledger.raise_issue(
        Found("item", "", "校园食堂索证索票不全", "2023 年 9 月秋季开学检查记录", "food_safety", ("350526-0033",),
              "350526104"), date(2023, 9, 14))  # fmt: skip
    order = {str(row["issue"]): n for n, row in enumerate(ledger.issues)}
    ledger.steps.sort(key=lambda row: (order[str(row["issue"])], str(row["day"])))
    return ledger.issues, ledger.steps
