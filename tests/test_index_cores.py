"""Work shared between two cores."""

import threading

import pytest

from index.cores import Companion


@pytest.fixture
def companion():
    made = Companion(cores=2)
    yield made
    made.close()


def test_both_are_done_in_two_threads_that_work_at_once(companion):
    meeting = threading.Barrier(2, timeout=30)

    def meet() -> str:
        meeting.wait()
        return threading.current_thread().name

    here, there = companion.run_both(meet, meet)

    assert here == threading.current_thread().name
    assert there.startswith("dateline-companion")


def test_who_finds_the_companion_at_work_does_both_alone(companion):
    begun, ended = threading.Event(), threading.Event()

    def keep_busy() -> None:
        begun.set()
        assert ended.wait(30)

    first = threading.Thread(
        target=companion.run_both, args=(lambda: ended.wait(30), keep_busy), daemon=True
    )
    first.start()
    try:
        assert begun.wait(30)
        done = companion.run_both(threading.get_ident, threading.get_ident)
    finally:
        ended.set()
        first.join(30)

    assert done == (threading.get_ident(), threading.get_ident())
    assert not first.is_alive()


def test_an_error_here_leaves_when_the_other_has_ended(companion):
    begun, ended = threading.Event(), []

    def fail() -> None:
        assert begun.wait(30)
        raise ValueError("here")

    def work() -> None:
        begun.set()
        ended.append(True)

    with pytest.raises(ValueError, match="here"):
        companion.run_both(fail, work)
    assert ended == [True]


def test_an_error_there_is_raised_here(companion):
    with pytest.raises(ZeroDivisionError):
        companion.run_both(lambda: 1, lambda: 1 // 0)


def test_where_no_thread_can_be_started_the_asker_does_both(monkeypatch, companion):
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("index.cores.ThreadPoolExecutor", refuse)

    threads = companion.run_both(threading.get_ident, threading.get_ident)

    assert threads == (threading.get_ident(), threading.get_ident())


def test_on_one_core_the_asker_does_both():
    companion = Companion(cores=1)

    threads = companion.run_both(threading.get_ident, threading.get_ident)

    assert threads == (threading.get_ident(), threading.get_ident())


def test_a_closed_companion_has_no_thread():
    companion = Companion(cores=2)
    companion.run_both(int, int)
    companion.close()

    assert companion.run_both(threading.get_ident, threading.get_ident)[1] == threading.get_ident()
