"""Retrieval sets in BEIR layout, searched by the stages of the pipeline: `python -m eval retrieval DIR`."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.lines import read_objects, read_text
from eval.metrics import mean, ndcg, percentile, recall, reciprocal_rank
from ingest.article import Hit
from ingest.errors import UserError

Search = Callable[[str], Sequence[Hit]]  # a question -> passages, best first
STAGES = ("bm25", "dense", "hybrid", "rerank")
DEPTH = 100  # documents ranked for each question


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, questions and judgements by id."""

    documents: Mapping[str, dict[str, str]]  # id -> {"title", "text"}
    questions: Mapping[str, str]  # only those with a relevant document
    relevant: Mapping[str, Mapping[str, float]]  # question id -> document id -> gain
    digest: str  # of the documents


def load_collection(folder: Path, split: str = "test") -> Collection:
    """Reads corpus.jsonl[.gz], queries.jsonl[.gz] and the split's qrels; UserError says what is missing."""
    corpus, queries = _only(folder, "corpus.jsonl"), _only(folder, "queries.jsonl")
    documents = {_id(row, corpus): _document(row) for row in read_objects(corpus)}
    texts = {_id(row, queries): str(row.get("text", "")) for row in read_objects(queries)}
    judged = _judgements(_qrels(folder, split))
    relevant = {name: gains for name, gains in judged.items() if any(gain > 0 for gain in gains.values())}
    missing = sorted(set(relevant) - set(texts))
    if missing or not relevant:
        told = f"the judged question {missing[0]} is not among the queries" if missing else "nothing is judged"
        raise UserError(f"{folder}: {told}.")
    digest = hashlib.sha256(repr(sorted((name, sorted(one.items())) for name, one in documents.items())).encode())
    return Collection(documents, {name: texts[name] for name in relevant}, relevant, digest.hexdigest()[:12])


def rank_documents(hits: Sequence[Hit]) -> list[str]:
    """Documents in the order of their best passage, without repetition."""
    return list(dict.fromkeys(hit.passage.article.source for hit in hits))


def evaluate(
    collection: Collection, search: Search, clock: Callable[[], float] = time.perf_counter
) -> Iterator[dict[str, float]]:
    """The values of each judged question, in order; a crash gives zeros and "errors": 1."""
    for name, question in collection.questions.items():
        started = clock()
        try:
            hits = search(question)
            ms = 1000 * (clock() - started)
            yield {**_values(rank_documents(hits), collection.relevant[name]), "ms": ms, "errors": 0.0}
        except Exception:
            yield {**_values([], collection.relevant[name]), "ms": 1000 * (clock() - started), "errors": 1.0}


def summarise(values: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Every figure by its name."""
    names = ("ndcg@10", "recall@10", "recall@100", "mrr@10")
    means = {name: mean([one[name] for one in values]) for name in names}
    times = [one["ms"] for one in values]
    return {
        "questions": float(len(values)),
        **means,
        "ms_p50": percentile(times, 0.50),
        "ms_p95": percentile(times, 0.95),
        "errors": sum(one["errors"] for one in values),
    }


def _values(ranked: Sequence[str], relevant: Mapping[str, float]) -> dict[str, float]:
    return {
        "ndcg@10": ndcg(ranked, relevant, 10),
        "recall@10": recall(ranked, relevant, 10),
        "recall@100": recall(ranked, relevant, DEPTH),
        "mrr@10": reciprocal_rank(ranked, relevant, 10),
    }


def _only(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise UserError(f"{folder} holds no {name}: a BEIR folder has corpus.jsonl, queries.jsonl and qrels.")


def _qrels(folder: Path, split: str) -> Path:
    """qrels/test.tsv, qrels-test.tsv, or the only qrels file there is."""
    named = [path for path in (folder / "qrels" / f"{split}.tsv", folder / f"qrels-{split}.tsv") if path.is_file()]
    found = named or sorted([*folder.glob("qrels*.tsv"), *folder.glob("qrels/*.tsv")])
    if len(found) != 1:
        raise UserError(f"{folder} holds {len(found)} qrels files and none called {split}: name one with --split.")
    return found[0]


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    """query-id, corpus-id, score, tab by tab; the heading line is optional."""
    judged: dict[str, dict[str, float]] = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        parts = line.split("\t")
        if not line.strip() or (number == 1 and parts[0] == "query-id"):
            continue
        try:
            question, document, gain = parts
            judged.setdefault(question, {})[document] = float(gain)
        except ValueError:
            raise UserError(f"{path}, line {number}: write query-id, corpus-id and score, parted by tabs.") from None
    return judged


def _id(row: Mapping[str, object], path: Path) -> str:
    if not isinstance(row.get("_id"), str):
        raise UserError(f'{path}: every line must have an "_id" text.')
    return str(row["_id"])


def _document(row: Mapping[str, object]) -> dict[str, str]:
    return {"title": str(row.get("title") or ""), "text": str(row.get("text") or "")}
