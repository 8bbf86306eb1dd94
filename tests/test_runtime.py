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


def test_what_was_compiled_is_kept_and_a_damaged_file_of_it_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = runtime.openvino()
    given = found.opset13.parameter([1, 64], np.float32)
    weights = found.opset13.constant(np.eye(64, dtype=np.float32))
    found.save_model(found.Model([found.opset13.matmul(given, weights, False, True)], [given]), str(tmp_path / "a.xml"))
    asked = np.ones((1, 64), np.float32)

    def loaded() -> bool:
        model = runtime.compiled(tmp_path / "a.xml", keep=True)
        assert model(asked)[0] == pytest.approx(asked, abs=0.01)
        return bool(model.get_property("LOADED_FROM_CACHE"))

    monkeypatch.setenv("BYLINE_CACHE", str(tmp_path / "cache"))
    assert [loaded(), loaded()] == [False, True]
    [blob] = (tmp_path / "cache" / "compiled").iterdir()
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes()[: blob.stat().st_size // 2])  # killed while it was written
    assert [loaded(), loaded()] == [False, True]
    (tmp_path / "file").touch()
    monkeypatch.setenv("BYLINE_CACHE", str(tmp_path / "file"))
    assert [loaded(), loaded()] == [False, False]  # no folder can be made there
