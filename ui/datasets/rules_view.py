"""The rules as people read them, with an example computed live and the effect of every switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.method.assessment import Assessment
from core.method.comparison import compare
from core.reports.scenario_table import part_share
from core.reports.tables import ReportColumn, ReportTable
from core.rules.plan import Plan
from core.rules.standard import STAGES, Item, Option
from core.wording.explanations import indicator_explained
from core.wording.items import item_name
from core.wording.numbers import NONE_HERE, plain_text
from core.wording.planning.comparison import change_texts
from core.wording.verdicts import WORDS, marked, row_name
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.pickers import choose_indicator
from ui.tables import downloads, sentence_table

_UNCHANGED = "没有改变"
_KINDS = {"assumption": "口径说明", "relief": "减免"}


def switch_effects(view: View) -> None:
    """One line for every choice of every option: what it does to the verdict and its parts; then the plan's own."""
    effects = [_Effect("现行口径", NONE_HERE, "", view.assessment, NONE_HERE)]
    for option, name, switched in _other_readings(view):
        changed = "；".join(change_texts(compare(view.assessment, switched), view.standard)) or _UNCHANGED
        effects.append(_Effect(option.name, name, _note(option, view), switched, changed))
    assumed = _plan_assumptions(view.plan)
    own = [dict(zip(effects[0].line(), map(plain, line), strict=True)) for line in assumed]
    # The reading in use and what would change something stand open; the rest changes nothing.
    pressing = [n == 0 or effect.changed != _UNCHANGED for n, effect in enumerate(effects)] + [False] * len(own)
    sentence_table(
        [effect.line() for effect in effects] + own,
        pressing=pressing,
        fold="其余 {n} 种换了结论也不变，或只影响方案目标",
    )
    columns = ("口径", "改为", "全县结论", *effects[0].parts(), "因此改变", "说明")
    rows = tuple(
        (e.name, e.choice, marked(e.now.verdict), *e.parts().values(), e.changed, e.note or NONE_HERE) for e in effects
    ) + tuple(assumed)
    downloads(view, [ReportTable("口径开关", tuple(map(ReportColumn, columns)), rows)], "", key="switches")


def _plan_assumptions(plan: Plan) -> list[tuple[str, ...]]:
    """How the dated targets of the county's plan are understood: nothing of the national verdict rests on them."""
    unmoved = (NONE_HERE,) * 5
    return [
        (t.name, "可在“方案调整”中改", *unmoved, "只影响方案目标的判定", f"方案（{t.clause}）：{t.assumption}")
        for t in plan.dated_targets
        if t.assumption
    ]


def headline(view: View) -> str:
    """Whether the county's verdict rests on a reading of the rules."""
    verdict, others = view.assessment.verdict, [switched for _, _, switched in _other_readings(view)]
    changed = sum(switched.verdict is not verdict for switched in others)
    effect = f"中有 {changed} 种会改变这个结论" if changed else "都不改变这个结论"
    return f"按现行口径，{view.year} 学年全县{WORDS[verdict]}；另外 {len(others)} 种理解和减免{effect}"


def _other_readings(view: View) -> list[tuple[Option, str, Assessment]]:
    """Every choice of every option that is not the one in use, with what it makes of the school year."""
    return [
        (option, name, view.judged(choices={option.option_id: choice}))
        for option in view.standard.options
        for choice, name in option.choices.items()
        if choice != option.default
    ]


def _note(option: Option, view: View) -> str:
    dated = f"，{option.first_year}—{option.last_year} 学年" if option.first_year else ""
    outside = "" if option.covers(view.year) else f"（不适用于 {view.year} 学年）"
    source = view.standard.documents[option.document].number
    return f"{_KINDS[option.kind]}（{source} {option.clause}{dated}）{outside}：{option.note}"


@dataclass(frozen=True)
class _Effect:
    """A reading of the rules, what it makes of the school year, and what changes by it."""

    name: str
    choice: str
    note: str
    now: Assessment
    changed: str

    def parts(self) -> dict[str, str]:
        """Met of all in each part of the standard."""
        counts = {
            "达标学校": self.now.schools_part,
            "差异系数": self.now.balance_part,
            "政府保障": self.now.items_part("government"),
            "教育质量": self.now.items_part("quality"),
        }
        return {part: part_share(count) for part, count in counts.items()}

    def line(self) -> dict[str, str]:
        """As it stands on the screen."""
        return {
            "口径": f"**{plain(self.name)}**",
            "改为": plain(self.choice),
            "全县结论": verdict_mark(self.now.verdict),
            **self.parts(),
            "因此改变": plain(self.changed),
            "说明": f":small[{plain(self.note)}]" if self.note else "",
        }


def indicator_rules(view: View) -> None:
    """The seven indicators with limit, floor and CV limit by stage."""
    standard = view.standard
    sentence_table(
        [
            {
                "指标": f"**{plain(i.name)}**",
                "单位": plain(i.unit),
                **{f"{stage_name(s)}标准": plain(f"≥ {plain_text(i.limit[s])}") for s in STAGES},
                **{f"{stage_name(s)}底线": plain(f"≥ {plain_text(standard.floor(i, s))}") for s in STAGES},
                "算法": plain(i.formula),
                "条款": plain(f"{standard.documents[i.document].number} {i.clause}"),
                "报表": plain(i.source_form),
            }
            for i in standard.indicators
        ]
    )
    limits = "，".join(f"{stage_name(s)} ≤ {plain_text(standard.balance.limit[s])}" for s in STAGES)
    st.markdown(
        plain(
            f"{standard.school_rule.name}（{standard.school_rule.clause}）。{standard.balance.name}。每项的限值：{limits}。"
        )
    )
    st.caption(plain(standard.balance.formula))
    limits_by_stage = [f"{stage_name(s)}{what}" for what in ("标准", "底线") for s in STAGES]
    table = ReportTable(
        "七项资源指标",
        tuple(map(ReportColumn, ("指标", "单位", *limits_by_stage, "算法", "条款", "报表"))),
        tuple(
            (
                i.name,
                i.unit,
                *(i.limit[s].normalize() for s in STAGES),
                *(standard.floor(i, s).normalize() for s in STAGES),
                i.formula,
                f"{standard.documents[i.document].number} {i.clause}",
                i.source_form,
            )
            for i in standard.indicators
        ),
        ("“标准”“底线”均为不低于。", f"差异系数限值：{limits}。{standard.balance.formula}"),
    )
    downloads(view, [table], "", key="indicator_rules")


def worked_example(view: View) -> None:
    """How one figure of one school came about, computed from today's facts."""
    indicator = choose_indicator(view.standard)
    example = next((r for r in view.assessment.rows if r.indicator(indicator.code).value is not None), None)
    if example is None:
        st.info("这项指标没有可用的数据。")
        return
    holding = example.indicator(indicator.code)
    st.markdown(plain(f"例：{row_name(example)}，{indicator_explained(holding, view.standard)}"))


def item_rules(view: View) -> None:
    """Every county item with its formula, numbers and clause."""
    columns = ("项目", "标准", "判定", "算法", "条款")
    rows = tuple(
        (item_name(i.code, view.standard), i.name, _decided_by(i), i.formula or NONE_HERE, i.clause)
        for i in view.standard.items
    )
    _texts(view, "政府保障、教育质量与其他", columns, rows, key="item_rules")


def _decided_by(item: Item) -> str:
    if not item.judged:
        return "数据"
    return "数据与结论" if item.numbers or item.limit or item.formula else "结论"


def _texts(view: View, title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], *, key: str) -> None:
    """A table of texts on the screen and as files."""
    sentence_table(
        [
            {column: f"**{plain(cell)}**" if not n else plain(cell) for n, (column, cell) in enumerate(cells)}
            for cells in (list(zip(columns, row, strict=True)) for row in rows)
        ]
    )
    downloads(view, [ReportTable(title, tuple(map(ReportColumn, columns)), tuple(rows))], "", key=key)


def documents_table(view: View) -> None:
    """The documents the rules cite."""
    rows = [(d.number, d.title, d.note) for d in view.standard.documents.values()]
    _texts(view, "依据文件", ("文号", "名称", "说明"), rows, key="documents")
