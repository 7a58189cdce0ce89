"""Reads what decides a sub-item and what a dated target measures."""

from __future__ import annotations

from typing import cast, get_args

from core.rules import plan_metrics as metrics
from core.rules.entries import Entries

METRIC_KINDS = (
    "item",
    "indicator",
    "balance",
    "growth",
    "ratio",
    "attendance",
    "comparison",
    "pair_gap",
    "target",
    "veto",
)
MEASURE_KINDS = (
    "class_share",
    "oversized_school_share",
    "largest_class",
    "composite_cv",
    "comparison",
    "item",
    "sub_items",
    "county_verdict",
)


def lines(entry: Entries, key: str) -> tuple[str, ...]:
    """A list of texts, each given once; an absent key is an empty list."""
    value = entry.table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        entry.faults.append(f"{entry.where}{key} 应为一组文字")
        return ()
    for line in sorted({v for v in value if value.count(v) > 1}):
        entry.faults.append(f"{entry.where}{key} 中“{line}”重复")
    return tuple(value)


def optional_text(entry: Entries, key: str) -> str | None:
    """A text that may be absent, but not empty."""
    return entry.text(key) if key in entry.table else None


def read_metric(entry: Entries) -> metrics.Metric | None:
    """What decides a sub-item; None where the kind is unknown, which is a fault."""
    match entry.choice("kind", METRIC_KINDS):
        case "item":
            return _item(entry)
        case "indicator":
            entry.only("kind", "id")
            return metrics.IndicatorMetric(entry.text("id"))
        case "balance":
            entry.only("kind")
            return metrics.BalanceMetric()
        case "growth":
            entry.only("kind", "figure", "per", "requires")
            requires = (
                entry.choice("requires", get_args(metrics.GrowthRequirement)) if "requires" in entry.table else "rise"
            )
            return metrics.GrowthMetric(
                entry.text("figure"),
                optional_text(entry, "per"),
                cast(metrics.GrowthRequirement, requires),
            )
        case "ratio":
            return _ratio(entry, "figures")
        case "attendance":
            return _ratio(entry, "attendance")
        case "comparison":
            return _comparison(entry)
        case "pair_gap":
            entry.only("kind")
            return metrics.PairGapMetric()
        case "target":
            entry.only("kind", "id")
            return metrics.TargetMetric(entry.text("id"))
        case "veto":
            entry.only("kind", "id", "shown_beside")
            return metrics.VetoMetric(entry.text("id"), lines(entry, "shown_beside"))
        case _:
            return None


def _item(entry: Entries) -> metrics.ItemMetric:
    entry.only("kind", "id")
    return metrics.ItemMetric(entry.text("id"))


def read_operator(entry: Entries) -> metrics.Operator:
    """The direction in which a limit is kept."""
    return cast(metrics.Operator, entry.choice("operator", get_args(metrics.Operator)))


def _ratio(entry: Entries, source: metrics.RatioSource) -> metrics.RatioMetric:
    entry.only("kind", "numerator", "denominator", "operator", "limit")
    return metrics.RatioMetric(
        source,
        entry.text("numerator"),
        entry.text("denominator"),
        read_operator(entry),
        entry.number("limit"),
    )


def _comparison(entry: Entries) -> metrics.ComparisonMetric:
    entry.only("kind", "figure", "operator", "target")
    return metrics.ComparisonMetric(entry.text("figure"), read_operator(entry), entry.text("target"))


def read_measure(entry: Entries) -> metrics.Measure:
    """What a dated target measures; an unknown kind is a fault and stands for nothing."""
    match entry.choice("kind", MEASURE_KINDS):
        case "class_share":
            entry.only("kind", "band")
            return metrics.ClassShare(entry.text("band"))
        case "oversized_school_share":
            entry.only("kind", "size_from")
            return metrics.OversizedSchoolShare(entry.text("size_from"))
        case "largest_class":
            entry.only("kind")
            return metrics.LargestClass()
        case "composite_cv":
            entry.only("kind")
            return metrics.CompositeCv()
        case "comparison":
            return _comparison(entry)
        case "item":
            return _item(entry)
        case "sub_items":
            entry.only("kind", "ids")
            return metrics.SubItemsDone(lines(entry, "ids"))
        case "county_verdict":
            entry.only("kind")
    return metrics.CountyVerdict()
