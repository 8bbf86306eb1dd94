"""The encoder as training runs it, and the gradients that processes compute."""

from random import Random

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from qa.reader_encode import Tokens
from qa.training import quick
from qa.training.groups import Groups, Row
from qa.training.net import Net
from qa.training.quick import encode, forward, halves
from qa.training.sets import Claim, Corpus
from qa.training.team import Team, laid_out, trained


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


def test_without_a_compiler_the_layers_run_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    quick.compiled.cache_clear()
    assert quick.compiled() is forward
    quick.compiled.cache_clear()


def rows() -> list[list[Row]]:
    def tokenise(text: str) -> Tokens:
        marks = [(at, at + 1) for at, char in enumerate(text) if not char.isspace()]
        return Tokens([1000 + ord(text[at]) % 50 for at, _ in marks], marks)

    groups = Groups(Corpus(), np.empty((0, 0), np.int32), tokenise, {})
    claims = [Claim(f"{name} left.", f"{name} went.", "", name == "Ann") for name in ("Ann", "Bob", "Cy", "Di")]
    return [groups.claim(one, Random(0)) for one in claims]


@pytest.mark.filterwarnings("ignore")  # torch's own, of what its compiler loads
def test_processes_find_the_gradients_that_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "compiled", lambda: forward)  # half a minute, for a network of two layers
    monkeypatch.setenv("TORCH_COMPILE_DISABLE", "1")  # the same in the processes
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
