"""The verdict under another reading or a relief, beside the one that counts: with and without, never silently."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.dataset.dictionary import name_of
from core.method.assessment import Assessment, ItemResult, Verdict
from core.method.comparison import compare
from core.method.subjects import Subject
from core.naming import named
from core.rules.standard import OFF, Option, Standard
from core.wording.items import item_name
from core.wording.verdicts import WORDS, part_text, row_name

# The choices of every relief.
RELIEVED, PLAIN = "on", OFF
_MOST_NAMED = 5
# Judges the same year again with choices laid over the standard's.
ReadAs = Callable[[Mapping[str, str]], Assessment]


def outside_their_years(choices: Mapping[str, str], year: int, standard: Standard) -> list[str]:
    """A warning for every relief that is claimed in a school year for which it was not written."""
    return [
        f"{option.name}（{standard.documents[option.document].number}）只适用于 {option.first_year} 至 "
        f"{option.last_year} 学年的数据，{year} 学年按此判定没有依据。"
        for option in standard.options
        if option.kind == "relief" and choices.get(option.option_id, option.default) == RELIEVED
        if not option.covers(year)
    ]


def relief_clause(assessment: Assessment, standard: Standard) -> str:
    """The reliefs that are claimed, for the line that says where figures come from; empty where none is."""
    claimed = [o for o in standard.options if o.kind == "relief" and assessment.choices[o.option_id] == RELIEVED]
    if not claimed:
        return ""
    names = [o.name + ("" if o.covers(assessment.year) else f"（不适用于 {assessment.year} 学年）") for o in claimed]
    return f"，按减免：{'、'.join(names)}"


@dataclass(frozen=True)
class Difference:
    """Something that stands otherwise under a relief; `subject` is as in links and the ledger."""

    subject: Subject
    name: str
    relieved: str
    plain: str


def other_reading(assessment: Assessment, read_as: ReadAs, standard: Standard) -> str | None:
    """The headline figures without the exclusion of small teaching points; None when none is left out."""
    small = [x for x in assessment.left_out if x.reason == "teaching_point_under_50"]
    if not small:
        return None
    option = standard.option("small_teaching_points")
    choice = next(name for name in option.choices if name != option.default)
    other = read_as({option.option_id: choice})
    return (
        f"{standard.exclusion('teaching_point_under_50').name} {len(small)} 个未计入；若{option.choices[choice]}："
        f"{part_text(other.schools_part, '所学校（分学段计）')}，差异系数 {part_text(other.balance_part, '项')}，"
        f"全县{WORDS[other.verdict]}。"
    )


def differences(plain: Assessment, relieved: Assessment, standard: Standard) -> Iterator[Difference]:
    """What stands otherwise with a relief than without: school rows, coefficients, items, single schools of items."""
    compared = compare(plain, relieved)
    for change in compared.rows:
        words = [WORDS[side.verdict] if side else "不参评" for side in (change.after, change.before)]
        yield Difference(
            Subject.of_row(change.row.school_id, change.row.stage), row_name(change.row), words[0], words[1]
        )
    for before, after in compared.balance:
        name = f"{name_of('stage', after.stage)}{standard.indicator(after.code).short_name}差异系数"
        yield Difference(Subject.of_balance(after.stage, after.code), name, WORDS[after.verdict], WORDS[before.verdict])
    schools = [
        (one, two)
        for one, two in zip(plain.school_items, relieved.school_items, strict=True)
        if one.verdict is not two.verdict
    ]
    changed = {one.code for one, _ in schools}
    for result, other in zip(plain.items, relieved.items, strict=True):
        if result.verdict is not other.verdict or result.code in changed:
            name = item_name(result.code, standard)
            yield Difference(
                Subject.of_item(result.code), name, _item_words(other, changed), _item_words(result, changed)
            )
    for one, two in schools:
        subject, name = (
            Subject.of_school_item(one.school_id, one.code),
            f"{one.name}{standard.item(one.code).short_name}",
        )
        yield Difference(subject, name, WORDS[two.verdict], WORDS[one.verdict])


def _item_words(result: ItemResult, counted: Container[str]) -> str:
    return WORDS[result.verdict] + (f"（{result.failing or 0} 所不符合）" if result.code in counted else "")


def relief_sentences(
    assessment: Assessment,
    read_as: ReadAs,
    standard: Standard,
    concerned: Callable[[Subject], bool],
    *,
    whole_county: bool = False,
) -> Iterator[str]:
    """One sentence for each relief on which something concerned depends, with the county's verdict where it is spoken of."""
    for option in standard.options:
        if option.kind != "relief":
            continue
        plain, relieved = (
            assessment if option.default == choice else read_as({option.option_id: choice})
            for choice in (PLAIN, RELIEVED)
        )
        found = [d for d in differences(plain, relieved, standard) if concerned(d.subject)]
        if found:
            verdicts = (relieved.verdict, plain.verdict) if whole_county else None
            yield relief_sentence(option, found, verdicts)


def relief_sentence(
    option: Option, found: Sequence[Difference], verdicts: tuple[Verdict, Verdict] | None = None
) -> str:
    """Both sides of a relief, and which one counts; `verdicts` of the county, relieved first, where it is spoken of."""
    relieved = named([d.name + d.relieved for d in found], "处", _MOST_NAMED)
    plain = named([d.name + d.plain for d in found], "处", _MOST_NAMED)
    if verdicts is not None:
        relieved, plain = f"{relieved}，全县{WORDS[verdicts[0]]}", f"{plain}，全县{WORDS[verdicts[1]]}"
    counted = "按特例" if option.default == RELIEVED else "不计特例"
    return f"{option.name}：按特例 {relieved}；不计特例 {plain}。现{counted}判定。"
