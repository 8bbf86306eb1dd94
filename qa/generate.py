"""The optional chat model, by LangChain: ollama:NAME, huggingface:NAME_OR_FOLDER, openai:NAME, any of them by URL."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingest.article import Hit
from ingest.errors import UserError
from qa.prompts import PASSAGE, QUESTION, SYSTEM

MOST_CHARACTERS = 6000  # an answer of four sentences has under 1,000: a model that goes on has lost its way
MOST_SECONDS = 180.0  # a small model on a laptop writes four sentences in one minute
SILENCE = 60.0  # seconds a server may say nothing before it counts as gone
MOST_TOKENS = 400  # of a model run here; four sentences have under 200
REFUSED = (401, 403, 404)  # HTTP statuses of a wrong key or an unknown model: asking again will not help
PACKAGES = {"ollama": "langchain-ollama", "huggingface": "langchain-huggingface", "openai": "langchain-openai"}

Chat = Callable[[list[tuple[str, str]]], Iterator[str]]  # (role, text) messages in, pieces of text out


class ModelFailed(Exception):
    """The chat model gave nothing usable; the reader answers instead."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A chat model that drafts answers from numbered passages."""

    name: str
    chat: Chat
    seconds: float = MOST_SECONDS

    def draft(self, question: str, hits: list[Hit]) -> Iterator[str]:
        """The draft as it grows; ModelFailed when the model fails, stays silent or does not stop."""
        passages = "\n\n".join(_passage(number, hit) for number, hit in enumerate(hits, start=1))
        messages = [("system", SYSTEM), ("human", QUESTION.format(passages=passages, question=question))]
        text, until = "", time.monotonic() + self.seconds
        try:
            for piece in self.chat(messages):
                text += piece
                if len(text) > MOST_CHARACTERS:
                    raise ModelFailed("it did not stop")
                if time.monotonic() > until:
                    raise ModelFailed(f"it took longer than {self.seconds:g} seconds")
                yield text
        except (ModelFailed, UserError):
            raise
        except Exception as error:  # whatever a model or a server raises, the user still gets an answer
            raise ModelFailed(_one_line(error)) from error
        if not text.strip():
            raise ModelFailed("it wrote nothing")


def open_writer(name: str, url: str | None = None) -> Writer:
    """A chat model by name; UserError when the provider, its package or a local folder is missing."""
    provider, _, model = name.partition(":")
    if provider not in PACKAGES or not model:
        raise UserError(
            f"There is no model called {name!r}: use reader, {', '.join(f'{one}:NAME' for one in PACKAGES)}."
        )
    try:
        chat = _hugging_face(model) if provider == "huggingface" else _by_name(provider, model, url)
    except ImportError as error:
        raise UserError(f"{name} needs the package {PACKAGES[provider]}: pip install {PACKAGES[provider]}.") from error
    return Writer(name, chat)


def _by_name(provider: str, model: str, url: str | None) -> Chat:
    from langchain.chat_models import init_chat_model  # heavy, and needed only when a chat model is named

    options: dict[str, Any] = {"base_url": url} if url else {}
    if url:
        _reached(url)
    if provider == "openai":
        options |= {"timeout": SILENCE, "max_retries": 0}
        options |= {"api_key": "none"} if url else {}  # local servers ask for one and do not look at it
    if provider == "ollama":
        options["validate_model_on_init"] = True  # else a missing server is only noticed by the first question
    try:
        opened = init_chat_model(model, model_provider=provider, temperature=0, **options)
    except ImportError:
        raise
    except Exception as error:  # each provider raises errors of its own
        raise UserError(f"The model {provider}:{model} cannot be used: {_one_line(error)}") from error
    return _streamed(opened, f"{provider}:{model}", ends=provider == "openai")


def _reached(url: str) -> None:
    """UserError when the address is none, or nothing listens there."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        parts, host, port = urlsplit(""), None, 0
    if parts.scheme not in ("http", "https") or not host:
        raise UserError(f"{url} is no address of a server: write it as http://localhost:8080/v1.")
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        raise UserError(f"No server answers at {url}: start it, or name another with --model-url.") from error


def _hugging_face(model: str) -> Chat:
    from langchain_huggingface import ChatHuggingFace, HuggingFacePipeline  # brings torch: only when named
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if model.startswith((".", "/", "~")) and not Path(model).expanduser().is_dir():
        raise UserError(f"There is no model folder {model}.")
    named = str(Path(model).expanduser()) if model.startswith("~") else model
    try:
        pipeline = HuggingFacePipeline.from_model_id(
            model_id=named,
            task="text-generation",
            pipeline_kwargs={"max_new_tokens": MOST_TOKENS, "return_full_text": False, "do_sample": False},
        )
        return _bounded(_streamed(ChatHuggingFace(llm=pipeline), f"huggingface:{model}"))
    except ImportError:
        raise
    except Exception as error:  # a folder may hold anything, and the library says so in many ways
        raise UserError(f"The model huggingface:{model} cannot be loaded: {_one_line(error)}") from error


def _streamed(model: Any, name: str, ends: bool = False) -> Chat:
    """A model's stream as plain text; `ends`: it says why it stops, so that a stream cut short is noticed."""

    def chat(messages: list[tuple[str, str]]) -> Iterator[str]:
        end = "" if ends else "stop"
        try:
            for chunk in model.stream(messages):
                end = chunk.response_metadata.get("finish_reason") or end
                yield chunk.content if isinstance(chunk.content, str) else ""
        except Exception as error:
            if getattr(error, "status_code", 0) in REFUSED:
                raise UserError(f"The server does not give {name}: {_one_line(error)}") from error
            raise
        if end in ("", "length"):
            raise ModelFailed("it did not stop" if end else "it broke off")

    return chat


def _bounded(chat: Chat) -> Chat:
    """A model run here was cut off at its last token if it wrote them all: it gives one piece a token."""

    def bounded(messages: list[tuple[str, str]]) -> Iterator[str]:
        for count, piece in enumerate(chat(messages), start=1):
            if count > MOST_TOKENS:
                raise ModelFailed("it did not stop")
            yield piece

    return bounded


def _one_line(error: Exception) -> str:
    """What went wrong in at most 200 characters: the error's first line, or its name where it says nothing."""
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return (said or type(error).__name__)[:200]


def _passage(number: int, hit: Hit) -> str:
    article = hit.passage.article
    day = article.published.day
    return PASSAGE.format(
        number=number,
        title=article.title or "Untitled",
        publisher=article.publisher or "publisher not named",
        published=day.isoformat() if day else "undated",
        text=hit.passage.text,
    )
