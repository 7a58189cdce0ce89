"""Column mappings kept in the store: never altered, saved again under the same name when something changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.access import Actor, require
from core.audit import keep_action
from core.errors import RequestInvalid
from core.intake.mapping.column_mapping import ColumnMapping, kept_mapping, mapping_from, mapping_text, refuse_faulty
from core.intake.mapping.mapped_source import fits
from core.intake.reading.raw_sheets import Source
from core.store.database import Store


@dataclass(frozen=True)
class SavedMapping:
    """A mapping with its number, who saved it and when."""

    number: int
    mapping: ColumnMapping
    actor: str
    recorded_at: datetime


def save_mapping(store: Store, mapping: ColumnMapping, actor: Actor, now: datetime) -> SavedMapping:
    """Keep a mapping under its name; an earlier one of the name stays on record.

    Raises RequestInvalid when the mapping is faulty or is kept already just so, NotPermitted for readers.
    """
    require(actor, "load", "列对应")
    refuse_faulty(mapping)
    text = mapping_text(mapping)
    with store.write() as cursor:
        # Looked up while nobody else writes: two may save the same at once.
        if any(kept.mapping == mapping for kept in saved_mappings(store)):
            raise RequestInvalid(f"列对应“{mapping.name}”已经保存，没有改动。")
        number = cursor.execute(
            "insert into column_mappings (name, content, actor, recorded_at) values ($1, $2, $3, $4) returning number",
            [mapping.name, text, actor.name, now],
        ).fetchall()[0][0]
        keep_action(cursor, actor, "load", f"列对应“{mapping.name}”", now, after=text)
    return SavedMapping(int(number), mapping, actor.name, now)


def saved_mappings(store: Store) -> list[SavedMapping]:
    """The mappings in force, the latest of each name, the newest first."""
    return [
        SavedMapping(number, kept_mapping(content), actor, recorded_at)
        for number, content, actor, recorded_at in store.rows(
            "select number, content, actor, recorded_at from column_mappings"
            " qualify row_number() over (partition by name order by number desc) = 1 order by number desc"
        )
    ]


def is_mapping_file(name: str) -> bool:
    """Whether a mapping is given as a file rather than by its name."""
    return name.lower().endswith(".json")


def mapping_called(name: str, store: Store | None) -> ColumnMapping:
    """The mapping in force under a name, or in a JSON file. Raises RequestInvalid when there is none."""
    if is_mapping_file(name):
        try:
            return mapping_from(Path(name).read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError):
            raise RequestInvalid(f"读不了列对应文件 {name}，请核对路径。") from None
    kept = [] if store is None else saved_mappings(store)
    for saved in kept:
        if saved.mapping.name == name:
            return saved.mapping
    names = "、".join(saved.mapping.name for saved in kept) or "没有"
    raise RequestInvalid(f"没有名为“{name}”的列对应；已保存的有：{names}。也可以写 .json 文件的路径。")


def fitting_mapping(store: Store, source: Source) -> SavedMapping | None:
    """The newest saved mapping whose sheets and titles an input has, None when none fits."""
    return next((saved for saved in saved_mappings(store) if fits(source, saved.mapping)), None)
