"""The command line as other programs meet it: what it prints where, and with which exit code it ends."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.__main__ import main
from tests.support.counties import write_folder
from tests.support.county_builder import YEAR, Tables
from tests.support.small_county import two_schools

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "data" / "counties" / "350526"
# A change of results is meant when this file's diff is reviewed. Renew it with:
#   .venv/bin/python -m core assess --from data/counties/350526 --year 2023 --json > tests/golden/350526-2023.json
GOLDEN = ROOT / "tests" / "golden" / "350526-2023.json"

ITEM_CODES = [*(f"G{n}" for n in range(1, 16)), *(f"Q{n}" for n in range(1, 10)), "satisfaction",
              "veto_exam_admission", "veto_school_choice", "veto_key_schools", "veto_staffing", "veto_safety",
              "veto_fraud", "veto_tutoring", "precondition_basic_balance", "precondition_monitoring"]  # fmt: skip
INDICATORS = [f"L{n}" for n in range(1, 8)]
WORKBOOK = "a.xlsx"


def assess_arguments(source: Path, year: int = YEAR) -> list[str]:
    """The arguments of an assessment."""
    return ["assess", "--from", str(source), "--year", str(year), "--json"]


def process(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def write_workbook(tables: Tables, path: Path) -> Path:
    """The county as one workbook, numbers as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, rows in tables.items():
        page = book.create_sheet(sheet)
        if rows:
            page.append(list(rows[0]))
        for row in rows:
            page.append([_typed(name, text) for name, text in row.items()])
    book.save(path)
    return path


def _typed(name: str, text: str) -> object:
    if not text:
        return None
    if name in ("code", "township_code", "school_id", "class_no", "name") or not text.replace(".", "", 1).isdigit():
        return text
    return float(text) if "." in text else int(text)


def demo_tables() -> Tables:
    """The demo county's sheets."""
    tables = {}
    for path in sorted(DEMO.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            tables[path.stem] = list(csv.DictReader(handle))
    return tables


# ── The object ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def demo() -> subprocess.CompletedProcess[bytes]:
    return process(assess_arguments(DEMO, 2023))


def test_the_demo_county_gives_the_golden_bytes(demo: subprocess.CompletedProcess[bytes]) -> None:
    assert demo.returncode == 0, demo.stderr.decode()
    assert demo.stdout == GOLDEN.read_bytes()


def test_a_workbook_of_the_same_figures_gives_the_same_bytes(
    tmp_path: Path, demo: subprocess.CompletedProcess[bytes]
) -> None:
    done = process(assess_arguments(write_workbook(demo_tables(), tmp_path / WORKBOOK), 2023))
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == demo.stdout


def test_the_bytes_do_not_depend_on_the_run_or_the_language_of_the_system(
    demo: subprocess.CompletedProcess[bytes],
) -> None:
    again = process(assess_arguments(DEMO, 2023), LANG="C", LC_ALL="C", PYTHONHASHSEED="7")
    assert (again.returncode, again.stdout) == (0, demo.stdout)


def test_standard_output_holds_one_object_with_the_fields_of_the_contract_in_its_order(
    demo: subprocess.CompletedProcess[bytes],
) -> None:
    text = demo.stdout.decode("utf-8")
    result, end = json.JSONDecoder(parse_constant=_refuse).raw_decode(text)
    assert text[end:] == "\n"
    assert list(result) == [
        "county", "year", "standard", "verdict", "rows", "left_out", "balance", "items", "class_sizes", "options"
    ]  # fmt: skip
    for row in result["rows"]:
        assert list(row) == ["school_id", "stage", "pupils", "verdict", "met_count", "reason", "indicators"]
        assert list(row["indicators"]) == INDICATORS
        for holding in row["indicators"].values():
            assert list(holding) == ["amount", "value", "verdict", "above_floor", "shortfall"]
    assert all(list(entry) == ["school_id", "stage", "reason"] for entry in result["left_out"])
    assert all(
        list(entry) == ["stage", "indicator", "mean", "sd", "cv", "limit", "verdict"] for entry in result["balance"]
    )
    assert all(list(entry) == ["code", "verdict", "value", "detail"] for entry in result["items"])
    assert list(result["class_sizes"]) == ["primary", "junior"]
    for sizes in result["class_sizes"].values():
        assert list(sizes) == ["classes", "over_limit", "51_55", "56_plus", "66_plus"]


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON number")


def test_entries_stand_in_the_order_of_the_contract(demo: subprocess.CompletedProcess[bytes]) -> None:
    result = json.loads(demo.stdout)
    stages = ["primary", "junior"]
    for entries in (result["rows"], result["left_out"]):
        keys = [(entry["school_id"], stages.index(entry["stage"])) for entry in entries]
        assert keys == sorted(keys)
    assert [(b["stage"], b["indicator"]) for b in result["balance"]] == [(s, i) for s in stages for i in INDICATORS]
    assert [item["code"] for item in result["items"]] == ITEM_CODES


def test_values_have_the_types_of_the_contract(demo: subprocess.CompletedProcess[bytes]) -> None:
    result = json.loads(demo.stdout)
    assert (result["county"], result["year"], type(result["year"])) == ("350526", 2023, int)
    for row in result["rows"]:
        assert type(row["met_count"]) is int and (row["pupils"] is None or type(row["pupils"]) is int)
        assert (row["reason"] is None) == (row["verdict"] == "met")
        for holding in row["indicators"].values():
            figures = [holding[key] for key in ("amount", "value", "above_floor", "shortfall")]
            if holding["verdict"] == "not_assessable":
                assert figures == [None] * 4
            else:
                assert [type(figure) for figure in figures] == [float, float, bool, float]
                assert (holding["shortfall"] == 0) == (holding["verdict"] == "met")
    assert {type(b["limit"]) for b in result["balance"]} == {float}
    assert all(type(count) is int for sizes in result["class_sizes"].values() for count in sizes.values())
    assert all(isinstance(item["detail"], str) and item["detail"] for item in result["items"])


def test_the_store_gives_the_same_object_as_its_input(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = write_folder(two_schools().tables, tmp_path / "county")
    database = tmp_path / "county.duckdb"
    assert main(["import", str(folder), "--db", str(database), "--reason", "核对无误"]) == 0
    capsysbinary.readouterr()
    assert main(assess_arguments(folder)) == 0
    direct = capsysbinary.readouterr().out
    assert main(["assess", "--db", str(database), "--year", str(YEAR), "--json"]) == 0
    assert capsysbinary.readouterr().out == direct
    assert main(["assess", "--db", str(database), "--county", "350526", "--year", str(YEAR), "--json"]) == 0
    assert capsysbinary.readouterr().out == direct


# ── Figures that are not there ──────────────────────────────────────────────────────────────────
def assessed(tables: Tables, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The object printed for a county that is usable."""
    code = main(assess_arguments(write_folder(tables, folder)))
    printed = capsys.readouterr()
    assert code == 0, printed.err
    result = json.loads(printed.out)
    assert isinstance(result, dict)
    return result


def test_an_empty_figure_is_not_assessable_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = two_schools()
    small.row("premises", school_id="P")["equipment_value_yuan"] = ""
    result = assessed(small.tables, tmp_path, capsys)
    [row] = [row for row in result["rows"] if row["school_id"] == "P"]
    assert (result["verdict"], row["verdict"], row["indicators"]["L6"]["verdict"]) == ("not_assessable",) * 3
    [balance] = [b for b in result["balance"] if (b["stage"], b["indicator"]) == ("primary", "L6")]
    assert (balance["verdict"], balance["cv"]) == ("not_assessable", None)


def test_a_school_of_no_pupils_is_listed_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = two_schools()
    small.school("empty", "primary", {"primary": 0})
    result = assessed(small.tables, tmp_path, capsys)
    assert result["verdict"] == "met"
    assert result["left_out"] == [{"school_id": "empty", "stage": "primary", "reason": "no_pupils"}]


def test_a_county_without_any_figures_is_not_assessable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = two_schools().tables
    for sheet in tables:
        if sheet not in ("townships", "schools"):
            tables[sheet] = []
    result = assessed(tables, tmp_path, capsys)
    assert result["verdict"] == "not_assessable"
    assert {row["verdict"] for row in result["rows"]} == {"not_assessable"}
    assert {item["verdict"] for item in result["items"]} == {"not_assessable"}


def test_a_warning_is_told_on_standard_error_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = two_schools().tables
    tables["schools"].append(tables["schools"][0] | {"school_id": "silent"})
    code = main(assess_arguments(write_folder(tables, tmp_path)))
    printed = capsys.readouterr()
    assert code == 0
    assert "WARN" in printed.err and "silent" in printed.err
    assert json.loads(printed.out)["verdict"] == "not_assessable"


# ── Inputs that cannot be used ──────────────────────────────────────────────────────────────────
def edit(sheet: str, column: str, value: str, place: int = 0) -> Callable[[Tables], None]:
    """A cell told another value."""

    def change(tables: Tables) -> None:
        tables[sheet][place][column] = value

    return change


def twice(sheet: str) -> Callable[[Tables], None]:
    """A row that stands in its sheet twice."""
    return lambda tables: tables[sheet].append(dict(tables[sheet][0]))


def missing(sheet: str) -> Callable[[Tables], None]:
    """A sheet that is not there."""

    def change(tables: Tables) -> None:
        del tables[sheet]

    return change


def second_county(tables: Tables) -> None:
    """A township of another county among the county's own."""
    tables["townships"].append(tables["townships"][0] | {"code": "350525100"})


# The change, and what the refusal must name: the sheet, the row as the sheet shows it, the column, what was found.
UNUSABLE: dict[str, tuple[Callable[[Tables], None], tuple[str, ...]]] = {
    "unknown township": (
        edit("schools", "township_code", "350526999"), ("“学校”", "第 2 行", "“所在乡镇代码”", "350526999")
    ),
    "unknown school": (edit("premises", "school_id", "X9"), ("“校舍与设备”", "第 2 行", "“学校标识码”", "X9")),
    "duplicate school": (twice("schools"), ("“学校”", "第 4 行", "P", "第 2 行重复")),
    "duplicate enrolment": (twice("enrolment"), ("“在校生与教师”", "第 4 行", "第 2 行重复")),
    "duplicate class": (twice("classes"), ("“班级”", "第 2 行重复")),
    "duplicate figure": (twice("county_figures"), ("“县级数据”", "第 2 行重复")),
    "text in a number": (
        edit("enrolment", "teachers", "约四十"), ("“在校生与教师”", "第 2 行", "“专任教师数”", "约四十")
    ),
    "unit in a number": (edit("premises", "teaching_area_m2", "4500㎡"), ("“教学及辅助用房面积”", "4500㎡")),
    "half a pupil": (edit("enrolment", "pupils", "999.5"), ("“在校生数”", "999.5")),
    "negative area": (edit("premises", "sports_ground_area_m2", "-1"), ("“运动场地面积”", "-1", "超出范围")),
    "negative figure": (edit("county_figures", "value", "-700"), ("“县级数据”", "“数值”", "-700")),
    "absurd pupils": (edit("enrolment", "pupils", "1000000"), ("“在校生数”", "1000000", "超出范围")),
    "absurd equipment": (edit("premises", "equipment_value_yuan", "1e30"), ("“教学仪器设备资产值”",)),
    "not a number": (edit("premises", "equipment_value_yuan", "NaN"), ("“教学仪器设备资产值”", "NaN")),
    "absurd year": (edit("enrolment", "year", "20222"), ("“学年”", "20222")),
    "unknown kind": (edit("schools", "kind", "kindergarten"), ("“学校类别”", "kindergarten")),
    "no kind": (edit("schools", "kind", ""), ("“学校”", "第 2 行", "“学校类别”")),
    "no class roll": (edit("classes", "pupils", ""), ("“班级”", "第 2 行", "“班级人数”")),
    "more than all teachers": (edit("enrolment", "backbone_teachers", "99"), ("“县级以上骨干教师数”", "99", "42")),
    "indoor above the whole": (
        edit("premises", "indoor_sports_area_m2", "9999"), ("“室内体育用房面积”", "9999", "4500")
    ),
    "rolls that do not add up": (edit("classes", "pupils", "44"), ("“在校生数”", "1000", "999")),
    "grade of another stage": (edit("classes", "grade", "7"), ("“年级”", "7", "小学")),
    "school not open": (edit("schools", "opened_year", str(YEAR + 1)), ("“在校生与教师”", str(YEAR))),
    "two counties": (second_county, ("“乡镇”", "350525")),
    "missing sheet": (missing("premises"), ("“校舍与设备”", "缺少")),
}  # fmt: skip


def refused(source: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What standard error says of an input that cannot be used; standard output stays empty."""
    assert main(assess_arguments(source)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_input_is_refused_with_a_sentence_that_says_where_and_what(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, named = UNUSABLE[name]
    tables = two_schools().tables
    change(tables)
    told = refused(write_folder(tables, tmp_path), capsys)
    lines = [line for line in told.splitlines() if line.startswith("FAIL ")]
    assert any(all(part in line for part in named) for line in lines), told


@pytest.mark.parametrize("name", ["unknown township", "text in a number", "negative area", "missing sheet"])
def test_a_workbook_is_refused_as_a_folder_is(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change, named = UNUSABLE[name]
    tables = two_schools().tables
    change(tables)
    told = refused(write_workbook(tables, tmp_path / WORKBOOK), capsys)
    assert all(part in told for part in named), told


def test_every_fault_is_listed_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = two_schools().tables
    names = ["text in a number", "negative area", "unknown township", "duplicate figure", "unknown kind"]
    for name, place in zip(names, (1, 0, 1, 0, 0), strict=True):
        if name == "unknown township":
            tables["schools"][place]["township_code"] = "350526999"
        elif name == "text in a number":
            tables["enrolment"][place]["teachers"] = "约四十"
        else:
            UNUSABLE[name][0](tables)
    told = refused(write_folder(tables, tmp_path), capsys)
    for found in ("约四十", "-1", "第 2 行重复", "kindergarten"):
        assert found in told
    assert told.count("FAIL ") >= 4


def test_a_sheet_without_its_header_row_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_folder(two_schools().tables, tmp_path)
    path = folder / "enrolment.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[1:]), "utf-8")
    told = refused(folder, capsys)
    assert "“在校生与教师”" in told and "表头" in told


def test_a_sheet_without_one_of_its_columns_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_folder(two_schools().tables, tmp_path)
    path = folder / "premises.csv"
    path.write_text(path.read_text("utf-8").replace("multimedia_rooms", "电教室", 1), "utf-8")
    told = refused(folder, capsys)
    assert "“校舍与设备”" in told and "“网络多媒体教室数”" in told and "缺少" in told


def write_bytes(content: bytes) -> Callable[[Path], Path]:
    """A file of this content, called a workbook."""

    def make(folder: Path) -> Path:
        path = folder / WORKBOOK
        path.write_bytes(content)
        return path

    return make


@pytest.mark.parametrize(
    "make",
    [
        write_bytes(b""),
        write_bytes(b"school_id,name\n"),
        write_bytes(b"PK\x03\x04 cut off"),
        write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
        lambda folder: folder / "nothing.xlsx",
        lambda folder: folder,
    ],
    ids=["empty", "csv called xlsx", "cut off", "encrypted or old", "no such file", "empty folder"],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(
    make: Callable[[Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(make(tmp_path), capsys)
    assert "FAIL " in told and "应为" in told


def test_a_file_in_no_known_encoding_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = two_schools()
    small.row("schools", school_id="P")["name"] = "演示小学"
    folder = write_folder(small.tables, tmp_path)
    path = folder / "schools.csv"
    path.write_bytes(path.read_bytes() + b"\xff\xff")
    assert "UTF-8、UTF-16 或 GB18030" in refused(folder, capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", "--db", "{folder}/none.duckdb", "--year", "2022"],
        ["assess", "--db", "{folder}/county.duckdb", "--year", "2011"],
        ["assess", "--db", "{folder}/county.duckdb", "--county", "110101", "--year", "2022"],
    ],
    ids=["no store", "no such year", "no such county"],
)
def test_a_request_without_figures_is_refused(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(two_schools().tables, tmp_path / "county")
    assert main(["import", str(folder), "--db", str(tmp_path / "county.duckdb"), "--reason", "核对无误"]) == 0
    capsys.readouterr()
    assert main([argument.format(folder=tmp_path) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.strip()


def test_a_refusal_in_a_process_ends_with_two_and_an_empty_standard_output(tmp_path: Path) -> None:
    tables = two_schools().tables
    UNUSABLE["text in a number"][0](tables)
    done = process(assess_arguments(write_folder(tables, tmp_path)))
    assert (done.returncode, done.stdout) == (2, b"")
    assert "约四十" in done.stderr.decode("utf-8")


# ── Nothing half-loaded ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["rolls that do not add up", "two counties", "missing sheet", "negative figure"])
def test_a_refused_import_leaves_the_old_figures_as_they_were(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = ["--db", str(tmp_path / "county.duckdb")]
    good = write_folder(two_schools().tables, tmp_path / "good")
    assert main(["import", str(good), *database, "--reason", "核对无误"]) == 0
    capsys.readouterr()
    assert main(["assess", *database, "--year", str(YEAR)]) == 0
    assert main(["batches", *database]) == 0
    before = capsys.readouterr().out
    tables = two_schools().tables
    UNUSABLE[name][0](tables)
    bad = write_folder(tables, tmp_path / "bad")
    assert main(["import", str(bad), *database, "--reason", "核对无误"]) == 2
    assert capsys.readouterr().out == ""
    assert main(["assess", *database, "--year", str(YEAR)]) == 0
    assert main(["batches", *database]) == 0
    assert capsys.readouterr().out == before


def test_a_warning_is_loaded_only_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = ["--db", str(tmp_path / "county.duckdb")]
    tables = two_schools().tables
    tables["schools"].append(tables["schools"][0] | {"school_id": "silent"})
    folder = write_folder(tables, tmp_path / "county")
    assert main(["import", str(folder), *database]) == 2
    assert "--reason" in capsys.readouterr().err
    assert main(["import", str(folder), *database, "--reason", "该校另行补报"]) == 0


def test_the_same_input_is_loaded_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["import", str(write_folder(two_schools().tables, tmp_path / "county")), "--db", str(tmp_path / "a.db")]
    assert main(command) == 0
    assert main(command) == 2
    assert "完全相同" in capsys.readouterr().err


def test_a_rolled_back_batch_lets_the_one_before_count_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = ["--db", str(tmp_path / "county.duckdb")]
    worse = two_schools()
    worse.row("judgements", item="G1")["status"] = "not_met"
    for place, small in enumerate((two_schools(), worse)):
        folder = write_folder(small.tables, tmp_path / str(place))
        assert main(["import", str(folder), *database, "--reason", "核对无误"]) == 0
    verdicts = []
    for command in ([], ["rollback", "2", "--reason", "填报有误"], ["publish", "2", "--reason", "更正后恢复"]):
        if command:
            assert main([*command, *database]) == 0
        capsys.readouterr()
        assert main(["assess", *database, "--year", str(YEAR)]) == 0
        verdicts.append(json.loads(capsys.readouterr().out)["verdict"])
    assert verdicts == ["not_met", "met", "not_met"]


def of_another_county(tables: Tables) -> Tables:
    """The same figures under another county's code."""
    return {
        sheet: [{k: v.replace("350526", "350427") for k, v in row.items()} for row in rows]
        for sheet, rows in tables.items()
    }


def test_figures_of_another_county_are_refused_and_so_is_a_question_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = write_folder(two_schools().tables, tmp_path / "here")
    other = write_folder(of_another_county(two_schools().tables), tmp_path / "other")
    database = ["--db", str(tmp_path / "county.duckdb")]
    assert main(["import", str(here), "--reason", "首次", *database]) == 0
    assert main(["import", str(other), "--reason", "另一个县", *database]) == 2
    assert "属于另一个县（350427）" in capsys.readouterr().err
    assert main(["check", str(other), *database]) == 2
    assert "属于另一个县（350427）" in capsys.readouterr().err
    assert main(["assess", "--county", "350427", "--year", str(YEAR), "--json", *database]) == 2
    refusal = capsys.readouterr()
    assert refusal.out == "" and "没有 350427 的数据；一个数据文件只存一个县" in refusal.err


def test_county_files_are_loaded_all_or_none_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = write_folder(of_another_county(two_schools().tables), tmp_path / "figures")
    database = ["--db", str(tmp_path / "county.duckdb")]
    assert main(["import", str(figures), "--reason", "首次", *database]) == 0
    folder = tmp_path / "沙溪县"
    folder.mkdir()
    (folder / "county.toml").write_text('code = "350427"\nname = "沙溪县"\n', "utf-8")
    (folder / "prices.toml").write_text("prices = 3\n", "utf-8")
    assert main(["county", str(folder), *database]) == 2
    assert "prices.toml" in capsys.readouterr().err
    (folder / "prices.toml").unlink()
    assert main(["county", str(folder), *database]) == 0
    assert "已载入沙溪县（350427）的 1 个文件：county.toml。" in capsys.readouterr().out
    assert main(["county", str(tmp_path / "figures"), *database]) == 2
    assert "没有县文件" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_ends_the_command_without_a_complaint() -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "core", *assess_arguments(DEMO, 2023)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout is not None and command.stderr is not None
    command.stdout.close()
    said = command.stderr.read().decode("utf-8")
    command.stderr.close()
    assert command.wait() == 141
    assert "Traceback" not in said and "BrokenPipe" not in said
