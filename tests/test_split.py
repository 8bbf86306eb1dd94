"""Sentences and passages: exact offsets, nothing lost, never across paragraphs."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import syntok.segmenter
from hypothesis import given
from hypothesis import strategies as some
from syntok._segmentation_states import State

from ingest import split as module
from ingest.article import Article
from ingest.paragraphs import paragraphs
from ingest.split import LONGEST, TARGET, sentences, split

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
TEXTS = some.lists(
    some.sampled_from(
        [
            "He said so.",
            " “No”",
            "\n",
            "\n\n",
            " U.S. troops",
            ' "Go."',
            "”",
            " word" * 30,
            "A heading",
            " 3.5%",
            "!",
            " (",
            "é",
        ]
    ),
    max_size=40,
).map("".join) | some.text(max_size=300)


def said(text: str) -> list[str]:
    return [text[begin:end] for begin, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gen. Valery Gerasimov spoke. Mr. Biden left.", ["Gen. Valery Gerasimov spoke.", "Mr. Biden left."]),
        ("The U.S. and Seoul agreed. Later, they met.", ["The U.S. and Seoul agreed.", "Later, they met."]),
        ("He said, “It is over.” She left.", ["He said, “It is over.”", "She left."]),
        ('He said, "It is over." She left.', ['He said, "It is over."', "She left."]),
        ("“Is it?” he asked. It was.", ["“Is it?” he asked.", "It was."]),
        ("It rose 3.5% in a year. Prices fell.", ["It rose 3.5% in a year.", "Prices fell."]),
        ("Texas Gov. Greg Abbott won. Rep. Day, too.", ["Texas Gov. Greg Abbott won.", "Rep. Day, too."]),
        ("It was Lt. Gov. Ann Lee vs. No. 9 Utah.", ["It was Lt. Gov. Ann Lee vs. No. 9 Utah."]),
        ("They met Aug. 19-20. No. You may not.", ["They met Aug. 19-20.", "No.", "You may not."]),
        ("One\nTwo words here end.\nThree.", ["Two words here end.", "Three."]),
        ("Only a heading", ["Only a heading"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_broken_quotation_marks_do_not_break_sentences() -> None:
    text = (
        "Von der Leyen said so too He added: “More efforts are needed to limit the delivery of goods.” While "
        "acknowledging that “This does not affect relations.”\n\nMeeting with the leader “Will be allowed [us] "
        "To pursue a common agenda or not. He said."
    )
    assert said(text) == [
        "Von der Leyen said so too He added: “More efforts are needed to limit the delivery of goods.”",
        "While acknowledging that “This does not affect relations.”",
        "Meeting with the leader “Will be allowed [us] To pursue a common agenda or not.",
        "He said.",
    ]


def test_a_wrapped_text_keeps_its_sentences_whole() -> None:
    text = (
        "The council met on Monday to talk about the bridge that had been\n"
        "closed for two years. It decided that the bridge would be opened\n"
        "again in May, whatever the price of the steel that was still\n"
        "needed for it.\n"
        "Nobody was against it.\n\n"
        "The mayor was pleased with what she called a very good result of\n"
        "a very long debate."
    )
    assert [one.count("\n") for one in said(text)] == [1, 2, 0, 1]
    assert len(paragraphs(text)) == 3


def test_a_heading_stands_in_the_passage_of_what_follows() -> None:
    article = Article("a", "a.txt", "It rained. " * 70 + "\nTerms of negotiation\nThe sun came out.")
    last = split(article)[-1]
    assert last.text.endswith("Terms of negotiation\nThe sun came out.")
    assert [article.text[slice(*one)] for one in last.sentences][-1] == "The sun came out."


def test_a_sentence_without_end_is_cut_at_spaces() -> None:
    assert [len(one.split()) for one in said("word " * (LONGEST + 5) + "end.")] == [LONGEST, 6]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name[:3])
def test_passages_of_the_seeds_are_near_the_target(seed: Path) -> None:
    passages = split(Article("a", seed.name, seed.read_text("utf-8")))
    assert all(len(passage.text.split()) <= TARGET + 10 for passage in passages)
    assert sum(len(passage.text.split()) >= 60 for passage in passages) >= len(passages) - 2


@given(TEXTS)
def test_offsets_are_exact_and_every_character_is_in_a_passage(text: str) -> None:
    passages = split(Article("a", "a.txt", text))
    spans = [span for passage in passages for span in passage.sentences]
    assert all(begin < end and text[begin:end] == text[begin:end].strip() for begin, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(one.end <= other.start for one, other in pairwise(passages))
    for passage in passages:
        assert passage.sentences
        assert passage.start <= passage.sentences[0][0] and passage.sentences[-1][1] <= passage.end
    covered = {place for passage in passages for place in range(passage.start, passage.end)}
    assert all(place in covered or character.isspace() for place, character in enumerate(text))


@given(TEXTS)
def test_no_sentence_crosses_a_paragraph(text: str) -> None:
    inside = paragraphs(text)
    assert all(any(begin <= one and other <= end for begin, end in inside) for one, other in sentences(text))


PIECES = [
    "word",
    " ",
    " ",
    "  ",
    "\n",
    ".",
    ". ",
    "? ",
    "!",
    "...",
    "\u2026",
    ";",
    ",",
    "\u201d",
    "'",
    '"',
    "(",
    ") ",
    "[",
    "]",
    "No. 5",
    " U.S. ",
    "A. ",
    " Mr. ",
    "Jan. 5",
    "iPhone",
    "one.Two",
    "etc. and",
    " 3.5",
    "The ",
    "\u200b",
    " more words than it looks at ",
]


def by_syntok(paragraph: str) -> list[int]:
    return [sentence[0].offset for block in syntok.segmenter.analyze(paragraph) for sentence in block]


@given(some.lists(some.sampled_from(PIECES), max_size=60).map("".join).map(str.strip))
def test_what_is_left_out_changes_nothing(paragraph: str) -> None:
    paragraph = re.sub(r"\n\s*\n", "\n", paragraph)  # there is no blank line in a paragraph
    assert list(module._starts(paragraph)) == by_syntok(paragraph)


def test_the_marks_are_those_of_syntok() -> None:
    marks = set(module._OPENING + module._CLOSING + module._TERMINAL)
    assert marks == State.opening_brackets | State.closing_brackets | State.terminals - {"..."}
