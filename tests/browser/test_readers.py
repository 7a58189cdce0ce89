"""What a member of the leading group and an official do with the pages that answer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import Dialog, Locator, Page, expect

from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.hands import at_rest, follow
from tests.support.serving import DESK, PHONE, READY
from tests.support.small_county import publish, two_schools
from ui.menu import OF_MANY_COUNTIES, UNLISTED, menu_paths

Open = Callable[..., Page]


def test_a_link_to_any_page_works_as_the_very_first_request_to_a_fresh_server(
    start_fresh_server: Callable[..., str], open_page: Open
) -> None:
    page = open_page(f"{start_fresh_server()}/schools")
    expect(page.get_by_role("heading", level=1).filter(has_text="学校（分学段计）").first).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNav")).to_contain_text("总览")


def test_every_page_answers_at_a_desk_and_on_a_phone(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/profile")
    answers_at_both_widths(page)
    menu, name = page.get_by_test_id("stSidebarNavLink"), page.locator(".page-name")
    expect(menu).to_have_count(len(menu_paths()) - len({*UNLISTED, OF_MANY_COUNTIES}))
    for link in menu.all():
        link.click()
        # Every page says its name: what is looked at then is no longer the page before.
        expect(name).to_have_text(re.sub("^[a-z_0-9]+", "", link.inner_text().strip()).strip())
        page.wait_for_selector(READY)
        answers_at_both_widths(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def answers_at_both_widths(page: Page) -> None:
    """The page stands to its last line, without a fault, as wide as the screen; it is left at a desk's width."""
    main = page.get_by_test_id("stMain")
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        expect(main).to_contain_text("演示数据")
        expect(main).to_contain_text("数据截至")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        # Nothing is cut off sideways: a page of this width needs no scrolling.
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=viewport["width"])


@pytest.mark.daily
def test_the_first_screen_says_the_verdict_the_four_parts_and_the_worst(server: str, open_page: Open) -> None:
    page = open_page(server)
    expect(page.get_by_role("heading", level=1)).to_have_text("▲ 德化县尚未达到国家优质均衡标准")
    for part in ("学校（分学段计）", "校际差异系数", "政府保障程度", "教育质量与认可度"):
        expect(page.get_by_text(part, exact=True).first).to_be_in_viewport()
    expect(page.get_by_role("heading", name="主要短板")).to_be_in_viewport()


def test_on_a_phone_the_first_screen_says_the_verdict_what_fails_and_who_owes_it(server: str, open_page: Open) -> None:
    page = open_page(server, PHONE)
    main = page.get_by_test_id("stMain")
    for said in ("德化县尚未达到国家优质均衡标准", "还差 3 所学校（分学段计）", "9 / 10 项", "远庄小学（演示）"):
        expect(main.get_by_text(said).first).to_be_in_viewport(ratio=1)
    picked = [page.get_by_test_id(kind).first.bounding_box() for kind in ("stDateInput", "stSelectbox")]
    assert all(picked) and picked[0]["y"] == picked[1]["y"]  # type: ignore[index]


def test_a_tile_opens_the_page_that_explains_it(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/?as_of=2021-10-01")
    page.locator("a.tile").nth(1).click()
    expect(page.get_by_role("heading", level=1).filter(has_text="差异系数").first).to_be_visible()
    expect(page.get_by_test_id("stMain")).to_contain_text("数据截至 2021-10-01")


def test_a_link_in_a_table_opens_where_the_reader_is_and_back_returns(server: str, open_page: Open) -> None:
    page = open_page(server)
    at_rest(page)
    page.get_by_test_id("stMain").evaluate("(main) => { main.scrollTop = 120; }")
    # Loaded anew the page would have lost what is noted here.
    page.evaluate("() => { window.stayed = true; }")
    follow(page.locator(".rows").get_by_role("link", name="小学体育场馆差异系数").first)
    expect(page.get_by_role("heading", level=1).filter(has_text="差异系数").first).to_be_visible()
    assert len(page.context.pages) == 1 and page.evaluate("() => window.stayed")
    page.go_back()
    expect(page.get_by_role("heading", level=1).filter(has_text="德化县").first).to_be_visible()
    at_rest(page)
    # The page grows while it is drawn; then the reader is where he was when he followed the link.
    page.wait_for_function(
        """() => {
            const main = document.querySelector('[data-testid=stMain]');
            return Math.abs(main.scrollTop - (history.state?.scrolled ?? 0)) < 60;
        }"""
    )


def test_the_browsers_arrows_bring_earlier_choices_back(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/balance")
    year = page.get_by_role("combobox", name="学年").first
    source = page.get_by_text("数据截至").last
    for chosen in ("2021", "2020"):
        at_rest(page)
        year.fill(chosen)
        page.get_by_role("option", name=chosen).first.click()
        expect(source).to_contain_text(f"{chosen} 学年")
    for go, shown in ((page.go_back, "2021"), (page.go_back, "2023"), (page.go_forward, "2021")):
        go()
        expect(source).to_contain_text(f"{shown} 学年")
        expect(year).to_have_value(f"{shown} 学年")


def test_a_filtered_view_travels_by_its_link(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/schools")
    page.get_by_test_id("stSelectbox").filter(has_text="结论").locator("input").click()
    page.get_by_role("option", name="未达标").click()
    page.wait_for_url("**verdict=**")
    expect(
        page.get_by_role("heading", level=1).filter(has_text="全县未达标学校 3 所（分学段计）").first
    ).to_be_visible()
    at_rest(page)
    answer = page.get_by_role("heading", level=1).inner_text()

    colleague = open_page(page.url)
    expect(colleague.get_by_role("heading", level=1)).to_have_text(answer)


def test_the_as_of_day_moves_the_judged_year_and_survives_the_menu(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/?as_of=2021-10-01")
    expect(page.get_by_test_id("stMain")).to_contain_text("数据截至 2021-10-01 · 2021 学年")
    page.get_by_test_id("stSidebarNav").get_by_text("校际均衡").click()
    # The page before ends in the same line.
    expect(page.get_by_role("heading", level=1).filter(has_text="差异系数").first).to_be_visible()
    at_rest(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("数据截至 2021-10-01")


def test_a_link_opens_the_very_school(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/profile?school=350526-0007", PHONE)
    expect(page.get_by_role("heading", level=1).filter(has_text="（演示）").first).to_be_visible()
    expect(page.get_by_test_id("stMain")).to_contain_text("未达标")
    expect(page.get_by_test_id("stMain")).to_contain_text("怎么补")


def test_the_school_list_is_taken_away_as_a_workbook(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/schools")
    with page.expect_download() as awaited:
        page.get_by_role("button", name="下载", exact=True).last.click()
        page.get_by_role("button", name="下载 Excel").first.click()
    assert awaited.value.suggested_filename.endswith(".xlsx")
    assert "演示数据" in awaited.value.suggested_filename


def test_the_papers_to_hand_in_are_taken_away_and_open(server: str, open_page: Open) -> None:
    def taken(address: str, button: str) -> Path:
        page = open_page(f"{server}/papers{address}")
        with page.expect_download() as awaited:
            page.get_by_role("button", name=button, exact=True).click()
        assert "演示数据" in awaited.value.suggested_filename
        return Path(awaited.value.path())

    report = Document(str(taken("", "下载自评报告 Word")))
    assert report.paragraphs[0].text == "德化县县域义务教育优质均衡发展自评报告"
    assert taken("", "下载自评报告 PDF").read_bytes().startswith(b"%PDF")
    forms = openpyxl.load_workbook(io.BytesIO(taken("?papers_part=申报表", "下载申报表 Excel").read_bytes()))
    assert [name.split(" ")[0] for name in forms.sheetnames][:3] == ["表Ⅰ", "表Ⅱ-1", "表Ⅱ-2"]
    assert taken("?papers_part=佐证材料&box=Q7", "目录").read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile(taken("?papers_part=佐证材料&box=Q7", "材料打包")) as package:
        assert package.testzip() is None and "盒脊标签.pdf" in package.namelist()


def test_a_link_is_pinned_and_opens_with_both_sides(start_server: Callable[..., str], open_page: Open) -> None:
    page = open_page(f"{start_server()}/profile?school=350526-0007&as_of=2023-11-30")
    page.get_by_role("button", name="固定数字的链接").click()
    page.get_by_test_id("stPopoverBody").get_by_test_id("stTextInputField").fill("张三")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="生成链接").click()
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode")
    expect(link).to_contain_text("/pinned?pin=")
    expect(page.get_by_test_id("stPopoverBody").locator("img")).to_be_visible()
    opened = open_page(f"{link.inner_text().strip()}&as_of=2022-11-30")
    expect(opened.get_by_role("heading", level=1).filter(has_text="固定的").first).to_contain_text("与现在不同")
    follow(opened.get_by_role("link", name="打开这一页现在的样子"))
    expect(opened.get_by_role("heading", level=1).filter(has_text="（演示）").first).to_be_visible()


MAP = "iframe[title='地图']"
_SETTLING, _SETTLING_MS = 100, 500
FAILING, PROJECT = "path[d^='M12 1.5']", "text"


def click_on_the_map(page: Page, shape: str) -> None:
    """Click the first mark of a shape that a person can reach: in sight, inside the map, not under the card."""
    marks = page.frame_locator(MAP).locator(f".leaflet-marker-icon:has({shape})")
    expect(marks.first).to_be_visible()
    for _ in range(_SETTLING):
        page.locator(MAP).evaluate("(map) => map.scrollIntoView({ block: 'center' })")
        for mark in marks.all():
            place = _still_place(page, mark)
            if place and page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.tagName", place) == "IFRAME":
                page.mouse.click(*place)
                return
        page.wait_for_timeout(_SETTLING_MS)
    raise AssertionError("no such mark can be reached")


def _still_place(page: Page, mark: Locator) -> list[float] | None:
    """The middle of a mark, None while the map moves it or redraws it."""
    boxes = []
    for _ in range(2):
        box = mark.bounding_box(timeout=_SETTLING_MS) if mark.count() else None
        if box is None:
            return None
        boxes.append([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        page.wait_for_timeout(50)
    return boxes[0] if boxes[0] == boxes[1] else None


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_click_on_the_map_opens_a_card_in_sight_with_the_way_on(
    server: str, open_page: Open, viewport: dict[str, int]
) -> None:
    page = open_page(f"{server}/county_map", viewport)
    card = page.locator(".st-key-card")
    click_on_the_map(page, FAILING)
    expect(card.get_by_role("link").first).to_be_in_viewport()
    expect(card.get_by_role("link").first).to_have_attribute("href", re.compile("^profile.*school="))
    expect(card).to_contain_text("怎么补")

    click_on_the_map(page, PROJECT)
    expect(card).to_contain_text(re.compile("期限.*进度 [0-9]+%"))
    expect(card).to_contain_text(re.compile("㎡|新增学位"))
    expect(card.get_by_role("link").first).to_be_in_viewport()
    expect(card.get_by_role("link").first).to_have_attribute("href", re.compile("^projects.*project="))


def test_the_map_keeps_its_place_while_the_year_moves(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/county_map")
    frame, heading = page.frame_locator(MAP), page.get_by_role("heading", level=1)
    failing = frame.locator(f".leaflet-marker-icon:has({FAILING})")
    name = frame.get_by_text("浔中镇", exact=True)

    def place() -> tuple[float, float]:
        """Where the name lies in the map; it moves with the zoom and with the centre."""
        inner, outer = name.bounding_box() or {}, page.locator(MAP).bounding_box() or {}
        return inner["x"] - outer["x"], inner["y"] - outer["y"]

    def settled() -> tuple[float, float]:
        """Where the name stands once the map is still."""
        for _ in range(_SETTLING):
            found = place()
            page.wait_for_timeout(_SETTLING_MS)
            if found == place():
                return found
        raise AssertionError("the map moves on and on")

    def enlarged_from(start: tuple[float, float]) -> tuple[float, float]:
        """Where the name stands after zooming in; a map that still draws itself takes no click, so it is asked again."""
        for _ in range(_SETTLING):
            frame.locator(".leaflet-control-zoom-in").click()
            if (found := settled()) != start:
                return found
        raise AssertionError("the map does not zoom")

    def failing_by_the_heading(year: int) -> int:
        answer = heading.filter(has_text=f"{year} 学年").first
        expect(answer).to_be_visible()
        return int(re.findall(r"(\d+) 所学校未达标", answer.inner_text())[0])

    this_year = failing_by_the_heading(2023)
    expect(failing).to_have_count(this_year)
    assert frame.locator(".leaflet-marker-icon svg").count() > 50
    enlarged = enlarged_from(settled())

    page.get_by_test_id("stButtonGroup").get_by_role("radio", name="2018").click()
    at_first = failing_by_the_heading(2018)
    assert at_first != this_year
    expect(failing).to_have_count(at_first)
    expect(page.get_by_test_id("stMain")).to_contain_text(f"未达标 {at_first} 所")
    assert place() == enlarged
    page.wait_for_url("**map_year=2018**")


def test_a_reader_on_the_network_may_look_but_not_write(start_server: Callable[..., str], open_page: Open) -> None:
    page = open_page(start_server(COUNTY_LAN="1", COUNTY_OPEN_READING="1"))
    expect(page.get_by_role("heading", level=1).filter(has_text="德化县").first).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_contain_text("标准与口径")
    expect(page.get_by_test_id("stSidebarNav")).not_to_contain_text("数据管理")


HOSTILE = ["<img src=x onerror=alert(1)>小学", "{{7*7}}<b>小学", "**粗**[链接](javascript:alert(1))小学"]


def test_a_name_of_markup_stands_on_the_page_and_on_the_map_as_text(
    start_fresh_server: Callable[..., str], open_page: Open, tmp_path: Path
) -> None:
    standard, path = load_standard(), tmp_path / "hostile.duckdb"
    county = two_schools()
    for number, name in enumerate(HOSTILE):
        county.school(f"H{number}", "primary", {"primary": 120})
        county.row("schools", school_id=f"H{number}").update(name=name, lon="118.24", lat=f"25.4{number}")
    store = Store.open(path, standard)
    publish(store, county.tables)
    store.close()
    server = start_fresh_server(path)
    dialogs: list[str] = []

    def note_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page = open_page(f"{server}/schools")
    page.on("dialog", note_dialog)
    for name in HOSTILE:
        expect(page.get_by_test_id("stMain").get_by_text(name, exact=False).first).to_be_attached()
    page.goto(f"{server}/county_map?list=true")
    for name in HOSTILE:
        expect(page.get_by_test_id("stMain").get_by_text(name, exact=False).first).to_be_attached()
    marks = page.frame_locator(MAP).locator(".leaflet-marker-icon svg")
    expect(marks.first).to_be_visible()
    # All labels as the map would show them: some marks lie outside what it shows now.
    frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    labels = frame.evaluate(
        """feature_group.flatMap(g => g.getLayers()).filter(l => l.getTooltip && l.getTooltip()).flatMap(
            l => l.getLayers().map(m => l.getTooltip()._content(m)).map(
                shown => [shown.textContent.trim(), shown.querySelectorAll("img, script, a, b").length]))"""
    )
    assert set(HOSTILE) <= {label.split("：")[0] for label, _ in labels}
    assert [label for label, elements in labels if elements] == []
    assert page.locator("img[src=x]").count() == page.frame_locator(MAP).locator("img[src=x]").count() == 0
    assert dialogs == []
