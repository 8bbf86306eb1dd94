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


def retrieve(store: Store, embed: Embed, question: str, config: Config) -> list[Hit]:
    """The passages that either index finds, fused; `config` may switch one index off."""
    rankings = []
    if config.dense:
        rankings.append(dense(store, embed, question, config.candidates))
    if config.bm25:
        rankings.append(bm25(store, question, config.candidates))
    return fuse(rankings, config.fused, config.rrf_k)
