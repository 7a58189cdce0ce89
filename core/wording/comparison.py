"""What changes between two judgements, in sentences."""

from __future__ import annotations

from core.dataset.dictionary import name_of
from core.method.assessment import PartCount
from core.method.comparison import Comparison, RowChange
from core.rules.standard import Standard
from core.wording.items import item_name
from core.wording.verdicts import WORDS, row_name


def row_change_text(change: RowChange) -> str:
    """One school row's change of state."""
    if change.before is None:
        return f"{row_name(change.row)} 新参评（{WORDS[change.row.verdict]}）"
    if change.after is None:
        return f"{row_name(change.row)} 不再参评"
    return f"{row_name(change.row)} {WORDS[change.before.verdict]}→{WORDS[change.after.verdict]}"


def change_texts(comparison: Comparison, standard: Standard) -> list[str]:
    """Every change of state, schools first."""
    texts = [row_change_text(c) for c in comparison.rows]
    texts += [
        f"{name_of('stage', after.stage)}{standard.indicator(after.code).short_name}差异系数 "
        f"{WORDS[before.verdict]}→{WORDS[after.verdict]}"
        for before, after in comparison.balance
    ]
    texts += [
        f"{item_name(after.code, standard)} {WORDS[before.verdict]}→{WORDS[after.verdict]}"
        for before, after in comparison.items
    ]
    return texts


def parts_text(comparison: Comparison) -> str:
    """The headline numbers on both sides."""
    before, after = comparison.before, comparison.after
    parts = (
        ("达标校段", before.schools_part, after.schools_part),
        ("差异系数", before.balance_part, after.balance_part),
        ("政府保障", before.items_part("government"), after.items_part("government")),
        ("教育质量", before.items_part("quality"), after.items_part("quality")),
    )
    return "，".join(f"{name} {_arrow(old, new)}" for name, old, new in parts)


def _arrow(old: PartCount, new: PartCount) -> str:
    shown_old, shown_new = f"{old.met}/{old.total}", f"{new.met}/{new.total}"
    return shown_new if shown_old == shown_new else f"{shown_old}→{shown_new}"


def comparison_sentence(comparison: Comparison) -> str:
    """The comparison in one sentence."""
    before, after = comparison.before.verdict, comparison.after.verdict
    verdict = f"全县{WORDS[after]}" if before is after else f"全县{WORDS[before]}→{WORDS[after]}"
    return f"{verdict}；{parts_text(comparison)}。"
