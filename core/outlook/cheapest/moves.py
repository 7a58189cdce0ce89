"""Teachers who change school inside the county (县管校聘) as part of a plan: who may go where, and who goes.

A move takes one teacher of a kind (L1, L2, L3) from one public school row to another of the same stage, within so
many kilometres as the crow flies. Whoever moves holds the higher degree, so every move counts for L1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, cos, inf, isinf, radians, sin, sqrt

import highspy
import numpy as np

from core.errors import RequestInvalid
from core.outlook.baseline import Baseline
from core.outlook.cheapest.model import CODES, L1, L2, L3, UNLIMITED, PlanModel
from core.outlook.cheapest.search import rows_pass, within
from core.outlook.what_if.levers import HIRED, RESOURCES
from core.rules.prices import Prices

KINDS = (L1, L2, L3)
_EARTH_KM = 6371.0
_HAIR = 1e-6
_DONORS_TRIED = 8
# Places among KINDS of those who are counted among a row's teachers: backbone, sport and arts.
COUNTED_AMONG = (KINDS.index(L2), KINDS.index(L3))


@dataclass(frozen=True)
class Exchange:
    """Who may send teachers to whom. Moves are counted by pair and kind, an array of len(pairs) × 3.

    `pairs` are rows (from, to), `km` the distance of each; `held` the most teachers of each kind that a row can
    send, `leaving` the most in all, `others` the most that are not of the kinds L2 and L3: those who stay must not be
    fewer than the backbone, or the sport and arts teachers, among them. `price` is yuan for one move.
    """

    pairs: np.ndarray
    km: np.ndarray
    held: np.ndarray
    leaving: np.ndarray
    others: np.ndarray
    price: float

    def can_send(self, rows: np.ndarray, place: int, sent: np.ndarray) -> np.ndarray:
        """Which rows can send one more teacher of a kind, beyond those `sent` by row and kind."""
        left = (sent[rows, place] < self.held[rows, place]) & (sent[rows].sum(1) < self.leaving[rows])
        for kept, kind in enumerate(COUNTED_AMONG):
            if place != kind:
                left &= np.delete(sent, kind, 1)[rows].sum(1) < self.others[rows, kept]
        able: np.ndarray = left
        return able

    def gained(self, moves: np.ndarray) -> np.ndarray:
        """What each row has more of each resource after the moves, below zero where teachers leave."""
        rows = len(self.leaving)
        gained = np.zeros((rows, len(CODES)), dtype=moves.dtype)
        for place, kind in enumerate(KINDS):
            np.add.at(gained[:, kind], self.pairs[:, 1], moves[:, place])
            np.subtract.at(gained[:, kind], self.pairs[:, 0], moves[:, place])
        gained[:, L1] += gained[:, L2] + gained[:, L3]
        return gained

    def cost(self, moves: np.ndarray) -> float:
        """Yuan of the moves."""
        return float(moves.sum()) * self.price

    def moved(self, model: PlanModel, moves: np.ndarray) -> PlanModel:
        """The county after the moves; backbone teachers are recognised among fewer where teachers have left."""
        gained = self.gained(moves)
        others = gained[:, L1] - gained[:, L2]
        cap = model.cap.copy()
        bounded = cap[:, L2] < UNLIMITED
        cap[bounded, L2] = np.maximum(0, cap[bounded, L2] + np.minimum(0, others[bounded]))
        return replace(model.after(gained), cap=cap)


def exchange_within(
    baseline: Baseline, model: PlanModel, prices: Prices, salary_years: int, most_km: float
) -> Exchange | None:
    """The exchange of a county with moves no farther than `most_km` (inf: any); None where nobody can move.

    A school without coordinates takes part only when any distance will do. Raises RequestInvalid for a distance
    that is none.
    """
    if not most_km > 0:
        raise RequestInvalid(f"交流距离应大于 0 千米，现为 {most_km:g} 千米。")
    seats = {p.school_id: (p.lon, p.lat) for p in baseline.places if p.lon is not None and p.lat is not None}
    public = {p.school_id for p in baseline.places if p.ownership == "public"}
    rows = len(model.keys)
    held, leaving = np.zeros((rows, len(KINDS)), dtype=np.int64), np.zeros(rows, dtype=np.int64)
    others = np.zeros((rows, len(COUNTED_AMONG)), dtype=np.int64)
    takes_part = np.zeros(rows, dtype=bool)
    for row, key in enumerate(model.keys):
        figures = baseline.facts.enrolment.get(key, {})
        takes_part[row] = key[0] in public and bool(model.known[row, list(KINDS)].all())
        if takes_part[row]:
            reported = [figures.get(fact) for fact in HIRED]
            leaving[row] = int(min((number for number in reported if number is not None), default=0))
            held[row] = [int(figures.get(RESOURCES[CODES[kind]].fact) or 0) for kind in KINDS]
            teachers = int(figures.get("teachers") or 0)
            others[row] = [max(0, teachers - int(held[row, kind])) for kind in COUNTED_AMONG]
    pairs, distances = [], []
    for giver in np.flatnonzero(takes_part & (leaving > 0)):
        for taker in np.flatnonzero(takes_part & (model.stage == model.stage[giver])):
            if model.school[giver] == model.school[taker]:
                continue
            km = _km(seats.get(model.keys[giver][0]), seats.get(model.keys[taker][0]))
            if km <= most_km:
                pairs.append((giver, taker))
                distances.append(km)
    if not pairs:
        return None
    price = prices["teacher_move"]
    if price.yuan <= 0:
        raise RequestInvalid(f"{price.name}的单价应大于 0，现为 {price.yuan:f} 元。")
    yuan = float(price.yuan * (salary_years if price.paid == "yearly" else 1))
    return Exchange(np.array(pairs, dtype=np.int64), np.array(distances), held, leaving, others, yuan)


def _km(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    """Great-circle distance of two (longitude, latitude); inf where one is unknown."""
    if one is None or other is None:
        return inf
    (lon, lat), (lon2, lat2) = ((radians(p[0]), radians(p[1])) for p in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))


def whole_moves(exchange: Exchange, flows: np.ndarray) -> np.ndarray:
    """Flows in fractions rounded down."""
    moves: np.ndarray = np.floor(flows + _HAIR).astype(np.int64)
    return moves


def moved_instead(
    model: PlanModel, exchange: Exchange, moves: np.ndarray, units: np.ndarray, minimum_met: int
) -> tuple[np.ndarray, np.ndarray]:
    """Moves in place of purchases wherever a school nearby can spare the teacher and everything still passes."""
    moves, units = moves.copy(), units.copy()
    groups = [(stage, code) for stage in range(2) for code in KINDS if model.balanced[stage, code]]
    takers = {row: np.flatnonzero(exchange.pairs[:, 1] == row) for row in np.unique(exchange.pairs[:, 1])}
    sent = np.stack([np.bincount(exchange.pairs[:, 0], moves[:, k], len(model.keys)) for k in range(len(KINDS))], 1)

    def passes(rows: list[int]) -> bool:
        after = exchange.moved(model, moves)
        if not rows_pass(after, units, minimum_met)[rows].all():
            return False
        if (units[rows] > after.cap[rows]).any():
            return False
        stage = model.stage[rows[0]]
        return all(within(after, units, *group) for group in groups if group[0] == stage)

    for row, place in zip(*np.nonzero(units[:, list(KINDS)]), strict=True):
        kind = KINDS[place]
        if exchange.price >= model.price[kind]:
            continue
        for _ in range(int(units[row, kind])):
            now = exchange.moved(model, moves).values(units)[:, kind]
            pairs = takers.get(row, np.zeros(0, dtype=np.int64))
            givers = exchange.pairs[pairs, 0]
            able = exchange.can_send(givers, place, sent)
            ordered = pairs[able][np.argsort(-now[givers[able]], kind="stable")][:_DONORS_TRIED]
            for pair in ordered:
                giver = int(exchange.pairs[pair, 0])
                moves[pair, place] += 1
                units[row, kind] -= 1
                if passes([giver, int(row)]):
                    sent[giver, place] += 1
                    break
                moves[pair, place] -= 1
                units[row, kind] += 1
            else:
                break
    return moves, units


def shortest(model: PlanModel, exchange: Exchange, moves: np.ndarray) -> np.ndarray:
    """The same leaving and arriving over the fewest kilometres in all; unchanged where a distance is not known."""
    if any(isinf(km) for km in exchange.km):
        return moves
    chosen = np.zeros_like(moves)
    for place in range(len(KINDS)):
        for stage in range(2):
            here = np.flatnonzero(model.stage[exchange.pairs[:, 0]] == stage)
            if moves[here, place].any():
                chosen[here, place] = _transport(exchange.pairs[here], exchange.km[here], moves[here, place])
    return chosen


def _transport(pairs: np.ndarray, km: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """The transport problem: its corners are whole numbers."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    ends = [*((0, row) for row in np.unique(pairs[:, 0])), *((1, row) for row in np.unique(pairs[:, 1]))]
    rule = {end: number for number, end in enumerate(ends)}
    for side, row in ends:
        total = float(moves[pairs[:, side] == row].sum())
        solver.addRow(total, total, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
    for (giver, taker), far in zip(pairs.tolist(), km.tolist(), strict=True):
        index = np.array([rule[0, giver], rule[1, taker]], dtype=np.int32)
        solver.addCol(far, 0.0, highspy.kHighsInf, 2, index, np.ones(2))
    solver.run()
    return np.round(np.array(solver.getSolution().col_value)).astype(np.int64)
