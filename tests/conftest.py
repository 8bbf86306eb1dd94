"""Fakes shared by all tests: an embedder that counts words, and a store made of a few articles."""

import os
import signal
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest.article import Article
from ingest.build import in_context
from ingest.dedupe import same, signature
from ingest.ledger import Entry, Item
from ingest.runtime import cache_folder
from ingest.split import split
from ingest.store import Store

# A suite started in the background ignores Ctrl-C, and its children would inherit that: tests send it to them.
signal.signal(signal.SIGINT, signal.default_int_handler)

DIM = 64
StoreMaker = Callable[[Path, list[Article]], Path]


def fake_embed(texts: list[str]) -> np.ndarray:
    """Each word adds one to a place chosen by its checksum; rows have length 1. Texts that share words are near."""
    vectors = np.zeros((len(texts), DIM), dtype=np.float32)
    for row, text in zip(vectors, texts, strict=True):
        for word in text.lower().split():
            row[zlib.crc32(word.strip(".,:;!?\"'“”()").encode("utf-8", "replace")) % DIM] += 1
        row /= max(float(np.linalg.norm(row)), 1e-6)
    return vectors


def make_store(folder: Path, articles: list[Article]) -> Path:
    """A store in `folder` that holds these very articles, embedded by fake_embed; returns the folder."""
    with Store.create(folder, "fake", "fake-digest") as store:
        for article in articles:
            passages = split(article)
            vectors = fake_embed([in_context(passage) for passage in passages])
            entry = Entry(article, passages, vectors, same(article.text), signature(article.text))
            item = Item(article.id, article.source, article.source, "", "stored", article=article.id)
            store.ledger.record([entry], [item], [])
        store.sync()
    return folder


# Put into a child's PYTHONPATH: every attempt to reach another host is refused and noted, in its own children too.
REFUSE = """
import os, sys
def hook(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    if str(host) not in ("127.0.0.1", "::1", "localhost", "None"):
        with open(os.environ["ATTEMPTS"], "a") as file:
            file.write(f"{event} {host}\\n")
        raise OSError(f"no network in tests: {event} {host}")
sys.addaudithook(hook)
"""


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """The environment for a Python child without network; the file named by ATTEMPTS appears when it tried."""
    (tmp_path / "sitecustomize.py").write_text(REFUSE)
    hidden = ("CI", "TF_BUILD", "JENKINS_URL")  # telemetry keeps quiet there by itself
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    home = tmp_path / "home"  # nobody has refused telemetry in it
    home.mkdir()
    places = {"PYTHONPATH": tmp_path, "ATTEMPTS": tmp_path / "attempts", "HOME": home, "BYLINE_CACHE": cache_folder()}
    return {**kept, **{name: str(place) for name, place in places.items()}}


@pytest.fixture(name="embed")
def _embed() -> Callable[[list[str]], np.ndarray]:
    return fake_embed


@pytest.fixture(name="make_store")
def _make_store() -> StoreMaker:
    return make_store
