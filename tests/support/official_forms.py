"""An export as other statistical systems write it: title lines, headers of several lines, merged cells, totals, own codes."""

import io
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.books import Tables, small_tables

YEAR = 2023
KINDS = {"primary": "完全小学", "teaching_point": "小学教学点", "junior": "初级中学", "nine_year": "九年一贯制学校",
         "combined_secondary": "完全中学", "twelve_year": "十二年一贯制学校", "special": "特殊教育学校", "vocational": "职业学校"}  # fmt: skip
ZONES = {"urban": "主城区", "town": "镇中心区", "rural": "村庄"}
STAGES = {"primary": "小学", "junior": "初中"}
GRADES = ["", "一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级"]


def records(table: str, tables: Tables) -> list[dict[str, str]]:
    """The rows of one sheet of ours by column, of the export's year where they have one."""
    header, *rows = tables[table]
    listed = [dict(zip(header, row, strict=True)) for row in rows]
    return [row for row in listed if row.get("year", str(YEAR)) == str(YEAR)]


def number(cell: str, unit: int = 1) -> float | None:
    """A figure as a spreadsheet holds it, in a larger unit where one is given."""
    return float(cell) / unit if cell else None


class Forms:
    """The export, sheet by sheet, with Chinese titles that are not ours."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.tables = tables or small_tables()
        self.workbook = openpyxl.Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.names = {row["school_id"]: row["name"] for row in records("schools", self.tables)}
        self._register()
        for form, stage in (("教基3112", "primary"), ("教基3115", "junior")):
            self._pupils(form, stage)
        self._teachers()
        self._premises()
        self._classes()
        self._rooms()

    def _sheet(self, label: str, form: str, header: Sequence[Sequence[str]], merged: Iterable[str]) -> Worksheet:
        sheet: Worksheet = self.workbook.create_sheet(label)
        sheet.append([form])
        sheet.append(["填报单位：德化县教育局", None, f"{YEAR}/{YEAR + 1} 学年初"])
        for line in header:
            sheet.append([word or None for word in line])
        width = max(len(line) for line in header)
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
        for area in merged:
            sheet.merge_cells(area)
        return sheet

    def _register(self) -> None:
        sheet = self._sheet(
            "学校名录", "学校（机构）基本情况",
            [["序号", "学校（机构）标识码", "学校（机构）名称", "办学类型", "所在地", "", "城乡分类", "举办者", "寄宿制学校", "建校年份"],
             ["", "", "", "", "行政区划代码", "乡镇（街道）", "", "", "", ""]],
            ["E3:F3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "G3:G4", "H3:H4", "I3:I4", "J3:J4"],
        )  # fmt: skip
        places = {row["code"]: row["name"] for row in records("townships", self.tables)}
        for line, row in enumerate(records("schools", self.tables), 1):
            sheet.append(
                [line, row["school_id"], row["name"], KINDS[row["kind"]], row["township_code"] + "000",
                 places[row["township_code"]], ZONES[row["zone"]],
                 "县级教育部门" if row["ownership"] == "public" else "民办", "有" if row["boarding"] == "1" else "无",
                 number(row["built_year"])]
            )  # fmt: skip

    def _pupils(self, form: str, stage: str) -> None:
        sheet = self._sheet(
            form, f"{STAGES[stage]}学生数 {form}",
            [["学校", "", "在校生数", "", "其中", "毕业生数"], ["代码", "名称", "男", "女", "随迁子女", ""],
             ["甲", "乙", "1", "2", "3", "4"]],
            ["A3:B3", "C3:D3", "F3:F4"],
        )  # fmt: skip
        total = 0.0
        for row in records("enrolment", self.tables):
            if row["stage"] == stage and row["pupils"]:
                pupils = float(row["pupils"])
                boys = pupils // 2
                total += pupils
                sheet.append([row["school_id"], self.names[row["school_id"]], boys, pupils - boys,
                              number(row["migrant_pupils"]), 10])  # fmt: skip
        sheet.append(["合计", None, None, total])

    def _teachers(self) -> None:
        sheet = self._sheet(
            "教基4155", "专任教师 教基4155",
            [["学校代码", "学校名称", "学段", "教职工", "专任教师", "", "", "", "骨干教师"],
             ["", "", "", "", "合计", "其中：高于规定学历", "其中：音体美", "其中：持教师资格证", ""]],
            ["A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:H3", "I3:I4"],
        )  # fmt: skip
        for row in records("enrolment", self.tables):
            if row["stage"] in STAGES:
                sheet.append(
                    [row["school_id"], self.names[row["school_id"]], STAGES[row["stage"]] + "教育", number(row["staff"]),
                     *(number(row[c]) for c in ("teachers", "teachers_above_degree", "pe_arts_teachers",
                                                "certified_teachers", "backbone_teachers"))]
                )  # fmt: skip

    def _premises(self) -> None:
        areas = self._sheet(
            "教基5170", "校舍情况 教基5170",
            [["学校代码", "学校名称", "校舍建筑面积（平方米）", ""],
             ["", "", "教学及辅助用房", "其中：体育馆"]],
            ["A3:A4", "B3:B4", "C3:D3"],
        )  # fmt: skip
        assets = self._sheet(
            "教基5176", "资产情况 教基5176",
            [["学校代码", "学校名称", "运动场地面积（平方米）", "教学仪器设备资产值（万元）", "网络多媒体教室（间）"],
             ["甲", "乙", "1", "2", "3"]],
            [],
        )  # fmt: skip
        for row in records("premises", self.tables):
            named = [row["school_id"], self.names[row["school_id"]]]
            areas.append([*named, number(row["teaching_area_m2"]), number(row["indoor_sports_area_m2"])])
            assets.append([*named, number(row["sports_ground_area_m2"]), number(row["equipment_value_yuan"], 10_000),
                           number(row["multimedia_rooms"])])  # fmt: skip

    def _classes(self) -> None:
        sheet = self._sheet(
            "班级名册", "班级学生数", [["学校代码", "年级", "班级", "学生数", ""], ["", "", "", "男", "女"]],
            ["A3:A4", "B3:B4", "C3:C4", "D3:E3"],
        )  # fmt: skip
        for row in records("classes", self.tables):
            boys = int(row["pupils"]) // 2
            grade = GRADES[int(row["grade"])]
            sheet.append([row["school_id"], grade, row["class_no"], boys, int(row["pupils"]) - boys])

    def _rooms(self) -> None:
        sheet = self._sheet("专用教室台账", "专用教室", [["学校代码", "教室名称", "使用面积"]], [])
        for row in records("special_rooms", self.tables):
            sheet.append([row["school_id"], {"music": "音乐室", "art": "美术室"}[row["kind"]], number(row["area_m2"])])

    def content(self) -> bytes:
        """The file."""
        buffer = io.BytesIO()
        self.workbook.save(buffer)
        return buffer.getvalue()
