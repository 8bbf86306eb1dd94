"""The same story twice: equal texts, and clusters of near-identical ones."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

SHINGLE = 5  # words
PERMUTATIONS = 128
ROWS = 3  # of a band: pairs with a Jaccard similarity of 0.4 become candidates with probability 0.94
SAME_STORY = 0.6  # of the shorter text's word 5-grams stand in the other: one tells the other's story


def same(text: str) -> str:
    """Equal for texts that differ at most in white space and case."""
    return hashlib.sha256(" ".join(_words(text)).encode("utf-8", "backslashreplace")).hexdigest()


def signature(text: str) -> bytes:
    """MinHash of the text's word 5-grams."""
    from rensa import RMinHash

    made = RMinHash(num_perm=PERMUTATIONS, seed=1)
    made.update(sorted(_shingles(text)))
    return np.array(made.digest(), dtype=np.uint32).tobytes()


def clusters(known: Iterable[tuple[str, str, bytes]], text_of: Callable[[str], str]) -> dict[str, str]:
    """The cluster of each article, from (id, day or "", signature): the id of the earliest that tells its story."""
    rows = sorted(known, key=lambda row: (row[1] or "9", row[0]))  # earliest first, undated last
    leader = {row[0]: row[0] for row in rows}
    for first, second in sorted(_candidates(rows)):
        one, other = rows[first][0], rows[second][0]
        if _root(leader, one) != _root(leader, other) and contained(text_of(one), text_of(other)) >= SAME_STORY:
            _join(leader, {row[0]: place for place, row in enumerate(rows)}, one, other)
    return {name: _root(leader, name) for name in leader}


def contained(one: str, other: str) -> float:
    """The share of the shorter text's word 5-grams that stand in the other, 0 to 1."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shingles(text: str) -> set[str]:
    words = _words(text)
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


def _candidates(rows: list[tuple[str, str, bytes]]) -> set[tuple[int, int]]:
    """Pairs of rows that agree in at least one band of their signatures."""
    width = ROWS * 4
    bands: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for place, (_, _, made) in enumerate(rows):
        for begin in range(0, len(made) - width + 1, width):
            bands[begin, made[begin : begin + width]].append(place)
    return {(group[0], other) for group in bands.values() for other in group[1:]}


def _root(leader: dict[str, str], name: str) -> str:
    while leader[name] != name:
        name = leader[name]
    return name


def _join(leader: dict[str, str], place: dict[str, int], one: str, other: str) -> None:
    first, second = sorted((_root(leader, one), _root(leader, other)), key=place.__getitem__)
    leader[second] = first
