"""How question, title and passage become the reader's input: one rule for training and for reading."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LIMIT = 320  # tokens of a window; a passage of 200 words with its title and question fits
OVERLAP = 96  # tokens two windows of one long passage share
QUESTION_LIMIT = 96  # tokens kept of a question, which may have a sentence behind it: see qa/echo.py
TITLE_LIMIT = 32  # tokens kept of a title
CLS, SEP = 101, 102  # of BERT's uncased vocabulary


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of a text and where each token stands in it (character offsets)."""

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Window:
    """[CLS] question [SEP] title [SEP] passage part [SEP], and which passage tokens it holds."""

    ids: list[int]
    types: list[int]
    first: int  # index in `ids` of the first passage token
    start: int  # number of that token in the passage
    count: int  # passage tokens in this window


def windows(question: Sequence[int], title: Sequence[int], passage: Sequence[int]) -> Iterator[Window]:
    """The windows over one passage; one is enough for all but long passages."""
    head = [CLS, *question[:QUESTION_LIMIT], SEP]
    middle = [*title[:TITLE_LIMIT], SEP] if title else []
    room = LIMIT - len(head) - len(middle) - 1
    for start in range(0, max(1, len(passage) - OVERLAP), room - OVERLAP):
        part = list(passage[start : start + room])
        types = [0] * len(head) + [1] * (len(middle) + len(part) + 1)
        yield Window([*head, *middle, *part, SEP], types, len(head) + len(middle), start, len(part))
        if start + room >= len(passage):
            return


def sentence_of(starts: Sequence[int], offset: int) -> int:
    """Number of the sentence an offset falls in; `starts` are the sentences' first offsets, ascending."""
    return max(0, bisect_right(starts, offset) - 1)
