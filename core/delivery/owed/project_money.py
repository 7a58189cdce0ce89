"""What a project's deliverables would cost at the county's prices, to hold its planned money against.

priced_yuan(project, prices) -> Decimal | None       None where nothing that has a price is stated
"""

from __future__ import annotations

from decimal import Decimal

from core.delivery.projects import ProjectDraft
from core.rules.prices import Prices


def priced_yuan(project: ProjectDraft, prices: Prices) -> Decimal | None:
    """The cost in yuan of the stated ㎡ and, for new rooms without any stated area, of class rooms."""
    parts = [
        (project.teaching_area_m2, "L4"),
        (project.sports_area_m2, "L5"),
        # Rooms inside stated premises are paid with them.
        (None if project.teaching_area_m2 else project.rooms, "class_room"),
    ]
    stated = [Decimal(amount) * prices[code].yuan for amount, code in parts if amount]
    return sum(stated, Decimal(0)) if stated else None
