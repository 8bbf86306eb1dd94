"""Keeping indexes in step with the ledger.

An index folder holds a file STAMP that says up to which revision of which ledger it stands, and each of its files'
size, digest, and when it last changed; the stamp is taken away before the index is written and put back after. So a
killed writer, a foreign, a half-copied or a damaged folder is seen without opening it (Chroma may crash on a damaged
one), and such an index is made again from the ledger.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ingest.errors import UserError
from ingest.ledger import Ledger

BATCH = 2_000  # rows written to an index at once; Chroma fails above 5,461
STAMP = "BYLINE"
DATABASE, VECTORS = ".sqlite3", ".bin"  # what Chroma's files end with
SAVED = "index_metadata.pickle"  # stands beside Chroma's vectors once it has saved them; before, it makes them anew

# Which files are read to see that they are as stamped: none; those that changed since then, or were copied; all.
NONE, CHANGED, ALL = range(3)
BLOCK = 2**24  # bytes hashed at a time: between them other threads, importing, may hold the interpreter

T = TypeVar("T")
Row = tuple[str, str, str, bytes]  # passage id, title, text, vector
Progress = Callable[[str, int, int], None]


class Busy(UserError):
    """Another process is writing to the store."""


class Index(Protocol):
    """What can be kept in step."""

    def remove(self, ids: list[str]) -> bool:
        """Take passages out; False where that would leave traces, and the index is to be made again."""

    def add(self, rows: list[Row]) -> None: ...  # noqa: D102
    def ids(self) -> set[str]: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


Indexes = Mapping[str, Callable[[Path], Index]]  # by the name of their folder: what opens or creates them


def stands(folder: Path, ledger: Ledger, name: str, reading: int = CHANGED) -> bool:
    """Does that index hold exactly what the ledger holds? `reading`: NONE, CHANGED or ALL of its files."""
    return _stamped(folder / name, ledger, reading) == ledger.revision


def unstamp(folder: Path, indexes: Indexes) -> None:
    """Have every index made again by the next `sync`."""
    for name in indexes:
        (folder / name / STAMP).unlink(missing_ok=True)


def sync(folder: Path, ledger: Ledger, indexes: Indexes, progress: Progress) -> None:
    """Bring every index up to the ledger; calls progress(index, rows done, rows in all)."""
    for name, opened in indexes.items():
        if not stands(folder, ledger, name):
            _update(folder / name, ledger, opened, partial(progress, name))


def _update(
    folder: Path, ledger: Ledger, opened: Callable[[Path], Index], progress: Callable[[int, int], None]
) -> None:
    since = _stamped(folder, ledger)
    gone = ledger.gone_since(since) if since else []
    if since is None:
        _empty(folder)
    if since is None or gone or ledger.count_since(since):
        (folder / STAMP).unlink(missing_ok=True)
        try:
            if gone and not _removed(opened(folder), gone):
                _empty(folder)
                since = 0
            _write(opened(folder), ledger, since or 0, progress)
        except sqlite3.Error:
            raise
        except Exception as error:  # each library has its own for a full disk; the ledger holds everything
            raise UserError(
                f"the search index {folder} cannot be written: {str(error) or type(error).__name__}; free space, then "
                f"make it again with: python -m ingest --rebuild --store {folder.parent}"
            ) from error
    stamp(folder, ledger)


def stamp(folder: Path, ledger: Ledger) -> None:
    """Note that this index holds what the ledger does, in the files as they are."""
    lines = [f"{ledger.meta('identity')} {ledger.revision}"]
    for file in _files(folder):
        _flush(file)
        was = file.stat()
        lines.append(f"{was.st_size} {was.st_ctime_ns} {_digest(file)} {file.relative_to(folder)}")
    (folder / STAMP).write_text("\n".join(lines))


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)  # an open reader's tantivy may have put its lock file back meanwhile


def _removed(index: Index, gone: list[str]) -> bool:
    with closing(index):
        return index.remove(gone)


def _write(index: Index, ledger: Ledger, since: int, progress: Callable[[int, int], None]) -> None:
    done, total = 0, ledger.count_since(since)
    with closing(index):
        for rows in batches(ledger.since(since)):
            index.add(rows)
            done += len(rows)
            progress(done, total)


def _stamped(folder: Path, ledger: Ledger, reading: int = CHANGED) -> int | None:
    """The revision an index stands at; None when it must be made again."""
    try:
        first, *files = (folder / STAMP).read_text().splitlines()
        identity, revision = first.split()
        whole = all(_as_stamped(folder, line, reading) for line in files)
        return int(revision) if identity == ledger.meta("identity") and whole and files else None
    except (OSError, ValueError, TypeError, sqlite3.DatabaseError):
        return None


def _as_stamped(folder: Path, line: str, reading: int) -> bool:
    """Is the file of that line what it was?"""
    size, changed, digest, name = line.split(" ", 3)
    file = folder / name
    now = file.stat()
    unread = reading == NONE or (reading == CHANGED and now.st_ctime_ns == int(changed))
    if file.suffix == DATABASE:  # Chroma alters it when it only reads: its digest says nothing
        return now.st_size >= int(size) and (unread or _is_whole(file))
    return now.st_size == int(size) and (unread or _digest(file) == digest)


def _is_whole(file: Path) -> bool:
    """Do the pages of that SQLite file hang together?"""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return bool(db.execute("pragma quick_check(1)").fetchone() == ("ok",))


def _files(folder: Path) -> list[Path]:
    """The files that are the same until somebody writes the index."""
    found = (file for file in folder.rglob("*") if file.is_file() and file.name != STAMP and file.suffix != ".lock")
    return sorted(file for file in found if file.suffix != VECTORS or (file.parent / SAVED).exists())


def _flush(file: Path) -> None:
    """Onto the disk: a machine that fails must not leave a file of the stamped time without what was written."""
    with file.open("rb") as opened:
        os.fsync(opened)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def batches(rows: Iterator[T]) -> Iterator[list[T]]:
    """The rows in lists that every index takes at once."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def lock_for_writing(folder: Path) -> Any:
    """An open file that holds the store's one write lock until it is closed; Busy when another process has it."""
    file = (folder / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise Busy(f"another ingest is writing to {folder}; wait until it has finished") from error
    return file
