"""A full disk, a folder that may not be written, a second writer: one clear sentence, and nothing is damaged."""

import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import store as searching
from ingest.build import build
from ingest.check import check
from ingest.errors import UserError
from ingest.store import Store
from tests.conftest import fake_embed

ROOT = Path(__file__).parent.parent
NOBODY = 65534

# python -m ingest with the fake embedder: FOLDER STORE, then further options
CHILD = """
import sys
from ingest import __main__ as command
from ingest.embed import Embedder
from tests.conftest import fake_embed
class Fake:
    name, digest = "fake", "digest"
    def __call__(self, texts):
        return fake_embed(texts)
command.load_embedder = lambda name: Fake()
sys.exit(command.main(sys.argv[1:]))
"""
SEARCH = """
import sys
from pathlib import Path
from ingest import store as module
from tests.conftest import fake_embed
module.EXACT = 0
with module.Store.open(Path(sys.argv[1])) as store:
    words = store.bm25("word2x7", 1)
    print(len(store.dense(fake_embed(["word2x7"])[0], 99)), [one.passage.article.source for one in words])
"""


def child(code: str, *words: object, limit: int = 0, user: int | None = None) -> subprocess.CompletedProcess[str]:
    def before() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=before, user=user, timeout=300
    )


def write(news: Path, first: int, last: int) -> None:
    news.mkdir(exist_ok=True)
    for number in range(first, last):
        words = " ".join(f"word{number}x{place}" for place in range(90))
        (news / f"{number}.txt").write_text(f"Report {number} has this to say. It tells of {words}.")


def ingest(news: Path, folder: Path) -> None:
    with Store.create(folder, "fake", "digest") as store:
        build([news], store, fake_embed)


def contents(folder: Path) -> list[object]:
    with Store.open(folder) as store:
        articles = list(store.articles())
        found = [hit.passage.id for hit in store.bm25("report word7x3 word29x1", 9)]
        assert [one.what for one in check(store) if one.problems] == []
        return [articles, store.ledger.all_vectors()[1].tolist(), found]


def is_one_sentence(error: str) -> bool:
    lines = error.strip().splitlines()
    return len(lines) == 1 and lines[0].startswith("ingest: ") and "Traceback" not in error


@pytest.mark.parametrize("limit", [2_000, 60_000])
def test_a_full_disk(tmp_path: Path, limit: int) -> None:
    """No file may grow past the limit: too little for an empty ledger, and for one of 60 articles."""
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 60)
    done = child(CHILD, news, "--store", folder, limit=limit)
    assert done.returncode == 2, done.stdout
    assert is_one_sentence(done.stderr) and "free space" in done.stderr, done.stderr
    ingest(news, folder)
    ingest(news, tmp_path / "whole")
    assert contents(folder) == contents(tmp_path / "whole")


def test_a_disk_too_full_for_an_index(tmp_path: Path) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 9)
    ingest(news, folder)
    before = contents(folder)
    done = child(CHILD, "--rebuild", "--store", folder, limit=100_000)  # Chroma's smallest file is larger
    assert done.returncode == 2, done.stdout
    assert is_one_sentence(done.stderr) and f"--rebuild --store {folder}" in done.stderr, done.stderr
    assert contents(folder) == before


@pytest.mark.parametrize("index", [searching.Chroma, searching.Tantivy])
def test_an_index_that_cannot_be_written(tmp_path: Path, index: type, monkeypatch: pytest.MonkeyPatch) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 3)
    ingest(news, folder)
    write(news, 3, 6)

    def full(self: object, rows: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(index, "add", full)
        with pytest.raises(UserError, match=r"No space left on device; free space, then .*--rebuild"):
            ingest(news, folder)
        with Store.open(folder) as store:  # found from the ledger meanwhile
            assert len(store.dense(fake_embed(["word4x7"])[0], 99)) == 6
    ingest(news, tmp_path / "whole")
    assert contents(folder) == contents(tmp_path / "whole")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    options = ["-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(folder)]
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", *options], capture_output=True, check=False).returncode
    ):
        folder.rmdir()
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_disk_that_is_really_full(small_disk: Path, tmp_path: Path) -> None:
    news, folder = tmp_path / "news", small_disk / "store"
    write(news, 0, 400)
    done = child(CHILD, news, "--store", folder)
    assert done.returncode == 2 and is_one_sentence(done.stderr) and "free space" in done.stderr, done.stderr
    moved = Path(shutil.copytree(folder, tmp_path / "store"))  # a larger disk
    ingest(news, moved)
    ingest(news, tmp_path / "whole")
    assert contents(moved) == contents(tmp_path / "whole")


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that everyone may enter: the folders of pytest are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
@pytest.mark.parametrize("closed", ["folder", "ledger"])
def test_a_folder_that_may_only_be_read(readable: Path, closed: str) -> None:
    if child("", user=NOBODY).returncode:
        pytest.skip("another user cannot run this Python")
    news, folder = readable / "news", readable / "store"
    write(news, 0, 5)
    ingest(news, folder)
    if closed == "ledger":
        for path in (folder, *folder.glob("*/"), folder / "lock"):
            path.chmod(0o777)
    before = contents(folder)
    write(news, 5, 9)
    done = child(CHILD, news, "--store", folder, user=NOBODY)
    assert done.returncode == 2 and is_one_sentence(done.stderr) and "cannot be written" in done.stderr, done.stderr
    found = child(SEARCH, folder, user=NOBODY)
    assert found.stdout == "5 ['2.txt']\n", found.stderr
    assert "Traceback" not in found.stderr
    assert child(CHILD, "--check", "--store", folder, user=NOBODY).stdout.endswith(": sound\n")
    assert contents(folder) == before


def test_a_second_writer(tmp_path: Path) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 3)
    ingest(news, folder)
    before = contents(folder)
    with Store.open(folder, write=True):
        for words in ([news], ["--rebuild"]):
            done = child(CHILD, *words, "--store", folder)
            assert done.returncode == 2 and is_one_sentence(done.stderr)
            assert "another ingest is writing" in done.stderr
    assert contents(folder) == before


def damaged(data: bytes) -> bytes:
    return data[:100] + bytes(255 - byte for byte in data[100:])


@pytest.mark.parametrize("change", [damaged, lambda data: data[: len(data) // 2], lambda data: b"garbage " * 999])
def test_a_damaged_record(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 30)
    ingest(news, folder)
    ledger = folder / "ledger.sqlite"
    ledger.write_bytes(change(ledger.read_bytes()))
    before = ledger.read_bytes()
    done = child(CHILD, news, "--store", folder)
    assert done.returncode == 2 and is_one_sentence(done.stderr) and "is damaged" in done.stderr, done.stderr
    assert child(CHILD, "--check", "--store", folder).returncode == 1
    assert ledger.read_bytes() == before  # somebody may still save it


@pytest.mark.parametrize(("key", "says"), [("digest", "made with the embedder"), ("format", "another version")])
def test_a_store_of_another_making(tmp_path: Path, key: str, says: str) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 3)
    ingest(news, folder)
    with Store.open(folder, write=True) as store:
        store.ledger.note(**{key: "other"})
    before = (folder / "ledger.sqlite").read_bytes()
    done = child(CHILD, news, "--store", folder)
    assert done.returncode == 2 and is_one_sentence(done.stderr) and says in done.stderr and "rm -r" in done.stderr
    assert (folder / "ledger.sqlite").read_bytes() == before
