import pytest

from qa.office import office_of_another


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Who is the foreign minister of China?",
            "They spoke ahead of a visit to China by French Foreign Minister Ann Lee.",
        ),
        ("Who is the foreign minister of China?", "They spoke ahead of French Foreign Minister's China visit."),
        ("Who is China's foreign minister?", "The foreign minister of France, Catherine Colonna, was there."),
        ("Who is the foreign minister of China?", "Macron met Chinese President Xi Jinping on Monday."),
        ("Who is the president of South Korea?", "North Korean leader Kim met with Russian President Vladimir Putin."),
        ("And who is the current premier of Japan?", "British Prime Minister Keir Starmer flew to Japan."),
    ],
)
def test_the_holder_of_another_countrys_office_is_not_who_is_asked_for(question: str, text: str) -> None:
    assert office_of_another(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who is the foreign minister of China?", "Chinese Foreign Minister Wang Yi met his French counterpart."),
        (
            "Who is the foreign minister of China?",
            "Wang Yi, China's top diplomat, met French Foreign Minister Ann Lee.",
        ),
        (
            "Who is Japan's prime minister?",
            "Japanese Prime Minister Fumio Kishida met British Prime Minister Keir Starmer.",
        ),
        ("Who is the president of South Korea?", "South Korean President Yoon met Russian President Vladimir Putin."),
        ("Who is the president of Ukraine?", "Ukraine's Volodymyr Zelenskyy met US President Joe Biden."),
        (
            "Who is the president of the United States?",
            "U.S. President Joe Biden met French President Emmanuel Macron.",
        ),
        ("Who is the US president?", "Joe Biden is the 46th president of the United States."),
        ("Who is the prime minister of the United Kingdom?", "British Prime Minister Keir Starmer spoke."),
        ("Who is the president of China?", "Yesterday President Xi Jinping spoke."),
        ("Who is the prime minister of Spain?", "Spanish Prime Minister Pedro Sanchez spoke."),
        ("Who is the president of Iran meeting?", "He will see Chinese President Xi Jinping in Beijing."),
        (
            "Who is the president of the IOC?",
            "International Olympic Committee President Thomas Bach met French President Macron.",
        ),
        ("Who is the president of China?", "The Chinese leader, Xi Jinping, met U.S. Vice President Kamala Harris."),
        ("Who met the president of Russia?", "French President Emmanuel Macron met him."),
        ("What is US President Donald Trump's tariff?", "The tariff on Chinese goods is 145%."),
    ],
)
def test_an_own_holder_one_of_nobody_and_another_question_are_no_sign(question: str, text: str) -> None:
    assert not office_of_another(question, text)
