import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.exchange import people
from qa.followup import is_followup, may_lean, on_topic, standalone


@pytest.mark.parametrize(
    ("earlier", "answer", "question", "expected"),
    [
        ("When did Macron visit Beijing?", None, "why?", "Why did Macron visit Beijing?"),
        ("Where was the dialogue held?", None, "When was that?", "When was the dialogue held?"),
        ("What did Macron urge in 2023?", None, "And in 2024?", "What did Macron urge in 2024?"),
        ("What did Macron say?", None, "And what about Stoltenberg?", "What did Stoltenberg say?"),
        ("Where was it held?", None, "Who is Jens Stoltenberg?", "Who is Jens Stoltenberg?"),
        ("What did Holm say in Oslo?", None, "And in Bergen?", "What did Holm say in Bergen?"),
        (
            "What did Holm say about the strike?",
            None,
            "And in Bergen?",
            "What did Holm say about the strike in Bergen?",
        ),
        ("How many ships did Norway send?", "ten", "and how many planes?", "How many planes did Norway send?"),
        ("How many ships did Norway send?", "ten", "And planes?", "How many planes did Norway send?"),
        ("How many ships did Norway send?", "ten", "When did they say that?", "When did Norway say that ("),
        ("What did Holm say?", None, "No, I meant Berg", "What did Berg say?"),
        (
            "What did Holm say about the strike at the fair?",
            None,
            "And about pay?",
            "What did Holm say about pay at the fair?",
        ),
        ("Was France worried about the strike?", None, "what about the EU?", "Was the EU worried about the strike?"),
        ("What did Holm say about the strike?", None, "And Russia?", "What did Holm say about Russia?"),
        ("When did Holm visit China?", None, "And Germany?", "When did Holm visit Germany?"),
        ("What did Holm do in Paris?", None, "And South Korea?", "South Korea (Holm do in Paris)?"),
        ("How did the EU react to Russia's offer?", None, "And Japan?", "How did Japan react to Russia's offer?"),
        ("Who praised the Korean soldiers?", "Karl Holm", "Did they win?", "Did the Korean soldiers win"),
        (
            "What did Holm tell Berg about the Korean soldiers?",
            None,
            "Where did they fight?",
            "Where did the Korean soldiers fight",
        ),
        ("Did Holm speak of Korean arms?", None, "When did he say so?", "When did Holm say so ("),
        ("Did Holm and Berg see Korean arms?", None, "Did they react?", "Did Holm and Berg react ("),
        ("What did Holm say in Oslo?", None, "Was anyone else there?", "Was anyone else there (Holm say in Oslo)?"),
        ("What did Holm say in Oslo?", None, "Where in Oslo?", "Where in Oslo (Holm say in Oslo)?"),
        (
            "What did Holm say about the strike?",
            None,
            "And the Swedes, what did they say?",
            "What did the Swedes say about the strike?",
        ),
        (
            "What did Holm say about the strike?",
            None,
            "And what did Anna Berg say about that?",
            "What did Anna Berg say about the strike?",
        ),
        ("When did Holm go to Oslo?", None, "And Berg, when did he go there?", "When did Berg go to Oslo?"),
        (
            "Whose idea was it (a bridge in Oslo)?",
            "Karl Holm",
            "Why did he want one?",
            "Why did Karl Holm want one (a bridge in Oslo)?",
        ),
        ("Was France for it?", None, "Why did he say so?", "Why did he say so (France for it)?"),
        ("Did Holm back the strike?", None, "Why not?", "Why didn't Holm back the strike?"),
        ("Has Holm gone to Oslo?", None, "Since when?", "Since when has Holm gone to Oslo?"),
        (
            "Did Holm go to Oslo?",
            None,
            "Who did Berg ring up soon after it?",
            "Who did Berg ring up soon after it (Holm go to Oslo)?",
        ),
        ("Did Holm resign?", None, "OK, something else: who won the cup?", "Who won the cup?"),
        ("Has Holm gone to Oslo?", None, "When was that?", "When has Holm gone to Oslo?"),
        ("Who was against the strike?", "Karl Holm", "Why?", "Why was Karl Holm against the strike?"),
        ("What did Holm want from the union?", None, "And the EU?", "What did the EU want from the union?"),
        ("What did Holm tell Berg?", None, "What was his answer?", "What was Berg's answer (Holm tell Berg)?"),
        ("Did Holm meet Berg in France?", None, "What did they sign?", "What did Holm and Berg sign"),
        ("Tell me about the strike", None, "How long was it?", "How long was it (the strike)?"),
        ("Did Holm back the strike?", None, "And Anna Berg, did she?", "Did Anna Berg (Holm back the strike)?"),
        ("In which city was the fair held?", "Oslo", "When was that?", "When was the fair held in Oslo?"),
        ("In which city was the fair held?", None, "When was that?", "When was the fair held?"),
        ("Which country left the pact?", "Norway", "And who condemned it?", "Who condemned it (Norway left the pact)?"),
        (
            "Which former mayor won it?",
            "Holm",
            "And who condemned it?",
            "Who condemned it (former mayor won it)?",
        ),
        ("Did Holm resign?", None, "Says who?", "Who said so (Holm resign)?"),
        ("Did Holm meet Berg?", None, "what did the two men discuss", "What did Holm and Berg discuss"),
        ("Did Holm resign?", None, "Something else: who won the cup?", "Who won the cup?"),
        ("Does Holm want peace?", None, "and what about help for Kyiv?", "What did Holm say about help for Kyiv?"),
        ("Who is Anna Berg?", "the mayor", "Which bridge did she open?", "Which bridge did Anna Berg open?"),
        ("Did Karl Holm meet Anna Berg?", None, "What did she ask of him?", "What did Anna Berg ask of Karl Holm"),
        ("Who is fourth in line?", "Charlotte", "and the fifth?", "Who is the fifth in line?"),
        ("Who was the 2nd to fall?", "Berg", "And the third?", "Who was the third to fall?"),
        ("How many died (happened in the Oslo fire)?", "six", "Where did it start?", "Where did the Oslo fire start?"),
        ("How many died in the Oslo fire?", "six", "Who caused it?", "Who caused the Oslo fire?"),
        ("Who won the cup?", "Kentucky junior Ann Lee", "Where is she from?", "Where is Ann Lee from"),
        ("Who won the cup?", "Ann Lee of Kentucky", "Where is she from?", "Where is Ann Lee from"),
        ("By how much (Holm raise pay in 2019)?", None, "Was that fair?", "Was that fair (Holm raise pay in 2019)?"),
        ("How many ships sank?", "Twelve", "What were they carrying?", "What were the ships carrying"),
        ("Which tankers sank?", None, "Who owned them?", "Who owned the tankers"),
        ("Did Ursula von der Leyen go?", None, "Why did she go to Kyiv?", "Why did Ursula von der Leyen go to Kyiv"),
        ("Did Holm meet Berg?", None, "What did the two leaders sign?", "What did Holm and Berg sign"),
        (
            "When did Holm visit Oslo?",
            None,
            "What did Berg tell him he could do?",
            "What did Berg tell Holm he could do",
        ),
    ],
)
def test_forms_of_follow_up(earlier: str, answer: str | None, question: str, expected: str) -> None:
    assert standalone(question, earlier, answer).startswith(expected)


def test_a_pronoun_becomes_the_person_the_last_answer_named() -> None:
    made = standalone("What did he say about it?", "Who hosted Kim Jong Un?", "Vladimir Putin")
    assert made.startswith("What did Vladimir Putin say about it")
    assert "Kim Jong Un" in made


def test_a_pronoun_stays_with_whom_it_stood_for() -> None:
    earlier = "What did Holm say about Karl Berg (owns the paper)?"
    made = standalone("Why was he suspended?", earlier, None, "What did Holm say about him?")
    assert made.startswith("Why was Karl Berg suspended")
    assert standalone("Why was he suspended?", earlier, None, earlier).startswith("Why was Holm suspended")


@pytest.mark.parametrize(
    ("question", "may"),
    [
        ("How much money is missing?", True),
        ("How much did Holm take?", False),
        ("What is inflation?", False),
        ("By the way, how much does a stamp cost?", False),
    ],
)
def test_what_may_be_about_what_was_talked_of(question: str, may: bool) -> None:
    assert may_lean(question) is may


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_topic_stands_beside_the_question(question: str, earlier: str) -> None:
    assert on_topic(question, earlier).startswith(question.rstrip(" ?.!"))


def test_two_pronouns_are_two_people() -> None:
    made = standalone("Where did he host him?", "Who hosted Kim Jong Un in September?", "Vladimir Putin")
    assert made.startswith("Where did Vladimir Putin host Kim Jong Un")


def test_a_question_of_its_own_is_left_alone() -> None:
    assert standalone("What did Macron say when he met Xi?", "Who hosted Kim?", "Putin").endswith("he met Xi?")
    assert standalone("Where was the dialogue?", "", None) == "Where was the dialogue?"


def test_a_follow_up_that_says_all_it_asks_gets_no_topic() -> None:
    assert (
        standalone("What did he want China to do?", "Where did Macron meet Xi?") == "What did Macron want China to do?"
    )
    assert "(Macron meet Xi)" in standalone("What did he say about it?", "Where did Macron meet Xi?")


@pytest.mark.parametrize(
    "question", ["Will that work?", "Why?", "When was that?", "And then?", "What did they sign?", "how so"]
)
def test_what_leans_on_the_conversation(question: str) -> None:
    assert is_followup(question)


def test_places_are_not_people() -> None:
    assert people("Who did Macron meet in Beijing?") == ["Macron"]
