"""What each thing a user does on the page leads to: events in, HTML for the page's parts out."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.errors import UserError
from ingest.store import Store
from qa.chat.adding import Adding, Upload
from qa.chat.answer import render_past, render_turn, render_welcome
from qa.chat.desk import Desk, answering
from qa.chat.forms import render_limits, render_settings, render_wrong
from qa.chat.html import text
from qa.chat.library import Shelf, render_adding, render_library, survey
from qa.chat.markdown import talk_markdown, turn_markdown
from qa.chat.sources import render_article, render_source, render_sources
from qa.chat.talk import Choices, Talk, chosen_day
from qa.chat.verdict import NOTE, right, save, wrong
from qa.config import DEFAULT
from qa.limits import named

SEEDS = Path(__file__).parents[2] / "seeds"
EXAMPLES = (  # about seeds/: a date to work out, two numbers, several articles, and one that the articles do not hold
    "When did North Korea admit that its forces were helping Moscow?",
    "How many containers of military equipment has North Korea delivered to Russia?",
    "How many cooperation agreements did Macron and Xi sign?",
    "What has Macron said about North Korean troops?",
    "What did Macron and Xi agree on the price of oil?",
)
LONGEST = DEFAULT.question_chars + 1  # characters taken from the question box: one too many, so that the asker says so
SHOWN = 40  # earlier questions on the page: more slows a browser down
MOST_NAMES = 100  # publishers that a question is limited to
TICK = 0.3  # seconds between looks at how far adding has come

Data = dict[str, Any]  # what a button of the page says of itself, and the fields beside it: not to be trusted
Shown = dict[str, str]  # new content by part of the page: the parts left out stay as they are
Growing = Iterator[Shown]


@dataclass(frozen=True, slots=True)
class House:
    """What the one who runs Byline allows."""

    store: Path | None = None  # its folder; None: nothing can be added or saved
    uploads: Path | None = None  # where sent files arrive; None: none are taken
    models: bool = True  # whether a user may choose the model
    choices: Choices = field(default_factory=Choices)  # of a new conversation


class Room:
    """Answers the page's events. Holds no conversation: each is handed in as a Talk."""

    def __init__(self, desk: Desk, house: House = House()) -> None:
        """One for each page that is served."""
        self.desk, self.house = desk, house
        self.adding = Adding(house.store) if house.store and house.uploads else None
        self._shelf, self._shelf_of, self._surveying = Shelf(), "", threading.Lock()

    # The conversation

    def hello(self, talk: Talk, data: Data) -> Shown:
        """The page as a reload finds it."""
        adding = render_adding(self.adding.progress) if self.adding and self.adding.progress.running else ""
        return {
            "intro": self._intro(),
            "adding": adding,
            "settings": render_settings(talk.choices, self.house.models),
            **self._talk(talk),
        }

    def ask(self, talk: Talk, question: str) -> Growing:
        """Answer a question."""
        question = question.strip()[:LONGEST]
        if not question:
            yield {}
            return
        try:
            place = talk.begin(question)
        except UserError as error:
            yield {"limits": render_limits(talk, str(error))}
            return
        yield from self._answer(talk, place, {"ask": ""})

    def example(self, talk: Talk, data: Data) -> Growing:
        """Answer one of the questions to start with."""
        chosen = {str(place): example for place, example in enumerate(EXAMPLES)}
        yield from self.ask(talk, chosen.get(str(data.get("number")), ""))

    def retry(self, talk: Talk, data: Data) -> Growing:
        """Ask a question again, as things are set now; what came after it goes."""
        found = talk.at(data)
        if found is None:
            yield {}
            return
        talk.edit(found[0])
        talk.alone = found[1].alone
        yield from self.ask(talk, found[1].question)

    def resume(self, talk: Talk, data: Data) -> Growing:
        """Answer the question that a reload cut short."""
        if talk.turns and not talk.turns[-1].done:
            talk.turns[-1] = replace(talk.turns[-1], answer=None)  # whoever still grows the former one stops here
            yield from self._answer(talk, len(talk.turns) - 1, {})
        else:
            yield {}

    def _answer(self, talk: Talk, place: int, first: Shown) -> Growing:
        now = talk.turns[place]
        yield {**self._talk(talk), **first}  # once: the reader may be typing the next question
        for turn in answering(self.desk, now, talk.history(place), talk.choices):
            if not talk.grow(place, now, turn):
                return
            now = turn
            yield {**self._turn(talk, place), **({"ask": turn.question} if turn.problem else {})}
        if now.problem:
            yield {}  # gradio shows the last of these twice, and by then another question may be in the box

    def edit(self, talk: Talk, data: Data) -> Shown:
        """A question into the box, to be put in its own place."""
        found = talk.at(data)
        return {"ask": talk.edit(found[0]), "limits": render_limits(talk)} if found else {}

    def correct(self, talk: Talk, data: Data) -> Shown:
        """The question as it was understood into the box; it will be understood as it is typed."""
        found = talk.at(data)
        return {"ask": talk.edit(found[0], alone=True), "limits": render_limits(talk)} if found else {}

    def leave(self, talk: Talk, data: Data) -> Shown:
        """Let the question being edited stand."""
        talk.editing, talk.alone = None, False
        return {"ask": "", "limits": render_limits(talk)}

    def stop(self, talk: Talk, data: Data) -> Shown:
        """End the question being answered."""
        talk.stop()
        return self._talk(talk)

    def new(self, talk: Talk, data: Data) -> Shown:
        """Begin anew."""
        talk.clear()
        return {**self.hello(talk, data), "ask": "", "source": ""}

    def _intro(self) -> str:
        with self.desk.asker() as asker:
            return render_welcome(asker.store.counts()["articles"], examples(asker.store))

    def _talk(self, talk: Talk) -> Shown:
        last = len(talk.turns) - 1
        return {
            "past": render_past(talk.turns, SHOWN),
            "live": render_turn(talk.turns[-1], last) if talk.turns else "",
            "limits": render_limits(talk),
        }

    def _turn(self, talk: Talk, place: int) -> Shown:
        if place == len(talk.turns) - 1:
            return {"live": render_turn(talk.turns[place], place)}
        return {"past": render_past(talk.turns, SHOWN)}

    # What a conversation leads to

    def copy(self, talk: Talk, data: Data) -> Shown:
        """A turn as Markdown."""
        found = talk.at(data)
        return {"clip": json.dumps({"copy": turn_markdown(found[1])})} if found else {}

    def export(self, talk: Talk, data: Data) -> Shown:
        """The conversation as a Markdown file."""
        if not talk.turns:
            return {"limits": render_limits(talk, "There is nothing to export yet: ask a question first.")}
        today = date.today()
        return {"clip": json.dumps({"save": talk_markdown(talk.turns, today), "name": f"byline-{today}.md"})}

    def right(self, talk: Talk, data: Data) -> Shown:
        """Keep an answer as a question with a known answer."""
        found = talk.at(data)
        if found is None or self.house.store is None or found[1].answer is None or found[1].vote:
            return {}
        place, turn = found
        save(self.house.store, right(turn, talk.history(place), talk.choices.as_of or date.today()))
        return self._voted(talk, place, "right")

    def wrong(self, talk: Talk, data: Data) -> Shown:
        """Ask what would have been right."""
        found = talk.at(data)
        return {"source": render_wrong(found[1], found[0])} if found and not found[1].vote else {}

    def better(self, talk: Talk, data: Data) -> Shown:
        """Keep a question with what the user says would have been right."""
        found = talk.at(data)
        if found is None or self.house.store is None or found[1].answer is None or found[1].vote:
            return {}
        place, turn = found
        words = str(data.get("words", ""))[:300] if data.get("right") == "words" else ""
        day = talk.choices.as_of or date.today()
        kept, whole = wrong(turn, talk.history(place), day, words, data.get("right") == "silent")
        save(self.house.store, kept)
        notice = NOTE if words and not whole else ""
        return {**self._voted(talk, place, "wrong"), "source": "", "limits": render_limits(talk, notice)}

    def _voted(self, talk: Talk, place: int, vote: str) -> Shown:
        talk.turns[place] = replace(talk.turns[place], vote=vote)
        return self._turn(talk, place)

    # Sources

    def cite(self, talk: Talk, data: Data) -> Shown:
        """A cited passage in its article."""
        found, citation = talk.at(data), talk.cited(data)
        if found is None or citation is None:
            return {"source": ""}
        return {"source": render_source(citation, self.desk.article(citation.article_id), found[0])}

    def article(self, talk: Talk, data: Data) -> Shown:
        """An article of the library."""
        article = self.desk.article(str(data.get("id")))
        return {"source": render_article(article) if article else ""}

    def sources(self, talk: Talk, data: Data) -> Shown:
        """All passages behind an answer, and what the next question is limited to."""
        return {"source": self._sources(talk, data, talk.choices)}

    def limit(self, talk: Talk, data: Data) -> Shown:
        """Limit the next questions to days and publishers."""
        wanted = {} if data.get("clear") else data
        choices = replace(talk.choices, since=None, until=None, publishers=())
        try:
            choices = replace(choices, since=chosen_day(wanted.get("since")))
            choices = replace(choices, until=chosen_day(wanted.get("until")))
            choices = replace(choices, publishers=named(self.desk.publishers(), _names(wanted)))
            if choices.since and choices.until and choices.since > choices.until:
                raise UserError("The first day is after the last: choose them the other way round.")
        except UserError as error:
            return {"source": self._sources(talk, data, choices, str(error))}
        talk.choices = choices
        return {"limits": render_limits(talk), "source": ""}

    def _sources(self, talk: Talk, data: Data, choices: Choices, told: str = "") -> str:
        found = talk.at(data)
        place, answer = (found[0], found[1].answer) if found else (None, None)
        return render_sources(answer, place, choices, self.desk.publishers(), told)

    def set(self, talk: Talk, data: Data) -> Shown:
        """Keep the settings, once they are known to work."""
        try:
            choices = replace(talk.choices, as_of=chosen_day(data.get("as_of")))
            if self.house.models:
                chat = data.get("kind") == "chat"
                model = str(data.get("model", "")).strip()[:200] if chat else "reader"
                url = str(data.get("url", "")).strip()[:300] if chat else ""
                if url and not url.startswith(("http://", "https://")):
                    raise UserError("The address of a server begins with http:// or https://.")
                if chat:
                    self.desk.writer(model, url)
                choices = replace(choices, model=model, url=url)
        except UserError as error:
            return {"settings": render_settings(talk.choices, self.house.models, str(error), wrong=True)}
        talk.choices = choices
        return {
            "settings": render_settings(choices, self.house.models, "Saved: they hold from the next question on."),
            "limits": render_limits(talk),
        }

    # The library

    def library(self, talk: Talk, data: Data) -> Shown:
        """What the store holds now."""
        return {"library": render_library(self._surveyed())}

    def _surveyed(self) -> Shelf:
        with self.desk.asker() as asker, self._surveying:
            version = asker.store.version()
            if self._shelf_of != version:
                self._shelf, self._shelf_of = _survey(asker.store), version
            return self._shelf

    def bring(self, talk: Talk, data: Data) -> Growing:
        """Put files that have arrived into the store, and follow them."""
        if self.adding is None:
            yield {"adding": ""}
            return
        try:
            self.adding.start(self._arrived(data.get("files")))
        except UserError as error:
            yield {"adding": f'<p class="problem" role="alert">{text(str(error))}</p>'}
            return
        yield from self.follow(talk, data)

    def _arrived(self, files: object) -> list[Upload]:
        """The files that the page says have been sent; only what lies where sent files lie is one."""
        uploads = []
        for one in files if isinstance(files, list) else []:
            path = Path(str(one.get("path"))).resolve() if isinstance(one, dict) else Path()
            if self.house.uploads and path.is_relative_to(self.house.uploads.resolve()) and path.is_file():
                uploads.append(Upload(path, str(one.get("name"))))
        return uploads

    def follow(self, talk: Talk, data: Data) -> Growing:
        """Tell how far adding has come, until it has ended; then what the store holds."""
        if self.adding is None or not self.adding.progress.running:
            yield {}
            return
        while self.adding.progress.running:
            yield {"adding": render_adding(self.adding.progress)}
            time.sleep(TICK)
        yield {"adding": render_adding(self.adding.progress), **self.library(talk, data), "intro": self._intro()}

    def cancel(self, talk: Talk, data: Data) -> Shown:
        """Stop adding."""
        if self.adding:
            self.adding.cancel()
        return {}


def examples(store: Store) -> tuple[str, ...]:
    """Questions to start with, when the store holds the seeds: other articles would not answer them."""
    seeds = {path.name for path in SEEDS.glob("*")}
    held = {article.source for article, _ in zip(store.articles(), range(len(seeds) + 1), strict=False)}
    return EXAMPLES if held and held == seeds else ()


def _names(data: Data) -> list[str]:
    """The publishers ticked, and the one typed."""
    ticked = data.get("publishers")
    names = [*(ticked if isinstance(ticked, list) else []), data.get("publisher")]
    return [one for one in names if isinstance(one, str) and one.strip()][:MOST_NAMES]


def _survey(store: Store) -> Shelf:
    with Store.open(store.folder) as own:  # its own connection: the questions do not wait for it
        return survey(own)
