"""The rules as people read them, with an example computed live and the effect of every switch."""

from __future__ import annotations

import streamlit as st

from core.method.assessment import Assessment
from core.method.comparison import compare
from core.rules.standard import STAGES, Option, Standard
from core.wording.comparison import change_texts
from core.wording.items import item_name
from core.wording.numbers import NONE_HERE, against_limit, decimal_text, plain_text, whole_text
from core.wording.verdicts import WORDS, row_name
from ui.balance_view import choose_indicator
from ui.frame import View
from ui.labels import plain, stage_name, verdict_mark
from ui.tables import sentence_table

_KINDS = {"assumption": "口径说明", "relief": "减免"}


def switch_effects(view: View) -> None:
    """One line for every choice of every option: what it does to the verdict and its parts."""
    lines = [_effect("现行口径", "—", "", view.assessment, None, view.standard)]
    for option, name, switched in _other_readings(view):
        lines.append(_effect(option.name, name, _note(option), switched, view.assessment, view.standard))
    sentence_table(lines)


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


def _note(option: Option) -> str:
    return f"{_KINDS[option.kind]}（{option.clause}）：{option.note}"


def _effect(
    name: str, choice: str, note: str, now: Assessment, before: Assessment | None, standard: Standard
) -> dict[str, str]:
    parts = {
        "达标校段": now.schools_part,
        "差异系数": now.balance_part,
        "政府保障": now.items_part("government"),
        "教育质量": now.items_part("quality"),
    }
    return {
        "口径": f"**{plain(name)}**",
        "改为": plain(choice),
        "全县结论": verdict_mark(now.verdict),
        **{part: f"{count.met}/{count.total}" for part, count in parts.items()},
        "因此改变": plain(
            "—" if before is None else "；".join(change_texts(compare(before, now), standard)) or "没有改变"
        ),
        "说明": f":small[{plain(note)}]" if note else "",
    }


def indicator_rules(view: View) -> None:
    """The seven indicators with limit, floor and CV limit by stage."""
    standard = view.standard
    sentence_table(
        [
            {
                "指标": f"**{i.code} {plain(i.name)}**",
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


def worked_example(view: View) -> None:
    """How one figure of one school came about, computed from today's facts."""
    indicator = choose_indicator(view.standard)
    example = next((r for r in view.assessment.rows if r.holding(indicator.code).value is not None), None)
    if example is None:
        st.info("这项指标没有可用的数据。")
        return
    holding = example.holding(indicator.code)
    value = against_limit(holding.value, holding.limit, at_least=True)
    held = f"{decimal_text(holding.amount)} {indicator.amount_unit}"
    per = "" if indicator.per_pupils == 1 else f" × {plain_text(indicator.per_pupils)}"
    sign = "≥" if holding.verdict.value == "met" else "<"
    st.markdown(
        plain(
            f"例：{row_name(example)}，{indicator.formula} = {held} ÷ {whole_text(holding.pupils)} 人{per} "
            f"= {value} {indicator.unit}，{sign} {plain_text(holding.limit)}，{WORDS[holding.verdict]}。"
            f"判定按乘积比较：合计 − 标准 × 学生数 = {plain_text(holding.surplus or 0)}（≥ 0 为达标）。"
        )
    )


def item_rules(view: View) -> None:
    """Every county item with its formula, numbers and clause."""
    sentence_table(
        [
            {
                "项目": f"**{plain(item_name(i.code, view.standard))}**",
                "标准": plain(i.name),
                "判定": "数据与结论"
                if i.judged and (i.numbers or i.limit or i.formula)
                else "结论"
                if i.judged
                else "数据",
                "算法": plain(i.formula or NONE_HERE),
                "条款": plain(i.clause),
            }
            for i in view.standard.items
        ]
    )


def documents_table(view: View) -> None:
    """The documents the rules cite."""
    sentence_table(
        [
            {"文号": f"**{plain(d.number)}**", "名称": plain(d.title), "说明": plain(d.note)}
            for d in view.standard.documents.values()
        ]
    )
