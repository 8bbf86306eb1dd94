"""python -m ingest, as a user meets it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.__main__ import main

ROOT = Path(__file__).parent.parent
SEARCH = (
    "import sys; from pathlib import Path; from ingest.embed import load_embedder; from ingest.store import Store;"
    "embed = load_embedder(); store = Store.open(Path(sys.argv[1]));"
    "print(store.dense(embed(['panda conservation deals'])[0], 1)[0].passage.article.source);"
    "print([name for name in ('torch', 'transformers', 'chromadb', 'rich') if name in sys.modules])"
)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "[bold]a.txt").write_text("[red]Bridge[/red] \x1b[31mopens\x1b[0m\n\nThe mayor opened it on Tuesday.")
    (folder / "bad.txt").write_text("")
    return folder


def ingest(*words: object) -> int:
    return main([str(word) for word in words])


def test_the_seeds_without_network(tmp_path: Path, offline: dict[str, str]) -> None:
    command = [sys.executable, "-m", "ingest", "seeds", "--store", str(tmp_path / "store"), "--json"]
    for expected in ("added", "unchanged"):
        done = subprocess.run(command, cwd=ROOT, env=offline, capture_output=True, text=True, check=True)
        totals = json.loads(done.stdout.splitlines()[-1])
        assert totals.pop("seconds") > 0
        assert totals == {
            **dict.fromkeys(("added", "unchanged", "updated", "removed", "duplicate", "failed"), 0),
            expected: 5,
        }
    found = subprocess.run(
        [sys.executable, "-c", SEARCH, str(tmp_path / "store")],
        cwd=ROOT,
        env=offline,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines() == ["004_887e218a93cb6b29.txt", "[]"]
    assert not Path(offline["ATTEMPTS"]).exists()


def test_table_and_hostile_text(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest(news, "--store", tmp_path / "store") == 0
    shown = capsys.readouterr().out
    assert "1 added, 1 failed" in shown and "failed: bad.txt: empty" in shown
    assert "[bold]a.txt" in shown and "[red]Bridge[/red]" in shown  # shown as they are, not as colours
    assert "\x1b[31m" not in shown


def test_a_log_is_told_how_far_it_is(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.__main__.SELDOM", 0.0)
    assert ingest(news, "--store", tmp_path / "store") == 0
    assert re.search(r"^reading: \d of \d$", capsys.readouterr().out, re.MULTILINE)


def test_a_renamed_file_is_called_so(news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ingest(news, "--store", tmp_path / "store")
    (news / "[bold]a.txt").rename(news / "b.txt")
    (news / "bad.txt").rename(news / "worse.txt")
    assert ingest(news, "--store", tmp_path / "store") == 0
    shown = capsys.readouterr().out
    assert "1 unchanged, 1 failed (1 of them renamed)" in shown and "failed: worse.txt: empty" in shown


def test_json_is_on_the_last_line_of_stdout_alone(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest(news, "--store", tmp_path / "store", "--json") == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert list(json.loads(out)) == ["added", "unchanged", "updated", "removed", "duplicate", "failed", "seconds"]


def test_many_articles_give_totals_and_failures_only(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (json.dumps({"id": f"id{number}", "text": f"Story number {number} is short."}) for number in range(60))
    (news / "many.jsonl").write_text("\n".join(rows))
    assert ingest(news, "--store", tmp_path / "store") == 0
    shown = capsys.readouterr().out
    assert "61 added, 1 failed" in shown and "id59" not in shown and "bad.txt: empty" in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name a file or folder"),
        (["nowhere"], "there is no file or folder"),
        (["--check", "--rebuild"], "not allowed with"),
        (["empty"], "no articles in"),
        (["news", "--store", "file/store"], "cannot be written"),
        (["news", "--embedder", "empty"], "there is no embedder"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    words: list[str],
    says: str,
    news: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    assert ingest(*words) == 2
    error = capsys.readouterr().err
    assert says in error and error.startswith("ingest: ") and error.count("\n") == 1
    assert not (tmp_path / "store").exists()


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        ingest("--help")
    assert done.value.code == 0
    shown = capsys.readouterr().out
    for example in ("python -m ingest seeds", "--prune", "--check --store", "--rebuild --store", "--history a.txt"):
        assert example in shown


def test_ctrl_c_is_one_line_and_status_130(tmp_path: Path) -> None:
    rows = (json.dumps({"text": f"Story {number} tells of the {number}th day. " * 9}) for number in range(4000))
    (tmp_path / "many.jsonl").write_text("\n".join(rows))
    child = subprocess.Popen(
        [sys.executable, "-m", "ingest", str(tmp_path / "many.jsonl"), "--store", str(tmp_path / "store")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "store" / "ledger.sqlite-wal").exists() and child.poll() is None:
        time.sleep(0.01)
    time.sleep(0.5)
    os.kill(child.pid, signal.SIGINT)
    _, error = child.communicate(timeout=60)
    assert child.returncode == 130
    assert error == "ingest: stopped; what is recorded so far is kept, run it again to go on\n"
