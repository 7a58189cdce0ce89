"""A clerk hands in what the county already has: an export of the official forms, CSV files, and by mistake a document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from core.intake.mapping.column_mapping import mapping_from
from tests.support.books import csv_files, demo_tables
from tests.support.hands import at_rest, downloaded, press, sees
from tests.support.official_forms import Forms
from tests.support.uploading import explain_and_save, hand_in


def export(path: Path, rooms: int) -> Path:
    """The demonstration county's figures as an export in which one school has other rooms."""
    forms = Forms(demo_tables())
    owners = forms.workbook["学校名录"]
    for row in range(5, owners.max_row + 1):
        owners.cell(row, 8).value = "公办" if owners.cell(row, 8).value == "县级教育部门" else "民办"
    forms.workbook["教基5176"]["E6"] = rooms
    path.write_bytes(forms.content())
    return path


def test_an_export_is_mapped_once_and_read_by_itself_the_next_time(
    server: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(f"{server}/batches")
    hand_in(page, export(tmp_path / "教基.xlsx", 99))
    sees(page, "这不是填报模板")
    sees(page, "工作表“教基4155” → 在校生与教师")
    expect(page.get_by_role("button", name="保存列对应并体检").last).to_be_disabled()
    at_rest(page)
    page.get_by_label("名称", exact=True).fill("教基报表")
    page.get_by_label("名称", exact=True).press("Enter")
    press(page, "保存列对应并体检")
    sees(page, "体检通过：没有错误")
    sees(page, "没有对应的列：工作表“教基3112”的学校·名称、毕业生数")
    explain_and_save(page, "合计行")
    sees(page, "改变的数 1 处")

    # The mapping leaves as a small file, and fits the next export by its headers alone.
    mappings = page.get_by_text("列对应 1 个：查看、导出、导入")
    # While the page is redrawn, the one of before stands beside the new one.
    expect(mappings).to_have_count(1)
    at_rest(page)
    mappings.click()
    downloaded(page, "导出“教基报表”").save_as(tmp_path / "教基.json")
    assert mapping_from((tmp_path / "教基.json").read_text("utf-8")).name == "教基报表"
    page.reload()
    hand_in(page, export(tmp_path / "另一份.xlsx", 98))
    sees(page, "体检通过：没有错误")
    sees(page, "查看或修改列对应“教基报表”")


def test_csv_files_are_taken_together_and_a_document_is_named(
    server: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(f"{server}/batches")
    paths = []
    for name, content in csv_files(demo_tables()).items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    hand_in(page, paths)
    sees(page, "体检通过：没有错误")
    page.reload()
    (tmp_path / "上报.docx").write_bytes(b"PK")
    hand_in(page, tmp_path / "上报.docx")
    sees(page, "发现 1 处错误，数据没有导入")
    sees(page, "“上报.docx”是Word 文档")
