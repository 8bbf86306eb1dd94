"""Fits the one probability: logistic regression from what the stages measured to "this sentence answers"."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.metrics import evidence_cited, fold, holds
from eval.questions import Question, QuestionSet
from qa.ask import Asker
from qa.confidence import Calibration, Features
from qa.evidence import Candidate

NAMES = tuple(field.name for field in fields(Features))
PER_QUESTION = 12  # best candidates of each question that are learned from
PENALTY = 0.05  # ridge on the weights, per sample of weight one
ROUNDS = 3  # a better fit ranks other candidates first, which are then learned from

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One candidate of one question: its features, and whether it answers."""

    question: str
    features: tuple[float, ...]
    right: bool


def samples(asker: Asker, questions: Sequence[Question]) -> list[Sample]:
    """The best candidates of every question, judged by the set's gold."""
    found = []
    for question in questions:
        ordered = asker.find(question.question, question.history, as_of=question.as_of or date.today()).ordered
        for one in ordered[:PER_QUESTION]:
            found.append(Sample(question.id, tuple(asdict(one.features).values()), answers(question, one)))
    return found


def answers(question: Question, one: Candidate) -> bool:
    """Whether a candidate sentence answers: it covers gold words, or holds the accepted words in a gold article."""
    gold = question.gold or {}
    if question.refuse or one.article.source not in gold:
        return False
    if evidence_cited([(one.article.source, one.text)], gold):
        return True
    said = fold(one.text)
    return bool(question.wanted) and all(any(holds(said, word) for word in group) for group in question.wanted)


def fit(found: Sequence[Sample], penalty: float = PENALTY) -> Calibration:
    """Ridge logistic regression by Newton's method; every question weighs the same."""
    rows = np.array([(*one.features, 1.0) for one in found])
    right = np.array([float(one.right) for one in found])
    counts = {one.question: 0 for one in found}
    for one in found:
        counts[one.question] += 1
    weight = np.array([PER_QUESTION / counts[one.question] for one in found])
    ridge = np.diag([penalty * len(found) / 100] * len(NAMES) + [1e-6])
    solved = np.zeros(rows.shape[1])
    for _ in range(30):
        guess = 1.0 / (1.0 + np.exp(-np.clip(rows @ solved, -30, 30)))
        slope = rows.T @ (weight * (guess - right)) + ridge @ solved
        curve = (rows * (weight * guess * (1 - guess))[:, None]).T @ rows + ridge
        solved = solved - np.linalg.solve(curve, slope)
    return Calibration(
        {name: round(float(value), 4) for name, value in zip(NAMES, solved, strict=False)}, round(float(solved[-1]), 4)
    )


def calibrate(
    asker: Asker, held: QuestionSet, path: Path, told: Callable[[int, int], None] = lambda done, total: None
) -> Calibration:
    """Fits on a question set and writes the file that `qa.confidence` loads; `told` hears of every round."""
    made = Calibration({}, 0.0)
    for done in range(ROUNDS):
        told(done, ROUNDS)
        made = fit(samples(asker, held.questions))
        asker.calibration = made
    path.write_text(
        json.dumps({"set": held.name, "digest": held.digest, "bias": made.bias, "weights": made.weights}, indent=1)
        + "\n",
        "utf-8",
    )
    return made
