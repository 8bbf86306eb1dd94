"""Time a question may take, and the memory a run has taken."""

import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LIMIT = 120.0  # seconds for a question; on a machine with ten times the work it can do, the slowest took 17


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in the block once it has run so long by the clock; only the main thread can be stopped so.

    By the clock, not by processor time: a chat model on a server that never answers uses none.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def peak_mb() -> float:
    """The most memory this process has held so far, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("took longer than a question may")
