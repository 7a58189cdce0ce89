"""What can be looked for by name or by the first letters of its pinyin: schools, units, rules, tasks, projects, issues.

entries(assessment, standard, situation) -> tuple[Entry, ...]
find(entries, words) -> list[Entry]     those that hold every word, names that begin with the first one first
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pypinyin import Style, lazy_pinyin

from core.dataset.dictionary import name_of
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment
from core.rules.standard import Standard
from core.wording.carrying_out.ledger import issue_name, issue_state_text
from core.wording.items import item_name
from core.wording.verdicts import marked

Kind = Literal["school", "unit", "township", "indicator", "item", "task", "sub_item", "project", "issue"]
KIND_NAMES: dict[Kind, str] = {
    "school": "学校",
    "township": "乡镇",
    "unit": "部门",
    "indicator": "指标",
    "item": "条款",
    "task": "任务",
    "sub_item": "具体措施",
    "project": "项目",
    "issue": "台账",
}
_KEPT = 50_000


@dataclass(frozen=True)
class Entry:
    """Something that has a page or a line of its own; `identifier` is what its address holds."""

    kind: Kind
    identifier: str
    name: str
    note: str


def entries(assessment: Assessment, standard: Standard, situation: Situation) -> tuple[Entry, ...]:
    """Everything that can be found, in the order of the kinds."""
    return tuple(_entries(assessment, standard, situation))


def _entries(assessment: Assessment, standard: Standard, situation: Situation) -> Iterator[Entry]:
    towns, plan = assessment.township_names, situation.plan
    stages: dict[str, list[str]] = {}
    for row in assessment.rows:
        stages.setdefault(row.school_id, []).append(
            f"{name_of('stage', row.stage)} {marked(row.verdict, row.borderline)}"
        )
    names = {row.school_id: (row.name, row.township_code) for row in assessment.rows}
    names |= {x.school_id: (x.name, x.township_code) for x in assessment.left_out if x.school_id not in names}
    for school_id, (name, township) in names.items():
        said = "，".join(stages.get(school_id, ["未参评"]))
        yield Entry("school", school_id, name, f"{towns.get(township, '')}，{said}")
    for code, name in towns.items():
        rows = [row for row in assessment.rows if row.township_code == code]
        yield Entry("township", code, name, f"参评学校 {len(rows)} 所（分学段计）")
    for unit in plan.units:
        if unit.kind not in ("group", "townships"):
            yield Entry("unit", unit.unit_id, unit.name, unit.full_name)
    for indicator in standard.indicators:
        yield Entry("indicator", indicator.code, indicator.name, indicator.clause)
    for item in standard.items:
        yield Entry("item", item.code, item_name(item.code, standard), item.name)
    for task in plan.tasks:
        yield Entry("task", task.task_id, f"{task.task_id} {task.title}", f"方案{task.clause}")
        for sub_item in task.sub_items:
            note = f"牵头 {plan.unit(sub_item.lead.unit_id).name}，方案{sub_item.clause}"
            yield Entry("sub_item", task.task_id, f"{sub_item.sub_item_id} {sub_item.title}", note)
    for project in situation.projects:
        place = towns.get(project.township_code or "", "")
        yield Entry("project", project.project_id, project.name, place)
    for issue in situation.issues:
        state = issue_state_text(situation.issue_states[issue.number], plan)
        yield Entry("issue", str(issue.serial), issue_name(issue), state)


def find(listed: Sequence[Entry], words: str) -> list[Entry]:
    """The entries whose name or pinyin holds every word; a name that begins with the first word comes first."""
    wanted = words.lower().split()
    if not wanted:
        return []
    found = [entry for entry in listed if all(_holds(entry.name, word) for word in wanted)]
    return sorted(found, key=lambda entry: not _begins(entry.name, wanted[0]))


def _holds(name: str, word: str) -> bool:
    return word in name.lower() or (word.isascii() and any(word in spelled for spelled in _spelled(name)))


def _begins(name: str, word: str) -> bool:
    return name.lower().startswith(word) or any(spelled.startswith(word) for spelled in _spelled(name))


@lru_cache(maxsize=_KEPT)
def _spelled(name: str) -> tuple[str, str]:
    """The first letters of a name's pinyin, and all of them."""
    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(initials).lower(), "".join(lazy_pinyin(name)).lower()
