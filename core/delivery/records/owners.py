"""Whose matter something is, as it stands inside a write: the guard asks it before anybody may speak of it.

lead_of(cursor, plan, county_code, sub_item_id) -> str | None
project_unit(cursor, county_code, project_id) -> str | None
"""

from __future__ import annotations

import duckdb

from core.delivery.records.records import standing_row
from core.rules.plan import Plan

# The slot of a project that names its unit.
RESPONSIBLE_UNIT = "responsible_unit"


def lead_of(cursor: duckdb.DuckDBPyConnection, plan: Plan, county_code: str, sub_item_id: str) -> str | None:
    """The unit that leads a sub-item as confirmed, else as the plan says; None where the plan has no such sub-item."""
    found = next((s for s in plan.sub_items() if s.sub_item_id == sub_item_id), None)
    if found is None:
        return None
    confirmed = standing_row(cursor, "confirmations", county_code=county_code, sub_item_id=sub_item_id)
    return str(confirmed["lead_unit_id"]) if confirmed else found.lead.unit_id


def project_unit(cursor: duckdb.DuckDBPyConnection, county_code: str, project_id: str) -> str | None:
    """The unit responsible for a project by its latest version; None where there is no such project or unit."""
    version = standing_row(cursor, "projects", county_code=county_code, project_id=project_id)
    if version is None:
        return None
    filled = cursor.execute(
        "select content from project_slots where number = $1 and slot_id = $2", [version["number"], RESPONSIBLE_UNIT]
    ).fetchall()
    return str(filled[0][0]) if filled else None
