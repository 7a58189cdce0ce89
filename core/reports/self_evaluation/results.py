"""The report's judgement: verdict and parts, by what rules and readings, then the four parts of the standard one by one."""

from __future__ import annotations

from collections.abc import Iterator

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, Verdict, count
from core.method.subjects import Subject
from core.reports.cells import Cell, verdict_cell
from core.reports.map_ground import ground
from core.reports.official.paper import Outline
from core.reports.schematic_map import schematic_map
from core.reports.self_evaluation.basis import Basis
from core.reports.self_evaluation.charts import coefficient_chart
from core.reports.self_evaluation.origins import batches_text
from core.rules.standard import STAGES, Part
from core.wording.item_notes import item_notes
from core.wording.items import item_detail, item_name, item_verdict_text
from core.wording.numbers import NONE_HERE, against_limit, decimal_text, limit_text, share_text
from core.wording.positions import county_parts, day_text, part_change
from core.wording.readings import other_reading, outside_their_years, relief_sentences
from core.wording.verdicts import (
    BORDERLINE_MEANING,
    SHAPES,
    WORDS,
    county_headline,
    county_summary,
    part_text,
    shortfall_sentence,
    units_text,
    without_figures_text,
)

_ITEM_CODES: dict[Part, str] = {"government": "政府保障程度", "quality": "教育质量"}


def conclusion(outline: Outline, basis: Basis) -> None:
    """一、自评结论."""
    judged, situation = basis.assessment, basis.situation
    outline.heading(1, "自评结论")
    everything = ("standard", "batches", "rows", "balance", *(item.code for item in judged.items))
    headline = county_headline(judged, situation.county.name, basis.standard)
    outline.say(
        f"按 {judged.year} 学年数据和截至 {day_text(situation.as_of)}的佐证自评，{headline}。{shortfall_sentence(judged)}",
        *everything,
    )
    outline.say(county_summary(judged), *everything)
    outline.table(
        "四个部分自评结果",
        (("部分", 3), ("达标", 2), ("结论", 2), ("与上年比较", 4)),
        [
            (
                part.title,
                f"{part.now.met}/{part.now.total} {part.unit}",
                verdict_cell(part.now.verdict),
                part_change(part.now, part.before, part.unit),
            )
            for part in county_parts(judged, basis.before)
        ],
        *everything,
        note=_shapes_note(),
    )
    schools = situation.facts.schools.get(judged.year, ())
    if judged.rows:
        drawn = schematic_map(
            ground(situation.county, situation.facts.seats, schools), schools, judged, lambda row: row.verdict
        )
        counted = "，".join(
            f"{SHAPES[v]} {WORDS[v] if v is not Verdict.NOT_APPLICABLE else '未参评'} {number} 所"
            for v, number in drawn.counts.items()
            if number
        )
        unlocated = f"；未定位 {drawn.unlocated} 所" if drawn.unlocated else ""
        outline.figure(
            "各乡镇学校达标情况",
            drawn.svg,
            "rows",
            "batches",
            note=f"{counted}{unlocated}。标记为学校，底色为该乡镇学校达标比例；示意图，非行政区域界线。",
        )


def _shapes_note() -> str:
    shapes = "，".join(f"{SHAPES[v]} {WORDS[v]}" for v in (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_ASSESSABLE))
    return f"{shapes}。{BORDERLINE_MEANING}。"


def method(outline: Outline, basis: Basis) -> None:
    """二、自评依据和方法."""
    standard, judged, situation = basis.standard, basis.assessment, basis.situation
    outline.heading(1, "自评依据和方法")
    outline.heading(2, "依据")
    for document in standard.documents.values():
        outline.say(f"《{document.title}》（{document.number}）：{document.note}")
    if situation.plan.exists:
        outline.say(f"《{situation.plan.document.title}》（{situation.plan.document.number}）。", "plan")
    outline.heading(2, "数据")
    outline.say(
        f"学校数据为 {judged.year} 学年初（{judged.year} 年 9 月 1 日）教育事业统计数，已发布的有：{batches_text(basis)}。",
        "batches",
    )
    if missing := without_figures_text(judged):
        outline.say(f"{missing}。", "batches")
    outline.heading(2, "判定方法")
    outline.say(f"学校：{standard.school_rule.name}。", "rows")
    limits = "，".join(
        f"{name_of('stage', stage)}不大于 {limit_text(standard.balance.limit[stage], 3)}" for stage in STAGES
    )
    outline.say(f"校际均衡：{standard.balance.name}；{limits}。", "balance")
    counts = "、".join(f"{name} {sum(i.part == part for i in standard.items)} 项" for part, name in _ITEM_CODES.items())
    outline.say(f"{counts}须全部达标；社会认可度达标，没有否决情形，申报条件具备，全县方为达标。", "standard")
    outline.say("数据未报的不作达标处理，列为无法判定；学校、差异系数、项目按未取整的数判定。")
    outline.heading(2, "口径和减免")
    outline.say("公开文本没有写明的口径按下表执行，改变口径时结论可能不同；减免情形默认不适用。")
    outline.table(
        "口径和减免情形",
        (("名称", 3), ("现按", 4), ("依据", 3), ("说明", 6)),
        [
            (
                o.name,
                o.choices[judged.choices[o.option_id]].removesuffix("（默认）"),
                f"{standard.documents[o.document].number} {o.clause}",
                o.note,
            )
            for o in standard.options
        ],
    )
    for sentence in _readings(basis):
        outline.say(sentence, "batches")
    outline.heading(2, "未参评的学校")
    names = [(e, [x for x in judged.left_out if x.reason == e.reason]) for e in standard.exclusions]
    counted = "、".join(f"{e.name} {len(held)} 个" for e, held in names if held)
    outline.say(
        f"未参评 {len(judged.left_out)} 个（一校多学段的按学段分列）：{counted}。名单见附录二。"
        if counted
        else "没有未参评的学校。",
        "batches",
    )


def _readings(basis: Basis) -> Iterator[str]:
    judged, standard = basis.assessment, basis.standard
    if sentence := other_reading(judged, basis.read_as, standard):
        yield sentence
    yield from relief_sentences(judged, basis.read_as, standard, _speaks_of_the_county, whole_county=True)
    yield from outside_their_years(judged.choices, judged.year, standard)


def _speaks_of_the_county(subject: Subject) -> bool:
    return subject.kind in ("row", "balance", "item")


def resources(outline: Outline, basis: Basis) -> None:
    """三、资源配置: the school rows, then the coefficients."""
    judged, standard = basis.assessment, basis.standard
    codes = [indicator.code for indicator in standard.indicators]
    outline.heading(1, "资源配置")
    outline.heading(2, "学校达标情况")
    for stage in STAGES:
        part = count(row.verdict for row in judged.rows if row.stage == stage)
        said = part_text(part, "所") if part.total else "没有参评学校"
        outline.say(f"{name_of('stage', stage)}参评 {part.total} 所，{said}。", "rows", "batches")
    outline.table(
        "七项指标达标学校数",
        (
            ("指标（单位）", 5),
            *((f"{name_of('stage', stage)}{word}", 2) for stage in STAGES for word in ("标准", "达标", "比例")),
        ),
        [
            (
                f"{i.name}（{i.unit}）",
                *(
                    cell
                    for stage in STAGES
                    for cell in (f"≥ {limit_text(i.limit[stage])}", *_met(judged, stage, i.code))
                ),
            )
            for i in standard.indicators
        ]
        + [
            (
                "综合达标",
                *(cell for stage in STAGES for cell in (NONE_HERE, *_met(judged, stage, None))),
            )
        ],
        "rows",
        *codes,
    )
    outline.heading(2, "校际均衡情况")
    outline.say(f"14 项差异系数中，{part_text(judged.balance_part, '项')}。", "balance", "batches")
    outline.figure(
        "差异系数与限值", coefficient_chart(judged, standard), "balance", note="虚线为限值；数值在线右的超限。"
    )
    outline.table(
        "七项指标的县均值和差异系数",
        (
            ("指标", 4),
            *((f"{name_of('stage', stage)}{word}", 2) for stage in STAGES for word in ("均值", "差异系数", "结论")),
        ),
        [
            (i.short_name, *(cell for stage in STAGES for cell in _balance_cells(judged, stage, i.code)))
            for i in standard.indicators
        ],
        "balance",
        *codes,
        note=units_text(standard) + _composite(judged),
    )


def _met(judged: Assessment, stage: str, code: str | None) -> tuple[str, str]:
    rows = [row for row in judged.rows if row.stage == stage]
    part = count(row.verdict if code is None else row.indicator(code).verdict for row in rows)
    unknown = f"，{part.unknown} 所无法判定" if part.unknown else ""
    return (f"{part.met}/{len(rows)}{unknown}", share_text(part.met / len(rows)) if rows else NONE_HERE)


def _balance_cells(judged: Assessment, stage: str, code: str) -> tuple[Cell | str, ...]:
    result = judged.balance_of(stage, code)
    return (
        decimal_text(result.mean),
        against_limit(result.cv, result.limit, at_least=False, decimals=3),
        verdict_cell(result.verdict, result.borderline),
    )


def _composite(judged: Assessment) -> str:
    texts = (f"{name_of('stage', stage)} {decimal_text(judged.composite(stage), 3)}" for stage in STAGES)
    return f"综合差异系数（仅供参考，不作判定）：{'，'.join(texts)}。"


def government(outline: Outline, basis: Basis) -> None:
    """四、政府保障程度."""
    outline.heading(1, "政府保障程度")
    _item_table(outline, basis, ("government",), "政府保障程度自评情况")


def quality(outline: Outline, basis: Basis) -> None:
    """五、教育质量和社会认可度."""
    outline.heading(1, "教育质量和社会认可度")
    _item_table(outline, basis, ("quality", "satisfaction"), "教育质量和社会认可度自评情况")


def conditions(outline: Outline, basis: Basis) -> None:
    """六、申报条件和否决情形."""
    outline.heading(1, "申报条件和否决情形")
    _item_table(outline, basis, ("precondition", "veto"), "申报条件和否决情形自评情况")


def _item_table(outline: Outline, basis: Basis, parts: tuple[Part, ...], title: str) -> None:
    judged, standard = basis.assessment, basis.standard
    results = [r for r in judged.items if r.part in parts]
    codes = [r.code for r in results]
    outline.say(f"{len(results)} 项中，{part_text(judged.items_part(*parts), '项')}。", *codes)
    outline.table(
        title,
        (("项目", 4), ("情况", 6), ("结论依据的文件", 4), ("结论", 2)),
        [
            (
                item_name(r.code, standard),
                item_detail(r, standard),
                _document(basis, r.code),
                Cell(item_verdict_text(r), verdict_cell(r.verdict).colour),
            )
            for r in results
        ],
        *codes,
    )
    for code, note in item_notes(judged, standard):
        if code in codes:
            outline.say(f"{item_name(code, standard)}：{note}", code)


def _document(basis: Basis, code: str) -> str:
    held = basis.judgements.get(code)
    if held is None or not held.document:
        return NONE_HERE
    return held.document + (f"（{held.document_date}）" if held.document_date else "")
