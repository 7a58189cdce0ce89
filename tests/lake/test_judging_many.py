"""Many counties at once are judged as each of them is alone, on this machine and on a Spark Connect server."""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from core.access import LOCAL_ADMINISTRATOR
from core.batches.importing import import_folder_or_workbook
from core.errors import RequestInvalid
from core.lake import judging
from core.lake.engines import EngineFailed
from core.lake.exporting import facts_package, write_facts
from core.lake.judging import judge_lake
from core.store.database import Store
from tests.support.county_builder import YEAR
from tests.support.demo_county import DEMO_COUNTY
from tests.support.judged_lakes import differences, rows
from tests.support.lakes import DEMO, NOW, OTHER_CHOICES, STANDARD, Lake, sail_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Sail server."""
    with sail_server(tmp_path_factory.mktemp("sail")) as (address, _):
        yield address


def copied(lake: Lake, home: Path) -> Path:
    """A lake of one's own to damage."""
    return Path(shutil.copytree(lake.folder, home / "lake"))


def left_behind(home: Path) -> list[str]:
    """What lies in a folder besides the lake."""
    return sorted(path.name for path in home.iterdir() if path.name != "lake")


def test_every_county_is_judged_as_it_judges_itself(lake: Lake, tmp_path: Path) -> None:
    judged = judge_lake(str(lake.folder), tmp_path / "out", STANDARD, {}, NOW)
    assert dict(judged.counties) == {YEAR: 6, YEAR + 1: 1}
    assert differences(tmp_path / "out", dict(lake.by_default)) == []
    said = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    assert said["standard"] == STANDARD.standard_id and said["is_demo"] is True
    assert said["rows"]["county_verdict"] == 7


def test_other_readings_are_taken_for_all_counties(lake: Lake, tmp_path: Path) -> None:
    judge_lake(str(lake.folder), tmp_path / "out", STANDARD, OTHER_CHOICES, NOW)
    assert differences(tmp_path / "out", dict(lake.otherwise)) == []
    merged = sum(len(a.rows) for a in lake.otherwise.values()), sum(len(a.rows) for a in lake.by_default.values())
    assert lake.otherwise != lake.by_default and merged[0] > 0


@pytest.mark.daily
@pytest.mark.parametrize("choices", [{}, OTHER_CHOICES], ids=["default", "other"])
def test_a_spark_connect_server_gives_the_same_answers(
    choices: dict[str, str], lake: Lake, sail: str, tmp_path: Path
) -> None:
    judged = judge_lake(str(lake.folder), tmp_path / "out", STANDARD, choices, NOW, remote=sail, years=[YEAR])
    assert judged.engine.startswith("Spark Connect")
    expected = lake.otherwise if choices else lake.by_default
    assert differences(tmp_path / "out", {key: a for key, a in expected.items() if key[1] == YEAR}) == []


def test_a_server_that_dies_in_the_middle_leaves_no_result(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.lake.spark._ASKED_AGAIN", 1)
    said: list[str] = []
    with sail_server(tmp_path / "scratch") as (address, server):
        real = judging._refuse_what_is_not_whole

        def killed_after_reading(*given: object) -> None:
            real(*given)  # type: ignore[arg-type]
            server.send_signal(signal.SIGKILL)
            server.wait()

        monkeypatch.setattr(judging, "_refuse_what_is_not_whole", killed_after_reading)
        with pytest.raises(EngineFailed, match="没有写出结果"):
            judge_lake(str(lake.folder), tmp_path / "out", STANDARD, {}, NOW, remote=address, tell=said.append)
    assert left_behind(tmp_path) == ["scratch"]
    assert len(said) == 2 and all("再试一次" in line for line in said)


def test_a_server_that_comes_back_is_asked_again(
    lake: Lake, sail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failed = judging._judge_year, threading.Event()

    def lost_once(*given: object) -> None:
        if not failed.is_set():
            failed.set()
            raise EngineFailed("连接中断。")
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "_judge_year", lost_once)
    said: list[str] = []
    judge_lake(str(lake.folder), tmp_path / "out", STANDARD, {}, NOW, remote=sail, years=[YEAR + 1], tell=said.append)
    assert "再试一次" in said[0]
    assert differences(tmp_path / "out", {(DEMO, YEAR + 1): lake.by_default[DEMO, YEAR + 1]}) == []


def test_a_wrong_address_is_said(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match="sc://"):
        judge_lake(str(lake.folder), tmp_path / "out", STANDARD, {}, NOW, remote="http://127.0.0.1:1")
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("relation", "condition"),
    [("school_verdicts", " where r.stage = 'primary'"), ("school_indicators", " and stage = 'primary'")],
)
def test_an_answer_with_rows_missing_gets_no_name(
    relation: str, condition: str, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = judging.RESULTS | {relation: judging.RESULTS[relation] + condition}
    monkeypatch.setattr(judging, "RESULTS", short)
    with pytest.raises(EngineFailed, match=rf"{relation} 应有 \d+ 行，实有 \d+ 行"):
        judge_lake(str(lake.folder), tmp_path / "out", STANDARD, {}, NOW)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    "relation", ["townships", "schools", "enrolment", "premises", "class_counts", "rooms", "figures", "judgements"]
)
def test_a_lake_without_a_countys_file_is_refused(relation: str, lake: Lake, tmp_path: Path) -> None:
    damaged = copied(lake, tmp_path)
    (damaged / relation / f"year={YEAR}" / "350601.parquet").unlink()
    with pytest.raises(RequestInvalid, match=rf"350601 的 {relation} 与所列行数不符"):
        judge_lake(str(damaged), tmp_path / "out", STANDARD, {}, NOW)
    assert left_behind(tmp_path) == []


def test_a_county_whose_list_was_not_written_is_refused_not_left_out(lake: Lake, tmp_path: Path) -> None:
    damaged = copied(lake, tmp_path)
    (damaged / "counties" / f"year={YEAR}" / "350602.parquet").unlink()
    with pytest.raises(RequestInvalid, match=r"350602 .*应有 0 行"):
        judge_lake(str(damaged), tmp_path / "out", STANDARD, {}, NOW)


def test_a_county_that_stands_twice_is_refused(lake: Lake, tmp_path: Path) -> None:
    damaged = copied(lake, tmp_path)
    listed = damaged / "counties" / f"year={YEAR}"
    shutil.copy(listed / "350603.parquet", listed / "again.parquet")
    with pytest.raises(RequestInvalid, match="350603 列了不止一次"):
        judge_lake(str(damaged), tmp_path / "out", STANDARD, {}, NOW)


def test_classes_counted_by_other_sizes_are_refused(lake: Lake, tmp_path: Path) -> None:
    damaged = copied(lake, tmp_path)
    file = damaged / "counties" / f"year={YEAR}" / "350604.parquet"
    with duckdb.connect() as writer:
        writer.sql(f"select * replace ('other' as class_rules) from read_parquet('{file}')").write_parquet(
            str(tmp_path / "changed.parquet")
        )
    shutil.move(tmp_path / "changed.parquet", file)
    with pytest.raises(RequestInvalid, match="350604 的班级数是按另一套班额标准统计的"):
        judge_lake(str(damaged), tmp_path / "out", STANDARD, {}, NOW)


def test_a_file_that_is_no_parquet_is_said(lake: Lake, tmp_path: Path) -> None:
    damaged = copied(lake, tmp_path)
    (damaged / "rooms" / f"year={YEAR}" / "350604.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(EngineFailed, match="没有判定完"):
        judge_lake(str(damaged), tmp_path / "out", STANDARD, {}, NOW)
    assert left_behind(tmp_path) == []


def test_a_result_is_never_written_over(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(RequestInvalid, match="已经存在"):
        judge_lake(str(lake.folder), tmp_path / "out", STANDARD, {}, NOW)


def test_a_folder_that_is_no_lake_and_a_year_that_is_not_there_are_said(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match="不是汇总库"):
        judge_lake(str(tmp_path), tmp_path / "out", STANDARD, {}, NOW)
    with pytest.raises(RequestInvalid, match="没有 1999 学年"):
        judge_lake(str(lake.folder), tmp_path / "out", STANDARD, {}, NOW, years=[1999, YEAR])
    assert left_behind(tmp_path) == []


def test_a_county_writes_its_part_anew(tmp_path: Path) -> None:
    store = Store.open(None, STANDARD)
    import_folder_or_workbook(store, DEMO_COUNTY, STANDARD, LOCAL_ADMINISTRATOR, NOW, is_demo=True)
    for name in ("旧名", "德化县"):
        write_facts(store, STANDARD, DEMO, name, tmp_path / "lake", NOW, [YEAR])
    with pytest.raises(RequestInvalid, match="没有 350526 1999 学年已发布的数据"):
        write_facts(store, STANDARD, DEMO, "德化县", tmp_path / "lake", NOW, [1999])
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RequestInvalid, match="没有写成"):
        write_facts(store, STANDARD, DEMO, "德化县", tmp_path / "file", NOW, [YEAR])
    store.close()
    judge_lake(str(tmp_path / "lake"), tmp_path / "out", STANDARD, {}, NOW)
    (county,) = rows(tmp_path / "out", "counties", "name, is_demo, lon, lat", "1")
    assert county[:2] == ("德化县", True) and 117 < county[2] < 119 and 25 < county[3] < 26
    assert list((tmp_path / "lake").rglob("*.part")) == []


def test_a_county_hands_its_part_over_as_one_file(lake: Lake, tmp_path: Path) -> None:
    store = Store.open(None, STANDARD)
    import_folder_or_workbook(store, DEMO_COUNTY, STANDARD, LOCAL_ADMINISTRATOR, NOW, is_demo=True)
    packed = facts_package(store, STANDARD, DEMO, "德化县", NOW)
    store.close()
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        package.extractall(tmp_path / "lake")
    judge_lake(str(tmp_path / "lake"), tmp_path / "out", STANDARD, {}, NOW, years=[YEAR, YEAR + 1])
    assert differences(tmp_path / "out", {k: a for k, a in lake.by_default.items() if k[0] == DEMO}) == []


def test_the_command_line_writes_and_judges(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "core", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )

    db = str(tmp_path / "county.duckdb")
    assert run("import", str(DEMO_COUNTY), "--db", db).returncode == 0
    written = run("to-lake", str(tmp_path / "lake"), "--year", str(YEAR), "--db", db)
    assert (written.returncode, written.stdout) == (
        0, f"350526 的 {YEAR} 学年数据已写入 {tmp_path / 'lake'}。\n",
    )  # fmt: skip
    command = ("assess-many", "--from", str(tmp_path / "lake"), "--to", str(tmp_path / "out"))
    judged = run(*command, "--option", "rounding_before_judging=rounded")
    assert judged.returncode == 0 and f"{YEAR} 学年 1 个县" in judged.stdout
    again = run(*command)
    assert (again.returncode, again.stdout) == (2, "") and "已经存在" in again.stderr
    wrong = run(*command[:-1], str(tmp_path / "other"), "--remote", "sc://127.0.0.1:1", "--option", "no=such")
    assert wrong.returncode == 2 and "没有这种口径" in wrong.stderr
