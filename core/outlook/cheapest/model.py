"""A county as numbers for the optimiser: what each row holds, what it needs in whole units, what a unit costs.

Seven resources, L1–L7. Teachers are bought for a row, the others for a school, whose rows share them. A hired
teacher of sport, music or art also holds the higher degree: bought once, counted for L3 and L1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from propcache.api import cached_property

from core.errors import RequestInvalid
from core.method.assessment import Assessment, Verdict
from core.outlook.baseline import Baseline
from core.outlook.cheapest.purchases import price_of
from core.outlook.what_if.levers import RESOURCES
from core.rules.prices import Prices
from core.rules.standard import STAGES

CODES = tuple(RESOURCES)
L1, L2, L3 = (CODES.index(code) for code in ("L1", "L2", "L3"))
SHARED = np.array([not RESOURCES[code].is_teacher for code in CODES])
UNLIMITED = 10**12
_STEP_YUAN = 60_000


@dataclass(frozen=True)
class Caps:
    """The most that may be added: by resource at every school, and by school and resource."""

    everywhere: Mapping[str, int]
    at_schools: Mapping[tuple[str, str], int]

    def __post_init__(self) -> None:
        for code in (*self.everywhere, *(code for _, code in self.at_schools)):
            if code not in CODES:
                raise RequestInvalid(f"上限中的指标“{code}”未知，可选：{'、'.join(CODES)}。")
        if any(cap < 0 for cap in (*self.everywhere.values(), *self.at_schools.values())):
            raise RequestInvalid("各类资源的新增上限不能为负数。")


NO_CAPS = Caps({}, {})


@dataclass(frozen=True)
class PlanModel:
    """Arrays by row and resource. `limit_need` and `floor_need` are exact whole units up to the limit and the floor,
    below zero what could be given up; `unit_value` is how much one unit moves the row's value as a share of its
    limit, `value` the value itself as such a share. `school` numbers the school of each row. What was not reported
    is not `known`: it can neither be met nor bought.
    """

    keys: tuple[tuple[str, str], ...]
    school_ids: tuple[str, ...]
    school: np.ndarray
    stage: np.ndarray
    pupils: np.ndarray
    known: np.ndarray
    value: np.ndarray
    unit_value: np.ndarray
    limit_need: np.ndarray
    floor_need: np.ndarray
    cap: np.ndarray
    price: np.ndarray
    step: np.ndarray
    cv_limit: np.ndarray
    balanced: np.ndarray

    @cached_property
    def to_limit(self) -> np.ndarray:
        """Whole units missing to the limit, 0 where it is met."""
        missing: np.ndarray = np.maximum(self.limit_need, 0)
        return missing

    @cached_property
    def to_floor(self) -> np.ndarray:
        """Whole units missing to the floor, 0 where it is kept."""
        missing: np.ndarray = np.maximum(self.floor_need, 0)
        return missing

    def after(self, gained: np.ndarray) -> PlanModel:
        """The county once its rows hold so much more (or less) of each resource; caps and prices stay."""
        return replace(
            self,
            value=self.value + self.unit_value * gained,
            limit_need=self.limit_need - gained,
            floor_need=self.floor_need - gained,
        )

    def bought(self, need: np.ndarray) -> np.ndarray:
        """What is bought for needs by row and resource; a school's rows share its purchase, shown at each of them.

        Higher degrees beyond the cap of general hiring come with teachers of sport, music and art.
        """
        units = need.copy()
        units[:, L3] = np.maximum(need[:, L3], need[:, L1] - self.cap[:, L1])
        units[:, L1] = np.maximum(0, need[:, L1] - units[:, L3])
        for place in np.flatnonzero(SHARED):
            most = np.zeros(len(self.school_ids), dtype=np.int64)
            np.maximum.at(most, self.school, need[:, place])
            units[:, place] = most[self.school]
        return units

    def effective(self, units: np.ndarray) -> np.ndarray:
        """What each row has more of each resource after the purchases."""
        gained = units.copy()
        gained[:, L1] += units[:, L3]
        return gained

    def cost(self, units: np.ndarray) -> float:
        """Yuan of the purchases, each school's shared ones once."""
        first = np.zeros(len(self.school), dtype=bool)
        first[np.unique(self.school, return_index=True)[1]] = True
        counted = np.where(SHARED[None, :], units * first[:, None], units)
        return float((counted * self.price[None, :]).sum())

    def values(self, units: np.ndarray) -> np.ndarray:
        """Every row's values after the purchases, as shares of the limits."""
        values: np.ndarray = self.value + self.unit_value * self.effective(units)
        return values

    def cv(self, stage: int, values: np.ndarray) -> float:
        """The coefficient of one resource's values at one stage."""
        rows = self.stage == stage
        shares = self.pupils[rows] / self.pupils[rows].sum()
        mean = float((shares * values[rows]).sum())
        return float(np.sqrt((shares * (values[rows] - mean) ** 2).sum())) / mean if mean > 0 else np.inf


def plan_model(baseline: Baseline, prices: Prices, caps: Caps, salary_years: int) -> PlanModel:
    """The numbers of a county. Yearly prices count `salary_years` times."""
    assessment, standard = baseline.assessment, baseline.standard
    rows = [row for row in assessment.rows if row.pupils]
    school_ids = tuple(dict.fromkeys(row.school_id for row in rows))
    numbers = {school_id: place for place, school_id in enumerate(school_ids)}
    shape = (len(rows), len(CODES))
    price = np.array([_price(prices, code, salary_years) for code in CODES])
    known, value, unit_value = np.zeros(shape, dtype=bool), np.zeros(shape), np.zeros(shape)
    limit_need, floor_need = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    cap = np.full(shape, UNLIMITED, dtype=np.int64)
    for place, row in enumerate(rows):
        for number, code in enumerate(CODES):
            holding = row.indicator(code)
            limit = caps.at_schools.get((row.school_id, code), caps.everywhere.get(code, UNLIMITED))
            cap[place, number] = min(limit, _own_cap(baseline, row.key, code))
            if holding.value is None or not holding.pupils or not holding.weighted_pupils:
                continue
            known[place, number] = True
            value[place, number] = holding.value / float(holding.limit)
            share = holding.weight / holding.weighted_pupils * holding.per_pupils / holding.limit
            unit_value[place, number] = float(share)
            missing = holding.whole_units_missing()
            missing = max(1, missing) if holding.verdict is Verdict.NOT_MET else missing
            limit_need[place, number] = missing or -holding.whole_units_to_spare()
            missing = holding.whole_units_missing(to_floor=True)
            floor_need[place, number] = missing or -holding.whole_units_to_spare(to_floor=True)
    return PlanModel(
        keys=tuple(row.key for row in rows),
        school_ids=school_ids,
        school=np.array([numbers[row.school_id] for row in rows], dtype=np.int64),
        stage=np.array([STAGES.index(row.stage) for row in rows], dtype=np.int64),
        pupils=np.array([float(row.pupils or 0) for row in rows]),
        known=known,
        value=value,
        unit_value=unit_value,
        limit_need=limit_need,
        floor_need=floor_need,
        cap=cap,
        price=price,
        # About as much money in one step of every resource: one teacher or room, tens of ㎡, thousands of yuan.
        step=(10 ** np.maximum(0, np.round(np.log10(_STEP_YUAN / price)))).astype(np.int64),
        cv_limit=np.array([float(standard.balance.limit[stage]) for stage in STAGES]),
        balanced=_balanced(assessment),
    )


def _price(prices: Prices, code: str, salary_years: int) -> float:
    price = price_of(code, prices)
    if price.yuan <= 0:
        raise RequestInvalid(f"{price.name}的单价应大于 0，现为 {price.yuan:f} 元。")
    times = salary_years if price.paid == "yearly" else 1
    return float(price.yuan * times)


def _own_cap(baseline: Baseline, key: tuple[str, str], code: str) -> int:
    """Backbone teachers are recognised among a row's own teachers; nothing else is bounded by itself."""
    if code != "L2":
        return UNLIMITED
    figures = baseline.facts.enrolment.get(key, {})
    teachers, backbone = figures.get("teachers"), figures.get("backbone_teachers")
    return UNLIMITED if teachers is None or backbone is None else int(max(Decimal(0), teachers - backbone))


def _balanced(assessment: Assessment) -> np.ndarray:
    """Which coefficients, by stage and resource, can be judged and therefore must be within their limit."""
    return np.array(
        [
            [assessment.balance_of(stage, code).verdict in (Verdict.MET, Verdict.NOT_MET) for code in CODES]
            for stage in STAGES
        ]
    )
