"""Searching, and indexes that follow the ledger whatever happens to them."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from ingest import store as module
from ingest import upkeep
from ingest.article import Article
from ingest.errors import UserError
from ingest.ledger import Ledger
from ingest.store import Store
from ingest.upkeep import STAMP, lock_for_writing
from tests.conftest import fake_embed, make_store

ARTICLES = [
    Article("a", "a.txt", "The mayor opened the bridge on Tuesday.", title="Bridge opens"),
    Article("b", "b.txt", "Egg prices rose in April. Farmers blame the flu."),
    Article("c", "c.txt", "The Élysée announced running talks with the mayor of Lyon.", title="Talks"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("store"), ARTICLES)


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(folder, tmp_path / "own"))


def sources(store: Store, question: str) -> list[str]:
    return [hit.passage.article.source for hit in store.bm25(question, 10)]


def ids(store: Store) -> list[str]:
    return sorted(hit.passage.id for hit in store.dense(fake_embed(["mayor"])[0], 99))


def test_dense_is_cosine_best_first(folder: Path) -> None:
    with Store.open(folder) as store:
        question = fake_embed(["eggs prices april farmers"])[0]
        hits = store.dense(question, 2)
        assert hits[0].passage.article.source == "b.txt"
        expected = float(store.vectors([hits[0].passage.id])[0] @ question)
        assert hits[0].score == hits[0].scores["dense"] == pytest.approx(expected)
        assert hits[0].score >= hits[1].score
        assert len(store.dense(question, 99)) == 3


def test_what_a_search_needs_is_opened_ahead_and_closed_whenever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", 0)
    with Store.open(folder) as store:
        store.prepare()
        assert len(ids(store)) == 3
        assert isinstance(store._chroma, module.Chroma)
    hasty = Store.open(folder)
    hasty.prepare()
    hasty.close()
    assert hasty._chroma is None and not hasty._preparing.is_alive()


def test_chroma_finds_what_the_exact_search_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = fake_embed(["the mayor of the bridge"])[0]
    with Store.open(folder) as store:
        exact = store.dense(question, 3)
    monkeypatch.setattr(module, "EXACT", 0)
    with Store.open(folder) as store:
        found = store.dense(question, 3)
        assert store._chroma is not None
    assert [hit.passage for hit in found] == [hit.passage for hit in exact]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in exact], abs=1e-5)


def test_bm25_stems_folds_accents_and_looks_into_titles(folder: Path) -> None:
    with Store.open(folder) as store:
        assert sources(store, "Elysee ran") == ["c.txt"]
        assert sources(store, "farmer") == ["b.txt"]
        assert sources(store, "opening bridges")[0] == "a.txt"
        assert sources(store, "talks")[0] == "c.txt"
        assert sources(store, "zebra") == sources(store, "") == []
        (hit,) = store.bm25("farmer", 1)
        assert hit.scores == {"bm25": hit.score} and hit.score > 0


@pytest.mark.parametrize(
    "question", ['title:"x', "AND OR NOT (", "text:* -mayor +", "a^9~2", "[a TO b]", "/x.*/", "\x00 \ud83d"]
)
def test_questions_are_never_query_syntax(folder: Path, question: str) -> None:
    with Store.open(folder) as store:
        assert set(sources(store, question + " farmers")) >= {"b.txt"}


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(some.text(max_size=60))
def test_any_question_is_survived(folder: Path, question: str) -> None:
    with Store.open(folder) as store:
        store.bm25(question, 3)


def test_articles_passages_vectors(folder: Path) -> None:
    with Store.open(folder) as store:
        assert [article.id for article in store.articles()] == ["a", "b", "c"]
        assert store.article("b").text == ARTICLES[1].text
        assert [passage.text for passage in store.passages("b")] == [ARTICLES[1].text]
        assert np.array_equal(store.vectors(["b-0"]), fake_embed([ARTICLES[1].text]))
        assert (store.counts(), store.embedder) == ({"articles": 3, "passages": 3}, "fake")
        with pytest.raises(KeyError):
            store.article("no")
        with pytest.raises(KeyError):
            store.vectors(["no"])


def test_the_version_changes_with_the_content(own: Path) -> None:
    with Store.open(own) as store:
        before = store.version()
    with Store.open(own) as store:
        assert store.version() == before
    make_store(own, [Article("d", "d.txt", "One more story is told here.")])
    with Store.open(own) as store:
        assert store.version() != before
        assert sources(store, "told story") == ["d.txt"]


@pytest.mark.parametrize("damage", ["no stamp", "no folder", "old stamp", "foreign", "garbage"])
def test_indexes_are_made_again_from_the_ledger(own: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("chroma", "tantivy"):
        stamp = own / name / STAMP
        if damage == "no folder":
            shutil.rmtree(own / name)
        elif damage == "old stamp":
            stamp.write_text(stamp.read_text().split()[0] + " 1")
        elif damage == "foreign":
            stamp.write_text("0123 3")
        else:
            stamp.unlink()
        if damage == "garbage":
            for file in (own / name).rglob("*"):
                if file.is_file():
                    file.write_bytes(b"garbage")
    monkeypatch.setattr(module, "EXACT", 0)
    with Store.open(own) as store:
        assert ids(store) == ["a-0", "b-0", "c-0"]
        assert store._chroma is not None
        assert sources(store, "farmers") == ["b.txt"]


def test_what_is_gone_counts_in_no_score(tmp_path: Path) -> None:
    more = [Article(f"m{number}", f"m{number}.txt", f"The mayor said {number} words.") for number in range(9)]
    make_store(tmp_path / "changed", [*ARTICLES, *more])
    with Store.open(tmp_path / "changed", write=True) as store:
        store.ledger.record([], [], [], removed=[article.id for article in more])
        store.sync()
    make_store(tmp_path / "fresh", ARTICLES)
    found = []
    for name in ("changed", "fresh"):
        with Store.open(tmp_path / name) as store:
            found.append([(hit.passage.id, hit.score) for hit in store.bm25("mayor of the bridge", 9)])
    assert found[0] == found[1] != []


def test_a_reader_beside_a_writer_with_half_written_indexes(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", 0)
    (own / "chroma" / STAMP).unlink()
    with lock_for_writing(own), Store.open(own) as store:
        assert ids(store) == ["a-0", "b-0", "c-0"]  # from the ledger
        assert store._chroma is None
        assert sources(store, "farmers") == ["b.txt"]
        (own / "tantivy").rename(own / "gone")  # in one step: tantivy's own thread may be putting a lock file there
    with lock_for_writing(own), Store.open(own) as store:
        assert sources(store, "farmers") == []


def test_files_are_read_to_see_that_they_are_whole_only_where_they_changed(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    digest = upkeep._digest

    def reading(file: Path) -> str:
        read.append(file.name)
        return digest(file)

    monkeypatch.setattr(upkeep, "_digest", reading)
    Store.open(own).close()  # a copy: every file has changed
    assert len(read) > 5
    make_store(own, [Article("d", "d.txt", "One more story is told here.")])
    read.clear()
    Store.open(own).close()
    assert read == []
    with Store.open(own) as store:
        assert upkeep.stands(own, store.ledger, "tantivy", upkeep.ALL) and len(read) > 5
    read.clear()
    meta = own / "tantivy" / "meta.json"
    times = meta.stat()
    meta.write_bytes(meta.read_bytes()[::-1])
    os.utime(meta, ns=(times.st_atime_ns, times.st_mtime_ns))  # as if nothing had been written
    with lock_for_writing(own), Store.open(own) as store:
        assert read == ["meta.json"] and not upkeep.stands(own, store.ledger, "tantivy")


def test_one_writer_at_a_time(own: Path) -> None:
    with Store.open(own, write=True):
        with pytest.raises(UserError, match="another ingest is writing"):
            Store.open(own, write=True)
        with pytest.raises(UserError, match="another ingest is writing"):
            Store.create(own, "fake", "fake-digest")
        with Store.open(own) as reader:
            assert reader.counts()["articles"] == 3
    Store.open(own, write=True).close()


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="python -m ingest PATH --store"):
        Store.open(tmp_path)


def test_another_embedder_splitter_or_format_is_refused(own: Path) -> None:
    with pytest.raises(UserError, match=r"made with the embedder fake, not new; .*rm -r"):
        Store.create(own, "new", "new-digest")
    ledger = Ledger(own / "ledger.sqlite", write=True)
    ledger.note(splitter="0")
    ledger.close()
    with pytest.raises(UserError, match=r"another version of Byline; .*rm -r"):
        Store.open(own)


def test_a_damaged_ledger_is_a_plain_sentence(own: Path) -> None:
    (own / "ledger.sqlite").write_bytes(b"garbage " * 1000)
    with pytest.raises(UserError, match="is damaged"):
        Store.open(own)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="cannot be written"):
        Store.create(tmp_path / "file" / "store", "fake", "d")


def test_an_empty_store(tmp_path: Path) -> None:
    make_store(tmp_path / "s", [])
    with Store.open(tmp_path / "s") as store:
        assert store.dense(fake_embed(["x"])[0], 3) == store.bm25("x", 3) == []
        assert store.vectors([]).shape[0] == 0
