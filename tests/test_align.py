import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.align import Differences, differences, nearest, sentences, tokens

TEXT = (
    "Macron signed 12 agreements with Xi in Beijing on Monday. He did not visit Tokyo. Mr. Xi praised the talks, "
    "officials said. “Trade grew 5%,” Macron said on June 3. At least 40 miners from the U.S. were paid $2.5 million."
)


def found(claim: str, told: str = "") -> set[str]:
    held = differences(claim, TEXT, told)
    return {name for name in Differences.__slots__ if getattr(held, name) and name not in ("uncovered", "unheld")}


@pytest.mark.parametrize(
    "claim",
    [
        "Macron signed 12 agreements with Xi in Beijing on Monday.",
        "Macron signed twelve agreements with Xi.",
        "On Monday, Macron signed 12 agreements with Xi in Beijing.",
        "Macron did not visit Tokyo.",
        "Macron said trade grew 5 percent.",
        "Trade grew 5 percent, Macron said on 3 June.",
        "Officials said Xi praised the talks.",
        "No fewer than 40 American miners were paid 2.5 million dollars.",
        "At least forty miners from the United States were paid $2,500,000.",
        "Macron signed 12 agreements with Xi in Beijing on Monday, and Xi praised the talks.",
    ],
)
def test_the_same_in_other_words_differs_in_nothing(claim: str) -> None:
    assert found(claim) == set()


@pytest.mark.parametrize(
    ("claim", "what"),
    [
        ("Macron signed 13 agreements with Xi.", "numbers_missing"),
        ("Macron signed 40 agreements with Xi.", "numbers_elsewhere"),
        ("Trade grew 5 points, Macron said on June 3.", "numbers_moved"),
        ("Putin signed 12 agreements with Xi in Beijing.", "names_missing"),
        ("Macron signed 12 agreements with Xi in Tokyo.", "names_exchanged"),
        ("Xi signed 12 agreements with Macron in Beijing.", "names_crossed"),
        ("Macron signed 12 agreements with Xi in Beijing on Friday.", "dates_missing"),
        ("Macron said trade grew 5% in July.", "dates_missing"),
        ("Macron did not sign 12 agreements with Xi.", "negations"),
        ("Macron visited Tokyo.", "negations"),
        ("At least 40 miners from the U.S. were paid $2.5 billion.", "numbers_missing"),
    ],
)
def test_each_change_is_named(claim: str, what: str) -> None:
    assert what in found(claim)


def test_what_is_told_of_a_text_is_known_too() -> None:
    claim = "Macron signed 12 agreements with Xi on 20 November 2023."
    assert {"numbers_missing", "dates_missing"} <= found(claim)
    assert found(claim, "Monday 20 November 2023") == set()


def test_nearest_sentences_stand_in_the_texts_order() -> None:
    assert nearest("Xi praised the talks, and Macron signed 12 agreements.", TEXT) == " ".join(
        [sentences(TEXT)[0], sentences(TEXT)[2]]
    )


def test_sentences_do_not_end_after_an_abbreviation() -> None:
    assert sentences("On Jan. 6 Mr. Xi met U.S. envoys. It rained.") == (
        "On Jan. 6 Mr. Xi met U.S. envoys.",
        "It rained.",
    )


def test_numbers_of_several_words_are_one_token() -> None:
    held = [(one.key, one.kind) for one in tokens("Twenty-one of 2.5 million left in May; he may too.", "")]
    assert held == [("21", "number"), ("of", "stop"), ("2500000", "number"), ("left", "word"), ("in", "stop"),
                    ("may", "date"), ("he", "stop"), ("may", "word"), ("too", "stop")]  # fmt: skip


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=120))
def test_any_two_texts_can_be_compared_and_a_text_holds_itself(claim: str, text: str) -> None:
    differences(claim, text)
    own = differences(text, text)
    assert (own.names_missing, own.numbers_missing, own.uncovered) == (0, 0, 0)
