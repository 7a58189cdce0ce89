"""Official cards of a county's schools, one school a workbook, as statistical systems print them.

Header depth, the order of rows and columns, further rows and columns, marks and units vary from card to card. Nothing
here comes from the program: what a form looks like is written down a second time.
"""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence

import openpyxl

Row = Mapping[str, str]
Rows = list[dict[str, str]]
GRADES = "一二三四五六"
EDGES = ((1, 25), (26, 30), (31, 35), (36, 40), (41, 45), (46, 50), (51, 55), (56, 60), (61, 65), (66, 10_000))
KIND_CODES = {
    "primary": "211", "teaching_point": "218", "junior": "311", "nine_year": "312", "combined_secondary": "341",
    "twelve_year": "345", "special": "514", "vocational": "321",
}  # fmt: skip
ZONE_CODES = {"urban": "111", "town": "121", "rural": "220"}
# What the cards say, by sheet of ours; lists have to say the rest.
ON_CARDS = {
    "enrolment": ("pupils", "teachers", "teachers_above_degree", "pe_arts_teachers", "migrant_pupils"),
    "premises": (
        "teaching_area_m2", "indoor_sports_area_m2", "sports_ground_area_m2", "equipment_value_yuan", "multimedia_rooms",
    ),
    "schools": ("name", "kind", "township_code", "zone", "built_year"),
}  # fmt: skip


def of(tables: Mapping[str, Rows], sheet: str, school: str, year: int) -> Rows:
    """The rows of a school and year."""
    return [r for r in tables[sheet] if r["school_id"] == school and r.get("year", str(year)) == str(year)]


def cards_of(tables: Mapping[str, Rows], school: Row, year: int, rng: random.Random) -> bytes:
    """The workbook of one school."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    maker = _Maker(book, school, year, rng)
    maker.register()
    for row in of(tables, "enrolment", school["school_id"], year):
        if row["stage"] in ("primary", "junior") and row["pupils"]:
            classes = [c for c in of(tables, "classes", school["school_id"], year) if c["stage"] == row["stage"]]
            maker.pupils(row, classes)
            maker.class_sizes(row["stage"], classes)
            if row["teachers"]:
                maker.teachers(row)
    staffed = [r for r in of(tables, "enrolment", school["school_id"], year) if r["backbone_teachers"]]
    if staffed:
        maker.backbone(sum(int(r["backbone_teachers"]) for r in staffed))
    for row in of(tables, "premises", school["school_id"], year):
        maker.premises(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class _Maker:
    """Writes the cards of one school."""

    def __init__(self, book: openpyxl.Workbook, school: Row, year: int, rng: random.Random) -> None:
        self.book, self.school, self.year, self.rng = book, school, year, rng

    def _card(self, label: str, title: str, header: Sequence[Sequence[str]], rows: Sequence[Sequence[object]]) -> None:
        sheet = self.book.create_sheet(label if self.rng.random() < 0.6 else f"{label} {title}"[:31])
        sheet.append([title])
        colon = self.rng.choice("：:")
        sheet.append(
            [f"学校（机构）标识码{colon}{self.school['school_id']}", None, f"{self.year}/{self.year + 1} 学年初"]
        )
        if self.rng.random() < 0.5:
            sheet.append([f"学校（机构）名称{colon}{self.school['name']}"])
        for line in header:
            sheet.append([word or None for word in line])
        width = len(header[0])
        if self.rng.random() < 0.8:
            ordinals = "甲乙丙丁"
            words = sum(word in ("指标名称", "代码", "计量单位") for word in header[0])
            sheet.append([*ordinals[:words], *range(1, width - words + 1)])
        for row in rows:
            sheet.append(list(row))
        if self.rng.random() < 0.4:
            sheet.append(["填表人：", None, "审核："])

    def register(self) -> None:
        """1001: the school's own sheet, codes as the forms have them."""
        school = self.school
        rows: list[list[object]] = [
            ["学校（机构）名称", "01", school["name"]],
            ["学校（机构）办学类型", "02", KIND_CODES[school["kind"]]],
            ["驻地行政区划代码", "03", f"{school['township_code']}000"],
            ["驻地城乡类型", "04", ZONE_CODES.get(school["zone"], "-")],
            ["校长姓名", "05", "*"],
        ]
        if school["built_year"]:
            rows.append(["建校年月", "06", f"{school['built_year']}09"])
        self.rng.shuffle(rows)
        self._card("教基1001", "学校（机构）基本情况", [["指标名称", "代码", "填报内容"]], rows)

    def pupils(self, row: Row, classes: Rows) -> None:
        """3112 and 3115: pupils by grade; the junior form counts its grades from one."""
        first, count = (1, 6) if row["stage"] == "primary" else (7, 3)
        name, form = ("小学", "3112") if row["stage"] == "primary" else ("初中", "3115")
        grades = [sum(int(c["pupils"]) for c in classes if c["grade"] == str(first + n)) for n in range(count)]
        titles = ["毕业生数", "招生数", "在校生数", "#女", *(f"{GRADES[n]}年级" for n in range(count)), "预计毕业生数"]
        totals = [99, grades[0], int(row["pupils"]), int(row["pupils"]) // 2, *grades, grades[-1]]
        rows: list[list[object]] = [["总计", "01", *totals], ["#女", "02", *("-" for _ in totals)]]
        if row.get("migrant_pupils"):
            rows.append(["#随迁子女", "06", 1, 1, int(row["migrant_pupils"]), "-", *("-" for _ in grades), "-"])
        rows.append(["#留守儿童", "08", *("-" for _ in totals)])
        header = [["指标名称", "代码", *titles]]
        if self.rng.random() < 0.5:
            header.append(["", "", *("" for _ in titles)])
            header[0][4:6] = ["在校生数", "在校生数"]
            header[1][4:6] = ["合计", "#女"]
        self._card(f"教基{form}", f"{name}分类型学生数", header, rows)

    def class_sizes(self, stage: str, classes: Rows) -> None:
        """2106 and 2107: classes by band and grade."""
        first, count = (1, 6) if stage == "primary" else (7, 3)
        name, form = ("小学", "2106") if stage == "primary" else ("初中", "2107")
        dash = self.rng.choice("-–～")
        rows: list[list[object]] = []
        for number, (low, high) in enumerate(EDGES, 2):
            label = f"{high}人及以下" if low == 1 else f"{low}人及以上" if high > 1000 else f"{low}{dash}{high}人"
            held = [
                sum(low <= int(c["pupils"]) <= high for c in classes if c["grade"] == str(first + n))
                for n in range(count)
            ]
            if any(held) or self.rng.random() < 0.7:
                rows.append([label, f"{number:02}", sum(held), *held, 0])
        rows.insert(0, ["总计", "01", len(classes), *(sum(int(str(r[3 + n])) for r in rows) for n in range(count)), 0])
        titles = ["合计", *(f"{GRADES[n]}年级" for n in range(count)), "复式班"]
        self._card(f"教基{form}", f"{name}班额情况", [["指标名称", "代码", *titles]], rows)

    def teachers(self, row: Row) -> None:
        """4155: teachers by subject and degree."""
        name = "小学" if row["stage"] == "primary" else "初中"
        total, above = int(row["teachers"]), int(row["teachers_above_degree"] or 0)
        arts = int(row["pe_arts_teachers"] or 0)
        degrees = ["研究生", "本科", "专科", "高中阶段"]
        held = [above // 5, above - above // 5, 0, total - above]
        if row["stage"] == "junior":
            held = [above // 5, above - above // 5, total - above, 0]
        subjects = [("语文", total - arts), ("体育", arts // 3), ("音乐", arts // 3), ("美术", arts - 2 * (arts // 3))]
        self.rng.shuffle(subjects)
        rows: list[list[object]] = [["总计", "01", total, *held], ["#女", "02", total // 2, *("-" for _ in held)]]
        rows += [[subject, f"{n:02}", count, *("-" for _ in held)] for n, (subject, count) in enumerate(subjects, 3)]
        order = list(range(len(degrees)))
        self.rng.shuffle(order)
        header = [["指标名称", "代码", "合计", *(degrees[n] for n in order)]]
        shuffled = [[*line[:3], *(line[3 + n] for n in order)] for line in rows]
        self._card("教基4155", f"{name}专任教师分课程、分学历情况", header, shuffled)

    def backbone(self, teachers: int) -> None:
        """1102, continued: distinctions of the whole school's teachers, whatever its stages."""
        rows = [["正高级", "21", 0, 0], ["县级及以上骨干教师", "24", teachers, teachers // 2]]
        self.rng.shuffle(rows)
        self._card("教基1102续", "教职工其他情况", [["指标名称", "代码", "合计", "#女"]], rows)

    def premises(self, row: Row) -> None:
        """5170 and 5176: areas, equipment in 万元."""
        if row["teaching_area_m2"]:
            header = [
                ["指标名称", "代码", "学校产权校舍建筑面积", "学校产权校舍建筑面积", "非产权独立使用"],
                ["", "", "计", "其中：危房", ""],
            ]
            rows: list[list[object]] = [
                ["总计", "01", float(row["teaching_area_m2"]) * 2, 0, 0],
                ["一、教学及辅助用房", "02", float(row["teaching_area_m2"]), 0, 0],
            ]
            if row["indoor_sports_area_m2"]:
                rows.append(["  室内体育用房", "09", float(row["indoor_sports_area_m2"]), 0, 0])
            self._card("教基5170", "基础教育学校校舍情况", header, rows)
        lines: list[list[object]] = [["占地面积", "平方米", "01", 9999.0]]
        for name, unit, code, column, factor in (
            ("其中：运动场地面积", "平方米", "04", "sports_ground_area_m2", 1),
            ("网络多媒体教室", "间", "14", "multimedia_rooms", 1),
            ("教学仪器设备资产值", "万元", "16", "equipment_value_yuan", 10_000),
        ):
            if row[column]:
                lines.append([name, unit, code, float(row[column]) / factor])
        self.rng.shuffle(lines)
        self._card("教基5176", "基础教育学校资产等办学条件", [["指标名称", "计量单位", "代码", "数量"]], lines)
