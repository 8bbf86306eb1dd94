"""--check finds what is wrong with a store and names what mends it; --rebuild makes the indexes again."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ingest import store as module
from ingest.__main__ import main
from ingest.build import build
from ingest.store import Store
from ingest.upkeep import SAVED, STAMP, stamp
from tests.conftest import fake_embed

Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    (folder / "news").mkdir()
    for number in range(4):
        words = " ".join(f"word{number}x{place}" for place in range(150))
        (folder / "news" / f"{number}.txt").write_text(
            f"Report {number} has this to say. It tells of {words}. So it is."
        )
    (folder / "news" / "same.txt").write_bytes((folder / "news" / "3.txt").read_bytes())
    with pytest.MonkeyPatch.context() as patch, Store.create(folder / "store", "fake", "digest") as store:
        patch.setattr(module, "SAVE", 8)  # of 12 vectors
        build([folder / "news"], store, fake_embed)
    assert list(folder.rglob(SAVED))
    return folder / "store"


@pytest.fixture
def own(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "store"))


def run(*words: object) -> int:
    return main([str(word) for word in words])


def sql(statement: str) -> Damage:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "ledger.sqlite")) as db, db:
            assert db.execute(statement).rowcount > 0

    return damage


def garble(pattern: str) -> Damage:
    """Some bytes in the middle of a file are others; its size stays."""

    def damage(folder: Path) -> None:
        file = max(folder.rglob(pattern), key=lambda file: file.stat().st_size)
        data = bytearray(file.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 64] = bytes(255 - byte for byte in data[middle : middle + 64])
        file.write_bytes(data)

    return damage


def cut(pattern: str) -> Damage:
    def damage(folder: Path) -> None:
        file = max(folder.rglob(pattern), key=lambda file: file.stat().st_size)
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return damage


def test_a_sound_store(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {
        file: file.read_bytes() for file in own.rglob("*") if file.is_file() and "chroma.sqlite3" not in file.name
    }
    assert run("--check", "--store", own) == 0
    shown = capsys.readouterr().out
    assert shown.count("ok ") == 9 and "wrong" not in shown
    assert f"4 articles, 12 passages in {own}: sound" in shown.replace("\n", "")
    assert {file: file.read_bytes() for file in before} == before


LEDGER = [
    (sql("update passages set stop = 99999 where id in (select max(id) from passages)"), "points outside its text"),
    (sql("update passages set start = stop where number = 1"), "points outside its text"),
    (sql("update passages set sentences = '[[5, 2]]' where number = 0"), "points outside its text"),
    (sql("update passages set sentences = 'x' where number = 0"), "cannot be read"),
    (sql("delete from passages where number = 0"), "is not number 0"),
    (sql("delete from passages where article in (select min(id) from articles)"), "has no passages"),
    (sql("delete from articles where id in (select min(id) from articles)"), "leads to no article"),
    (sql("update passages set vector = substr(vector, 1, 100) where number = 1"), "another size"),
    (sql("update passages set vector = zeroblob(256) where number = 1"), "has length 0.000, not 1"),
    (sql("update passages set vector = cast(x'0000c07f' || substr(vector, 5) as blob)"), "has length nan, not 1"),
    (sql("delete from items where outcome = 'stored'"), "was stored for 0 items"),
    (sql("update items set article = 'x' where outcome = 'duplicate'"), "repeats an article that is not there"),
    (sql("update articles set cluster = 'x'"), "in the cluster of x, which is none"),
    (sql("insert into versions values ('x', 0, '', '', '', '')"), "versions: there is no article x"),
    (sql("update meta set value = '1' where key = 'settled'"), "stopped before its end"),
]


@pytest.mark.parametrize(("damage", "says"), LEDGER)
def test_what_is_wrong_in_the_ledger(own: Path, damage: Damage, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    damage(own)
    assert run("--check", "--store", own) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert says in shown and "mend it with: " in shown and "sound" not in shown


def test_a_damaged_file_of_the_ledger(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut("ledger.sqlite")(own)
    assert run("--check", "--store", own) == 1
    assert "rm -r" in capsys.readouterr().out
    (own / "ledger.sqlite").write_bytes(b"garbage " * 999)
    assert run("--check", "--store", own) == 1
    assert "is damaged" in capsys.readouterr().out


INDEX: list[tuple[str, Damage]] = [
    ("chroma", garble("data_level0.bin")),
    ("chroma", cut("data_level0.bin")),
    ("chroma", garble("chroma.sqlite3")),
    ("chroma", cut("chroma.sqlite3")),
    ("tantivy", garble("*.store")),
    ("tantivy", cut("*.term")),
    ("tantivy", cut("meta.json")),
    ("tantivy", lambda folder: shutil.rmtree(folder / "tantivy")),
    ("chroma", lambda folder: (folder / "chroma" / STAMP).write_text("x")),
]


@pytest.mark.parametrize(("name", "damage"), INDEX)
def test_a_damaged_index_is_found_mended_and_never_opened(
    own: Path, name: str, damage: Damage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(own)
    assert run("--check", "--store", own) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{name} is missing, damaged or behind the ledger" in shown and shown.count("wrong") == 1
    assert f"mend it with: python -m ingest --rebuild --store {own}" in shown
    assert run("--rebuild", "--store", own) == 0
    assert "12 passages" in capsys.readouterr().out
    assert run("--check", "--store", own) == 0


@pytest.mark.parametrize(("name", "damage"), INDEX[:-2])
def test_readers_mend_a_damaged_index_by_themselves(
    own: Path, name: str, damage: Damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EXACT", 0)
    damage(own)
    with Store.open(own) as store:
        assert len(store.dense(fake_embed(["word2x7"])[0], 99)) == 12
        assert store._chroma is not None
        assert store.bm25("word2x7", 1)[0].passage.article.source == "2.txt"
    assert run("--check", "--store", own) == 0


def test_an_index_that_holds_other_passages(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(own, write=True) as store:  # as if written by a faulty hand: stamped, and wrong
        name = next(iter(store.ledger.query("select id from passages")))[0]
        for index in (module.Chroma(own / "chroma"), module.Tantivy(own / "tantivy")):
            index.remove([name])  # Tantivy does not
            index.add([("other-0", "", "Other words.", fake_embed(["other"])[0].tobytes())])
            index.close()
        for one in ("chroma", "tantivy"):
            stamp(own / one, store.ledger)
    assert run("--check", "--store", own) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.count(f"passage {name} is missing") == 1
    assert shown.count("it holds other-0") == 2


def test_rebuild_embeds_nothing_and_waits_for_nobody(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(own, write=True):
        assert run("--rebuild", "--store", own) == 2
    assert "another ingest is writing" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--check"], ["--rebuild"], ["--history", "x"]])
def test_wrong_use(own: Path, option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*option, "--store", tmp_path / "none") == 2
    assert "there is no store" in capsys.readouterr().err
    assert run(*option, own, "--store", own) == 2
    assert "leave out PATH" in capsys.readouterr().err


def test_history(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for text in ("Three people were hurt.", "Five people were hurt."):
        (news / "[b]a.txt").write_text(text)
        with Store.open(own, write=True) as store:
            build([news], store, fake_embed)
    assert run("--history", "[b]a.txt", "--store", own) == 0
    shown = capsys.readouterr().out
    assert (
        "Five people were hurt." in shown and "undated, 23 characters" in shown and "([b]a.txt, 22 characters)" in shown
    )
    assert run("--history", "0.txt", "--store", own) == 0
    assert "has not changed" in capsys.readouterr().out
    assert run("--history", "nowhere", "--store", own) == 2
    assert "there is no article nowhere" in capsys.readouterr().err
