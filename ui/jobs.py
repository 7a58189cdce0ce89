"""Long computations beside the page: progress, a stop button, one run for everyone who asks for the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import streamlit as st

from core.errors import PlatformError
from core.progress import Stopped, Tell

T = TypeVar("T")
# A short computation shows no bar; a long one moves it so often.
_PATIENCE_SECONDS, _TICK_SECONDS = 1.0, 0.25


class Job(Generic[T]):
    """A computation in a thread of its own, begun at once."""

    def __init__(self, compute: Callable[[Tell], T]) -> None:
        self._compute = compute
        self._beginning = threading.Lock()
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

    def stop(self) -> None:
        """Ask it to stop; it does at its next step."""
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
            self._answer.append(self._compute(self._tell))
        except Stopped:
            self.is_stopped = True
        except PlatformError as refusal:
            self._refusal = refusal

    def _tell(self, share: float) -> None:
        if self._stop.is_set():
            raise Stopped
        self.share = min(max(share, 0.0), 1.0)


def finished(job: Job[T], words: str, key: str) -> T:
    """The job's answer; until it is there the page shows how far it is, and a button that stops it."""
    if not job.ends_within(_PATIENCE_SECONDS):
        place = st.empty()
        with place.container(border=True):
            bar = st.progress(job.share, text=words)
            st.button("停止计算", key=f"stop_{key}", on_click=job.stop, icon=":material/stop_circle:")
            while not job.ends_within(_TICK_SECONDS):
                bar.progress(job.share, text=f"{words}{job.share:.0%}")
        place.empty()
    if job.is_stopped or job.is_broken:
        st.warning(
            "已停止计算，没有结果，数据未改动。"
            if job.is_stopped
            else "计算出错，没有结果，数据未改动；请重新计算，仍不成功时请联系管理员。"
        )
        st.button("重新计算", key=f"again_{key}", on_click=job.begin, icon=":material/refresh:")
        st.stop()
    return job.answer()
