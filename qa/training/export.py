"""The trained network as the files that ship: OpenVINO in int8, tokenizer, config with SHA-256."""

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ingest.runtime import openvino
from qa.reader import CONFIG, NETWORK, VOCABULARY, Batch, openvino_network
from qa.reader_encode import LIMIT
from qa.training.net import Net

FORMAT = 1
INPUTS = "input_ids", "token_type_ids", "attention_mask"


def example(rows: int = 2, tokens: int = 24) -> dict[str, torch.Tensor]:
    """Inputs to trace with: padded, so that the mask is not traced away."""
    ids = torch.randint(1000, 2000, (rows, tokens))
    mask = torch.ones_like(ids)
    mask[1:, tokens // 2 :] = 0
    return dict(zip(INPUTS, (ids, torch.zeros_like(ids), mask), strict=True))


def convert(net: Net, sample: Sequence[Batch] = ()) -> Any:
    """The OpenVINO model with its weights in int8, computed in floating point; or, with a `sample` of what it will be
    given, in int8: each product's input is rounded, by the range that it has over the sample.

    Channels that reach far are first made smaller and their weights larger (Xiao et al. 2023, "SmoothQuant").
    """
    net.eval()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a trace warns of every constant it keeps; `close` checks the outcome
        model = openvino().convert_model(net, example_input=example())
    net.eval()  # a trace may leave training mode on
    for port, name in zip(model.inputs, INPUTS, strict=True):
        port.get_tensor().set_names({name})
        port.get_node().set_partial_shape(openvino().PartialShape([-1, -1]))
    model.validate_nodes_and_infer_types()
    import nncf  # seconds, and needed for the export only

    if not sample:
        return nncf.compress_weights(model, mode=nncf.CompressWeightsMode.INT8_ASYM)
    return nncf.quantize(
        model,
        nncf.Dataset(sample, lambda batch: dict(zip(INPUTS, batch, strict=True))),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(sample),
        advanced_parameters=nncf.AdvancedQuantizationParameters(disable_bias_correction=True),
    )


def trimmed_vocabulary(tokenizer: Path) -> str:
    """The tokenizer's file without padding, truncation and the templates that the reader does not use."""
    whole = json.loads(tokenizer.read_text(encoding="utf-8"))
    whole.update(padding=None, truncation=None, post_processor=None)
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def digest(path: Path) -> str:
    """A file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_config(folder: Path, calibration: Mapping[str, float], notes: Mapping[str, Any]) -> None:
    """Writes the config: what the reader needs, the files' SHA-256, and how the weights were made."""
    files = (NETWORK, NETWORK.replace(".xml", ".bin"), VOCABULARY)
    config = {
        "format": FORMAT,
        "limit": LIMIT,
        "token_logits": ["start", "end", "answering"],
        "window_logits": ["relevance", "answerable", "supported", "contradicted"],
        "calibration": dict(calibration),
        "made": dict(notes),
        "sha256": {name: digest(folder / name) for name in files},
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def export(net: Net, tokenizer: Path, folder: Path, calibration: Mapping[str, float], notes: Mapping[str, Any],
           sample: Sequence[Batch] = ()) -> None:  # fmt: skip
    """Writes every file a reader needs into `folder`; `sample`: see `convert`."""
    folder.mkdir(parents=True, exist_ok=True)
    openvino().save_model(convert(net, sample), str(folder / NETWORK), compress_to_fp16=True)
    (folder / VOCABULARY).write_text(trimmed_vocabulary(tokenizer), encoding="utf-8")
    write_config(folder, calibration, notes)


def close(net: Net, folder: Path, given: Sequence[Batch]) -> NDArray[np.float32]:
    """Mean absolute difference of the shipped logits from the trained ones: tokens, windows. Batches of one row."""
    found = []
    for batch, got in zip(given, openvino_network(folder / NETWORK)(given), strict=True):
        with torch.inference_mode():
            wanted = net(*map(torch.from_numpy, batch))
        size = int(batch[2].sum())
        tokens, whole = (np.abs(ours - theirs.numpy()) for ours, theirs in zip(got, wanted, strict=True))
        found.append((tokens[:, :size].mean(), whole.mean()))
    means: NDArray[np.float32] = np.array(found, dtype=np.float32).mean(axis=0)
    return means
