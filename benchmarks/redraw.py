"""How long until a page shows what a key asked for, by the browser's own clock, in the frame that paints it.

Reading the clock in the page leaves out the way between this process and the browser, which no visitor walks.
"""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Locator, Page

# The heading's words, and every mark and fill inside the map's frame.
TITLE = "() => document.querySelector('h1')?.innerText"
MAP_LAYERS = """() => [...document.querySelector("iframe[title='地图']").contentDocument
    .querySelectorAll('.leaflet-marker-icon, path.leaflet-interactive')]
    .map(e => e.innerHTML + e.getAttribute('fill')).join()"""
# What a scenario says, and every table of the page.
ANSWER = """() => [...document.querySelectorAll('[data-testid=stMarkdown]')].map(e => e.textContent)
    .find(text => text.startsWith('方案')) ?? 'none yet'"""
TABLES = "() => [...document.querySelectorAll('[data-testid=stTable]')].map(e => e.textContent).join()"
# Where the map's first township name lies on the screen: it moves with the zoom and with the centre.
MAP_PLACE = """() => { const name = document.querySelector("iframe[title='地图']").contentDocument
    .querySelector('.leaflet-marker-icon > div').getBoundingClientRect(); return [name.x, name.y]; }"""

_WATCH = """(watched) => {
    const begun = new Map(), seen = {};
    let pressed = null;
    for (const [name, text] of Object.entries(watched)) begun.set(name, [eval(text), eval(text)()]);
    addEventListener('keydown', () => { pressed = performance.now(); }, {capture: true, once: true});
    window.redrawn = () => Object.keys(watched).every(name => name in seen) ? seen : null;
    const look = () => {
        for (const [name, [read, before]] of begun) {
            const now = pressed === null || name in seen ? before : read();
            if (now && now !== before) seen[name] = performance.now() - pressed;
        }
        if (!window.redrawn()) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def redraw(page: Page, slider: Locator, key: str, watched: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds from a key on a slider to each thing watched (a function of the page) having changed."""
    slider.focus()
    page.evaluate(_WATCH, dict(watched))
    slider.press(key)
    seen: dict[str, float] = page.wait_for_function("() => window.redrawn()").json_value()
    return seen
