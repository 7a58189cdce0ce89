"""What a person does on a page, in more than one journey."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.support.serving import READY


def choose(panel: Locator, field: str, option: str) -> None:
    """Choose an option of a list by its first characters, once the page is at rest: a redraw closes an open list."""
    panel.page.wait_for_selector(READY)
    box = panel.get_by_test_id("stSelectbox").filter(has_text=field).last.locator("input")
    box.click()
    expect(panel.page.get_by_role("option").first).to_be_visible()
    box.fill(option)
    panel.page.get_by_role("option", name=option).first.click()
