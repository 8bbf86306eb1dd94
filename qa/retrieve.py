"""Passages for a question: dense and BM25, fused by rank."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ingest.article import Hit
from ingest.store import Store
from qa.config import Config

Embed = Callable[[list[str]], np.ndarray]


def dense(store: Store, embed: Embed, question: str, k: int) -> list[Hit]:
    """The k passages nearest in meaning, by cosine, best first."""
    return store.dense(embed([question])[0], k)


def bm25(store: Store, question: str, k: int) -> list[Hit]:
    """The k passages that share the rarest words with the question, best first."""
    return store.bm25(question, k)


def fuse(rankings: list[list[Hit]], k: int, rrf_k: int) -> list[Hit]:
    """Reciprocal rank fusion: a passage's score is the sum of 1 / (rrf_k + rank), ranks from 1."""
    merged: dict[str, Hit] = {}
    totals: dict[str, float] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            key = hit.passage.id
            known = merged.get(key, hit)
            merged[key] = replace(known, scores={**hit.scores, **known.scores})
            totals[key] = totals.get(key, 0.0) + 1.0 / (rrf_k + rank)
    best = sorted(totals, key=lambda key: -totals[key])[:k]
    return [merged[key].rescored("fused", totals[key]) for key in best]


def near(store: Store, vector: np.ndarray, hits: list[Hit]) -> list[Hit]:
    """The hits in the same order, each with its cosine: those that only BM25 found had none."""
    left = [hit.passage.id for hit in hits if "dense" not in hit.scores]
    if not left:
        return hits
    cosines = dict(zip(left, (store.vectors(left) @ vector).tolist(), strict=True))
    return [
        replace(hit, scores={**hit.scores, "dense": cosines[hit.passage.id]}) if hit.passage.id in cosines else hit
        for hit in hits
    ]


def retrieve(store: Store, embed: Embed, question: str, config: Config) -> list[Hit]:
    """The passages that either index finds, fused; `config` may switch one index off."""
    vector = embed([question])[0]
    rankings = []
    if config.dense:
        rankings.append(store.dense(vector, config.candidates))
    if config.bm25:
        rankings.append(bm25(store, question, config.candidates))
    return near(store, vector, fuse(rankings, config.fused, config.rrf_k))
