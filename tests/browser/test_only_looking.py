"""Those who only look are served by processes that only read, behind nginx: never less than was told, never more rights."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.access import LOCAL_ADMINISTRATOR, ROLES
from core.people.people import keep_people
from core.rules.standard_loading import load_standard
from core.store.database import Store
from core.store.replicas.leaving import copies_folder
from tests.browser.test_behind_nginx import nginx
from tests.support.desks import Desk, links_at_the_machine
from tests.support.hands import at_rest, choose, press, sees
from tests.support.nginx import BEHIND, Nginx
from tests.support.rights import someone
from tests.support.serving import READY, Server, wait_until

__all__ = ["nginx"]


@dataclass
class Office:
    """nginx, the main process and one that only reads."""

    before: Nginx
    main: Server
    reader: Server
    browser: Browser

    def desk(self, account: str) -> Desk:
        """A browser in which somebody has logged in."""
        [link] = links_at_the_machine(self.main, account)
        context = self.browser.new_context(ignore_https_errors=True, accept_downloads=True)
        sitting = Desk(context, self.before.address)
        sitting.set_password(link.replace(self.main.address, self.before.address))
        return sitting


@pytest.fixture(scope="module")
def office(
    nginx: str, filled: Path, browser: BrowserContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The platform as both service files start it; a person of every role stands in its store."""
    folder, beside = tmp_path_factory.mktemp("office"), tmp_path_factory.mktemp("reader")
    database = folder / "county.duckdb"
    shutil.copy(filled, database)
    store = Store.open(database, load_standard())
    people = [*map(someone, ROLES), someone("viewer", "kan.ke")]
    keep_people(store, people, LOCAL_ADMINISTRATOR, datetime.now())
    store.close()
    # It makes the folder in which the main process then leaves copies.
    reader = Server(beside, **BEHIND, COUNTY_READER="1", COUNTY_DB=str(database))
    assert copies_folder(database).is_dir()
    main = Server(folder, **BEHIND)
    before = Nginx(nginx, folder, main.port, [reader.port])
    wait_until(lambda: urlopen(f"http://localhost:{reader.port}/healthz", timeout=5))
    assert browser.browser is not None
    yield Office(before, main, reader, browser.browser)
    before.stop()
    reader.stop()
    main.stop()


def desk_cookie(page: Page) -> str | None:
    """To which kind of process nginx sends this browser, None where the platform left it open."""
    return next((str(c["value"]) for c in page.context.cookies() if c["name"] == "county_desk"), None)


def is_served_by_a_copy(page: Page) -> bool:
    """Whether a leader's page says that it is one to look at."""
    return page.get_by_test_id("stSidebar").get_by_text("这里只供查看").count() > 0


@pytest.mark.daily
def test_a_leader_reads_from_a_copy_what_the_office_has_just_written(office: Office) -> None:
    leader, clerk = office.desk("leader"), office.desk("office")
    page = leader.open("/projects?part=议定事项")
    assert is_served_by_a_copy(page)
    expect(page.get_by_role("button", name="登记", exact=True)).to_have_count(0)
    assert desk_cookie(page) == "reading"

    writing = clerk.open("/projects?part=议定事项")
    assert not is_served_by_a_copy(writing)
    writing.get_by_text("登记议定事项或办理情况").click()
    form = writing.get_by_test_id("stForm").filter(has_text="决定的内容")
    form.get_by_label("决定的内容").fill("给山区学校配备校车")
    choose(form, "责任单位", "教育局")
    press(form, "登记", exact=True)
    sees(writing, "已登记议定事项")
    leader.open("/projects?part=议定事项")
    expect(page.get_by_text("给山区学校配备校车").first).to_be_visible()
    assert is_served_by_a_copy(page)

    # What is taken away from a copy stands in the record of actions at the main process.
    leader.open("/schools?year=2022")
    page.get_by_role("button", name="下载").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 CSV").click()
    administrator = office.desk("administrator")
    name = download.value.suggested_filename
    record = administrator.open("/people?people_part=操作记录")
    expect(record.get_by_test_id("stMain").get_by_text(name).first).to_be_visible()

    # A leader who wants to fix the figures of a link goes to the main process and stays there.
    page.get_by_role("link", name="转到办理页面").click()
    page.wait_for_selector(READY)
    expect(page).to_have_url(re.compile(r"/jczd/schools\?.*year=2022"))
    assert not is_served_by_a_copy(page)
    leader.open("/units")
    assert not is_served_by_a_copy(page)


def test_who_is_disabled_is_out_at_a_copy_too_and_a_new_role_counts_at_once(office: Office) -> None:
    viewer, administrator = office.desk("viewer"), office.desk("administrator")
    page = viewer.open("/schools")
    assert desk_cookie(page) == "reading"
    people = administrator.open("/people")
    at_rest(people)
    choose(people, "登记或修改", "（viewer）")
    at_rest(people)
    field = people.get_by_test_id("stMultiSelect").filter(has_text="岗位（必填）").locator("input")
    field.click()
    field.press_sequentially("数据管理员")
    people.get_by_role("option", name="数据管理员").first.click()
    field.press("Tab")
    expect(people.get_by_role("option")).to_have_count(0)
    chosen = people.get_by_test_id("stMultiSelect").filter(has_text="岗位（必填）")
    expect(chosen.get_by_text("数据管理员")).to_be_visible()
    press(people, "保存", exact=True)
    sees(people, "（viewer）已保存")
    # Who has something to do is sent to the main process.
    viewer.open("/batches")
    expect(page.get_by_test_id("stSidebar").get_by_text("数据管理员")).to_be_visible()
    assert desk_cookie(page) is None

    leader = office.desk("leader")
    looking = leader.open("/schools")
    assert is_served_by_a_copy(looking)
    choose(people, "登记或修改", "（leader）")
    at_rest(people)
    press(people, "停用账号")
    sees(people, "的账号已停用")
    looking.get_by_role("link", name="班额校额").click()
    expect(looking.get_by_text("登录已失效").or_(looking.get_by_role("heading", name="登录"))).to_be_visible()
    expect(looking.get_by_text("56 人以上")).to_have_count(0)


def test_while_no_process_that_only_reads_answers_the_main_one_does(office: Office) -> None:
    looking = office.desk("kan.ke").open("/schools?year=2022")
    assert desk_cookie(looking) == "reading"
    office.reader.stop()
    looking.goto(f"{office.before.address}/class_sizes?year=2022")
    looking.wait_for_selector(READY)
    expect(looking.get_by_role("heading", level=1).first).to_be_visible()
    # Without losing the login, and with every choice of the address.
    expect(looking).to_have_url(re.compile("/class_sizes.*year=2022"))
