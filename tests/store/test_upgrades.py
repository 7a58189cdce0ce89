"""A newer program opens an older file: every record survives, and the file as it was stays beside it."""

import shutil
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest
from _pytest.mark import ParameterSet

from core.access import LOCAL_ADMINISTRATOR
from core.batches import publishing, register
from core.batches.corrections import Correction, correct_figures
from core.errors import RequestInvalid, StoreUnavailable
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard import Standard
from core.store.backup import restore
from core.store.database import Store
from core.store.upgrades import FORMAT_VERSION
from tests.batches.test_corrections import COUNTY, SCHOOL, smaller_ground
from tests.store.test_backup import judge
from tests.support.published_store import NOW

FORMATS = Path(__file__).parent / "formats"
RECORDS = """
insert into sub_item_updates values (1, '350526', date '2023-11-01', '张三', false, timestamp '2023-11-01 09:00:00',
    '月报', 'T01-1', 'education', null, 'risk', 40, date '2024-01-01', '', '增加人手');
insert into projects (number, county_code, day, actor, verified, recorded_at, note, project_id, places,
    teaching_area_m2, sports_area_m2, rooms, progress, lon, lat)
    values (2, '350526', date '2023-11-02', '李四', false, timestamp '2023-11-02 09:00:00', '', 'P1', 900, 1000, 500, 12,
    30, 118.2, 25.5);
insert into project_slots values (2, 'project', '新建教学楼');
insert into ledger_issues values (3, '350526', date '2023-11-03', '王五', false, timestamp '2023-11-03 09:00:00', '',
    'G5', '大班额', '督导', null, ['350526-0001']{issue});
insert into ledger_steps values (4, '350526', date '2023-11-04', '王五', false, timestamp '2023-11-04 09:00:00', '', 3,
    'assigned', 'education', '赵六', date '2024-03-01', '', '', '', null, false{step});
insert into decisions values (5, '350526', date '2023-11-05', '钱七', false, timestamp '2023-11-05 09:00:00', '', 'D1',
    '增加编制', 'education', null, 'open');
insert into scenarios (county_code, year, facts_version, name, note, levers, changes, copied_from, actor, recorded_at)
    values ('350526', 2023, 1, '补短', '', '[]', '[]', null, '孙八', timestamp '2023-11-06 09:00:00');
"""


def tables_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables() order by 1").fetchall()]
        return {name: connection.execute(f'select * from "{name}" order by all').fetchall() for name in names}


def shape_of(path: Path) -> list[tuple[object, ...]]:
    """What every table, view and sequence is, without the data."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(
            "select table_name, column_name, data_type, is_nullable, column_default from duckdb_columns()"
            " where not internal union all select view_name, sql, '', null, '' from duckdb_views() where not internal"
            " union all select sequence_name, '', '', null, '' from duckdb_sequences()"
            " union all select table_name, constraint_text, '', null, '' from duckdb_constraints() order by all"
        ).fetchall()


def in_format(version: int, newer: Path) -> Path:
    """The records of a file of today as a file of an older format, with what people reported, made by SQL."""
    path = newer.with_name("older.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute((FORMATS / f"{version}.sql").read_text("utf-8"))
        connection.execute(f"attach '{newer}' as newer (read_only)")
        parents = ["batches", "townships", "schools"]
        columns: dict[str, list[str]] = {name: [] for name in parents}
        for name, column in connection.execute(
            "select table_name, column_name from duckdb_columns() where database_name = 'older' and not internal"
            " and table_name in (select table_name from duckdb_tables()) order by table_name, column_index"
        ).fetchall():
            columns.setdefault(name, []).append(f'"{column}"')
        for name, kept in columns.items():
            connection.execute(f'insert into "{name}" select {", ".join(kept)} from newer."{name}"')
        connection.execute("update store_format set version = $1", [version])
        # Numbering goes on behind what is there, as in a file that the older program wrote.
        for sequence, table in (("batch_numbers", "batches"), ("publication_numbers", "publications")):
            [(rows,)] = connection.execute(f"select count(*) from {table}").fetchall()
            connection.execute(f"select nextval('{sequence}') from range({rows})")
        # Since format 8 an issue says where it was found, and a step may be a school's.
        added = {"issue": ", 'figures', ''", "step": ", null"} if version >= 8 else {"issue": "", "step": ""}
        connection.execute(RECORDS.format(**added))
    return path


def _formats() -> list[int | ParameterSet]:
    """Every format before today's: the oldest takes every step, the newest is what is out there."""
    always = (1, FORMAT_VERSION - 1)
    return [v if v in always else pytest.param(v, marks=pytest.mark.long) for v in range(1, FORMAT_VERSION)]


@pytest.fixture(scope="module", params=_formats())
def version(request: pytest.FixtureRequest) -> int:
    """A format before today's."""
    return int(request.param)


@pytest.fixture(scope="module")
def corrected_file(published_file: Path, standard: Standard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of today with a published batch and a draft; tests copy it."""
    path = shutil.copy(published_file, tmp_path_factory.mktemp("corrected") / "county.duckdb")
    store = Store.open(path, standard)
    smaller_ground(store, standard)
    store.close()
    return path


@pytest.fixture(scope="module")
def older_file(corrected_file: Path, version: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same file in an older format, with what people reported; tests copy it."""
    return in_format(version, shutil.copy(corrected_file, tmp_path_factory.mktemp("older") / "county.duckdb"))


@pytest.fixture
def older(older_file: Path, corrected_file: Path, tmp_path: Path) -> Path:
    """A file of an older format of this test's own; beside it stands the same file as one of today."""
    shutil.copy(corrected_file, tmp_path / "county.duckdb")
    return shutil.copy(older_file, tmp_path / "older.duckdb")


@pytest.mark.daily
def test_an_older_file_opens_with_every_record_and_keeps_a_copy_of_itself(
    older: Path, version: int, standard: Standard
) -> None:
    before = tables_of(older)
    assert all(before[name] for name in ("batches", "sub_item_updates", "ledger_steps", "decisions", "scenarios"))
    Store.open(older, standard).close()
    after = tables_of(older)
    assert after.pop("store_format")[0][0] == FORMAT_VERSION
    new = {"column_mappings", "county_files", "class_bands", "grade_enrolment", "school_judgements"}
    new |= {"self_surveys", "self_survey_counts", "people", "audit"}
    new |= {"evidence_reviews", "responsible_persons", "plan_amendments"}
    new |= {"county_stages", "project_funds", "register_entries", "visits", "letters", "attachments"}
    new |= {"attendance_cases", "attendance_checks", "attendance_months", "report_drafts", "pins"}
    new |= {"evaluations", "evaluation_stages", "site_checks", "site_signatures", "site_acceptances"}
    assert {name: rows for name, rows in after.items() if name in new and rows and not before.get(name)} == {}
    assert [row[-1] for row in after["batches"]] == [None, 1], "the correction is known to be one"
    # Class counts are derived anew; what else a table has gained stands behind what it had.
    for name in before.keys() - new - {"store_format", "class_counts"}:
        assert [row[: len(old)] for row, old in zip(after[name], before[name], strict=True)] == before[name]
    assert before.keys() <= after.keys() | {"store_format"}
    assert [row[-2:] for row in after["ledger_issues"]] == [("figures", "")], (
        "where it was found is told by its subject"
    )
    kept = older.with_name(f"older-格式{version}-升级前.duckdb")
    assert tables_of(kept) == before
    assert not list(older.parent.glob("*.part"))


def test_an_upgraded_file_is_judged_and_written_as_one_of_today(older: Path, standard: Standard) -> None:
    upgraded, today = Store.open(older, standard), Store.open(older.with_name("county.duckdb"), standard)
    first, second = (assess_json(assess(s, standard, COUNTY, 2023), standard) for s in (upgraded, today))
    assert first == second
    assert [b.state for b in register.batches(upgraded)] == ["draft", "published"]
    publishing.publish(upgraded, 2, LOCAL_ADMINISTRATOR, NOW, "发布")
    publishing.withdraw(upgraded, 2, LOCAL_ADMINISTRATOR, NOW, "撤回")
    assert smaller_ground(upgraded, standard) == 3, "numbering goes on where it stood"
    upgraded.close()
    today.close()
    assert shape_of(older) == shape_of(older.with_name("county.duckdb"))


def test_a_step_that_fails_leaves_the_older_file_as_it_was(older: Path, version: int, standard: Standard) -> None:
    with duckdb.connect(str(older)) as connection:
        # The first step that it lacks finds its work half done.
        done = {
            1: "create table column_mappings (x integer)",
            2: "alter table batches add column base_facts_version text",
            3: "create table county_files (x integer)",
            4: "create table class_bands (x integer)",
            5: "create table self_surveys (x integer)",
            6: "create table evidence_reviews (x integer)",
            7: "create table letters (x integer)",
            8: "create table evaluations (x integer)",
            9: "create table report_drafts (x integer)",
        }
        connection.execute(done[version])
    before = tables_of(older)
    with pytest.raises(StoreUnavailable, match="打不开或不能写入"):
        Store.open(older, standard)
    assert tables_of(older) == before
    assert tables_of(older.with_name(f"older-格式{version}-升级前.duckdb")) == before


@pytest.mark.parametrize(("number", "says"), [(99, "请使用更新的程序"), (0, "本程序不认识")])
def test_a_file_of_an_unknown_format_is_refused_and_stays_as_it_is(
    older: Path, standard: Standard, number: int, says: str
) -> None:
    with duckdb.connect(str(older)) as connection:
        connection.execute("update store_format set version = $1", [number])
    before = older.read_bytes()
    with pytest.raises(StoreUnavailable, match=says):
        Store.open(older, standard)
    assert older.read_bytes() == before
    assert [path.name for path in older.parent.glob("older*.duckdb")] == [older.name]


def test_a_file_that_lacks_a_column_of_the_dictionary_is_refused_in_words(store: Store, standard: Standard) -> None:
    path = store.path
    assert path is not None
    store.close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table monitoring drop column level")
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=r"缺少本程序数据字典中的 1 列.*monitoring\.level.*没有打开，也没有改动"):
        Store.open(path, standard)
    assert path.read_bytes() == before


def test_a_backup_of_an_older_format_is_restored(older: Path, standard: Standard) -> None:
    before, target = older.read_bytes(), older.with_name("restored.duckdb")
    restore(older, target, standard, partial(judge, standard), LOCAL_ADMINISTRATOR, NOW)
    assert older.read_bytes() == before
    opened = Store.open(target, standard)
    assert opened.rows("select status, progress from sub_item_updates") == [("risk", 40)]
    opened.close()
    assert [path.name for path in older.parent.glob("restored*.duckdb")] == [target.name]


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def grounds(store: Store, standard: Standard, area: str, minutes: int, *, published: bool) -> int:
    """A correction of one school's sports ground, drafted at a minute and published two minutes on."""
    change = Correction("premises", {"school_id": SCHOOL, "year": 2023}, "sports_ground_area_m2", area)
    number = correct_figures(store, standard, COUNTY, [change], LOCAL_ADMINISTRATOR, later(minutes), "核对")
    if published:
        publishing.publish(store, number, LOCAL_ADMINISTRATOR, later(minutes + 2), "核对")
    return number


def test_corrections_of_an_older_file_are_known_by_what_they_were_built_on(
    store: Store, standard: Standard, tmp_path: Path, version: int
) -> None:
    first = grounds(store, standard, "6000", 1, published=True)
    draft = grounds(store, standard, "6050", 4, published=False)
    second = grounds(store, standard, "6100", 5, published=True)
    known = [b.base_facts_version for b in register.batches(store)]
    store.close()
    opened = Store.open(in_format(version, tmp_path / "county.duckdb"), standard)
    assert [b.base_facts_version for b in register.batches(opened)] == known == [2, 2, 1, None]
    with pytest.raises(RequestInvalid, match=f"按批次 {second} 发布以前"):
        publishing.publish(opened, draft, LOCAL_ADMINISTRATOR, later(9), "发布")
    with pytest.raises(RequestInvalid, match=f"请依次撤回批次 {second}，再撤回批次 {first}"):
        publishing.withdraw(opened, first, LOCAL_ADMINISTRATOR, later(9), "有误")
    opened.close()


def test_an_older_file_whose_clock_went_back_does_not_say_when_a_correction_was_built(
    store: Store, standard: Standard, tmp_path: Path, version: int
) -> None:
    grounds(store, standard, "6000", -60, published=True)
    store.close()
    opened = Store.open(in_format(version, tmp_path / "county.duckdb"), standard)
    # From format 3 on a file says it itself.
    assert [b.base_facts_version for b in register.batches(opened)] == [None if version < 3 else 1, None]
    opened.close()
