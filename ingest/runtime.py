"""OpenVINO without its telemetry: the one place that imports it.

Measured with strace: a plain `import openvino` (2026.4) sends an event to google-analytics.com and writes to ~/intel.
When its telemetry package cannot be imported, OpenVINO falls back to a stub of its own that does nothing.
"""

import sys
from functools import cache
from pathlib import Path
from typing import Any


def openvino() -> Any:
    """The openvino module, imported so that it cannot phone home."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None makes the import fail: the stub
    import openvino  # 0.2 s: only where a model is run

    return openvino


@cache
def _core() -> Any:
    return openvino().Core()


def compiled(model: Path, side_by_side: bool = False) -> Any:
    """The model compiled for this processor; it runs in bf16 where the processor has it, else in fp32.

    All cores work on one inference; or, `side_by_side`, as many inferences run at once as suit the processor.
    """
    return _core().compile_model(str(model), "CPU", {"PERFORMANCE_HINT": "THROUGHPUT" if side_by_side else "LATENCY"})
