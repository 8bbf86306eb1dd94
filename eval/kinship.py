"""Fits when another source gives a value of the very thing asked, for qa/kin.py (`python -m eval conflicts --fit`)."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from eval.calibrate import logistic
from eval.conflicts import DIFFER, HALVES, Case, Search, says
from eval.questions import Question
from qa.ask import Asker
from qa.compose import timed_first
from qa.evidence import Candidate
from qa.kin import KIN, NAMES, WEIGHTS, Kin, measured, said
from qa.question import Asked
from qa.rival import agree, cluster, compared

GAINS = ("echo", "twice", "foremost")  # never speak against it: qa.kin.may_be_kin counts on that
HELD = "near"  # its weight stays: nearly all planted reports are of the article's own day
FALSE = 3.0  # conflicts found that a false "sources disagree" outweighs, where the threshold is chosen
STEP = 0.05


@dataclass(frozen=True, slots=True)
class Rivals:
    """What other sources say beside one answer: a row for each value, by cluster, and which are what."""

    rows: NDArray[np.float64]  # (n, len(NAMES))
    clusters: tuple[str, ...]
    same: NDArray[np.bool_]  # (n,), those that are the answer's own value: their cluster contradicts nothing
    right: NDArray[np.bool_]  # (n,), those that contradict it in truth
    conflict: bool  # whether there is one to find


def of_cases(cases: Sequence[Case], found: Search, threshold: float) -> Iterator[Rivals]:
    """The rivals of every case of the tuning half; none where the answer is a refusal or lists sentences."""
    for case in (one for one in cases if one.half == HALVES[0]):
        day = case.report.published.day or date.today()
        asked, ordered = found(case.question, [case.report], day)
        yield _rivals(asked, ordered, threshold, case)


def of_questions(questions: Sequence[Question], asker: Asker) -> Iterator[Rivals]:
    """The same of questions whose sources do not disagree: no rival is right."""
    for question in (one for one in questions if one.kind != "disagreement"):
        found = asker.find(question.question, question.history, as_of=question.as_of)
        yield _rivals(found.asked, found.ordered, asker.threshold)


def fit(found: Sequence[Rivals]) -> tuple[Kin, float]:
    """Weights near those that stand, and the sum from which a value contradicts: where most conflicts are found, each
    false one taking FALSE from them.
    """
    rows = np.concatenate([one.rows[~one.same] for one in found])
    right = np.concatenate([one.right[~one.same] for one in found]).astype(float)
    held = np.array([name == HELD for name in NAMES])
    spread = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    prior = np.array(astuple(WEIGHTS))
    solved = logistic(rows / spread, right, prior * spread)[:-1] / spread
    solved = np.where([name in GAINS for name in NAMES], solved.clip(min=0.0), solved)
    weights = np.where(held, prior, solved.round(2))
    steps = np.arange(0.0, 2 * KIN, STEP)
    worth = [_worth(found, weights, float(step)) for step in steps]
    return Kin(*weights.tolist()), round(float(np.median(steps[np.array(worth) == max(worth)])), 2)


def counts(found: Sequence[Rivals], weights: Kin, least: float) -> tuple[int, int, int]:
    """Conflicts found, answers said to be disputed where they are not, and conflicts in all."""
    table = np.array(astuple(weights))
    best = [_best(one, table, least) for one in found]
    return sum(one is True for one in best), sum(one is False for one in best), sum(one.conflict for one in found)


def _worth(found: Sequence[Rivals], weights: NDArray[np.float64], least: float) -> float:
    best = [_best(one, weights, least) for one in found]
    return sum(one is True for one in best) - FALSE * sum(one is False for one in best)


def _best(one: Rivals, weights: NDArray[np.float64], least: float) -> bool | None:
    """Whether a value that would be shown contradicts in truth; None if none would be: of each cluster its surest is,
    unless that is the answer's own.
    """
    sums = one.rows @ weights
    shown: list[bool] = []
    for name in set(one.clusters):
        here = np.array([other == name for other in one.clusters])
        same = sums[here & one.same].max(initial=-np.inf)
        differing = np.where(here & ~one.same, sums, -np.inf)
        if differing.max() >= least > same:
            shown.append(bool(one.right[differing.argmax()]))
    return any(shown) if shown else None


def _rivals(asked: Asked, ordered: list[Candidate], threshold: float, case: Case | None = None) -> Rivals:
    conflict = case is not None and case.kind == DIFFER
    if not ordered or ordered[0].probability < threshold or asked.many or asked.defines or asked.topic:
        return Rivals(np.zeros((0, len(NAMES))), (), np.zeros(0, bool), np.zeros(0, bool), conflict)
    best = (timed_first(ordered, threshold) if asked.expects == "time" else ordered)[0]
    others = compared(asked, best, ordered)
    rows = np.array([astuple(measured(asked, best, one)) for one in others]).reshape(-1, len(NAMES))
    same = np.array([agree(asked, best, one) for one in others], bool)
    right = np.array([case is not None and _planted(case, asked, best, one) for one in others], bool)
    return Rivals(rows, tuple(map(cluster, others)), same, right & ~same, conflict)


def _planted(case: Case, asked: Asked, best: Candidate, one: Candidate) -> bool:
    """Whether the two are the article's value and the one planted against it."""
    if case.kind != DIFFER:
        return False
    day = case.report.published.day or date.today()
    pairs = ((best, one), (one, best))
    return any(
        cluster(theirs) == case.report.cluster
        and says(said(asked, theirs), case.planted, day)
        and says(said(asked, ours), case.value, day)
        for ours, theirs in pairs
    )
