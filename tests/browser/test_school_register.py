"""A school is moved on the map: chosen, clicked, the reason written, published."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.support.hands import at_rest, choose, press, sees

NAME = "远庄小学（演示）"


def choose_the_school(panel: Locator) -> None:
    """Choose the school in the list above its form, which has lists of schools of its own."""
    chosen = panel.get_by_test_id("stSelectbox").filter(has_text="学校").locator("input").first
    expect(chosen).to_be_visible()
    at_rest(panel)
    chosen.fill(NAME)
    panel.page.get_by_role("option", name=NAME).first.click()


def test_a_school_is_moved_by_a_click_on_the_map(
    start_server: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    # Another form of the page has been looked at before, and stays as it was left.
    page = open_page(f"{start_server()}/batches?data_part=更正数据")
    panel = page.get_by_role("tabpanel").locator("visible=true")
    choose(panel, "工作表", "入学与劝返")
    expect(panel.get_by_label("适龄人数（人）").first).to_be_visible()
    at_rest(page)
    page.get_by_role("tab", name="学校名录").click()
    choose_the_school(panel)
    longitude, latitude = (panel.get_by_label(name, exact=True) for name in ("经度", "纬度"))
    expect(longitude).to_have_value("118.22555")
    at_rest(page)
    before = longitude.input_value(), latitude.input_value()

    # The townships are drawn last: a click before would meet an empty frame.
    frame = page.frame_locator("iframe[title='地图']")
    expect(frame.locator("path.leaflet-interactive").first).to_be_visible()
    at_rest(page)
    frame.locator("#map_div, .leaflet-container").first.click(position={"x": 150, "y": 200}, force=True)
    expect(longitude).not_to_have_value(before[0])
    after = longitude.input_value(), latitude.input_value()
    assert after[1] != before[1]
    sees(panel, "改动：经度、纬度")
    at_rest(page)

    panel.get_by_label("理由（必填）").fill("新校区启用")
    press(panel, "存为草稿并预览")
    sees(page, "更正已存为草稿，批次 2")
    press(page, "发布", exact=True)
    sees(page, "批次 2 已发布")
    page.reload()
    choose_the_school(panel)
    expect(longitude).to_have_value(after[0])
