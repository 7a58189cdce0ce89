"""Which columns the method answers, and how its rows become an Assessment."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.method.assessment import (
    Assessment,
    BalanceResult,
    ClassSizes,
    ItemResult,
    LeftOut,
    SchoolIndicator,
    SchoolItem,
    SchoolRow,
    Verdict,
)
from core.rules.standard import STAGES, Standard

Answer = Mapping[str, list[tuple[Any, ...]]]

# Decimals travel as text: the client reads them ten times faster, and just as exactly.
COLUMNS = {
    "school_rows": (
        "school_id, stage, name, kind, township_code, zone, central_area, ownership, sponsor_code,"
        " reported, left_out, cast(pupils as varchar), relieved"
    ),
    "school_indicators": (
        "school_id, stage, code, cast(per_pupils as varchar), cast(limit_amount as varchar),"
        " cast(floor_amount as varchar), cast(pupils as varchar), cast(weight as varchar),"
        " cast(weighted_pupils as varchar), cast(total as varchar), cast(surplus as varchar),"
        " cast(floor_surplus as varchar),"
        " verdict, above_floor, borderline, contribution"
    ),
    "school_verdicts": "school_id, stage, verdict, met_count, not_met_count, unknown_count, below_floor_count",
    "balance": "stage, code, cast(limit_amount as varchar), school_count, mean, sd, cv, verdict, borderline",
    "class_sizes": (
        "school_id, name, stage, township_code, central_area, known, classes, over_limit, large, oversized,"
        " super_oversized, unsure, largest, largest_at_most"
    ),
    "school_items": (
        "school_id, name, township_code, code, verdict, failing, found, required, music_rooms, art_rooms, by_budget,"
        " relieved"
    ),
    "county_items": (
        "position, code, part, verdict, cast(value as double), judgement, figures_verdict, scope, failing,"
        " unknown_count, numerator, denominator, second_numerator, second_denominator, borderline"
    ),
    "county_verdict": "verdict",
}
_STAGE_ORDER: dict[str, int] = {stage: n for n, stage in enumerate(STAGES)}
_VERDICTS = {verdict.value: verdict for verdict in Verdict}


def assessment_of(
    answer: Answer,
    standard: Standard,
    county_code: str,
    year: int,
    chosen: Mapping[str, str],
    township_names: Mapping[str, str],
    without_figures: tuple[str, ...],
) -> Assessment:
    """The typed judgement of a county from the rows of every relation in COLUMNS."""
    school_rows = sorted(answer["school_rows"], key=lambda r: (r[0], _STAGE_ORDER[r[1]]))
    class_sizes = tuple(
        _class_sizes(c) for c in sorted(answer["class_sizes"], key=lambda c: (c[0], _STAGE_ORDER[c[2]]))
    )
    return Assessment(
        county_code=county_code,
        year=year,
        standard_id=standard.standard_id,
        choices=dict(chosen),
        verdict=_VERDICTS[answer["county_verdict"][0][0]],
        rows=_school_rows(school_rows, answer, {(c.school_id, c.stage): c for c in class_sizes}),
        left_out=tuple(_left_out(school_rows)),
        balance=tuple(
            BalanceResult(stage, code, Decimal(limit), school_count, mean, sd, cv, _VERDICTS[verdict], bool(borderline))
            for stage, code, limit, school_count, mean, sd, cv, verdict, borderline in sorted(
                answer["balance"], key=lambda b: (_STAGE_ORDER[b[0]], b[1])
            )
        ),
        items=tuple(_item(i) for i in sorted(answer["county_items"])),
        school_items=tuple(
            SchoolItem(school_id, name, township, code, _VERDICTS[verdict], *figures)
            for school_id, name, township, code, verdict, *figures in sorted(
                answer["school_items"], key=lambda s: (s[3], s[0])
            )
        ),
        class_sizes=class_sizes,
        township_names=dict(township_names),
        without_figures=without_figures,
    )


def _left_out(school_rows: list[tuple[Any, ...]]) -> list[LeftOut]:
    return [
        LeftOut(school_id, name, stage, kind, township, None if pupils is None else int(pupils), reason)
        for school_id, stage, name, kind, township, *_, reported, reason, pupils, _relieved in school_rows
        if reason and (reported or reason == "closed")
    ]


def _class_sizes(c: tuple[Any, ...]) -> ClassSizes:
    school_id, name, stage, township, central, known, *counts, at_most = c
    classes, over_limit, large, oversized, super_oversized, unsure, largest = map(int, counts)
    return ClassSizes(
        school_id,
        name,
        stage,
        township,
        _flag(central),
        known,
        classes,
        over_limit,
        large,
        oversized,
        super_oversized,
        unsure,
        largest,
        _whole(at_most),
    )


def _school_indicators(answer: Answer) -> dict[tuple[str, str], list[SchoolIndicator]]:
    numbers: dict[str | None, Decimal | None] = {None: None}
    school_indicators: dict[tuple[str, str], list[SchoolIndicator]] = {}
    for school_id, stage, code, *texts, verdict, above_floor, borderline, contribution in sorted(
        answer["school_indicators"], key=lambda h: h[2]
    ):
        for text in texts:
            if text not in numbers:
                numbers[text] = Decimal(text)
        per, limit, floor, pupils, weight, weighted, total, surplus, floor_surplus = (numbers[text] for text in texts)
        assert per is not None and limit is not None and floor is not None and weight is not None
        amount = value = shortfall = None
        if total is not None and pupils is not None and weighted is not None and surplus is not None:
            # From the exact figures: a value that ends in 5 is printed rounded up.
            amount, value = float(total * weight * pupils / weighted), float(limit + surplus / weighted)
            shortfall = float(-surplus * pupils / (weighted * per)) if surplus < 0 and per else 0.0
        school_indicators.setdefault((school_id, stage), []).append(
            SchoolIndicator(
                school_id,
                stage,
                code,
                per,
                limit,
                floor,
                pupils,
                weight,
                weighted,
                surplus,
                floor_surplus,
                amount,
                value,
                _VERDICTS[verdict],
                above_floor,
                bool(borderline),
                shortfall,
                contribution,
            )
        )
    return school_indicators


def _school_rows(
    school_rows: list[tuple[Any, ...]], answer: Answer, sizes_of: Mapping[tuple[str, str], ClassSizes]
) -> tuple[SchoolRow, ...]:
    school_indicators = _school_indicators(answer)
    verdicts = {v[:2]: v[2:] for v in answer["school_verdicts"]}
    rows = []
    for (
        school_id, stage, name, kind, township, zone, central, ownership, sponsor, _, left_out, pupils, relieved,
    ) in school_rows:  # fmt: skip
        if left_out:
            continue
        key = (school_id, stage)
        verdict, met, not_met, unknown, below_floor = verdicts[key]
        sizes = sizes_of[key]
        rows.append(
            SchoolRow(
                school_id,
                name,
                stage,
                kind,
                township,
                zone,
                _flag(central),
                ownership,
                sponsor,
                None if pupils is None else int(pupils),
                _VERDICTS[verdict],
                int(met),
                int(not_met),
                int(unknown),
                int(below_floor),
                bool(relieved),
                tuple(school_indicators[key]),
                sizes.classes if sizes.known else None,
                sizes.largest if sizes.known else None,
                sizes.largest_at_most if sizes.known else None,
                sizes.over_limit if sizes.known else None,
            )
        )
    return tuple(rows)


def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _item(i: tuple[Any, ...]) -> ItemResult:
    _, code, part, verdict, value, judgement, figures_verdict, scope, failing, unknown, *figures = i
    return ItemResult(
        code,
        part,
        _VERDICTS[verdict],
        value,
        _VERDICTS[judgement] if judgement else None,
        _VERDICTS[figures_verdict] if figures_verdict else None,
        _whole(scope),
        _whole(failing),
        _whole(unknown),
        *figures,
    )
