"""What changes between two judgements, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.dataset.dictionary import name_of
from core.method.assessment import PartCount, Verdict
from core.method.comparison import Comparison, RowChange
from core.rules.standard import Standard
from core.wording.items import item_name
from core.wording.verdicts import WORDS, row_name, row_reason


def row_change_text(change: RowChange) -> str:
    """One school row's change of state."""
    if change.before is None:
        return f"{row_name(change.row)} 新参评（{WORDS[change.row.verdict]}）"
    if change.after is None:
        return f"{row_name(change.row)} 不再参评"
    return f"{row_name(change.row)} {WORDS[change.before.verdict]}→{WORDS[change.after.verdict]}"


@dataclass(frozen=True)
class SchoolSinceLastYear:
    """A school row of a new year: how it stood, how it stands, and why."""

    name: str
    before: Verdict | None
    after: Verdict
    reason: str


def schools_since_last_year(comparison: Comparison, standard: Standard) -> list[SchoolSinceLastYear]:
    """The rows that newly fail, those that cannot be judged, those that newly pass, in this order."""
    before = {row.key: row.verdict for row in comparison.before.rows}
    listed = [
        SchoolSinceLastYear(row_name(row), before.get(row.key), row.verdict, row_reason(row, standard) or "")
        for row in comparison.after.rows
        if row.verdict is Verdict.NOT_ASSESSABLE or before.get(row.key) is not row.verdict
    ]
    order = (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE, Verdict.MET)
    return sorted(listed, key=lambda school: order.index(school.after))


def since_last_year_sentence(comparison: Comparison, schools: Sequence[SchoolSinceLastYear]) -> str:
    """How the rows of a new year stand against those of the one before it, in one sentence."""
    counts = Counter(school.after for school in schools)
    gone = {row.key for row in comparison.before.rows} - {row.key for row in comparison.after.rows}
    parts = [
        f"{words} {counts[verdict]} 个"
        for verdict, words in (
            (Verdict.NOT_MET, "新未达标"),
            (Verdict.MET, "新达标"),
            (Verdict.NOT_ASSESSABLE, "无法判定"),
        )
        if counts[verdict]
    ]
    parts += [f"不再参评 {len(gone)} 个"] if gone else []
    said = "、".join(parts) or "各学校结论都没有变化"
    return f"与 {comparison.before.year} 学年相比，{said}；{parts_text(comparison)}。"


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
    names = ("达标学校", "差异系数", "政府保障", "教育质量")
    return "，".join(f"{name} {_arrow(*sides)}" for name, sides in zip(names, _sides(comparison), strict=True))


def parts_moved(comparison: Comparison) -> str:
    """The same numbers short enough for a line that stays in sight."""
    names = ("学校达标", "差异系数达标", "保障", "质量")
    return "，".join(
        f"{name} {new.met if old.met == new.met else f'{old.met}→{new.met}'}/{new.total}"
        for name, (old, new) in zip(names, _sides(comparison), strict=True)
    )


def _sides(comparison: Comparison) -> list[tuple[PartCount, PartCount]]:
    """Schools, coefficients, guarantees and quality, each before and after."""
    before, after = (
        (judged.schools_part, judged.balance_part, judged.items_part("government"), judged.items_part("quality"))
        for judged in (comparison.before, comparison.after)
    )
    return list(zip(before, after, strict=True))


def _arrow(old: PartCount, new: PartCount) -> str:
    shown_old, shown_new = f"{old.met}/{old.total}", f"{new.met}/{new.total}"
    return shown_new if shown_old == shown_new else f"{shown_old}→{shown_new}"


def comparison_sentence(comparison: Comparison) -> str:
    """The comparison in one sentence."""
    before, after = comparison.before.verdict, comparison.after.verdict
    verdict = f"全县{WORDS[after]}" if before is after else f"全县{WORDS[before]}→{WORDS[after]}"
    return f"{verdict}；{parts_text(comparison)}。"
