"""Sentences and passages of a clean text, as character offsets into it; nothing is copied or changed."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from ingest.article import Article, Passage
from ingest.paragraphs import Offsets, is_heading, paragraphs, trimmed

SPLITTER = "2"  # raised when passages come out differently: stores made with another one are rebuilt
TARGET = 110  # words; a passage is closed before the sentence that would take it past this
LONGEST = 180  # words; a single longer sentence (a list, a table) is cut at spaces

_CLOSERS = re.compile(r"[\"'”’»)\]]+(?=\s|$)")
_CHUNK = re.compile(r"[^\s\u200b]+")
_OPENING = "([{\uff5f\uff5b\uff3b\uff08\ufe5d\ufe5b\ufe59\ufd3e\u301a\u3018\u2985\u2983\u2329"
_CLOSING = ")]}\uff60\uff5d\uff3d\uff09\ufe5e\ufe5c\ufe5a\ufd3f\u301b\u3019\u2986\u2984\u232a"
_TERMINAL = ".!?;\u203c\u203d\u2047\u2048\u2049\u3002\ufe52\ufe57\uff01\uff0e\uff1f\uff61"
_OPENS = re.compile(f"[{re.escape(_OPENING)}]")
_MARKS = re.compile(f"[{re.escape(_OPENING + _CLOSING + _TERMINAL)}]")
_PLAINLY_ENDS = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*[.!?][\"'”’]?")
# What stands before a name or a number, and syntok takes for the end of a sentence: "Gov. Abbott", "Aug. 19-20".
_BEFORE_NAME = re.compile(
    r"(?<!\w)(?:Govs?|Reps?|Sens?|Lt|Revs?|Sgts?|Maj|Cpl|Capt|Cmdr|Pfc|Pvt|Supt|Det|Ald|Asst|Hon|Msgr|Pres|Ft|Ste|vs)\.\s+$"
)
_BEFORE_NUMBER = re.compile(r"(?<!\w)(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Nos?|Pt|vs)\.\s+$")
_LONGEST_BEFORE = 12  # characters of the longest of these, with the space behind
NEAR = 2  # words on either side of a mark are all that syntok looks at before it ends a sentence there
BRACKET = 52  # after an opening bracket it looks for the closing one, 50 tokens far


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
        if starts[-1] < at < end and not _goes_on(text, at):
            starts.append(at)
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        yield from _cut(text, *trimmed(text, start, stop))


def _goes_on(text: str, at: int) -> bool:
    """Whether the words before a place belong to the name or the number that begins there."""
    pattern = _BEFORE_NUMBER if text[at].isdigit() else _BEFORE_NAME
    return text[at].isalnum() and bool(pattern.search(text, max(0, at - _LONGEST_BEFORE), at))


def _starts(paragraph: str) -> Iterator[int]:
    """Where syntok begins a sentence. It is shown the words near marks only: the same result, twice as fast."""
    import syntok.segmenter  # 0.1 s: only where texts are split

    spans = [found.span() for found in _CHUNK.finditer(paragraph)]
    chunks = [paragraph[begin:end] for begin, end in spans]
    marked = [number for number, chunk in enumerate(chunks) if not chunk.isalnum() and _MARKS.search(chunk)]
    if not marked or (marked == [len(chunks) - 1] and _PLAINLY_ENDS.fullmatch(chunks[-1])):
        yield from (begin for begin, _ in spans[:1])
        return
    shown, places, length = [], [], 0  # pieces of text; where each chunk starts there, and in the paragraph
    for number in _near(marked, chunks):
        begin, end = spans[number]
        piece = paragraph[spans[number - 1][1] if number else 0 : end]  # with the space before it
        shown.append(piece)
        length += len(piece)
        places.append((length - (end - begin), begin))
    for block in syntok.segmenter.analyze("".join(shown)):
        for sentence in block:
            place, begin = places[bisect_right(places, (sentence[0].offset, len(paragraph))) - 1]
            yield begin + sentence[0].offset - place


def _near(marked: list[int], chunks: list[str]) -> list[int]:
    """Which chunks decide where sentences end: the first, and those near a full stop, a bracket or the like."""
    kept = {0}
    for number in marked:
        kept.update(range(number - NEAR, number + (BRACKET if _OPENS.search(chunks[number]) else NEAR) + 1))
    return sorted(number for number in kept if 0 <= number < len(chunks))


def _cut(text: str, begin: int, end: int) -> Iterator[Offsets]:
    """The span itself, or pieces of it where it is far too long for one sentence."""
    if begin < end < begin + 2 * LONGEST:  # too few characters for so many words
        yield begin, end
        return
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
