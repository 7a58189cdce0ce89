"""Remedies, plans and forecasts read as sentences that say how much of what."""

import re
from dataclasses import replace
from decimal import Decimal

from core.method.engine import assess
from core.outlook.cheapest.cheapest import cheapest_plan
from core.outlook.cheapest.model import CODES, Caps
from core.outlook.forecast.cohorts import cohorts
from core.outlook.forecast.forecast_effects import Break
from core.outlook.remedies.coefficients import balance_remedies
from core.outlook.remedies.rows import Loss, Remedy, Shortfall
from core.rules.prices import load_prices
from core.store.database import Store
from core.wording.planning.outlook import (
    balance_remedy_text,
    break_limit,
    break_sentence,
    break_stage,
    break_years,
    broken_since,
    plan_text,
    pupils_basis_text,
)
from core.wording.remedies import loss_text, remedy_text
from tests.support.present import COUNTY, STANDARD, YEAR, demo, present  # noqa: F401


def test_a_remedy_says_which_choice_there_is() -> None:
    any_of = (Shortfall("L2", 2), Shortfall("L4", 881))
    assert remedy_text(Remedy("S", "primary", (), (Shortfall("L5", 33),), any_of, 1, ()), STANDARD) == (
        "至少达到底线：增加体育运动场地 33 ㎡；完成下列任意一项即可："
        "1. 增加县级以上骨干教师 2 名；2. 增加教学及辅助用房 881 ㎡。"
    )
    both = remedy_text(Remedy("S", "primary", (), (Shortfall("L2", 1),), any_of, 1, ()), STANDARD)
    assert "完成下列任意一项即可（已含达到底线所需）：1. 增加县级以上骨干教师 2 名" in both
    assert remedy_text(Remedy("S", "primary", any_of[:1], (), (), 0, ("L7",)), STANDARD) == (
        "先补报网络多媒体教室；须完成：增加县级以上骨干教师 2 名。"
    )


def test_a_loss_says_how_little_it_takes() -> None:
    assert loss_text(Loss("S", "primary", "L2", 1), STANDARD) == "再调出 1 名县级以上骨干教师即不达标"
    assert loss_text(Loss("S", "primary", "L7", 3), STANDARD) == "再减少 3 间网络多媒体教室即不达标"


def test_plans_and_coefficients_are_said_with_their_figures(demo, present) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    def judge(changes):  # type: ignore[no-untyped-def]
        return assess(demo, STANDARD, COUNTY, YEAR, changes=changes)

    plan = cheapest_plan(present, load_prices(), judge)
    words = plan_text(plan, present)
    assert f"达标学校 {plan.before.schools_part.met}→{plan.after.schools_part.met}" in words
    assert "已证明没有明显更省的方案" in words
    far = replace(plan, bound_yuan=plan.cost_yuan * Decimal("0.9"))
    assert "本方案至多高出 10.00%" in plan_text(far, present)
    none = cheapest_plan(present, load_prices(), judge, caps=Caps(dict.fromkeys(CODES, 0), {}), with_bound=False)
    assert plan_text(none, present).startswith("在现有上限内不可能全部达标：")
    poor = cheapest_plan(present, load_prices(), judge, budget_yuan=Decimal(0), with_bound=False)
    assert plan_text(poor, present).startswith(
        "预算内没有可以完成的项目。要使一所学校达标，预算至少需 11 万元：最省的是远庄小学（演示）。"
    )
    assert "远庄小学（演示）须放宽下列任意 2 项：县级以上骨干教师（上限 0 名，需 2 名）、" in plan_text(none, present)
    assert "小学体育运动场地的差异系数降不到限值：" in plan_text(none, present)
    [remedy] = balance_remedies(present.assessment, judge)
    said = balance_remedy_text(remedy, present.assessment)
    assert said.startswith(f"体育运动场地至少补 {remedy.units:,} ㎡（")
    assert said.endswith("），小学差异系数即可降到限值内")


def test_a_broken_limit_says_which_since_when_and_in_which_years() -> None:
    crowded = Break("S", "junior", "G5", False, (2024, 2025, 2027))
    poor, uneven = Break("S", "primary", "L2", True, ()), Break(None, "primary", "L5", True, (2024,))
    small = Break("S", None, "G3", False, (2026, 2027, 2028))
    said = [(break_stage(b), break_limit(b, STANDARD), broken_since(b), break_years(b)) for b in (crowded, poor)]
    assert said == [
        ("初中", "（五）班额", "2024 学年起超出", "2024–2025、2027 学年"),
        ("小学", "骨干教师", "现已不足", "预测期内不再出现"),
    ]
    assert (break_limit(uneven, STANDARD), broken_since(uneven)) == ("体育场馆差异系数", "现已超出")
    assert (break_stage(small), broken_since(small)) == ("全校", "2026 学年起不足")
    words = break_sentence([crowded, small, poor, uneven])
    assert words == "现已超出限值或不足标准 2 处，预测期内新出现 2 处，涉及 1 所学校。"


def test_the_basis_of_the_forecast_accounts_for_every_pupil_that_is_not_evaluated(demo: Store) -> None:  # noqa: F811
    judged = assess(demo, STANDARD, COUNTY, YEAR)
    recorded = cohorts(demo, STANDARD, COUNTY, range(2018, YEAR + 1)).recorded
    said = pupils_basis_text(judged, recorded, STANDARD)
    assert "小学 27,122 人，比参评学校在校生合计 27,075 人多 47 人，其中未参评的有" in said
    assert "初中 12,552 人。" in said
    [named] = re.findall(r"其中未参评的有(.*?)；初中", said)
    assert sum(map(int, re.findall(r" (\d+) 人（不足 50 人教学点）", named))) == 47
