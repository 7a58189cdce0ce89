"""总目录, 分盒目录 and 缺件催办单 as papers and tables, all by the boxes' own numbers.

catalogue_table(situation, boxes) -> ReportTable        one row a paper
missing_table(situation, boxes) -> ReportTable          one row a missing paper
catalogue_paper(situation, boxes, is_demo) -> Paper     the boxes at a glance, then each box's papers on its own page
reminder_paper(situation, boxes, is_demo) -> Paper      a sheet for each unit and township that owes papers
"""

from __future__ import annotations

from collections.abc import Sequence

from core.delivery.owed.evidence_boxes import Box, Missing
from core.delivery.status.situation import Situation
from core.method.assessment import Verdict
from core.reports.cells import Cell, colour_of
from core.reports.official.paper import Outline, Paper
from core.reports.tables import DEMO_MARK, WHOLE, ReportColumn, ReportTable
from core.wording.carrying_out.evidence import (
    asked_for,
    box_name,
    boxes_headline,
    bringing,
    filed_state,
    missing_state,
    pages_text,
    period_text,
    years_text,
)
from core.wording.numbers import NONE_HERE
from core.wording.positions import day_text

_PAPER_COLUMNS = (
    ("编号", 2.2),
    ("材料名称", 6),
    ("年度", 1.8),
    ("文号", 4),
    ("页数", 1.5),
    ("提供单位", 2.4),
    ("状态", 2),
)


def catalogue_table(situation: Situation, boxes: Sequence[Box]) -> ReportTable:
    """总目录."""
    columns = (
        "编号",
        "盒",
        "材料名称",
        "年度",
        "文号",
        "成文日期",
        "页数",
        "提供单位",
        "状态",
        "附件",
        "存放位置或说明",
    )
    return ReportTable(
        "佐证材料总目录",
        tuple(ReportColumn(name, "", WHOLE if name == "页数" else "General") for name in columns),
        tuple(
            (
                f.number,
                f"{box.number} {box_name(box, situation)}",
                f.entry.title,
                period_text(f),
                f.entry.document_number,
                f.entry.document_date,
                f.entry.pages,
                _holder(situation, f.entry.holder_unit_id, f.entry.township_code),
                filed_state(f),
                len(f.attachments),
                f.entry.note or NONE_HERE,
            )
            for box in boxes
            for f in box.filed
        ),
        (f"{boxes_headline(boxes)}。编号按登记先后，登记后不变。",),
    )


def missing_table(situation: Situation, boxes: Sequence[Box]) -> ReportTable:
    """缺件清单."""
    return ReportTable(
        "缺件清单",
        tuple(ReportColumn(name) for name in ("盒", "材料名称", "用于", "应由谁提供", "状态")),
        tuple(
            (
                f"{box.number} {box_name(box, situation)}",
                m.title,
                asked_for(m, situation),
                bringing(m, situation),
                missing_state(m),
            )
            for box in boxes
            for m in box.missing
        ),
    )


def catalogue_paper(situation: Situation, boxes: Sequence[Box], is_demo: bool) -> Paper:
    """The catalogue as a paper to put in front of the boxes."""
    outline = Outline()
    outline.say(f"截至 {day_text(situation.as_of)}，{boxes_headline(boxes)}。编号按登记先后，登记后不变；缺件不编号。")
    outline.table(
        "总目录",
        (("盒号", 1.4), ("盒名", 6), ("年度", 2.4), ("份数", 1.4), ("页数", 1.6), ("缺件", 2.6)),
        [
            (
                box.number,
                box_name(box, situation),
                years_text(box),
                str(len(box.filed)),
                pages_text(box.pages) if box.filed else NONE_HERE,
                Cell(f"▲ 缺 {len(box.missing)} 份", colour_of(Verdict.NOT_MET)) if box.missing else "—",
            )
            for box in boxes
        ],
        note="页数有未登记的，合计不填。",
    )
    for box in boxes:
        outline.annex(f"{box.number}　{box_name(box, situation)}")
        outline.table(
            f"{box.number} 分盒目录",
            _PAPER_COLUMNS,
            [
                (
                    f.number,
                    f.entry.title,
                    period_text(f),
                    f.entry.document_number or NONE_HERE,
                    pages_text(f.entry.pages),
                    _holder(situation, f.entry.holder_unit_id, f.entry.township_code),
                    filed_state(f),
                )
                for f in box.filed
            ],
            note="本盒还没有材料。" if not box.filed else "",
        )
        if box.missing:
            outline.table(
                f"{box.number} 缺件",
                (("材料名称", 6), ("用于", 6), ("应由谁提供", 3), ("状态", 2)),
                [(m.title, asked_for(m, situation), bringing(m, situation), missing_state(m)) for m in box.missing],
            )
    return outline.paper(
        f"{situation.county.name}佐证材料目录", f"（截至 {day_text(situation.as_of)}）", _mark(is_demo)
    )


def reminder_paper(situation: Situation, boxes: Sequence[Box], is_demo: bool) -> Paper:
    """缺件催办单, a page for each who owes papers."""
    owed: dict[str, list[tuple[Box, Missing]]] = {}
    for box in boxes:
        for m in box.missing:
            owed.setdefault(bringing(m, situation), []).append((box, m))
    total = sum(len(held) for held in owed.values())
    outline = Outline()
    outline.say(
        f"截至 {day_text(situation.as_of)}，缺佐证材料 {total} 份，涉及 {len(owed)} 个单位和乡镇，各单位清单附后。"
        if owed
        else f"截至 {day_text(situation.as_of)}，没有缺件。"
    )
    outline.table(
        "各单位缺件数",
        (("单位", 4), ("缺件", 2), ("涉及的盒", 8)),
        [
            (who, f"{len(held)} 份", "、".join(dict.fromkeys(box.number for box, _ in held)))
            for who, held in sorted(owed.items(), key=lambda pair: -len(pair[1]))
        ],
    )
    for who, held in owed.items():
        outline.annex(f"{who}缺件催办单")
        outline.say(f"{who}：下列 {len(held)} 份佐证材料尚未归档或已退回，请补齐后在平台登记，扫描件一并上传。")
        outline.table(
            f"{who}缺件清单",
            (("盒", 3), ("材料名称", 6), ("用于", 6), ("状态", 2), ("补齐时间", 2.4)),
            [
                (f"{box.number} {box_name(box, situation)}", m.title, asked_for(m, situation), missing_state(m), "")
                for box, m in held
            ],
        )
        outline.sign("签收人：＿＿＿＿＿＿", "＿＿＿＿年＿＿月＿＿日")
    return outline.paper("佐证材料缺件催办单", f"（截至 {day_text(situation.as_of)}）", _mark(is_demo))


def _holder(situation: Situation, unit_id: str, township_code: str | None) -> str:
    if township_code is not None:
        return situation.township_names.get(township_code, township_code)
    return situation.plan.unit(unit_id).name


def _mark(is_demo: bool) -> str:
    return f"{DEMO_MARK}：材料与单位均为虚构" if is_demo else ""
