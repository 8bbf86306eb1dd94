"""What another telling of the same sentence says in place of a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retold import in_its_place

SAID = "A fire on Pier 9 killed nearly 12 people on Monday, April 3, the harbour police said."


@pytest.mark.parametrize(
    ("other", "value", "found"),
    [
        (SAID.replace("12", "15"), "12", "15"),
        (SAID.replace("nearly 12", "some 15"), "12", "some 15"),  # the word beside it differs as well
        (SAID.replace("the harbour police", "harbour officers").replace("12", "15"), "12", "15"),
        (SAID.replace("Monday, April 3,", "Tuesday, April 4,"), "Monday, April 3", "Tuesday, April 4"),
        (SAID.replace("A fire", "An explosion"), "A fire", "An explosion"),
        (SAID, "12", None),
        (SAID.replace("12", "twelve").replace("twelve", "12"), "12", None),
        ("Nearly 15 people died in the fire, police at the harbour said.", "12", None),  # another sentence
        ("", "12", None),
    ],
)
def test_the_words_in_a_values_place(other: str, value: str, found: str | None) -> None:
    start = SAID.index(value)
    place = in_its_place(SAID, start, start + len(value), other)
    assert (other[slice(*place)] if place else None) == found


@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_any_text_is_taken(sentence: str, other: str, start: int, length: int) -> None:
    place = in_its_place(sentence, min(start, len(sentence)), min(start + length, len(sentence)), other)
    assert place is None or 0 <= place[0] < place[1] <= len(other)
