"""What a person's hands do on a page: each acts on what stands alone, once the page is at rest."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Download, Locator, Page, TimeoutError, expect

from tests.support.serving import READY

_A_MOMENT_MS = 3_000

# The page itself says that it is redrawn only once the server has answered: what it asks for until then is marked here,
# and the mark is taken away after the page has heard the answer.
_NOTE_WHAT_IS_ASKED = """
(() => {
    const send = WebSocket.prototype.send, asked = new Set();
    const show = () => document.documentElement?.toggleAttribute("data-asked", asked.size > 0);
    WebSocket.prototype.send = function (...message) {
        const question = {}, forget = () => { asked.delete(question); show(); };
        asked.add(question);
        show();
        this.addEventListener("message", () => setTimeout(forget, 50), { once: true });
        this.addEventListener("close", forget, { once: true });
        return send.apply(this, message);
    };
})();
"""


def note_what_is_asked(context: BrowserContext) -> None:
    """From now on no page of the browser counts as being at rest while the server owes it an answer."""
    context.add_init_script(_NOTE_WHAT_IS_ASKED)


def at_rest(where: Page | Locator) -> None:
    """Wait until nothing on the page is redrawn."""
    _page(where).wait_for_selector(READY)


def sees(where: Page | Locator, said: str) -> None:
    """The words stand in sight; while the page is redrawn they may stand there twice."""
    expect(where.get_by_text(said).locator("visible=true").first).to_be_visible()


def press(where: Page | Locator, name: str, *, exact: bool = False) -> None:
    """Press the only button of a name that can be: what is pressed while the page is redrawn may be lost.

    While a page is redrawn the button of before stands, disabled, beside the new one.
    """
    button = where.get_by_role("button", name=name, exact=exact, disabled=False)
    expect(button).to_have_count(1)
    at_rest(where)
    button.click()


def downloaded(where: Page | Locator, name: str) -> Download:
    """What a button of a name hands out."""
    with _page(where).expect_download() as awaited:
        press(where, name)
    return awaited.value


def choose(where: Page | Locator, field: str, option: str) -> None:
    """Choose an option of a list by its first characters, again where a redraw closed the list."""
    box = where.get_by_test_id("stSelectbox").filter(has_text=field).last
    expect(box).to_be_visible()
    at_rest(where)
    listed = _page(where).get_by_role("option", name=option).first
    for patience in (*[_A_MOMENT_MS] * 5, None):
        # The same text typed once more would open no list.
        box.locator("input").fill("")
        box.locator("input").fill(option)
        try:
            listed.click(timeout=patience)
            return
        except TimeoutError:
            if patience is None:
                raise


def switch_on(where: Page | Locator, label: str) -> None:
    """Turn a switch on, again where a redraw took the press away."""
    switch = where.get_by_test_id("stCheckbox").filter(has_text=label)
    for patience in (*[_A_MOMENT_MS] * 5, None):
        at_rest(where)
        if not switch.locator("input").is_checked():
            switch.get_by_text(label).click()
        try:
            expect(switch.locator("input")).to_be_checked(timeout=patience)
            return
        except AssertionError:
            if patience is None:
                raise


def follow(link: Locator) -> None:
    """Follow a link, again where a redraw took the press away."""
    page = link.page
    before = page.url
    for patience in (*[_A_MOMENT_MS] * 5, None):
        at_rest(page)
        link.click()
        try:
            page.wait_for_url(lambda now: now != before, timeout=patience, wait_until="commit")
            return
        except TimeoutError:
            if patience is None:
                raise


def form_of(page: Page, button: str) -> Locator:
    """The form that this button sends, once it stands alone."""
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name=button, exact=True))
    expect(form).to_have_count(1)
    at_rest(page)
    return form


def _page(where: Page | Locator) -> Page:
    return where if isinstance(where, Page) else where.page
