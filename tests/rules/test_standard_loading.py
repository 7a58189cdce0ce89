"""The standard's loader refuses a rule without its source, and names every fault of a file at once."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import RulesInvalid
from core.rules.standard_loading import NATIONAL_STANDARD, load_standard
from tests.support.moved_standard import RAW, moved, number_paths, written


def entries_with(key: str) -> Iterator[str]:
    """The path of every rule of the file that carries a key, such as indicators.L1 or balance."""
    for section, table in RAW.items():
        if isinstance(table, dict) and key in table:
            yield section
        elif isinstance(table, list):
            yield from (
                f"{section}.{entry.get('code') or entry.get('reason') or entry.get('id')}"
                for entry in table
                if key in entry
            )


def place_of(path: str) -> str:
    """How a fault names the rule at a path: the section, and the rule's own id."""
    section, _, name = path.partition(".")
    if not name:
        return f"{section}."
    [entry] = [e for e in RAW[section] if name in (e.get("code"), e.get("reason"), e.get("id"))]
    return f"{section}[{entry.get('id') or entry['reason']}]."


def faults_of(tables: dict[str, Any], folder: Path) -> list[str]:
    """What the loader finds wrong with these tables."""
    with pytest.raises(RulesInvalid) as refused:
        load_standard(written(tables, folder / "standard.toml"))
    return refused.value.faults


@pytest.mark.parametrize("path", list(entries_with("clause")))
def test_a_rule_without_its_clause_does_not_load_and_is_named(path: str, tmp_path: Path) -> None:
    assert faults_of(moved(f"{path}.clause", None), tmp_path) == [f"{place_of(path)}clause 缺失，应为文字"]


@pytest.mark.parametrize("path", list(entries_with("document")))
def test_a_rule_without_its_document_does_not_load_and_is_named(path: str, tmp_path: Path) -> None:
    assert faults_of(moved(f"{path}.document", None), tmp_path) == [f"{place_of(path)}document 缺失，应为文字"]


@pytest.mark.parametrize("path", list(entries_with("document")))
def test_a_rule_that_cites_a_document_not_listed_does_not_load(path: str, tmp_path: Path) -> None:
    [fault] = faults_of(moved(f"{path}.document", "hearsay"), tmp_path)
    assert "hearsay" in fault


def test_every_number_stands_in_a_rule_that_cites_its_clause() -> None:
    cited = set(entries_with("clause"))
    uncited = [path for path in number_paths() if not {path.split(".")[0], ".".join(path.split(".")[:2])} & cited]
    assert uncited == []


def test_a_missing_number_is_refused(tmp_path: Path) -> None:
    unnoticed = []
    for path in number_paths():
        # Of the edges one more or less is another list; an item without a first year always applied.
        if ".edges." not in path and not (path.startswith("items.") and path.endswith(".first_year")):
            try:
                load_standard(written(moved(path, None), tmp_path / "standard.toml"))
                unnoticed.append(path)
            except RulesInvalid as refused:
                assert path.rsplit(".", 1)[1] in str(refused)
    assert unnoticed == []


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    tables = copy.deepcopy(RAW)
    tables["effective_from"] = "soon"
    tables["school_rule"]["minimum_met"] = "six"
    tables["school_rule"]["floor_share"] = -1
    tables["indicators"][0]["limit"] = {"primary": 4}
    tables["indicators"][1]["measured_by"] = "county"
    tables["indicators"][2]["colour"] = "red"
    tables["indicators"][4]["code"] = "L4"
    tables["balance"]["clause"] = ""
    tables["rounding"]["cv_decimals"] = 2.5
    tables["items"][3]["judged"] = "no"
    tables["items"][4]["part"] = "other"
    tables["class_bands"]["edges"] = [30, 25]
    tables["exclusions"][1]["reason"] = "closed"
    tables["options"][0]["default"] = "share"
    del tables["options"][1]["note"]
    del tables["splits"]
    tables["limits"] = {}
    found = faults_of(tables, tmp_path)
    for fault in (
        "effective_from 为“soon”，应为日期",
        "school_rule.minimum_met 为“six”，应为数字",
        "school_rule.floor_share 为 -1，不能为负数",
        "indicators[teachers_above_degree_per_100].limit.junior 缺失，应为数字",
        "indicators[backbone_teachers_per_100].measured_by 为“county”，应为 stage、school 之一",
        "indicators[pe_arts_teachers_per_100].colour 是未知的名称",
        "indicators[L4] 重复",
        "balance.clause 为空，应为文字",
        "rounding.cv_decimals 为 2.5，应为整数",
        "items[school_size].judged 为“no”，应为 true 或 false",
        "items[class_size].part 为“other”，应为 government、quality、satisfaction、veto、precondition 之一",
        "class_bands.edges 应由小到大且不重复",
        "exclusions[closed] 重复",
        "options[small_teaching_points].default 为“share”，应为 drop、merge 之一",
        "options[rounding_before_judging].note 缺失，应为文字",
        "splits 这一节缺失",
        "limits 是未知的名称",
    ):
        assert fault in found


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "文件不存在"), (b"limit = ", "不是有效的 TOML 文件"), (b"\xff\xfe", "不是有效的 TOML 文件")],
    ids=["no file", "no TOML", "no text"],
)
def test_a_file_that_is_no_rules_file_is_refused_with_a_sentence(
    content: bytes | None, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "standard.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RulesInvalid, match=sentence):
        load_standard(path)


def test_the_rewritten_file_reads_as_the_national_one(tmp_path: Path) -> None:
    assert load_standard(written(RAW, tmp_path / "standard.toml")) == load_standard(NATIONAL_STANDARD)
