"""The relations that the method's SQL reads: the rules as constant rows, the facts as the store's SELECTs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from core.dataset.school_kinds import STAGES_AS_REPORTED, STAGES_HELD, STAGES_OF_KIND, STAGES_SHARING_PREMISES
from core.errors import RequestInvalid
from core.facts.fact_selects import fact_select
from core.method.changes import ENROLMENT_FACTS, PREMISES_FACTS
from core.rules.standard import STAGES, Standard
from core.store.statements import statement

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_SELECTS = Path(__file__).parent / "selects"
_LIMIT = "decimal(12, 4)"
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
    "school_judgements",
    "survey",
    "monitoring",
)
# What no change touches comes first and is worked out once for all changes.
FIXED_FILES = ("reported", "figure_items")
METHOD_FILES = (
    "resources",
    "school_rows",
    "school_measures",
    "school_verdicts",
    "stage_means",
    "school_indicators",
    "balance",
    "class_sizes",
    "school_items",
    "county_items",
    "county_verdict",
)


def merges(chosen: Mapping[str, str]) -> bool:
    """Whether these choices merge small teaching points into the schools that they belong to."""
    return chosen["small_teaching_points"] == "merge"


@lru_cache(maxsize=8)
def fact_relations(schema: str) -> tuple[tuple[str, str], ...]:
    """Name and SELECT of every relation of facts, over the store's tables in `schema`."""
    return tuple((name, fact_select(name, schema)) for name in FACT_FILES)


def method_relations(
    names: tuple[str, ...], standard: Standard, *, merging: bool = True, changed: bool = True
) -> tuple[tuple[str, str], ...]:
    """Name and SELECT of the method's relations with these names, for what the standard's indicators measure.

    Without `merging` small teaching points are left out and never merged; without `changed` nothing is laid over the facts
    and the relations that changes fill are not read. Both only leave out what would do nothing.

    Raises RequestInvalid for an indicator that measures no figure of the dictionary.
    """
    of_stages, of_schools = set(ENROLMENT_FACTS), set(PREMISES_FACTS)
    for derived in standard.derived_facts:
        parts = {*derived.added, *derived.subtracted}
        for facts, reported in ((of_stages, ENROLMENT_FACTS), (of_schools, PREMISES_FACTS)):
            if derived.added and parts <= set(reported):
                facts.add(derived.fact)
    for indicator in standard.indicators:
        if indicator.fact not in of_stages | of_schools or not _IDENTIFIER.fullmatch(indicator.indicator_id):
            raise RequestInvalid(
                f"指标 {indicator.code}（{indicator.indicator_id}）所依据的 {indicator.fact} 不是数据字典中的数字列，"
                "也不是由同一张表的列加减得出的；请核对标准文件中的 id 与 fact。"
            )
    return tuple(
        (
            name,
            statement(
                _SELECTS / f"{name}.sql",
                stage_facts=ENROLMENT_FACTS,
                school_facts=PREMISES_FACTS,
                facts_of_stages=of_stages,
                derived_facts=[d for d in standard.derived_facts if d.fact in of_stages | of_schools],
                stages=STAGES_HELD,
                merging=merging,
                changed=changed,
                indicators=standard.indicators,
            ),
        )
        for name in names
    )


def rule_relations(standard: Standard, chosen: tuple[tuple[str, str], ...], year: int) -> tuple[tuple[str, str], ...]:
    """The rules of a school year as relations: limits by stage, long and wide, weights by mix of stages, numbers and choices in one row, items, kinds
    of school, subjects of the state's monitoring by every name a result may give them.
    """
    limits = _values(
        "rule, code, stage, per_pupils, amount, floor_amount, form_amount, form_floor_amount, measured_by",
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
                _Sql(f"cast({literal(x.measured_by)} as varchar)"),
            )
            for x in standard.limits()
        ),
    )
    stage_limits = " union all ".join(
        f"select '{stage}' as stage, "
        + ", ".join(
            f"{_decimal(number, type_)} as {x.rule}_{name}"
            for x in standard.limits()
            if x.per_pupils is not None and x.stage == stage
            for name, number, type_ in (
                ("per", x.per_pupils, "decimal(3, 0)"),
                ("limit", x.amount, _LIMIT),
                ("floor", x.floor_amount, _LIMIT),
                ("form_limit", x.form_amount, _LIMIT),
                ("form_floor", x.form_floor_amount, _LIMIT),
            )
        )
        for stage in STAGES
    )
    mix_weights = _values(
        ", ".join(("mix", *(f"{stage}_weight" for stage in STAGES_HELD))),
        (
            (
                mix,
                *(
                    _decimal(standard.splits.weights.get(mix, {}).get(stage, Decimal(1)), "decimal(3, 2)")
                    for stage in STAGES_HELD
                ),
            )
            for mix in ("single", *standard.splits.weights)
        ),
    )
    numbers = "select " + ", ".join(f"{_decimal(number)} as {name}" for name, number in standard.numbers().items())
    choices = "select " + ", ".join(f"{literal(choice)} as {name}" for name, choice in chosen)
    items = _values(
        "position, code, part, judged, applies",
        (
            (_Sql(str(n)), i.code, i.part, _boolean(i.judged), _boolean(i.applies(year, dict(chosen))))
            for n, i in enumerate(standard.items)
        ),
    )
    kind_stages = _values(
        "kind, stage, as_reported",
        (
            (kind, stage, _Sql(str(int(kind in STAGES_AS_REPORTED))))
            for kind, stages in STAGES_OF_KIND.items()
            for stage in (*stages, *STAGES_SHARING_PREMISES.get(kind, ()))
        ),
    )
    excluded_kinds = _values(
        "kind, reason, staff_counts, pupils_count",
        (
            (x.kind, x.reason, _Sql(str(int(bool(x.staff_counts)))), _Sql(str(int(bool(x.pupils_count)))))
            for x in standard.exclusions
            if x.kind is not None
        ),
    )
    subjects = _values("name, written", ((s.name, written) for s in standard.subjects_in(year) for written in s.names))
    return (
        ("limits", limits),
        ("stage_limits", stage_limits),
        ("mix_weights", mix_weights),
        ("numbers", numbers),
        ("choices", choices),
        ("items", items),
        ("kind_stages", kind_stages),
        ("excluded_kinds", excluded_kinds),
        ("subjects", subjects),
    )


class _Sql(str):
    """SQL that stands as it is."""


def _boolean(value: bool) -> _Sql:
    return _Sql("true" if value else "false")


def _decimal(number: Decimal | None, type_: str = _LIMIT) -> _Sql:
    return _Sql(f"cast({'null' if number is None else format(number, 'f')} as {type_})")


def _values(columns: str, rows: Iterable[tuple[str | None, ...]]) -> str:
    lines = ", ".join("(" + ", ".join(literal(v) for v in row) + ")" for row in rows)
    if not lines:
        return "select " + ", ".join(f"null as {column}" for column in columns.split(", ")) + " where false"
    return f"select * from (values {lines}) as t ({columns})"


def literal(value: str | None) -> str:
    """The value as an SQL literal."""
    if value is None:
        return "null"
    return value if isinstance(value, _Sql) else "'" + value.replace("'", "''") + "'"
