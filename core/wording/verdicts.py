"""One way to say a verdict: a word, a shape, and the sentence that carries the reason."""

from __future__ import annotations

from core import palette
from core.dataset.dictionary import name_of
from core.dataset.school_kinds import STAGES_OF_KIND
from core.method.assessment import Assessment, LeftOut, PartCount, SchoolRow, Verdict
from core.naming import named
from core.rules.standard import OFF, Standard
from core.wording.numbers import against_limit, limit_text, plain_text

WORDS = {
    Verdict.MET: "达标",
    Verdict.NOT_MET: "未达标",
    Verdict.NOT_ASSESSABLE: "无法判定",
    Verdict.NOT_APPLICABLE: "不适用",
}
SHAPES = {
    Verdict.MET: "●",
    Verdict.NOT_MET: "▲",
    Verdict.NOT_ASSESSABLE: "○",
    Verdict.NOT_APPLICABLE: "–",
}
VERDICT_COLOURS = {
    Verdict.MET: palette.GREEN,
    Verdict.NOT_MET: palette.RED,
    Verdict.NOT_ASSESSABLE: palette.GREY,
    Verdict.NOT_APPLICABLE: palette.GREY,
}
# The same colours by the names that Markdown has for them on the screen.
VERDICT_MARKDOWN = {
    Verdict.MET: "green",
    Verdict.NOT_MET: "red",
    Verdict.NOT_ASSESSABLE: "gray",
    Verdict.NOT_APPLICABLE: "gray",
}
# How school rows are counted: a school of two stages is two of them.
ROWS_UNIT = "所学校（分学段计）"
BORDERLINE_SHAPE = "◆"
BORDERLINE_MEANING = "临界：按申报表取整后，结论会与按原数判定的不同"
# Worst first, as every list shows them.


def marked(verdict: Verdict, borderline: bool = False) -> str:
    """Shape and word, with the borderline mark beside them."""
    mark = f" {BORDERLINE_SHAPE}临界" if borderline else ""
    return f"{SHAPES[verdict]} {WORDS[verdict]}{mark}"


def row_name(row: SchoolRow | LeftOut) -> str:
    """The name of a school row, evaluated or left out: the stage is said where the school has several."""
    return staged_name(row.name, row.kind, row.stage)


def staged_name(name: str, kind: str, stage: str) -> str:
    """A school's name at a stage: the stage is said where the kind of school has several."""
    return f"{name}·{name_of('stage', stage)}" if len(STAGES_OF_KIND[kind]) > 1 else name


def row_reason(row: SchoolRow, standard: Standard) -> str | None:
    """Why a school row does not pass, or cannot be judged; None when it passes."""
    if row.verdict is Verdict.MET:
        return None
    if row.pupils is None:
        return "在校生数未报，各项指标无法判定"
    total = len(row.indicators)
    minimum = plain_text(standard.school_rule.minimum_met)
    floor_share = plain_text(standard.school_rule.floor_share * 100)
    clauses = [f"{row.met_count}/{total} 项达标，需 ≥ {minimum} 项"]
    for holding in row.indicators:
        indicator = standard.indicator(holding.code)
        unit = indicator.unit.split("/")[0]
        name = f"{indicator.name}"
        if holding.verdict is Verdict.NOT_ASSESSABLE:
            clauses.append(f"{name}未报")
        elif holding.above_floor is False:
            value = against_limit(holding.value, holding.floor, at_least=True)
            clauses.append(f"{name} {value} {unit}，低于 {floor_share}% 底线 {limit_text(holding.floor)} {unit}")
        elif holding.verdict is Verdict.NOT_MET:
            value = against_limit(holding.value, holding.limit, at_least=True)
            clauses.append(f"{name} {value} {unit}，低于标准 {limit_text(holding.limit)} {unit}")
    return "；".join(clauses)


def county_headline(assessment: Assessment, county_name: str, standard: Standard) -> str:
    """The verdict as a title that can be read aloud; it says when a relief is claimed that was not written for the year."""
    ending = {
        Verdict.MET: "达到国家优质均衡标准",
        Verdict.NOT_MET: "尚未达到国家优质均衡标准",
        Verdict.NOT_ASSESSABLE: "尚不能判定是否达到国家优质均衡标准",
        Verdict.NOT_APPLICABLE: "不适用国家优质均衡标准",
    }
    claimed = any(
        o.kind == "relief" and assessment.choices[o.option_id] != OFF and not o.covers(assessment.year)
        for o in standard.options
    )
    beside = "（按不适用于本学年的减免判定）" if claimed else ""
    return f"{county_name}{ending[assessment.verdict]}{beside}"


def shortfall_sentence(assessment: Assessment) -> str:
    """How far the county is from its verdict: what is still to be met by kind, then how much cannot be judged yet."""
    counts = (
        (assessment.schools_part, ROWS_UNIT),
        (assessment.balance_part, "项差异系数"),
        (assessment.items_part("government"), "项政府保障"),
        (assessment.items_part("quality"), "项教育质量"),
        (assessment.items_part("satisfaction"), "项社会认可度"),
        (assessment.items_part("veto"), "项否决情形"),
        (assessment.items_part("precondition"), "项申报条件"),
    )
    failed = "、".join(f"{part.not_met} {unit}" for part, unit in counts if part.not_met)
    unknown = sum(part.unknown for part, _ in counts)
    clauses = [f"还差 {failed}"] if failed else []
    if unknown:
        clauses.append(f"{'另有 ' if failed else ''}{unknown} 处数据不全，报齐前不能判定")
    return f"{'；'.join(clauses) or '各项均已达标'}。"


def units_text(standard: Standard) -> str:
    """The units of the seven indicators, those that share one together."""
    names: dict[str, list[str]] = {}
    for indicator in standard.indicators:
        names.setdefault(indicator.unit, []).append(indicator.short_name)
    return "单位：" + "，".join(f"{'、'.join(held)} {unit}" for unit, held in names.items()) + "。"


def part_text(part: PartCount, unit: str) -> str:
    """n/N met, with what failed and what is unknown; what is counted is named once."""
    text, again = f"{part.met}/{part.total} {unit}达标", unit.removesuffix(ROWS_UNIT[1:])
    if part.not_met:
        text += f"，{part.not_met} {again}未达标"
    if part.unknown:
        text += f"，{part.unknown} {again}无法判定"
    return text


def without_figures_text(assessment: Assessment) -> str:
    """Which townships the year has no figures of yet, and what follows; empty where none is missing."""
    names = [assessment.township_names[code] for code in assessment.without_figures]
    if not names:
        return ""
    return f"{named(names, '个乡镇')}还没有 {assessment.year} 学年的数据，所属学校无法判定"


def county_summary(assessment: Assessment) -> str:
    """The whole verdict in one paragraph, parts in the standard's order."""
    missing = without_figures_text(assessment)
    return "；".join(
        (
            *((missing,) if missing else ()),
            f"{assessment.year} 学年参评 {assessment.schools_part.total} 所学校（按学段分列），"
            + part_text(assessment.schools_part, "所"),
            "差异系数 " + part_text(assessment.balance_part, "项"),
            items_summary(assessment),
        )
    )


def items_summary(assessment: Assessment) -> str:
    """How the county's duties, quality, satisfaction, vetoes and preconditions stand, to the full stop."""
    government, quality = assessment.items_part("government"), assessment.items_part("quality")
    preconditions = assessment.items_part("precondition")
    sentences = [
        "政府保障 " + part_text(government, "项"),
        "教育质量 " + part_text(quality, "项"),
        f"社会认可度{WORDS[assessment.items_part('satisfaction').verdict]}",
        veto_text(assessment.items_part("veto")),
    ]
    if preconditions.verdict is not Verdict.MET:
        sentences.append(f"申报条件{WORDS[preconditions.verdict]}")
    return "；".join(sentences) + "。"


def veto_text(vetoes: PartCount) -> str:
    """Whether a case that rules the county out was found; one that nobody has checked yet is said."""
    if vetoes.not_met:
        return f"触发否决情形 {vetoes.not_met} 项"
    if vetoes.unknown or not vetoes.total:
        return f"否决情形 {vetoes.unknown} 项尚无核查结论"
    return "未发现否决情形"
