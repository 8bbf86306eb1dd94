"""The one asker that all sessions share, and the line in front of it."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.article import Article
from ingest.errors import UserError
from ingest.store import Store
from qa.ask import Asker, open_asker
from qa.chat.talk import Choices, Turn
from qa.config import Config
from qa.generate import Writer, open_writer
from qa.limits import publishers_of

WAITING = 64  # questions being answered or waiting before the next is asked to come back later
MODELS = 4  # chat models kept open
PATIENCE = 20.0  # seconds that a change of the store waits for answers from the former state
SORRY = "Something went wrong while answering. The details are in the terminal where Byline runs; please ask again."


Opened = Callable[[Asker | None], Asker]  # given the former asker, whose models may serve again


def opener(folder: Path, config: Config) -> Opened:
    """Opens the store in a folder; the models are loaded again only when it was made with another embedder."""

    def opened(former: Asker | None) -> Asker:
        if former is None:
            return open_asker(folder, config=config)
        store, old = Store.open(folder), former.store
        if (store.embedder, store.digest) != (old.embedder, old.digest):
            store.close()
            return open_asker(folder, config=config)
        fresh = copy(former)  # the same models and lock
        fresh.store = store
        return fresh

    return opened


@dataclass(slots=True, eq=False)
class InUse:
    """An asker, the state of the store that it answers from, and how many hold it."""

    asker: Asker
    version: str
    holders: int = 0


class Desk:
    """Opens the asker when first needed, and again whenever the store's content has changed."""

    def __init__(self, opened: Opened, writers: Callable[[str, str | None], Writer] = open_writer) -> None:
        """`opened` opens the store and loads the models; `writers` opens a chat model by name and address."""
        self._open, self._left = opened, threading.Condition()
        self._now: InUse | None = None
        self._open_writer, self._writers_lock = writers, threading.Lock()
        self._writers: OrderedDict[tuple[str, str], Writer] = OrderedDict()
        self._waiting, self._counting = 0, threading.Lock()
        self._publishers: tuple[str, Mapping[str, int]] = ("", {})

    @contextmanager
    def asker(self, model: str = "reader", url: str = "") -> Iterator[Asker]:
        """The asker over what the store holds now, with that model; UserError when there is no such model.

        Its store stays open until the last who holds it has left, though the desk may have moved on.
        """
        writer = None if model == "reader" else self.writer(model, url)
        with self._left:
            used = self._current()
            used.holders += 1
        try:
            if writer is None:
                yield used.asker
            else:
                other = copy(used.asker)  # the same store, reader and lock
                other.writer = writer
                yield other
        finally:
            with self._left:
                used.holders -= 1
                if not used.holders:
                    self._left.notify_all()
                    if used is not self._now:
                        used.asker.store.close()

    def _current(self) -> InUse:
        now = self._now
        if now and now.asker.store.version() != now.version:
            # Chroma shows another process's rows only when nobody holds its folder open any more.
            free = self._left.wait_for(lambda: self._now is not now or not now.holders, PATIENCE)
            if self._now is now:  # nobody has opened it meanwhile
                if free:
                    now.asker.store.close()
                self._now = None  # for good, should opening fail
                self._now = self._opened(now.asker)
        if self._now is None:
            self._now = self._opened(None)
        return self._now

    def _opened(self, former: Asker | None) -> InUse:
        asker = self._open(former)
        return InUse(asker, asker.store.version())

    def open(self, choices: Choices) -> None:
        """Open the store and the models that those choices need; UserError where one cannot be."""
        with self.asker(choices.model, choices.url):
            pass

    def warm(self) -> None:
        """Have the models run once, so that the first to ask waits for nothing."""
        with self.asker() as asker:
            asker.warm()

    def publishers(self) -> Mapping[str, int]:
        """How many articles each publisher has in the store as it is now."""
        with self.asker() as asker:
            version = asker.store.version()
            if self._publishers[0] != version:
                self._publishers = (version, publishers_of(asker.store))
            return self._publishers[1]

    def writer(self, model: str, url: str) -> Writer:
        """The chat model of that name and address; UserError when there is none."""
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
            with self.asker() as asker:
                return asker.store.article(article_id)
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
        with desk.place(), desk.asker(choices.model, choices.url) as asker:
            for answer in asker.stream(turn.question, history, **choices.limits):
                turn = replace(turn, answer=answer)
                yield turn
    except UserError as error:
        turn = replace(turn, problem=str(error))
    except Exception:
        logging.exception("asking failed")
        turn = replace(turn, problem=SORRY)
    yield replace(turn, done=True)
