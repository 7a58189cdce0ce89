"""Invented building projects of the demonstration county, and decisions of its leading group."""

from __future__ import annotations

from datetime import date, timedelta

from demo.metrics import County, days_on
from demo.project_list import PROJECTS

Row = dict[str, object]
SLOTS = ("linked_leader", "working_system", "chat_group")
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
        begun = date.fromisoformat(start)
        if planned:
            filled |= {"tendered_on": days_on(begun, -75), "contract_on": days_on(begun, -30),
                       "contract_yuan": _cost(teaching, sports, rooms) * 94 // 100}  # fmt: skip
        for day, progress, forecast, completed in told:
            note = "完工" if completed else ("工期调整" if forecast else "")
            rows.append({**filled, "day": date.fromisoformat(day), "actor": county.person(unit), "progress": progress,
                         "forecast_completion": forecast, "actual_completion": completed, "note": note})  # fmt: skip
        if actual:
            accepted = days_on(date.fromisoformat(actual), 24)
            rows.append({**rows[-1], "day": accepted, "accepted_on": accepted, "note": "竣工验收"})
    return rows


def _cost(teaching: int | None, sports: int | None, rooms: int | None) -> int:
    """A round sum in yuan that such a building could cost."""
    return (teaching or 0) * 3_200 + (sports or 0) * 450 + (rooms or 0) * 40_000


def make_funds(county: County) -> list[Row]:
    """The money of every project that has a schedule, by source: once when it is planned, once as it last stood."""
    rows: list[Row] = []
    for ident, _, _, unit, _, teaching, sports, rooms, start, planned, versions, actual, _ in PROJECTS:
        if not planned:
            continue
        whole = _cost(teaching, sports, rooms)
        shares = {"province": whole * 30 // 100, "county": whole * 50 // 100}
        shares["bonds" if whole > 15_000_000 else "city"] = whole - sum(shares.values())
        last = 100 if actual else versions[-1][1]
        day = date.fromisoformat(actual or versions[-1][0])
        for source, amount in shares.items():
            said = {"actor": county.person(unit), "project_id": ident, "source": source, "planned_yuan": amount}
            rows.append({**said, "day": date.fromisoformat(start) + timedelta(days=20), "allocated_yuan": 0,
                         "received_yuan": 0, "paid_yuan": 0, "note": "立项"})  # fmt: skip
            # The county's own part comes late where the work is still under way.
            came = amount if source != "county" or actual else amount * max(last - 25, 0) // 100
            rows.append({**said, "day": day, "allocated_yuan": amount if actual or source != "county" else came,
                         "received_yuan": came, "paid_yuan": min(came, amount * last // 100),
                         "note": "决算" if actual else "进度款"})  # fmt: skip
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
