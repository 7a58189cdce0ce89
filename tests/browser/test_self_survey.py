"""A questionnaire export is counted by a clerk and stands beside the state's survey, which still decides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.books import demo_tables
from tests.support.hands import at_rest, press, sees


def test_a_clerk_counts_an_export_and_leaders_see_it_marked(
    start_server: Callable[..., str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    server = start_server()
    primary, other = (row[1] for row in demo_tables()["schools"][1:3])
    answers = [
        *[("A. 学生家长", primary, "非常满意", "13800000000")] * 40,
        *[("A. 学生家长", other, "一般", "13800000001")] * 10,
        ("B. 教师", other, "不了解", ""),
        ("C. 人大代表", "", "满意", ""),
    ]
    file = tmp_path / "答卷.csv"
    header = "序号,1、您的身份是,2、学校,3、总体是否满意,4、联系电话"
    file.write_text("\n".join([header, *(f"{n},{','.join(row)}" for n, row in enumerate(answers, 1))]), "utf-8")

    page = open_page(f"{server}/batches?data_part=满意度自测&year=2023")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    sees(page, "家长：收回 50 份，有效 50 份，满意 40 份")
    sees(page, "涉及学校 2 所")
    press(page, "计入 2023 学年")
    said = "收回问卷 52 份，有效 51 份，满意率 80.4%，低于认定要求的 85%"
    sees(page, said)

    items = open_page(f"{server}/items?year=2023")
    sees(items, said)
    sees(items, "没有问卷的对象：学生、校长、政协委员、其他群众。")
    items.get_by_text("按学校：2 所学校有问卷").click()
    sees(items, "没有问卷的学校")
    # The item itself is as the state's survey says.
    before = open_page(f"{server}/items?year=2022")
    expect(before.get_by_text("县级自测")).to_have_count(0)

    at_rest(page)
    page.get_by_placeholder("撤回的理由").fill("试填")
    press(page, "撤回", exact=True)
    sees(page, "2023 学年还没有满意度自测。")
