"""Questions that offer their answers, "Which city was it? Paris, Berlin or Rome?": which one the articles bear out."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.article import Hit
from qa.evidence import Candidate
from qa.reader import Span, logistic

OFFER = re.compile(  # behind a question mark, where an option may hold a colon, or behind a colon
    r"(?:(?P<stem>.{12,}?)\?\s+(?P<options>[^?]+ or [^?]+?)|(?P<begun>.{12,}?):\s+(?P<offered>[^?:]+ or [^?:]+?))\s*\??"
)
BETWEEN = re.compile(r"\s*,(?!\d)\s*(?:or\s+)?|\s+or\s+")
# "Did he go? Was it on Friday or later?" asks twice; "that of a friend or of a foe" is nothing an article would hold.
ASKS = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had|will|would|can|could"
    r"|should|if|and|but|not|that|this|these|those|of|it|he|she|they|because|as|for)\b",
    re.IGNORECASE,
)
LONGEST = 8  # words of an option
# What each naming of an option is worth: as the reader's span its candidate's probability, elsewhere in a sentence so
# much of it, in a passage so little. Chosen on 220 questions of the news set that are not among those reported.
TOLD, NAMED = 0.5, 0.05
# How likely the option worth most is right, by the logarithm of its worth and its share of all: a logistic fit on the
# same questions, each asked again, with half the weight, without its right option.
WORTH, SHARE, BIAS = 0.68, 1.89, -1.59


def offered(question: str) -> tuple[str, tuple[str, ...]]:
    """The question without the answers it offers, and those, two at least; itself and () if it offers none."""
    match = OFFER.fullmatch(question)
    options = [_bare(one) for one in BETWEEN.split(match["options"] or match["offered"])] if match else []
    sound = all(one and not ASKS.match(one) and len(one.split()) <= LONGEST for one in options)
    if match is None or not sound or len(set(options)) < 2:
        return question, ()
    return f"{match['stem'] or match['begun']}?", tuple(dict.fromkeys(options))


def picked(options: Sequence[str], hits: Sequence[Hit], ordered: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that name one option, with it as their span: first the surest for the option borne out best.

    Its probability says how likely that option is the right one. Empty where no sentence names any.
    """
    patterns = [_pattern(one) for one in options]
    worth = [0.0] * len(options)
    naming: list[tuple[int, float, Candidate]] = []
    for one in ordered:
        for words, weight in ((one.words, 1.0), (one.text, TOLD)):
            found = _held(patterns, words)
            for at in found:
                worth[at] += weight * one.probability / len(found)
            if len(found) == 1 and (not naming or naming[-1][2] is not one):
                naming.append((found[0], weight * one.probability, one))
    for hit in hits:
        found = _held(patterns, hit.passage.text)
        for at in found:
            worth[at] += NAMED / len(found)
    if not naming:
        return []
    best = max({at for at, _, _ in naming}, key=lambda at: worth[at])
    first = max((one for one in naming if one[0] == best), key=lambda one: one[1])
    others = [one for one in naming if one is not first]
    probability = logistic(WORTH * math.log(max(worth[best], 1e-3)) + SHARE * worth[best] / sum(worth) + BIAS)
    shown = [_naming(one, patterns[at]) for at, _, one in (first, *others)]
    return [replace(shown[0], probability=probability), *shown[1:]]


def _naming(one: Candidate, pattern: re.Pattern[str]) -> Candidate:
    """The candidate with the option's words as its span."""
    match = pattern.search(one.text)
    if match is None:
        return one
    span = Span(one.start + match.start(), one.start + match.end(), max(0.0, one.span.score if one.span else 0.0))
    return replace(one, span=span)


def _held(patterns: Sequence[re.Pattern[str]], text: str) -> list[int]:
    return [at for at, pattern in enumerate(patterns) if pattern.search(text)]


def _bare(option: str) -> str:
    plain = option.strip(" \t\"'“”‘’.,;")
    return re.sub(r"^(?:(?:at|by|from|in|on|to|with)\s+)?(?:(?:the|an?)\s+)?(?=\w)", "", plain, flags=re.IGNORECASE)


def _pattern(option: str) -> re.Pattern[str]:
    """Finds an option's words in a text, whatever stands between them: "Al-Assad", "1,000"."""
    parts = [re.escape(part) for part in re.findall(r"[^\W_]+", option)]
    words = r"[\W_]*".join(parts)
    return re.compile(rf"(?<!\w){words}(?!\w)" if parts else r"(?!)", re.IGNORECASE)
