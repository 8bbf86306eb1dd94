"""Paired measures against the usual stack (eval/usual.py), in one run on the same articles and weights: ratios, with
their spread. The two sides of a pair take turns, so that a busy machine is busy for both.
"""

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

from eval.models import measure, rates
from eval.pair import Pair
from eval.processes import ingested, installed, new_store, queried, started, taken
from eval.progress import Bar
from ingest.errors import UserError

MANY = 2_000  # articles of the middle store


@dataclass(frozen=True, slots=True)
class Bench:
    """All pairs, the rates of the matrix products by name in GFLOP/s, and what was left out, with the reason."""

    pairs: list[Pair]
    rates: dict[str, float]
    skipped: list[str]

    def to_json(self) -> dict[str, object]:
        """Plain types."""
        pairs: dict[str, object] = {pair.name: pair.to_json() for pair in self.pairs}
        return {**pairs, "gflop_per_s": self.rates, "skipped": self.skipped}


@dataclass(frozen=True, slots=True)
class Given:
    """What is measured with; large stores are kept in the folder `work`, and used again."""

    seeds: Path
    rounds: int
    work: Path
    articles: Sequence[Path] = ()  # JSON lines, or folders of them
    stores: Sequence[Path] = ()
    few: int = 100  # of the articles: ingested by both sides in each round
    models: bool = False  # the embedder and the reader alone, and nothing else


def bench(given: Given, bar: Bar) -> Bench:
    """Everything that can be measured with what is given; UserError when a process fails."""
    if not given.seeds.is_dir():
        raise UserError(f"{given.seeds} is not a folder of articles.")
    given.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        small = new_store(given.seeds, Path(folder) / "seeds")
        pairs = [] if given.models else _processes(given, small, Path(folder), bar)
        alone = measure(small, given.rounds, bar)
    told = {
        f"ingest of {given.few:,} articles, searches at {MANY:,}: name articles with --articles": given.articles,
        "searches over all articles: name a store of them with --store": given.stores,
    }
    left = [] if given.models else [what for what, named in told.items() if not named]
    return Bench([*pairs, *(pair for one in alone for pair in (one.pair, one.busy))], rates(alone), left)


def _processes(given: Given, small: Path, place: Path, bar: Bar) -> list[Pair]:
    """`small`: a store of the seeds; `place`: a folder that is gone afterwards."""
    rounds, work = given.rounds, given.work
    pairs = [installed(), *started(given.seeds, small, place, rounds, bar)]
    pairs += ingested("the seeds", given.seeds, place, rounds, bar)
    measured = [small, *given.stores]
    if given.articles:
        pairs += ingested(f"{given.few:,} articles", taken(given.articles, given.few, work), place, rounds, bar)
        many = taken(given.articles, MANY, work)
        measured.insert(1, new_store(many, work / f"{many.name}.store"))
    return pairs + [pair for store in measured for pair in queried(store, work, rounds, bar)]


def table(found: Bench) -> Table:
    """The pairs for a terminal, then the rates."""
    shown = Table("work", "unit", "Byline", "usual", "times as good", "least to most", box=SIMPLE)
    for pair in found.pairs:
        ours, *theirs = (_number(statistics.median(one)) for one in (pair.byline, pair.usual) if one)
        ratios = pair.ratios
        told = (f"{statistics.median(ratios):.1f}", f"{min(ratios):.1f} to {max(ratios):.1f}") if ratios else ()
        shown.add_row(pair.name, pair.unit, ours, *theirs, *told)
    for name, rate in found.rates.items():
        shown.add_row(name, "%" if "%" in name else "GFLOP/s", f"{rate:,.0f}")
    return shown


def _number(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:,.0f}"
