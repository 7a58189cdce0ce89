"""Levers: what a planner can pull, as typed wishes for one school, a township or the county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.errors import RequestInvalid
from core.method.changes import Change, SchoolChange
from core.outlook.baseline import WHOLE_COUNTY, Place

Group = Literal["teachers", "premises", "equipment", "pupils", "classes", "schools", "projects"]
GROUP_NAMES: dict[Group, str] = {
    "teachers": "教师",
    "premises": "校舍",
    "equipment": "设备",
    "pupils": "生源",
    "classes": "班额",
    "schools": "学校",
    "projects": "项目",
}


@dataclass(frozen=True)
class Resource:
    """What can be added: the indicator it serves (L1–L7), its own figure, and all that one added unit moves."""

    code: str
    group: Group
    name: str
    unit: str
    fact: str
    with_facts: tuple[str, ...] = ()

    @property
    def is_teacher(self) -> bool:
        """Whether it is people, counted stage by stage."""
        return self.group == "teachers"

    @property
    def facts(self) -> tuple[str, ...]:
        """Every figure that one added unit moves."""
        return tuple(dict.fromkeys((*self.with_facts, self.fact)))


HIRED = ("teachers", "teachers_above_degree", "certified_teachers", "trained_teachers")
RESOURCES = {
    resource.code: resource
    for resource in (
        Resource("L1", "teachers", "高于规定学历教师", "名", "teachers_above_degree", HIRED),
        Resource("L2", "teachers", "县级以上骨干教师", "名", "backbone_teachers"),
        Resource("L3", "teachers", "体育艺术专任教师", "名", "pe_arts_teachers", HIRED),
        Resource("L4", "premises", "教学及辅助用房", "㎡", "teaching_area_m2"),
        Resource("L5", "premises", "体育运动场地", "㎡", "sports_ground_area_m2"),
        Resource("L6", "equipment", "教学仪器设备", "元", "equipment_value_yuan"),
        Resource("L7", "equipment", "网络多媒体教室", "间", "multimedia_rooms"),
    )
}


@dataclass(frozen=True)
class AddResource:
    """So much more of one resource, by indicator code, in whole units of it; less when negative.

    Where a place has several schools, `by` says who gets how much: first what is missing, least first, or by pupils.
    """

    code: str
    amount: int
    place: Place = WHOLE_COUNTY
    stage: str | None = None
    by: Literal["need", "pupils"] = "need"


@dataclass(frozen=True)
class MoveTeachers:
    """Teachers of a kind (L1, L2, L3) who change from one school to another at one stage."""

    code: str
    count: int
    from_school: str
    to_school: str
    stage: str


@dataclass(frozen=True)
class PupilsPercent:
    """Pupils more or fewer by so many percent in every school of a place."""

    percent: Decimal
    place: Place = WHOLE_COUNTY
    stage: str | None = None


@dataclass(frozen=True)
class MovePupils:
    """Pupils who change from one school to another at one stage."""

    count: int
    from_school: str
    to_school: str
    stage: str


@dataclass(frozen=True)
class ClassCap:
    """No class of a stage larger than so many pupils in any school of a place."""

    stage: str
    cap: int
    place: Place = WHOLE_COUNTY


@dataclass(frozen=True)
class OpenClasses:
    """So many more classes in one grade of a school; its pupils are divided evenly among all of them."""

    count: int
    school_id: str
    stage: str
    grade: int


@dataclass(frozen=True)
class FinishProject:
    """A project that the county runs is complete: its school has so much more area, its money is committed already.

    `completed_on` is the project's own date in ISO form, blank where it has none.
    """

    name: str
    school_id: str
    completed_on: str
    teaching_area_m2: Decimal = Decimal(0)
    sports_ground_area_m2: Decimal = Decimal(0)


Lever = (
    AddResource
    | MoveTeachers
    | PupilsPercent
    | MovePupils
    | ClassCap
    | OpenClasses
    | FinishProject
    | Change
    | SchoolChange
)
Levers = Sequence[Lever]


def resource_of(code: str) -> Resource:
    """The resource of an indicator. Raises RequestInvalid when there is none of this code."""
    if code not in RESOURCES:
        raise RequestInvalid(f"没有指标“{code}”对应的资源，可选：{'、'.join(RESOURCES)}。")
    return RESOURCES[code]


def group_of(lever: Lever) -> Group:
    """The group under which a lever stands on the screen."""
    match lever:
        case AddResource():
            return resource_of(lever.code).group
        case MoveTeachers():
            return "teachers"
        case PupilsPercent() | MovePupils():
            return "pupils"
        case ClassCap() | OpenClasses():
            return "classes"
        case FinishProject():
            return "projects"
        case Change():
            return "teachers" if lever.stage else "premises"
    return "schools"
