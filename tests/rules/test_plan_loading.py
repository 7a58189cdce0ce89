"""The plan's loader names every fault of a file, where it stands, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import RulesInvalid
from core.rules.plan_loading import load_plan
from core.store.county_files import SHIPPED

# One change to the file, and the sentence that must name it.
COUNTY_PLAN = SHIPPED / "350526" / "plan.toml"
FAULTS = {
    "unknown lead": (
        'id = "T01-1"\nclause = "三(一)1"',
        'lead = { unit = "finance"',
        'lead = { unit = "treasury"',
        "sub_items[T01-1].lead 单位“treasury”未在文件中列出",
    ),
    "unknown basis": (
        'id = "T01-2"',
        'basis = "default"',
        'basis = "guess"',
        "sub_items[T01-2].lead.basis 为“guess”，应为 clause、default 之一",
    ),
    "repeated sub-item": ('id = "T10-4"', 'id = "T10-4"', 'id = "T10-3"', "编号“T10-3”重复"),
    "sub-item of another task": (
        'id = "T03-2"',
        'id = "T03-2"',
        'id = "T99-2"',
        "sub_items[T99-2].id 应以“T03-”开头",
    ),
    "due before start": (
        'id = "T04-1"',
        "due = 2020-12-31",
        "due = 2019-01-31",
        "sub_items[T04-1].due 完成期限 2019-01-31 早于开始日期 2019-04-01",
    ),
    "outside the phases": (
        'id = "T04-4"',
        "due = 2020-06-30",
        "due = 2025-06-30",
        "sub_items[T04-4].due 日期 2025-06-30 不在任何实施阶段内",
    ),
    "date that is none": (
        'id = "T05-1"',
        "due = 2019-12-31",
        'due = "2019-13-31"',
        "sub_items[T05-1].due 为“2019-13-31”，应为日期",
    ),
    "neither metric nor evidence": (
        'id = "T11-6"',
        "evidence = [",
        "evidence = []\n#",
        "sub_items[T11-6].metric 与 evidence 不能同时为空",
    ),
    "unknown kind of metric": (
        'id = "T05-2"',
        'kind = "indicator"',
        'kind = "index"',
        "sub_items[T05-2].metric.kind 为“index”",
    ),
    "item without a route": (
        'id = "T08-1"',
        '"G10"',
        '"G16"',
        "sub_items[T08-1].metric “G16”在 routes 中没有分办单位",
    ),
    "unknown target": (
        'id = "T12-5"',
        '"arts_facilities_2022"',
        '"arts_2022"',
        "sub_items[T12-5].metric 限期目标“arts_2022”未在文件中列出",
    ),
    "missing clause": (
        'id = "T06-3"',
        'clause = "三(二)3"\n',
        "",
        "sub_items[T06-3].clause 缺失，应为文字",
    ),
    "unknown key": (
        'id = "T06-4"',
        "deliverable =",
        'colour = "red"\ndeliverable =',
        "sub_items[T06-4].colour 是未知的名称",
    ),
    "unknown goal": ('id = "T07"', '"teachers"', '"staff"', "tasks[T07].goal 目标“staff”未在"),
    "unit on both sides": (
        'id = "T09-5"',
        'default = ["education"]',
        'default = ["finance"]',
        "sub_items[T09-5] 单位“finance”在牵头与配合单位中重复",
    ),
    "limit given twice": (
        'id = "central_large_classes_2020"',
        "limit = 0.15",
        'limit = 0.15\nlimit_from = "class_size"',
        "dated_targets[central_large_classes_2020] 须有 operator，并在 limit 与 limit_from 中",
    ),
    "deadline of another year": (
        'id = "arts_facilities_2022"\nname',
        "deadline = 2022-12-31",
        "deadline = 2021-12-31",
        "dated_targets[arts_facilities_2022].deadline 2021-12-31 不是目标年份 2022 年",
    ),
    "target in a circle": (
        'id = "teacher_action_plan_2021"',
        '"T09-3"',
        '"T04-7"',
        "dated_targets[teacher_action_plan_2021].measure.ids 具体措施“T04-7”又由限期目标判定",
    ),
    "growth without a figure": (
        'id = "contract_pay_growth"',
        '"T07-6"',
        '"T07-9"',
        "yearly_targets[contract_pay_growth].sub_item 具体措施“T07-9”的 metric 应为 growth",
    ),
    "gap between the levels": (
        'id = "orange"',
        "days_late_from = 8",
        "days_late_from = 9",
        "warnings.levels[orange] 逾期天数应与上一等级衔接",
    ),
    "unknown remedy": (
        'subject = "L6"',
        '"equipment"',
        '"magic"',
        "routes[L6].remedies 补救办法“magic”未在文件中列出",
    ),
    "member of a group": (
        'id = "all_units"',
        '"audit"',
        '"auditors"',
        "units[all_units].members 单位“auditors”未在文件中列出",
    ),
    "division of nobody": (
        'id = "comprehensive"',
        'unit = "education"',
        'unit = "schools"',
        "divisions[comprehensive].unit 单位“schools”未在文件中列出",
    ),
    "unknown division": (
        'id = "T16-4"',
        'division = "safety"',
        'division = "guards"',
        "sub_items[T16-4].division 股室“guards”未在文件中列出",
    ),
    "another unit's division": (
        'id = "T16-6"',
        'lead = { unit = "education"',
        'lead = { unit = "finance"',
        "sub_items[T16-6].division “safety”是“education”的股室，牵头单位是“finance”",
    ),
    "phases overlap": (
        'id = "implementation"',
        "from = 2020-01-01",
        "from = 2019-12-01",
        "phases[implementation] 开始日期 2019-12-01 与上一阶段重叠",
    ),
}


def _changed(text: str, near: str, old: str, new: str) -> str:
    """The file with the first `old` after `near` replaced."""
    start = text.index(near)
    assert old in text[start:], f"{old} does not follow {near}"
    return text[:start] + text[start:].replace(old, new, 1)


def _faults(path: Path, text: str) -> list[str]:
    path.write_text(text, "utf-8")
    with pytest.raises(RulesInvalid) as refusal:
        load_plan(path)
    return refusal.value.faults


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_reported_where_it_stands_and_alone(fault: str, tmp_path: Path) -> None:
    near, old, new, sentence = FAULTS[fault]
    text = _changed(COUNTY_PLAN.read_text("utf-8"), near, old, new)
    faults = _faults(tmp_path / "plan.toml", text)
    assert len(faults) == 1
    assert sentence in faults[0]


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    text = COUNTY_PLAN.read_text("utf-8")
    for near, old, new, _ in FAULTS.values():
        text = _changed(text, near, old, new)
    faults = _faults(tmp_path / "plan.toml", text)
    missed = [s for *_, s in FAULTS.values() if not any(s in f for f in faults)]
    assert missed == []


def test_an_unreadable_or_absent_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    assert _faults(tmp_path / "plan.toml", "id = ")[0].startswith("不是有效的 TOML 文件")
    with pytest.raises(RulesInvalid, match="文件不存在"):
        load_plan(tmp_path / "absent.toml")


def test_an_empty_file_names_every_missing_section(tmp_path: Path) -> None:
    faults = _faults(tmp_path / "plan.toml", "")
    for section in ("tasks", "units", "phases", "dated_targets", "routes", "warnings"):
        assert f"{section} 这一节缺失" in faults
