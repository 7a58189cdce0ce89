"""这是怎么算的: the sentence holds this figure's own inputs, and they give the figure."""

import re

from core.method.assessment import Verdict
from core.wording.explanations import balance_explained, indicator_explained, item_explained
from tests.support.demo_county import Demo
from tests.support.present import STANDARD

FIGURE = re.compile(r"= ([\d,.]+) (\S+) ÷ ([\d,]+) 人(?: × ([\d,]+))? = ([\d,.]+) ")


def number(text: str | None) -> float:
    return float((text or "1").replace(",", ""))


def test_the_inputs_give_the_value_of_every_indicator_of_every_school(demo: Demo) -> None:
    explained = 0
    for row in demo.assessments[2023].rows:
        for holding in row.indicators:
            said = indicator_explained(holding, STANDARD)
            assert STANDARD.indicator(holding.code).clause in said
            if holding.value is None:
                assert "未报，不能计算" in said
                continue
            found = FIGURE.search(said)
            assert found, said
            amount, _, pupils, per, value = found.groups()
            # Both the amount and the value are printed to the hundredth.
            apart = abs(number(amount) * number(per) / number(pupils) - number(value))
            assert apart <= 0.0051 * (1 + number(per) / number(pupils)), said
            assert ("≥ " in said.split("，")[1]) == (holding.verdict is Verdict.MET)
            explained += 1
    assert explained > 500


def test_coefficients_and_items_say_formula_limit_and_clause(demo: Demo) -> None:
    judged = demo.assessments[2023]
    for result in judged.balance:
        said = balance_explained(result, STANDARD)
        assert STANDARD.balance.clause in said and ("限值 ≤ 0." in said or "不能计算" in said)
    for item in judged.items:
        rule = STANDARD.item(item.code)
        assert rule.clause in item_explained(item, STANDARD) and rule.name in item_explained(item, STANDARD)
