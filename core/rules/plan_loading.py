"""Reads a plan from its TOML file and reports every fault of the file at once."""

from __future__ import annotations

from pathlib import Path

from core.rules.plan import Plan
from core.rules.plan_checks import reference_faults
from core.rules.reading import RulesFile

_PLANS = RulesFile(Plan, reference_faults)


def load_plan(path: Path) -> Plan:
    """The plan in `path`. Raises RulesInvalid with every fault of the file."""
    return _PLANS.read(path)
