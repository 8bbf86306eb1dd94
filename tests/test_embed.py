"""The real embedder: its vectors, its cache, and what it does not import or send."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest import embed as module
from ingest.embed import DEFAULT_EMBEDDER, PUBLISHED, Embedder, load_embedder
from ingest.errors import UserError
from ingest.runtime import cache_folder

ROOT = Path(__file__).parent.parent

# "The mayor opened the bridge." by sentence-transformers 6.2.0 in fp32: the first eight of 384 numbers
ORIGINAL = [0.01495, 0.08909, 0.05680, 0.05070, -0.02843, 0.00028, -0.02769, 0.05225]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


def test_vectors_have_length_one_and_keep_their_order(embedder: Embedder) -> None:
    texts = ["The mayor opened the bridge.", "", "word " * 2000, "Die Brücke ist offen.", "half \ud83d pair"]
    vectors = embedder(texts)
    assert vectors.shape == (5, 384) and vectors.dtype == np.float32
    assert np.allclose((vectors**2).sum(axis=1), 1, atol=1e-4)
    for text, vector in zip(texts, vectors, strict=True):
        assert float(embedder([text])[0] @ vector) > 0.999  # the batch a text is in changes nothing


def test_vectors_are_those_of_sentence_transformers(embedder: Embedder) -> None:
    assert np.allclose(embedder(["The mayor opened the bridge."])[0, :8], ORIGINAL, atol=0.002)  # bf16


def test_alike_texts_are_near(embedder: Embedder) -> None:
    question, near, far = embedder(["Who opened the bridge?", "The mayor opened the bridge.", "Eggs cost more."])
    assert question @ near > question @ far + 0.3


def test_nothing_to_embed(embedder: Embedder) -> None:
    assert embedder([]).shape == (0, 384)


def test_more_texts_than_a_batch(embedder: Embedder) -> None:
    texts = [f"Text number {number} {'and so on ' * (number % 7)}" for number in range(70)]
    vectors = embedder(texts)
    assert np.allclose(vectors[:3], embedder(texts[:3]), atol=0.02)


def test_many_texts_side_by_side_are_those_of_a_few(embedder: Embedder) -> None:
    texts = [f"Text number {number} {'and so on ' * (number % 37)}" for number in range(module.MANY + 1)]
    some = slice(100, 110)
    assert float((embedder(texts)[some] * embedder(texts[some])).sum(axis=1).min()) > 0.999


def test_name_and_digest_are_those_of_the_published_weights(embedder: Embedder) -> None:
    assert (embedder.name, embedder.digest) == (DEFAULT_EMBEDDER, PUBLISHED[DEFAULT_EMBEDDER])


def test_loading_imports_no_torch_and_sends_nothing(embedder: Embedder, offline: dict[str, str]) -> None:
    code = (
        "import sys; from ingest.embed import load_embedder; load_embedder()(['a']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'openvino_telemetry')"
        " if sys.modules.get(name)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=offline, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert not Path(offline["ATTEMPTS"]).exists()


def test_the_guard_sees_attempts_of_grandchildren(offline: dict[str, str]) -> None:
    code = (
        "import multiprocessing, urllib.request\n"
        "def call():\n  try: urllib.request.urlopen('http://example.org')\n  except OSError: pass\n"
        "p = multiprocessing.get_context('fork').Process(target=call); p.start(); p.join()"
    )
    subprocess.run([sys.executable, "-c", code], env=offline, check=True)
    assert "example.org" in Path(offline["ATTEMPTS"]).read_text()


def test_openvino_is_imported_in_one_place() -> None:
    files = [file for package in ("ingest", "qa", "eval") for file in (ROOT / package).glob("*.py")]
    importing = {file.name for file in files if re.search(r"^\s*(import|from) openvino", file.read_text("utf-8"), re.M)}
    assert importing == {"runtime.py"}


def test_an_unknown_embedder_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no embedder"):
        load_embedder(str(tmp_path))


def test_an_export_of_other_weights_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_CACHE", str(tmp_path))
    made = tmp_path / "embedders" / f"{DEFAULT_EMBEDDER}-0123-{module.EXPORT_FORMAT}"
    made.mkdir(parents=True)
    for digest, expected in (("other", None), (PUBLISHED[DEFAULT_EMBEDDER], made)):
        (made / "meta.json").write_text(json.dumps({"name": DEFAULT_EMBEDDER, "digest": digest, "weights": {}}))
        assert module._exported(DEFAULT_EMBEDDER) == expected


def test_the_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("BYLINE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "byline"
