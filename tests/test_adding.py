"""Articles brought in through the page: kept under safe names, one run at a time, cancelled without harm."""

import threading
import time
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from ingest.embed import Embedder
from ingest.errors import UserError
from ingest.store import Store
from qa.chat import adding as module
from qa.chat.adding import KEPT, Adding, Progress, Upload, counts, safe_name
from qa.chat.library import survey
from tests.conftest import fake_embed

OSLO = "The mayor of Oslo resigned on Monday, after twelve years in office. Nobody has replaced her so far."
ROME = "The mayor of Rome opened a bridge on Friday, three years late. It cost twice what had been planned."


class Fake:
    """The embedder of the fake store; `gate` holds it back."""

    name, digest = "fake", "fake-digest"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.called = threading.Event()

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.called.set()
        assert self.gate.wait(60)
        return fake_embed(texts)


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    with Store.create(folder, "fake", "fake-digest") as made:
        made.sync()
    return folder


@pytest.fixture
def adding(store: Path, fake: Fake) -> Adding:
    return Adding(store, lambda name: cast(Embedder, fake))


def sent(folder: Path, **files: str) -> list[Upload]:
    """Files as they lie after sending, by their names with "_" for "."."""
    uploads = []
    for number, (name, words) in enumerate(files.items()):
        path = folder / f"sent-{number}"
        path.write_text(words, "utf-8")
        uploads.append(Upload(path, name.replace("_", ".")))
    return uploads


def ended(adding: Adding) -> Progress:
    limit = time.monotonic() + 60
    while adding.progress.running:
        assert time.monotonic() < limit
        time.sleep(0.01)
    return adding.progress


def test_files_are_added_and_what_became_of_each_is_told(adding: Adding, store: Path, tmp_path: Path) -> None:
    adding.start(sent(tmp_path, a_txt=OSLO, b_txt=OSLO + " ", c_txt=ROME, d_png="x", e_txt=""))
    progress = ended(adding)
    assert (counts(progress), progress.problem) == ({"added": 2, "duplicate": 1, "failed": 2}, "")
    assert {one.source for one in progress.outcomes if one.outcome == "failed"} == {"d.png", "e.txt"}
    with Store.open(store) as opened:
        shelf = survey(opened)
        assert opened.bm25("Rome bridge", 1)
    assert (shelf.articles, len(shelf.undated), len(shelf.duplicates)) == (2, 2, 1)
    assert [source for source, _ in shelf.failed] == ["e.txt"]
    assert not list(tmp_path.glob("sent-*"))


def test_the_same_file_again_is_unchanged_and_an_equal_name_is_another_article(adding: Adding, tmp_path: Path) -> None:
    for words, expected in ((OSLO, "added"), (OSLO, "unchanged"), (ROME, "added")):
        adding.start(sent(tmp_path, a_txt=words))
        assert counts(ended(adding)) == {expected: 1}


def test_cancelling_leaves_a_store_that_works_and_no_file_behind(
    adding: Adding, fake: Fake, store: Path, tmp_path: Path
) -> None:
    fake.gate.clear()
    adding.start(sent(tmp_path, a_txt=OSLO))
    assert fake.called.wait(60)
    with pytest.raises(UserError, match="are being added already"):
        adding.start(sent(tmp_path, b_txt=ROME))
    adding.cancel()
    fake.gate.set()
    assert ended(adding).problem.startswith("Cancelled")
    adding.start(sent(tmp_path, b_txt=ROME))
    assert counts(ended(adding)) == {"added": 1}
    with Store.open(store) as opened:
        assert opened.counts()["articles"] == len(list((store / KEPT).rglob("*.txt")))


def test_a_store_that_another_process_writes_is_told(adding: Adding, store: Path, tmp_path: Path) -> None:
    with Store.open(store, write=True):
        adding.start(sent(tmp_path, a_txt=OSLO))
        assert "another" in ended(adding).problem or "writ" in adding.progress.problem
    assert not list(tmp_path.glob("sent-*"))


def test_too_much_at_once_is_refused(adding: Adding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 1)
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    with pytest.raises(UserError, match="2 files are too many"):
        adding.start(sent(tmp_path, a_txt=OSLO, b_txt=ROME))
    with pytest.raises(UserError, match="in one go"):
        adding.start(sent(tmp_path, a_txt=OSLO))
    with pytest.raises(UserError, match="nothing to add"):
        adding.start([])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\news\\a.txt", "a.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\0\n\u202eb.txt", "a___b.txt"),
        ('<img src="x">.txt', "_img src=_x__.txt"),
        ("..", "article"),
        ("", "article"),
        ("archive.jsonl.gz", "archive.jsonl.gz"),
        ("\ud800.txt", "_.txt"),
    ],
)
def test_names_become_one_plain_part_of_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    made = safe_name("é" * 500 + ".html")
    assert made.endswith("é.html") and len(made.encode()) <= module.LONGEST_NAME
