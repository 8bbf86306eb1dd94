"""One measure of Byline and of the usual stack, round by round, the two in turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure of both sides, round by round; less is better. Nothing of the usual stack: it has no such thing."""

    name: str
    byline: list[float] = field(default_factory=list)
    usual: list[float] = field(default_factory=list)
    unit: str = "s"

    @property
    def ratios(self) -> list[float]:
        """How many times as much the usual stack took, in each round."""
        return [theirs / ours for ours, theirs in zip(self.byline, self.usual, strict=True)] if self.usual else []

    def to_json(self) -> dict[str, float | str]:
        """Medians, and the ratio with its least and greatest."""
        found: dict[str, float | str] = {"unit": self.unit, "byline": statistics.median(self.byline)}
        if self.usual:
            found |= {"usual": statistics.median(self.usual), "ratio": statistics.median(self.ratios)}
            found |= {"ratio_least": min(self.ratios), "ratio_most": max(self.ratios)}
        return found


def take_turns(took: Pair, busy: Pair, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """Adds a round: the seconds of both, and those of the processor, which others on a busy machine hardly change."""
    for (seconds, spent), work in (((took.byline, busy.byline), ours), ((took.usual, busy.usual), theirs)):
        started, at = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - started)
        spent.append(time.process_time() - at)
