"""The invented building projects of the demonstration county, as facts that its reports and its records share."""

from __future__ import annotations

from datetime import date

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


def projects_done(planned_by: date, day: date) -> bool:
    """Whether every project that was to be complete by one day is complete on another."""
    due = [(p[11], p[9]) for p in PROJECTS if p[9] and str(p[9]) <= planned_by.isoformat()]
    return all(actual is not None and str(actual) <= day.isoformat() for actual, _ in due)
