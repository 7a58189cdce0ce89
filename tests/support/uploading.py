"""The clerk's hands: files into the field for the year's figures, a reason for every warning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.hands import at_rest, press


def hand_in(page: Page, paths: Path | Sequence[Path]) -> None:
    """Give files to the field for the year's figures, once the page stands."""
    field = page.get_by_test_id("stFileUploader").filter(has_text="年度数据").locator("input[type=file]")
    expect(field).to_have_count(1)
    at_rest(page)
    field.set_input_files(paths)


def explain_and_save(page: Page, reason: str) -> None:
    """Explain every warning and keep the files as a draft."""
    # The button is drawn after the last warning; while the page is redrawn the one of before may stand beside it.
    expect(page.get_by_role("button", name="存为草稿并预览")).to_have_count(1)
    at_rest(page)
    for field in page.get_by_placeholder("说明（必填）").all():
        field.fill(reason)
    press(page, "存为草稿并预览")
