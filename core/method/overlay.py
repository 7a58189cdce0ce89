"""Lays changes over the reported figures, in list order, and refuses what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from core.dataset.dictionary import Column, name_of, sheet
from core.dataset.school_kinds import STAGES_OF_KIND, STAGES_SHARING_PREMISES
from core.errors import RequestInvalid
from core.method.changes import (
    CLASS_FACTS,
    ENROLMENT_FACTS,
    PREMISES_FACTS,
    ROOM_FACTS,
    WHOLE_FACTS,
    Change,
    Changes,
    CloseSchool,
    MergeSchool,
    OpenSchool,
)
from core.method.county_facts import CountyFacts, Figures, SchoolFacts

_ZERO = Decimal(0)
_PARTS_OF_TEACHERS = ("teachers_above_degree", "backbone_teachers", "pe_arts_teachers", "certified_teachers")
# Beyond any real figure, and within what the relations can hold.
_TOO_LARGE = Decimal(10) ** 9
_Key = TypeVar("_Key")
# Figures that no sheet has as a column, with their units.
_COUNTED = {
    "classes": ("班级数", "个"),
    "classes_over_limit": ("超班额班级数", "个"),
    "classes_large": ("偏大班级数", "个"),
    "classes_oversized": ("大班额班级数", "个"),
    "classes_super_oversized": ("超大班额班级数", "个"),
    "classes_unsure": ("是否超班额不明的班级数", "个"),
    "largest_class": ("最大班额", "人"),
    "largest_class_at_most": ("最大班额上限", "人"),
    "music_rooms": ("音乐教室数", "间"),
    "art_rooms": ("美术教室数", "间"),
}


@dataclass
class Overlay:
    """Figures as they stand after the changes: only of what the changes touch, each stage and school whole."""

    facts: CountyFacts
    room_areas: Mapping[str, Decimal]
    enrolment: dict[tuple[str, str], dict[str, Decimal | None]] = field(default_factory=dict)
    classes: dict[tuple[str, str], dict[str, Decimal | None]] = field(default_factory=dict)
    premises: dict[str, dict[str, Decimal | None]] = field(default_factory=dict)
    rooms: list[tuple[str, str, Decimal | None]] = field(default_factory=list)
    opened: dict[str, OpenSchool] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)

    def school(self, school_id: str) -> SchoolFacts:
        """The school as it stands, open. Raises RequestInvalid when there is none or it has closed."""
        if school_id in self.opened:
            new = self.opened[school_id]
            found = SchoolFacts(school_id, new.name, new.kind, new.township_code, True, False, STAGES_OF_KIND[new.kind])
        elif school_id in self.facts.schools:
            found = self.facts.schools[school_id]
        else:
            raise RequestInvalid(f"没有学校“{school_id}”，请从学校列表中选择。")
        if not found.is_open or school_id in self.closed:
            raise RequestInvalid(f"{found.name}已停办，不能再作调整。")
        return found

    def stage_figures(self, key: tuple[str, str]) -> dict[str, Decimal | None]:
        """Pupils and teachers of a stage, ready to be changed."""
        return _own(self.enrolment, key, self.facts.enrolment, ENROLMENT_FACTS, key[0] in self.opened)

    def class_figures(self, key: tuple[str, str]) -> dict[str, Decimal | None]:
        """Class counts of a stage, ready to be changed."""
        return _own(self.classes, key, self.facts.classes, tuple(CLASS_FACTS.values()), key[0] in self.opened)

    def school_figures(self, school_id: str) -> dict[str, Decimal | None]:
        """Premises, equipment and money of a school, ready to be changed."""
        return _own(self.premises, school_id, self.facts.premises, PREMISES_FACTS, school_id in self.opened)


def _own(
    changed: dict[_Key, dict[str, Decimal | None]],
    key: _Key,
    reported: Mapping[_Key, Figures],
    facts: tuple[str, ...],
    is_new: bool,
) -> dict[str, Decimal | None]:
    if key not in changed:
        known: Figures = dict.fromkeys(facts, _ZERO) if is_new else reported.get(key, {})
        changed[key] = {fact: known.get(fact) for fact in facts}
    return changed[key]


def lay_over(changes: Changes, facts: CountyFacts, room_areas: Mapping[str, Decimal]) -> Overlay:
    """The figures after all changes; `room_areas` is the required area in ㎡ of an added room by kind.

    Raises RequestInvalid, naming the school and the figure, for the first change that cannot be.
    """
    overlay = Overlay(facts, room_areas)
    for change in changes:
        match change:
            case Change():
                _change_figure(overlay, change)
            case OpenSchool():
                _open(overlay, change)
            case CloseSchool():
                _close(overlay, change)
            case MergeSchool():
                _merge(overlay, change)
    _require_parts_within_teachers(overlay)
    return overlay


def _require_parts_within_teachers(overlay: Overlay) -> None:
    for (school_id, stage), figures in overlay.enrolment.items():
        teachers = figures["teachers"]
        for part in _PARTS_OF_TEACHERS:
            counted = figures[part]
            if teachers is not None and counted is not None and counted > teachers:
                schools = overlay.opened if school_id in overlay.opened else overlay.facts.schools
                name = schools[school_id].name
                raise RequestInvalid(
                    f"{name}{name_of('stage', stage)}的{fact_name(part)} {counted:f} 名，"
                    f"多于专任教师 {teachers:f} 名，请先增加教师。"
                )


def _change_figure(overlay: Overlay, change: Change) -> None:
    school = overlay.school(change.school_id)
    if change.fact in WHOLE_FACTS and change.amount != change.amount.to_integral_value():
        raise RequestInvalid(f"{school.name}的{fact_name(change.fact)}应为整数，现为 {change.amount:f}。")
    if change.fact in ROOM_FACTS:
        if change.amount < 0:
            raise RequestInvalid(f"{school.name}的{fact_name(change.fact)}只能增加，不能减少。")
        kind = ROOM_FACTS[change.fact]
        overlay.rooms += [(school.school_id, kind, overlay.room_areas[kind])] * int(change.amount)
        return
    if change.stage is None:
        figures, fact = overlay.school_figures(school.school_id), change.fact
    else:
        if change.stage not in school.stages:
            raise RequestInvalid(f"{school.name}没有{name_of('stage', change.stage)}学段，不能调整该学段的数据。")
        key = (school.school_id, change.stage)
        if change.fact in CLASS_FACTS:
            figures, fact = overlay.class_figures(key), CLASS_FACTS[change.fact]
        else:
            figures, fact = overlay.stage_figures(key), change.fact
    before = figures[fact]
    if change.operation == "set":
        after: Decimal | None = change.amount
    else:
        after = None if before is None else before + change.amount
    if after is not None and after < 0:
        held = f"现有 {before:f}，" if before is not None and change.operation == "add" else ""
        raise RequestInvalid(
            f"{school.name}的{fact_name(change.fact)}不能为负数：{held}"
            f"{'减少' if change.operation == 'add' else '设为'} {abs(change.amount):f}。"
        )
    if after is not None and after >= _TOO_LARGE:
        raise RequestInvalid(f"{school.name}的{fact_name(change.fact)}{after:f}过大，请核对。")
    figures[fact] = after


def _open(overlay: Overlay, change: OpenSchool) -> None:
    if change.school_id in overlay.facts.schools or change.school_id in overlay.opened:
        raise RequestInvalid(f"学校标识码“{change.school_id}”已有学校使用，请换一个。")
    if not change.school_id.strip() or not change.name.strip():
        raise RequestInvalid("新设学校须填写校名。")
    if not STAGES_OF_KIND.get(change.kind):
        raise RequestInvalid(f"没有“{change.kind}”这种学校类别。")
    if change.township_code not in overlay.facts.township_names:
        raise RequestInvalid(f"新设{change.name}的乡镇代码“{change.township_code}”不在本县乡镇之列。")
    overlay.opened[change.school_id] = change
    overlay.school_figures(change.school_id)
    for stage in STAGES_OF_KIND[change.kind]:
        overlay.stage_figures((change.school_id, stage))
        overlay.class_figures((change.school_id, stage))


def _close(overlay: Overlay, change: CloseSchool) -> None:
    school = overlay.school(change.school_id)
    _require_reason(school, change.reason)
    for stage in school.stages:
        if stage in _beside(school):
            continue
        pupils = overlay.stage_figures((school.school_id, stage))["pupils"]
        if pupils is None:
            raise RequestInvalid(f"{school.name}的在校生数未报，不能停办；请先补报，或并入其他学校。")
        if pupils > 0:
            raise RequestInvalid(
                f"{school.name}还有{name_of('stage', stage)}学生 {pupils:f} 人没有去处，不能停办；"
                "请先转走学生，或并入其他学校。"
            )
    overlay.closed.append(school.school_id)


def _merge(overlay: Overlay, change: MergeSchool) -> None:
    school, receiver = overlay.school(change.school_id), overlay.school(change.into)
    if school.school_id == receiver.school_id:
        raise RequestInvalid(f"{school.name}不能并入自己，请选择另一所学校。")
    _require_reason(school, change.reason)
    for stage in school.stages:
        if stage in _beside(school) and stage not in receiver.stages:
            continue
        if stage not in receiver.stages:
            raise RequestInvalid(f"{receiver.name}没有{name_of('stage', stage)}学段，{school.name}不能并入。")
        moved, left = (receiver.school_id, stage), (school.school_id, stage)
        _join(overlay.stage_figures(moved), overlay.stage_figures(left))
        receiving, moving = overlay.class_figures(moved), overlay.class_figures(left)
        largest = {fact: _larger(receiving[fact], moving[fact]) for fact in ("largest", "largest_at_most")}
        _join(receiving, moving)
        receiving.update(largest)
    if change.with_premises:
        _join(overlay.school_figures(receiver.school_id), overlay.school_figures(school.school_id))
        rooms = [(receiver.school_id, *room) for room in overlay.facts.rooms.get(school.school_id, ())]
        added = [room for room in overlay.rooms if room[0] == school.school_id]
        overlay.rooms += rooms + [(receiver.school_id, kind, area) for _, kind, area in added]
    overlay.closed.append(school.school_id)


def _beside(school: SchoolFacts) -> tuple[str, ...]:
    """Stages that only share the premises: nothing here moves their pupils, who stand in nobody's way."""
    return ("preschool", *STAGES_SHARING_PREMISES.get(school.kind, ()))


def _require_reason(school: SchoolFacts, reason: str) -> None:
    if school.permanent and not reason.strip():
        raise RequestInvalid(f"{school.name}是永久性保留学校，撤并须写明理由。")


def _join(receiving: dict[str, Decimal | None], moving: Figures) -> None:
    for fact, held in receiving.items():
        brought = moving[fact]
        receiving[fact] = None if held is None or brought is None else held + brought


def _larger(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else max(one, other)


def fact_name(fact: str) -> str:
    """The Chinese name of a figure that a change can name."""
    return _COUNTED[fact][0] if fact in _COUNTED else _column(fact).name


def fact_unit(fact: str) -> str:
    """The unit in which a change gives that figure."""
    return _COUNTED[fact][1] if fact in _COUNTED else _column(fact).unit


def _column(fact: str) -> Column:
    return sheet("enrolment" if fact in ENROLMENT_FACTS else "premises").column(fact)
