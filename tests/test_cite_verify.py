from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import Claim, claims, marked
from qa.verify import Cited, check, known, supported

PASSAGE = "Macron signed 12 agreements with Xi in Beijing. He did not visit Tokyo. Mr. Xi praised the talks."


def test_marks_belong_to_the_sentence_before_them() -> None:
    found, stripped = claims("Macron met Xi. [1] They signed 12 deals [2][3]. Mr. Xi left [9].", 3)
    assert found == [Claim("Macron met Xi.", (1,)), Claim("They signed 12 deals.", (2, 3)), Claim("Mr. Xi left.", ())]
    assert stripped == 1


def test_a_list_of_numbers_in_one_mark() -> None:
    assert claims("It rained [1, 2; 2].", 2) == ([Claim("It rained.", (1, 2))], 0)


def test_marked_and_claims_are_inverse() -> None:
    assert claims(marked("It rained.", (2, 1)), 2) == ([Claim("It rained.", (2, 1))], 0)


@given(st.text(), st.integers(0, 5))
def test_no_draft_breaks_it(draft: str, known: int) -> None:
    found, _ = claims(draft, known)
    assert all(1 <= number <= known for claim in found for number in claim.numbers)


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("Macron signed 12 agreements with Xi in Beijing.", True),
        ("Macron signed twelve agreements with Xi.", True),
        ("Macron signed 13 agreements with Xi in Beijing.", False),
        ("Putin signed 12 agreements with Xi in Beijing.", False),
        ("In Beijing, Putin signed 12 agreements with Xi.", False),
        ("Macron did not sign agreements with Xi in Beijing.", False),
        ("The weather was fine all week along the coast.", False),
    ],
)
def test_supported(sentence: str, holds: bool) -> None:
    assert supported(sentence, [PASSAGE]) is holds


def test_nothing_cited_is_not_supported() -> None:
    assert not supported("Macron met Xi.", [])


def test_a_model_decides_where_the_words_are_the_sentences_own() -> None:
    asked: list[tuple[str, str]] = []

    def supports(pairs: Sequence[tuple[str, str]]) -> list[float]:
        asked.extend(pairs)
        return [0.9 if "deals" in claim else 0.1 for claim, _ in pairs]

    found = [
        Cited("The French leader concluded deals in the Chinese capital.", (PASSAGE,)),
        Cited("The weather was fine all week along the coast.", (PASSAGE,)),
        Cited("Macron signed 13 agreements with Xi in Beijing.", (PASSAGE,)),
        Cited("The French leader concluded 99 deals.", (PASSAGE,)),
        Cited("Macron signed 12 agreements.", ()),
    ]
    assert check(found, supports) == [True, False, False, False, False]
    assert [claim for claim, _ in asked] == [found[0].sentence, found[1].sentence], "what differs is not read"


def test_the_model_reads_the_nearest_sentences() -> None:
    texts: list[str] = []

    def supports(pairs: Sequence[tuple[str, str]]) -> list[float]:
        texts.extend(text for _, text in pairs)
        return [1.0] * len(pairs)

    assert supported("He did not visit Tokyo.", [PASSAGE], supports)
    assert texts == ["He did not visit Tokyo."]


def test_what_is_known_of_a_passage_beyond_its_words() -> None:
    told = known("It rained on Monday, and yesterday.", "A wet week", date(2023, 11, 22))
    assert told == "A wet week\nWednesday 22 November 2023\n20 November 2023\n21 November 2023"
    assert known("It rained on Monday.", "A wet week", None) == "A wet week"


def test_a_draft_loses_what_is_not_seen() -> None:
    assert claims("It \u202erained\u200b in\x1b[2J Oslo\U000e0041. [1]", 1) == (
        [Claim("It rained in [2J Oslo.", (1,))],
        0,
    )
