"""近期提醒 in Chinese: the headline, and what there is under each heading, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from core.dataset.dictionary import name_of
from core.delivery.ledger.ledger import Issue
from core.delivery.owed.digest import Digest
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import SubItemStatus
from core.wording.carrying_out.ledger import issue_name, issue_state_text
from core.wording.delivery import level_label, unit_name
from core.wording.items import item_detail, item_name
from core.wording.numbers import against_limit
from core.wording.positions import SUB_ITEM, day_text
from core.wording.verdicts import row_name, row_reason


def digest_headline(found: Digest) -> str:
    """What is new in one sentence."""
    failing = len(found.failing_rows) + len(found.failing_balance) + len(found.failing_items)
    clauses = [
        (len(found.fell_due), f"项{SUB_ITEM}到期"),
        (len(found.became_late), f"项{SUB_ITEM}新逾期"),
        (failing, "处新不达标"),
        (len(found.reopened), "件问题重新打开"),
        (len(found.opened), "件新建账"),
    ]
    said = "，".join(f"{number} {words}" for number, words in clauses if number)
    rest = [f"仍逾期 {found.still_late} 项"] if found.still_late else []
    rest += [f"台账逾期 {len(found.overdue_issues)} 件"] if found.overdue_issues else []
    opening = f"{day_text(found.since)}以来：{said or '没有新的变化'}"
    return f"{opening}；{'，'.join(rest)}" if rest else opening


def digest_sections(found: Digest, situation: Situation) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every heading that has something, with its lines: what it is, how it stands."""
    standard = situation.standard
    judged = situation.assessment
    failing = [(row_name(row), row_reason(row, standard) or "") for row in found.failing_rows]
    failing += [
        (
            f"{name_of('stage', b.stage)}{standard.indicator(b.code).short_name}差异系数",
            against_limit(b.cv, b.limit, at_least=False, decimals=3),
        )
        for b in found.failing_balance
    ]
    failing += [
        (item_name(i.code, standard), item_detail(i, standard)) for i in found.failing_items if judged is not None
    ]
    sections = [
        (f"到期的{SUB_ITEM}", _sub_items(found.fell_due, situation)),
        (f"新逾期的{SUB_ITEM}", _sub_items(found.became_late, situation)),
        ("新不达标的", failing),
        ("重新打开的问题", _issues(found.reopened, situation)),
        ("新建账的问题", _issues(found.opened, situation)),
        ("台账逾期的问题", _issues(found.overdue_issues, situation)),
    ]
    return [(title, lines) for title, lines in sections if lines]


def digest_text(found: Digest, situation: Situation, address: str, source_line: str) -> str:
    """The digest as a letter's text."""
    lines = [f"【{situation.county.name}义务教育优质均衡发展提醒】", f"{digest_headline(found)}。"]
    for title, held in digest_sections(found, situation):
        lines += ["", f"{title}（{len(held)}）", *(f"{n}. {name}：{state}" for n, (name, state) in enumerate(held, 1))]
    return "\n".join([*lines, "", *([f"详情：{address}"] if address else []), source_line])


def _sub_items(statuses: Sequence[SubItemStatus], situation: Situation) -> list[tuple[str, str]]:
    names = situation.township_names
    return [
        (
            f"{s.sub_item.sub_item_id} {s.sub_item.title}",
            f"{unit_name(situation.plan, s.obligation.lead_unit_id, s.township_code, names)}，"
            f"期限 {s.standing.due or s.obligation.due}，{level_label(s.standing, situation.plan)}",
        )
        for s in statuses
    ]


def _issues(issues: Sequence[Issue], situation: Situation) -> list[tuple[str, str]]:
    states = situation.issue_states
    return [(issue_name(i), issue_state_text(states[i.number], situation.plan)) for i in issues]
