"""The only file that knows the order of the stages: question in, cited and verified Answer out."""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingest.article import Article, Hit, Passage
from ingest.embed import load_embedder
from ingest.errors import UserError
from ingest.store import DEFAULT_STORE, Store
from qa.addressed import addressed, outline
from qa.answer import Answer
from qa.choices import offered, picked
from qa.compose import fact, grow, many, nearest, overview
from qa.confidence import Calibration, load_calibration
from qa.config import DEFAULT, Config
from qa.define import defined
from qa.draft import Draft
from qa.echo import echoed
from qa.event import anchored
from qa.evidence import Candidate, candidates
from qa.followup import is_followup, may_lean, on_topic, standalone
from qa.generate import ModelFailed, Writer, open_writer
from qa.lean import Lean
from qa.limits import Limits
from qa.memo import Memo, remembered
from qa.missing import missing
from qa.newest import about_all, listing, newest, telling
from qa.overview import about, bare_topic, likely, topic
from qa.prompts import REFUSAL
from qa.question import Asked, timeless, understand
from qa.reader import CHECKER, Reader, load_reader
from qa.repair import Known, repair
from qa.rerank import Read, ReadHit, in_its_words, promising, read_hits, rescore
from qa.retrieve import Embed, near, retrieve
from qa.verify import Supports
from qa.written import written

EARLIER = 3  # turns of a conversation that a follow-up may lean on
REMEMBERED = 16  # questions whose passages are kept for those that follow up on them
SENTENCES = 4096  # whose vectors are kept: the next question may be about the same articles (6 MB)
FIRST = "Who said what, and when did it happen?"  # read by nobody
ON_TOPIC = 0.35  # of the best answer's probability: one of the conversation's own articles then counts more
TALKED_OF = 4  # further passages of the articles that a conversation is about
OPENINGS = 6  # articles whose first passage is read for an overview
REPAIR_FROM = 20  # passages whose words put a rough question right


@dataclass(frozen=True, slots=True)
class Found:
    """What all stages before the answer's wording gave."""

    asked: Asked
    hits: list[Hit]
    ordered: list[Candidate]
    outline: str = ""  # of the articles, where something is said to Byline itself
    newest: tuple[Passage, ...] = ()  # a sentence of each of the newest articles, where a question is about all


class Asker:
    """Answers questions over one open store. Safe to share between threads: one question at a time."""

    def __init__(
        self,
        store: Store,
        embed: Embed,
        read: Read,
        known: Known,
        calibration: Calibration,
        config: Config = DEFAULT,
        writer: Writer | None = None,
        supports: Supports | None = None,
    ) -> None:
        """Models come in as functions; `known` says whether a word is one of the language."""
        self.store, self.writer, self._supports = store, writer, supports
        self._embed, self._read = remembered(embed, SENTENCES), in_its_words(read)
        self._known, self.calibration = known, calibration
        self.config = config
        self._lock = threading.Lock()
        self._finds, self._repairs = Memo[Found](REMEMBERED), Memo[str](REMEMBERED)

    @property
    def threshold(self) -> float:
        """The probability under which the answer is a refusal."""
        if self.config.threshold is not None:
            return self.config.threshold
        return self.calibration.least(self.store.counts()["passages"])

    @property
    def model(self) -> str:
        """The answering model's name."""
        return self.writer.name if self.writer else "reader"

    def warm(self) -> None:
        """Run the models once: the first run takes longer. A large store's index may be opening meanwhile."""
        with self._lock:
            self._embed([FIRST])
            self._read(FIRST, [Passage("", Article("", "", FIRST), 0, len(FIRST), ((0, len(FIRST)),))])

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        as_of: date | None = None,
        since: date | None = None,
        until: date | None = None,
        publishers: Sequence[str] = (),
    ) -> Answer:
        """The answer; `history` holds the user's earlier questions, oldest first. UserError for a bad question.

        `publishers` are spelt as the store spells them.
        """
        growing = self.stream(question, history, as_of=as_of, since=since, until=until, publishers=publishers)
        return deque(growing, maxlen=1)[0]

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        as_of: date | None = None,
        since: date | None = None,
        until: date | None = None,
        publishers: Sequence[str] = (),
    ) -> Iterator[Answer]:
        """Answers that grow; the last one is complete."""
        started = time.perf_counter()
        question = _checked(question, self.config)
        limits = Limits(as_of or date.today(), since, until, frozenset(publishers))
        if since and until and since > until:
            raise UserError(f"--since {since} is after --until {until}.")
        with self._lock:
            text, prefer = self._standalone(question, history, limits)
            found = self._find(text, limits, prefer)
        blank = self._blank(question, found, limits)
        note = ""
        if self.writer and found.hits and not found.asked.empty:
            try:
                for draft in written(self.writer, self._supports, found.asked.text, found.hits):
                    yield _dressed(blank, draft, found, started)
                return
            except ModelFailed as failed:
                note = f"{self.writer.name} gave no answer ({failed}); the reader answered instead."
        yield from self._read_answer(replace(blank, note=note, model="reader"), found, started)

    def find(self, question: str, history: Sequence[str] = (), *, as_of: date | None = None) -> Found:
        """Everything before the answer's wording: the question as understood, passages and candidate sentences."""
        limits = Limits(as_of or date.today())
        with self._lock:
            text, prefer = self._standalone(_checked(question, self.config), history, limits)
            return self._find(text, limits, prefer)

    def passages(self, question: str, *, since: date | None = None, until: date | None = None) -> list[Hit]:
        """The passages for a self-contained question, best first: what `ask` would read."""
        limits = Limits(date.today(), since, until)
        with self._lock:
            return self._find(_checked(question, self.config), limits, frozenset()).hits

    def _read_answer(self, blank: Answer, found: Found, started: float) -> Iterator[Answer]:
        blank = replace(blank, probability=_probability(found))
        draft = self._draft(found)
        for text in grow(draft) if draft else ():
            yield replace(_dressed(blank, draft, found, started), answer=text)
        yield _dressed(blank, draft, found, started)

    def _draft(self, found: Found) -> Draft | None:
        """The answer's wording; None where the articles do not say."""
        if found.newest:
            return listing(found.newest, self.store.counts()["articles"])
        if found.asked.topic:
            return overview(found.asked, found.hits, found.ordered)
        if found.asked.empty or not found.ordered or found.ordered[0].probability < self.threshold:
            return None
        if found.asked.many:
            return many(found.ordered, self.config)
        return fact(found.asked, found.ordered, self.threshold, self.config)

    def _standalone(self, question: str, history: Sequence[str], limits: Limits) -> tuple[str, frozenset[str]]:
        """The question made self-contained, and the ids of the articles the conversation is about.

        One that names nobody is about them if they answer it nearly as surely as any.
        """
        leans = is_followup(repaired := self._repaired(question))
        for said in (question, repaired):
            if addressed(said) or about_all(said):
                return said, frozenset()
        history = [past for past in history if not addressed(past)]
        if not history or not (leans or may_lean(repaired)):
            return standalone(repaired, ""), frozenset()
        earlier, answer, articles, before = "", None, frozenset[str](), ""
        for past in history[-EARLIER:]:
            asked, before = before, self._repaired(past)
            earlier = standalone(before, offered(earlier)[0], answer, asked)
            found = self._find(earlier, limits, articles if earlier != before else frozenset())
            draft = self._draft(found)
            answer = draft.short if draft else None
            articles = frozenset(one.article_id for one in draft.citations) if draft else frozenset()
        earlier = offered(earlier)[0]
        if leans:
            text = standalone(repaired, earlier, answer, before)
            if about_all(earlier) and not about_all(text):
                text = repaired  # "Why?" leans on no question about all
            return text, articles if text != repaired else frozenset()
        plain, text = standalone(repaired, ""), on_topic(repaired, earlier, answer)
        found = self._find(text, limits, articles)
        told = bool(found.ordered) and found.ordered[0].article.id in articles and not self._refuses(found)
        if told and _probability(found) >= ON_TOPIC * _probability(self._find(plain, limits, frozenset())):
            return text, articles
        return plain, frozenset()

    def _repaired(self, question: str) -> str:
        return self._repairs.get((self.store.version(), question), lambda: self._repair(question))

    def _repair(self, question: str) -> str:
        hits = retrieve(self.store, self._embed, question, self.config)[:REPAIR_FROM]
        texts = [f"{hit.passage.article.title}\n{hit.passage.text}" for hit in hits]
        return repair(question, texts, self._known)

    def _find(self, text: str, limits: Limits, prefer: frozenset[str]) -> Found:
        key = (self.store.version(), text, limits, prefer)
        return self._finds.get(key, lambda: self._search(text, limits, prefer))

    def _search(self, text: str, limits: Limits, prefer: frozenset[str]) -> Found:
        if addressed(text):
            return Found(understand(text, limits.today), [], [], outline(self.store.articles()))
        if about_all(text) and (found := self._newest(text, limits)).newest:
            return found
        if subject := topic(text):
            return self._overview(subject, text, limits, prefer)
        found = self._look_up(text, limits, prefer)
        if (subject := bare_topic(text)) and self._refuses(found):
            overview = self._overview(subject, text, limits, prefer)
            return found if self._refuses(overview) else overview
        return found

    def _refuses(self, found: Found) -> bool:
        return self._draft(found) is None

    def _newest(self, text: str, limits: Limits) -> Found:
        """What the newest articles tell, for a question about all."""
        asked = understand(text, limits.today)
        articles = newest(self.store.newest(), asked.window, limits)
        told = (telling(self.store.passages(one.id), self._embed) for one in articles)
        found = tuple(filter(None, told))
        return Found(asked, [Hit(one, 0.0) for one in found], [], newest=found)

    def _overview(self, subject: str, text: str, limits: Limits, prefer: frozenset[str]) -> Found:
        """What an overview of a topic is made of: beside the best passages, how their articles begin."""
        window = understand(text, limits.today).window
        asked, ranked, lean = self._ranked(replace(understand(subject, limits.today), window=window), limits, prefer)
        best = ranked[: self.config.spans_read]
        articles = dict.fromkeys(one.hit.passage.article.id for one in ranked)
        openings = [one for name in list(articles)[:OPENINGS] for one in self.store.passages(name)[:1]]
        kept = {one.hit.passage.id for one in best}
        further = [Hit(one, 0.0) for one in openings if one.id not in kept]
        further = near(self.store, self._embed([asked.wording])[0], further)
        best += read_hits(self._read, asked.wording, further)
        ordered = self._candidates(asked, best, prefer, lean)
        return Found(replace(asked, text=text, topic=subject), [one.hit for one in ranked], ordered)

    def _ranked(self, asked: Asked, limits: Limits, prefer: frozenset[str]) -> tuple[Asked, list[ReadHit], Lean]:
        """The passages for a question, read and best first; the question as the articles found let it be read.

        Those of the articles that the conversation is about, nearest first, are read as well.
        """
        keep, lean = None if limits.none else limits.keep, Lean(asked.window, limits.today)
        hits = retrieve(self.store, self._embed, asked.text, self.config, keep, lean.share)
        hits += [hit for hit in self._of(prefer, asked.text, hits) if keep is None or keep(hit)]
        asked = anchored(asked, hits, limits.today)
        asked = timeless(asked, (hit.passage.text for hit in hits))
        lean = Lean(asked.window, limits.today)
        if self.config.rerank:
            hits = promising(hits, asked.stems, lean, self.config.read)
        read = read_hits(self._read, asked.wording, hits)
        return asked, rescore(read, asked.stems, lean) if self.config.rerank else read, lean

    def _of(self, articles: frozenset[str], text: str, found: Sequence[Hit]) -> list[Hit]:
        """The passages of articles that are nearest to a text, but for those found."""
        if not articles:
            return []  # nothing to embed the text for
        kept = {hit.passage.id for hit in found}
        passages = (one for name in sorted(articles) for one in self.store.passages(name) if one.id not in kept)
        hits = near(self.store, self._embed([text])[0], [Hit(one, 0.0) for one in passages])
        return sorted(hits, key=lambda hit: -hit.scores["dense"])[:TALKED_OF]

    def _look_up(self, text: str, limits: Limits, prefer: frozenset[str]) -> Found:
        sought, options = offered(text)
        asked, ranked, lean = self._ranked(understand(sought, limits.today), limits, prefer)
        hits = [one.hit for one in ranked]
        best = ranked[: self.config.spans_read]
        ordered = self._candidates(asked, best, prefer, lean)
        if asked.defines:
            ordered = defined(asked, ordered)
        elif options:
            ordered = picked(options, hits, ordered)
            asked = replace(asked, text=text, many=False, options=options)
        else:
            ordered = echoed(asked, best, ordered, self._read, self.threshold)
        return Found(asked, hits, ordered)

    def _candidates(self, asked: Asked, best: list[ReadHit], prefer: frozenset[str], lean: Lean) -> list[Candidate]:
        passages = self.store.counts()["passages"]
        return candidates(asked, best, self._embed, self._read, self.calibration, prefer, lean, passages)

    def _blank(self, question: str, found: Found, limits: Limits) -> Answer:
        return Answer(
            question=question, standalone=found.asked.text, refused=True, answer=REFUSAL, short=None, sentences=(),
            citations=(), disagreements=(), nearest=nearest(found.hits, self.config.nearest), model=self.model,
            seconds=0.0, probability=0.0, window=", ".join(filter(None, (found.asked.window.words, limits.words))),
        )  # fmt: skip


def _probability(found: Found) -> float:
    if found.newest:
        return 1.0
    if found.asked.topic:
        return likely(about(found.asked, found.hits))
    return found.ordered[0].probability if found.ordered else 0.0


def open_asker(
    store: Path = DEFAULT_STORE, model: str = "reader", url: str | None = None, config: Config = DEFAULT
) -> Asker:
    """An Asker over a store on disk; UserError when there is none or the model is unknown."""
    writer = None if model == "reader" else open_writer(model, url)
    opened = Store.open(store)
    opened.prepare()
    reader = load_reader()
    supports = load_reader(CHECKER).supports if writer else None  # the reader's own sentences are cut, not checked
    embed, known = load_embedder(opened.embedder), known_to(reader)
    return Asker(opened, embed, reader.read, known, load_calibration(), config, writer, supports)


def known_to(reader: Reader) -> Known:
    """Whether a word is one of the language: the reader's vocabulary holds it whole."""
    return lambda word: len(reader.tokenise(word).ids) == 1


def _checked(question: str, config: Config) -> str:
    question = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if not any(c.isalnum() for c in question):
        raise UserError("The question is empty: type one in words.")
    if len(question) > config.question_chars:
        raise UserError(f"The question is too long: at most {config.question_chars} characters.")
    return question


def _dressed(blank: Answer, draft: Draft | None, found: Found, started: float) -> Answer:
    if draft is None:
        lacking = found.outline or missing(found.asked, found.hits, found.ordered)
        return replace(blank, missing=lacking, seconds=time.perf_counter() - started)
    return replace(
        blank,
        refused=False,
        answer=draft.text,
        short=draft.short,
        sentences=draft.sentences,
        citations=draft.citations,
        disagreements=draft.disagreements,
        seconds=time.perf_counter() - started,
        note=" ".join(filter(None, (blank.note, draft.note))),
    )
