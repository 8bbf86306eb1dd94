"""The chain read | clean | date | dedupe | split | embed | store, and the tally of what happened to each article."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.article import Article, Passage
from ingest.clean import clean
from ingest.dates import published
from ingest.dedupe import clusters, same, signature
from ingest.embed import Embed
from ingest.ledger import Entry, Input, Item
from ingest.read import LONGEST, Raw, Unreadable, find, read
from ingest.split import split
from ingest.store import Store

TOGETHER = 256  # passages embedded and recorded at once: what a kill can cost

OUTCOMES = ("added", "unchanged", "updated", "removed", "duplicate", "failed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article, or of a file nothing could be read from."""

    outcome: str  # one of OUTCOMES
    source: str
    reason: str = ""
    article: str = ""  # id, of the article it repeats for a duplicate


class Watch(Protocol):
    """Told of progress: files done of files in all while reading, rows of rows while indexing."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...  # noqa: D102


@dataclass(slots=True)
class Tally:
    """Everything that happened in a run."""

    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, outcome: str) -> int:
        """How many articles had this outcome."""
        return sum(1 for one in self.outcomes if one.outcome == outcome)

    def to_json(self) -> dict[str, float]:
        """The command line's contract."""
        return {**{name: self.count(name) for name in OUTCOMES}, "seconds": round(self.seconds, 3)}


@dataclass(slots=True)
class _Batch:
    """Articles read and not yet recorded."""

    articles: list[tuple[Article, list[Passage], str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)

    def size(self) -> int:
        return sum(len(passages) for _, passages, _ in self.articles)


def build(
    paths: list[Path],
    store: Store,
    embed: Embed,
    *,
    prune: bool = False,
    watch: Watch = lambda stage, done, total: None,
) -> Tally:
    """Bring the store up to what the paths hold. It can be killed at any moment and run again."""
    began, tally = time.monotonic(), Tally()
    files = find(paths)
    batch = _Batch()
    for done, path in enumerate(files):
        watch("reading", done, len(files))
        for outcome in _file(path, store, batch):
            tally.outcomes.append(outcome)
            if batch.size() >= TOGETHER:
                _record(batch, store, embed)
    _record(batch, store, embed)
    watch("reading", len(files), len(files))
    if prune:
        tally.outcomes += _prune(paths, store, set(map(str, files)))
    _cluster(store)
    store.sync(watch)
    tally.seconds = time.monotonic() - began
    return tally


def _file(path: Path, store: Store, batch: _Batch) -> Iterator[Outcome]:
    """What becomes of each article of a file; those to be stored are put into the batch."""
    known = store.ledger.input(str(path))
    stat = path.stat()
    if known and (known.size, known.mtime) == (stat.st_size, stat.st_mtime_ns):
        yield from _again(path, known, store)
        return
    digest = _digest(path)
    now = Input(str(path), stat.st_size, stat.st_mtime_ns, digest)
    if known and known.digest == digest:
        batch.inputs.append(replace(now, problem=known.problem))
        yield from _again(path, known, store)
        return
    yield from _changed(path, now, store, batch)


def _again(path: Path, known: Input, store: Store) -> Iterator[Outcome]:
    """The outcomes of a file that has not changed."""
    if known.problem:
        yield Outcome("failed", path.name, known.problem)
    for item in store.ledger.items(str(path)):
        outcome = "unchanged" if item.outcome == "stored" else item.outcome
        yield Outcome(outcome, item.source, item.reason, item.article)


def _changed(path: Path, now: Input, store: Store, batch: _Batch) -> Iterator[Outcome]:
    former = {item.key: item for item in store.ledger.items(str(path))}
    seen: set[str] = set()
    try:
        for raw in read(path):
            key = _key(path, raw, seen)
            seen.add(key)
            yield _article(path, key, raw, former.get(key), store, batch)
    except Unreadable as problem:
        now = replace(now, problem=str(problem))
        yield Outcome("failed", path.name, str(problem))
    batch.inputs.append(now)
    vanished = [item for key, item in former.items() if key not in seen and item.outcome != "stored"]
    if vanished:
        store.ledger.remove(vanished)


def _key(path: Path, raw: Raw, seen: set[str]) -> str:
    """What an article is known by from run to run: its file, and its id, address or place in it."""
    name = raw.id or raw.url or (str(raw.place) if raw.place else "")
    key = f"{path}#{name}" if name else str(path)
    return key if key not in seen else f"{key}#{raw.place}"


def _article(path: Path, key: str, raw: Raw, former: Item | None, store: Store, batch: _Batch) -> Outcome:
    source = raw.id or (f"{path.name}#{raw.place + 1}" if raw.place else path.name)
    digest = raw.digest()
    if former and former.digest == digest and former.outcome == "stored":
        return Outcome("unchanged", source, article=former.article)
    article, reason = _make(key, source, raw)
    item = Item(key, str(path), source, digest, "stored", reason, article.id)
    if reason:
        batch.items.append(replace(item, outcome="failed", article=""))
        return Outcome("failed", source, reason)
    alike = same(article.text)
    twin = _twin(article, alike, store, batch)
    if twin and twin != article.id:
        batch.items.append(replace(item, outcome="duplicate", article=twin))
        return Outcome("duplicate", source, "the same text or address", twin)
    batch.items.append(item)
    batch.articles.append((article, split(article), alike))
    stored = former is not None and former.outcome == "stored"
    return Outcome("updated" if stored else "added", source, article=article.id)


def _make(key: str, source: str, raw: Raw) -> tuple[Article, str]:
    """The article, and why it cannot be stored ("" when it can)."""
    name = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    if raw.problem or len(raw.text) > LONGEST:
        return Article(name, source, ""), raw.problem or "too long for an article"
    found = clean(raw.text, raw.title)
    article = Article(
        name,
        source,
        found.text,
        title=found.title,
        publisher=raw.publisher or found.publisher,
        published=published(raw.text, raw.field_date, raw.meta_date, raw.url),
        url=raw.url,
        authors=raw.authors,
    )
    return article, "" if found.text else "nothing but boilerplate"


def _twin(article: Article, alike: str, store: Store, batch: _Batch) -> str:
    """The id of an article with the same text or address, stored or about to be."""
    for other, _, known in batch.articles:
        if known == alike or (article.url and other.url == article.url):
            return other.id
    return store.ledger.same_as(alike, article.url)


def _record(batch: _Batch, store: Store, embed: Embed) -> None:
    """Embed the batch's passages together, record it in one transaction, and empty it."""
    passages = [passage for _, found, _ in batch.articles for passage in found]
    vectors = embed([in_context(passage) for passage in passages]) if passages else np.empty((0, 0), np.float32)
    entries, at = [], 0
    for article, found, alike in batch.articles:
        entries.append(Entry(article, found, vectors[at : at + len(found)], alike, signature(article.text)))
        at += len(found)
    if entries or batch.items or batch.inputs:
        store.ledger.record(entries, batch.items, batch.inputs)
    batch.articles, batch.items, batch.inputs = [], [], []


def in_context(passage: Passage) -> str:
    """What is embedded for a passage: its article's title, and its text."""
    return f"{passage.article.title}\n{passage.text}" if passage.article.title else passage.text


def _prune(paths: list[Path], store: Store, present: set[str]) -> Iterator[Outcome]:
    """Remove the articles of files that are gone from the given paths."""
    roots = [path.resolve() for path in paths]
    for path in store.ledger.inputs():
        if path not in present and any(Path(path).is_relative_to(root) for root in roots):
            items = store.ledger.items(path)
            store.ledger.remove(items, [path])
            yield from (Outcome("removed", item.source) for item in items if item.outcome == "stored")


def _cluster(store: Store) -> None:
    """Find the articles that tell one story, where anything has changed since that was last done."""
    done = f"{store.ledger.revision}"
    if store.ledger.meta("clustered") != done:
        store.ledger.recluster(clusters(store.ledger.signatures(), lambda name: store.article(name).text))
        store.ledger.note(clustered=str(store.ledger.revision))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
