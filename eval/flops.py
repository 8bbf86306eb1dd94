"""How many operations the bundled models take, and how many this machine can do: `python -m eval bench`."""

import importlib
import time
from collections.abc import Sequence

import numpy as np

from ingest.runtime import openvino

WIDTH, INNER, LAYERS = 384, 1536, 6  # of all-MiniLM-L6-v2, which both the embedder and the reader are made of
NARROW = 1152  # neurons of each of the reader's layers: what is left of INNER
SIDE = 2048  # of the matrices multiplied to find the peak
CHAIN = 4  # multiplications in one run, so that its start and end hardly count
TRIES = 12


def operations(lengths: Sequence[int], inner: int = INNER) -> float:
    """GFLOP of one pass over texts of so many tokens each, padding not counted: matrix products alone."""
    dense = 2.0 * LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * inner)
    return sum(dense * tokens + 4.0 * LAYERS * WIDTH * tokens * tokens for tokens in lengths) / 1e9


def precision() -> str:
    """The floating point that the models are run in on this processor: "bf16" where it has it, else "f32"."""
    return "bf16" if "BF16" in openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


def peak(precision: str) -> float:
    """GFLOP/s of large matrix products through the same runtime, all cores: the best of some tries."""
    openvino()  # first, so that its telemetry stays out
    parts = importlib.import_module("openvino.opset13")
    draw = np.random.default_rng(0)
    given = parts.parameter([SIDE, SIDE], np.float32)
    held = given
    for _ in range(CHAIN):
        held = parts.matmul(held, parts.constant(draw.normal(size=(SIDE, SIDE)).astype(np.float32)), False, False)
    model = openvino().Model([parts.reduce_mean(held, parts.constant(np.array([1])), False)], [given])
    request = openvino().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": precision}).create_infer_request()
    table = draw.normal(size=(SIDE, SIDE)).astype(np.float32)
    seconds = []
    for _ in range(TRIES):
        started = time.perf_counter()
        request.infer([table])
        seconds.append(time.perf_counter() - started)
    return CHAIN * 2.0 * SIDE**3 / min(seconds) / 1e9
