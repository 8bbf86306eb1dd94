"""Keeping indexes in step with the ledger.

An index folder holds a file STAMP that says up to which revision of which ledger it stands; the stamp is taken away
before the index is written and put back after. So a killed writer, a foreign or a half-copied folder is seen without
opening it (Chroma may crash on a damaged one), and such an index is made again from the ledger.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ingest.errors import UserError
from ingest.ledger import Ledger

BATCH = 2_000  # rows written to an index at once; Chroma fails above 5,461
STAMP = "BYLINE"

T = TypeVar("T")
Row = tuple[str, str, str, bytes]  # passage id, title, text, vector
Progress = Callable[[str, int, int], None]


class Index(Protocol):
    """What can be kept in step."""

    def remove(self, ids: list[str]) -> None: ...  # noqa: D102
    def add(self, rows: list[Row]) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


Indexes = Mapping[str, Callable[[Path], Index]]  # by the name of their folder: what opens or creates them


def stands(folder: Path, ledger: Ledger, name: str) -> bool:
    """Does that index hold exactly what the ledger holds?"""
    return _stamped(folder / name, ledger) == ledger.revision


def sync(folder: Path, ledger: Ledger, indexes: Indexes, progress: Progress) -> None:
    """Bring every index up to the ledger; calls progress(index, rows done, rows in all)."""
    for name, opened in indexes.items():
        if not stands(folder, ledger, name):
            _update(folder / name, ledger, opened, partial(progress, name))


def _update(
    folder: Path, ledger: Ledger, opened: Callable[[Path], Index], progress: Callable[[int, int], None]
) -> None:
    stamp, since = f"{ledger.meta('identity')} {ledger.revision}", _stamped(folder, ledger)
    gone = ledger.gone_since(since) if since else []
    if since is None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    if since is None or gone or ledger.count_since(since):
        (folder / STAMP).unlink(missing_ok=True)
        _write(opened(folder), gone, ledger, since or 0, progress)
    (folder / STAMP).write_text(stamp)


def _write(index: Index, gone: list[str], ledger: Ledger, since: int, progress: Callable[[int, int], None]) -> None:
    done, total = 0, ledger.count_since(since)
    try:
        index.remove(gone)
        for rows in batches(ledger.since(since)):
            index.add(rows)
            done += len(rows)
            progress(done, total)
    finally:
        index.close()


def _stamped(folder: Path, ledger: Ledger) -> int | None:
    """The revision an index stands at; None when it must be made again."""
    try:
        identity, revision = (folder / STAMP).read_text().split()
        return int(revision) if identity == ledger.meta("identity") else None
    except (OSError, ValueError):
        return None


def batches(rows: Iterator[T]) -> Iterator[list[T]]:
    """The rows in lists that every index takes at once."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def lock_for_writing(folder: Path) -> Any:
    """An open file that holds the store's one write lock until it is closed; UserError when another process has it."""
    file = (folder / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise UserError(f"another ingest is writing to {folder}; wait until it has finished") from error
    return file
