"""The record: what goes in comes out, whole or not at all."""

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ingest.article import Article, Published
from ingest.ledger import Entry, Input, Item, Ledger, Version
from ingest.repeated import Lines
from ingest.split import split
from tests.conftest import fake_embed

ARTICLE = Article(
    "a1",
    "a.txt",
    "The mayor opened it. “Yes,” she said.\nÉlysée \U0001f600 too.",
    title="Bridge",
    publisher="News",
    published=Published(date(2023, 5, 2), "stamp", 0.9, ("2023-05-01 (url)",)),
    url="http://x.org/a",
    authors=("Jane Roe", "John Doe"),
    cluster="a1",
)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite", write=True)


def entry(article: Article, same: str = "") -> Entry:
    passages = split(article)
    return Entry(article, passages, fake_embed([one.text for one in passages]), same, b"signature")


def item(article: str, outcome: str = "stored", path: str = "/a.txt") -> Item:
    return Item(f"{path}#{article}", path, "a.txt", "digest", outcome, article=article)


def test_an_article_comes_back_as_it_went_in(ledger: Ledger) -> None:
    ledger.record([entry(ARTICLE)], [], [])
    assert ledger.article("a1") == ARTICLE
    assert list(ledger.articles()) == [ARTICLE]
    assert ledger.passages(ARTICLE) == split(ARTICLE)
    assert ledger.passages_of(["a1-0", "no"]) == {"a1-0": split(ARTICLE)[0]}
    assert (ledger.article("no"), ledger.vector("no")) == (None, None)


def test_vectors_and_texts_for_the_indexes(ledger: Ledger) -> None:
    ledger.record([entry(ARTICLE)], [], [])
    expected = fake_embed([ARTICLE.text])
    names, vectors = ledger.all_vectors()
    assert names == ["a1-0"] and np.array_equal(vectors, expected)
    assert np.array_equal(ledger.vectors_of("a1"), expected) and len(ledger.vectors_of("no")) == 0
    assert list(ledger.since(0)) == [("a1-0", "Bridge", ARTICLE.text, expected.tobytes())]
    assert (list(ledger.since(1)), ledger.count_since(1)) == ([], 0)


def test_a_changed_article_takes_the_place_of_the_old(ledger: Ledger) -> None:
    long = Article("a1", "a.txt", "Some words in a row. " * 60)
    ledger.record([entry(long)], [], [])
    assert ledger.counts() == {"articles": 1, "passages": 3}  # 300 words, at most 110 in a passage
    ledger.record([entry(ARTICLE)], [], [])
    assert ledger.counts() == {"articles": 1, "passages": 1}
    assert sorted(ledger.gone_since(1)) == ["a1-0", "a1-1", "a1-2"]
    assert [row[0] for row in ledger.since(1)] == ["a1-0"]


def test_a_renamed_file_takes_its_items_along(ledger: Ledger) -> None:
    kept = [item("a1"), Item("/a.txt#2", "/a.txt", "a.txt#2", "d", "failed", "why"), item("x", path="/b.txt")]
    ledger.record([entry(ARTICLE)], kept, [Input("/a.txt", 1, 2, "bytes")])
    assert ledger.inputs_with("bytes") == ["/a.txt"]
    ledger.rename("/a.txt", Input("/n/c.txt", 1, 3, "bytes"))
    assert ledger.items("/a.txt") == [] and ledger.items("/b.txt") == kept[2:]
    assert [one.key for one in ledger.items("/n/c.txt")] == ["/n/c.txt#2", "/n/c.txt#a1"]
    assert [one.source for one in ledger.items("/n/c.txt")] == ["c.txt#2", "c.txt"]
    assert (ledger.inputs(), ledger.input("/n/c.txt")) == (["/n/c.txt"], Input("/n/c.txt", 1, 3, "bytes"))
    assert [article.source for article in ledger.named("a1")] == ["c.txt"]
    assert ledger.stored_by("a1") == ledger.items("/n/c.txt")[1]


def test_versions_and_originals(ledger: Ledger) -> None:
    lines = Lines("news", (1, 2))
    ledger.record([replace(entry(ARTICLE), lines=lines, original=ARTICLE.text + " More.")], [], [])
    assert (ledger.original("a1"), ledger.original("no")) == (ARTICLE.text + " More.", "")
    ledger.record([replace(entry(ARTICLE), original=ARTICLE.text + " More.")], [], [], when="now")
    assert ledger.versions("a1") == []  # what the publisher repeats is no change
    changed = replace(ARTICLE, title="Another")
    ledger.record([entry(changed)], [], [], when="now")
    ledger.record([entry(replace(changed, text="Short."))], [], [], when="later")
    known = [Version("Bridge", ARTICLE.text, ARTICLE.published, "now")]
    assert ledger.versions("a1") == [*known, Version("Another", ARTICLE.text, ARTICLE.published, "later")]
    assert ledger.original("a1") == "Short."
    ledger.record([], [], [], removed=["a1"])
    assert ledger.versions("a1") == []


def test_a_failed_transaction_leaves_nothing(ledger: Ledger) -> None:
    broken = Entry(ARTICLE, split(ARTICLE), np.empty((0, 4), np.float32), "", b"")  # fewer vectors than passages
    with pytest.raises(ValueError, match="zip"):
        ledger.record([entry(Article("b", "b.txt", "Text here.")), broken], [item("b")], [])
    assert ledger.counts() == {"articles": 0, "passages": 0}
    assert (ledger.revision, ledger.items("/a.txt")) == (0, [])


def test_inputs_and_items(ledger: Ledger) -> None:
    known = Input("/a.txt", 10, 20, "digest", "why")
    ledger.record([], [item("a1"), item("b", "failed")], [known])
    assert ledger.input("/a.txt") == known
    assert ledger.input("/b.txt") is None
    assert ledger.items("/a.txt") == [item("a1"), item("b", "failed")]
    assert ledger.inputs() == ["/a.txt"]


def test_what_repeated_a_removed_article_is_read_again(ledger: Ledger) -> None:
    repeat = item("a1", "duplicate", "/b.txt")
    ledger.record([entry(ARTICLE)], [item("a1"), repeat], [Input("/b.txt", 1, 2, "d")])
    assert ledger.outdated(["/b.txt"]) == []
    ledger.remove([item("a1")], ["/a.txt"])
    assert ledger.outdated(["/a.txt", "/b.txt"]) == ["/b.txt"]
    assert ledger.counts()["articles"] == 0


def test_same_text_or_address(ledger: Ledger) -> None:
    ledger.record([entry(ARTICLE, "text")], [], [])
    assert ledger.same_as("text", "") == ledger.same_as("", "http://x.org/a") == "a1"
    assert ledger.same_as("text", "", besides=["a1"]) == ledger.same_as("other", "") == ""


def test_clusters(ledger: Ledger) -> None:
    ledger.record([entry(ARTICLE), entry(Article("b", "b.txt", "Text here."))], [], [])
    assert ledger.signatures() == [("a1", "2023-05-02", b"signature"), ("b", "", b"signature")]
    assert ledger.recluster({"a1": "a1", "b": "a1"}) == 1
    assert ledger.recluster({"a1": "a1", "b": "a1"}) == 0
    assert [article.cluster for article in ledger.articles()] == ["a1", "a1"]


def test_readers_cannot_write(tmp_path: Path, ledger: Ledger) -> None:
    ledger.record([entry(ARTICLE)], [], [])
    reader = Ledger(tmp_path / "ledger.sqlite")
    assert reader.counts()["articles"] == 1
    with pytest.raises(sqlite3.OperationalError):
        reader.note(format="2")
