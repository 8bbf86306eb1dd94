"""SIGKILL at 30 random moments of a run, and at 10 inside an index flush, over a store of 20,000 passages: `make kill`.

The run under test adds, changes, renames and removes files, and learns a repeated line. After the next run everything
in the store and everything it finds is as if nothing had happened.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ingest import split
from ingest import store as searching
from ingest.build import build
from ingest.check import check
from ingest.store import Store
from ingest.upkeep import STAMP
from tests.conftest import fake_embed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
FILES, ARTICLES, SENTENCES = 20, 100, 10  # 20,000 passages
PASSAGE = 10  # words, in place of 110: short texts make as many passages as long ones, and are split sooner
MOMENTS = 30
AIMED = ["chroma"] * 7 + ["tantivy"] * 3
KNOWN = "Contact our newsroom with story ideas and corrections."  # repeated before the run
NEW = "Contact our newsroom with story ideas and complaints."  # and from it on
NOW = datetime(2024, 5, 2, tzinfo=UTC)
WORDS = [f"{first}{second}{third}" for first in "bdfgklmnprst" for second in "aeiou" for third in ("n", "r", "l", "st")]

CHILD = f"""
import sys
from pathlib import Path
from ingest import split
from ingest.build import build
from ingest.store import Store
from tests.conftest import fake_embed
from tests.test_kill_large import NOW
split.TARGET = {PASSAGE}
with Store.create(Path(sys.argv[2]), "fake", "digest") as store:
    print("open", flush=True)
    build([Path(sys.argv[1])], store, fake_embed, prune=True, now=NOW)
"""


def story(name: str, line: str = "") -> dict[str, str]:
    """An article of sentences that no other has."""
    chance = random.Random(name)
    sentences = [f"So {' '.join(chance.choices(WORDS, k=8))} x{name}." for _ in range(SENTENCES)]
    text = " ".join(sentences)
    return {"id": name, "source": "The Paper", "text": f"{text}\n\n{line}"}


def write(path: Path, names: list[str], line: str = "") -> None:
    path.write_text("\n".join(json.dumps(story(name, line)) for name in names))


@dataclass(frozen=True)
class Scene:
    news: Path
    base: Path  # the store before the run
    whole: dict[str, object]  # what the store holds after a run that nobody killed
    seconds: float  # that run, from opening the store
    flushes: dict[str, float]  # seconds each index was being written


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("large")
    news, base = folder / "news", folder / "base"
    news.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split, "TARGET", PASSAGE)
        patch.setattr(searching, "EXACT", 0)
        for number in range(FILES):
            names = [f"{number}y{place}" for place in range(ARTICLES)]
            write(news / f"{number:02}.jsonl", names, KNOWN if number == 3 else "")
        run(news, base)
        with Store.open(base) as store:
            assert store.counts()["passages"] >= FILES * ARTICLES * SENTENCES
        write(news / "00.jsonl", [f"{number}z0" for number in range(ARTICLES)])  # changed: all of its ids are others
        rows = [{**story(f"1z{place}"), "id": f"1y{place}"} for place in range(ARTICLES)]  # changed: the same ids
        (news / "01.jsonl").write_text("\n".join(map(json.dumps, rows)))
        (news / "02.jsonl").rename(news / "renamed.jsonl")
        (news / "04.jsonl").unlink()
        write(news / "new.jsonl", [f"n{place}" for place in range(ARTICLES)], NEW)
        seconds, flushes = timed(news, Path(shutil.copytree(base, folder / "whole")))
        yield Scene(news, base, snapshot(folder / "whole"), seconds, flushes)


def run(news: Path, folder: Path) -> None:
    with Store.create(folder, "fake", "digest") as store:
        build([news], store, fake_embed, prune=True, now=NOW)


def started(news: Path, folder: Path) -> subprocess.Popen[str]:
    """A run in a child that has just opened its store."""
    command = [sys.executable, "-c", CHILD, str(news), str(folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "open\n"
    return child


def timed(news: Path, folder: Path) -> tuple[float, dict[str, float]]:
    child, began = started(news, folder), time.monotonic()
    written = dict.fromkeys(("chroma", "tantivy"), 0.0)
    before = began
    while child.poll() is None:
        time.sleep(0.002)
        now = time.monotonic()
        for name in written:
            written[name] += 0 if (folder / name / STAMP).exists() else now - before
        before = now
    with child:  # closes its pipe
        assert child.wait() == 0
    return time.monotonic() - began, written


def snapshot(folder: Path) -> dict[str, object]:
    """Everything a store holds, by digest, and what it finds."""
    with Store.open(folder) as store:
        assert [one for one in check(store) if one.problems] == []
        assert not [article.id for article in store.articles() if article.text.endswith((KNOWN, NEW))]
        tables = {
            "articles": "id, source, text, title, publisher, published, url, authors, cluster, same, signature",
            "passages": "id, article, number, start, stop, sentences, vector",
            "items": "*",
            "inputs": "path, size, digest, problem",
            "versions": "*",
            "originals": "*",
            "lines": "*",
            "repeated": "*",
        }
        found: dict[str, object] = {"counts": store.counts()}
        for table, columns in tables.items():
            rows = sorted(store.ledger.query(f"select {columns} from {table}"), key=repr)
            digest = hashlib.sha256()
            for row in rows:
                digest.update(repr(row).encode())
            found[table] = digest.hexdigest()
        names = [row[0] for row in store.ledger.query("select id from passages order by id")][::400]
        vectors = store.vectors(names)
        nearest = [store.dense(vector, 1)[0] for vector in vectors]
        assert store._chroma is not None
        found["dense"] = [(round(hit.score, 4), hit.passage.text) for hit in nearest]
        texts = [passage.text for passage in store.ledger.passages_of(names).values()]
        found["bm25"] = [sorted(hit.passage.id for hit in store.bm25(text, 3)) for text in texts]
    return found


def mended(scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "TARGET", PASSAGE)
    monkeypatch.setattr(searching, "EXACT", 0)
    run(scene.news, folder)
    assert snapshot(folder) == scene.whole
    shutil.rmtree(folder)


def killed(scene: Scene, folder: Path, after: float, flushing: str = "") -> bool:
    """Kill a run so many seconds after it opened its store, or after it began to write that index."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(scene.base, folder)
    child = started(scene.news, folder)
    while flushing and (folder / flushing / STAMP).exists() and child.poll() is None:
        time.sleep(0.001)
    time.sleep(after)
    inside = not flushing or not (folder / flushing / STAMP).exists()
    os.kill(child.pid, signal.SIGKILL)
    with child:  # closes its pipe
        return child.wait() == -signal.SIGKILL and inside


@pytest.mark.parametrize("number", range(MOMENTS))
def test_killed_at_a_random_moment(scene: Scene, tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, longest = random.Random(number), scene.seconds
    while not killed(scene, tmp_path / "store", after := chance.random() * longest):
        longest = after  # it had already come to its end: the machine is less busy than it was for `scene`
    mended(scene, tmp_path / "store", monkeypatch)


@pytest.mark.parametrize("number", range(len(AIMED)))
def test_killed_inside_a_flush(scene: Scene, tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, name = random.Random(number), AIMED[number]
    longest = scene.flushes[name]
    while not killed(scene, tmp_path / "store", after := chance.random() * longest, name):
        longest = after  # the flush was over
    mended(scene, tmp_path / "store", monkeypatch)


def test_the_vectors_of_the_fake_differ(scene: Scene) -> None:
    with Store.open(scene.base) as store:
        vectors = store.ledger.all_vectors()[1]
    assert len(np.unique(vectors, axis=0)) > 0.99 * len(vectors)
