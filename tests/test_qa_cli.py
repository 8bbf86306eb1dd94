"""The command as a user runs it: real processes, the shipped reader, the seeds, and no network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.build import build
from ingest.embed import load_embedder
from ingest.store import Store
from qa.chain import open_chain, open_retriever

ROOT = Path(__file__).parent.parent
FACT = "Where did Macron call on China to prevent North Korea from deploying troops?"


@pytest.fixture(scope="module", name="store")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("qa") / "store"
    embed = load_embedder()
    with Store.create(folder, embed.name, embed.digest) as store:
        build([ROOT / "seeds"], store, embed)
    return folder


def qa(*arguments: str, env: dict[str, str] | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qa", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, input=given, capture_output=True, text=True, timeout=120, check=False
    )


def test_one_question_as_json_without_network(store: Path, offline: dict[str, str]) -> None:
    done = qa(FACT, "--store", str(store), "--json", env=offline)
    assert done.returncode == 0, done.stderr
    assert not Path(offline["ATTEMPTS"]).exists()
    answer = json.loads(done.stdout)
    assert {"id", "question", "standalone", "refused", "answer", "short", "citations", "disagreements"} <= set(answer)
    assert {"model", "seconds"} <= set(answer)
    assert "Singapore" in answer["answer"]
    for cited in answer["citations"]:
        assert {"number", "source", "title", "publisher", "published", "start", "end", "quote"} == set(cited)
        assert cited["quote"] in (ROOT / "seeds" / cited["source"]).read_text("utf-8")
        assert cited["end"] - cited["start"] == len(cited["quote"])


def test_text_shows_publisher_date_and_file(store: Path) -> None:
    done = qa(FACT, "--store", str(store))
    assert "[1] MENAFN, 2025-06-01, 002_a4268f8579acc003.txt" in done.stdout


def test_a_batch_keeps_ids_and_order(store: Path, tmp_path: Path) -> None:
    rows = [
        {"id": "b", "question": FACT},
        {"id": 7, "question": "Who is the mayor of Reykjavik?", "history": [FACT]},
        {"id": "a", "question": "When was that?", "history": [FACT]},
    ]
    batch = tmp_path / "questions.jsonl"
    batch.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    done = qa("--batch", str(batch), "--store", str(store))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["b", 7, "a"]
    assert [answer["refused"] for answer in answers][:2] == [False, True]
    assert answers[2]["standalone"] != "When was that?"


def test_answering_imports_neither_torch_nor_sentence_transformers(store: Path) -> None:
    code = (
        "import sys; from qa.__main__ import main; main(sys.argv[1:]);"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'gradio', 'langchain'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, FACT, "--store", str(store)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_langchain_users_open_a_store_by_its_folder(store: Path) -> None:
    assert "Singapore" in open_chain(store).invoke(FACT).answer
    assert any("Shangri-La" in found.page_content for found in open_retriever(store, k=3).invoke(FACT))


WRONG = [
    ([], "Ask one question"),
    (["Who?", "--batch", "x"], "Ask one question"),
    (["Who called?", "--store", "/no/such/store"], "python -m ingest"),
    (["Who called?", "--model", "gpt"], "no model called"),
    (["Who called?", "--since", "soon"], "not a date"),
    (["--batch", "/no/such/file"], "cannot be read"),
    (["--batch", "-"], "holds no questions"),
    (["   "], "empty"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG)
def test_wrong_use_is_one_sentence_and_status_2(arguments: list[str], sentence: str, store: Path) -> None:
    named = arguments if "--store" in arguments else [*arguments, "--store", str(store)]
    done = qa(*named)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_bad_batch_lines_are_all_named(store: Path) -> None:
    done = qa("--batch", "-", "--store", str(store), given='{"id": 1, "question": "Who?"}\nno json\n{"question": 3}\n')
    assert done.returncode == 2
    assert "line 2, 3" in done.stderr
    assert done.stdout == ""


def test_whom_others_met_is_no_other_value(store: Path) -> None:
    answer = json.loads(qa("Whom did Kim meet when he travelled to Russia?", "--store", str(store), "--json").stdout)
    assert "Putin" in answer["short"] and answer["disagreements"] == []
