"""The gate, tested with faults put into each stage of the real pipeline (over fake models): each must be caught."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from eval.gate import Verdict, check, pin
from eval.questions import Question
from eval.run import Ranking, Row, run, summary, values
from ingest.article import Passage
from ingest.store import Store
from qa.answer import Answer, Citation
from qa.ask import Asker
from qa.config import with_options
from tests import readers
from tests.conftest import fake_embed, make_store
from tests.readers import article

TOLD = {  # what each article tells in one sentence, and what is asked about it
    "bridge": (
        "On Monday the mayor opened the harbour bridge in Lisbon.",
        "Where did the mayor open the harbour bridge?",
    ),
    "museum": ("Builders repaired the museum roof in Porto.", "Where did builders repair the museum roof?"),
    "train": (
        "A night train with sleeping cars runs from Vienna.",
        "Where does the night train with sleeping cars run?",
    ),
    "school": ("Teachers planted apple trees at the school in Bergen.", "Where did teachers plant apple trees?"),
}
SHORT = {"bridge": "Lisbon", "museum": "Porto", "train": "Vienna", "school": "Bergen"}
PADDING = " Rain fell all day, the neighbours complained about noise, and the bakery closed early again."
# Holds the words of a question scattered over sentences that answer nothing: found first, and read as beside the point.
SCATTER = "Where? {0}. Later {1}. Then {2}. Also {0}. So {1}. And {2}."
DECOYS = {
    "bridge": ("mayor harbour", "bridge open", "open mayor"),
    "museum": ("builders museum", "roof repair", "repair builders"),
    "train": ("night train", "sleeping cars", "train run"),
    "school": ("teachers plant", "apple trees", "trees teachers"),
}
ARTICLES = [
    *(article(name, told + PADDING, date(2024, 1, 1)) for name, (told, _) in TOLD.items()),
    *(article(f"decoy-{name}", SCATTER.format(*words), date(2024, 1, 2)) for name, words in DECOYS.items()),
]
QUESTIONS = [
    *(
        Question(name, "fact", asked, wanted=((SHORT[name],),), at_least=1, gold={f"{name}.txt": (told,)})
        for name, (told, asked) in TOLD.items()
    ),
    Question("chess", "near", "Who won the chess tournament in Oslo?", refuse=True),
    Question("king", "near", "Which crown did the old king wear?", refuse=True),
]
DAY = date(2025, 6, 1)


@dataclass(frozen=True)
class Fault:
    """A way to break the pipeline, and a measure that must give it away."""

    measure: str
    knobs: dict[str, object] | None = None
    spoil: Callable[[Answer, Store], Answer] = lambda said, store: said


def swapped(said: Answer, store: Store) -> Answer:
    """Every citation points, with a true quote, into another article."""
    return replace(said, citations=tuple(_elsewhere(one, store) for one in said.citations))


def _elsewhere(one: Citation, store: Store) -> Citation:
    other = next(held for held in store.articles() if held.id != one.article_id)
    end = one.end - one.start
    return replace(one, source=other.source, article_id=other.id, start=0, end=end, quote=other.text[:end])


def off_by_one(said: Answer, store: Store) -> Answer:
    """Offsets that miss their quote by one character."""
    return replace(said, citations=tuple(replace(one, start=one.start + 1, end=one.end + 1) for one in said.citations))


def cut_off_by_one(said: Answer, store: Store) -> Answer:
    """Offsets off by one, and the quote cut by them: true to the text, and torn."""
    found = [
        replace(one, start=one.start + 1, quote=store.article(one.article_id).text[one.start + 1 : one.end])
        for one in said.citations
    ]
    return replace(said, citations=tuple(found))


def uncited(said: Answer, store: Store) -> Answer:
    """The citations are lost on the way."""
    return replace(said, citations=(), sentences=tuple(replace(one, citations=()) for one in said.sentences))


def padded(said: Answer, store: Store) -> Answer:
    """Every sentence also cites what has nothing to do with it."""
    more = [replace(_elsewhere(one, store), number=len(said.citations) + one.number) for one in said.citations]
    numbers = tuple(one.number for one in more)
    sentences = tuple(replace(one, citations=one.citations + numbers) for one in said.sentences)
    return replace(said, citations=(*said.citations, *more), sentences=sentences)


def crashing(said: Answer, store: Store) -> Answer:
    raise RuntimeError("the reader's file is damaged")


FAULTS = {
    "no rerank": Fault("mrr@10", {"rerank": False}),
    "nothing retrieved": Fault("hit@1", {"dense": False, "bm25": False}),
    "always answering": Fault("refused_right", {"threshold": 0.0}),
    "always refusing": Fault("answered", {"threshold": 1.1}),
    "swapped citations": Fault("evidence", spoil=swapped),
    "off-by-one offsets": Fault("pointers", spoil=off_by_one),
    "quotes cut off by one": Fault("evidence", spoil=cut_off_by_one),
    "citations lost": Fault("citation_recall", spoil=uncited),
    "idle citations": Fault("citation_precision", spoil=padded),
    "crashes": Fault("right", spoil=crashing),
}


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(make_store(tmp_path / "store", ARTICLES)) as store:
        yield store


def rows_with(store: Store, fault: Fault) -> list[Row]:
    config = with_options(**fault.knobs or {})
    asker = Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION, config)

    def rank(one: Question) -> list[Passage]:
        return [hit.passage for hit in asker.find(one.question, one.history, as_of=DAY).hits]

    held = {one.source: store.passages(one.id) for one in store.articles()}
    return list(
        run(
            QUESTIONS,
            lambda one: fault.spoil(asker.ask(one.question, one.history, as_of=DAY), store),
            lambda name: store.article(name).text,
            ranking=Ranking(rank, held.__getitem__),
        )
    )


def judged(store: Store, fault: Fault, floors: Path) -> Verdict:
    return check(summary(rows_with(store, fault)), "set.toml", "d1", floors)


@pytest.fixture(name="floors")
def _floors(store: Store, tmp_path: Path) -> Path:
    """Floors pinned at a run without faults, as if of 40 such sets: else one question of slack would be a quarter."""
    rows = rows_with(store, Fault(""))
    measured = {name: (value, 40 * max(1, len(values(rows, name)))) for name, value in summary(rows).items()}
    pin(measured, "set.toml", "d1", DAY, path=tmp_path / "floors.toml")
    return tmp_path / "floors.toml"


def test_without_a_fault_all_is_right_and_the_gate_is_open(store: Store, floors: Path) -> None:
    whole = summary(rows_with(store, Fault("")))
    for name in ("right", "evidence", "refused_right", "pointers", "citation_recall", "citation_precision"):
        assert whole[name] == 1.0, name
    assert judged(store, Fault(""), floors).passed


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_closes_the_gate_and_is_named_by_its_measure(name: str, store: Store, floors: Path) -> None:
    verdict = judged(store, FAULTS[name], floors)
    assert not verdict.passed
    assert f"{FAULTS[name].measure} " in verdict.text
