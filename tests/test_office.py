import pytest

from qa.office import anothers


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who is the foreign minister of China?", "They spoke before French Foreign Minister Catherine Colonna came."),
        ("Who is China's foreign minister?", "The foreign minister of France, Catherine Colonna, was there."),
        ("Who is the president of South Korea?", "Kim Jong-un met with Russian President Vladimir Putin."),
        ("Who is the president of South Korea?", "North Korea's president spoke."),
        ("Who is the foreign minister of China?", "He met Chinese President Xi Jinping on Monday."),
        ("Who became interim CEO of Chipotle?", "Niccol replaces Starbucks CEO Laxman Narasimhan."),
    ],
)
def test_the_holder_of_anothers_office_is_not_who_is_asked_for(question: str, text: str) -> None:
    assert anothers(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who is the foreign minister of China?", "Chinese Foreign Minister Wang Yi met his French counterpart."),
        ("Who is Japan's prime minister?", "Japanese Prime Minister Fumio Kishida met U.S. President Joe Biden."),
        ("Who is the president of South Korea?", "South Korean President Yoon met Russian President Vladimir Putin."),
        ("Who is the president of the United States?", "The White House said President Joe Biden would go."),
        ("Who is the president of the United States?", "On Monday President Joe Biden met French President Macron."),
        ("Who was the prime minister of Britain?", "Labour Prime Minister Keir Starmer spoke."),
        ("Who was elected president of Mexico?", "Russian President Vladimir Putin congratulated her."),
        ("Who became prime minister of Britain in July?", "Keir Starmer entered Downing Street and took office."),
        ("Who is the president of Russia?", "The Russian leader, Vladimir Putin, was at his presidential palace."),
        ("Who is the CEO of Boeing?", "Kelly Ortberg, Boeing's chief executive, was there."),
        ("Who met the president of Russia?", "French President Emmanuel Macron met him."),
    ],
)
def test_an_own_holder_one_of_nobody_and_another_question_are_no_sign(question: str, text: str) -> None:
    assert not anothers(question, text)


def test_long_runs_of_capitals_are_read() -> None:
    assert anothers(f"Who is the president of {'A' * 2000}?", f"{'B' * 50000} {'Cd ' * 20000}president")
