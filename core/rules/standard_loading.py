"""Reads a standard from its TOML file and reports every fault of the file at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

from core.errors import RulesInvalid
from core.rules.entries import Entries, read_entries
from core.rules.standard import (
    Balance,
    ClassBands,
    DerivedFact,
    Document,
    Exclusion,
    Indicator,
    Item,
    Option,
    Part,
    Rounding,
    SchoolRule,
    Standard,
)

# Every number that the method asks for by name; a file that lacks one cannot be used.
SPLIT_STAGES = {
    "nine_year": ("primary", "junior"),
    "combined_secondary": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
}
ITEMS_BY_STAGE = ("class_size", "catchment_enrolment")
ITEM_NUMBERS = {
    "music_art_rooms": ("classes_per_room", "music_room_area", "art_room_area"),
    "school_size": ("single_stage_pupils", "multi_stage_pupils"),
    "small_school_funds": ("funded_pupils",),
    "special_education_funds": ("yuan_per_pupil",),
    "teacher_training": ("share",),
    "teacher_rotation": ("rotated_share", "backbone_share"),
    "teacher_certification": ("share",),
    "quota_places": ("share",),
    "left_behind_and_migrant_children": ("share",),
    "retention": ("share",),
    "disabled_enrolment": ("share",),
    "training_budget": ("share",),
    "quality_monitoring": ("level", "between_school_rate", "window_years"),
    "satisfaction": ("share",),
}
OPTION_NUMBERS = {
    "relief_shared_teachers": ("pupils_from", "pupils_below"),
    "relief_room_area": (
        "built_until",
        "music_area_old",
        "art_area_old",
        "largest_class_below",
        "area_rural_primary",
        "area_rural_junior",
    ),
    "relief_school_size": ("built_until", "migrant_share_over", "single_stage_pupils", "multi_stage_pupils"),
}
NATIONAL_STANDARD = Path(__file__).parents[2] / "data" / "standards" / "quality-balance-2017.toml"


def load_standard(path: Path = NATIONAL_STANDARD) -> Standard:
    """The standard in `path`. Raises RulesInvalid with every missing, mistyped or uncited entry."""
    entries = read_entries(path)
    standard = _standard(entries)
    _check_codes(standard, entries)
    if entries.faults:
        raise RulesInvalid(path, entries.faults)
    return standard


def _standard(top: Entries) -> Standard:
    top.only(
        "id",
        "name",
        "effective_from",
        "documents",
        "school_rule",
        "indicators",
        "derived_facts",
        "balance",
        "splits",
        "rounding",
        "items",
        "class_bands",
        "exclusions",
        "options",
    )
    documents = top.section("documents")
    splits = top.section("splits")
    weights = splits.section("weights")
    return Standard(
        standard_id=top.text("id"),
        name=top.text("name"),
        effective_from=top.day("effective_from"),
        documents={key: _document(key, documents.section(key)) for key in documents.table},
        school_rule=_school_rule(top.section("school_rule")),
        indicators=tuple(_indicator(e) for e in top.sections("indicators", "id")),
        derived_facts=tuple(_derived_fact(e) for e in top.sections("derived_facts", "id")),
        balance=_balance(top.section("balance")),
        split_weights={kind: weights.named_numbers(kind, stages) for kind, stages in SPLIT_STAGES.items()},
        split_document=splits.text("document"),
        split_clause=splits.text("clause"),
        rounding=_rounding(top.section("rounding")),
        items=tuple(_item(e) for e in top.sections("items", "id")),
        class_bands=_class_bands(top.section("class_bands")),
        exclusions=tuple(_exclusion(e) for e in top.sections("exclusions", "reason")),
        options=tuple(_option(e) for e in top.sections("options", "id")),
    )


def _document(document_id: str, entry: Entries) -> Document:
    entry.only("number", "title", "note")
    return Document(document_id, entry.text("number"), entry.text("title"), entry.text("note"))


def _school_rule(entry: Entries) -> SchoolRule:
    entry.only("minimum_met", "floor_share", "document", "clause", "name")
    return SchoolRule(
        entry.text("name"),
        entry.number("minimum_met"),
        entry.number("floor_share"),
        entry.text("document"),
        entry.text("clause"),
    )


def _indicator(entry: Entries) -> Indicator:
    entry.only(
        "id",
        "code",
        "name",
        "short_name",
        "unit",
        "amount_unit",
        "fact",
        "measured_by",
        "per_pupils",
        "limit",
        "document",
        "clause",
        "formula",
        "source_form",
    )
    return Indicator(
        indicator_id=entry.text("id"),
        code=entry.text("code"),
        name=entry.text("name"),
        short_name=entry.text("short_name"),
        unit=entry.text("unit"),
        amount_unit=entry.text("amount_unit"),
        fact=entry.text("fact"),
        measured_by=cast(Literal["stage", "school"], entry.choice("measured_by", ("stage", "school"))),
        per_pupils=entry.number("per_pupils"),
        limit=entry.per_stage("limit"),
        document=entry.text("document"),
        clause=entry.text("clause"),
        formula=entry.text("formula"),
        source_form=entry.text("source_form"),
    )


def _balance(entry: Entries) -> Balance:
    entry.only("limit", "document", "clause", "name", "formula")
    return Balance(
        entry.text("name"),
        entry.per_stage("limit"),
        entry.text("formula"),
        entry.text("document"),
        entry.text("clause"),
    )


def _rounding(entry: Entries) -> Rounding:
    entry.only("value_decimals", "cv_decimals", "share_decimals", "near_share", "document", "clause")
    return Rounding(
        entry.whole("value_decimals"),
        entry.whole("cv_decimals"),
        entry.whole("share_decimals"),
        entry.number("near_share"),
        entry.text("document"),
        entry.text("clause"),
    )


def _item(entry: Entries) -> Item:
    entry.only(
        "id",
        "code",
        "part",
        "name",
        "short_name",
        "judged",
        "document",
        "clause",
        "formula",
        "numbers",
        "limit",
    )
    parts = ("government", "quality", "satisfaction", "veto", "precondition")
    return Item(
        item_id=entry.text("id"),
        code=entry.text("code"),
        part=cast(Part, entry.choice("part", parts)),
        name=entry.text("name"),
        short_name=entry.text("short_name"),
        judged=entry.flag("judged"),
        document=entry.text("document"),
        clause=entry.text("clause"),
        formula=entry.text("formula", default=""),
        numbers=entry.named_numbers("numbers", ITEM_NUMBERS.get(entry.text("id"), ())),
        limit=entry.per_stage("limit") if entry.text("id") in ITEMS_BY_STAGE else {},
    )


def _class_bands(entry: Entries) -> ClassBands:
    entry.only(
        "edges",
        "large_from",
        "large_to",
        "oversized_from",
        "super_oversized_from",
        "document",
        "clause",
    )
    edges = entry.table.get("edges")
    if not isinstance(edges, list) or not all(isinstance(e, int) for e in edges) or not edges:
        entry.faults.append("class_bands.edges 缺失或不是一组整数")
        edges = [1]
    if sorted(set(edges)) != edges:
        entry.faults.append("class_bands.edges 应由小到大且不重复")
    return ClassBands(
        tuple(edges),
        entry.whole("large_from"),
        entry.whole("large_to"),
        entry.whole("oversized_from"),
        entry.whole("super_oversized_from"),
        entry.text("document"),
        entry.text("clause"),
    )


def _derived_fact(entry: Entries) -> DerivedFact:
    entry.only("id", "added", "subtracted", "document", "clause")
    return DerivedFact(
        entry.text("id"),
        tuple(entry.table.get("added", ())),
        tuple(entry.table.get("subtracted", ())),
        entry.text("document"),
        entry.text("clause"),
    )


def _exclusion(entry: Entries) -> Exclusion:
    entry.only("reason", "name", "document", "clause", "pupils_below", "kind", "staff_counts")
    reason = entry.text("reason")
    below = entry.number("pupils_below") if reason == "teaching_point_under_50" else None
    kind = entry.text("kind", "") or None
    staff = entry.flag("staff_counts") if kind else False
    return Exclusion(reason, entry.text("name"), entry.text("document"), entry.text("clause"), below, kind, staff)


def _option(entry: Entries) -> Option:
    entry.only("id", "name", "kind", "default", "choices", "numbers", "clause", "note", "document")
    choices = entry.texts("choices")
    return Option(
        option_id=entry.text("id"),
        name=entry.text("name"),
        kind=cast(Literal["assumption", "relief"], entry.choice("kind", ("assumption", "relief"))),
        default=entry.choice("default", tuple(choices)),
        choices=choices,
        numbers=entry.named_numbers("numbers", OPTION_NUMBERS.get(entry.text("id"), ())),
        document=entry.text("document"),
        clause=entry.text("clause"),
        note=entry.text("note"),
    )


def _check_codes(standard: Standard, entries: Entries) -> None:
    """Ids and codes stand once, and every cited document is listed."""
    for what, codes in (
        ("indicators", [i.code for i in standard.indicators]),
        ("items", [i.code for i in standard.items]),
        ("options", [o.option_id for o in standard.options]),
        ("exclusions", [e.reason for e in standard.exclusions]),
    ):
        for code in sorted({c for c in codes if codes.count(c) > 1}):
            entries.faults.append(f"{what}[{code}] 重复")
    cited = {
        rule.document
        for rules in (
            standard.indicators,
            standard.derived_facts,
            standard.items,
            standard.exclusions,
            standard.options,
        )
        for rule in rules
    } | {
        standard.split_document,
        standard.school_rule.document,
        standard.balance.document,
        standard.rounding.document,
        standard.class_bands.document,
    }
    for document in sorted(cited - set(standard.documents) - {""}):
        entries.faults.append(f"引用的文件“{document}”未在 documents 中列出")
