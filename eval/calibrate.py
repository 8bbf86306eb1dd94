"""Fits the one probability, and the order of candidates, from what the stages measured; chooses the threshold."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import partial
from itertools import chain, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.metrics import evidence_cited, fold, holds
from eval.questions import Question, QuestionSet
from qa.ask import Asker
from qa.confidence import Calibration, Features
from qa.evidence import Candidate

NAMES = tuple(field.name for field in fields(Features))
BEST = 2  # candidates of each question that the probability is fitted on: those that could be shown
RIDGE_ORDER, RIDGE = 5.0, 8.0  # how firmly the priors hold; chosen by cross-validation on the development set
# What each feature is worth before any question is seen. A few hundred questions are too few to learn so many weights
# from nothing. (Weights fitted on 645 questions over held-out training contexts served as well, not better.)
PRIOR = Calibration(
    asdict(Features(2.0, 0.5, 0.3, 1.0, 1.0, 3.0, 6.0, 3.0, -3.0, -1.0, -3.0, 0.0, -3.0, 2.0, 0.0, 0.5, 0.0)),
    asdict(Features(1.0, 0.5, 0.3, 1.0, 1.0, 1.0, 2.0, 1.5, -2.0, -1.0, -5.0, 0.5, -4.0, 1.5, 0.0, 0.3, 0.0)),
    bias=0.0,
)
STILL = 1e-6
FOLDS = 5
NEAR = 0.01  # share of the questions within which two thresholds are as good

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates of one question: a row of features each, and which of them answer."""

    rows: Rows  # (n, features)
    right: Rows  # (n,), 1 or 0
    refuse: bool


Told = Callable[[int, int], None]  # hears of progress: what is done, of how many
Sets = Sequence[tuple[Asker, QuestionSet]]


def collect(sets: Sets, told: Told) -> list[list[Asked]]:
    """The candidates of each set's questions; sets over different stores at once, those over one in turn."""
    done, total = count(1), sum(len(held.questions) for _, held in sets)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        judge = partial(_judge, told=lambda: told(next(done), total))
        return list(pool.map(judge, *zip(*sets, strict=True)))


def _judge(asker: Asker, held: QuestionSet, told: Callable[[], None]) -> list[Asked]:
    """Every question's candidates, judged by the set's gold."""
    found = []
    for question in held.questions:
        ordered = asker.find(question.question, question.history, as_of=question.as_of or date.today()).ordered
        rows = np.array([list(asdict(one.features).values()) for one in ordered])
        right = np.array([float(answers(question, one)) for one in ordered])
        found.append(Asked(rows, right, question.refuse))
        told()
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


def fit(found: Sequence[Asked]) -> Calibration:
    """Order by a listwise softmax loss, then the probability by logistic regression on each question's best."""
    found = [one for one in found if one.rows.size]
    spread = np.concatenate([one.rows for one in found]).std(axis=0)
    spread[spread < STILL] = 1.0  # one that does not vary keeps its prior
    lists = [(one.rows / spread, one.right) for one in found if one.right.any()]
    order = _listwise(lists, _values(PRIOR.order) * spread) / spread
    best = [(one, np.argsort(-(one.rows @ order))[:BEST]) for one in found]
    rows = np.concatenate([one.rows[at] for one, at in best])
    right = np.concatenate([one.right[at] for one, at in best])
    solved = logistic(rows / spread, right, _values(PRIOR.weights) * spread)
    return Calibration(_named(order), _named(solved[:-1] / spread), round(float(solved[-1]), 4))


def choose(found: Sequence[Asked]) -> float:
    """The threshold with most questions right, each question judged by a fit that has not seen its fold.

    The middle of those with which as many are right but for NEAR of them: the edges of such a plateau are chance.
    """
    judged: list[tuple[float, float, bool]] = []
    for fold_number in range(FOLDS):
        made = fit([one for at, one in enumerate(found) if at % FOLDS != fold_number])
        judged += [_judged(made, one) for one in found[fold_number::FOLDS]]
    steps = np.arange(0.05, 0.95, 0.01)
    counts = np.array([sum(_right(*one, threshold) for one in judged) for threshold in steps])
    good = counts >= counts.max() - NEAR * len(judged)
    return round(float(steps[good].mean()), 2)


def calibrate(small: tuple[Asker, QuestionSet], larger: Sets, path: Path, told: Told) -> Calibration:
    """Fits on the questions of a set over a small store, and for a larger one on those of all sets, each over its own;
    writes the file that `qa.confidence` loads. Without larger ones what is for them stays as it was.

    Follow-ups are understood by the calibration that was there: after a large change, fit twice.
    """
    found, *others = collect([small, *larger], told)
    made = replace(fit(found), threshold=choose(found), larger=small[0].calibration.larger)
    if larger:
        found = [*found, *chain.from_iterable(others)]
        made = replace(made, larger=replace(fit(found), threshold=choose(found)))
    names = {one_set.name: one_set.digest for _, one_set in (small, *larger)}
    path.write_text(json.dumps({"sets": names} | asdict(made), indent=1) + "\n", "utf-8")
    return made


def _listwise(lists: list[tuple[Rows, Rows]], prior: Rows, steps: int = 300, rate: float = 0.1) -> Rows:
    """Weights near the prior that give the answering rows of each list the most of a softmax; gradient ascent."""
    solved = prior.copy()
    for _ in range(steps):
        slope = -RIDGE_ORDER * (solved - prior)
        for rows, right in lists:
            score = rows @ solved
            share = np.exp(score - score.max())
            wanted = share * right
            slope += (wanted / wanted.sum() - share / share.sum()) @ rows
        solved = solved + rate * slope / len(lists)
    return solved


def logistic(rows: Rows, right: Rows, prior: Rows) -> Rows:
    """Logistic regression near the prior, by Newton's method; the last value is the bias, which is free."""
    middle = rows.mean(axis=0)
    table = np.column_stack([rows - middle, np.ones(len(rows))])
    ridge = np.diag([RIDGE] * len(prior) + [1e-6])
    wanted = np.append(prior, 0.0)
    solved = np.zeros_like(wanted)
    for _ in range(50):
        guess = 1.0 / (1.0 + np.exp(-np.clip(table @ solved, -30, 30)))
        curve = (table * (guess * (1 - guess))[:, None]).T @ table + ridge
        solved = solved - np.linalg.solve(curve, table.T @ (guess - right) + ridge @ (solved - wanted))
    return np.append(solved[:-1], solved[-1] - solved[:-1] @ middle)


def _judged(made: Calibration, one: Asked) -> tuple[float, float, bool]:
    """The best candidate's probability, whether it answers, and whether a refusal was right."""
    features = [Features(*row) for row in one.rows]
    best = max(range(len(features)), key=lambda at: made.score(features[at]), default=None)
    if best is None:
        return 0.0, 0.0, one.refuse
    return made.probability(features[best]), float(one.right[best]), one.refuse


def _right(probability: float, right: float, refuse: bool, threshold: float) -> float:
    return right if probability >= threshold else float(refuse)


def _values(weights: Mapping[str, float]) -> Rows:
    return np.array([weights[name] for name in NAMES])


def _named(weights: Rows) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)}
