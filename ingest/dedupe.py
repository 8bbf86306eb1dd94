"""The same story twice: equal texts, and clusters of near-identical ones."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np

SHINGLE = 5  # words
PERMUTATIONS = 128
ROWS = 2  # neighbouring values that make a band; texts with a Jaccard similarity of 0.2 agree in one with p = 0.99
CROWD = 30  # of more texts that agree in one band only neighbours are paired, not all with all
FEW = 0.05  # candidates whose signatures agree in less than this share are let go unread
NEAR = 0.8  # Jaccard similarity; texts this alike are one story, whenever they appeared
SLACK = 0.15  # by how much a signature may underrate that: four standard deviations
DAYS = 10  # between two tellings of a story; texts further apart share a yearly piece, or what stands around articles
SAME_STORY = 0.6  # of the shorter text's word 5-grams stand in the other: one tells the other's story
# Where the vectors are known too, each hundredth by which they are nearer than ALIKE stands for WEIGHT hundredths of
# that share. F1 on the half of the labelled pairs not fitted to: .77 by the share alone, .86 with DAYS, .97 with both.
ALIKE = 0.87
WEIGHT = 1.5

Row = tuple[str, str, bytes]  # id, day or "", signature
Vectors = Callable[[str], np.ndarray]


def same(text: str) -> str:
    """Equal for texts that differ at most in white space and case."""
    return hashlib.sha256(" ".join(_words(text)).encode("utf-8", "backslashreplace")).hexdigest()


def signature(text: str) -> bytes:
    """MinHash of the text's word 5-grams."""
    from rensa import RMinHash

    made = RMinHash(num_perm=PERMUTATIONS, seed=1)
    made.update(list(shingles(text)))
    return np.array(made.digest(), dtype=np.uint32).tobytes()


def clusters(known: Iterable[Row], text_of: Callable[[str], str], vectors_of: Vectors | None = None) -> dict[str, str]:
    """The cluster of each article: the id of the earliest that tells its story.

    `vectors_of` gives an article's passage vectors, a row each, in order; without it the words decide alone.
    """
    rows = sorted(known, key=lambda row: (row[1] or "9", row[0]))  # earliest first, undated last
    grams = lru_cache(CROWD)(lambda name: shingles(text_of(name)))
    leader = list(range(len(rows)))
    for first, second, far in _candidates(rows):
        one, other = _root(leader, first), _root(leader, second)
        if one != other and _one_story(rows[first][0], rows[second][0], far, grams, vectors_of):
            leader[max(one, other)] = min(one, other)
    return {row[0]: rows[_root(leader, place)][0] for place, row in enumerate(rows)}


def shingles(text: str) -> set[str]:
    """The text's word 5-grams; all of it where it has fewer words."""
    words = _words(text)
    runs = zip(*(words[begin:] for begin in range(SHINGLE)), strict=False)
    return set(map(" ".join, runs)) or {" ".join(words)}


def contained(one: set[str], other: set[str]) -> float:
    """The share of the smaller set that stands in the other, 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))


def jaccard(one: set[str], other: set[str]) -> float:
    """What two sets have in common, of all they have, 0 to 1."""
    return len(one & other) / max(1, len(one | other))


def nearness(one: np.ndarray, other: np.ndarray) -> float:
    """How near two articles are by their passages' vectors of length 1 (n, dim): -1 to 1.

    The mean of two cosines: of the articles' mean vectors; and of each lead with what is nearest to it in the other,
    the smaller of both, as a page of shared furniture or background differs in its lead.
    """
    first, second, cosines = one.mean(axis=0), other.mean(axis=0), one @ other.T
    whole = float(first @ second) / max(1e-9, float(np.linalg.norm(first) * np.linalg.norm(second)))
    return (whole + float(min(cosines[0].max(), cosines[:, 0].max()))) / 2


def _one_story(one: str, other: str, far: bool, grams: Callable[[str], set[str]], vectors_of: Vectors | None) -> bool:
    """Do these two articles, far apart in time or not, tell one story?"""
    if jaccard(grams(one), grams(other)) >= NEAR:
        return True
    share = contained(grams(one), grams(other))
    if far or share + WEIGHT * (1 - ALIKE) < SAME_STORY:
        return False
    if vectors_of is None:
        return share >= SAME_STORY
    return share + WEIGHT * (nearness(vectors_of(one), vectors_of(other)) - ALIKE) >= SAME_STORY


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _candidates(rows: list[Row]) -> Iterator[tuple[int, int, bool]]:
    """Pairs of rows that agree in a band of their signatures, in order, and whether they lie far apart in time."""
    if not rows:
        return
    signatures = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.uint32).reshape(len(rows), PERMUTATIONS)
    days = np.array([row[1] or "NaT" for row in rows], dtype="datetime64[D]")
    found: set[int] = set()
    for band in range(PERMUTATIONS):  # each value stands in two bands
        columns = [(band + row) % PERMUTATIONS for row in range(ROWS)]
        for group in _equal(np.ascontiguousarray(signatures[:, columns]).view(np.uint64).ravel()):
            pairs = combinations(group, 2) if len(group) <= CROWD else pairwise(group)
            found.update(first * len(rows) + second for first, second in pairs)
    for pair in sorted(found):
        first, second = divmod(pair, len(rows))
        far = bool(abs(days[first] - days[second]) > np.timedelta64(DAYS, "D"))  # never, where a day is not known
        if (signatures[first] == signatures[second]).mean() >= (NEAR - SLACK if far else FEW):
            yield first, second, far


def _equal(values: np.ndarray) -> Iterator[list[int]]:
    """The places of each value that stands at several, ascending."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ascending[1:] != ascending[:-1])))
    ends = np.append(starts[1:], len(values))
    for place in np.flatnonzero(ends - starts > 1):
        yield order[starts[place] : ends[place]].tolist()


def _root(leader: list[int], place: int) -> int:
    while leader[place] != place:
        leader[place] = leader[leader[place]]
        place = leader[place]
    return place
