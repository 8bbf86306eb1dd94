"""Articles that a user brings in through the page: kept beside the store, read in the background, told as Progress."""

import hashlib
import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest.build import OUTCOMES, Outcome, build
from ingest.embed import DEFAULT_EMBEDDER, Embedder, load_embedder
from ingest.errors import UserError
from ingest.read import kind
from ingest.store import Store

MOST_FILES = 2_000  # files in one go
MOST_BYTES = 500 * 1024 * 1024  # bytes in one go
LONGEST_NAME = 120  # bytes of a file's name that are kept
KEPT = "added"  # the folder of added files, in the store's
SORRY = "Something went wrong while adding. The details are in the terminal where Byline runs."


class Cancelled(Exception):
    """The user has had enough."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived: where it lies, and what the user calls it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far adding has come, and what became of each article."""

    running: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""  # why nothing more was added, for the user
    number: int = 0  # of the run: 0 for none yet


class Adding:
    """Adds files to a store, one run at a time; safe to share between threads."""

    def __init__(self, store: Path, load: Callable[[str], Embedder] = load_embedder) -> None:
        """`store` is the folder of a store that exists; `load` gives the embedder of that name."""
        self._store, self._load, self._lock = store, load, threading.Lock()
        self._stop = threading.Event()
        self._embedder: Embedder | None = None
        self.progress = Progress()

    def start(self, uploads: Sequence[Upload]) -> None:
        """Begin; UserError when a run is going on, or the files are too many or too large. The files are moved."""
        _check(uploads)
        with self._lock:
            if self.progress.running:
                raise UserError("Articles are being added already: wait until that is done, or cancel it.")
            self.progress = Progress(True, "receiving", 0, len(uploads), number=self.progress.number + 1)
            self._stop.clear()
        threading.Thread(target=self._run, args=(list(uploads),), name="adding", daemon=True).start()

    def cancel(self) -> None:
        """Stop as soon as the passages at hand are recorded; what is recorded stays."""
        self._stop.set()

    def _run(self, uploads: Sequence[Upload]) -> None:
        try:
            kept, refused = self._keep(uploads)
            self._tell("reading", 0, len(kept))
            outcomes = (*refused, *(self._build(kept) if kept else ()))
            ended = replace(self.progress, outcomes=outcomes)
        except Cancelled:
            ended = replace(self.progress, problem="Cancelled: what had been read by then is in the library.")
        except UserError as error:
            ended = replace(self.progress, problem=str(error))
        except Exception:
            logging.exception("adding failed")
            ended = replace(self.progress, problem=SORRY)
        finally:
            for upload in uploads:
                upload.path.unlink(missing_ok=True)
        self.progress = replace(ended, running=False)

    def _keep(self, uploads: Sequence[Upload]) -> tuple[list[Path], list[Outcome]]:
        """Move files to where they stay, so that equal names do not meet; what cannot be read is told."""
        kept: dict[Path, None] = {}
        refused = []
        for upload in uploads:
            name = safe_name(upload.name)
            if not kind(Path(name)):
                refused.append(Outcome("failed", name, "a format that Byline does not read"))
                continue
            with upload.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
            place = self._store / KEPT / digest / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(upload.path, place)
            kept[place.resolve()] = None
        return list(kept), refused

    def _build(self, files: list[Path]) -> list[Outcome]:
        if self._embedder is None:
            self._embedder = self._load(Store.embedder_of(self._store) or DEFAULT_EMBEDDER)
        embedder = self._embedder

        def embed(texts: list[str]) -> np.ndarray:
            self._tell(self.progress.stage, self.progress.done, self.progress.total)
            return embedder(texts)

        with Store.create(self._store, embedder.name, embedder.digest) as store:
            try:
                return build(files, store, embed, watch=self._tell).outcomes
            except Cancelled:
                store.sync()
                raise
            finally:
                known = set(store.ledger.inputs())
                for file in files:
                    if str(file) not in known:
                        file.unlink(missing_ok=True)

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.progress = replace(self.progress, stage=stage, done=done, total=total)


def counts(progress: Progress) -> dict[str, int]:
    """How many articles had each outcome; those that none had are left out."""
    found = {name: sum(one.outcome == name for one in progress.outcomes) for name in OUTCOMES}
    return {name: number for name, number in found.items() if number}


def safe_name(name: str) -> str:
    """A file's name that is one plain part of a path: no folder, no hidden file, nothing that cannot be printed."""
    last = name.encode("utf-8", "replace").decode().replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    room = LONGEST_NAME - len((dot + suffix).encode()[:20])
    cut = stem.encode()[:room].decode("utf-8", "ignore") or "article"
    return f"{cut}{dot}{suffix[:10]}" if dot else plain.encode()[:LONGEST_NAME].decode("utf-8", "ignore") or "article"


def _check(uploads: Sequence[Upload]) -> None:
    """UserError for more than is taken in one go."""
    if not uploads:
        raise UserError("There is nothing to add: choose files or a folder.")
    if len(uploads) > MOST_FILES:
        raise UserError(
            f"{len(uploads):,} files are too many in one go: add at most {MOST_FILES:,}, or use the command."
        )
    if sum(upload.path.stat().st_size for upload in uploads) > MOST_BYTES:
        raise UserError(f"That is more than {MOST_BYTES // 1024**2} MB in one go: add fewer files, or use the command.")
