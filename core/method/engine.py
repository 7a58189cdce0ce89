"""Composes the method's SELECTs into one statement and runs it over the store's current facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import RequestInvalid
from core.method.assessment import (
    Assessment,
    BalanceResult,
    ClassSizes,
    Holding,
    ItemResult,
    LeftOut,
    SchoolItem,
    SchoolRow,
    Verdict,
)
from core.method.changes import NO_CHANGES, Changes
from core.rules.standard import STAGES, Standard
from core.store.checking import STAGES_OF_KIND
from core.store.database import Store

_HERE = Path(__file__).parent
FACT_FILES = (
    "scope_townships",
    "scope_county",
    "townships",
    "schools",
    "open_schools",
    "enrolment",
    "premises",
    "class_counts",
    "rooms",
    "figures",
    "judgements",
    "survey",
    "monitoring",
)
METHOD_FILES = (
    "resources",
    "school_rows",
    "holdings",
    "school_verdicts",
    "contributions",
    "balance",
    "class_sizes",
    "school_items",
    "county_items",
    "county_verdict",
)
_ANSWERED = (
    "townships",
    "school_rows",
    "holdings",
    "contributions",
    "school_verdicts",
    "balance",
    "class_sizes",
    "school_items",
    "county_items",
    "county_verdict",
)


def assess(
    store: Store,
    standard: Standard,
    county_code: str,
    year: int,
    *,
    choices: Mapping[str, str] | None = None,
    changes: Changes = NO_CHANGES,
) -> Assessment:
    """Judge one county in one school year on the facts that count now, with changes laid over them.

    Raises RequestInvalid when no figures of that county and year are published or an option is unknown.
    """
    chosen = standard.choices(choices)
    for option_id, choice in chosen.items():
        known = {o.option_id: o.choices for o in standard.options}
        if choice not in known.get(option_id, {}):
            raise RequestInvalid(f"没有这种口径：{option_id} = {choice}。")
    answer = _run(store, standard, county_code, year, chosen, changes)
    if not answer["county_verdict"]:
        raise RequestInvalid(f"没有 {county_code} {year} 学年已发布的数据。")
    return _assessment(answer, standard, county_code, year, chosen)


def _run(
    store: Store,
    standard: Standard,
    county_code: str,
    year: int,
    chosen: Mapping[str, str],
    changes: Changes,
) -> dict[str, list[dict[str, Any]]]:
    """Every relation of the method in turn, each a temporary table of one reader's cursor."""
    answer: dict[str, list[dict[str, Any]]] = {}
    with store.judging() as cursor:
        for name, sql in _rule_relations(standard, tuple(sorted(chosen.items()))):
            cursor.execute(f"create or replace temp table {name} as {sql}")
        for name, sql in _fact_relations(store.schema):
            parameters: dict[str, object] = {"year": year} if "$year" in sql else {}
            if "$county" in sql:
                parameters["county"] = county_code
            cursor.execute(f"create or replace temp table {name} as {sql}", parameters)
        cursor.execute(_CHANGES, _change_columns(county_code, changes))
        for name, sql in _method_relations():
            cursor.execute(f"create or replace temp table {name} as {sql}")
        for name in _ANSWERED:
            result = cursor.execute(f"select * from {name}")
            columns = [column[0] for column in result.description or []]
            answer[name] = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return answer


@lru_cache(maxsize=8)
def _fact_relations(schema: str) -> tuple[tuple[str, str], ...]:
    folder = _HERE.parent / "store" / "facts"
    return tuple(
        (name, (folder / f"{name}.sql").read_text("utf-8").replace("store.", f"{schema}.")) for name in FACT_FILES
    )


@lru_cache(maxsize=1)
def _method_relations() -> tuple[tuple[str, str], ...]:
    return tuple((name, (_HERE / f"{name}.sql").read_text("utf-8")) for name in METHOD_FILES)


_CHANGES = """
create or replace temp table changes as
select
    $county::varchar as county_code,
    unnest($schools::varchar[]) as school_id,
    unnest($stages::varchar[]) as stage,
    unnest($facts::varchar[]) as fact,
    unnest($operations::varchar[]) as operation,
    cast(unnest($amounts::varchar[]) as decimal(18, 4)) as amount
"""


def _change_columns(county_code: str, changes: Changes) -> dict[str, object]:
    return {
        "county": county_code,
        "schools": [c.school_id for c in changes],
        "stages": [c.stage for c in changes],
        "facts": [c.fact for c in changes],
        "operations": [c.operation for c in changes],
        "amounts": [f"{c.amount:f}" for c in changes],
    }


def _rule_relations(standard: Standard, chosen: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The rules as relations: limits and weights by stage, numbers and choices in one row, items, kind_stages."""
    limits = _values(
        "rule, code, stage, per_pupils, amount, floor_amount, form_amount, form_floor_amount",
        (
            (
                x.rule,
                x.code,
                x.stage,
                _decimal(x.per_pupils, "decimal(3, 0)"),
                _decimal(x.amount),
                _decimal(x.floor_amount),
                _decimal(x.form_amount),
                _decimal(x.form_floor_amount),
            )
            for x in standard.limits()
        ),
    )
    weights = _values(
        "mix, stage, weight",
        (
            (mix, stage, _decimal(weight, "decimal(3, 2)"))
            for mix, stages in standard.split_weights.items()
            for stage, weight in stages.items()
        ),
    )
    numbers = "select " + ", ".join(f"{_decimal(number)} as {name}" for name, number in standard.numbers().items())
    choices = "select " + ", ".join(f"{_literal(choice)} as {name}" for name, choice in chosen)
    items = _values(
        "position, code, part, judged",
        ((_Sql(str(n)), i.code, i.part, _Sql("true" if i.judged else "false")) for n, i in enumerate(standard.items)),
    )
    kind_stages = _values(
        "kind, stage",
        ((kind, stage) for kind, stages in STAGES_OF_KIND.items() for stage in stages),
    )
    return (
        ("limits", limits),
        ("weights", weights),
        ("numbers", numbers),
        ("choices", choices),
        ("items", items),
        ("kind_stages", kind_stages),
    )


class _Sql(str):
    """SQL that stands as it is."""


def _decimal(number: Decimal | None, type_: str = "decimal(12, 4)") -> _Sql:
    return _Sql(f"cast({'null' if number is None else format(number, 'f')} as {type_})")


def _values(columns: str, rows: Iterable[tuple[str | None, ...]]) -> str:
    lines = ", ".join("(" + ", ".join(_literal(v) for v in row) + ")" for row in rows)
    return f"select * from (values {lines}) as t ({columns})"


def _literal(value: str | None) -> str:
    if value is None:
        return "null"
    return value if isinstance(value, _Sql) else "'" + value.replace("'", "''") + "'"


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _assessment(
    answer: Mapping[str, list[dict[str, Any]]],
    standard: Standard,
    county_code: str,
    year: int,
    chosen: Mapping[str, str],
) -> Assessment:
    stage_order: dict[str, int] = {stage: n for n, stage in enumerate(STAGES)}
    sizes = sorted(answer["class_sizes"], key=lambda c: (c["school_id"], stage_order[c["stage"]]))
    return Assessment(
        county_code=county_code,
        year=year,
        standard_id=standard.standard_id,
        choices=dict(chosen),
        verdict=Verdict(answer["county_verdict"][0]["verdict"]),
        rows=_school_rows(answer, stage_order),
        left_out=tuple(
            LeftOut(
                r["school_id"],
                r["name"],
                r["stage"],
                r["kind"],
                r["township_code"],
                _whole(r["pupils"]),
                r["left_out"],
            )
            for r in sorted(answer["school_rows"], key=lambda r: (r["school_id"], stage_order[r["stage"]]))
            if r["left_out"] and (r["reported"] or r["left_out"] == "closed")
        ),
        balance=tuple(
            BalanceResult(
                b["stage"],
                b["code"],
                b["limit_amount"],
                b["school_count"],
                b["mean"],
                b["sd"],
                b["cv"],
                Verdict(b["verdict"]),
                b["borderline"],
            )
            for b in sorted(answer["balance"], key=lambda b: (stage_order[b["stage"]], b["code"]))
        ),
        items=tuple(_item(i) for i in sorted(answer["county_items"], key=lambda i: i["position"])),
        school_items=tuple(
            SchoolItem(**{**s, "verdict": Verdict(s["verdict"])})
            for s in (
                {k: v for k, v in s.items() if k != "county_code"}
                for s in sorted(answer["school_items"], key=lambda s: (s["code"], s["school_id"]))
            )
        ),
        class_sizes=tuple(
            ClassSizes(
                c["school_id"],
                c["name"],
                c["stage"],
                c["township_code"],
                _flag(c["central_area"]),
                c["known"],
                int(c["classes"]),
                int(c["over_limit"]),
                int(c["large"]),
                int(c["oversized"]),
                int(c["super_oversized"]),
                int(c["largest"]),
            )
            for c in sizes
        ),
        township_names={
            t["township_code"]: t["name"] or t["township_code"]
            for t in sorted(answer["townships"], key=lambda t: t["township_code"])
        },
    )


def _school_rows(answer: Mapping[str, list[dict[str, Any]]], stage_order: Mapping[str, int]) -> tuple[SchoolRow, ...]:
    contributions = {(c["school_id"], c["stage"], c["code"]): c["contribution"] for c in answer["contributions"]}
    holdings: dict[tuple[str, str], list[Holding]] = {}
    for h in sorted(answer["holdings"], key=lambda h: h["code"]):
        holdings.setdefault((h["school_id"], h["stage"]), []).append(
            Holding(
                school_id=h["school_id"],
                stage=h["stage"],
                code=h["code"],
                per_pupils=h["per_pupils"],
                limit=h["limit_amount"],
                floor=h["floor_amount"],
                pupils=h["pupils"],
                weight=h["weight"],
                weighted_pupils=h["weighted_pupils"],
                surplus=h["surplus"],
                floor_surplus=h["floor_surplus"],
                amount=h["amount"],
                value=h["value"],
                verdict=Verdict(h["verdict"]),
                above_floor=h["above_floor"],
                borderline=bool(h["borderline"]),
                shortfall=None if h["shortfall"] is None else float(h["shortfall"]),
                contribution=contributions[h["school_id"], h["stage"], h["code"]],
            )
        )
    verdicts = {(v["school_id"], v["stage"]): v for v in answer["school_verdicts"]}
    classes = {(c["school_id"], c["stage"]): c for c in answer["class_sizes"]}
    rows = []
    for r in sorted(answer["school_rows"], key=lambda r: (r["school_id"], stage_order[r["stage"]])):
        key = (r["school_id"], r["stage"])
        if r["left_out"]:
            continue
        verdict, sizes = verdicts[key], classes[key]
        rows.append(
            SchoolRow(
                school_id=r["school_id"],
                name=r["name"],
                stage=r["stage"],
                kind=r["kind"],
                township_code=r["township_code"],
                zone=r["zone"],
                central_area=_flag(r["central_area"]),
                ownership=r["ownership"],
                sponsor_code=r["sponsor_code"],
                pupils=_whole(r["pupils"]),
                verdict=Verdict(verdict["verdict"]),
                met_count=int(verdict["met_count"]),
                not_met_count=int(verdict["not_met_count"]),
                unknown_count=int(verdict["unknown_count"]),
                below_floor_count=int(verdict["below_floor_count"]),
                relieved=bool(r["relieved"]),
                holdings=tuple(holdings[key]),
                classes=int(sizes["classes"]) if sizes["known"] else None,
                largest_class=int(sizes["largest"]) if sizes["known"] else None,
                classes_over_limit=int(sizes["over_limit"]) if sizes["known"] else None,
            )
        )
    return tuple(rows)


def _item(i: Mapping[str, Any]) -> ItemResult:
    return ItemResult(
        code=i["code"],
        part=i["part"],
        verdict=Verdict(i["verdict"]),
        value=None if i["value"] is None else float(i["value"]),
        judgement=Verdict(i["judgement"]) if i["judgement"] else None,
        figures_verdict=Verdict(i["figures_verdict"]) if i["figures_verdict"] else None,
        scope=_whole(i["scope"]),
        failing=_whole(i["failing"]),
        unknown=_whole(i["unknown_count"]),
        numerator=i["numerator"],
        denominator=i["denominator"],
        second_numerator=i["second_numerator"],
        second_denominator=i["second_denominator"],
    )
