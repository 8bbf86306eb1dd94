"""OpenVINO without its telemetry: the one place that imports it.

Measured with strace: a plain `import openvino` (2026.4) sends an event to google-analytics.com and writes to ~/intel.
When its telemetry package cannot be imported, OpenVINO falls back to a stub of its own that does nothing.
"""

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


def openvino() -> Any:
    """The openvino module, imported so that it cannot phone home."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None makes the import fail: the stub
    import openvino  # 0.2 s: only where a model is run

    return openvino


@cache
def _core() -> Any:
    found = openvino()
    # Read once by one thread: two that read their first tensor at the same moment wait for each other for ever (2026.4,
    # seen with gdb: one holds the interpreter and wants the guard of a table being made, the other the reverse).
    found.Tensor(np.zeros(1, np.float32)).data  # noqa: B018
    return found.Core()


@cache
def multiplies_int8() -> bool:
    """Whether the processor adds up products of int8 without loss (VNNI, AMX), seen from one product of large values.

    Others add pairs of them in 16 bits, where such values overflow, and some (AVX2) are slower so than in fp32.
    """
    core, made = _core(), openvino()
    ops, highest = made.opset13, 127
    given, low, high = ops.parameter([16, 64], np.float32), np.float32(-1), np.float32(1)
    weights = ops.convert(ops.constant(np.full((64, 64), highest, np.int8)), "f32")
    rounded = ops.fake_quantize(given, low, high, low, high, 256)
    product = ops.matmul(rounded, ops.multiply(weights, high), False, True)
    found = core.compile_model(made.Model([product], [given]), "CPU")(np.ones((16, 64), np.float32))[0]
    return bool(np.allclose(found, 64 * highest, rtol=0.01))


def cache_folder() -> Path:
    """Where exported and compiled models are kept: $BYLINE_CACHE, else the user's cache folder."""
    own = os.environ.get("BYLINE_CACHE")
    return Path(own) if own else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "byline"


def compiled(path: Path, side_by_side: bool = False, keep: bool = False) -> Any:
    """The model compiled for this processor: in bf16 where the processor has it, else in fp32; where the file rounds
    activations to int8, in int8 where the processor multiplies such, else they are not rounded.

    All cores work on one inference; or, `side_by_side`, as many inferences run at once as suit the processor.

    `keep`: what was compiled is kept in the cache folder, if that can be written. OpenVINO names it by the model's
    content and the processor, and makes it anew when it is damaged; loading it takes a quarter of the time.
    """
    model = _core().read_model(str(path))
    rounding = [one for one in model.get_ops() if one.get_type_name() == "FakeQuantize"]
    if rounding and not multiplies_int8():
        for one in rounding:
            one.output(0).replace(one.input_value(0))
    options = {"PERFORMANCE_HINT": "THROUGHPUT" if side_by_side else "LATENCY"}
    kept = cache_folder() / "compiled"
    if keep:
        with suppress(OSError):
            kept.mkdir(parents=True, exist_ok=True)
            options["CACHE_DIR"] = str(kept)
    return _core().compile_model(model, "CPU", options)
