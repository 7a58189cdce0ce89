"""One department's or one township's page, and the scoreboard of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from core.delivery.ledger.ledger import Issue, IssueState
from core.delivery.owed.attendance import townships_explained
from core.delivery.owed.escalation import Addressee, addressee_of
from core.delivery.owed.scoreboard import Score, scoreboard
from core.delivery.owed.units import TownshipPage, UnitPage, decision_standing, township_page, unit_page
from core.delivery.records.records import reported_in_month
from core.delivery.status.sub_item_status import SubItemStatus
from core.method.assessment import Verdict, count
from core.naming import named
from core.reports.tables import SHARE, WHOLE, ReportColumn, ReportTable
from core.rules.plan import TOWNSHIPS_KIND
from core.wording.carrying_out.attendance import explained_text
from core.wording.delivery import DECISION_LABELS, signature, unit_name
from core.wording.items import item_detail, item_name
from core.wording.numbers import NONE_HERE, share_text, whole_text
from core.wording.positions import board_headline
from core.wording.verdicts import part_text
from ui.carrying_out.supervision.letter_view import letter_table
from ui.frame import View
from ui.labels import plain, verdict_mark
from ui.links import address, linked_choice, unit_address
from ui.markup.lines import Line, lines_html
from ui.status_view import day_text, days_mark, issue_table, level_mark, project_table, status_table
from ui.tables import downloads, sentence_table

_MOST_NAMED = 2


@dataclass(frozen=True)
class Chosen:
    """A department, or a township with the unit that stands for all of them."""

    unit_id: str
    township_code: str | None
    name: str


def choose_unit(view: View) -> Chosen | None:
    """A department, or the township of the bar, by its identifier in the address; None for all of them."""
    departments = {u.unit_id: u.name for u in view.plan.units if u.kind != "group"}
    standing_for = next((u.unit_id for u in view.plan.units if u.kind == TOWNSHIPS_KIND), None)
    chosen = linked_choice(
        "部门", list(departments), "unit", departments, placeholder="全部部门，选一个看它的事项", labelled=False
    )
    if chosen is not None:
        return Chosen(chosen, None, departments[chosen])
    if view.township is not None and standing_for is not None:
        return Chosen(standing_for, view.township, view.township_name)
    return None


def headline(view: View, chosen: Chosen | None) -> str:
    """The answer in one sentence: all units, one unit, one township."""
    now = view.situation
    if chosen is None:
        return board_headline(now, unit_scores(view))
    if chosen.township_code is not None:
        page = township_page(now, chosen.township_code)
        return f"{page.name}：{part_text(page.school_rows, '所学校（分学段计）')}，{_owed(page.sub_items, page)}"
    department = unit_page(now, chosen.unit_id)
    return f"{chosen.name}：{_owed(department.leads, department)}"


def _owed(leads: Sequence[SubItemStatus], page: UnitPage | TownshipPage) -> str:
    if not leads:
        return "不牵头具体措施"
    return (
        f"牵头 {len(leads)} 项，逾期 {len(page.late)} 项，{_short(page)}本月到期 {len(page.due_this_month)} 项，"
        f"填报与核算不一致 {len(page.diverging)} 项"
    )


def _short(page: UnitPage | TownshipPage) -> str:
    return f"未到期限已判定未达到 {len(page.short)} 项，" if page.short else ""


def led_by(view: View, chosen: Chosen) -> tuple[SubItemStatus, ...]:
    """The sub-items that the department leads, or the township in its place."""
    if chosen.township_code is not None:
        return township_page(view.situation, chosen.township_code).sub_items
    return unit_page(view.situation, chosen.unit_id).leads


def unit_scores(view: View) -> tuple[Score, ...]:
    """The counts of every unit that leads something."""
    reported = reported_in_month(view.store, view.county_code, view.as_of, view.as_of)
    return scoreboard(view.situation, reported)


def board(view: View) -> None:
    """Who is late with what, who has not reported, and who is in order; then the figures of every unit."""
    scores = unit_scores(view)
    late = _late_lines(view)
    if late:
        st.header("逾期", anchor=False)
        st.html(lines_html(late))
    silent = [s for s in scores if s.reported < s.to_report]
    if silent:
        st.header("本月未报", anchor=False)
        st.html(lines_html(_silent_lines(view, silent)))
    fine = [s for s in scores if not s.late and s.reported >= s.to_report]
    if fine:
        st.header("正常", anchor=False)
        names = "、".join(f"[{plain(_score_name(view, s))}]({unit_address(s.unit_id, s.township_code)})" for s in fine)
        st.markdown(f":green[●] 没有逾期、本月已报 {len(fine)} 个单位：{names}")
    with st.expander("各单位全部数字"):
        _figures(view, scores)


def _late_lines(view: View) -> list[Line]:
    """A department by itself; what several townships miss alike is one line."""
    now = view.situation
    lines: list[tuple[int, Line]] = []
    for unit in view.plan.units:
        found = sorted(unit_page(now, unit.unit_id).late, key=lambda s: -s.standing.days_late)
        if unit.kind == TOWNSHIPS_KIND or not found:
            continue
        longest = found[0].standing.days_late
        words = named([s.sub_item.title for s in found], most=_MOST_NAMED)
        link = f"[{plain(unit.name)}]({unit_address(unit.unit_id)}) {len(found)} 项"
        lines.append((longest, Line(link, plain(words), days_mark(longest, len(found)))))
    missed: dict[str, list[tuple[str, SubItemStatus]]] = {}
    for code in now.township_names:
        for status in township_page(now, code).late:
            missed.setdefault(status.sub_item.sub_item_id, []).append((code, status))
    for held in missed.values():
        longest = max(s.standing.days_late for _, s in held)
        where = "、".join(f"[{plain(now.township_names[c])}]({address('units', township=c)})" for c, _ in held)
        title = f"{len(held)} 个乡镇 {plain(held[0][1].sub_item.title)}"
        lines.append((longest, Line(title, f"  \n{where}", days_mark(longest, len(held)))))
    return [line for _, line in sorted(lines, key=lambda found: -found[0])]


def _silent_lines(view: View, silent: Sequence[Score]) -> list[Line]:
    """Who owes how many reports of the month; units that owe as many stand in one line."""
    by_number: dict[int, list[Score]] = {}
    for score in silent:
        by_number.setdefault(score.to_report - score.reported, []).append(score)
    return [
        Line(
            f"未报 {number} 项",
            "、".join(
                f"[{plain(_score_name(view, s))}]({unit_address(s.unit_id, s.township_code, unit_part='月报')})"
                for s in held
            ),
            f":orange[○ {len(held)} 个单位]",
        )
        for number, held in sorted(by_number.items(), reverse=True)
    ]


def _figures(view: View, scores: Sequence[Score]) -> None:
    """What each unit leads, had due, keeps and reports."""
    st.caption(
        plain(
            "按期率只算该单位牵头、已经到期、且数据足以判定的事项；配合的事项不计入。各乡镇政府共同牵头的事项，"
            "全县合计只算一项，下表按各乡镇自己的情况分别列出。牵头越多，逾期可能越多，请连同按期率一起看。"
        )
    )
    sentence_table([_score_line(view, s) for s in scores])
    columns = (
        "牵头",
        "已到期可判定",
        "按期",
        "逾期",
        "未达到",
        "无法判定",
        "不一致",
        "本月应报",
        "本月已报",
        "台账未销号",
    )
    table = ReportTable(
        "部门与乡镇推进情况",
        (ReportColumn("单位"), *(ReportColumn(c, "项", WHOLE) for c in columns), ReportColumn("按期率", "", SHARE)),
        tuple(
            (
                _score_name(view, s),
                *(s.leads, s.fallen_due, s.in_time, s.late, s.short, s.undecided, s.diverging, s.to_report, s.reported),
                s.issues_open,
                NONE_HERE if s.in_time_share is None else s.in_time_share,
            )
            for s in scores
        ),
        ("按期率 = 按期 ÷ 已到期可判定；尚无到期事项的单位记 —。",),
    )
    downloads(view, [table], "", key="scoreboard")


def _score_name(view: View, score: Score) -> str:
    return unit_name(view.plan, score.unit_id, score.township_code, dict(view.situation.township_names))


def _score_line(view: View, score: Score) -> dict[str, str]:
    share = "—" if score.in_time_share is None else share_text(Decimal(str(score.in_time_share)))
    link = unit_address(score.unit_id, score.township_code)
    overdue = f"（逾期 {score.issues_overdue}）" if score.issues_overdue else ""
    return {
        "单位": f"**[{plain(_score_name(view, score))}]({link})**",
        "牵头": plain(score.leads),
        "到期事项按期": plain(f"{score.in_time}/{score.fallen_due}（{share}）" if score.fallen_due else "—"),
        "逾期": f":red[▲ {score.late}]" if score.late else "0",
        "未达到": f":red[△ {score.short}]" if score.short else "0",
        "无法判定": plain(score.undecided),
        "填报不一致": f":orange[◆ {score.diverging}]" if score.diverging else "0",
        "本月已报": plain(f"{score.reported}/{score.to_report}"),
        "台账未销号": plain(f"{score.issues_open}{overdue}"),
    }


def unit_sections(view: View, chosen: Chosen) -> None:
    """What one department owes, shares in, and moves."""
    page = unit_page(view.situation, chosen.unit_id)
    _owed_table(view, chosen.name, page, page.leads, page.shares)
    _ledger_and_projects(view, page.issues, page)
    st.header("领导小组议定事项", anchor=False)
    decisions_of(view, page)
    _letters_to(view, Addressee(chosen.unit_id))
    if page.moves:
        st.header("牵动的指标", anchor=False)
        moved_table(view, page.moves)


def township_sections(view: View, code: str) -> None:
    """What one township owes, its schools and its children."""
    page = township_page(view.situation, code)
    township_facts(view, page)
    _owed_table(view, page.name, page, page.sub_items, ())
    _ledger_and_projects(view, page.issues, page)
    townships = next((u.unit_id for u in view.plan.units if u.kind == TOWNSHIPS_KIND), None)
    _letters_to(view, Addressee(townships, code))


def _letters_to(view: View, addressee: Addressee) -> None:
    """What was written to a unit or township, where anything was."""
    if listed := [x for x in view.situation.letters if addressee_of(x) == addressee and x.was_sent]:
        st.header("督办文书", anchor=False)
        letter_table(view, listed)


def _owed_table(
    view: View,
    name: str,
    page: UnitPage | TownshipPage,
    leads: Sequence[SubItemStatus],
    shares: Sequence[SubItemStatus],
) -> None:
    lists = {
        "逾期": page.late,
        "未达到": page.short,
        "本月到期": page.due_this_month,
        "填报不一致": page.diverging,
        "全部牵头": leads,
        "配合": shares,
    }
    chosen = st.segmented_control(
        "具体措施",
        list(lists),
        default=next((title for title, held in lists.items() if held), "全部牵头"),
        required=True,
        format_func=lambda title: f"{title} {len(lists[title])}",
        key=f"owed_{name}",
        label_visibility="collapsed",
    )
    shown = str(chosen or "全部牵头")
    status_table(view, lists[shown], f"{name}没有“{shown}”的具体措施。", with_unit=shown == "配合")


def _ledger_and_projects(view: View, issues: Sequence[tuple[Issue, IssueState]], page: UnitPage | TownshipPage) -> None:
    still_open = [(issue, state) for issue, state in issues if state.is_open]
    st.header("督办台账", anchor=False)
    if issues:
        st.caption(plain(f"共 {len(issues)} 件，未销号 {len(still_open)} 件。"))
    issue_table(view, still_open, "没有未销号的问题。")
    st.header("项目", anchor=False)
    project_table(view, page.projects, "没有项目。")


def decisions_of(view: View, page: UnitPage) -> None:
    """The decisions of the leading group that the unit owns."""
    if not page.decisions:
        st.info("领导小组没有交由该单位办理的议定事项。")
        return
    sentence_table(
        [
            {
                "议定事项": f"**{plain(d.decision)}**",
                "状态": f"{plain(DECISION_LABELS[d.status])}　{level_mark(decision_standing(view.situation, d), view.plan)}",
                "议定日期": day_text(d.decided_on),
                "时限": day_text(d.due, "未定"),
                "说明": plain(d.note),
                "登记": plain(signature(d.actor, d.verified, view.actor)),
            }
            for d in page.decisions
        ]
    )


def moved_table(view: View, codes: Sequence[str]) -> None:
    """The indicators and items that the unit's sub-items move, as they stand in the chosen year."""
    sentence_table([_moved_line(view, code) for code in codes])


def _moved_line(view: View, code: str) -> dict[str, str]:
    judged, standard = view.assessment, view.standard
    if code == "balance":
        part = judged.balance_part
        return {"指标": "**差异系数**", "结论": verdict_mark(part.verdict), "现状": plain(part_text(part, "项"))}
    if code in {i.code for i in standard.indicators}:
        part = count(row.indicator(code).verdict for row in judged.rows)
        name = standard.indicator(code).short_name
        return {
            "指标": f"**{plain(name)}**",
            "结论": verdict_mark(part.verdict),
            "现状": plain(part_text(part, "所学校（分学段计）")),
        }
    item = judged.item(code)
    return {
        "指标": f"**{plain(item_name(code, standard))}**",
        "结论": verdict_mark(item.verdict),
        "现状": plain(item_detail(item, standard)),
    }


def _cases(view: View, page: TownshipPage) -> str:
    """How far the township's cases account for its children, as the page of the cases says it."""
    found = next((t for t in townships_explained(view.situation) if t.township_code == page.township_code), None)
    if found is None:
        return "… 未报"
    return f"{found.explained.cases} 件，未了结 {found.explained.open} 件；{explained_text(found.explained)}"


def township_facts(view: View, page: TownshipPage) -> None:
    """Schools, classes, children, notices and cases of a township."""
    rows = page.school_rows
    reported = page.attendance
    schools = f"[{plain(part_text(rows, '所学校（分学段计）'))}]({address('schools', township=page.township_code)})"
    over = Verdict.NOT_ASSESSABLE if page.classes_over_limit is None else Verdict.NOT_MET
    if page.classes_over_limit == 0:
        over = Verdict.MET
    classes = "… 班级未报全"
    if page.classes is not None:
        classes = f"{page.classes_over_limit}/{page.classes} 个班超过限值"
    children, notices = "… 未报", "… 未报"
    if reported is not None:
        children = f"{whole_text(reported.school_age)} 人，在学 {whole_text(reported.enrolled)} 人，辍学 {whole_text(reported.dropped_out)} 人"
        notices = f"送达 {whole_text(reported.notices_served)} 份，返校 {whole_text(reported.notices_returned)} 人"
    sentence_table(
        [
            {
                "事项": "**学校达标**",
                "结论": verdict_mark(rows.verdict),
                "情况": schools if rows.total else "无参评学校",
            },
            {"事项": "**班额**", "结论": verdict_mark(over) if page.classes else "–", "情况": plain(classes)},
            {"事项": "**适龄儿童、少年**", "结论": "", "情况": plain(children)},
            {"事项": "**限期入学、复学通知书**", "结论": "", "情况": plain(notices)},
            {
                "事项": f"**[控辍保学个案]({address('attendance', township=page.township_code)})**",
                "结论": "",
                "情况": plain(_cases(view, page)),
            },
        ]
    )
