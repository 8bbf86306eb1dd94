"""The record: one SQLite file with articles, passages, vectors, and what happened to each input.

Everything else in a store is made from it. Each write is one transaction that raises the revision; rows carry the
revision that wrote them, and removed passages leave a row in `gone`, so an index can be brought up to date from where
it stood.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from ingest import repeated
from ingest.article import Article, Passage, Published
from ingest.repeated import Counts, Lines

FORMAT = "3"  # raised when the tables, or the way texts are cleaned, change: older stores are made again

SCHEMA = """
create table meta (key text primary key, value text not null) without rowid;
create table inputs (path text primary key, size integer, mtime integer, digest text, problem text) without rowid;
create table items (
    key text primary key, path text, source text, digest text, outcome text, reason text, article text
) without rowid;
create index items_path on items (path);
create index items_article on items (article);
create index inputs_digest on inputs (digest);
create table articles (
    id text primary key, source text, text text, title text, publisher text, published text, url text, authors text,
    cluster text, same text, signature blob, revision integer
);
create index articles_same on articles (same);
create index articles_url on articles (url) where url != '';
create table passages (
    id text primary key, article text, number integer, start integer, stop integer, sentences text, vector blob,
    revision integer
);
create index passages_article on passages (article, number);
create index passages_revision on passages (revision);
create table gone (id text, revision integer);
create index gone_revision on gone (revision);
create table originals (article text primary key, text text);
create table versions (
    article text, number integer, title text, text text, published text, replaced text, primary key (article, number)
);
"""

MANY = 500  # values in one question to SQLite
ARTICLE = "id, source, text, title, publisher, published, url, authors, cluster"


@dataclass(frozen=True, slots=True)
class Input:
    """A file as it was when it was last read; `problem` says why nothing came out of it."""

    path: str
    size: int
    mtime: int  # nanoseconds
    digest: str  # SHA-256 of its bytes
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One article found in a file, and what became of it."""

    key: str  # the file's path, with the article's place in it where the file holds several
    path: str
    source: str
    digest: str  # of everything that was read
    outcome: str  # "stored", "duplicate" or "failed"
    reason: str = ""
    article: str = ""  # the id it was stored under, or of the article it repeats


@dataclass(frozen=True, slots=True)
class Entry:
    """An article ready to be recorded, with everything that is made from it."""

    article: Article
    passages: list[Passage]
    vectors: np.ndarray  # float32, one row a passage
    same: str  # digest of the text: equal for equal texts
    signature: bytes  # MinHash
    lines: Lines = field(default_factory=Lines)
    original: str = ""  # the text with the lines that its publisher repeats, where it has lost any


@dataclass(frozen=True, slots=True)
class Version:
    """What an article was before it changed."""

    title: str
    text: str
    published: Published
    replaced: str  # when: ISO 8601, UTC


class Ledger:
    """Opens the file; `write` creates it where there is none."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """Open it."""
        self._db = _connect(path, write)
        self.counted = Counts(self._db)
        if write and self.is_empty():
            with self.transaction() as db:
                for statement in (SCHEMA + repeated.SCHEMA).split(";"):
                    db.execute(statement)
                self.note(format=FORMAT, identity=uuid4().hex, revision="0")

    def is_empty(self) -> bool:
        """Was its writer stopped before it had made anything?"""
        return self._db.execute("select 1 from sqlite_master").fetchone() is None

    def close(self) -> None:
        """Close the file; everything committed stays."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done inside, or nothing."""
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # What is known about the store

    def meta(self, key: str) -> str:
        """A noted value, "" where nothing was noted."""
        row = self._db.execute("select value from meta where key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, **values: str) -> None:
        """Keep values under their names."""
        self._db.executemany("insert or replace into meta values (?, ?)", values.items())

    @property
    def revision(self) -> int:
        """Raised by every change of the articles."""
        return int(self.meta("revision"))

    def counts(self) -> dict[str, int]:
        """How many articles and passages there are."""
        tables = ("articles", "passages")
        return {name: self._db.execute(f"select count(*) from {name}").fetchone()[0] for name in tables}

    def query(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a question that changes nothing, for whoever checks the record."""
        yield from self._db.execute(sql)

    # Inputs and items

    def input(self, path: str) -> Input | None:
        """What is known about a file."""
        row = self._db.execute("select * from inputs where path = ?", (path,)).fetchone()
        return Input(*row) if row else None

    def inputs(self) -> list[str]:
        """The path of every file read so far."""
        return [row[0] for row in self._db.execute("select path from inputs order by path")]

    def items(self, path: str) -> list[Item]:
        """What was found in a file."""
        return [Item(*row) for row in self._db.execute("select * from items where path = ? order by key", (path,))]

    def inputs_with(self, digest: str) -> list[str]:
        """The paths of files that held these very bytes."""
        return [row[0] for row in self._db.execute("select path from inputs where digest = ? order by path", (digest,))]

    def stored_by(self, article: str) -> Item | None:
        """The item an article was stored for."""
        query = "select * from items where article = ? and outcome = 'stored'"
        row = self._db.execute(query, (article,)).fetchone()
        return Item(*row) if row else None

    def same_as(self, same: str, url: str, besides: Collection[str] = ()) -> str:
        """The id of another article with this very text or address, "" if there is none."""
        rows = self._db.execute(
            "select id from articles where same = ? union select id from articles where url = ? and url != ''",
            (same, url),
        )
        return min((row[0] for row in rows if row[0] not in besides), default="")

    def outdated(self, paths: Iterable[str]) -> list[str]:
        """Those of the files that repeated an article which has changed or gone since: to be read again."""
        known = {row[0] for row in self._db.execute("select path from inputs where size = -1")}
        return [path for path in paths if path in known]

    # Writing

    def record(
        self,
        entries: Iterable[Entry],
        items: Iterable[Item],
        inputs: Iterable[Input],
        removed: Iterable[str] = (),
        *,
        when: str = "",
    ) -> None:
        """Articles in place of their former selves, and what became of the inputs, in one transaction.

        `when` is noted for the versions that are replaced.
        """
        with self.transaction() as db:
            revision = self._raise_revision()
            for article in removed:
                self._forget(article, revision)
            for entry in entries:
                self._keep_version(entry, when)
                self._clear(entry.article.id, revision, besides=(entry.same, entry.article.url))
                self._insert(entry, revision)
            db.executemany("insert or replace into items values (?, ?, ?, ?, ?, ?, ?)", map(astuple, items))
            db.executemany("insert or replace into inputs values (?, ?, ?, ?, ?)", map(astuple, inputs))

    def rename(self, former: str, now: Input) -> None:
        """A file is known under another path: its articles keep their ids, in one transaction."""
        with self.transaction() as db:
            self._raise_revision()
            old, new = Path(former).name, Path(now.path).name
            for item in self.items(former):
                named = item.source == old or item.source.startswith(f"{old}#")
                source = new + item.source[len(old) :] if named else item.source
                moved = (now.path + item.key[len(former) :], now.path, source, item.key)
                db.execute("update items set key = ?, path = ?, source = ? where key = ?", moved)
                if item.outcome == "stored":
                    db.execute("update articles set source = ? where id = ?", (source, item.article))
            db.execute("delete from inputs where path = ?", (former,))
            db.execute("insert or replace into inputs values (?, ?, ?, ?, ?)", astuple(now))

    def remove(self, items: Iterable[Item], paths: Iterable[str] = ()) -> None:
        """Forget items with the articles stored for them, and whole inputs, in one transaction."""
        with self.transaction() as db:
            revision = self._raise_revision()
            for item in items:
                db.execute("delete from items where key = ?", (item.key,))
                if item.outcome == "stored":
                    self._forget(item.article, revision)
            db.executemany("delete from inputs where path = ?", ((path,) for path in paths))

    def recluster(self, clusters: dict[str, str]) -> int:
        """Note the cluster of each article; says how many changed."""
        known = dict(self._db.execute("select id, cluster from articles"))
        changed = [(cluster, article) for article, cluster in clusters.items() if known.get(article) != cluster]
        if changed:
            with self.transaction() as db:
                self._raise_revision()
                db.executemany("update articles set cluster = ? where id = ?", changed)
        return len(changed)

    def _raise_revision(self) -> int:
        revision = self.revision + 1
        self.note(revision=str(revision))
        return revision

    def _keep_version(self, entry: Entry, when: str) -> None:
        """Keep what the article was, where its text, title or date is another now."""
        former, article = self.article(entry.article.id), entry.article
        if not former:
            return
        was = (self.original(former.id), former.title, former.published.day)
        if was != (entry.original or article.text, article.title, article.published.day):
            self._db.execute(
                "insert into versions select ?, count(*), ?, ?, ?, ? from versions where article = ?",
                (former.id, former.title, former.text, _dump(former.published), when, former.id),
            )

    def _forget(self, article: str, revision: int) -> None:
        """Drop an article and its history."""
        self._clear(article, revision)
        self._db.execute("delete from versions where article = ?", (article,))

    def _clear(self, article: str, revision: int, besides: tuple[str, str] | None = None) -> None:
        """Drop an article; files that repeated its text or address, unless these stay, are read again."""
        same = self._db.execute("select same, url from articles where id = ?", (article,)).fetchone()
        self._db.execute("insert into gone select id, ? from passages where article = ?", (revision, article))
        for table, column in (("passages", "article"), ("originals", "article"), ("articles", "id")):
            self._db.execute(f"delete from {table} where {column} = ?", (article,))
        self.counted.forget(article)
        if same != besides:
            self._db.execute(
                "update inputs set size = -1, digest = '' where path in "
                "(select path from items where article = ? and outcome = 'duplicate')",
                (article,),
            )

    def _insert(self, entry: Entry, revision: int) -> None:
        article = entry.article
        self._db.execute(
            "insert into articles values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(article.id, article.source, article.text, article.title, article.publisher, _dump(article.published)),
                *(article.url, json.dumps(article.authors), article.cluster or article.id),
                *(entry.same, entry.signature, revision),
            ),
        )
        if entry.original:
            self._db.execute("insert into originals values (?, ?)", (article.id, entry.original))
        self.counted.put(article.id, entry.lines)
        self._db.executemany(
            "insert into passages values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (p.id, article.id, number, p.start, p.end, json.dumps(p.sentences), vector.tobytes(), revision)
                for number, (p, vector) in enumerate(zip(entry.passages, entry.vectors.astype(np.float32), strict=True))
            ],
        )

    # Reading

    def article(self, article_id: str) -> Article | None:
        """The article of that id."""
        row = self._db.execute(f"select {ARTICLE} from articles where id = ?", (article_id,)).fetchone()
        return _article(row) if row else None

    def articles(self) -> Iterator[Article]:
        """Every article, in the order of their ids."""
        for row in self._db.execute(f"select {ARTICLE} from articles order by id"):
            yield _article(row)

    def newest(self) -> Iterator[Article]:
        """Every article, read one by one, the newest first; undated ones come last."""
        query = "select id from articles order by json_extract(published, '$.day') desc, id"
        names = [name for (name,) in self._db.execute(query)]
        yield from filter(None, map(self.article, names))

    def original(self, article_id: str) -> str:
        """The article's text with the lines that its publisher repeats; "" for an unknown one."""
        row = self._db.execute(
            "select coalesce(o.text, a.text) from articles a left join originals o on o.article = a.id where a.id = ?",
            (article_id,),
        ).fetchone()
        return str(row[0]) if row else ""

    def versions(self, article_id: str) -> list[Version]:
        """What the article was before, oldest first; the present version is not among them."""
        query = "select title, text, published, replaced from versions where article = ? order by number"
        rows = self._db.execute(query, (article_id,))
        return [Version(title, text, _published(day), when) for title, text, day, when in rows]

    def named(self, name: str) -> list[Article]:
        """The articles of that source, id or address, in the order of their ids."""
        query = f"select {ARTICLE} from articles where source = ? or id = ? or url = ? order by id"
        return [_article(row) for row in self._db.execute(query, (name, name, name))]

    def signatures(self) -> list[tuple[str, str, bytes]]:
        """Id, publication day ("" if unknown) and MinHash signature of every article, in the order of their ids."""
        query = "select id, coalesce(json_extract(published, '$.day'), ''), signature from articles order by id"
        return self._db.execute(query).fetchall()

    def passages(self, article: Article) -> list[Passage]:
        """The passages of an article, in order."""
        query = "select id, start, stop, sentences from passages where article = ? order by number"
        return [_passage(row, article) for row in self._db.execute(query, (article.id,))]

    def passages_of(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by their ids, those that there are; passages of one article share it."""
        rows = list(self._among("select id, start, stop, sentences, article from passages where id in", ids))
        known = self._among(f"select {ARTICLE} from articles where id in", {row[4] for row in rows})
        articles = {row[0]: _article(row) for row in known}
        return {row[0]: _passage(row, articles[row[4]]) for row in rows if row[4] in articles}

    def _among(self, query: str, values: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """The rows for those values, asked for many at a time: a question for each takes three times as long."""
        left = iter(values)
        while some := list(islice(left, MANY)):
            yield from self._db.execute(f"{query} ({','.join('?' * len(some))})", some)

    def vector(self, passage_id: str) -> np.ndarray | None:
        """The vector of a passage."""
        row = self._db.execute("select vector from passages where id = ?", (passage_id,)).fetchone()
        return np.frombuffer(row[0], dtype=np.float32) if row else None

    def vectors_of(self, article_id: str) -> np.ndarray:
        """The vectors of an article's passages, a row each, in order."""
        query = "select vector from passages where article = ? order by number"
        rows = self._db.execute(query, (article_id,)).fetchall()
        return np.frombuffer(b"".join(row[0] for row in rows), np.float32).reshape(len(rows), -1 if rows else 0)

    def all_vectors(self) -> tuple[list[str], np.ndarray]:
        """Every passage's id, and their vectors row by row."""
        rows = self._db.execute("select id, vector from passages order by id").fetchall()
        joined = b"".join(row[1] for row in rows)
        vectors = np.frombuffer(joined, dtype=np.float32).reshape(len(rows), -1 if rows else 0)
        return [row[0] for row in rows], vectors

    # What an index must do to catch up

    def gone_since(self, revision: int) -> list[str]:
        """Ids of passages removed or replaced after that revision."""
        return [row[0] for row in self._db.execute("select distinct id from gone where revision > ?", (revision,))]

    def count_since(self, revision: int) -> int:
        """How many passages were written after that revision."""
        query = "select count(*) from passages where revision > ?"
        return int(self._db.execute(query, (revision,)).fetchone()[0])

    def since(self, revision: int) -> Iterator[tuple[str, str, str, bytes]]:
        """Id, title, text and vector of each passage written after that revision."""
        yield from self._db.execute(
            "select p.id, a.title, substr(a.text, p.start + 1, p.stop - p.start), p.vector "
            "from passages p join articles a on a.id = p.article where p.revision > ? order by p.id",
            (revision,),
        )


def _connect(path: Path, write: bool) -> sqlite3.Connection:
    options: dict[str, Any] = {"isolation_level": None, "check_same_thread": False, "timeout": 30}
    if write:
        db: sqlite3.Connection = sqlite3.connect(path, **options)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")  # in WAL mode a killed process loses nothing committed
        return db
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, **options)
        db.execute("select 1 from sqlite_master")
    except sqlite3.OperationalError:  # a read-only folder: WAL needs to write beside the file
        db = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, **options)
    return db


def _dump(published: Published) -> str:
    day = published.day.isoformat() if published.day else None
    return json.dumps(
        {"day": day, "provenance": published.provenance, "confidence": published.confidence, "others": published.others}
    )


def _published(text: str) -> Published:
    found = json.loads(text)
    day = date.fromisoformat(found["day"]) if found["day"] else None
    return Published(day, found["provenance"], found["confidence"], tuple(found["others"]))


def _article(row: tuple[Any, ...]) -> Article:
    found = dict(zip(ARTICLE.split(", "), row, strict=True))
    authors = tuple(json.loads(found["authors"]))
    return Article(**{**found, "published": _published(found["published"]), "authors": authors})


def _passage(row: tuple[Any, ...], article: Article) -> Passage:
    return Passage(row[0], article, row[1], row[2], tuple((begin, end) for begin, end in json.loads(row[3])))
