"""Where the report's figures come from: form, formula and clause of each, the batches, the plan, the records.

    origins(basis) -> {key: words}

Keys are the codes of indicators and items, standard, rows, balance, batches, plan, records, ledger, projects, drafts.
"""

from __future__ import annotations

from core.reports.self_evaluation.basis import Basis
from core.wording.items import item_source
from core.wording.positions import day_text


def origins(basis: Basis) -> dict[str, str]:
    """What the appendix says of every source, whether it is used or not."""
    standard, situation = basis.standard, basis.situation
    found = {
        "standard": f"全县判定：{standard.name}（{standard.documents['standard'].number}），标准版本 {standard.standard_id}",
        "batches": f"已发布数据：{batches_text(basis)}",
        "rows": f"学校综合判定：{standard.school_rule.name}；{_cited(basis, standard.school_rule.document)} {standard.school_rule.clause}",
        "balance": f"校际差异系数：{standard.balance.formula}；{_cited(basis, standard.balance.document)} {standard.balance.clause}",
        "records": f"推进记录：各单位和乡镇在本平台登记的进展、佐证，截至 {day_text(situation.as_of)}",
        "ledger": f"督办台账：本平台登记的问题、交办、整改、核验、销号，截至 {day_text(situation.as_of)}",
        "projects": f"项目登记：本平台登记的项目进度、资金，截至 {day_text(situation.as_of)}",
        "drafts": "自评报告历次留存稿的数字",
    }
    for indicator in standard.indicators:
        found[indicator.code] = (
            f"{indicator.name}：{indicator.formula}；{indicator.source_form}；"
            f"{_cited(basis, indicator.document)} {indicator.clause}"
        )
    for item in standard.items:
        found[item.code] = f"{item.name}：{item_source(item)}；{_cited(basis, item.document)}"
    if situation.plan.exists:
        document = situation.plan.document
        found["plan"] = f"{document.issuer}《{document.title}》（{document.number}，{day_text(document.issued)}印发）"
    return found


def batches_text(basis: Basis) -> str:
    """The batches of the year, each with its file and the day it came in."""
    return "；".join(
        f"批次 {batch.batch_id}（{batch.source_name}，{batch.loaded_at:%Y-%m-%d} 导入）" for batch in basis.batches
    )


def _cited(basis: Basis, document: str) -> str:
    return basis.standard.documents[document].number
