"""One browser session's conversation and choices, and where all sessions' conversations are kept."""

import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ingest.errors import UserError
from qa.answer import Answer, Citation

MOST_TALKS = 500  # conversations kept; the one unused for longest is forgotten first
MOST_TURNS = 300  # questions in a conversation
OLDEST = 1600  # the first newspapers; an earlier date is a slip


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what came of it so far."""

    question: str
    answer: Answer | None = None
    problem: str = ""  # what went wrong, for the user
    done: bool = False
    alone: bool = False  # True: understood as typed, without the questions before it
    stopped: bool = False
    vote: str = ""  # "right" or "wrong", once the user has said so


@dataclass(frozen=True, slots=True)
class Choices:
    """What a session has set: they apply to its next question."""

    since: date | None = None
    until: date | None = None
    publishers: tuple[str, ...] = ()  # as the store spells them; none: any
    as_of: date | None = None  # None: today
    model: str = "reader"
    url: str = ""  # of a chat model's server; "" for the model's own

    @property
    def limits(self) -> dict[str, Any]:
        """What an asker takes beside the question."""
        return {"as_of": self.as_of, "since": self.since, "until": self.until, "publishers": self.publishers}


@dataclass(slots=True)
class Talk:
    """A conversation as it stands."""

    choices: Choices = Choices()
    turns: list[Turn] = field(default_factory=list)
    editing: int | None = None  # the turn that the next question replaces, with all after it
    alone: bool = False  # whether that question is to be understood as typed

    def begin(self, question: str) -> int:
        """Add a question, or put it in place of the one being edited; its place."""
        if self.editing is not None:
            del self.turns[self.editing :]
        elif len(self.turns) >= MOST_TURNS:
            raise UserError(f"This conversation holds {MOST_TURNS} questions: export it, and begin a new one.")
        self.turns.append(Turn(question, alone=self.alone))
        self.editing, self.alone = None, False
        return len(self.turns) - 1

    def edit(self, place: int, *, alone: bool = False) -> str:
        """Let the next question replace that turn; the words to start from, "" where there is no such turn."""
        if not 0 <= place < len(self.turns):
            return ""
        turn = self.turns[place]
        self.editing, self.alone = place, alone
        return turn.answer.standalone if alone and turn.answer else turn.question

    def grow(self, place: int, before: Turn, after: Turn) -> bool:
        """Put the next state of a turn in its place; False when the turn has been stopped or replaced meanwhile."""
        if place >= len(self.turns) or self.turns[place] is not before:
            return False
        self.turns[place] = after
        return True

    def stop(self) -> None:
        """End the question being answered, as it stands."""
        if self.turns and not self.turns[-1].done:
            self.turns[-1] = replace(self.turns[-1], done=True, stopped=True)

    def history(self, place: int) -> list[str]:
        """The earlier questions that the one in that place leans on, oldest first."""
        if self.turns[place].alone:
            return []
        return [turn.question for turn in self.turns[:place] if turn.answer]

    def clear(self) -> None:
        """Begin anew; the choices stay."""
        self.turns, self.editing, self.alone = [], None, False

    def at(self, chosen: dict[str, Any]) -> tuple[int, Turn] | None:
        """The turn that a button names, with its place; None when the page asks for what is not there."""
        try:
            place = int(chosen["turn"])
        except (LookupError, TypeError, ValueError):
            return None
        return (place, self.turns[place]) if 0 <= place < len(self.turns) else None

    def cited(self, chosen: dict[str, Any]) -> Citation | None:
        """The citation that a button names; None when there is none."""
        found = self.at(chosen)
        answer = found[1].answer if found else None
        if answer is None:
            return None
        among = answer.nearest if chosen.get("kind") == "near" else answer.citations
        return next((one for one in among if str(one.number) == str(chosen.get("number"))), None)


class Talks:
    """Conversations by user and by a name that only the browser's session knows, so that a reload finds its own."""

    def __init__(self, default: Choices = Choices()) -> None:
        """`default` is what a new conversation starts with."""
        self._default, self._lock = default, threading.Lock()
        self._known: OrderedDict[tuple[str, str], Talk] = OrderedDict()

    def of(self, user: str, name: str) -> Talk:
        """The conversation of that name, new when there is none; a name too easy to guess is never shared."""
        key = (user, name if re.fullmatch(r"[0-9a-f]{32}", name) else secrets.token_hex(16))
        with self._lock:
            talk = self._known.setdefault(key, Talk(self._default))
            self._known.move_to_end(key)
            while len(self._known) > MOST_TALKS:
                self._known.popitem(last=False)
            return talk


def chosen_day(words: object) -> date | None:
    """A date field's value; None when empty, UserError when it is no date."""
    if not isinstance(words, str) or not words:
        return None
    try:
        when = date.fromisoformat(words)
    except ValueError:
        when = None
    if when is None or when.year < OLDEST:
        raise UserError(f"{words[:40]!r} is not a date: choose one, or leave the field empty.")
    return when
