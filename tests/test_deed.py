import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.deed import lacks_deed, of_another


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("Who replaced Holm as coach of the Bears?", "The owner, Ann Lee, came with Holm, the former coach.", True),
        ("Who replaced Holm as coach of the Bears?", "Ann Lee takes over from Holm.", False),
        ("Who followed Holm as chair?", "Holm, the chair, met Ann Lee.", True),
        ("Who followed Holm to the door?", "Holm went, and Ann Lee behind him.", False),  # no office
        ("Acting director after Holm resigned", "Holm, the director, met Ann Lee.", True),
        ("Acting director after Holm resigned", "Ann Lee is acting director.", False),
        ("What new weapon was shown after the parade?", "A Vega missile was shown.", False),  # no office
        ("Who beat Holm in the vote?", "Ann Lee and Holm spoke at the school.", True),
        ("Who beat Holm in the vote?", "Holm lost to Ann Lee.", False),
        ("What did Holm die of?", "The flags were lowered for Holm on Monday.", True),
        ("What did Holm die of?", "Holm had cancer.", False),
        ("How many people were killed in the fire?", "The fire began at 40 places.", True),
        ("How many people were killed in the fire?", "The fire took 40 lives.", False),
        ("Which coach was fired in May?", "Holm, the coach, spoke in May.", True),
        ("How many missiles were fired?", "They launched 40 missiles.", False),
        ("Which country banned the app?", "The app is known in Norway.", True),
        ("Who was acquitted?", "Holm came to the court.", True),
        ("Who was acquitted?", "Holm was found not guilty.", False),
        ("Who came?", "Ann Lee came.", False),
        ("What did the New York governor say after the vote?", "She will stay.", False),
        ("Who will pay to replace the bridge?", "The state will pay.", False),
        ("Who succeeded in crossing the lake?", "Ann Lee crossed it.", False),
        ("Who took over Elmford in 2021?", "The rebels captured it.", False),
        ("Who toppled Holm?", "Rebels overthrew Holm.", False),
        ("Who beat the Bears?", "The Lions stunned the Bears 40-22.", False),
        ("How many rockets were fired?", "Guns intercepted 15 rockets.", False),
        ("What did Holm found after the firm banned him?", "He founded Vega.", False),
    ],
)
def test_a_sentence_must_tell_of_the_deed_asked_about(question: str, text: str, lacks: bool) -> None:
    assert lacks_deed(question, text) is lacks


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("Who was the No. 1 pick?", "The Hawks took Lee with the No. 44 pick.", True),
        ("Who was the No. 1 pick?", "Lee was the No. 1 pick, Holm the No. 44 pick.", False),
        ("Who lost Game 7?", "The Bears lost game 3.", True),
        ("Who lost Game 7?", "The Bears lost Game Seven.", False),
        ("Who won Super Bowl 58?", "The Bears won Super Bowl LVIII.", False),
        ("Who won Super Bowl 58?", "The Bears won Super Bowl LIV.", True),
        ("Who won Super Bowl 2024?", "The Bears won Super Bowl 58.", False),  # a year
        ("Who won the men's race?", "Ann Lee won the women's race.", True),
        ("Who won the men's race?", "Ann Lee and Ole Holm won the women's and the men's race.", False),
        ("Who won the race?", "Ann Lee won the women's race.", False),
        ("Who won best director at the Oscars?", "Lee won the Oscar for best actress.", True),
        ("Who won best director at the Oscars?", "It won best film, director and score.", False),
        ("Who won best supporting actor at the Oscars?", "Lee won best actor.", True),
        ("Who has the best chance to win?", "Lee has the best odds.", False),  # no prize
        ("What won best show?", "Vega won best comedy.", True),
        ("What won best show?", "Vega won best series.", False),
        ("Who won best actor?", "Lee won lead actor, for his best role.", False),
        ("When does season 3 begin?", "It returns in May, two years after season 2 ended.", False),
        ("Who won the men's race?", "Lee won it, a day after Holm won the women's race.", False),
        ("Who was the No. 1 pick?", "Lee was taken first, Holm with the No. 2 pick.", False),
        ("Why has no one come?", "No two came last week.", False),
    ],
)
def test_another_contest_than_the_one_asked_about(question: str, text: str, another: bool) -> None:
    assert of_another(question, text) is another


NAMED = st.lists(
    st.sampled_from(
        "who won replaced best show director season No. game 7 VI ２ women's men's died fired was ,".split()
    )
)


@given(NAMED, NAMED)
def test_no_words_are_too_odd_to_compare(question: list[str], text: list[str]) -> None:
    asked, told = " ".join(question), " ".join(text)
    assert lacks_deed(asked, told) in (True, False)
    assert not of_another(asked, asked)  # what the question says is of its own contest
    assert of_another(asked, told) in (True, False)
