"""The clerk's hands: files into the field for the year's figures, a reason for every warning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, expect


def hand_in(page: Page, paths: Path | Sequence[Path]) -> None:
    """Give files to the field for the year's figures, once the page stands to its last line."""
    expect(page.get_by_text("数据截至").last).to_be_visible()
    page.get_by_test_id("stFileUploader").filter(has_text="年度数据").locator("input[type=file]").set_input_files(paths)


def explain_and_save(page: Page, reason: str) -> None:
    """Explain every warning and keep the files as a draft."""
    save = page.get_by_role("button", name="存为草稿并预览")
    # The button is drawn after the last warning; while the page is redrawn the one of before may stand beside it.
    expect(save).to_have_count(1)
    for field in page.get_by_placeholder("说明（必填）").all():
        field.fill(reason)
    save.click()
