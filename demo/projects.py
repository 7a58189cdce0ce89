"""Invented building projects of the demonstration county, and decisions of its leading group."""

from __future__ import annotations

from datetime import date

from demo.metrics import County

Row = dict[str, object]
SLOTS = ("linked_leader", "working_system", "chat_group")
# Project: school, name, unit, places, teaching ㎡, sports ㎡, rooms, planned start and completion, the versions as
# (day, progress, forecast), the actual completion, and the slots left blank.
PROJECTS = (
    ("P01", "350526-0029", "新建静洲小学（演示）校区", "housing_construction", 1080, 6900, 11200, 42,
     "2019-06-01", "2021-07-31",
     (("2019-06-20", 2, None), ("2020-03-25", 28, None), ("2020-10-20", 62, None), ("2021-05-20", 93, "2021-08-20")),
     "2021-08-18", ()),
    ("P02", "350526-0001", "兰屏小学（演示）教学综合楼扩建", "housing_construction", 360, 3200, None, 16,
     "2019-09-01", "2020-12-31",
     (("2019-09-20", 1, None), ("2020-05-18", 45, None), ("2020-11-20", 88, "2021-01-20")), "2021-01-16", ()),
    ("P03", "350526-0015", "晨塘初级中学（演示）运动场改造", "education", None, None, 6400, None,
     "2020-03-01", "2020-10-31", (("2020-03-20", 5, None), ("2020-08-20", 80, None)), "2020-10-12", ()),
    ("P04", "350526-0017", "溪塘初级中学（演示）运动场扩建", "education", None, None, 4200, None,
     "2021-09-01", "2022-08-31",
     (("2021-09-22", 3, None), ("2022-03-20", 30, "2022-12-31"), ("2022-10-20", 45, "2023-08-31"),
      ("2023-08-22", 70, "2024-03-31")), None, ("chat_group",)),
    ("P05", "350526-0007", "远庄小学（演示）教学楼扩建", "housing_construction", 270, 2600, 1500, 12,
     "2022-03-01", "2023-12-31", (("2022-03-20", 2, None), ("2022-12-20", 40, None), ("2023-09-20", 82, None)),
     None, ()),
    ("P06", "350526-0020", "霞坂学校（演示）综合楼及室内体育馆", "housing_construction", 180, 2900, 1300, 8,
     "2022-09-01", "2024-07-31", (("2022-09-20", 1, None), ("2023-06-20", 35, None), ("2023-10-20", 48, None)),
     None, ("linked_leader",)),
    ("P07", "350526-0027", "映岗特殊教育学校（演示）康复用房改造", "education", 20, 680, None, 5,
     "2020-06-01", "2022-10-31", (("2020-06-20", 3, None), ("2021-06-20", 40, None), ("2022-07-20", 90, None)),
     "2022-10-20", ()),
    ("P08", "350526-0038", "赤水镇霞林学校（演示）寄宿生宿舍", "housing_construction", None, 900, None, 18,
     "2019-10-01", "2021-06-30", (("2019-10-20", 1, None), ("2020-09-20", 55, None)), "2021-06-18", ()),
    ("P09", "350526-0041", "葛坑镇静坪学校（演示）食堂宿舍改造", "education", None, 760, None, 10,
     "2020-09-01", "2022-06-30", (("2020-09-20", 2, None), ("2021-11-20", 60, None)), "2022-07-05", ()),
    ("P10", "350526-0035", "南埕镇星桥学校（演示）音乐美术专用教室", "education", None, 420, None, 4,
     "2021-03-01", "2022-08-31", (("2021-03-20", 5, None), ("2022-03-20", 65, None)), "2022-08-20", ()),
    ("P11", "350526-0016", "石庄初级中学（演示）理化生实验室改造", "education", None, 640, None, 6,
     "2020-06-01", "2021-08-31", (("2020-06-20", 5, None), ("2021-03-20", 70, None)), "2021-08-25", ("chat_group",)),
    ("P12", None, "城东片区小学选址（演示）", "natural_resources", 1350, None, None, None,
     "2023-06-01", None, (("2023-06-20", 1, None), ("2023-10-20", 5, None)), None,
     ("linked_leader", "working_system", "chat_group")),
)  # fmt: skip
# Decision: its number, day, text, owner, due, later states as (day, status, note).
DECISIONS = (
    ("J01", "2019-04-18", "成立创建办并印发责任分解表", "county_government_office", "2019-06-30",
     (("2019-06-20", "done", "责任分解表已印发"),)),
    ("J02", "2019-04-18", "静洲小学（演示）项目用地年内交付", "natural_resources", "2019-12-31",
     (("2019-09-20", "in_progress", "正在办理供地"), ("2019-12-12", "done", "用地已交付"))),
    ("J03", "2019-10-24", "起始年级班额一律不超过 50 人", "education", "2020-08-31",
     (("2020-03-20", "in_progress", "已下达招生计划"), ("2020-09-04", "done", "2020 年秋季起始年级已落实"))),
    ("J04", "2020-03-26", "教师培训经费单列并逐年增加", "finance", "2020-12-31", (("2020-12-21", "done", "已列入预算"),)),
    ("J05", "2020-03-26", "核定城区中小学急需编制 96 名", "staffing_office", "2020-08-31",
     (("2020-07-20", "in_progress", "方案报审"), ("2020-10-15", "done", "已核定下达"))),
    ("J06", "2020-11-12", "自 2021 年起各乡镇按月报送控辍保学进展", "townships", "2021-01-31",
     (("2021-02-05", "done", "各乡镇已按月报送"),)),
    ("J07", "2021-04-15", "静洲小学（演示）秋季如期开学", "education", "2021-08-31",
     (("2021-06-20", "in_progress", "设备安装中"), ("2021-08-27", "done", "已开学"))),
    ("J08", "2021-11-18", "智慧教育平台验收顺延至 2022 年 6 月", "education", "2022-06-30",
     (("2022-06-24", "done", "平台已验收"),)),
    ("J09", "2021-11-18", "合同教师薪酬与在编教师差距逐年缩小", "finance", "2022-12-31",
     (("2022-12-20", "in_progress", "2022 年已提高，尚未同酬"),)),
    ("J10", "2022-04-21", "溪塘初级中学（演示）运动场用地纠纷限期化解", "natural_resources", "2022-09-30",
     (("2022-10-25", "in_progress", "完成两户，剩余一户协商中"), ("2023-07-20", "done", "已全部化解"))),
    ("J11", "2022-09-22", "城区音乐美术教室不足的学校年底前补齐", "education", "2022-12-31",
     (("2022-12-26", "in_progress", "尚余一所"),)),
    ("J12", "2022-09-22", "骨干教师向溪塘、霞坂两校倾斜", "education", "2023-08-31",
     (("2023-03-20", "in_progress", "已选派六名"),)),
    ("J13", "2023-02-16", "按月通报未报送单位", "county_government_office", "2023-03-31",
     (("2023-03-28", "done", "已纳入月度通报"),)),
    ("J14", "2023-02-16", "补报交流轮岗骨干教师数", "education", "2023-10-31", ()),
    ("J15", "2023-05-25", "公安、市场监督、教育每学期联合检查校园周边", "police", "2023-12-31",
     (("2023-09-22", "in_progress", "秋季联合检查已完成"),)),
    ("J16", "2023-10-19", "城东片区小学（演示）选址方案提交审议", "natural_resources", "2023-12-31",
     (("2023-11-20", "in_progress", "两个比选方案已成稿"),)),
)  # fmt: skip


def make_projects(county: County) -> list[Row]:
    """Every version of every project; the versions of a finished one end with its completion."""
    rows: list[Row] = []
    for (ident, school_id, name, unit, places, teaching, sports, rooms, start, planned, versions, actual,
         blank) in PROJECTS:  # fmt: skip
        school = county.schools.get(school_id or "", {})
        filled: Row = {
            "project_id": ident, "project": name, "responsible_unit": unit,
            "linked_leader": f"{county.person('leader', ident)}（挂钩县领导）",
            "schedule": f"{start[:7]} 开工，{planned[:7]} 完工" if planned else "选址报批，工期待定",
            "working_system": "周调度、月通报、季督查", "chat_group": f"{ident} 项目推进群",
            "township_code": school.get("township_code", "350526100"), "school_id": school_id, "places": places,
            "teaching_area_m2": teaching, "sports_area_m2": sports, "rooms": rooms, "planned_start": start,
            "planned_completion": planned, "lon": school.get("lon", "118.251300"), "lat": school.get("lat", "25.497600"),
        }  # fmt: skip
        filled |= {slot: "" for slot in SLOTS if slot in blank}
        told = [(*version, None) for version in versions]
        if actual:
            told.append((actual, 100, None, actual))
        for day, progress, forecast, completed in told:
            note = "完工验收" if completed else ("工期调整" if forecast else "")
            rows.append({**filled, "day": date.fromisoformat(day), "actor": county.person(unit), "progress": progress,
                         "forecast_completion": forecast, "actual_completion": completed, "note": note})  # fmt: skip
    return rows


def make_decisions(county: County) -> list[Row]:
    """Every decision with the rows that tell how it went on."""
    rows: list[Row] = []
    for ident, decided, text, owner, due, later in DECISIONS:
        same = {"decision_id": ident, "decision": text, "owner_unit_id": owner, "due": due}
        office = county.person("county_government_office")
        rows.append({"day": date.fromisoformat(decided), "actor": office, **same, "status": "open",
                     "note": "领导小组会议议定"})  # fmt: skip
        for day, status, note in later:
            rows.append({"day": date.fromisoformat(day), "actor": office, **same, "status": status, "note": note})
    return rows
