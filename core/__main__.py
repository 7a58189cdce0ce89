"""The command line: `python -m core`, then a command; `python -m core COMMAND --help` lists its options."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.batches import loading, publishing, register
from core.batches.corrections import only_listed_schools
from core.batches.counting import batch_standing, batch_standings
from core.batches.workbook import Part, export, template
from core.errors import InputRejected, PlatformError, RequestInvalid
from core.facts import published
from core.facts.current import current_tables
from core.intake.checkup.checking import NO_HOME, Dataset, check, home_of
from core.intake.mapping.mapped_check import check_mapped, only_county_counting
from core.intake.mapping.mapping_records import is_mapping_file, mapping_called
from core.intake.reading.sources import Source, open_source
from core.method.assessment import Assessment
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.backup import back_up, restore, snapshot
from core.store.county_files import county_name, keep_county_files
from core.store.database import Store, database_path
from core.wording.batches import STATE_WORDS, history_text, standing_text, withdrawal_text

UNUSABLE = 2
NO_READER = 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 2 with every reason on standard error when it cannot be done.

    141, as of a command ended by SIGPIPE, when whoever reads the output (`| head`) wants no more of it.
    """
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered goes nowhere, or Python would complain of it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER
    except InputRejected as rejected:
        failures = [p for p in rejected.problems if p.level == "FAIL"]
        print(f"数据不能使用：{len(failures)} 处错误。", file=sys.stderr)
        for problem in failures:
            print(f"FAIL {problem.sentence()}", file=sys.stderr)
        return UNUSABLE
    except PlatformError as refusal:
        print(refusal, file=sys.stderr)
        return UNUSABLE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description="义务教育优质均衡发展监测")
    commands = parser.add_subparsers(required=True, metavar="命令")

    def command(name: str, function: object, help_: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_)
        added.set_defaults(command=function)
        return added

    judge = command("assess", _assess, "判定一个学年，输出 JSON")
    source = judge.add_mutually_exclusive_group()
    source.add_argument("--from", dest="source", type=Path, help="CSV 文件夹或工作簿")
    source.add_argument("--db", type=Path, help="数据文件")
    judge.add_argument("--county", help="六位县代码，可省略；与数据文件不是同一个县时拒绝")
    judge.add_argument("--year", type=int, required=True, help="学年起始年份")
    judge.add_argument("--json", action="store_true", help="输出 JSON（唯一的输出形式）")

    checked = command("check", _check, "体检一份数据，不导入")
    checked.add_argument("source", type=Path)
    checked.add_argument("--db", type=Path, help="按名称取列对应、并与现行数据比较时用的数据文件")

    loaded = command("import", _import, "导入并发布一份数据")
    loaded.add_argument("source", type=Path)
    loaded.add_argument("--reason", default="", help="确认提示的理由；有提示时必填")
    loaded.add_argument("--draft", action="store_true", help="只导入，不发布")
    loaded.add_argument("--listed-schools-only", action="store_true", help="只更新所列学校，同乡镇其他学校不变")
    loaded.add_argument("--actor", default=LOCAL_ADMINISTRATOR.name, help="经办人")
    loaded.add_argument("--db", type=Path)

    for added in (checked, loaded):
        added.add_argument("--mapping", help="列对应：已保存的名称，或导出的 .json 文件")
        added.add_argument("--year", type=int, help="文件中没有学年时，学年起始年份")

    command("batches", _batches, "列出批次").add_argument("--db", type=Path)

    for name, function, help_ in (
        ("publish", _publish, "发布一个批次"),
        ("rollback", _rollback, "撤回一个批次，恢复此前的数据"),
    ):
        added = command(name, function, help_)
        added.add_argument("batch", type=int)
        added.add_argument("--reason", required=True)
        added.add_argument("--actor", default=LOCAL_ADMINISTRATOR.name, help="经办人")
        added.add_argument("--db", type=Path)

    for name, function, help_, year_needed in (
        ("template", _template, "生成一个学年的填报模板，预填上年数字", True),
        ("export", _export, "按模板格式导出现行数据", False),
    ):
        added = command(name, function, help_)
        added.add_argument("target", type=Path, help="要写的 .xlsx 文件")
        added.add_argument("--year", type=int, required=year_needed, help="学年起始年份")
        added.add_argument("--township", help="九位乡镇代码，只做一个乡镇")
        added.add_argument("--school", help="学校标识码，只做一所学校")
        added.add_argument("--county", help="六位县代码，可省略；与数据文件不是同一个县时拒绝")
        added.add_argument("--db", type=Path)

    filed = command("county", _county_files, "载入本县的县名、地图、实施方案和单价（县文件夹）")
    filed.add_argument("folder", type=Path, help="含 county.toml、plan.toml 等的文件夹")
    filed.add_argument("--county", help="六位县代码；数据文件中还没有数据时必填")
    filed.add_argument("--actor", default=LOCAL_ADMINISTRATOR.name, help="经办人")
    filed.add_argument("--db", type=Path)

    for name, function, help_ in (
        ("backup", _backup, "把全部数据备份为一个文件"),
        ("snapshot", _snapshot, "把全部数据写成一个 Parquet 文件夹"),
        ("restore", _restore, "核对并恢复一个备份"),
    ):
        added = command(name, function, help_)
        added.add_argument("target", type=Path, help="备份文件或文件夹")
        added.add_argument("--actor", default=LOCAL_ADMINISTRATOR.name, help="经办人")
        added.add_argument("--db", type=Path)
    return parser


def command_names() -> list[str]:
    """The name of every command, in the order of the help."""
    actions = [a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return list(actions[0].choices)


def assess_source(path: Path, year: int, standard: Standard) -> tuple[Assessment, Dataset]:
    """Judge an input in a temporary store. Raises InputRejected when the input is unusable."""
    dataset = check(open_source(path))
    store = Store.open(None, standard)
    try:
        now = datetime.now()
        batch_id = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, now, also_year=year)
        publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, now, "")
        return assess(store, standard, dataset.county_code, year), dataset
    finally:
        store.close()


def _assess(options: argparse.Namespace) -> None:
    standard = load_standard()
    if options.source is not None:
        assessment, dataset = assess_source(options.source, options.year, standard)
        for warning in dataset.warnings:
            print(f"WARN {warning.sentence()}", file=sys.stderr)
    else:
        with _existing_store(options.db, standard) as store:
            assessment = assess(store, standard, _county(store, options.county), options.year)
    print(assess_json(assessment, standard))


def _county(store: Store, asked: str | None) -> str:
    """The county whose store it is; whoever asks for another one is told so."""
    here = published.county_of(store)
    if not here:
        raise RequestInvalid("数据文件中还没有任何县的数据，请先导入。")
    if asked not in (None, here):
        name = county_name(store, here)
        raise RequestInvalid(f"这个数据文件是{name}（{here}）的，没有 {asked} 的数据；一个数据文件只存一个县。")
    return here


@contextmanager
def _existing_store(path: Path | None, standard: Standard) -> Iterator[Store]:
    chosen = path or database_path()
    if not chosen.exists():
        raise RequestInvalid(f"数据文件 {chosen} 不存在，请先启动平台或导入数据。")
    store = Store.open(chosen, standard)
    try:
        yield store
    finally:
        store.close()


def _tell(step: str) -> None:
    """Progress, on standard error so that standard output holds results only."""
    print(f"{datetime.now():%H:%M:%S} {step}", file=sys.stderr)


def _check(options: argparse.Namespace) -> None:
    source = open_source(options.source)
    # A saved name, or a comparison with what counts now, needs the store; a mapping file alone does not.
    alone = options.db is None and (options.mapping is None or is_mapping_file(options.mapping))
    with nullcontext() if alone else _existing_store(options.db, load_standard()) as store:
        dataset = _checked(options, source, store)
    for warning in dataset.warnings:
        print(f"WARN {warning.sentence()}")
    print(f"体检通过：{len(dataset.warnings)} 处提示。")


def _checked(options: argparse.Namespace, source: Source, store: Store | None) -> Dataset:
    """The input checked as it is, or through a column mapping; what a mapping leaves out is named."""
    if options.mapping is None:
        if store is None:
            return check(source)
        return check(source, earlier=partial(current_tables, store), home=home_of(store))
    mapped = check_mapped(
        source,
        mapping_called(options.mapping, store),
        year=options.year,
        counting=only_county_counting(store),
        home=NO_HOME if store is None else home_of(store),
    )
    for sentence in mapped.left_out():
        print(sentence, file=sys.stderr)
    return mapped.dataset


def _import(options: argparse.Namespace) -> None:
    standard = load_standard()
    _tell(f"读取 {options.source.name}")
    source = open_source(options.source)
    actor, now = Actor(options.actor), datetime.now()
    # A refused input must not leave an empty store behind.
    if not (options.db or database_path()).exists():
        _checked(options, source, None)
    store = Store.open(options.db or database_path(), standard)
    try:
        _tell("体检")
        dataset = _checked(options, source, store)
        if options.listed_schools_only:
            dataset = only_listed_schools(store, dataset)
        for warning in dataset.warnings:
            print(f"WARN {warning.sentence()}", file=sys.stderr)
        if dataset.warnings and not options.reason.strip():
            raise RequestInvalid(f"有 {len(dataset.warnings)} 处提示，核实后请用 --reason 写明理由再导入。")
        _tell(f"写入 {sum(len(rows) for rows in dataset.tables.values())} 行")
        reasons = dict.fromkeys(range(len(dataset.warnings)), options.reason)
        batch_id = loading.load(store, dataset, standard, actor, now, note=options.reason, warning_reasons=reasons)
        if not options.draft:
            publishing.publish(store, batch_id, actor, now, options.reason)
    finally:
        store.close()
    print(f"批次 {batch_id} 已{'导入，尚未发布' if options.draft else '导入并发布'}。")


def _batches(options: argparse.Namespace) -> None:
    with _existing_store(options.db, load_standard()) as store:
        for county in sorted({b.county_code for b in register.batches(store)}):
            for standing in batch_standings(store, county):
                told = (STATE_WORDS[standing.state], standing_text(standing), history_text(standing))
                print("\t".join((str(standing.batch.batch_id), county, standing.batch.source_name, *told)))


def _publish(options: argparse.Namespace) -> None:
    with _existing_store(options.db, load_standard()) as store:
        if not options.reason.strip():
            raise RequestInvalid("请用 --reason 写明发布的理由。")
        publishing.publish(store, options.batch, Actor(options.actor), datetime.now(), options.reason)
    print(f"批次 {options.batch} 已发布。")


def _rollback(options: argparse.Namespace) -> None:
    with _existing_store(options.db, load_standard()) as store:
        before = batch_standing(store, options.batch)
        publishing.withdraw(store, options.batch, Actor(options.actor), datetime.now(), options.reason)
        print(withdrawal_text(before, batch_standing(store, options.batch)))


def _template(options: argparse.Namespace) -> None:
    with _existing_store(options.db, load_standard()) as store:
        _write(options.target, template(store, _part(store, options), options.year))


def _export(options: argparse.Namespace) -> None:
    with _existing_store(options.db, load_standard()) as store:
        _write(options.target, export(store, _part(store, options), year=options.year))


def _part(store: Store, options: argparse.Namespace) -> Part:
    return Part(_county(store, options.county), options.township, options.school)


def _write(target: Path, content: bytes) -> None:
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError as fault:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise RequestInvalid(f"文件 {target} 没有写成（{fault.strerror}），请检查路径、权限和磁盘空间。") from None
    print(f"已写入 {target}。")


def _county_files(options: argparse.Namespace) -> None:
    with _existing_store(options.db, load_standard()) as store:
        code = options.county if options.county and not published.county_of(store) else _county(store, options.county)
        found = keep_county_files(store, code, options.folder, Actor(options.actor), datetime.now())
        print(f"已载入{county_name(store, code)}（{code}）的 {len(found)} 个文件：{'、'.join(found)}。")


def _backup(options: argparse.Namespace) -> None:
    standard = load_standard()
    with _existing_store(options.db, standard) as store:
        _tell("复制并核对")
        found = back_up(store, options.target, Actor(options.actor), standard)
    print(f"已备份到 {options.target}：{found.of('batches')} 个批次，{found.of('publications')} 次发布或撤回。")


def _snapshot(options: argparse.Namespace) -> None:
    with _existing_store(options.db, load_standard()) as store:
        files = snapshot(store, options.target, Actor(options.actor))
    print(f"已写入 {options.target}：{len(files)} 张表。")


def _restore(options: argparse.Namespace) -> None:
    standard, target = load_standard(), options.db or database_path()
    _tell("核对备份")
    kept = restore(
        options.target, target, standard, partial(_judge_once, standard), Actor(options.actor), datetime.now()
    )
    print(f"已从 {options.target} 恢复 {target}。" + (f"原文件保留为 {kept}。" if kept else ""))


def _judge_once(standard: Standard, store: Store) -> None:
    """Judge the latest year of every county: a backup that cannot be judged is no backup."""
    for county in published.published_counties(store):
        years = published.published_years(store, county)
        if years:
            assess(store, standard, county, years[-1])


if __name__ == "__main__":
    sys.exit(main())
