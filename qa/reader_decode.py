"""From the network's logits to answer spans: pure arrays and text, no model."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SPANS = 5  # spans kept of a passage
LONGEST = 40  # tokens of a span; the longest answers people give as an exact span
QUOTES = {"“": "”", "‘": "’", "(": ")", "[": "]", "«": "»"}
EDGES = " \t\r\n ,;:–—-"  # never part of an answer's edge
# What no span ends within: "7:15 p.m|.", "twenty|-one", "$28.6| million".
UNFINISHED = (
    (re.compile(r"\b(?:[A-Za-z]\.)+[A-Za-z]\Z"), re.compile(r"\.")),
    (
        re.compile(r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\Z", re.IGNORECASE),
        re.compile(r"-(?:one|two|three|four|five|six|seven|eight|nine)\b", re.IGNORECASE),
    ),
    (re.compile(r"\d\Z"), re.compile(r" (?:thousand|million|billion|trillion)\b")),
)


def best_spans(start: Floats, end: Floats, sentence: Ints, count: int = SPANS) -> list[tuple[int, int, float]]:
    """The best spans (first token, last token, start + end logit) that do not overlap, each inside one sentence.

    `start`, `end`: logits of the passage's tokens; `sentence`: the number of each token's sentence.
    """
    size = len(start)
    scores = np.full((min(LONGEST, size), size), -np.inf, dtype=np.float32)  # [length - 1, first token]
    for more in range(len(scores)):
        reach = size - more
        same = sentence[:reach] == sentence[more:]
        scores[more, :reach] = np.where(same, start[:reach] + end[more:], -np.inf)
    found: list[tuple[int, int, float]] = []
    while len(found) < count and size:
        more, first = divmod(int(scores.argmax()), size)
        score = float(scores[more, first])
        if score == -np.inf:
            break
        found.append((first, first + more, score))
        for length in range(len(scores)):  # strike out what overlaps
            scores[length, max(0, first - length) : first + more + 1] = -np.inf
    return found


def sentence_logits(answering: Floats, sentence: Ints, count: int) -> Floats:
    """Mean token logit of each of `count` sentences; -inf for one that has no token here."""
    tokens = np.bincount(sentence, minlength=count)
    sums = np.bincount(sentence, weights=answering, minlength=count)
    return np.where(tokens > 0, sums / np.maximum(tokens, 1), -np.inf).astype(np.float32)


def whole_words(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """The span grown to whole words, and to the currency sign before or the per cent sign after a number."""
    while start > low and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < high and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    if start > low and text[start - 1] in "$£€¥" and text[start].isdigit():
        start -= 1
    if end < high and text[end] == "%" and text[end - 1].isdigit():
        end += 1
    for before, rest in UNFINISHED:
        if before.search(text, start, end) and (behind := rest.match(text, end, high)):
            end = behind.end()
    return start, end


def trimmed(text: str, start: int, end: int, high: int) -> tuple[int, int]:
    """The span without blanks, commas, a sentence's full stop, or a quote or bracket whose partner is outside."""
    while True:
        was = start, end
        while start < end and (text[start] in EDGES or stray_mark(text, start)):
            start += 1
        while start < end and (text[end - 1] in EDGES or closes_sentence(text, start, end, high)):
            end -= 1
        start, end = balanced(text, start, end, high)
        if (start, end) == was or start >= end:
            return start, end


def stray_mark(text: str, at: int) -> bool:
    """Whether a full stop or the like stands here and starts no number such as ".5"."""
    return text[at] in ".!?" and not text[at + 1 : at + 2].isdigit()


def closes_sentence(text: str, start: int, end: int, high: int) -> bool:
    """Whether the span ends in its sentence's own mark and not in an abbreviation's full stop ("U.S.", "Inc.")."""
    if text[end - 1] not in ".!?" or text[end:high].strip(" \n”\"'’)"):
        return False
    last = text[start : end - 1].split(" ")[-1]
    return not (text[end - 1] == "." and ("." in last or len(last) == 1))


def balanced(text: str, start: int, end: int, high: int) -> tuple[int, int]:
    """Closes an open bracket or quote that ends right after the span; drops an edge one that stands alone."""
    for opening, closing in QUOTES.items():
        inside = text[start:end]
        if inside.count(opening) > inside.count(closing):
            if end < high and text[end] == closing:
                end += 1
            elif inside.startswith(opening):
                start += 1
        elif inside.count(closing) > inside.count(opening):
            end -= inside.endswith(closing)
            start += inside.startswith(closing)
    if text[start:end].count('"') == 1:
        if text[start] == '"':
            start += 1
        elif text[end - 1] == '"':
            end -= 1
    return start, end


def tidy(text: str, start: int, end: int, bounds: tuple[int, int]) -> tuple[int, int]:
    """A span as a reader would mark it: whole words, nothing stray at the edges, inside `bounds`."""
    low, high = bounds
    grown = whole_words(text, max(start, low), min(end, high), low, high)
    tight = trimmed(text, *grown, high)
    return tight if tight[0] < tight[1] else grown


def sentence_bounds(bounds: Sequence[tuple[int, int]], number: int, size: int) -> tuple[int, int]:
    """A sentence's span, the whole text when there are none."""
    return bounds[number] if bounds else (0, size)
