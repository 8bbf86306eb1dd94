"""What a name is: which questions ask for it, and which sentences say it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article
from ingest.store import Store
from qa.ask import Asker
from qa.config import DEFAULT
from qa.question import defines
from tests import readers
from tests.conftest import fake_embed
from tests.readers import article


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is Ann Lee?", "Ann Lee"),
        ("Who's Xi Jinping", "Xi Jinping"),
        ("What is the Brennan Center for Justice?", "Brennan Center for Justice"),
        ("And what exactly are tariffs?", "tariffs"),
        ("Who is the prime minister of Israel?", ""),
        ("Who is Ann Lee's adviser?", ""),
        ("Who is Xi meeting?", ""),
        ("What is a tariff worth?", ""),
        ("What is new?", ""),
        ("What is climate change?", "climate change"),
        ("What is quiet quitting?", "quiet quitting"),
        ("What is the strike?", ""),  # a certain one
        ("What was stolen?", ""),
        ("What are scientists warning?", ""),
        ("What is the virus called?", ""),
        ("Where is Rome?", ""),
    ],
)
def test_which_questions_ask_what_a_name_is(question: str, name: str) -> None:
    assert defines(question) == name


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert defines(text) in text


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("Who is Ann Lee?", "Ann Lee, the mayor of Porto, said on Monday that Rome sleeps.", "the mayor of Porto"),
        ("Who is Ann Lee?", "Lee was one of the first judges of Porto, and rich.", "one of the first judges of Porto"),
        ("Who is Ann Lee?", "Ann Lee, a cousin of the king, met Ann Lee, a judge.", "a cousin of the king"),
        ("What is the Lee Center?", "The Lee Center for Peace (LCP), an institute, is shut.", "an institute"),
        ("Who is Ann Lee?", "It went to Porto Paper owner Ann Lee. She fined Porto Paper.", "Porto Paper owner"),
        ("Who is Ann Lee?", "He met the costar Ann Lee in Rome.", "Rome"),  # no role: the reader's
        ("Who is Ann Lee?", "He met former U.S. senator Ann Lee in Rome.", "former U.S. senator"),
        ("What is Leepox?", "Leepox is a virus. Rain fell.", "a virus"),
        ("Who is Ann Lee?", 'Ann Lee, the star of "A" and "Big Sea," has died.', 'the star of "A" and "Big Sea,"'),
        ("What is Leepox?", "Dr. Moss likes Leepox in Rome.", None),  # says nothing of what it is
        ("What is Leepox?", "“Leepox is a hoax,” said Moss.", None),  # what somebody thinks
        ("What is Leepox?", "Leepox, the mayor said, is gone from Rome.", None),
    ],
)
def test_what_a_sentence_says_a_name_is(
    question: str, text: str, short: str | None, tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]
) -> None:
    articles = [article("one", f"{text} Tom Lee, a baker of Rome, praised Ann Lee and Leepox.", date(2024, 3, 1))]
    with Store.open(make_store(tmp_path / "store", articles)) as store:
        asker = Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION, DEFAULT)
        answer = asker.ask(question, as_of=date(2024, 6, 1))
        assert answer.short == short
        assert asker.ask("Who is Bob Ray?", as_of=date(2024, 6, 1)).refused  # no article names him
