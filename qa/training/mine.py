"""Hard negatives: for each training question, the texts that look most like an answer and hold none."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.training.sets import Corpus, words_of

KEEP = 8  # negatives kept from each ranking
DEPTH = 24  # texts looked at in each ranking
COMMON = 0.1  # a word in more than this share of the texts ranks nothing

Floats = NDArray[np.float32]
Embed = Callable[[list[str]], Floats]


class Lexical:
    """BM25 (k1 1.2, b 0.75) over texts held in memory; the store's own index is for articles."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Counts every text's words."""
        counts = [Counter(words_of(text)) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        self.size = len(texts)
        lists: dict[str, tuple[list[int], list[int]]] = {}
        for at, count in enumerate(counts):
            for word, times in count.items():
                where, often = lists.setdefault(word, ([], []))
                where.append(at)
                often.append(times)
        norm = 1.2 * (0.25 + 0.75 * lengths / max(1.0, float(lengths.mean())))
        self.postings: dict[str, tuple[NDArray[np.int64], Floats]] = {}
        for word, (where, often) in lists.items():
            if len(where) <= max(COMMON * self.size, 1):
                docs, tf = np.array(where), np.array(often, dtype=np.float32)
                idf = math.log(1 + (self.size - len(where) + 0.5) / (len(where) + 0.5))
                self.postings[word] = docs, (idf * tf * 2.2 / (tf + norm[docs])).astype(np.float32)

    def top(self, question: str, k: int) -> list[int]:
        """The k best texts, best first."""
        scores = np.zeros(self.size, dtype=np.float32)
        for word in set(words_of(question)):
            if word in self.postings:
                docs, weights = self.postings[word]
                scores[docs] += weights
        return best(scores, k)


def best(scores: Floats, k: int) -> list[int]:
    """The positions of the k largest scores, largest first."""
    k = min(k, len(scores))
    found = np.argpartition(-scores, k - 1)[:k]
    return [int(at) for at in found[np.argsort(-scores[found])]]


def clean(ranked: Sequence[int], corpus: Corpus, at: int, words: Sequence[str], answers: Sequence[str]) -> list[int]:
    """The ranked texts that are not the question's own and hold none of its answers; `words` are the texts' words."""
    own = words[at].strip()
    kept = [
        text
        for text in ranked
        if text != at and own not in words[text] and not any(f" {answer} " in words[text] for answer in answers)
    ]
    return kept[:KEEP]


def mine(corpus: Corpus, embed: Embed) -> NDArray[np.int32]:
    """Texts per question, (questions, 2 * KEEP): first BM25's, then the embedder's; -1 where there are fewer, or where
    nothing answers the question anyway or its story brings its own.
    """
    words = [f" {' '.join(words_of(text.body))} " for text in corpus.texts]
    lexical = Lexical([f"{text.title} {text.body}" for text in corpus.texts])
    asked = [question.text for question in corpus.questions]
    vectors = embed([f"{text.title}\n{text.body}".strip() for text in corpus.texts])
    questions = embed(asked)
    table = np.full((len(asked), 2 * KEEP), -1, dtype=np.int32)
    for row, question in enumerate(corpus.questions):
        if not question.answerable or question.near:
            continue
        answers = [" ".join(words_of(answer)) for answer in question.answers]
        rankings = lexical.top(question.text, DEPTH), best(vectors @ questions[row], DEPTH)
        for column, ranked in enumerate(rankings):
            kept = clean(ranked, corpus, question.at, words, answers)
            table[row, column * KEEP : column * KEEP + len(kept)] = kept
    return table


def mined(corpus: Corpus, embed: Embed, path: Path) -> NDArray[np.int32]:
    """The table of `mine`, kept in a file: mining takes minutes."""
    if path.exists():
        table: NDArray[np.int32] = np.load(path)
        if len(table) == len(corpus.questions):
            return table
    table = mine(corpus, embed)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, table)
    return table
