"""A long computation beside the page: one answer, one refusal, a stop that is heeded, and a new beginning."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import PlatformError, RequestInvalid
from core.progress import Stopped, Tell
from ui.jobs import Job

_PATIENCE_SECONDS, _UNTIL_THE_BUTTON_SECONDS = 30, 2


def test_a_job_answers_and_says_how_far_it_is() -> None:
    reached, released = threading.Event(), threading.Event()

    def compute(tell: Tell) -> str:
        tell(0.25)
        reached.set()
        released.wait(_PATIENCE_SECONDS)
        return "算好了"

    job = Job(compute)
    assert reached.wait(_PATIENCE_SECONDS) and job.share == 0.25 and not job.ends_within(0)
    released.set()
    assert job.ends_within(_PATIENCE_SECONDS)
    assert (job.answer(), job.is_stopped) == ("算好了", False)


def test_a_stop_ends_it_at_its_next_step_and_it_can_begin_anew() -> None:
    stopped = threading.Event()
    steps: list[int] = []

    def compute(tell: Tell) -> int:
        for step in range(3):
            tell(step / 3)
            steps.append(step)
            if len(steps) == 1:
                stopped.wait(_PATIENCE_SECONDS)
        return len(steps)

    job = Job(compute)
    job.stop("one")
    stopped.set()
    assert job.ends_within(_PATIENCE_SECONDS) and job.is_stopped and len(steps) <= 1
    with pytest.raises(PlatformError, match="没有完成"):
        job.answer()
    job.begin()
    assert job.ends_within(_PATIENCE_SECONDS)
    assert not job.is_stopped and job.answer() >= 3


def test_it_stops_only_when_nobody_waits_any_more() -> None:
    released = threading.Event()

    def compute(tell: Tell) -> str:
        released.wait(_PATIENCE_SECONDS)
        tell(0.5)
        return "算好了"

    job = Job(compute)
    with job.awaited_by("one"), job.awaited_by("other"):
        job.stop("one")
        released.set()
        assert job.ends_within(_PATIENCE_SECONDS)
    assert (job.answer(), job.is_stopped) == ("算好了", False)
    released.clear()
    job.begin()
    with job.awaited_by("other"):
        pass
    with job.awaited_by("one"):
        job.stop("one")
        released.set()
        assert job.ends_within(_PATIENCE_SECONDS)
    assert job.is_stopped


def test_one_page_gives_up_while_another_goes_on() -> None:
    released = threading.Event()

    def compute(tell: Tell) -> str:
        released.wait(_PATIENCE_SECONDS)
        tell(0.5)
        return "算好了"

    job = Job(compute)
    mine = AppTest.from_function(_page, kwargs={"job": job})
    with job.awaited_by("another page"):
        asking = threading.Timer(_UNTIL_THE_BUTTON_SECONDS, released.set)
        mine.session_state["given_up_it"] = job
        mine.run()
        assert [w.value for w in mine.warning] == ["已停止计算，没有结果，数据未改动。"]
        assert not job.ends_within(0)
        asking.start()
        mine.button[0].click().run(timeout=_PATIENCE_SECONDS)
    assert [m.value for m in mine.markdown] == ["算好了"] and not mine.warning


def test_a_page_that_did_not_give_up_has_it_begun_anew() -> None:
    begun: list[int] = []

    def compute(tell: Tell) -> str:
        begun.append(1)
        if len(begun) == 1:
            raise Stopped
        return "算好了"

    page = AppTest.from_function(_page, kwargs={"job": Job(compute)}).run(timeout=_PATIENCE_SECONDS)
    assert [m.value for m in page.markdown] == ["算好了"] and len(begun) == 2


def _page(job):  # type: ignore[no-untyped-def]
    import streamlit as st

    from ui.jobs import finished

    st.markdown(finished(job, "正在计算 ", "it"))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_the_program_is_told_from_an_answer_and_can_be_tried_again() -> None:
    attempts: list[int] = []

    def compute(tell: Tell) -> int:
        attempts.append(1)
        if len(attempts) == 1:
            raise ZeroDivisionError
        return 7

    job = Job(compute)
    assert job.ends_within(_PATIENCE_SECONDS) and job.is_broken
    job.begin()
    assert job.ends_within(_PATIENCE_SECONDS) and not job.is_broken and job.answer() == 7


def test_a_refusal_reaches_whoever_asks() -> None:
    def compute(tell: Tell) -> None:
        raise RequestInvalid("预算不能为负数。")

    job = Job(compute)
    assert job.ends_within(_PATIENCE_SECONDS)
    with pytest.raises(RequestInvalid, match="预算不能为负数"):
        job.answer()
