"""A limit on the time that one piece of work may take, so that no hostile file holds up a run."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

AGAIN = 1.0  # seconds after which a library that swallowed the first alarm gets another

SHORT = 0.005  # seconds; an alarm may come that much early

T = TypeVar("T")


class TooSlow(BaseException):
    """The time is over; no Exception, since libraries that read damaged files catch those and go on."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """TooSlow is raised inside after so many seconds of this thread's processor time.

    Without effect beside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():  # signals reach no other
        yield
        return

    began = time.thread_time()

    def over(number: int, frame: FrameType | None) -> None:
        left = seconds - (time.thread_time() - began)  # the alarm counts every thread: one embeds meanwhile
        if left > SHORT:
            signal.setitimer(signal.ITIMER_PROF, left, AGAIN)
            return
        raise TooSlow(f"it takes longer than {seconds:.0f} s to read")

    former = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def within(seconds: float, made: Iterator[T]) -> Iterator[T]:
    """What an iterator makes, with the limit on the making of each."""
    while True:
        with limited(seconds):
            one = next(made, None)
        if one is None:
            return
        yield one
