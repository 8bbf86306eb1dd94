"""The shipped reader's weights as a network to train further: int8 times scale, as the runtime computes with them."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from ingest.runtime import openvino

ADDED = re.compile(r"__module\.(?P<module>.+)/aten::(?:linear|layer_norm)/(?P<op>Add|Multiply_1)$")


def shipped(path: Path) -> dict[str, torch.Tensor]:
    """The parameters in an exported network by their names in torch, in fp32."""
    model = openvino().Core().read_model(path)
    held = {one.get_friendly_name(): one for one in model.get_ordered_ops() if one.get_type_name() == "Constant"}
    found: dict[str, torch.Tensor] = {}
    for name, constant in held.items():
        value = constant.get_data()
        if f"{name}/scale" in held:
            zero, scale = (held[f"{name}/{part}"].get_data().astype(np.float32) for part in ("zero_point", "scale"))
            found[name.removeprefix("self.")] = torch.from_numpy((value.astype(np.float32) - zero) * scale)
            continue
        users = [one.get_node().get_friendly_name() for one in constant.output(0).get_target_inputs()]
        if match := next(filter(None, map(ADDED.match, users)), None):
            part = "weight" if match["op"] == "Multiply_1" else "bias"
            found[f"{match['module']}.{part}"] = torch.from_numpy(value.astype(np.float32).reshape(-1))
    return found


def grown(found: Mapping[str, torch.Tensor], net: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The parameters with the outputs of a head that an older file lacks, as the network has them."""
    held = net.state_dict()
    return {name: torch.cat([value, held[name][len(value) :].to(value)]) for name, value in found.items()}
