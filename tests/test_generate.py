from collections.abc import Iterator

import pytest

from ingest.article import Hit
from ingest.errors import UserError
from ingest.split import split
from qa.generate import ModelFailed, Writer, open_writer
from tests.readers import article


def hits() -> list[Hit]:
    return [Hit(passage, 1.0) for passage in split(article("a", "The mayor opened the bridge. Rain fell."))]


@pytest.mark.parametrize("name", ["gpt", "nobody:model", "ollama:", "openai"])
def test_an_unknown_model_is_named(name: str) -> None:
    with pytest.raises(UserError, match="use reader"):
        open_writer(name)


def test_a_missing_package_is_one_sentence() -> None:
    with pytest.raises(UserError, match="pip install langchain-ollama"):
        open_writer("ollama:some-model")


def test_a_missing_model_folder_is_one_sentence() -> None:
    with pytest.raises(UserError, match="no model folder"):
        open_writer("huggingface:./no/such/folder")


def test_the_model_is_shown_numbered_passages_and_the_question() -> None:
    seen: list[tuple[str, str]] = []

    def chat(messages: list[tuple[str, str]]) -> Iterator[str]:
        seen.extend(messages)
        yield "The mayor "
        yield "did [1]."

    assert list(Writer("fake", chat).draft("Who opened it?", hits()))[-1] == "The mayor did [1]."
    assert "[1] Untitled (publisher not named, undated)\nThe mayor opened" in seen[1][1]
    assert "Question: Who opened it?" in seen[1][1]


def test_a_failing_model_says_why() -> None:
    def chat(messages: list[tuple[str, str]]) -> Iterator[str]:
        yield "The"
        raise TimeoutError("no reply")

    with pytest.raises(ModelFailed, match="no reply"):
        list(Writer("fake", chat).draft("Who?", hits()))
