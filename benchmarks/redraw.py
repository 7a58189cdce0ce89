"""How long until a page shows what a hand asked for, by the browser's own clock, in the frame that paints it.

Reading the clock in the page leaves out the way between this process and the browser, which no visitor walks.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page

# The answer of a page, every table of it, and every mark and fill inside the map's frame.
TITLE = "() => document.querySelector('h1')?.innerText"
TABLES = "() => [...document.querySelectorAll('.rows')].map(e => e.textContent).join()"
BAND = "() => document.querySelector('.st-key-answer_band')?.innerText"
MAP_LAYERS = """() => [...document.querySelector("iframe[title='地图']").contentDocument
    .querySelectorAll('.leaflet-marker-icon, path.leaflet-interactive')]
    .map(e => e.innerHTML + e.getAttribute('fill')).join()"""

_CLICKED = """async ([element, text]) => {
    const read = eval(text), before = read(), begun = performance.now();
    element.click();
    await new Promise((seen) => {
        const look = () => { const now = read(); now && now !== before ? seen() : requestAnimationFrame(look); };
        requestAnimationFrame(look);
    });
    return performance.now() - begun;
}"""
_WATCHED = """(text) => {
    const read = eval(text), before = read();
    window.redrawn = new Promise((seen) => {
        let begun = null;
        addEventListener('keydown', () => { begun = performance.now(); }, {capture: true, once: true});
        const look = () => {
            const now = begun === null ? before : read();
            now && now !== before ? seen(performance.now() - begun) : requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    });
}"""


def clicked(element: Locator, watched: str) -> float:
    """Milliseconds from a click to what is watched (a function of the page) having changed."""
    handle = element.element_handle()
    milliseconds: float = element.page.evaluate(_CLICKED, [handle, watched])
    return milliseconds


def pressed(page: Page, element: Locator, key: str, watched: str) -> float:
    """Milliseconds from a key on an element to what is watched having changed."""
    element.focus()
    page.evaluate(_WATCHED, watched)
    element.press(key)
    milliseconds: float = page.evaluate("() => window.redrawn")
    return milliseconds
