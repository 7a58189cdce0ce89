"""A proven lower bound of a plan's cost: a linear programme that every plan must satisfy.

Units may be fractions and indicators may be spared in part, so no plan can cost less. The coefficient's limit is a
second-order cone, cut by tangents until the solution obeys it: with deviation d of a row from the mean, weight w and
t = limit × mean, Σ w d² ≤ t² is u ≥ w (2 s d − s² t) for every slope s, Σ u ≤ t. Teachers may also flow from school
to school where an exchange allows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from core.outlook.cheapest.model import CODES, L1, L3, SHARED, UNLIMITED, PlanModel
from core.outlook.cheapest.moves import COUNTED_AMONG, KINDS, Exchange
from core.progress import Tell, unheard

_ROUNDS = 40
_TOLERANCE = 1e-6
_LONGEST_SECONDS = 20.0
# So few rows are solved in whole units: in nodes, not seconds, so that the same figures give the same answer.
_WHOLE_ROWS, _MOST_NODES, _MIP_GAP = 12, 20_000, 1e-6


@dataclass(frozen=True)
class Bound:
    """Yuan that no plan can stay below, and the purchases and moves in fractions that cost just that."""

    yuan: float
    units: np.ndarray
    moves: np.ndarray | None


def least_cost(
    model: PlanModel,
    minimum_met: int,
    exchange: Exchange | None = None,
    most_hires: int | None = None,
    tell: Tell = unheard,
) -> Bound | None:
    """The bound of a model; None when the solver finds no answer in time or none exists. May be stopped.

    In a small county people, rooms and the indicator that is spared are whole, so that the bound is the cost itself.
    """
    programme = _Programme(model, minimum_met, exchange, most_hires)
    bound: Bound | None = None
    for done in range(_ROUNDS):
        tell(done / _ROUNDS)
        found = programme.solve()
        if found is None:
            break
        bound = found
        if not programme.cut(programme.values(found)):
            break
    return bound


class _Programme:
    """The linear programme of a model, growing by cuts. Units are scaled so that one of each is about as large."""

    def __init__(
        self, model: PlanModel, minimum_met: int, exchange: Exchange | None, most_hires: int | None = None
    ) -> None:
        self.model = model
        self.exchange = exchange
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.silent()
        self.columns = self.rows = 0
        self.shape = model.to_limit.shape
        self.is_whole = len(model.keys) <= _WHOLE_ROWS
        if not self.is_whole:
            self.solver.setOptionValue("time_limit", _LONGEST_SECONDS)
        self.solver.setOptionValue("mip_max_nodes", _MOST_NODES)
        self.solver.setOptionValue("mip_rel_gap", _MIP_GAP)
        self.units = self._unit_columns()
        if most_hires is not None:
            hires = np.unique(self.units[:, [L1, L3]])
            self._row(-highspy.kHighsInf, float(most_hires), dict.fromkeys(hires.tolist(), 1.0))
        # By row and kind the column of what arrives less what leaves, and the flows' columns by pair and kind.
        self.net: dict[tuple[int, int], int] = {}
        self.flows = np.zeros((0, len(KINDS)), dtype=np.int64)
        if exchange is not None:
            self._exchange_columns(exchange)
        self.means: dict[tuple[int, int], int] = {}
        self.parts: dict[tuple[int, int], np.ndarray] = {}
        self._row_rules(max(0, len(CODES) - minimum_met))

    def _column(self, cost: float, low: float, high: float) -> int:
        self.solver.addCol(cost, low, high, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
        self.columns += 1
        return self.columns - 1

    def _row(self, low: float, high: float, entries: dict[int, float]) -> int:
        index = np.fromiter(entries, dtype=np.int32)
        self.solver.addRow(low, high, len(index), index, np.fromiter(entries.values(), dtype=float))
        self.rows += 1
        return self.rows - 1

    def _unit_columns(self) -> np.ndarray:
        """A column for each purchase; a school's rows share those of its premises."""
        model = self.model
        columns = np.zeros(self.shape, dtype=np.int64)
        for place in range(len(CODES)):
            shared: dict[int, int] = {}
            for row in range(self.shape[0]):
                school = int(model.school[row])
                if SHARED[place] and school in shared:
                    columns[row, place] = shared[school]
                    continue
                cap = float(model.cap[row, place])
                high = highspy.kHighsInf if cap >= UNLIMITED else cap / self.model.step[place]
                column = self._column(model.price[place] * self.model.step[place], 0.0, high)
                if self.is_whole and self.model.step[place] == 1:
                    self.solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
                columns[row, place] = shared[school] = column
        return columns

    def _exchange_columns(self, exchange: Exchange) -> None:
        """Flows by pair and kind, their balance at every row, and how many teachers a row can send."""
        rows = np.unique(exchange.pairs)
        balances, senders, alls, others = {}, {}, {}, {}
        for row in rows.tolist():
            for place, kind in enumerate(KINDS):
                self.net[row, kind] = self._column(0.0, -highspy.kHighsInf, highspy.kHighsInf)
                balances[row, place] = self._row(0.0, 0.0, {self.net[row, kind]: 1.0})
                senders[row, place] = self._row(-highspy.kHighsInf, float(exchange.held[row, place]), {})
            alls[row] = self._row(-highspy.kHighsInf, float(exchange.leaving[row]), {})
            for kept, kind_place in enumerate(COUNTED_AMONG):
                others[row, kind_place] = self._row(-highspy.kHighsInf, float(exchange.others[row, kept]), {})
        starts: list[int] = []
        index: list[int] = []
        values: list[float] = []
        for giver, taker in exchange.pairs.tolist():
            for place in range(len(KINDS)):
                starts.append(len(index))
                index += [balances[giver, place], balances[taker, place], senders[giver, place], alls[giver]]
                values += [1.0, -1.0, 1.0, 1.0]
                among = [others[giver, kind_place] for kind_place in COUNTED_AMONG if kind_place != place]
                index += among
                values += [1.0] * len(among)
        number = len(starts)
        self.flows = np.arange(self.columns, self.columns + number).reshape(-1, len(KINDS))
        self.solver.addCols(
            number,
            np.full(number, exchange.price),
            np.zeros(number),
            np.full(number, highspy.kHighsInf),
            len(index),
            np.array(starts, dtype=np.int32),
            np.array(index, dtype=np.int32),
            np.array(values),
        )
        self.columns += number
        if self.is_whole:
            for column in self.flows.ravel().tolist():
                self.solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)

    def _value(self, row: int, place: int) -> dict[int, float]:
        """How a row's value depends on the purchases."""
        per_unit = self.model.unit_value[row, place]
        entries = {int(self.units[row, place]): per_unit * self.model.step[place]}
        if place == L1:
            entries[int(self.units[row, L3])] = per_unit * self.model.step[L3]
        for kind in KINDS:
            # Whoever moves counts for L1.
            if (row, kind) in self.net and place in (L1, kind):
                entries[self.net[row, kind]] = per_unit
        return entries

    def _row_rules(self, spare: int) -> None:
        """Every indicator at its limit, of which so many may be spared down to the floor."""
        model = self.model
        with np.errstate(divide="ignore", invalid="ignore"):
            limits = np.where(model.unit_value > 0, model.limit_need * model.unit_value, 0)
            floors = np.where(model.unit_value > 0, model.floor_need * model.unit_value, 0)
        for row in range(self.shape[0]):
            spared: dict[int, float] = {}
            can_lose = np.zeros(len(CODES), dtype=bool)
            can_lose[list(KINDS)] = (row, L1) in self.net
            # What nobody can take away stays as it is when an indicator is spared.
            floors[row] = np.where(can_lose, floors[row], np.maximum(floors[row], 0))
            for place in np.flatnonzero((model.to_limit[row] > 0) | can_lose):
                # Whole units are needed in any plan, so the rounded-up needs bound it too.
                entries = self._value(row, int(place))
                drop = limits[row, place] - floors[row, place]
                if spare and drop > 0:
                    column = self._column(0.0, 0.0, 1.0)
                    if self.is_whole:
                        self.solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
                    entries[column], spared[column] = drop, 1.0
                self._row(limits[row, place], highspy.kHighsInf, entries)
            if len(spared) > spare:
                self._row(-highspy.kHighsInf, float(spare), spared)

    def solve(self) -> Bound | None:
        """The optimum, None when there is none in time."""
        self.solver.run()
        info = self.solver.getInfo()
        # A search that is stopped early has a solution and a bound below it.
        stopped = self.is_whole and self.solver.getModelStatus() == highspy.HighsModelStatus.kSolutionLimit
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal and not stopped:
            return None
        found = np.array(self.solver.getSolution().col_value)
        return Bound(
            float(info.mip_dual_bound if self.is_whole else info.objective_function_value),
            found[self.units] * self.model.step[None, :],
            None if self.exchange is None else found[self.flows],
        )

    def values(self, found: Bound) -> np.ndarray:
        """Every row's values at a solution, as shares of the limits."""
        values = self.model.values(found.units)
        if self.exchange is not None and found.moves is not None:
            values = values + self.model.unit_value * self.exchange.gained(found.moves)
        return values

    def cut(self, values: np.ndarray) -> bool:
        """Add tangents where a coefficient is over its limit; False when none is."""
        model, added = self.model, False
        for stage in range(2):
            for place in range(len(CODES)):
                limit = float(model.cv_limit[stage])
                if model.balanced[stage, place] and model.cv(stage, values[:, place]) > limit * (1 + _TOLERANCE):
                    self._tangents(stage, place, values[:, place], limit)
                    added = True
        return added

    def _tangents(self, stage: int, place: int, values: np.ndarray, limit: float) -> None:
        model = self.model
        rows = np.flatnonzero(model.stage == stage)
        shares = model.pupils[rows] / model.pupils[rows].sum()
        key = (stage, place)
        if key not in self.means:
            self._add_cone(key, rows, shares, place, limit)
        mean = float((shares * values[rows]).sum())
        slopes = (values[rows] - mean) / (limit * mean)
        for part, row, share, slope in zip(self.parts[key], rows, shares, slopes, strict=True):
            # u − 2 w s (value − mean) + w s² limit mean ≥ 0
            entries = {int(part): 1.0}
            for column, weight in self._value(int(row), place).items():
                entries[column] = entries.get(column, 0.0) - 2 * share * slope * weight
            entries[self.means[key]] = 2 * share * slope + share * slope * slope * limit
            self._row(2 * share * slope * float(model.value[row, place]), highspy.kHighsInf, entries)

    def _add_cone(self, key: tuple[int, int], rows: np.ndarray, shares: np.ndarray, place: int, limit: float) -> None:
        mean = self._column(0.0, 0.0, highspy.kHighsInf)
        self.means[key] = mean
        entries = {mean: 1.0}
        for row, share in zip(rows, shares, strict=True):
            for column, weight in self._value(int(row), place).items():
                entries[column] = entries.get(column, 0.0) - share * weight
        base = float((shares * self.model.value[rows, place]).sum())
        self._row(base, base, entries)
        parts = np.array([self._column(0.0, 0.0, highspy.kHighsInf) for _ in rows])
        self.parts[key] = parts
        self._row(-highspy.kHighsInf, 0.0, {**dict.fromkeys(parts.tolist(), 1.0), mean: -limit})
