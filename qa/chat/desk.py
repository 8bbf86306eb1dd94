"""The one asker that all sessions share, and the line in front of it."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace

from ingest.article import Article
from ingest.errors import UserError
from qa.ask import Asker
from qa.chat.talk import Choices, Turn
from qa.generate import Writer, open_writer

WAITING = 64  # questions being answered or waiting before the next is asked to come back later
MODELS = 4  # chat models kept open
SORRY = "Something went wrong while answering. The details are in the terminal where Byline runs; please ask again."


class Desk:
    """Opens the asker when first needed, and again whenever the store's content has changed."""

    def __init__(self, opened: Callable[[], Asker], writers: Callable[[str, str | None], Writer] = open_writer) -> None:
        """`opened` opens the store and loads the models; `writers` opens a chat model by name and address."""
        self._open, self._lock = opened, threading.Lock()
        self._asker: Asker | None = None
        self._version = ""
        self._open_writer, self._writers_lock = writers, threading.Lock()
        self._writers: OrderedDict[tuple[str, str], Writer] = OrderedDict()
        self._waiting, self._counting = 0, threading.Lock()

    def asker(self, model: str = "reader", url: str = "") -> Asker:
        """The asker over what the store holds now, with that model; UserError when there is no such model."""
        with self._lock:
            if self._asker is None or self._asker.store.version() != self._version:
                self._asker = self._open()
                self._version = self._asker.store.version()
            asker = self._asker
        if model == "reader":
            return asker
        other = copy(asker)  # the same store, reader and lock
        other.writer = self._writer(model, url)
        return other

    def _writer(self, model: str, url: str) -> Writer:
        with self._writers_lock:
            if (model, url) not in self._writers:
                self._writers[model, url] = self._open_writer(model, url or None)
            self._writers.move_to_end((model, url))
            while len(self._writers) > MODELS:
                self._writers.popitem(last=False)
            return self._writers[model, url]

    def article(self, article_id: str) -> Article | None:
        """The article of that id; None when the store holds it no more."""
        try:
            return self.asker().store.article(article_id)
        except (UserError, KeyError):
            return None

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the line; UserError when it is full."""
        with self._counting:
            if self._waiting >= WAITING:
                raise UserError("Many questions are being answered right now: please ask again in a minute.")
            self._waiting += 1
        try:
            yield
        finally:
            with self._counting:
                self._waiting -= 1


def answering(desk: Desk, turn: Turn, history: list[str], choices: Choices) -> Iterator[Turn]:
    """The turn, growing; whatever goes wrong is told in it, never raised."""
    try:
        with desk.place():
            asker = desk.asker(choices.model, choices.url)
            limits = {"as_of": choices.as_of, "since": choices.since, "until": choices.until}
            for answer in asker.stream(turn.question, history, **limits):
                turn = replace(turn, answer=answer)
                yield turn
    except UserError as error:
        turn = replace(turn, problem=str(error))
    except Exception:
        logging.exception("asking failed")
        turn = replace(turn, problem=SORRY)
    yield replace(turn, done=True)
