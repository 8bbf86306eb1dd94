"""One calibrated probability that an answer is right, from what every stage measured about it."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.errors import UserError
from qa.mismatch import groundless, mismatch
from qa.question import Asked
from qa.reader import Reading
from qa.rerank import ReadHit
from qa.when import BEFORE, MOMENT, moment
from qa.words import COUNTRY, vocabulary, years

FEW = 1000  # passages, of about 80 articles, up to which a store is as good as the five of seeds/
CALIBRATION = Path(__file__).parent / "weights" / "calibration.json"


@dataclass(frozen=True, slots=True)
class Features:
    """What is known about one candidate sentence, each about -5 to 5; named, so that weights can be read."""

    margin: float  # the best span in the sentence over "no answer", logits / 5
    answerable: float  # the reader's logit that the passage answers at all / 5
    relevance: float  # the reader's logit that the passage is about the question / 5
    again: float  # the same of the sentence alone, with the one before it
    sentence: float  # the reader's probability that this sentence answers
    dense: float  # cosine of question and passage
    near: float  # cosine of question and sentence
    covered: float  # share of the question's content stems that the passage holds
    names_missing: float  # half of it if the article mentions not all names of the question, half the share it lacks
    names_away: float  # share of its names, countries aside, that the sentence and the one before it lack
    years_missing: float  # 1 if the question names a year that neither the text nor the date of the article tells
    many: float  # 1 if sentences of several articles are asked for: each is then a part of the answer
    kind_missing: float  # 1 if it lacks what is asked for, or tells of another, as qa.mismatch sees; 2 if it denies it
    fits: float  # 1 if there is a span of the kind asked for, 0 if it is of another kind, 0.5 without one
    crowd: float  # powers of ten by which there are more passages than FEW to choose from: more look like an answer
    agreed: float  # in a crowd, 1 if another story gives the same words: see qa/beside.py
    newer: float  # in a crowd, if no time is asked about, when its article came out: first of the best 0, last 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two linear models over Features, weights by name: which candidate is best, and how likely one is right.

    `larger` holds those for a store of ten times FEW passages and more; between the two the figures are mixed.
    """

    order: Mapping[str, float]
    weights: Mapping[str, float]
    bias: float
    threshold: float = 0.5  # the probability under which refusing is right more often than answering
    larger: "Calibration | None" = None

    def score(self, features: Features) -> float:
        """Orders the candidates of one question; no more is meant by it."""
        return self._mixed(features, lambda one, values: _weighed(one.order, values))

    def logit(self, features: Features) -> float:
        """bias + weights . features, of either model or between them."""
        return self._mixed(features, lambda one, values: one.bias + _weighed(one.weights, values))

    def _mixed(self, features: Features, figure: "Callable[[Calibration, Mapping[str, float]], float]") -> float:
        values = asdict(features)
        own = figure(self, values)
        return own if self.larger is None else _between(own, figure(self.larger, values), features.crowd)

    def least(self, passages: int) -> float:
        """The threshold in a store of so many passages."""
        own = self.threshold
        return own if self.larger is None else _between(own, self.larger.threshold, crowd(passages))

    def probability(self, features: Features) -> float:
        """How likely the candidate is right: sigmoid of the logit."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.logit(features)))))


def load_calibration(path: Path = CALIBRATION) -> Calibration:
    """The shipped calibration, made by `python -m eval calibrate`."""
    try:
        held: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return replace(_model(held), larger=_model(held["larger"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"The file {path.name} is missing or damaged: install Byline again.") from error


def _model(held: Mapping[str, Any]) -> Calibration:
    order, weights = Features(**held["order"]), Features(**held["weights"])
    return Calibration(asdict(order), asdict(weights), float(held["bias"]), float(held["threshold"]))


def measure(
    asked: Asked, found: ReadHit, sentence: int, margin: float, fitting: float, near: float, passages: int
) -> Features:
    """Features of one sentence of a read passage, one of so many `passages` in all; `margin` is its best span's score,
    `fitting` whether that fits.
    """
    passage, reading = found.hit.passage, found.reading
    article = passage.article
    known = vocabulary(f"{article.title}\n{article.publisher}\n{article.text}")
    here = vocabulary(f"{article.title}\n{passage.text}")
    start, end = passage.sentences[sentence]
    told = article.text[start:end]
    persons = asked.names - COUNTRY.keys()
    beside = vocabulary(article.text[passage.sentences[max(0, sentence - 1)][0] : end]) if persons else frozenset()
    dated = years_told(article.text, article.published.day) if asked.years else frozenset()
    return Features(
        margin=_squash(margin),
        answerable=_squash(reading.answerable),
        relevance=_squash(reading.relevance),
        again=_squash(reading.relevance),  # until the sentence is read alone
        sentence=reading.sentences[sentence],
        dense=found.hit.scores.get("dense", 0.0),
        near=near,
        covered=_share(asked.stems, here),
        names_missing=(float(not asked.names <= known) + 1.0 - _share(asked.names, known)) / 2,
        names_away=1.0 - _share(persons, beside),
        years_missing=float(bool(asked.years - dated)),
        many=float(asked.many),
        kind_missing=max(mismatch(asked, told, article.published.day), float(groundless(asked, known))),
        fits=fitting,
        crowd=crowd(passages),
        agreed=0.0,  # until all candidates are known
        newer=0.0,
    )


def reread(features: Features, reading: Reading) -> Features:
    """The features with what a second reading, of the sentence and the one before it alone, says."""
    return replace(features, again=_squash(reading.relevance))


def crowd(passages: int) -> float:
    """Powers of ten by which there are more passages than FEW."""
    return math.log10(max(passages, FEW) / FEW)


def beside(features: Features, agreed: bool, newer: float) -> Features:
    """The features with what is known beside the other candidates; nothing in a small store: few tell of a thing."""
    part = min(features.crowd, 1.0)
    return replace(features, agreed=agreed * part, newer=newer * part)


@lru_cache(maxsize=256)  # asked for once per candidate sentence
def years_told(text: str, day: date | None) -> frozenset[int]:
    """The years that an article tells of: in figures, by its date, and as "last August"."""
    found = [(text[max(0, match.start() - BEFORE) : match.start()], match.group()) for match in MOMENT.finditer(text)]
    meant = [moment(words, day, before) for before, words in found] if day else []
    return frozenset(years(text)) | {one.year for one in meant if one and one.year} | ({day.year} if day else set())


def _between(small: float, large: float, powers: float) -> float:
    part = min(powers, 1.0)
    return (1.0 - part) * small + part * large


def _weighed(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    return sum(weight * values[name] for name, weight in weights.items())


def _squash(logit: float) -> float:
    return max(-4.0, min(4.0, logit / 5.0))


def _share(wanted: frozenset[str], held: frozenset[str]) -> float:
    return sum(one in held for one in wanted) / len(wanted) if wanted else 1.0
