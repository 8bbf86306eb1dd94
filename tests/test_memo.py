"""What was made lately is not made again."""

from functools import partial

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.memo import Memo, remembered


def test_the_one_unused_for_longest_goes_first() -> None:
    made: list[str] = []
    memo = Memo[str](2)

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in "abacb":
        assert memo.get(key, partial(make, key)) == key
    assert made == ["a", "b", "c", "b"]


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6), max_size=8), st.integers(1, 8))
def test_remembered_vectors_are_those_of_their_texts(asked: list[list[str]], most: int) -> None:
    embedded = remembered(lambda texts: np.array([[ord(text), 1.0] for text in texts], dtype=np.float32), most)
    for texts in asked:
        assert embedded(texts)[:, 0].tolist() == [ord(text) for text in texts]


def test_only_new_texts_are_embedded() -> None:
    seen: list[list[str]] = []

    def embed(texts: list[str]) -> np.ndarray:
        seen.append(texts)
        return np.zeros((len(texts), 2), dtype=np.float32)

    embedded = remembered(embed, 3)
    for texts in (["a", "b", "a"], ["b", "c"], ["a", "d"], ["b"]):
        embedded(texts)
    assert seen == [["a", "b"], ["c"], ["d"], ["b"]]
