"""Reads a plan from its TOML file and reports every fault of the file at once.

load_plan(path) -> Plan
plan_table(path) -> dict[str, Any]                  the file as plain tables
plan_from(table, path) -> Plan                      what such tables say
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.rules.plan import Plan
from core.rules.plan_checks import reference_faults
from core.rules.reading import RulesFile, table_of

_PLANS = RulesFile(Plan, reference_faults)
plan_table = table_of


def load_plan(path: Path) -> Plan:
    """The plan in `path`. Raises RulesInvalid with every fault of the file."""
    return _PLANS.read(path)


def plan_from(table: dict[str, Any], path: Path) -> Plan:
    """The plan that a file's tables describe; `path` names it in a fault. Raises RulesInvalid with every fault."""
    return _PLANS.understood(table, path)
