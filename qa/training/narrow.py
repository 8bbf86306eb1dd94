"""A quicker reader: fewer neurons between the two products of a layer, and a cheaper function in them.

What is lost is learned again in training.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers.activations import ACT2FN

from qa.training.groups import Row
from qa.training.net import Net, Outputs, inputs, losses
from qa.training.quick import CHEAP

STEEP = 2.0  # hardswish(STEEP * x) / STEEP is about within .1 of GELU; other factors are hardly nearer on normal x


def importance(net: Net, drawn: Iterable[Sequence[Row]]) -> list[Tensor]:
    """For each layer how much each of its neurons matters, (neurons,): the square of what the loss of a draw would
    change by, were the neuron 0 in one of its windows, to the first order, summed over the windows (Molchanov et al.
    2019, "Importance Estimation for Neural Network Pruning").
    """
    seen: dict[int, Tensor] = {}
    found = [torch.zeros(layer.output.dense.in_features) for layer in net.encoder.encoder.layer]

    def keeps(at: int) -> Any:
        def hook(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            seen[at] = given[0]
            given[0].retain_grad()

        return hook

    hooks = [
        layer.output.dense.register_forward_pre_hook(keeps(at)) for at, layer in enumerate(net.encoder.encoder.layer)
    ]
    for rows in drawn:
        given = inputs(rows)
        tokens, whole = net(**given)
        net.zero_grad()
        parts = losses(rows, Outputs([tokens[n, : len(row.window.ids)] for n, row in enumerate(rows)], whole))
        parts["all"].backward()  # type: ignore[no-untyped-call]
        for at, values in seen.items():
            assert values.grad is not None
            found[at] += (values * values.grad).detach().sum(1).square().sum(0)
    for hook in hooks:
        hook.remove()
    net.zero_grad()
    return found


def narrow(net: Net, matters: Sequence[Tensor], neurons: int) -> None:
    """Keeps the neurons of each layer that matter most, with CHEAP in place of GELU."""
    steep = 1.0 if net.encoder.config.hidden_act == CHEAP else STEEP
    kept = []
    for layer, each in zip(net.encoder.encoder.layer, matters, strict=True):
        rows = each.topk(neurons).indices.sort().values
        wide, back = layer.intermediate.dense, layer.output.dense
        kept.append((wide.weight[rows] * steep, wide.bias[rows] * steep, back.weight[:, rows] / steep, back.bias))
    shape(net, neurons, CHEAP)
    with torch.no_grad():
        for layer, (weight, bias, back, end) in zip(net.encoder.encoder.layer, kept, strict=True):
            layer.intermediate.dense.weight.copy_(weight)
            layer.intermediate.dense.bias.copy_(bias)
            layer.output.dense.weight.copy_(back)
            layer.output.dense.bias.copy_(end)


def shape(net: Net, neurons: int, function: str) -> None:
    """Gives every layer so many neurons, with weights yet to be set, and a function by transformers' name."""
    net.encoder.config.intermediate_size, net.encoder.config.hidden_act = neurons, function
    for layer in net.encoder.encoder.layer:
        width, device = layer.output.dense.out_features, layer.output.dense.weight.device
        layer.intermediate.dense = nn.Linear(width, neurons, device=device)
        layer.output.dense = nn.Linear(neurons, width, device=device)
        layer.intermediate.intermediate_act_fn = ACT2FN[function]
