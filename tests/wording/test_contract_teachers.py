"""The contract teachers beside the staffing veto are never fewer than there are."""

from decimal import Decimal

import pytest

from core.wording.items import contract_teachers_text


@pytest.mark.parametrize(
    ("number", "silent_schools", "says"),
    [
        (Decimal(1234), 0, "编外合同教师 1,234 名"),
        (Decimal(0), 0, "编外合同教师 0 名"),
        (None, 2, "编外合同教师总数不详（2 所学校未报）"),
        (None, 0, "编外合同教师未报"),
    ],
)
def test_silent_schools_are_counted_instead_of_a_sum(number: Decimal | None, silent_schools: int, says: str) -> None:
    assert contract_teachers_text(number, silent_schools) == says
