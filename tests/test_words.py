import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.words import content, fold, name_runs, names, numbers, stem, vocabulary, years


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Élysée's", "elysee"), ("U.S.", "us"), ("U.S", "us"), ("2.5", "2.5"), ("leaders’", "leaders"), ("NATO", "nato")],
)
def test_fold_drops_case_accents_dots_and_possessive(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_stem_lets_forms_of_a_word_meet() -> None:
    assert stem("visited") == stem("visits") == stem("visit")
    assert stem("troops") == stem("troop")
    assert stem("China") == "china"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("more than 1,000 containers", [1000.0]),
        ("a million shells", [1_000_000.0]),
        ("twenty-one of 2.5 billion", [21.0, 2.5e9]),
        ("signed twelve deals and two hundred and five letters", [12.0, 205.0]),
        ("no numbers here", []),
    ],
)
def test_numbers_in_digits_and_words(text: str, found: list[float]) -> None:
    assert numbers(text) == found


def test_years_are_not_cut_from_longer_numbers() -> None:
    assert years("in 2023, not 12023 or 2023.5 or 1,950") == [2023]


def test_names_by_capitals() -> None:
    assert names("What did Macron say in Kiev?") == ["macron", "kyiv"]
    assert names("Who fell in Oxnard on Tuesday, March 25, 2025?") == ["oxnard"]
    assert names("WHAT DID MACRON SAY") == []
    assert names("Roughly how many Western troops in N Korea?") == ["korea"]
    assert names("Did the United States tell the European Union?") == ["us", "eu"]
    assert set(names("The North Koreans and Franco-Chinese deals")) <= vocabulary("Pyongyang, Paris and Beijing")
    assert name_runs("Did Xi Jinping's envoy meet Kim Jong-un?") == ["Xi Jinping", "Kim Jong-un"]


def test_content_leaves_out_function_words() -> None:
    assert content("What did the leaders say about the agreements?") == [stem("leaders"), stem("agreements")]


def test_vocabulary_unifies_variants_of_names() -> None:
    assert {"kyiv", "north", "korea"} <= vocabulary("Kiev and the DPRK")


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert all(word == fold(word) or word for word in vocabulary(text))
    numbers(text), names(text), name_runs(text), content(text), years(text)
