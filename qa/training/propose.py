"""Answers proposed to training questions, right ones and wrong ones: what judges an answer is trained on them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from qa.reader import Reader, Reading
from qa.training.dev import whole
from qa.training.hard import holding, sloppy
from qa.training.score import overlap
from qa.training.sets import OURS, PROPOSED, Claim, Corpus, Question, Text

# share of a set's questions that answers are proposed to: nearly all that somebody wrote to be unanswerable are ours
SHARES: Mapping[str, float] = {
    OURS: 0.65,
    "squad-squad20-train-first10articles": 1.0,
    "qamr-dev": 0.1,
    "qamr-test": 0.1,
}
USUAL = 0.35
SLOPPY = 0.2  # share of the questions put as people type
MINED = 0.25  # share that brings the best span of another text
LIKE = 0.6  # F1 from which a span says what an accepted answer says
AT_ONCE = 256


def proposals(
    corpus: Corpus, reader: Reader, mined: NDArray[np.int32], held: Set[int], seed: int = 0
) -> tuple[list[Claim], list[Claim]]:
    """Proposed answers to train on, and those over texts held out. Each is a claim of the source PROPOSED: the question
    with the answer behind it, over the sentence that holds the answer and the one before; "supported" if it is right.

    The answers are the reader's best spans, right and wrong, and those that people gave.
    """
    cases = list(_cases(corpus, mined, seed))
    train: list[Claim] = []
    apart: list[Claim] = []
    for begin in range(0, len(cases), AT_ONCE):
        part = cases[begin : begin + AT_ONCE]
        pairs = [(question.text, whole(text, True)) for question, text, _ in part]
        for (question, text, rng), reading in zip(part, reader.read_pairs(pairs), strict=True):
            (apart if question.at in held else train).extend(_proposed(question, text, reading, rng))
    return train, apart


def kept(path: Path, make: Callable[[], tuple[list[Claim], list[Claim]]]) -> tuple[list[Claim], list[Claim]]:
    """What `proposals` makes, kept in a file: the reader takes a quarter of an hour."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps([[asdict(one) for one in part] for part in make()]), "utf-8")
        fresh.replace(path)
    train, apart = json.loads(path.read_text("utf-8"))
    return [Claim(**one) for one in train], [Claim(**one) for one in apart]


def _cases(corpus: Corpus, mined: NDArray[np.int32], seed: int) -> Iterator[tuple[Question, Text, Random]]:
    """Questions with their texts, and some with another text that holds no answer."""
    for row, question in enumerate(corpus.questions):
        rng = Random(f"{seed} {row}")
        text = corpus.texts[question.at]
        if rng.random() > SHARES.get(question.source, USUAL) or len(text.sentences) == 1 < len(question.spans):
            continue
        yield question, text, rng
        at = int(mined[row, rng.randrange(mined.shape[1])])
        if at >= 0 and rng.random() < MINED:
            wrong = Question(question.source, question.text, question.at, (), (), False)
            yield wrong, corpus.texts[at], rng


def _proposed(question: Question, text: Text, reading: Reading, rng: Random) -> list[Claim]:
    asked = sloppy(question.text, rng) if rng.random() < SLOPPY else question.text
    told = set(holding(text, question)) if question.answerable else set()
    spans = [(one.start, one.end) for one in reading.spans]
    right = [one for one in spans if _says(question, text, one, told)]
    wrong = [one for one in spans if not _near(question, text, one, told)][:2]
    if question.spans and (not right or rng.random() < 0.5):
        right = [rng.choice(question.spans)]
    chosen = [(one, True) for one in right[:1]] + ([(rng.choice(wrong), False)] if wrong else [])
    return [_claim(asked, text, span, good) for span, good in chosen]


def _says(question: Question, text: Text, span: tuple[int, int], told: Set[int]) -> bool:
    """Whether a span is right: it says what an accepted one says or, where sentences answer, lies in one."""
    if question.spans:
        return any(
            overlap(text.body[slice(*span)], text.body[slice(*one)]) >= LIKE for one in _touching(question, span)
        )
    return _sentence(text, span) in told


def _near(question: Question, text: Text, span: tuple[int, int], told: Set[int]) -> bool:
    """Whether a span may be right: it touches an answer, says some of it or lies in a sentence that answers."""
    if not question.answerable:
        return False
    said = text.body[slice(*span)]
    return (not question.spans and _sentence(text, span) in told) or bool(
        _touching(question, span) or any(overlap(said, answer) for answer in question.answers)
    )


def _touching(question: Question, span: tuple[int, int]) -> Sequence[tuple[int, int]]:
    return [one for one in question.spans if one[0] < span[1] and span[0] < one[1]]


def _sentence(text: Text, span: tuple[int, int]) -> int:
    return next((n for n, (low, high) in enumerate(text.sentences) if low <= span[0] < high), 0)


def _claim(asked: str, text: Text, span: tuple[int, int], right: bool) -> Claim:
    n = _sentence(text, span)
    premise = text.body[text.sentences[max(0, n - 1)][0] : text.sentences[n][1]]
    return Claim(f"{asked} {text.body[slice(*span)]}", premise, text.title, right, PROPOSED)
