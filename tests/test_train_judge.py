"""Answers proposed to training questions, and the gradients that processes compute."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from qa.reader import Reading, Span
from qa.training.groups import Groups, Row
from qa.training.net import Net, Outputs, losses
from qa.training.propose import kept, proposals
from qa.training.quick import encode, forward, halves
from qa.training.sets import PROPOSED, Claim, Corpus, Question, Text, sentences
from qa.training.team import Team, laid_out, trained

BODY = "The bridge opened in 1921. Its builder, Anna Reuter, came from Bremen. The river rose in 1987."


class Pointing:
    """A reader that finds the same words in every passage."""

    def __init__(self, *words: str) -> None:
        """The words, best first."""
        self.words = words

    def read_pairs(self, pairs):  # type: ignore[no-untyped-def]
        """A reading for each pair."""
        made = []
        for _, passage in pairs:
            starts = [(passage.text.find(word), word) for word in self.words]
            spans = tuple(Span(at, at + len(word), 1.0) for at, word in starts if at >= 0)
            made.append(Reading(spans, 0.0, 0.0, (0.0,) * len(passage.sentences)))
        return made


def proposed(question: Question, *words: str, held: frozenset[int] = frozenset()) -> list[set[tuple[str, str, bool]]]:
    """What is proposed to a question asked often, as (answer, text, right): to train on, and held out."""
    corpus = Corpus([Text(BODY, "Bridge", "", sentences(BODY))], [question] * 40)
    table = np.full((40, 2), -1, np.int32)
    parts = proposals(corpus, Pointing(*words), table, held)  # type: ignore[arg-type]
    assert all(one.source == PROPOSED and one.title == "Bridge" for part in parts for one in part)
    return [{(one.text.rpartition("? ")[2], one.premise, one.supported) for one in part} for part in parts]


def test_right_and_wrong_answers_come_with_the_sentence_before() -> None:
    at = BODY.index("Anna Reuter")
    question = Question("squad20", "Who was the builder?", 0, ((at, at + 11),), ("Anna Reuter",), True)
    train, held = proposed(question, "Bremen", "builder, Anna Reuter", "Reuter")
    two = BODY[: BODY.index(" The river")]
    answers = {(answer.split()[-1], text, right) for answer, text, right in train}
    assert answers <= {("Bremen", two, False), ("Reuter", two, True)} and len(answers) == 2 and not held
    assert not proposed(question, "Bremen", held=frozenset({0}))[0]


def test_a_question_without_an_answer_gets_wrong_ones_only() -> None:
    train, _ = proposed(Question("squad", "Who painted it?", 0, (), (), False), "Anna Reuter", "1987")
    assert {right for _, _, right in train} == {False}


def test_where_sentences_answer_words_in_them_are_right() -> None:
    low, high = sentences(BODY)[2]
    question = Question("written", "What did the river do?", 0, (), (), True, ((low, high),))
    train, _ = proposed(question, "The river rose", "Bremen")
    assert {(text[:9], right) for _, text, right in train} == {("Its build", True), ("The bridg", False)}


def test_proposals_are_kept(tmp_path: Path) -> None:
    one = Claim("Who? He", "He did.", "", True, PROPOSED)
    first = kept(tmp_path / "work" / "proposed.json", lambda: ([one], []))
    again = kept(tmp_path / "work" / "proposed.json", lambda: pytest.fail("made again"))
    assert first == again == ([one], [])


def tiny(layers: int = 2) -> Net:
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=layers, num_attention_heads=2, intermediate_size=48,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return Net(BertModel(config, add_pooling_layer=False))


def test_the_quick_layers_compute_what_transformers_does() -> None:
    net = tiny()
    ids = torch.randint(1000, 2000, (3, 11))
    mask = torch.ones_like(ids)
    mask[1:, 6:] = 0
    given = {"input_ids": ids, "token_type_ids": torch.zeros_like(ids), "attention_mask": mask}
    wanted = net.encoder(**given).last_hidden_state
    found = encode(net.encoder, halves(net.encoder), given, forward)
    assert (found - wanted)[mask.bool()].abs().max() < 0.1  # bf16 keeps three digits
    found[mask.bool()].square().mean().backward()  # type: ignore[no-untyped-call]
    assert all(one.grad is not None for name, one in net.encoder.named_parameters() if "layer" in name)


def rows() -> list[list[Row]]:
    def tokenise(text: str):  # type: ignore[no-untyped-def]
        from qa.reader_encode import Tokens

        marks = [(at, at + 1) for at, char in enumerate(text) if not char.isspace()]
        return Tokens([1000 + ord(text[at]) % 50 for at, _ in marks], marks)

    groups = Groups(Corpus(), np.empty((0, 0), np.int32), tokenise, {})
    claims = [
        Claim(f"Who? {name}", f"{name} left.", "", name == "Ann", PROPOSED) for name in ("Ann", "Bob", "Cy", "Di")
    ]
    return [groups.claim(one, Random(0)) for one in claims]


def test_a_proposed_answer_trains_the_logit_that_a_text_answers() -> None:
    made = [row for draw in rows() for row in draw]
    assert [(row.right, row.supported) for row in made] == [(1, -1), (0, -1), (0, -1), (0, -1)]
    tokens = [torch.zeros(len(row.window.ids), 3) for row in made]
    found = losses(made, Outputs(tokens, torch.tensor([[9.0, 0.0, 9.0, 9.0]] * 4)))
    assert float(found["right"]) == pytest.approx(np.log(2)) == float(found["all"]) / 0.5


@pytest.mark.filterwarnings("ignore")  # torch's own, of what its compiler loads
def test_processes_find_the_gradients_that_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_COMPILE_DISABLE", "1")  # a minute, for a network of two layers
    net = tiny()
    found = []
    for count in (0, 2):
        with Team(net, "cpu", count) as team:
            loss = team.gradients(rows())
            found.append((loss["all"], torch.cat([one.grad.flatten() for one in trained(net) if one.grad is not None])))
    assert found[0][0] == pytest.approx(found[1][0], abs=0.02)
    assert torch.nn.functional.cosine_similarity(found[0][1], found[1][1], dim=0) > 0.99


def test_gradients_lie_in_one_row() -> None:
    net = tiny(1)
    flat = torch.zeros(sum(one.numel() for one in trained(net)))
    laid_out(net, flat)
    assert net.whole.bias.grad is not None
    net.whole.bias.grad.add_(1.0)
    assert flat.sum() == 4
