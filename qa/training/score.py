"""How good a reader is on extractive rows, and the calibration fitted on held-out ones."""

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.article import Article, Passage
from qa.reader import Calibration, Reader, Reading, probability
from qa.training.sets import sentences

DECLINED = "declined"  # the kind of a case that people wrote to be unanswerable
LONG = "long"  # of one that is answered by sentences
# Of the calibration: made cases only stand in for real ones, and stories bring easy ones; a tenth of the answerable ask
# why or how.
SHARES = {"answerable": 0.45, LONG: 0.05, DECLINED: 0.4, "made": 0.1}
RIGHT = 0.5  # F1 of a span that is right
NEAR = 0.005  # of F1: two thresholds are as good
PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Case:
    """A question over a passage with its accepted answers, or the numbers of the sentences that answer; neither when it
    does not answer.
    """

    question: str
    passage: Passage
    answers: tuple[str, ...]
    kind: str = ""
    sentences: tuple[int, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the passage answers."""
        return bool(self.answers or self.sentences)


@dataclass(frozen=True, slots=True)
class Result:
    """A case, what the reader said, and the F1 and exact match of its best span against the answers."""

    case: Case
    reading: Reading
    f1: float
    exact: float


def passage_of(text: str, title: str = "") -> Passage:
    """A text as one passage of its own article."""
    article = Article("case", "case", text, title)
    return Passage("case", article, 0, len(text), sentences(text))


def plain(text: str) -> list[str]:
    """Words as SQuAD's metric compares them: lower case, no punctuation, no articles."""
    return re.sub(r"\b(a|an|the)\b", " ", text.lower().translate(PUNCTUATION)).split()


def overlap(found: str, answer: str) -> float:
    """SQuAD's F1 of two texts' words."""
    one, two = plain(found), plain(answer)
    common = sum((Counter(one) & Counter(two)).values())
    if not one or not two:
        return float(one == two)
    return 2 * common / (len(one) + len(two))


def judged(case: Case, reading: Reading) -> Result:
    """The best span against the answers, or the surest sentence; 0 where there is none to be found."""
    if case.sentences:
        right = float(reading.sentences.index(max(reading.sentences)) in case.sentences)
        return Result(case, reading, right, right)
    text = case.passage.article.text
    best = text[reading.spans[0].start : reading.spans[0].end] if reading.spans else ""
    f1 = max((overlap(best, answer) for answer in case.answers), default=0.0)
    exact = max((float(plain(best) == plain(answer)) for answer in case.answers), default=0.0)
    return Result(case, reading, f1, exact)


def results(reader: Reader, cases: Sequence[Case], at_once: int = 256) -> list[Result]:
    """Every case read, in order."""
    found: list[Result] = []
    for begin in range(0, len(cases), at_once):
        part = cases[begin : begin + at_once]
        readings = reader.read_pairs([(case.question, case.passage) for case in part])
        found += [judged(case, reading) for case, reading in zip(part, readings, strict=True)]
    return found


def features(found: Sequence[Result]) -> NDArray[np.float64]:
    """Per result: 1, best span's margin, answerable, relevance, the surest sentence's probability."""
    readings = [result.reading for result in found]
    margins = [reading.spans[0].score if reading.spans else -20.0 for reading in readings]
    rows = zip(margins, readings, strict=True)
    return np.array(
        [[1.0, margin, one.answerable, one.relevance, max(one.sentences, default=0.0)] for margin, one in rows]
    )


def kind(result: Result) -> str:
    """Which of SHARES a case counts to."""
    if result.case.sentences:
        return LONG
    if result.case.answers:
        return "answerable"
    return DECLINED if result.case.kind == DECLINED else "made"


def counted(found: Sequence[Result]) -> NDArray[np.float64]:
    """How much each case counts: every kind its share, those of one kind alike; 1 on average."""
    sizes = Counter(kind(one) for one in found)
    whole = sum(SHARES[name] for name in sizes)
    return np.array([SHARES[kind(one)] / whole / sizes[kind(one)] * len(found) for one in found])


def fit(
    inputs: NDArray[np.float64], right: NDArray[np.float64], counts: NDArray[np.float64] | None = None, rounds: int = 50
) -> NDArray[np.float64]:
    """Logistic regression by Newton's method, with a slight pull to zero (0.01 on all but the bias).

    `counts`: how much each row counts; None for all alike.
    """
    counts = np.ones(len(inputs)) if counts is None else counts
    weights = np.zeros(inputs.shape[1])
    pull = np.diag([0.0] + [0.01] * (inputs.shape[1] - 1)) * len(inputs) / 100
    for _ in range(rounds):
        sure = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (counts * (right - sure)) - pull @ weights
        curve = (inputs * (counts * sure * (1 - sure))[:, None]).T @ inputs + pull + 1e-9 * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, gradient)
    return weights


def worth(result: Result, value: float, threshold: float) -> float:
    """SQuAD 2's F1 of one case: a refusal is right where there is no answer and worth nothing elsewhere."""
    if not result.case.answered:
        return float(value < threshold)
    return result.f1 if value >= threshold else 0.0


def overall(found: Sequence[Result], sure: Sequence[float], threshold: float) -> float:
    """SQuAD 2's F1 over all."""
    return sum(worth(*pair, threshold) for pair in zip(found, sure, strict=True)) / max(1, len(found))


def balanced(found: Sequence[Result], sure: Sequence[float], threshold: float) -> float:
    """The same with each kind of case at its share."""
    values = np.array([worth(*pair, threshold) for pair in zip(found, sure, strict=True)])
    return float((values * counted(found)).mean())


def calibrate(found: Sequence[Result]) -> Calibration:
    """The probability fitted to "the best span is right" (F1 of at least a half), or the surest sentence is, and the
    threshold of the best F1: the middle of those as good but for NEAR, as a plateau's edges are chance.
    """
    right = np.array([float(result.f1 >= RIGHT) for result in found])
    loose = Calibration(*(float(one) for one in fit(features(found), right, counted(found))))
    sure = [probability(result.reading, loose) for result in found]
    worth_of = {step / 100: balanced(found, sure, step / 100) for step in range(1, 100)}
    good = [step for step, worth in worth_of.items() if worth >= max(worth_of.values()) - NEAR]
    return replace(loose, threshold=round(mean(good), 2))


def figures(found: Sequence[Result], by: Calibration) -> dict[str, float]:
    """The figures of a set: F1 over all at the threshold, best spans, refusals; a long answer is right where the surest
    sentence is.
    """
    sure = [probability(result.reading, by) for result in found]
    asked = [(result, value) for result, value in zip(found, sure, strict=True) if result.case.answers]
    long = [(result, value) for result, value in zip(found, sure, strict=True) if result.case.sentences]
    declined = [value for result, value in zip(found, sure, strict=True) if not result.case.answered]
    steps = [step / 100 for step in range(1, 100)]
    out = {
        "cases": float(len(found)),
        "f1": overall(found, sure, by.threshold),
        "f1_best_threshold": max(overall(found, sure, step) for step in steps),
        "f1_answerable": mean([result.f1 for result, _ in asked]),
        "exact_answerable": mean([result.exact for result, _ in asked]),
        "answered": mean([float(value >= by.threshold) for _, value in asked]),
        "right_long": mean([result.f1 for result, _ in long]),
        "answered_long": mean([float(value >= by.threshold) for _, value in long]),
        "refused_right": mean([float(value < by.threshold) for value in declined]),
    }
    return {name: round(value, 4) for name, value in out.items() if not math.isnan(value)}


def mean(values: Sequence[float]) -> float:
    """The mean; not a number when there is nothing."""
    return sum(values) / len(values) if values else math.nan


def case_of(row: Mapping[str, Any], title: bool = False) -> Case:
    """A row of an extractive file."""
    named = row.get("title", "").replace("_", " ") if title else ""
    return Case(row["question"], passage_of(row["context"], named), tuple(row["answers"]["text"]))
