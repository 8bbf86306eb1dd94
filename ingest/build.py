"""The chain read | clean | date | dedupe | split | embed | store: the one file that knows the order."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from ingest.article import Article, Passage
from ingest.clean import clean, lines_of, without_lines
from ingest.dates import published
from ingest.dedupe import clusters, same, signature
from ingest.embed import Embed
from ingest.ledger import Entry, Input, Item
from ingest.limit import TooSlow, limited, within
from ingest.read import LONGEST, Raw, Unreadable, find, kind, read
from ingest.repeated import Lines, Repeated, countable, dropped, line_key, publisher_of
from ingest.split import split
from ingest.store import Store
from ingest.tally import OUTCOMES, RENAMED, Outcome, Tally

__all__ = ["OUTCOMES", "Outcome", "Tally", "Watch", "build", "in_context"]

SLOWEST = 120.0  # seconds of processor time for reading one article, and again for cleaning it
TOGETHER = 1_024  # passages embedded and recorded at once; a kill costs two such batches at most
LOOK = 2_000  # articles; so often a run looks for lines that a publisher repeats, to embed fewer articles twice
SURE = 20  # stories with a line, before a run still reading takes it for boilerplate: fewer may prove too small a share
CLOSED = "cannot be read: no permission, or its name is not UTF-8"
GONE = "no longer in its file"

Watch = Callable[[str, int, int], None]  # told of progress: a stage, what is done, of how many


@dataclass(slots=True)
class _Ready:
    """An article with all that is made from it but its vectors; `same` and `original` as in Entry."""

    article: Article
    passages: list[Passage]
    same: str
    lines: Lines
    original: str


@dataclass(slots=True)
class _Batch:
    """What has been read and not yet recorded."""

    articles: list[_Ready] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)  # ids

    def size(self) -> int:
        return sum(len(one.passages) for one in self.articles)

    def holds_any(self) -> bool:
        return bool(self.articles or self.items or self.inputs or self.removed)


@dataclass(slots=True)
class _Progress:
    """Tells how many articles have been read, and of how many by the share of all bytes."""

    watch: Watch
    files: int
    bytes: int
    before: int = 0  # bytes of the files read
    articles: int = 0  # in these
    inside: int = 0  # articles begun in the file at hand

    def tell(self, position: int = 0) -> None:
        """`position`: bytes read of the file at hand."""
        articles = self.articles + max(0, self.inside - 1)
        share = (self.before + position) / max(1, self.bytes)
        total = round(articles / share) if articles and share else self.files
        self.watch("reading", articles, max(articles, total))

    def begin(self, position: int) -> None:
        """An article of the file at hand ends there, and is about to be cleaned."""
        self.inside += 1
        if self.inside > 1:
            self.tell(position)

    def end(self, file: Path, articles: int) -> None:
        """That file has been read."""
        self.before, self.articles, self.inside = self.before + _size(file), self.articles + articles, 0


@dataclass(slots=True)
class _Run:
    """One run over one store."""

    store: Store
    embed: Embed
    worker: ThreadPoolExecutor  # embeds a batch while the next is read
    prune: bool
    when: str  # noted for the versions that are replaced
    repeated: Repeated  # the lines that new articles lose at once
    progress: _Progress
    recorded: int = 0  # articles since lines were last looked at
    batch: _Batch = field(default_factory=_Batch)
    embedding: _Batch = field(default_factory=_Batch)
    vectors: Future[np.ndarray] | None = None  # of that batch

    def pending(self) -> tuple[_Batch, _Batch]:
        """What has been read and is not yet in the ledger."""
        return self.embedding, self.batch


def build(
    paths: list[Path],
    store: Store,
    embed: Embed,
    *,
    prune: bool = False,
    watch: Watch = lambda stage, done, total: None,
    now: datetime | None = None,
) -> Tally:
    """Bring the store up to what the paths hold. It can be killed at any moment and run again."""
    began, tally = time.monotonic(), Tally()
    when = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    closed: list[Path] = []
    files = find(paths, closed.append)
    tally.files = {str(path): [Outcome("failed", str(path), CLOSED)] for path in closed}
    progress = _Progress(watch, len(files), sum(map(_size, files)))
    with ThreadPoolExecutor(1) as worker:
        run = _Run(store, embed, worker, prune, when, store.ledger.counted.known(), progress)
        _read(paths, files, run, tally)
        _settle(run)
    _cluster(store)
    store.sync(watch)
    tally.seconds = time.monotonic() - began
    return tally


def _read(paths: list[Path], files: list[Path], run: _Run, tally: Tally) -> None:
    """Record what the files hold; they are all that there are under the paths."""
    for path in files:
        run.progress.tell()
        tally.files[str(path)] = list(_file(path, run))
        run.progress.end(path, len(tally.files[str(path)]))
    _finish(run)
    if run.prune:  # after reading: a file that was renamed is not gone
        tally.files |= _prune(paths, run.store, {str(file) for file in files})
    outdated = run.store.ledger.outdated([str(file) for file in files])
    for path in map(Path, outdated):  # it repeated an article now changed
        tally.files[str(path)] = _merged(tally.files[str(path)], list(_file(path, run)))
    _finish(run)
    run.progress.tell()


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
    former = "" if known else _former(path, now, run)
    if former:
        was = ledger.input(former)
        now = replace(now, problem=was.problem if was else "")
        ledger.rename(former, now)
        for one in _again(path, now, run):
            yield replace(one, reason=one.reason or RENAMED) if one.outcome == "unchanged" else one
        return
    yield from _changed(path, now, run)


def _former(path: Path, now: Input, run: _Run) -> str:
    """The path under which this very file was read before, if nothing is there any more; "" if there is none."""
    ledger = run.store.ledger
    if ledger.items(str(path)):
        return ""
    known = [one for one in map(Path, ledger.inputs_with(now.digest)) if (kind(one), one.suffix) == _format(path)]
    return next((str(one) for one in known if not os.path.lexists(one)), "")


def _format(path: Path) -> tuple[str, str]:
    return kind(path), path.suffix


def _again(path: Path, known: Input, run: _Run) -> Iterator[Outcome]:
    """The outcomes of a file that has not changed: what failed is not tried again."""
    if known.problem:
        yield Outcome("failed", path.name, known.problem)
    for item in _items(path, run):
        if item.reason == GONE:
            yield from _vanished(item, run)
        elif item.outcome == "stored":
            yield Outcome("failed" if item.reason else "unchanged", item.source, item.reason, item.article)
        else:
            yield Outcome(item.outcome, item.source, item.reason, item.article)


def _items(path: Path, run: _Run) -> list[Item]:
    """What is known of a file, with what other files have changed in it."""
    if any(item.path == str(path) for batch in run.pending() for item in batch.items):
        _finish(run)
    return run.store.ledger.items(str(path))


def _changed(path: Path, now: Input, run: _Run) -> Iterator[Outcome]:
    """Read a new or changed file."""
    former = {item.key: item for item in _items(path, run)}
    seen: set[str] = set()
    try:
        for raw in within(SLOWEST, read(path, run.progress.begin)):
            key = _key(path, raw, seen)
            seen.add(key)
            yield _article(path, key, raw, former.get(key), run)
            if run.batch.size() >= TOGETHER:
                _record(run)
                _look(run)
        for key in former.keys() - seen:
            yield from _vanished(former[key], run)
    except (Unreadable, TooSlow) as problem:
        now = replace(now, problem=str(problem))
        yield Outcome("failed", path.name, str(problem))
    run.batch.inputs.append(now)


def _vanished(item: Item, run: _Run) -> Iterator[Outcome]:
    """An article that its file no longer holds: kept unless pruning."""
    if item.outcome == "stored" and not run.prune:
        run.batch.items.append(replace(item, reason=GONE))
        return
    _finish(run)  # another file may have taken the article over
    run.store.ledger.remove([item])
    if item.outcome == "stored":
        yield Outcome("removed", item.source)


def _key(path: Path, raw: Raw, seen: set[str]) -> str:
    """What an article is known by from run to run: its file, and its id, address or place in it."""
    name = raw.id or raw.url or (str(raw.place) if raw.place else "")
    key = f"{path}#{name}" if name else str(path)
    return key if key not in seen else f"{key}#{raw.place}"


def source_of(path: Path, raw: Raw) -> str:
    """What an article is called: its own id, or its file's name and, from the second of a file on, its number."""
    return raw.id or (f"{path.name}#{raw.place + 1}" if raw.place else path.name)


def _article(path: Path, key: str, raw: Raw, former: Item | None, run: _Run) -> Outcome:
    """Put an article into the batch, unless it is unchanged, a duplicate, or unusable."""
    source = source_of(path, raw)
    stored = former.article if former and former.outcome == "stored" else ""
    digest = raw.digest()
    if former and stored and (former.digest, former.reason) == (digest, ""):
        return Outcome("unchanged", source, article=stored)
    item = Item(key, str(path), source, digest, "stored", article=stored)
    ready, reason = _made(stored or _fresh(key, run), source, raw, run)
    if ready is None:  # what is stored of it stays
        run.batch.items.append(replace(item, outcome="stored" if stored else "failed", reason=reason))
        return Outcome("failed", source, reason, stored)
    article = ready.article
    twin = _twin(ready, run)
    if twin not in ("", article.id):
        return _repeats(ready, item, twin, run)
    run.batch.items.append(replace(item, article=article.id))
    run.batch.articles.append(ready)
    return Outcome("updated" if stored else "added", source, article=article.id)


def _repeats(ready: _Ready, item: Item, twin: str, run: _Run) -> Outcome:
    """An article whose text or address another has; under one address the latest text stands."""
    holder = _older(ready, item, twin, run)
    run.batch.removed += [item.article] if item.article else []
    if holder is None:
        run.batch.items.append(replace(item, outcome="duplicate", article=twin))
        return Outcome("duplicate", item.source, "the same text or address as another", twin)
    known = run.store.ledger.article(twin)
    article = replace(ready.article, id=twin, cluster=known.cluster if known else "")
    run.batch.items += [replace(holder, outcome="duplicate", reason=""), replace(item, article=twin)]
    run.batch.articles.append(replace(ready, article=article, passages=split(article)))
    return Outcome("updated", item.source, article=twin)


def _older(ready: _Ready, item: Item, twin: str, run: _Run) -> Item | None:
    """The item that holds another, older text under this article's address; None where nothing is to be replaced.

    Older is what is dated earlier, then what stands earlier in the order of keys: so the order of reading is nothing.
    """
    ledger = run.store.ledger
    if any(other.article.id == twin for batch in run.pending() for other in batch.articles):
        _finish(run)
    known, holder = ledger.article(twin), ledger.stored_by(twin)
    if not known or not holder or known.url != ready.article.url or ledger.same_as(ready.same, "") == twin:
        return None
    mine, its = ready.article.published.day or date.min, known.published.day or date.min
    return holder if (its, holder.key) < (mine, item.key) else None


def _fresh(key: str, run: _Run) -> str:
    """An id for a new article, from its key; another one where a renamed file's article has that."""
    name = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return name if run.store.ledger.article(name) is None else _fresh(f"{key}\n", run)


def _made(name: str, source: str, raw: Raw, run: _Run) -> tuple[_Ready | None, str]:
    """The article of that id, or why there is none."""
    if raw.problem or len(raw.text) > LONGEST:
        return None, raw.problem or "too long for an article"
    try:
        with limited(SLOWEST):
            found = clean(raw.text, raw.title)
            if not found.text:
                return None, "nothing but boilerplate"
            article = Article(
                name,
                source,
                found.text,
                title=found.title,
                publisher=raw.publisher or found.publisher,
                published=published(raw.text, raw.field_date, raw.meta_date, raw.url),
                url=raw.url,
                authors=raw.authors or found.authors,
            )
            return _ready(article, run), ""
    except Exception as error:  # one hostile text never ends a run; the reason is listed
        return None, f"cannot be cleaned: {type(error).__name__} {error}"
    except TooSlow as error:
        return None, str(error)


def _ready(whole: Article, run: _Run) -> _Ready:
    """An article made ready, from its text with all its lines."""
    publisher, lines = publisher_of(whole), countable(lines_of(whole.text))
    text = dropped(whole.text, lines, run.repeated.get(publisher, set()), without_lines)
    article = replace(whole, text=text)
    counted = Lines(publisher, tuple(map(line_key, lines)))
    return _Ready(article, split(article), same(whole.text), counted, whole.text if text != whole.text else "")


def _twin(ready: _Ready, run: _Run) -> str:
    """The id of an article with the same text or address, stored or about to be; "" if there is none."""
    article = ready.article
    besides = [article.id]  # and those whose former selves are about to go
    for batch in run.pending():
        for other in batch.articles:
            if other.same == ready.same or (article.url and other.article.url == article.url):
                return other.article.id
        besides += [*(other.article.id for other in batch.articles), *batch.removed]
    return run.store.ledger.same_as(ready.same, article.url, besides)


def _record(run: _Run) -> None:
    """Have the batch embedded, put the one before into the ledger meanwhile, and start a new one."""
    batch, vectors = run.embedding, run.vectors
    run.embedding, run.batch, run.vectors = run.batch, _Batch(), None
    if run.embedding.holds_any():
        run.vectors = run.worker.submit(_embedded, run.embedding, _known(run.embedding, run), run.embed)
    if vectors:
        _put(batch, vectors.result(), run)


def _finish(run: _Run) -> None:
    """Put everything read so far into the ledger."""
    _record(run)
    _record(run)


def _known(batch: _Batch, run: _Run) -> dict[str, np.ndarray]:
    """The vectors of what was embedded before in the batch's articles, by text."""
    known: dict[str, np.ndarray] = {}
    for one in batch.articles:
        former = run.store.ledger.article(one.article.id)
        if former:
            passages, vectors = run.store.ledger.passages(former), run.store.ledger.vectors_of(former.id)
            known |= zip(map(in_context, passages), vectors, strict=True)
    return known


def _embedded(batch: _Batch, known: dict[str, np.ndarray], embed: Embed) -> np.ndarray:
    """A vector for each of the batch's passages, in order."""
    texts = [in_context(passage) for one in batch.articles for passage in one.passages]
    new = [text for text in texts if text not in known]
    vectors = embed(new) if new else np.empty((0, 0), np.float32)
    made = iter(vectors)
    return (
        vectors if len(new) == len(texts) else np.stack([known[one] if one in known else next(made) for one in texts])
    )


def _put(batch: _Batch, vectors: np.ndarray, run: _Run) -> None:
    """Put a batch into the ledger, in one transaction."""
    entries, at = [], 0
    for one in batch.articles:
        rows = vectors[at : at + len(one.passages)]
        made = signature(one.original or one.article.text)  # of all its lines, which are counted by it
        entries.append(Entry(one.article, one.passages, rows, one.same, made, one.lines, one.original))
        at += len(one.passages)
    run.store.ledger.record(entries, batch.items, batch.inputs, batch.removed, when=run.when)
    run.recorded += len(entries)


def _look(run: _Run) -> None:
    """From here on, new articles lose the lines that are already known to be repeated."""
    if run.recorded < LOOK:
        return
    run.recorded, ledger = 0, run.store.ledger
    with ledger.transaction():
        ledger.counted.loosen(ledger.counted.found(least=SURE))
    run.repeated = ledger.counted.known()


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
    ledger = store.ledger
    if ledger.meta("clustered") != str(ledger.revision):
        found = clusters(ledger.signatures(), lambda name: store.article(name).text, ledger.vectors_of)
        ledger.recluster(found)
        ledger.note(clustered=str(ledger.revision), settled=str(ledger.revision))  # clusters change no line


def _settle(run: _Run) -> None:
    """Take the lines that a publisher repeats out of its stored articles, and put back those it no longer repeats."""
    ledger = run.store.ledger
    if ledger.meta("settled") == str(ledger.revision):
        return
    run.repeated = ledger.counted.found()
    for name in sorted(ledger.counted.unsettled(run.repeated)):
        known = ledger.article(name)
        if known is None:
            continue
        ready = _ready(replace(known, text=ledger.original(name)), run)
        if ready.article.text != known.text:
            run.batch.articles.append(ready)
        if run.batch.size() >= TOGETHER:
            _record(run)
    _finish(run)
    with ledger.transaction():
        ledger.counted.settle(run.repeated)
        ledger.note(settled=str(ledger.revision))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
