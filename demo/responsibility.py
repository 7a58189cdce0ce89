"""Who answers for what in the demonstration county, what it changed of its plan, and the lists its office keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from demo.metrics import County
from demo.project_list import PROJECTS

Row = dict[str, object]
NAMED_ON = date(2019, 6, 3)
# What nobody has been named for: a register with no blank would be none of this world.
UNNAMED = {"T06-2", "T14-1"}
POSTS = {"department": "分管负责人", "townships": "分管副职"}
AMENDMENTS: tuple[tuple[str, str, str, Mapping[str, Any], str, str], ...] = (
    ("2021-11-18", "sub_items", "T06-8",
     {"clause": "三(二)3", "title": "智慧教育平台与学籍、校园安全数据对接",
      "lead": {"unit": "education", "basis": "default"}, "co_units": {"default": ["police"]},
      "start": {"$day": "2021-12-01"}, "due": {"$day": "2023-12-31"}, "deliverable": "数据对接验收报告",
      "evidence": ["数据对接方案", "数据对接验收报告"]},
     "领导小组 2021 年 11 月 18 日议定（J08）", "平台验收顺延后，领导小组要求一并完成数据对接"),
    ("2022-09-22", "remedies", "sports_ground",
     {"name": "建设运动场馆", "months": 15, "assumption": "按近年三个运动场项目的实际工期调整。"},
     "领导小组 2022 年 9 月 22 日会议纪要", "已完工的运动场项目平均 15 个月"),
    ("2023-02-16", "dated_targets", "arts_facilities_2022",
     {"name": "美育教学条件达到配备要求", "clause": "三(四)3", "by_year": 2023, "deadline": {"$day": "2023-12-31"},
      "snapshot_year": 2023, "scope": "county", "measure": {"kind": "item", "id": "G3"},
      "assumption": "以音乐、美术专用教室配备情况判定；2022 年未达到，经领导小组同意延期一年。"},
     "领导小组 2023 年 2 月 16 日会议纪要", "2022 年底仍有学校缺专用教室，原期限未达到，延期一年"),
)  # fmt: skip


def make_persons(
    county: County,
    items: Sequence[Mapping[str, Any]],
    kinds: Mapping[str, str],
    changed: Mapping[str, tuple[date, str, str, str]],
) -> list[Row]:
    """The person responsible for each sub-item, by township where each answers for itself; contacts; projects."""
    rows: list[Row] = []

    def name(day: date, kind: str, identifier: str, unit: str, place: str = "", note: str = "") -> None:
        # No telephone of anybody: an area code of zeros is none of this country's.
        phone = f"0000-{len(rows) + 1:07d}"
        rows.append({"day": day, "actor": county.person("education"), "kind": kind, "identifier": identifier,
                     "township_code": place, "person": county.person(unit, place),
                     "post": POSTS["townships" if place else "department"], "phone": phone, "note": note})  # fmt: skip

    for item in items:
        if item["id"] in UNNAMED:
            continue
        unit = item["lead"]["unit"]
        day = max(NAMED_ON, item["start"])
        for place in sorted(county.townships) if kinds[unit] == "townships" else [""]:
            name(day, "sub_item", item["id"], unit, place)
        if item["id"] in changed and changed[item["id"]][1] != unit:
            handed, other, _, why = changed[item["id"]]
            name(handed, "sub_item", item["id"], other, note=why)
    for unit in dict.fromkeys(item["lead"]["unit"] for item in items):
        for place in sorted(county.townships) if kinds[unit] == "townships" else [""]:
            name(NAMED_ON, "unit", unit, unit, place)
    for project in PROJECTS:
        name(date.fromisoformat(str(project[10][0][0])), "project", str(project[0]), str(project[3]))
    return rows


def make_amendments(county: County) -> list[Row]:
    """What the leading group changed of the plan."""
    office = county.person("county_government_office")
    return [
        {"day": date.fromisoformat(day), "actor": office, "section": section, "entry_id": entry_id,
         "entry": json.dumps(entry, ensure_ascii=False), "rests_on": ground, "note": reason}
        for day, section, entry_id, entry, ground, reason in AMENDMENTS
    ]  # fmt: skip


def make_stages(county: County) -> list[Row]:
    """Where the county stands with its recognition."""
    office = county.person("county_government_office")
    return [{"day": date(2019, 3, 21), "actor": office, "stage": "creating", "document": "德政办〔2019〕29号",
             "note": "实施方案印发"}]  # fmt: skip


def make_registers(county: County) -> list[Row]:
    """Clusters and entrusted schools as the sheets of schools pair them; schools kept for good. Nothing else is known."""
    office = county.person("education")
    clusters: dict[str, list[str]] = {}
    rows: list[Row] = []
    for school_id, school in county.schools.items():
        if school["cluster"]:
            clusters.setdefault(school["cluster"], []).append(school_id)
    for number, (name, members) in enumerate(sorted(clusters.items()), 1):
        rows.append({"day": date(2019, 9, 16), "actor": office, "register": "cluster", "entry_id": f"Q{number:05d}",
                     "name": name, "school_ids": " ".join(members), "unit_id": "education", "since": "2019-09-01",
                     "content": "片区联合教研、教师走教、场馆共用"})  # fmt: skip
    paired = [(i, s) for i, s in county.schools.items() if s["paired_school_id"] and s["pairing_kind"] == "强扶弱"][:3]
    for number, (school_id, school) in enumerate(paired, len(rows) + 1):
        rows.append({"day": date(2019, 9, 20), "actor": office, "register": "entrusted", "entry_id": f"Q{number:05d}",
                     "name": f"{school['name']}委托管理", "school_ids": school_id,
                     "supporting_school_id": school["paired_school_id"], "unit_id": "education",
                     "since": "2019-09-01", "content": "选派管理团队，教师双向交流，教研资源共享"})  # fmt: skip
    kept = [i for i, s in county.schools.items() if s["permanent"] == "1"]
    for number, school_id in enumerate(kept, len(rows) + 1):
        rows.append({"day": date(2020, 11, 20), "actor": office, "register": "kept", "entry_id": f"Q{number:05d}",
                     "name": county.schools[school_id]["name"], "school_ids": school_id, "unit_id": "education",
                     "since": "2020-12-01", "content": "学区人口稳定，预测 2030 年在校生不低于现有规模"})  # fmt: skip
    return rows
