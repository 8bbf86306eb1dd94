"""A sentence that two articles carry, the same but for one value: what the second says in the value's place. Pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from qa.words import fold

KEPT = 0.8  # of the words around the value stand in both: one sentence told twice
BESIDE = 2  # words next to the value that may differ as well: "nearly 2,000" and "some 3,500"
LONGEST = 8  # words that may stand in its place
AROUND = "\"“”'‘’().,;:!?—–"  # what surrounds a word and is none of it


def in_its_place(sentence: str, start: int, end: int, other: str) -> tuple[int, int] | None:
    """Where `other` has what it says in place of sentence[start:end], as offsets; None where it does not tell that
    sentence, or says the very same there.
    """
    ours, theirs = list(re.finditer(r"\S+", sentence)), list(re.finditer(r"\S+", other))
    first = sum(one.end() <= start for one in ours)
    behind = sum(one.start() < end for one in ours)
    blocks = SequenceMatcher(None, _keys(ours), _keys(theirs), autojunk=False).get_matching_blocks()
    opposite = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    opposite |= {-1: -1, len(ours): len(theirs)}
    left = next((opposite[at] for at in range(first - 1, first - 2 - BESIDE, -1) if at in opposite), None)
    right = next((opposite[at] for at in range(behind, behind + 1 + BESIDE) if at in opposite), None)
    if left is None or right is None or not 0 < right - left - 1 <= LONGEST:
        return None
    kept = sum(at not in range(first, behind) for at in opposite) - 2
    if 2 * kept < KEPT * (len(ours) - (behind - first) + len(theirs) - (right - left - 1)):
        return None
    begin, stop = theirs[left + 1].start(), theirs[right - 1].end()
    begin += len(other[begin:stop]) - len(other[begin:stop].lstrip(AROUND))
    stop -= len(other[begin:stop]) - len(other[begin:stop].rstrip(AROUND))
    return (begin, stop) if begin < stop and fold(other[begin:stop]) != fold(sentence[start:end]) else None


def _keys(tokens: Sequence[re.Match[str]]) -> list[str]:
    return [fold(token.group().strip(AROUND)) for token in tokens]
