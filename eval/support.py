"""Does the check of a draft's sentences find what is wrong? `python -m eval support FILE`.

Two formats, told apart by their keys:
  premise  a claim (hypothesis) with its text (premise): entailment, not_entailment, contradiction or neutral
  text     articles: claims made of their own sentences, as they were and made wrong (see eval.mutate)
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from eval.lines import read_objects
from eval.metrics import mean
from eval.mutate import Case, cases
from ingest.article import Article, Passage
from ingest.errors import UserError
from ingest.split import split
from qa.align import differences
from qa.reader import Reader, infer
from qa.reader_encode import windows
from qa.training.sets import SPACED, THREE_WAYS
from qa.verify import Cited, Supports, check

Row = Mapping[str, Any]
Values = dict[str, float]
Table = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
LABELS = ("contradiction", "entailment", "neutral")
WEIGHTS = Path(__file__).parent / "support.json"  # of the three ways, made by --fit
FITTED = ("mnli-dev-mismatched", *THREE_WAYS)  # the sets that the three ways are fitted on
MOST_FITTED = 2000  # rows of each set
BATCH = 256  # claims judged at once
SEED = 7  # of the mutations
RIDGE, RATE, STEPS = 1e-3, 0.3, 600


def load_rows(path: Path) -> list[dict[str, Any]]:
    """The file's rows; UserError names the first that is neither a claim with its text nor an article."""
    rows = read_objects(path)
    for number, row in enumerate(rows, start=1):
        claim = all(isinstance(row.get(key), str) for key in ("premise", "hypothesis", "label"))
        if not (claim if "premise" in rows[0] else isinstance(row.get("text"), str)):
            raise UserError(f"{path}: row {number} must have premise, hypothesis and label, or the text of an article.")
    return [clean(row) for row in rows] if "premise" in rows[0] else rows


def judge(rows: Sequence[Row], supports: Supports) -> Iterator[bool]:
    """Whether each row's claim is supported by its text, as for a draft's sentence."""
    for at in range(0, len(rows), BATCH):
        part = rows[at : at + BATCH]
        yield from check([Cited(row["hypothesis"], (row["premise"],), row.get("title", "")) for row in part], supports)


def summarise(rows: Sequence[Row], held: Sequence[bool]) -> Values:
    """Accuracy, its mean over the two classes, and each class's."""
    right = [row["label"] == "entailment" for row in rows]
    kept = [float(one) for one, yes in zip(held, right, strict=True) if yes]
    flagged = [float(not one) for one, yes in zip(held, right, strict=True) if not yes]
    whole = mean([*kept, *flagged])
    return {
        "claims": float(len(rows)),
        "accuracy": whole,
        "balanced_accuracy": (mean(kept) + mean(flagged)) / 2,
        "supported_kept": mean(kept),
        "unsupported_flagged": mean(flagged),
    }


def mutations(rows: Iterable[Row]) -> list[Case]:
    """Claims of the articles, true and made wrong; articles of one passage are left out."""
    articles = [_passages(row) for row in rows]
    return list(cases([one for one in articles if len(one) > 1], SEED))


def _passages(row: Row) -> list[Passage]:
    return split(Article(id=str(row.get("id", "")), source="", text=row["text"], title=str(row.get("title") or "")))


def flagged(found: Sequence[Case], supports: Supports) -> Iterator[bool]:
    """Whether each case is flagged as unsupported."""
    for at in range(0, len(found), BATCH):
        part = found[at : at + BATCH]
        yield from (not held for held in check([Cited(one.claim, (one.passage,)) for one in part], supports))


def by_kind(found: Sequence[Case], flags: Sequence[bool]) -> Values:
    """The share flagged, of each kind and of all that was left true or made wrong."""
    pairs = list(zip(found, flags, strict=True))
    named = sorted({(not one.right, one.kind) for one in found})
    kinds = {
        f"{'wrong' if wrong else 'true'}: {kind}": mean(
            [float(flag) for one, flag in pairs if one.kind == kind and one.right != wrong]
        )
        for wrong, kind in named
    }
    return {
        "cases": float(len(found)),
        "true_flagged": mean([float(flag) for one, flag in pairs if one.right]),
        "wrong_flagged": mean([float(flag) for one, flag in pairs if not one.right]),
        **kinds,
    }


def features(rows: Sequence[Row], checker: Reader) -> Table:
    """What tells three ways apart: the checker's logits with claim and text in both places, and what differs."""
    pairs = [(row["hypothesis"], row["premise"]) for row in rows]
    back = [(text, claim) for claim, text in pairs]
    words = [(*astuple(differences(claim, text)), *astuple(differences(text, claim))) for claim, text in pairs]
    return np.column_stack([_logits(pairs, checker), _logits(back, checker), np.array(words)])


def _logits(pairs: Sequence[tuple[str, str]], checker: Reader) -> Table:
    """Supported, contradicted, relevance, answerable of each (claim, text), by its first window: they are short."""
    found = [next(windows(checker.tokenise(claim).ids, (), checker.tokenise(text).ids)) for claim, text in pairs]
    read = infer(checker.network, found)
    return np.array([(one.supported, one.contradicted, one.relevance, one.answerable) for one in read])


def fit(folder: Path, checker: Reader, path: Path = WEIGHTS) -> None:
    """Fits the three ways on the sets in a folder, and writes the weights: softmax regression on the features.

    A set whose contradictions and neutral claims are not to be told apart only teaches what is neither: its rows'
    weight is shared between the two as the regression sees it.
    """
    sets = [(read_objects(folder / f"{name}.jsonl.gz"), name in THREE_WAYS) for name in FITTED]
    parts = [(sorted(rows, key=_shuffled)[:MOST_FITTED], whole) for rows, whole in sets]
    rows = [clean(row) for part, _ in parts for row in part]
    allowed = np.array([_allowed(row["label"], whole) for part, whole in parts for row in part])
    table = features(rows, checker)
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    design = np.column_stack([(table - middle) / spread, np.ones(len(table))])
    solved = np.zeros((design.shape[1], len(LABELS)))
    for _ in range(STEPS):
        shares = _softmax(design @ solved)
        wanted = shares * allowed
        slope = design.T @ (wanted / wanted.sum(axis=1, keepdims=True) - shares) / len(design)
        solved += RATE * (slope - RIDGE * solved)
    weights = solved[:-1] / spread[:, None]
    held = {"bias": (solved[-1] - middle @ weights).round(4).tolist(), "weights": weights.round(4).tolist()}
    path.write_text(json.dumps(held) + "\n", "utf-8")


def three_ways(rows: Sequence[Row], checker: Reader, path: Path = WEIGHTS) -> Iterator[str]:
    """Each row's likeliest label by the fitted weights; UserError when there are none."""
    try:
        held = json.loads(path.read_text("utf-8"))
        weights, bias = np.array(held["weights"]), np.array(held["bias"])
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{path.name} is missing or damaged: make it with python -m eval support --fit DIR.") from error
    for at in range(0, len(rows), BATCH):
        scores = features(rows[at : at + BATCH], checker) @ weights + bias
        yield from (LABELS[int(best)] for best in scores.argmax(axis=1))


def accuracy(rows: Sequence[Row], labels: Sequence[str]) -> float:
    """The share of rows with their own label."""
    return mean([float(one == row["label"]) for one, row in zip(labels, rows, strict=True)])


def clean(row: Row) -> dict[str, Any]:
    """A row without the spaces that tokenised text has before its commas, as the reader was trained."""
    return {**row, "premise": SPACED.sub("", row["premise"]), "hypothesis": SPACED.sub("", row["hypothesis"])}


def _shuffled(row: Row) -> int:
    return zlib.crc32((row["premise"] + row["hypothesis"]).encode())


def _allowed(label: str, whole: bool) -> list[float]:
    """Which labels a row may have: its own, or the two that are no entailment where they are not told apart."""
    if label != "entailment" and not (whole and label in LABELS):
        return [1.0, 0.0, 1.0]
    return [float(label == one) for one in LABELS]


def _softmax(scores: Table) -> Table:
    shares: Table = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares
