"""A progress bar on the terminal, gone when the work is done."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bar:
    """A progress bar that several kinds of work share."""

    progress: Progress

    def told(self, stage: str, done: int, total: int) -> None:
        """Shows how far the work of that name is."""
        task = next((one.id for one in self.progress.tasks if one.description == stage), None)
        self.progress.update(self.progress.add_task(stage) if task is None else task, completed=done, total=total)

    def over(self, what: str, items: Iterable[T], total: int) -> Iterator[T]:
        """The items, each counted as it is done."""
        for done, item in enumerate(items, start=1):
            yield item
            self.told(what, done, total)


@contextmanager
def bar_on(console: Console) -> Iterator[Bar]:
    """The bar, as long as the block runs."""
    with Progress(console=console, transient=True) as progress:
        yield Bar(progress)
