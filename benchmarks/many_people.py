"""Many people at one server for a while: what they wait for, what breaks, what is lost, how its memory grows.

    python -m benchmarks.many_people [people] [minutes] [pause]

Each person has a page open and reads: another page of the menu, a link, a filter, back, with a pause between: half of
`pause` seconds at least, half as much again at most, 20 on an average unless said otherwise. One in
twenty also sends forms, every text once in the world; afterwards the store is asked for each of them. All figures come
from this one run. Ends with 1 when a page showed an exception, a confirmed text is missing or stands twice, or the
server holds half as much memory again as it did after a third of the time.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.parse import unquote_plus, urlencode
from urllib.request import urlopen

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from benchmarks.web_socket_person import LONGEST_RUN_SECONDS, Door, OpenPage, Run, open_page
from core.outlook.what_if.codec import to_text
from core.outlook.what_if.levers import AddResource
from core.rules.standard_loading import load_standard
from core.store.database import Store
from tests.support.demo_county import PLAN
from tests.support.serving import Server

PAUSE = 20.0
PEOPLE_A_WRITER = 20
WRITING_SHARE = 0.6
MOVES = {"menu": 35, "filter": 30, "link": 20, "back": 15}
MOST_GROWTH = 1.5
_OPENING_SECONDS, _SHOWN = 120, 8
_MARK = "众人试验"
# Where each kind of text that is sent comes to stand.
PLACES = {"decisions": "decision", "evidence_documents": "title", "sub_item_updates": "note"}
SCHOOLS = [f"350526-{number:04d}" for number in range(1, 70)]
DEPARTMENTS = [unit.unit_id for unit in PLAN.units if unit.kind == "department"]


def some_link(rng: random.Random) -> tuple[str, str]:
    """A page and its choices, as a link of a table or of a colleague names them."""
    page, choices = rng.choice(
        [
            ("", {"year": rng.choice(("2021", "2022"))}),
            ("", {"as_of": f"{rng.choice((2021, 2022))}-{rng.randint(10, 12)}-15"}),
            ("schools", {"school_stage": "小学", "verdict": rng.choice(("达标", "未达标"))}),
            ("profile", {"school": rng.choice(SCHOOLS)}),
            ("class_sizes", {"class_stage": "初中"}),
            ("balance", {"stage": "junior", "indicator": rng.choice(("L2", "L4", "L6"))}),
            ("county_map", {"year": rng.choice(("2021", "2022"))}),
            ("units", {"unit": rng.choice(DEPARTMENTS)}),
            ("units", {"unit": rng.choice(DEPARTMENTS), "unit_part": "月报"}),
            ("projects", {"part": "督办台账"}),
            ("projects", {"part": "佐证目录", "task": f"T{rng.randint(1, 20):02d}"}),
            ("scenario", {"also": to_text([AddResource("L1", rng.randint(1, 200))])}),
            ("coming_years", {"late_months": str(rng.randint(0, 12))}),
        ]
    )
    return page, urlencode(choices)


@dataclass
class Tally:
    """What happened to all people together."""

    seconds: list[float] = field(default_factory=list)
    # The same with when each was asked for: at first nothing has been judged.
    asked_after: list[float] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    broken: list[str] = field(default_factory=list)
    red_boxes: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    disconnects: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    confirmed: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)

    def count(self, page: OpenPage, run: Run, *, sent: bool = False) -> Run:
        """Take in a finished run; a red box beside a form that was sent is a refusal."""
        address = f"/{page.page}?{unquote_plus(page.query)}"
        self.seconds.append(run.seconds)
        self.asked_after.append(time.monotonic() - self.began - run.seconds)
        asked = f"{address}, asked for after {self.asked_after[-1]:.0f} s"
        self.slowest = sorted((*self.slowest, (run.seconds, asked)), reverse=True)[:_SHOWN]
        if run.exceptions:
            self.broken.append(f"{address}: {run.exceptions[0]}")
        (self.refused if sent else self.red_boxes).update(run.red_boxes)
        return run

    def memory_at(self, seconds: float) -> int:
        """The server's resident memory in kB at this time of the run."""
        return min(self.memory, key=lambda one: abs(one[0] - seconds))[1]


class Person:
    """Somebody who reads, and who also writes when told to."""

    def __init__(self, number: int, door: Door, tally: Tally, pause: float, *, writes: bool) -> None:
        self._number, self._door, self._tally, self._writes = number, door, tally, writes
        self._pause = pause
        self._rng = random.Random(number)
        self._written = 0

    async def live(self, until: float) -> None:
        """Read until the time is over; a page that was hung up is opened anew."""
        await asyncio.sleep(self._rng.uniform(0, 1.5 * self._pause))
        while time.monotonic() < until:
            try:
                async with open_page(self._door) as page:
                    await self._read(page, until)
            except (ConnectionClosed, InvalidHandshake, OSError) as fault:
                # TimeoutError is an OSError: nobody waits for a page any longer.
                self._tally.disconnects[type(fault).__name__] += 1
                await asyncio.sleep(self._pause / 2)
            except LookupError as absent:
                # A page without the control that it always shows ended too early.
                self._tally.broken.append(f"/{page.page}?{unquote_plus(page.query)}: {absent!r}")

    async def _read(self, page: OpenPage, until: float) -> None:
        """One open page, until the person follows a link or has no more time."""
        been = [some_link(self._rng)]
        self._tally.count(page, await page.arrive(*been[0]))
        while True:
            await asyncio.sleep(self._rng.uniform(0.5 * self._pause, 1.5 * self._pause))
            if time.monotonic() >= until:
                return
            if self._writes and self._rng.random() < WRITING_SHARE:
                await self._write(page)
                continue
            [move] = self._rng.choices(list(MOVES), list(MOVES.values()))
            if move == "link":
                return
            if move == "back" and len(been) > 1:
                been.pop()
                run = await page.turn_to(*been[-1], back=True)
            elif move == "filter" and (widgets := page.choices()):
                widget = self._rng.choice(widgets)
                run = await page.choose(widget, self._rng.choice(widget.options))
            else:
                run = await page.turn_to(self._rng.choice(page.pages()))
            self._tally.count(page, run)
            been.append((page.page, page.query))

    async def _write(self, page: OpenPage) -> None:
        """Send one form and note what the page says of it."""
        self._written += 1
        text = f"{_MARK}第{self._number}人第{self._written}件"
        name = "" if self._door.asks_for_login else f"试验{self._number}"
        # A writer takes the three forms in turn.
        match self._written % 3:
            case 0:
                self._tally.count(page, await page.turn_to("projects", urlencode({"part": "议定事项"})))
                owner = self._rng.choice(page.options("责任单位"))
                run = await page.send("登记", {"决定的内容": text, "责任单位": owner, **_signed("登记人姓名", name)})
                confirmed = "已登记议定事项" in "".join(run.announced)
            case 1:
                self._tally.count(page, await page.turn_to("projects", urlencode({"part": "佐证目录"})))
                subject = page.choice("具体措施或指标")
                self._tally.count(page, await page.choose(subject, self._rng.choice(subject.options)))
                papers = {
                    "材料名称": text,
                    "文号（没有文号的填本单位编号）": text,
                    "成文日期": "2021/09/01",
                    **_signed("登记人姓名", name),
                }
                run = await page.send("登记", papers)
                confirmed = f"已登记“{text}”" in "".join(run.announced)
            case _:
                unit = self._rng.choice(DEPARTMENTS)
                self._tally.count(page, await page.turn_to("units", urlencode({"unit": unit, "unit_part": "月报"})))
                if not page.has_form("保存这一项"):
                    # A department that has nothing to report.
                    return
                run = await page.send("保存这一项", {"状态": "正常推进", "说明": text, **_signed("报送人姓名", name)})
                confirmed = "已报送" in "".join(run.announced)
        self._tally.count(page, run, sent=True)
        self._tally.sent += 1
        if confirmed:
            self._tally.confirmed.append(text)


def _signed(field_: str, name: str) -> dict[str, str]:
    """The field for the name, which stands there only where nobody has logged in."""
    return {field_: name} if name else {}


def writes(number: int) -> bool:
    """Whether this one of the crowd also sends forms."""
    return number % PEOPLE_A_WRITER == 0


async def watch_memory(process_ids: Sequence[int], tally: Tally) -> None:
    """Note the resident memory of all processes of the platform every second."""
    while True:
        statuses = (Path(f"/proc/{process_id}/status").read_text("ascii") for process_id in process_ids)
        held = [int(found) for status in statuses for found in re.findall(r"VmRSS:\s+(\d+) kB", status)]
        tally.memory.append((time.monotonic() - tally.began, sum(held)))
        await asyncio.sleep(1)


async def many_people(process_ids: Sequence[int], doors: Sequence[Door], seconds: float, pause: float) -> Tally:
    """Let them all live at once, each by a door of their own."""
    tally = Tally()
    watching = asyncio.create_task(watch_memory(process_ids, tally))
    crowd = [Person(n, door, tally, pause, writes=writes(n)) for n, door in enumerate(doors)]
    await asyncio.gather(*(person.live(tally.began + seconds) for person in crowd))
    watching.cancel()
    return tally


def wait_until_filled(server: Server) -> None:
    """A new store fills itself with the demonstration county while the server is up already."""
    deadline = time.monotonic() + _OPENING_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=5) as answer:
                if json.load(answer)["store"] == "answers":
                    return
        except HTTPError:
            time.sleep(0.2)
    raise AssertionError("the store was not opened in time")


def kept_texts(database: Path) -> Counter[str]:
    """How often each text that was sent stands in the store."""
    store, found = Store.open(database, load_standard()), Counter[str]()
    try:
        for table, column in PLACES.items():
            found.update(
                t for (t,) in store.rows(f"select {column} from {table} where starts_with({column}, '{_MARK}')")
            )
    finally:
        store.close()
    return found


def _percentiles(seconds: list[float]) -> list[float]:
    return quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [0.0] * 99


def tracebacks(log: str) -> Counter[str]:
    """Every traceback of the server's log, plain or framed and coloured, by its last words, and how often it stands there."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    begins = r"^[ ╭─]*Traceback \(most recent call last\).*\n(?:[ \t│╭╰─].*\n|\n)*"
    return Counter(re.findall(begins + r"(.*)$", plain, re.MULTILINE))


def report(people: int, seconds: float, pause: float, tally: Tally, kept: Counter[str], logged: Counter[str]) -> bool:
    """Print everything; whether all went well."""
    lost = [text for text in tally.confirmed if not kept[text]]
    doubled = [text for text, times in kept.items() if times > 1]
    percentiles = _percentiles(tally.seconds)
    warm = _percentiles(
        [taken for taken, asked in zip(tally.seconds, tally.asked_after, strict=True) if asked > seconds / 3]
    )
    early, end = tally.memory_at(seconds / 3), tally.memory_at(seconds)
    lines: Sequence[tuple[str, object]] = (
        ("people", people),
        ("minutes", f"{seconds / 60:g}"),
        ("seconds between clicks", f"{0.5 * pause:g} to {1.5 * pause:g}"),
        ("page runs", f"{len(tally.seconds)} ({len(tally.seconds) / seconds:.1f} a second)"),
        ("runs with an exception", len(tally.broken)),
        ("tracebacks in the server's log", logged.total()),
        ("red boxes on pages read", tally.red_boxes.total()),
        ("forms refused", tally.refused.total()),
        (f"disconnects (or {LONGEST_RUN_SECONDS} s without answer)", tally.disconnects.total()),
        ("request to finished, p50", f"{percentiles[49]:.2f} s"),
        ("request to finished, p95", f"{percentiles[94]:.2f} s"),
        ("after a third of the time, p50", f"{warm[49]:.2f} s"),
        ("after a third of the time, p95", f"{warm[94]:.2f} s"),
        ("request to finished, worst", f"{max(tally.seconds, default=0.0):.2f} s"),
        ("forms sent", tally.sent),
        ("writes confirmed", len(tally.confirmed)),
        ("writes lost", len(lost)),
        ("writes doubled", len(doubled)),
        ("there without a confirmation", len(kept.keys() - set(tally.confirmed))),
        ("of a core taken by the people", f"{time.process_time() / seconds:.0%}"),
        ("memory before anybody came", f"{tally.memory_at(0) / 1024:.0f} MB"),
        ("memory at 1 minute", f"{tally.memory_at(60) / 1024:.0f} MB"),
        ("memory after a third", f"{early / 1024:.0f} MB"),
        ("memory at half time", f"{tally.memory_at(seconds / 2) / 1024:.0f} MB"),
        ("memory at the end", f"{end / 1024:.0f} MB ({end / early:.2f} times that after a third)"),
        ("memory at its peak", f"{max(kb for _, kb in tally.memory) / 1024:.0f} MB"),
    )
    for name, value in lines:
        print(f"{name:38} {value}")
    print(*(f"slow: {took:.1f} s {address}" for took, address in tally.slowest), sep="\n")
    details = (("exception", Counter(tally.broken)), ("red box", tally.red_boxes), ("refusal", tally.refused))
    for what, texts in (*details, ("disconnect", tally.disconnects), ("log", logged)):
        for text, times in texts.most_common(_SHOWN):
            print(f"{what}, {times} times: {text}")
    print(*(f"lost: {text}" for text in lost), *(f"doubled: {text}" for text in doubled), sep="\n", end="")
    return not (tally.broken or lost or doubled) and end <= early * MOST_GROWTH


def main(people: int, minutes: float, pause: float) -> int:
    """Run the server and the crowd; 1 when something went wrong."""
    with TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            wait_until_filled(server)
            doors = [Door(server.port)] * people
            tally = asyncio.run(many_people([server.process_id], doors, minutes * 60, pause))
        finally:
            server.stop()
        logged = tracebacks(server.log.read_text("utf-8"))
        went_well = report(people, minutes * 60, pause, tally, kept_texts(Path(folder) / "county.duckdb"), logged)
    return 0 if went_well else 1


if __name__ == "__main__":
    asked = [float(word) for word in sys.argv[1:]]
    sys.exit(
        main(int(asked[0]) if asked else 100, asked[1] if len(asked) > 1 else 10, asked[2] if len(asked) > 2 else PAUSE)
    )
