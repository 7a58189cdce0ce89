"""Carrying out the plan as tables to take away: sub-items, targets, decisions, the evidence catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.access import Actor
from core.delivery.owed.evidence import required_documents
from core.delivery.owed.targets import TargetOutlook, YearlyOutlook
from core.delivery.owed.units import decision_standing, project_standing
from core.delivery.projects import Project
from core.delivery.records.owners import RESPONSIBLE_UNIT
from core.delivery.records.records import Decision
from core.delivery.status.situation import Situation
from core.delivery.status.sub_item_status import SubItemStatus
from core.reports.tables import PER_PUPIL, WHOLE, ReportCell, ReportColumn, ReportTable
from core.rules.plan import TOWNSHIPS_KIND, Plan, ProjectSlot
from core.wording.carrying_out.targets import outlook_sentence, pace_text, value_text, yearly_sentence
from core.wording.delivery import (
    DECISION_LABELS,
    EVIDENCE_STATES,
    REPORTED_LABELS,
    evidence_state,
    level_label,
    person_text,
    signature,
    status_sentence,
    units_text,
)
from core.wording.numbers import NONE_HERE, NOT_REPORTED
from core.wording.school_names import school_in_year
from core.wording.verdicts import marked

_SUB_ITEM_COLUMNS = (
    *(
        ReportColumn(name)
        for name in ("具体措施", "名称", "责任单位", "期限", "核算", "核算依据", "填报状态", "填报日期")
    ),
    ReportColumn("进度", "%", WHOLE),
    *(ReportColumn(name) for name in ("预计完成", "说明", "佐证链接", "恢复正常的措施和时间")),
    ReportColumn("佐证已归档", "份", WHOLE),
    ReportColumn("佐证已核验", "份", WHOLE),
    ReportColumn("佐证应归档", "份", WHOLE),
)


def sub_items_table(situation: Situation, statuses: Iterable[SubItemStatus], title: str) -> ReportTable:
    """One row a sub-item: what is computed, what is reported, what is filed."""
    return ReportTable(title, _SUB_ITEM_COLUMNS, tuple(_sub_item_row(situation, status) for status in statuses))


def _sub_item_row(situation: Situation, status: SubItemStatus) -> tuple[ReportCell, ...]:
    plan, said = situation.plan, status.reported
    reported: tuple[ReportCell, ...] = (NOT_REPORTED, *((NONE_HERE,) * 6))
    if said is not None:
        reported = (
            REPORTED_LABELS[said.status],
            said.day,
            NONE_HERE if said.progress is None else said.progress,
            said.forecast_date or NONE_HERE,
            said.note or NONE_HERE,
            said.evidence_link or NONE_HERE,
            said.path_to_green or NONE_HERE,
        )
    return (
        status.sub_item.sub_item_id,
        status.sub_item.title,
        units_text(plan, status.obligation),
        status.standing.due or status.obligation.due,
        level_label(status.standing, plan),
        status_sentence(status, plan),
        *reported,
        status.evidence_filed,
        status.evidence_confirmed,
        status.evidence_required,
    )


def targets_table(outlooks: Sequence[TargetOutlook]) -> ReportTable:
    """The dated targets: value, verdict, pace and the last moment to start."""
    columns = tuple(
        ReportColumn(name) for name in ("目标", "期限", "判定日", "现值学年", "现值", "结论", "最迟启动日", "说明")
    )
    rows = []
    for outlook in outlooks:
        year = max(outlook.values, default=None)
        values = outlook.values[year] if year is not None else ()
        rows.append(
            (
                outlook.target.name,
                outlook.target.deadline,
                outlook.decided_on,
                year,
                "；".join(value_text(v, outlook) for v in values) or None,
                pace_text(outlook.pace_verdict),
                outlook.last_start or NONE_HERE,
                outlook_sentence(outlook),
            )
        )
    return ReportTable("限期目标", columns, tuple(rows))


def yearly_targets_table(outlooks: Sequence[YearlyOutlook]) -> ReportTable:
    """What must grow each year, with every year's result."""
    columns = tuple(ReportColumn(name) for name in ("年度目标", "最近一年", "结论", "逐年"))
    return ReportTable(
        "逐年增长目标",
        columns,
        tuple(
            (
                o.target.name,
                o.latest.year if o.latest else None,
                marked(o.verdict),
                yearly_sentence(o),
            )
            for o in outlooks
        ),
    )


def decisions_table(situation: Situation, decisions: Iterable[Decision], reader: Actor) -> ReportTable:
    """The decisions of the leading group and how each stands."""
    columns = tuple(
        ReportColumn(name)
        for name in ("议定事项", "责任单位", "议定日期", "时限", "办理", "状态", "说明", "登记日期", "登记人")
    )
    return ReportTable(
        "领导小组议定事项",
        columns,
        tuple(
            (
                d.decision,
                situation.plan.unit(d.owner_unit_id).name,
                d.decided_on,
                d.due or "未定",
                level_label(decision_standing(situation, d), situation.plan),
                DECISION_LABELS[d.status],
                d.note or NONE_HERE,
                d.day,
                signature(d.actor, d.verified, reader),
            )
            for d in decisions
        ),
    )


_EVIDENCE_COLUMNS = (
    "具体措施", "名称", "责任单位", "乡镇", "材料", "状态", "年度", "月份", "文号", "成文日期", "页数", "保管单位", "存放位置或说明",
)  # fmt: skip


def evidence_table(situation: Situation, statuses: Iterable[SubItemStatus]) -> ReportTable:
    """The evidence catalogue, one row a required document; of townships one row each."""
    rows = tuple(row for status in statuses for row in _evidence_rows(situation, status))
    return ReportTable("佐证目录", tuple(ReportColumn(name) for name in _EVIDENCE_COLUMNS), rows)


def _evidence_rows(situation: Situation, status: SubItemStatus) -> Iterator[tuple[ReportCell, ...]]:
    plan, sub_item = situation.plan, status.sub_item
    lead = plan.unit(status.obligation.lead_unit_id)
    townships = list(situation.township_names.items()) if lead.kind == TOWNSHIPS_KIND else [(None, NONE_HERE)]
    for required in required_documents(situation, status):
        for code, name in townships:
            held = [e for e in required.entries if code is None or e.township_code == code]
            last = held[-1] if held else None
            review = None if last is None else required.reviews.get(last.number)
            owed = (sub_item.sub_item_id, sub_item.title, lead.name, name, required.title)
            state = EVIDENCE_STATES[evidence_state(last, review)]
            if last is None:
                yield *owed, state, *((NONE_HERE,) * 7)
                continue
            cells = (
                last.month,
                last.document_number,
                last.document_date,
                last.pages,
                plan.unit(last.holder_unit_id).name,
                last.note,
            )
            yield *owed, state, last.year, *(cell or NONE_HERE for cell in cells)


def projects_table(situation: Situation, projects: Iterable[Project], year: int, reader: Actor) -> ReportTable:
    """The projects with how each stands, its six fixed slots, what it delivers, its dates and progress."""
    plan = situation.plan
    columns = (
        *(ReportColumn(name) for name in ("项目", "乡镇", "办理")),
        *(ReportColumn(slot.name) for slot in plan.project_slots),
        ReportColumn("学校"),
        ReportColumn("新增学位", "个", WHOLE),
        ReportColumn("教学及辅助用房", "㎡", PER_PUPIL),
        ReportColumn("体育运动场馆", "㎡", PER_PUPIL),
        ReportColumn("教室", "间", WHOLE),
        *(ReportColumn(name) for name in ("计划开工", "计划完工", "预计完工", "实际完工")),
        ReportColumn("进度", "%", WHOLE),
    )
    rows = tuple(
        (
            p.name,
            situation.township_names.get(p.township_code or "", NONE_HERE),
            level_label(project_standing(situation, p), plan),
            *(_slot_text(plan, p, slot, reader) for slot in plan.project_slots),
            school_in_year(situation, p.school_id, year) if p.school_id else NONE_HERE,
            *(p.places, p.teaching_area_m2, p.sports_area_m2, p.rooms),
            *(day or NONE_HERE for day in (p.planned_start, p.planned_completion)),
            *(day or NONE_HERE for day in (p.forecast_completion, p.actual_completion)),
            p.progress,
        )
        for p in projects
    )
    return ReportTable("项目六个一", columns, rows)


def _slot_text(plan: Plan, project: Project, slot: ProjectSlot, reader: Actor) -> str:
    content = project.slots.get(slot.slot_id, "").strip()
    if not content:
        return "空缺"
    if slot.slot_id == RESPONSIBLE_UNIT:
        return plan.unit(content).name
    return person_text(content, reader) if slot.is_person else content
