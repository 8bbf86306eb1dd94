"""The store: the ledger, and the two indexes made from it, Chroma (vectors) and Tantivy (BM25).

The ledger is the record; how the indexes are kept in step with it is in upkeep.py.
"""

import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import numpy as np

from ingest.article import Article, Hit, Passage
from ingest.errors import UserError
from ingest.ledger import FORMAT, Ledger
from ingest.split import SPLITTER
from ingest.upkeep import NONE, Busy, Index, Progress, Row, batches, lock_for_writing, stands, sync, unstamp

DEFAULT_STORE = Path("store")
EXACT = 5_000  # passages; up to here a question is compared with every vector (1 ms), without chromadb (1.2 s)
SAVE = 1_000  # vectors after which Chroma saves its graph, its own default
TITLE = 0.5  # what a question's word in the title counts for, against one in the passage


class Missing(UserError):
    """There is no store in the folder."""


class Chroma:
    """Vectors by cosine similarity."""

    def __init__(self, folder: Path) -> None:
        """Open the collection, or create it."""
        import chromadb  # 1.2 s: only to write, or to search a large store

        settings = chromadb.config.Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(str(folder), settings=settings)
        self._rows = self._client.get_or_create_collection(
            "passages",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "sync_threshold": SAVE, "batch_size": min(SAVE, 100)}},
        )
        self._count: int | None = None  # of its passages, where known: counting them takes as long as a search

    def remove(self, ids: list[str]) -> bool:
        """Take passages out."""
        for batch in batches(iter(ids)):
            self._rows.delete(ids=batch)
        self._count = None
        return True

    def add(self, rows: list[Row]) -> None:
        """Put passages in, in place of their former selves."""
        vectors = np.stack([np.frombuffer(row[3], dtype=np.float32) for row in rows])
        self._rows.upsert(ids=[row[0] for row in rows], embeddings=vectors)
        self._count = None

    def search(self, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The k nearest passages with their cosine similarity."""
        self._count = self._rows.count() if self._count is None else self._count
        k = min(k, self._count)
        if not k:
            return []
        found = self._rows.query(query_embeddings=[vector], n_results=k, include=["distances"])
        distances = found["distances"] or [[]]
        return [(name, 1.0 - far) for name, far in zip(found["ids"][0], distances[0], strict=True)]

    def load(self) -> None:
        """Read the graph, which the first search would wait for; raises whatever a search would raise."""
        held = self._rows.get(limit=1, include=["embeddings"])
        if held["ids"] and held["embeddings"] is not None:
            self.search(np.asarray(held["embeddings"][0], np.float32), 1)

    def ids(self) -> set[str]:
        """Of every passage in it."""
        return set(self._rows.get(include=[])["ids"])

    def vectors(self, ids: list[str]) -> dict[str, np.ndarray]:
        """The vectors of those passages that it holds."""
        found = self._rows.get(ids=ids, include=["embeddings"])
        rows = found["embeddings"]
        return dict(zip(found["ids"], np.asarray(rows if rows is not None else [], np.float32), strict=True))

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()  # type: ignore[attr-defined]  # missing from its interface


class Tantivy:
    """BM25 over stemmed English words, accents folded."""

    def __init__(self, folder: Path) -> None:
        """Open the index, or create it."""
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("title", "text"):
            builder.add_text_field(name, tokenizer_name="words", index_option="freq")
        self._schema = builder.build()
        self._words = _words(tantivy)
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer("words", self._words)
        self._writer: Any = None

    def remove(self, ids: list[str]) -> bool:
        """Not done: words of passages taken out would still count in BM25, and 34,000 are written in 1.5 s."""
        return not ids

    def add(self, rows: list[Row]) -> None:
        """Put passages in that are not there."""
        for name, title, text, _ in rows:
            self._writing().add_document(self._tantivy.Document(id=name, title=title, text=text))

    def search(self, question: str, k: int) -> list[tuple[str, float]]:
        """The k best passages for the question's words, with their BM25 score."""
        query = self._query(question)
        searcher = self._index.searcher()
        found = searcher.search(query, max(k, 1), count=False).hits[:k] if query else []
        return [(searcher.doc(address)["id"][0], score) for score, address in found]

    def _query(self, question: str) -> Any:
        """Any of the question's words, in text or title; no character of it is query syntax."""
        make, should = self._tantivy.Query, self._tantivy.Occur.Should
        parts = []
        for word in dict.fromkeys(self._words.analyze(question.encode("utf-8", "replace").decode())):
            parts.append((should, make.term_query(self._schema, "text", word, index_option="freq")))
            title = make.term_query(self._schema, "title", word, index_option="freq")
            parts.append((should, make.boost_query(title, TITLE)))
        return make.boolean_query(parts) if parts else None

    def _writing(self) -> Any:
        self._writer = self._writer or self._index.writer(heap_size=64_000_000, num_threads=1)
        return self._writer

    def ids(self) -> set[str]:
        """Of every passage in it."""
        searcher = self._index.searcher()
        everything = self._tantivy.Query.all_query()
        found = searcher.search(everything, max(searcher.num_docs, 1), count=False).hits
        return {searcher.doc(address)["id"][0] for _, address in found}

    def close(self) -> None:
        """Commit what was written."""
        if self._writer:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None


def _words(tantivy: Any) -> Any:
    keep = tantivy.Filter
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(keep.remove_long(40))
    return builder.filter(keep.lowercase()).filter(keep.ascii_fold()).filter(keep.stemmer("english")).build()


INDEXES: dict[str, Callable[[Path], Index]] = {"chroma": Chroma, "tantivy": Tantivy}


class Store:
    """A folder of articles ready to be searched. Use `open` or `create`; a context manager."""

    def __init__(self, folder: Path, ledger: Ledger, lock: Any = None) -> None:
        """What `open` and `create` return."""
        self.folder, self.ledger = folder, ledger
        self.embedder = ledger.meta("embedder")
        self.digest = ledger.meta("digest")  # of the embedder's weights
        self._lock = lock
        self._chroma: Chroma | None = None
        self._tantivy: Tantivy | None = None
        self._vectors: tuple[list[str], np.ndarray] | None = None
        self._opening = threading.Lock()
        self._copies: TemporaryDirectory[str] | None = None
        self._standing: set[str] = set()  # the indexes found whole
        self._preparing = threading.Thread(target=self._prepare)

    @classmethod
    def open(cls, folder: Path, *, write: bool = False, repair: bool = True) -> Self:
        """A store that exists. Indexes out of step are brought up to date, unless another process is writing."""
        if not (folder / "ledger.sqlite").is_file():
            raise _missing(folder)
        store = cls(folder, *_opened(folder, write=write))
        if repair and not write:
            store._repair()
        return store

    @classmethod
    def create(cls, folder: Path, embedder: str, digest: str) -> Self:
        """A store to write to, made where there is none; UserError when it was made with another embedder."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            ledger, lock = _opened(folder, write=True)
        except OSError as error:
            why = f"the store {folder} cannot be written: {error.strerror}"
            raise UserError(f"{why}; choose another --store") from error
        if not ledger.meta("embedder"):
            ledger.note(embedder=embedder, digest=digest, splitter=SPLITTER)
        store = cls(folder, ledger, lock)
        if store.digest != digest:
            store.close()
            raise UserError(
                f"the store {folder} was made with the embedder {store.embedder}, not {embedder}; "
                f"{_again(folder)}, or choose another --store"
            )
        return store

    @staticmethod
    def embedder_of(folder: Path) -> str:
        """The embedder a store was made with, "" where there is no store."""
        if not (folder / "ledger.sqlite").is_file():
            return ""
        try:
            ledger = _ledger(folder, write=False)
        except Missing:
            return ""
        name = ledger.meta("embedder")
        ledger.close()
        return name

    def close(self) -> None:
        """Let go of the folder."""
        if self._preparing.is_alive():
            self._preparing.join()
        for index in (self._chroma, self._tantivy):
            if index:
                index.close()
        self._chroma = self._tantivy = None
        if self._copies:
            self._copies.cleanup()
            self._copies = None
        self.ledger.close()
        if self._lock:
            self._lock.close()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    # Reading

    def counts(self) -> dict[str, int]:
        """How many articles and passages there are."""
        return self.ledger.counts()

    def version(self) -> str:
        """Changes whenever the content changes."""
        return f"{self.ledger.meta('identity')}:{self.ledger.revision}"

    def article(self, article_id: str) -> Article:
        """The article of that id; KeyError when there is none."""
        found = self.ledger.article(article_id)
        if found is None:
            raise KeyError(article_id)
        return found

    def articles(self) -> Iterator[Article]:
        """Every article, in the order of their ids."""
        return self.ledger.articles()

    def newest(self) -> Iterator[Article]:
        """Every article, the newest first; undated ones come last."""
        return self.ledger.newest()

    def passages(self, article_id: str) -> list[Passage]:
        """The passages of an article, in order."""
        return self.ledger.passages(self.article(article_id))

    def vectors(self, passage_ids: list[str]) -> np.ndarray:
        """A row for each passage, float32; KeyError for an unknown one."""
        found = [self.ledger.vector(name) for name in passage_ids]
        missing = [name for name, vector in zip(passage_ids, found, strict=True) if vector is None]
        if missing:
            raise KeyError(missing[0])
        return np.stack([vector for vector in found if vector is not None]) if found else np.empty((0, 0), np.float32)

    def prepare(self) -> None:
        """Begin to open what the first search of a large store waits 2 s for, while models are loaded, say."""
        if self._in_chroma():
            self._preparing.start()

    def _prepare(self) -> None:
        with self._opening:
            self._chroma = self._chroma or self._opened_chroma()

    def dense(self, vector: np.ndarray, k: int) -> list[Hit]:
        """The k passages nearest to the vector, best first; the score is their cosine similarity."""
        return self._hits("dense", self._nearest(np.asarray(vector, dtype=np.float32).reshape(-1), k))

    def bm25(self, question: str, k: int) -> list[Hit]:
        """The k passages that best match the question's words, best first."""
        with self._opening:
            if self._tantivy is None and (self.folder / "tantivy" / "meta.json").is_file():
                try:
                    self._tantivy = Tantivy(self._writable("tantivy"))
                except Exception as error:  # half-written or damaged, in a folder that cannot be mended now
                    self._warn("tantivy", error)
        return self._hits("bm25", self._tantivy.search(question, k) if self._tantivy else [])

    def _writable(self, name: str) -> Path:
        """The folder of that index, or a copy: Tantivy locks a file even to read."""
        if os.access(self.folder / name, os.W_OK):
            return self.folder / name
        self._copies = self._copies or TemporaryDirectory()
        return Path(shutil.copytree(self.folder / name, Path(self._copies.name, name)))

    def _hits(self, stage: str, found: list[tuple[str, float]]) -> list[Hit]:
        passages = self.ledger.passages_of(name for name, _ in found)
        return [Hit(passages[name], score, {stage: score}) for name, score in found if name in passages]

    def sync(self, progress: Progress = lambda name, done, total: None) -> None:
        """Bring both indexes up to the ledger; calls progress(index, rows done, rows in all)."""
        sync(self.folder, self.ledger, INDEXES, progress)
        self._standing = set(INDEXES)

    def rebuild(self, progress: Progress = lambda name, done, total: None) -> None:
        """Make both indexes again from the ledger; nothing is embedded."""
        unstamp(self.folder, INDEXES)
        self.sync(progress)

    def _warn(self, name: str, error: Exception) -> None:
        again = f"make it again with: python -m ingest --rebuild --store {self.folder}"
        sys.stderr.write(f"the search index {self.folder / name} cannot be used ({error}); {again}\n")

    def _repair(self) -> None:
        """Finish what a killed ingest left undone, unless someone is writing right now or nobody can."""
        self._standing = {name for name in INDEXES if stands(self.folder, self.ledger, name)}
        if self._standing == set(INDEXES):
            return
        try:
            with lock_for_writing(self.folder):
                sys.stderr.write(f"bringing the search index in {self.folder} up to date ...\n")
                self.sync()
        except (UserError, OSError) as error:
            if not isinstance(error, PermissionError | Busy):
                sys.stderr.write(f"{error}\n")

    def _nearest(self, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
        with self._opening:
            if self._chroma is None and self._vectors is None:
                self._chroma = self._opened_chroma() if self._in_chroma() else None
                if self._chroma is None:
                    self._vectors = self.ledger.all_vectors()
        if self._chroma:
            return self._chroma.search(vector, k)
        return _exact(self._vectors or ([], np.empty((0, 0))), vector, k)

    def _in_chroma(self) -> bool:
        """Is the store large, and Chroma up to date?"""
        many = self.counts()["passages"] > EXACT and "chroma" in self._standing
        return many and stands(self.folder, self.ledger, "chroma", NONE)

    def _opened_chroma(self) -> Chroma | None:
        """Chroma, unless it fails, as in a folder that may only be read: then the ledger's vectors serve."""
        try:
            chroma = Chroma(self.folder / "chroma")
            chroma.load()
        except Exception as error:  # its errors share no base
            self._warn("chroma", error)
            return None
        return chroma


def _exact(known: tuple[list[str], np.ndarray], vector: np.ndarray, k: int) -> list[tuple[str, float]]:
    names, vectors = known
    if not names:
        return []
    scores = vectors @ vector
    best = np.argsort(-scores, kind="stable")[:k]
    return [(names[i], float(scores[i])) for i in best]


def _opened(folder: Path, *, write: bool) -> tuple[Ledger, Any]:
    """The ledger, and the write lock or None; nothing stays open when one is refused."""
    with ExitStack() as stack:
        lock = stack.enter_context(lock_for_writing(folder)) if write else None
        ledger = _ledger(folder, write=write)
        stack.pop_all()
        return ledger, lock


def _ledger(folder: Path, *, write: bool) -> Ledger:
    with ExitStack() as stack:
        try:
            ledger = Ledger(folder / "ledger.sqlite", write=write)
            stack.callback(ledger.close)
            if ledger.is_empty():
                raise _missing(folder)
            ledger.meta("format")
        except sqlite3.DatabaseError as error:
            raise UserError(_refused(folder, error, write)) from error
        made = (ledger.meta("format"), ledger.meta("splitter") or SPLITTER)
        if made != (FORMAT, SPLITTER):
            raise UserError(f"the store {folder} was made by another version of Byline; {_again(folder)}")
        stack.pop_all()
        return ledger


def _missing(folder: Path) -> Missing:
    return Missing(f"there is no store in {folder}; make one with: python -m ingest PATH --store {folder}")


def _refused(folder: Path, error: sqlite3.DatabaseError, write: bool) -> str:
    """What is wrong with a ledger that does not open, and what to do."""
    if isinstance(error, sqlite3.OperationalError):
        done, also = ("written", ", free space") if write else ("read", "")
        return f"the store {folder} cannot be {done}: {error}; check its permissions{also}, or choose another --store"
    return f"the record of the store {folder} is damaged ({error}); bring back a copy of it, or {_again(folder)}"


def _again(folder: Path) -> str:
    return f"make it again with: rm -r {folder} && python -m ingest PATH --store {folder}"
