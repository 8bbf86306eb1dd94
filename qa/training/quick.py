"""The encoder as training on a processor runs it: its layers in bf16, each compiled into a few passes over memory.

On two cores with AMX a step takes two thirds of the time that transformers' own layers take under autocast.
"""

import math
import os
from collections.abc import Callable, Mapping
from functools import cache
from shutil import which
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

MASKED = -1e4  # added to the scores of padding
CHEAP = "hardswish"  # x * clip(x / 6 + 1 / 2, 0, 1): no error function
EPSILON = 1e-12  # of BERT's layer norms

Layer = tuple[Tensor, ...]


def halves(encoder: Any) -> list[Layer]:
    """The matrices of each layer in bf16, those of query, key and value as one, and its norms' vectors as they are."""
    return [_layer_weights(layer) for layer in encoder.encoder.layer]


def _layer_weights(layer: Any) -> Layer:
    heads, out = layer.attention.self, layer.attention.output
    inputs = (heads.query, heads.key, heads.value)
    matrices = (
        torch.cat([one.weight for one in inputs]), torch.cat([one.bias for one in inputs]),
        out.dense.weight, out.dense.bias,
        layer.intermediate.dense.weight, layer.intermediate.dense.bias,
        layer.output.dense.weight, layer.output.dense.bias,
    )  # fmt: skip
    norms = (out.LayerNorm.weight, out.LayerNorm.bias, layer.output.LayerNorm.weight, layer.output.LayerNorm.bias)
    return *(one.bfloat16() for one in matrices), *norms


def forward(states: Tensor, padding: Tensor, heads: int, cheap: bool, weights: Layer) -> Tensor:
    """One layer of BERT (Devlin et al. 2019), without dropout; `cheap`: with hardswish in place of GELU.

    states: (rows, tokens, width); padding: (rows, 1, 1, tokens), 0 or MASKED.
    """
    inputs, inputs_bias, out, out_bias, wide, wide_bias, narrow, narrow_bias, norm, norm_bias, last, last_bias = weights
    rows, tokens, width = states.shape
    parts = F.linear(states, inputs, inputs_bias).view(rows, tokens, 3, heads, width // heads)
    query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
    scores = (query @ key.transpose(-1, -2)).float() * (1 / math.sqrt(width // heads)) + padding
    seen = torch.softmax(scores, -1).to(states.dtype) @ value
    seen = F.linear(seen.transpose(1, 2).reshape(rows, tokens, width), out, out_bias)
    states = F.layer_norm(seen.float() + states.float(), (width,), norm, norm_bias, EPSILON).to(states.dtype)
    function = F.hardswish if cheap else F.gelu
    inner = F.linear(function(F.linear(states, wide, wide_bias)), narrow, narrow_bias)
    return F.layer_norm(inner.float() + states.float(), (width,), last, last_bias, EPSILON).to(states.dtype)


@cache
def compiled() -> Callable[[Tensor, Tensor, int, bool, Layer], Tensor]:
    """`forward`, compiled when first used (half a minute, for all lengths); as it is where there is no C++ compiler."""
    return torch.compile(forward) if which(os.environ.get("CXX", "g++")) else forward


def encode(encoder: Any, weights: list[Layer], given: Mapping[str, Tensor], layer: Any = None) -> Tensor:
    """The last hidden states, (rows, tokens, width) in fp32; `layer`: computes one, default: compiled."""
    run = layer or compiled()
    states: Tensor = encoder.embeddings(input_ids=given["input_ids"], token_type_ids=given["token_type_ids"]).bfloat16()
    padding = (1 - given["attention_mask"])[:, None, None, :] * MASKED
    cheap = encoder.config.hidden_act == CHEAP
    torch._dynamo.maybe_mark_dynamic(padding, (0, 3))
    for one in weights:
        torch._dynamo.maybe_mark_dynamic(states, (0, 1))
        states = run(states, padding, encoder.config.num_attention_heads, cheap, one)
    return states.float()
