import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.speech import another_speaks, asks_who_says, attribution, extent, names_speaker, speaker


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Macron expressed “deep concern” about the cooperation, the Elysee said.", "the Elysee"),
        ("That meeting was followed by several arms shipments, Seoul said.", "Seoul"),
        ("The White House said in October that 1,000 containers had been delivered.", "the White House"),
        ("According to Paris, Xi said he was ready to work with France.", "Paris"),
        ("“We hope that China will realize,” the French president added.", "the French president"),
        ("“The concern is about North Korea,” explained Emmanuel Macron’s entourage.", "Emmanuel Macron’s entourage"),
        ('"Refineries have closed," said Tom Kloza, head of analysis.', "Tom Kloza"),
        ("Troops will go to Poland, Pentagon press secretary John Kirby said Wednesday.",
         "Pentagon press secretary John Kirby"),
        ("It will stay warm, said AccuWeather meteorologist Adam Douty.", "AccuWeather meteorologist Adam Douty"),
        ("“I think so,” Jeff Jones, a senior editor at Gallup, told USA TODAY.", "Jeff Jones"),
        ("The rule ended at 12:01 a.m., according to a senior administration official.",
         "a senior administration official"),
        ("Doctors are 5.7% Black, according to the EPA.", "the EPA"),
        ("Police say two vehicles were involved.", "Police"),
        ("“I don't mind,” she said.", ""),
    ],
)  # fmt: skip
def test_who_says_it(sentence: str, who: str) -> None:
    found = attribution(sentence)
    assert found is not None
    assert found.who == who


@pytest.mark.parametrize(
    "sentence",
    [
        "Rain fell all day.",
        "A second case was confirmed in Texas by the U.S. Department of Agriculture.",
        "Wilmington lost the second game 6-5 as the Dash added runs in the seventh inning.",
        'Peacock streams all "Sunday Night Football" games.',
        "An estimated 129 hostages are still held.",
    ],
)
def test_the_articles_own_voice_is_nobodys_claim(sentence: str) -> None:
    assert attribution(sentence) is None


def spoken(sentence: str, words: str) -> str:
    start = sentence.index(words)
    return speaker(sentence, start, start + len(words))


def test_a_claim_reaches_as_far_as_the_sentence_says() -> None:
    assert spoken("Seoul said that a million shells were sent.", "a million shells") == "Seoul"
    assert spoken("A million shells were sent, Seoul said.", "A million shells") == "Seoul"
    assert spoken("Seoul said that a million shells were sent.", "Seoul") == ""  # who says it is not claimed by itself
    assert spoken("A million shells were sent.", "A million shells") == ""
    assert spoken("A million shells were sent, he said.", "A million shells") == ""


def test_who_said_it_is_answered_by_the_speaker() -> None:
    assert asks_who_says("Who said the cooperation would fuel the war?")
    assert not asks_who_says("Who opened the bridge?")
    sentence = "“It would fuel the war” against Ukraine, added the official."
    assert names_speaker(sentence) == "the official"
    assert names_speaker("The White House said so.") == "The White House"
    assert names_speaker("“So it is,” he said.") == ""


def test_what_one_said_is_not_what_another_told_him() -> None:
    told = "Russian General Staff Chief Valery Gerasimov told President Vladimir Putin that the troops fought well."
    assert another_speaks("What did Putin say about the troops?", told)
    assert another_speaks("Did Putin say anything about the troops?", told)
    assert not another_speaks("What did Gerasimov say about the troops?", told)
    assert not another_speaks("What did Russia say about the troops?", told)  # he may speak for it
    assert not another_speaks("What happened to the troops?", told)
    assert not another_speaks("What did Macron say?", "“The concern is about Korea,” explained Macron’s entourage.")
    assert not another_speaks("What did the Pentagon say?", "It is over, press secretary John Kirby said.")
    assert not another_speaks("What did Silva say?", "Rain fell.")


TALK = "Mayor Silva opened the bridge. “It took 9 years. It is ours now,” Silva said. He thanked the builders."


def shown(text: str, sentence: str, before: str, after: str) -> str:
    start = text.index(sentence)
    first = text.index(before) if before else start
    last = text.index(after) + len(after) if after else start + len(sentence)
    begin, end = extent(text, first, start, start + len(sentence), last)
    return text[begin:end]


def test_half_a_quotation_takes_the_sentence_that_names_its_speaker() -> None:
    first, second = "“It took 9 years.", "It is ours now,” Silva said."
    assert shown(TALK, first, "Mayor Silva opened the bridge.", second) == f"{first} {second}"
    assert shown(TALK, second, first, "He thanked the builders.") == f"{first} {second}"


def test_a_pronoun_takes_the_sentence_before() -> None:
    assert shown(TALK, "He thanked the builders.", "It is ours now", "") == TALK[TALK.index("It is ours") :]


def test_a_lone_quotation_takes_the_speaker_of_the_paragraph_before() -> None:
    text = "“It leaks,” Navsaria said.\n\n“We will mend it soon.”\n\nRain fell."
    assert shown(text, "“We will mend it soon.”", "“It leaks", "Rain fell.") == text[: text.index("\n\nRain")]


def test_an_accusation_is_shown_with_its_denial() -> None:
    claim, denial = "Officials accuse Silva of theft.", "Silva has always denied these claims."
    text = f"Rain fell. {claim} {denial} The bridge stands."
    assert shown(text, claim, "Rain fell.", denial) == f"{claim} {denial}"
    assert shown(text, denial, claim, "The bridge stands.") == f"{claim} {denial}"
    assert shown(f"{claim} The bridge stands.", claim, "", "The bridge stands.") == claim


def test_a_plain_sentence_stands_alone() -> None:
    text = "Silva said so.\n\nThe bridge cost 40 million euros. Rain fell."
    assert (
        shown(text, "The bridge cost 40 million euros.", "Silva", "Rain fell.") == "The bridge cost 40 million euros."
    )


@given(st.text(alphabet="Aa b,.\"“”'’said He\n", max_size=120), st.data())
def test_any_text_is_taken_and_the_sentence_stays_inside(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    before, start, end, after = cuts
    begin, stop = extent(text, before, start, end, after)
    assert before <= begin <= start <= end <= stop <= after or start == end
