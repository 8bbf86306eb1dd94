"""Whether words, or a sentence, can answer a question."""

from datetime import date

import pytest

from ingest.article import Article
from qa.fit import does, entitles, fits, foreseen, introduces, itself, of_a_name, reports, suffers, suits, until_lately
from qa.mismatch import another_day, another_year, denies, groundless, lacks_kind, mismatch, undone
from qa.question import understand
from qa.words import vocabulary

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("question", "span", "right"),
    [
        ("When did it end?", "in March", True),
        ("When did it end?", "Lisbon", False),
        ("How many came?", "twelve ministers", True),
        ("How many came?", "the ministers", False),
        ("How long before the trip was that?", "just days earlier", True),
        ("How many came?", "just days earlier", False),
        ("How many came?", "Oct. 7", False),
        ("Who hosted Kim Jong Un?", "Kim Jong Un", False),  # only repeats the question
        ("Was it Kim or Xi?", "Kim", True),  # a choice
        ("Whom did Anna Berg meet?", "Foreign Minister Anna Berg", False),
        ("Who is Anna Berg?", "Foreign Minister Anna Berg", True),
        ("Director after Berg resigned", "Anna Berg", False),
        ("Director after Berg resigned", "Ole Holm", True),
        ("Which Berg resigned as director?", "Anna Berg", True),
        ("What is the name of Berg's wife?", "Anna Berg", True),
        ("Which team won, Berg or Holm?", "Ole Holm", True),
    ],
)
def test_spans_of_the_kind_asked_for(question: str, span: str, right: bool) -> None:
    assert fits(understand(question, TODAY), span) is right


@pytest.mark.parametrize(
    ("question", "lacking", "giving"),
    [
        ("In which language did they talk?", "They talked for an hour.", "They talked in Mandarin."),
        ("At what time of day did it begin?", "It began on Monday.", "It began at 9:30 on Monday."),
        ("How much did the bridge cost?", "The bridge has 40 arches.", "The bridge cost $40 million."),
        ("What does the firm pay Ann Lee?", "The firm pays Ann Lee.", "It pays her $400 a day."),
        ("What percentage voted?", "In all 400 voted.", "About 40 per cent voted."),
        ("How long did the talks last?", "The talks were tough.", "The talks lasted three hours."),
        ("How tall is the tower?", "The tower is 40 years old.", "The tower is 40 metres tall."),
        ("How many soldiers were sent?", "Soldiers were sent to the front.", "Dozens of soldiers were sent."),
        ("What colour was the car?", "The car was new.", "The car was dark blue."),
        ("How did Xi answer Macron?", "Macron told Xi of his concern.", "In response, Xi called for calm."),
        ("What did Xi reply to Macron?", "Macron told Xi of his concern.", "In return, Xi called for calm."),
    ],
)
def test_a_kind_of_answer_that_would_show(question: str, lacking: str, giving: str) -> None:
    asked = understand(question, date(2025, 6, 1))
    assert lacks_kind(asked, lacking) and not lacks_kind(asked, giving)
    assert not lacks_kind(understand("Who came?", date(2025, 6, 1)), lacking)


def test_a_number_of_minutes_is_asked_in_minutes() -> None:
    asked = understand("How many minutes did the call last?", TODAY)
    assert lacks_kind(asked, "They spoke on November 20.")
    assert not lacks_kind(asked, "The call took forty minutes.")
    assert not lacks_kind(understand("How many days was he away?", TODAY), "It was a three-day trip.")


@pytest.mark.parametrize(
    ("question", "text", "denied"),
    [
        ("Why did Holm condemn the plan?", "Holm has refused to condemn the plan.", True),
        ("Why did Holm not condemn the plan?", "Holm has refused to condemn the plan.", False),
        ("Did Holm condemn the plan?", "Holm has refused to condemn the plan.", False),
        ("Why did Holm condemn the plan?", "Holm condemned the plan, which he had not read.", False),
    ],
)
def test_what_a_question_takes_for_granted_may_be_denied(question: str, text: str, denied: bool) -> None:
    assert denies(understand(question, TODAY), text) is denied


@pytest.mark.parametrize(
    ("question", "behind", "introduced"),
    [
        ("Whom did Anna Berg meet?", " Anna Berg, who came", True),
        ("Whom did Anna Berg meet?", " of Norway met Anna Berg", False),
        ("Who beat Anna Berg?", " ally Anna Berg", True),
        ("Who appointed Anna Berg?", " appointee Anna Berg", False),
        ("Who is Anna Berg?", " Anna Berg", False),
        ("What did Anna Berg open?", " Anna Berg", False),
    ],
)
def test_a_title_before_a_name_of_the_question_is_that_person(question: str, behind: str, introduced: bool) -> None:
    assert introduces(understand(question, TODAY), behind) is introduced


@pytest.mark.parametrize(
    ("question", "before", "same"),
    [
        ("Who killed the UnitedHealthcare CEO?", "the death of UnitedHealthcare CEO ", True),
        ("Who killed the UnitedHealthcare CEO?", "the UnitedHealthcare CEO, ", True),
        ("Who killed the UnitedHealthcare CEO?", "the UnitedHealthcare CEO was killed by ", False),
        ("Who is the UnitedHealthcare CEO?", "the death of UnitedHealthcare CEO ", False),
        ("Who won Best Actor?", "Best Actor ", False),
        ("Which Boeing CEO stepped down?", "Boeing CEO ", False),
        ("Who sued Boeing CEO Dave Calhoun?", "former Boeing CEO ", False),
        ("When was the UnitedHealthcare CEO killed?", "UnitedHealthcare CEO ", False),
        ("Who spoke of the end?", "of the ", False),
        ("Who fell?", "", False),
    ],
)
def test_a_name_called_what_the_question_calls_it_is_the_one_asked_about(
    question: str, before: str, same: bool
) -> None:
    assert itself(understand(question, TODAY), before) is same


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("In which language did they talk?", "The French Foreign Minister came.", True),
        ("In which language did they talk?", "They spoke in French.", False),
        ("What is the name of Holm's wife?", "Holm came with his brother.", True),
        ("What is the name of the ship that sank?", "The ship Vega sank.", False),
        ("What is the name of the ship Anna Lee built?", "The ship Vega sank.", False),
        ("What is the name of the so-called Bread King who was jailed?", "The Bread King is Vega.", False),
        ("Name of the ship you can visit since March", "Vega is a ship at Porto.", False),
        ("What is the name of the cook charged over it?", "The cook Ann Lee was charged.", False),
        ("What is the name of the cook charged over it?", "Ann Lee was charged.", True),
        ("What is the name of the second Vega cook?", "Another cook of Vega is Ann Lee.", False),
        ("What is the name of the newly found planet?", "Vega 2 is a planet.", False),
        ("How high a tariff did they set?", "They set a tariff of 25%.", False),
        ("How many percent voted?", "In all 40% voted.", False),
    ],
)
def test_kinds_of_answer_that_would_show(question: str, text: str, lacks: bool) -> None:
    assert lacks_kind(understand(question, TODAY), text) is lacks


@pytest.mark.parametrize(
    ("question", "sentence", "another"),
    [
        ("What share did Pratt have on June 7?", "On June 5, Pratt stood at 28%.", True),
        ("What share did Pratt have on June 7?", "On Friday, June 5, Pratt stood at 28%.", True),
        ("What share did Pratt have on June 7?", "On June 7, Pratt stood at 27%.", False),
        ("What share did Pratt have on June 7?", "Pratt stood at 27% on Sunday.", False),
        ("What share did Pratt have?", "On June 5, Pratt stood at 28%.", False),
        ("When after June 7 was the count?", "On June 9, the count ended.", False),  # another day is the answer
    ],
)
def test_a_sentence_that_opens_with_another_date(question: str, sentence: str, another: bool) -> None:
    assert another_day(understand(question, TODAY), sentence) is another


@pytest.mark.parametrize(
    ("question", "sentence", "published", "another"),
    [
        ("Whom did they pick in 2017?", "They picked Bender last year.", date(2017, 6, 22), True),
        ("Whom did they pick in 2017?", "They picked Bender last year.", date(2018, 6, 22), False),
        ("Whom did they pick in 2017?", "They pick again next year.", date(2017, 6, 22), True),
        ("Whom did they pick in 2017?", "In 2017 they picked Bender, last year Moss.", date(2017, 6, 22), False),
        ("Whom did they pick in 2017?", "They picked last year's champion.", date(2017, 6, 22), False),
        ("Whom did they pick in 2017?", "They picked Bender last year.", None, False),
        ("Whom did they pick?", "They picked Bender last year.", date(2017, 6, 22), False),
        ("What did they ban in 2017?", "They banned it, beginning next year.", date(2017, 6, 22), False),
        ("When was it in 2017?", "In 2016 it was late, but this year it came on May 8.", date(2017, 6, 22), False),
    ],
)
def test_last_year_is_not_the_year_asked_about(
    question: str, sentence: str, published: date | None, another: bool
) -> None:
    assert another_year(understand(question, TODAY), sentence, published) is another


@pytest.mark.parametrize(
    ("question", "before", "behind", "found"),
    [
        ("Which company was robbed?", "", " reported.", True),
        ("Which company was robbed?", "", " reported a loss.", False),
        ("Which paper reported the theft?", "", " reported.", False),
        ("What is the name of the officer?", "An officer, cited by ", ", said so.", True),
        ("Which agency was cited by the officer?", "An officer, cited by ", ", said so.", False),
    ],
)
def test_who_reported_a_thing_is_no_answer_unless_asked_for(
    question: str, before: str, behind: str, found: bool
) -> None:
    assert reports(understand(question, TODAY), before, behind) is found


@pytest.mark.parametrize(
    ("question", "span", "fit"),
    [
        ("In which city did they meet?", "Nevada", False),
        ("In which city did they meet?", "the United Kingdom", False),
        ("In which city did they meet?", "Las Vegas, Nevada", True),
        ("In what capital city did they meet?", "Singapore", True),
        ("In which country did they meet?", "Texas", False),
        ("In which country did they meet?", "Georgia", True),
        ("Which U.S. state did they meet in?", "Mexico", False),
        ("Which state department helped?", "Mexico", True),
        ("Where did they meet?", "Nevada", True),
    ],
)
def test_a_state_is_no_city(question: str, span: str, fit: bool) -> None:
    assert fits(understand(question, TODAY), span) is fit


@pytest.mark.parametrize(
    ("question", "span", "right"),
    [
        ("Who is Kamala Harris's running mate?", "Vice President Kamala Harris", False),
        ("Who is Kamala Harris's running mate?", "Harris is choosing her running mate", False),
        ("Who is Kamala Harris' running mate?", "Tim Walz", True),
        ("Who is Joe Biden's wife?", "Jill Biden", True),
        ("Who is the wife of Joe Biden?", "President Joe Biden", False),
        ("Who is the wife of Joe Biden?", "Jill Biden", True),
        ("What is the name of her new album?", "April 19", False),
        ("Which album is out?", "April 19", False),
        ("Which day was it?", "April 19", True),
        ("Who won the race?", "The American sprinter", False),
        ("Whom did Xi meet?", "the French president", True),
    ],
)
def test_nobody_is_his_own_mate_and_a_day_is_no_name(question: str, span: str, right: bool) -> None:
    assert fits(understand(question, TODAY), span) is right


@pytest.mark.parametrize(
    ("question", "sentence", "missed"),
    [
        ("Who won the 2024 World Series?", "The Dodgers last won it in 2020.", True),
        ("Who won the 2024 World Series?", "The 2023 World Series went to the Rangers.", True),
        ("Who won the 2024 World Series?", "The Dodgers won, as in 2020 so in 2024.", False),
        ("Who won the 2024 World Series?", "The Dodgers won for the first time since 2020.", False),
        ("Who won the 2024 World Series?", "The Dodgers won it, worth $2020.", False),
        ("Who won the World Series?", "The Dodgers last won it in 2020.", False),
        ("Who is the prime minister of Britain?", "Liz Truss, the former Tory prime minister, was there.", True),
        ("Who is the prime minister of Britain?", "Keir Starmer followed the former prime minister.", True),
        ("Who is the prime minister of Britain?", "Starmer, prime minister now, met a former prime minister.", False),
        ("Who was the prime minister of Britain?", "Liz Truss, the former prime minister, was there.", False),
        ("Who is the former prime minister?", "Liz Truss, the former prime minister, was there.", False),
        ("What did Boeing say about the door?", "The door is used on most planes.", True),
        ("What did Boeing say about the door?", "Boeing apologised for the door.", False),
        ("What did Boeing say about the door?", "“The door held.”", False),
        ("What do the papers say about the door?", "The door is used on most planes.", False),
    ],
)
def test_another_year_a_former_holder_and_nothing_said_cannot_answer(
    question: str, sentence: str, missed: bool
) -> None:
    assert mismatch(understand(question, TODAY), sentence, date(2024, 11, 3)) == float(missed)


@pytest.mark.parametrize(
    ("question", "span", "own"),
    [
        ("Who killed Brian Thompson?", "the Vega CEO", True),
        ("Who killed Brian Thompson?", "Ann Lee", False),
        ("Who is Brian Thompson?", "Vega CEO", False),
        ("When was Brian Thompson killed?", "Vega CEO", False),
    ],
)
def test_an_office_of_a_person_of_the_question_is_nobody_else(question: str, span: str, own: bool) -> None:
    text = "Vega CEO killed in shooting. Police mourned Vega CEO Brian Thompson."
    assert entitles(understand(question, TODAY), span, text) is own


@pytest.mark.parametrize(
    ("question", "before", "lately"),
    [
        ("Who is the new leader of Sodal?", "after the assassination of the group's ", True),
        ("Who is the new leader of Sodal?", "Sodal is led by ", False),
        ("Who was the leader of Sodal?", "after the assassination of ", False),
        ("Who is charged with the murder?", "after the assassination of ", False),
    ],
)
def test_who_has_lost_an_office_does_not_hold_it(question: str, before: str, lately: bool) -> None:
    assert until_lately(understand(question, TODAY), before) is lately


@pytest.mark.parametrize(
    ("question", "behind", "subject"),
    [
        ("Who did Harris choose?", ", who chose Harris four years ago", True),
        ("Who did Harris choose?", ", whom Harris chose", False),
        ("Whom did Berg beat?", " beat Berg in two sets", True),
        ("Whom did Berg beat?", " lost to Berg", False),
        ("Who was picked as judge?", " nominated former Mayor Lee", True),
        ("Who was picked as judge?", ", nominated by the mayor", False),
        ("Who was killed?", " killed in the crash", False),
        ("Who killed the man?", " killed the man", False),
    ],
)
def test_who_does_a_thing_is_not_whom_it_is_done_to(question: str, behind: str, subject: bool) -> None:
    assert does(understand(question, TODAY), behind) is subject


@pytest.mark.parametrize(
    ("question", "before", "behind", "of_another"),
    [
        ("When was he pardoned?", "likened it to the ", ", Capitol riot", True),
        ("When was the riot?", "likened it to the ", ", Capitol riot", False),
        ("When was he pardoned?", "it was on ", " that he was", False),
        ("When was he pardoned?", "in the ", " season", False),
        ("Who was pardoned?", "likened it to the ", ", Capitol riot", False),
    ],
)
def test_a_time_in_the_name_of_another_thing_is_not_asked_for(
    question: str, before: str, behind: str, of_another: bool
) -> None:
    assert of_a_name(understand(question, TODAY), "Jan. 6, 2021", before, behind) is of_another


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("When did it make landfall?", "It is expected to be weaker when it comes ashore ", True),
        ("When did it make landfall?", "It was expected to turn. It made landfall ", False),
        ("When is it to make landfall?", "It is expected to make landfall ", False),
        ("When was it expected to make landfall?", "It is expected to make landfall ", False),
        ("When was the record set for the marathon?", "It is expected to fall ", True),
        ("When was landfall set for?", "It is expected to make landfall ", False),
        ("Where did it make landfall?", "It is expected to make landfall ", False),
    ],
)
def test_a_time_that_was_expected_is_not_when_it_happened(question: str, before: str, expected: bool) -> None:
    assert foreseen(understand(question, TODAY), before) is expected


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("Why did Macron resign?", "Macron spoke of Russia.", False),
        ("why did macron resign", "Macron spoke of Russia.", True),  # he might be a deed: nothing tells names here
        ("How come Macron resigned?", "How Russia may come to talks, Macron said.", False),
        ("Why did Macron resign?", "The resignation of Macron came late.", True),
        ("Why did Macron quit?", "Macron resigned.", True),
        ("Why did Macron meet Xi?", "Macron met Xi.", True),
        ("Why did Macron choose Barnier?", "Macron chose Barnier.", True),
        ("Why did Macron hide it?", "Macron hid it.", True),
        ("Why did Macron ride a bus?", "Macron rode home.", True),
        ("Why did Macron win?", "Macron won.", True),
        ("Why did Xi criticize the West?", "Xi criticized the West.", True),
        ("Why Macron?", "Xi spoke.", True),
        ("When did Macron resign?", "Macron spoke of Russia.", True),
    ],
)
def test_why_wants_an_article_that_has_a_word_of_what_is_to_be_explained(question: str, text: str, told: bool) -> None:
    assert groundless(understand(question, TODAY), vocabulary(text)) is not told


@pytest.mark.parametrize(
    ("question", "text", "only"),
    [
        ("Who won the vote?", "Holm could win the vote.", True),
        ("Who won the vote?", "Holm, who won the vote, will speak.", False),
        ("Who will win the vote?", "Holm could win the vote.", False),
        ("When did it reach Lisbon?", "It is likely to reach Lisbon on Friday.", True),
        ("When did it reach Lisbon?", "It reached Lisbon on Friday and could reach Porto.", False),
        ("Who won the vote?", "Holm just missed out on winning the vote.", True),
        ("Who won the vote?", "Holm has never won a vote.", True),
        ("Who never won the vote?", "Holm has never won a vote.", False),
        ("Who won the vote?", "Holm spoke.", False),
        ("How much did they agree to pay?", "They said that they will pay 40 dollars.", False),
        ("How many did they lose after its endorsement?", "Not to print an endorsement cost them 400.", False),
        ("When did the storm hit the coast?", "The storm came on May 3, though it could hit Porto.", False),
    ],
)
def test_what_may_be_is_not_what_was(question: str, text: str, only: bool) -> None:
    assert undone(understand(question, TODAY), text) is only
    assert mismatch(understand(question, TODAY), text, None) == float(only)


@pytest.mark.parametrize(
    ("question", "before", "done_to_him"),
    [
        ("Who is charged with killing the Vega CEO?", "the man suspected of killing ", True),
        ("Who killed the Vega CEO?", "who shot ", True),
        ("Who killed the Vega CEO?", "The CEO was shot by ", False),
        ("Who shot the Vega CEO?", "The shooter is ", False),
        ("Who shot the Vega CEO?", "He was killed when ", False),
        ("Who was killed in the attack?", "the man suspected of killing ", False),
        ("Who spoke of killing the CEO?", "the man suspected of killing ", False),
    ],
)
def test_who_suffers_a_deed_did_not_do_it(question: str, before: str, done_to_him: bool) -> None:
    assert suffers(understand(question, TODAY), before) is done_to_him


def test_a_league_is_no_team_and_a_name_beside_the_answer_none() -> None:
    text = "The Indiana Fever picked her first in the WNBA draft. Biden, who chose Harris, spoke."
    article = Article("a", "a", text)

    def suit(question: str, span: str) -> bool:
        start = text.index(span)
        return suits(understand(question, TODAY), article, start, start + len(span))

    assert suit("Which team drafted Ann Lee?", "Indiana Fever") and not suit("Which team drafted Ann Lee?", "WNBA")
    assert suit("Who chose Harris?", "Biden") and not suit("Who did Harris choose?", "Biden")
