"""Lines that many stories of one publisher repeat: the count of each, and which of them are therefore boilerplate.

The counts stand in the ledger, so the outcome follows from the articles it holds, whatever order they came in and
however often a run was killed. A line is first noted as `loose`, when stored articles may still hold it, and is
`settled` once none does.
"""

import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

import numpy as np

from ingest.article import Article

# Of 1,500 real articles, these held back "Our rating: False", names of states and of speakers, and let go the rest.
WORDS = 5  # of a line; shorter ones are headings, names and verdicts
LEAST = 5  # stories of one publisher; a line in fewer of them is part of each
VERSION = 0.5  # share of two MinHash signatures that is equal: from here on they are one story, told twice
SHARE = 0.002  # of a publisher's stories: "He was 82." stands in 5 of 20,000 by chance

SCHEMA = """
create table lines (publisher text, line integer, article text, primary key (publisher, line, article)) without rowid;
create index lines_article on lines (article);
create table repeated (publisher text, line integer, settled integer, primary key (publisher, line)) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Lines:
    """What of an article may turn out to be boilerplate."""

    publisher: str = ""  # "": nobody is known to repeat them, and they are not counted
    keys: tuple[int, ...] = ()  # of its lines, by `line_key`


Repeated = dict[str, set[int]]  # by publisher: the keys of its boilerplate


def line_key(line: str) -> int:
    """A number for a line: 64 bits, so that millions of lines are unlikely to meet."""
    return int.from_bytes(blake2b(line.encode("utf-8", "backslashreplace"), digest_size=8).digest(), signed=True)


def publisher_of(article: Article) -> str:
    """Who repeats its lines: the host of its address, else the publisher it names."""
    try:
        host = urlsplit(article.url).hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or article.publisher.casefold()


def countable(lines: Iterable[str]) -> list[str]:
    """Those lines that are long enough to be known for boilerplate by their number."""
    return [line for line in lines if len(line.split()) >= WORDS]


class Counts:
    """The tables of a ledger that count lines; the ledger's transactions hold what is written here."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Use the ledger's connection."""
        self._db = db

    def put(self, article: str, lines: Lines) -> None:
        """Count an article's lines, in place of what was counted for it."""
        self.forget(article)
        if lines.publisher:
            rows = ((lines.publisher, line, article) for line in lines.keys)
            self._db.executemany("insert or ignore into lines values (?, ?, ?)", rows)

    def forget(self, article: str) -> None:
        """Count an article's lines no longer."""
        self._db.execute("delete from lines where article = ?", (article,))

    def known(self) -> Repeated:
        """The boilerplate that new articles lose at once."""
        return _by_publisher(self._db.execute("select publisher, line from repeated"))

    def found(self, *, least: int = LEAST) -> Repeated:
        """The boilerplate by the counts as they stand."""
        query = "select publisher, line, count(*) n from lines group by publisher, line having n >= ?"
        sizes = dict(self._db.execute("select publisher, count(distinct article) from lines group by publisher"))
        found: Repeated = defaultdict(set)
        for publisher, line, number in self._db.execute(query, (least,)).fetchall():
            enough = max(least, math.ceil(SHARE * sizes[publisher]))
            if number >= enough and self._stories(publisher, line, enough):
                found[publisher].add(line)
        return found

    def _stories(self, publisher: str, line: int, enough: int) -> bool:
        """Do so many different stories hold the line? Those much like one counted already are versions of it."""
        query = (
            "select a.signature from lines l join articles a on a.id = l.article "
            "where l.publisher = ? and l.line = ? order by l.article"
        )
        known = np.empty((0, 0), np.uint32)
        for (made,) in self._db.execute(query, (publisher, line)):
            one = np.frombuffer(made, np.uint32)
            if len(known) and (known == one).mean(axis=1).max() >= VERSION:
                continue
            known = np.vstack([known, one]) if len(known) else one[None]
            if len(known) == enough:
                return True
        return False

    def loosen(self, repeated: Repeated) -> None:
        """Note boilerplate that stored articles may still hold."""
        self._db.executemany("insert or ignore into repeated values (?, ?, 0)", _pairs(repeated))

    def unsettled(self, repeated: Repeated) -> set[str]:
        """The articles whose text may differ from what it is to be when this is the boilerplate."""
        settled = {(row[0], row[1]) for row in self._db.execute("select * from repeated where settled = 1")}
        loose = {(row[0], row[1]) for row in self._db.execute("select * from repeated where settled = 0")}
        query = "select article from lines where publisher = ? and line = ?"
        concerned = loose | (settled ^ set(_pairs(repeated)))
        return {row[0] for pair in concerned for row in self._db.execute(query, pair)}

    def settle(self, repeated: Repeated) -> None:
        """Note that every stored article is without this boilerplate, and without no other line."""
        self._db.execute("delete from repeated")
        self._db.executemany("insert into repeated values (?, ?, 1)", _pairs(repeated))


def dropped(
    text: str, lines: Collection[str], repeated: Collection[int], without: Callable[[str, Collection[str]], str]
) -> str:
    """The text without those of its lines that are repeated; as it is where nothing else would be left."""
    gone = {line for line in lines if line_key(line) in repeated}
    return (without(text, gone).strip() or text) if gone else text


def _pairs(repeated: Repeated) -> Iterable[tuple[str, int]]:
    return ((publisher, line) for publisher, lines in repeated.items() for line in lines)


def _by_publisher(rows: Iterable[tuple[str, int]]) -> Repeated:
    found: Repeated = defaultdict(set)
    for publisher, line in rows:
        found[publisher].add(line)
    return found
