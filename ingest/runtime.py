"""OpenVINO without its telemetry: the one place that imports it.

Measured with strace: a plain `import openvino` (2026.4) sends an event to google-analytics.com and writes to ~/intel.
When its telemetry package cannot be imported, OpenVINO falls back to a stub of its own that does nothing.
"""

import sys
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
    """Whether the processor multiplies int8 quickly (AVX-512, VNNI, AMX), by how OpenVINO computes one product.

    One that does not takes a fifth longer than in fp32 (measured with ONEDNN_MAX_CPU_ISA=AVX2).
    """
    made = openvino()
    ops = made.opset13
    given = ops.parameter([16, 64], np.float32)
    low, high = np.float32(-1), np.float32(1)
    weights = ops.multiply(ops.convert(ops.constant(np.ones((64, 64), np.int8)), "f32"), high)
    product = ops.matmul(ops.fake_quantize(given, low, high, low, high, 256), weights, False, True)
    found = _core().compile_model(made.Model([product], [given]), "CPU").get_runtime_model()
    return any(one.get_rt_info()["primitiveType"].value.startswith("brgemm") for one in found.get_ops())


def compiled(path: Path, side_by_side: bool = False) -> Any:
    """The model compiled for this processor: in bf16 where the processor has it, else in fp32; where the file rounds
    activations to int8, in int8 where the processor multiplies such, else they are not rounded.

    All cores work on one inference; or, `side_by_side`, as many inferences run at once as suit the processor.
    """
    model = _core().read_model(str(path))
    rounding = [one for one in model.get_ops() if one.get_type_name() == "FakeQuantize"]
    if rounding and not multiplies_int8():
        for one in rounding:
            one.output(0).replace(one.input_value(0))
    return _core().compile_model(model, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT" if side_by_side else "LATENCY"})
