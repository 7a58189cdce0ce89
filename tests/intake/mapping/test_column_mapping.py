"""An export of the official forms is loaded by a mapping said once: the same figures, findings where the export has them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.__main__ import main
from core.access import LOCAL_ADMINISTRATOR, READER
from core.batches import loading, publishing
from core.batches.changed_figures import draft_changes
from core.errors import InputRejected, NotPermitted, Problem, RequestInvalid
from core.facts.current import current_tables
from core.intake.mapping.column_mapping import (
    ColumnMapping,
    FieldSource,
    MappedSheet,
    faults,
    mapping_from,
    mapping_text,
)
from core.intake.mapping.mapped_check import check_mapped, county_counting, only_county_counting
from core.intake.mapping.mapping_records import fitting_mapping, mapping_called, save_mapping, saved_mappings
from core.intake.mapping.mapping_suggestions import suggested_sheets
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_uploads
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard import Standard
from core.store.database import Store
from tests.batches.test_corrections import COUNTY
from tests.support.books import csv_files, sentences, small_tables
from tests.support.official_forms import YEAR, Forms
from tests.support.published_store import NOW

NAME = "教基报表"


def source_of(forms: Forms, name: str = "教基.xlsx") -> Source:
    return open_uploads([(name, forms.content())])


def mapping_for(source: Source, store: Store | None = None) -> ColumnMapping:
    """What is suggested, with the one text that nobody can guess."""
    counting = only_county_counting(store)
    listed = suggested_sheets(source, counting(None) if counting else None)
    return ColumnMapping(NAME, tuple(_with_owners(mapped) for mapped in listed))


def _with_owners(mapped: MappedSheet) -> MappedSheet:
    if mapped.table != "schools":
        return mapped
    return MappedSheet(
        mapped.sheet, mapped.table, mapped.header_rows, mapped.fields, mapped.constants,
        {**mapped.texts, "ownership": {"县级教育部门": "public", "民办": "private"}},
    )  # fmt: skip


def findings(source: Source, mapping: ColumnMapping, year: int | None = YEAR) -> list[Problem]:
    """Everything that the check-up says, loaded or not."""
    try:
        return list(check_mapped(source, mapping, year=year).dataset.warnings)
    except InputRejected as rejected:
        return rejected.problems


def test_an_export_gives_the_very_figures_of_the_workbook() -> None:
    source = source_of(Forms())
    mapping = mapping_for(source)
    assert list(faults(mapping)) == []
    mapped = check_mapped(source, mapping, year=YEAR)
    ours = small_tables()
    for table, spoken in mapping.tables.items():
        header, *rows = ours[table]
        columns = [c for c in header if c in {*spoken, "year"}]
        listed = [dict(zip(header, row, strict=True)) for row in rows]
        expected = sorted(
            tuple(str(row[c]) for c in columns)
            for row in listed
            if row.get("year", str(YEAR)) == str(YEAR)
            and row.get("stage") != "senior"
            and (table != "townships" or row["code"] in {r["township_code"] for r in records_of("schools")})
        )
        found = sorted(tuple(plain(row[c]) for c in columns) for row in mapped.dataset.tables[table])
        assert [[number(c) for c in row] for row in found] == [[number(c) for c in row] for row in expected], table
    assert [w.sheet for w in mapped.dataset.warnings if "合计" in w.found] == ["教基3112", "教基3115"]
    assert dict(mapped.unused_titles)["教基3112"] == ("学校·名称", "毕业生数")


def records_of(table: str) -> list[dict[str, str]]:
    header, *rows = small_tables()[table]
    return [dict(zip(header, row, strict=True)) for row in rows]


def plain(value: object) -> str:
    return "" if value is None else str(value)


def number(cell: str) -> float | str:
    """Figures compare as numbers, everything else as it is written."""
    try:
        return float(cell)
    except ValueError:
        return cell


def test_it_is_judged_like_the_workbook_of_the_same_figures(store: Store, standard: Standard) -> None:
    before = assess_json(assess(store, standard, COUNTY, YEAR), standard)
    source = source_of(Forms())
    mapped = check_mapped(source, mapping_for(source, store), year=YEAR, counting=county_counting(store, COUNTY))
    draft = loading.load(store, mapped.dataset, standard, LOCAL_ADMINISTRATOR, NOW)
    assert draft_changes(store, draft, COUNTY).is_empty, "what the forms do not report keeps what counts now"
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, "教基报表")
    assert assess_json(assess(store, standard, COUNTY, YEAR), standard) == before


def spoil_roll(forms: Forms) -> None:
    forms.workbook["教基3112"]["C7"] = 1


def spoil_part(forms: Forms) -> None:
    forms.workbook["教基3112"]["D7"] = "很多"


def empty_part(forms: Forms) -> None:
    forms.workbook["教基3112"]["D7"] = None


def spoil_code(forms: Forms) -> None:
    forms.workbook["学校名录"]["D6"] = "书院"


def unknown_school(forms: Forms) -> None:
    forms.workbook["教基5170"]["A5"] = "9999"


def more_than_all(forms: Forms) -> None:
    forms.workbook["教基4155"]["F6"] = 2999


def twice(forms: Forms) -> None:
    forms.workbook["教基5176"].append([cell.value for cell in forms.workbook["教基5176"][5]])


def contradiction(forms: Forms) -> None:
    sheet = forms.workbook["教基4155"]
    sheet.merge_cells("J3:J4")
    sheet["J3"] = "在校生数"
    sheet["J5"] = 7


def merged_figures(forms: Forms) -> None:
    forms.workbook["教基5176"].merge_cells("E5:E6")


def lost_formula(forms: Forms) -> None:
    forms.workbook["教基5176"]["C5"] = "=1/0"


def telephone(forms: Forms) -> None:
    forms.workbook["教基3112"]["F7"] = "13859712345"


@pytest.mark.parametrize(
    ("spoil", "level", "sheet", "row", "column", "says"),
    [
        (spoil_roll, "FAIL", "教基3112", 7, "在校生数·男＋在校生数·女", "“班级”表合计"),
        (spoil_part, "FAIL", "教基3112", 7, "在校生数·女", "“很多”不是数字"),
        (empty_part, "WARN", "教基3112", 7, "在校生数·男＋在校生数·女", "“在校生数·女”没有填，2 列相加按未报处理"),
        (spoil_code, "FAIL", "学校名录", 6, "办学类型", "“书院”不在代码表中"),
        (unknown_school, "FAIL", "教基5170", 5, "学校代码", "“9999”不在“学校”表中"),
        (more_than_all, "FAIL", "教基4155", 6, "专任教师·其中：高于规定学历", "2999 大于专任教师数"),
        (twice, "FAIL", "教基5176", 13, "学校代码、学年", "与“教基5176”第 5 行重复"),
        (contradiction, "FAIL", "教基4155", 5, "在校生数", "不同"),
        (merged_figures, "FAIL", "教基5176", 6, "网络多媒体教室（间）", "与第 5 行合并为一个单元格"),
        (lost_formula, "FAIL", "教基5176", 5, "运动场地面积（平方米）", "公式没有计算结果"),
        (telephone, "FAIL", "教基3112", 7, "第 6 列", "手机号码"),
    ],
)  # fmt: skip
def test_a_finding_stands_where_the_export_has_it(
    spoil: Callable[[Forms], None], level: str, sheet: str, row: int, column: str, says: str
) -> None:
    forms = Forms()
    spoil(forms)
    source = source_of(forms)
    found = findings(source, mapping_for(source))
    assert any((p.level, p.sheet, p.row, p.column) == (level, sheet, row, column) and says in p.found for p in found), (
        sentences(found)
    )


def test_a_text_without_meaning_is_to_be_explained_in_the_mapping() -> None:
    forms = Forms()
    spoil_code(forms)
    source = source_of(forms)
    [fault] = [p for p in findings(source, mapping_for(source)) if p.level == "FAIL"]
    assert "请在列对应的" in fault.advice


def test_what_the_forms_leave_out_keeps_what_counts_now(store: Store) -> None:
    forms = Forms()
    for label in [name for name in forms.workbook.sheetnames if name != "教基5176"]:
        del forms.workbook[label]
    forms.workbook["教基5176"]["E6"] = 99
    source = source_of(forms)
    mapping = mapping_for(source, store)
    assert list(mapping.tables) == ["premises"]
    mapped = check_mapped(source, mapping, year=YEAR, counting=county_counting(store, COUNTY))
    now = current_tables(store, COUNTY, year=YEAR)
    for name, rows in mapped.dataset.tables.items():
        changed = [r.values for r in rows if r.values not in [n.values for n in now[name]]]
        assert len(changed) == (1 if name == "premises" else 0)
        assert len(rows) == len(now[name])


def test_a_mapping_says_which_items_no_sheet_supplies() -> None:
    missing = mapping_for(source_of(Forms())).unmapped
    assert missing["校舍与设备"] == ("公用经费", "教师培训经费", "租用运动场地面积", "公用经费预算")
    assert not {"学年", "在校生数", "专任教师数"} & set(missing["在校生与教师"])


def test_a_form_of_one_stage_leaves_the_other_as_it_is(store: Store) -> None:
    forms = Forms()
    for label in [name for name in forms.workbook.sheetnames if name != "教基3112"]:
        del forms.workbook[label]
    source = source_of(forms)
    mapped = check_mapped(source, mapping_for(source, store), year=YEAR, counting=county_counting(store, COUNTY))
    stages = [row["stage"] for row in mapped.dataset.tables["enrolment"]]
    assert sorted(stages) == sorted(r["stage"] for r in current_tables(store, COUNTY, year=YEAR)["enrolment"])
    assert {"primary", "junior"} <= set(stages)


@pytest.mark.parametrize(("label", "first", "table"), [("教基5176", 5, "premises"), ("教基3112", 6, "enrolment")])
def test_schools_that_a_form_leaves_out_keep_what_counts_now_and_are_named(
    store: Store, label: str, first: int, table: str
) -> None:
    forms = Forms()
    for other in [name for name in forms.workbook.sheetnames if name != label]:
        del forms.workbook[other]
    forms.workbook[label].delete_rows(first + 1, 100)
    source = source_of(forms)
    found = check_mapped(source, mapping_for(source, store), year=YEAR, counting=county_counting(store, COUNTY))
    now = current_tables(store, COUNTY, year=YEAR)
    assert len(found.dataset.tables[table]) == len(now[table])
    assert any("文件没有列出 7 所学校" in warning.found for warning in found.dataset.warnings)


def test_codes_of_another_system_become_our_ids_by_the_schools_names(store: Store) -> None:
    forms = Forms()
    codes = {row["school_id"]: f"31350026{n:02d}" for n, row in enumerate(records_of("schools"))}
    for sheet in forms.workbook.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str) and cell.value in codes:
                    cell.value = int(codes[cell.value])
    source = source_of(forms)
    mapping = mapping_for(source, store)
    told = {ours: code for code, ours in mapping.sheets[0].texts["school_id"].items()}
    assert told == codes
    # Sheets without the schools' names are told by the same codes.
    named = {code: ours for ours, code in codes.items()}
    mapping = ColumnMapping(
        NAME,
        tuple(
            MappedSheet(m.sheet, m.table, m.header_rows, m.fields, m.constants, {**m.texts, "school_id": named})
            if "school_id" in m.fields
            else m
            for m in mapping.sheets
        ),
    )
    mapped = check_mapped(source, mapping, year=YEAR, counting=county_counting(store, COUNTY))
    assert {row["school_id"] for row in mapped.dataset.tables["enrolment"]} <= set(codes)


def test_a_header_that_moved_and_a_sheet_renamed_are_found_again() -> None:
    first = source_of(Forms())
    mapping = mapping_for(first)
    forms = Forms()
    forms.workbook["教基5176"].insert_rows(1)
    forms.workbook["教基4155"].title = "教师（新）"
    moved = source_of(forms)
    assert (
        check_mapped(moved, mapping, year=YEAR).dataset.tables == check_mapped(first, mapping, year=YEAR).dataset.tables
    )


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda forms: forms.workbook["教基5176"].__setitem__("C3", "操场"), "没有“运动场地面积（平方米）”"),
        (lambda forms: forms.workbook.__delitem__("教基5176"), "没有名为“教基5176”的工作表"),
        (lambda forms: [setattr(forms.workbook[n], "title", n + "新") for n in ("教基3112", "教基3115")], "列名相符的有 2 张"),
    ],
    ids=["another title", "no such sheet", "two alike"],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_says_where(spoil: Callable[[Forms], object], says: str) -> None:
    mapping = mapping_for(source_of(Forms()))
    forms = Forms()
    spoil(forms)
    with pytest.raises(RequestInvalid, match=says):
        check_mapped(source_of(forms), mapping, year=YEAR)


def test_the_year_is_asked_for_and_another_one_in_the_file_is_named() -> None:
    source = source_of(Forms())
    mapping = mapping_for(source)
    assert mapping.needs_year
    with pytest.raises(RequestInvalid, match="请指明这份文件是哪个学年"):
        check_mapped(source, mapping)
    assert not any("学年导入" in p.found for p in findings(source, mapping))
    other = [p.found for p in findings(source, mapping, 2024)]
    assert "文件中写的是 2023 学年，按 2024 学年导入" in other


def test_a_csv_export_is_mapped_too() -> None:
    premises = "学校代码,学校名称,资产,\n,,运动场地面积（公顷）,多媒体教室\n350526-0001,某校,1.2,20\n合计,,1.2,20\n"
    files = [("资产.csv", premises.encode())]
    source = open_uploads(files)
    [mapped] = suggested_sheets(source)
    assert mapped.header_rows == (1, 2)
    assert mapped.fields["sports_ground_area_m2"] == FieldSource(("资产·运动场地面积（公顷）",), "公顷")
    assert mapped.fields["multimedia_rooms"] == FieldSource(("资产·多媒体教室",))


def test_a_mapping_is_kept_listed_found_again_and_handed_on(store: Store, tmp_path: Path) -> None:
    source = source_of(Forms())
    assert fitting_mapping(store, source) is None
    mapping = mapping_for(source)
    saved = save_mapping(store, mapping, LOCAL_ADMINISTRATOR, NOW)
    assert (saved.number, saved.actor, saved.recorded_at) == (1, LOCAL_ADMINISTRATOR.name, NOW)
    found = fitting_mapping(store, source)
    assert found is not None and found.mapping == mapping
    assert fitting_mapping(store, open_uploads(list(csv_files(small_tables()).items()))) is None

    changed = ColumnMapping(mapping.name, mapping.sheets[:-1])
    save_mapping(store, changed, LOCAL_ADMINISTRATOR, NOW)
    assert [(s.number, s.mapping) for s in saved_mappings(store)] == [(2, changed)]
    assert store.rows("select count(*) from column_mappings") == [(2,)]

    file = tmp_path / "教基.json"
    file.write_text(mapping_text(mapping), "utf-8")
    assert mapping_called(str(file), None) == mapping
    assert mapping_called(NAME, store) == changed
    with pytest.raises(RequestInvalid, match="没有名为“别的”的列对应；已保存的有：教基报表"):
        mapping_called("别的", store)
    with pytest.raises(RequestInvalid, match="读不了列对应文件"):
        mapping_called(str(tmp_path / "没有.json"), store)
    with pytest.raises(RequestInvalid, match="已经保存"):
        save_mapping(store, changed, LOCAL_ADMINISTRATOR, NOW)
    with pytest.raises(NotPermitted):
        save_mapping(store, mapping, READER, NOW)


def test_a_kept_mapping_that_the_dictionary_no_longer_allows_is_refused_when_used(store: Store) -> None:
    source = source_of(Forms())
    save_mapping(store, mapping_for(source), LOCAL_ADMINISTRATOR, NOW)
    with store.write() as cursor:
        cursor.execute("update column_mappings set content = replace(content, 'multimedia_rooms', 'smart_rooms')")
    [saved] = saved_mappings(store)
    with pytest.raises(RequestInvalid, match="没有数据项 smart_rooms"):
        check_mapped(source, saved.mapping, year=YEAR)


def spoiled(**changes: object) -> str:
    """A mapping file with one thing changed in its only sheet."""
    part: dict[str, Any] = {
        "sheet": "资产", "table": "premises", "header_rows": [1, 2],
        "fields": {"school_id": {"columns": ["代码"]}, "multimedia_rooms": {"columns": ["教室"]}},
    }  # fmt: skip
    return json.dumps({"format": "column-mapping", "version": 1, "name": "资产", "sheets": [{**part, **changes}]})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "不是有效的 JSON"),
        ("[]", "这不是列对应文件"),
        ('{"format": "column-mapping", "version": 9}', "版本为 9"),
        ('{"format": "column-mapping", "version": 1, "name": "甲"}', "内容不完整"),
        ('{"format": "column-mapping", "version": 1, "name": " ", "sheets": []}', "没有名称"),
        ('{"format": "column-mapping", "version": 1, "name": "甲", "sheets": []}', "没有对应任何工作表"),
        (spoiled(table="places"), "对应的表 places 不存在"),
        (spoiled(header_rows=[3, 2]), "表头行 3 至 2 不对"),
        (spoiled(fields={"multimedia_rooms": {"columns": ["教室"]}}), "缺少“学校标识码”"),
        (spoiled(fields={"school_id": {"columns": ["代码"]}, "rooms": {"columns": ["间"]}}), "没有数据项 rooms"),
        (spoiled(fields={"school_id": {"columns": ["代码", "名称"]}}), "不能由 2 列相加"),
        (spoiled(fields={"school_id": {"columns": []}}), "没有写明来自哪一列"),
        (spoiled(fields={"school_id": {"columns": ["代码"]}, "equipment_value_yuan": {"columns": ["值"], "unit": "亩"}}), "单位“亩”无法换算为“元”"),
        (spoiled(fields={"school_id": {"columns": ["代码"]}, "multimedia_rooms": {"columns": ["值"], "first_characters": 3}}), "不能只取前 3 位"),
        (spoiled(constants={"multimedia_rooms": "20"}), "既有来源列又有固定值"),
        (spoiled(constants={"operating_funds_yuan": "很多"}), "“公用经费”的固定值“很多”不是数字"),
        (spoiled(constants={"operating_funds_yuan": " "}), "“公用经费”的固定值是空的"),
        (spoiled(table="schools", fields={"school_id": {"columns": ["代码"]}}), "“学校”表的“学校类别”必填"),
        (spoiled(table="classes", constants={"stage": "大学"}), "“大学”不在代码表中"),
        (spoiled(texts={"school_id": {"甲": ""}}), "文字对应是空的"),
        (spoiled(sheet="\ud800"), "不能显示的字符（U\\+D800）"),
        (spoiled(header_rows=[float("inf"), 2]), "内容不完整"),
    ],
)  # fmt: skip
def test_a_bad_mapping_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(RequestInvalid, match=says):
        mapping_from(text)


def test_the_command_line_checks_and_imports_by_name_or_file(
    tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = Forms()
    forms.workbook["教基5176"]["E6"] = 99
    export, file = tmp_path / "教基.xlsx", tmp_path / "教基.json"
    export.write_bytes(forms.content())
    mapping = mapping_for(source_of(forms))
    file.write_text(mapping_text(mapping), "utf-8")
    save_mapping(store, mapping, LOCAL_ADMINISTRATOR, NOW)
    option = ["--db", str(store.path)]
    store.close()

    assert main(["check", str(export), "--mapping", str(file), "--year", str(YEAR)]) == 0
    said = capsys.readouterr()
    assert "体检通过" in said.out and "没有对应的列：工作表“教基3112”的学校·名称、毕业生数" in said.err
    assert main(["check", str(export), "--mapping", str(file)]) == 2
    assert "请指明这份文件是哪个学年" in capsys.readouterr().err
    assert main(["check", str(export), "--mapping", NAME, "--year", str(YEAR), *option]) == 0
    assert main(["check", str(export), "--mapping", "别的", *option]) == 2
    assert main(["import", str(export), "--mapping", NAME, "--year", str(YEAR), *option]) == 2
    assert "--reason" in capsys.readouterr().err
    arguments = ["import", str(export), "--mapping", NAME, "--year", str(YEAR), "--reason", "已核实", *option]
    assert main(arguments) == 0
    assert "批次 2 已导入并发布" in capsys.readouterr().out
    fresh = str(tmp_path / "new.duckdb")
    assert (
        main(["import", str(export), "--mapping", str(file), "--year", str(YEAR), "--reason", "首批", "--db", fresh])
        == 0
    )
    assert openpyxl.load_workbook(export).sheetnames[0] == "学校名录"


def test_an_export_without_any_class_loads_and_says_that_none_is_reported() -> None:
    forms = Forms()
    for label in [name for name in forms.workbook.sheetnames if "班" in name]:
        del forms.workbook[label]
    source = source_of(forms)
    mapped = check_mapped(source, mapping_for(source), year=YEAR)
    assert mapped.dataset.tables["classes"] == [] and len(mapped.dataset.tables["enrolment"]) == 8
    assert any("8 所学校有学生而没有填报班级" in p.found for p in mapped.dataset.warnings)
