"""Public reading sets, read by the shipped reader and refused by the shipped threshold: `python -m eval reader FILE`.

Three formats, told apart by their keys:
  context     SQuAD's: a question, its context, the accepted answers, is_impossible
  passages    CLAPNQ's: a question, its passage in sentences, the sentences a long answer rests on
  candidates  TREC QA's: a question and sentences that answer it or not
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.lines import read_objects
from eval.metrics import average_precision, exact, f1, mean, reciprocal_rank
from ingest.article import Article
from ingest.errors import UserError

Row = dict[str, Any]
Values = dict[str, float]
Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the system does with a question and one text."""

    best: str  # the best span, whether or not it is shown; "" without any
    refused: bool
    probability: float  # calibrated: an answer would be right
    cited: tuple[Offsets, ...]  # the sentences an answer would cite, as offsets into the text; () when refused


Decide = Callable[[str, Article], Decision]
Score = Callable[[str, Sequence[str]], Sequence[float]]  # a question, sentences -> how well each answers


@dataclass(frozen=True, slots=True)
class Format:
    """How a file's rows are checked, tried and summed up."""

    check: Callable[[Row], bool]
    values: Callable[[Row, Decide, Score], Values]  # the values of one row
    zeros: Callable[[Row], Values]  # the same names for a row that crashed
    summary: Callable[[Sequence[Values]], Values]


def load_rows(path: Path) -> tuple[Format, list[Row]]:
    """The file's format and its rows; UserError names the first row that lacks what its format needs."""
    rows = read_objects(path)
    known = next((made for key, made in FORMATS.items() if key in rows[0]), None)
    if known is None:
        raise UserError(
            f"{path}: rows must have one of the keys {', '.join(FORMATS)}; see python -m eval reader --help."
        )
    bad = next((number for number, row in enumerate(rows, start=1) if not _checked(known, row)), None)
    if bad:
        raise UserError(f"{path}: row {bad} lacks a field, or has one of another type than the first rows'.")
    return known, rows


def evaluate(known: Format, rows: Iterable[Row], decide: Decide, score: Score) -> Iterator[Values]:
    """The values of each row, in order; an exception gives zeros and "errors": 1. A question keeps one core busy, so
    as many are read at once as there are cores.
    """

    def values(row: Row) -> Values:
        try:
            return {**known.values(row, decide, score), "errors": 0.0}
        except Exception:
            return {**known.zeros(row), "errors": 1.0}

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(values, rows)


def summarise(known: Format, values: Sequence[Values]) -> Values:
    """Every figure by its name."""
    return {"questions": float(len(values)), **known.summary(values), "errors": sum(one["errors"] for one in values)}


def _checked(known: Format, row: Row) -> bool:
    try:
        return known.check(row)
    except (KeyError, TypeError, AttributeError, IndexError):
        return False


# SQuAD's format


def _squad_check(row: Row) -> bool:
    texts = row["answers"]["text"]
    answers = isinstance(texts, list) and all(isinstance(text, str) for text in texts)
    return answers and isinstance(row["question"], str) and isinstance(row["context"], str)


def _impossible(row: Row) -> bool:
    return bool(row.get("is_impossible")) or not row["answers"]["text"]


def _squad_values(row: Row, decide: Decide, _: Score) -> Values:
    title = str(row.get("title") or "").replace("_", " ")
    decision = decide(row["question"], _article(row["context"], title))
    if _impossible(row):
        refused = float(decision.refused)
        return {"exact": refused, "f1": refused, "refused_right": refused, "probability": decision.probability}
    best_exact, best_f1 = exact(decision.best, row["answers"]["text"]), f1(decision.best, row["answers"]["text"])
    answered = float(not decision.refused)
    return {
        "exact": best_exact * answered,
        "f1": best_f1 * answered,
        "exact_answerable": best_exact,
        "f1_answerable": best_f1,
        "answered_right": answered,
        "probability": decision.probability,
    }


def _squad_zeros(row: Row) -> Values:
    own = ("refused_right",) if _impossible(row) else ("exact_answerable", "f1_answerable", "answered_right")
    return dict.fromkeys(("exact", "f1", *own, "probability"), 0.0)


def _squad_summary(values: Sequence[Values]) -> Values:
    names = ("exact", "f1", "exact_answerable", "f1_answerable", "refused_right", "answered_right")
    return {**_means(values, names), "f1_best_threshold": _best_threshold(values)}


def _best_threshold(values: Sequence[Values]) -> float:
    """F1 over all at the threshold that suits this very file best: what calibration could still gain."""
    total = best = float(sum("refused_right" in one for one in values))  # all refused: the impossible ones are right
    ranked = sorted(values, key=lambda one: -one["probability"])
    for place, one in enumerate(ranked, start=1):
        total += -1.0 if "refused_right" in one else one["f1_answerable"]
        if place == len(ranked) or ranked[place]["probability"] != one["probability"]:
            best = max(best, total)
    return best / len(values)


# CLAPNQ's format


def _clapnq_check(row: Row) -> bool:
    sentences = [text for passage in row["passages"] for text in passage["sentences"]]
    gold = [text for output in row["output"] for text in output.get("selected_sentences") or []]
    return isinstance(row["input"], str) and bool(sentences) and all(isinstance(text, str) for text in sentences + gold)


def _clapnq_gold(row: Row) -> list[set[str]]:
    """For each accepted answer, the sentences it rests on; [] for a question without an answer."""
    chosen = [output.get("selected_sentences") or [] for output in row["output"] if output.get("answer")]
    return [{text.strip() for text in texts} for texts in chosen if texts]


def _clapnq_values(row: Row, decide: Decide, _: Score) -> Values:
    gold = _clapnq_gold(row)
    texts = [text.strip() for passage in row["passages"] for text in passage["sentences"] if text.strip()]
    decision = decide(row["input"], _article(" ".join(texts), str(row["passages"][0].get("title") or "")))
    if not gold:
        return {"refused_right": float(decision.refused)}
    cited = {text for text, span in zip(texts, _places(texts), strict=True) if _mostly(span, decision.cited)}
    return {
        "sentence_recall": max(len(cited & wanted) / len(wanted) for wanted in gold),
        "sentence_precision": max(len(cited & wanted) for wanted in gold) / len(cited) if cited else 0.0,
        "answered_right": float(not decision.refused),
    }


def _clapnq_zeros(row: Row) -> Values:
    names = ("sentence_recall", "sentence_precision", "answered_right") if _clapnq_gold(row) else ("refused_right",)
    return dict.fromkeys(names, 0.0)


def _clapnq_summary(values: Sequence[Values]) -> Values:
    return _means(values, ("sentence_recall", "sentence_precision", "answered_right", "refused_right"))


def _places(texts: Sequence[str]) -> Iterator[Offsets]:
    """Where each sentence stands in their joined text."""
    start = 0
    for text in texts:
        yield start, start + len(text)
        start += len(text) + 1


def _mostly(span: Offsets, cited: Sequence[Offsets]) -> bool:
    """Whether the cited offsets cover more than half of the sentence."""
    covered = sum(max(0, min(span[1], end) - max(span[0], start)) for start, end in set(cited))
    return covered > 0.5 * (span[1] - span[0])


# TREC QA's format


def _trec_check(row: Row) -> bool:
    return isinstance(row["question"], str) and all(isinstance(one["text"], str) for one in row["candidates"])


def _trec_relevant(row: Row) -> dict[str, float]:
    return {str(number): float(one["label"]) for number, one in enumerate(row["candidates"])}


def _trec_values(row: Row, _: Decide, score: Score) -> Values:
    relevant = _trec_relevant(row)
    if not any(relevant.values()):
        return {}  # as in the set's published figures, a question without an answer sentence counts nowhere
    scores = score(row["question"], [one["text"] for one in row["candidates"]])
    ranked = sorted(relevant, key=lambda name: -scores[int(name)])
    return {"map": average_precision(ranked, relevant), "mrr": reciprocal_rank(ranked, relevant, len(ranked))}


def _trec_zeros(row: Row) -> Values:
    return dict.fromkeys(("map", "mrr"), 0.0) if any(_trec_relevant(row).values()) else {}


def _trec_summary(values: Sequence[Values]) -> Values:
    return {"judged": float(sum("map" in one for one in values)), **_means(values, ("map", "mrr"))}


def _article(text: str, title: str) -> Article:
    return Article(id="text", source="text", text=text, title=title)


def _means(values: Sequence[Values], names: Sequence[str]) -> Values:
    held: Mapping[str, list[float]] = {name: [one[name] for one in values if name in one] for name in names}
    return {name: mean(found) for name, found in held.items() if found}


FORMATS = {
    "context": Format(_squad_check, _squad_values, _squad_zeros, _squad_summary),
    "passages": Format(_clapnq_check, _clapnq_values, _clapnq_zeros, _clapnq_summary),
    "candidates": Format(_trec_check, _trec_values, _trec_zeros, _trec_summary),
}
