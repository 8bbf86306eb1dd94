"""The chain read | clean | date | dedupe | split | embed | store, and the tally of what happened to each article."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

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

TOGETHER = 256  # passages embedded and recorded at once: the most work a kill can cost
GONE = "no longer in its file"

OUTCOMES = ("added", "unchanged", "updated", "removed", "duplicate", "failed")

Watch = Callable[[str, int, int], None]  # told of progress: a stage, what is done, of how many


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article, or of a file nothing could be read from."""

    outcome: str  # one of OUTCOMES
    source: str
    reason: str = ""
    article: str = ""  # its id; for a duplicate, that of the article it repeats


@dataclass(slots=True)
class Tally:
    """Everything that happened in a run, by file."""

    files: dict[str, list[Outcome]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def outcomes(self) -> list[Outcome]:
        """One for each article."""
        return [one for found in self.files.values() for one in found]

    def count(self, outcome: str) -> int:
        """How many articles had this outcome."""
        return sum(1 for one in self.outcomes if one.outcome == outcome)

    def to_json(self) -> dict[str, float]:
        """The command line's contract."""
        return {**{name: self.count(name) for name in OUTCOMES}, "seconds": round(self.seconds, 3)}


@dataclass(slots=True)
class _Batch:
    """What has been read and not yet recorded."""

    articles: list[tuple[Article, list[Passage], str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)  # ids

    def size(self) -> int:
        return sum(len(passages) for _, passages, _ in self.articles)


@dataclass(slots=True)
class _Run:
    """One run over one store."""

    store: Store
    embed: Embed
    prune: bool
    batch: _Batch = field(default_factory=_Batch)


def build(
    paths: list[Path],
    store: Store,
    embed: Embed,
    *,
    prune: bool = False,
    watch: Watch = lambda stage, done, total: None,
) -> Tally:
    """Bring the store up to what the paths hold. It can be killed at any moment and run again."""
    began, tally, run = time.monotonic(), Tally(), _Run(store, embed, prune)
    closed: list[Path] = []
    files = find(paths, closed.append)
    tally.files = {str(folder): [Outcome("failed", str(folder), "no permission to read it")] for folder in closed}
    if prune:
        tally.files |= _prune(paths, store, {str(file) for file in files})
    for done, path in enumerate(files):
        watch("reading", done, len(files))
        tally.files[str(path)] = list(_file(path, run))
    _record(run)
    for path in map(Path, store.ledger.outdated([str(file) for file in files])):  # it repeated an article now changed
        tally.files[str(path)] = _merged(tally.files[str(path)], list(_file(path, run)))
    _record(run)
    watch("reading", len(files), len(files))
    _cluster(store)
    store.sync(watch)
    tally.seconds = time.monotonic() - began
    return tally


def _merged(first: list[Outcome], second: list[Outcome]) -> list[Outcome]:
    """The outcomes of a file read twice: what was done the first time is not "unchanged"."""
    done = {one.source: one for one in first if one.outcome in ("added", "updated", "removed")}
    again = [done.pop(one.source, one) if one.outcome == "unchanged" else one for one in second]
    return again + [one for one in done.values() if one.outcome == "removed"]


def _file(path: Path, run: _Run) -> Iterator[Outcome]:
    """What becomes of each article of a file; what is to be recorded goes into the batch."""
    ledger = run.store.ledger
    known = ledger.input(str(path))
    try:
        stat = path.stat()
        if known and (known.size, known.mtime) == (stat.st_size, stat.st_mtime_ns):
            yield from _again(path, known, run)
            return
        now = Input(str(path), stat.st_size, stat.st_mtime_ns, _digest(path))
    except OSError as error:
        yield Outcome("failed", path.name, f"cannot be read: {error.strerror}")
        return
    if known and known.digest == now.digest:
        run.batch.inputs.append(replace(now, problem=known.problem))
        yield from _again(path, known, run)
        return
    yield from _changed(path, now, run)


def _again(path: Path, known: Input, run: _Run) -> Iterator[Outcome]:
    """The outcomes of a file that has not changed: what failed is not tried again."""
    if known.problem:
        yield Outcome("failed", path.name, known.problem)
    for item in run.store.ledger.items(str(path)):
        if item.reason == GONE:
            yield from _vanished(item, run)
        elif item.outcome == "stored":
            yield Outcome("failed" if item.reason else "unchanged", item.source, item.reason, item.article)
        else:
            yield Outcome(item.outcome, item.source, item.reason, item.article)


def _changed(path: Path, now: Input, run: _Run) -> Iterator[Outcome]:
    """Read a new or changed file."""
    former = {item.key: item for item in run.store.ledger.items(str(path))}
    seen: set[str] = set()
    try:
        for raw in read(path):
            key = _key(path, raw, seen)
            seen.add(key)
            yield _article(path, key, raw, former.get(key), run)
            if run.batch.size() >= TOGETHER:
                _record(run)
        for key in former.keys() - seen:
            yield from _vanished(former[key], run)
    except Unreadable as problem:
        now = replace(now, problem=str(problem))
        yield Outcome("failed", path.name, str(problem))
    run.batch.inputs.append(now)


def _vanished(item: Item, run: _Run) -> Iterator[Outcome]:
    """An article that its file no longer holds: kept unless pruning."""
    if item.outcome == "stored" and not run.prune:
        run.batch.items.append(replace(item, reason=GONE))
        return
    run.store.ledger.remove([item])
    if item.outcome == "stored":
        yield Outcome("removed", item.source)


def _key(path: Path, raw: Raw, seen: set[str]) -> str:
    """What an article is known by from run to run: its file, and its id, address or place in it."""
    name = raw.id or raw.url or (str(raw.place) if raw.place else "")
    key = f"{path}#{name}" if name else str(path)
    return key if key not in seen else f"{key}#{raw.place}"


def _article(path: Path, key: str, raw: Raw, former: Item | None, run: _Run) -> Outcome:
    """Put an article into the batch, unless it is unchanged, a duplicate, or unusable."""
    source = raw.id or (f"{path.name}#{raw.place + 1}" if raw.place else path.name)
    stored = former.article if former and former.outcome == "stored" else ""
    digest = raw.digest()
    if former and stored and (former.digest, former.reason) == (digest, ""):
        return Outcome("unchanged", source, article=stored)
    item = Item(key, str(path), source, digest, "stored", article=stored)
    article, reason = _made(key, source, raw)
    if article is None:  # what is stored of it stays
        run.batch.items.append(replace(item, outcome="stored" if stored else "failed", reason=reason))
        return Outcome("failed", source, reason, stored)
    alike = same(article.text)
    twin = _twin(article, alike, run)
    if twin not in ("", article.id):
        run.batch.items.append(replace(item, outcome="duplicate", article=twin))
        run.batch.removed += [stored] if stored else []
        return Outcome("duplicate", source, "the same text or address as another", twin)
    run.batch.items.append(replace(item, article=article.id))
    run.batch.articles.append((article, split(article), alike))
    return Outcome("updated" if stored else "added", source, article=article.id)


def _made(key: str, source: str, raw: Raw) -> tuple[Article | None, str]:
    """The article, or why there is none."""
    if raw.problem or len(raw.text) > LONGEST:
        return None, raw.problem or "too long for an article"
    try:
        found = clean(raw.text, raw.title)
        day = published(raw.text, raw.field_date, raw.meta_date, raw.url)
    except Exception as error:  # one hostile text never ends a run; the reason is listed
        return None, f"cannot be cleaned: {type(error).__name__} {error}"
    if not found.text:
        return None, "nothing but boilerplate"
    return Article(
        hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16],
        source,
        found.text,
        title=found.title,
        publisher=raw.publisher or found.publisher,
        published=day,
        url=raw.url,
        authors=raw.authors or found.authors,
    ), ""


def _twin(article: Article, alike: str, run: _Run) -> str:
    """The id of an article with the same text or address, stored or about to be; "" if there is none."""
    for other, _, known in run.batch.articles:
        if known == alike or (article.url and other.url == article.url):
            return other.id
    waiting = [other.id for other, _, _ in run.batch.articles]  # their former selves are about to go
    return run.store.ledger.same_as(alike, article.url, besides=[article.id, *waiting, *run.batch.removed])


def _record(run: _Run) -> None:
    """Embed the batch's passages together, record it in one transaction, and start a new one."""
    batch, run.batch = run.batch, _Batch()
    passages = [passage for _, found, _ in batch.articles for passage in found]
    vectors = run.embed([in_context(passage) for passage in passages]) if passages else np.empty((0, 0), np.float32)
    entries, at = [], 0
    for article, found, alike in batch.articles:
        entries.append(Entry(article, found, vectors[at : at + len(found)], alike, signature(article.text)))
        at += len(found)
    if entries or batch.items or batch.inputs:
        run.store.ledger.record(entries, batch.items, batch.inputs, batch.removed)


def in_context(passage: Passage) -> str:
    """What is embedded for a passage: its article's title, and its text."""
    return f"{passage.article.title}\n{passage.text}" if passage.article.title else passage.text


def _prune(paths: list[Path], store: Store, present: set[str]) -> dict[str, list[Outcome]]:
    """Remove the articles of files that are gone from the given paths."""
    roots, removed = [path.resolve() for path in paths], {}
    for path in store.ledger.inputs():
        if path not in present and any(Path(path).is_relative_to(root) for root in roots):
            items = store.ledger.items(path)
            store.ledger.remove(items, [path])
            removed[path] = [Outcome("removed", item.source) for item in items if item.outcome == "stored"]
    return removed


def _cluster(store: Store) -> None:
    """Find the articles that tell one story, where anything has changed since that was last done."""
    if store.ledger.meta("clustered") != str(store.ledger.revision):
        store.ledger.recluster(clusters(store.ledger.signatures(), lambda name: store.article(name).text))
        store.ledger.note(clustered=str(store.ledger.revision))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
