"""The answer asked again of the other sources: "Hamilton got how many Tony nominations?" finds their value of that."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.article import Passage
from qa.agree import RIVAL, around, cluster, said
from qa.compose import timed_first
from qa.evidence import Candidate
from qa.question import Asked, fits
from qa.reader import Span
from qa.rerank import Read, ReadHit
from qa.retrieve import Embed

WH = {"number": "how many", "time": "when", "person": "who", "place": "where"}
MUCH = re.compile(r"\bhow much\b", re.IGNORECASE)
WHICH = re.compile(r"(?:(?:in|to|at|by|for|on|from) )?((?:which|what) \w+)", re.IGNORECASE)  # "In which city"


def echoed(
    asked: Asked, found: Sequence[ReadHit], ordered: list[Candidate], embed: Embed, read: Read, threshold: float
) -> list[Candidate]:
    """The candidates, those of other sources with the span that answers what the best one says (`echo`), and with the
    cosine of their passage and the best one's (`alike`).

    The best one's sentence, a question word in place of its value, is fuller than the question: the reader finds the
    other sources' value of the very same thing by it, or none. Nothing is read where no other source may answer.
    """
    question = echo(asked, ordered, threshold)
    ours = cluster(ordered[0]) if ordered else ""
    others = {cluster(one) for one in ordered if one.probability >= min(threshold, RIVAL)} - {ours}
    every = [one.hit.passage for one in found]
    passages = [one for one in every if (one.article.cluster or one.article.id) in others]
    if not question or not passages:
        return ordered
    spans: dict[str, list[Span]] = {}
    for passage, reading in zip(passages, read(question, passages), strict=True):
        spans.setdefault(passage.article.id, []).extend(reading.spans)
    home = _home(_best(asked, ordered, threshold), every)
    vectors = embed([home.text if home else question, *(one.text for one in passages)])
    alike = {one.id: float(cosine) for one, cosine in zip(passages, vectors[1:] @ vectors[0], strict=True)}
    return [_echoing(asked, one, spans.get(one.article.id, []), _home(one, passages), alike) for one in ordered]


def _echoing(
    asked: Asked, one: Candidate, spans: list[Span], home: Passage | None, alike: dict[str, float]
) -> Candidate:
    return replace(one, echo=_within(asked, one, spans), alike=alike[home.id] if home else 0.0)


def _home(one: Candidate, passages: Sequence[Passage]) -> Passage | None:
    """The first of the passages that holds a candidate."""
    holding = (each for each in passages if each.article.id == one.article.id and each.start <= one.start)
    return next((each for each in holding if one.end <= each.end), None)


def _within(asked: Asked, one: Candidate, spans: list[Span]) -> Span | None:
    """The best of the spans inside a sentence that are of the kind asked for."""
    inside = (span for span in spans if one.start <= span.start and span.end <= one.end)
    fitting = (span for span in inside if fits(asked, one.article.text[span.start : span.end]))
    return max(fitting, key=lambda span: span.score, default=None)


def echo(asked: Asked, ordered: list[Candidate], threshold: float) -> str:
    """What the best candidate says, as a question; "" where it gives no value."""
    if not ordered or ordered[0].probability < threshold or asked.many or asked.expects in ("reason", "speech"):
        return ""
    best = _best(asked, ordered, threshold)
    value = said(asked, best)
    before, behind = around(best, value)
    return f"{before}{_wh(asked)}{behind}".strip().rstrip(".?!") + "?" if value else ""


def _best(asked: Asked, ordered: list[Candidate], threshold: float) -> Candidate:
    return timed_first(ordered, threshold)[0] if asked.expects == "time" else ordered[0]


def _wh(asked: Asked) -> str:
    which = WHICH.match(asked.text)
    if asked.expects == "number" and MUCH.search(asked.text):
        return "how much"
    return which[1].lower() if which else WH.get(asked.expects, "what")
