"""A checked dataset comes into the store whole or not at all, as a draft that does not count yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.access import Actor, require
from core.audit import keep_action
from core.batches.batch_rows import insert_rows
from core.batches.coverage import Coverage, coverage_of
from core.dataset.dictionary import sheets
from core.dataset.typed_texts import check_typed
from core.errors import RequestInvalid
from core.facts.published import county_of
from core.intake.checkup.checking import Dataset
from core.rules.standard import Standard
from core.store.database import Store, derive_class_counts

UNCONFIRMED = "未经人工核实"


def load(
    store: Store,
    dataset: Dataset,
    standard: Standard,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    is_demo: bool = False,
    also_year: int | None = None,
    warning_reasons: Mapping[int, str] | None = None,
    coverage: Coverage | None = None,
) -> int:
    """Store a checked dataset as a draft batch and return its number.

    `also_year` is covered even when no sheet carries a row of it: nothing was reported for it. `coverage` is
    what the dataset carries unless it is given. `warning_reasons` confirm the warnings by their place; without
    any, the record says that nobody confirmed them.
    Raises RequestInvalid when the store is another county's, the same input is already stored or a warning lacks its reason, NotPermitted for readers.
    """
    require(actor, "load", dataset.county_code)
    for text in (note, *(warning_reasons or {}).values()):
        check_typed(text)
    with store.write() as cursor:
        # Looked up while nobody else writes: of two who load the same at once the second is told of the first.
        _refuse_another_county(store, dataset)
        _refuse_known(store, dataset)
        reasons = _reasons(dataset, warning_reasons)
        covered = coverage or coverage_of(store, dataset, also_year)
        batch_id = int(
            cursor.execute(
                "insert into batches (county_code, source_name, sha256, actor, loaded_at, note, is_demo, whole_county,"
                " base_facts_version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning batch_id",
                [
                    dataset.county_code,
                    dataset.source_name,
                    dataset.sha256,
                    actor.name,
                    now,
                    note,
                    is_demo,
                    covered.whole_county,
                    dataset.base_facts_version,
                ],
            ).fetchall()[0][0]
        )
        cursor.execute(
            "insert into batch_coverage select $1, t.code, y.year from (select unnest($2) as code) as t"
            " cross join (select unnest($3) as year) as y",
            [batch_id, covered.townships, covered.years],
        )
        cursor.execute("insert into batch_county_years select $1, unnest($2)", [batch_id, covered.county_years])
        for position, (warning, reason) in enumerate(zip(dataset.warnings, reasons, strict=True)):
            cursor.execute(
                "insert into batch_warnings values ($1, $2, $3, $4)", [batch_id, position, warning.sentence(), reason]
            )
        # Parents before children, as the dictionary lists them: the foreign keys hold at every row.
        for sheet in sheets():
            insert_rows(cursor, batch_id, sheet, dataset.tables[sheet.identifier])
        derive_class_counts(cursor, batch_id, standard)
        keep_action(cursor, actor, "load", f"批次 {batch_id}", now, after={"file": dataset.source_name, "note": note})
    return batch_id


def _refuse_another_county(store: Store, dataset: Dataset) -> None:
    here = county_of(store)
    if here and here != dataset.county_code:
        raise RequestInvalid(
            f"这份数据属于另一个县（{dataset.county_code}），本数据文件是 {here} 的，没有导入；另一个县须另建数据文件。"
        )


def _refuse_known(store: Store, dataset: Dataset) -> None:
    for batch_id, action in store.rows(
        "select batch_id, (select arg_max(action, number) from publications as p where p.batch_id = b.batch_id)"
        " from batches as b where sha256 = $1 and county_code = $2",
        [dataset.sha256, dataset.county_code],
    ):
        if action != "withdraw":
            raise RequestInvalid(f"这份数据与批次 {batch_id} 完全相同，没有重复导入。")


def _reasons(dataset: Dataset, given: Mapping[int, str] | None) -> list[str]:
    if given is None:
        return [UNCONFIRMED] * len(dataset.warnings)
    reasons = [given.get(position, "").strip() for position in range(len(dataset.warnings))]
    missing = reasons.count("")
    if missing:
        raise RequestInvalid(f"还有 {missing} 处提示没有写明理由，请逐条核实后填写。")
    return reasons
