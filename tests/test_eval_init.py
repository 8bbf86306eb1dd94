import json
import tomllib
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.init import template, titles
from eval.questions import load_questions
from ingest.errors import UserError

SENTENCES = "The mayor opened the bridge on Monday. Crowds cheered for an hour, the police said."
ODD = 'odd "name" \\ #1.txt'


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.md").write_text(f"# A bridge opens\n\n{SENTENCES}\n", "utf-8")
    (folder / ODD).write_text(SENTENCES.replace("bridge", "museum"), "utf-8")
    rows = [{"id": "j1", "title": "Two\nlines\x07 [[question]]", "text": SENTENCES}, {"id": "j2", "text": ""}]
    (folder / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (folder / "broken.pdf").write_bytes(b"no PDF")
    return folder


def test_the_template_has_blocks_for_each_article_and_is_valid_toml(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    assert main(["init", str(folder), "--file", str(file)]) == 0
    text = file.read_text("utf-8")
    blocks = tomllib.loads(text)["question"]
    assert {source for block in blocks for source in block.get("gold", {})} == {"bridge.md", ODD, "j1"}
    assert len(blocks) == 9 and len({block["id"] for block in blocks}) == 9
    assert "# bridge.md: A bridge opens" in text and "# j1: Two lines [[question]]" in text
    assert "python -m eval --questions" in text


def test_what_is_missing_is_named_by_its_line(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(template(folder, file, titles(folder, 1)), "utf-8")
    starts = [at for at, line in enumerate(file.read_text("utf-8").splitlines(), 1) if line == "[[question]]"]
    with pytest.raises(UserError) as caught:
        load_questions(file, {"bridge.md": SENTENCES, ODD: SENTENCES, "j1": SENTENCES})
    told = str(caught.value)
    assert f"line {starts[0]} (001-fact): question is missing or empty" in told
    assert "accept must list texts that are not empty" in told and "gold." in told


def test_a_filled_template_is_a_sound_set(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = template(folder, file, titles(folder, 1))
    for empty, filled in (('question = ""', 'question = "Who?"'), ('[""]', '["mayor"]'), ('= ""', '= "the mayor"')):
        text = text.replace(empty, filled)
    file.write_text(text, "utf-8")
    assert len(load_questions(file, {"bridge.md": SENTENCES, ODD: SENTENCES, "j1": SENTENCES}).questions) == 3


def test_so_many_articles_are_chosen_and_always_the_same(folder: Path) -> None:
    assert len(titles(folder, 2)) == 2
    assert titles(folder, 2) == titles(folder, 2)
    assert [one.source for one in titles(folder, 9)] == ["bridge.md", "j1", ODD]


def test_a_file_that_is_there_is_kept(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    assert main(["init", str(folder), "--file", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err and file.read_text() == "mine"


@pytest.mark.parametrize(("name", "told"), [("none", "does not exist"), ("empty", "holds no article")])
def test_a_folder_without_articles_is_refused(
    tmp_path: Path, name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["init", str(tmp_path / name), "--file", str(tmp_path / "mine.toml")]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "mine.toml").exists()
