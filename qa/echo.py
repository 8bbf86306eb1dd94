"""The answer asked again of the other sources: "Hamilton got how many Tony nominations?" finds their value of that."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.compose import timed_first
from qa.evidence import Candidate, Echo
from qa.fit import fits
from qa.kin import around, may_be_kin, said
from qa.question import ONE_OF, WHOLE, Asked
from qa.reader import Span
from qa.rerank import Read, ReadHit
from qa.rival import cluster
from qa.words import words

WH = {"number": "how many", "time": "when", "person": "who", "place": "where"}
MUCH = re.compile(r"\bhow much\b", re.IGNORECASE)
WHICH = re.compile(rf"(?:(?:in|to|at|by|for|on|from) )?({ONE_OF})", re.IGNORECASE)  # "In which city"


def echoed(
    asked: Asked, found: Sequence[ReadHit], ordered: list[Candidate], read: Read, threshold: float
) -> list[Candidate]:
    """The candidates, those of other sources with what in them answers the question that the best one's words make.

    The question with the best one's sentence behind it, a question word in place of its value, is fuller than the
    question alone: by it the reader, which is trained on such, finds the other sources' value of the very same thing,
    or none. Nothing is read where no other source may answer.
    """
    question = echo(asked, ordered, threshold)
    if not question:
        return ordered
    best = _best(asked, ordered, threshold)
    others = {cluster(one) for one in ordered if may_be_kin(best, one)} - {cluster(best)}
    every = [one.hit.passage for one in found]
    passages = [one for one in every if (one.article.cluster or one.article.id) in others]
    if not passages:
        return ordered
    spans: dict[str, list[Span]] = {}
    for passage, reading in zip(passages, read(question, passages), strict=True):
        spans.setdefault(passage.article.id, []).extend(reading.spans)
    answers = [_within(asked, one, spans.get(one.article.id, [])) for one in ordered]
    most: dict[str, float] = {}
    for one, span in zip(ordered, answers, strict=True):
        if span:
            most[cluster(one)] = max(span.score, most.get(cluster(one), span.score))
    return [
        replace(one, echo=Echo(span, _overlap(span, one.span), span.score == most[cluster(one)])) if span else one
        for one, span in zip(ordered, answers, strict=True)
    ]


def _overlap(one: Span, other: Span | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end


def _within(asked: Asked, one: Candidate, spans: list[Span]) -> Span | None:
    """The best of the spans inside a sentence that are of the kind asked for."""
    inside = (span for span in spans if one.start <= span.start and span.end <= one.end)
    fitting = (span for span in inside if fits(asked, one.article.text[span.start : span.end]))
    return max(fitting, key=lambda span: span.score, default=None)


def echo(asked: Asked, ordered: list[Candidate], threshold: float) -> str:
    """The question, and what the best candidate says as another; "" where it gives no value."""
    if not ordered or ordered[0].probability < threshold or not wants_a_value(asked):
        return ""
    best = _best(asked, ordered, threshold)
    value = said(asked, best)
    return f"{asked.wording} {as_question(asked, *around(best, value))}" if value else ""


def wants_a_value(asked: Asked) -> bool:
    """Whether sources can give rival values: whether some words of one answer."""
    return not asked.many and asked.expects not in WHOLE


def as_question(asked: Asked, before: str, behind: str) -> str:
    """A sentence with a question word in place of what stands between two parts of it."""
    wh, _, thing = _wh(asked).partition(" ")
    again = thing and words(behind)[:1] == [thing]  # "in which city" of "in Rome city"
    return f"{before}{wh if again or not thing else f'{wh} {thing}'}{behind}".strip().rstrip(".?!") + "?"


def _best(asked: Asked, ordered: list[Candidate], threshold: float) -> Candidate:
    return timed_first(ordered, threshold)[0] if asked.expects == "time" else ordered[0]


def _wh(asked: Asked) -> str:
    which = WHICH.match(asked.text)
    if asked.expects == "number" and MUCH.search(asked.text):
        return "how much"
    return which[1].lower() if which else WH.get(asked.expects, "what")
