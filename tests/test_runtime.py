from pathlib import Path

import numpy as np
import pytest

from ingest import runtime


def test_rounding_is_left_out_where_the_processor_does_not_multiply_int8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = runtime.openvino()
    ops = found.opset13
    given = ops.parameter([1, 64], np.float32)
    low, high = np.float32(-1), np.float32(1)
    weights = ops.multiply(ops.convert(ops.constant(np.eye(64, dtype=np.int8)), "f32"), high)
    rounded = ops.fake_quantize(given, low, high, low, high, 3)  # to -1, 0 or 1
    path = tmp_path / "model.xml"
    found.save_model(found.Model([ops.matmul(rounded, weights, False, True)], [given]), str(path))
    asked = np.full((1, 64), 0.3, np.float32)
    for has, wanted in ((True, 0.0), (False, 0.3)):
        monkeypatch.setattr(runtime, "multiplies_int8", lambda has=has: has)
        assert runtime.compiled(path)(asked)[0] == pytest.approx(np.full((1, 64), wanted), abs=2e-3)


def test_a_processor_with_dot_products_of_int8_is_known() -> None:
    listed = Path("/proc/cpuinfo")
    flags = listed.read_text() if listed.exists() else ""
    if "flags" not in flags:
        pytest.skip("this system does not list what the processor can do")
    assert runtime.multiplies_int8() == any(name in flags for name in ("avx_vnni", "avx512_vnni", "amx_int8"))
