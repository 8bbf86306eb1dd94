"""Is a store sound: does everything in its ledger hang together, and do its indexes hold what the ledger holds?

Reads everything, changes nothing, and holds no more than the ids in memory.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

import numpy as np

from ingest.ledger import Ledger
from ingest.store import Chroma, Store, Tantivy
from ingest.upkeep import ALL, batches, stands

SHOWN = 5  # of many problems of one kind
NORM = 1e-2  # how far a vector's length may be from 1: bf16 embedders round


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at, and what is wrong with it, in plain sentences."""

    what: str
    problems: list[str] = field(default_factory=list)
    mend: str = ""  # the command that mends it


def check(store: Store) -> Iterator[Checked]:
    """Look at a store, thing by thing; what cannot be read at all ends it."""
    again = f"rm -r {store.folder} && python -m ingest PATH --store {store.folder}"
    rebuild = f"python -m ingest --rebuild --store {store.folder}"
    for what, look in LEDGER.items():
        try:
            found = list(islice(look(store.ledger), SHOWN + 1))
        except (sqlite3.DatabaseError, ValueError) as error:
            yield Checked(what, [f"the ledger cannot be read: {error}"], again)
            return
        yield Checked(what, _short(found), again)
    last = "python -m ingest PATH, with the same PATH as before"
    yield Checked("the last run came to its end", _short(list(_unfinished(store.ledger))), last)
    for name, look_into in INDEXES.items():
        closed = not os.access(store.folder, os.W_OK)  # neither opens what it may not write
        what = "files alone, for the folder may only be read" if closed else f"files, {HELD[name]}"
        wrong = list(_index(store, name, _nothing if closed else look_into))
        yield Checked(f"index {name}: {what}", _short(wrong), rebuild)


def _nothing(store: Store) -> Iterator[str]:
    yield from ()


def _short(found: list[str]) -> list[str]:
    return [*found[:SHOWN], "and more"] if len(found) > SHOWN else found


def _integrity(ledger: Ledger) -> Iterator[str]:
    for (says,) in ledger.query("pragma integrity_check(10)"):
        if says != "ok":
            yield f"SQLite says: {says}"


def _passages(ledger: Ledger) -> Iterator[str]:
    """Passages and sentences lie inside their texts, in order, numbered from 0."""
    for (article,) in ledger.query("select id from articles a where not exists (select 1 from passages p "
                                   "where p.article = a.id)"):  # fmt: skip
        yield f"article {article} has no passages"
    for (name,) in ledger.query("select id from passages where article not in (select id from articles)"):
        yield f"passage {name} belongs to no article"
    before, expected = "", 0
    for name, article, number, start, stop, sentences, length in ledger.query(
        "select p.id, p.article, p.number, p.start, p.stop, p.sentences, length(a.text) from passages p "
        "join articles a on a.id = p.article order by p.article, p.number"
    ):
        expected = expected + 1 if article == before else 0
        before = article
        if number != expected or name != f"{article}-{number}":
            yield f"passage {name} is not number {expected} of article {article}"
        if not 0 <= start < stop <= length or not _inside(json.loads(sentences), start, stop):
            yield f"passage {name} points outside its text"


def _inside(sentences: list[tuple[int, int]], start: int, stop: int) -> bool:
    edges = [edge for sentence in sentences for edge in sentence]
    return bool(edges) and start <= edges[0] and edges[-1] <= stop and all(a <= b for a, b in pairwise(edges))


def _vectors(ledger: Ledger) -> Iterator[str]:
    """Vectors are of one size, finite, and of length 1."""
    size = 0
    for name, blob in ledger.query("select id, vector from passages"):
        size = size or len(blob or b"")
        if not size or len(blob or b"") != size or size % 4:
            yield f"the vector of passage {name} has another size than the first"
            continue
        length = float(np.linalg.norm(np.frombuffer(blob, np.float32)))
        if not abs(length - 1) <= NORM:
            yield f"the vector of passage {name} has length {length:.3f}, not 1"


def _items(ledger: Ledger) -> Iterator[str]:
    """Every article was stored for exactly one item of a file; every item leads to an article that is there."""
    for (key,) in ledger.query(
        "select key from items where outcome = 'stored' and article not in (select id from articles)"
    ):
        yield f"{key} leads to no article"
    for (key,) in ledger.query(
        "select i.key from items i join inputs n on n.path = i.path where i.outcome = 'duplicate' and n.size != -1 "
        "and i.article not in (select id from articles)"
    ):
        yield f"{key} repeats an article that is not there"
    for article, number in ledger.query(
        "select a.id, count(i.key) from articles a left join items i on i.article = a.id and i.outcome = 'stored' "
        "group by a.id having count(i.key) != 1"
    ):
        yield f"article {article} was stored for {number} items, not one"


def _others(ledger: Ledger) -> Iterator[str]:
    """Versions, originals and counted lines belong to articles that are there."""
    for table in ("versions", "originals", "lines"):
        for (article,) in ledger.query(
            f"select distinct article from {table} where article not in (select id from articles)"
        ):
            yield f"{table}: there is no article {article}"


def _clusters(ledger: Ledger) -> Iterator[str]:
    """A cluster is called by one of its own articles."""
    if ledger.meta("clustered") == str(ledger.revision):
        for article, cluster in ledger.query(
            "select id, cluster from articles where cluster not in (select id from articles where id = cluster)"
        ):
            yield f"article {article} is in the cluster of {cluster}, which is none"


LEDGER: dict[str, Callable[[Ledger], Iterator[str]]] = {
    "ledger: the file": _integrity,
    "ledger: passages and sentences inside their texts": _passages,
    "ledger: vectors": _vectors,
    "ledger: files and their articles": _items,
    "ledger: versions and repeated lines": _others,
    "ledger: clusters": _clusters,
}


def _unfinished(ledger: Ledger) -> Iterator[str]:
    if {ledger.meta("clustered"), ledger.meta("settled")} != {str(ledger.revision)}:
        yield "the last run was stopped before its end"


def _index(store: Store, name: str, look_into: Callable[[Store], Iterator[str]]) -> Iterator[str]:
    if not stands(store.folder, store.ledger, name, ALL):  # a damaged one is not opened: it may crash
        yield f"the index {store.folder / name} is missing, damaged or behind the ledger"
        return
    if store.counts()["passages"]:
        yield from look_into(store)


def _same_ids(store: Store, ids: set[str]) -> Iterator[str]:
    known = {row[0] for row in store.ledger.query("select id from passages")}
    for name in sorted(known - ids):
        yield f"passage {name} is missing"
    for name in sorted(ids - known):
        yield f"it holds {name}, which the ledger does not"


def _chroma(store: Store) -> Iterator[str]:
    index = Chroma(store.folder / "chroma")
    try:
        yield from _same_ids(store, index.ids())
        for rows in batches(iter(store.ledger.query("select id, vector from passages"))):
            held = index.vectors([row[0] for row in rows])
            for name, blob in rows:
                if name in held and not _equal(held[name], blob):
                    yield f"the vector of passage {name} is another than in the ledger"
    finally:
        index.close()


def _equal(held: np.ndarray, blob: bytes) -> bool:
    """Chroma makes the length of a vector 1 once more: the last digit may differ."""
    vector = np.frombuffer(blob[: len(blob) // 4 * 4], np.float32)
    return held.shape == vector.shape and bool(np.abs(held - vector).max() <= 1e-5)


def _tantivy(store: Store) -> Iterator[str]:
    yield from _same_ids(store, Tantivy(store.folder / "tantivy").ids())


HELD = {"chroma": "ids, vectors", "tantivy": "ids"}
INDEXES: dict[str, Callable[[Store], Iterator[str]]] = {"chroma": _chroma, "tantivy": _tantivy}
