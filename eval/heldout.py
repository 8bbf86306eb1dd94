"""Questions to calibrate on, made from training contexts that the reader never trained on: a store, and what to ask it.

A set's article is put together from its contexts. Some held-out contexts are left out of it: their questions are
near misses, about an article that is there and a detail that is not.
"""

import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.questions import Question
from qa.training.hard import holding
from qa.training.sets import Corpus, held_out, load, words_of
from qa.training.sets import Question as Trained

SETS = (  # those nearest to news and encyclopedia questions, as the trainer loads them
    ("squad-squad11-train-part-du-test", 1.0, True),
    ("squad-squad20-train-first10articles", 1.0, True),
    ("squadshifts-new_wiki", 1.0, True),
    ("nq-nq-open-oracle", 1.0, True),
    ("nq-qed-dev", 1.0, True),
)
LEFT_OUT = 0.35  # share of the held-out contexts whose article lacks them
MOST_TEXTS = 12  # contexts of one article, the held-out ones first
MOST_QUESTIONS = 6  # of one context


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Documents {id: {"title", "text"}}, and questions over them."""

    documents: Mapping[str, Mapping[str, str]]
    questions: tuple[Question, ...]


def contexts(data: Path) -> HeldOut:
    """Made from the training sets under `data`; the same every time."""
    return made_of(corpus := load(data, SETS), sorted(held_out(corpus)))


def made_of(corpus: Corpus, held: Sequence[int]) -> HeldOut:
    """Made from a corpus whose texts of these numbers are held out."""
    kept = [at for at in held if _share(corpus.texts[at].body) >= LEFT_OUT]
    documents = _documents(corpus, kept, set(held))
    by_text: dict[int, list[Trained]] = defaultdict(list)
    for question in corpus.questions:
        by_text[question.at].append(question)
    made = []
    for at in held:
        name = _article(corpus, at)
        if name in documents:
            asked = sorted(by_text[at], key=lambda question: _share(question.text))[:MOST_QUESTIONS]
            made += [_question(corpus, one, name, documents[name]["text"], at in kept) for one in asked]
    return HeldOut(documents, tuple(question for question in made if question))


def _article(corpus: Corpus, at: int) -> str:
    text = corpus.texts[at]
    return text.article or text.title or f"text {at}"


def _documents(corpus: Corpus, kept: Sequence[int], held: set[int]) -> dict[str, dict[str, str]]:
    """An article for each held-out text: what it keeps of them, then others of the same article."""
    wanted = {_article(corpus, at) for at in held}
    texts: dict[str, list[int]] = defaultdict(list)
    for at in [*kept, *(at for at in range(len(corpus.texts)) if at not in held)]:
        if _article(corpus, at) in wanted:
            texts[_article(corpus, at)].append(at)
    found = {}
    for name, numbers in texts.items():
        chosen = sorted(numbers[:MOST_TEXTS])
        body = "\n\n".join(corpus.texts[at].body for at in chosen)
        found[name] = {"title": corpus.texts[chosen[0]].title, "text": body}
    return found


def _question(corpus: Corpus, asked: Trained, name: str, told: str, there: bool) -> Question | None:
    """The question with its gold; a refusal where its context is left out, unless the answer stands elsewhere."""
    number = f"{zlib.crc32(f'{asked.text} {name}'.encode()):08x}"
    text = corpus.texts[asked.at]
    if there and asked.answerable and asked.spans:
        lines = tuple(text.body[low:high] for low, high in (text.sentences[n] for n in holding(text, asked)))
        wanted = (tuple(dict.fromkeys(asked.answers)),)
        return Question(number, "held", asked.text, wanted=wanted, at_least=1, gold={name: lines})
    if there and asked.answerable:
        return None
    words = f" {' '.join(words_of(told))} "
    if any(f" {' '.join(words_of(answer))} " in words for answer in asked.answers):
        return None
    return Question(number, "declined" if there else "left out", asked.text, refuse=True)


def _share(text: str) -> float:
    return zlib.crc32(f"share {text}".encode()) / 2**32  # not the number by which texts were held out
