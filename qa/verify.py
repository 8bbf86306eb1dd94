"""Is each sentence supported by what it cites? For a chat model's drafts; the reader's sentences are cut."""

import re
from collections.abc import Callable, Sequence

from qa.words import content, fold, name_runs, numbers, vocabulary, words

NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor cannot without denied denies deny refused refuses refuse".split()
)
ENOUGH = 0.6  # share of a sentence's content words that its passages must hold

Supports = Callable[[Sequence[tuple[str, str]]], list[float]]  # (claim, text) -> how probably the text supports it


def supported(sentence: str, passages: list[str], supports: Supports | None = None) -> bool:
    """Whether the cited passages hold the sentence's names, numbers and most of its words, with the same negation."""
    if not passages:
        return False
    held = frozenset[str]().union(*(vocabulary(passage) for passage in passages))
    amounts = {number for passage in passages for number in numbers(passage)}
    stems = content(sentence)
    names = {fold(word) for run in name_runs(sentence) for word in words(run)}
    return (
        all(number in amounts for number in numbers(sentence))
        and names <= held
        and (not stems or sum(stem in held for stem in stems) / len(stems) >= ENOUGH)
        and _negated(sentence) == _negated(_nearest(sentence, passages))
    )


def _negated(text: str) -> bool:
    return any(fold(word) in NEGATIONS or fold(word).endswith("n't") for word in words(text))


def _nearest(sentence: str, passages: list[str]) -> str:
    """The sentence of the passages that shares most words with this one."""
    stems = set(content(sentence))
    pieces = [piece for passage in passages for piece in re.split(r"(?<=[.!?])[\"”’]?\s+", passage)]
    return max(pieces, key=lambda piece: len(stems & set(content(piece))))
