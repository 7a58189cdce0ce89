"""The commands that work on a data file: batches, template and export, county files, backup."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from core.access import ROLE_NAMES, Actor, Role
from core.audit import broken_link
from core.batches import publishing, register
from core.batches.counting import batch_standing, batch_standings
from core.batches.workbook import Part, export, template
from core.delivery.records.attachments import lost_attachments
from core.errors import RequestInvalid, StoreUnavailable
from core.facts import published
from core.lake.exporting import write_facts
from core.lake.judging import judge_lake
from core.method.engine import assess
from core.naming import named
from core.people.people import PersonDraft, keep_people, person, read_people, renamed
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.backup import back_up, restore, snapshot
from core.store.county_files import county_name, keep_county_files
from core.store.database import Store
from core.store.opening import database_path
from core.wording.batches import STATE_WORDS, history_text, standing_text, withdrawal_text


def at_the_machine(name: str) -> Actor:
    """Who runs a command: a name that nobody vouches for, with every right."""
    return Actor(name, origin="命令行")


def county_asked(store: Store, asked: str | None) -> str:
    """The county whose store it is; whoever asks for another one is told so."""
    here = published.county_of(store)
    if not here:
        raise RequestInvalid("数据文件中还没有任何县的数据，请先导入。")
    if asked not in (None, here):
        name = county_name(store, here)
        raise RequestInvalid(f"这个数据文件是{name}（{here}）的，没有 {asked} 的数据；一个数据文件只存一个县。")
    return here


def choices_asked(written: Sequence[str], standard: Standard) -> dict[str, str]:
    """The choices that were asked for. Raises RequestInvalid for what is none, with those that can be made."""
    chosen: dict[str, str] = {}
    known = {option.option_id: option.choices for option in standard.options}
    for text in written:
        option_id, _, choice = text.partition("=")
        if choice not in known.get(option_id, {}):
            possible = "；".join(f"{name}={'|'.join(choices)}" for name, choices in known.items())
            raise RequestInvalid(f"没有这种口径：{text}。可选：{possible}。")
        if chosen.setdefault(option_id, choice) != choice:
            raise RequestInvalid(f"口径 {option_id} 写了两种选择：{chosen[option_id]}、{choice}，请只写一种。")
    return chosen


@contextmanager
def existing_store(path: Path | None, standard: Standard) -> Iterator[Store]:
    """The store at a path, COUNTY_DB or the usual place, closed afterwards. Raises RequestInvalid when there is none."""
    chosen = path or database_path()
    if not chosen.exists():
        raise RequestInvalid(f"数据文件 {chosen} 不存在，请先启动平台或导入数据。")
    store = Store.open(chosen, standard)
    try:
        yield store
    finally:
        store.close()


def tell(step: str) -> None:
    """Progress, on standard error so that standard output holds results only."""
    print(f"{datetime.now():%H:%M:%S} {step}", file=sys.stderr)


def list_batches(options: argparse.Namespace) -> None:
    """Print every batch with what counts of it."""
    with existing_store(options.db, load_standard()) as store:
        for county in sorted({b.county_code for b in register.batches(store)}):
            for standing in batch_standings(store, county):
                told = (STATE_WORDS[standing.state], standing_text(standing), history_text(standing))
                print("\t".join((str(standing.batch.batch_id), county, standing.batch.source_name, *told)))


def publish_batch(options: argparse.Namespace) -> None:
    """Let a draft count."""
    with existing_store(options.db, load_standard()) as store:
        if not options.reason.strip():
            raise RequestInvalid("请用 --reason 写明发布的理由。")
        publishing.publish(store, options.batch, at_the_machine(options.actor), datetime.now(), options.reason)
    print(f"批次 {options.batch} 已发布。")


def roll_back(options: argparse.Namespace) -> None:
    """Take a batch out again and say what counts instead."""
    with existing_store(options.db, load_standard()) as store:
        before = batch_standing(store, options.batch)
        publishing.withdraw(store, options.batch, at_the_machine(options.actor), datetime.now(), options.reason)
        print(withdrawal_text(before, batch_standing(store, options.batch)))


def write_template(options: argparse.Namespace) -> None:
    """Write the template to fill."""
    with existing_store(options.db, load_standard()) as store:
        _write(options.target, template(store, _part(store, options), options.year))


def write_export(options: argparse.Namespace) -> None:
    """Write the figures that count."""
    with existing_store(options.db, load_standard()) as store:
        _write(options.target, export(store, _part(store, options), year=options.year))


def _part(store: Store, options: argparse.Namespace) -> Part:
    return Part(county_asked(store, options.county), options.township, options.school)


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


def load_county_files(options: argparse.Namespace) -> None:
    """Load a county's name, maps, plan and prices."""
    with existing_store(options.db, load_standard()) as store:
        code = (
            options.county if options.county and not published.county_of(store) else county_asked(store, options.county)
        )
        found = keep_county_files(store, code, options.folder, at_the_machine(options.actor), datetime.now())
        print(f"已载入{county_name(store, code)}（{code}）的 {len(found)} 个文件：{'、'.join(found)}。")


def keep_administrator(options: argparse.Namespace) -> None:
    """Register an administrator, or list everybody."""
    with existing_store(options.db, load_standard()) as store:
        if options.account is not None:
            draft = PersonDraft(person_id=options.account, name=options.name or "", roles=("administrator",))
            known = person(store, options.account)
            if known is not None:
                roles: tuple[Role, ...] = (*known.roles, *(r for r in draft.roles if r not in known.roles))
                draft = renamed(known, name=options.name or known.name, roles=roles, is_active=True, expires=None)
            keep_people(store, [draft], at_the_machine(options.actor), datetime.now())
        for known in read_people(store):
            state = "在用" if known.may_log_in(datetime.now().date()) else "已停用或到期"
            print("\t".join((known.person_id, known.name, "、".join(ROLE_NAMES[r] for r in known.roles), state)))


def write_to_lake(options: argparse.Namespace) -> None:
    """Write what counts in the county into a lake of many counties."""
    standard = load_standard()
    with existing_store(options.db, standard) as store:
        county = county_asked(store, None)
        years = write_facts(
            store, standard, county, county_name(store, county), options.lake, datetime.now(), options.year
        )
    print(f"{county} 的 {'、'.join(map(str, years))} 学年数据已写入 {options.lake}。")


def judge_many(options: argparse.Namespace) -> None:
    """Judge every county of a lake."""
    standard = load_standard()
    judged = judge_lake(
        options.lake,
        options.out,
        standard,
        choices_asked(options.choices, standard),
        datetime.now(),
        remote=options.remote,
        years=options.year,
        tell=tell,
    )
    listed = "、".join(f"{year} 学年 {counties} 个县" for year, counties in judged.counties.items())
    print(f"已由 {judged.engine} 判定 {listed}，结果写入 {options.out}。")


def check_audit(options: argparse.Namespace) -> None:
    """Look through the record of actions. Raises StoreUnavailable where it is not as it was written."""
    with existing_store(options.db, load_standard()) as store, store.reading() as cursor:
        broken = broken_link(cursor)
        if broken is not None:
            raise StoreUnavailable(f"操作记录第 {broken} 条与写入时不同，或前后有缺；请立即报告，并以备份核对。")
        [(number,)] = cursor.execute("select count(*) from audit").fetchall()
    print(f"操作记录 {number} 条，前后相扣，没有改动。")


def write_backup(options: argparse.Namespace) -> None:
    """Write the whole store as one file."""
    standard = load_standard()
    with existing_store(options.db, standard) as store:
        tell("复制并核对")
        found = back_up(store, options.target, at_the_machine(options.actor), standard)
    print(f"已备份到 {options.target}：{found.of('batches')} 个批次，{found.of('publications')} 次发布或撤回。")


def write_snapshot(options: argparse.Namespace) -> None:
    """Write every table as Parquet."""
    with existing_store(options.db, load_standard()) as store:
        files = snapshot(store, options.target, at_the_machine(options.actor))
    print(f"已写入 {options.target}：{len(files)} 张表。")


def restore_backup(options: argparse.Namespace) -> None:
    """Check a backup and put it in the place of the data file."""
    standard, target = load_standard(), options.db or database_path()
    tell("核对备份")
    kept = restore(
        options.target, target, standard, partial(_judge_once, standard), at_the_machine(options.actor), datetime.now()
    )
    print(f"已从 {options.target} 恢复 {target}。" + (f"原文件保留为 {kept}。" if kept else ""))
    with existing_store(target, standard) as store:
        if lost := lost_attachments(store):
            names = named([held.name for held in lost], "个")
            print(f"有 {len(lost)} 个附件不在备份旁的 attachments 文件夹中：{names}。找到后放回该文件夹，再恢复一次。")


def _judge_once(standard: Standard, store: Store) -> None:
    """Judge the latest year of every county: a backup that cannot be judged is no backup."""
    for county in published.published_counties(store):
        years = published.published_years(store, county)
        if years:
            assess(store, standard, county, years[-1])
