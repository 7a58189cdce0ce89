"""Words and marks on the screen; text that came from data never becomes markup."""

from __future__ import annotations

import re

from core.dataset.dictionary import name_of
from core.method.assessment import ItemResult, Verdict
from core.wording.items import item_verdict_text
from core.wording.verdicts import BORDERLINE_SHAPE, SHAPES, VERDICT_MARKDOWN, WORDS

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")
COUNTY_WIDE = "全县"


def plain(text: object) -> str:
    """Text from data for a Markdown place: every character stands for itself."""
    return _MARKUP.sub(r"\\\1", str(text))


def verdict_mark(verdict: Verdict, borderline: bool = False, *, worded: bool = True) -> str:
    """Coloured shape and word, for Markdown places; the shape alone where a heading above says the word."""
    mark = f" :violet[{BORDERLINE_SHAPE}临界]" if borderline else ""
    word = f" {WORDS[verdict]}" if worded else ""
    return f":{VERDICT_MARKDOWN[verdict]}[{SHAPES[verdict]}{word}]{mark}"


def item_mark(result: ItemResult) -> str:
    """An item's verdict in its colour, for Markdown places."""
    text = item_verdict_text(result).removesuffix(f" {BORDERLINE_SHAPE}临界")
    mark = f" :violet[{BORDERLINE_SHAPE}临界]" if result.borderline else ""
    return f":{VERDICT_MARKDOWN[result.verdict]}[{text}]{mark}"


def stage_name(stage: str) -> str:
    """小学, 初中, 高中."""
    return name_of("stage", stage)


def kind_name(kind: str) -> str:
    """The kind of school in Chinese."""
    return name_of("kind", kind)


def change_words(now: int, before: int | None, unit: str, since: str) -> str:
    """The change since an earlier year in words: 改善, 退步 or 持平."""
    if before is None:
        return f"{since}无数据"
    if now == before:
        return f"与{since}持平"
    return f"较{since}{'增加' if now > before else '减少'} {abs(now - before)} {unit}"
