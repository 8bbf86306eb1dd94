"""A full disk, a folder that may not be written, a second writer: one clear sentence, and nothing is damaged."""

import errno
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest import __main__ as command
from ingest import store as searching
from ingest.build import build
from ingest.check import check
from ingest.errors import UserError
from ingest.store import Store
from tests.conftest import fake_embed

ROOT = Path(__file__).parent.parent

CHILD = """
import sys
from ingest import __main__ as command
from tests.test_errors import Fake
command.load_embedder = lambda name: Fake()
sys.exit(command.main(sys.argv[1:]))
"""


def child(*words: object, limit: int) -> subprocess.CompletedProcess[str]:
    """python -m ingest, where no file may grow past the limit, in bytes."""

    def before() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    line = [sys.executable, "-c", CHILD, *map(str, words)]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=before)


class Fake:
    name, digest = "fake", "digest"

    def __call__(self, texts: list[str]) -> np.ndarray:
        return fake_embed(texts)


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "load_embedder", lambda name: Fake())


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """What python -m ingest says when it is refused."""
    assert command.main([str(word) for word in words]) == 2
    error = capsys.readouterr().err
    assert is_one_sentence(error), error
    return error


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
        found = sorted(hit.passage.id for hit in store.bm25("report word7x3 word29x1", 99))
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
    done = child(news, "--store", folder, limit=limit)
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
    done = child("--rebuild", "--store", folder, limit=100_000)  # Chroma's smallest file is larger
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


Disk = Callable[[str], Path]


@pytest.fixture
def disk() -> Iterator[Disk]:
    """Mounts a disk with the given options; skips where that may not be."""
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        folder = mounted[0] if mounted else Path(tempfile.mkdtemp())
        if (
            shutil.which("mount") is None
            or subprocess.run(
                ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
            ).returncode
        ):
            pytest.skip("no disk can be mounted here: only root may")
        mounted.append(folder)
        return folder

    yield mount
    if mounted:
        subprocess.run(["umount", str(mounted[0])], check=True)
        mounted[0].rmdir()


def test_a_disk_that_is_really_full(disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    news, folder = tmp_path / "news", disk("size=1500k") / "store"
    write(news, 0, 400)
    assert "free space" in refused(capsys, news, "--store", folder)
    moved = Path(shutil.copytree(folder, tmp_path / "store"))  # a larger disk
    ingest(news, moved)
    ingest(news, tmp_path / "whole")
    assert contents(moved) == contents(tmp_path / "whole")


def test_a_folder_that_may_only_be_read(
    disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    news, folder = tmp_path / "news", disk("size=99m") / "store"
    write(news, 0, 5)
    ingest(news, folder)
    before = contents(folder)
    disk("remount,ro")
    write(news, 5, 9)
    assert "cannot be written: Read-only file system" in refused(capsys, news, "--store", folder)
    assert "Read-only file system" in refused(capsys, "--rebuild", "--store", folder)
    assert "Read-only file system" in refused(capsys, news, "--store", folder.parent / "another")
    assert command.main(["--check", "--store", str(folder)]) == 0, capsys.readouterr().out
    assert contents(folder) == before
    monkeypatch.setattr(searching, "EXACT", 0)
    with Store.open(folder) as store:
        assert len(store.dense(fake_embed(["word2x7"])[0], 99)) == 5
        assert store.bm25("word2x7", 1)[0].passage.article.source == "2.txt"


def test_a_second_writer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 3)
    ingest(news, folder)
    before = contents(folder)
    with Store.open(folder, write=True):
        for words in ([news], ["--rebuild"]):
            assert "another ingest is writing" in refused(capsys, *words, "--store", folder)
    assert contents(folder) == before


def damaged(data: bytes) -> bytes:
    return data[:100] + bytes(255 - byte for byte in data[100:])


@pytest.mark.parametrize("change", [damaged, lambda data: data[: len(data) // 2], lambda data: b"garbage " * 999])
def test_a_damaged_record(tmp_path: Path, change: Callable[[bytes], bytes], capsys: pytest.CaptureFixture[str]) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 30)
    ingest(news, folder)
    ledger = folder / "ledger.sqlite"
    ledger.write_bytes(change(ledger.read_bytes()))
    before = ledger.read_bytes()
    assert "is damaged" in refused(capsys, news, "--store", folder)
    assert command.main(["--check", "--store", str(folder)]) == 1
    assert ledger.read_bytes() == before  # somebody may still save it


@pytest.mark.parametrize(("key", "says"), [("digest", "made with the embedder"), ("format", "another version")])
def test_a_store_of_another_making(tmp_path: Path, key: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 3)
    ingest(news, folder)
    with Store.open(folder, write=True) as store:
        store.ledger.note(**{key: "other"})
    before = (folder / "ledger.sqlite").read_bytes()
    error = refused(capsys, news, "--store", folder)
    assert says in error and "rm -r" in error
    assert (folder / "ledger.sqlite").read_bytes() == before


def test_a_store_that_was_never_begun(tmp_path: Path) -> None:
    news, folder = tmp_path / "news", tmp_path / "store"
    write(news, 0, 3)
    folder.mkdir()
    (folder / "ledger.sqlite").touch()  # as a writer stopped at its first step leaves it
    with pytest.raises(UserError, match="there is no store"):
        Store.open(folder)
    assert command.main([str(news), "--store", str(folder)]) == 0
    assert len(contents(folder)[0]) == 3  # type: ignore[arg-type]
