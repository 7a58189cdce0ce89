"""The county's plan as data says what the plan's own text says: clauses, obligations, years and bodies."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from core.rules.plan import Plan, SubItem, Task, Unit
from core.rules.plan_loading import load_plan
from core.store.county_files import SHIPPED

COUNTY_PLAN = SHIPPED / "350526" / "plan.toml"
CASES = Path(__file__).parents[1] / "cases" / "plan"

CHAPTER = re.compile(r"([一二三四五六七八九十])、")
SECTION = re.compile(r"\([一二三四五六七八九十]\)")
POINT = re.compile(r"(\d+)\.")
# The chapters that lay down work; 一 and 二 are its spirit and its goals.
CHAPTERS_OF_WORK = "三四五"

# A year stands alone or as a span; one in 〔〕 is part of a document's number.
YEARS = re.compile(r"(?<![〔\d])(\d{4})(?:-(\d{4}))?(?![〕\d])")
DEADLINE = re.compile(r"[到于](\d{4})年")

DEPARTMENTS = re.compile(r"((?:[^,。;、]+、)*[^,。;、]+?)等?部门")
# How the text writes a unit in a list that ends in 部门. Alone these words mean other things too: 财政投入, 交通安全.
SHORT_NAMES: dict[str, str] = {
    "education": "教育",
    "police": "公安",
    "transport": "交通",
    "market_supervision": "市场监管",
    "health": "卫健",
    "culture_sports_tourism": "文化",
    "press_broadcasting": "广电",
    "housing_construction": "住建",
    "emergency_management": "应急管理",
    "staffing_office": "编制",
    "human_resources": "人社",
    "finance": "财政",
    "all_units": "各",
}
# Words before 部门 that name no department: 相关部门, 多部门, 部门协调, 部门联动机制.
NO_DEPARTMENT = ("相关", "多", "加强", "建立健全")
# How the text writes a unit outside such a list, where it does not use the unit's own name.
OTHER_NAMES: dict[str, str] = {
    "townships": "乡镇政府 乡镇和村(社区)组织",
    "villages": "村(社区)",
}


class Document(NamedTuple):
    """The plan's text: what it is, its clauses by id (`三(一)1`), and the units it is addressed to."""

    source: str
    clauses: dict[str, str]
    addressed: str


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(COUNTY_PLAN)


@pytest.fixture(scope="module")
def document() -> Document:
    # The document calls one bureau by a name that is not its official one; the plan's units have the official names.
    text = (CASES / "document.txt").read_text("utf-8").replace("市场监督局", "市场监管局")
    source, *body, addressed = text.splitlines()
    return Document(source, clauses_of(body), addressed)


@pytest.fixture(scope="module")
def quotes() -> list[tuple[str, str]]:
    with (CASES / "quotes.csv").open(encoding="utf-8", newline="") as rows:
        return [(row["sub_item_id"], row["quote"]) for row in csv.DictReader(rows)]


def clauses_of(paragraphs: list[str]) -> dict[str, str]:
    """The text of every clause by its id; a chapter's text is what stands before its first section."""
    clauses: dict[str, str] = {}
    chapter = section = clause = ""
    for paragraph in paragraphs:
        text = paragraph
        if found := CHAPTER.match(paragraph):
            chapter, section, text = found[1], "", ""
            clause = chapter
        elif found := SECTION.match(paragraph):
            section, text = found[0], paragraph[found.end() :]
            clause = chapter + section
        elif found := POINT.match(paragraph):
            text = paragraph[found.end() :]
            clause = chapter + section + found[1]
        else:
            clauses[clause] += text
            continue
        assert clause not in clauses, clause
        clauses[clause] = text
    return clauses


def sentences_of(clauses: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every sentence of the text with the clause that it stands in."""
    for clause, text in clauses.items():
        yield from ((clause, sentence) for sentence in text.split("。"))


def innermost(clauses: dict[str, str]) -> set[str]:
    """The clauses that no other clause divides further."""
    return {clause for clause in clauses if not any(c != clause and c.startswith(clause) for c in clauses)}


def in_department_lists(text: str) -> Iterator[str]:
    """Every entry of the lists that end in 部门; the first one may carry the words before it."""
    for found in DEPARTMENTS.finditer(text):
        yield from found[1].split("、")


def is_named(unit: Unit, text: str) -> bool:
    """Whether a text names a unit: by its own name, as one of some departments, or in other words."""
    short_name = SHORT_NAMES.get(unit.unit_id)
    return (
        # A name ends where it ends: 编办 is not named by 入编办法.
        re.search(re.escape(unit.name) + "(?=[、,。等])", text) is not None
        or any(name in text for name in OTHER_NAMES.get(unit.unit_id, "").split())
        or (short_name is not None and any(entry.endswith(short_name) for entry in in_department_lists(text)))
    )


def firm(owed: SubItem | Task) -> set[str]:
    """The units of a task or sub-item of which the file says that the clause names them."""
    return {r.unit_id for r in (owed.lead, *owed.co_units) if r.basis == "clause"}


def full_title(unit: Unit) -> str:
    return unit.full_name.removeprefix("德化县")


def test_the_text_is_the_document_that_the_plan_cites(plan: Plan, document: Document) -> None:
    cited = plan.document
    for words in (cited.number, cited.title, cited.issuer, cited.issued.isoformat()):
        assert words in document.source


def test_every_clause_that_the_plan_cites_stands_in_the_text(plan: Plan, document: Document) -> None:
    cited = {
        *(s.clause for s in plan.sub_items()),
        *(t.clause for t in plan.tasks),
        *(t.clause for t in plan.dated_targets),
        *(g.clause for g in plan.goals),
        *(p.clause for p in plan.phases),
        plan.leading_group.clause,
    }
    assert cited - set(document.clauses) == set()


def test_every_clause_that_lays_down_work_has_a_sub_item(plan: Plan, document: Document) -> None:
    work = {clause for clause in innermost(document.clauses) if clause[0] in CHAPTERS_OF_WORK}
    assert work - {s.clause for s in plan.sub_items()} == set()


def test_every_sub_item_has_one_quote_and_every_quote_a_sub_item(plan: Plan, quotes: list[tuple[str, str]]) -> None:
    assert Counter(sub_item_id for sub_item_id, _ in quotes) == Counter(s.sub_item_id for s in plan.sub_items())


def test_every_quote_stands_word_for_word_in_the_clause_of_its_sub_item(
    plan: Plan, document: Document, quotes: list[tuple[str, str]]
) -> None:
    clause_of = {s.sub_item_id: s.clause for s in plan.sub_items()}
    misquoted = [
        (sub_item_id, clause_of[sub_item_id], quote)
        for sub_item_id, quote in quotes
        if sub_item_id in clause_of and quote not in document.clauses[clause_of[sub_item_id]]
    ]
    assert misquoted == []


def test_every_quote_is_a_phrase_and_serves_one_sub_item_of_its_clause(
    plan: Plan, quotes: list[tuple[str, str]]
) -> None:
    assert [quote for _, quote in quotes if not 6 <= len(quote) <= 40] == []
    clause_of = {s.sub_item_id: s.clause for s in plan.sub_items()}
    uses = Counter((clause_of.get(sub_item_id), quote) for sub_item_id, quote in quotes)
    assert [use for use, times in uses.items() if times > 1] == []


def test_what_a_sentence_dates_is_due_in_the_year_that_it_names(
    plan: Plan, document: Document, quotes: list[tuple[str, str]]
) -> None:
    last_year = max(phase.to_date.year for phase in plan.phases)
    quote_of = dict(quotes)
    unmet = []
    for clause, sentence in sentences_of(document.clauses):
        obliged = [
            s
            for s in plan.sub_items()
            if s.clause == clause and s.sub_item_id in quote_of and quote_of[s.sub_item_id] in sentence
        ]
        due = {s.due.year for s in obliged}
        due |= {p.to_date.year for p in plan.phases if p.clause == clause and p.name in sentence}
        for found in YEARS.finditer(sentence):
            ends = int(found[2] or found[1])
            # What outlasts the plan is a document's span of years: nothing is due at its end, its name must be kept.
            kept = ends > last_year and any(found[0].replace("-", "—") in s.title for s in obliged)
            if ends not in due and not kept:
                unmet.append((clause, found[0]))
    assert unmet == []


def test_every_by_such_a_year_is_a_dated_target_of_its_clause(plan: Plan, document: Document) -> None:
    named = {(clause, int(year)) for clause, text in document.clauses.items() for year in DEADLINE.findall(text)}
    assert named - {(t.clause, t.by_year) for t in plan.dated_targets} == set()
    assert len(named) > 5


def test_a_targets_year_that_its_clause_does_not_name_is_marked_as_our_reading(plan: Plan, document: Document) -> None:
    for target in plan.dated_targets:
        named = {int(found[2] or found[1]) for found in YEARS.finditer(document.clauses[target.clause])}
        assert target.by_year in named or str(target.by_year) in (target.assumption or ""), target.target_id


def test_every_department_that_a_clause_lists_is_a_unit_of_the_plan(plan: Plan, document: Document) -> None:
    assert set(SHORT_NAMES) | set(OTHER_NAMES) <= {u.unit_id for u in plan.units}
    known = (*SHORT_NAMES.values(), *NO_DEPARTMENT, *(u.name for u in plan.units))
    unknown = [
        (clause, entry)
        for clause, text in document.clauses.items()
        for entry in in_department_lists(text)
        if not entry.endswith(known)
    ]
    assert unknown == []


def test_a_unit_that_is_firm_is_named_by_the_clause(plan: Plan, document: Document) -> None:
    tasks_and_sub_items: list[tuple[str, SubItem | Task]] = [
        *((t.task_id, t) for t in plan.tasks),
        *((s.sub_item_id, s) for s in plan.sub_items()),
    ]
    unnamed = [
        (owed_id, owed.clause, unit_id)
        for owed_id, owed in tasks_and_sub_items
        for unit_id in sorted(firm(owed))
        if not is_named(plan.unit(unit_id), document.clauses[owed.clause])
    ]
    assert unnamed == []


def test_every_body_that_is_to_work_together_on_school_surroundings_is_firm(plan: Plan, document: Document) -> None:
    together = plan.sub_item("T17-4")
    named = {u.unit_id for u in plan.units if is_named(u, document.clauses[together.clause])}
    assert len(named) == 9
    assert named == (firm(together) | {together.lead.unit_id})


def test_the_leading_group_is_the_one_that_the_text_sets_up(plan: Plan, document: Document) -> None:
    group = plan.leading_group
    text = document.clauses[group.clause]
    assert f"成立{group.name}" in text
    for post in (group.head, group.deputy):
        assert f"{post.role}由{post.post}担任" in text
    assert f"办公室设在{plan.unit(group.office.unit_id).name}" in text
    assert f"由{group.office.post}兼任{group.office.role}" in text
    members = re.search(r"成员由(.+?)等部门以及(.+?)主要负责人担任", text)
    assert members is not None
    assert [u.name for u in plan.units if u.role == "member"] == [*members[1].split("、"), members[2]]


def test_the_units_addressed_are_those_that_the_document_lists(plan: Plan, document: Document) -> None:
    label, _, listed = document.addressed.rstrip("。").partition(":")
    assert label == "县直有关单位"
    names = [re.sub(r"^县委?", "", name) for name in re.split("[、,]", listed)]
    departments = [u for u in plan.units if u.kind == "department" and u.role in ("member", "addressed")]
    by_name = {name: u.unit_id for u in departments for name in (u.name, full_title(u))}
    assert [name for name in names if name not in by_name] == []
    addressed = {by_name[name] for name in names}
    assert len(addressed) == len(names)
    assert {u.unit_id for u in departments} == addressed
    assert set(plan.unit("all_units").members) == addressed | {"townships"}


def test_the_goals_are_the_headings_of_the_texts_goals(plan: Plan, document: Document) -> None:
    headings = {clause: text.partition("。")[0] for clause, text in document.clauses.items() if clause[:2] == "二("}
    assert {g.clause: g.name for g in plan.goals} == headings


def test_the_phases_are_those_of_the_texts_headings(plan: Plan, document: Document) -> None:
    phases = {}
    for clause, text in document.clauses.items():
        if clause[:2] == "四(":
            heading = re.match(r"(.+?)阶段\((\d{4})(?:-(\d{4}))?年\)。", text)
            assert heading is not None, clause
            phases[clause] = (heading[1], int(heading[2]), int(heading[3] or heading[2]))
    assert {p.clause: (p.name, p.from_date.year, p.to_date.year) for p in plan.phases} == phases
