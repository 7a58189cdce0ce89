"""Long computations beside the page: progress, a stop button, one run for everyone who asks for the same."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, NoReturn, TypeVar

import streamlit as st

from core.errors import PlatformError
from core.progress import Stopped, Tell
from ui.draft import give_up, has_given_up, this_session

T = TypeVar("T")
# A short computation shows no bar; a long one moves it so often.
_PATIENCE_SECONDS, _TICK_SECONDS = 1.0, 0.25
# More at once take longer each, and every page with them.
_AT_ONCE = 2
_turns = threading.Semaphore(_AT_ONCE)


class Job(Generic[T]):
    """A computation in a thread of its own, begun at once."""

    def __init__(self, compute: Callable[[Tell], T]) -> None:
        self._compute = compute
        self._beginning = threading.Lock()
        self._waiting: Counter[object] = Counter()
        self._thread: threading.Thread | None = None
        self.begin()

    def begin(self) -> None:
        """Begin, anew after a stop or a failure; while it runs, nothing changes."""
        with self._beginning:
            if self._thread is not None and self._thread.is_alive():
                return
            self.share = 0.0
            self.is_stopped = False
            self._stop = threading.Event()
            self._answer: list[T] = []
            self._refusal: PlatformError | None = None
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    @contextmanager
    def awaited_by(self, who: object) -> Iterator[None]:
        """Somebody waits for it as long as this lasts."""
        with self._beginning:
            self._waiting[who] += 1
        try:
            yield
        finally:
            with self._beginning:
                self._waiting -= Counter([who])

    def stop(self, who: object) -> None:
        """One waits no more; it stops, at its next step, when nobody else waits."""
        with self._beginning:
            if not self._waiting.keys() - {who}:
                self._stop.set()

    def ends_within(self, seconds: float) -> bool:
        """Whether it is over, after waiting so long at most."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    @property
    def is_broken(self) -> bool:
        """Whether it ended without an answer or a refusal: a fault of the program, which the log describes."""
        return self.ends_within(0) and not (self._answer or self._refusal or self.is_stopped)

    def answer(self) -> T:
        """What it found. Raises the PlatformError it ended with."""
        if self._refusal is not None:
            raise self._refusal
        if not self._answer:
            raise PlatformError("计算没有完成，请重新计算；仍不成功时请联系管理员。")
        return self._answer[0]

    def _run(self) -> None:
        try:
            self._await_turn()
            try:
                self._answer.append(self._compute(self._tell))
            finally:
                _turns.release()
        except Stopped:
            self.is_stopped = True
        except PlatformError as refusal:
            self._refusal = refusal

    def _await_turn(self) -> None:
        """Wait until a turn is free; whoever no one waits for any more gives up his place."""
        while not _turns.acquire(timeout=_TICK_SECONDS):
            if self._stop.is_set() or not self._waiting:
                raise Stopped

    def _tell(self, share: float) -> None:
        if self._stop.is_set():
            raise Stopped
        self.share = min(max(share, 0.0), 1.0)


def finished(job: Job[T], words: str, key: str) -> T:
    """The job's answer; until it is there the page shows how far it is, and a button to wait no more.

    Who pressed it gets no answer until they ask again; others who wait for the same job go on.
    """
    if has_given_up(key, job):
        _unanswered(job, key, "已停止计算，没有结果，数据未改动。")
    with job.awaited_by(this_session()):
        _await(job, words, key)
        while job.is_stopped:
            # Others gave it up before this page asked.
            job.begin()
            _await(job, words, key)
    if job.is_broken:
        _unanswered(job, key, "计算出错，没有结果，数据未改动；请重新计算，仍不成功时请联系管理员。")
    return job.answer()


def _await(job: Job[T], words: str, key: str) -> None:
    if job.ends_within(_PATIENCE_SECONDS):
        return
    place = st.empty()
    with place.container(border=True):
        bar = st.progress(job.share, text=words)
        st.button("停止计算", key=f"stop_{key}", on_click=_give_up, args=(job, key), icon=":material/stop_circle:")
        while not job.ends_within(_TICK_SECONDS):
            bar.progress(job.share, text=f"{words}{job.share:.0%}")
    place.empty()


def _give_up(job: Job[T], key: str) -> None:
    give_up(key, job)
    job.stop(this_session())


def _ask_again(job: Job[T], key: str) -> None:
    give_up(key, None)
    job.begin()


def _unanswered(job: Job[T], key: str, why: str) -> NoReturn:
    st.warning(why)
    st.button("重新计算", key=f"again_{key}", on_click=_ask_again, args=(job, key), icon=":material/refresh:")
    st.stop()
