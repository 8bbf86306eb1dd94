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


def compiled(model: Path, side_by_side: bool = False) -> Any:
    """The model compiled for this processor; it runs in bf16 where the processor has it, else in fp32.

    All cores work on one inference; or, `side_by_side`, as many inferences run at once as suit the processor.
    """
    return _core().compile_model(str(model), "CPU", {"PERFORMANCE_HINT": "THROUGHPUT" if side_by_side else "LATENCY"})
