"""The reader at work: a question and passages in; answer spans, relevance and "does it answer at all" out. No torch.

It also checks claims: a claim and a text in, how likely the text supports it out.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ingest.article import Passage
from ingest.errors import UserError
from ingest.runtime import compiled
from qa.reader_decode import Floats, Ints, best_spans, sentence_bounds, sentence_logits, tidy
from qa.reader_encode import Tokens, Window, sentence_of, windows

WEIGHTS = Path(__file__).parent / "weights"
CHECKER = Path(__file__).parent / "checker"  # the same network, trained on for claims
NETWORK, VOCABULARY, CONFIG = "reader.xml", "tokenizer.json", "config.json"
BATCH_TOKENS = 512  # tokens of one inference, padding included: small, so that all cores end at about the same time
ROUND = 16  # lengths are padded to a multiple: every new shape costs the runtime a compilation

Batch = tuple[Ints, Ints, Ints]  # ids, types, mask of n windows, each (n, tokens)
Logits = tuple[Floats, Floats]  # (n, tokens, 3) and (n, 3 or 4)
Network = Callable[[Sequence[Batch]], Iterable[Logits]]  # in the order given, each as soon as it is there
Tokenise = Callable[[str], Tokens]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article that may answer: `article.text[start:end]`; `score` is the margin over "no answer"."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of one passage."""

    spans: tuple[Span, ...]  # best first, none overlapping, none across a sentence end
    relevance: float  # logit: orders passages for one question
    answerable: float  # logit: does the passage answer
    sentences: tuple[float, ...]  # per sentence of passage.sentences, the probability that it answers


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression from a reading to "its best span is right", or its surest sentence, where a long answer is
    asked for; fitted on held-out training contexts.
    """

    bias: float = 0.0
    margin: float = 1.0
    answerable: float = 0.0
    relevance: float = 0.0
    sentence: float = 0.0  # of the surest sentence's probability
    threshold: float = 0.5  # refuse below it: the best F1 over all on the held-out split


@dataclass(frozen=True, slots=True)
class Read:
    """The logits of one window, cut to its passage tokens; `null` is the score of "no answer"."""

    start: Floats
    end: Floats
    answering: Floats
    null: float
    relevance: float
    answerable: float
    supported: float  # of a claim in the question's place
    contradicted: float = 0.0  # of a claim; a reader's file may lack it


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)), without overflow."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def probability(reading: Reading, by: Calibration) -> float:
    """How likely the reading's best span is right, 0 to 1; 0 when there is no span."""
    if not reading.spans:
        return 0.0
    whole = by.answerable * reading.answerable + by.relevance * reading.relevance
    return logistic(
        by.bias + by.margin * reading.spans[0].score + whole + by.sentence * max(reading.sentences, default=0.0)
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads passages against a question; the network and the tokenizer come in as functions."""

    network: Network
    tokenise: Tokenise
    calibration: Calibration = field(default_factory=Calibration)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One Reading per passage, in the order given."""
        return self.read_pairs([(question, passage) for passage in passages])

    def read_pairs(self, pairs: Sequence[tuple[str, Passage]]) -> list[Reading]:
        """One Reading per (question, passage); windows of all pairs are batched together, sorted by length.

        A passage is decoded as soon as its windows are there, while the network computes others.
        """
        bodies = [self.tokenise(passage.text) for _, passage in pairs]
        owners: list[int] = []
        found: list[Window] = []
        for owner, ((question, passage), body) in enumerate(zip(pairs, bodies, strict=True)):
            title = self.tokenise(passage.article.title).ids if passage.article.title else ()
            for window in windows(self.tokenise(question).ids, title, body.ids):
                owners.append(owner)
                found.append(window)
        wanted = Counter(owners)
        parts: list[list[tuple[Window, Read]]] = [[] for _ in pairs]
        readings: dict[int, Reading] = {}
        for at, read in inferred(self.network, found):
            owner = owners[at]
            parts[owner].append((found[at], read))
            if len(parts[owner]) == wanted[owner]:
                readings[owner] = reading(pairs[owner][1], bodies[owner], parts[owner])
        return [readings[owner] for owner in range(len(pairs))]

    def supports(self, claims: Sequence[tuple[str, str]]) -> list[float]:
        """For each (claim, text) how probably the text supports the claim: the best of a long text's windows."""
        owners: list[int] = []
        found: list[Window] = []
        for owner, (claim, text) in enumerate(claims):
            for window in windows(self.tokenise(claim).ids, (), self.tokenise(text).ids):
                owners.append(owner)
                found.append(window)
        best = [0.0] * len(claims)
        for owner, read in zip(owners, infer(self.network, found), strict=True):
            best[owner] = max(best[owner], logistic(read.supported))
        return best

    def probability(self, reading: Reading) -> float:
        """How likely the reading's best span is right, by the shipped calibration."""
        return probability(reading, self.calibration)


def infer(network: Network, found: Sequence[Window]) -> list[Read]:
    """The network's logits for every window, in the order given."""
    out = dict(inferred(network, found))
    return [out[at] for at in range(len(found))]


def inferred(network: Network, found: Sequence[Window]) -> Iterator[tuple[int, Read]]:
    """The same with each window's position, as they come."""
    made = batches([len(window.ids) for window in found])[::-1]  # the longest first: short ones fill the gaps
    logits = network([padded([found[at].ids for at in batch], [found[at].types for at in batch]) for batch in made])
    for batch, (tokens, whole) in zip(made, logits, strict=True):
        for row, at in enumerate(batch):
            window = found[at]
            inside = tokens[row, window.first : window.first + window.count]
            null = float(tokens[row, 0, 0] + tokens[row, 0, 1])
            yield at, Read(inside[:, 0], inside[:, 1], inside[:, 2], null, *(float(one) for one in whole[row]))


def batches(lengths: Sequence[int], most: int = BATCH_TOKENS) -> list[list[int]]:
    """Positions in batches of like length, each of at most `most` tokens with its padding (at least one row)."""
    made: list[list[int]] = [[]]
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if made[-1] and round_up(lengths[at]) * (len(made[-1]) + 1) > most:
            made.append([])
        made[-1].append(at)
    return [batch for batch in made if batch]


def round_up(length: int) -> int:
    """The padded length."""
    return -(-length // ROUND) * ROUND


def padded(ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> Batch:
    """Rectangular ids, types and mask."""
    shape = len(ids), round_up(max(len(row) for row in ids))
    table, kinds, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, (one, kind) in enumerate(zip(ids, types, strict=True)):
        table[row, : len(one)], kinds[row, : len(one)], mask[row, : len(one)] = one, kind, 1
    return table, kinds, mask


def reading(passage: Passage, body: Tokens, parts: Sequence[tuple[Window, Read]]) -> Reading:
    """The windows of one passage put together; article offsets."""
    bounds = [(start - passage.start, end - passage.start) for start, end in passage.sentences]
    starts = [start for start, _ in bounds]
    best: dict[tuple[int, int], float] = {}
    answering = np.full(max(1, len(bounds)), -np.inf, dtype=np.float32)
    for window, read in parts:
        if not window.count:
            continue
        offsets = body.offsets[window.start : window.start + window.count]
        sentence = np.array([sentence_of(starts, low) for low, _ in offsets], dtype=np.int64)
        answering = np.maximum(answering, sentence_logits(read.answering, sentence, len(answering)))
        for first, last, score in best_spans(read.start, read.end, sentence):
            within = sentence_bounds(bounds, int(sentence[first]), len(passage.text))
            span = tidy(passage.text, offsets[first][0], offsets[last][1], within)
            best[span] = max(score - read.null, best.get(span, -math.inf))
    spans = apart([Span(passage.start + a, passage.start + b, score) for (a, b), score in best.items()])
    relevance, answers = max(read.relevance for _, read in parts), max(read.answerable for _, read in parts)
    return Reading(spans, relevance, answers, tuple(logistic(float(one)) for one in answering[: len(bounds)]))


def apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans best first, without those that overlap a better one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.score):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(kept[:5])


def checked(folder: Path) -> Mapping[str, Any]:
    """The config of a weights folder, every file's SHA-256 compared; UserError when one is missing or damaged."""
    remedy = "install Byline again, or train the reader with python -m qa.train_reader"
    try:
        config: Mapping[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        for name, digest in config["sha256"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                raise UserError(f"The reader's file {name} is damaged; {remedy}.")
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"The reader's weights in {folder} are missing or damaged; {remedy}.") from error
    return config


def tokeniser(path: Path) -> Tokenise:
    """The tokenizer in a file as a plain function, without special tokens; recent texts are remembered."""
    from tokenizers import Tokenizer  # 30 ms that an ingest need not pay

    found = Tokenizer.from_file(str(path))
    found.no_padding()
    found.no_truncation()

    @lru_cache(maxsize=512)
    def tokenise(text: str) -> Tokens:
        encoded = found.encode(text, add_special_tokens=False)
        return Tokens(encoded.ids, encoded.offsets)

    return tokenise


def openvino_network(path: Path, keep: bool = False) -> Network:
    """The exported network compiled for this processor; `keep`: for the next time, too.

    Each core has a batch of its own: a fifth quicker than all cores on one batch, where they wait for each other.
    """
    model = compiled(path, side_by_side=True, keep=keep)
    ahead: int = 2 * model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")  # one on each core, one waiting behind it

    def network(given: Sequence[Batch]) -> Iterator[Logits]:
        requests = [model.create_infer_request() for _ in given[:ahead]]  # its own: the chat asks from many threads

        def start(at: int) -> None:
            ids, types, mask = given[at]
            requests[at % ahead].start_async({"input_ids": ids, "token_type_ids": types, "attention_mask": mask})

        for at in range(len(requests)):
            start(at)
        for at in range(len(given)):
            found = _logits(requests[at % ahead])
            if at + ahead < len(given):
                start(at + ahead)  # before the one that asks goes on with what is found
            yield found

    return network


def _logits(request: Any) -> Logits:
    """What a request gives when it is done, copied: its next batch is written over it."""
    request.wait()
    return request.get_output_tensor(0).data.copy(), request.get_output_tensor(1).data.copy()


def load_reader(folder: Path = WEIGHTS) -> Reader:
    """The shipped reader, or with CHECKER the model that checks claims; UserError when a file is missing or damaged."""
    config = checked(folder)
    calibration = Calibration(**config["calibration"])
    network = openvino_network(folder / NETWORK, keep=folder in (WEIGHTS, CHECKER))
    return Reader(network, tokeniser(folder / VOCABULARY), calibration)
