"""Does the time asked about help? News questions, each asked as of its day, found with and without the lean."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics import hit, mean, reciprocal_rank
from eval.news import Quiz
from eval.retrieval import rank_documents
from ingest.store import Store
from qa.config import Config
from qa.lean import Lean
from qa.question import understand
from qa.retrieve import Embed, retrieve

HALVES = ("tuning", "reported")  # the lean's shares were chosen on the first
LABEL = "weak"
MEASURES = ("hit@1", "hit@5", "mrr")


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where the articles that hold a question's answer stand, without the lean and with it."""

    id: str
    half: str
    timed: bool  # the question says something about time
    plain: Mapping[str, float]
    leaning: Mapping[str, float]


def evaluate(
    quizzes: Sequence[Quiz], store: Store, embed: Embed, config: Config, same: Mapping[str, str]
) -> Iterator[Ranked]:
    """A row per question; `same` names the stored twin of an article that is stored under another id."""
    for quiz in quizzes:
        gold = {same.get(one, one): 1.0 for one in quiz.labels[LABEL]}
        window = understand(quiz.question, quiz.day).window
        yield Ranked(
            quiz.id,
            HALVES[int(hashlib.sha256(quiz.id.encode()).hexdigest(), 16) % 2],
            window.bounded or window.latest,
            _values(quiz, gold, store, embed, config, None),
            _values(quiz, gold, store, embed, config, Lean(window, quiz.day)),
        )


def summarise(rows: Sequence[Ranked]) -> dict[str, float]:
    """Means by half, by whether a time is asked about, and by whether the ranking leans."""
    out: dict[str, float] = {}
    for half in HALVES:
        for timed, name in ((True, "timed"), (False, "untimed")):
            kept = [row for row in rows if row.half == half and row.timed == timed]
            out[f"{half}_{name}"] = float(len(kept))
            for way in ("plain", "leaning"):
                values: list[Mapping[str, float]] = [getattr(row, way) for row in kept]
                out |= {f"{half}_{name}_{way}_{key}": mean([one[key] for one in values]) for key in MEASURES}
    return out


def _values(
    quiz: Quiz, gold: Mapping[str, float], store: Store, embed: Embed, config: Config, lean: Lean | None
) -> dict[str, float]:
    ranked = rank_documents(retrieve(store, embed, quiz.question, config, lean=lean.share if lean else None))
    found = (hit(ranked, gold, 1), hit(ranked, gold, 5), reciprocal_rank(ranked, gold, config.fused))
    return dict(zip(MEASURES, found, strict=True))
