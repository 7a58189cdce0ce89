"""What stands in the papers of a department and of a township alike: 问题清单, 任务清单, 责任清单 and 责任书.

Every function writes into an Outline; a list without entries says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.access import Actor
from core.delivery.ledger.ledger import ASSIGNED, Issue, IssueState
from core.delivery.owed.units import TownshipPage, UnitPage
from core.delivery.records.persons import PersonKey
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import SubItemStatus
from core.naming import named
from core.reports.official.paper import Outline
from core.wording.carrying_out.ledger import issue_state_text, issue_then_and_now
from core.wording.delivery import level_label, person_text, responsible_text, status_sentence
from core.wording.numbers import NONE_HERE
from core.wording.positions import SUB_ITEM, day_text, open_issues, owed_now


def issues(outline: Outline, situation: Situation, held: Sequence[tuple[Issue, IssueState]], reader: Actor) -> None:
    """The ledger's open issues with measures, person, term and state."""
    still = open_issues(held)
    closed = len(held) - len(still)
    outline.say(f"督办台账建账 {len(held)} 件，已销号 {closed} 件，未销号 {len(still)} 件。")
    outline.table(
        "未销号的台账问题",
        (("编号", 1.3), ("问题", 5), ("整改措施", 4), ("责任人", 2), ("时限", 2.8), ("状态", 3)),
        [
            (
                str(issue.serial),
                issue_then_and_now(issue, state),
                issue.latest_text("measures") or NONE_HERE,
                _assigned_person(issue, reader),
                "未定" if state.standing.due is None else str(state.standing.due),
                issue_state_text(state, situation.plan),
            )
            for issue, state in still
        ],
    )


def _assigned_person(issue: Issue, reader: Actor) -> str:
    step = issue.latest(ASSIGNED)
    return NONE_HERE if step is None or not step.person else person_text(step.person, reader)


def tasks(outline: Outline, situation: Situation, page: UnitPage | TownshipPage) -> None:
    """What is overdue, denied or due this month, the longest overdue first."""
    outline.table(
        "逾期、未达到和本月到期的任务",
        (("类别", 2), ("任务", 7), ("期限", 2.6), ("状态", 3.4)),
        [
            (
                owed.kind,
                owed.name,
                NONE_HERE if owed.standing.due is None else str(owed.standing.due),
                level_label(owed.standing, situation.plan),
            )
            for owed in owed_now(situation, page)
        ],
        note="没有逾期、未达到和本月到期的任务。" if not owed_now(situation, page) else "",
    )


def duties(outline: Outline, situation: Situation, statuses: Sequence[SubItemStatus], reader: Actor) -> None:
    """Everything that is led, with its clause, term, person and how it stands."""
    outline.table(
        f"牵头的{SUB_ITEM}",
        (("编号", 1.7), (SUB_ITEM, 4), ("依据", 2), ("期限", 2.8), ("责任人", 2.6), ("现状和判断依据", 5)),
        [
            (
                s.sub_item.sub_item_id,
                s.sub_item.title,
                s.sub_item.clause,
                str(s.standing.due or s.obligation.due),
                responsible_text(situation.person(s.sub_item.sub_item_id, s.township_code), reader),
                status_sentence(s, situation.plan),
            )
            for s in statuses
        ],
        note=f"没有牵头的{SUB_ITEM}。" if not statuses else "",
    )


def pledge(
    outline: Outline,
    situation: Situation,
    name: str,
    unit_id: str | None,
    statuses: Sequence[SubItemStatus],
    reader: Actor,
) -> None:
    """责任书 on a page of its own, to be signed by both sides; nothing where there is nothing to lead."""
    if not statuses:
        return
    group = situation.plan.leading_group
    outline.annex("责任书")
    outline.say(
        f"为落实《{situation.plan.document.title}》（{situation.plan.document.number}），{name}牵头负责下列 "
        f"{len(statuses)} 项{SUB_ITEM}，对完成时限、质量和佐证的真实性负责，按月在平台填报进展，逾期的按方案规定接受督办。"
    )
    outline.table(
        "责任事项",
        (("编号", 1.5), (SUB_ITEM, 7), ("完成时限", 2.6)),
        [(s.sub_item.sub_item_id, s.sub_item.title, str(s.standing.due or s.obligation.due)) for s in statuses],
    )
    contact = None if unit_id is None else situation.persons.get(PersonKey("unit", unit_id))
    if contact is not None:
        outline.say(f"{name}联系人：{responsible_text(contact, reader)}。")
    outline.sign(
        f"{group.name}（签章）　{group.head.role}：＿＿＿＿＿＿",
        f"{name}（签章）　负责人：＿＿＿＿＿＿",
        "＿＿＿＿年＿＿月＿＿日",
    )


def sharing(situation: Situation, page: UnitPage) -> str:
    """What a unit shares in, in one sentence."""
    if not page.shares:
        return f"没有参与配合的{SUB_ITEM}。"
    leads = [situation.plan.unit(s.obligation.lead_unit_id).name for s in page.shares]
    return f"参与配合 {len(page.shares)} 项{SUB_ITEM}，由{named(list(dict.fromkeys(leads)), '个单位')}牵头。"


def as_of_subtitle(situation: Situation) -> str:
    """The day of a paper, below its title."""
    year = "尚无已发布数据" if situation.year is None else f"{situation.year} 学年数据"
    return f"（截至 {day_text(situation.as_of)}，{year}）"
