"""What a person types into a form: a paragraph at most, of characters that can be read."""

from __future__ import annotations

from core.dataset.cells import LONGEST_NOTE
from core.dataset.characters import spoilt_character
from core.errors import RequestInvalid

_QUOTED = 20


def check_typed(text: str, longest: int = LONGEST_NOTE) -> None:
    """Raises RequestInvalid for a text that is too long or holds what no keyboard gives; it is kept as typed otherwise."""
    start = text[:_QUOTED] + ("…" if len(text) > _QUOTED else "")
    if len(text) > longest:
        raise RequestInvalid(f"“{start}”共 {len(text):,} 个字，最多 {longest:,} 个字；请缩短，长文请作为佐证材料存放。")
    if spoilt := spoilt_character(text):
        raise RequestInvalid(f"“{start}”中有不可见的控制字符（{spoilt}），请删除后重新填写。")
