"""A question set put to the whole pipeline over one store, with every baseline beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from eval.baselines import always_refuse, first_passage
from eval.limits import peak_mb
from eval.progress import Bar
from eval.questions import Question, load_questions
from eval.report import NEVER_REFUSES, Report
from eval.run import Ask, Ranking, Row, run
from ingest.article import Passage
from ingest.store import Store
from qa.answer import Answer
from qa.ask import Found
from qa.config import Config, with_options

SEEDS = Path(__file__).parent.parent / "seeds"
ABLATIONS: Mapping[str, Mapping[str, Any]] = {  # the pipeline with a stage left out, in every report but a quick one
    "BM25 only": {"dense": False},
    "dense only": {"bm25": False},
    "no rerank": {"rerank": False},
    NEVER_REFUSES: {"threshold": 0.0},
}


class Asking(Protocol):
    """What a run needs of an Asker."""

    store: Store

    def ask(self, question: str, history: Sequence[str], *, as_of: date | None) -> Answer: ...  # noqa: D102

    def find(self, question: str, history: Sequence[str], *, as_of: date | None) -> Found: ...  # noqa: D102


class Opener(Protocol):
    """open_asker, or a fake."""

    def __call__(self, store: Path, model: str, *, config: Config) -> Asking: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Suite:
    """What is asked, of which store, and how."""

    questions: Path
    store: Path
    seeds: bool  # the store holds the seeds: the set's gold is checked against them as they came
    model: str = "reader"
    without: tuple[str, ...] = ()  # stages left out
    quick: bool = False  # without the baselines that run the pipeline again


def measure(suite: Suite, opener: Opener, bar: Bar) -> Report:
    """The report of the suite, without the gate's verdict; UserError for a bad set or store."""
    asker = opener(suite.store, suite.model, config=with_options(**dict.fromkeys(suite.without, False)))
    with asker.store as store:
        found = load_questions(suite.questions, source_texts(store, suite.seeds))
        asked = _rows("questions", asker, found.questions, bar)
        trivial = {"always refuse": always_refuse, "first passage": first_passage(store.bm25)}
        baselines = {name: _told(name, found.questions, ask, store, bar) for name, ask in trivial.items()}
    for name, knobs in {} if suite.quick else ABLATIONS.items():
        other = opener(suite.store, suite.model, config=with_options(**knobs))
        with other.store:
            baselines[name] = _rows(name, other, found.questions, bar)
    without = f" without {', '.join(suite.without)}" if suite.without else ""
    return Report(found.name, found.digest, suite.model + without, asked, baselines, peak_mb=peak_mb())


def source_texts(store: Store, seeds: bool) -> dict[str, str]:
    """{source: text} for the gold to be checked against: the seeds as they came, or what the store holds."""
    if seeds:
        return {path.name: path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    texts: dict[str, str] = {}
    for article in store.articles():  # two files of one name share an entry
        texts[article.source] = f"{texts.get(article.source, '')}\n{article.title}\n{article.text}"
    return texts


def _rows(name: str, asker: Asking, questions: Sequence[Question], bar: Bar) -> tuple[Row, ...]:
    """A row per question as the pipeline answers it, with where the gold stands among the passages it reads."""

    def rank(one: Question) -> list[Passage]:
        return [hit.passage for hit in asker.find(one.question, one.history, as_of=one.as_of).hits]

    def ask(one: Question) -> Answer:
        return asker.ask(one.question, one.history, as_of=one.as_of)

    held: dict[str, list[Passage]] = {source: [] for one in questions for source in one.gold or ()}
    for article in asker.store.articles():
        if article.source in held:
            held[article.source] += asker.store.passages(article.id)
    return _told(name, questions, ask, asker.store, bar, Ranking(rank, held.__getitem__))


def _told(
    name: str, questions: Sequence[Question], ask: Ask, store: Store, bar: Bar, ranking: Ranking | None = None
) -> tuple[Row, ...]:
    rows = run(questions, ask, lambda article: store.article(article).text, ranking=ranking)
    return tuple(bar.over(name, rows, len(questions)))
