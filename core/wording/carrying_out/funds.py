"""The money of the building projects in one sentence."""

from __future__ import annotations

from decimal import Decimal

from core.delivery.records.funds import totals
from core.delivery.status.situation import Situation
from core.wording.numbers import wan_text


def funds_sentence(situation: Situation) -> str:
    """All projects' money; a sum is told only where every project says its part."""
    held = [totals(f) for f in situation.funds.values()]
    known = [t for t in held if t.planned is not None and t.gap is not None]
    if not held:
        return "项目资金尚未登记。"
    ending = f"；另有 {len(held) - len(known)} 个项目没有报全，未计入" if len(known) < len(held) else ""
    if not known:
        return f"{len(held)} 个项目登记了资金，都没有报全，合计无法计算。"
    planned = sum((t.planned for t in known if t.planned is not None), Decimal(0))
    missing = sum((t.gap for t in known if t.gap is not None), Decimal(0))
    return f"{len(known)} 个项目已登记资金，计划 {wan_text(planned)}，尚未到位 {wan_text(missing)}{ending}。"
