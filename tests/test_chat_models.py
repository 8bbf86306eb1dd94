"""Chat models by their real loading code: a HuggingFace folder made on the spot, and a server on the loopback."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.article import Article
from ingest.build import build
from ingest.embed import load_embedder
from ingest.errors import UserError
from ingest.store import Store
from qa.ask import Asker, open_asker
from qa.config import DEFAULT
from qa.generate import Writer, open_writer
from qa.prompts import REFUSAL
from qa.reader import CHECKER, WEIGHTS, Reader, load_reader
from tests import readers
from tests.chatmodels import Reply, dropped, save_model, says, serving, slow
from tests.conftest import fake_embed
from tests.readers import article

ROOT = Path(__file__).parent.parent
TEXT = "On Monday the mayor opened the harbour bridge in Lisbon. The bridge cost 40 million euros."
QUESTION = "Where was the harbour bridge opened by the mayor?"
DRAFT = "The mayor opened the harbour bridge in Lisbon [1]."
Ask = Callable[[Writer], Asker]


@pytest.fixture(name="asker")
def _asker(tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]) -> Iterator[Ask]:
    store = Store.open(make_store(tmp_path / "store", [article("wire", TEXT, date(2023, 11, 20), publisher="Wire")]))
    yield lambda writer: Asker(
        store, fake_embed, readers.read, readers.known, readers.CALIBRATION, DEFAULT, writer=writer
    )
    store.close()


def test_a_server_gets_the_passages_and_its_draft_is_streamed_cited_and_dated(asker: Ask) -> None:
    pieces = ("The mayor opened the harbour ", "bridge in Lisbon [1]. ", "It cost 40 million euros [1].")
    with serving(says(*pieces)) as told:
        parts = list(asker(open_writer("openai:m", told.url)).stream(QUESTION))
    answer = parts[-1]
    assert answer.answer == f"{DRAFT[:-5]}. [1] It cost 40 million euros. [1]"
    assert [one.supported for one in answer.sentences] == [True, True]
    assert [(one.quote, one.published) for one in answer.citations] == [(TEXT, "2023-11-20")]
    assert (answer.model, answer.note) == ("openai:m", "")
    assert len(parts) >= 4, "one part for each piece, and the last one checked"
    assert told.asked[0]["stream"] is True
    assert f"[1] Untitled (Wire, 2023-11-20)\n{TEXT}" in told.asked[0]["messages"][1]["content"]


def test_unknown_citations_are_stripped_and_counted(asker: Ask) -> None:
    with serving(says(DRAFT.replace("[1]", "[1][7] [0]"))) as told:
        answer = asker(open_writer("openai:m", told.url)).ask(QUESTION)
    assert (answer.answer, answer.note[:11]) == ("The mayor opened the harbour bridge in Lisbon. [1]", "2 citations")


@pytest.mark.parametrize(
    "wrong",
    [
        "The bridge cost 55 million euros [1].",
        "The mayor opened the harbour bridge in Porto [1].",
        "The mayor did not open the harbour bridge in Lisbon [1].",
        "The mayor opened the harbour bridge in Lisbon on 3 May 2019 [1].",
        "The mayor opened the harbour bridge in Lisbon.",
    ],
)
def test_what_the_passages_do_not_say_is_marked(asker: Ask, wrong: str) -> None:
    with serving(says(DRAFT, " ", wrong)) as told:
        answer = asker(open_writer("openai:m", told.url)).ask(QUESTION)
    assert [one.supported for one in answer.sentences] == [True, False]
    assert answer.answer.endswith("[unsupported]")


def test_a_day_is_known_from_the_articles_date(asker: Ask) -> None:
    with serving(says("The mayor opened the harbour bridge on 20 November 2023 [1].")) as told:
        assert asker(open_writer("openai:m", told.url)).ask(QUESTION).sentences[0].supported


def test_of_a_question_that_names_nothing_no_draft_is_made(asker: Ask) -> None:
    with serving(says(DRAFT)) as told:
        answer = asker(open_writer("openai:m", told.url)).ask("Why?")
    assert answer.refused and not told.asked


@pytest.mark.parametrize("pieces", [(REFUSAL,), ("The articles ", "do not say who did.")])
def test_a_refusal_is_a_refusal(asker: Ask, pieces: tuple[str, ...]) -> None:
    with serving(says(*pieces)) as told:
        parts = list(asker(open_writer("openai:m", told.url)).stream(QUESTION))
    assert all(one.refused for one in parts)
    assert parts[-1].answer == REFUSAL
    assert parts[-1].nearest


def _endless(prompt: str) -> Iterator[str]:
    while True:
        yield "on and on " * 20


@pytest.mark.parametrize(
    ("reply", "status", "why"),
    [
        (says(), 200, "it wrote nothing"),
        (says(" ", "\n"), 200, "it wrote nothing"),
        (says("[1]"), 200, "it wrote no sentence"),
        (_endless, 200, "it did not stop"),
        (says(DRAFT), 500, "the model failed (500)"),
        (says(DRAFT), 429, "the model failed (429)"),
        (dropped("The mayor opened the harbour bridge."), 200, "Connection error"),
    ],
)
def test_a_model_that_gives_nothing_usable_leaves_it_to_the_reader(
    asker: Ask, reply: Reply, status: int, why: str
) -> None:
    with serving(reply, status) as told:
        answer = asker(open_writer("openai:m", told.url)).ask(QUESTION)
    assert (answer.short, answer.model) == ("Lisbon", "reader")
    assert answer.note.startswith("openai:m gave no answer (")
    assert why in answer.note
    assert answer.note.endswith("the reader answered instead.")


@pytest.mark.parametrize(("finish", "why"), [("", "it broke off"), ("length", "it did not stop")])
def test_a_draft_that_was_cut_off_is_not_shown(asker: Ask, finish: str, why: str) -> None:
    with serving(says("The mayor opened the"), finish=finish) as told:
        answer = asker(open_writer("openai:m", told.url)).ask(QUESTION)
    assert (answer.short, answer.model) == ("Lisbon", "reader")
    assert why in answer.note


def test_a_slow_model_is_waited_for_so_long_and_no_longer(asker: Ask) -> None:
    with serving(slow("The mayor ", "opened ", *["it "] * 50, pause=0.05)) as told:
        answer = asker(replace(open_writer("openai:m", told.url), seconds=0.3)).ask(QUESTION)
    assert (answer.short, answer.model) == ("Lisbon", "reader")
    assert "longer than 0.3 seconds" in answer.note


def test_a_server_that_went_away_leaves_it_to_the_reader(asker: Ask) -> None:
    with serving(says(DRAFT)) as told:
        writer = open_writer("openai:m", told.url)
    answer = asker(writer).ask(QUESTION)
    assert (answer.short, answer.model) == ("Lisbon", "reader")
    assert "Connection error" in answer.note


@pytest.mark.parametrize(("status", "says_so"), [(404, "does not give openai:m"), (401, "does not give openai:m")])
def test_an_unknown_model_or_a_wrong_key_is_one_sentence(asker: Ask, status: int, says_so: str) -> None:
    with serving(says(DRAFT), status) as told, pytest.raises(UserError, match=says_so):
        asker(open_writer("openai:m", told.url)).ask(QUESTION)


@pytest.mark.parametrize(
    "url", ["localhost:8080", "file:///etc/passwd", "http://", "http://[", "http://127.0.0.1:1/v1"]
)
def test_a_wrong_address_or_a_missing_server_is_one_sentence(url: str) -> None:
    with pytest.raises(UserError, match=r"is no address of a server|No server answers"):
        open_writer("openai:m", url)


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = "The mayor opened the harbour bridge in Lisbon. [1] It cost 99 million euros. [1][9]"
    return save_model(tmp_path_factory.mktemp("model"), words.replace("[1][9]", "[9]").split())


def test_a_model_in_a_folder_is_loaded_and_its_draft_checked(asker: Ask, folder: Path) -> None:
    parts = list(asker(open_writer(f"huggingface:{folder}")).stream(QUESTION))
    answer = parts[-1]
    assert answer.answer == (
        "The mayor opened the harbour bridge in Lisbon. [1] It cost 99 million euros. [unsupported]"
    )
    assert answer.note.startswith("1 citation of a passage")
    assert answer.model == f"huggingface:{folder}"
    assert len({part.answer for part in parts}) > 5, "it is streamed"


@pytest.mark.parametrize(("words", "why"), [("on and on", "it did not stop"), ("", "it wrote nothing")])
def test_an_endless_or_silent_model_in_a_folder_leaves_it_to_the_reader(
    asker: Ask, tmp_path: Path, words: str, why: str
) -> None:
    writer = open_writer(f"huggingface:{save_model(tmp_path / 'model', words.split())}")
    answer = asker(writer).ask(QUESTION)
    assert (answer.short, answer.model) == ("Lisbon", "reader")
    assert why in answer.note


def test_a_model_without_a_chat_template_leaves_it_to_the_reader(asker: Ask, tmp_path: Path) -> None:
    writer = open_writer(f"huggingface:{save_model(tmp_path / 'model', ['Yes.'], template=None)}")
    assert "chat template" in asker(writer).ask(QUESTION).note


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_a_damaged_model_folder_is_one_sentence(tmp_path: Path, folder: Path, file: str) -> None:
    broken = tmp_path / "model"
    broken.mkdir()
    for path in folder.iterdir():
        (broken / path.name).write_bytes(b"{" if path.name == file else path.read_bytes())
    with pytest.raises(UserError, match=r"cannot be loaded"):
        open_writer(f"huggingface:{broken}")


def test_an_empty_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be loaded"):
        open_writer(f"huggingface:{tmp_path}")


@pytest.fixture(scope="module", name="store")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    (folder / "bridge.txt").write_text(f"The harbour bridge\n\n{TEXT} Rain fell all day.\n", "utf-8")
    embed = load_embedder()
    with Store.create(folder / "store", embed.name, embed.digest) as store:
        build([folder / "bridge.txt"], store, embed)
    return folder / "store"


def qa(store: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qa", QUESTION, "--store", str(store), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)


@pytest.mark.parametrize(("model", "loaded"), [("reader", [WEIGHTS]), ("openai:m", [WEIGHTS, CHECKER])])
def test_the_checker_is_loaded_for_a_chat_model_alone(
    store: Path, monkeypatch: pytest.MonkeyPatch, model: str, loaded: list[Path]
) -> None:
    folders: list[Path] = []

    def load(folder: Path = WEIGHTS) -> Reader:
        folders.append(folder)
        return load_reader(folder)

    monkeypatch.setattr("qa.ask.load_reader", load)
    with serving(says(DRAFT)) as told:
        opened = open_asker(store, model, told.url if model != "reader" else None)
        opened.store.close()
    assert folders == loaded


def test_the_command_line_shows_a_servers_draft(store: Path) -> None:
    with serving(says(DRAFT, " It cost 55 million euros [1].")) as told:
        done = qa(store, "--model", "openai:m", "--model-url", told.url, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["answer"] == f"{DRAFT[:-5]}. [1] It cost 55 million euros. [1] [unsupported]"
    assert (answer["model"], answer["refused"]) == ("openai:m", False)
    assert TEXT in answer["citations"][0]["quote"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--model", "openai:m", "--model-url", "http://127.0.0.1:1/v1"),
        ("--model", "huggingface:./no/such/folder"),
        ("--model", "ollama:m"),
    ],
)
def test_a_missing_server_folder_or_package_is_one_sentence_and_status_2(store: Path, wrong: tuple[str, ...]) -> None:
    done = qa(store, *wrong)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().split("\n")) == 1, done.stderr
