"""The command line: `python -m core`, then a command; `python -m core COMMAND --help` lists its options."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing
from core.batches.corrections import only_listed_schools
from core.errors import InputRejected, PlatformError, RequestInvalid, count_of
from core.facts.current import current_tables
from core.facts.published import facts_version
from core.intake.cards.card_check import check_cards, holds_cards, open_several, year_of_cards
from core.intake.checkup.checking import NO_HOME, Dataset, check, home_of
from core.intake.checkup.kept_only import KEPT_ONLY, kept_only
from core.intake.checkup.many_workbooks import check_many, sources_of
from core.intake.mapping.mapped_check import check_mapped, only_county_counting
from core.intake.mapping.mapping_records import is_mapping_file, mapping_called
from core.intake.reading.raw_sheets import Source
from core.intake.reading.sources import open_source
from core.intake.reading.workbooks import Workbook
from core.method.assessment import Assessment
from core.method.engine import assess
from core.reports.assess_json import assess_json
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.database import Store
from core.store.opening import database_path
from core.store_commands import (
    at_the_machine,
    check_audit,
    choices_asked,
    county_asked,
    existing_store,
    judge_many,
    keep_administrator,
    list_batches,
    load_county_files,
    publish_batch,
    restore_backup,
    roll_back,
    tell,
    write_backup,
    write_export,
    write_snapshot,
    write_template,
    write_to_lake,
)
from core.wording.readings import outside_their_years

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
        print(f"数据不能使用：{rejected.failures} 处错误。", file=sys.stderr)
        for problem in rejected.problems:
            if problem.level == "FAIL":
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

    given = command("to-lake", write_to_lake, "把本县现行数据写入多县汇总库（Parquet）")
    given.add_argument("lake", type=Path, help="汇总库文件夹")
    given.add_argument("--year", type=int, action="append", help="学年起始年份，可重复；不写时写全部学年")
    given.add_argument("--db", type=Path)

    many = command("assess-many", judge_many, "判定汇总库中的全部县，结果写成 Parquet")
    many.add_argument("--from", dest="lake", required=True, help="汇总库文件夹；与 --remote 同用时为服务器上的路径")
    many.add_argument("--to", dest="out", type=Path, required=True, help="结果文件夹，须还不存在")
    many.add_argument(
        "--remote", metavar="sc://主机:端口", help="由 Spark 或 Sail（Spark Connect）判定；不写时在本机判定"
    )
    many.add_argument("--year", type=int, action="append", help="学年起始年份，可重复；不写时判定全部学年")

    for added in (judge, many):
        added.add_argument(
            "--option",
            dest="choices",
            action="append",
            default=[],
            metavar="口径=选择",
            help="改用另一种口径或减免，可重复；写错时列出全部可选的口径",
        )

    command("batches", list_batches, "列出批次").add_argument("--db", type=Path)

    for name, function, help_ in (
        ("publish", publish_batch, "发布一个批次"),
        ("rollback", roll_back, "撤回一个批次，恢复此前的数据"),
    ):
        added = command(name, function, help_)
        added.add_argument("batch", type=int)
        added.add_argument("--reason", required=True)
        added.add_argument("--actor", default=LOCAL_ADMINISTRATOR.name, help="经办人")
        added.add_argument("--db", type=Path)

    for name, function, help_, year_needed in (
        ("template", write_template, "生成一个学年的填报模板，预填上年数字", True),
        ("export", write_export, "按模板格式导出现行数据", False),
    ):
        added = command(name, function, help_)
        added.add_argument("target", type=Path, help="要写的 .xlsx 文件")
        added.add_argument("--year", type=int, required=year_needed, help="学年起始年份")
        added.add_argument("--township", help="九位乡镇代码，只做一个乡镇")
        added.add_argument("--school", help="学校标识码，只做一所学校")
        added.add_argument("--county", help="六位县代码，可省略；与数据文件不是同一个县时拒绝")
        added.add_argument("--db", type=Path)

    filed = command("county", load_county_files, "载入本县的县名、地图、实施方案和单价（县文件夹）")
    filed.add_argument("folder", type=Path, help="含 county.toml、plan.toml 等的文件夹")
    filed.add_argument("--county", help="六位县代码；数据文件中还没有数据时必填")
    filed.add_argument("--actor", default=LOCAL_ADMINISTRATOR.name, help="经办人")
    filed.add_argument("--db", type=Path)

    named = command("people", keep_administrator, "登记系统管理员；不写账号时列出人员")
    named.add_argument("account", nargs="?", help="账号，如 zhang.san")
    named.add_argument("name", nargs="?", help="姓名")
    named.add_argument("--actor", default=LOCAL_ADMINISTRATOR.name, help="经办人")
    named.add_argument("--db", type=Path)

    command("audit", check_audit, "核对操作记录是否完整").add_argument("--db", type=Path)

    for name, function, help_ in (
        ("backup", write_backup, "把全部数据备份为一个文件"),
        ("snapshot", write_snapshot, "把全部数据写成一个 Parquet 文件夹"),
        ("restore", restore_backup, "核对并恢复一个备份"),
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


def assess_source(
    path: Path, year: int, standard: Standard, choices: Mapping[str, str] | None = None
) -> tuple[Assessment, Dataset]:
    """Judge an input in a temporary store. Raises InputRejected when the input is unusable."""
    books = open_several(path)
    if books is None:
        dataset = check(open_source(path))
    elif holds_cards(books):
        dataset = check_cards(books, year).dataset
    else:
        dataset = check_many(sources_of(books)).taken()
    store = Store.open(None, standard)
    try:
        now = datetime.now()
        batch_id = loading.load(store, dataset, standard, LOCAL_ADMINISTRATOR, now, also_year=year)
        publishing.publish(store, batch_id, LOCAL_ADMINISTRATOR, now, "")
        return assess(store, standard, dataset.county_code, year, choices=choices), dataset
    finally:
        store.close()


def _assess(options: argparse.Namespace) -> None:
    standard = load_standard()
    choices = choices_asked(options.choices, standard)
    for outside in outside_their_years(choices, options.year, standard):
        print(f"WARN {outside}", file=sys.stderr)
    if options.source is not None:
        assessment, dataset = assess_source(options.source, options.year, standard, choices)
        for warning in dataset.warnings:
            print(f"WARN {warning.sentence()}", file=sys.stderr)
    else:
        with existing_store(options.db, standard) as store:
            county = county_asked(store, options.county)
            assessment = assess(store, standard, county, options.year, choices=choices)
    print(assess_json(assessment, standard))


def _check(options: argparse.Namespace) -> None:
    source = _opened(options.source)
    # A saved name, or a comparison with what counts now, needs the store; a mapping file alone does not.
    alone = options.db is None and (options.mapping is None or is_mapping_file(options.mapping))
    with nullcontext() if alone else existing_store(options.db, load_standard()) as store:
        dataset = _checked(options, source, store)
    for warning in dataset.warnings:
        print(f"WARN {warning.sentence()}")
    if stored := kept_only(dataset.tables):
        print(f"{KEPT_ONLY}：{'、'.join(stored)}。")
    print(f"体检通过：{count_of(dataset.warnings, 'WARN')} 处提示。")


def _opened(path: Path) -> Source | list[Workbook]:
    """An input as sheets, or as several workbooks."""
    books = open_several(path)
    return open_source(path) if books is None else books


def _checked(options: argparse.Namespace, source: Source | list[Workbook], store: Store | None) -> Dataset:
    """The input checked as it is, as cards or through a column mapping; what is left out or missing is named."""
    if isinstance(source, list):
        return _checked_cards(options, source, store) if holds_cards(source) else _checked_many(source, store)
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


def _checked_cards(options: argparse.Namespace, books: list[Workbook], store: Store | None) -> Dataset:
    found = check_cards(
        books,
        year_of_cards(books, options.year),
        counting=only_county_counting(store),
        home=NO_HOME if store is None else home_of(store),
    )
    for line in found.board:
        if line.missing:
            print(f"{line.name} 还缺：{'、'.join(line.missing)}", file=sys.stderr)
    for sheet in found.unused:
        print(f"没有导入的工作表：{sheet}", file=sys.stderr)
    return replace(found.dataset, base_facts_version=facts_version(store)) if store and found.keeps else found.dataset


def _checked_many(books: list[Workbook], store: Store | None) -> Dataset:
    found = check_many(
        sources_of(books),
        earlier=None if store is None else partial(current_tables, store),
        home=NO_HOME if store is None else home_of(store),
        tell=lambda done, of, name: tell(f"体检 {done + 1}/{of} {name}"),
    )
    if found.missing:
        print(f"还缺的乡镇：{'、'.join(found.missing)}", file=sys.stderr)
    dataset = found.taken()
    return replace(dataset, base_facts_version=facts_version(store)) if store and found.keeps else dataset


def _import(options: argparse.Namespace) -> None:
    standard = load_standard()
    tell(f"读取 {options.source.name}")
    source = _opened(options.source)
    actor, now = at_the_machine(options.actor), datetime.now()
    # A refused input must not leave an empty store behind.
    if not (options.db or database_path()).exists():
        _checked(options, source, None)
    store = Store.open(options.db or database_path(), standard)
    try:
        tell("体检")
        dataset = _checked(options, source, store)
        if options.listed_schools_only:
            dataset = only_listed_schools(store, dataset)
        for warning in dataset.warnings:
            print(f"WARN {warning.sentence()}", file=sys.stderr)
        if dataset.warnings and not options.reason.strip():
            raise RequestInvalid(
                f"有 {count_of(dataset.warnings, 'WARN')} 处提示，核实后请用 --reason 写明理由再导入。"
            )
        tell(f"写入 {sum(len(rows) for rows in dataset.tables.values())} 行")
        reasons = dict.fromkeys(range(len(dataset.warnings)), options.reason)
        batch_id = loading.load(store, dataset, standard, actor, now, note=options.reason, warning_reasons=reasons)
        if not options.draft:
            publishing.publish(store, batch_id, actor, now, options.reason)
    finally:
        store.close()
    print(f"批次 {batch_id} 已{'导入，尚未发布' if options.draft else '导入并发布'}。")


if __name__ == "__main__":
    sys.exit(main())
