"""The last few results of something that takes long, by what they were made from."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import numpy as np

from qa.retrieve import Embed

T = TypeVar("T")


class Memo(Generic[T]):
    """Keeps so many results; the one unused for longest goes first. Not safe between threads without a lock."""

    def __init__(self, most: int) -> None:
        """`most`: results kept."""
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result for the key, made when it is not there."""
        if key not in self._kept:
            self._kept[key] = make()
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def remembered(embed: Embed, most: int) -> Embed:
    """The same vectors; those of the last `most` texts are not made again. Not safe between threads without a lock."""
    kept: OrderedDict[str, np.ndarray] = OrderedDict()

    def embedded(texts: list[str]) -> np.ndarray:
        if new := [text for text in dict.fromkeys(texts) if text not in kept]:
            kept.update(zip(new, map(np.copy, embed(new)), strict=True))  # a row alone does not keep its whole table
        found = np.stack([kept[text] for text in texts])
        for text in texts:
            kept.move_to_end(text)
        while len(kept) > most:
            kept.popitem(last=False)
        return found

    return embedded
