import pytest

from qa.repair import distance, repair

TEXTS = [
    "The Kursk Region fell.",
    "On Monday President Emmanuel Macron phoned Xi Jinping about North Korea. The call with Macron was long.",
]


def known(word: str) -> bool:
    return word in {"phone", "about", "calls", "really", "shortly"}


@pytest.mark.parametrize(
    ("rough", "right"),
    [
        ("when did macorn phone xi", "When did Macron phone Xi"),
        ("WHO PHONED JINPING", "Who phoned Jinping"),
        ("north koera", "North Korea"),
        ("Did Macron phone Putin?", "Did Macron phone Putin?"),
        ("calls", "Calls"),
        ("in which region", "In which region"),
        ("waht did macron want", "What did Macron want"),
        ("wher did macron phone xi", "Where did Macron phone Xi"),
        ("wat did macron say abt korea", "What did Macron say about Korea"),
        ("was it realy on monday", "Was it really on Monday"),
        ("what did maccron say", "What did Macron say"),
        ("what did macrons nk call say", "What did Macron's North Korea call say"),
        ("What did Washington say?", "What did Washington say?"),
    ],
)
def test_rough_questions_are_put_right(rough: str, right: str) -> None:
    assert repair(rough, TEXTS, known) == right


def test_a_seat_that_no_passage_names_becomes_the_one_they_do() -> None:
    texts = ["Moscow was told by the White House."]
    assert repair("What did the Kremlin hear from Washington?", texts, known) == (
        "What did Moscow hear from Washington?"
    )


def test_a_letter_is_sooner_left_out_than_typed_too_many() -> None:
    texts = ["Xi was in Beijing, being ready. It has really begun.", "Shortly after, Xi left."]
    assert repair("bejing trip of xi", texts, known) == "Beijing trip of Xi"
    assert repair("was it realy xi", texts, known) == "Was it really Xi"


def test_a_capital_that_only_opens_a_sentence_makes_no_name() -> None:
    texts = ["Shortly after, he called Xi."]
    assert repair("who did xi call shortly", texts, known) == "Who did Xi call shortly"
    assert repair("did washington call xi", texts, known) == "Did Washington call Xi"


@pytest.mark.parametrize(
    ("rough", "right"),
    [
        ("what did bill gates pay", "What did Bill Gates pay"),
        ("did the bill pass the gates", "Did the bill pass the gates"),
        ("who shut the garden gates", "Who shut the garden gates"),  # so written in a small letter, too
    ],
)
def test_two_common_words_that_are_a_name_only_together(rough: str, right: str) -> None:
    texts = ["The bill passed the gates: a man saw Bill Gates there. The old garden gates were Garden Gates once."]
    assert repair(rough, texts, lambda word: True) == right


@pytest.mark.parametrize(
    ("rough", "right"),
    [
        ("xi visit korea when", "When Xi visit Korea"),
        ("Xi visit Korea under which condition?", "Under which condition Xi visit Korea"),
        ("macron call how many hours", "How many hours Macron call"),
        ("Macron when?", "Macron when?"),
        ("Tell me who", "Tell me who"),
        ("What did he do when?", "What did he do when?"),
        ("Did Macron call, and when?", "Did Macron call, and when?"),
    ],
)
def test_words_that_ask_come_to_the_front(rough: str, right: str) -> None:
    assert repair(rough, TEXTS, known) == right


def test_short_and_distant_words_are_left_alone() -> None:
    assert repair("Zzz qwertyuiop", TEXTS, known) == "Zzz qwertyuiop"


@pytest.mark.parametrize(("a", "b", "edits"), [("korea", "koera", 1), ("macron", "macro", 1), ("abc", "xyz", 3)])
def test_distance(a: str, b: str, edits: int) -> None:
    assert distance(a, b, 2) == edits
