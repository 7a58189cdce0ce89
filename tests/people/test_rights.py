"""Who may do what where: every cell of the matrix against the write itself, and every write with its trace."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from core.access import ACTIONS, LOCAL_ADMINISTRATOR, MAY, READER, ROLES, Actor, Role, Scope, require
from core.batches import publishing
from core.delivery.attendance.cases import CaseDraft, keep_cases
from core.delivery.figures.facts_by_year import facts_by_year
from core.delivery.ledger.ledger import CLOSED, EVIDENCE, IssueDraft, StepDraft
from core.delivery.ledger.ledger_writing import open_issue, take_step
from core.delivery.projects import ProjectDraft, append_project
from core.delivery.records.attachments import attachments_of
from core.delivery.records.pins import PinDraft, keep_pin
from core.delivery.records.records import DecisionDraft, EvidenceDraft, UpdateDraft
from core.delivery.records.records_writing import append_update, decide, file_evidence
from core.delivery.records.stated import StatedFigure
from core.delivery.supervision.file_access import open_attachment
from core.delivery.supervision.visits import VisitDraft, keep_visit
from core.errors import NotPermitted, RequestInvalid
from core.outlook.baseline import baseline
from core.outlook.what_if.scenario import save_scenario
from core.people.people import actor_of, keep_people, person
from core.rules.standard import Standard
from core.self_survey.answer_sheets import SurveyCount
from core.self_survey.self_surveys import SelfSurveyDraft, keep_self_survey
from core.store.backup import back_up
from core.store.database import Store
from tests.support.demo_county import COUNTY, PLAN
from tests.support.papers import PHOTO
from tests.support.rights import (
    MATRIX,
    OTHER_SCHOOL,
    OTHER_TOWNSHIP,
    OTHER_UNIT,
    OWN_SCHOOL,
    OWN_TOWNSHIP,
    OWN_UNIT,
    may,
    someone,
)

NOW, DAY = datetime(2023, 11, 30, 9), date(2023, 11, 30)
PIN = PinDraft(
    day=DAY, year=2023, address="?", about_kind="county", about_id=COUNTY, facts_version=1, batches="批次 1",
    standard_id="quality-balance-2017.2", figures=(StatedFigure("verdict", "全县结论", "未达标"),),
)  # fmt: skip
UNITS = {"own unit": OWN_UNIT, "other unit": OTHER_UNIT}
TOWNSHIPS = {"own township": OWN_TOWNSHIP, "other township": OTHER_TOWNSHIP}
SCHOOLS = {"own school": OWN_SCHOOL, "other school": OTHER_SCHOOL}
Write = Callable[[Actor, str], object]


@pytest.fixture(scope="module")
def county(filled: Path, standard: Standard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of this module's own, in which a person of every role stands."""
    opened = Store.open(shutil.copy(filled, tmp_path_factory.mktemp("rights") / "county.duckdb"), standard)
    keep_people(opened, [someone(role) for role in ROLES], LOCAL_ADMINISTRATOR, NOW)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def writes(county: Store, standard: Standard, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Write]:
    """For every action the write it stands for; a write that is allowed may still find nothing to do."""
    folder = tmp_path_factory.mktemp("backups")
    start = baseline(county, standard, COUNTY, 2023)
    facts = facts_by_year(county, standard, COUNTY, {2023: start.assessment})
    issues, files = {}, {}
    for place, to in {**UNITS, **SCHOOLS}.items():
        at_school = place in SCHOOLS
        draft = IssueDraft(title=f"{to} 的问题", basis="督查", day=DAY, school_ids=(to,) if at_school else ())
        issue = open_issue(county, PLAN, facts, COUNTY, draft, LOCAL_ADMINISTRATOR, NOW, [PHOTO])
        whom = {"school_id": to} if at_school else {"unit_id": to}
        step = StepDraft(issue_number=issue.number, step_id="assigned", day=DAY, person="某人", due=DAY, **whom)
        issues[place] = take_step(county, PLAN, facts, COUNTY, step, LOCAL_ADMINISTRATOR, NOW)
        [files[place]] = attachments_of(county, COUNTY, DAY)[issue.number]

    def report(actor: Actor, place: str) -> object:
        if place in TOWNSHIPS:
            draft = EvidenceDraft(
                subject="T01-1", title="会议纪要", year=2023, holder_unit_id="townships", state="filed", day=DAY,
                township_code=TOWNSHIPS[place], document_number="会 1 号", document_date=DAY,
            )  # fmt: skip
            return file_evidence(county, PLAN, COUNTY, draft, actor, NOW)
        update = UpdateDraft(sub_item_id="T01-1", unit_id=UNITS[place], status="on_track", day=DAY)
        return append_update(county, PLAN, COUNTY, update, 0, actor, NOW)

    def step(step_id: str) -> Write:
        def take(actor: Actor, place: str) -> object:
            number = issues[place or "own unit"].number
            draft = StepDraft(issue_number=number, step_id=step_id, day=DAY, evidence="照片")
            return take_step(county, PLAN, facts, COUNTY, draft, actor, NOW)

        return take

    def visit(actor: Actor, place: str) -> object:
        draft = VisitDraft(school_id=SCHOOLS.get(place, OWN_SCHOOL), topics=("safety",), observed="查看校门", day=DAY)
        return keep_visit(county, PLAN, facts, COUNTY, draft, actor, NOW)

    def attend(actor: Actor, place: str) -> object:
        schools = {OWN_SCHOOL: "350526102", OTHER_SCHOOL: "350526103"}
        at = SCHOOLS.get(place)
        draft = CaseDraft(
            kind="left" if at else "not_enrolled", source="school", grade=1, found_on=DAY, day=DAY, school_id=at,
            township_code=schools[at] if at else TOWNSHIPS.get(place, OWN_TOWNSHIP),
        )  # fmt: skip
        return keep_cases(county, PLAN, schools, COUNTY, [draft], actor, NOW)

    def open_file(actor: Actor, place: str) -> object:
        return open_attachment(county, PLAN, COUNTY, files[place or "own unit"].number, actor)

    def survey(actor: Actor, _: str) -> object:
        counts = (SurveyCount("parents", None, 1, 1, 1),)
        draft = SelfSurveyDraft(year=2023, day=DAY, title=actor.name, source_name="x.csv", sha256="1", counts=counts)
        return keep_self_survey(county, COUNTY, draft, actor, NOW)

    return {
        "view": lambda actor, _: require(actor, "view", "本县"),
        "pin": lambda actor, _: keep_pin(county, COUNTY, replace(PIN, address=f"?who={actor.person_id}"), actor, NOW),
        "imagine": lambda actor, _: save_scenario(county, start, "", [], actor, NOW),
        "load": survey,
        "publish": lambda actor, _: publishing.publish(county, 1, actor, NOW, ""),
        "report": report,
        "open": open_file,
        "correct": step(EVIDENCE),
        "visit": visit,
        "attend": attend,
        "supervise": lambda actor, _: open_issue(
            county, PLAN, facts, COUNTY, IssueDraft(title=actor.name, basis="督查", day=DAY), actor, NOW
        ),
        "check": step(CLOSED),
        "plan": lambda actor, _: decide(
            county,
            PLAN,
            COUNTY,
            DecisionDraft(decision="增编", owner_unit_id=OWN_UNIT, status="open", day=DAY),
            actor,
            NOW,
        ),
        "backup": lambda actor, _: back_up(county, folder / f"{actor.person_id}.duckdb", actor, standard),
        "people": lambda actor, _: keep_people(county, [], actor, NOW),
        "audit": lambda actor, _: require(actor, "audit", "操作记录"),
    }


def test_the_matrix_names_every_action_and_every_role() -> None:
    assert {line["action"] for line in MATRIX} == set(ACTIONS) == set(MAY)
    assert set(MATRIX[0]) - {"action", "place"} == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("action", "place"), [(line["action"], line["place"]) for line in MATRIX])
def test_each_write_lets_in_whom_the_matrix_lets_in(
    county: Store, writes: dict[str, Write], role: Role, action: str, place: str
) -> None:
    known = person(county, role)
    actor = actor_of(known, DAY, "10.0.0.8") if known else None
    assert actor is not None
    before = county.rows("select count(*) from audit")
    allowed = True
    try:
        writes[action](actor, place)
    except NotPermitted as refusal:
        allowed = False
        assert "请联系系统管理员" in str(refusal)
        assert county.rows("select count(*) from audit") == before, "what is refused leaves nothing behind"
    except RequestInvalid:
        # Past the guard; the write itself has nothing to do or comes out of turn.
        pass
    assert allowed == may(role, action, place)


@pytest.mark.parametrize("action", [action for action in ACTIONS if action != "view"])
def test_nobody_who_is_not_logged_in_writes_anything(county: Store, writes: dict[str, Write], action: str) -> None:
    with pytest.raises(NotPermitted, match="只读访问"):
        writes[action](READER, "own unit")


@pytest.mark.parametrize("role", ROLES)
def test_at_a_copy_everybody_keeps_what_they_may_see_and_writes_nothing(county: Store, role: Role) -> None:
    known = person(county, role)
    actor = actor_of(known, DAY, "") if known else None
    assert actor is not None
    here = actor.at_a_copy()
    for action in ACTIONS:
        assert here.may(action) == (actor.may(action) and action in ("view", "open")), action
        if not here.may(action):
            with pytest.raises(NotPermitted, match="转到办理页面" if actor.may(action) else "不能"):
                require(here, action, "本县")
    assert here.has_more_elsewhere == (role != "viewer") and not actor.has_more_elsewhere
    assert actor.only_looks == (role in ("viewer", "leader"))


def test_two_roles_add_up_and_a_scope_of_one_does_not_narrow_the_other() -> None:
    both = Actor("甲", frozenset({"liaison", "office"}), units=frozenset({OWN_UNIT}), person_id="jia")
    assert both.may("report", Scope("财政局", OTHER_UNIT))
    one = replace(both, roles=frozenset({"liaison", "reviewer"}))
    assert one.may("check", Scope("财政局", OTHER_UNIT)) and not one.may("report", Scope("财政局", OTHER_UNIT))


def test_a_liaison_of_all_townships_unit_answers_only_for_own_townships() -> None:
    liaison = Actor("乙", frozenset({"liaison"}), units=frozenset({"townships"}), townships=frozenset({OWN_TOWNSHIP}))
    assert liaison.may("report", Scope("本乡", "townships", OWN_TOWNSHIP))
    assert not liaison.may("report", Scope("他乡", "townships", OTHER_TOWNSHIP))


def liaison_of(*units: str, townships: tuple[str, ...] = ()) -> Actor:
    """A liaison who is logged in."""
    return Actor(
        "丙",
        frozenset({"liaison"}),
        verified=True,
        person_id="bing",
        units=frozenset(units),
        townships=frozenset(townships),
    )


def test_nobody_takes_over_another_units_project_or_gives_one_away(county: Store) -> None:
    office = Actor("丁", frozenset({"office"}), verified=True, person_id="ding")
    draft = ProjectDraft(day=DAY, project_id="P90", slots={"project": "教学楼", "responsible_unit": OTHER_UNIT})
    append_project(county, PLAN, COUNTY, draft, 0, office, NOW)
    mine = replace(draft, slots={**draft.slots, "responsible_unit": OWN_UNIT})
    for taken, actor in (
        (mine, liaison_of(OWN_UNIT)),
        (mine, liaison_of(OTHER_UNIT)),
        (mine, liaison_of(OWN_UNIT, OTHER_UNIT)),
    ):
        with pytest.raises(NotPermitted):
            append_project(county, PLAN, COUNTY, taken, 0, actor, NOW)
    append_project(county, PLAN, COUNTY, draft, 0, liaison_of(OTHER_UNIT), NOW)
    append_project(county, PLAN, COUNTY, mine, 0, office, NOW)
    with pytest.raises(NotPermitted):
        append_project(county, PLAN, COUNTY, draft, 0, liaison_of(OTHER_UNIT), NOW)


def test_nobody_overwrites_what_another_unit_holds(county: Store) -> None:
    theirs = EvidenceDraft(
        subject="T01-1", title="台账", year=2023, holder_unit_id=OTHER_UNIT, state="missing", day=DAY
    )
    file_evidence(county, PLAN, COUNTY, theirs, liaison_of(OTHER_UNIT), NOW)
    gone = replace(theirs, holder_unit_id=OWN_UNIT)
    with pytest.raises(NotPermitted, match="财政局不在您负责的范围内"):
        file_evidence(county, PLAN, COUNTY, gone, liaison_of(OWN_UNIT), NOW)
    # A township's own code does not make another unit's document its own.
    with pytest.raises(NotPermitted):
        foreign = replace(theirs, township_code=OWN_TOWNSHIP)
        file_evidence(county, PLAN, COUNTY, foreign, liaison_of(townships=(OWN_TOWNSHIP,)), NOW)
