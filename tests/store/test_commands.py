"""Data goes in and out by the command line as it does on the page."""

import json
from pathlib import Path

import openpyxl
import pytest

from core.__main__ import main
from tests.support.books import csv_files, small_tables


@pytest.fixture
def database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The option that names a store in which the small county counts."""
    folder = tmp_path / "county"
    folder.mkdir()
    for name, content in csv_files(small_tables()).items():
        (folder / name).write_bytes(content)
    option = ["--db", str(tmp_path / "county.duckdb")]
    assert main(["import", str(folder), *option]) == 0
    assert "体检" in capsys.readouterr().err, "progress is told on standard error"
    return option


def verdicts(database: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert main(["assess", *database, "--year", "2023"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_an_export_is_taken_in_again_with_the_same_verdicts(
    database: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, file = verdicts(database, capsys), tmp_path / "导出.xlsx"
    assert main(["export", str(file), *database]) == 0
    assert main(["check", str(file)]) == 0
    assert "体检通过：0 处提示" in capsys.readouterr().out
    assert main(["import", str(file), *database]) == 0
    assert verdicts(database, capsys) == before


def test_a_template_is_made_for_a_township_and_a_school(database: list[str], tmp_path: Path) -> None:
    for option, schools in (([], 8), (["--township", "350526104"], 1), (["--school", "350526-0002"], 1)):
        file = tmp_path / f"模板{len(option)}{option[-1:]}.xlsx"
        assert main(["template", str(file), "--year", "2024", *option, *database]) == 0
        assert openpyxl.load_workbook(file)["学校"].max_row == schools + 1


def test_one_schools_workbook_is_merged_when_asked(
    database: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, file = verdicts(database, capsys), tmp_path / "一校.xlsx"
    assert main(["export", str(file), "--school", "350526-0001", "--year", "2023", *database]) == 0
    assert main(["import", str(file), *database]) == 2
    assert "--reason" in capsys.readouterr().err
    assert main(["import", str(file), "--listed-schools-only", *database]) == 0
    assert verdicts(database, capsys) == before


def test_a_backup_is_restored_and_a_snapshot_written(
    database: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, backup = verdicts(database, capsys), str(tmp_path / "备份.duckdb")
    assert main(["backup", backup, *database]) == 0
    assert "1 个批次" in capsys.readouterr().out
    assert main(["rollback", "1", "--reason", "试验", *database]) == 0
    assert main(["assess", *database, "--year", "2023"]) == 2
    assert main(["restore", backup, *database]) == 0
    assert "原文件保留为" in capsys.readouterr().out
    assert verdicts(database, capsys) == before
    assert main(["snapshot", str(tmp_path / "快照"), *database]) == 0
    assert (tmp_path / "快照" / "classes.parquet").exists()


def test_a_refused_import_leaves_no_empty_store(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"nothing")
    assert main(["import", str(tmp_path / "坏.xlsx"), "--db", str(tmp_path / "new.duckdb")]) == 2
    assert not (tmp_path / "new.duckdb").exists()


def test_a_folder_called_by_the_countys_code_is_listed_under_the_countys_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, said in (("350526", "德化县 350526"), ("上报数据", "上报数据")):
        (tmp_path / folder).mkdir()
        for name, content in csv_files(small_tables()).items():
            (tmp_path / folder / name).write_bytes(content)
        option = ["--db", str(tmp_path / f"{folder}.duckdb")]
        assert main(["import", str(tmp_path / folder), *option]) == 0
        capsys.readouterr()
        assert main(["batches", *option]) == 0
        assert f"\t{said}\t" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["rollback", "publish"])
def test_a_decision_without_a_reason_is_refused(
    database: list[str], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = verdicts(database, capsys)
    assert main([command, "1", "--reason", " ", *database]) == 2
    assert "写明" in capsys.readouterr().err
    assert verdicts(database, capsys) == before


def test_a_rollback_names_what_must_be_taken_back_first(
    database: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "一校.xlsx"
    assert main(["export", str(file), "--school", "350526-0001", "--year", "2023", *database]) == 0
    assert main(["import", str(file), "--listed-schools-only", *database]) == 0
    capsys.readouterr()
    assert main(["rollback", "1", "--reason", "有误", *database]) == 2
    assert "请依次撤回批次 2，再撤回批次 1。" in capsys.readouterr().err
    assert main(["rollback", "2", "--reason", "有误", *database]) == 0
    assert "恢复为批次 1 的数据" in capsys.readouterr().out
    assert main(["rollback", "1", "--reason", "有误", *database]) == 0
