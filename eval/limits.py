"""Time a question may take, and the memory a run has taken."""

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LIMIT = 60.0  # seconds for a question; the slowest on a busy machine took two


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in the block once it has run so long. Where there is no SIGALRM nothing is stopped."""
    if not hasattr(signal, "setitimer"):
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
