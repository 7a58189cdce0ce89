"""What the plan lays down: goals, leading group, phases, tasks with who owes what, targets, and what it presumes."""

from __future__ import annotations

import streamlit as st

from core.delivery.records.amendments import differences
from core.rules.plan import TOWNSHIPS_KIND, SubItem, Task
from core.wording.carrying_out.plan import metric_words, recurrence_words
from core.wording.delivery import BASIS_LABELS, responsible_text, units_text
from ui import cache
from ui.frame import View
from ui.labels import plain
from ui.links import address, linked_choice
from ui.status_view import back_link, day_text, unit_link
from ui.tables import sentence_table


def headline(view: View) -> str:
    """The plan in one sentence: how much it lays down, how much was changed, for how much nobody answers by name."""
    plan = view.plan
    changed = len(differences(cache.county_as_filed(view.key, view.as_of), view.county))
    named = view.situation.named_for(plan.sub_items())
    missing = "，责任人均已明确" if all(named) else f"，责任人未明确 {named.count(False)} 项"
    ending = f"，已调整 {changed} 处" if changed else "，未作调整"
    history = "（历史方案）" if view.situation.plan_is_history else ""
    return (
        f"{plan.document.number}{history}：{len(plan.tasks)} 项任务、{sum(1 for _ in plan.sub_items())} 项具体措施、"
        f"{len(plan.dated_targets)} 项限期目标{ending}{missing}"
    )


def contents(view: View) -> None:
    """The whole plan, its tasks one by one."""
    plan = view.plan
    st.markdown(plain(f"《{plan.document.title}》，{plan.document.issuer} {plan.document.issued} 印发。"))
    _tasks(view)
    with st.expander("工作目标"):
        sentence_table(
            [
                {
                    "目标": f"**{plain(goal.name)}**",
                    "要求": plain(goal.aim),
                    "任务": plain("、".join(t.task_id for t in plan.tasks if t.goal_id == goal.goal_id) or "—"),
                    "条款": plain(goal.clause),
                }
                for goal in plan.goals
            ]
        )
    with st.expander("实施步骤"):
        sentence_table(
            [
                {
                    "阶段": f"**{plain(p.name)}**",
                    "起": day_text(p.from_date),
                    "止": day_text(p.to_date),
                    "条款": plain(p.clause),
                }
                for p in plan.phases
            ]
        )
    _leading_group(view)
    with st.expander("限期目标"):
        sentence_table(
            [
                {
                    "目标": f"**{plain(t.name)}**",
                    "期限": day_text(t.deadline),
                    "判定": plain(f"{t.snapshot_year} 年 9 月 1 日的数据" if t.snapshot_year else "相关具体措施的佐证"),
                    "条款": plain(t.clause),
                    "我们的理解（默认推定）": plain(t.assumption or "—"),
                }
                for t in plan.dated_targets
            ]
        )
    _presumed(view)


def _tasks(view: View) -> None:
    plan = view.plan
    tasks = {t.task_id: f"{t.task_id} {t.title}" for t in plan.tasks}
    listed = st.container()
    task_id = linked_choice(
        "任务", list(tasks), "task", tasks, placeholder="全部任务，选一项看具体措施", labelled=False
    )
    if task_id is None:
        with listed:
            sentence_table([_task_line(view, task) for task in plan.tasks])
        return
    task = next(t for t in plan.tasks if t.task_id == task_id)
    with listed:
        sentence_table([_sub_item_line(view, s) for s in task.sub_items])
    back_link(view, "plan", "回到全部任务")


def _task_line(view: View, task: Task) -> dict[str, str]:
    named = view.situation.named_for(task.sub_items)
    return {
        "任务": f"**[{plain(f'{task.task_id} {task.title}')}]({address('plan', task=task.task_id)})**",
        "具体措施": plain(len(task.sub_items)),
        "牵头": f"{unit_link(view.plan, task.lead.unit_id)}  \n:small[{plain(BASIS_LABELS[task.lead.basis])}]",
        "责任人已明确": plain(f"{sum(named)}/{len(named)}"),
        "条款": plain(task.clause),
    }


def _sub_item_line(view: View, sub_item: SubItem) -> dict[str, str]:
    owed = view.situation.obligation(sub_item)
    by_township = view.plan.unit(owed.lead_unit_id).kind == TOWNSHIPS_KIND
    person = None if by_township else view.situation.person(sub_item.sub_item_id)
    named = view.situation.named_for((sub_item,))
    answering = f"{sum(named)}/{len(named)} 个乡镇已明确" if by_township else responsible_text(person, view.actor)
    return {
        "具体措施": f"**{plain(sub_item.sub_item_id)}** {plain(sub_item.title)}",
        "责任单位": plain(f"{units_text(view.plan, owed)}（{BASIS_LABELS[owed.lead_basis]}）"),
        "责任人": plain(answering) if person or by_township else f":red[▲ {plain(answering)}]",
        "起止与判断": f"{plain(f'{sub_item.start} 至 {owed.due}{recurrence_words(sub_item)}')}  \n"
        f":small[{plain(metric_words(sub_item, view.plan, view.standard))}]",
        "成果与应有佐证": f"{plain(sub_item.deliverable)}  \n:small[{plain('；'.join(sub_item.evidence))}]",
        "条款": plain(sub_item.clause),
    }


def _leading_group(view: View) -> None:
    plan = view.plan
    group = plan.leading_group
    st.header("领导小组和工作机构", anchor=False)
    members = [u for u in plan.units if u.role == "member"]
    working = (
        [{"机构": "**工作小组**", "组成": plain(group.working_groups), "职责": "—"}] if group.working_groups else []
    )
    sentence_table(
        [
            {"机构": f"**{plain(group.name)}**", "组成": plain(f"{group.head.role} {group.head.post}，{group.deputy.role} {group.deputy.post}"), "职责": plain(group.duty)},
            {"机构": "**成员单位**", "组成": "、".join(unit_link(plan, u.unit_id) for u in members), "职责": plain("各司其职，主要负责人为成员")},
            {"机构": f"**{plain(group.office.name)}**", "组成": plain(f"设在{plan.unit(group.office.unit_id).name}，{group.office.post}任{group.office.role}"), "职责": plain("组织、协调、落实")},
            *working,
        ]
    )  # fmt: skip


def _presumed(view: View) -> None:
    """What the plan's text leaves open and the program reads in a certain way, each open to change."""
    plan = view.plan
    with st.expander("方案没有写明、按默认推定的：补救周期、预警天数"):
        sentence_table(
            [
                {"事项": plain(f"补救办法：{r.name}"), "取值": plain(f"{r.months} 个月"), "说明": plain(r.assumption)}
                for r in plan.remedies
            ]
            + [
                {
                    "事项": plain(f"预警：{level.name}"),
                    "取值": plain(
                        f"逾期 {level.days_late_from} 天起" if level.days_late_to is None
                        else f"逾期 {level.days_late_from}—{level.days_late_to} 天"
                    ),
                    "说明": plain(plan.warnings.assumption),
                }
                for level in plan.warnings.levels
            ]
        )  # fmt: skip
