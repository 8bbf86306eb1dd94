import json
import math
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.article import Article, Passage
from ingest.errors import UserError
from qa.reader import (
    CHECKER,
    WEIGHTS,
    Batch,
    Calibration,
    Logits,
    Reader,
    Reading,
    Span,
    batches,
    checked,
    load_reader,
    logistic,
    padded,
    probability,
)
from qa.reader_decode import Floats, Ints, best_spans, sentence_logits, tidy
from qa.reader_encode import LIMIT, OVERLAP, Tokens, sentence_of, windows

TEXT = "Mayor Zoë Ångström (58) resigned on 3 May. “I am tired,” she said. The vote cost $12 million!"


def words_as_tokens(text: str) -> Tokens:
    """A token per word or mark; its id is its length, so that a fake network can tell words apart."""
    found = list(re.finditer(r"\w+|[^\w\s]", text))
    return Tokens([len(match.group()) for match in found], [match.span() for match in found])


def points_at(*lengths: int) -> Reader:
    """A reader whose network starts and ends a span at tokens of these lengths; [CLS] scores 1 + 1."""

    def network(ids: Ints, types: Ints, mask: Ints) -> tuple[Floats, Floats]:
        tokens = np.zeros((*ids.shape, 3), np.float32)
        for length in lengths:
            tokens[(ids == length) & (types == 1)] = 3.0
        tokens[:, 0] = 1.0
        whole = np.stack([mask.sum(1), types.sum(1), (ids == 4).sum(1)], axis=1).astype(np.float32)  # 4: "rain"
        return tokens, whole

    return Reader(lambda given: [network(*batch) for batch in given], words_as_tokens)


def passage_of(text: str, start: int = 0, end: int | None = None, title: str = "") -> Passage:
    article = Article("a", "a.txt", text, title)
    last = len(text) if end is None else end
    bounds = [match.span() for match in re.finditer(r"\S[^.!]*[.!]”?", text) if start <= match.start() < last]
    return Passage("a:0", article, start, last, tuple(bounds))


def shown(passage: Passage, reading: Reading) -> list[str]:
    return [passage.article.text[span.start : span.end] for span in reading.spans]


def test_span_is_cut_from_the_article_by_character_under_unicode() -> None:
    passage = passage_of(TEXT)
    reading = points_at(8).read("who?", [passage])[0]  # "Ångström" and "resigned" have eight letters
    assert shown(passage, reading)[:2] == ["Ångström", "resigned"]
    assert reading.spans[0].score == 3 + 3 - (1 + 1)


def test_offsets_count_from_the_article_not_from_the_passage() -> None:
    begin = TEXT.index("The vote")
    passage = passage_of(TEXT, begin)
    reading = points_at(7).read("how much?", [passage])[0]  # "million"
    assert shown(passage, reading)[0] == "million"
    assert reading.spans[0].start == TEXT.index("million")


def test_no_span_crosses_a_sentence_end() -> None:
    start = np.array([5, 0, 0, 3, 0], np.float32)
    end = np.array([0, 1, 0, 2, 6], np.float32)
    sentence = np.array([0, 0, 0, 1, 1])
    found = best_spans(start, end, sentence)
    assert found[:2] == [(3, 4, 9.0), (0, 1, 6.0)]  # 5 + 6 from 0 to 4 would be more, over the sentence's end
    assert all(sentence[first] == sentence[last] for first, last, _ in found)


def test_spans_come_best_first_and_never_overlap() -> None:
    start = np.array([0, 5, 0, 1, 0], np.float32)
    end = np.array([0, 0, 4, 1, 0], np.float32)
    found = best_spans(start, end, np.zeros(5, np.int64), count=3)
    assert found[0] == (1, 2, 9.0)
    assert found[1] == (3, 3, 2.0)
    assert found[2][:2] in ((0, 0), (4, 4))


def test_sentence_score_is_the_mean_of_its_tokens() -> None:
    scores = sentence_logits(np.array([1, 3, -2], np.float32), np.array([0, 0, 2]), 3)
    assert scores.tolist() == [2.0, -math.inf, -2.0]


@pytest.mark.parametrize(
    ("picked", "wanted"),
    [
        ("3 May.", "3 May"),  # the sentence's full stop is not the answer's
        ("(58", "(58)"),  # closed where the partner follows
        ("“I am tired,", "I am tired"),  # opened and never closed
        ("12 million!", "$12 million"),  # the currency belongs to the number
        ("ngström", "Ångström"),  # whole words only
        ("” she said.", "she said"),  # closed and never opened
    ],
)
def test_edges_are_tidied(picked: str, wanted: str) -> None:
    start = TEXT.index(picked)
    bounds = next((low, high) for low, high in passage_of(TEXT).sentences if low <= start < high)
    low, high = tidy(TEXT, start, start + len(picked), bounds)
    assert TEXT[low:high] == wanted


def test_abbreviation_keeps_its_full_stop() -> None:
    text = "It moved to the U.S."
    assert tidy(text, 16, 20, (0, 20)) == (16, 20)
    text = "It fell at 7:15 p.m. on Friday."
    assert tidy(text, 11, 19, (0, len(text))) == (11, 20)


def test_a_number_in_words_is_not_torn_apart() -> None:
    text = "It took one hundred twenty-one days, in twenty-mile steps."
    assert text[slice(*tidy(text, 8, 26, (0, len(text))))] == "one hundred twenty-one"
    assert text[slice(*tidy(text, 40, 46, (0, len(text))))] == "twenty"


def test_a_number_keeps_its_millions() -> None:
    text = "It sold $28.6 million of 3,000 tickets."
    assert text[slice(*tidy(text, 8, 13, (0, len(text))))] == "$28.6 million"
    assert text[slice(*tidy(text, 25, 30, (0, len(text))))] == "3,000"


def test_long_passage_is_read_in_windows() -> None:
    text = " ".join(["word"] * 700) + " Philadelphia."
    passage = Passage("a:0", Article("a", "a", text), 0, len(text), ((0, len(text)),))
    reading = points_at(12).read("where?", [passage])[0]
    assert shown(passage, reading)[0] == "Philadelphia"
    parts = list(windows([1], [], list(range(701))))
    assert all(len(part.ids) <= LIMIT for part in parts)
    assert parts[-1].start + parts[-1].count == 701
    assert parts[1].start == parts[0].count - OVERLAP


def test_title_stands_in_front_and_never_answers() -> None:
    passage = passage_of("He won.", title="Kowalczyk")
    reading = points_at(9).read("who?", [passage])[0]
    assert reading.spans[0].score < 3 + 3 - 2
    assert "Kowalczyk" not in shown(passage, reading)
    assert reading.answerable == 1 + 1 + 3 + 1  # title, mark, "He" "won" ".", mark: the second segment


def test_readings_come_in_the_order_given() -> None:
    passages = [passage_of("One two three four five six."), passage_of("One."), passage_of("One two three.")]
    lengths = [reading.answerable for reading in points_at(3).read("what?", passages)]
    assert lengths == [8, 3, 5]  # words, full stop, closing mark


def test_no_passages_no_readings() -> None:
    assert points_at(3).read("what?", []) == []


def test_empty_passage_has_no_span() -> None:
    reading = points_at(3).read("what?", [Passage("a:0", Article("a", "a", ""), 0, 0, ())])[0]
    assert reading.spans == () and reading.sentences == ()
    assert probability(reading, Calibration()) == 0.0


def test_batches_hold_like_lengths_and_at_most_the_tokens() -> None:
    assert batches([30, 16, 31, 10], most=64) == [[3, 1], [0, 2]]  # padded to 16 and 32
    assert batches([5000], most=64) == [[0]]
    assert batches([]) == []


def test_padding_is_masked() -> None:
    ids, types, mask = padded([[1, 2, 3], [4]], [[0, 0, 1], [0]])
    assert ids.shape == (2, 16) and mask.sum(1).tolist() == [3, 1] and types.sum() == 1


def test_probability_is_the_logistic_of_the_weighted_reading() -> None:
    reading = Reading((Span(0, 3, 2.0),), relevance=1.0, answerable=-1.0, sentences=(0.5,))
    by = Calibration(bias=0.5, margin=0.25, answerable=1.0, relevance=0.0)
    assert probability(reading, by) == pytest.approx(1 / (1 + math.exp(-(0.5 + 0.5 - 1.0))))
    assert logistic(-1000) == 0.0 and logistic(1000) == 1.0


def test_sentence_of_an_offset() -> None:
    assert [sentence_of([0, 10, 20], offset) for offset in (0, 9, 10, 25)] == [0, 0, 1, 2]


def test_damaged_or_missing_weights_are_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="missing or damaged"):
        load_reader(tmp_path)
    (tmp_path / "reader.bin").write_bytes(b"weights")
    (tmp_path / "config.json").write_text(json.dumps({"sha256": {"reader.bin": "0" * 64}}))
    with pytest.raises(UserError, match=r"reader\.bin is damaged"):
        checked(tmp_path)


@pytest.mark.skipif(not (WEIGHTS / "reader.bin").exists(), reason="the weights are not here")
def test_shipped_weights_answer_and_decline() -> None:
    reader = load_reader()
    text = (
        "The city council of Leeds voted on Tuesday to close the swimming pool. "
        "Council leader Mary Brown said that repairs would cost 4 million pounds."
    )
    cut = text.index("Council leader")
    passage = Passage("a:0", Article("a", "a", text), 0, len(text), ((0, cut - 1), (cut, len(text))))
    cost, who, other = reader.read_pairs(
        [
            ("How much would repairs cost?", passage),
            ("Who is the council leader of Leeds?", passage),
            ("Which team won the World Cup in 1998?", passage),
        ]
    )
    assert "4 million" in shown(passage, cost)[0]
    assert "Mary Brown" in shown(passage, who)[0]
    assert cost.sentences[1] > cost.sentences[0]
    assert reader.probability(cost) > 0.5 > reader.probability(other)
    assert cost.relevance > other.relevance


def test_a_claim_is_supported_by_the_best_window_of_a_text() -> None:
    long = "it was a sunny day " * 100 + "rain rain"
    dry, wet, far = points_at(9).supports([("x", "A sunny day"), ("x", "rain rain rain"), ("x", long)])
    assert dry == 0.5 < far < wet
    assert points_at(9).supports([]) == []


def test_the_checker_tells_a_supported_claim_from_a_changed_one() -> None:
    text = "Macron signed twelve agreements with Xi in Beijing on Thursday."
    claims = ["Macron and Xi signed agreements in Beijing.", "Macron never signed agreements with Xi."]
    true, false = load_reader(CHECKER).supports([(claim, text) for claim in claims])
    assert true > 0.5 > false


@pytest.mark.skipif(not (WEIGHTS / "reader.bin").exists(), reason="the weights are not here")
def test_many_passages_are_read_as_each_one_alone() -> None:
    reader = load_reader()
    facts = [f"The council of town {number} voted to spend {number + 3} million pounds. " for number in range(40)]
    passages = [passage_of("".join(facts[at : at + 1 + at % 9])) for at in range(31)]  # more batches than cores
    together = reader.read("How much will be spent?", passages)
    alone = [reader.read("How much will be spent?", [passage])[0] for passage in passages]
    assert [one.spans[0].start for one in together] == [one.spans[0].start for one in alone]
    assert [one.relevance for one in together] == pytest.approx([one.relevance for one in alone], abs=0.1)


def test_a_passage_is_decoded_while_the_network_computes_others() -> None:
    told: list[str] = []

    class Offsets(list[tuple[int, int]]):
        """Tells when they are looked at: when a passage is decoded."""

        def __getitem__(self, at: Any) -> Any:
            told.append("decoded")
            return super().__getitem__(at)

    def network(given: Sequence[Batch]) -> Iterator[Logits]:
        for ids, _, _ in given:
            told.append("computed")
            yield np.zeros((*ids.shape, 3), np.float32), np.zeros((len(ids), 3), np.float32)

    def tokenise(text: str) -> Tokens:
        return Tokens([5] * len(text), Offsets((at, at + 1) for at in range(len(text))))

    Reader(network, tokenise).read("c", [passage_of("a" * length) for length in (290, 100, 200)])
    assert told[:3] == ["computed", "decoded", "computed"] and told.count("computed") == 2


AFTER_AN_ANSWER = [  # a question with an answer's sentence behind it; what another source says of that, and of others
    (
        "How many people died when the Aspasia sank off Crete? A passenger ferry sank in heavy seas off the coast of"
        " Crete late on Monday, killing how many, the coast guard said?",
        "Nineteen lives were lost when the Aspasia, bound for Libya from the port of Athens, went down within sight of"
        " the Cretan shore. Survivors told of locked doors on the car deck.",
        "Islanders on Rhodes gathered to remember the 31 people who died when the ferry Despina sank in 2019.",
    ),
    (
        "Who was arrested over the theft of the Lindau tiara? Police in Lindau have arrested who over the theft of the"
        " tiara?",
        "Ruben Falk, a former guard, is in custody: it was he, detectives think, who carried the diamonds of the Lindau"
        " museum out in a lunch box.",
        "In Bregenz, Pavel Horak was arrested over the theft of a crown.",
    ),
]


@pytest.mark.skipif(not (WEIGHTS / "reader.bin").exists(), reason="the weights are not here")
@pytest.mark.parametrize(("asked", "same", "other"), AFTER_AN_ANSWER)
def test_the_shipped_reader_finds_what_another_source_says_of_the_very_thing(asked: str, same: str, other: str) -> None:
    told, apart = load_reader().read(asked, [passage_of(same), passage_of(other)])
    assert told.spans[0].score > apart.spans[0].score
    assert same[told.spans[0].start : told.spans[0].end].startswith(("Nineteen", "Ruben Falk"))


THREADS = """
import threading
import numpy as np
from qa.reader import load_reader
reader, start = load_reader(), threading.Barrier(4)
def infer():
    ids = np.full((1, 32), 2000)
    start.wait()
    list(reader.network([(ids, ids * 0, ids * 0 + 1)]))
threads = [threading.Thread(target=infer) for _ in range(4)]
[one.start() for one in threads], [one.join() for one in threads]
"""


@pytest.mark.skipif(not (WEIGHTS / "reader.bin").exists(), reason="the weights are not here")
def test_the_first_inferences_may_come_from_several_threads_at_once() -> None:
    for _ in range(3):  # in processes of their own: each has one first time
        subprocess.run([sys.executable, "-c", THREADS], check=True, timeout=120)
