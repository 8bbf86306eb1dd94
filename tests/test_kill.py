"""Killed at any moment and run again, the store is that of a run that was never killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import store as searching
from ingest.build import build
from ingest.store import Store
from tests.conftest import fake_embed

ROOT = Path(__file__).parent.parent

# Kills itself at the given moment: the number of an event, counting what the chain tells its embedder and its watcher.
CHILD = """
import os, signal, sys
from pathlib import Path
from ingest import build as module, upkeep
from ingest.store import Store
from tests.conftest import fake_embed
module.TOGETHER, upkeep.BATCH = 4, 5
left = int(sys.argv[3])
def event():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
def embed(texts):
    event()
    return fake_embed(texts)
with Store.create(Path(sys.argv[2]), "fake", "digest") as store:
    module.build([Path(sys.argv[1])], store, embed, watch=lambda *told: event())
"""


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    for number in range(16):
        words = " ".join(f"word{number}x{place}" for place in range(40))
        (folder / f"{number:02}.txt").write_text(f"Report {number} has this to say. It tells of {words}.")
    (folder / "same.txt").write_bytes((folder / "03.txt").read_bytes())
    (folder / "bad.txt").write_bytes(b"\x00" * 99)
    return folder


def resumed(news: Path, folder: Path) -> list[object]:
    """Everything a store holds and finds, after a run to the end."""
    with Store.create(folder, "fake", "digest") as store:
        build([news], store, fake_embed)
    with Store.open(folder) as store:
        articles = list(store.articles())
        passages = [passage for article in articles for passage in store.passages(article.id)]
        vectors = store.vectors([passage.id for passage in passages]).tolist()
        items = [item for path in store.ledger.inputs() for item in store.ledger.items(path)]
        dense = [(hit.passage.id, round(hit.score, 5)) for hit in store.dense(fake_embed(["Report 7 word7x3"])[0], 99)]
        words = [(hit.passage.id, round(hit.score, 5)) for hit in store.bm25("report word7x3 word9x1", 99)]
        return [articles, passages, vectors, items, sorted(dense), sorted(words)]


@pytest.fixture(scope="module")
def whole(news: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "EXACT", 0)  # through Chroma
        return resumed(news, tmp_path_factory.mktemp("whole") / "store")


# Of 31 events: 1 to 23 while reading and recording, 24 to 27 in Chroma, 28 to 31 in Tantivy
@pytest.mark.parametrize("moment", [1, 14, 22, 24, 26, 29])
def test_killed_at_an_event(
    news: Path, whole: list[object], tmp_path: Path, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "EXACT", 0)
    command = [sys.executable, "-c", CHILD, str(news), str(tmp_path / "store"), str(moment)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert resumed(news, tmp_path / "store") == whole


@pytest.mark.parametrize("after", [0.05, 0.3])
def test_killed_from_outside(
    news: Path, whole: list[object], tmp_path: Path, after: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "EXACT", 0)
    command = [sys.executable, "-c", CHILD, str(news), str(tmp_path / "store"), "-1"]
    child = subprocess.Popen(command, cwd=ROOT)
    while not (tmp_path / "store" / "ledger.sqlite").exists() and child.poll() is None:
        time.sleep(0.005)
    time.sleep(after)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert resumed(news, tmp_path / "store") == whole


def test_a_killed_run_can_be_searched_at_once(news: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(news), str(tmp_path / "store"), "25"]
    subprocess.run(command, cwd=ROOT, check=False)
    with Store.open(tmp_path / "store") as store:
        assert store.bm25("word7x3", 1)[0].passage.article.source == "07.txt"
        assert len(store.dense(fake_embed(["x"])[0], 99)) == store.counts()["passages"] == 16
