"""What stands on the map: schools with their worst verdict, townships with their share, from one judgement; and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.dataset.dictionary import name_of
from core.facts.school_facts import SchoolPlace
from core.method.assessment import Assessment, PartCount, SchoolRow, Verdict, count
from core.method.failures import WORST_FIRST
from core.wording.numbers import against_limit, share_text
from core.wording.verdicts import SHAPES, WORDS


@dataclass(frozen=True)
class SchoolMark:
    """One school on the map: its worst verdict among its rows, where it stands."""

    place: SchoolPlace
    rows: tuple[SchoolRow, ...]
    verdict: Verdict
    pupils: int | None
    left_out: str | None


@dataclass(frozen=True)
class TownshipFill:
    """A township's share of school rows that pass; None where it has no evaluated row."""

    code: str
    name: str
    part: PartCount
    pupils: int

    def words(self) -> str:
        """The fill in words."""
        if not self.part.total:
            return "无在校生" if not self.pupils else "无参评学校"
        met = f"{self.part.met}/{self.part.total} 所学校（分学段计）达标"
        if self.part.unknown:
            return f"{met}，{self.part.unknown} 个无法判定"
        return f"{met}（{share_text(self.part.met / self.part.total)}）"


def layer_verdict(row: SchoolRow, code: str | None) -> Verdict:
    """What a row's mark shows: its verdict, or one indicator's."""
    return row.verdict if code is None else row.indicator(code).verdict


def school_marks(
    assessment: Assessment, places: Sequence[SchoolPlace], code: str | None, reasons: Mapping[str, str]
) -> list[SchoolMark]:
    """Every open school with its worst verdict; schools that are not evaluated carry the reason."""
    marks = []
    for place in places:
        rows = tuple(r for r in assessment.rows if r.school_id == place.school_id)
        out = [x for x in assessment.left_out if x.school_id == place.school_id]
        verdicts = [layer_verdict(r, code) for r in rows] or [Verdict.NOT_APPLICABLE]
        known = [r.pupils for r in rows if r.pupils is not None] + [x.pupils for x in out if x.pupils is not None]
        marks.append(
            SchoolMark(
                place,
                rows,
                min(verdicts, key=WORST_FIRST.index),
                sum(known) if known else None,
                reasons.get(out[0].reason, out[0].reason) if out and not rows else None,
            )
        )
    return sorted(marks, key=lambda m: (WORST_FIRST.index(m.verdict), -(m.pupils or 0)))


def township_fills(assessment: Assessment, code: str | None) -> list[TownshipFill]:
    """Every township with its share of rows that pass."""
    fills = []
    for township, name in assessment.township_names.items():
        rows = [r for r in assessment.rows if r.township_code == township]
        out = [x for x in assessment.left_out if x.township_code == township]
        pupils = sum(r.pupils or 0 for r in rows) + sum(x.pupils or 0 for x in out)
        fills.append(TownshipFill(township, name, count(layer_verdict(r, code) for r in rows), pupils))
    return fills


def mark_words(mark: SchoolMark) -> str:
    """A school in one line."""
    if mark.left_out:
        return f"{mark.place.name}：未参评（{mark.left_out}）"
    pupils = "学生数未报" if mark.pupils is None else f"{mark.pupils:,} 人"
    return f"{mark.place.name}：{SHAPES[mark.verdict]} {WORDS[mark.verdict]}，{pupils}"


def mark_detail(mark: SchoolMark, code: str | None) -> str:
    """The rows of a school with the figure that the layer shows."""
    details = []
    for row in mark.rows:
        if code is None:
            details.append(f"{name_of('stage', row.stage)} {row.met_count}/{len(row.indicators)} 项达标")
        else:
            holding = row.indicator(code)
            details.append(
                f"{name_of('stage', row.stage)} {against_limit(holding.value, holding.limit, at_least=True)}"
            )
    return "；".join(details) or (mark.left_out or "")
