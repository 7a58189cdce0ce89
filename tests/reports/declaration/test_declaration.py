"""The six tables equal `assess` cell by cell, read back from the workbook; what is not known is marked, never filled."""

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from core import palette
from core.facts.county_facts import figures, survey
from core.facts.school_facts import grades_taught, school_places, stage_people
from core.method.assessment import Verdict
from core.method.engine import assess
from core.reports.assess_json import assess_json, assess_object
from core.reports.declaration.cross_check import Check, cross_checks
from core.reports.declaration.forms import Declared, Form, declaration
from core.reports.declaration.workbook import CHECK_SHEET, SIGNED_BY, declaration_workbook
from core.reports.tables import ORIGIN_SHEET, Origin
from core.rules.standard import STAGES
from core.store.database import Store
from core.wording.numbers import NONE_HERE, NOT_REPORTED, rounded
from tests.support.demo_county import COUNTY, STANDARD, Demo
from tests.support.report_basis import packed, pdf_pages
from tests.support.small_county import YEAR, SmallCounty, stored, two_schools

ORIGIN = Origin("县数据.xlsx", "批次 1", "2023-11-30", "全部", "教督〔2017〕6号", datetime(2023, 11, 30), True)
DECIMALS = {"表Ⅱ-2": STANDARD.rounding.value_decimals}


def declared(store: Store, year: int) -> Declared:
    """What the declaration of a year is made of."""
    return Declared(
        assess(store, STANDARD, COUNTY, year),
        STANDARD,
        grades_taught(store, COUNTY, year),
        figures(store, COUNTY, year),
        school_places(store, COUNTY, year),
        stage_people(store, COUNTY, year),
        survey(store, COUNTY, year),
    )


def made(store: Store, year: int) -> tuple[tuple[Form, ...], tuple[Check, ...], bytes]:
    """The forms, their cross-check, the workbook."""
    held = declared(store, year)
    forms = declaration(held)
    checks = cross_checks(forms, assess_object(held.assessment, STANDARD), STANDARD)
    return forms, checks, declaration_workbook(forms, checks, "德化县", year, ORIGIN, None)


def sheets(workbook: bytes) -> dict[str, Worksheet]:
    """The sheets by title."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return {name: book[name] for name in book.sheetnames}


def body(sheet: Worksheet, form: Form) -> list[list[Any]]:
    """The cells of the form's rows as they stand in the workbook."""
    top = 4 + bool(form.groups)
    width = len(form.table.columns)
    return [[sheet.cell(top + n, k + 1).value for k in range(width)] for n in range(len(form.table.rows))]


@pytest.fixture(scope="module")
def county(demo: Demo) -> tuple[tuple[Form, ...], tuple[Check, ...], bytes]:
    """The demonstration county's declaration."""
    return made(demo.store, 2023)


def test_there_are_six_tables_each_with_places_to_sign_and_the_checks_and_the_source_behind(county: Any) -> None:
    forms, _, workbook = county
    assert [f.number for f in forms] == ["表Ⅰ", "表Ⅱ-1", "表Ⅱ-2", "表Ⅱ-2", "表Ⅲ", "表Ⅳ", "表Ⅴ", "表Ⅵ"]
    found = sheets(workbook)
    assert [*found][-2:] == [CHECK_SHEET, ORIGIN_SHEET] and len(found) == 10
    for form in forms:
        sheet = found[form.table.title]
        texts = [c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
        assert any(all(place in text for place in SIGNED_BY) for text in texts)
        assert any("德化县人民政府（盖章）" in text and "演示数据，不得报送" in text for text in texts)
        assert sheet.cell(1, 1).value == form.table.title


def test_the_tables_read_back_equal_assess_cell_by_cell(county: Any, demo: Demo) -> None:
    forms, _, workbook = county
    found, judged = sheets(workbook), json.loads(assess_json(demo.assessments[2023], STANDARD))
    _, counts, primary, junior, balance, government, quality, satisfaction = forms
    yes = {"met": "是", "not_met": "否", "not_assessable": "无法判定"}
    for place, (stage, form) in enumerate(zip(STAGES, (primary, junior), strict=True)):
        rows = [r for r in judged["rows"] if r["stage"] == stage]
        shown = body(found[form.table.title], form)
        assert [(row[3], row[14 - 1]) for row in shown] == [(r["pupils"], yes[r["verdict"]]) for r in rows]
        for row, r in zip(shown, rows, strict=True):
            for cell, i in zip(row[6:13], STANDARD.indicators, strict=True):
                held = r["indicators"][i.code]
                if held["value"] is None:
                    assert cell == NOT_REPORTED
                elif isinstance(cell, str):
                    digits, mark = cell.split(" ")
                    assert mark == "◆临界" and (Decimal(digits) >= i.limit[stage]) == (held["verdict"] == "met")
                else:
                    assert Decimal(str(cell)) == rounded(held["value"], 2)
        [line] = [row for row in body(found[counts.table.title], counts) if row[0] == ("小学", "初中")[place]]
        for k, i in enumerate(STANDARD.indicators):
            met = sum(r["indicators"][i.code]["verdict"] == "met" for r in rows)
            assert line[2 + 2 * k] == met and Decimal(str(line[3 + 2 * k])) == rounded(met / len(rows), 3)
        assert line[1] == len(rows) and line[-2] == sum(r["verdict"] == "met" for r in rows)
        lines = body(found[balance.table.title], balance)[3 * place : 3 * place + 3]
        for k, i in enumerate(STANDARD.indicators, 2):
            [b] = [b for b in judged["balance"] if (b["stage"], b["indicator"]) == (stage, i.code)]
            if b["mean"] is None or b["cv"] is None:
                assert (lines[0][k], lines[1][k]) == (NOT_REPORTED, NOT_REPORTED)
            else:
                assert Decimal(str(lines[0][k])) == rounded(b["mean"], 2)
                assert Decimal(str(lines[1][k])) == rounded(b["cv"], 3)
    for form, first in ((government, "G"), (quality, "Q")):
        items = [i for i in judged["items"] if i["code"].startswith(first)]
        for row, item in zip(body(found[form.table.title], form), items, strict=True):
            assert item["detail"].startswith(row[1]) and row[2] == yes[item["verdict"]]
    [row] = body(found[satisfaction.table.title], satisfaction)
    [item] = [i for i in judged["items"] if i["code"] == "satisfaction"]
    assert Decimal(str(row[5])) == rounded(item["value"], 3) and row[9] == yes[item["verdict"]]


def test_table_one_counts_what_the_county_reports(county: Any, demo: Demo) -> None:
    [form, *_], _, workbook = county
    [row] = body(sheets(workbook)[form.table.title], form)
    known = figures(demo.store, COUNTY, 2023)
    by_header = dict(zip([c.header for c in form.table.columns][:8], row, strict=False))
    assert by_header["乡镇数"] == 18 and by_header["行政村数"] == int(known["villages"] or 0)
    assert Decimal(str(by_header["人口总数"])) == rounded((known["population"] or 0) / 10_000, 2)
    places, people = school_places(demo.store, COUNTY, 2023), stage_people(demo.store, COUNTY, 2023)
    assert row[8:14] == [sum(p.kind in kinds for p in places) for kinds in (
        {"primary"}, {"nine_year", "twelve_year"}, {"junior"}, {"combined_secondary"}, {"special"}, {"teaching_point"})]  # fmt: skip
    sizes = json.loads(assess_json(demo.assessments[2023], STANDARD))["class_sizes"]
    assert row[14:16] == [sizes[s]["classes"] for s in STAGES]
    ordinary = [p for p in people if p.kind not in ("special",)]
    assert row[16:18] == [sum(p.pupils or 0 for p in ordinary if p.stage == s) for s in STAGES]
    assert row[19] == sum(p.teachers or 0 for p in ordinary if p.stage == "primary")


def test_what_is_not_met_or_not_known_stands_on_a_ground_of_its_own(county: Any) -> None:
    forms, _, workbook = county
    found = sheets(workbook)
    marked = 0
    for form in forms:
        top = 4 + bool(form.groups)
        for n, row in enumerate(form.table.rows):
            for k, cell in enumerate(row):
                ground = found[form.table.title].cell(top + n, k + 1).fill.fgColor.rgb
                verdict = form.marks.get((n, k))
                wanted = {Verdict.NOT_MET: palette.SHARES[3], Verdict.NOT_ASSESSABLE: palette.PALE_GREY}.get(verdict)  # type: ignore[arg-type]
                assert (str(ground)[2:] == wanted[1:]) if wanted else str(ground) == "00000000", (form.number, n, k)
                assert cell is not None or verdict is Verdict.NOT_ASSESSABLE
                marked += verdict is not None
    assert marked > 20


def test_the_cross_check_agrees_and_finds_a_table_that_was_changed(county: Any, demo: Demo) -> None:
    forms, checks, _ = county
    assert len(checks) > 70 and all(c.agrees is not False for c in checks)
    assert {c.name for c in checks if c.agrees is None} == {
        "小学仪器设备县均值：表Ⅲ 与判定结果", "小学仪器设备差异系数：表Ⅲ 与判定结果"}  # fmt: skip
    assessed = assess_object(demo.assessments[2023], STANDARD)
    changes = {1: (0, 2, 49), 2: (0, 13, "否"), 3: (0, 6, Decimal("0.01")), 4: (1, 2, Decimal("0.9")), 5: (0, 2, "否"), 7: (0, 5, Decimal("0.5"))}  # fmt: skip
    for place, (n, k, value) in changes.items():
        table = forms[place].table
        rows = [list(row) for row in table.rows]
        rows[n][k] = value
        changed = replace(forms[place], table=replace(table, rows=tuple(map(tuple, rows))))
        found = cross_checks((*forms[:place], changed, *forms[place + 1 :]), assessed, STANDARD)
        assert [c for c in found if c.agrees is False], (forms[place].number, n, k)


def test_a_coefficient_and_a_share_keep_their_zeros_on_the_sheet(county: Any) -> None:
    forms, _, workbook = county
    sheet = sheets(workbook)[forms[4].table.title]
    formats = {c.number_format for row in sheet.iter_rows(min_row=4) for c in row if isinstance(c.value, float)}
    assert {"0.000", "0.00"} <= formats


@pytest.mark.parametrize("schools", [0, 1])
def test_a_county_of_no_or_one_school_has_six_tables_that_say_so(schools: int) -> None:
    small = SmallCounty()
    if schools:
        small.school("P", "primary", {"primary": 1000})
    with stored(small.tables) as store:
        forms, checks, workbook = made(store, YEAR)
    assert all(c.agrees is not False for c in checks)
    counts = next(f for f in forms if f.number == "表Ⅱ-1")
    assert counts.table.rows[1][3] == NONE_HERE, "no school is not an unreported one"
    balance = next(f for f in forms if f.number == "表Ⅲ")
    assert balance.table.rows[4][2] == NONE_HERE
    assert len(sheets(workbook)) == 10


def test_what_nobody_reported_is_marked_and_no_sum_is_made_of_it() -> None:
    small = two_schools()
    small.row("enrolment", school_id="P")["teachers"] = ""
    small.row("enrolment", school_id="J")["pupils"] = ""
    small.tables["classes"] = [row for row in small.tables["classes"] if row["school_id"] != "J"]
    small.tables["survey"].clear()
    with stored(small.tables) as store:
        forms, checks, _ = made(store, YEAR)
    [row] = forms[0].table.rows
    headers = [c.header for c in forms[0].table.columns]
    assert row[headers.index("小学其中专任教师")] is None and row[headers.index("人口总数")] is None
    assert row[17] is None and row[15] is None
    [said] = forms[-1].table.rows
    assert said[5] is None and said[9] == "无法判定" and forms[-1].marks[0, 9] is Verdict.NOT_ASSESSABLE
    assert all(c.agrees is not False for c in checks) and any(c.agrees is None for c in checks)


def test_a_share_a_hair_below_its_limit_is_not_printed_as_reached() -> None:
    small = two_schools()
    row = small.row("survey", group="all")
    row["valid"], row["satisfied"], row["issued"] = "100000", "84999", "100000"
    with stored(small.tables) as store:
        forms, checks, _ = made(store, YEAR)
    [said] = forms[-1].table.rows
    assert said[5] == "84.999% ◆临界" and str(said[9]).startswith("否")
    assert all(c.agrees is not False for c in checks)


def test_a_draft_says_on_every_sheet_that_it_does_not_count(demo: Demo) -> None:
    forms = declaration(declared(demo.store, 2023))
    workbook = declaration_workbook(forms, (), "德化县", 2023, ORIGIN, 7)
    for form in forms:
        assert "草稿批次 7 尚未发布，不作数" in str(sheets(workbook)[form.table.title].cell(2, 1).value)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook_without_repair(county: Any, tmp_path: Path) -> None:
    (tmp_path / "申报表.xlsx").write_bytes(county[2])
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "申报表.xlsx")], check=True, capture_output=True
    )
    text = packed("".join(pdf_pages((tmp_path / "申报表.pdf").read_bytes())))
    assert "表Ⅵ" in text.replace("VI", "Ⅵ") or "社会认可度" in text
    assert date(2023, 11, 30).isoformat() in text
