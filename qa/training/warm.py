"""The shipped reader's weights as a network to train further, as the runtime computes with them."""

import re
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ingest.runtime import openvino
from qa.training.narrow import shape
from qa.training.net import Net
from qa.training.quick import CHEAP

NAMED = re.compile(r"__module\.(?P<module>.+)/aten::(?P<op>\w+/\w+)$")
HELD = {  # the operation that uses a parameter of a module, and which one
    "embedding/Gather": "weight",
    "linear/MatMul": "weight",
    "linear/Add": "bias",
    "layer_norm/Multiply_1": "weight",
    "layer_norm/Add": "bias",
}
SMOOTHED = "nncf_smooth_quant"  # divides a product's input by what its weights are multiplied by, to round it well

Floats = NDArray[np.float32]


def shipped(path: Path) -> dict[str, torch.Tensor]:
    """The parameters in an exported network by their names in torch, in fp32: int8 times scale, not smoothed."""
    model = openvino().Core().read_model(path)
    found: dict[str, torch.Tensor] = {}
    for one in model.get_ordered_ops():
        match = NAMED.match(one.get_friendly_name())
        if match is None or match["op"] not in HELD:
            continue
        given = [one.input_value(at).get_node() for at in range(one.get_input_size())]
        values = [value for value in map(constant, given[:2]) if value is not None]
        if values:
            value = values[0] if match["op"] != "linear/MatMul" else values[0] * smoothed(given[0])
            vector = match["op"] not in ("embedding/Gather", "linear/MatMul")
            found[f"{match['module']}.{HELD[match['op']]}"] = torch.from_numpy(value.reshape(-1) if vector else value)
    return found


def take(net: Net, path: Path) -> None:
    """Gives the network the shape and the parameters of an exported one."""
    found = shipped(path)
    cheap = any(one.get_type_name() == "HSwish" for one in openvino().Core().read_model(path).get_ops())
    shape(net, len(found["encoder.encoder.layer.0.intermediate.dense.weight"]), CHEAP if cheap else "gelu")
    net.load_state_dict(grown(found, net))


def constant(node: Any) -> Floats | None:
    """What a node computes from constants alone, None for another."""
    kind = node.get_type_name()
    if kind == "Constant":
        return np.array(node.get_data(), dtype=np.float32)
    if kind not in ("Convert", "Subtract", "Multiply"):
        return None
    values = [constant(node.input_value(at).get_node()) for at in range(node.get_input_size())]
    known = [value for value in values if value is not None]
    return reduce(np.subtract if kind == "Subtract" else np.multiply, known) if len(known) == len(values) else None


def smoothed(node: Any) -> Floats:
    """What the columns of a product's weights are to be multiplied by, given its input's node; 1 where by nothing."""
    if node.get_type_name() == "FakeQuantize":
        node = node.input_value(0).get_node()
    scale = constant(node.input_value(1).get_node()) if node.get_friendly_name().endswith(SMOOTHED) else None
    return np.ones(1, np.float32) if scale is None else scale.reshape(-1)


def grown(found: Mapping[str, torch.Tensor], net: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The parameters with the outputs of a head that an older file lacks, as the network has them."""
    held = net.state_dict()
    return {name: torch.cat([value, held[name][len(value) :].to(value)]) for name, value in found.items()}
