"""What a run needs from the pipeline: a store of the articles or documents, and a search that stops after a stage."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eval.retrieval import Search
from ingest.article import Article, Hit, Passage
from ingest.build import TOGETHER, Watch, build, in_context
from ingest.dedupe import same, signature
from ingest.embed import Embedder
from ingest.errors import UserError
from ingest.ledger import Entry, Item
from ingest.split import split
from ingest.store import Store
from qa.config import Config
from qa.rerank import Read, rerank
from qa.retrieve import Embed, bm25, dense, fuse, near

PASSAGES = 400  # passages fetched so that 100 documents can be ranked


def store_of_files(paths: Sequence[Path], folder: Path, embedder: Embedder, told: Watch) -> None:
    """Brings the store in the folder up to the files, as `python -m ingest` does; files that are gone are forgotten."""
    with Store.create(folder, embedder.name, embedder.digest) as store:
        tally = build(list(paths), store, embedder, prune=True, watch=told)
    failed = [f"{one.source} ({one.reason})" for one in tally.outcomes if one.outcome == "failed"]
    if failed:
        raise UserError(f"These articles could not be read: {', '.join(failed)}.")


def store_of_jsonl(folder: Path, store: Path, embedder: Embedder, told: Watch) -> dict[str, str]:
    """Brings the store up to a folder of JSON articles; {id: the id it is stored under} of those stored as another's
    duplicate. One that cannot be read is left out, as by `python -m ingest`.
    """
    with Store.create(store, embedder.name, embedder.digest) as made:
        tally = build([folder], made, embedder, prune=True, watch=told)
        twins = [one for one in tally.outcomes if one.outcome == "duplicate"]
        return {one.source: made.article(one.article).source for one in twins}


def store_of_documents(
    documents: Mapping[str, Mapping[str, str]], folder: Path, embed: Embed, name: str, digest: str, told: Watch
) -> None:
    """A store of {id: {"title", "text"}} as they are, neither cleaned nor deduplicated; a finished one is kept."""
    with Store.create(folder, name, digest) as store:
        known = {article.source for article in store.articles()}
        left = [_article(source, one) for source, one in documents.items() if source not in known]
        done = len(documents) - len(left)
        for batch in _batches([article for article in left if article.text.strip()]):
            _record(store, batch, embed)
            done += len(batch)
            told("documents", done, len(documents))
        store.sync(told)


def search(stage: str, store: Store, embed: Embed, read: Read | None, config: Config, depth: int) -> Search:
    """The pipeline's search up to a stage; only "rerank" needs `read`: it puts the first `depth` passages in order."""

    def hybrid(question: str) -> list[Hit]:
        rankings = [dense(store, embed, question, PASSAGES), bm25(store, question, PASSAGES)]
        return fuse(rankings, PASSAGES, config.rrf_k)

    def reranked(question: str) -> list[Hit]:
        assert read is not None
        hits = hybrid(question)
        first = near(store, embed([question])[0], hits[:depth])
        return [*rerank(read, question, first), *hits[depth:]]

    stages: dict[str, Search] = {
        "bm25": lambda question: bm25(store, question, PASSAGES),
        "dense": lambda question: dense(store, embed, question, PASSAGES),
        "hybrid": hybrid,
        "rerank": reranked,
    }
    return stages[stage]


def _article(source: str, document: Mapping[str, str]) -> Article:
    text = document["text"].strip() or document["title"]
    return Article(id=source, source=source, text=text, title=document["title"], cluster=source)


def _batches(articles: Sequence[Article]) -> Iterable[list[tuple[Article, list[Passage]]]]:
    """Articles with their passages, about TOGETHER passages at a time."""
    batch: list[tuple[Article, list[Passage]]] = []
    for article in articles:
        batch.append((article, split(article)))
        if sum(len(passages) for _, passages in batch) >= TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _record(store: Store, batch: Sequence[tuple[Article, list[Passage]]], embed: Embed) -> None:
    vectors = embed([in_context(passage) for _, passages in batch for passage in passages])
    entries, at = [], 0
    for article, passages in batch:
        rows = vectors[at : at + len(passages)]
        entries.append(Entry(article, passages, rows, same(article.text), signature(article.text)))
        at += len(passages)
    items = [Item(one.id, one.id, one.source, "", "stored", article=one.id) for one, _ in batch]
    store.ledger.record(entries, items, [])
