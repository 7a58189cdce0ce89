"""Every batch says what still counts of it, what took its place, and who decided so and why."""

from datetime import timedelta

from core.access import LOCAL_ADMINISTRATOR, Actor
from core.batches import loading, publishing, register
from core.batches.corrections import Correction, correct_figures
from core.batches.counting import batch_standing, batch_standings, counting_batches
from core.batches.workbook import Part, export
from core.facts.current import REGISTER_SHEETS, current_tables
from core.intake.checkup.checking import Dataset, check
from core.intake.reading.sources import open_uploads
from core.rules.standard import Standard
from core.store.database import Store
from core.wording.batches import history_text, standing_text, withdrawal_text
from tests.support.published_store import NOW

COUNTY = "350526"
CLERK = Actor("张三")


def corrected(store: Store, standard: Standard, correction: Correction, reason: str) -> int:
    return correct_figures(store, standard, COUNTY, [correction], LOCAL_ADMINISTRATOR, NOW, reason)


def ground(area: str) -> Correction:
    """Another sports ground for a school of 浔中镇."""
    return Correction("premises", {"school_id": "350526-0001", "year": 2023}, "sports_ground_area_m2", area)


def said(store: Store) -> dict[int, tuple[str, str]]:
    return {s.batch.batch_id: (s.state, standing_text(s)) for s in batch_standings(store, COUNTY)}


def test_a_batch_counts_in_part_then_not_at_all_then_again(store: Store, standard: Standard) -> None:
    whole = "2022–2023 学年 18 个乡镇和县级数据现行"
    assert said(store) == {1: ("current", whole)}
    first = corrected(store, standard, ground("6000"), "抄录错误")
    assert said(store)[first] == ("draft", "尚未发布，不计入结论")
    publishing.publish(store, first, LOCAL_ADMINISTRATOR, NOW, "")
    [(town, _)] = [
        c for s in batch_standings(store, COUNTY) if s.batch.batch_id == first for c in s.years[0].counted_by
    ]
    assert said(store) == {
        1: (
            "partly",
            f"2022 学年 18 个乡镇和县级数据现行；2023 学年{town}已被批次 {first} 替换，其余 17 个乡镇和县级数据现行",
        ),
        first: ("current", f"2023 学年{town}现行"),
    }
    second = corrected(store, standard, ground("6100"), "再次核对")
    publishing.publish(store, second, LOCAL_ADMINISTRATOR, NOW, "定稿")
    assert said(store)[first] == ("replaced", f"2023 学年已被批次 {second} 替换")
    publishing.withdraw(store, second, CLERK, NOW + timedelta(hours=1), "原数无误")
    assert said(store)[first] == ("current", f"2023 学年{town}现行")
    assert said(store)[second] == ("withdrawn", "撤回后不再计入结论")


def test_the_countys_own_sheets_are_replaced_alone(store: Store, standard: Standard) -> None:
    change = Correction("county_figures", {"year": 2023, "figure": "population"}, "value", "330000")
    draft = corrected(store, standard, change, "按公报更正")
    publishing.publish(store, draft, LOCAL_ADMINISTRATOR, NOW, "")
    assert said(store)[draft] == ("current", "2023 学年县级数据现行")
    assert said(store)[1][1].endswith(f"2023 学年县级数据已被批次 {draft} 替换，其余 18 个乡镇现行")
    assert [b.batch_id for b in counting_batches(store, COUNTY, 2023)] == [draft, 1]
    assert [b.batch_id for b in counting_batches(store, COUNTY, 2022)] == [1]


def test_every_step_stands_with_its_day_its_person_and_its_reason(store: Store, standard: Standard) -> None:
    draft = corrected(store, standard, ground("6000"), "抄录错误")
    publishing.publish(store, draft, CLERK, NOW + timedelta(hours=1), "已核对原表")
    publishing.withdraw(store, draft, CLERK, NOW + timedelta(hours=2), "原数无误")
    publishing.publish(store, draft, CLERK, NOW + timedelta(hours=3), "")
    dropped = corrected(store, standard, ground("6100"), "试填")
    publishing.withdraw(store, dropped, CLERK, NOW + timedelta(hours=4), "不再需要")
    told = {s.batch.batch_id: (s.state, history_text(s)) for s in batch_standings(store, COUNTY)}
    assert told[draft] == (
        "current",
        "2023-11-30 09:00 存为草稿，本机管理员：抄录错误；2023-11-30 10:00 发布，张三：已核对原表；"
        "2023-11-30 11:00 撤回，张三：原数无误；2023-11-30 12:00 发布，张三：未写说明",
    )
    assert told[dropped][0] == "dropped" and told[dropped][1].endswith("13:00 放弃，张三：不再需要")


def test_a_correction_names_its_school_not_its_number(store: Store, standard: Standard) -> None:
    found = register.batch(store, corrected(store, standard, ground("6000"), "抄录错误"))
    assert "小学（演示）" in found.source_name and "350526" not in found.source_name


def withdrawn(store: Store, number: int) -> str:
    before = batch_standing(store, number)
    publishing.withdraw(store, number, CLERK, NOW + timedelta(hours=1), "有误")
    return withdrawal_text(before, batch_standing(store, number))


def test_a_withdrawal_says_whose_figures_count_instead(store: Store, standard: Standard) -> None:
    first = corrected(store, standard, ground("6000"), "抄录错误")
    publishing.publish(store, first, LOCAL_ADMINISTRATOR, NOW, "")
    [(town, _)] = batch_standing(store, first).years[0].counted_by
    whole = loading.load(
        store, check(open_uploads([("县.xlsx", export(store, Part(COUNTY)))])), standard, CLERK, NOW, note="核验"
    )
    publishing.publish(store, whole, CLERK, NOW, "核验")
    assert withdrawn(store, first) == f"批次 {first} 已撤回；它没有现行的数据，现行数据不变。"
    assert withdrawn(store, whole) == (f"批次 {whole} 已撤回：2022–2023 学年 18 个乡镇和县级数据恢复为批次 1 的数据。")
    publishing.publish(store, first, CLERK, NOW, "恢复")
    assert withdrawn(store, first) == f"批次 {first} 已撤回：2023 学年{town}恢复为批次 1 的数据。"
    assert withdrawn(store, 1) == "批次 1 已撤回：2022–2023 学年 18 个乡镇和县级数据现在没有批次提供。"


def test_a_batch_that_covers_nothing_does_not_say_that_it_counts(store: Store, standard: Standard) -> None:
    tables = {name: rows if name in REGISTER_SHEETS else [] for name, rows in current_tables(store, COUNTY).items()}
    nothing = Dataset("只有名册", "0" * 64, COUNTY, tables, ())
    number = loading.load(store, nothing, standard, CLERK, NOW)
    assert said(store)[number][0] == "draft"
    publishing.publish(store, number, CLERK, NOW, "误发")
    assert said(store)[number] == ("empty", "没有任何乡镇或学年的数据，不影响结论")
    assert said(store)[1][0] == "current"
    assert withdrawn(store, number) == f"批次 {number} 已撤回；它没有现行的数据，现行数据不变。"
