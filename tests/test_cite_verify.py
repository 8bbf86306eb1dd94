import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import Claim, claims, marked
from qa.verify import supported

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
