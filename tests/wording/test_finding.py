"""Everything with a page of its own is found by a part of its name, by its initials, and by several words at once."""

import pytest

from core.wording.finding import KIND_NAMES, Entry, entries, find
from tests.support.demo_county import Demo
from tests.support.present import STANDARD
from tests.wording.test_notice import OPENED


def found(demo: Demo, words: str) -> list[Entry]:
    return find(entries(demo.assessments[2023], STANDARD, demo.on(OPENED)), words)


def test_every_kind_is_in_the_list_and_no_entry_stands_twice(demo: Demo) -> None:
    listed = entries(demo.assessments[2023], STANDARD, demo.on(OPENED))
    assert {e.kind for e in listed} == set(KIND_NAMES)
    assert len({(e.kind, e.identifier, e.name) for e in listed}) == len(listed)


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        ("远庄", "school", "远庄小学（演示）"),
        ("yzxx", "school", "远庄小学（演示）"),
        ("yuanzhuang", "school", "远庄小学（演示）"),
        ("丹林", "school", "雷峰镇丹林教学点（演示）"),
        ("浔中镇", "township", "浔中镇"),
        ("jyj", "unit", "教育局"),
        ("班额", "item", "（五）班额"),
        ("体育运动场馆", "indicator", "生均体育运动场馆面积"),
        ("T06", "task", "T06 "),
        ("t06-1", "sub_item", "T06-1 "),
        ("运动场 扩建", "project", "溪塘初级中学（演示）运动场扩建"),
        ("第 43 号", "issue", "第 43 号 "),
    ],
)
def test_it_is_found(demo: Demo, words: str, kind: str, name: str) -> None:
    assert any(e.kind == kind and e.name.startswith(name) for e in found(demo, words))


def test_names_that_begin_with_the_words_come_first_and_nothing_finds_everything(demo: Demo) -> None:
    assert found(demo, "教育")[0].name.startswith("教育")
    assert found(demo, "  ") == [] == found(demo, "没有这个名字")
    assert all("<" not in e.name for e in found(demo, "小学"))
