"""Where a county's files stand: shipped with the program by the county's code, or loaded into the store by an office.

county(store, code, as_of=None) -> County                       a file loaded takes the place of the shipped one
keep_county_files(store, code, folder, actor, now) -> list[str]
keep_plan(store, code, content, counts_from, actor, now)        the next plan, from a day on
keep_prices(store, code, price_list, actor, now)                the county's own prices, as changed on a page
plans(store, code) -> list[LoadedFile]                            every plan loaded, the oldest first
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from core.access import Actor, require
from core.audit import keep_action
from core.dataset.dictionary import DATA
from core.dataset.typed_texts import check_typed
from core.errors import RequestInvalid
from core.rules.county import COUNTY_FILES, PLAN_FILE, PRICES_FILE, County, load_county
from core.rules.plan import Plan
from core.rules.prices import PriceList, price_file
from core.store.database import Store

SHIPPED = DATA / "counties"
_LARGEST_BYTES = 5_000_000


def county(store: Store, code: str, as_of: date | None = None) -> County:
    """The county with this code as its files say on a day. Raises RulesInvalid when one cannot be read.

    A plan that counts from a later day is not yet the county's; without a day the last one loaded is.
    """
    loaded = _loaded(store, code, as_of)
    if not loaded:
        return shipped_county(code)
    with tempfile.TemporaryDirectory() as folder:
        found = load_county(_laid_out(Path(folder), code, {n: f.content for n, f in loaded.items()}), code)
    plan = loaded.get(PLAN_FILE)
    return found if plan is None else replace(found, plan_file=plan.number, plan_counts_from=plan.counts_from)


def county_name(store: Store, code: str) -> str:
    """The county's name, its code while no file says it."""
    file = _shipped(code) / "county.toml"
    content = _contents(store, code).get("county.toml") or (file.read_text("utf-8") if file.is_file() else "")
    return str(tomllib.loads(content).get("name", code))


def shipped_county(code: str) -> County:
    """The county as the program ships it, whatever an office may have loaded."""
    return _read_once(_shipped(code), code)


# What ships does not change while the program runs, and every workbook that is checked asks for it.
_read_once = lru_cache(maxsize=8)(load_county)


def demonstration() -> Path | None:
    """The folder of the invented county that is shipped with its figures, None where it was removed."""
    return next((file.parent for file in sorted(SHIPPED.glob("*/schools.csv"))), None)


def files_version(store: Store) -> int:
    """The number of the last file that was loaded; 0 while none was."""
    return int(store.rows("select coalesce(max(number), 0) from county_files")[0][0])


@dataclass(frozen=True)
class LoadedFile:
    """A file as it was loaded: its text, from which day it counts (None: always), who loaded it when."""

    number: int
    content: str
    counts_from: date | None
    actor: str
    recorded_at: datetime


def plans(store: Store, code: str) -> list[LoadedFile]:
    """Every plan that was loaded into the store."""
    return [
        LoadedFile(*row)
        for row in store.rows(
            "select number, content, counts_from, actor, recorded_at from county_files"
            " where county_code = $1 and name = $2 order by number",
            [code, PLAN_FILE],
        )
    ]


def keep_plan(store: Store, code: str, content: str, counts_from: date, actor: Actor, now: datetime) -> Plan:
    """Load a plan that counts from a day on; the one before it stays, and counts for the days before.

    Raises RulesInvalid with every fault of the file, RequestInvalid for one that is too large, NotPermitted for readers.
    """
    require(actor, "plan", code)
    if len(content) > _LARGEST_BYTES:
        raise RequestInvalid(f"方案文件超过 {_LARGEST_BYTES // 1_000_000} MB，请核对。")
    with tempfile.TemporaryDirectory() as together:
        loaded = {**_contents(store, code), PLAN_FILE: content}
        found = load_county(_laid_out(Path(together), code, loaded), code)
    with store.write() as cursor:
        cursor.execute(
            "insert into county_files (county_code, name, content, actor, recorded_at, counts_from)"
            " values ($1, $2, $3, $4, $5, $6)",
            [code, PLAN_FILE, content, actor.name, now, counts_from],
        )
        number = found.plan.document.number
        keep_action(cursor, actor, "plan", f"方案 {number}", now, after={"计划": number, "自": counts_from})
    return found.plan


def keep_prices(store: Store, code: str, listed: PriceList, actor: Actor, now: datetime) -> None:
    """Keep the county's own prices in the place of those before, dated the day on which they are kept.

    Raises RulesInvalid for prices of nought or what is out of range, RequestInvalid for a note that is no text, NotPermitted
    for readers.
    """
    require(actor, "plan", code)
    for price in listed.prices:
        check_typed(price.note)
    content = price_file(replace(listed, dated=now.date()))
    with tempfile.TemporaryDirectory() as together:
        load_county(_laid_out(Path(together), code, {**_contents(store, code), PRICES_FILE: content}), code)
    before = county(store, code).price_list
    with store.write() as cursor:
        cursor.execute(
            "insert into county_files (county_code, name, content, actor, recorded_at) values ($1, $2, $3, $4, $5)",
            [code, PRICES_FILE, content, actor.name, now],
        )
        keep_action(cursor, actor, "plan", "规划单价", now, before=_priced(before), after=_priced(listed))


def _priced(listed: PriceList) -> dict[str, str]:
    return {"工资年数": str(listed.salary_years), **{p.name: f"{p.yuan:f}" for p in listed.prices}}


def keep_county_files(store: Store, code: str, folder: Path, actor: Actor, now: datetime) -> list[str]:
    """Load the county files of a folder into the store, all or none, and return their names.

    Raises RequestInvalid for a folder without any or with one too large, RulesInvalid with the faults of what they
    say together with the files already in force, NotPermitted for readers.
    """
    require(actor, "plan", code)
    if not re.fullmatch(r"[0-9]{6}", code):
        raise RequestInvalid(f"“{code}”不是六位县代码。")
    found = [name for name in COUNTY_FILES if (folder / name).is_file()]
    if not found:
        raise RequestInvalid(f"文件夹 {folder} 中没有县文件，应有其中之一：{'、'.join(COUNTY_FILES)}。")
    if PLAN_FILE in found and any(plan.counts_from for plan in plans(store, code)):
        raise RequestInvalid("已有按日期施行的方案；新的方案请在“实施方案 → 方案调整”中载入，并填写施行日期。")
    for name in found:
        if (folder / name).stat().st_size > _LARGEST_BYTES:
            raise RequestInvalid(f"{name} 超过 {_LARGEST_BYTES // 1_000_000} MB，请核对。")
    contents = {name: _text(folder / name) for name in found}
    with tempfile.TemporaryDirectory() as together:
        load_county(_laid_out(Path(together), code, {**_contents(store, code), **contents}), code)
    with store.write() as cursor:
        for name, content in contents.items():
            cursor.execute(
                "insert into county_files (county_code, name, content, actor, recorded_at) values ($1, $2, $3, $4, $5)",
                [code, name, content, actor.name, now],
            )
        keep_action(cursor, actor, "plan", f"县文件 {'、'.join(contents)}", now)
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise RequestInvalid(f"{file.name} 不是 UTF-8 文本，请另存为 UTF-8 编码后重试。") from None


def _shipped(code: str) -> Path:
    return SHIPPED / code


def _loaded(store: Store, code: str, as_of: date | None) -> dict[str, LoadedFile]:
    """The files in force on a day: of each name the one that counts from the latest day, and of one day the last."""
    return {
        name: LoadedFile(*row)
        for name, *row in store.rows(
            "select name, number, content, counts_from, actor, recorded_at from county_files"
            " where county_code = $1 and (counts_from is null or counts_from <= $2)"
            " qualify row_number() over (partition by name order by counts_from desc nulls last, number desc) = 1",
            [code, as_of or date.max],
        )
    }


def _contents(store: Store, code: str) -> dict[str, str]:
    return {name: file.content for name, file in _loaded(store, code, None).items()}


def _laid_out(folder: Path, code: str, loaded: Mapping[str, str]) -> Path:
    """The files in force in one folder: the shipped ones, then those loaded in their places."""
    shipped = {name: _shipped(code) / name for name in COUNTY_FILES}
    contents = {name: file.read_text("utf-8") for name, file in shipped.items() if file.is_file()}
    for name, content in {**contents, **loaded}.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, "utf-8")
    return folder
