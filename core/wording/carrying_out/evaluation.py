"""模拟评估 in words: the stages and what the figures say of each, how a sample was drawn, how far a school's table is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.delivery.evaluation.evaluations import STAGES, Evaluation, EvaluationStage
from core.delivery.evaluation.site_fields import SiteField
from core.delivery.evaluation.site_tables import Side, SiteTable
from core.method.assessment import Assessment, Verdict, count
from core.rules.standard import Standard
from core.wording.items import item_detail, item_name
from core.wording.verdicts import marked, part_text

STAGE_NAMES: Mapping[EvaluationStage, str] = {
    "qualification": "资格审查",
    "monitoring": "质量监测",
    "satisfaction": "社会认可度调查",
    "indicators": "指标审核",
    "visit": "核查评估",
}
SIDE_NAMES: Mapping[Side, str] = {"evaluator": "核查人", "school": "学校"}
HOW_DRAWN = (
    "抽样办法：按学段构成和城乡分组，组内把种子与学校标识码合在一起求 SHA-256 值、由小到大排列，各组轮流取。"
    "同一种子、同样的学校，谁抽结果都一样。"
)


def stage_text(
    stage: EvaluationStage,
    assessment: Assessment,
    standard: Standard,
    evaluation: Evaluation,
    tables: Mapping[str, SiteTable],
) -> str:
    """What the figures and records say of a stage."""
    codes = {
        "qualification": [i.code for i in assessment.items if i.code.startswith(("veto", "precondition"))],
        "monitoring": ["Q9"],
        "satisfaction": ["satisfaction"],
    }
    if stage in codes:
        results = [assessment.item(code) for code in codes[stage]]
        if stage == "qualification":
            part = count(r.verdict for r in results)
            open_ones = [
                item_name(r.code, standard) for r in results if r.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE)
            ]
            listed = f"：{'、'.join(open_ones)}" if open_ones else ""
            return f"{marked(part.verdict)}　{part_text(part, '项')}{listed}"
        return f"{marked(results[0].verdict)}　{item_detail(results[0], standard)}"
    if stage == "indicators":
        parts = (
            ("学校（分学段计）", assessment.schools_part, "个"),
            ("差异系数", assessment.balance_part, "项"),
            ("政府保障程度", assessment.items_part("government"), "项"),
            ("教育质量", assessment.items_part("quality"), "项"),
        )
        verdict = count(part.verdict for _, part, _ in parts).verdict
        return f"{marked(verdict)}　" + "；".join(f"{name} {part_text(part, unit)}" for name, part, unit in parts)
    return visit_text(evaluation, tables)


def visit_text(evaluation: Evaluation, tables: Mapping[str, SiteTable]) -> str:
    """How far the visits are: schools with findings, signed tables, differences."""
    drawn = evaluation.school_ids
    begun = [tables[i] for i in drawn if i in tables]
    differing = sum(len(t.differences) for t in begun)
    accepted = sum(t.accepted for t in begun)
    return f"抽取 {len(drawn)} 所，已核查 {len(begun)} 所，双方已签字 {accepted} 所，" + (
        f"与填报数不同 {differing} 项" if differing else "核查数与填报数没有不同" if begun else "尚未核查"
    )


def table_state(table: SiteTable | None, fields: Sequence[SiteField]) -> str:
    """How far a school's table is, with its shape; done only once every figure is verified and both sides have signed."""
    if table is None:
        return "○ 未核查"
    left = sum(f.field not in table.findings for f in fields)
    said = f"核查 {len(table.findings)} 项，不同 {len(table.differences)} 项"
    said += f"，还有 {left} 项未核查" if left else ""
    if not table.accepted:
        missing = [SIDE_NAMES[side] for side in SIDE_NAMES if table.signed_by(side) is None]
        return f"◇ {said}，待{'、'.join(missing)}签字"
    school = table.signed_by("school")
    signed = "双方已签字" + ("（学校纸质签字，代登）" if school is not None and school.on_paper else "")
    return f"{'◇' if left else '●'} {said}，{signed}"


def evaluation_headline(evaluation: Evaluation | None, tables: Mapping[str, SiteTable]) -> str:
    """The last evaluation in one sentence."""
    if evaluation is None:
        return "还没有做过模拟评估"
    concluded = sum(stage in evaluation.conclusions for stage in STAGES)
    state = "已结束" if evaluation.state == "closed" else "进行中"
    return f"{evaluation.title}（{state}）：{concluded}/{len(STAGES)} 个环节有结论，{visit_text(evaluation, tables)}"


def number_text(field: SiteField | None, number: object) -> str:
    """A figure of the table as people write it."""
    if number is None:
        return "—"
    text = f"{number:,.2f}".rstrip("0").rstrip(".") if "." in str(number) else f"{number:,}"
    return f"{text} {field.unit}" if field else text
