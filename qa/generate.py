"""The optional chat model, by LangChain: ollama:NAME, huggingface:NAME_OR_FOLDER, openai:NAME, any of them by URL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.article import Hit
from ingest.errors import UserError
from qa.prompts import PASSAGE, QUESTION, SYSTEM

MOST_CHARACTERS = 6000  # an answer of four sentences has under 1,000: a model that goes on has lost its way
PACKAGES = {"ollama": "langchain-ollama", "huggingface": "langchain-huggingface", "openai": "langchain-openai"}

Chat = Callable[[list[tuple[str, str]]], Iterator[str]]  # (role, text) messages in, pieces of text out


class ModelFailed(Exception):
    """The chat model gave nothing usable; the reader answers instead."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A chat model that drafts answers from numbered passages."""

    name: str
    chat: Chat

    def draft(self, question: str, hits: list[Hit]) -> Iterator[str]:
        """The draft as it grows; ModelFailed when the model fails, stays silent or does not stop."""
        passages = "\n\n".join(_passage(number, hit) for number, hit in enumerate(hits, start=1))
        messages = [("system", SYSTEM), ("human", QUESTION.format(passages=passages, question=question))]
        text = ""
        try:
            for piece in self.chat(messages):
                text += piece
                if len(text) > MOST_CHARACTERS:
                    raise ModelFailed("it did not stop")
                yield text
        except ModelFailed:
            raise
        except Exception as error:  # whatever a model or a server raises, the user still gets an answer
            raise ModelFailed(f"{type(error).__name__}: {error}"[:200]) from error
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
    if provider == "openai" and url:
        options["api_key"] = "none"  # local servers ask for one and do not look at it
    try:
        return _streamed(
            init_chat_model(model, model_provider=provider, temperature=0, max_retries=1, timeout=120, **options)
        )
    except ImportError:
        raise
    except Exception as error:
        raise UserError(f"The model {provider}:{model} cannot be used: {str(error).splitlines()[0][:200]}") from error


def _hugging_face(model: str) -> Chat:
    from langchain_huggingface import ChatHuggingFace, HuggingFacePipeline  # brings torch: only when named

    if ("/" in model or model.startswith(".")) and model.startswith((".", "/")) and not Path(model).is_dir():
        raise UserError(f"There is no model folder {model}.")
    try:
        pipeline = HuggingFacePipeline.from_model_id(
            model_id=model, task="text-generation", pipeline_kwargs={"max_new_tokens": 200, "return_full_text": False}
        )
        return _streamed(ChatHuggingFace(llm=pipeline))
    except (OSError, ValueError) as error:
        raise UserError(
            f"The model huggingface:{model} cannot be loaded: {str(error).splitlines()[0][:200]}"
        ) from error


def _streamed(model: Any) -> Chat:
    def chat(messages: list[tuple[str, str]]) -> Iterator[str]:
        for chunk in model.stream(messages):
            yield chunk.content if isinstance(chunk.content, str) else ""

    return chat


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
