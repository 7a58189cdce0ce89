"""Reads a standard from its TOML file and reports every fault of the file at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from core.rules.reading import RulesFile, name_faults
from core.rules.standard import OFF, STAGES, Standard

# Every number that the method asks for by name; a file that lacks one cannot be used.
SPLIT_STAGES = {
    "nine_year": ("preschool", "primary", "junior"),
    "combined_secondary": ("junior", "senior"),
    "twelve_year": ("preschool", "primary", "junior", "senior"),
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
        "pupils_below",
        "area_rural_primary",
        "area_rural_junior",
    ),
    "relief_school_size": ("built_until", "migrant_share_over", "single_stage_pupils", "multi_stage_pupils"),
}
NATIONAL_STANDARD = Path(__file__).parents[2] / "data" / "standards" / "quality-balance-2017.toml"


def load_standard(path: Path = NATIONAL_STANDARD) -> Standard:
    """The standard in `path`. Raises RulesInvalid with every missing, mistyped or uncited entry."""
    return _STANDARDS.read(path)


def _faults_between(standard: Standard) -> Iterator[str]:
    yield from _wrong_names(standard)
    edges = list(standard.class_bands.edges)
    if sorted(set(edges)) != edges:
        yield "class_bands.edges 应由小到大且不重复"
    for exclusion in standard.exclusions:
        if exclusion.reason == "teaching_point_under_50" and exclusion.pupils_below is None:
            yield f"exclusions[{exclusion.reason}].pupils_below 缺失，应为数字"
        if len({e is None for e in (exclusion.kind, exclusion.staff_counts, exclusion.pupils_count)}) > 1:
            yield f"exclusions[{exclusion.reason}] 的 kind、staff_counts 与 pupils_count 须一并填写"
    options = {option.option_id: option for option in standard.options}
    for item in standard.items:
        if item.option is not None and OFF not in (options[item.option].choices if item.option in options else ()):
            yield f"items[{item.item_id}].option 为“{item.option}”，应为有 {OFF} 一种选择的口径"
    for option in standard.options:
        if option.kind == "relief":
            yield from (
                f"options[{option.option_id}].{name} 缺失，减免应写明适用的学年"
                for name, year in (("first_year", option.first_year), ("last_year", option.last_year))
                if year is None
            )
        if option.default and option.default not in option.choices:
            choices = "、".join(option.choices)
            yield f"options[{option.option_id}].default 为“{option.default}”，应为 {choices} 之一"
    yield from _repeated(standard)
    yield from _unlisted_documents(standard)


def _wrong_names(standard: Standard) -> Iterator[str]:
    """Whether the method finds every number that it asks for by name, and no other stands there."""
    for indicator in standard.indicators:
        yield from name_faults(f"indicators[{indicator.indicator_id}].limit", indicator.limit, STAGES)
    yield from name_faults("balance.limit", standard.balance.limit, STAGES)
    for mix in (*SPLIT_STAGES, *standard.splits.weights.keys() - SPLIT_STAGES):
        weights = standard.splits.weights.get(mix, ())
        yield from name_faults(f"splits.weights.{mix}", weights, SPLIT_STAGES.get(mix, ()))
    for item in standard.items:
        where = f"items[{item.item_id}]"
        yield from name_faults(f"{where}.numbers", item.numbers, ITEM_NUMBERS.get(item.item_id, ()))
        yield from name_faults(f"{where}.limit", item.limit, STAGES if item.item_id in ITEMS_BY_STAGE else ())
    for option in standard.options:
        names = OPTION_NUMBERS.get(option.option_id, ())
        yield from name_faults(f"options[{option.option_id}].numbers", option.numbers, names)


def _repeated(standard: Standard) -> Iterator[str]:
    for what, codes in (
        ("indicators", [i.code for i in standard.indicators]),
        ("items", [i.code for i in standard.items]),
        ("options", [o.option_id for o in standard.options]),
        ("exclusions", [e.reason for e in standard.exclusions]),
        (
            "monitoring_subjects",
            [name for s in standard.monitoring_subjects for name in s.names],
        ),
    ):
        for code in sorted({c for c in codes if c and codes.count(c) > 1}):
            yield f"{what}[{code}] 重复"


def _unlisted_documents(standard: Standard) -> Iterator[str]:
    cited = {
        rule.document
        for rules in (
            standard.indicators,
            standard.derived_facts,
            standard.items,
            standard.exclusions,
            standard.options,
            standard.monitoring_subjects,
        )
        for rule in rules
    } | {
        standard.splits.document,
        standard.school_rule.document,
        standard.balance.document,
        standard.rounding.document,
        standard.class_bands.document,
    }
    for document in sorted(cited - set(standard.documents) - {""}):
        yield f"引用的文件“{document}”未在 documents 中列出"


_STANDARDS = RulesFile(Standard, _faults_between)
