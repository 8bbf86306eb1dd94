"""Sentences and passages of a clean text, as character offsets into it; nothing is copied or changed."""

import re
from collections.abc import Iterator

from ingest.article import Article, Passage
from ingest.paragraphs import Offsets, is_heading, paragraphs, trimmed

SPLITTER = "1"  # raised when passages come out differently: stores made with another one are rebuilt
TARGET = 110  # words; a passage is closed before the sentence that would take it past this
LONGEST = 180  # words; a single longer sentence (a list, a table) is cut at spaces

_CLOSERS = re.compile(r"[\"'”’»)\]]+(?=\s|$)")


def sentences(text: str) -> list[Offsets]:
    """Every sentence, in order, never across paragraphs; headings are left out, unless there is nothing else."""
    everything = [(span, is_heading(text[slice(*span)])) for span in paragraphs(text)]
    kept = [span for span, heading in everything if not heading] or [span for span, _ in everything]
    return [found for begin, end in kept for found in _sentences(text, begin, end)]


def _sentences(text: str, begin: int, end: int) -> Iterator[Offsets]:
    """The sentences of one paragraph; together they hold every character of it that is no space."""
    starts = [begin]
    for start in _starts(text[begin:end]):
        at = begin + start
        closing = _CLOSERS.match(text, at, end)
        if closing:  # a quotation mark right after the full stop belongs to the sentence before it
            at = closing.end() + len(text[closing.end() : end]) - len(text[closing.end() : end].lstrip())
        if starts[-1] < at < end:
            starts.append(at)
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        yield from _cut(text, *trimmed(text, start, stop))


def _starts(paragraph: str) -> Iterator[int]:
    import syntok.segmenter  # 0.1 s: only where texts are split

    for block in syntok.segmenter.analyze(paragraph):
        for sentence in block:
            yield sentence[0].offset


def _cut(text: str, begin: int, end: int) -> Iterator[Offsets]:
    """The span itself, or pieces of it where it is far too long for one sentence."""
    words = list(re.finditer(r"\S+", text[begin:end]))
    for first in range(0, len(words), LONGEST):
        last = min(first + LONGEST, len(words)) - 1
        yield begin + words[first].start(), begin + words[last].end()


def split(article: Article) -> list[Passage]:
    """Passages of whole sentences that together hold every character of the text that is no space."""
    text, found, group = article.text, [], []  # type: str, list[list[Offsets]], list[Offsets]
    size = 0
    for span in sentences(text):
        words = len(text[slice(*span)].split())
        if group and size + words > TARGET:
            found.append(group)
            group, size = [], 0
        group.append(span)
        size += words
    if group:
        found.append(group)
    edges = _edges(text, found)
    return [
        Passage(f"{article.id}-{number}", article, *edge, tuple(group))
        for number, (edge, group) in enumerate(zip(edges, found, strict=True))
    ]


def _edges(text: str, groups: list[list[Offsets]]) -> list[Offsets]:
    """Where each passage starts and ends: a heading goes with the sentence after it, at the end with the one before."""
    if not groups:
        return []
    befores = [0, *(group[-1][1] for group in groups[:-1])]
    starts = [trimmed(text, before, group[0][1])[0] for before, group in zip(befores, groups, strict=True)]
    ends = [group[-1][1] for group in groups]
    ends[-1] = len(text.rstrip())
    return list(zip(starts, ends, strict=True))
