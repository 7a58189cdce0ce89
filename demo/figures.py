"""What the county itself reports: figures, judgements, survey, monitoring, attendance."""

from __future__ import annotations

from demo.county import DEMO_COUNTY, MARK, PLACES, County, Row, rising, stream

# County figures that simply grow: value in the first year, growth a year.
GROWING = {
    "quota_primary_yuan": (650, 0.03), "quota_junior_yuan": (850, 0.03),
    "teacher_pay_yuan": (88_000, 0.050), "civil_servant_pay_yuan": (90_200, 0.036),
    "rotation_eligible": (1_120, 0.02), "quota_places_planned": (1_480, 0.03),
    "disabled_school_age": (262, 0.02), "title_appointment_share": (0.845, 0.018),
    "title_appointment_target": (0.90, 0.0), "compulsory_retention_share": (0.976, 0.004),
    "compulsory_retention_target": (0.99, 0.0), "vacant_posts": (96, -0.16),
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
    "veto_tutoring": ("校外培训治理与“双减”工作督查通报", 0),
    "precondition_basic_balance": ("义务教育发展基本均衡县认定公告", 0),
    "precondition_monitoring": ("基本均衡年度监测复查通报", 0),
}  # fmt: skip
MONITORED = (("数学", "体育与健康"), ("语文", "艺术"), ("科学", "德育"))  # in rotation


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
