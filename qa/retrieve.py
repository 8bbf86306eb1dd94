"""Passages for a question: dense and BM25, fused by rank; those that may not answer are left out before that."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from ingest.article import Hit
from ingest.store import Store
from qa.config import Config

Embed = Callable[[list[str]], np.ndarray]
Keep = Callable[[Hit], bool]
Share = Callable[[Hit], float]  # what a hit's fused score is multiplied by


def dense(store: Store, embed: Embed, question: str, k: int) -> list[Hit]:
    """The k passages nearest in meaning, by cosine, best first."""
    return store.dense(embed([question])[0], k)


def bm25(store: Store, question: str, k: int) -> list[Hit]:
    """The k passages that share the rarest words with the question, best first."""
    return store.bm25(question, k)


def fuse(rankings: list[list[Hit]], k: int, rrf_k: int, lean: Share | None = None) -> list[Hit]:
    """Reciprocal rank fusion: a passage's score is the sum of 1 / (rrf_k + rank), ranks from 1, times its lean."""
    merged: dict[str, Hit] = {}
    totals: dict[str, float] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            key = hit.passage.id
            known = merged.get(key, hit)
            merged[key] = replace(known, scores={**hit.scores, **known.scores})
            totals[key] = totals.get(key, 0.0) + 1.0 / (rrf_k + rank)
    if lean:
        totals = {key: total * lean(merged[key]) for key, total in totals.items()}
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


def enough(search: Callable[[int], list[Hit]], k: int, keep: Keep, most: int) -> list[Hit]:
    """The best k hits that may be kept: more are fetched, four times as many at a time, until there are k or `most`."""
    fetched = k
    while True:
        hits = search(fetched)
        kept = [hit for hit in hits if keep(hit)]
        if len(kept) >= k or len(hits) < fetched or fetched >= most:
            return kept[:k]
        fetched = min(4 * fetched, most)


def retrieve(
    store: Store, embed: Embed, question: str, config: Config, keep: Keep | None = None, lean: Share | None = None
) -> list[Hit]:
    """The passages that either index finds, fused; `config` may switch one index off, `keep` says which may answer,
    `lean` which come forward.
    """
    vector = embed([question])[0]
    searches: list[Callable[[int], list[Hit]]] = []
    if config.dense:
        searches.append(partial(store.dense, vector))
    if config.bm25:
        searches.append(partial(store.bm25, question))
    k = config.candidates
    rankings = [enough(search, k, keep, config.most_fetched) if keep else search(k) for search in searches]
    return near(store, vector, fuse(rankings, config.fused, config.rrf_k, lean))
